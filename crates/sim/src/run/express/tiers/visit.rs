//! The visits of a stretch: what comes to a tier and what ends there, in order.

use std::collections::VecDeque;

use super::drive::MOST_SENT;
use super::{Caller, Coming, Fate, Tier, Tiers, key_of};
use crate::agenda::{CALENDAR, Event, Key, NEVER, key, parts};
use crate::balance::in_turn;
use crate::job::{EXPRESS, HIT, NONE, NOT_YET, SERVING, WAITING};
use crate::run::GOING;
use crate::run::express::{Begun, Move, Ride, next_of};
use crate::run::quiet::Way;
use crate::time::{Ns, later};

/// What all tiers have to know of the stretch of time.
pub(super) struct Stretch<'a> {
    pub(super) limit: Key,
    /// Visits that were over when they began.
    pub(super) at_once: u64,
    pub(super) of_step: &'a [usize],
    /// How many there are.
    pub(super) tiers: usize,
}

impl Ride<'_> {
    /// The source, and the tier to which it sends. How many were sent.
    #[inline(never)]
    pub(super) fn first_tier(&mut self, tiers: &mut Tiers, stretch: &mut Stretch, requests: u64, sessions: &mut u64) -> u32 {
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
    #[inline(never)]
    pub(super) fn later_tier(&mut self, tiers: &mut [Tier], number: usize, stretch: &mut Stretch) {
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
    fn take_rarely(&mut self, tier: &mut Tier, next: &Begun, stretch: &mut Stretch) {
        if next.rides {
            return tier.at_once.push(next.place);
        }
        let job = &mut self.jobs[next.place as usize];
        if next.length == 0 {
            job.wake = GOING;
            self.ready.push((next.place, next.stamp));
            stretch.limit = stretch.limit.min(key_of(self.now, 0));
            return;
        }
        let due = later(self.now, next.length);
        job.wake = self.agenda.schedule(due, CALENDAR, Event::Wake(next.place));
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
