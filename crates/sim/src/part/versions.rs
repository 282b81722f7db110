//! What is true of every record, whatever copies say: its latest version. Stores compare with it
//! to know that an answer was stale.

use crate::keys::Lookup;

/// Data and key.
pub(crate) type Record = (u16, u64);

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Latest {
    /// Of the last committed write; 0 where there was none.
    pub(crate) version: u64,
    /// Who made it.
    pub(crate) session: u32,
    /// Of the last write that has begun.
    given: u64,
}

/// All records that were ever written.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    latest: Lookup<Record, Latest>,
}

impl Versions {
    /// What it remembers takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        self.latest.len() * 64
    }

    pub(crate) fn of(&self, record: Record) -> Latest {
        self.latest.get(&record).copied().unwrap_or_default()
    }

    /// A write begins: its version. Writes that overlap are settled in this order.
    pub(crate) fn begin(&mut self, record: Record) -> u64 {
        let latest = self.latest.entry(record).or_default();
        latest.given += 1;
        latest.given
    }

    /// A write is committed.
    pub(crate) fn commit(&mut self, record: Record, version: u64, session: u32) {
        let latest = self.latest.entry(record).or_default();
        if version > latest.version {
            (latest.version, latest.session) = (version, session);
        }
    }
}

/// What writes have done for a request: so that the same one, tried again, is known.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    done: Lookup<(u32, u64), ()>,
    order: std::collections::VecDeque<(u32, u64)>,
}

/// So many requests back an effect is remembered.
const REMEMBERED: usize = 1_000_000;

impl Effects {
    /// Whether this is the first time that a request has this effect on a component.
    pub(crate) fn is_first(&mut self, component: u32, request: u64) -> bool {
        if self.done.insert((component, request), ()).is_some() {
            return false;
        }
        self.order.push_back((component, request));
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.done.remove(&oldest);
        }
        true
    }
}

/// Reads of a component, and how many of them were behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) reads: u64,
    pub(crate) stale: u64,
    /// By how many versions they were behind, in all.
    pub(crate) behind: u64,
    /// Writes whose effect there had been before.
    pub(crate) duplicates: u64,
}

impl Reads {
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.reads += other.reads;
        self.stale += other.stale;
        self.behind += other.behind;
        self.duplicates += other.duplicates;
        self
    }

    pub(crate) fn read(&mut self, seen: u64, latest: u64) {
        self.reads += 1;
        self.stale += u64::from(seen < latest);
        self.behind += latest.saturating_sub(seen);
    }
}
