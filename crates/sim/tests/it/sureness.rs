//! How sure the numbers of several runs are, and whether the warm-up of a design was long enough.

use sim::{Budget, Report, Settled, pool};

use crate::check::{report, station};

fn runs(text: &str, count: u64) -> Report {
    let reports: Vec<Report> = (1..=count).map(|seed| report(text, seed, Budget::default())).collect();
    pool(&reports).expect("runs of one design")
}

#[test]
fn every_kind_of_measure_has_an_interval_that_holds_what_theory_says() {
    let text = station(r#"workers = 1, time = "exp 10 ms""#, "poisson 50/s", "400 s");
    let pooled = runs(&text.replace("poisson 50/s\" }", "poisson 50/s\", deadline = \"1 s\" }"), 10);
    for (name, truth, most) in [
        ("buy.mean", 0.020, 0.002),
        ("buy.p50", 0.013_863, 0.002),
        ("buy.p99", 0.092_10, 0.02),
        ("buy.throughput", 50.0, 1.0),
        ("buy.goodput", 50.0, 1.0),
        ("worker.utilisation", 0.5, 0.02),
    ] {
        let interval = pooled.interval(name).unwrap_or_else(|| panic!("no interval of {name}"));
        assert!((interval.mean - truth).abs() < 2.0 * interval.half && interval.half < most && interval.half > 0.0, "{name}: {interval:?}");
    }
    let errors = pooled.interval("buy.errors").expect("errors are counted");
    assert_eq!((errors.mean, errors.half), (0.0, 0.0));
    assert_eq!(pooled.interval("bottleneck"), None, "a word has no interval");
    assert_eq!(pooled.each[0].interval("buy.mean"), None, "one run has none");
    let json = pooled.to_json();
    assert_eq!(json["intervals"]["buy.p99"]["unit"], "s");
    assert_eq!(json["settled"]["buy"], "yes");
}

#[test]
fn a_warm_up_that_is_too_short_is_seen_from_the_report_alone() {
    // 2,000 keys fill a cache while a database of 20 ms answers for it.
    let cold = r#"octo = 1
[components]
users = { kind = "clients" }
cache = { kind = "cache", entries = 4000, time = "10 ms" }
db    = { kind = "relational", pool = 100, time = "20 ms" }
[data]
item = { rows = 2000, home = "db" }
[calls]
look = """
cache get item
  miss: db read item; cache put item
"""
[workload]
lasts  = "600 s"
warmup = "0 %"
look   = { from = "users", arrivals = "poisson 100/s", keys = "uniform of 2000" }
"#;
    let Some(("look", Settled::Late { from, ratio })) = runs(cold, 3).unsettled() else { panic!("{:?}", runs(cold, 3).unsettled()) };
    assert!((60_000_000_000..240_000_000_000).contains(&from) && ratio > 1.3, "{from} {ratio}");
    assert_eq!(runs(&cold.replace("\"0 %\"", "\"40 %\""), 3).unsettled(), None, "enough is thrown away");
    let overloaded = report(&station(r#"workers = 1, time = "10 ms""#, "poisson 150/s", "100 s"), 1, Budget::default());
    assert!(matches!(overloaded.settled("buy"), Settled::Never { ratio } if ratio > 3.0), "{:?}", overloaded.settled("buy"));
    let rising = report(&station(r#"workers = 1, time = "10 ms""#, "ramp 1/s..50/s in 100 s", "100 s"), 1, Budget::default());
    assert_eq!((rising.settled("buy"), rising.unsettled()), (Settled::NotSteady, None));
}
