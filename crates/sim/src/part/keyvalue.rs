//! A sharded, replicated key-value store with quorums. Messages to the copies are drawn when a
//! call is made, so a read knows what each copy will say without an event for any of them (the
//! WARS model of Bailis et al., "Probabilistically bounded staleness", VLDB 2012).

use sorted::Tree;
use std::collections::VecDeque;

use super::versions::{Reads, Record};
use crate::keys::Places;
use crate::random::{Stream, Ziggurat};
use crate::sample::Sampler;
use crate::table::Build;
use crate::time::Ns;
use crate::words::Words;

pub(crate) struct KeyValue {
    shards: u32,
    places: Places,
    pub(crate) copies: u32,
    read: u32,
    write: u32,
    legs: [Sampler; 4],
    /// One way to every copy but one [ns].
    distance: Ns,
    pub(crate) hints: bool,
    /// The last writes of each record.
    writes: Tree<Record, VecDeque<Write>>,
    pub(crate) reads: Reads,
    /// Writes that were never acknowledged, or overwritten by an earlier one with a later clock.
    pub(crate) lost: u64,
    /// How far ahead each node's clock is [ns].
    pub(crate) skew: Vec<i64>,
    /// For messages: writes held for copies that were down.
    pub(crate) hinted: u64,
    /// Writes remembered, of all records.
    kept: usize,
}

#[derive(Debug, Clone)]
struct Write {
    version: u64,
    /// By the clock of the node that took it.
    stamp: i128,
    /// When each copy has it [ns]; never for those that were down.
    applied: Vec<Ns>,
}

/// When a call is made, at which node, and which copies are up.
pub(crate) struct Moment<'a> {
    pub(crate) now: Ns,
    pub(crate) node: usize,
    pub(crate) up: &'a [bool],
}

const KEPT: usize = 32;
const WRITE: usize = 0;
const ACK: usize = 1;
const READ: usize = 2;
const ANSWER: usize = 3;

impl KeyValue {
    /// None if there is nothing about it that a plain station cannot do.
    pub(crate) fn new(build: &mut Build, name: &str, words: Words) -> Option<Self> {
        let (shards, copies) = (words.count("shards").unwrap_or(1) as u32, words.count("copies").unwrap_or(1) as u32);
        if shards <= 1 && copies <= 1 && build.document.data.is_empty() {
            return None;
        }
        let legs = words.table("legs");
        let leg = |build: &mut Build, key| legs.and_then(|legs| build.sampler(name, legs, key)).unwrap_or(Sampler::Constant(0));
        Some(Self {
            shards,
            places: Places::new(build.seed, name),
            copies,
            read: (words.count("read").unwrap_or(1) as u32).clamp(1, copies),
            write: (words.count("write").unwrap_or(1) as u32).clamp(1, copies),
            legs: [leg(build, "write"), leg(build, "ack"), leg(build, "read"), leg(build, "answer")],
            distance: words.time("distance").unwrap_or(0),
            hints: words.flag("hints").unwrap_or(true),
            writes: Tree::new(),
            reads: Reads::default(),
            lost: 0,
            skew: Vec::new(),
            hinted: 0,
            kept: 0,
        })
    }

    /// The node that has the first copy of what belongs to a key.
    pub(crate) fn home(&self, key: u64) -> u32 {
        self.places.home(key, self.shards)
    }

    /// There and back for each copy [ns]; never for those that are down. One copy is near.
    fn trips(&self, there: usize, back: usize, up: &[bool], stream: &mut Stream, ziggurat: &Ziggurat) -> Vec<Option<(Ns, Ns)>> {
        let near = stream.below(u64::from(self.copies)) as usize;
        let mut trip = |copy: usize| {
            let far = if copy == near { 0 } else { self.distance };
            let (out, home) = (self.legs[there].draw(stream, ziggurat) + far, self.legs[back].draw(stream, ziggurat) + far);
            up.get(copy).copied().unwrap_or(true).then_some((out, home))
        };
        (0..self.copies as usize).map(&mut trip).collect()
    }

    /// A write is sent to all copies now; after how long enough have it, if they ever do [ns].
    /// `version` is what it will be once it is committed.
    pub(crate) fn write(&mut self, record: Record, version: u64, at: &Moment, stream: &mut Stream, ziggurat: &Ziggurat) -> Option<Ns> {
        let Moment { now, node, up } = *at;
        let trips = self.trips(WRITE, ACK, up, stream, ziggurat);
        let mut acks: Vec<Ns> = trips.iter().flatten().map(|(there, back)| there + back).collect();
        let down = trips.iter().filter(|trip| trip.is_none()).count() as u64;
        if self.hints {
            // Another node takes the write for the copy that is down, and its acknowledgement counts.
            self.hinted += down;
            let most = acks.iter().copied().max().unwrap_or(0);
            acks.extend((0..down).map(|_| most));
        }
        acks.sort_unstable();
        let applied = trips.iter().map(|trip| trip.map_or(Ns::MAX, |(there, _)| now.saturating_add(there))).collect();
        let stamp = i128::from(now) + i128::from(self.skew.get(node).copied().unwrap_or(0));
        let writes = self.writes.entry(record).or_default();
        // The last write wins by its clock: one that comes after but is stamped before is lost.
        self.lost += u64::from(writes.back().is_some_and(|before| before.stamp > stamp));
        writes.push_back(Write { version, stamp, applied });
        self.kept += 1;
        // What every copy has makes what came before it of no interest.
        while writes.len() > KEPT
            || writes.get(1).is_some_and(|next| next.stamp >= writes[0].stamp && next.applied.iter().all(|&at| at <= now))
        {
            writes.pop_front();
            self.kept -= 1;
        }
        let wait = acks.get(self.write as usize - 1).copied();
        self.lost += u64::from(wait.is_none());
        wait
    }

    /// Whether a write that is made now will be seen by nobody: the one before has a later stamp.
    pub(crate) fn is_hidden(&self, record: Record, at: &Moment) -> bool {
        let stamp = i128::from(at.now) + i128::from(self.skew.get(at.node).copied().unwrap_or(0));
        self.writes.get(&record).and_then(VecDeque::back).is_some_and(|before| before.stamp > stamp)
    }

    /// A read is sent to all copies now: after how long enough have answered, and the newest
    /// version among those answers.
    pub(crate) fn read(
        &mut self,
        record: Record,
        latest: u64,
        up: &[bool],
        now: Ns,
        stream: &mut Stream,
        ziggurat: &Ziggurat,
    ) -> Option<(Ns, u64)> {
        let trips = self.trips(READ, ANSWER, up, stream, ziggurat);
        let writes = self.writes.get(&record);
        let oldest = writes.and_then(VecDeque::front).map_or(latest, |write| write.version - 1);
        let mut answers: Vec<(Ns, u64)> = trips
            .iter()
            .enumerate()
            .filter_map(|(copy, trip)| {
                let (there, back) = (*trip)?;
                let when = now.saturating_add(there);
                let has = |write: &&Write| write.applied[copy] <= when;
                let newest = writes.into_iter().flatten().filter(has).max_by_key(|write| (write.stamp, write.version));
                Some((there + back, newest.map_or(oldest, |write| write.version)))
            })
            .collect();
        answers.sort_unstable();
        let enough = answers.get(..self.read as usize)?;
        Some((enough.last()?.0, enough.iter().map(|(_, version)| *version).max()?))
    }

    /// A node of so many is back, and has what was kept for it.
    pub(crate) fn hand_over(&mut self, node: u32, among: u32, now: Ns) {
        let (places, shards) = (self.places, self.shards);
        for (record, writes) in self.writes.iter_mut().filter(|_| self.hints) {
            let home = places.home(record.1, shards);
            let copy = (node + among - home % among) % among;
            for applied in writes.iter_mut().filter_map(|write| write.applied.get_mut(copy as usize)) {
                if *applied == Ns::MAX {
                    *applied = now;
                }
            }
        }
    }

    /// What it remembers takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        self.writes.len() * 64 + self.kept * (72 + 8 * self.copies as usize)
    }
}
