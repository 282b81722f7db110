//! Where the time of requests went, by how long they took: bounded memory, whatever the number
//! of requests. Rows are 3 % wide in latency; each holds sums per slot of the class.

use crate::histogram::{bucket_of, bucket_start, coarse};
use crate::job::{NETWORK, PARTS, Part, SERVING, Span, WAITING};

/// 2^5 = 32 rows per doubling of the latency.
const COARSE: u32 = 5;
const UNUSED: u32 = u32::MAX;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ledger {
    slots: usize,
    /// By latency: where the row begins in `sums`.
    rows: Vec<u32>,
    /// Per row: requests, latency and two unused; then the parts of each slot [ns].
    sums: Vec<[u64; PARTS]>,
}

/// Sums over some rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Total {
    pub(crate) requests: u64,
    pub(crate) latency: u128,
    pub(crate) parts: Vec<[u128; PARTS]>,
}

impl Ledger {
    pub(crate) fn new(slots: usize) -> Self {
        Self { slots, rows: Vec::new(), sums: Vec::new() }
    }

    /// One more request, of a latency in this fine bucket [ns]: the sums of its parts, by slot.
    #[inline(always)]
    fn row(&mut self, latency: u64, fine: usize) -> &mut [[u64; PARTS]] {
        let at = coarse(latency, fine, COARSE);
        let row = match self.rows.get(at) {
            Some(&row) if row != UNUSED => row as usize,
            _ => self.add_row(at),
        };
        let sums = &mut self.sums[row..][..self.slots + 1];
        sums[0][0] += 1;
        sums[0][1] = sums[0][1].saturating_add(latency);
        &mut sums[1..]
    }

    /// The parts of one request's latency [ns], by slot; those with another stamp are of no account.
    pub(crate) fn record(&mut self, latency: u64, fine: usize, parts: &[Part], stamp: u32) {
        for (sums, part) in self.row(latency, fine).iter_mut().zip(parts) {
            if part.stamp == u64::from(stamp) {
                for (sum, time) in sums.iter_mut().zip(&part.times) {
                    *sum = sum.saturating_add(*time);
                }
            }
        }
    }

    /// The same from the express; those are of no account that are not among the `used`, a bit
    /// for each slot. The time on the way is nothing unless one has `TRAVELLED`.
    #[inline(always)]
    pub(crate) fn record_used<const TRAVELLED: bool>(&mut self, latency: u64, fine: usize, spans: &[Span], mut used: u16) {
        let row = self.row(latency, fine);
        let spans = &spans[..row.len()];
        while used > 0 {
            let slot = used.trailing_zeros() as usize;
            used &= used - 1;
            let (sums, span) = (&mut row[slot], &spans[slot]);
            sums[WAITING] = sums[WAITING].saturating_add(span[WAITING]);
            sums[SERVING] = sums[SERVING].saturating_add(span[SERVING]);
            if TRAVELLED {
                sums[NETWORK] = sums[NETWORK].saturating_add(span[NETWORK]);
            }
        }
    }

    #[inline(never)]
    fn add_row(&mut self, at: usize) -> usize {
        if at >= self.rows.len() {
            self.rows.resize(at + 1, UNUSED);
        }
        let row = self.sums.len();
        self.rows[at] = row as u32;
        self.sums.resize(row + 1 + self.slots, [0; PARTS]);
        row
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (at, &row) in other.rows.iter().enumerate().filter(|(_, row)| **row != UNUSED) {
            let mine = match self.rows.get(at) {
                Some(&mine) if mine != UNUSED => mine as usize,
                _ => self.add_row(at),
            };
            let theirs = &other.sums[row as usize..=row as usize + other.slots];
            for (mine, theirs) in self.sums[mine..].iter_mut().zip(theirs) {
                for (mine, theirs) in mine.iter_mut().zip(theirs) {
                    *mine = mine.saturating_add(*theirs);
                }
            }
        }
    }

    /// The least latency of a row that lies wholly at or above `latency` [ns], or of the last
    /// row in use if none does.
    pub(crate) fn row_from(&self, latency: u64) -> u64 {
        let at = bucket_of(latency, COARSE);
        let next = if bucket_start(at, COARSE) == latency { at } else { at + 1 };
        let used = |row: &usize| self.rows.get(*row).is_some_and(|&row| row != UNUSED);
        let row = (next..self.rows.len()).find(used).or_else(|| (0..self.rows.len()).rev().find(used));
        row.map_or(0, |row| bucket_start(row, COARSE))
    }

    /// Sums over the requests that took `latency` [ns] or longer; the bound of a row.
    pub(crate) fn total_from(&self, latency: u64) -> Total {
        let mut total = Total { parts: vec![[0; PARTS]; self.slots], ..Total::default() };
        for &row in self.rows.iter().skip(bucket_of(latency, COARSE)).filter(|row| **row != UNUSED) {
            let sums = &self.sums[row as usize..=row as usize + self.slots];
            total.requests += sums[0][0];
            total.latency += u128::from(sums[0][1]);
            for (sum, part) in total.parts.iter_mut().zip(&sums[1..]) {
                for (sum, time) in sum.iter_mut().zip(part) {
                    *sum += u128::from(*time);
                }
            }
        }
        total
    }
}
