//! Where the time of requests went, by how long they took: bounded memory, whatever the number
//! of requests. Rows are 3 % wide in latency; each holds sums per component.

use crate::histogram::{bucket_of, bucket_start};

/// 2^5 = 32 rows per doubling of the latency.
const COARSE: u32 = 5;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ledger {
    rows: Vec<Option<Box<Row>>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    requests: u64,
    latency: u128,
    /// By component: waiting, serving, on the network [ns].
    parts: Vec<[u64; 3]>,
}

/// Sums over some rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Total {
    pub(crate) requests: u64,
    pub(crate) latency: u128,
    pub(crate) parts: Vec<[u128; 3]>,
}

impl Ledger {
    /// The parts of one request's latency [ns]: component, then waiting, serving, network.
    pub(crate) fn record(&mut self, latency: u64, components: usize, parts: impl Iterator<Item = (u32, [u64; 3])>) {
        let at = bucket_of(latency, COARSE);
        if at >= self.rows.len() {
            self.rows.resize(at + 1, None);
        }
        let row = self.rows[at].get_or_insert_with(|| Box::new(Row { requests: 0, latency: 0, parts: vec![[0; 3]; components] }));
        row.requests += 1;
        row.latency += u128::from(latency);
        for (component, part) in parts {
            for (sum, time) in row.parts[component as usize].iter_mut().zip(part) {
                *sum = sum.saturating_add(time);
            }
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        if self.rows.len() < other.rows.len() {
            self.rows.resize(other.rows.len(), None);
        }
        for (mine, theirs) in self.rows.iter_mut().zip(&other.rows) {
            match (mine, theirs) {
                (Some(mine), Some(theirs)) => mine.add(theirs),
                (mine, Some(theirs)) => *mine = Some(theirs.clone()),
                (_, None) => {}
            }
        }
    }

    /// The least latency of a row that lies wholly at or above `latency` [ns], or of the last
    /// row in use if none does.
    pub(crate) fn row_from(&self, latency: u64) -> u64 {
        let at = bucket_of(latency, COARSE);
        let next = if bucket_start(at, COARSE) == latency { at } else { at + 1 };
        let used = |row: &usize| self.rows.get(*row).is_some_and(Option::is_some);
        let row = (next..self.rows.len()).find(used).or_else(|| (0..self.rows.len()).rev().find(used));
        row.map_or(0, |row| bucket_start(row, COARSE))
    }

    /// Sums over the requests that took `latency` [ns] or longer; the bound of a row.
    pub(crate) fn total_from(&self, latency: u64) -> Total {
        let mut total = Total::default();
        for row in self.rows.iter().skip(bucket_of(latency, COARSE)).flatten() {
            total.requests += row.requests;
            total.latency += row.latency;
            total.parts.resize(row.parts.len(), [0; 3]);
            for (sum, part) in total.parts.iter_mut().zip(&row.parts) {
                for (sum, time) in sum.iter_mut().zip(part) {
                    *sum += u128::from(*time);
                }
            }
        }
        total
    }
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.latency += other.latency;
        for (sum, part) in self.parts.iter_mut().zip(&other.parts) {
            for (sum, time) in sum.iter_mut().zip(part) {
                *sum = sum.saturating_add(*time);
            }
        }
    }
}
