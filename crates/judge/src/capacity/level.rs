//! Whether a design meets everything that it must: runs are added until that is sure, one way or the
//! other, or as many have been made as are worth it.

use sorted::BTreeMap;

use design::Document;
use sim::Report;

use crate::require::{RUNS_MAX, Requirement, Requirements, Verdict, judge};
use crate::runs::{Counted, Stop, experiments};

/// Runs that are added at a time.
const RUNS: usize = 5;
/// How many half lengths of its interval a mean must lie off the bound: looks are repeated, and there
/// are many of them, so 95 % is not enough. 1.5 makes it 98 % with four degrees of freedom and 99.7 %
/// with nineteen.
const SURE: f64 = 1.5;

pub(super) enum Level {
    Meets,
    Misses {
        requirement: String,
        verdict: Verdict,
        report: Box<Report>,
    },
    /// The bound is too near to tell.
    Open,
}

pub(super) async fn level(runs: &mut Counted, requirements: &Requirements, document: &Document, seed: u64) -> Result<Level, Stop> {
    let mut each: Vec<Report> = Vec::new();
    loop {
        let from = seed.wrapping_add(each.len() as u64);
        each.extend(runs.run(experiments(document, (from..).take(RUNS))?).await?);
        let Some(report) = sim::pool(&each) else { return Ok(Level::Open) };
        let verdicts = judge(requirements, &report);
        let missed =
            verdicts.iter().find(|(id, verdict)| matches!(verdict, Verdict::Missed { .. }) && is_sure(&requirements[*id], verdict));
        if let Some((id, verdict)) = missed {
            return Ok(Level::Misses { requirement: id.clone(), verdict: verdict.clone(), report: Box::new(report) });
        }
        if crate::breaks::is_collapsed(&report) {
            let (requirement, verdict) = collapsed(&verdicts);
            return Ok(Level::Misses { requirement, verdict, report: Box::new(report) });
        }
        let is_met = |(id, verdict): (&String, &Verdict)| match verdict {
            Verdict::Met { .. } => is_sure(&requirements[id], verdict),
            Verdict::NotJudged { .. } => true,
            _ => false,
        };
        if verdicts.iter().all(is_met) {
            return Ok(Level::Meets);
        }
        let is_hopeless = verdicts.values().any(|verdict| matches!(verdict, Verdict::Undecided { is_worth_more: false, .. }));
        if each.len() + RUNS > RUNS_MAX || is_hopeless {
            return Ok(Level::Open);
        }
    }
}

fn is_sure(requirement: &Requirement, verdict: &Verdict) -> bool {
    let Requirement::Objective(objective) = requirement else { return true };
    match verdict.measured().and_then(|measured| Some((measured.value.value, measured.interval?.half))) {
        Some((value, half)) => (value - objective.bound.value).abs() >= SURE * half,
        None => true,
    }
}

fn collapsed(verdicts: &BTreeMap<String, Verdict>) -> (String, Verdict) {
    let why = "So many requests were under way at once that the run had to be stopped.";
    let open = verdicts.iter().find(|(_, verdict)| matches!(verdict, Verdict::Undecided { .. })).map(|(id, _)| id.clone());
    (open.unwrap_or_default(), Verdict::Missed { measured: None, by: None, why: Some(why.into()) })
}
