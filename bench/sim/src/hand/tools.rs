//! What the loops share: the event set, the draws, a station, a slab and a histogram. All that is
//! called per event is marked to be inlined: left to the units of the compiler, the loops lose 5 %.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use rand_core::Rng;
use rand_pcg::Pcg64Mcg;

/// [ns]
pub(super) const MS: f64 = 1e6;
pub(super) const SECOND: f64 = 1e9;

/// Pending events: time, order of scheduling, kind and slot in one key.
#[derive(Default)]
pub(super) struct Events {
    pending: BinaryHeap<Reverse<u128>>,
    added: u64,
}

const SLOT_BITS: u32 = 24;
const KIND_BITS: u32 = 3;

impl Events {
    #[inline]
    pub(super) fn add(&mut self, time: u64, kind: u64, slot: u32) {
        let rest = (self.added << (KIND_BITS + SLOT_BITS)) | (kind << SLOT_BITS) | u64::from(slot);
        self.added += 1;
        self.pending.push(Reverse((u128::from(time) << 64) | u128::from(rest)));
    }

    /// The earliest event: time, kind and slot.
    #[inline]
    pub(super) fn next(&mut self) -> Option<(u64, u64, u32)> {
        let Reverse(key) = self.pending.pop()?;
        let rest = key as u64;
        Some(((key >> 64) as u64, (rest >> SLOT_BITS) & ((1 << KIND_BITS) - 1), rest as u32 & ((1 << SLOT_BITS) - 1)))
    }
}

/// A random stream for one purpose.
pub(super) struct Draws(Pcg64Mcg);

impl Draws {
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        // Two rounds of an odd multiplier: neighbouring seeds must not begin alike.
        let spread = |x: u64| (x ^ (x >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let high = spread(spread(seed.wrapping_mul(8).wrapping_add(purpose)) ^ purpose);
        let mut stream = Pcg64Mcg::new((u128::from(high) << 64) | u128::from(spread(high)));
        stream.next_u64();
        Self(stream)
    }

    /// Uniform in [0, 1).
    #[inline]
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// [ns]
    #[inline]
    pub(super) fn exponential(&mut self, mean: f64) -> u64 {
        (-mean * (1.0 - self.unit()).ln()) as u64
    }
}

/// Some workers and one queue, first come first served.
pub(super) struct Station {
    idle: u32,
    waiting: VecDeque<u32>,
}

impl Station {
    pub(super) fn new(workers: u32) -> Self {
        Self { idle: workers, waiting: VecDeque::new() }
    }

    /// True if it is served at once; else it waits.
    #[inline]
    pub(super) fn enter(&mut self, slot: u32) -> bool {
        let at_once = self.idle > 0;
        if at_once {
            self.idle -= 1;
        } else {
            self.waiting.push_back(slot);
        }
        at_once
    }

    /// A worker is done: who is served next.
    #[inline]
    pub(super) fn leave(&mut self) -> Option<u32> {
        let next = self.waiting.pop_front();
        self.idle += u32::from(next.is_none());
        next
    }
}

/// Puts a value into a free slot, or a new one.
#[inline]
pub(super) fn insert<T>(slots: &mut Vec<T>, free: &mut Vec<u32>, value: T) -> u32 {
    if let Some(slot) = free.pop() {
        slots[slot as usize] = value;
        return slot;
    }
    slots.push(value);
    slots.len() as u32 - 1
}

const FINE: u32 = 7;

/// 128 buckets per doubling.
pub(crate) struct Histogram {
    buckets: Box<[u64]>,
    count: u64,
    sum: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: vec![0; ((64 - FINE as usize) + 1) << FINE].into(), count: 0, sum: 0 }
    }
}

impl Histogram {
    #[inline]
    pub(super) fn record(&mut self, value: u64) {
        let shift = (64 - (value >> FINE).leading_zeros()).saturating_sub(1);
        self.buckets[((u64::from(shift) << FINE) + (value >> shift)) as usize] += 1;
        self.count += 1;
        self.sum += value;
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// [ns]
    pub(crate) fn mean(&self) -> f64 {
        self.sum as f64 / self.count as f64
    }

    /// [ns], within a bucket by its share.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        let rank = share * self.count as f64;
        let mut before = 0;
        for (at, &count) in self.buckets.iter().enumerate() {
            if count > 0 && (before + count) as f64 >= rank {
                let shift = (at >> FINE).saturating_sub(1);
                let (start, width) = ((at - (shift << FINE)) << shift, 1u64 << shift);
                return start as f64 + width as f64 * (rank - before as f64) / count as f64;
            }
            before += count;
        }
        f64::NAN
    }
}
