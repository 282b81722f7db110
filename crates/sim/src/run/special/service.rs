//! Services that are not simply drawn, and those that share the workers. What a store does after
//! its service is in `stores`.

use super::{PARKED, SHARES};
use crate::job::{FROZEN, NONE};
use crate::part::Part;
use crate::program::Verb;
use crate::run::{Action, Run};
use crate::sample::whole;
use crate::station::{FROZEN as STATION_FROZEN, Order};
use crate::time::Ns;

impl Run {
    /// A worker begins with a call whose service is not simply drawn. True if it is over at once.
    pub(in crate::run) fn serve_special(&mut self, place: u32, depth: u8) -> bool {
        let frame = *self.jobs.frame_of(place, depth);
        let step = &self.table.programs.steps[frame.step as usize];
        let (verb, to) = (step.verb, step.to);
        let record = self.record(place, frame.step);
        if self.table.components[to as usize].manner.tied {
            self.tied_begins(place, depth);
        }
        let component = &mut self.table.components[to as usize];
        if let Part::Relational(part) = &mut component.part
            && part.transactions.is_some()
        {
            return self.begin_transaction(place, depth);
        }
        if let Part::Relational(part) = &mut component.part
            && verb == Verb::Write
            && let Some(locks) = &mut part.locks
        {
            if let Some(waiting) = locks.get_mut(&record) {
                self.parks += 1;
                let ticket = PARKED | self.parks;
                waiting.push_back((place, ticket));
                self.jobs[place].wake = ticket;
                return false;
            }
            locks.insert(record, std::collections::VecDeque::new());
            self.jobs.frame(place, depth).locks = true;
        }
        self.serve(place, depth)
    }

    /// Draws the length of a service and waits for its end.
    pub(super) fn serve(&mut self, place: u32, depth: u8) -> bool {
        let frame = *self.jobs.frame_of(place, depth);
        let length = self.length(place, &frame);
        let station = &mut self.table.stations[frame.station as usize];
        if station.state & STATION_FROZEN != 0 && station.shared.is_none() {
            // It was given the lock that it waited for, but nothing proceeds here.
            let job = &mut self.jobs[place];
            job.set(FROZEN, true);
            (job.due, job.wake) = (length, u64::MAX);
            return false;
        }
        let component = &self.table.components[station.component as usize];
        if component.order == Order::Shared {
            let (workers, stopped) = (component.workers, station.is_stopped());
            self.parks += 1;
            let ticket = SHARES | self.parks;
            if let Some(sharing) = &mut station.shared {
                sharing.pass(self.now, workers, stopped);
                sharing.enter(length, place, ticket);
            }
            // How long it will have been served is kept until then.
            self.jobs[place].due = length;
            self.jobs[place].wake = ticket;
            self.share_again(frame.station);
            return false;
        }
        if length == 0 {
            return true;
        }
        self.wake(place, length, crate::agenda::CALENDAR);
        false
    }

    fn length(&mut self, place: u32, frame: &crate::job::Frame) -> Ns {
        let step = &self.table.programs.steps[frame.step as usize];
        let verb = self.statement_of(place, frame.step).verb;
        let session = self.jobs[place].session;
        let station = &self.table.stations[frame.station as usize];
        let (busy, slow) = (f64::from(station.busy), station.slow);
        let component = &mut self.table.components[step.to as usize];
        if let Part::Names(names) = &mut component.part
            && names.knows(session, self.now)
        {
            return 0;
        }
        if let Part::Limiter(_) = component.part
            && matches!(component.service.constant(), Some(0))
        {
            return 0;
        }
        let sampler = match (&component.manner.write, verb) {
            (Some(write), Verb::Write) => write,
            _ => &component.service,
        };
        let length = sampler.draw(&mut component.times, &self.ziggurat);
        let manner = &component.manner;
        let mut factor = slow * manner.slow;
        if manner.serial > 0.0 || manner.coherency > 0.0 {
            // Gunther's law: each busy worker makes the others wait, and each pair keeps in step.
            factor *= 1.0 + manner.serial * (busy - 1.0) + manner.coherency * busy * (busy - 1.0);
        }
        if factor == 1.0 { length } else { whole(length as f64 * factor) }
    }

    pub(in crate::run) fn share_again(&mut self, number: u32) {
        let now = self.now;
        let station = &mut self.table.stations[number as usize];
        let workers = self.table.components[station.component as usize].workers;
        let stopped = station.is_stopped();
        let Some(sharing) = &mut station.shared else { return };
        let timer = std::mem::replace(&mut sharing.timer, NONE);
        let next = if stopped { None } else { sharing.next(now, workers) };
        self.call_off(timer);
        if let Some(time) = next.filter(|&time| time < crate::time::LAST) {
            let timer = self.at(time, crate::agenda::CALENDAR, Action::Shared { station: number });
            if let Some(sharing) = &mut self.table.stations[number as usize].shared {
                sharing.timer = timer;
            }
        }
    }

    pub(in crate::run) fn share_done(&mut self, number: u32) {
        let now = self.now;
        let station = &mut self.table.stations[number as usize];
        let workers = self.table.components[station.component as usize].workers;
        let stopped = station.is_stopped();
        let Some(sharing) = &mut station.shared else { return };
        sharing.timer = NONE;
        sharing.pass(now, workers, stopped);
        if let Some((job, ticket)) = sharing.done()
            && self.jobs[job].wake == ticket
        {
            if let Some(sharing) = &mut self.table.stations[number as usize].shared {
                sharing.leave();
            }
            let (depth, length) = (self.jobs[job].depth, self.jobs[job].due);
            self.jobs[job].wake = u64::MAX;
            let frame = self.jobs.frame(job, depth);
            // Beyond its own service it has waited for its share.
            frame.begun = now.saturating_sub(length).max(frame.arrived);
            self.goes_on(job);
        }
        self.share_again(number);
    }

    /// Brings what is measured of shared stations up to this moment.
    pub(in crate::run) fn pass_shared(&mut self) {
        let now = self.now;
        for station in &mut self.table.stations {
            let stopped = station.is_stopped();
            if let Some(sharing) = &mut station.shared {
                sharing.pass(now, self.table.components[station.component as usize].workers, stopped);
            }
        }
    }
}
