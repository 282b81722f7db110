//! A log-linear histogram of lengths of time: 128 buckets per doubling, so a percentile is
//! within 0.8 % of the true one however long the tail. Every bucket also keeps its least and its
//! greatest value, between which a percentile is interpolated; constant times come out exact.

/// Counts of values [ns]. Two histograms merge by adding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Histogram {
    buckets: Vec<Bucket>,
    sum: u128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bucket {
    count: u64,
    least: u64,
    most: u64,
}

/// How much of a histogram has been looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    counts: Vec<u64>,
    sum: u128,
}

const EMPTY: Bucket = Bucket { count: 0, least: u64::MAX, most: 0 };
/// 2^7 = 128 buckets per doubling.
const FINE: u32 = 7;

/// The bucket of a value, with `2^bits` buckets per doubling; values below `2^bits` are exact.
pub(crate) fn bucket_of(value: u64, bits: u32) -> usize {
    let shift = (64 - (value >> bits).leading_zeros()).saturating_sub(1);
    ((u64::from(shift) << bits) + (value >> shift)) as usize
}

/// The bucket of a value with fewer buckets per doubling, when that with 128 of them is known.
#[inline(always)]
pub(crate) fn coarse(value: u64, fine: usize, bits: u32) -> usize {
    if value < 1 << FINE {
        return bucket_of(value, bits);
    }
    (fine >> (FINE - bits)) + (((FINE - bits) as usize) << bits)
}

/// The least value that falls into a bucket.
pub(crate) fn bucket_start(bucket: usize, bits: u32) -> u64 {
    let bucket = bucket as u64;
    let shift = (bucket >> bits).saturating_sub(1);
    (bucket - (shift << bits)) << shift
}

impl Histogram {
    /// Records a value, and says which bucket it is in.
    #[inline(always)]
    pub(crate) fn record(&mut self, value: u64) -> usize {
        let at = bucket_of(value, FINE);
        if at >= self.buckets.len() {
            self.buckets.resize(at + 1, EMPTY);
        }
        let bucket = &mut self.buckets[at];
        bucket.count += 1;
        bucket.least = bucket.least.min(value);
        bucket.most = bucket.most.max(value);
        self.sum += u128::from(value);
        at
    }

    /// The same, with so many zeros more.
    pub(crate) fn with_zeros(&self, zeros: u64) -> Self {
        let mut all = self.clone();
        if zeros > 0 {
            all.record(0);
            all.buckets[0].count += zeros - 1;
        }
        all
    }

    /// How often each value was recorded, those of one bucket as its middle.
    pub fn values(&self) -> impl Iterator<Item = (u64, f64)> {
        let used = self.buckets.iter().filter(|bucket| bucket.count > 0);
        used.map(|bucket| (bucket.count, (bucket.least as f64 + bucket.most as f64) / 2.0))
    }

    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.count).sum()
    }

    /// The exact sum of all values [ns].
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The exact mean [ns].
    pub fn mean(&self) -> Option<f64> {
        let count = self.count();
        (count > 0).then(|| self.sum as f64 / count as f64)
    }

    /// The exact greatest value [ns].
    pub fn max(&self) -> Option<u64> {
        self.buckets.iter().rev().find(|bucket| bucket.count > 0).map(|bucket| bucket.most)
    }

    /// The smallest value that at least `millionths` of all values do not exceed [ns].
    pub fn percentile(&self, millionths: u32) -> Option<u64> {
        let count = u128::from(self.count());
        if count == 0 {
            return None;
        }
        let rank = (count * u128::from(millionths)).div_ceil(1_000_000).clamp(1, count) as u64;
        let mut before = 0;
        for bucket in &self.buckets {
            if before + bucket.count >= rank {
                // The rank-th of `count` values spread evenly from the least to the most.
                let (place, steps) = (u128::from(rank - before - 1), u128::from(bucket.count.max(2) - 1));
                return Some(bucket.least + (u128::from(bucket.most - bucket.least) * place / steps) as u64);
            }
            before += bucket.count;
        }
        None
    }

    /// How many values are greater than `value`, exact where it bounds a bucket [count].
    pub fn above(&self, value: u64) -> u64 {
        let at = bucket_of(value, FINE);
        let inside = self.buckets.get(at).map_or(0, |bucket| match bucket {
            bucket if bucket.count == 0 || bucket.most <= value => 0,
            bucket if bucket.least > value => bucket.count,
            bucket => (u128::from(bucket.count) * u128::from(bucket.most - value)).div_ceil(u128::from(bucket.most - bucket.least)) as u64,
        });
        inside + self.buckets.iter().skip(at + 1).map(|bucket| bucket.count).sum::<u64>()
    }

    /// Mean, median and 99th percentile [ns] of what was recorded since the last time, of which
    /// `seen` keeps the counts; none if nothing was.
    pub(crate) fn since(&self, seen: &mut Seen) -> Option<[u64; 3]> {
        seen.counts.resize(self.buckets.len(), 0);
        let count: u64 = self.buckets.iter().zip(&seen.counts).map(|(bucket, before)| bucket.count - before).sum();
        let sum = self.sum - std::mem::replace(&mut seen.sum, self.sum);
        let mut ranks = [count.div_ceil(2), (u128::from(count) * 99).div_ceil(100) as u64].into_iter().peekable();
        let (mut found, mut before) = (Vec::with_capacity(2), 0);
        for (bucket, known) in self.buckets.iter().zip(&mut seen.counts) {
            before += bucket.count - *known;
            *known = bucket.count;
            while count > 0 && ranks.next_if(|rank| before >= *rank).is_some() {
                found.push(bucket.least / 2 + bucket.most / 2);
            }
        }
        match found[..] {
            [p50, p99] => Some([(sum / u128::from(count)) as u64, p50, p99]),
            _ => None,
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        if self.buckets.len() < other.buckets.len() {
            self.buckets.resize(other.buckets.len(), EMPTY);
        }
        for (mine, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            mine.count += theirs.count;
            mine.least = mine.least.min(theirs.least);
            mine.most = mine.most.max(theirs.most);
        }
        self.sum += other.sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        for &value in values {
            histogram.record(value);
        }
        histogram
    }

    fn wide() -> impl Strategy<Value = u64> {
        (0u32..64, any::<u64>()).prop_map(|(shift, value)| value >> shift)
    }

    proptest! {
        #[test]
        fn a_value_lies_in_its_bucket(value in wide(), bits in 0u32..9) {
            let bucket = bucket_of(value, bits);
            prop_assert!(bucket_start(bucket, bits) <= value);
            if value < u64::MAX / 2 {
                prop_assert!(value < bucket_start(bucket + 1, bits));
            }
        }

        #[test]
        fn a_percentile_is_within_one_per_cent_of_the_sorted_values(mut values in prop::collection::vec(wide(), 1..300), millionths in 1u32..=1_000_000) {
            let histogram = of(&values);
            values.sort_unstable();
            let rank = (values.len() as u64 * u64::from(millionths)).div_ceil(1_000_000);
            let exact = values[rank as usize - 1];
            let found = histogram.percentile(millionths).expect("there are values");
            prop_assert!(found.abs_diff(exact) <= exact / 100, "{found} for {exact}");
            prop_assert_eq!(histogram.max(), values.last().copied());
        }

        #[test]
        fn merging_is_recording_both(a in prop::collection::vec(wide(), 0..50), b in prop::collection::vec(wide(), 0..50)) {
            let mut merged = of(&a);
            merged.merge(&of(&b));
            let both: Vec<u64> = a.into_iter().chain(b).collect();
            prop_assert_eq!(merged, of(&both));
        }
    }
}
