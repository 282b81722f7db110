//! Tier by tier: where requests of one class pass from component to component, and none of these
//! waits for another, a stretch of time is run through one component after the other instead of
//! event by event. Each component then sees only its own calls, in their order: no common agenda,
//! and one small loop at a time. Jobs, stations, accounts and draws are those of the express.
//!
//! A stretch ends where something else happens: at the next event of the agenda, in which only
//! what is not for the tiers is left, and where the first caller would have waited too long.
//! Within it no tier has anything to do with a later one; with an earlier one it has what came
//! from there. Two events of different tiers at one nanosecond happen in the order of their
//! causes; if these are at one nanosecond too, arrivals come first. That is not known to be what
//! the agenda would do, so only what is drawn at random from a continuum is run like this.

use std::collections::VecDeque;

use super::{Move, Next, Ride, next_of};
use crate::agenda::calendar::{Calendar, descend};
use crate::agenda::{Event, Key, LAST_TICKET, NEVER, key, parts};
use crate::balance::in_turn;
use crate::job::{EXPRESS, HIT, NONE, NOT_YET, SERVING, WAITING};
use crate::program::Op;
use crate::run::express::routes::ops_of;
use crate::run::quiet::Way;
use crate::run::{Action, Run};
use crate::station::{Sums, UNLIMITED};
use crate::time::{Ns, later};

/// Requests sent in one stretch, at most.
const MOST_SENT: u32 = 128;
/// So long a stretch lasts at most [ns], so that sums over it fit into 64 bits.
const LONGEST: Ns = 1 << 40;
/// Steps that a request may take in a stretch are fewer than this for each tier.
const STEPS: u64 = 4;
/// After so many steps it is looked again whether enough jobs ride.
const AGAIN: u64 = 4_096;
/// If one in so many does not ride, stretches are too short.
const FEW: usize = 8;

/// What is run tier by tier.
#[derive(Default)]
pub(in crate::run) struct Tiers {
    /// In the order in which requests come to them; none if the design is not for this.
    tiers: Vec<Tier>,
    /// By step and by component: the number of its tier.
    of_step: Vec<usize>,
    of_component: Vec<usize>,
    /// Whether events of those who ride are here and not in the agenda.
    on: bool,
    /// Of the next request; `NEVER` if there is none.
    source: Key,
    /// How long callers wait, and who waits since when.
    patience: Ns,
    waiting: VecDeque<Caller>,
    /// So many of them at the front have their answer.
    answered: usize,
    /// Whoever does not ride and has gone to a queue.
    guests: Vec<(u32, u32)>,
    /// Not tried before so many steps.
    not_before: u64,
}

struct Tier {
    /// The call, and what is known of it.
    step: u32,
    to: u32,
    edge: u32,
    first: u32,
    replicas: u32,
    workers: u32,
    assumed: u32,
    slot: u16,
    bit: u16,
    depth: u8,
    way: Way,
    looks_up: bool,
    /// The operation after the service.
    served: u32,
    /// Where requests go on after a visit: if they did not find what they wanted, and if they did.
    next: [Fate; 2],
    /// Visits that will end. Where all take equally long and nobody waits, they end in the order in
    /// which they begin, and stand in line.
    calendar: Calendar,
    line: VecDeque<Key>,
    in_line: bool,
    /// How long a visit takes there [ns].
    delay: Ns,
    /// Scheduled so far.
    order: u64,
    coming: Vec<Coming>,
    /// Served in no time, after a wait, behind the one whose worker they took.
    at_once: Vec<u32>,
    /// Of this stretch, and not yet written down.
    sums: Sums,
}

/// What follows a visit.
#[derive(Clone, Copy)]
enum Fate {
    /// A tier, so many further on.
    Tier(u32),
    /// The end.
    End { passes: bool },
    /// Whatever is to be done from this operation on.
    Operation(u32),
}

/// A request on its way to the next tier: when it comes, and when that was known.
#[derive(Clone, Copy)]
struct Coming {
    time: Ns,
    since: Ns,
    place: u32,
}

/// A caller who has a time-out, and the key of that.
struct Caller {
    key: Key,
    place: u32,
    stamp: u32,
}

const NO_TIER: usize = usize::MAX;

impl Run {
    /// Finds out whether the design can be run tier by tier.
    pub(super) fn settle_tiers(&mut self) {
        self.leave_tiers();
        self.tiers = self.tiers_of().unwrap_or_default();
    }

    fn tiers_of(&self) -> Option<Tiers> {
        let (table, express) = (&self.table, &self.express);
        let ([class], [tap], [route]) = (&table.classes[..], &table.taps[..], &express.routes[..]) else { return None };
        if !route.open || express.taps[0] != Some(0) || !tap.source.is_memoryless() || class.users > 0 {
            return None;
        }
        let passes = &express.stops[route.passes.0 as usize..route.passes.1 as usize];
        let mut tiers = Tiers {
            of_step: vec![NO_TIER; table.programs.steps.len()],
            of_component: vec![NO_TIER; table.components.len()],
            patience: passes.first().map_or(Ns::MAX, |stop| if stop.guarded { stop.timeout } else { Ns::MAX }),
            ..Tiers::default()
        };
        for op in ops_of(table, class.program) {
            match op {
                Op::Send(step) if passes.iter().any(|stop| stop.step == step) => {}
                Op::Send(step) => tiers.add(self, step)?,
                Op::Chance { .. } => return None,
                _ => {}
            }
        }
        tiers.settle_fates(&express.moves);
        (!tiers.tiers.is_empty() && matches!(express.moves[route.at as usize], Move::Enter(_))).then_some(tiers)
    }

    /// Whether the next steps can be made tier by tier.
    #[inline]
    pub(in crate::run) fn goes_by_tiers(&self) -> bool {
        !self.tiers.tiers.is_empty() && self.events >= self.tiers.not_before
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
        if !self.tiers.on && !(self.has_plenty() && self.enter_tiers()) {
            self.tiers.not_before = self.events + AGAIN;
            return Next::Nothing;
        }
        while self.events < until {
            if !self.has_plenty() {
                self.leave_tiers();
                self.tiers.not_before = self.events + AGAIN;
                break;
            }
            let mut tiers = std::mem::take(&mut self.tiers);
            let limit = self.limit(&mut tiers);
            let reached = self.stretch(&mut tiers, limit);
            self.tiers = tiers;
            while let Some((job, stamp)) = self.ready.pop() {
                self.events += 1;
                self.go_if_still_there(job, stamp);
            }
            if reached < self.agenda.least() {
                self.give_up_if_due(reached);
            } else if let Some(event) = self.next_besides() {
                self.leave_tiers();
                return Next::Event(Some(event));
            }
        }
        Next::Nothing
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
        while let Some((job, stamp)) = self.ready.pop() {
            self.events += 1;
            self.go_if_still_there(job, stamp);
        }
        None
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
        while let Some((job, stamp)) = self.ready.pop() {
            self.events += 1;
            self.go_if_still_there(job, stamp);
        }
    }

    /// Enters the time-out of a request.
    fn time_out(&mut self, place: u32) -> u32 {
        let job = &mut self.jobs.jobs[place as usize];
        let stop = &self.express.stops[self.express.routes[job.class as usize].passes.0 as usize];
        job.timer = self.actions.enter(Action::Timeout { job: place, depth: stop.depth, step: stop.step });
        job.timer
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

    /// Somebody who does not ride has gone to a queue.
    #[inline]
    pub(in crate::run) fn note_guest(&mut self, place: u32) {
        if self.tiers.on {
            self.tiers.guests.push((place, self.jobs[place].stamp));
        }
    }

    /// Whether a component only serves those who pass from tier to tier, and others alike.
    #[inline]
    pub(in crate::run) fn tiers_serve(&self, component: u32) -> bool {
        self.tiers.of_component.get(component as usize).is_some_and(|tier| *tier != NO_TIER)
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

    /// Takes the events of those who ride out of the agenda. False if too few do.
    fn enter_tiers(&mut self) -> bool {
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
        if !std::mem::take(&mut self.tiers.on) {
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
    pub(super) fn leave_tier(&mut self, place: u32) {
        let job = &self.jobs[place];
        let stamp = job.stamp;
        if self.tiers.on && job.begun != NOT_YET && job.wake <= LAST_TICKET {
            self.agenda.put(key_of(job.due, job.wake));
        }
        if let Some(at) = self.tiers.waiting.iter().position(|caller| caller.place == place && caller.stamp == stamp)
            && let Some(caller) = self.tiers.waiting.remove(at)
        {
            let (time, ticket, _) = parts(caller.key);
            let slot = self.time_out(place);
            self.agenda.put(key_of(time, with_timer(ticket, slot)));
        }
        self.note_guest(place);
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

/// What all tiers have to know of the stretch of time.
struct Stretch<'a> {
    limit: Key,
    /// Visits that were over when they began.
    at_once: u64,
    of_step: &'a [usize],
    /// How many there are.
    tiers: usize,
}

impl Tiers {
    /// A call whose component is a tier of its own; none if it cannot be.
    fn add(&mut self, run: &Run, number: u32) -> Option<()> {
        let stop = &run.express.stops[number as usize];
        let component = &run.table.components[stop.to as usize];
        let hands_on = stop.last || !stop.holds;
        if stop.odd || stop.queue != UNLIMITED || !hands_on || self.of_component[stop.to as usize] != NO_TIER {
            return None;
        }
        let served = run.table.programs.steps[number as usize].send + 2;
        let next = if stop.last { [stop.next, stop.on_hit] } else { [run.express.after(served + 1); 2] };
        let next = next.map(Fate::Operation);
        let in_line = stop.workers == UNLIMITED && component.service.constant().is_some_and(|time| time > 0);
        if !in_line && !component.service.is_continuous() {
            // Many things would happen at one moment, whose order only the agenda knows.
            return None;
        }
        // What the source sends to is run together with it.
        let in_line = in_line && !self.tiers.is_empty();
        (self.of_step[number as usize], self.of_component[stop.to as usize]) = (self.tiers.len(), self.tiers.len());
        self.tiers.push(Tier {
            step: number,
            to: stop.to,
            edge: stop.edge,
            first: stop.first,
            replicas: stop.replicas,
            workers: stop.workers,
            assumed: stop.assumed,
            slot: stop.slot,
            bit: 1 << stop.slot,
            depth: stop.depth,
            way: stop.way,
            looks_up: stop.looks_up,
            served,
            next,
            calendar: Calendar::default(),
            line: VecDeque::new(),
            in_line,
            delay: component.service.constant().unwrap_or(0),
            order: 0,
            coming: Vec::new(),
            at_once: Vec::new(),
            sums: Sums::default(),
        });
        Some(())
    }
}

impl Tiers {
    /// Finds out what follows each visit, as far as that is certain.
    fn settle_fates(&mut self, moves: &[Move]) {
        for number in 0..self.tiers.len() {
            let tier = &self.tiers[number];
            let sure = tier.looks_up.then_some(());
            let fates = [(0, false), (1, true)].map(|(at, hit)| match tier.next[at] {
                Fate::Operation(at) => self.fate(moves, at, number, sure.map(|()| hit)),
                known => known,
            });
            self.tiers[number].next = fates;
        }
    }

    /// `hit` is whether the last answer was what was asked for, if that is known.
    fn fate(&self, moves: &[Move], from: u32, number: usize, mut hit: Option<bool>) -> Fate {
        let (mut at, mut passes, mut fills) = (from, false, false);
        loop {
            at = match moves[at as usize] {
                Move::Enter(step) if !fills => return Fate::Tier((self.of_step[step as usize] - number - 1) as u32),
                Move::Goto(to) => to,
                Move::OnHit(to) if hit == Some(true) => to,
                Move::OnHit(_) if hit == Some(false) => at + 1,
                Move::Fill => {
                    (hit, fills) = (Some(true), true);
                    at + 1
                }
                Move::PassOut(next) => {
                    passes = true;
                    next
                }
                Move::Finish => return Fate::End { passes },
                _ => return Fate::Operation(from),
            };
        }
    }
}

impl Tier {
    /// The first visit that will end, of those that are known.
    fn least(&self) -> Key {
        if self.in_line { self.line.front().copied().unwrap_or(NEVER) } else { self.calendar.least() }
    }

    /// Takes what is known to end, in order.
    fn put(&mut self, key: Key) {
        if self.in_line {
            self.line.push_back(key);
        } else {
            self.calendar.push(key);
        }
    }

    fn take(&mut self) -> Option<Key> {
        if self.in_line { self.line.pop_front() } else { self.calendar.pop() }
    }
}

/// They come from few tiers, each of which sends them in order.
fn in_order(coming: &mut [Coming]) {
    for from in 1..coming.len() {
        let (mut at, one) = (from, coming[from]);
        while at > 0 && (coming[at - 1].time, coming[at - 1].since) > (one.time, one.since) {
            coming[at] = coming[at - 1];
            at -= 1;
        }
        coming[at] = one;
    }
}

fn key_of(time: Ns, ticket: u64) -> Key {
    (Key::from(time) << 64) | Key::from(ticket)
}

/// The ticket of a timer instead of a job, scheduled at the same place.
fn with_timer(ticket: u64, slot: u32) -> u64 {
    key(0, crate::agenda::order_of(ticket), Event::Timer(slot)) as u64
}

impl Ride<'_> {
    /// The source, and the tier to which it sends. How many were sent.
    #[inline(always)]
    fn first_tier(&mut self, tiers: &mut Tiers, stretch: &mut Stretch, requests: u64, sessions: &mut u64) -> u32 {
        let Some((tier, rest)) = tiers.tiers.split_first_mut() else { return 0 };
        let mut sent = 0;
        loop {
            let least = tier.calendar.least();
            if tiers.source < least {
                if tiers.source >= stretch.limit {
                    return sent;
                }
                if sent == MOST_SENT {
                    stretch.limit = tiers.source;
                    return sent;
                }
                sent += 1;
                self.now = (tiers.source >> 64) as Ns;
                let Some(place) = self.free.pop() else { unreachable!("room was made") };
                self.begin(0, place, requests + u64::from(sent), sessions);
                tiers.source = match next_of(&mut self.taps[0], self.now, self.window, self.ziggurat) {
                    Some(time) => key(time, tier.take_order(), Event::Send(0)),
                    None => NEVER,
                };
                self.board(place, tier, tiers.patience, &mut tiers.waiting);
                self.come(tier, place, rest, stretch);
            } else {
                if least >= stretch.limit {
                    return sent;
                }
                tier.calendar.advance();
                self.end_visit(tier, least, rest, stretch);
            }
        }
    }

    /// Through the boxes at the beginning; the caller waits from now on.
    #[inline(always)]
    fn board(&mut self, place: u32, tier: &mut Tier, patience: Ns, waiting: &mut VecDeque<Caller>) {
        let job = &mut self.jobs[place as usize];
        job.used = 0;
        job.timer = NONE;
        let route = &self.routes[0];
        if route.passes.1 > route.passes.0 {
            self.passed[0].comes(self.now);
            if patience != Ns::MAX {
                let key = key(later(self.now, patience), tier.take_order(), Event::Wake(place));
                waiting.push_back(Caller { key, place, stamp: job.stamp });
            }
        }
    }

    /// What comes to a tier, and what ends there, in order.
    #[inline(always)]
    fn later_tier(&mut self, tiers: &mut [Tier], number: usize, stretch: &mut Stretch) {
        let [tier, rest @ ..] = &mut tiers[number..] else { return };
        let mut coming = std::mem::take(&mut tier.coming);
        if number > 1 {
            in_order(&mut coming);
        }
        if tier.in_line {
            while let Some(&least) = tier.line.front().filter(|key| **key < stretch.limit) {
                tier.line.pop_front();
                self.end_visit_in_line(tier, least, rest, stretch);
            }
            for next in coming.drain(..) {
                self.pass_along(tier, &next, rest, stretch);
            }
        } else {
            for next in coming.drain(..) {
                while self.ends_before(tier, &next) {
                    self.end_next(tier, rest, stretch);
                }
                self.now = next.time;
                self.come(tier, next.place, rest, stretch);
            }
            while tier.calendar.least() < stretch.limit {
                self.end_next(tier, rest, stretch);
            }
        }
        tier.coming = coming;
    }

    #[inline(always)]
    fn end_next(&mut self, tier: &mut Tier, rest: &mut [Tier], stretch: &mut Stretch) {
        let least = tier.calendar.least();
        tier.calendar.advance();
        self.end_visit(tier, least, rest, stretch);
    }

    /// A visit where nobody waits and all are served equally long: both ends of it at once, if
    /// both are within the stretch.
    #[inline(always)]
    fn pass_along(&mut self, tier: &mut Tier, next: &Coming, rest: &mut [Tier], stretch: &mut Stretch) {
        let due = later(next.time, tier.delay);
        self.now = next.time;
        if key(due, tier.order, Event::Wake(next.place)) >= stretch.limit {
            return self.come_and_stay(tier, next.place, rest, stretch);
        }
        let number = self.replica(tier);
        self.stations[number as usize].got += 1;
        tier.sums.passes(next.time, due);
        self.now = due;
        let fate = self.end(tier, next.place, next.time, next.time);
        self.go_on(next.place, fate, next.time, rest, stretch);
    }

    /// Whether a visit ends before somebody comes.
    #[inline(always)]
    fn ends_before(&self, tier: &Tier, coming: &Coming) -> bool {
        let (due, _, event) = parts(tier.calendar.least());
        due < coming.time || due == coming.time && matches!(event, Event::Wake(place) if self.jobs[place as usize].begun < coming.since)
    }

    /// At the door of a tier.
    #[inline(always)]
    fn come(&mut self, tier: &mut Tier, place: u32, rest: &mut [Tier], stretch: &mut Stretch) {
        let now = self.now;
        let number = self.replica(tier);
        let station = &mut self.stations[number as usize];
        let job = &mut self.jobs[place as usize];
        station.got += 1;
        tier.sums.comes(now);
        (job.arrived, job.station, job.depth, job.at) = (now, number, tier.depth, tier.served);
        if station.busy >= tier.workers {
            job.begun = NOT_YET;
            station.enqueue(place, job.stamp);
            let account = &mut self.components[tier.to as usize].account;
            account.queue_max = account.queue_max.max(station.waiting);
            return;
        }
        station.busy += 1;
        tier.sums.begins(now);
        job.begun = now;
        let component = &mut self.components[tier.to as usize];
        let length = component.service.draw(&mut component.times, self.ziggurat);
        if length > 0 {
            return self.will_end(tier, place, length);
        }
        // Over at once is no step of its own.
        stretch.at_once += 1;
        tier.at_once.push(place);
        self.end_those_at_once(tier, rest, stretch);
    }

    #[inline(never)]
    fn come_and_stay(&mut self, tier: &mut Tier, place: u32, rest: &mut [Tier], stretch: &mut Stretch) {
        self.come(tier, place, rest, stretch);
    }

    #[inline(always)]
    fn will_end(&mut self, tier: &mut Tier, place: u32, length: Ns) {
        let due = later(self.now, length);
        let key = key(due, tier.take_order(), Event::Wake(place));
        let job = &mut self.jobs[place as usize];
        (job.due, job.wake) = (due, key as u64);
        if tier.in_line {
            tier.line.push_back(key);
        } else {
            tier.calendar.push(key);
        }
    }

    /// The first of the visits ends that will end.
    #[inline(always)]
    fn end_visit(&mut self, tier: &mut Tier, key: Key, rest: &mut [Tier], stretch: &mut Stretch) {
        let (time, ticket, event) = parts(key);
        let Event::Wake(place) = event else { return };
        let job = &self.jobs[place as usize];
        if job.wake != ticket || job.flags & EXPRESS == 0 {
            // It does not ride any more, and ends in the agenda.
            return;
        }
        self.now = time;
        self.after_visit(tier, place, rest, stretch);
        if !tier.at_once.is_empty() {
            self.end_those_at_once(tier, rest, stretch);
        }
    }

    #[inline(never)]
    fn end_visit_in_line(&mut self, tier: &mut Tier, key: Key, rest: &mut [Tier], stretch: &mut Stretch) {
        self.end_visit(tier, key, rest, stretch);
    }

    /// After its service: the worker takes the next, and the job goes on.
    #[inline(always)]
    fn after_visit(&mut self, tier: &mut Tier, place: u32, rest: &mut [Tier], stretch: &mut Stretch) {
        let job = &self.jobs[place as usize];
        let (arrived, begun, number) = (job.arrived, job.begun, job.station);
        tier.sums.ends(arrived, begun, self.now);
        let fate = self.end(tier, place, arrived, begun);
        let station = &mut self.stations[number as usize];
        station.busy -= 1;
        if station.waiting > 0 {
            self.take(tier, number, stretch);
        }
        self.go_on(place, fate, begun, rest, stretch);
    }

    /// The end of a visit, in numbers; and what follows it.
    #[inline(always)]
    fn end(&mut self, tier: &mut Tier, place: u32, arrived: Ns, begun: Ns) -> Fate {
        let now = self.now;
        let job = &mut self.jobs[place as usize];
        // A request comes to a tier but once, and takes no time on its way.
        job.used |= tier.bit;
        let span = &mut self.spans[place as usize * self.slots + usize::from(tier.slot)];
        (span[WAITING], span[SERVING]) = (begun - arrived, now - begun);
        if cfg!(debug_assertions) {
            self.components[tier.to as usize].account.prove_visit(arrived, begun, now, self.window);
        }
        if !tier.looks_up {
            return tier.next[0];
        }
        let hit = self.components[tier.to as usize].draw_hit(tier.assumed.into());
        job.set(HIT, hit);
        tier.next[usize::from(hit)]
    }

    #[inline(always)]
    fn go_on(&mut self, place: u32, fate: Fate, since: Ns, rest: &mut [Tier], stretch: &mut Stretch) {
        match fate {
            Fate::Tier(ahead) => rest[ahead as usize].coming.push(Coming { time: self.now, since, place }),
            Fate::End { passes } => {
                if passes {
                    let job = &self.jobs[place as usize];
                    let (came, timer) = (job.intended, job.timer);
                    self.passed[0].leaves(came, self.now, self.window);
                    // Only whoever set out before the tiers has a timer; others wait in the tiers.
                    self.end_timer(place, timer);
                }
                self.finish::<false>(place);
            }
            Fate::Operation(at) => self.onward(place, at, since, rest, stretch),
        }
    }

    #[inline(always)]
    fn replica(&mut self, tier: &Tier) -> u32 {
        tier.first
            + match tier.way {
                Way::Only => 0,
                Way::RoundRobin => in_turn(&mut self.edges[tier.edge as usize].turn, tier.replicas),
                Way::Random => self.edges[tier.edge as usize].choices.below(tier.replicas.into()) as u32,
                _ => in_turn(&mut self.components[tier.to as usize].turn, tier.replicas),
            }
    }

    /// The next who waits is served, whether they ride or not.
    #[inline(always)]
    fn take(&mut self, tier: &mut Tier, number: u32, stretch: &mut Stretch) {
        let Some(next) = self.begin_next(number) else { return };
        if next.rides && next.length > 0 {
            return self.will_end(tier, next.place, next.length);
        }
        self.take_rarely(tier, &next, stretch);
    }

    #[inline(never)]
    fn take_rarely(&mut self, tier: &mut Tier, next: &super::Begun, stretch: &mut Stretch) {
        if next.rides {
            return tier.at_once.push(next.place);
        }
        let job = &mut self.jobs[next.place as usize];
        if next.length == 0 {
            job.wake = super::GOING;
            self.ready.push((next.place, next.stamp));
            stretch.limit = stretch.limit.min(key_of(self.now, 0));
            return;
        }
        let due = later(self.now, next.length);
        job.wake = self.agenda.schedule(due, crate::agenda::CALENDAR, Event::Wake(next.place));
        job.due = due;
        stretch.limit = stretch.limit.min(key_of(due, job.wake));
    }

    #[inline(never)]
    fn end_those_at_once(&mut self, tier: &mut Tier, rest: &mut [Tier], stretch: &mut Stretch) {
        while let Some(place) = tier.at_once.pop() {
            self.after_visit(tier, place, rest, stretch);
        }
    }

    /// To the next tier, or to the end.
    #[inline(never)]
    fn onward(&mut self, place: u32, mut at: u32, since: Ns, rest: &mut [Tier], stretch: &mut Stretch) {
        let rest_len = rest.len();
        loop {
            at = match self.moves[at as usize] {
                Move::Enter(step) => {
                    let tier = &mut rest[stretch.of_step[step as usize] + rest_len - stretch.tiers];
                    tier.coming.push(Coming { time: self.now, since, place });
                    return;
                }
                Move::OnHit(to) if self.jobs[place as usize].flags & HIT > 0 => to,
                Move::OnHit(_) => at + 1,
                Move::Fill => {
                    self.jobs[place as usize].flags |= HIT;
                    at + 1
                }
                Move::Goto(to) => to,
                Move::Exit(step) => self.stops[step as usize].exit + 2,
                Move::PassOut(next) => {
                    self.pass_out(place);
                    next
                }
                Move::Finish => return self.finish::<false>(place),
                _ => unreachable!("such a design has no tiers"),
            };
        }
    }
}

impl Tier {
    #[inline(always)]
    fn take_order(&mut self) -> u64 {
        self.order += 1;
        self.order - 1
    }
}
