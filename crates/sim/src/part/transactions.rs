//! Transactions of one database, as PostgreSQL has them: row locks that are held to the commit,
//! snapshots, who must give up because a row has changed, and circles of waits. Which of them a
//! serializable database aborts besides is in `serial`. Knows nothing of time, calls or requests.

mod serial;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use sorted::Tree;

use super::rows::{Kept, Rows};
use super::versions::Record;
use serial::Serial;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Isolation {
    ReadCommitted,
    /// Snapshot isolation, by the name that PostgreSQL gives it.
    RepeatableRead,
    Serializable,
}

impl Isolation {
    pub(crate) fn named(word: &str) -> Self {
        match word {
            "serializable" => Self::Serializable,
            "repeatable read" | "snapshot" => Self::RepeatableRead,
            _ => Self::ReadCommitted,
        }
    }
}

/// The transaction cannot be put in order with the others; it may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Disordered;

/// What a statement does to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Read,
    /// A read that keeps the row for itself.
    Lock,
    /// Writes the number that its author computed.
    Set(u64),
    /// Writes something else: the number stays.
    Touch,
    /// Lowers the number by one, if it is above zero.
    Take,
    /// Makes a row of its own.
    Insert,
}

impl Deed {
    fn locks(self) -> bool {
        matches!(self, Self::Lock | Self::Set(_) | Self::Touch | Self::Take)
    }
}

/// Why a statement could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Disordered,
    NoneLeft,
}

impl From<Disordered> for Refusal {
    fn from(_: Disordered) -> Self {
        Self::Disordered
    }
}

/// A transaction that has not ended, named by the place of its job.
#[derive(Debug, Clone, Default)]
pub(crate) struct Open {
    id: u64,
    /// The commits that it sees, once its first statement has begun.
    snapshot: Option<u64>,
    pub(crate) writes: Vec<Write>,
    held: Vec<Record>,
    waits_for: Option<Record>,
}

/// A row as it will be after the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Write {
    pub(crate) record: Record,
    pub(crate) value: Option<u64>,
}

#[derive(Debug, Default)]
struct Lock {
    holder: u32,
    /// First come first served, each with what tells that it still waits.
    waiting: VecDeque<(u32, u64)>,
}

pub(crate) struct Transactions {
    isolation: Isolation,
    open: Tree<u32, Open>,
    locks: Tree<Record, Lock>,
    serial: Serial,
    begun: u64,
}

impl Transactions {
    pub(crate) fn new(isolation: Isolation) -> Self {
        Self { isolation, open: Tree::new(), locks: Tree::new(), serial: Serial::default(), begun: 0 }
    }

    pub(crate) fn begin(&mut self, place: u32) {
        self.begun += 1;
        let open = Open { id: self.begun, ..Open::default() };
        debug_assert!(!self.open.contains_key(&place), "a job is in one transaction of a database");
        self.open.insert(place, open);
    }

    #[cfg(test)]
    pub(crate) fn is_open(&self, place: u32) -> bool {
        self.open.contains_key(&place)
    }

    #[cfg(debug_assertions)]
    pub(crate) fn places(&self) -> impl Iterator<Item = u32> + '_ {
        self.open.keys().copied()
    }

    /// A statement begins: a transaction that keeps to a snapshot takes it with its first. One that
    /// was found to stand in the way of the others fails.
    pub(crate) fn statement(&mut self, place: u32, rows: &Rows) -> Result<(), Disordered> {
        let Some(open) = self.open.get_mut(&place) else { return Ok(()) };
        if open.snapshot.is_none() {
            open.snapshot = Some(rows.commits);
            if self.isolation == Isolation::Serializable {
                self.serial.begin(open.id);
            }
        }
        if self.serial.is_doomed(open.id) { Err(Disordered) } else { Ok(()) }
    }

    /// Wants the row for itself. False if it must wait for another transaction to end.
    pub(crate) fn want(&mut self, place: u32, record: Record, ticket: u64) -> bool {
        let Some(open) = self.open.get_mut(&place) else { return true };
        match self.locks.get_mut(&record) {
            Some(lock) if lock.holder == place => true,
            Some(lock) => {
                lock.waiting.push_back((place, ticket));
                open.waits_for = Some(record);
                false
            }
            None => {
                self.locks.insert(record, Lock { holder: place, waiting: VecDeque::new() });
                open.held.push(record);
                true
            }
        }
    }

    /// Whether a statement locks its row. Who sees that there is nothing to take, does not even try.
    pub(crate) fn needs_lock(&self, place: u32, record: Record, deed: Deed, rows: &Rows) -> bool {
        deed.locks() && !(deed == Deed::Take && self.see(place, record, rows).value == Some(0))
    }

    /// Whether it waits, in the end, for itself.
    pub(crate) fn is_in_a_circle(&self, place: u32) -> bool {
        let mut at = place;
        for _ in 0..=self.open.len() {
            let waits_for = self.open.get(&at).and_then(|open| open.waits_for);
            let Some(lock) = waits_for.and_then(|record| self.locks.get(&record)) else { return false };
            at = lock.holder;
            if at == place {
                return true;
            }
        }
        false
    }

    /// What a statement sees of a row; what the transaction itself has written comes first.
    fn see(&self, place: u32, record: Record, rows: &Rows) -> Kept {
        let Some(open) = self.open.get(&place) else { return rows.latest(record) };
        let seen = match (self.isolation, open.snapshot) {
            (Isolation::ReadCommitted, _) | (_, None) => rows.latest(record),
            (_, Some(snapshot)) => rows.after(record, snapshot),
        };
        match open.writes.iter().rev().find(|write| write.record == record) {
            Some(write) => Kept { value: write.value, ..seen },
            None => seen,
        }
    }

    /// Does what a statement does, once it has the lock it needs: what it saw, or has written.
    pub(crate) fn execute(&mut self, place: u32, record: Record, deed: Deed, rows: &Rows) -> Result<Kept, Refusal> {
        if self.open.get(&place).is_some_and(|open| self.serial.is_doomed(open.id)) {
            return Err(Refusal::Disordered);
        }
        let seen = self.see(place, record, rows);
        if deed == Deed::Take && seen.value == Some(0) {
            self.looked(place, record, rows)?;
            return Err(Refusal::NoneLeft);
        }
        if deed.locks() {
            self.may_write(place, record, rows)?;
        }
        let value = match deed {
            Deed::Read | Deed::Lock => {
                self.looked(place, record, rows)?;
                return Ok(seen);
            }
            Deed::Take => seen.value.map(|value| value - 1),
            Deed::Set(value) => Some(value),
            Deed::Touch | Deed::Insert => seen.value,
        };
        self.write(place, Write { record, value })?;
        Ok(Kept { value, ..seen })
    }

    /// It has looked at a row.
    fn looked(&mut self, place: u32, record: Record, rows: &Rows) -> Result<(), Disordered> {
        if self.isolation != Isolation::Serializable {
            return Ok(());
        }
        let Some(open) = self.open.get(&place) else { return Ok(()) };
        let writes = |open: &Open| open.writes.iter().any(|write| write.record == record);
        if writes(open) {
            return Ok(());
        }
        let writers: Vec<u64> = self.open.values().filter(|other| other.id != open.id && writes(other)).map(|other| other.id).collect();
        let since: Vec<u64> = rows.since(record, open.snapshot.unwrap_or(0)).collect();
        self.serial.looked(open.id, record, &writers, &since)
    }

    /// Whether a row that it has locked may still be written: who keeps to a snapshot must not
    /// write what has changed since.
    fn may_write(&self, place: u32, record: Record, rows: &Rows) -> Result<(), Disordered> {
        let snapshot = self.open.get(&place).and_then(|open| open.snapshot);
        match (self.isolation, snapshot) {
            (Isolation::RepeatableRead | Isolation::Serializable, Some(snapshot)) if rows.latest(record).commit > snapshot => {
                Err(Disordered)
            }
            _ => Ok(()),
        }
    }

    fn write(&mut self, place: u32, write: Write) -> Result<(), Disordered> {
        let Some(open) = self.open.get_mut(&place) else { return Ok(()) };
        match open.writes.iter_mut().find(|before| before.record == write.record) {
            Some(before) => *before = write,
            None => open.writes.push(write),
        }
        if self.isolation == Isolation::Serializable { self.serial.wrote(open.id, write.record) } else { Ok(()) }
    }

    /// It is about to commit, and can from now on only be stopped by a crash.
    pub(crate) fn prepare(&mut self, place: u32) -> Result<Vec<Write>, Disordered> {
        let Some(open) = self.open.get(&place) else { return Ok(Vec::new()) };
        if self.isolation == Isolation::Serializable {
            self.serial.prepare(open.id)?;
        }
        Ok(open.writes.clone())
    }

    /// The oldest commit that an open transaction may look at.
    pub(crate) fn needed(&self, rows: &Rows) -> u64 {
        self.open.values().filter_map(|open| open.snapshot).min().unwrap_or(rows.commits)
    }

    /// It has ended, with this commit or none; the rows that it had locked.
    pub(crate) fn end(&mut self, place: u32, commit: Option<u64>) -> Vec<Record> {
        let Some(open) = self.open.remove(&place) else { return Vec::new() };
        if self.isolation == Isolation::Serializable && open.snapshot.is_some() {
            match commit {
                Some(commit) => self.serial.committed(open.id, commit, !open.writes.is_empty()),
                None => self.serial.aborted(open.id),
            }
        }
        if let Some(lock) = open.waits_for.and_then(|record| self.locks.get_mut(&record)) {
            lock.waiting.retain(|(other, _)| *other != place);
        }
        open.held
    }

    /// Hands the lock of a row to the next who still waits for it, who then goes on.
    pub(crate) fn hand_on(&mut self, record: Record, waits: impl Fn(u32, u64) -> bool) -> Option<u32> {
        let lock = self.locks.get_mut(&record)?;
        while let Some((next, ticket)) = lock.waiting.pop_front() {
            let Some(open) = self.open.get_mut(&next).filter(|_| waits(next, ticket)) else { continue };
            open.waits_for = None;
            open.held.push(record);
            lock.holder = next;
            return Some(next);
        }
        self.locks.remove(&record);
        None
    }

    /// What it remembers takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        (self.open.len() + self.locks.len()) * 200 + self.serial.held()
    }

    #[cfg(debug_assertions)]
    pub(crate) fn check(&self, name: &str) {
        for (record, lock) in &self.locks {
            let holds = self.open.get(&lock.holder).is_some_and(|open| open.held.contains(record));
            assert!(holds, "whoever holds a lock of {name} is in a transaction there");
        }
        let held: usize = self.open.values().map(|open| open.held.len()).sum();
        assert_eq!(held, self.locks.len(), "every lock of {name} is held once");
    }
}
