//! Call plans: fan-out (D38, D46), sequence, cache misses, probability, calls nobody waits for.

use crate::check::{measure, pooled, report};
use sim::Budget;

/// Components of unlimited workers, so that nothing waits and times can be told exactly.
fn design(plan: &str, rate: &str, lasts: &str) -> String {
    format!(
        r#"octo = 1
[components]
users = {{ kind = "clients" }}
web   = {{ kind = "service", workers = "unlimited", time = "1 ms" }}
cache = {{ kind = "cache", hits = "75 %", time = "2 ms" }}
db    = {{ kind = "relational", workers = "unlimited", time = "20 ms" }}
mail  = {{ kind = "external", workers = "unlimited", time = "3 s" }}
even  = {{ kind = "external", workers = "unlimited", time = "exp 1 s" }}
odd   = {{ kind = "keyvalue", workers = "unlimited", time = "10 ms or 1 s 1 %" }}
rare  = {{ kind = "keyvalue", workers = "unlimited", time = "10 ms or 1 s 0.01 %" }}
[data]
page = {{}}
[calls]
buy = """
{plan}
"""
[workload]
lasts = "{lasts}"
buy = {{ from = "users", arrivals = "constant {rate}" }}
"#
    )
}

/// The mean of one run in milliseconds.
fn mean_ms(plan: &str) -> f64 {
    measure(&report(&design(plan, "100/s", "20 s"), 1, Budget::default()), "mean") * 1e3
}

/// The share of requests slower than half a second.
fn slow(plan: &str, lasts: &str) -> f64 {
    let report = pooled(&design(plan, "100/s", lasts));
    let class = &report.classes["buy"];
    class.latency.above(500_000_000) as f64 / class.answered as f64
}

#[test]
fn d38_a_fan_out_meets_the_slow_one() {
    for (plan, lasts, expected, tolerance) in [
        ("odd x10", "66 s", 0.0956, 0.012),
        ("odd x50", "26 s", 0.3950, 0.02),
        ("odd x100", "26 s", 0.6340, 0.02),
        ("rare x2000", "5 s", 0.1813, 0.035),
    ] {
        let found = slow(plan, lasts);
        assert!((found - expected).abs() < tolerance, "{plan}: {found}, expected {expected}");
    }
}

#[test]
fn d46_the_last_of_several_exponentials() {
    for (plan, expected) in [("even x3", 1.8333), ("even x5", 2.2833)] {
        let found = measure(&pooled(&design(plan, "1000/s", "26 s")), "mean");
        assert!((found / expected - 1.0).abs() < 0.01, "{plan}: {found}, expected {expected}");
    }
}

#[test]
fn calls_one_after_the_other_add_up_and_calls_at_once_do_not() {
    assert_eq!(mean_ms("web > db"), 21.0);
    assert_eq!(mean_ms("db 3 times"), 60.0);
    assert_eq!(mean_ms("db x3"), 20.0);
    assert_eq!(mean_ms("together: db; web; mail"), 3000.0);
    assert_eq!(mean_ms("web\n  db\n  db"), 41.0);
}

#[test]
fn nobody_waits_for_an_asynchronous_call() {
    // The warm-up is longer than a mail takes, so what comes and what goes balance.
    let text = design("web\n  async: mail\n  db", "100/s", "100 s");
    let report = report(&text, 1, Budget::default());
    assert_eq!(measure(&report, "mean"), 0.021);
    assert!((measure(&report, "mail.rate") - 100.0).abs() < 1.0);
    assert!((measure(&report, "mail.inside") - 300.0).abs() < 3.0, "what nobody waits for is done all the same");
}

#[test]
fn a_call_with_a_probability_is_made_that_often() {
    let report = pooled(&design("web\n  20 %: db", "100/s", "260 s"));
    assert!((measure(&report, "db.rate") - 20.0).abs() < 0.5);
    assert!((measure(&report, "mean") - 0.005).abs() < 0.0001);
}

#[test]
fn only_a_miss_asks_the_database() {
    let report = pooled(&design("web\n  cache get page\n    miss: db read page; cache put page", "100/s", "260 s"));
    assert!((measure(&report, "cache.hits") - 0.75).abs() < 0.01);
    assert!((measure(&report, "db.rate") - 25.0).abs() < 0.5);
    // Asked once, and filled after a quarter of all requests.
    assert!((measure(&report, "cache.rate") - 125.0).abs() < 0.5);
    assert!((measure(&report, "mean") - 0.0085).abs() < 0.0001);
    assert_eq!(measure(&report, "p50"), 0.003);
    assert_eq!(measure(&report, "p95"), 0.025);
}

#[test]
fn the_time_of_slow_requests_adds_up_and_names_the_database() {
    let report = pooled(&design("web\n  cache get page\n    miss: db read page", "100/s", "260 s"));
    let slow = report.slow("buy").expect("there are requests");
    let sum: u64 = slow.components.values().map(|spent| spent.waiting + spent.serving + spent.network).sum();
    assert_eq!((slow.mean, sum), (23_000_000, 23_000_000));
    assert_eq!(slow.components["db"].serving, 20_000_000);
}

#[test]
fn of_calls_at_once_only_the_last_explains_the_latency() {
    let report = pooled(&design("together: db; web > cache put page; mail x50", "100/s", "20 s"));
    let slow = report.slow("buy").expect("there are requests");
    assert_eq!(slow.components.keys().collect::<Vec<_>>(), ["mail"]);
    assert_eq!(slow.components["mail"].serving, slow.mean);
}

#[test]
fn a_service_that_holds_its_worker_is_busy_while_it_waits() {
    let text = |holds: bool| {
        format!(
            r#"octo = 1
[components]
users = {{ kind = "clients" }}
web   = {{ kind = "service", workers = 4, time = "10 ms", holds = {holds} }}
db    = {{ kind = "relational", pool = 100, time = "30 ms" }}
[calls]
buy = "web > db"
[workload]
lasts = "100 s"
buy = {{ from = "users", arrivals = "constant 50/s" }}
"#
        )
    };
    let (held, free) = (pooled(&text(true)), pooled(&text(false)));
    assert!((measure(&held, "web.utilisation") - 0.5).abs() < 0.001);
    assert!((measure(&free, "web.utilisation") - 0.125).abs() < 0.001);
    assert_eq!(measure(&held, "web.service"), 0.010);
}

#[test]
fn a_refusal_below_fails_the_request_and_says_where() {
    let text = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = "unlimited", time = "1 ms" }
db    = { kind = "relational", pool = 1, queue = 0, time = "100 ms" }
[calls]
buy = "web > db"
[workload]
lasts = "100 s"
buy = { from = "users", arrivals = "constant 20/s" }
"#;
    let report = report(text, 1, Budget::default());
    let class = &report.classes["buy"];
    assert_eq!(class.failed.keys().collect::<Vec<_>>(), ["db: queue full"]);
    assert_eq!(class.sent, class.answered + class.failed["db: queue full"]);
    assert!((measure(&report, "errors") - 0.5).abs() < 0.01);
}
