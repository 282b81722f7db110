//! The report of a run: counts, sums and histograms, all whole numbers, so that native and wasm
//! tell the same byte for byte. What people ask of it by name is in `measure`, its JSON in `json`.

mod json;

use sorted::{BTreeMap, BTreeSet};

use crate::costs::Costs;
use crate::faults::Faults;
use crate::histogram::Histogram;
use crate::job::Cause;
use crate::ledger::Ledger;
use crate::part::Part;
use crate::part::broker;
use crate::part::versions::Reads;
use crate::run::Run;
use crate::series::{Point, Snapshot};
use crate::station::{Order, UNLIMITED};
use crate::tally::{ClassReads, ClassTally, Seconds};
use crate::trace::Trace;
use crate::warmup;
use crate::watch::Watched;

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
    /// By arrow in use: what the caller's policies did.
    pub links: BTreeMap<String, LinkReport>,
    pub faults: Vec<FaultReport>,
    /// When measuring began and ended in each run, as the design has it: from the end of its warm-up
    /// to the last moment at which requests are sent [ns].
    pub window: (u64, u64),
    /// Whether the same is sent all the time and nothing goes wrong, so that a run could settle.
    pub is_steady: bool,
    /// What happened over time; of the first run where several are pooled. Those after the window
    /// tell how what was left came to its end; see [`Report::sending`].
    pub points: Vec<Point>,
    /// Some requests and their calls, if they were asked for ([`Run::trace`]); of the first run
    /// where several are pooled.
    pub traces: Vec<Trace>,
    /// The invariants on data that were watched, and what was found ([`Run::watching`]).
    pub watched: Vec<Watched>,
    pub costs: Costs,
    /// By kind of component in use, and by word of a link or plan: what this model ignores.
    pub ignores: BTreeMap<String, Vec<String>>,
    /// The reports of the runs, where several are pooled.
    pub each: Vec<Report>,
    /// Classes and components as `points` number them.
    pub class_names: Vec<String>,
    pub component_names: Vec<String>,
}

/// Why a run stopped with requests unanswered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// The budget of events.
    Events,
    /// The budget of requests and calls under way at the same time.
    LiveRequests,
    /// What it had to remember: keys, clients, messages, events to come.
    Memory,
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
            Self::Memory => "memory",
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
    /// Of those answered, in time; all of them where the class has no deadline.
    pub good: u64,
    /// Calls made again for these requests, anywhere.
    pub retries: u64,
    /// By cause: "web: queue full".
    pub failed: BTreeMap<String, u64>,
    /// Neither answered nor failed when the run ended; they are in no percentile.
    pub unfinished: u64,
    /// From the intended time of sending to the answer, of answered requests [ns].
    pub latency: Histogram,
    /// The sum of the squares of the same latencies [us^2].
    pub squares: u128,
    /// Reads of known versions, and how many were behind.
    pub reads: ClassReads,
    /// How many were sent in each whole second of the window.
    pub seconds: Seconds,
    /// How many requests were under way, looked at again and again.
    pub inside: Histogram,
    /// Sent, answered, answered in time and failed inside the window, whenever they were sent.
    pub sent_in_window: u64,
    pub answered_in_window: u64,
    pub good_in_window: u64,
    pub failed_in_window: u64,
    /// The area under the number of requests under way [request ns].
    pub area: u128,
    pub(crate) ledger: Ledger,
    /// The component of each slot of the ledger.
    pub(crate) slots: Vec<String>,
}

/// One component, all its replicas together, inside the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentReport {
    pub kind: String,
    pub replicas: u32,
    /// Per replica; none if unlimited.
    pub workers: Option<u32>,
    /// Calls that came, rejected ones too.
    pub visits: u64,
    pub finished: u64,
    /// Refused at the door: queue full, rate limit, down.
    pub rejected: u64,
    /// Left without being served to the end: impatient, shed, called back, crashed.
    pub dropped: u64,
    /// The longest queue of one replica.
    pub queue_max: u32,
    /// The area under the number waiting [call ns].
    pub area_waiting: u128,
    /// The area under the number of busy workers [worker ns].
    pub area_busy: u128,
    /// The area under the number of replicas in use [replica ns].
    pub area_replicas: u128,
    /// Calls that a worker took, how many of them had waited, and how long in all [ns].
    pub begun: u64,
    pub waiters: u64,
    pub waited: u128,
    /// The waits of those that had waited [ns].
    pub waits: Histogram,
    /// The sum of the squares of these waits [us^2].
    pub waited_squares: u128,
    /// Services done, and how long they took in all; a worker held for calls to others is not
    /// serving [ns].
    pub services: u64,
    pub served: u128,
    /// In all, from coming to giving the worker back, of those who left [ns].
    pub spent: u128,
    /// Reads that a cache had, and had not.
    pub hits: u64,
    pub misses: u64,
    /// Entries that a cache holds at the end.
    pub resident: u64,
    /// Reads of a store or cache with known versions, and how many were behind.
    pub reads: u64,
    pub stale: u64,
    pub behind: u64,
    /// Writes whose effect there had been before.
    pub duplicates: u64,
    /// Committed writes that are gone.
    pub lost_writes: u64,
    pub messages: Messages,
    /// How often so many were at one replica, waiting or served, looked at again and again.
    pub occupancy: Vec<u64>,
    /// Calls that each replica got, in the whole run.
    pub by_replica: Vec<u64>,
}

/// What became of messages inside the window; the backlog is that at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Messages {
    pub produced: u64,
    pub deliveries: u64,
    pub consumed: u64,
    /// Delivered more than once.
    pub redelivered: u64,
    pub duplicates: u64,
    pub dead: u64,
    pub lost: u64,
    pub backlog: u64,
    /// The longest backlog of the run.
    pub backlog_max: u64,
}

/// One arrow, over the whole run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkReport {
    pub calls: u64,
    pub retries: u64,
    /// Second requests sent beside a first, after a while or tied to it.
    pub hedges: u64,
    /// Messages lost on the way.
    pub lost: u64,
}

/// A fault and what came after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultReport {
    pub what: String,
    /// When it began and ended, each time [ns].
    pub times: Vec<(u64, Option<u64>)>,
    /// By class: how long after its first end goodput was back at 95 % of what it had been before,
    /// to stay there for a while [ns]; none if it never was, or if it never ended.
    pub recovery: BTreeMap<String, Option<u64>>,
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
    /// On attempts that came to nothing, and on the pauses between them.
    pub retrying: u64,
}

impl Report {
    pub(crate) fn of(run: &Run) -> Self {
        let document = run.experiment.document.document();
        let now = run.snapshot();
        let none = Snapshot::nothing(&now);
        let before = run.now < run.table.window.from;
        let from = run.series.from.as_ref().unwrap_or(if before { &now } else { &none });
        let to = run.series.to.as_ref().unwrap_or(&now);
        let table = &run.table;
        let classes = table.classes.iter().enumerate();
        let classes = classes.map(|(number, class)| (class.name.clone(), ClassReport::of(&run.tally[number], number, run, from, to)));
        let is_client = |number: usize| matches!(table.kinds[number].as_str(), "clients" | "scheduler");
        let components = (0..table.components.len()).filter(|&number| !is_client(number));
        let components = components.map(|number| (table.names[number].clone(), ComponentReport::of(number, run, from, to)));
        let kinds: BTreeSet<&str> = table.kinds.iter().map(String::as_str).collect();
        let class_names: Vec<String> = table.classes.iter().map(|class| class.name.clone()).collect();
        let components = one_by_one(components);
        Self {
            engine: crate::ENGINE.into(),
            runs: vec![run.experiment.run_id().to_string()],
            seeds: vec![run.experiment.seed],
            ended_by: run.ended.unwrap_or(Some(EndedBy::Caller)),
            events: run.events,
            measured: to.at.saturating_sub(from.at),
            classes: one_by_one(classes),
            links: links(run),
            faults: faults(&run.faults, &run.series.points, &class_names),
            window: (table.window.from, table.window.to),
            is_steady: document.faults.is_empty() && warmup::is_steady(&document.workload),
            points: run.series.points.clone(),
            traces: run.tracer.traces(table),
            watched: run.watched(),
            costs: Costs::of(document, &components),
            ignores: one_by_one(kinds.into_iter().filter_map(ignored).chain(ignored_with(document))),
            components,
            each: Vec::new(),
            class_names,
            component_names: table.names.clone(),
        }
    }

    /// The points of the time series while requests were sent, the warm-up included. Those that
    /// come later have another spacing and tell of a system to which nothing comes any more.
    pub fn sending(&self) -> &[Point] {
        &self.points[..self.points.partition_point(|point| point.at <= self.window.1)]
    }

    /// Where the time of a class's slow requests went.
    pub fn slow(&self, class: &str) -> Option<Slow> {
        let class = self.classes.get(class)?;
        Some(spent_from(class, class.ledger.row_from(class.latency.percentile(950_000)?)))
    }

    /// Where the time of all answered requests of a class went.
    pub fn spent(&self, class: &str) -> Option<Slow> {
        self.classes.get(class).filter(|class| class.answered > 0).map(|class| spent_from(class, 0))
    }

    /// [ns], of all answered requests of a class.
    pub(crate) fn network_sum(&self, class: &ClassReport) -> u128 {
        class.ledger.total_from(0).parts.iter().map(|part| part[2]).sum()
    }
}

/// Where the time of those requests went that took so long or longer [ns].
fn spent_from(class: &ClassReport, from: u64) -> Slow {
    let total = class.ledger.total_from(from);
    let mean = |sum: u128| (sum / u128::from(total.requests.max(1))) as u64;
    let spent =
        |part: &[u128; 4]| Spent { waiting: mean(part[0]), serving: mean(part[1]), network: mean(part[2]), retrying: mean(part[3]) };
    let parts = class.slots.iter().zip(&total.parts).filter(|(_, part)| part.iter().any(|&time| time > 0));
    let components = one_by_one(parts.map(|(name, part)| (name.clone(), spent(part))));
    Slow { from, requests: total.requests, mean: mean(total.latency), components }
}

/// A map of what comes. To collect it would sort it first, and the code for that, again for each
/// type, is a good part of what a browser loads.
fn one_by_one<T>(entries: impl Iterator<Item = (String, T)>) -> BTreeMap<String, T> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}

fn links(run: &Run) -> BTreeMap<String, LinkReport> {
    let name = |number: u32| &run.table.names[number as usize];
    let link = |(&(from, to), &number): (&(u32, u32), &u32)| {
        let edge = &run.table.edges[number as usize];
        let report = LinkReport { calls: run.calls_over(number as usize), retries: edge.retries, hedges: edge.hedges, lost: edge.lost };
        (format!("{} -> {}", name(from), name(to)), report)
    };
    one_by_one(run.table.programs.edges.iter().map(link))
}

fn faults(faults: &Faults, points: &[Point], classes: &[String]) -> Vec<FaultReport> {
    let report = |fault: &crate::faults::Fault| {
        let first = fault.times.first().copied();
        let recovery = |class: usize| first.and_then(|(began, ended)| recovery(points, class, began, ended?));
        FaultReport {
            what: fault.what.to_string(),
            times: fault.times.clone(),
            recovery: one_by_one(classes.iter().enumerate().map(|(number, name)| (name.clone(), recovery(number)))),
        }
    };
    faults.list.iter().map(report).collect()
}

/// How long after a fault goodput was back, for three points in a row [ns].
fn recovery(points: &[Point], class: usize, began: u64, ended: u64) -> Option<u64> {
    let lengths = std::iter::once(0).chain(points.iter().map(|point| point.at));
    let rates: Vec<(u64, u64, f64)> = points
        .iter()
        .zip(lengths)
        .filter(|(point, since)| point.at > *since)
        .map(|(point, since)| (since, point.at, point.classes[class].good as f64 / (point.at - since) as f64))
        .collect();
    // What comes first is not yet steady, so the second half of the time before counts.
    let usual: Vec<f64> = rates.iter().filter(|(since, at, _)| *at <= began && *since >= began / 2).map(|(.., rate)| *rate).collect();
    let usual = usual.iter().sum::<f64>() / usual.len().max(1) as f64;
    let after: Vec<&(u64, u64, f64)> = rates.iter().filter(|(since, ..)| *since >= ended).collect();
    let mean = |three: &[&(u64, u64, f64)]| three.iter().map(|(.., rate)| rate).sum::<f64>() / three.len() as f64;
    let back = after.windows(3).find(|three| mean(three) >= 0.95 * usual && usual > 0.0)?;
    Some(back[0].0 - ended)
}

fn ignored(kind: &str) -> Option<(String, Vec<String>)> {
    let ignores = design::catalogue::kind(kind)?.ignores;
    Some((kind.into(), ignores.iter().map(|&text| text.into()).collect()))
}

/// By word that is written on a link or in a plan.
fn ignored_with(document: &design::Document) -> impl Iterator<Item = (String, Vec<String>)> {
    fn says(calls: &[design::Call], word: &str) -> bool {
        let of = |call: &design::Call| call.says(word) || word == "transaction" && !call.statements.is_empty();
        let below = |call: &design::Call| [&call.then, &call.miss, &call.statements].into_iter().any(|calls| says(calls, word));
        calls.iter().any(|call| of(call) || below(call))
    }
    let written = |word: &str| {
        document.links.values().any(|link| link.settings.contains_key(word)) || document.calls.values().any(|calls| says(calls, word))
    };
    let ignored = design::catalogue::WORD_IGNORES.iter().filter(move |(word, _)| written(word));
    ignored.map(|(word, ignores)| ((*word).into(), ignores.iter().map(|&text| text.into()).collect()))
}

impl ClassReport {
    fn of(tally: &ClassTally, number: usize, run: &Run, from: &Snapshot, to: &Snapshot) -> Self {
        let (begin, end) = (&from.counts[number], &to.counts[number]);
        let name = |component: u32| run.table.names.get(component as usize).map_or("", String::as_str);
        let cause = |&(at, cause): &(u32, Cause)| format!("{}: {}", name(at), cause.name());
        Self {
            sent: tally.sent,
            answered: tally.latency.count(),
            good: tally.good,
            retries: tally.retries,
            failed: one_by_one(tally.failed.iter().map(|(key, &count)| (cause(key), count))),
            unfinished: tally.unfinished(),
            latency: tally.latency.clone(),
            squares: tally.squares,
            reads: tally.reads,
            seconds: tally.seconds,
            inside: run.series.inside.get(number).cloned().unwrap_or_default(),
            sent_in_window: end.sent - begin.sent,
            answered_in_window: end.answered - begin.answered,
            good_in_window: end.good - begin.good,
            failed_in_window: end.failed - begin.failed,
            area: end.area(to.at) - begin.area(from.at),
            ledger: tally.ledger.clone(),
            slots: run.table.programs.slots[number].iter().map(|&component| name(component).to_owned()).collect(),
        }
    }
}

impl ComponentReport {
    fn of(number: usize, run: &Run, from: &Snapshot, to: &Snapshot) -> Self {
        let component = &run.table.components[number];
        let (begin, end) = (&from.accounts[number], &to.accounts[number]);
        let ((inside_from, busy_from), (inside_to, busy_to)) = (begin.areas(from.at), end.areas(to.at));
        let (inside, mut busy) = (inside_to - inside_from, busy_to - busy_from);
        let mut waiting = inside - busy;
        if component.order == Order::Shared {
            busy = to.shared[number] - from.shared[number];
            waiting = inside.saturating_sub(busy);
        }
        let (reads, reads_before) = (&to.reads[number], &from.reads[number]);
        let read = |of: fn(&Reads) -> u64| of(reads) - of(reads_before);
        let (messages, messages_before) = (&to.messages[number], &from.messages[number]);
        let count = |of: fn(&broker::Counts) -> u64| of(messages) - of(messages_before);
        let lost_writes = match &component.part {
            Part::Relational(part) => part.lost,
            Part::KeyValue(part) => part.lost,
            _ => 0,
        };
        let stations = run.table.stations.iter().filter(|station| station.component == number as u32);
        Self {
            kind: run.table.kinds[number].clone(),
            replicas: component.replicas,
            workers: (component.workers != UNLIMITED).then_some(component.workers),
            visits: end.arrived - begin.arrived,
            finished: end.finished - begin.finished,
            rejected: end.rejected - begin.rejected,
            dropped: end.dropped - begin.dropped,
            queue_max: end.queue_max,
            area_waiting: waiting,
            area_busy: busy,
            area_replicas: to.replicas[number] - from.replicas[number],
            begun: end.begun - begin.begun,
            waiters: end.waiters - begin.waiters,
            waits: component.waits.clone(),
            waited: end.waiting - begin.waiting,
            waited_squares: end.waiting_squares - begin.waiting_squares,
            services: end.served - begin.served,
            served: end.serving - begin.serving,
            spent: end.spent - begin.spent,
            hits: end.hits - begin.hits,
            misses: end.misses - begin.misses,
            resident: if let Part::Cache(caches) = &component.part { caches.iter().map(|cache| cache.resident()).sum() } else { 0 },
            reads: read(|reads| reads.reads),
            stale: read(|reads| reads.stale),
            behind: read(|reads| reads.behind),
            duplicates: read(|reads| reads.duplicates),
            lost_writes,
            messages: Messages {
                produced: count(|counts| counts.produced),
                deliveries: count(|counts| counts.deliveries),
                consumed: count(|counts| counts.consumed),
                redelivered: count(|counts| counts.redelivered),
                duplicates: count(|counts| counts.duplicates),
                dead: count(|counts| counts.dead),
                lost: count(|counts| counts.lost),
                backlog: messages.backlog,
                backlog_max: messages.backlog_max,
            },
            occupancy: run.series.occupancy.get(number).cloned().unwrap_or_default(),
            by_replica: stations.map(|station| station.got).collect(),
        }
    }
}
