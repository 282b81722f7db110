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
}

/// All records that were ever written.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    latest: Lookup<Record, Latest>,
}

impl Versions {
    pub(crate) fn of(&self, record: Record) -> Latest {
        self.latest.get(&record).copied().unwrap_or_default()
    }

    /// A write is committed: its version.
    pub(crate) fn commit(&mut self, record: Record, session: u32) -> u64 {
        let latest = self.latest.entry(record).or_default();
        (latest.version, latest.session) = (latest.version + 1, session);
        latest.version
    }
}

/// Reads of a component, and how many of them were behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reads {
    pub(crate) reads: u64,
    pub(crate) stale: u64,
    /// By how many versions they were behind, in all.
    pub(crate) behind: u64,
}

impl Reads {
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.reads += other.reads;
        self.stale += other.stale;
        self.behind += other.behind;
        self
    }

    pub(crate) fn read(&mut self, seen: u64, latest: u64) {
        self.reads += 1;
        self.stale += u64::from(seen < latest);
        self.behind += latest.saturating_sub(seen);
    }
}
