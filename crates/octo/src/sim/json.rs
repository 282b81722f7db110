//! The report as JSON: the engine's own, with intervals where there are several runs, and with
//! what to be careful about.

use serde_json::{Map, Value, json};
use sim::{Measure, Report};
use units::Dimension;

use crate::sim::interval::interval;

pub(crate) fn report(report: &Report, cautions: &[String]) -> Value {
    let mut value = report.to_json();
    if let Value::Object(fields) = &mut value {
        if !report.each.is_empty() {
            fields.insert("intervals".into(), intervals(report).into());
        }
        fields.insert("cautions".into(), cautions.into());
    }
    value
}

/// By measure: its mean over the runs and half its 95 % interval, in billionths of its unit.
fn intervals(report: &Report) -> Map<String, Value> {
    let mut map = Map::new();
    for name in report.measures() {
        let Some(Measure::Quantity(quantity)) = report.measure(&name) else { continue };
        let Some(interval) = interval(report, &name) else { continue };
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
        Dimension::SPENDING => ("USD/month", units::Quantity::parse("1 USD/month").map_or(1.0, |one| one.value)),
        _ => ("", 1.0),
    }
}
