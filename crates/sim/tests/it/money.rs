//! Money: only from prices with a source.

use crate::check::{measure, report};
use sim::Budget;

const SHOP: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", replicas = 2, workers = 4, size = "m7i.large", time = "exp 5 ms" }
db    = { kind = "relational", time = "exp 5 ms" }
[links]
"users -> web" = {}
"web -> db"    = {}
[workload]
lasts = "100 s"
buy   = { from = "users", arrivals = "poisson 100/s" }
[prices]
list = "aws us-east-1 2026-10"
"#;

#[test]
fn a_month_costs_the_replicas_by_the_hour() {
    let report = report(SHOP, 1, Budget::default());
    // Two of 0.1008 USD/h, 730 hours.
    let month = measure(&report, "cost") * 2_628_000.0;
    assert!((month - 147.168).abs() < 1e-6, "{month}");
    let thousand = measure(&report, "cost per 1000");
    let rate = measure(&report, "throughput");
    assert!((thousand * rate * 2_628_000.0 / 1000.0 - month).abs() < 1e-6);
    assert_eq!(report.costs.not_priced, ["db"]);
    assert!(report.costs.sources["web"].contains("2026-10"));
}

#[test]
fn without_prices_nothing_has_a_cost() {
    let text = SHOP.split("[prices]").next().unwrap_or_default();
    let report = report(text, 1, Budget::default());
    assert_eq!(report.measure("cost"), None);
    assert_eq!(report.costs.not_priced, ["db", "web"]);
}

#[test]
fn the_report_says_what_the_model_ignores_for_each_kind_in_use() {
    let report = report(SHOP, 1, Budget::default());
    assert_eq!(report.ignores.keys().collect::<Vec<_>>(), ["clients", "relational", "service"]);
    assert!(report.ignores.values().all(|texts| !texts.is_empty()));
}
