//! Sides taking turns at one workload, and the ratio of their paces: the middle one of all rounds,
//! told only if both sides computed the same thing.

use super::programs::{Programs, Side, Told};
use super::{Contest, Duel};
use crate::bench::{Beside, Figure, median};

/// How far two sides may be apart, as a share.
const APART: f64 = 0.01;
/// Seeds that ours gets to show what a peer's shorter runs should give.
const SEEDS: u64 = 20;

pub(super) struct Turns {
    workload: &'static str,
    sides: Vec<Runs>,
}

struct Runs {
    side: Side,
    requests: u64,
    /// A round each, or why there is none.
    told: Result<Vec<Told>, String>,
}

impl Turns {
    /// A busy moment of the machine hits all sides of a round.
    pub(super) fn take(programs: &Programs, contest: &Contest, rounds: usize) -> Self {
        let mut sides: Vec<Runs> = contest.sides.iter().map(|&(side, requests)| Runs { side, requests, told: Ok(Vec::new()) }).collect();
        for seed in 1..=rounds as u64 {
            for runs in &mut sides {
                let Ok(told) = &mut runs.told else { continue };
                match programs.run(runs.side, contest.workload, runs.requests, seed) {
                    Ok(run) => told.push(run),
                    Err(error) => runs.told = Err(format!("{error:#}")),
                }
            }
        }
        Self { workload: contest.workload, sides }
    }

    pub(super) fn figure(&self, programs: &Programs, duel: &Duel) -> Figure {
        let name = format!("{}: {} / {}", self.workload.to_uppercase(), duel.ours.name(), duel.theirs.name());
        match self.compare(programs, duel) {
            Ok((ratio, beside)) => Figure::ratio(name, ratio, duel.least, beside),
            Err(why) => Figure::refused(name, "times", duel.least, why),
        }
    }

    fn compare(&self, programs: &Programs, duel: &Duel) -> Result<(f64, Beside), String> {
        let ((ours, told), (theirs, other)) = (self.runs(duel.ours)?, self.runs(duel.theirs)?);
        // Runs that start empty are the quicker the shorter they are: only equals are compared.
        let expected = if ours.requests == theirs.requests {
            told.clone()
        } else {
            let run = |seed| programs.run(ours.side, self.workload, theirs.requests, 1_000 + seed).map_err(|error| format!("{error:#}"));
            (0..SEEDS).map(run).collect::<Result<_, _>>()?
        };
        agree(&expected, other)?;
        Ok(ratio(told, other))
    }

    fn runs(&self, side: Side) -> Result<(&Runs, &Vec<Told>), String> {
        let runs = self.sides.iter().find(|runs| runs.side == side).ok_or("it takes no turns")?;
        match &runs.told {
            Ok(told) => Ok((runs, told)),
            Err(why) => Err(why.clone()),
        }
    }
}

/// Why no ratio of the two means anything, if it does not.
fn agree(ours: &[Told], theirs: &[Told]) -> Result<(), String> {
    let mean = |all: &[Told], look: fn(&Told) -> f64| all.iter().map(look).sum::<f64>() / all.len() as f64;
    let means = |look| (mean(ours, look), mean(theirs, look));
    for (what, (ours, theirs)) in [("mean", means(|told| told.mean_ms)), ("p99", means(|told| told.p99_ms))] {
        let apart = (ours / theirs - 1.0).abs();
        // What is no number is far apart, too.
        if apart > APART || apart.is_nan() {
            return Err(format!("the two do not compute the same: {what} {ours:.4} ms and {theirs:.4} ms, {:.1} % apart", apart * 100.0));
        }
    }
    Ok(())
}

/// The middle ratio of the rounds, and what stands beside it.
fn ratio(ours: &[Told], theirs: &[Told]) -> (f64, Beside) {
    let pace = |told: &Told| told.requests / told.seconds;
    let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| pace(ours) / pace(theirs)).collect();
    let middle = |all: &[Told]| median(all.iter().map(pace).collect());
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let most = ratios.iter().copied().fold(0.0, f64::max);
    (median(ratios), Beside { ours: middle(ours), theirs: middle(theirs), least, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(seconds: f64, mean_ms: f64, p99_ms: f64) -> Told {
        Told { requests: 1e6, seconds, mean_ms, p99_ms }
    }

    #[test]
    fn sides_that_compute_something_else_are_told_apart() {
        let ours = [told(1.0, 7.60, 52.0), told(1.0, 7.70, 53.0)];
        assert_eq!(agree(&ours, &[told(9.0, 7.70, 52.3)]), Ok(()));
        let wrong = agree(&ours, &[told(9.0, 7.55, 52.3)]).unwrap_err();
        assert_eq!(wrong, "the two do not compute the same: mean 7.6500 ms and 7.5500 ms, 1.3 % apart");
        assert!(agree(&ours, &[told(9.0, 7.65, 51.0)]).unwrap_err().contains("p99 52.5000 ms and 51.0000 ms"));
        assert!(agree(&ours, &[told(9.0, f64::NAN, 52.5)]).is_err());
    }

    #[test]
    fn a_ratio_is_the_middle_one_of_rounds_and_says_how_far_they_went() {
        let (ratio, beside) = ratio(&[told(1.0, 1.0, 1.0), told(2.0, 1.0, 1.0), told(1.0, 1.0, 1.0)], &[told(2.0, 1.0, 1.0); 3]);
        assert_eq!((ratio, beside.least, beside.most), (2.0, 1.0, 2.0));
        assert_eq!((beside.ours, beside.theirs), (1e6, 5e5));
    }
}
