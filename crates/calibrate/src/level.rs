//! What was measured at a level, in numbers, and whether it may be told: a level at which the
//! generator itself was late is thrown out.

use crate::load::{Asked, Round};
use crate::schedule;

/// The most that the generator may be late: this share of the middle latency, at the 99th
/// percentile of its lateness.
pub(crate) const LATE: f64 = 0.1;

/// The three numbers that are compared [ns].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Latency {
    pub(crate) mean: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Latency {
    pub(crate) const NAMES: [&'static str; 3] = ["mean", "p50", "p99"];

    /// From the intended time of sending, as a user sees it.
    pub(crate) fn of(asked: &[Asked]) -> Option<Self> {
        let mut times: Vec<u64> = asked.iter().map(|one| one.answered - one.intended).collect();
        times.sort_unstable();
        let mean = times.iter().sum::<u64>() as f64 / times.len().max(1) as f64;
        Some(Self { mean, p50: quantile(&times, 0.5)?, p99: quantile(&times, 0.99)? })
    }

    pub(crate) fn values(&self) -> [f64; 3] {
        [self.mean, self.p50, self.p99]
    }

    fn from([mean, p50, p99]: [f64; 3]) -> Self {
        Self { mean, p50, p99 }
    }
}

/// The smallest value that at least this share of all do not exceed.
pub(crate) fn quantile(sorted: &[u64], share: f64) -> Option<f64> {
    let rank = (sorted.len() as f64 * share).ceil().max(1.0) as usize;
    sorted.get(rank - 1).map(|&value| value as f64)
}

/// Several rounds: the middle one of each number, and how far they went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rounds {
    pub(crate) middle: Latency,
    pub(crate) least: Latency,
    pub(crate) most: Latency,
}

impl Rounds {
    pub(crate) fn of(rounds: &[Latency]) -> Option<Self> {
        if rounds.is_empty() {
            return None;
        }
        let pick = |which: fn(&[f64]) -> f64| {
            let column = |at: usize| {
                let mut values: Vec<f64> = rounds.iter().map(|round| round.values()[at]).collect();
                values.sort_by(f64::total_cmp);
                which(&values)
            };
            Latency::from([column(0), column(1), column(2)])
        };
        Some(Self { middle: pick(middle), least: pick(|values| values[0]), most: pick(|values| values[values.len() - 1]) })
    }
}

/// Of sorted values; between the two middle ones if they are even in number.
fn middle(values: &[f64]) -> f64 {
    (values[(values.len() - 1) / 2] + values[values.len() / 2]) / 2.0
}

/// Whether a level may be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Verdict {
    Stands,
    /// The generator sent too late [ns].
    Late {
        p99: f64,
        p50: f64,
    },
    /// The server fell so far behind that a round was given up.
    Overrun,
}

/// The requests of each round that are counted.
pub(crate) fn counted(round: &Round, warm: f64) -> Vec<Asked> {
    let from = (warm * schedule::SECOND) as u64;
    round.asked.iter().copied().filter(|one| one.intended >= from).collect()
}

pub(crate) fn judge(rounds: &[&Round], warm: f64) -> Verdict {
    if rounds.iter().any(|round| round.overrun) {
        return Verdict::Overrun;
    }
    let asked: Vec<Asked> = rounds.iter().flat_map(|round| counted(round, warm)).collect();
    let late = lateness(&asked);
    match Latency::of(&asked) {
        Some(Latency { p50, .. }) if late <= LATE * p50 => Verdict::Stands,
        Some(Latency { p50, .. }) => Verdict::Late { p99: late, p50 },
        None => Verdict::Overrun,
    }
}

/// The 99th percentile of actual minus intended sending [ns].
pub(crate) fn lateness(asked: &[Asked]) -> f64 {
    let mut late: Vec<u64> = asked.iter().map(|one| one.sent.saturating_sub(one.intended)).collect();
    late.sort_unstable();
    quantile(&late, 0.99).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred requests that take `takes`, of which so many are sent late by `late` [ns].
    fn round(takes: u64, late: u64, many: u64) -> Round {
        let asked = (0..100).map(|number| {
            let intended = number * 1_000_000;
            Asked { kind: 0, intended, sent: intended + if number < many { late } else { 0 }, answered: intended + takes }
        });
        Round { asked: asked.collect(), ..Round::default() }
    }

    #[test]
    fn a_level_is_thrown_out_when_one_request_in_a_hundred_is_late_by_a_tenth_of_the_median() {
        for (takes, late, many, stands) in [
            (500_000, 50_000, 2, true),
            (500_000, 50_001, 2, false),
            (500_000, 400_000, 1, true),
            (60_000, 7_000, 2, false),
            (60_000, 6_000, 100, true),
        ] {
            let round = round(takes, late, many);
            let verdict = judge(&[&round], 0.0);
            let expected = if stands { Verdict::Stands } else { Verdict::Late { p99: late as f64, p50: takes as f64 } };
            assert_eq!(verdict, expected, "{takes} ns, {many} late by {late} ns");
        }
    }

    #[test]
    fn lateness_is_judged_over_all_rounds_together_and_what_warms_up_is_not_counted() {
        let (good, bad) = (round(500_000, 0, 0), round(500_000, 90_000, 3));
        // Three of three hundred are one in a hundred, three of two hundred are more.
        assert_eq!(judge(&[&good, &good, &bad], 0.0), Verdict::Stands);
        assert_eq!(judge(&[&good, &bad], 0.0), Verdict::Late { p99: 90_000.0, p50: 500_000.0 });
        assert_eq!(judge(&[&bad], 0.01), Verdict::Stands);
        let overrun = Round { overrun: true, ..round(1, 0, 0) };
        assert_eq!(judge(&[&good, &overrun], 0.0), Verdict::Overrun);
        assert_eq!(judge(&[&good], 1.0), Verdict::Overrun);
    }

    #[test]
    fn rounds_tell_their_middle_and_how_far_they_went() {
        let of = |mean| Latency { mean, p50: 10.0 - mean, p99: 7.0 };
        let three = Rounds::of(&[of(3.0), of(1.0), of(2.0)]).unwrap();
        assert_eq!((three.middle, three.least.mean, three.most.mean), (of(2.0), 1.0, 3.0));
        assert_eq!((three.least.p50, three.most.p50), (7.0, 9.0));
        assert_eq!(Rounds::of(&[of(1.0), of(2.0)]).unwrap().middle.mean, 1.5);
        assert_eq!(Rounds::of(&[]), None);
    }

    #[test]
    fn latency_counts_from_the_intended_time() {
        let asked: Vec<Asked> = (1..=100).map(|n| Asked { kind: 0, intended: 0, sent: 5, answered: n * 10 }).collect();
        assert_eq!(Latency::of(&asked), Some(Latency { mean: 505.0, p50: 500.0, p99: 990.0 }));
        assert_eq!(Latency::of(&[]), None);
    }
}
