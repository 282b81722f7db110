//! A calendar of pending keys: buckets of equal width, of which only the one being emptied is
//! sorted. It finds its width from the pace at which it is emptied, and gives the keys back in
//! ascending order whatever the width is; that only decides how fast it is.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Key;
use crate::time::Ns;

const LEAST_BUCKETS: usize = 256;
const MOST_BUCKETS: usize = 1 << 17;
/// Keys per bucket that the width aims at, as a power of two.
const FILL: u32 = 1;
/// A bucket above this is too full to insert into the middle of it.
const CROWD: usize = 64;
/// So many crowded buckets, and the width is found anew.
const PATIENCE: u32 = 16;

#[derive(Debug)]
pub(crate) struct Calendar {
    /// The earliest of all, which is in none of what follows.
    least: Key,
    /// The bucket being emptied, largest key first.
    current: Vec<Key>,
    /// What came for the current bucket when it was crowded.
    crowd: BinaryHeap<Reverse<Key>>,
    buckets: Vec<Vec<Key>>,
    /// One bit per bucket that has keys.
    used: Vec<u64>,
    /// Where `current` was taken from.
    at: usize,
    /// The time at which bucket 0 begins [ns].
    start: Ns,
    /// Buckets are 2^shift wide [ns].
    shift: u32,
    /// Beyond the last bucket.
    far: Vec<Key>,
    len: usize,
    crowded: u32,
    /// Since the width was last found.
    taken: u64,
    since: Ns,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            least: Key::MAX,
            current: Vec::new(),
            crowd: BinaryHeap::new(),
            buckets: vec![Vec::new(); LEAST_BUCKETS],
            used: vec![0; LEAST_BUCKETS / 64],
            at: 0,
            start: 0,
            shift: 16,
            far: Vec::new(),
            len: 0,
            crowded: 0,
            taken: 0,
            since: 0,
        }
    }
}

impl Calendar {
    pub(crate) fn push(&mut self, key: Key) {
        self.len += 1;
        if self.len == 1 {
            // Nothing else is here, so buckets may begin anywhere.
            (self.start, self.at) = ((key >> 64) as u64, 0);
            self.least = key;
            return;
        }
        // The least stands apart, so that looking at it costs nothing.
        let key = if key < self.least { std::mem::replace(&mut self.least, key) } else { key };
        // What is earlier than the first bucket belongs to the current one as well.
        let bucket = (((key >> 64) as u64).saturating_sub(self.start) >> self.shift) as usize;
        if bucket <= self.at {
            self.push_current(key);
        } else if bucket < self.buckets.len() {
            self.buckets[bucket].push(key);
            self.used[bucket / 64] |= 1 << (bucket % 64);
        } else {
            self.far.push(key);
        }
    }

    fn push_current(&mut self, key: Key) {
        if self.current.len() > CROWD {
            return self.crowd.push(Reverse(key));
        }
        let place = self.current.iter().rposition(|&other| other > key).map_or(0, |before| before + 1);
        self.current.insert(place, key);
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn retain(&mut self, keep: &mut dyn FnMut(Key) -> bool) {
        // The least goes among the others, and whatever is the least then is taken out again.
        self.far.extend(Some(std::mem::replace(&mut self.least, Key::MAX)).filter(|key| *key != Key::MAX));
        self.far.retain(|key| keep(*key));
        self.current.retain(|key| keep(*key));
        self.crowd.retain(|Reverse(key)| keep(*key));
        self.buckets.iter_mut().for_each(|bucket| bucket.retain(|key| keep(*key)));
        let in_buckets: usize = self.buckets.iter().map(Vec::len).sum();
        self.len = self.current.len() + self.crowd.len() + self.far.len() + in_buckets;
        if self.len > 0 {
            self.taken = 0;
            self.spread(self.since);
            self.take(0);
            self.least = self.current.pop().unwrap_or(Key::MAX);
        }
    }

    /// The least key, which stays; the greatest there is if there is none.
    #[inline]
    pub(crate) fn least(&self) -> Key {
        self.least
    }

    /// Takes the least key.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<Key> {
        let key = self.least;
        if key == Key::MAX {
            return None;
        }
        self.advance();
        Some(key)
    }

    /// Takes the least key, which there must be.
    #[inline]
    pub(crate) fn advance(&mut self) {
        let key = self.least;
        self.len -= 1;
        self.taken += 1;
        if !self.crowd.is_empty() {
            self.pop_crowded();
        } else if let Some(&least) = self.current.last() {
            self.current.pop();
            self.least = least;
        } else {
            self.refill((key >> 64) as u64);
        }
    }

    #[inline(never)]
    fn pop_crowded(&mut self) {
        match (self.current.last(), self.crowd.peek()) {
            (Some(&key), Some(&Reverse(other))) if key < other => {
                self.current.pop();
                self.least = key;
            }
            _ => self.least = self.crowd.pop().map_or(Key::MAX, |Reverse(key)| key),
        }
    }

    /// Makes the next bucket with keys the current one, and takes the least apart.
    #[inline(never)]
    fn refill(&mut self, now: Ns) {
        self.least = Key::MAX;
        if self.len == 0 {
            return;
        }
        let too_full = self.crowded > PATIENCE && self.taken as usize > self.len;
        match self.next_used().filter(|_| !too_full) {
            Some(bucket) => self.take(bucket),
            None => {
                self.spread(now);
                self.take(0);
            }
        }
        self.least = self.current.pop().unwrap_or(Key::MAX);
    }

    /// The first bucket after the current one that has keys.
    fn next_used(&self) -> Option<usize> {
        let from = self.at + 1;
        let first = self.used.get(from / 64)? & (!0u64 << (from % 64));
        if first != 0 {
            return Some(from / 64 * 64 + first.trailing_zeros() as usize);
        }
        let word = from / 64 + 1 + self.used[from / 64 + 1..].iter().position(|&bits| bits != 0)?;
        Some(word * 64 + self.used[word].trailing_zeros() as usize)
    }

    fn take(&mut self, bucket: usize) {
        self.at = bucket;
        self.used[bucket / 64] &= !(1 << (bucket % 64));
        std::mem::swap(&mut self.current, &mut self.buckets[bucket]);
        match self.current.len() {
            0 | 1 => {}
            2..=20 => descending(&mut self.current),
            many => {
                descend(&mut self.current);
                self.crowded += u32::from(many > CROWD);
            }
        }
    }

    /// Finds the width anew, from the time since it was last found and what was taken in it, and
    /// spreads everything over buckets that begin with the earliest key.
    fn spread(&mut self, now: Ns) {
        let mut all = std::mem::take(&mut self.far);
        all.append(&mut self.current);
        all.extend(self.crowd.drain().map(|Reverse(key)| key));
        self.buckets.iter_mut().for_each(|bucket| all.append(bucket));
        self.used.fill(0);
        let time = |key: &Key| (key >> 64) as u64;
        let (least, most) = all.iter().fold((Ns::MAX, 0), |(least, most), key| (least.min(time(key)), most.max(time(key))));
        let count = all.len() as u64;
        // The pace of late, or where little has been taken the pace that the keys promise.
        let pace = now.saturating_sub(self.since).checked_div(self.taken).filter(|_| self.taken > 64);
        let promised = most.saturating_sub(least) / count.max(1);
        let gap = pace.map_or(promised, |pace| if self.crowded > PATIENCE { pace.min(promised) } else { pace });
        self.shift = (64 - gap.leading_zeros() + FILL).min(50);
        let wanted = (count as usize * 2).next_power_of_two().clamp(LEAST_BUCKETS, MOST_BUCKETS);
        if wanted > self.buckets.len() || wanted * 8 < self.buckets.len() {
            self.buckets.resize_with(wanted, Vec::new);
            self.used.resize(wanted / 64, 0);
        }
        // An earliest key so far off that nothing lies near it is fine: buckets begin there.
        self.start = least;
        (self.at, self.crowded, self.taken, self.since) = (0, 0, 0, now);
        for key in all {
            let bucket = ((time(&key) - least) >> self.shift) as usize;
            if bucket < self.buckets.len() {
                self.buckets[bucket].push(key);
                self.used[bucket / 64] |= 1 << (bucket % 64);
            } else {
                self.far.push(key);
            }
        }
    }
}

#[inline(never)]
pub(crate) fn descend(keys: &mut [Key]) {
    keys.sort_unstable_by(|a, b| b.cmp(a));
}

/// The same for few.
fn descending(keys: &mut [Key]) {
    for i in 1..keys.len() {
        let key = keys[i];
        let mut place = i;
        while place > 0 && keys[place - 1] < key {
            keys[place] = keys[place - 1];
            place -= 1;
        }
        keys[place] = key;
    }
}
