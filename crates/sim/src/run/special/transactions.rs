//! Calls at a database as transactions: statements one after the other on one connection, each
//! with its lock and its service, then the commit. Who waits for whom, and who must give up, is in
//! `part::transactions`.

use super::PARKED;
use crate::job::{Cause, Frame, NETWORK, WAITING};
use crate::part::Part;
use crate::part::relational::{Relational, Work};
use crate::part::rows::Kept;
use crate::part::transactions::{Deed, Refusal};
use crate::part::versions::Record;
use crate::program::{Step, Touch, Verb};
use crate::run::rows::Sight;
use crate::run::watching::Committed;
use crate::run::{Action, Run};
use crate::station::DOWN;
use crate::time::Ns;

/// After so long a wait PostgreSQL looks whether it is for itself (`deadlock_timeout`) [ns].
const SUSPICIOUS: Ns = 1_000_000_000;
/// Tells effects of a step from those of a component.
const OF_A_STEP: u32 = 1 << 31;

impl Run {
    /// The database of a step, if calls are transactions there.
    fn database(&mut self, component: u32) -> Option<&mut Relational> {
        match &mut self.table.components[component as usize].part {
            Part::Relational(part) if part.transactions.is_some() => Some(part),
            _ => None,
        }
    }

    fn work(&mut self, place: u32, component: u32) -> Option<&mut Work> {
        self.database(component)?.works.get_mut(&place)
    }

    /// The statement that a visit is at; the call itself where it is no transaction.
    pub(in crate::run) fn statement_of(&self, place: u32, number: u32) -> &Step {
        let steps = &self.table.programs.steps;
        let step = &steps[number as usize];
        match &self.table.components[step.to as usize].part {
            Part::Relational(part) => match part.works.get(&place).filter(|work| work.step == number) {
                Some(work) => &steps[(step.statements.0 + work.at.min(step.statements.1 - 1)) as usize],
                None => step,
            },
            _ => step,
        }
    }

    /// A connection is there: the transaction begins.
    pub(super) fn begin_transaction(&mut self, place: u32, depth: u8) -> bool {
        let frame = *self.jobs.frame_of(place, depth);
        let to = self.table.programs.steps[frame.step as usize].to;
        let Some(part) = self.database(to) else { return true };
        if let Some(transactions) = &mut part.transactions {
            transactions.begin(place);
        }
        part.works.insert(place, Work::new(frame.step, frame.arrived));
        self.next_statement(place, frame.step)
    }

    /// The next statement that is made at all begins. True if the job goes on at once.
    fn next_statement(&mut self, place: u32, number: u32) -> bool {
        let (to, statements) = (self.table.programs.steps[number as usize].to, self.table.programs.steps[number as usize].statements);
        loop {
            let Some(work) = self.work(place, to) else { return true };
            if work.at == statements.1 {
                return true;
            }
            let statement = statements.0 + work.at;
            // The chance of a call that is no transaction was drawn before it was made.
            if statement == number || self.draws(place, self.table.programs.steps[statement as usize].billionths) {
                break;
            }
            if let Some(work) = self.work(place, to) {
                work.at += 1;
            }
        }
        let step = self.statement_of(place, number);
        let (data, touch) = (step.data, step.touch);
        let statement = self.present_statement(place, number);
        if self.finds_none_left(place, statement) {
            return self.fail_transaction(place, number, Cause::SoldOut);
        }
        let record = (data, self.jobs[place].key);
        let ticket = PARKED | (self.parks + 1);
        let Part::Relational(part) = &mut self.table.components[to as usize].part else { return true };
        let Some(transactions) = &mut part.transactions else { return true };
        if transactions.statement(place, &self.rows).is_err() {
            return self.fail_transaction(place, number, Cause::Serialization);
        }
        if data > 0 && locks(touch) && !transactions.want(place, record, ticket) {
            self.parks += 1;
            self.jobs[place].wake = ticket;
            self.after(SUSPICIOUS, Action::Deadlock { job: place, ticket });
            return false;
        }
        self.execute_statement(place, number)
    }

    /// The step that the present statement is.
    fn present_statement(&mut self, place: u32, number: u32) -> u32 {
        let step = &self.table.programs.steps[number as usize];
        let (to, (first, count)) = (step.to, step.statements);
        self.work(place, to).map_or(number, |work| first + work.at.min(count - 1))
    }

    /// It has the lock that it needs: what it sees and writes is settled now, and takes its time.
    fn execute_statement(&mut self, place: u32, number: u32) -> bool {
        let statement = self.present_statement(place, number);
        let step = &self.table.programs.steps[statement as usize];
        let (to, data, touch, depth) = (step.to, step.data, step.touch, step.depth);
        let record = (data, self.jobs[place].key);
        let refused = if touch == Touch::Read && statement == number && self.reads_behind(place, number, record) {
            None
        } else {
            let changed = data > 0 && !self.is_unchanged(place, statement, self.rows.latest(record).version);
            let deed = self.deed(place, statement);
            let Part::Relational(part) = &mut self.table.components[to as usize].part else { return true };
            let Some(transactions) = &mut part.transactions else { return true };
            match if data > 0 { transactions.execute(place, record, deed, &self.rows) } else { Ok(Kept::default()) } {
                _ if changed => Some(Cause::Changed),
                Ok(kept) => {
                    self.note_statement(place, statement, record, kept);
                    None
                }
                Err(Refusal::NoneLeft) => Some(Cause::SoldOut),
                Err(Refusal::Disordered) => return self.fail_transaction(place, number, Cause::Serialization),
            }
        };
        if let Some(work) = self.work(place, to) {
            work.refused = refused;
        }
        self.serve(place, depth)
    }

    fn deed(&self, place: u32, statement: u32) -> Deed {
        match self.table.programs.steps[statement as usize].touch {
            Touch::Read => Deed::Read,
            Touch::Lock => Deed::Lock,
            Touch::Take => Deed::Take,
            Touch::Insert => Deed::Insert,
            Touch::Write | Touch::WriteUnchanged => self.computed(place, statement).map_or(Deed::Touch, Deed::Set),
        }
    }

    /// A read at a follower that does not have the latest version.
    fn reads_behind(&mut self, place: u32, number: u32, record: Record) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, depth, now) = (step.to, step.depth, self.now);
        let station = self.jobs.frame_of(place, depth).station;
        let latest = self.versions.of(record).version;
        let component = &mut self.table.components[to as usize];
        let node = station - component.first;
        let Part::Relational(part) = &mut component.part else { return false };
        let seen = part.seen(record, node, latest, now);
        if seen >= latest {
            return false;
        }
        let value = self.rows.value(record, seen);
        self.note_seen(place, to, record, Kept { commit: 0, version: seen, value });
        true
    }

    /// What a statement has seen or is about to write.
    fn note_statement(&mut self, place: u32, statement: u32, record: Record, kept: Kept) {
        let step = &self.table.programs.steps[statement as usize];
        let (to, verb) = (step.to, step.verb);
        if verb == Verb::Read {
            // Whoever sees what is there now, sees the latest version, wherever that was written.
            let is_latest = kept.commit == self.rows.latest(record).commit;
            let version = if is_latest { self.versions.of(record).version } else { kept.version };
            return self.note_seen(place, to, record, Kept { version, ..kept });
        }
        if let Some(work) = self.work(place, to) {
            work.done.push(statement);
        }
    }

    fn note_seen(&mut self, place: u32, to: u32, record: Record, kept: Kept) {
        let latest = self.versions.of(record).version;
        if let Part::Relational(part) = &mut self.table.components[to as usize].part {
            part.reads.read(kept.version, latest);
        }
        self.jobs[place].version = kept.version;
        self.note_read(place, kept.version, latest);
        let (data, at) = (record.0, self.now);
        let sight = Sight { data, plain: false, version: kept.version, value: kept.value, at, component: to, wrote: false };
        if self.watching.is_some() {
            self.watch_read(place, record, sight);
        }
        self.sees(place, sight);
    }

    /// A statement has been served, or its lock has come, or it has arrived.
    pub(in crate::run) fn statement(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, depth, slot, count) = (step.to, step.depth, step.slot, step.statements.1);
        let now = self.now;
        let Some(work) = self.work(place, to) else { return true };
        if std::mem::take(&mut work.has_lock) {
            self.jobs.frame(place, depth).begun = now;
            return self.execute_statement(place, number);
        }
        let travels = std::mem::take(&mut work.travels);
        if travels && self.is_abandoned(place, depth, count) {
            return self.fail_transaction(place, number, Cause::TimedOut);
        }
        let Some(work) = self.work(place, to) else { return true };
        if travels {
            work.since = now;
            self.jobs.frame(place, depth).begun = now;
            return self.next_statement(place, number);
        }
        if work.at == count {
            return self.commit(place, number);
        }
        let (since, refused) = (std::mem::replace(&mut work.since, now), work.refused);
        // Where workers are shared, the beginning is reckoned from the end, and rounded.
        let begun = self.jobs.frame_of(place, depth).begun.max(since);
        let (waited, served) = (begun - since, now - begun);
        self.table.components[to as usize].account.serve(served);
        if waited + served > 0 {
            self.jobs.spend_here(place, slot, waited, served);
        }
        if self.fails_by_chance(to) {
            return self.fail_transaction(place, number, Cause::Error);
        }
        if let Some(cause) = refused {
            return self.fail_transaction(place, number, cause);
        }
        if self.is_abandoned(place, depth, count) {
            return self.fail_transaction(place, number, Cause::TimedOut);
        }
        self.after_statement(place, number)
    }

    /// Whether nobody is left who would send the next statement, or the commit. What is one
    /// statement by itself needs nobody.
    fn is_abandoned(&self, place: u32, depth: u8, count: u32) -> bool {
        count > 1 && self.jobs[place].floor == depth
    }

    /// On to the next statement, if there is one, over the network.
    fn after_statement(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, depth, slot, count) = (step.to, step.depth, step.slot, step.statements.1);
        let station = self.jobs.frame_of(place, depth).station;
        let hop = self.table.hops[number as usize];
        let trip = hop.there + hop.back + 2 * self.distance(place, depth, station);
        let Some(work) = self.work(place, to) else { return true };
        work.at += 1;
        if work.at == count {
            return self.commit(place, number);
        }
        work.travels = true;
        if trip == 0 {
            return true;
        }
        self.jobs.spend(place, slot, NETWORK, trip);
        self.wake(place, trip, crate::agenda::CALENDAR);
        false
    }

    /// All statements are done. What was written counts once it is durable.
    fn commit(&mut self, place: u32, number: u32) -> bool {
        let to = self.table.programs.steps[number as usize].to;
        let now = self.now;
        self.note_message_served(place, number);
        let Part::Relational(part) = &mut self.table.components[to as usize].part else { return true };
        let Some(transactions) = &mut part.transactions else { return true };
        let Ok(writes) = transactions.prepare(place) else {
            return self.fail_transaction(place, number, Cause::Serialization);
        };
        let mut wait = 0;
        for write in writes {
            let version = self.versions.begin(write.record);
            let component = &mut self.table.components[to as usize];
            let Part::Relational(part) = &mut component.part else { return true };
            let all_have_it = part.committed(write.record, version, now, &mut component.choices, &self.ziggurat);
            let group = if part.commit > 0 { part.commit - now % part.commit } else { 0 };
            wait = wait.max(if part.sync { all_have_it.max(group) } else { group });
            if let Some(work) = part.works.get_mut(&place) {
                work.writes.push((write, version));
            }
        }
        self.jobs[place].at += 1;
        self.settle_later(place, number, wait)
    }

    /// The transaction is durable: others see what it wrote, and have its locks.
    pub(super) fn finish_transaction(&mut self, place: u32, number: u32) {
        let to = self.table.programs.steps[number as usize].to;
        let Some(work) = self.work(place, to).cloned() else { return };
        let mut commit = None;
        if self.is_done_once_more(place, to, &work.done) {
            self.end_transaction(place, to, None);
            return;
        }
        for (write, version) in &work.writes {
            let commit = *commit.get_or_insert_with(|| self.rows.tick());
            let Part::Relational(part) = &self.table.components[to as usize].part else { return };
            let needed = part.transactions.as_ref().map_or(commit, |transactions| transactions.needed(&self.rows));
            let kept = Kept { commit, version: *version, value: write.value };
            if self.watching.is_some() {
                self.watch_transaction(place, &work.done, write.record, kept);
            }
            self.rows.keep(write.record, kept, needed);
            self.versions.commit(write.record, *version, self.jobs[place].session);
            self.jobs[place].version = *version;
            let (data, at) = (write.record.0, self.now);
            self.sees(place, Sight { data, plain: false, version: *version, value: write.value, at, component: to, wrote: true });
        }
        let commit = commit.unwrap_or(self.rows.commits);
        for statement in work.done {
            if self.watching.is_some() {
                self.watch_effect(place, statement);
            }
            self.leave_in_outbox(place, statement, 0);
        }
        self.end_transaction(place, to, Some(commit));
    }

    /// A row is committed: by the last statement that wrote it.
    fn watch_transaction(&mut self, place: u32, done: &[u32], record: Record, kept: Kept) {
        let of_row = |statement: &&u32| self.table.programs.steps[**statement as usize].data == record.0;
        let Some(&statement) = done.iter().rev().find(of_row) else { return };
        let (latest, before) = (self.rows.latest(record), self.versions.of(record).version);
        let (version, value_before, value) = (kept.version, latest.value, kept.value);
        self.watch_commit(place, statement, Committed { record, version, before, value_before, value, acknowledged: self.now });
    }

    /// Whether the transaction has a write that is made once, and was: then it does nothing.
    fn is_done_once_more(&mut self, place: u32, to: u32, done: &[u32]) -> bool {
        if !self.may_repeat {
            return false;
        }
        let request = self.jobs[place].request;
        let is_once = |step: &Step| step.modifiers.iter().any(|word| word == "once");
        let mut again = 0;
        for &statement in done {
            let is_first = self.effects.is_first(statement | OF_A_STEP, request);
            if !is_first && is_once(&self.table.programs.steps[statement as usize]) {
                return true;
            }
            again += u64::from(!is_first);
        }
        if let Some(part) = self.database(to) {
            part.reads.duplicates += again;
        }
        false
    }

    /// The transaction comes to nothing, and so does the call.
    fn fail_transaction(&mut self, place: u32, number: u32, cause: Cause) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, exit, slot, depth) = (step.to, step.exit, step.slot, step.depth);
        let now = self.now;
        self.note_message_served(place, number);
        let waited = self.work(place, to).map_or(0, |work| now - work.since);
        self.jobs.spend(place, slot, WAITING, waited);
        self.jobs.frame(place, depth).begun = now;
        self.end_transaction(place, to, None);
        let job = &mut self.jobs[place];
        (job.failed, job.failed_at, job.at) = (cause, to, exit);
        true
    }

    /// Locks go to those who wait for them.
    pub(super) fn end_transaction(&mut self, place: u32, component: u32, commit: Option<u64>) {
        let Some(part) = self.database(component) else { return };
        part.works.remove(&place);
        let held = part.transactions.as_mut().map_or_else(Vec::new, |transactions| transactions.end(place, commit));
        held.into_iter().for_each(|record| self.hand_on_lock(component, record));
    }

    fn hand_on_lock(&mut self, component: u32, record: Record) {
        let (jobs, stations) = (&self.jobs, &self.table.stations);
        // Whoever is about to crash as well gets nothing.
        let waits = |job: u32, ticket: u64| {
            let station = jobs.frame_of(job, jobs[job].depth).station;
            jobs[job].wake == ticket && stations[station as usize].state & DOWN == 0
        };
        let Part::Relational(part) = &mut self.table.components[component as usize].part else { return };
        let Some(next) = part.transactions.as_mut().and_then(|transactions| transactions.hand_on(record, waits)) else { return };
        if let Some(work) = part.works.get_mut(&next) {
            work.has_lock = true;
        }
        self.goes_on(next);
    }

    /// A transaction has waited for a second: if it waits for itself, it gives up.
    pub(in crate::run) fn look_for_a_circle(&mut self, place: u32, ticket: u64) {
        if self.jobs[place].wake != ticket {
            return;
        }
        let Frame { step, .. } = *self.jobs.frame_of(place, self.jobs[place].depth);
        let to = self.table.programs.steps[step as usize].to;
        let is_in_a_circle = |part: &mut Relational| part.transactions.as_ref().is_some_and(|all| all.is_in_a_circle(place));
        if self.database(to).is_some_and(is_in_a_circle) {
            self.fail_transaction(place, step, Cause::Deadlock);
            self.goes_on(place);
        }
    }
}

fn locks(touch: Touch) -> bool {
    !matches!(touch, Touch::Read | Touch::Insert)
}
