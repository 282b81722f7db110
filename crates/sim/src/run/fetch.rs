//! Caches that keep keys: what a call finds, who fetches what is missing, and who waits for that.
//! What is inside a cache is the business of `part::cache`.

use super::Run;
use super::special::PARKED;
use crate::job::{FLIGHT, HIT, MEASURED};
use crate::part::Part;
use crate::part::cache::{Cache, Flight, Found};
use crate::part::versions::Record;
use crate::program::{Op, Verb};
use crate::run::rows::Sight;

/// Something that a job fetches because a cache did not have it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fetch {
    station: u32,
    record: Record,
    /// The depth of the visit that fetches; 0 for the client itself.
    level: u8,
}

impl Run {
    fn cache(&mut self, station: u32) -> Option<&mut Cache> {
        let component = &mut self.table.components[self.table.stations[station as usize].component as usize];
        match &mut component.part {
            Part::Cache(caches) => caches.get_mut((station - component.first) as usize),
            _ => None,
        }
    }

    /// A call at a cache has been served. False if it waits for somebody else's fetch.
    pub(super) fn at_cache(&mut self, place: u32, number: u32) -> bool {
        let step = &self.table.programs.steps[number as usize];
        let (to, verb, depth) = (step.to, step.verb, step.depth);
        let record = self.record(place, number);
        let now = self.now;
        let station = self.jobs.frame_of(place, depth).station;
        let component = &mut self.table.components[to as usize];
        let Part::Cache(caches) = &mut component.part else { return true };
        let Some(cache) = caches.get_mut((station - component.first) as usize) else { return true };
        if verb == Verb::Write {
            match step.modifiers.first().map(String::as_str) {
                Some("drop") => cache.forget(record),
                _ => cache.put(record, self.jobs[place].version, now, &mut component.choices),
            }
            self.end_flight(station, record, true);
            return true;
        }
        let (found, coalesce, assumed) = (cache.get(record, now, &mut component.choices), cache.coalesce, cache.is_assumed());
        component.account.hits += u64::from(found != Found::Miss);
        component.account.misses += u64::from(found == Found::Miss);
        self.jobs[place].set(HIT, matches!(found, Found::Hit(_)));
        match found {
            _ if assumed => true,
            Found::Hit(version) => {
                self.note_cached(place, station, record, version);
                true
            }
            Found::Stale(version) => {
                // This one fetches anew; all others are served what is there meanwhile.
                self.note_cached(place, station, record, version);
                self.fetch(place, number, station, record, true)
            }
            Found::Miss => self.fetch(place, number, station, record, coalesce),
        }
    }

    fn note_cached(&mut self, place: u32, station: u32, record: Record, version: u64) {
        let latest = self.versions.of(record).version;
        if let Some(cache) = self.cache(station) {
            cache.reads.read(version, latest);
        }
        let job = &mut self.jobs[place];
        job.version = version;
        if job.has(MEASURED) {
            self.tally[job.class as usize].reads.read(version, latest);
        }
        let (value, component) = (self.rows.value(record, version), self.table.stations[station as usize].component);
        let sight = Sight { data: record.0, plain: false, version, value, at: self.now, component, wrote: false };
        if self.watching.is_some() {
            self.watch_read(place, record, sight);
        }
        self.sees(place, sight);
    }

    /// The job fetches what it has not found, or waits for somebody who does already.
    fn fetch(&mut self, place: u32, number: u32, station: u32, record: Record, alone: bool) -> bool {
        let (depth, to) = (self.table.programs.steps[number as usize].depth, self.table.programs.steps[number as usize].to);
        let (now, stamp) = (self.now, self.jobs[place].stamp);
        if !alone && self.table.components[to as usize].replicas == 1 {
            return true;
        }
        if alone {
            let ticket = PARKED | (self.parks + 1);
            let Some(cache) = self.cache(station) else { return true };
            let flight = cache.flights.entry(record).or_insert_with(|| Flight { owner: (place, stamp), waiting: Vec::new() });
            if flight.owner != (place, stamp) {
                flight.waiting.push((place, ticket));
                self.parks += 1;
                self.jobs[place].wake = ticket;
                self.jobs.frame(place, depth).begun = now;
                return false;
            }
        }
        // The cache itself fetches below its own visit, else whoever asked it.
        let inside = matches!(self.table.programs.ops[self.jobs[place].at as usize], Op::OnHit { .. });
        let level = if inside { depth } else { depth - 1 };
        let fetches = self.fetches.entry((place, stamp)).or_default();
        fetches.retain(|fetch| (fetch.station, fetch.record) != (station, record));
        fetches.push(Fetch { station, record, level });
        self.jobs[place].set(FLIGHT, true);
        true
    }

    /// What was fetched after a miss is kept where it was missed.
    pub(super) fn fill_cache(&mut self, place: u32, number: u32) -> bool {
        let to = self.table.programs.steps[number as usize].to;
        let record = self.record(place, number);
        let (now, version) = (self.now, self.jobs[place].version);
        let job = &mut self.jobs[place];
        job.at += 1;
        job.set(HIT, true);
        let missed = self.fetches.get(&(place, job.stamp)).into_iter().flatten();
        let mut missed = missed.filter(|fetch| fetch.record == record && self.table.stations[fetch.station as usize].component == to);
        let component = &mut self.table.components[to as usize];
        let station = missed.next_back().map_or(component.first, |fetch| fetch.station);
        if let Part::Cache(caches) = &mut component.part
            && let Some(cache) = caches.get_mut((station - component.first) as usize)
        {
            cache.put(record, version, now, &mut component.choices);
            self.end_flight(station, record, true);
        }
        true
    }

    /// A fetch is over: whoever waited for it goes on.
    fn end_flight(&mut self, station: u32, record: Record, filled: bool) {
        let Some(flight) = self.cache(station).and_then(|cache| cache.flights.remove(&record)) else { return };
        self.forget_fetch(flight.owner, station, record);
        let version = self.cache(station).and_then(|cache| cache.version_of(record));
        let holds = self.table.components[self.table.stations[station as usize].component as usize].holds;
        for (job, ticket) in flight.waiting {
            if self.jobs[job].wake == ticket {
                let depth = self.jobs[job].depth;
                let number = self.jobs.frame_of(job, depth).step;
                self.unpark(job, number);
                self.jobs[job].set(HIT, filled);
                if let Some(version) = version {
                    self.jobs[job].version = version;
                }
                if !holds {
                    self.release(job, depth);
                }
                self.goes_on(job);
            }
        }
    }

    fn forget_fetch(&mut self, owner: (u32, u32), station: u32, record: Record) {
        let Some(fetches) = self.fetches.get_mut(&owner) else { return };
        fetches.retain(|fetch| (fetch.station, fetch.record) != (station, record));
        if fetches.is_empty() {
            self.fetches.remove(&owner);
            self.jobs[owner.0].set(FLIGHT, false);
        }
    }

    /// The visit at this depth is over, or called back, and so are the fetches that it has not
    /// brought to an end, and those below it.
    pub(super) fn abandon_fetches(&mut self, place: u32, depth: u8) {
        let owner = (place, self.jobs[place].stamp);
        while let Some(fetch) = self.fetches.get(&owner).and_then(|fetches| fetches.iter().find(|fetch| fetch.level >= depth)).copied() {
            if self.cache(fetch.station).is_some_and(|cache| cache.flights.get(&fetch.record).is_some_and(|flight| flight.owner == owner)) {
                self.end_flight(fetch.station, fetch.record, false);
            }
            self.forget_fetch(owner, fetch.station, fetch.record);
        }
    }

    /// A job was parted at a depth: what is fetched above it is fetched by its caller's side.
    pub(super) fn part_fetches(&mut self, from: u32, to: u32, depth: u8) {
        self.jobs[to].set(FLIGHT, false);
        let (old, new) = ((from, self.jobs[from].stamp), (to, self.jobs[to].stamp));
        let Some(fetches) = self.fetches.remove(&old) else { return };
        let (above, below): (Vec<Fetch>, Vec<Fetch>) = fetches.into_iter().partition(|fetch| fetch.level < depth);
        for fetch in &above {
            if let Some(flight) = self.cache(fetch.station).and_then(|cache| cache.flights.get_mut(&fetch.record))
                && flight.owner == old
            {
                flight.owner = new;
            }
        }
        for (owner, fetches) in [(old, below), (new, above)] {
            self.jobs[owner.0].set(FLIGHT, !fetches.is_empty());
            if !fetches.is_empty() {
                self.fetches.insert(owner, fetches);
            }
        }
    }
}
