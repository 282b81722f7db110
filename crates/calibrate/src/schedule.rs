//! When requests are meant to be sent, and which: a Poisson process and independent choices, both
//! from a seed and drawn before the first is sent. Sending is in `load`.

use rand_core::{Rng as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A second [ns].
pub(crate) const SECOND: f64 = 1e9;

/// The requests of one round, in the order of their times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// From the beginning of the round [ns].
    pub(crate) at: Vec<u64>,
    pub(crate) which: Vec<Choice>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Its number in the list of requests of a case.
    pub(crate) request: u32,
    /// Requests of a kind are equally much work.
    pub(crate) kind: u32,
}

impl Choice {
    /// Where each request is a kind of its own.
    pub(crate) fn plain(number: u32) -> Self {
        Self { request: number, kind: number }
    }
}

pub(crate) struct Luck(Xoshiro256PlusPlus);

impl Luck {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in 0..n.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        ((u64::from(n) * (self.0.next_u64() >> 32)) >> 32) as u32
    }
}

/// A Poisson process of `rate` per second for so long [s]; `choose` says what each asks for.
pub(crate) fn poisson(seed: u64, rate: f64, lasts: f64, mut choose: impl FnMut(&mut Luck) -> Choice) -> Schedule {
    // Two streams: what is asked for does not change when, whatever a case draws for its choice.
    let (mut times, mut choices) = (Luck::new(seed), Luck::new(seed ^ 0x9e37_79b9_7f4a_7c15));
    let mut schedule = Schedule { at: Vec::new(), which: Vec::new() };
    let mut now = 0.0;
    loop {
        now -= (1.0 - times.unit()).ln() / rate * SECOND;
        if now >= lasts * SECOND {
            return schedule;
        }
        schedule.at.push(now as u64);
        schedule.which.push(choose(&mut choices));
    }
}

/// Variance divided by the square of the mean: 1 for the gaps of a Poisson process, 0 for a clock.
pub(crate) fn scv(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    values.map(|value| (value - mean).powi(2)).sum::<f64>() / count / (mean * mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gaps(schedule: &Schedule) -> Vec<f64> {
        schedule.at.windows(2).map(|pair| (pair[1] - pair[0]) as f64).collect()
    }

    #[test]
    fn a_schedule_is_a_poisson_process() {
        for (seed, rate) in [(1, 1000.0), (2, 50.0), (3, 40_000.0)] {
            let lasts = 40_000.0 / rate;
            let schedule = poisson(seed, rate, lasts, |luck| Choice::plain(luck.below(4)));
            let count = schedule.at.len() as f64;
            // Four sigma of a Poisson count, and of the scv of so many exponential gaps.
            assert!((count - 40_000.0).abs() < 4.0 * 200.0, "{count} requests at {rate}/s");
            let scv = scv(gaps(&schedule).into_iter());
            assert!((scv - 1.0).abs() < 4.0 * (8.0 / count).sqrt(), "scv {scv} at {rate}/s");
            // Counts of tenths of the round vary as they must: variance equals mean.
            let mut tenths = [0f64; 400];
            schedule.at.iter().for_each(|&at| tenths[(at as f64 / (lasts * SECOND) * 400.0) as usize] += 1.0);
            let dispersion = tenths.iter().map(|n| (n - 100.0).powi(2)).sum::<f64>() / 400.0 / 100.0;
            assert!((dispersion - 1.0).abs() < 4.0 * (2.0f64 / 400.0).sqrt(), "dispersion {dispersion} at {rate}/s");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_round_and_choices_do_not_move_it() {
        let round = |seed, choices: u32| poisson(seed, 500.0, 2.0, |luck| Choice::plain((0..choices).map(|_| luck.below(9)).sum()));
        assert_eq!(round(7, 1), round(7, 1));
        assert_ne!(round(7, 1).at, round(8, 1).at);
        assert_eq!(round(7, 1).at, round(7, 3).at);
        assert!(round(7, 1).at.is_sorted());
    }

    #[test]
    fn every_choice_comes_as_often_as_the_others() {
        let schedule = poisson(5, 16_000.0, 1.0, |luck| Choice::plain(luck.below(16)));
        let counts = schedule.which.iter().fold([0u32; 16], |mut counts, &which| {
            counts[which.kind as usize] += 1;
            counts
        });
        // 1000 each, sigma 31.
        assert!(counts.iter().all(|&count| count.abs_diff(1000) < 150), "{counts:?}");
    }
}
