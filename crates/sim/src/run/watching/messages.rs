//! Messages that are watched: whether what was written is told, whether what was told is dealt
//! with, and in which order.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{REMEMBERED, Watching, under_way};
use crate::job::NONE;
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
    tells: BTreeSet<(u32, u16)>,
    /// By request and data: what was written and not yet told.
    owed: BTreeMap<(u64, u16), (Record, Scene)>,
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
    pub(super) fn owes(&mut self, class: u32, record: Record, scene: &Scene) -> bool {
        let key = (scene.request, record.0);
        let owes = self.tells.contains(&(class, record.0)) && !self.told.contains_key(&key);
        if owes {
            self.owed.entry(key).or_insert_with(|| (record, scene.clone()));
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
        let job = &self.jobs[place];
        let component = self.table.programs.steps[number as usize].to;
        let Part::Broker(broker) = &self.table.components[job.message_of as usize].part else { return };
        let message = &broker.messages[job.message as usize];
        let (record, (by_version, turn)) = ((message.data, message.key), message.turn);
        if !self.is_watched(record.0) {
            return;
        }
        let row = self.row_name(record);
        let counted = if by_version { format!("version {turn}") } else { format!("message {turn}") };
        let tries = self.delivery_of(job.message_of, job.message);
        let scene = self.scene(job, self.now, component, format!("deals with {counted} about {row}{tries}"));
        let now = self.now;
        let Some(watching) = &mut self.watching else { return };
        let history = watching.records.entry(record).or_default();
        let last = &mut history.effected[usize::from(by_version)];
        let before = last.clone();
        if last.as_ref().is_none_or(|(last, _)| *last < turn) {
            *last = Some((turn, scene.clone()));
        }
        for rule in watching.wanted(record.0, |invariant| invariant == Invariant::OrderPerKey) {
            let found = &mut watching.found[rule];
            found.checked += 1;
            if let Some((later, earlier)) = before.as_ref().filter(|(last, _)| *last > turn) {
                let later = if by_version { format!("version {later}") } else { format!("message {later}") };
                let what = format!("About {row}, {counted} took effect after {later}.");
                found.violate(|| Violation { at: now, request: scene.request, what, story: vec![earlier.clone(), scene.clone()] });
            }
        }
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
        let mut untold: Vec<&(Record, Scene)> =
            owed.iter().filter(|((request, _), _)| !alive.contains(request)).map(|(_, owed)| owed).collect();
        untold.sort_by_key(|(_, scene)| (scene.at, scene.request));
        for (record, scene) in untold {
            for rule in watching.wanted(record.0, |invariant| invariant == Invariant::NoLostMessage) {
                let row = self.row_name(*record);
                let end =
                    Scene { at: scene.at, did: format!("ends without the message about {row}"), component: String::new(), ..scene.clone() };
                let what = format!("{} was written, and its message never sent.", capital(&row));
                found[rule].violate(|| Violation { at: scene.at, request: scene.request, what, story: vec![scene.clone(), end] });
            }
        }
    }

    /// ", delivered for the 2nd time"
    pub(super) fn delivery_of(&self, broker: u32, message: u32) -> String {
        let Some(component) = self.table.components.get(broker as usize).filter(|_| message != NONE) else { return String::new() };
        match &component.part {
            Part::Broker(broker) => match broker.messages[message as usize].receives {
                0 | 1 => String::new(),
                times => format!(", delivered {times} times"),
            },
            _ => String::new(),
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
