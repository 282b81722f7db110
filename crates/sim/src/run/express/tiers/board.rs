//! Who goes tier by tier: events of those who ride are taken out of the agenda, and given back to
//! it when somebody or everybody goes on in another way.

use super::{ARE_BUILT, NO_TIER, key_of};
use crate::agenda::calendar::descend;
use crate::agenda::{Event, LAST_TICKET, NEVER, key, order_of, parts};
use crate::job::{EXPRESS, NONE, NOT_YET};
use crate::run::{Action, Run};
use crate::time::later;

/// If one in so many does not ride, stretches are too short.
const FEW: usize = 8;

impl Run {
    /// Takes the events of those who ride out of the agenda. False if too few do.
    pub(super) fn enter_tiers(&mut self) -> bool {
        if self.table.taps[0].next == u64::MAX || !self.ready.is_empty() {
            return false;
        }
        let all = self.jobs.all();
        let on_foot = all.iter().filter(|&&place| self.jobs[place].flags & EXPRESS == 0).count();
        if on_foot > all.len() / FEW {
            return false;
        }
        let (jobs, next) = (&self.jobs, self.table.taps[0].next);
        let mut given = self.agenda.give(&mut |ticket, event| match event {
            Event::Wake(place) => jobs[place].wake == ticket && jobs[place].flags & EXPRESS > 0,
            Event::Send(_) => ticket == next,
            _ => false,
        });
        self.tiers.source = NEVER;
        descend(&mut given);
        for key in given.into_iter().rev() {
            match parts(key).2 {
                Event::Wake(place) => {
                    let component = self.table.stations[self.jobs[place].station as usize].component;
                    let tier = self.tiers.of_component[component as usize];
                    self.tiers.tiers[tier].put(key);
                }
                _ => self.tiers.source = key,
            }
        }
        for place in all.into_iter().filter(|&place| self.jobs[place].flags & EXPRESS == 0) {
            self.tiers.guests.push((place, self.jobs[place].stamp));
        }
        self.tiers.on = true;
        true
    }

    /// Gives all events back to the agenda.
    pub(in crate::run) fn leave_tiers(&mut self) {
        if !ARE_BUILT || !std::mem::take(&mut self.tiers.on) {
            return;
        }
        let mut tiers = std::mem::take(&mut self.tiers);
        for tier in &mut tiers.tiers {
            while let Some(key) = tier.take() {
                let (_, ticket, event) = parts(key);
                if matches!(event, Event::Wake(place) if self.jobs[place].wake == ticket && self.jobs[place].flags & EXPRESS > 0) {
                    self.agenda.put(key);
                }
            }
        }
        if tiers.source != NEVER {
            self.agenda.put(tiers.source);
        }
        for caller in tiers.waiting.drain(..) {
            let (time, ticket, _) = parts(caller.key);
            let waits = self.jobs.is(caller.place, caller.stamp);
            let slot = if waits { self.time_out(caller.place) } else { self.actions.enter(Action::Nothing) };
            self.agenda.put(key_of(time, with_timer(ticket, slot)));
        }
        tiers.answered = 0;
        tiers.guests.clear();
        self.tiers = tiers;
    }

    /// The events of a job that no longer rides go to the agenda.
    pub(in crate::run::express) fn leave_tier(&mut self, place: u32) {
        if !ARE_BUILT || !self.tiers.on {
            return;
        }
        let job = &self.jobs[place];
        let (stamp, has_timer) = (job.stamp, job.timer != NONE);
        if job.begun != NOT_YET && job.wake <= LAST_TICKET {
            self.agenda.put(key_of(job.due, job.wake));
        }
        // Whoever has waited too long has a timer already; few others ever alight here.
        if !has_timer
            && let Some(at) = self.tiers.waiting.iter().position(|caller| caller.place == place && caller.stamp == stamp)
            && let Some(caller) = self.tiers.waiting.remove(at)
        {
            let (time, ticket, _) = parts(caller.key);
            let slot = self.time_out(place);
            self.agenda.put(key_of(time, with_timer(ticket, slot)));
        }
        self.note_guest(place);
    }

    /// Enters the time-out of a request.
    pub(super) fn time_out(&mut self, place: u32) -> u32 {
        let job = &mut self.jobs.jobs[place as usize];
        let stop = &self.express.stops[self.express.routes[job.class as usize].passes.0 as usize];
        job.timer = self.actions.enter(Action::Timeout { job: place, depth: stop.depth, step: stop.step });
        job.timer
    }

    /// Somebody who does not ride has gone to a queue.
    #[inline]
    pub(in crate::run) fn note_guest(&mut self, place: u32) {
        if ARE_BUILT && self.tiers.on {
            self.tiers.guests.push((place, self.jobs[place].stamp));
        }
    }

    /// Whether a component only serves those who pass from tier to tier, and others alike.
    #[inline]
    pub(in crate::run) fn tiers_serve(&self, component: u32) -> bool {
        ARE_BUILT && self.tiers.of_component.get(component as usize).is_some_and(|tier| *tier != NO_TIER)
    }

    /// The next who waits is served, and rides on.
    pub(in crate::run) fn take_next_rider(&mut self, number: u32) {
        let mut ride = self.ride(0);
        let Some(next) = ride.begin_next(number) else { return };
        let component = ride.stations[number as usize].component as usize;
        if next.length == 0 {
            return self.goes_on(next.place);
        }
        let due = later(self.now, next.length);
        let wake = if self.tiers.on && next.rides {
            let key = key(due, self.agenda.scheduled(), Event::Wake(next.place));
            self.agenda.pass(1);
            self.tiers.tiers[self.tiers.of_component[component]].put(key);
            key as u64
        } else {
            self.agenda.schedule(due, self.table.components[component].lane, Event::Wake(next.place))
        };
        let job = &mut self.jobs[next.place];
        (job.due, job.wake) = (due, wake);
    }
}

/// The ticket of a timer instead of a job, scheduled at the same place.
fn with_timer(ticket: u64, slot: u32) -> u64 {
    key(0, order_of(ticket), Event::Timer(slot)) as u64
}
