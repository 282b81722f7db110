//! The report as JSON: whole numbers only. Times in ns, rates in billionths per second, shares and
//! mean numbers in billionths, money in billionths of a US dollar. What did not happen is left out.
//! How it went over time is in `series`, how sure the numbers are in `intervals`, single requests in
//! `traces`, each in a file of its own below.

mod intervals;
mod series;
mod traces;
mod watched;

use serde_json::{Map, Value};

use super::{ClassReport, ComponentReport, EndedBy, FaultReport, LinkReport, Report, Slow, Spent};
use crate::saturation::Saturation;
use crate::warmup::Settled;

const BILLION: u128 = 1_000_000_000;
/// From a count per nanosecond to billionths per second.
const SECONDS: u128 = BILLION * BILLION;

/// A JSON object in the making.
struct Fields(Map<String, Value>);

impl Fields {
    fn new() -> Self {
        Self(Map::new())
    }

    fn put(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.into(), value.into());
        self
    }

    /// Left out where it is zero: it did not happen.
    fn some(self, key: &str, count: u64) -> Self {
        if count == 0 { self } else { self.put(key, count) }
    }

    fn maybe(self, key: &str, value: Option<u64>) -> Self {
        self.put(key, value)
    }
}

fn object<T>(entries: &sorted::BTreeMap<String, T>, value: impl Fn(&String, &T) -> Value) -> Value {
    let mut map = Map::new();
    for (name, entry) in entries {
        map.insert(name.clone(), value(name, entry));
    }
    map.into()
}

impl Report {
    /// The part of [`Report::to_json`] under `series`, for whoever draws it while it grows.
    pub fn series_json(&self) -> Value {
        series::series(self)
    }

    /// Whole numbers only: times in ns, rates in billionths per second, shares and mean numbers
    /// in billionths, money in billionths of a US dollar.
    pub fn to_json(&self) -> Value {
        let amount = |amount: f64| (amount + 0.5) as u64;
        let costs = Fields::new()
            .maybe("month_nano_usd", self.cost_per_month().map(amount))
            .maybe("thousand_nano_usd", self.cost_per_thousand().map(amount))
            .put("fixed_nano_usd_per_month", object(&self.costs.fixed, |_, amount| (*amount).into()))
            .put("nano_usd_per_million", object(&self.costs.per_million, |_, amount| (*amount).into()))
            .put("sources", object(&self.costs.sources, |_, source| source.as_str().into()))
            .put("not_priced", self.costs.not_priced.clone());
        let mut fields = Fields::new()
            .put("engine", self.engine.as_str())
            .put("runs", self.runs.clone())
            .put("seeds", self.seeds.iter().map(u64::to_string).collect::<Vec<_>>())
            .put("ended_by", self.ended_by.map(EndedBy::name))
            .put("events", self.events)
            .put("measured_ns", self.measured)
            .put("classes", object(&self.classes, |name, class| self.class_json(name, class)))
            .put("components", object(&self.components, |_, component| self.component_json(component)))
            .put("links", object(&self.links, |_, link| link_json(link)))
            .put("window_ns", [self.window.0, self.window.1].to_vec())
            .put("settled", object(&self.classes, |name, _| settled_json(&self.settled(name))))
            .put("first_saturated", self.first_saturated())
            .put("saturated", self.saturations().iter().map(saturation_json).collect::<Vec<_>>())
            .put("bottleneck", self.bottleneck())
            .put("costs", costs.0)
            .put("ignores", object(&self.ignores, |_, ignores| ignores.clone().into()))
            .put("series", series::series(self));
        if !self.each.is_empty() {
            fields = fields.put("intervals", intervals::intervals(self));
        }
        if !self.traces.is_empty() {
            fields = fields.put("traces", traces::traces(self));
        }
        if !self.watched.is_empty() {
            fields = fields.put("watched", watched::watched(self));
        }
        if !self.faults.is_empty() {
            fields = fields.put("faults", self.faults.iter().map(fault_json).collect::<Vec<_>>());
        }
        fields.0.into()
    }

    fn class_json(&self, name: &str, class: &ClassReport) -> Value {
        let percentile = |millionths| class.latency.percentile(millionths);
        let per_second = |count: u64| ratio(count.into(), self.measured.into(), SECONDS);
        Fields::new()
            .put("sent", class.sent)
            .put("answered", class.answered)
            .put("good", class.good)
            .some("retries", class.retries)
            .put("failed", object(&class.failed, |_, count| (*count).into()))
            .put("unfinished", class.unfinished)
            .maybe("mean_ns", ratio(class.latency.sum(), class.answered.into(), 1))
            .maybe("p50_ns", percentile(500_000))
            .maybe("p90_ns", percentile(900_000))
            .maybe("p95_ns", percentile(950_000))
            .maybe("p99_ns", percentile(990_000))
            .maybe("p999_ns", percentile(999_000))
            .maybe("max_ns", class.latency.max())
            .maybe("throughput_e9_per_s", per_second(class.answered_in_window))
            .maybe("goodput_e9_per_s", per_second(class.good_in_window))
            .maybe("failures_e9_per_s", per_second(class.failed_in_window))
            .maybe("inside_e9", ratio(class.area, self.measured.into(), BILLION))
            .maybe("network_ns", ratio(self.network_sum(class), class.answered.into(), 1))
            .put("slow", self.slow(name).map_or(Value::Null, |slow| slow_json(&slow)))
            .0
            .into()
    }

    fn component_json(&self, component: &ComponentReport) -> Value {
        let measured = u128::from(self.measured);
        let capacity = component.workers.map(|workers| u128::from(workers) * component.area_replicas);
        let reads = u128::from(component.hits) + u128::from(component.misses);
        let messages = &component.messages;
        Fields::new()
            .put("kind", component.kind.as_str())
            .put("replicas", component.replicas)
            .put("workers", component.workers)
            .put("visits", component.visits)
            .put("finished", component.finished)
            .put("rejected", component.rejected)
            .some("dropped", component.dropped)
            .maybe("rate_e9_per_s", ratio(component.finished.into(), measured, SECONDS))
            .maybe("utilisation_e9", capacity.and_then(|capacity| ratio(component.area_busy, capacity, BILLION)))
            .maybe("busy_e9", ratio(component.area_busy, measured, BILLION))
            .maybe("queue_e9", ratio(component.area_waiting, measured, BILLION))
            .put("queue_max", component.queue_max)
            .maybe("wait_ns", ratio(component.waited, component.begun.into(), 1))
            .maybe("service_ns", ratio(component.served, component.services.into(), 1))
            .maybe("time_ns", ratio(component.spent, u128::from(component.finished) + u128::from(component.dropped), 1))
            .maybe("hits_e9", ratio(component.hits.into(), reads, BILLION))
            .some("resident", component.resident)
            .some("reads", component.reads)
            .some("stale", component.stale)
            .some("lost_writes", component.lost_writes)
            .some("produced", messages.produced)
            .some("deliveries", messages.deliveries)
            .some("consumed", messages.consumed)
            .some("duplicates", messages.duplicates)
            .some("dead", messages.dead)
            .some("lost", messages.lost)
            .some("backlog", messages.backlog)
            .0
            .into()
    }
}

/// "yes", "not steady", or why measuring began too early.
fn settled_json(settled: &Settled) -> Value {
    let ratio = |ratio: f64| (ratio * 1e9 + 0.5) as u64;
    match settled {
        Settled::Yes => "yes".into(),
        Settled::NotSteady => "not steady".into(),
        Settled::Late { from, ratio: times } => Fields::new().put("from_ns", *from).put("ratio_e9", ratio(*times)).0.into(),
        Settled::Never { ratio: times } => Fields::new().put("from_ns", Value::Null).put("ratio_e9", ratio(*times)).0.into(),
    }
}

fn saturation_json(saturation: &Saturation<'_>) -> Value {
    Fields::new().put("component", saturation.component).put("from_ns", saturation.from).put("to_ns", saturation.to).0.into()
}

fn slow_json(slow: &Slow) -> Value {
    let spent = |_: &String, spent: &Spent| {
        Fields::new()
            .put("waiting_ns", spent.waiting)
            .put("serving_ns", spent.serving)
            .put("network_ns", spent.network)
            .some("retrying_ns", spent.retrying)
            .0
            .into()
    };
    Fields::new()
        .put("from_ns", slow.from)
        .put("requests", slow.requests)
        .put("mean_ns", slow.mean)
        .put("components", object(&slow.components, spent))
        .0
        .into()
}

fn link_json(link: &LinkReport) -> Value {
    Fields::new().put("calls", link.calls).some("retries", link.retries).some("hedges", link.hedges).some("lost", link.lost).0.into()
}

fn fault_json(fault: &FaultReport) -> Value {
    let times: Vec<Value> = fault.times.iter().map(|(began, ended)| Value::from(vec![Value::from(*began), Value::from(*ended)])).collect();
    Fields::new()
        .put("what", fault.what.as_str())
        .put("times_ns", times)
        .put("recovery_ns", object(&fault.recovery, |_, time| (*time).into()))
        .0
        .into()
}

/// `top * scale / bottom`, rounded down; none if there is nothing to divide by.
fn ratio(top: u128, bottom: u128, scale: u128) -> Option<u64> {
    if bottom == 0 {
        return None;
    }
    // First the whole part, so that a large area does not overflow.
    let (whole, rest) = (top / bottom, top % bottom);
    let fraction = rest.checked_mul(scale).map_or_else(|| rest / (bottom / scale).max(1), |rest| rest / bottom);
    u64::try_from(whole.saturating_mul(scale).saturating_add(fraction)).ok()
}
