//! The common path: a call to which nothing happens on the way, at a component that only lets
//! calls wait and serves them. It does what `call` and `visit` do, and knows beforehand that most
//! of it need not be asked for.

use super::Run;
use crate::agenda::{Event, Lane};
use crate::balance::{Policy, in_turn};
use crate::job::{Cause, FLIGHT, FREE, HIT, NONE, NOT_YET};
use crate::program::Verb;
use crate::station::{SLOW, STOPPED};
use crate::time::later;

/// What is known of a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leg {
    pub(super) way: Way,
    pub(super) depth: u8,
    /// Whether more than a plain service can happen at the component, or somebody watches it.
    special: bool,
    holds: bool,
    pub(super) slot: u16,
    pub(super) to: u32,
    edge: u32,
    first: u32,
    replicas: u32,
    workers: u32,
    queue: u32,
    lane: Lane,
    /// How likely a read finds what it wants; `NEVER_ASKED` where that is not drawn [billionths].
    assumed: u32,
}

const NEVER_ASKED: u32 = u32::MAX;

/// How the replica is chosen, if that is simple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Something can happen on the way, or the caller watches: see `call`.
    NotQuiet,
    Only,
    Turns,
    RoundRobin,
    Random,
    /// Nothing happens on the way, but the replica must be looked for.
    Careful,
}

impl Way {
    /// How one of so many replicas is chosen by a plain policy.
    pub(super) fn simple(policy: Policy, replicas: u32) -> Self {
        match policy {
            _ if replicas == 1 => Self::Only,
            Policy::RoundRobin => Self::RoundRobin,
            Policy::Random => Self::Random,
            _ => Self::Turns,
        }
    }
}

impl Run {
    /// Finds out which calls are quiet; to be asked again when a fault begins or ends.
    pub(super) fn settle_quiet(&mut self) {
        let (table, on_foot, watched) = (&self.table, self.on_foot, self.watching.is_some());
        let leg = |(step, hop): (&crate::program::Step, &crate::network::Hop)| {
            let (edge, component) = (&table.edges[step.edge as usize], &table.components[step.to as usize]);
            let silent = !on_foot && edge.guard.is_none() && edge.simple && table.distances.all_near;
            let way = if !silent || hop.there > 0 || hop.back > 0 || hop.slow_start > 0 || component.special {
                Way::NotQuiet
            } else if component.picky || component.replicas > 1 && !edge.choice.is_plain() {
                Way::Careful
            } else {
                Way::simple(edge.choice.policy, component.replicas)
            };
            let assumed = component.assumed.filter(|_| step.verb == Verb::Read);
            Leg {
                way,
                depth: step.depth,
                special: component.special || watched,
                holds: component.holds,
                slot: step.slot,
                to: step.to,
                edge: step.edge,
                first: component.first,
                replicas: component.replicas,
                workers: component.workers,
                queue: component.queue,
                lane: component.lane,
                assumed: assumed.map_or(NEVER_ASKED, |share| share.min(1_000_000_000) as u32),
            }
        };
        self.legs = table.programs.steps.iter().zip(&table.hops).map(leg).collect();
        self.settle_express();
    }

    /// From the caller to a worker or into the queue. True if the caller goes on.
    #[inline(always)]
    pub(super) fn send_quietly(&mut self, place: u32, number: u32, leg: Leg) -> bool {
        let now = self.now;
        let component = &mut self.table.components[leg.to as usize];
        let edge = &mut self.table.edges[leg.edge as usize];
        edge.calls += 1;
        let replica = match leg.way {
            Way::Only => 0,
            Way::Turns => in_turn(&mut component.turn, leg.replicas),
            Way::RoundRobin => in_turn(&mut edge.turn, leg.replicas),
            _ => edge.choices.below(leg.replicas.into()) as u32,
        };
        let chosen = leg.first + replica;
        let station = &mut self.table.stations[chosen as usize];
        let must_wait = station.busy >= leg.workers;
        if station.state & (STOPPED | SLOW) != 0 || must_wait && station.waiting >= leg.queue {
            return self.send_to(place, number, leg.depth, chosen);
        }
        station.open += 1;
        station.got += 1;
        component.account.arrived += 1;
        component.account.enter(now);
        let (job, frame) = self.jobs.job_and_frame(place, leg.depth);
        job.depth = leg.depth;
        // Sent and arrived: what comes next is the end of the service.
        job.at += 2;
        (frame.arrived, frame.step, frame.station, frame.timer, frame.rounds) = (now, number, chosen, NONE, 0);
        if must_wait {
            frame.started = NOT_YET;
            station.enqueue(place, job.stamp);
            component.account.queue_max = component.account.queue_max.max(station.waiting);
            self.note_guest(place);
            return false;
        }
        (frame.started, frame.begun) = (now, now);
        station.busy += 1;
        component.account.begin_at_once(now);
        let length = component.service.draw(&mut component.times, &self.ziggurat);
        if length == 0 {
            return self.served_at_once(place, leg);
        }
        let due = later(now, length);
        job.wake = self.agenda.schedule(due, leg.lane, Event::Wake(place));
        job.due = due;
        false
    }

    /// The service took no time, nor did the wait before it.
    #[inline(always)]
    fn served_at_once(&mut self, place: u32, leg: Leg) -> bool {
        let job = &mut self.jobs[place];
        job.at += 1;
        let component = &mut self.table.components[leg.to as usize];
        component.account.serve(0);
        if leg.assumed != NEVER_ASKED {
            self.draw_hit(place, leg.to, leg.assumed);
        }
        if !leg.holds {
            self.release_quietly(place, leg);
        }
        true
    }

    /// A worker has done its own part of the call.
    #[inline(always)]
    pub(super) fn served_quietly(&mut self, place: u32, number: u32, leg: Leg) -> bool {
        if leg.special || self.is_traced(place) {
            return self.served(place, number);
        }
        let (job, frame) = self.jobs.job_and_frame(place, leg.depth);
        let (waited, served) = (frame.begun - frame.arrived, self.now - frame.begun);
        job.at += 1;
        let component = &mut self.table.components[leg.to as usize];
        component.account.serve(served);
        if waited + served > 0 {
            self.jobs.spend_here(place, leg.slot, waited, served);
        }
        if leg.assumed != NEVER_ASKED {
            self.draw_hit(place, leg.to, leg.assumed);
        }
        if !leg.holds {
            self.release_quietly(place, leg);
        }
        true
    }

    /// Whether a cache that keeps no keys has what is read.
    #[inline(always)]
    fn draw_hit(&mut self, place: u32, to: u32, assumed: u32) {
        let hit = self.table.components[to as usize].draw_hit(assumed.into());
        self.jobs[place].set(HIT, hit);
    }

    /// A worker of a component that only serves is free again, and takes the next who waits.
    #[inline(always)]
    fn release_quietly(&mut self, place: u32, leg: Leg) {
        let frame = self.jobs.frame(place, leg.depth);
        let number = frame.station;
        let station = &mut self.table.stations[number as usize];
        let component = &mut self.table.components[leg.to as usize];
        station.busy -= 1;
        component.account.finished += 1;
        component.account.leave_served(frame.arrived, frame.started, self.now, self.table.window);
        frame.arrived = NOT_YET;
        if station.waiting > 0 {
            self.take_next(number);
        }
    }

    /// The end of a visit, and the answer back at its caller. True if the caller goes on.
    #[inline(always)]
    pub(super) fn exit_quietly(&mut self, place: u32, number: u32, leg: Leg) -> bool {
        let (job, frame) = self.jobs.job_and_frame(place, leg.depth);
        let station = frame.station;
        if job.failed != Cause::None || job.floor != FREE || job.has(FLIGHT) {
            return self.exit(place, number);
        }
        // Left and returned.
        job.depth = leg.depth - 1;
        job.at += 2;
        let holds = frame.arrived != NOT_YET;
        self.table.stations[station as usize].open -= 1;
        if holds {
            self.release_quietly(place, leg);
        }
        true
    }
}
