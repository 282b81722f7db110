//! What happens at a set time and is not the next operation of a job: time-outs, snapshots,
//! faults. An action that is called off stays in the agenda and does nothing when it comes.

use super::Run;
use crate::agenda::{CALENDAR, Event, Lane};
use crate::job::NONE;
use crate::time::{Ns, later};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Nothing,
    /// The caller of the visit at this depth has waited long enough.
    Timeout {
        job: u32,
        depth: u8,
        step: u32,
    },
    /// A call that still waits in a queue leaves it.
    Impatient {
        job: u32,
        stamp: u32,
        arrived: Ns,
    },
    /// A second request is sent beside a slow one, and so many more later.
    Hedge {
        job: u32,
        wait: u32,
        fork: u32,
        left: u32,
    },
    /// A copy of a tied request has begun: the others hear so.
    Tied {
        job: u32,
        wait: u32,
    },
    /// The next of those who share the workers of a station is done.
    Shared {
        station: u32,
    },
    /// The measured window begins, or ends.
    WindowBegins,
    WindowEnds,
    /// One point of the time series.
    Tick,
    /// How many are where is looked at.
    Sample,
    FaultBegins(u32),
    FaultEnds(u32),
    /// A balancer looks at the load, or tries its replicas.
    Look {
        edge: u32,
    },
    Probe {
        edge: u32,
    },
    /// An autoscaler looks; replicas that it asked for are ready.
    Scale {
        component: u32,
    },
    Grow {
        component: u32,
        to: u32,
    },
    /// A replica that was switched off is on.
    Started {
        station: u32,
    },
    /// A replica without work since then is switched off.
    Idle {
        station: u32,
        since: Ns,
    },
    /// A message that was taken is seen again, unless it has been dealt with.
    Visible {
        component: u32,
        message: u32,
        delivery: u32,
    },
    /// Consumers may go on after a pause.
    Resume {
        component: u32,
    },
    /// A transaction has waited so long for another that it looks for a circle.
    Deadlock {
        job: u32,
        ticket: u64,
    },
    /// The database has a new leader.
    Promote {
        component: u32,
        crash: u32,
    },
}

/// Actions in numbered places.
#[derive(Debug, Default)]
pub(crate) struct Actions {
    places: Vec<Action>,
    free: Vec<u32>,
}

impl Actions {
    pub(super) fn of(&self, slot: u32) -> Action {
        self.places[slot as usize]
    }

    /// A place for an action whose event is scheduled besides.
    #[inline(always)]
    pub(super) fn enter(&mut self, action: Action) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                self.places[slot as usize] = action;
                slot
            }
            None => {
                self.places.push(action);
                (self.places.len() - 1) as u32
            }
        }
    }

    #[inline(always)]
    pub(super) fn call_off(&mut self, slot: u32) {
        self.places[slot as usize] = Action::Nothing;
    }

    #[inline]
    pub(super) fn is_called_off(&self, slot: u32) -> bool {
        self.places[slot as usize] == Action::Nothing
    }

    /// A place whose event will not come, or has come.
    #[inline(always)]
    pub(super) fn leave(&mut self, slot: u32) {
        self.places[slot as usize] = Action::Nothing;
        self.free.push(slot);
    }

    /// What all of them take [bytes].
    pub(super) fn held(&self) -> usize {
        self.places.len() * (size_of::<Action>() + size_of::<u32>())
    }
}

impl Run {
    #[inline]
    pub(super) fn at(&mut self, time: Ns, lane: Lane, action: Action) -> u32 {
        let slot = self.actions.enter(action);
        self.agenda.schedule(time, lane, Event::Timer(slot));
        slot
    }

    pub(super) fn after(&mut self, delay: Ns, action: Action) -> u32 {
        self.at(later(self.now, delay), CALENDAR, action)
    }

    #[inline(always)]
    pub(super) fn call_off(&mut self, slot: u32) {
        if slot != NONE {
            self.actions.call_off(slot);
        }
    }

    pub(super) fn action(&mut self, slot: u32) -> &mut Action {
        &mut self.actions.places[slot as usize]
    }

    #[inline]
    pub(super) fn act(&mut self, slot: u32) {
        self.actions.free.push(slot);
        match std::mem::replace(&mut self.actions.places[slot as usize], Action::Nothing) {
            Action::Nothing => {}
            Action::Timeout { job, depth, step } => self.timed_out(job, depth, step),
            other => self.act_rarely(other),
        }
    }

    #[inline(never)]
    fn act_rarely(&mut self, action: Action) {
        match action {
            Action::Nothing | Action::Timeout { .. } => {}
            Action::Impatient { job, stamp, arrived } => self.impatient(job, stamp, arrived),
            Action::Hedge { job, wait, fork, left } => self.hedge_more(job, wait, fork, left),
            Action::Tied { job, wait } => self.call_off_tied(job, wait),
            Action::Shared { station } => self.share_done(station),
            Action::WindowBegins => self.window_begins(),
            Action::WindowEnds => self.window_ends(),
            Action::Tick | Action::Sample => {
                // Looking is no step of the run.
                self.events -= 1;
                if action == Action::Tick { self.tick() } else { self.sample() }
            }
            Action::FaultBegins(fault) => self.fault_begins(fault),
            Action::FaultEnds(fault) => self.fault_ends(fault),
            Action::Look { edge } => self.look(edge),
            Action::Probe { edge } => self.probe(edge),
            Action::Scale { component } => self.scale(component),
            Action::Grow { component, to } => self.grow(component, to),
            Action::Started { station } => self.started(station),
            Action::Idle { station, since } => self.idle(station, since),
            Action::Visible { component, message, delivery } => self.visible_again(component, message, delivery),
            Action::Resume { component } => self.resume(component),
            Action::Deadlock { job, ticket } => self.look_for_a_circle(job, ticket),
            Action::Promote { component, crash } => self.promote(component, crash),
        }
    }
}
