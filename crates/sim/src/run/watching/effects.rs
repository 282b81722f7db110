//! Effects that are watched: what is done twice, at components that keep no versions as well, and
//! writes that are lost.

use super::{Committed, Did, Note, REMEMBERED, Watching};
use crate::part::Part;
use crate::part::versions::Record;
use crate::program::{Touch, Verb};
use crate::run::Run;
use crate::run::rows::Sight;
use crate::time::Ns;
use crate::watch::{Invariant, Violation};

impl Run {
    /// A call has done what it does, at a component that keeps no versions.
    #[inline(never)]
    pub(in crate::run) fn watch_served(&mut self, place: u32, number: u32) {
        let step = &self.table.programs.steps[number as usize];
        let (to, data, verb, touch) = (step.to, step.data, step.verb, step.touch);
        let failed = self.jobs[place].failed != crate::job::Cause::None;
        if data == 0 || failed || !self.is_watched(data) {
            return;
        }
        let component = &self.table.components[to as usize];
        if matches!(component.part, Part::Relational(_) | Part::KeyValue(_) | Part::Cache(_) | Part::Broker(_)) || component.manner.rows {
            return;
        }
        let record = (data, self.jobs[place].key);
        if matches!(self.table.kinds[to as usize].as_str(), "document" | "objects" | "relational" | "keyvalue") {
            let version = self.watching.as_ref().and_then(|watching| watching.records.get(&record)).map_or(0, |history| history.plain);
            let sight = Sight { data, plain: true, version, value: None, at: self.now, component: to, wrote: false };
            if verb == Verb::Read {
                return self.sees(place, sight);
            }
            if touch != Touch::Insert {
                let (before, version, acknowledged) = (version, version + 1, self.now);
                self.watch_commit(place, number, Committed { record, version, before, value_before: None, value: None, acknowledged });
                if let Some(history) = self.watching.as_mut().and_then(|watching| watching.records.get_mut(&record)) {
                    history.plain = version;
                }
                self.sees(place, Sight { version, wrote: true, ..sight });
            }
        }
        if verb == Verb::Write {
            self.watch_effect(place, number);
        }
    }

    /// A request has had an effect, which it may have had before.
    pub(in crate::run) fn watch_effect(&mut self, place: u32, number: u32) {
        if !self.is_watched(self.table.programs.steps[number as usize].data) {
            return;
        }
        if let Some(mut watching) = self.watching.take() {
            self.look_at_effect(&mut watching, place, number);
            self.watching = Some(watching);
        }
    }

    fn look_at_effect(&self, watching: &mut Watching, place: u32, number: u32) {
        let step = &self.table.programs.steps[number as usize];
        let rules = watching.wanted(step.data, |invariant| invariant == Invariant::OneEffect);
        if rules.is_empty() {
            return;
        }
        let (job, now) = (&self.jobs[place], self.now);
        let attempt = self.jobs.frame_of(place, step.depth).attempts;
        let note = self.note(job, now, step.to, Did::Effect { step: number, attempt, receives: self.receives(job) });
        let key = (number, job.request);
        let (times, first) = watching.effects.entry(key).or_insert((0, note));
        if *times == 0 {
            watching.order.push_back(key);
        }
        // What is done once whatever happens, is known by the key of the request.
        let is_once = step.modifiers.iter().any(|word| word == "once");
        *times += u64::from(!is_once || *times == 0);
        let (times, first, record) = (*times, *first, (step.data, job.key));
        for rule in rules {
            let found = &mut watching.found[rule];
            found.checked += 1;
            if times > step.most {
                found.violate(|| {
                    let (row, name) = (self.row_name(record), &self.table.names[step.to as usize]);
                    let what = format!("Request {} had its effect on {row} at {name} {times} times.", job.request);
                    let story = vec![self.tell(&first, record), self.tell(&note, record)];
                    Violation { at: now, request: job.request, what, story }
                });
            }
        }
        if watching.order.len() > REMEMBERED
            && let Some(oldest) = watching.order.pop_front()
        {
            watching.effects.remove(&oldest);
        }
    }

    /// Another leader has taken over, without these writes.
    pub(in crate::run) fn watch_lost_writes(&mut self, component: u32, lost: &[(Record, u64)], crashed: Ns) {
        let Some(mut watching) = self.watching.take() else { return };
        let (now, name) = (self.now, &self.table.names[component as usize]);
        for &(record, version) in lost {
            let deeds = watching.records.get(&record).map(|history| &history.deeds);
            let deed = deeds.and_then(|deeds| deeds.iter().find(|deed| deed.version == version)).copied();
            // Whoever was not yet told that it had written has lost nothing.
            if deed.is_some_and(|deed| deed.acknowledged > crashed) {
                continue;
            }
            let by_itself = |at, did| Note { at, request: 0, session: None, component, did };
            let ends = [by_itself(crashed, Did::Crash), by_itself(now, Did::TakeOverWithout { version })];
            let notes = || deed.map(|deed| deed.note).into_iter().chain(ends);
            for rule in watching.wanted(record.0, |invariant| invariant == Invariant::NoLostWrite) {
                watching.found[rule].violate(|| {
                    let row = self.row_name(record);
                    let what =
                        format!("Version {version} of {row} had been acknowledged, and was lost when another replica of {name} took over.");
                    Violation { at: now, request: deed.map_or(0, |deed| deed.note.request), what, story: self.story(notes(), record) }
                });
            }
            // What was sold is there again.
            if let Some(history) = watching.records.get_mut(&record).filter(|history| history.twice.is_empty()) {
                history.twice.extend(notes());
            }
        }
        self.watching = Some(watching);
    }

    /// An acknowledged write that nobody will ever see: another has a later time stamp.
    pub(in crate::run) fn watch_hidden_write(&mut self, place: u32, number: u32, record: Record, version: u64) {
        let Some(mut watching) = self.watching.take() else { return };
        let (now, to) = (self.now, self.table.programs.steps[number as usize].to);
        let note = self.note(&self.jobs[place], now, to, Did::WriteBehind { version });
        let before = watching.records.get(&record).and_then(|history| history.deeds.back()).map(|deed| deed.note);
        for rule in watching.wanted(record.0, |invariant| invariant == Invariant::NoLostWrite) {
            watching.found[rule].violate(|| {
                let row = self.row_name(record);
                let what = format!("Version {version} of {row} was acknowledged, and an older one is kept: the clocks differ.");
                let story = before.into_iter().chain([note]).map(|note| self.tell(&note, record)).collect();
                Violation { at: now, request: note.request, what, story }
            });
        }
        self.watching = Some(watching);
    }
}
