//! How sure each number of pooled runs is, as JSON.

use serde_json::{Map, Value, json};

use crate::measure::{Measure, told_in};
use crate::report::Report;

/// By measure: its mean over the runs and half its 95 % interval, in billionths of its unit.
pub(super) fn intervals(report: &Report) -> Map<String, Value> {
    let mut map = Map::new();
    for name in report.measures() {
        let Some(Measure::Quantity(quantity)) = report.measure(&name) else { continue };
        let Some(interval) = report.interval(&name) else { continue };
        let (unit, size) = told_in(quantity.dimension);
        let billionths = |value: f64| (value / size * 1e9).round() as i64;
        map.insert(name, json!({ "mean_e9": billionths(interval.mean), "half_e9": billionths(interval.half), "unit": unit }));
    }
    map
}
