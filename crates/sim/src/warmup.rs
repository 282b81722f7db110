//! Whether runs had settled when measuring began, so that the warm-up of the design is long
//! enough: MSER-5 on the means of the time series. It cuts off as much of the beginning as makes
//! the mean of the rest surest; what it would cut off beyond the warm-up should not have been
//! measured.
//!
//! MSER: White (1997), "An effective truncation heuristic for bias reduction in simulation
//! output", Simulation 69(6). Batches of five: Spratt (1998); White, Cobb and Spratt (2000), "A
//! comparison of five steady-state truncation heuristics for simulation", WSC. Averaging over runs
//! first: Welch (1983). The tests that a cut must pass before anybody is warned are our own.

use design::{Arrivals, Workload};

use crate::report::Report;

/// What the series of one class says.
#[derive(Debug, Clone, PartialEq)]
pub enum Settled {
    /// Nothing that is measured differs from the rest: the warm-up is long enough.
    Yes,
    /// Only from this moment on [ns]; before it the mean was this many times that of the rest.
    Late { from: u64, ratio: f64 },
    /// Not in the whole run: at the end the mean was this many times that at the beginning.
    Never { ratio: f64 },
    /// The load changes or something goes wrong by design, so there is nothing to settle at.
    NotSteady,
}

/// Points that are taken together, as in MSER-5: one alone is too uneven.
const BATCH: usize = 5;
/// With fewer batches nothing can be said.
const FEWEST: usize = 24;
/// What is cut off is a beginning, not half of the run.
const MOST_CUT: f64 = 0.5;
/// A beginning this short, of all that is measured, changes little.
const LITTLE: f64 = 0.1;
/// Means this close are no reason to throw anything away.
const CLOSE: f64 = 0.1;
/// Long stretches, whose means are nearly independent of each other.
const STRETCHES: usize = 8;
/// How many standard errors the beginning must be away from the rest. The cut was chosen where the
/// difference is greatest, so this is more than the usual two: with it, one worker that is 50 % to
/// 90 % busy is called unsettled in fewer than one run of twenty in which it is not.
const SURE: f64 = 5.0;
/// How many of the 28 pairs of stretches must agree on the direction, beyond those that do not, for
/// a trend: by chance they do in fewer than one of a hundred.
const TREND: i32 = 20;
/// How much longer latencies must have become for a trend that matters.
const GROWN: f64 = 1.5;

impl Report {
    /// Whether the mean latency of a class had settled when measuring began; of pooled runs, the
    /// mean of all of them at each moment. A run that was cut short (`ended_by`) is judged by as much
    /// of it as there is.
    pub fn settled(&self, class: &str) -> Settled {
        if !self.is_steady {
            return Settled::NotSteady;
        }
        let Some(number) = self.class_names.iter().position(|name| name == class) else { return Settled::Yes };
        let runs: Vec<&Self> = if self.each.is_empty() { vec![self] } else { self.each.iter().collect() };
        let count = runs.iter().map(|run| run.sending().len()).min().unwrap_or(0);
        // Over several runs the same moment is averaged first (Welch): what they share is no chance.
        let series: Vec<(u64, f64)> = (0..count)
            .filter_map(|at| {
                let means: Vec<f64> = runs.iter().filter_map(|run| Some(run.points[at].classes.get(number)?.mean? as f64)).collect();
                (means.len() == runs.len()).then(|| (runs[0].points[at].at, means.iter().sum::<f64>() / means.len() as f64))
            })
            .collect();
        judge(&series)
    }

    /// Whether the warm-up of the design is long enough: the first class that had not settled, as
    /// the design writes them, since what has not settled is the system. None if all had, or if
    /// there is nothing to settle at.
    pub fn unsettled(&self) -> Option<(&str, Settled)> {
        let judged = self.class_names.iter().map(|name| (name.as_str(), self.settled(name)));
        judged.into_iter().find(|(_, settled)| matches!(settled, Settled::Late { .. } | Settled::Never { .. }))
    }
}

/// Whether the same is sent all the time, apart from chance.
pub(crate) fn is_steady(workload: &Workload) -> bool {
    let mut arrivals = workload.classes.values().filter_map(|class| class.arrivals.as_ref()).chain(&workload.arrivals);
    !arrivals.any(changes)
}

fn changes(arrivals: &Arrivals) -> bool {
    match arrivals {
        Arrivals::Ramp { .. } | Arrivals::Steps { .. } | Arrivals::Diurnal { .. } | Arrivals::Flash { .. } | Arrivals::Trace { .. } => true,
        Arrivals::Poisson { .. } | Arrivals::Constant { .. } | Arrivals::Closed { .. } | Arrivals::Renewal { .. } => false,
        Arrivals::Bursty { .. } | Arrivals::Batches { .. } => false,
    }
}

/// A series of moments [ns] and means.
fn judge(series: &[(u64, f64)]) -> Settled {
    let batches: Vec<(u64, f64)> =
        series.chunks_exact(BATCH).map(|batch| (batch[0].0, batch.iter().map(|(_, mean)| mean).sum::<f64>() / BATCH as f64)).collect();
    if batches.len() < FEWEST {
        return Settled::Yes;
    }
    let values: Vec<f64> = batches.iter().map(|(_, mean)| *mean).collect();
    let cut = mser(&values);
    match cut as f64 / values.len() as f64 {
        share if share >= MOST_CUT => trend(&values),
        share if share <= LITTLE => Settled::Yes,
        _ => beginning(&values, cut).map_or(Settled::Yes, |ratio| Settled::Late { from: batches[cut].0, ratio }),
    }
}

/// The mean of the beginning as a multiple of that of the rest, if chance alone does not make it.
fn beginning(values: &[f64], cut: usize) -> Option<f64> {
    let (head, rest) = values.split_at(cut);
    let means = stretches(rest);
    let middle = mean(&means);
    let variance = means.iter().map(|mean| square(mean - middle)).sum::<f64>() / (means.len() - 1) as f64;
    // The beginning is as uneven as the rest, but of another length.
    let parts = head.len() as f64 / (rest.len() as f64 / means.len() as f64);
    let error = libm::sqrt(variance * (1.0 / means.len() as f64 + 1.0 / parts));
    let ratio = mean(head) / mean(rest);
    ((ratio - 1.0).abs() > CLOSE && (mean(head) - middle).abs() > SURE * error).then_some(ratio)
}

/// Whether there is a way up or down from the first to the last.
fn trend(values: &[f64]) -> Settled {
    let means = stretches(values);
    let pairs = (0..means.len()).flat_map(|a| (a + 1..means.len()).map(move |b| (a, b)));
    let agreed: i32 = pairs.map(|(a, b)| if means[b] > means[a] { 1 } else { -1 }).sum();
    let ratio = mean(&means[STRETCHES * 3 / 4..]) / mean(&means[..STRETCHES / 4]);
    if agreed.abs() >= TREND && !(1.0 / GROWN..=GROWN).contains(&ratio) { Settled::Never { ratio } } else { Settled::Yes }
}

/// The means of stretches of about the same length.
fn stretches(values: &[f64]) -> Vec<f64> {
    (0..STRETCHES).map(|at| mean(&values[at * values.len() / STRETCHES..(at + 1) * values.len() / STRETCHES])).collect()
}

/// How many values to cut off, so that the squared error of the mean of the rest is least.
fn mser(values: &[f64]) -> usize {
    let error = |cut: usize| {
        let rest = &values[cut..];
        let mean = mean(rest);
        rest.iter().map(|value| square(value - mean)).sum::<f64>() / square(rest.len() as f64)
    };
    // The last few always agree with each other.
    let last = values.len() - values.len() / 10 - 1;
    (0..=last).min_by(|&a, &b| error(a).total_cmp(&error(b))).unwrap_or(0)
}

fn square(value: f64) -> f64 {
    value * value
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::{Settled, judge};

    /// A series with some noise that is the same each time.
    fn series(value: impl Fn(f64) -> f64) -> Vec<(u64, f64)> {
        let mut state = 7u64;
        let mut noise = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as f64 / (1u64 << 31) as f64 - 0.5
        };
        (1..=240).map(|at| (at * 1_000, value(at as f64) * (1.0 + 0.2 * noise()))).collect()
    }

    #[test]
    fn a_level_series_is_settled() {
        assert_eq!(judge(&series(|_| 50.0)), Settled::Yes);
        assert_eq!(judge(&series(|at| if at < 10.0 { 20.0 } else { 50.0 })), Settled::Yes);
        assert_eq!(judge(&[]), Settled::Yes);
        assert_eq!(judge(&series(|_| 50.0)[..40]), Settled::Yes);
    }

    #[test]
    fn a_slow_start_is_seen_with_its_end() {
        let Settled::Late { from, ratio } = judge(&series(|at| if at < 80.0 { 20.0 } else { 50.0 })) else { panic!("not seen") };
        assert!((75_000..=90_000).contains(&from) && (0.35..0.48).contains(&ratio), "{from} {ratio}");
        // A cold cache: slow first.
        let cold = judge(&series(|at| 50.0 + 400.0 * libm::exp(-at / 20.0)));
        assert!(matches!(cold, Settled::Late { ratio, .. } if ratio > 2.0), "{cold:?}");
    }

    #[test]
    fn a_queue_that_only_grows_never_settles() {
        let grown = judge(&series(|at| 10.0 * at));
        assert!(matches!(grown, Settled::Never { ratio } if ratio > 3.0), "{grown:?}");
    }
}
