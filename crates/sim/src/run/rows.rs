//! What jobs have seen of rows, and stores that keep one copy of each: a write that its author
//! computed from what was read is only as good as that. Transactions are in
//! `special::transactions`.

use design::{Call, Document, Setting};

use super::Run;
use super::watching::Committed;
use crate::job::{Cause, NO_FRAME, RETRY, SIGHTS};
use crate::part::Part;
use crate::part::rows::Kept;
use crate::part::versions::Record;
use crate::program::{Touch, Verb};
use crate::time::Ns;

/// What a job last saw of a row, or made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) data: u16,
    /// In a store with one copy and versions of its own.
    pub(crate) plain: bool,
    pub(crate) version: u64,
    pub(crate) value: Option<u64>,
    pub(crate) at: Ns,
    pub(crate) component: u32,
    pub(crate) wrote: bool,
}

/// By data, from 1: the number that each row begins with.
pub(super) fn initial(document: &Document) -> Vec<Option<u64>> {
    let value = |data: &design::Data| match data.settings.get("value") {
        Some(Setting::Count(value)) => Some(value.0),
        _ => None,
    };
    [None].into_iter().chain(document.data.values().map(value)).collect()
}

/// By data, from 1: whether a call depends on what the request has seen of it before.
pub(super) fn sighted(document: &Document) -> Vec<bool> {
    fn compares(calls: &[Call], name: &str) -> bool {
        let of = |call: &Call| call.says("if-unchanged") && call.data.as_deref() == Some(name);
        let below = |call: &Call| [&call.then, &call.miss, &call.statements].into_iter().any(|calls| compares(calls, name));
        calls.iter().any(|call| of(call) || below(call))
    }
    let depends = |(name, data): (&String, &design::Data)| {
        data.settings.contains_key("value") || document.calls.values().any(|calls| compares(calls, name))
    };
    [false].into_iter().chain(document.data.iter().map(depends)).collect()
}

impl Run {
    /// A job has seen a row, or written it.
    pub(super) fn sees(&mut self, place: u32, sight: Sight) {
        if !self.sighted.get(usize::from(sight.data)).copied().unwrap_or(false) {
            return;
        }
        let job = &mut self.jobs[place];
        job.set(SIGHTS, true);
        let stamp = job.stamp;
        put(self.sights.entry((place, stamp)).or_default(), sight);
    }

    pub(super) fn sight(&self, place: u32, data: u16, plain: bool) -> Option<Sight> {
        let job = &self.jobs[place];
        if !job.has(SIGHTS) {
            return None;
        }
        let sights = self.sights.get(&(place, job.stamp))?;
        sights.iter().find(|sight| (sight.data, sight.plain) == (data, plain)).copied()
    }

    /// Another job goes on from where this one is, or hears what it has seen.
    pub(super) fn copy_sights(&mut self, from: u32, to: u32) {
        let Some(sights) = self.sights.get(&(from, self.jobs[from].stamp)).cloned() else { return };
        self.jobs[to].set(SIGHTS, true);
        let entry = self.sights.entry((to, self.jobs[to].stamp)).or_default();
        sights.into_iter().for_each(|sight| put(entry, sight));
    }

    pub(super) fn forget_sights(&mut self, place: u32) {
        self.sights.remove(&(place, self.jobs[place].stamp));
        self.jobs[place].set(SIGHTS, false);
    }

    /// Whether the store that a step calls has one copy of each row.
    pub(super) fn is_plain(&self, component: u32) -> bool {
        !matches!(self.table.components[component as usize].part, Part::Relational(_) | Part::KeyValue(_) | Part::Cache(_))
    }

    /// What the number will be if the code writes what it computed from what it has read: one less.
    pub(super) fn computed(&self, place: u32, number: u32) -> Option<u64> {
        let step = &self.table.programs.steps[number as usize];
        let sight = self.sight(place, step.data, self.is_plain(step.to)).filter(|_| step.touch.is_computed())?;
        sight.value.map(|value| value.saturating_sub(1))
    }

    /// Whether the code does not even try to write, having read that there is none left.
    pub(super) fn finds_none_left(&self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let sight = || self.sight(place, step.data, self.is_plain(step.to));
        step.touch.is_computed()
            && self.table.components[step.to as usize].manner.rows
            && sight().is_some_and(|sight| sight.value == Some(0))
    }

    /// The code refuses by itself: no call is made.
    #[inline(never)]
    pub(super) fn refuse_to_call(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (depth, to) = (step.depth, step.to);
        *self.jobs.frame(place, depth) = crate::job::Frame { step: number, ..NO_FRAME };
        self.jobs[place].set(RETRY, false);
        if self.is_traced(place) {
            self.trace_call_kept_back(place, depth, to, Cause::SoldOut);
        }
        self.call_failed(place, number, Cause::SoldOut, to)
    }

    /// Whether a write that is to be made only on what its author has read may be made.
    pub(super) fn is_unchanged(&self, place: u32, number: u32, latest: u64) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let sight = self.sight(place, step.data, self.is_plain(step.to));
        step.touch != Touch::WriteUnchanged || sight.is_none_or(|sight| sight.version == latest)
    }

    /// A call at a store that keeps one copy of each row has been served.
    pub(super) fn at_one_copy(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, exit, verb, touch) = (step.to, step.exit, step.verb, step.touch);
        let record: Record = (step.data, self.jobs[place].key);
        if record.0 == 0 {
            return true;
        }
        let latest = self.plain_rows.latest(record);
        let sight =
            Sight { data: record.0, plain: true, version: latest.version, value: latest.value, at: self.now, component: to, wrote: false };
        if verb == Verb::Read {
            self.sees(place, sight);
            return true;
        }
        let refused = match touch {
            Touch::Take if latest.value == Some(0) => Some(Cause::SoldOut),
            _ if !self.is_unchanged(place, number, latest.version) => Some(Cause::Changed),
            _ => None,
        };
        if let Some(cause) = refused {
            let job = &mut self.jobs[place];
            (job.failed, job.failed_at, job.at) = (cause, to, exit);
            return true;
        }
        if !self.takes_effect(place, number) {
            return true;
        }
        let value = self.new_value(place, number, latest.value);
        let (commit, version) = (self.plain_rows.tick(), latest.version + 1);
        if self.watching.is_some() {
            let (before, value_before, acknowledged) = (latest.version, latest.value, self.now);
            self.watch_commit(place, number, Committed { record, version, before, value_before, value, acknowledged });
            self.watch_effect(place, number);
        }
        self.plain_rows.keep(record, Kept { commit, version, value }, commit);
        self.sees(place, Sight { version, value, wrote: true, ..sight });
        true
    }

    /// What a write makes of the number of a row.
    pub(super) fn new_value(&self, place: u32, number: u32, before: Option<u64>) -> Option<u64> {
        match self.table.programs.steps[number as usize].touch {
            Touch::Take => before.map(|value| value.saturating_sub(1)),
            _ => before.and_then(|before| self.computed(place, number).or(Some(before))),
        }
    }

    /// About as much as all this takes [bytes].
    pub(super) fn held_of_rows(&self) -> usize {
        self.rows.held() + self.plain_rows.held()
    }

    #[cfg(debug_assertions)]
    pub(super) fn prove_sights(&self) {
        for &(place, stamp) in self.sights.keys() {
            assert!(self.jobs.is(place, stamp) && self.jobs[place].has(SIGHTS), "somebody has seen what was seen");
        }
    }
}

/// The last sight of a row counts.
fn put(sights: &mut Vec<Sight>, sight: Sight) {
    match sights.iter_mut().find(|known| (known.data, known.plain) == (sight.data, sight.plain)) {
        // Who reads what it wrote has still written it.
        Some(known) => *known = Sight { wrote: sight.wrote || known.wrote && known.version == sight.version, ..sight },
        None => sights.push(sight),
    }
}
