//! Effects that are watched: what is done twice, at components that keep no versions as well, and
//! writes that are lost.

use super::{Committed, REMEMBERED};
use crate::job::NONE;
use crate::part::Part;
use crate::part::versions::Record;
use crate::program::{Step, Touch, Verb};
use crate::run::Run;
use crate::run::rows::Sight;
use crate::table::Table;
use crate::time::Ns;
use crate::watch::{Invariant, Scene, Violation};

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
        let step = &self.table.programs.steps[number as usize];
        let (to, data, most, depth) = (step.to, step.data, step.most, step.depth);
        let Some(watching) = &self.watching else { return };
        let rules = watching.wanted(data, |invariant| invariant == Invariant::OneEffect);
        if rules.is_empty() {
            return;
        }
        let is_once = step.modifiers.iter().any(|word| word == "once");
        let (verb, row) = (verb_of(step, self.experiment.document.document(), &self.table), self.row_name((data, self.jobs[place].key)));
        let attempt = self.jobs.frame_of(place, depth).attempts;
        let job = &self.jobs[place];
        let try_of = match (attempt, job.message) {
            (1.., _) => format!(", attempt {attempt}"),
            (_, NONE) => String::new(),
            (_, message) => self.delivery_of(job.message_of, message),
        };
        let scene = self.scene(job, self.now, to, format!("{verb} {row}{try_of}"));
        let (request, now) = (job.request, self.now);
        let name = self.table.names[to as usize].clone();
        let Some(watching) = &mut self.watching else { return };
        let key = (number, request);
        let (times, first) = watching.effects.entry(key).or_insert_with(|| (0, scene.clone()));
        if *times == 0 {
            watching.order.push_back(key);
        }
        // What is done once whatever happens, is known by the key of the request.
        *times += u64::from(!is_once || *times == 0);
        let (times, first) = (*times, first.clone());
        for rule in rules {
            let found = &mut watching.found[rule];
            found.checked += 1;
            if times > most {
                let what = format!("Request {request} had its effect on {row} at {name} {times} times.");
                found.violate(|| Violation { at: now, request, what, story: vec![first.clone(), scene.clone()] });
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
        let names: Vec<String> = lost.iter().map(|(record, _)| self.row_name(*record)).collect();
        let (now, name) = (self.now, self.table.names[component as usize].clone());
        let Some(watching) = &mut self.watching else { return };
        for ((record, version), row) in lost.iter().zip(names) {
            let rules = watching.wanted(record.0, |invariant| invariant == Invariant::NoLostWrite);
            let deed = watching.records.get(record).and_then(|history| history.deeds.iter().find(|deed| deed.version == *version));
            // Whoever was not yet told that it had written has lost nothing.
            if deed.is_some_and(|deed| deed.acknowledged > crashed) {
                continue;
            }
            for rule in rules {
                let what =
                    format!("Version {version} of {row} had been acknowledged, and was lost when another replica of {name} took over.");
                let scene = |at, did: &str| Scene { at, request: 0, session: None, component: name.clone(), did: did.into() };
                let mut story: Vec<Scene> = deed.iter().map(|deed| deed.scene.clone()).collect();
                story.push(scene(crashed, "its leader crashes"));
                story.push(scene(now, &format!("a follower leads that does not have version {version} of {row}")));
                let request = deed.map_or(0, |deed| deed.scene.request);
                watching.found[rule].violate(|| Violation { at: now, request, what, story });
            }
        }
    }

    /// An acknowledged write that nobody will ever see: another has a later time stamp.
    pub(in crate::run) fn watch_hidden_write(&mut self, place: u32, number: u32, record: Record, version: u64) {
        let step = &self.table.programs.steps[number as usize];
        let row = self.row_name(record);
        let did = format!("writes {row}: version {version}, with a clock that is behind that of the write before");
        let (scene, now) = (self.scene(&self.jobs[place], self.now, step.to, did), self.now);
        let Some(watching) = &mut self.watching else { return };
        for rule in watching.wanted(record.0, |invariant| invariant == Invariant::NoLostWrite) {
            let before = watching.records.get(&record).and_then(|history| history.deeds.back()).map(|deed| deed.scene.clone());
            let what = format!("Version {version} of {row} was acknowledged, and an older one is kept: the clocks differ.");
            let story = before.into_iter().chain([scene.clone()]).collect();
            watching.found[rule].violate(|| Violation { at: now, request: scene.request, what, story });
        }
    }
}

/// "inserts", "charges": what the call asks for.
fn verb_of(step: &Step, document: &design::Document, table: &Table) -> String {
    fn find<'a>(calls: &'a [design::Call], to: &str, modifiers: &[String], data: &str) -> Option<&'a str> {
        calls.iter().find_map(|call| {
            let is_it = call.to == to && call.modifiers == modifiers && call.data.as_deref() == Some(data) && !call.reads();
            let below = || [&call.then, &call.miss, &call.statements].into_iter().find_map(|calls| find(calls, to, modifiers, data));
            is_it.then_some(call.operation.as_str()).or_else(below)
        })
    }
    let class = table.classes[step.class as usize].name.as_str();
    let data = document.data.keys().nth(usize::from(step.data).saturating_sub(1)).map_or("", String::as_str);
    let calls = document.calls.get(class).map_or(&[][..], Vec::as_slice);
    find(calls, &table.names[step.to as usize], &step.modifiers, data).unwrap_or("writes").to_owned()
}
