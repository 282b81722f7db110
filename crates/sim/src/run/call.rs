//! A call on its way: policies of the caller, the choice of a replica, the network; and back
//! again, with time-outs and further attempts. What the replica does is in `visit`.

use super::{Action, Run};
use crate::agenda::CALENDAR;
use crate::balance::{Policy, Wanted, in_turn};
use crate::job::{Cause, FLIGHT, LOST, NETWORK, NO_FRAME, NONE, NOT_YET, RETRY, RETRYING, SIGHTS};
use crate::policy::pause;
use crate::sample::whole;
use crate::time::{Ns, later};

/// Branches of one wait keep apart from each other, but not if there are more than so many.
const MOST_APART: usize = 100;

impl Run {
    #[inline]
    pub(super) fn send(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (depth, to, edge) = (step.depth, step.to, step.edge);
        let job = &mut self.jobs[place];
        job.depth = depth;
        job.at += 1;
        if step.touch.is_computed() && job.has(SIGHTS) && self.finds_none_left(place, number) {
            return self.refuse_to_call(place, number);
        }
        let guarded = self.table.edges[edge as usize].guard.is_some();
        if guarded {
            if let Err(cause) = self.guard(place, number) {
                if self.is_traced(place) {
                    self.trace_call_kept_back(place, depth, to, cause);
                }
                return self.call_failed(place, number, cause, to);
            }
        } else {
            *self.jobs.frame(place, depth) = crate::job::Frame { step: number, ..NO_FRAME };
        }
        let station = self.choose(place, to, edge, depth);
        self.table.edges[edge as usize].calls += 1;
        self.on_the_way_to(place, number, depth, station)
    }

    /// A call whose replica is known already, and to which something out of the ordinary happens.
    #[inline(never)]
    pub(super) fn send_to(&mut self, place: u32, number: u32, depth: u8, station: u32) -> bool {
        let job = &mut self.jobs[place];
        job.depth = depth;
        job.at += 1;
        *self.jobs.frame(place, depth) = crate::job::Frame { step: number, ..NO_FRAME };
        self.on_the_way_to(place, number, depth, station)
    }

    #[inline]
    fn on_the_way_to(&mut self, place: u32, number: u32, depth: u8, station: u32) -> bool {
        self.jobs.frame(place, depth).station = station;
        if self.is_traced(place) {
            self.trace_call(place, depth, station);
        }
        let chosen = &mut self.table.stations[station as usize];
        chosen.open += 1;
        chosen.got += 1;
        self.travel_there(place, number, station)
    }

    /// Asks the caller's policies, and sets the time-out.
    #[inline]
    fn guard(&mut self, place: u32, number: u32) -> Result<(), Cause> {
        let step = &self.table.programs.steps[number as usize];
        let (depth, now) = (step.depth, self.now);
        let edge = &mut self.table.edges[step.edge as usize];
        let Some(guard) = &mut edge.guard else { return Ok(()) };
        let again = self.jobs[place].has(RETRY);
        let frame = self.jobs.frame(place, depth);
        let (attempts, pause) = if again { (frame.attempts + 1, frame.pause) } else { (1, 0) };
        *frame = crate::job::Frame { step: number, attempts, pause, ..NO_FRAME };
        if again {
            self.jobs[place].set(RETRY, false);
            edge.retries += 1;
        } else if let Some(budget) = &mut guard.budget {
            budget.first_attempt();
        }
        if guard.bulkhead.is_some_and(|most| guard.under_way >= most) {
            return Err(Cause::Bulkhead);
        }
        if guard.throttle.as_mut().is_some_and(|throttle| !throttle.allows(now, &mut edge.choices)) {
            return Err(Cause::Throttled);
        }
        if guard.breaker.as_mut().is_some_and(|breaker| !breaker.allows(now)) {
            return Err(Cause::Breaker);
        }
        guard.under_way += 1;
        if let Some(timeout) = guard.timeout {
            let (due, lane) = (later(now, timeout), edge.timeout_lane);
            let timer = self.at(due, lane, Action::Timeout { job: place, depth, step: number });
            let job = &mut self.jobs[place];
            let before = job.deadline;
            job.deadline = before.min(due);
            let frame = self.jobs.frame(place, depth);
            (frame.timer, frame.deadline) = (timer, before);
        }
        Ok(())
    }

    #[inline]
    fn choose(&mut self, place: u32, to: u32, edge: u32, depth: u8) -> u32 {
        let component = &mut self.table.components[to as usize];
        let edge = &mut self.table.edges[edge as usize];
        let n = component.replicas;
        if n == 1 && !component.picky {
            return component.first;
        }
        if component.picky || !edge.choice.is_plain() || self.jobs[place].wait_of_parent != NONE || self.jobs[place].message != NONE {
            return self.choose_carefully(place, to, depth);
        }
        component.first
            + match edge.choice.policy {
                Policy::RoundRobin => in_turn(&mut edge.turn, n),
                Policy::Random => edge.choices.below(n.into()) as u32,
                _ => in_turn(&mut component.turn, n),
            }
    }

    #[inline(never)]
    fn choose_carefully(&mut self, place: u32, to: u32, depth: u8) -> u32 {
        let number = self.jobs.frame_of(place, depth).step;
        if let Some(station) = self.station_by_part(place, number) {
            return station;
        }
        self.charge(self.table.components[to as usize].replicas as usize);
        let taken = if depth == 1 { self.taken_by_siblings(place, to) } else { Vec::new() };
        let component = &mut self.table.components[to as usize];
        let edge = &mut self.table.edges[self.table.programs.steps[number as usize].edge as usize];
        let stations = &self.table.stations[component.first as usize..(component.first + component.replicas) as usize];
        let job = &self.jobs[place];
        let wanted = Wanted { key: job.key, session: job.session, not: &taken, all_up: !component.picky };
        let turn = if edge.choice.policy == Policy::Turns { &mut component.turn } else { &mut edge.turn };
        component.first + edge.choice.choose(stations, turn, &wanted, &mut edge.choices)
    }

    /// Replicas that the other branches of the same wait have been sent to.
    pub(super) fn taken_by_siblings(&self, place: u32, to: u32) -> Vec<u32> {
        let Some(family) = self.families.get(&self.jobs[place].wait_of_parent) else { return Vec::new() };
        if family.len() > MOST_APART {
            return Vec::new();
        }
        let component = &self.table.components[to as usize];
        let range = component.first..component.first + component.replicas;
        let sent = |job: u32| job != place && self.jobs[job].depth > 0;
        let others = family.iter().filter(|&&(job, stamp)| self.jobs.is(job, stamp) && sent(job));
        let stations = others.map(|&(job, _)| self.jobs.frame_of(job, 1).station);
        stations.filter(|station| range.contains(station)).map(|station| station - component.first).collect()
    }

    /// The number of the place where the caller of a visit stands.
    fn place_of_caller(&self, place: u32, depth: u8) -> u16 {
        let above = depth - 1;
        let station = if above > 0 { self.jobs.frame_of(place, above).station } else { NONE };
        match self.table.stations.get(station as usize) {
            Some(station) => station.place,
            None => self.place_of_origin(place),
        }
    }

    /// Branches begin where the one who waits for them stands.
    fn place_of_origin(&self, place: u32) -> u16 {
        let job = &self.jobs[place];
        if job.parent != NONE && self.jobs[job.parent].wait == job.wait_of_parent && job.wait_of_parent != NONE {
            return self.place_of_caller(job.parent, self.jobs[job.parent].depth + 1);
        }
        match self.origin_of_message(place) {
            Some(station) => self.table.stations[station as usize].place,
            None => self.table.classes[job.class as usize].place,
        }
    }

    #[inline]
    fn travel_there(&mut self, place: u32, number: u32, station: u32) -> bool {
        let hop = self.table.hops[number as usize];
        let step = &self.table.programs.steps[number as usize];
        let (slot, edge) = (step.slot, &mut self.table.edges[step.edge as usize]);
        if edge.simple && self.table.distances.all_near {
            if hop.there == 0 {
                return self.arrive(place, number);
            }
            self.jobs.spend(place, slot, NETWORK, hop.there);
            self.wake(place, hop.there, hop.there_lane);
            return false;
        }
        let mut delay = hop.there;
        if edge.jitter > 0.0 {
            delay += whole(edge.jitter * self.ziggurat.draw(&mut edge.stream));
        }
        if (edge.setup > 0 || hop.slow_start > 0) && !edge.stream.chance(edge.reuse) {
            delay += edge.setup + hop.slow_start;
        }
        let lost = edge.cut_there > 0 || edge.stream.chance(edge.loss) || edge.stream.chance(edge.fault_loss);
        edge.lost += u64::from(lost);
        delay += self.distance(place, step.depth, station);
        self.on_the_way(place, slot, delay, lost)
    }

    pub(super) fn distance(&self, place: u32, depth: u8, station: u32) -> Ns {
        if self.table.distances.all_near {
            return 0;
        }
        self.table.distances.between(self.place_of_caller(place, depth), self.table.stations[station as usize].place)
    }

    fn on_the_way(&mut self, place: u32, slot: u16, delay: Ns, lost: bool) -> bool {
        if lost {
            self.lose(place);
            return false;
        }
        if delay == 0 {
            return true;
        }
        self.jobs.spend(place, slot, NETWORK, delay);
        self.wake(place, delay, CALENDAR);
        false
    }

    /// A message of the job has gone astray: nothing happens any more until somebody gives up.
    fn lose(&mut self, place: u32) {
        self.leave_reserved(place);
        let job = &mut self.jobs[place];
        job.wake = u64::MAX;
        job.set(LOST, true);
        if job.floor == job.depth {
            // Whoever could have given up has done so already.
            self.end_orphan(place);
        }
    }

    /// The answer goes back to the caller.
    #[inline]
    pub(super) fn travel_back(&mut self, place: u32, number: u32) -> bool {
        let hop = self.table.hops[number as usize];
        let step = &self.table.programs.steps[number as usize];
        let (slot, depth, edge) = (step.slot, step.depth, step.edge);
        self.jobs[place].at = step.exit + 1;
        if self.jobs[place].has(FLIGHT) {
            self.abandon_fetches(place, depth);
        }
        let edge = &mut self.table.edges[edge as usize];
        if edge.simple && self.table.distances.all_near {
            if hop.back == 0 {
                return self.returned(place, number);
            }
            self.jobs.spend(place, slot, NETWORK, hop.back);
            self.wake(place, hop.back, hop.back_lane);
            return false;
        }
        let mut delay = hop.back;
        if edge.jitter > 0.0 {
            delay += whole(edge.jitter * self.ziggurat.draw(&mut edge.stream));
        }
        let lost = edge.cut_back > 0 || edge.stream.chance(edge.loss) || edge.stream.chance(edge.fault_loss);
        edge.lost += u64::from(lost);
        let station = self.jobs.frame_of(place, depth).station;
        delay += self.distance(place, depth, station);
        self.on_the_way(place, slot, delay, lost)
    }

    /// The caller has the answer, good or bad.
    #[inline]
    pub(super) fn returned(&mut self, place: u32, number: u32) -> bool {
        let depth = self.table.programs.steps[number as usize].depth;
        if self.is_traced(place) {
            self.trace_returned(place, depth);
        }
        let step = &self.table.programs.steps[number as usize];
        let frame = self.jobs.frame(place, depth);
        self.table.stations[frame.station as usize].open -= 1;
        let job = &mut self.jobs[place];
        if job.floor == depth {
            self.remove(place);
            return false;
        }
        job.depth = depth - 1;
        let failed = job.failed;
        if self.table.edges[step.edge as usize].guard.is_some() {
            self.guarded_return(place, number, failed != Cause::None && !failed.is_final());
        }
        if failed == Cause::None {
            self.jobs[place].at += 1;
            return true;
        }
        let at = self.jobs[place].failed_at;
        self.attempt_failed(place, number, failed, at)
    }

    fn guarded_return(&mut self, place: u32, number: u32, failed: bool) {
        let step = &self.table.programs.steps[number as usize];
        let edge = step.edge;
        let frame = self.jobs.frame(place, step.depth);
        let (timer, deadline) = (std::mem::replace(&mut frame.timer, NONE), frame.deadline);
        if timer != NONE {
            self.jobs[place].deadline = deadline;
        }
        self.call_off(timer);
        if let Some(guard) = &mut self.table.edges[edge as usize].guard {
            guard.under_way -= 1;
            if let Some(breaker) = &mut guard.breaker {
                breaker.ended(failed, self.now);
            }
            if let Some(throttle) = guard.throttle.as_mut().filter(|_| !failed) {
                throttle.accepted(self.now);
            }
        }
    }

    /// A call that was not even sent.
    pub(super) fn call_failed(&mut self, place: u32, number: u32, cause: Cause, at: u32) -> bool {
        self.jobs[place].depth -= 1;
        self.attempt_failed(place, number, cause, at)
    }

    /// An attempt has come to nothing: another follows, or the caller takes the failure.
    fn attempt_failed(&mut self, place: u32, number: u32, cause: Cause, at: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (slot, depth, fail, optional, send, on) = (step.slot, step.depth, step.fail, step.optional, step.send, step.exit + 2);
        let edge = step.edge;
        self.settle_time(place, slot);
        let attempts = u32::from(self.jobs.frame_of(place, depth).attempts);
        let edge = &mut self.table.edges[edge as usize];
        if let Some(guard) = edge.guard.as_mut().filter(|guard| attempts < guard.attempts && !cause.is_final())
            && guard.budget.as_mut().is_none_or(|budget| budget.allows_retry())
        {
            let frame = self.jobs.frame(place, depth);
            let last = Ns::from(frame.pause) * 1_000;
            let wait = guard.backoff.as_ref().map_or(0, |backoff| pause(backoff, attempts - 1, last, &mut edge.choices));
            frame.pause = u32::try_from(wait / 1_000).unwrap_or(u32::MAX);
            let job = &mut self.jobs[place];
            job.set(RETRY, true);
            (job.failed, job.at) = (Cause::None, send);
            job.retries += 1;
            if wait == 0 {
                // A step of its own: where nothing takes any time, attempts of attempts have no end.
                self.goes_on(place);
                return false;
            }
            self.jobs.spend(place, slot, RETRYING, wait);
            self.wake(place, wait, CALENDAR);
            return false;
        }
        let job = &mut self.jobs[place];
        (job.failed, job.failed_at) = (cause, at);
        self.fail_on(place, optional, fail, on)
    }

    /// What has passed and went to no component was spent on attempts that came to nothing.
    pub(super) fn settle_time(&mut self, place: u32, slot: u16) {
        let passed = self.now - self.jobs[place].began;
        let spent = self.jobs.spent(place);
        if spent < passed {
            self.jobs.spend(place, slot, RETRYING, passed - spent);
        } else if spent > passed {
            // A way or a pause is written down when it begins; this one was cut short.
            self.jobs.take_back(place, spent - passed);
        }
    }

    /// The caller of the visit at `depth` gives up. The work goes on without anybody waiting for
    /// it, unless the callee is told.
    pub(super) fn timed_out(&mut self, place: u32, depth: u8, number: u32) {
        self.alight(place);
        self.jobs.frame(place, depth).timer = NONE;
        let step = &self.table.programs.steps[number as usize];
        let (edge, to) = (step.edge, step.to);
        if self.is_traced(place) {
            self.trace_timed_out(place, depth, to);
        }
        let cancel = self.table.edges[edge as usize].guard.as_ref().is_some_and(|guard| guard.cancel);
        let deadline = self.jobs.frame_of(place, depth).deadline;
        let caller = if cancel {
            self.unwind(place, depth);
            place
        } else {
            self.split(place, depth)
        };
        self.jobs[caller].deadline = deadline;
        if let Some(guard) = &mut self.table.edges[edge as usize].guard {
            guard.under_way -= 1;
            if let Some(breaker) = &mut guard.breaker {
                breaker.ended(true, self.now);
            }
        }
        if self.attempt_failed(caller, number, Cause::TimedOut, to) {
            self.goes_on(caller);
        }
    }

    /// Parts a job in two: the visits from `depth` on go on for nobody, under the old number,
    /// which is known to queues and to the agenda; the caller is a new job.
    pub(super) fn split(&mut self, place: u32, depth: u8) -> u32 {
        let caller = self.jobs.copy(place);
        let job = &mut self.jobs[caller];
        (job.depth, job.failed) = (depth - 1, Cause::None);
        (job.wake, job.wait) = (u64::MAX, NONE);
        job.flags &= !(LOST | crate::job::FROZEN | RETRY);
        for above in job.visits().filter(|above| *above < depth) {
            let timer = self.jobs.frame_of(caller, above).timer;
            if timer != NONE
                && let Action::Timeout { job, .. } = self.action(timer)
            {
                *job = caller;
            }
        }
        self.adopt(place, caller);
        if self.is_traced(place) {
            self.tracer.split(place, caller, depth);
        }
        if self.jobs[place].has(FLIGHT) {
            self.part_fetches(place, caller, depth);
        }
        if self.jobs[place].has(SIGHTS) {
            self.copy_sights(place, caller);
        }
        let orphan = &mut self.jobs[place];
        orphan.floor = depth;
        orphan.flags &= !(crate::job::ROOT | crate::job::DETACHED);
        (orphan.parent, orphan.wait_of_parent, orphan.message) = (NONE, NONE, NONE);
        orphan.reserved = false;
        if orphan.has(LOST) && orphan.depth == depth {
            self.end_orphan(place);
        }
        caller
    }

    /// An orphan that is at its end without an answer on the way.
    fn end_orphan(&mut self, place: u32) {
        let depth = self.jobs[place].depth;
        self.unwind(place, depth);
        self.remove(place);
    }

    /// Takes back the visits of a job from its present one up to `depth`, all at once.
    pub(super) fn unwind(&mut self, place: u32, depth: u8) {
        self.abandon_branches(place);
        while self.jobs[place].depth >= depth && self.jobs[place].depth > 0 {
            let here = self.jobs[place].depth;
            if self.is_traced(place) {
                self.trace_called_back(place, here);
            }
            let frame = *self.jobs.frame_of(place, here);
            let step = &self.table.programs.steps[frame.step as usize];
            let edge = step.edge;
            if here > depth
                && let Some(guard) = &mut self.table.edges[edge as usize].guard
            {
                guard.called_back(self.now);
            }
            if frame.timer != NONE {
                self.call_off(frame.timer);
                self.jobs[place].deadline = frame.deadline;
            }
            if frame.arrived != NOT_YET {
                self.give_up_visit(place, here);
            }
            self.table.stations[frame.station as usize].open -= 1;
            let job = &mut self.jobs[place];
            job.depth = here - 1;
            job.wake = u64::MAX;
            job.flags &= !(LOST | crate::job::FROZEN | RETRY);
        }
        if self.jobs[place].has(FLIGHT) {
            self.abandon_fetches(place, depth);
        }
    }
}
