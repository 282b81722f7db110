//! Whether more runs are worth their time while something is undecided. They are made by the
//! caller, who owns the threads.
//!
//! An interval that is looked at several times is a little less sure than 95 %; with the few looks
//! that happen here (at 1, 5 and at most three later numbers of runs) that is accepted. Wald (1945),
//! "Sequential tests of statistical hypotheses", has the way that is sure, and needs more runs.

use sorted::BTreeMap;

use crate::require::Verdict;

/// No more runs than this in all.
pub const RUNS_MAX: usize = 20;

/// With fewer runs Student's t is so wide that little can be said.
const FEWEST: usize = 5;

/// A bound that would need so many times the most runs is taken as too near to be told from the
/// mean; the estimate itself is rough.
const HOPELESS: f64 = 4.0;

/// How many more runs are worth it; none if all is decided that can be.
pub fn next(verdicts: &BTreeMap<String, Verdict>, runs_so_far: usize) -> Option<usize> {
    let room = RUNS_MAX.checked_sub(runs_so_far).filter(|room| *room > 0)?;
    let open: Vec<Option<f64>> = verdicts.values().filter_map(|verdict| needed(verdict, runs_so_far)).collect();
    if open.is_empty() {
        return None;
    }
    if runs_so_far < FEWEST {
        return Some((FEWEST - runs_so_far).min(room));
    }
    let hopeful = |needed: &f64| *needed <= HOPELESS * RUNS_MAX as f64;
    // Where no length says how many it takes, twice as many is a start.
    let needed = open.into_iter().map(|needed| needed.unwrap_or(2.0 * runs_so_far as f64)).filter(hopeful);
    let most = needed.reduce(f64::max)?;
    // At least half as many again, so that there are few looks.
    let more = (most - runs_so_far as f64).max(runs_so_far as f64 / 2.0);
    Some((libm::ceil(more) as usize).clamp(1, room))
}

/// For an undecided requirement, how many runs it may take in all: the interval shrinks with the
/// root of their number.
fn needed(verdict: &Verdict, runs: usize) -> Option<Option<f64>> {
    let Verdict::Undecided { measured, is_worth_more: true, bound, .. } = verdict else { return None };
    let interval = measured.as_ref().and_then(|measured| measured.interval).filter(|interval| interval.half > 0.0);
    Some(interval.map(|interval| {
        let ratio = interval.half / (interval.mean - bound).abs().max(f64::MIN_POSITIVE);
        1.1 * runs as f64 * ratio * ratio
    }))
}
