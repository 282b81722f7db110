//! What makes snapshots serializable, as PostgreSQL does it (Ports and Grittner, "Serializable
//! Snapshot Isolation in PostgreSQL", VLDB 2012): a transaction that read what another then wrote
//! must come before it. Where one has such an arrow in and one out, and the last of the three
//! commits first, the order may be a circle, and one of them is aborted. Rows only: no pages, no
//! gaps in an index.

use sorted::{Tree, TreeSet};

use super::super::versions::Record;
use super::Disordered;

#[derive(Debug, Default)]
pub(super) struct Serial {
    known: Tree<u64, Known>,
    readers: Tree<Record, TreeSet<u64>>,
    /// By the number of a commit: whose it was.
    commits: Tree<u64, u64>,
    /// Moments, of preparing and committing.
    clock: u64,
}

#[derive(Debug, Default)]
struct Known {
    began: u64,
    prepared: Option<u64>,
    committed: Option<u64>,
    commit: u64,
    only_read: bool,
    doomed: bool,
    /// It must come before one that was committed before it.
    is_late: bool,
    reads: TreeSet<Record>,
    /// Those that must come before it because they read what it wrote, and the other way round.
    before: TreeSet<u64>,
    after: TreeSet<u64>,
}

impl Serial {
    pub(super) fn begin(&mut self, id: u64) {
        self.known.insert(id, Known { began: self.clock, ..Known::default() });
    }

    pub(super) fn is_doomed(&self, id: u64) -> bool {
        self.known.get(&id).is_some_and(|known| known.doomed)
    }

    /// A row was read: `writers` are about to write it, and it was committed again `since`.
    pub(super) fn looked(&mut self, me: u64, record: Record, writers: &[u64], since: &[u64]) -> Result<(), Disordered> {
        let Some(known) = self.known.get_mut(&me) else { return Ok(()) };
        known.reads.insert(record);
        self.readers.entry(record).or_default().insert(me);
        let committed = since.iter().filter_map(|commit| self.commits.get(commit).copied());
        let others: Vec<u64> = writers.iter().copied().chain(committed).filter(|other| *other != me).collect();
        others.into_iter().try_for_each(|writer| self.must_come_before(me, writer, me))
    }

    pub(super) fn wrote(&mut self, me: u64, record: Record) -> Result<(), Disordered> {
        let Some(began) = self.known.get(&me).map(|known| known.began) else { return Ok(()) };
        let overlaps = |id: &u64| {
            let other = self.known.get(id);
            *id != me && other.is_some_and(|other| other.committed.is_none_or(|at| at > began))
        };
        let readers: Vec<u64> = self.readers.get(&record).into_iter().flatten().copied().filter(overlaps).collect();
        readers.into_iter().try_for_each(|reader| self.must_come_before(reader, me, me))
    }

    fn must_come_before(&mut self, reader: u64, writer: u64, me: u64) -> Result<(), Disordered> {
        let (Some(r), Some(w)) = (self.known.get(&reader), self.known.get(&writer)) else { return Ok(()) };
        if r.doomed || w.doomed && writer != me {
            return Ok(());
        }
        let is_dangerous = self.would_be_a_pivot(r, w);
        let is_prepared = w.prepared.is_some();
        if let Some(w) = self.known.get_mut(&writer) {
            w.before.insert(reader);
        }
        if let Some(r) = self.known.get_mut(&reader) {
            r.after.insert(writer);
        }
        if !is_dangerous {
            return Ok(());
        }
        if writer == me || is_prepared {
            return Err(Disordered);
        }
        if let Some(w) = self.known.get_mut(&writer) {
            w.doomed = true;
        }
        Ok(())
    }

    /// Whether an arrow from `r` to `w` completes two in a row of which the last was first to commit.
    fn would_be_a_pivot(&self, r: &Known, w: &Known) -> bool {
        if w.committed.is_some() && w.is_late {
            return true;
        }
        let no_later = |at: u64, other: Option<u64>| other.is_none_or(|other| at <= other);
        let after_writer = w.after.iter().filter_map(|id| self.known.get(id)).any(|last| {
            let Some(at) = last.prepared else { return false };
            no_later(at, r.committed) && no_later(at, w.committed) && (!r.only_read || at <= r.began)
        });
        let before_reader = w.prepared.is_some_and(|at| {
            !r.only_read
                && r.before.iter().filter_map(|id| self.known.get(id)).any(|first| {
                    !first.doomed && first.committed.is_none_or(|committed| committed >= at) && (!first.only_read || first.began >= at)
                })
        });
        after_writer || before_reader
    }

    /// The last look before a commit: whoever would be in the middle of a circle is to give up.
    pub(super) fn prepare(&mut self, me: u64) -> Result<(), Disordered> {
        let Some(known) = self.known.get(&me) else { return Ok(()) };
        if known.doomed {
            return Err(Disordered);
        }
        let mut doomed = Vec::new();
        for near in &known.before {
            let Some(middle) = self.known.get(near).filter(|middle| middle.committed.is_none() && !middle.doomed) else { continue };
            let open = |id: &u64| self.known.get(id).is_some_and(|far| far.committed.is_none() && !far.only_read && !far.doomed);
            if middle.before.iter().any(|far| *far == me || open(far)) {
                if middle.prepared.is_some() {
                    return Err(Disordered);
                }
                doomed.push(*near);
            }
        }
        for id in doomed {
            if let Some(middle) = self.known.get_mut(&id) {
                middle.doomed = true;
            }
        }
        self.clock += 1;
        let clock = self.clock;
        if let Some(known) = self.known.get_mut(&me) {
            known.prepared = Some(clock);
        }
        Ok(())
    }

    pub(super) fn committed(&mut self, me: u64, commit: u64, wrote: bool) {
        self.clock += 1;
        let clock = self.clock;
        let committed = |id: &u64| self.known.get(id).is_some_and(|other| other.committed.is_some());
        let is_late = wrote && self.known.get(&me).is_some_and(|known| known.after.iter().any(committed));
        if let Some(known) = self.known.get_mut(&me) {
            (known.committed, known.commit, known.only_read, known.is_late) = (Some(clock), commit, !wrote, is_late);
            self.commits.insert(commit, me);
        }
        self.forget();
    }

    pub(super) fn aborted(&mut self, me: u64) {
        self.remove(me);
        self.forget();
    }

    /// A transaction that ended before all those that are open began, is of no more interest.
    fn forget(&mut self) {
        let oldest = self.known.values().filter(|known| known.committed.is_none()).map(|known| known.began).min();
        let over = |known: &Known| known.committed.is_some_and(|at| oldest.is_none_or(|oldest| at <= oldest));
        let gone: Vec<u64> = self.known.iter().filter(|(_, known)| over(known)).map(|(id, _)| *id).collect();
        gone.into_iter().for_each(|id| self.remove(id));
    }

    fn remove(&mut self, id: u64) {
        let Some(known) = self.known.remove(&id) else { return };
        self.commits.remove(&known.commit);
        for record in &known.reads {
            if let Some(readers) = self.readers.get_mut(record) {
                readers.remove(&id);
                if readers.is_empty() {
                    self.readers.remove(record);
                }
            }
        }
        for other in &known.before {
            if let Some(other) = self.known.get_mut(other) {
                other.after.remove(&id);
            }
        }
        for other in &known.after {
            if let Some(other) = self.known.get_mut(other) {
                other.before.remove(&id);
            }
        }
    }

    pub(super) fn held(&self) -> usize {
        self.known.values().map(|known| 150 + 40 * (known.reads.len() + known.before.len() + known.after.len())).sum()
    }
}
