//! Rate limits: token and leaky bucket, fixed and sliding windows; for all, per key or per
//! session. Time is counted in whole nanoseconds, so that no request slips through by rounding.

use sorted::Tree;
use std::collections::VecDeque;

use crate::time::{LAST, Ns};
use crate::words::Words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    TokenBucket,
    /// Requests leave at the rate; what finds more than `burst` before it is refused.
    LeakyBucket,
    FixedWindow,
    SlidingLog,
    SlidingWindow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Per {
    All,
    Key,
    Session,
}

#[derive(Debug, Clone)]
pub(crate) struct Limiter {
    algorithm: Algorithm,
    per: Per,
    /// [10^-9 per second]
    pub(crate) rate: u64,
    burst: u64,
    window: Ns,
    buckets: Tree<u64, Bucket>,
    /// So many buckets, and those that are as good as new are forgotten.
    many: usize,
    /// Entries in the logs of all buckets.
    logged: usize,
    /// How far the clock that windows go by is ahead [ns], by a fault.
    pub(crate) skew: i64,
    /// Rate and burst without the faults that lower them.
    usual: Option<(u64, u64)>,
}

#[derive(Debug, Clone, Default)]
struct Bucket {
    /// Tokens in 10^-18 of one; or the window's number.
    level: u128,
    since: Ns,
    count: u64,
    before: u64,
    /// When requests passed, and how many at that time.
    log: VecDeque<(Ns, u64)>,
}

/// One token, where a rate is in 10^-9 per second and time in ns.
const TOKEN: u128 = 1_000_000_000_000_000_000;

/// Below so many buckets none is forgotten.
const MANY: usize = 10_000;
/// A log of more entries than this is kept less exactly.
const LONG: usize = 100_000;

/// Whether a request passes, and after how long [ns].
pub(crate) type Verdict = Option<Ns>;

impl Limiter {
    pub(crate) fn new(words: Words) -> Self {
        let algorithm = match words.word("algorithm") {
            "leaky bucket" => Algorithm::LeakyBucket,
            "fixed window" => Algorithm::FixedWindow,
            "sliding log" => Algorithm::SlidingLog,
            "sliding window" => Algorithm::SlidingWindow,
            _ => Algorithm::TokenBucket,
        };
        let per = match words.word("per") {
            "key" => Per::Key,
            "session" => Per::Session,
            _ => Per::All,
        };
        Self {
            algorithm,
            per,
            rate: words.rate("rate").unwrap_or(u64::MAX),
            burst: words.count("burst").unwrap_or(1).max(1),
            window: words.time("window").unwrap_or(1_000_000_000).max(1),
            buckets: Tree::new(),
            many: MANY,
            logged: 0,
            skew: 0,
            usual: None,
        }
    }

    /// The quota of somebody else's system: a token bucket that holds what a second brings.
    pub(crate) fn quota(rate: u64) -> Self {
        Self {
            algorithm: Algorithm::TokenBucket,
            per: Per::All,
            rate,
            burst: rate.div_ceil(1_000_000_000).max(1),
            window: 1_000_000_000,
            buckets: Tree::new(),
            many: MANY,
            logged: 0,
            skew: 0,
            usual: None,
        }
    }

    /// Faults lower the rate to this, or are over.
    pub(crate) fn squeeze(&mut self, rate: Option<u64>) {
        let (usual, burst) = *self.usual.get_or_insert((self.rate, self.burst));
        (self.rate, self.burst) = match rate {
            Some(rate) => (rate, rate.div_ceil(1_000_000_000).clamp(1, burst)),
            None => (usual, burst),
        };
    }

    /// How many a window lets through.
    fn most(&self) -> u64 {
        u64::try_from(u128::from(self.rate) * u128::from(self.window) / TOKEN).unwrap_or(u64::MAX)
    }

    pub(crate) fn ask(&mut self, now: Ns, key: u64, session: u32) -> Verdict {
        let who = match self.per {
            Per::All => 0,
            Per::Key => key,
            Per::Session => u64::from(session),
        };
        let (rate, burst, window, most) = (u128::from(self.rate), u128::from(self.burst), self.window, self.most());
        let clock = now.saturating_add_signed(self.skew);
        let full =
            Bucket { level: if self.algorithm == Algorithm::TokenBucket { burst * TOKEN } else { 0 }, since: now, ..Bucket::default() };
        if self.buckets.len() > self.many {
            self.forget(now);
        }
        let bucket = self.buckets.entry(who).or_insert(full);
        match self.algorithm {
            Algorithm::TokenBucket => {
                bucket.level = (bucket.level + u128::from(now - bucket.since) * rate).min(burst * TOKEN);
                bucket.since = now;
                (bucket.level >= TOKEN).then(|| {
                    bucket.level -= TOKEN;
                    0
                })
            }
            Algorithm::LeakyBucket => {
                bucket.level = bucket.level.saturating_sub(u128::from(now - bucket.since) * rate);
                bucket.since = now;
                (bucket.level + TOKEN <= burst * TOKEN).then(|| {
                    let wait = bucket.level.checked_div(rate).map_or(0, |wait| wait.min(u128::from(LAST)) as Ns);
                    bucket.level += TOKEN;
                    wait
                })
            }
            Algorithm::FixedWindow => {
                bucket.turn_to(clock / window);
                bucket.since = now;
                (bucket.count < most).then(|| {
                    bucket.count += 1;
                    0
                })
            }
            Algorithm::SlidingLog => {
                while let Some(&(_, count)) = bucket.log.front().filter(|(last, _)| *last + window <= now) {
                    bucket.log.pop_front();
                    bucket.count -= count;
                    self.logged -= 1;
                }
                (bucket.count < most).then(|| {
                    bucket.count += 1;
                    match bucket.log.back_mut() {
                        // Of a long log, those that come close together leave together.
                        Some((last, count)) if self.logged > LONG && now - *last <= window / LONG as u64 => {
                            (*last, *count) = (now, *count + 1)
                        }
                        _ => {
                            bucket.log.push_back((now, 1));
                            self.logged += 1;
                        }
                    }
                    0
                })
            }
            Algorithm::SlidingWindow => {
                bucket.turn_to(clock / window);
                bucket.since = now;
                // The last window counts by the part of it that a window ending now still covers.
                let left = u128::from(window - clock % window);
                let count = u128::from(bucket.before) * left / u128::from(window) + u128::from(bucket.count);
                (count < u128::from(most)).then(|| {
                    bucket.count += 1;
                    0
                })
            }
        }
    }
}

impl Limiter {
    /// Forgets buckets that are as good as new.
    fn forget(&mut self, now: Ns) {
        let (rate, full, window) = (u128::from(self.rate), u128::from(self.burst) * TOKEN, self.window);
        let algorithm = self.algorithm;
        self.buckets.retain(|_, bucket| {
            let since = now - bucket.since;
            match algorithm {
                Algorithm::TokenBucket => bucket.level + u128::from(since) * rate < full,
                Algorithm::LeakyBucket => bucket.level > u128::from(since) * rate,
                Algorithm::SlidingLog => bucket.log.back().is_some_and(|(last, _)| last + window > now),
                // Two windows later nothing is left; a skewed clock may see them a little later.
                Algorithm::FixedWindow | Algorithm::SlidingWindow => since < window.saturating_mul(3),
            }
        });
        self.logged = self.buckets.values().map(|bucket| bucket.log.len()).sum();
        self.many = self.buckets.len() * 2 + MANY;
    }

    /// What it remembers takes so much [bytes].
    pub(crate) fn held(&self) -> usize {
        self.buckets.len() * 128 + self.logged * 16
    }
}

impl Bucket {
    /// Moves on to the window of this number.
    fn turn_to(&mut self, number: u64) {
        let number = u128::from(number);
        if number != self.level {
            self.before = if number == self.level + 1 { self.count } else { 0 };
            (self.level, self.count) = (number, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Ns = 1_000_000;

    fn limiter(algorithm: Algorithm, rate: u64, burst: u64, window: Ns) -> Limiter {
        Limiter { algorithm, burst, window, ..Limiter::quota(rate * 1_000_000_000) }
    }

    fn passed(limiter: &mut Limiter, times: impl Iterator<Item = Ns>) -> usize {
        times.filter(|&time| limiter.ask(time, 0, 0).is_some()).count()
    }

    #[test]
    fn a_fixed_window_lets_twice_as_many_through_at_its_edge_and_the_others_do_not() {
        // D83: 100 at 0:59 and 100 at 1:00, limit 100 a minute.
        let times = || (0..100).map(|i| 59_000 * MS + i).chain((0..100).map(|i| 60_000 * MS + i));
        let per_minute = |algorithm| Limiter { rate: 1_666_666_667, ..limiter(algorithm, 1, 1, 60_000 * MS) };
        assert_eq!(passed(&mut per_minute(Algorithm::FixedWindow), times()), 200);
        assert_eq!(passed(&mut per_minute(Algorithm::SlidingLog), times()), 100);
        assert!((100..=102).contains(&passed(&mut per_minute(Algorithm::SlidingWindow), times())));
    }

    #[test]
    fn a_token_bucket_never_lets_more_through_than_burst_and_rate() {
        let mut bucket = limiter(Algorithm::TokenBucket, 100, 20, MS);
        assert_eq!(passed(&mut bucket, (0..1000).map(|i| i * MS)), 20 + 99);
        assert_eq!(passed(&mut bucket, (0..100).map(|_| 10_000 * MS)), 20);
    }

    #[test]
    fn a_leaky_bucket_spaces_what_it_lets_through() {
        let mut bucket = limiter(Algorithm::LeakyBucket, 100, 3, MS);
        let waits: Vec<_> = (0..5).map(|_| bucket.ask(0, 0, 0)).collect();
        assert_eq!(waits, [Some(0), Some(10 * MS), Some(20 * MS), None, None]);
    }

    #[test]
    fn limits_per_key_do_not_touch_each_other() {
        let mut bucket = Limiter { per: Per::Key, ..limiter(Algorithm::TokenBucket, 1, 1, MS) };
        assert_eq!((0..10).filter(|&key| bucket.ask(0, key, 0).is_some()).count(), 10);
        assert_eq!((0..10).filter(|&key| bucket.ask(1, key, 0).is_some()).count(), 0);
    }
}
