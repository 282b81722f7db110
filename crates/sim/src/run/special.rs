//! What happens at components that do more than let calls wait and serve them. Each part keeps its
//! own state; here it is asked at the door, at the start of a service, after it, and at the end:
//! the files below.

mod door;
mod messages;
mod outbox;
mod queue;
mod scaling;
mod service;
mod stores;
mod transactions;

use super::{Action, Run};
use crate::job::{Cause, NONE};
use crate::part::Part;
use crate::part::versions::Record;
use crate::station::OFF;

/// Jobs that wait for something other than a time carry such a number as their wake.
pub(super) const PARKED: u64 = 1 << 63;
/// And those among them that are served together with others, such a one.
const SHARES: u64 = PARKED | 1 << 61;

/// Whether a job with this wake is served together with others.
#[cfg(debug_assertions)]
pub(super) fn is_shared(wake: u64) -> bool {
    wake & SHARES == SHARES && wake != u64::MAX
}

impl Run {
    pub(super) fn start_special(&mut self) {
        for number in 0..self.table.components.len() as u32 {
            match &self.table.components[number as usize].part {
                Part::Scaled(scaler) => {
                    let every = scaler.every;
                    self.after(every, Action::Scale { component: number });
                }
                Part::Broker(_) => self.feed(number),
                _ => {}
            }
            let component = &self.table.components[number as usize];
            if component.manner.start.is_some() {
                let range = component.first..component.first + component.replicas;
                range.for_each(|station| self.table.stations[station as usize].state |= OFF);
            }
        }
        for edge in 0..self.table.edges.len() as u32 {
            if self.table.edges[edge as usize].choice.stale > 0 {
                self.look(edge);
            }
        }
        self.start_tied();
        self.settle_quiet();
        self.start_faults();
    }

    /// Tells the consumers of a broker whose messages they deal with.
    fn feed(&mut self, broker: u32) {
        let programs = &self.table.programs;
        let fed: Vec<u32> =
            programs.steps.iter().filter(|step| step.to == broker && step.consumer != NONE).map(|step| step.consumed_by).collect();
        for component in fed {
            let feeds = &mut self.table.components[component as usize].manner.feeds;
            if !feeds.contains(&broker) {
                feeds.push(broker);
            }
            self.table.components[component as usize].settle_special();
        }
    }

    pub(super) fn record(&self, place: u32, number: u32) -> Record {
        (self.table.programs.steps[number as usize].data, self.jobs[place].key)
    }

    /// What a service comes to. False if the job waits for more.
    pub(super) fn outcome(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, exit) = (step.to, step.exit);
        if self.fails_by_chance(to) {
            let job = &mut self.jobs[place];
            (job.failed, job.failed_at, job.at) = (Cause::Error, to, exit);
            self.note_message_served(place, number);
            return true;
        }
        self.note_message_served(place, number);
        match &self.table.components[to as usize].part {
            Part::Cache(_) => self.at_cache(place, number),
            Part::Broker(_) => {
                self.append(place, number);
                true
            }
            Part::Relational(_) => self.at_database(place, number),
            Part::KeyValue(_) => self.at_quorum(place, number),
            _ if self.table.components[to as usize].manner.rows => self.at_one_copy(place, number),
            _ => true,
        }
    }

    /// Whether a call fails that has been served.
    fn fails_by_chance(&mut self, component: u32) -> bool {
        let component = &mut self.table.components[component as usize];
        let manner = &component.manner;
        manner.failures > 0 && component.choices.chance(manner.failures) || manner.errors > 0 && component.choices.chance(manner.errors)
    }

    pub(super) fn release_special(&mut self, place: u32, depth: u8, number: u32) {
        let frame = *self.jobs.frame_of(place, depth);
        self.unlock(place, &frame);
        self.take_next(number);
        let component = self.table.stations[number as usize].component;
        if !self.table.components[component as usize].manner.feeds.is_empty() {
            self.ask_for_more(component, number);
        }
        self.maybe_idle(number);
        self.note_extra(number);
    }

    pub(super) fn dropped_special(&mut self, place: u32, number: u32, started: bool) {
        let depth = self.jobs[place].depth;
        let frame = *self.jobs.frame_of(place, depth);
        let now = self.now;
        let station = &mut self.table.stations[number as usize];
        let workers = self.table.components[station.component as usize].workers;
        let stopped = station.is_stopped();
        if self.jobs[place].wake & SHARES == SHARES
            && self.jobs[place].wake != u64::MAX
            && let Some(sharing) = &mut station.shared
        {
            sharing.pass(now, workers, stopped);
            sharing.leave();
            self.jobs[place].wake = u64::MAX;
            self.share_again(number);
        }
        if started {
            self.unlock(place, &frame);
            self.end_transaction(place, self.table.stations[number as usize].component, None);
        }
        self.note_extra(number);
    }
}
