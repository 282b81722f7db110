//! Queues with an order of their own, or that those who wait may leave. Plain ones are in `visit`.

use crate::job::{Cause, NOT_YET, WAITING};
use crate::run::{Action, Run};
use crate::station::Order;
use crate::time::Ns;

/// A queue that has stood for so long is served from its end ("adaptive LIFO"; Maurer, "Fail at
/// scale", ACM Queue 2015) [ns].
const STANDING: Ns = 100_000_000;

impl Run {
    pub(super) fn wait_in_queue(&mut self, place: u32, depth: u8, number: u32, class: u32) {
        let stamp = self.jobs[place].stamp;
        let station = &mut self.table.stations[number as usize];
        let component = &mut self.table.components[station.component as usize];
        if station.waiting == 0 {
            station.empty = self.now;
        }
        let level = if component.order == Order::Priority { self.table.classes[class as usize].priority } else { 0 };
        station.enqueue_at(level, place, stamp);
        component.account.queue_max = component.account.queue_max.max(station.waiting);
        if let Some(patience) = &component.manner.patience {
            let patience = patience.draw(&mut component.choices, &self.ziggurat);
            let arrived = self.jobs.frame_of(place, depth).arrived;
            self.after(patience, Action::Impatient { job: place, stamp, arrived });
        }
    }

    /// The next to be served, where the queue has an order of its own or may drop those in it.
    pub(in crate::run) fn next_special(&mut self, number: u32) -> Option<u32> {
        loop {
            let now = self.now;
            let station = &mut self.table.stations[number as usize];
            if station.is_stopped() {
                return None;
            }
            let component = &mut self.table.components[station.component as usize];
            let standing = component.order == Order::AdaptiveLast && now - station.empty > STANDING;
            let (job, stamp) = if standing { station.dequeue_last() } else { station.dequeue(component.order, &mut component.choices) }?;
            if !self.jobs.is(job, stamp) || !self.waits_at(job, number) {
                continue;
            }
            if let Some(cause) = self.sheds(job, number) {
                self.leave_queue(job, cause);
                continue;
            }
            self.table.stations[number as usize].waiting -= 1;
            return Some(job);
        }
    }

    /// Whether the one who is next is dropped instead.
    fn sheds(&mut self, job: u32, number: u32) -> Option<Cause> {
        let station = &mut self.table.stations[number as usize];
        let component = &self.table.components[station.component as usize];
        let waited = self.now - self.jobs.frame_of(job, self.jobs[job].depth).arrived;
        match component.manner.shed.as_ref()? {
            design::Shed::Late => (self.jobs[job].deadline <= self.now).then_some(Cause::Late),
            design::Shed::CoDel { target, interval } => {
                let dropped = crate::shedding::drops(waited, station.empty, self.now, target.base(), interval.base());
                dropped.then_some(Cause::Shed)
            }
        }
    }

    /// A call leaves the queue without service, and its caller hears why.
    fn leave_queue(&mut self, place: u32, cause: Cause) {
        let depth = self.jobs[place].depth;
        let number = self.jobs.frame_of(place, depth).step;
        let step = &self.table.programs.steps[number as usize];
        let (to, exit, slot) = (step.to, step.exit, step.slot);
        let arrived = self.jobs.frame_of(place, depth).arrived;
        self.jobs.spend(place, slot, WAITING, self.now - arrived);
        self.drop_visit(place, depth);
        let job = &mut self.jobs[place];
        (job.failed, job.failed_at, job.at) = (cause, to, exit);
        self.goes_on(place);
    }

    pub(in crate::run) fn impatient(&mut self, place: u32, stamp: u32, arrived: Ns) {
        if !self.jobs.is(place, stamp) {
            return;
        }
        let frame = self.jobs.frame_of(place, self.jobs[place].depth);
        if frame.arrived == arrived && frame.started == NOT_YET {
            self.leave_queue(place, Cause::Left);
        }
    }
}
