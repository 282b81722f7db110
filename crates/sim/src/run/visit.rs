//! A call at its replica: the door, the queue, the worker. The common path; whatever few
//! components do besides is in `special`.

use super::Run;
use super::express::waits_at;
use crate::job::{Cause, HIT, NOT_YET};
use crate::program::Verb;
use crate::station::{DOWN, SLOW, STOPPED};

impl Run {
    #[inline]
    pub(super) fn arrive(&mut self, place: u32, number: u32) -> bool {
        let depth = self.table.programs.steps[number as usize].depth;
        self.jobs[place].at += 1;
        let frame = self.jobs.frame(place, depth);
        let station = &mut self.table.stations[frame.station as usize];
        let component = &mut self.table.components[station.component as usize];
        component.account.arrived += 1;
        if component.special || station.state & STOPPED != 0 {
            return self.arrive_special(place, number);
        }
        if station.busy < component.workers {
            component.account.enter(self.now);
            frame.arrived = self.now;
            return self.start_visit(place, depth) && self.served(place, number);
        }
        if station.waiting < component.queue {
            component.account.enter(self.now);
            frame.arrived = self.now;
            station.enqueue(place, self.jobs[place].stamp);
            component.account.queue_max = component.account.queue_max.max(station.waiting);
            self.note_guest(place);
            return false;
        }
        self.reject(place, number, Cause::QueueFull)
    }

    /// Refused at the door: the answer goes back at once.
    pub(super) fn reject(&mut self, place: u32, number: u32, cause: Cause) -> bool {
        if self.is_traced(place) {
            self.trace_refused(place, self.table.programs.steps[number as usize].depth);
        }
        let step = &self.table.programs.steps[number as usize];
        self.table.components[step.to as usize].account.rejected += 1;
        let job = &mut self.jobs[place];
        (job.failed, job.failed_at, job.at) = (cause, step.to, step.exit);
        true
    }

    /// A worker takes the call. True if its service is over at once.
    #[inline]
    pub(super) fn start_visit(&mut self, place: u32, depth: u8) -> bool {
        let frame = self.jobs.frame(place, depth);
        let station = &mut self.table.stations[frame.station as usize];
        let component = &mut self.table.components[station.component as usize];
        station.busy += 1;
        component.account.begin(frame.arrived, self.now);
        if frame.arrived < self.now && self.table.window.contains(self.now) {
            component.waits.record(self.now - frame.arrived);
        }
        (frame.started, frame.begun) = (self.now, self.now);
        if component.special || station.state & SLOW != 0 {
            return self.serve_special(place, depth);
        }
        let length = component.service.draw(&mut component.times, &self.ziggurat);
        if length == 0 {
            return true;
        }
        let lane = component.lane;
        self.wake(place, length, lane);
        false
    }

    /// A worker has done its own part of the call.
    #[inline(never)]
    pub(super) fn served(&mut self, place: u32, number: u32) -> bool {
        let leg = self.legs[number as usize];
        let frame = self.jobs.frame_of(place, leg.depth);
        let (waited, served) = (frame.begun - frame.arrived, self.now - frame.begun);
        let component = &mut self.table.components[leg.to as usize];
        component.account.serve(served);
        let (special, holds, assumed) = (component.special, component.holds, component.assumed);
        if waited + served > 0 {
            self.jobs.spend_here(place, leg.slot, waited, served);
        }
        self.jobs[place].at += 1;
        if special && !self.outcome(place, number) {
            return false;
        }
        if self.watching.is_some() {
            self.watch_served(place, number);
        }
        if let Some(assumed) = assumed {
            self.look_up(place, number, assumed);
        }
        if !holds {
            self.release(place, leg.depth);
        }
        true
    }

    /// Whether a cache that keeps no keys has what is read.
    #[inline]
    fn look_up(&mut self, place: u32, number: u32, assumed: u64) {
        let step = &self.table.programs.steps[number as usize];
        if step.verb == Verb::Read {
            let hit = self.table.components[step.to as usize].draw_hit(assumed);
            self.jobs[place].set(HIT, hit);
        }
    }

    #[inline]
    pub(super) fn exit(&mut self, place: u32, number: u32) -> bool {
        let depth = self.table.programs.steps[number as usize].depth;
        if self.jobs.frame_of(place, depth).arrived != NOT_YET {
            self.release(place, depth);
        }
        self.travel_back(place, number)
    }

    /// A worker is free again and takes the next who waits.
    #[inline]
    pub(super) fn release(&mut self, place: u32, depth: u8) {
        if self.tracer.live > 0 {
            self.trace_left(place, depth);
        }
        let window = self.table.window;
        let frame = self.jobs.frame(place, depth);
        let number = frame.station;
        let station = &mut self.table.stations[number as usize];
        let component = &mut self.table.components[station.component as usize];
        station.busy -= 1;
        component.account.finished += 1;
        component.account.leave(frame, self.now, window);
        frame.arrived = NOT_YET;
        if component.special {
            return self.release_special(place, depth, number);
        }
        self.take_next(number);
    }

    /// The next who waits is served.
    #[inline]
    pub(super) fn take_next(&mut self, number: u32) {
        let station = &self.table.stations[number as usize];
        if station.waiting > 0 && station.state & (STOPPED | SLOW) == 0 && self.tiers_serve(station.component) {
            // Whoever rides goes on doing so.
            self.take_next_rider(number);
        } else if station.waiting > 0
            && station.state & STOPPED == 0
            && let Some(next) = self.next_waiting(number)
        {
            let depth = self.jobs[next].depth;
            if self.start_visit(next, depth) {
                self.goes_on(next);
            }
        }
    }

    #[inline]
    fn next_waiting(&mut self, number: u32) -> Option<u32> {
        let station = &mut self.table.stations[number as usize];
        let component = &mut self.table.components[station.component as usize];
        if component.special {
            return self.next_special(number);
        }
        loop {
            let (job, stamp) = self.table.stations[number as usize].dequeue_first()?;
            // Whoever left the queue is still named in it.
            if !self.jobs.is(job, stamp) {
                continue;
            }
            self.alight(job);
            if self.waits_at(job, number) {
                self.table.stations[number as usize].waiting -= 1;
                return Some(job);
            }
        }
    }

    pub(super) fn waits_at(&self, job: u32, number: u32) -> bool {
        let depth = self.jobs[job].depth;
        waits_at(&self.jobs[job], self.jobs.frame_of(job, depth), number)
    }

    /// A visit ends without service, or without the rest of it: called back, or crashed.
    pub(super) fn give_up_visit(&mut self, place: u32, depth: u8) {
        let number = self.drop_visit(place, depth);
        if self.table.stations[number as usize].state & DOWN == 0 {
            self.fill(number);
        }
    }

    /// Ends a visit without taking the next; the number of its station.
    pub(super) fn drop_visit(&mut self, place: u32, depth: u8) -> u32 {
        if self.tracer.live > 0 {
            self.trace_left(place, depth);
        }
        let window = self.table.window;
        let frame = self.jobs.frame(place, depth);
        let (number, started) = (frame.station, frame.started != NOT_YET);
        let station = &mut self.table.stations[number as usize];
        let component = &mut self.table.components[station.component as usize];
        if started {
            station.busy -= 1
        } else {
            station.waiting -= 1;
        }
        component.account.dropped += 1;
        component.account.leave(frame, self.now, window);
        frame.arrived = NOT_YET;
        if component.special {
            self.dropped_special(place, number, started);
        }
        if !started {
            let jobs = &self.jobs;
            let waits = |job: u32, stamp: u32| jobs.is(job, stamp) && waits_at(&jobs[job], jobs.frame_of(job, jobs[job].depth), number);
            self.table.stations[number as usize].forget_those_who_left(waits);
        }
        number
    }

    /// Lets free workers take those who wait.
    pub(super) fn fill(&mut self, number: u32) {
        loop {
            let station = &self.table.stations[number as usize];
            let workers = self.table.components[station.component as usize].workers;
            if station.waiting == 0 || station.busy >= workers || station.is_stopped() {
                return;
            }
            let before = station.waiting;
            self.take_next(number);
            if self.table.stations[number as usize].waiting == before {
                return;
            }
        }
    }
}
