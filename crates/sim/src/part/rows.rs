//! What rows hold: the number that each began with and what became of it, as far back as somebody
//! may still look. Which version is the latest is known to `versions`; who may write, to
//! `transactions`.

use std::collections::VecDeque;

use super::versions::Record;
use crate::keys::Lookup;

/// So many versions of a row are kept, besides those that an open transaction may still read.
const KEPT: usize = 64;

/// One version of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kept {
    /// The number of its commit among all; 0 for what was there from the start.
    pub(crate) commit: u64,
    pub(crate) version: u64,
    /// None where the data has no value.
    pub(crate) value: Option<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// By data, counted from 1: what each row begins with.
    initial: Vec<Option<u64>>,
    /// Commits so far.
    pub(crate) commits: u64,
    rows: Lookup<Record, VecDeque<Kept>>,
}

impl Rows {
    pub(crate) fn new(initial: Vec<Option<u64>>) -> Self {
        Self { initial, ..Self::default() }
    }

    pub(crate) fn first(&self, record: Record) -> Kept {
        Kept { value: self.initial.get(usize::from(record.0)).copied().flatten(), ..Kept::default() }
    }

    pub(crate) fn latest(&self, record: Record) -> Kept {
        self.rows.get(&record).and_then(VecDeque::back).copied().unwrap_or_else(|| self.first(record))
    }

    /// What stood there after so many commits.
    pub(crate) fn after(&self, record: Record, commit: u64) -> Kept {
        let kept = self.rows.get(&record).and_then(|kept| kept.iter().rev().find(|kept| kept.commit <= commit));
        kept.copied().unwrap_or_else(|| self.first(record))
    }

    /// What a reader sees who has this version, from wherever.
    pub(crate) fn value(&self, record: Record, version: u64) -> Option<u64> {
        let kept = self.rows.get(&record).and_then(|kept| kept.iter().rev().find(|kept| kept.version <= version));
        kept.copied().unwrap_or_else(|| self.first(record)).value
    }

    /// The commits of this record after so many.
    pub(crate) fn since(&self, record: Record, commit: u64) -> impl Iterator<Item = u64> + '_ {
        self.rows.get(&record).into_iter().flatten().map(|kept| kept.commit).filter(move |at| *at > commit)
    }

    /// One more commit: its number.
    pub(crate) fn tick(&mut self) -> u64 {
        self.commits += 1;
        self.commits
    }

    /// Keeps a version; `needed` is the oldest commit that somebody may still look at.
    pub(crate) fn keep(&mut self, record: Record, kept: Kept, needed: u64) {
        let first = self.first(record);
        let row = self.rows.entry(record).or_insert_with(|| VecDeque::from([first]));
        row.push_back(kept);
        while row.len() > KEPT && row[1].commit <= needed {
            row.pop_front();
        }
    }

    /// What it remembers takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        self.rows.len() * 128
    }
}
