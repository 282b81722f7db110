//! What a run holds: now and then it forgets what means nothing any more, and where too much is
//! left it ends.

use super::{Action, Run};
use crate::agenda::Event;
use crate::job::NOT_YET;
use crate::part::Part;
use crate::report::EndedBy;

/// It looks after so many steps.
const EVERY: u64 = 4_096;
/// So few pending events are not gone through.
const FEW: usize = 50_000;
/// For each request and call that may be under way [bytes]; and what any run may hold.
const EACH: usize = 1_024;
const AT_LEAST: usize = 64 << 20;

impl Run {
    #[inline(never)]
    pub(super) fn tidy(&mut self) {
        self.tidy_at = self.events + EVERY;
        if self.agenda.len() > self.many_events {
            self.forget_events();
            self.many_events = FEW.max(2 * self.agenda.len());
        }
        if self.held() > AT_LEAST.max(self.budget.live_requests.saturating_mul(EACH)) {
            self.end(Some(EndedBy::Memory));
        }
    }

    /// About as much as everything takes that grows [bytes].
    fn held(&self) -> usize {
        let parts: usize = self.table.components.iter().map(|component| component.part.held()).sum();
        parts
            + self.jobs.held()
            + self.ready.len() * 8
            + self.agenda.len() * 24
            + self.actions.held()
            + self.versions.held()
            + self.held_of_rows()
    }

    /// Events that were called off, or have become pointless, stay in the agenda until their time:
    /// a time-out of a day, say, of a call that was answered at once.
    fn forget_events(&mut self) {
        let mut agenda = std::mem::take(&mut self.agenda);
        agenda.retain(|order, event| match event {
            Event::Wake(job) => self.jobs[job].wake == order,
            Event::Timer(slot) => {
                let means = self.means_something(self.actions.of(slot));
                if !means {
                    self.actions.leave(slot);
                }
                means
            }
            Event::Send(number) => self.table.taps.get(number as usize).is_none_or(|tap| tap.next == order),
            Event::Control(_) => true,
        });
        self.agenda = agenda;
    }

    fn means_something(&self, action: Action) -> bool {
        match action {
            Action::Nothing => false,
            Action::Impatient { job, stamp, arrived } => {
                let frame = self.jobs.frame_of(job, self.jobs[job].depth);
                self.jobs.is(job, stamp) && frame.arrived == arrived && frame.started == NOT_YET
            }
            Action::Deadlock { job, ticket } => self.jobs[job].wake == ticket,
            Action::Hedge { job, wait, .. } | Action::Tied { job, wait } => self.jobs[job].wait == wait,
            Action::Idle { station, since } => {
                let station = &self.table.stations[station as usize];
                station.busy == 0 && station.waiting == 0 && station.empty == since
            }
            Action::Visible { component, message, delivery } => match &self.table.components[component as usize].part {
                Part::Broker(broker) => broker.awaits(message, delivery),
                _ => false,
            },
            _ => true,
        }
    }
}
