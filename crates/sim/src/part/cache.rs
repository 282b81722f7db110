//! A cache: an assumed share of hits, or real keys with eviction and time to live. Calls wait for
//! a fetch under way where that is wanted.

use sorted::Tree;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::versions::{Reads, Record};
use crate::keys::{Lookup, hash};
use crate::random::Stream;
use crate::table::Build;
use crate::time::Ns;
use crate::words::Words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evict {
    Lru,
    Lfu,
    Fifo,
    Random,
}

pub(crate) struct Cache {
    /// How likely a read finds its answer, where no keys are kept [billionths].
    assumed: Option<u64>,
    /// Faults that have emptied it and go on; only an assumed share feels them.
    pub(crate) emptied: u32,
    evict: Evict,
    /// How much it holds: entries, or bytes where rows have a size.
    room: u64,
    full: u64,
    /// Bytes per row of each data, and how much they vary; empty where entries are counted.
    rows: Vec<(u64, f64)>,
    ttl: Option<Ns>,
    renew: bool,
    pub(crate) coalesce: bool,
    stale: Option<Ns>,
    entries: Lookup<Record, u32>,
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Most and least lately used, or last and first come.
    newest: u32,
    oldest: u32,
    /// For random eviction: all slots in use.
    used: Vec<u32>,
    /// For LFU: how often each key that is not inside was ever asked for; and those inside by that
    /// number, or by one that was true when it was last looked at: it only grows.
    asked: Lookup<Record, u64>,
    ranks: BinaryHeap<Reverse<(u64, u64, u32)>>,
    clock: u64,
    /// When entries run out: each is named once, by the time that was true when it was looked at.
    expiries: BinaryHeap<Reverse<(Ns, Record)>>,
    /// Keys that somebody fetches at this moment: who does, and who waits for it.
    pub(crate) flights: Tree<Record, Flight>,
    pub(crate) reads: Reads,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Flight {
    pub(crate) owner: (u32, u32),
    pub(crate) waiting: Vec<(u32, u64)>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    record: Record,
    version: u64,
    size: u64,
    expires: Ns,
    /// The time by which it is named in `expiries`.
    noted: Ns,
    newer: u32,
    older: u32,
    /// Its place in `used`, or in `ranks`, there with the count it was ranked by.
    place: u64,
    counted: u64,
}

const NIL: u32 = u32::MAX;

/// What a read finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// With this version.
    Hit(u64),
    /// Beyond its time, but served while the one who is told this fetches anew.
    Stale(u64),
    Miss,
}

impl Cache {
    pub(crate) fn new(build: &mut Build, words: Words) -> Self {
        let (entries, memory) = (words.count("entries"), words.bytes("memory"));
        let real = entries.is_some() || memory.is_some() || words.time("ttl").is_some() && words.share("hits").is_none();
        let rows = build.document.data.values().map(|data| {
            let data = Words(&data.settings);
            (data.bytes("row").unwrap_or(1024).max(1), data.fraction("spread"))
        });
        Self {
            assumed: if real { None } else { Some(words.share("hits").unwrap_or(900_000_000)) },
            emptied: 0,
            evict: match words.word("evict") {
                "lfu" => Evict::Lfu,
                "fifo" => Evict::Fifo,
                "random" => Evict::Random,
                _ => Evict::Lru,
            },
            room: entries.or(memory).unwrap_or(u64::MAX),
            full: 0,
            rows: if entries.is_none() && memory.is_some() { rows.collect() } else { Vec::new() },
            ttl: words.time("ttl"),
            renew: words.flag("renew").unwrap_or(false),
            coalesce: words.flag("coalesce").unwrap_or(false),
            stale: words.time("stale"),
            entries: Lookup::default(),
            slots: Vec::new(),
            free: Vec::new(),
            newest: NIL,
            oldest: NIL,
            used: Vec::new(),
            asked: Lookup::default(),
            ranks: BinaryHeap::new(),
            clock: 0,
            expiries: BinaryHeap::new(),
            flights: Tree::new(),
            reads: Reads::default(),
        }
    }

    pub(crate) fn is_assumed(&self) -> bool {
        self.assumed.is_some()
    }

    /// How likely a read finds what it wants, where no keys are kept [billionths].
    pub(crate) fn assumed(&self) -> Option<u64> {
        self.assumed.map(|assumed| if self.emptied > 0 { 0 } else { assumed })
    }

    /// The version of a record that is kept; nobody has asked for it.
    pub(crate) fn version_of(&self, record: Record) -> Option<u64> {
        self.entries.get(&record).map(|&at| self.slots[at as usize].version)
    }

    pub(crate) fn resident(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Looks a record up.
    pub(crate) fn get(&mut self, record: Record, now: Ns, choices: &mut Stream) -> Found {
        if let Some(assumed) = self.assumed() {
            return if choices.chance(assumed) { Found::Hit(u64::MAX) } else { Found::Miss };
        }
        self.expire(now);
        let Some(&at) = self.entries.get(&record) else {
            if self.evict == Evict::Lfu {
                *self.asked.entry(record).or_default() += 1;
            }
            return Found::Miss;
        };
        self.touch(at);
        let slot = &mut self.slots[at as usize];
        if now >= slot.expires {
            // Only kept so long because it may be served stale; one call fetches anew.
            return if self.flights.contains_key(&record) { Found::Hit(slot.version) } else { Found::Stale(slot.version) };
        }
        if let (true, Some(ttl)) = (self.renew, self.ttl) {
            slot.expires = now.saturating_add(ttl);
        }
        Found::Hit(slot.version)
    }

    /// Forgets what has run out, and is not to be served stale.
    fn expire(&mut self, now: Ns) {
        let keep = self.stale.unwrap_or(0);
        while let Some(&Reverse((expiry, record))) = self.expiries.peek() {
            if expiry.saturating_add(keep) > now {
                return;
            }
            self.expiries.pop();
            let Some(&at) = self.entries.get(&record) else { continue };
            let slot = &mut self.slots[at as usize];
            if slot.noted != expiry {
                continue;
            }
            if slot.expires.saturating_add(keep) <= now {
                self.remove(at);
            } else {
                // It was renewed meanwhile, so it is looked at again when that runs out.
                slot.noted = slot.expires;
                self.expiries.push(Reverse((slot.expires, record)));
            }
        }
    }

    fn size(&self, record: Record) -> u64 {
        let Some(&(mean, spread)) = self.rows.get(usize::from(record.0).saturating_sub(1)) else {
            return if self.rows.is_empty() { 1 } else { 1024 };
        };
        if spread <= 0.0 {
            return mean;
        }
        // A lognormal size that belongs to the key: two hashes make a normal (Box and Muller).
        let variance = libm::log1p(spread);
        let unit = |salt| (hash(record.1, salt) >> 11) as f64 / (1u64 << 53) as f64;
        let normal = (-2.0 * libm::log(1.0 - unit(11))).sqrt() * libm::cos(std::f64::consts::TAU * unit(12));
        (mean as f64 * libm::exp(normal * variance.sqrt() - variance / 2.0)).max(1.0) as u64
    }

    pub(crate) fn put(&mut self, record: Record, version: u64, now: Ns, choices: &mut Stream) {
        if self.is_assumed() {
            return;
        }
        self.expire(now);
        let expires = self.ttl.map_or(Ns::MAX, |ttl| now.saturating_add(ttl));
        if let Some(&at) = self.entries.get(&record) {
            let slot = &mut self.slots[at as usize];
            (slot.version, slot.expires) = (version, expires);
            if self.evict != Evict::Lfu {
                self.touch(at);
            }
            return;
        }
        let size = self.size(record);
        if size > self.room || !self.make_room(size, record, choices) {
            return;
        }
        if expires != Ns::MAX {
            self.expiries.push(Reverse((expires, record)));
        }
        let counted = if self.evict == Evict::Lfu { self.asked.remove(&record).unwrap_or(0) } else { 0 };
        let slot = Slot { record, version, size, expires, noted: expires, newer: NIL, older: NIL, place: 0, counted };
        let at = self.free.pop().unwrap_or(self.slots.len() as u32);
        if at as usize == self.slots.len() {
            self.slots.push(slot)
        } else {
            self.slots[at as usize] = slot
        }
        self.entries.insert(record, at);
        self.full += size;
        self.enter(at);
        self.forget_names();
    }

    /// Entries that have left are still named here and there, but not for ever.
    fn forget_names(&mut self) {
        let many = 2 * self.entries.len() + 1_000;
        let (entries, slots) = (&self.entries, &self.slots);
        if self.expiries.len() > many {
            self.expiries.retain(|Reverse((noted, record))| entries.get(record).is_some_and(|&at| slots[at as usize].noted == *noted));
        }
        if self.ranks.len() > many {
            self.ranks.retain(|Reverse((_, place, at))| slots[*at as usize].place == *place);
        }
    }

    /// What it remembers takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        self.slots.len() * 128 + self.asked.len() * 48 + self.expiries.len() * 24 + self.ranks.len() * 24
    }

    fn enter(&mut self, at: u32) {
        match self.evict {
            Evict::Lru | Evict::Fifo => self.link(at),
            Evict::Random => {
                self.slots[at as usize].place = self.used.len() as u64;
                self.used.push(at);
            }
            Evict::Lfu => self.rank(at),
        }
    }

    fn rank(&mut self, at: u32) {
        self.clock += 1;
        let slot = &mut self.slots[at as usize];
        slot.place = self.clock;
        self.ranks.push(Reverse((slot.counted, self.clock, at)));
    }

    /// The one that was asked for least, and how often; it is looked for from below, and those
    /// that have been asked for since they were ranked go up.
    fn least_asked(&mut self) -> Option<(u32, u64)> {
        loop {
            let &Reverse((counted, place, at)) = self.ranks.peek()?;
            let slot = &self.slots[at as usize];
            if slot.place != place {
                self.ranks.pop();
            } else if slot.counted != counted {
                self.ranks.pop();
                self.rank(at);
            } else {
                return Some((at, counted));
            }
        }
    }

    fn touch(&mut self, at: u32) {
        match self.evict {
            Evict::Lru if self.newest != at => {
                self.unlink(at);
                self.link(at);
            }
            Evict::Lfu => self.slots[at as usize].counted += 1,
            _ => {}
        }
    }

    fn link(&mut self, at: u32) {
        let slot = &mut self.slots[at as usize];
        (slot.newer, slot.older) = (NIL, self.newest);
        match self.newest {
            NIL => self.oldest = at,
            newest => self.slots[newest as usize].newer = at,
        }
        self.newest = at;
    }

    fn unlink(&mut self, at: u32) {
        let Slot { newer, older, .. } = self.slots[at as usize];
        match newer {
            NIL => self.newest = older,
            newer => self.slots[newer as usize].older = older,
        }
        match older {
            NIL => self.oldest = newer,
            older => self.slots[older as usize].newer = newer,
        }
    }

    /// Evicts until there is room; false if the newcomer has no better claim than those inside.
    fn make_room(&mut self, size: u64, record: Record, choices: &mut Stream) -> bool {
        while self.full + size > self.room {
            let at = match self.evict {
                Evict::Lru | Evict::Fifo => self.oldest,
                Evict::Random => self.used[choices.below(self.used.len() as u64) as usize],
                Evict::Lfu => {
                    let Some((at, asked)) = self.least_asked() else { return false };
                    if self.asked.get(&record).copied().unwrap_or(0) < asked {
                        return false;
                    }
                    at
                }
            };
            self.remove(at);
        }
        true
    }

    fn remove(&mut self, at: u32) {
        match self.evict {
            Evict::Lru | Evict::Fifo => self.unlink(at),
            Evict::Random => {
                let place = self.slots[at as usize].place as usize;
                self.used.swap_remove(place);
                if let Some(&moved) = self.used.get(place) {
                    self.slots[moved as usize].place = place as u64;
                }
            }
            Evict::Lfu => {
                let slot = &mut self.slots[at as usize];
                // Whatever names this place in the ranks is out of date from now on.
                slot.place = 0;
                self.asked.insert(slot.record, slot.counted);
            }
        }
        let Slot { record, size, .. } = self.slots[at as usize];
        self.entries.remove(&record);
        self.full -= size;
        self.free.push(at);
    }

    pub(crate) fn forget(&mut self, record: Record) {
        if let Some(&at) = self.entries.get(&record) {
            self.remove(at);
        }
    }

    pub(crate) fn flush(&mut self) {
        let mut inside = vec![true; self.slots.len()];
        self.free.iter().for_each(|&at| inside[at as usize] = false);
        for at in (0..self.slots.len() as u32).filter(|&at| inside[at as usize]) {
            self.remove(at);
        }
        self.expiries.clear();
    }
}
