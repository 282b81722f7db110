//! What databases and key-value stores do after their service: versions, locks, followers, quorums.
//! Their state is in `part`.

use crate::job::{Cause, MEASURED, NOT_YET, WAITING};
use crate::part::Part;
use crate::part::keyvalue::Moment;
use crate::part::rows::Kept;
use crate::part::versions::Record;
use crate::program::{Touch, Verb};
use crate::run::Run;
use crate::run::rows::Sight;
use crate::run::watching::Committed;
use crate::station::DOWN;
use crate::time::Ns;

impl Run {
    pub(super) fn at_database(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, verb, depth) = (step.to, step.verb, step.depth);
        let record = self.record(place, number);
        let now = self.now;
        let station = self.jobs.frame_of(place, depth).station;
        let component = &mut self.table.components[to as usize];
        let node = station - component.first;
        let Part::Relational(part) = &mut component.part else { return true };
        if verb == Verb::Read {
            let latest = self.versions.of(record).version;
            let seen = part.seen(record, node, latest, now);
            part.reads.read(seen, latest);
            self.jobs[place].version = seen;
            self.note_read(place, seen, latest);
            self.note_sight(place, to, record, seen, false);
            return true;
        }
        if !self.takes_effect(place, number) {
            return true;
        }
        let version = self.versions.begin(record);
        let before = self.versions.of(record).version;
        self.versions.commit(record, version, self.jobs[place].session);
        self.jobs[place].version = version;
        let component = &mut self.table.components[to as usize];
        let Part::Relational(part) = &mut component.part else { return true };
        let all_have_it = part.committed(record, version, now, &mut component.choices, &self.ziggurat);
        let group = if part.commit > 0 { part.commit - now % part.commit } else { 0 };
        let wait = if part.sync { all_have_it.max(group) } else { group };
        if self.watching.is_some() {
            let acknowledged = crate::time::later(now, wait);
            let committed = Committed { record, version, before, value_before: None, value: None, acknowledged };
            self.watch_commit(place, number, committed);
            self.watch_effect(place, number);
        }
        self.note_sight(place, to, record, version, true);
        self.leave_in_outbox(place, number, wait);
        self.settle_later(place, number, wait)
    }

    /// What a job has seen of a record at a store that counts versions only.
    fn note_sight(&mut self, place: u32, component: u32, record: Record, version: u64, wrote: bool) {
        let sight = Sight { data: record.0, plain: false, version, value: None, at: self.now, component, wrote };
        if !wrote && self.watching.is_some() {
            self.watch_read(place, record, sight);
        }
        self.sees(place, sight);
    }

    /// A request has read a record, perhaps not its latest version.
    pub(super) fn note_read(&mut self, place: u32, seen: u64, latest: u64) {
        let job = &self.jobs[place];
        if job.has(MEASURED) {
            self.tally[job.class as usize].reads.read(seen, latest);
        }
    }

    /// Waits after the service for what others must do; that time is waiting.
    pub(super) fn settle_later(&mut self, place: u32, number: u32, wait: Ns) -> bool {
        if wait == 0 {
            return true;
        }
        let slot = self.table.programs.steps[number as usize].slot;
        self.jobs.spend(place, slot, WAITING, wait);
        self.wake(place, wait, crate::agenda::CALENDAR);
        false
    }

    /// Whether a write does anything: one that may happen only once does nothing the second time.
    pub(in crate::run) fn takes_effect(&mut self, place: u32, number: u32) -> bool {
        if !self.may_repeat {
            return true;
        }
        let step = &self.table.programs.steps[number as usize];
        let once = step.modifiers.iter().any(|word| word == "once");
        if self.effects.is_first(step.to, self.jobs[place].request) {
            return true;
        }
        if !once {
            match &mut self.table.components[step.to as usize].part {
                Part::Relational(part) => part.reads.duplicates += 1,
                Part::KeyValue(part) => part.reads.duplicates += 1,
                _ => {}
            }
        }
        !once
    }

    pub(super) fn at_quorum(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, verb, depth, exit) = (step.to, step.verb, step.depth, step.exit);
        let record = self.record(place, number);
        let now = self.now;
        let station = self.jobs.frame_of(place, depth).station;
        let component = &mut self.table.components[to as usize];
        let (first, all) = (component.first, component.replicas);
        let Part::KeyValue(part) = &mut component.part else { return true };
        let home = part.home(record.1);
        let up: Vec<bool> =
            (0..part.copies).map(|copy| self.table.stations[(first + (home + copy) % all) as usize].state & DOWN == 0).collect();
        let latest = self.versions.of(record).version;
        let counts_rows = component.manner.rows && record.0 > 0;
        if let Some(cause) = self.refused_by_row(place, number, record).filter(|_| counts_rows) {
            let job = &mut self.jobs[place];
            (job.failed, job.failed_at, job.at) = (cause, to, exit);
            return true;
        }
        if verb == Verb::Write && !self.takes_effect(place, number) {
            self.jobs[place].version = 0;
            return true;
        }
        let begun = if verb == Verb::Write { self.versions.begin(record) } else { 0 };
        let component = &mut self.table.components[to as usize];
        let Part::KeyValue(part) = &mut component.part else { return true };
        let mut hidden = false;
        let wait = match verb {
            Verb::Read => part.read(record, latest, &up, now, &mut component.choices, &self.ziggurat).map(|(wait, version)| {
                part.reads.read(version, latest);
                (wait, version)
            }),
            Verb::Write => {
                let at = Moment { now, node: (station - first) as usize, up: &up };
                hidden = part.is_hidden(record, &at);
                let wait = part.write(record, begun, &at, &mut component.choices, &self.ziggurat);
                wait.map(|wait| (wait, begun))
            }
        };
        let Some((wait, version)) = wait else {
            let job = &mut self.jobs[place];
            (job.failed, job.failed_at, job.at) = (Cause::NoQuorum, to, exit);
            return true;
        };
        self.jobs[place].version = version;
        if verb == Verb::Read {
            self.note_read(place, version, latest);
        }
        if counts_rows {
            self.note_row(place, number, record, version);
        } else if verb == Verb::Read {
            self.note_sight(place, to, record, version, false);
        }
        if hidden && self.watching.is_some() {
            self.watch_hidden_write(place, number, record, version);
        }
        if wait == 0 {
            return true;
        }
        self.settle_later(place, number, wait)
    }

    /// Why a write of a row is refused: none is left to take, or it is not as its author has read it.
    fn refused_by_row(&self, place: u32, number: u32, record: Record) -> Option<Cause> {
        let latest = self.rows.latest(record);
        match self.table.programs.steps[number as usize].touch {
            Touch::Take if latest.value == Some(0) => Some(Cause::SoldOut),
            _ if !self.is_unchanged(place, number, latest.version) => Some(Cause::Changed),
            _ => None,
        }
    }

    /// What a key-value store has read or written of a row. A write that looks at the row first is
    /// made in one place, as if one copy decided.
    fn note_row(&mut self, place: u32, number: u32, record: Record, version: u64) {
        let step = &self.table.programs.steps[number as usize];
        let (verb, component) = (step.verb, step.to);
        let value = match verb {
            Verb::Read => self.rows.value(record, version),
            Verb::Write => {
                let value = self.new_value(place, number, self.rows.latest(record).value);
                let commit = self.rows.tick();
                if self.watching.is_some() && value.is_some() {
                    let latest = self.rows.latest(record);
                    let (before, value_before, acknowledged) = (latest.version, latest.value, self.now);
                    self.watch_commit(place, number, Committed { record, version, before, value_before, value, acknowledged });
                }
                self.rows.keep(record, Kept { commit, version, value }, commit);
                value
            }
        };
        let sight = Sight { data: record.0, plain: false, version, value, at: self.now, component, wrote: verb == Verb::Write };
        if verb == Verb::Read && self.watching.is_some() {
            self.watch_read(place, record, sight);
        }
        if verb == Verb::Read || value.is_some() {
            self.sees(place, sight);
        }
    }

    /// Whatever a store waited for has come.
    pub(in crate::run) fn settled(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, verb, depth) = (step.to, step.verb, step.depth);
        self.jobs[place].at += 1;
        self.finish_transaction(place, number);
        if let (Part::KeyValue(_), Verb::Write, Cause::None) = (&self.table.components[to as usize].part, verb, self.jobs[place].failed) {
            // A write counts from when enough copies have it.
            let record = self.record(place, number);
            let version = self.jobs[place].version;
            // One that was made before did nothing.
            if self.watching.is_some() && version > 0 {
                self.watch_acknowledged(place, number, record, version);
            }
            self.versions.commit(record, version, self.jobs[place].session);
        }
        if !self.table.components[to as usize].holds && self.jobs.frame_of(place, depth).arrived != NOT_YET {
            self.release(place, depth);
        }
        true
    }

    /// A key-value store acknowledges a write.
    fn watch_acknowledged(&mut self, place: u32, number: u32, record: Record, version: u64) {
        let (to, now) = (self.table.programs.steps[number as usize].to, self.now);
        let before = self.versions.of(record).version;
        let value = self.rows.value(record, version).filter(|_| self.table.components[to as usize].manner.rows);
        let value_before = value.and(self.rows.value(record, before));
        let wrote = self.sight(place, record.0, false).filter(|sight| sight.wrote && sight.version == version);
        // What it had read before it wrote is in its sight no more where rows count.
        let committed = Committed { record, version, before, value_before, value, acknowledged: now };
        if wrote.is_none() || value.is_none() {
            self.watch_commit(place, number, committed);
        }
        self.watch_effect(place, number);
        if value.is_none() {
            self.note_sight(place, to, record, version, true);
        }
    }

    /// The row that a visit had locked goes to the next who waits for it.
    pub(super) fn unlock(&mut self, place: u32, frame: &crate::job::Frame) {
        if !frame.locks {
            return;
        }
        let to = self.table.programs.steps[frame.step as usize].to;
        let record = self.record(place, frame.step);
        let Part::Relational(part) = &mut self.table.components[to as usize].part else { return };
        let Some(locks) = part.locks.as_mut() else { return };
        let Some(waiting) = locks.get_mut(&record) else { return };
        // Whoever left while it waited is still named, and so is whoever is about to crash as well.
        while let Some((next, ticket)) = waiting.pop_front() {
            let depth = self.jobs[next].depth;
            if self.jobs[next].wake == ticket && self.table.stations[self.jobs.frame_of(next, depth).station as usize].state & DOWN == 0 {
                self.jobs[next].wake = u64::MAX;
                let frame = self.jobs.frame(next, depth);
                (frame.begun, frame.locks) = (self.now, true);
                if self.serve(next, depth) {
                    self.goes_on(next);
                }
                return;
            }
        }
        locks.remove(&record);
    }

    /// The time since a job began to wait for another job is waiting.
    pub(in crate::run) fn unpark(&mut self, place: u32, number: u32) {
        let step = &self.table.programs.steps[number as usize];
        let (depth, slot) = (step.depth, step.slot);
        let frame = self.jobs.frame(place, depth);
        let waited = self.now - frame.begun;
        frame.begun = self.now;
        self.jobs.spend(place, slot, WAITING, waited);
        self.jobs[place].wake = u64::MAX;
    }
}
