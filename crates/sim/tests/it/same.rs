//! The same experiment gives the same report, however it is sliced, and what is added to a
//! design leaves the rest alone.

use expect_test::expect;
use sim::{Budget, Progress, Run, pool};

use crate::check::{experiment, measure, report};

const SHOP: &str = r#"octo = 1
[components]
users = { kind = "clients" }
lb    = { kind = "balancer", policy = "two choices" }
web   = { kind = "service", replicas = 3, workers = 8, queue = 50, time = "lognormal 6 ms scv 2", holds = false }
cache = { kind = "cache", hits = "80 %", time = "0.5 ms" }
db    = { kind = "relational", pool = 4, time = "hyper 10 ms scv 4" }
mail  = { kind = "external", workers = "unlimited", time = "erlang 3 100 ms" }
leaf  = { kind = "keyvalue", workers = 4, time = "uniform 1 ms..3 ms" }
[links]
"users -> lb" = { rtt = "40 ms", jitter = "5 ms", reuse = "80 %", tls = "1.3" }
[data]
item = {}
[calls]
buy = """
lb > web
  cache get item
    miss: db read item; cache put item
  leaf x10
  10 %: db 2 times
  async: mail
"""
look = "lb > web > cache get item"
[workload]
lasts = "60 s"
buy   = { from = "users", arrivals = "poisson 90/s" }
look  = { from = "users", arrivals = "closed 50 users think exp 1 s" }
"#;

/// FNV-1a of a report's JSON without the run's id, which names the document and not the result.
fn digest(report: &sim::Report) -> String {
    let mut json = report.to_json();
    json["runs"].take();
    let hash =
        json.to_string().bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

#[test]
fn the_same_experiment_gives_the_same_bytes_for_ever() {
    let first = report(SHOP, 1, Budget::default());
    assert_eq!(first, report(SHOP, 1, Budget::default()));
    // The same number must come out of the wasm build. It changes only with ENGINE.
    expect!["abea37ce1b892447"].assert_eq(&digest(&first));
    assert_ne!(digest(&first), digest(&report(SHOP, 2, Budget::default())));
}

#[test]
fn slices_of_a_run_add_up_to_the_run() {
    let whole = report(SHOP, 1, Budget::default());
    let mut run = Run::new(&experiment(SHOP, 1)).expect("a good design");
    let mut slice = 1;
    while run.advance(slice) != Progress::Done {
        slice = slice % 997 + 13;
    }
    assert_eq!(run.report(), whole);
}

/// A queue whose consumer stands still from 6 to 12 s, and then gains 50 a second.
const OUTAGE: &str = r#"octo = 1
[components]
shop   = { kind = "clients" }
jobs   = { kind = "queue", time = "1 ms", visibility = "1 h" }
worker = { kind = "service", workers = 10, time = "10 ms" }
[calls]
order = "jobs put job > worker"
[data]
job = {}
[workload]
lasts  = "142 s"
warmup = "0 %"
order  = { from = "shop", arrivals = "constant 950/s" }
[[faults]]
at    = "6 s"
lasts = "6 s"
what  = "freeze worker"
"#;

#[test]
fn a_moment_that_is_asked_for_is_told_as_it_was_and_changes_nothing_else() {
    let plain = report(OUTAGE, 1, Budget::default());
    let mut run = Run::looking_at(&experiment(OUTAGE, 1), Budget::default(), &[12_000_000_000]).expect("a good design");
    while run.advance(u64::MAX) != Progress::Done {}
    let asked = run.report();
    // What came in 6 s at 950 a second, and the ten that the workers have.
    let told = |report| format!("{:.0}", measure(report, "at 12 s.jobs.backlog"));
    expect!["5590"].assert_eq(&told(&plain));
    expect!["5710"].assert_eq(&told(&asked));
    assert_eq!(plain.measures(), asked.measures());
    for name in plain.measures() {
        assert_eq!(plain.measure(&name), asked.measure(&name), "{name}");
    }
}

#[test]
fn a_component_that_nobody_calls_changes_no_other() {
    let more = SHOP.replace("[links]", "again = { kind = \"service\" }\n[links]");
    let (before, after) = (report(SHOP, 1, Budget::default()), report(&more, 1, Budget::default()));
    for name in before.measures() {
        assert_eq!(before.measure(&name), after.measure(&name), "{name}");
    }
}

#[test]
fn a_class_of_its_own_components_changes_no_other() {
    let more = SHOP
        .replace("[links]", "again = { kind = \"service\", workers = 4 }\n[links]")
        .replace("[workload]", "other = \"again\"\n[workload]")
        + "other = { from = \"users\", arrivals = \"poisson 50/s\" }\n";
    let (before, after) = (report(SHOP, 1, Budget::default()), report(&more, 1, Budget::default()));
    for name in ["buy.mean", "buy.p99", "look.mean", "web.wait", "db.utilisation"] {
        assert_eq!(before.measure(name), after.measure(name), "{name}");
    }
}

#[test]
fn pooled_runs_add_their_requests_and_are_pooled_only_once() {
    let (one, two) = (report(SHOP, 1, Budget::default()), report(SHOP, 2, Budget::default()));
    let both = pool(&[one.clone(), two.clone()]).expect("two runs of one design");
    assert_eq!(both.seeds, [1, 2]);
    assert_eq!(both.classes["buy"].sent, one.classes["buy"].sent + two.classes["buy"].sent);
    let (least, most) =
        (measure(&one, "buy.mean").min(measure(&two, "buy.mean")), measure(&one, "buy.mean").max(measure(&two, "buy.mean")));
    assert!((least..=most).contains(&measure(&both, "buy.mean")));
    assert_eq!(pool(&[]), None);
    assert_eq!(pool(&[one.clone(), one.clone()]), None, "a run tells nothing twice");
    let other = report(&SHOP.replace("replicas = 3", "replicas = 2"), 3, Budget::default());
    assert_eq!(pool(&[one, other]), None, "two designs");
}
