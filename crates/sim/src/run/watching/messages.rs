//! Messages that are watched: whether what was written is told, whether what was told is dealt
//! with, and in which order.

use sorted::{Tree, TreeSet};
use std::collections::VecDeque;

use super::{Did, Note, REMEMBERED, Watching, counted, under_way};
use crate::job::{Job, NONE};
use crate::keys::Lookup;
use crate::part::Part;
use crate::part::versions::Record;
use crate::program::ALWAYS;
use crate::run::Run;
use crate::table::Table;
use crate::watch::{Invariant, Scene, Violation, Watched};

#[derive(Debug, Default)]
pub(super) struct Messages {
    /// Classes that append messages about some data.
    tells: TreeSet<(u32, u16)>,
    /// By request and data: what was written and not yet told.
    owed: Tree<(u64, u16), (Record, Note)>,
    told: Lookup<(u64, u16), ()>,
    order: VecDeque<(u64, u16)>,
}

impl Messages {
    pub(super) fn new(table: &Table) -> Self {
        let is_append = |to: u32| matches!(table.components[to as usize].part, Part::Broker(_));
        let steps = table.programs.steps.iter().filter(|step| step.data > 0 && step.billionths >= ALWAYS && is_append(step.to));
        Self { tells: steps.map(|step| (step.class, step.data)).collect(), ..Self::default() }
    }

    /// A write of data that its class tells of; whether that is still to come.
    pub(super) fn owes(&mut self, class: u32, record: Record, note: Note) -> bool {
        let key = (note.request, record.0);
        let owes = self.tells.contains(&(class, record.0)) && !self.told.contains_key(&key);
        if owes {
            self.owed.entry(key).or_insert((record, note));
        }
        owes
    }

    fn tell(&mut self, key: (u64, u16)) {
        self.owed.remove(&key);
        if self.told.insert(key, ()).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.told.remove(&oldest);
        }
    }
}

impl Run {
    /// A message has been appended. What its order is counted by: the version that it tells of, or
    /// how many were appended before.
    pub(in crate::run) fn watch_append(&mut self, place: u32, number: u32) -> (bool, u64) {
        let data = self.table.programs.steps[number as usize].data;
        let job = &self.jobs[place];
        let (record, request) = ((data, job.key), job.request);
        let wrote = self.sight(place, data, false).filter(|sight| sight.wrote);
        let Some(watching) = &mut self.watching else { return (false, 0) };
        if !watching.is_about(data) {
            return (false, 0);
        }
        watching.messages.tell((request, data));
        for rule in watching.wanted(data, |invariant| invariant == Invariant::NoLostMessage) {
            watching.found[rule].checked += 1;
        }
        let history = watching.records.entry(record).or_default();
        history.appended += 1;
        wrote.map_or((false, history.appended), |sight| (true, sight.version))
    }

    /// A message has taken effect at its consumer.
    pub(in crate::run) fn watch_handled(&mut self, place: u32, number: u32) {
        let (job, now) = (&self.jobs[place], self.now);
        let component = self.table.programs.steps[number as usize].to;
        let Part::Broker(broker) = &self.table.components[job.message_of as usize].part else { return };
        let message = &broker.messages[job.message as usize];
        let (record, (by_version, turn)) = ((message.data, message.key), message.turn);
        if !self.is_watched(record.0) {
            return;
        }
        let note = self.note(job, now, component, Did::Handle { by_version, turn, receives: message.receives });
        let Some(mut watching) = self.watching.take() else { return };
        let last = &mut watching.records.entry(record).or_default().effected[usize::from(by_version)];
        let before = *last;
        if last.is_none_or(|(last, _)| last < turn) {
            *last = Some((turn, note));
        }
        for rule in watching.wanted(record.0, |invariant| invariant == Invariant::OrderPerKey) {
            let found = &mut watching.found[rule];
            found.checked += 1;
            if let Some((later, earlier)) = before.filter(|(last, _)| *last > turn) {
                found.violate(|| {
                    let (row, this, later) = (self.row_name(record), counted(by_version, turn), counted(by_version, later));
                    let what = format!("About {row}, {this} took effect after {later}.");
                    let story = vec![self.tell(&earlier, record), self.tell(&note, record)];
                    Violation { at: now, request: note.request, what, story }
                });
            }
        }
        self.watching = Some(watching);
    }

    /// Messages that a broker has just lost.
    pub(in crate::run) fn watch_gone(&mut self, number: u32) {
        let Part::Broker(broker) = &mut self.table.components[number as usize].part else { return };
        if broker.gone.is_empty() {
            return;
        }
        let gone = std::mem::take(&mut broker.gone);
        let name = self.table.names[number as usize].clone();
        for lost in gone {
            let record = (lost.data, lost.key);
            let row = self.row_name(record);
            let now = self.now;
            let Some(watching) = &mut self.watching else { return };
            for rule in watching.wanted(record.0, |invariant| invariant == Invariant::NoLostMessage) {
                let scene = |at, did: String| Scene { at, request: lost.request, session: None, component: name.clone(), did };
                let end = if lost.expired {
                    "throws it away, older than it keeps messages".to_owned()
                } else {
                    "has acknowledged it before it was dealt with, and that failed".to_owned()
                };
                let story = vec![scene(lost.came, format!("takes a message about {row}")), scene(now, end)];
                let what = format!("A message about {row} was lost.");
                watching.found[rule].violate(|| Violation { at: now, request: lost.request, what, story });
            }
        }
    }

    /// What was written, is told by its class, and was not told by a request that is over.
    pub(super) fn add_untold(&self, watching: &Watching, found: &mut [Watched]) {
        let owed = &watching.messages.owed;
        if owed.is_empty() {
            return;
        }
        let alive = under_way(self);
        let mut untold: Vec<&(Record, Note)> =
            owed.iter().filter(|((request, _), _)| !alive.contains(request)).map(|(_, owed)| owed).collect();
        sorted::sort_by_key(&mut untold, |(_, note)| (note.at, note.request));
        for (record, note) in untold {
            for rule in watching.wanted(record.0, |invariant| invariant == Invariant::NoLostMessage) {
                found[rule].violate(|| {
                    let end = Note { did: Did::EndUntold, component: NONE, ..*note };
                    let what = format!("{} was written, and its message never sent.", capital(&self.row_name(*record)));
                    Violation { at: note.at, request: note.request, what, story: vec![self.tell(note, *record), self.tell(&end, *record)] }
                });
            }
        }
    }

    /// How often the message was delivered that a job deals with; 0 if it deals with none.
    pub(super) fn receives(&self, job: &Job) -> u32 {
        let component = self.table.components.get(job.message_of as usize).filter(|_| job.message != NONE);
        match component.map(|component| &component.part) {
            Some(Part::Broker(broker)) => broker.messages[job.message as usize].receives,
            _ => 0,
        }
    }
}

/// Names are of any letters; sentences of ours begin with English ones, so no table of all scripts is needed.
fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
