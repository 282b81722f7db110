//! The common path: a call to which nothing happens on the way, at a component that only lets
//! calls wait and serves them. It does what `call` and `visit` do, and knows beforehand that most
//! of it need not be asked for.

use super::Run;
use crate::agenda::Event;
use crate::balance::{Policy, in_turn};
use crate::job::{Cause, FLIGHT, FREE, NONE, NOT_YET};
use crate::station::{SLOW, STOPPED};
use crate::time::later;

/// What is known of a step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quiet {
    pub(super) way: Way,
    pub(super) depth: u8,
    pub(super) slot: u16,
    pub(super) to: u32,
    edge: u32,
    first: u32,
    replicas: u32,
}

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

impl Run {
    /// Finds out which calls are quiet; to be asked again when a fault begins or ends.
    pub(super) fn settle_quiet(&mut self) {
        let table = &self.table;
        let quiet = |(step, hop): (&crate::program::Step, &crate::network::Hop)| {
            let (edge, component) = (&table.edges[step.edge as usize], &table.components[step.to as usize]);
            let silent = edge.guard.is_none() && edge.simple && table.distances.all_near;
            let way = if !silent || hop.there > 0 || hop.back > 0 || hop.slow_start > 0 || component.special {
                Way::NotQuiet
            } else if component.picky || component.replicas > 1 && !edge.choice.is_plain() {
                Way::Careful
            } else if component.replicas == 1 {
                Way::Only
            } else {
                match edge.choice.policy {
                    Policy::RoundRobin => Way::RoundRobin,
                    Policy::Random => Way::Random,
                    _ => Way::Turns,
                }
            };
            Quiet {
                way,
                depth: step.depth,
                slot: step.slot,
                to: step.to,
                edge: step.edge,
                first: component.first,
                replicas: component.replicas,
            }
        };
        self.quiet = table.programs.steps.iter().zip(&table.hops).map(quiet).collect();
    }

    /// From the caller to a worker or into the queue. True if the caller goes on.
    #[inline]
    pub(super) fn send_quietly(&mut self, place: u32, number: u32, quiet: Quiet) -> bool {
        let now = self.now;
        let component = &mut self.table.components[quiet.to as usize];
        let edge = &mut self.table.edges[quiet.edge as usize];
        edge.calls += 1;
        let replica = match quiet.way {
            Way::Only => 0,
            Way::Turns => in_turn(&mut component.turn, quiet.replicas),
            Way::RoundRobin => in_turn(&mut edge.turn, quiet.replicas),
            Way::Random => edge.choices.below(quiet.replicas.into()) as u32,
            Way::NotQuiet | Way::Careful => unreachable!("the caller has asked"),
        };
        let chosen = quiet.first + replica;
        let station = &mut self.table.stations[chosen as usize];
        if station.state & (STOPPED | SLOW) != 0 || station.busy >= component.workers && station.waiting >= component.queue {
            return self.send_to(place, number, quiet.depth, chosen);
        }
        station.open += 1;
        station.got += 1;
        component.account.arrived += 1;
        component.account.enter(now);
        let job = &mut self.jobs[place];
        job.depth = quiet.depth;
        // Sent and arrived: what comes next is the end of the service.
        job.at += 2;
        let stamp = job.stamp;
        let frame = self.jobs.frame(place, quiet.depth);
        (frame.arrived, frame.step, frame.station, frame.timer, frame.rounds) = (now, number, chosen, NONE, 0);
        if station.busy >= component.workers {
            frame.started = NOT_YET;
            station.enqueue(place, stamp);
            component.account.queue_max = component.account.queue_max.max(station.waiting);
            return false;
        }
        (frame.started, frame.begun) = (now, now);
        station.busy += 1;
        component.account.begin_at_once(now);
        let length = component.service.draw(&mut component.times, &self.ziggurat);
        if length == 0 {
            return self.served(place, number);
        }
        let due = later(now, length);
        let order = self.agenda.schedule(due, component.lane, Event::Wake(place));
        let job = &mut self.jobs[place];
        (job.wake, job.due) = (order, due);
        false
    }

    /// The end of a visit, and the answer back at its caller. True if the caller goes on.
    #[inline]
    pub(super) fn exit_quietly(&mut self, place: u32, number: u32, quiet: Quiet) -> bool {
        let frame = self.jobs.frame(place, quiet.depth);
        let station = frame.station;
        if frame.arrived != NOT_YET {
            self.release(place, quiet.depth);
        }
        self.table.stations[station as usize].open -= 1;
        let job = &mut self.jobs[place];
        if job.failed != Cause::None || job.floor != FREE || job.has(FLIGHT) {
            self.table.stations[station as usize].open += 1;
            return self.travel_back(place, number);
        }
        job.depth = quiet.depth - 1;
        // Left and returned.
        job.at += 2;
        true
    }
}
