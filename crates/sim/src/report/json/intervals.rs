//! How sure each number of pooled runs is, as JSON.

use serde_json::{Map, Value, json};
use units::{Dimension, Quantity};

use crate::measure::Measure;
use crate::report::Report;

/// By measure: its mean over the runs and half its 95 % interval, in billionths of its unit.
pub(super) fn intervals(report: &Report) -> Map<String, Value> {
    let mut map = Map::new();
    for name in report.measures() {
        let Some(Measure::Quantity(quantity)) = report.measure(&name) else { continue };
        let Some(interval) = report.interval(&name) else { continue };
        let (unit, size) = unit(quantity.dimension);
        let billionths = |value: f64| (value / size * 1e9).round() as i64;
        map.insert(name, json!({ "mean_e9": billionths(interval.mean), "half_e9": billionths(interval.half), "unit": unit }));
    }
    map
}

/// The unit that a measure is told in, and its size in base units.
fn unit(dimension: Dimension) -> (&'static str, f64) {
    match dimension {
        Dimension::TIME => ("s", 1.0),
        Dimension::RATE => ("/s", 1.0),
        Dimension::MONEY => ("USD", 1.0),
        Dimension::SPENDING => ("USD/month", Quantity::parse("1 USD/month").map_or(1.0, |one| one.value)),
        _ => ("", 1.0),
    }
}
