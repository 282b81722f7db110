//! The outbox of a database: a write and a message are committed together, and a relay sends the
//! message later, again and again until it has been taken. So it outlives whoever made the write.

use crate::agenda::CALENDAR;
use crate::job::{Cause, DETACHED, HIT, Job, MEASURED, NONE};
use crate::part::Part;
use crate::run::Run;
use crate::time::{Ns, later};

/// A relay that could not send a message waits at least so long before it tries again [ns].
const AGAIN: Ns = 100_000_000;

impl Run {
    /// A write has been made that is durable after `wait`, and its message with it.
    pub(super) fn leave_in_outbox(&mut self, place: u32, number: u32, wait: Ns) {
        let step = &self.table.programs.steps[number as usize];
        let (program, depth) = (step.consumer, step.depth);
        if program == NONE {
            return;
        }
        let station = self.jobs.frame_of(place, depth).station;
        let job = &self.jobs[place];
        let relay = Job {
            at: program,
            intended: job.intended,
            began: self.now,
            class: job.class,
            flags: HIT | DETACHED | (job.flags & MEASURED),
            key: job.key,
            session: job.session,
            request: job.request,
            message_station: station,
            ..Job::empty()
        };
        let relay = self.jobs.insert(relay);
        let delay = later(wait, self.relay_delay(number));
        self.wake(relay, delay, CALENDAR);
    }

    /// The relay has made its calls: once is enough if all went well, and at least once it must be.
    pub(in crate::run) fn relayed(&mut self, place: u32, number: u32) {
        if self.jobs[place].failed == Cause::None {
            return self.remove(place);
        }
        let pause = self.relay_delay(number).max(AGAIN);
        let job = &mut self.jobs[place];
        (job.failed, job.failed_at) = (Cause::None, NONE);
        job.at = self.table.programs.steps[number as usize].consumer;
        self.wake(place, pause, CALENDAR);
    }

    fn relay_delay(&mut self, number: u32) -> Ns {
        let to = self.table.programs.steps[number as usize].to;
        let component = &mut self.table.components[to as usize];
        match &component.part {
            Part::Relational(part) => part.relay.draw(&mut component.choices, &self.ziggurat),
            _ => 0,
        }
    }
}
