//! The report of a run: counts, sums and histograms, all whole numbers, so that native and wasm
//! tell the same byte for byte. What people ask of it by name is in `measure`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::costs::Costs;
use crate::histogram::Histogram;
use crate::ledger::Ledger;
use crate::run::Run;
use crate::station::{Component, UNLIMITED};
use crate::tally::ClassTally;
use crate::time::{Ns, Window};

/// What was measured in one run, or in several of the same design (see [`crate::pool`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub engine: String,
    /// The ids of the runs, in the order in which they were pooled.
    pub runs: Vec<String>,
    pub seeds: Vec<u64>,
    /// What cut it short; none if every request sent was answered or refused.
    pub ended_by: Option<EndedBy>,
    /// Steps that the engine took.
    pub events: u64,
    /// The length of the measured window, summed over the runs [ns].
    pub measured: u64,
    pub classes: BTreeMap<String, ClassReport>,
    /// All but the clients.
    pub components: BTreeMap<String, ComponentReport>,
    pub costs: Costs,
    /// By kind of component in use: what this model ignores.
    pub ignores: BTreeMap<String, Vec<String>>,
    /// All components by their number in ledgers.
    pub(crate) names: Vec<String>,
}

/// Why a run stopped with requests unanswered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// The budget of events.
    Events,
    /// The budget of requests and calls under way at the same time.
    LiveRequests,
    /// Requests were still under way when as much time again had passed, a minute at least.
    DrainTime,
    /// Requests hold workers that others wait for, in a circle: nothing can happen any more.
    Deadlock,
    /// The report was asked for while the run was under way.
    Caller,
}

impl EndedBy {
    /// As it stands in JSON and in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::LiveRequests => "live requests",
            Self::DrainTime => "drain time",
            Self::Deadlock => "deadlock",
            Self::Caller => "caller",
        }
    }
}

/// One class of requests: those meant to be sent inside the measured window, however late they
/// were answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassReport {
    pub sent: u64,
    pub answered: u64,
    /// By cause: "web: queue full".
    pub failed: BTreeMap<String, u64>,
    /// Neither answered nor failed when the run ended; they are in no percentile.
    pub unfinished: u64,
    /// From the intended time of sending to the answer, of answered requests [ns].
    pub latency: Histogram,
    /// Answers inside the window, whenever their requests were sent.
    pub answered_in_window: u64,
    /// Failures inside the window, whenever their requests were sent.
    pub failed_in_window: u64,
    /// The area under the number of requests under way [request ns].
    pub area: u128,
    pub(crate) ledger: Ledger,
}

/// One component, all its replicas together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentReport {
    pub kind: String,
    pub replicas: u32,
    /// Per replica; none if unlimited.
    pub workers: Option<u32>,
    // Inside the window, whenever the request was sent.
    /// Calls that came, rejected ones too.
    pub visits: u64,
    pub finished: u64,
    /// Calls that found the queue full.
    pub rejected: u64,
    /// The longest queue of one replica.
    pub queue_max: u32,
    /// The area under the number waiting [call ns].
    pub area_waiting: u128,
    /// The area under the number of busy workers [worker ns].
    pub area_busy: u128,
    // Of requests meant to be sent inside the window.
    /// Finished calls.
    pub calls: u64,
    /// In all, of `calls` [ns].
    pub waited: u128,
    /// In all, of `calls`; a worker held for calls to others is not serving [ns].
    pub served: u128,
    /// In all, of `calls`: from coming to giving the worker back [ns].
    pub spent: u128,
    /// Reads that a cache had, and had not.
    pub hits: u64,
    pub misses: u64,
}

/// Where the time of slow requests went. The times of all components add up to the mean latency
/// of these requests: of calls made at once, only the last to answer counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slow {
    /// The latency from which a request counts here: p95, or up to 3 % above it [ns].
    pub from: u64,
    pub requests: u64,
    /// [ns]
    pub mean: u64,
    pub components: BTreeMap<String, Spent>,
}

/// The mean time per request [ns].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    pub waiting: u64,
    pub serving: u64,
    /// On the way there and back.
    pub network: u64,
}

impl Report {
    pub(crate) fn of(run: &Run) -> Self {
        let document = run.experiment.document.document();
        let (now, window) = (run.now, run.table.window);
        let names: Vec<String> = run.table.components.iter().map(|component| component.name.clone()).collect();
        let classes = run.table.classes.iter().zip(&run.tally.classes);
        let components = run.table.components.iter().filter(|component| component.kind != "clients");
        let kinds: BTreeSet<&str> = run.table.components.iter().map(|component| component.kind.as_str()).collect();
        Self {
            engine: crate::ENGINE.into(),
            runs: vec![run.experiment.run_id().to_string()],
            seeds: vec![run.experiment.seed],
            ended_by: run.ended.unwrap_or(Some(EndedBy::Caller)),
            events: run.events,
            measured: window.passed(now),
            classes: classes.map(|(class, tally)| (class.name.clone(), ClassReport::of(tally, &names, now, window))).collect(),
            components: components.map(|component| (component.name.clone(), ComponentReport::of(component, now, window))).collect(),
            costs: Costs::of(document),
            ignores: kinds.into_iter().filter_map(ignored).collect(),
            names,
        }
    }

    /// Where the time of a class's slow requests went.
    pub fn slow(&self, class: &str) -> Option<Slow> {
        let class = self.classes.get(class)?;
        let from = class.ledger.row_from(class.latency.percentile(950_000)?);
        let total = class.ledger.total_from(from);
        let mean = |sum: u128| (sum / u128::from(total.requests.max(1))) as u64;
        let spent = |part: &[u128; 3]| Spent { waiting: mean(part[0]), serving: mean(part[1]), network: mean(part[2]) };
        let parts = self.names.iter().zip(&total.parts).filter(|(_, part)| part.iter().any(|&time| time > 0));
        let components = parts.map(|(name, part)| (name.clone(), spent(part))).collect();
        Some(Slow { from, requests: total.requests, mean: mean(total.latency), components })
    }

    /// Whole numbers only: times in ns, rates in billionths per second, shares and mean numbers
    /// in billionths, money in billionths of a US dollar.
    pub fn to_json(&self) -> Value {
        let classes: BTreeMap<&String, Value> = self.classes.iter().map(|(name, class)| (name, self.class_json(name, class))).collect();
        let components: BTreeMap<&String, Value> =
            self.components.iter().map(|(name, component)| (name, self.component_json(component))).collect();
        json!({
            "engine": self.engine,
            "runs": self.runs,
            "seeds": self.seeds.iter().map(u64::to_string).collect::<Vec<_>>(),
            "ended_by": self.ended_by.map(EndedBy::name),
            "events": self.events,
            "measured_ns": self.measured,
            "classes": classes,
            "components": components,
            "first_saturated": self.first_saturated(),
            "bottleneck": self.bottleneck(),
            "costs": {
                "month_nano_usd": self.cost_per_month().map(|amount| (amount + 0.5) as u64),
                "thousand_nano_usd": self.cost_per_thousand().map(|amount| (amount + 0.5) as u64),
                "fixed_nano_usd_per_month": self.costs.fixed,
                "nano_usd_per_million": self.costs.per_million,
                "sources": self.costs.sources,
                "not_priced": self.costs.not_priced,
            },
            "ignores": self.ignores,
        })
    }

    fn class_json(&self, name: &str, class: &ClassReport) -> Value {
        let percentile = |millionths| class.latency.percentile(millionths);
        let slow = self.slow(name).map(|slow| {
            let spent = |spent: &Spent| json!({ "waiting_ns": spent.waiting, "serving_ns": spent.serving, "network_ns": spent.network });
            let components: BTreeMap<&String, Value> = slow.components.iter().map(|(name, part)| (name, spent(part))).collect();
            json!({ "from_ns": slow.from, "requests": slow.requests, "mean_ns": slow.mean, "components": components })
        });
        json!({
            "sent": class.sent,
            "answered": class.answered,
            "failed": class.failed,
            "unfinished": class.unfinished,
            "mean_ns": ratio(class.latency.sum(), class.answered.into(), 1),
            "p50_ns": percentile(500_000),
            "p90_ns": percentile(900_000),
            "p95_ns": percentile(950_000),
            "p99_ns": percentile(990_000),
            "p999_ns": percentile(999_000),
            "max_ns": class.latency.max(),
            "throughput_e9_per_s": ratio(class.answered_in_window.into(), self.measured.into(), SECONDS),
            "failures_e9_per_s": ratio(class.failed_in_window.into(), self.measured.into(), SECONDS),
            "inside_e9": ratio(class.area, self.measured.into(), BILLION),
            "network_ns": ratio(self.network_sum(class), class.answered.into(), 1),
            "slow": slow,
        })
    }

    fn component_json(&self, component: &ComponentReport) -> Value {
        let calls = u128::from(component.calls);
        let capacity = component.workers.map(|workers| u128::from(workers) * u128::from(component.replicas) * u128::from(self.measured));
        let reads = u128::from(component.hits) + u128::from(component.misses);
        json!({
            "kind": component.kind,
            "replicas": component.replicas,
            "workers": component.workers,
            "visits": component.visits,
            "finished": component.finished,
            "rejected": component.rejected,
            "rate_e9_per_s": ratio(component.finished.into(), self.measured.into(), SECONDS),
            "utilisation_e9": capacity.and_then(|capacity| ratio(component.area_busy, capacity, BILLION)),
            "busy_e9": ratio(component.area_busy, self.measured.into(), BILLION),
            "queue_e9": ratio(component.area_waiting, self.measured.into(), BILLION),
            "queue_max": component.queue_max,
            "wait_ns": ratio(component.waited, calls, 1),
            "service_ns": ratio(component.served, calls, 1),
            "time_ns": ratio(component.spent, calls, 1),
            "hits_e9": ratio(component.hits.into(), reads, BILLION),
        })
    }

    /// [ns], of all answered requests of a class.
    pub(crate) fn network_sum(&self, class: &ClassReport) -> u128 {
        class.ledger.total_from(0).parts.iter().map(|part| part[2]).sum()
    }
}

const BILLION: u128 = 1_000_000_000;
/// From a count per nanosecond to billionths per second.
const SECONDS: u128 = BILLION * BILLION;

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

fn ignored(kind: &str) -> Option<(String, Vec<String>)> {
    let ignores = design::catalogue::kind(kind)?.ignores;
    Some((kind.into(), ignores.iter().map(|&text| text.into()).collect()))
}

impl ClassReport {
    fn of(tally: &ClassTally, names: &[String], now: Ns, window: Window) -> Self {
        Self {
            sent: tally.sent,
            answered: tally.latency.count(),
            failed: tally.failed.iter().map(|(&by, &count)| (format!("{}: queue full", names[by as usize]), count)).collect(),
            unfinished: tally.unfinished(),
            latency: tally.latency.clone(),
            answered_in_window: tally.window_answered,
            failed_in_window: tally.window_failed,
            area: tally.area(now, window),
            ledger: tally.ledger.clone(),
        }
    }
}

impl ComponentReport {
    fn of(component: &Component, now: Ns, window: Window) -> Self {
        let account = &component.account;
        let (inside, busy) = account.areas(now, window);
        Self {
            kind: component.kind.clone(),
            replicas: component.stations.len() as u32,
            workers: (component.workers != UNLIMITED).then_some(component.workers),
            visits: account.window_arrived,
            finished: account.window_finished,
            rejected: account.window_rejected,
            queue_max: account.queue_max,
            area_waiting: inside - busy,
            area_busy: busy,
            calls: account.measured,
            waited: account.waited,
            served: account.served,
            spent: account.spent,
            hits: account.hits,
            misses: account.misses,
        }
    }
}
