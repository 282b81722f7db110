//! What a caller does about calls that are slow or fail: pauses between attempts, budgets,
//! breakers, throttles. The rules only; when they are asked is in `run`.

use std::collections::VecDeque;

use design::Backoff;

use crate::random::Stream;
use crate::sample::whole;
use crate::time::Ns;

/// The policy of one arrow, with its state; shared by all replicas of the caller.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    pub(crate) timeout: Option<Ns>,
    pub(crate) cancel: bool,
    /// In all, the first one too.
    pub(crate) attempts: u32,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) budget: Option<Budget>,
    pub(crate) bulkhead: Option<u32>,
    pub(crate) under_way: u32,
    pub(crate) breaker: Option<Breaker>,
    pub(crate) throttle: Option<Throttle>,
}

impl Guard {
    /// Nobody waits for a call any more. It tells a breaker nothing, but if it was the one that was
    /// tried, another is.
    pub(crate) fn called_back(&mut self, now: Ns) {
        self.under_way -= 1;
        if let Some(breaker) = &mut self.breaker {
            breaker.try_another(now);
        }
    }
}

/// Retries as a share of first attempts: each first attempt pays in, each retry takes one out.
#[derive(Debug)]
pub(crate) struct Budget {
    share: u64,
    /// [10^-9 retries]
    saved: u64,
}

const ONE: u64 = 1_000_000_000;
/// A budget saves up for so many retries at most.
const MOST_SAVED: u64 = 10 * ONE;

impl Budget {
    pub(crate) fn new(share: u64) -> Self {
        Self { share, saved: MOST_SAVED }
    }

    pub(crate) fn first_attempt(&mut self) {
        self.saved = (self.saved + self.share).min(MOST_SAVED);
    }

    pub(crate) fn allows_retry(&mut self) -> bool {
        let allowed = self.saved >= ONE;
        self.saved -= if allowed { ONE } else { 0 };
        allowed
    }
}

/// The pause before the n-th retry, from 0, and what to remember for the next.
pub(crate) fn pause(backoff: &Backoff, retry: u32, last: Ns, stream: &mut Stream) -> Ns {
    let doubled = |base: Ns, cap: Ns| {
        let factor = 1u64.checked_shl(retry).unwrap_or(u64::MAX);
        base.saturating_mul(factor).min(cap)
    };
    let up_to = |most: Ns, stream: &mut Stream| whole(most as f64 * stream.unit());
    match backoff {
        Backoff::Constant { wait } => wait.base(),
        Backoff::Exponential { base, cap } => doubled(base.base(), cap.base()),
        Backoff::FullJitter { base, cap } => up_to(doubled(base.base(), cap.base()), stream),
        Backoff::EqualJitter { base, cap } => {
            let half = doubled(base.base(), cap.base()) / 2;
            half + up_to(half, stream)
        }
        Backoff::Decorrelated { base, cap } => {
            let (base, cap) = (base.base(), cap.base());
            let from = if last == 0 { base } else { last };
            (base + up_to(from.saturating_mul(3).saturating_sub(base), stream)).min(cap)
        }
    }
}

/// Opens when too many of the calls of a while have failed, and tries one after a pause.
#[derive(Debug)]
pub(crate) struct Breaker {
    /// Above this share of failures [billionths].
    pub(crate) errors: u64,
    /// Of at least so many calls.
    pub(crate) calls: u64,
    /// Counted over so long [ns], in tenths.
    pub(crate) window: Ns,
    pub(crate) pause: Ns,
    state: State,
    /// Calls and failures by tenth of the window.
    counts: VecDeque<(Ns, u64, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    /// Until then nothing is tried.
    Open(Ns),
    /// One call is under way to find out.
    Trying,
}

impl Breaker {
    pub(crate) fn new(errors: u64, calls: u64, window: Ns, pause: Ns) -> Self {
        Self { errors, calls, window: window.max(10), pause, state: State::Closed, counts: VecDeque::new() }
    }

    pub(crate) fn allows(&mut self, now: Ns) -> bool {
        match self.state {
            State::Closed => true,
            State::Open(until) if now >= until => {
                self.state = State::Trying;
                true
            }
            State::Open(_) | State::Trying => false,
        }
    }

    pub(crate) fn ended(&mut self, failed: bool, now: Ns) {
        match self.state {
            State::Trying if failed => self.state = State::Open(now.saturating_add(self.pause)),
            State::Trying => {
                self.state = State::Closed;
                self.counts.clear();
            }
            // A call from before it opened tells nothing new.
            State::Open(_) => {}
            State::Closed => self.count(failed, now),
        }
    }

    fn try_another(&mut self, now: Ns) {
        if self.state == State::Trying {
            self.state = State::Open(now);
        }
    }

    fn count(&mut self, failed: bool, now: Ns) {
        let tenth = now / (self.window / 10);
        match self.counts.back_mut() {
            Some((last, calls, failures)) if *last == tenth => {
                *calls += 1;
                *failures += u64::from(failed);
            }
            _ => self.counts.push_back((tenth, 1, u64::from(failed))),
        }
        while self.counts.front().is_some_and(|(first, ..)| first + 10 <= tenth) {
            self.counts.pop_front();
        }
        let (calls, failures) = self.counts.iter().fold((0, 0), |(calls, failures), (_, c, f)| (calls + c, failures + f));
        if calls >= self.calls && u128::from(failures) * u128::from(ONE) >= u128::from(calls) * u128::from(self.errors) {
            self.state = State::Open(now.saturating_add(self.pause));
            self.counts.clear();
        }
    }
}

/// Client-side throttling (Beyer et al., "Site Reliability Engineering", ch. 21): a call is
/// refused by its own caller with probability max(0, (requests - K accepts) / (requests + 1)),
/// both counted over the last one to two minutes.
#[derive(Debug)]
pub(crate) struct Throttle {
    k: f64,
    minute: Ns,
    now: (f64, f64),
    before: (f64, f64),
}

const MINUTE: Ns = 60_000_000_000;

impl Throttle {
    pub(crate) fn new(k: f64) -> Self {
        Self { k, minute: 0, now: (0.0, 0.0), before: (0.0, 0.0) }
    }

    fn turn(&mut self, now: Ns) {
        let minute = now / MINUTE;
        if minute != self.minute {
            self.before = if minute == self.minute + 1 { self.now } else { (0.0, 0.0) };
            (self.now, self.minute) = ((0.0, 0.0), minute);
        }
    }

    pub(crate) fn allows(&mut self, now: Ns, stream: &mut Stream) -> bool {
        self.turn(now);
        let (requests, accepts) = (self.now.0 + self.before.0, self.now.1 + self.before.1);
        self.now.0 += 1.0;
        let refuse = (requests - self.k * accepts) / (requests + 1.0);
        refuse <= 0.0 || stream.unit() >= refuse
    }

    pub(crate) fn accepted(&mut self, now: Ns) {
        self.turn(now);
        self.now.1 += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Duration;

    const MS: Ns = 1_000_000;

    #[test]
    fn pauses_grow_and_stay_within_their_bounds() {
        let (base, cap) = (Duration::from_millis(10), Duration::from_millis(60));
        let mut stream = Stream::new(1, "a", "b");
        let mut pauses = |backoff: Backoff| (0..5).map(|retry| pause(&backoff, retry, 0, &mut stream) / MS).collect::<Vec<_>>();
        assert_eq!(pauses(Backoff::Constant { wait: base }), [10; 5]);
        assert_eq!(pauses(Backoff::Exponential { base, cap }), [10, 20, 40, 60, 60]);
        for (most, found) in [10, 20, 40, 60, 60].into_iter().zip(pauses(Backoff::FullJitter { base, cap })) {
            assert!(found <= most);
        }
        for (most, found) in [10, 20, 40, 60, 60].into_iter().zip(pauses(Backoff::EqualJitter { base, cap })) {
            assert!((most / 2..=most).contains(&found));
        }
        assert!(pauses(Backoff::Decorrelated { base, cap }).iter().all(|pause| (10..=60).contains(pause)));
    }

    #[test]
    fn a_budget_of_a_tenth_allows_a_retry_for_every_ten() {
        let mut budget = Budget::new(ONE / 10);
        let retries = (0..10_000)
            .filter(|_| {
                budget.first_attempt();
                budget.allows_retry()
            })
            .count();
        assert!((1_000..=1_010).contains(&retries), "{retries}");
    }

    #[test]
    fn a_breaker_opens_tries_one_and_closes() {
        let mut breaker = Breaker::new(ONE / 2, 20, 10_000 * MS, 5_000 * MS);
        for i in 0..19 {
            assert!(breaker.allows(i * MS));
            breaker.ended(true, i * MS);
        }
        assert!(breaker.allows(19 * MS), "19 failures are too few");
        breaker.ended(true, 20 * MS);
        assert!(!breaker.allows(5_019 * MS));
        assert!(breaker.allows(5_020 * MS), "one is tried");
        assert!(!breaker.allows(5_020 * MS), "and only one");
        breaker.ended(true, 5_100 * MS);
        assert!(!breaker.allows(10_099 * MS));
        assert!(breaker.allows(10_100 * MS));
        breaker.ended(false, 10_200 * MS);
        assert!(breaker.allows(10_201 * MS) && breaker.allows(10_202 * MS));
    }

    #[test]
    fn a_throttle_lets_through_k_times_what_is_accepted() {
        let mut throttle = Throttle::new(2.0);
        let mut stream = Stream::new(1, "a", "b");
        let (mut accepted, mut sent) = (0, 0);
        // 1,000 a second, of which the callee accepts 300: 600 are sent to it (D74).
        for i in 0..400_000u64 {
            let now = i * MS;
            if throttle.allows(now, &mut stream) {
                sent += u64::from(i >= 200_000);
                if accepted * 10 < i * 3 {
                    accepted += 1;
                    throttle.accepted(now);
                }
            }
        }
        assert!((118_000..122_000).contains(&sent), "{sent}");
    }
}
