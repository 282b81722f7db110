//! Invariants on data: what a run is asked to watch, what it found, and the story of the first
//! violations. Watching draws nothing and changes no other part of a report. Where a run looks is
//! in `run::watching`; who asks, and what a requirement makes of it, is not here.

use std::fmt;

/// What must be true of some data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    pub data: String,
    pub invariant: Invariant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invariant {
    /// No more are sold than there were: takes, and writes of one less.
    NoOversell,
    /// A request does at a component what it does once, however often it is tried.
    OneEffect,
    /// Nobody overwrites what its author had not seen when it computed what to write.
    NoLostUpdate,
    /// What was acknowledged stays.
    NoLostWrite,
    /// A session that was told that it has written sees that, or something later.
    ReadYourWrites,
    /// A session sees nothing older than it has seen before.
    MonotonicReads,
    /// Whoever reads sees what was the latest so long ago, or something later [ns].
    StaleAtMost(u64),
    /// The same of what caches answer [ns].
    CacheStaleAtMost(u64),
    /// What was appended is dealt with, and what was written and is to be told is told.
    NoLostMessage,
    /// Messages about one key take effect in the order in which they were written.
    OrderPerKey,
}

/// As a requirement says it.
impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOversell => f.write_str("no oversell"),
            Self::OneEffect => f.write_str("at most one effect per key"),
            Self::NoLostUpdate => f.write_str("no lost update"),
            Self::NoLostWrite => f.write_str("no lost write"),
            Self::ReadYourWrites => f.write_str("read your writes"),
            Self::MonotonicReads => f.write_str("monotonic reads"),
            Self::StaleAtMost(bound) => write!(f, "stale at most {}", units::Duration(*bound)),
            Self::CacheStaleAtMost(bound) => write!(f, "cache stale at most {}", units::Duration(*bound)),
            Self::NoLostMessage => f.write_str("no lost message"),
            Self::OrderPerKey => f.write_str("order per key"),
        }
    }
}

/// What was found of one of them, over the whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    pub data: String,
    pub invariant: Invariant,
    /// How often it could have been violated, and was.
    pub checked: u64,
    pub violated: u64,
    /// The first few.
    pub violations: Vec<Violation>,
}

/// So many violations of each are told.
pub(crate) const TOLD: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// [ns]
    pub at: u64,
    /// The number of the request by which it came out, among all of its run.
    pub request: u64,
    /// What went wrong, as a sentence.
    pub what: String,
    /// How it came to that, in the order of time.
    pub story: Vec<Scene>,
}

/// Something that a request did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// [ns]
    pub at: u64,
    pub request: u64,
    /// Where several requests may belong to one session.
    pub session: Option<u64>,
    pub component: String,
    /// "reads stock: 1 left (version 499)"
    pub did: String,
}

impl Watched {
    pub(crate) fn new(watch: &Watch) -> Self {
        Self { data: watch.data.clone(), invariant: watch.invariant, checked: 0, violated: 0, violations: Vec::new() }
    }

    /// That of another run.
    pub(crate) fn add(&mut self, other: &Self) {
        self.checked += other.checked;
        self.violated += other.violated;
        let room = TOLD.saturating_sub(self.violations.len());
        self.violations.extend(other.violations.iter().take(room).cloned());
    }

    pub(crate) fn violate(&mut self, violation: impl FnOnce() -> Violation) {
        self.violated += 1;
        if self.violations.len() < TOLD {
            self.violations.push(violation());
        }
    }
}

/// "12.345 s", "345 ms", "20 min": for a sentence.
pub(crate) fn about(ns: u64) -> String {
    let (whole, part, unit) = match ns {
        0..1_000_000_000 => (ns / 1_000_000, ns / 1_000 % 1_000, "ms"),
        1_000_000_000..600_000_000_000 => (ns / 1_000_000_000, ns / 1_000_000 % 1_000, "s"),
        _ => (ns / 60_000_000_000, 0, "min"),
    };
    let part = format!(".{part:03}");
    format!("{whole}{} {unit}", part.trim_end_matches('0').trim_end_matches('.'))
}
