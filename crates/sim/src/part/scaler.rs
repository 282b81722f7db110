//! An autoscaler by the rule of Kubernetes' horizontal pod autoscaler: desired = ceil(current *
//! utilisation / target), nothing within the tolerance, down only after a calm while.

use std::collections::VecDeque;

use crate::time::Ns;
use crate::words::Words;

#[derive(Debug)]
pub(crate) struct Scaler {
    pub(crate) min: u32,
    pub(crate) max: u32,
    target: f64,
    tolerance: f64,
    pub(crate) every: Ns,
    pub(crate) delay: Ns,
    calm: Ns,
    /// The busy area when it last looked [worker ns].
    pub(crate) busy: u128,
    /// What it wanted of late, and when: only what was more than all that came after it.
    wanted: VecDeque<(Ns, u32)>,
    /// What it has asked for.
    pub(crate) asked: u32,
    /// Replicas that are out of use but still at work.
    extra: u32,
    /// The area under the number of replicas, those at work too, and since when the present number
    /// holds.
    area: u128,
    since: Ns,
}

impl Scaler {
    pub(crate) fn new(words: Words, replicas: u64) -> Self {
        let min = words.count("min").unwrap_or(1).max(1) as u32;
        let max = (words.count("max").unwrap_or(10) as u32).max(min);
        Self {
            min,
            max,
            target: words.fraction("target").max(0.01),
            tolerance: words.fraction("tolerance"),
            every: words.time("every").unwrap_or(15_000_000_000).max(1_000_000),
            delay: words.time("delay").unwrap_or(60_000_000_000),
            calm: words.time("calm").unwrap_or(300_000_000_000),
            busy: 0,
            wanted: VecDeque::new(),
            asked: (replicas as u32).clamp(min, max),
            extra: 0,
            area: 0,
            since: 0,
        }
    }

    /// The area under the number of replicas up to now, of which so many are in use [replica ns].
    pub(crate) fn area(&self, now: Ns, replicas: u32) -> u128 {
        self.area + u128::from(replicas + self.extra) * u128::from(now - self.since)
    }

    /// The number in use is another from now on.
    pub(crate) fn changes(&mut self, now: Ns, before: u32) {
        (self.area, self.since) = (self.area(now, before), now);
    }

    /// One that is out of use works on, or has done all that it had.
    pub(crate) fn works_on(&mut self, now: Ns, replicas: u32, works: bool) {
        self.changes(now, replicas);
        self.extra = if works { self.extra + 1 } else { self.extra - 1 };
    }

    /// How many replicas there should be, at this utilisation of the present ones.
    pub(crate) fn decide(&mut self, now: Ns, replicas: u32, utilisation: f64) -> u32 {
        let ratio = utilisation / self.target;
        // A hair below a whole number of replicas is that number.
        let desired =
            if (ratio - 1.0).abs() <= self.tolerance { replicas } else { (f64::from(replicas) * ratio - 1e-9).ceil().max(0.0) as u32 };
        let desired = desired.clamp(self.min, self.max);
        while self.wanted.front().is_some_and(|(when, _)| when + self.calm < now) {
            self.wanted.pop_front();
        }
        while self.wanted.back().is_some_and(|(_, wanted)| *wanted <= desired) {
            self.wanted.pop_back();
        }
        self.wanted.push_back((now, desired));
        let most = self.wanted.front().map_or(desired, |(_, wanted)| *wanted);
        if desired > self.asked { desired } else { most.min(self.asked) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use std::collections::BTreeMap;

    #[test]
    fn three_pods_at_150_per_cent_of_their_target_become_five() {
        // D96.
        let mut scaler = Scaler { target: 0.5, tolerance: 0.1, ..Scaler::new(Words(&BTreeMap::new()), 3) };
        assert_eq!(scaler.decide(0, 3, 0.75), 5);
        assert_eq!(Scaler { target: 0.5, tolerance: 0.1, ..Scaler::new(Words(&BTreeMap::new()), 3) }.decide(0, 3, 0.54), 3);
    }

    #[test]
    fn it_goes_down_only_after_a_calm_while() {
        let mut scaler = Scaler { target: 0.5, calm: 100, ..Scaler::new(Words(&BTreeMap::new()), 6) };
        assert_eq!(scaler.decide(0, 6, 0.5), 6);
        assert_eq!(scaler.decide(50, 6, 0.1), 6);
        assert_eq!(scaler.decide(101, 6, 0.1), 2);
    }
}
