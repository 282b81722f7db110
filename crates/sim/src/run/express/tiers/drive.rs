//! From stretch to stretch: how far each may go, and what happens between two of them.

use super::{ARE_BUILT, Caller, NO_TIER, Tiers, key_of};
use crate::agenda::{Event, Key, NEVER, parts};
use crate::job::EXPRESS;
use crate::run::express::Next;
use crate::run::express::tiers::visit::Stretch;
use crate::run::{Action, Run};
use crate::station::Sums;
use crate::time::{Ns, later};

/// Requests sent in one stretch, at most.
pub(super) const MOST_SENT: u32 = 128;
/// So long a stretch lasts at most [ns], so that sums over it fit into 64 bits.
const LONGEST: Ns = 1 << 40;
/// Steps that a request may take in a stretch are fewer than this for each tier.
const STEPS: u64 = 4;
/// After so many steps it is looked again whether enough jobs ride, or after more where there are
/// many to look at.
const AGAIN: u64 = 4_096;
const AGAIN_EACH: u64 = 8;
/// If more than so many wait who do not ride, stretches are too short.
const MOST_GUESTS: usize = 64;

impl Run {
    /// Whether the next steps can be made tier by tier.
    #[inline]
    pub(in crate::run) fn goes_by_tiers(&self) -> bool {
        ARE_BUILT && !self.tiers.tiers.is_empty() && self.events >= self.tiers.not_before
    }

    /// Whether nothing of the budget can be used up on the way.
    fn has_plenty(&self) -> bool {
        let live = self.jobs.live() + MOST_SENT as usize;
        let steps = (live * (self.tiers.tiers.len() + 1)) as u64 * STEPS;
        live < self.budget.live_requests / 4 && self.events.saturating_add(steps) < self.budget.events
    }

    /// Takes steps tier by tier, until something happens that ends this or enough steps are taken.
    #[inline(never)]
    pub(in crate::run) fn tier_by_tier(&mut self, until: u64) -> Next {
        let rides = self.tiers.on || self.has_plenty() && self.enter_tiers();
        if !rides {
            self.put_off_tiers();
            return Next::Nothing;
        }
        while self.events < until {
            if !self.has_plenty() || self.tiers.guests.len() > MOST_GUESTS {
                self.leave_tiers();
                self.put_off_tiers();
                break;
            }
            let mut tiers = std::mem::take(&mut self.tiers);
            let limit = self.limit(&mut tiers);
            let reached = self.stretch(&mut tiers, limit);
            self.tiers = tiers;
            self.let_go_on();
            if reached < self.agenda.least() {
                self.give_up_if_due(reached);
            } else if let Some(event) = self.next_besides() {
                self.leave_tiers();
                return Next::Event(Some(event));
            }
        }
        Next::Nothing
    }

    fn put_off_tiers(&mut self) {
        self.tiers.not_before = self.events + AGAIN.max(AGAIN_EACH * self.jobs.live() as u64);
    }

    /// Lets the event happen that has ended a stretch, unless that is more than the tiers bear.
    fn next_besides(&mut self) -> Option<(Ns, u64, Event)> {
        let (time, ticket, event) = self.agenda.next()?;
        self.events += 1;
        match event {
            Event::Wake(place) if self.jobs[place].wake != ticket => {}
            Event::Wake(place) => {
                self.now = time;
                self.go(place);
            }
            Event::Timer(slot) => match self.actions.of(slot) {
                Action::Nothing | Action::Timeout { .. } | Action::Tick | Action::Sample => {
                    self.now = time;
                    self.act(slot);
                }
                _ => return Some((time, ticket, event)),
            },
            _ => return Some((time, ticket, event)),
        }
        self.now = time;
        self.let_go_on();
        None
    }

    /// Whoever goes on at this moment, and whoever does because of them.
    fn let_go_on(&mut self) {
        while let Some((job, stamp)) = self.ready.pop() {
            self.events += 1;
            self.go_if_still_there(job, stamp);
        }
    }

    /// The first caller without an answer has waited too long, if this is the moment.
    fn give_up_if_due(&mut self, reached: Key) {
        let Some(first) = self.tiers.waiting.front().filter(|first| key_of(parts(first.key).0, 0) == reached) else { return };
        let (place, stamp, (time, ..)) = (first.place, first.stamp, parts(first.key));
        self.tiers.waiting.pop_front();
        self.tiers.answered = self.tiers.answered.saturating_sub(1);
        self.now = time;
        self.events += 1;
        if !self.jobs.is(place, stamp) {
            return;
        }
        let slot = self.time_out(place);
        self.act(slot);
        self.let_go_on();
    }

    /// Where the next stretch must end.
    fn limit(&self, tiers: &mut Tiers) -> Key {
        let mut limit = self.agenda.least().min(key_of(later(self.now, LONGEST), 0));
        if tiers.source != NEVER {
            // Who is sent within the stretch does not give up in it.
            limit = limit.min(key_of(later(parts(tiers.source).0, tiers.patience), 0));
        }
        let waits = |caller: &Caller| self.jobs.is(caller.place, caller.stamp);
        while tiers.waiting.get(tiers.answered).is_some_and(|caller| !waits(caller)) {
            tiers.answered += 1;
        }
        if let Some(caller) = tiers.waiting.get(tiers.answered).filter(|caller| caller.key < limit) {
            // It has waited since before anything began that ends at this moment.
            limit = key_of(parts(caller.key).0, 0);
        }
        if !tiers.guests.is_empty() {
            limit = limit.min(self.limit_for_guests(tiers));
        }
        limit
    }

    /// Where somebody waits who does not ride, another tier must not be ahead when a worker takes
    /// them: one visit ends there in a stretch.
    fn limit_for_guests(&self, tiers: &mut Tiers) -> Key {
        let mut guests = std::mem::take(&mut tiers.guests);
        guests.retain(|&(place, stamp)| {
            let still = self.jobs.is(place, stamp) && self.jobs[place].flags & EXPRESS == 0;
            still && self.waits_at(place, self.jobs.frame_of(place, self.jobs[place].depth).station)
        });
        let component = |place: u32| self.table.stations[self.jobs.frame_of(place, self.jobs[place].depth).station as usize].component;
        let tier = |&(place, _): &(u32, u32)| tiers.of_component[component(place) as usize];
        let ends = |tier: usize| tiers.tiers[tier].least().saturating_add(1);
        let limit = guests.iter().map(tier).filter(|tier| (1..NO_TIER).contains(tier)).map(ends).min();
        tiers.guests = guests;
        limit.unwrap_or(NEVER)
    }

    /// One tier after the other up to a limit, or to where a stretch must end before. Where it did.
    fn stretch(&mut self, tiers: &mut Tiers, limit: Key) -> Key {
        self.jobs.make_room(MOST_SENT as usize);
        let from = self.agenda.scheduled();
        tiers.tiers.iter_mut().for_each(|tier| (tier.order, tier.sums) = (from, Sums::since(self.now)));
        let (mut requests, mut sessions, mut events) = (self.requests, self.sessions, self.events);
        let mut ride = self.ride(0);
        let of_step = std::mem::take(&mut tiers.of_step);
        let mut stretch = Stretch { limit, at_once: 0, of_step: &of_step, tiers: tiers.tiers.len() };
        let sent = ride.first_tier(tiers, &mut stretch, requests, &mut sessions);
        requests += u64::from(sent);
        for number in 1..tiers.tiers.len() {
            ride.later_tier(&mut tiers.tiers, number, &mut stretch);
        }
        let (reached, now) = (stretch.limit, parts(stretch.limit).0);
        // To be sent and to go on are two steps.
        events += 2 * u64::from(sent);
        let at_once = stretch.at_once;
        tiers.of_step = of_step;
        while tiers.waiting.front().is_some_and(|caller| caller.key < reached) {
            tiers.waiting.pop_front();
            tiers.answered = tiers.answered.saturating_sub(1);
            events += 1;
        }
        for tier in &tiers.tiers {
            self.table.components[tier.to as usize].account.add(&tier.sums);
            self.express.stops[tier.step as usize].calls += tier.sums.arrived();
            events += tier.sums.ended();
        }
        events -= at_once;
        let scheduled = tiers.tiers.iter().map(|tier| tier.order).max().unwrap_or(from) - from;
        self.agenda.pass(scheduled);
        (self.requests, self.sessions, self.events) = (requests, sessions, events);
        self.now = self.now.max(now);
        self.table.taps[0].next = if tiers.source == NEVER { u64::MAX } else { tiers.source as u64 };
        self.write_passed();
        reached
    }
}
