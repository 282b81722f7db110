//! From a suspicion to a fact: fresh seeds, and more of them where it is close. A search looks at many
//! cases, so some miss a requirement by chance in the one run that they get; none of those is told.

use sorted::BTreeMap;

use design::Document;
use sim::Report;

use super::slack::collapsed;
use crate::require::{Comparison, Requirements, Verdict, judge};
use crate::runs::{Counted, Stop};

/// Runs that confirm.
pub(super) const RUNS: usize = 5;
/// How many times the half length of its interval a mean must lie beyond the bound to need no second
/// look: 2 with four degrees of freedom is one chance in two hundred on one side.
const CLEAR: f64 = 2.0;

/// Runs that agree.
pub(super) struct Confirmed {
    pub(super) requirement: String,
    pub(super) verdict: Verdict,
    pub(super) seed: u64,
    pub(super) seeds: usize,
    pub(super) report: Report,
}

/// Looks with fresh seeds, from this one on, whether one of these requirements is missed.
pub(super) async fn confirm(
    runs: &mut Counted,
    requirements: &Requirements,
    suspected: &[String],
    document: &Document,
    seed: u64,
) -> Result<Option<Confirmed>, Stop> {
    let first = runs.pooled(document, (seed..).take(RUNS)).await?;
    let Some((requirement, verdict)) = worst_missed(requirements, suspected, &first) else { return Ok(None) };
    let confirmed = |verdict, seeds, report| Some(Confirmed { requirement: requirement.clone(), verdict, seed, seeds, report });
    if is_clear(requirements, &requirement, &verdict) {
        return Ok(confirmed(verdict, RUNS, first));
    }
    // Others must say so by themselves, and all of them together.
    let second = runs.pooled(document, (seed + RUNS as u64..).take(RUNS)).await?;
    let only = [requirement.clone()];
    if worst_missed(requirements, &only, &second).is_none() {
        return Ok(None);
    }
    let each: Vec<Report> = first.each.iter().chain(&second.each).cloned().collect();
    let Some(all) = sim::pool(&each) else { return Ok(None) };
    Ok(worst_missed(requirements, &only, &all).and_then(|(_, verdict)| confirmed(verdict, 2 * RUNS, all)))
}

/// The verdicts on a report; a run that was stopped because too much was under way has missed
/// whatever is left undecided by that.
pub(super) fn verdicts(requirements: &Requirements, report: &Report) -> BTreeMap<String, Verdict> {
    let mut verdicts = judge(requirements, report);
    if collapsed(report) {
        let why = "So many requests were under way at once that the run had to be stopped.";
        for verdict in verdicts.values_mut().filter(|verdict| matches!(verdict, Verdict::Undecided { measured: None, .. })) {
            *verdict = Verdict::Missed { measured: None, by: None, why: Some(why.into()) };
        }
    }
    verdicts
}

/// Of the requirements that these runs missed, the one that was missed by most.
pub(super) fn worst_missed(requirements: &Requirements, suspected: &[String], report: &Report) -> Option<(String, Verdict)> {
    let verdicts = verdicts(requirements, report);
    let missed = verdicts.into_iter().filter(|(id, verdict)| suspected.contains(id) && matches!(verdict, Verdict::Missed { .. }));
    let by = |id: &String, verdict: &Verdict| super::slack(&requirements[id], verdict, report).unwrap_or(0.0);
    missed.min_by(|a, b| by(&a.0, &a.1).total_cmp(&by(&b.0, &b.1)))
}

fn is_clear(requirements: &Requirements, id: &str, verdict: &Verdict) -> bool {
    let crate::require::Requirement::Objective(objective) = &requirements[id] else { return true };
    match verdict.measured().and_then(|measured| Some((measured.value.value, measured.interval?.half))) {
        Some((value, half)) => (value - objective.bound.value).abs() >= CLEAR * half,
        // What must never happen has happened; the greatest of a run may have been chance.
        None => objective.bound.value == 0.0 || objective.comparison == Comparison::Equal || verdict.measured().is_none(),
    }
}
