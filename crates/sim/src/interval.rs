//! How sure a number is: its 95 % interval from independent runs. One run has none.
//!
//! Student (1908), "The probable error of a mean"; that replications rather than parts of one run
//! are compared is the method of independent replications, Law, "Simulation Modeling and
//! Analysis", section 9.5.

use crate::report::Report;

/// The mean of a measure over runs, and half the length of its 95 % interval, in base units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub mean: f64,
    pub half: f64,
}

impl Interval {
    /// Student's t over values that are taken as independent and about normal; none for fewer
    /// than two.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.len() < 2 {
            return None;
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0);
        Some(Self { mean, half: t(values.len() - 1) * libm::sqrt(variance / count) })
    }
}

impl Report {
    /// How sure a measure is ("buy.p99", "web.utilisation"; see [`Report::measure`]): its mean over
    /// the runs that are pooled here, each taken as one observation, and half its 95 % interval
    /// [base units of the measure]. None for a single run, for a word, and where a run does not
    /// have it: one that is missing now and then (nothing answered) would flatter those that are
    /// left. The mean of percentiles of runs is not the percentile of all their requests.
    pub fn interval(&self, measure: &str) -> Option<Interval> {
        let values = self.each.iter().map(|run| run.measure(measure)?.value()).collect::<Option<Vec<f64>>>()?;
        Interval::of(&values)
    }
}

/// The 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom.
const T: [f64; 30] = [
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199,
    2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
];

/// Beyond the table by the first terms of its series in 1 / degrees; there they are exact to four
/// decimals (Abramowitz and Stegun, 26.7.5).
fn t(degrees: usize) -> f64 {
    const Z: f64 = 1.959_964;
    match T.get(degrees.wrapping_sub(1)) {
        Some(t) => *t,
        None => {
            let v = degrees as f64;
            let cube = Z * Z * Z;
            Z + (cube + Z) / (4.0 * v) + (5.0 * cube * Z * Z + 16.0 * cube + 3.0 * Z) / (96.0 * v * v)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Interval, t};

    #[test]
    fn the_quantiles_are_those_of_the_books() {
        for (degrees, expected) in [(1, 12.706), (9, 2.262), (30, 2.042), (31, 2.040), (60, 2.000), (120, 1.980), (999, 1.962)] {
            assert!((t(degrees) - expected).abs() < 0.0006, "{degrees}: {}", t(degrees));
        }
    }

    #[test]
    fn an_interval_needs_two_runs() {
        assert_eq!(Interval::of(&[]), None);
        assert_eq!(Interval::of(&[1.0]), None);
        let interval = Interval::of(&[9.0, 11.0]).unwrap();
        assert!((interval.mean - 10.0).abs() < 1e-12 && (interval.half - 12.7062).abs() < 1e-9, "{interval:?}");
    }

    #[test]
    fn ninety_five_of_a_hundred_intervals_hold_the_truth() {
        // A plain generator, so that the test says the same each time.
        let mut state = 1u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut normal = || (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
        let holds = (0..10_000).filter(|_| {
            let values: Vec<f64> = (0..5).map(|_| normal()).collect();
            let interval = Interval::of(&values).unwrap();
            interval.mean.abs() <= interval.half
        });
        let share = holds.count() as f64 / 10_000.0;
        assert!((share - 0.95).abs() < 0.007, "{share}");
    }
}
