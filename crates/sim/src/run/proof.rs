//! What must be true of a run between any two steps, asked where assertions are on: stations,
//! policies, locks, messages and timers know of exactly those jobs that know of them. The
//! identities of areas and flows are proved in `run`.

use std::collections::BTreeMap;

use super::{Action, GOING, Run};
use crate::job::{FLIGHT, FREE, FROZEN, LOST, NONE, NOT_YET};
use crate::part::Part;

/// So many jobs and stations may be looked at whenever a point of the series ends.
const FEW: u64 = 500;

/// What the jobs say of one station.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Known {
    open: u32,
    busy: u32,
    waiting: u32,
    reserved: u32,
    shared: u32,
}

impl Run {
    /// A proof looks at every job and station, so those of a million are made only after as many
    /// steps: all of them together then cost about as much as the run.
    pub(super) fn prove_now_and_then(&mut self) {
        let things = self.jobs.live() + self.table.stations.len();
        if things as u64 <= FEW.max(self.events - self.proved) {
            self.proved = self.events;
            self.prove_places();
        }
    }

    pub(super) fn prove_places(&self) {
        let mut stations = vec![Known::default(); self.table.stations.len()];
        let mut under_way = vec![0u32; self.table.edges.len()];
        let mut locks = vec![0usize; self.table.components.len()];
        let mut deliveries = vec![0u32; self.table.components.len()];
        for place in self.jobs.all() {
            let job = &self.jobs[place];
            if job.reserved {
                stations[job.message_station as usize].reserved += 1;
            }
            if job.message != NONE {
                deliveries[job.message_of as usize] += 1;
            }
            for depth in job.visits().filter(|depth| *depth > 0) {
                let frame = self.frame_seen(place, depth);
                let known = &mut stations[frame.station as usize];
                known.open += u32::from(self.counts_as_open(place, frame.step));
                if frame.arrived != NOT_YET && frame.started == NOT_YET {
                    known.waiting += 1;
                }
                if frame.arrived != NOT_YET && frame.started != NOT_YET {
                    known.busy += 1;
                    known.shared += u32::from(depth == job.depth && super::special::is_shared(job.wake));
                    locks[self.table.stations[frame.station as usize].component as usize] += usize::from(frame.locks);
                }
                let edge = self.table.programs.steps[frame.step as usize].edge;
                under_way[edge as usize] += u32::from(depth > job.floor || job.floor == FREE);
                if frame.timer != NONE {
                    let expected = Action::Timeout { job: place, depth, step: frame.step };
                    assert_eq!(self.actions.of(frame.timer), expected, "the timer of a call is that of the job that waits for it");
                }
            }
            assert!(self.is_known(place), "somebody or something will let job {place} go on: {job:?}");
        }
        self.prove_stations(&stations);
        for (edge, under_way) in self.table.edges.iter().zip(under_way) {
            assert!(
                edge.guard.as_ref().is_none_or(|guard| guard.under_way == under_way),
                "calls under way are known to the policy of their caller"
            );
        }
        for (number, component) in self.table.components.iter().enumerate() {
            self.prove_part(&component.part, locks[number], deliveries[number], &self.table.names[number]);
        }
        self.prove_sights();
        let waits: BTreeMap<u32, u32> = self.jobs.all().into_iter().map(|place| (self.jobs[place].wait, place)).collect();
        for (&(place, stamp), fetches) in &self.fetches {
            assert!(self.jobs.is(place, stamp) && self.jobs[place].has(FLIGHT) && !fetches.is_empty(), "somebody fetches what is fetched");
        }
        assert!(self.families.keys().all(|wait| waits.contains_key(wait)), "somebody waits for every family");
    }

    /// Where no balancer looks, those on the express do not.
    fn counts_as_open(&self, place: u32, step: u32) -> bool {
        !self.jobs[place].has(crate::job::EXPRESS) || self.express.is_counted(step)
    }

    fn prove_stations(&self, known: &[Known]) {
        for (number, (station, known)) in self.table.stations.iter().zip(known).enumerate() {
            let shared = station.shared.as_ref().map_or(0, |shared| shared.here());
            let (open, busy, waiting, reserved) = (station.open, station.busy, station.waiting, station.reserved);
            let told = Known { open, busy, waiting, reserved, shared };
            let known = Known { shared: if station.shared.is_some() { known.shared } else { 0 }, ..*known };
            assert_eq!(told, known, "station {number} of {} knows who is there", self.table.names[station.component as usize]);
        }
    }

    fn prove_part(&self, part: &Part, locks: usize, deliveries: u32, name: &str) {
        match part {
            Part::Relational(part) => {
                let known = part.locks.as_ref().map_or(0, |locks| locks.len());
                assert_eq!(known, locks, "every lock of {name} is held by one visit");
                if let Some(transactions) = &part.transactions {
                    transactions.check(name);
                    assert!(transactions.places().eq(part.works.keys().copied()), "every transaction of {name} is at work");
                }
            }
            Part::Broker(broker) => {
                broker.check(name);
                let open: u32 = broker.messages.iter().map(|message| message.open).sum();
                assert_eq!(open, deliveries, "every delivery of {name} has its job");
            }
            Part::Cache(caches) => {
                let owners = caches.iter().flat_map(|cache| cache.flights.values()).map(|flight| flight.owner);
                for owner in owners {
                    assert!(self.fetches.contains_key(&owner), "somebody fetches what others wait for at {name}");
                }
            }
            _ => {}
        }
    }

    /// Whether a job that has not ended will go on, or says why it never will.
    fn is_known(&self, place: u32) -> bool {
        let job = &self.jobs[place];
        let frame = self.frame_seen(place, job.depth);
        let queued = job.depth > 0 && frame.arrived != NOT_YET && frame.started == NOT_YET;
        let awaited = job.wake < GOING && job.due >= self.now;
        let parked = job.wake != u64::MAX && job.wake >= GOING;
        queued || awaited || parked || job.wait != NONE || job.has(LOST) || job.has(FROZEN)
    }
}
