//! What is measured of each class of requests. Latency counts from the time a request was meant
//! to be sent; a request belongs to the window in which that time lies.

use sorted::BTreeMap;

use crate::histogram::Histogram;
use crate::job::{Cause, Part, Span};
use crate::ledger::Ledger;
use crate::time::Ns;

#[derive(Debug, Clone, Default)]
pub(crate) struct ClassTally {
    /// Of requests meant to be sent inside the window; of their answers those in time.
    pub(crate) sent: u64,
    pub(crate) good: u64,
    pub(crate) retries: u64,
    pub(crate) failed: BTreeMap<(u32, Cause), u64>,
    pub(crate) latency: Histogram,
    /// The sum of the squares of latencies [us^2].
    pub(crate) squares: u128,
    pub(crate) ledger: Ledger,
    pub(crate) reads: ClassReads,
    pub(crate) seconds: Seconds,
    /// Since the start of the run.
    pub(crate) counts: Counts,
}

/// Reads of known versions by measured requests: how many, and how many were behind by at least
/// one, two, three ... versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClassReads {
    pub reads: u64,
    pub behind: [u64; 8],
}

impl ClassReads {
    pub(crate) fn read(&mut self, seen: u64, latest: u64) {
        self.reads += 1;
        let behind = latest.saturating_sub(seen).min(8) as usize;
        self.behind[..behind].iter_mut().for_each(|count| *count += 1);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.reads += other.reads;
        for (mine, theirs) in self.behind.iter_mut().zip(other.behind) {
            *mine += theirs;
        }
    }
}

/// How many requests were sent in each whole second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seconds {
    /// When the present second ends [ns]; 0 before the first.
    ends: Ns,
    whole: bool,
    count: u64,
    pub seconds: u64,
    pub sum: u64,
    pub squares: u128,
}

const SECOND: Ns = 1_000_000_000;

impl Seconds {
    #[inline]
    fn sent(&mut self, now: Ns) {
        if now >= self.ends {
            self.turn(now);
        }
        self.count += 1;
    }

    /// A second is over; the one in which the window begins is not whole, and is not counted.
    #[inline(never)]
    fn turn(&mut self, now: Ns) {
        if self.whole {
            self.seconds += 1 + (now - self.ends) / SECOND;
            self.sum += self.count;
            self.squares += u128::from(self.count) * u128::from(self.count);
        }
        self.whole = self.ends > 0 || now < SECOND;
        self.ends = (now / SECOND + 1) * SECOND;
        self.count = 0;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.seconds += other.seconds;
        self.sum += other.sum;
        self.squares += other.squares;
    }

    /// The variance over the mean: 1 for Poisson arrivals, 0 for an even stream.
    pub fn dispersion(&self) -> Option<f64> {
        if self.seconds < 2 || self.sum == 0 {
            return None;
        }
        let n = self.seconds as f64;
        let mean = self.sum as f64 / n;
        Some((self.squares as f64 / n - mean * mean) * n / (n - 1.0) / mean)
    }
}

/// What has happened since the start; what happens in a window is the difference of two.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) sent: u64,
    pub(crate) answered: u64,
    /// In time, where the class has a deadline.
    pub(crate) good: u64,
    pub(crate) failed: u64,
    pub(crate) retries: u64,
    /// Sums of the moments of sending and of ending [ns].
    came: u128,
    left: u128,
}

impl Counts {
    /// Under way.
    pub(crate) fn inside(&self) -> u64 {
        self.sent - self.answered - self.failed
    }

    /// The area under the number of requests under way, from the start of the run [request ns].
    pub(crate) fn area(&self, now: Ns) -> u128 {
        self.left + u128::from(self.sent - self.answered - self.failed) * u128::from(now) - self.came
    }
}

/// How a request ended.
pub(crate) struct End {
    pub(crate) intended: Ns,
    pub(crate) now: Ns,
    pub(crate) measured: bool,
    pub(crate) good: bool,
    pub(crate) retries: u32,
}

impl ClassTally {
    pub(crate) fn new(slots: usize) -> Self {
        Self { ledger: Ledger::new(slots), ..Self::default() }
    }

    #[inline]
    pub(crate) fn sent(&mut self, measured: bool, now: Ns) {
        self.sent += u64::from(measured);
        if measured {
            self.seconds.sent(now);
        }
        self.counts.sent += 1;
        self.counts.came += u128::from(now);
    }

    /// `parts` are where its time went, those with its stamp.
    pub(crate) fn answered(&mut self, end: &End, parts: &[Part], stamp: u32) {
        let own = parts.iter().filter(|part| part.stamp == u64::from(stamp));
        check(end, own.flat_map(|part| &part.times));
        if let Some(fine) = self.answer(end) {
            self.ledger.record(end.now - end.intended, fine, parts, stamp);
        }
    }

    /// The same from the express; `spans` are where its time went, those that are `used`.
    #[inline(always)]
    pub(crate) fn arrived<const TRAVELLED: bool>(&mut self, end: &End, spans: &[Span], used: u16) {
        check(end, spans.iter().zip(0..16).filter(|(_, slot)| (used >> slot) & 1 > 0).flat_map(|(span, _)| span));
        if let Some(fine) = self.answer(end) {
            self.ledger.record_used::<TRAVELLED>(end.now - end.intended, fine, spans, used);
        }
    }

    /// The bucket of its latency, if that is measured.
    #[inline(always)]
    fn answer(&mut self, end: &End) -> Option<usize> {
        self.counts.answered += 1;
        self.counts.good += u64::from(end.good);
        self.counts.retries += u64::from(end.retries);
        self.counts.left += u128::from(end.now);
        if !end.measured {
            return None;
        }
        let latency = end.now - end.intended;
        self.good += u64::from(end.good);
        self.retries += u64::from(end.retries);
        self.squares += square(latency);
        Some(self.latency.record(latency))
    }

    pub(crate) fn failed(&mut self, end: &End, at: u32, cause: Cause) {
        self.counts.failed += 1;
        self.counts.retries += u64::from(end.retries);
        self.counts.left += u128::from(end.now);
        if end.measured {
            self.retries += u64::from(end.retries);
            *self.failed.entry((at, cause)).or_default() += 1;
        }
    }

    pub(crate) fn unfinished(&self) -> u64 {
        self.sent - self.latency.count() - self.failed.values().sum::<u64>()
    }
}

/// A request's time is the time of its path.
#[inline(always)]
fn check<'a>(end: &End, times: impl Iterator<Item = &'a Ns>) {
    if cfg!(debug_assertions) {
        let sum: u64 = times.sum();
        assert_eq!(sum, end.now - end.intended, "a request's time is the time of its path");
    }
}

/// [us^2]
#[inline]
pub(crate) fn square(ns: Ns) -> u128 {
    if ns >> 35 == 0 {
        // In numbers short enough that a browser needs neither to divide nor a longer product.
        let us = u64::from((ns >> 3) as u32 / 125);
        return u128::from(us * us);
    }
    let us = u128::from(ns / 1000);
    us * us
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_square_is_that_of_whole_microseconds(ns: u64, shift in 0u32..64) {
            for ns in [ns >> shift, (1 << 35) - 1, 1 << 35] {
                prop_assert_eq!(square(ns), u128::from(ns / 1_000) * u128::from(ns / 1_000));
            }
        }
    }
}
