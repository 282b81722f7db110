//! What is kept of a run over time: how everything stood when the measured window began and
//! ended, and a series of points between. Rates and areas are differences of two such moments,
//! so that nothing needs to be counted twice on the way.

use crate::histogram::Histogram;
use crate::part::Part;
use crate::part::broker;
use crate::part::versions::Reads;
use crate::station::{Account, Component, Order, UNLIMITED};
use crate::table::Table;
use crate::tally::{ClassTally, Counts};
use crate::time::{Ns, Window};

/// Points of a series.
const POINTS: u64 = 240;
/// How often at most it is looked how many are where, and how many looks that may cost in all.
const SAMPLES: u64 = 16_384;
const LOOKS: u64 = 4_000_000;
/// A queue counts as full from this share of its places on, as a mean over a point [10^-9].
const FULL: u128 = 950_000_000;
/// More at one replica are counted as so many.
const MOST_COUNTED: usize = 1_000;

/// How everything stood at a moment.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) at: Ns,
    pub(crate) accounts: Vec<Account>,
    /// How many wait; of those who share workers, all beyond the number of these.
    pub(crate) waiting: Vec<u64>,
    /// Of shared stations: the area under the number of busy workers [worker ns].
    pub(crate) shared: Vec<u128>,
    pub(crate) reads: Vec<Reads>,
    pub(crate) messages: Vec<broker::Counts>,
    /// How long the oldest message that waits has waited [ns].
    pub(crate) oldest: Vec<Ns>,
    /// The area under the number of replicas in use [replica ns].
    pub(crate) replicas: Vec<u128>,
    pub(crate) counts: Vec<Counts>,
}

impl Snapshot {
    pub(crate) fn of(table: &Table, tally: &[ClassTally], at: Ns) -> Self {
        let mut shared = vec![0; table.components.len()];
        let mut waiting: Vec<u64> =
            table.components.iter().map(|component| component.account.inside() - component.account.busy()).collect();
        for station in &table.stations {
            if let Some(sharing) = &station.shared {
                let number = station.component as usize;
                shared[number] += sharing.busy;
                waiting[number] += u64::from(sharing.here().saturating_sub(table.components[number].workers));
            }
        }
        let reads = |part: &Part| match part {
            Part::Cache(caches) => caches.iter().fold(Reads::default(), |sum, cache| sum.and(&cache.reads)),
            Part::Relational(part) => part.reads,
            Part::KeyValue(part) => part.reads,
            _ => Reads::default(),
        };
        let messages = |part: &Part| if let Part::Broker(part) = part { part.counts } else { broker::Counts::default() };
        let replicas = |component: &crate::station::Component| match &component.part {
            Part::Scaled(scaler) => scaler.area(at, component.replicas),
            _ => u128::from(component.replicas) * u128::from(at),
        };
        Self {
            at,
            accounts: table.components.iter().map(|component| component.account.clone()).collect(),
            waiting,
            shared,
            reads: table.components.iter().map(|component| reads(&component.part)).collect(),
            messages: table.components.iter().map(|component| messages(&component.part)).collect(),
            oldest: table
                .components
                .iter()
                .map(|component| if let Part::Broker(part) = &component.part { part.oldest(at) } else { 0 })
                .collect(),
            replicas: table.components.iter().map(replicas).collect(),
            counts: tally.iter().map(|tally| tally.counts).collect(),
        }
    }
}

impl Snapshot {
    /// How everything stood before anything happened.
    pub(crate) fn nothing(like: &Self) -> Self {
        Self {
            at: 0,
            accounts: vec![Account::default(); like.accounts.len()],
            waiting: vec![0; like.waiting.len()],
            shared: vec![0; like.shared.len()],
            reads: vec![Reads::default(); like.reads.len()],
            messages: vec![broker::Counts::default(); like.messages.len()],
            oldest: vec![0; like.oldest.len()],
            replicas: vec![0; like.replicas.len()],
            counts: vec![Counts::default(); like.counts.len()],
        }
    }
}

pub(crate) struct Series {
    every: Ns,
    /// Points end here as well, in order.
    moments: Vec<Ns>,
    window: Ns,
    /// By component.
    limits: Vec<Limits>,
    /// By component: how often so many were at one replica, when it was looked.
    pub(crate) occupancy: Vec<Vec<u64>>,
    /// By class: how many requests were under way.
    pub(crate) inside: Vec<Histogram>,
    pub(crate) from: Option<Snapshot>,
    pub(crate) to: Option<Snapshot>,
    last: Option<Snapshot>,
    /// What of the latencies has been told by earlier points.
    seen: Vec<crate::histogram::Seen>,
    pub(crate) points: Vec<Point>,
}

/// What happened between two moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// When it ended [ns].
    pub at: u64,
    pub classes: Vec<ClassPoint>,
    pub components: Vec<ComponentPoint>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassPoint {
    pub sent: u64,
    pub answered: u64,
    pub good: u64,
    pub failed: u64,
    pub retries: u64,
    /// Of the measured requests answered in this time [ns].
    pub p50: Option<u64>,
    pub p99: Option<u64>,
    pub mean: Option<u64>,
    /// Under way at the end of this time.
    pub inside: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComponentPoint {
    pub arrived: u64,
    pub rejected: u64,
    /// The mean number of busy workers, and of those waiting [10^-3].
    pub busy_e3: u64,
    pub waiting_e3: u64,
    /// The mean share of the workers in use that were busy [10^-9]; none if they are unlimited.
    pub utilisation_e9: Option<u64>,
    /// Whether the queue had next to no place left: 95 % of them were taken, as a mean.
    pub is_full: bool,
    /// Inside, and waiting of them, at the end of this time.
    pub inside: u64,
    pub waiting: u64,
    /// Messages that wait or are being dealt with, at the end of this time.
    pub backlog: u64,
    /// How long the oldest of those that wait has waited then [ns].
    pub oldest: u64,
    pub replicas: u32,
}

/// What a component can hold, per replica.
#[derive(Debug, Clone, Copy)]
struct Limits {
    workers: u32,
    queue: u32,
    is_shared: bool,
}

impl Limits {
    fn of(component: &Component) -> Self {
        Self { workers: component.workers, queue: component.queue, is_shared: component.order == Order::Shared }
    }

    /// Of an area under the number of busy workers and one under that of replicas [10^-9].
    fn utilisation(self, busy: u128, replicas: u128) -> Option<u64> {
        let capacity = u128::from(self.workers) * replicas;
        (self.workers != UNLIMITED && capacity > 0).then(|| share(busy, capacity))
    }

    fn is_full(self, waiting: u128, replicas: u128) -> bool {
        let places = u128::from(self.queue) * replicas;
        self.queue != UNLIMITED && places > 0 && u128::from(share(waiting, places)) >= FULL
    }
}

/// [10^-9]
fn share(part: u128, whole: u128) -> u64 {
    (part.saturating_mul(1_000_000_000) / whole) as u64
}

impl Series {
    pub(crate) fn new(table: &Table, moments: &[Ns]) -> Self {
        let window = table.window;
        let every = (window.to / POINTS).max(1);
        let mut moments = moments.to_vec();
        moments.sort_unstable();
        Self {
            every,
            moments,
            window: window.to - window.from,
            limits: table.components.iter().map(Limits::of).collect(),
            occupancy: Vec::new(),
            inside: Vec::new(),
            from: None,
            to: None,
            last: None,
            seen: Vec::new(),
            points: Vec::new(),
        }
    }

    /// So that looking costs little beside the run [ns].
    pub(crate) fn between_samples(&self, stations: usize) -> Ns {
        let samples = (LOOKS / stations.max(1) as u64).clamp(100, SAMPLES);
        // Not in step with anything that comes at round times.
        (self.window / samples).max(1) | 1
    }

    pub(crate) fn sample(&mut self, table: &Table, tally: &[ClassTally]) {
        self.occupancy.resize_with(table.components.len(), Vec::new);
        self.inside.resize_with(tally.len(), Histogram::default);
        for station in &table.stations {
            let here = ((station.busy + station.waiting) as usize).min(MOST_COUNTED);
            let counts = &mut self.occupancy[station.component as usize];
            if counts.len() <= here {
                counts.resize(here + 1, 0);
            }
            counts[here] += 1;
        }
        for (inside, tally) in self.inside.iter_mut().zip(tally) {
            inside.record(tally.counts.inside());
        }
    }

    #[cfg(debug_assertions)]
    pub(crate) fn is_over(&self) -> bool {
        self.to.is_some()
    }

    /// When the next point ends; what is waited for after the window gets as many points again.
    pub(crate) fn next_tick(&self, now: Ns, window: Window, drained: Ns) -> Ns {
        let regular = if now < window.to { (now / self.every + 1) * self.every } else { now + ((drained - window.to) / POINTS).max(1) };
        let asked = self.moments.get(self.moments.partition_point(|moment| *moment <= now));
        asked.map_or(regular, |asked| regular.min(*asked))
    }

    pub(crate) fn tick(&mut self, snapshot: Snapshot, tally: &[ClassTally]) {
        let since = self.last.as_ref().map_or(0, |last| last.at);
        let length = u128::from(snapshot.at - since).max(1);
        self.seen.resize_with(tally.len(), Default::default);
        let none = Counts::default();
        let classes = tally
            .iter()
            .enumerate()
            .map(|(number, tally)| {
                let (now, before) = (&snapshot.counts[number], self.last.as_ref().map_or(&none, |last| &last.counts[number]));
                let recent = tally.latency.since(&mut self.seen[number]);
                ClassPoint {
                    sent: now.sent - before.sent,
                    answered: now.answered - before.answered,
                    good: now.good - before.good,
                    failed: now.failed - before.failed,
                    retries: now.retries - before.retries,
                    mean: recent.map(|[mean, ..]| mean),
                    p50: recent.map(|[_, p50, _]| p50),
                    p99: recent.map(|[.., p99]| p99),
                    inside: now.inside(),
                }
            })
            .collect();
        let components = (0..snapshot.accounts.len())
            .map(|number| {
                let (now, before) = (&snapshot.accounts[number], self.last.as_ref().map(|last| &last.accounts[number]));
                let (inside, busy) = now.areas(snapshot.at);
                let (inside_before, busy_before) = before.map_or((0, 0), |before| before.areas(since));
                let (inside, busy) = (inside - inside_before, busy - busy_before);
                let shared = snapshot.shared[number] - self.last.as_ref().map_or(0, |last| last.shared[number]);
                let limits = self.limits[number];
                // All who share are at a worker; those beyond the number of workers count as waiting.
                let busy = if limits.is_shared { shared } else { busy };
                let waiting = inside.saturating_sub(busy);
                let replicas = snapshot.replicas[number] - self.last.as_ref().map_or(0, |last| last.replicas[number]);
                ComponentPoint {
                    arrived: now.arrived - before.map_or(0, |before| before.arrived),
                    rejected: now.rejected - before.map_or(0, |before| before.rejected),
                    busy_e3: (busy * 1000 / length) as u64,
                    waiting_e3: (waiting * 1000 / length) as u64,
                    utilisation_e9: limits.utilisation(busy, replicas),
                    is_full: limits.is_full(waiting, replicas),
                    inside: now.inside(),
                    waiting: snapshot.waiting[number],
                    backlog: snapshot.messages[number].backlog,
                    oldest: snapshot.oldest[number],
                    replicas: ((replicas + length / 2) / length) as u32,
                }
            })
            .collect();
        self.points.push(Point { at: snapshot.at, classes, components });
        self.last = Some(snapshot);
    }
}
