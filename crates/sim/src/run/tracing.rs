//! Where requests that are looked at closely are seen: when their calls are made, end, and what
//! came of them. What is kept of it is in `trace`. Everything here is asked for only while such a
//! request is under way, and changes nothing but what is kept.

use super::Run;
use crate::job::{Cause, NONE};
use crate::trace::{NewCall, Outcome};

impl Run {
    /// Looks closely at some requests of each class, spread over the measured window; the report
    /// then has `traces`. To be said before the first step. It changes no other part of the report.
    pub fn trace(&mut self) {
        self.tracer.switch_on(self.table.classes.len());
        self.express.leave_sources();
        self.settle_tiers();
    }

    /// Such a request takes the common path of all others nowhere, so that it is seen.
    #[inline]
    pub(super) fn is_traced(&self, place: u32) -> bool {
        self.tracer.live > 0 && self.jobs[place].traced
    }

    /// A measured request has just begun.
    #[inline(never)]
    pub(super) fn trace_request(&mut self, place: u32) {
        let job = &mut self.jobs[place];
        let number = self.tally[job.class as usize].sent - 1;
        if self.tracer.takes(job.request, job.class, number, job.intended) {
            job.traced = true;
            self.tracer.live += 1;
        }
    }

    /// A call goes to a replica.
    #[inline(never)]
    pub(super) fn trace_call(&mut self, place: u32, depth: u8, station: u32) {
        let component = self.table.stations[station as usize].component;
        let replica = station - self.table.components[component as usize].first;
        let attempt = u32::from(self.jobs.frame_of(place, depth).attempts).max(1);
        self.tracer.call(self.jobs[place].request, place, depth, NewCall { component, replica, attempt }, self.now);
    }

    /// A call that the caller's policies did not let out.
    #[inline(never)]
    pub(super) fn trace_call_kept_back(&mut self, place: u32, depth: u8, component: u32, cause: Cause) {
        let attempt = u32::from(self.jobs.frame_of(place, depth).attempts).max(1);
        self.tracer.call(self.jobs[place].request, place, depth, NewCall { component, replica: NONE, attempt }, self.now);
        self.tracer.ended(place, depth, Outcome::Failed { cause, at: component }, self.now);
    }

    /// A visit is about to end, served or not.
    #[inline(never)]
    pub(super) fn trace_left(&mut self, place: u32, depth: u8) {
        if self.jobs[place].traced {
            let frame = self.jobs.frame_of(place, depth);
            self.tracer.left(place, depth, frame.arrived, frame.started, self.now);
        }
    }

    /// Refused at the door.
    #[inline(never)]
    pub(super) fn trace_refused(&mut self, place: u32, depth: u8) {
        self.tracer.left(place, depth, self.now, crate::job::NOT_YET, self.now);
    }

    /// The caller has the answer, good or bad.
    #[inline(never)]
    pub(super) fn trace_returned(&mut self, place: u32, depth: u8) {
        self.tracer.ended(place, depth, outcome(&self.jobs[place]), self.now);
    }

    /// The caller gives up.
    #[inline(never)]
    pub(super) fn trace_timed_out(&mut self, place: u32, depth: u8, at: u32) {
        self.tracer.ended(place, depth, Outcome::Failed { cause: Cause::TimedOut, at }, self.now);
    }

    #[inline(never)]
    pub(super) fn trace_called_back(&mut self, place: u32, depth: u8) {
        self.tracer.ended(place, depth, Outcome::CalledBack, self.now);
    }

    /// The client has its answer, or knows that it gets none.
    #[inline(never)]
    pub(super) fn trace_finished(&mut self, place: u32) {
        let job = &self.jobs[place];
        self.tracer.finished(job.request, outcome(job), self.now);
    }

    /// A job deals with a message of a request.
    #[inline(never)]
    pub(super) fn trace_message(&mut self, place: u32) {
        let job = &mut self.jobs[place];
        if self.tracer.knows(job.request) {
            job.traced = true;
            self.tracer.message(job.request, job.message_of, place);
        }
    }

    #[inline(never)]
    pub(super) fn trace_removed(&mut self, place: u32) {
        self.jobs[place].traced = false;
        self.tracer.removed(place);
    }
}

fn outcome(job: &crate::job::Job) -> Outcome {
    match job.failed {
        Cause::None => Outcome::Answered,
        cause => Outcome::Failed { cause, at: job.failed_at },
    }
}
