//! Digests name runs for ever: these values may only change with the meaning of a document.

use design::{Experiment, RunId, resolve, set};
use expect_test::expect;

use crate::{SHOP, document, shop};

fn experiment(seed: u64) -> Experiment {
    Experiment { document: resolve(&shop()).unwrap(), seed, engine: "1".into() }
}

#[test]
fn the_digest_of_the_shop_never_changes() {
    expect!["r-5210a933b793a84df50b7111725e88e0"].assert_eq(&experiment(1).run_id().to_string());
}

#[test]
fn the_digest_of_everything_never_changes() {
    let document = resolve(&crate::everything::everything()).unwrap();
    expect!["r-85b8d883dae17229e06ab45d883eb4a9"].assert_eq(&Experiment { document, ..experiment(1) }.run_id().to_string());
}

#[test]
fn the_same_design_written_otherwise_has_the_same_digest() {
    let text = SHOP
        .replace("\"exp 4 ms\"", "{ dist = \"exp\", mean = \"0.004 s\" }")
        .replace("pool", "workers")
        .replace("\"80 %\" }\ndb", "0.8, workers = \"unlimited\" }\ndb");
    let other = Experiment { document: resolve(&document(&text)).unwrap(), ..experiment(1) };
    assert_eq!(other.digest(), experiment(1).digest());
}

#[test]
fn every_part_of_an_experiment_is_in_its_digest() {
    let mut changed = shop();
    set(&mut changed, "web.time", "exp 4000001 ns").unwrap();
    let others = [
        experiment(2),
        experiment(u64::MAX),
        // Beyond 2^53, where JSON numbers would fall together.
        experiment(u64::MAX - 1),
        Experiment { engine: "2".into(), ..experiment(1) },
        Experiment { document: resolve(&changed).unwrap(), ..experiment(1) },
    ];
    let digests: std::collections::BTreeSet<_> = others.iter().chain([&experiment(1)]).map(Experiment::digest).collect();
    assert_eq!(digests.len(), 6);
}

#[test]
fn a_run_id_is_read_as_it_is_written_and_not_otherwise() {
    let id = experiment(1).run_id();
    assert_eq!(id.to_string().parse(), Ok(id));
    for wrong in [
        "",
        "r-",
        "r-0",
        &id.to_string()[2..],
        &id.to_string().to_uppercase(),
        &format!("{id}0"),
        "r-ééééééééééééééé0",
        "r-0000000000000000000000000000000g",
    ] {
        assert!(wrong.parse::<RunId>().is_err(), "{wrong}");
    }
}
