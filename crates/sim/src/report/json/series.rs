//! The time series as JSON, a column for each thing that is counted, so that a plot takes it as it
//! is and no name is told 240 times.

use sorted::BTreeMap;

use serde_json::Value;

use super::{Fields, object};
use crate::report::Report;
use crate::series::{ClassPoint, ComponentPoint, Point};

/// Each column has a value for every point, of the time since the point before; `at_ns` says when
/// each ended. The first `warmup_points` lie before the measured window. There are none after it:
/// what is left then comes to its end in points of another spacing, and would look like a system
/// that is well. A column in which nothing ever happened is left out.
pub(super) fn series(report: &Report) -> Value {
    let points = report.sending();
    let warmup = points.partition_point(|point| point.at <= report.window.0);
    let numbered = |names: &[String]| names.iter().cloned().enumerate().map(|(number, name)| (name, number)).collect::<BTreeMap<_, _>>();
    let mut components = numbered(&report.component_names);
    components.retain(|name, _| report.components.contains_key(name));
    Fields::new()
        .put("at_ns", points.iter().map(|point| point.at).collect::<Vec<_>>())
        .put("warmup_points", warmup)
        .put("classes", object(&numbered(&report.class_names), |_, &number| class(points, number)))
        .put("components", object(&components, |_, &number| component(points, number)))
        .0
        .into()
}

fn class(points: &[Point], number: usize) -> Value {
    let count = |of: fn(&ClassPoint) -> u64| points.iter().map(|point| of(&point.classes[number])).collect::<Vec<_>>();
    let maybe = |of: fn(&ClassPoint) -> Option<u64>| points.iter().map(|point| of(&point.classes[number])).collect::<Vec<_>>();
    Fields::new()
        .column("sent", count(|point| point.sent))
        .column("answered", count(|point| point.answered))
        .column("good", count(|point| point.good))
        .column("failed", count(|point| point.failed))
        .column("retries", count(|point| point.retries))
        .column("inside", count(|point| point.inside))
        .column("mean_ns", maybe(|point| point.mean))
        .column("p50_ns", maybe(|point| point.p50))
        .column("p99_ns", maybe(|point| point.p99))
        .0
        .into()
}

fn component(points: &[Point], number: usize) -> Value {
    let count = |of: fn(&ComponentPoint) -> u64| points.iter().map(|point| of(&point.components[number])).collect::<Vec<_>>();
    let utilisation = points.iter().map(|point| point.components[number].utilisation_e9).collect();
    Fields::new()
        .column("arrived", count(|point| point.arrived))
        .column("rejected", count(|point| point.rejected))
        .column("utilisation_e9", utilisation)
        .column("busy_e3", count(|point| point.busy_e3))
        .column("queue_e3", count(|point| point.waiting_e3))
        .column("replicas", count(|point| point.replicas.into()))
        .column("backlog", count(|point| point.backlog))
        .column("oldest_ns", count(|point| point.oldest))
        .0
        .into()
}

/// What may stand in a column, and whether it says that nothing happened.
trait Entry: Into<Value> {
    fn is_nothing(&self) -> bool;
}

impl Entry for u64 {
    fn is_nothing(&self) -> bool {
        *self == 0
    }
}

impl Entry for Option<u64> {
    fn is_nothing(&self) -> bool {
        self.is_none()
    }
}

impl Fields {
    fn column<T: Entry>(self, key: &str, values: Vec<T>) -> Self {
        if values.iter().all(Entry::is_nothing) { self } else { self.put(key, values) }
    }
}
