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

mod board;
mod drive;
mod visit;

use std::collections::VecDeque;

use super::Move;
use crate::agenda::calendar::Calendar;
use crate::agenda::{Key, NEVER};
use crate::program::Op;
use crate::run::Run;
use crate::run::express::routes::ops_of;
use crate::run::quiet::Way;
use crate::station::{Sums, UNLIMITED};
use crate::time::Ns;

/// Not in the engine of figures, which everybody who reads has to download.
pub(in crate::run) const ARE_BUILT: bool = !cfg!(target_arch = "wasm32") || cfg!(feature = "tiers");

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
    pub(in crate::run) fn settle_tiers(&mut self) {
        if ARE_BUILT {
            self.leave_tiers();
            self.tiers = self.tiers_of().unwrap_or_default();
        }
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

    #[inline(always)]
    fn take_order(&mut self) -> u64 {
        self.order += 1;
        self.order - 1
    }
}

/// An event that has a ticket already.
fn key_of(time: Ns, ticket: u64) -> Key {
    (Key::from(time) << 64) | Key::from(ticket)
}
