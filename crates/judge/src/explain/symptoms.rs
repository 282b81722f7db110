//! What requests suffered, by class, the worst first. Why is looked for in `triggers` and `blame`.

use sorted::BTreeMap;

use sim::EndedBy;

use super::data;
use super::facts::{Facts, sum};
use crate::require::Verdict;

/// Fewer of a hundred thousand are no trouble that anybody would ask about.
const FAILED: f64 = 0.004;
const LATE: f64 = 0.01;
/// Waiting so many times as long as everything else takes.
const SLOW: f64 = 4.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum What {
    /// Failed, or not answered in all the time of the run.
    Failing,
    /// Answered after the deadline.
    Late,
    /// Answered, and far slower than the work takes.
    Slow,
    /// A requirement on times is missed, though nothing waits for long.
    TooSlow,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Symptom<'a> {
    pub(super) class: &'a str,
    pub(super) what: What,
    /// How bad: the share of requests that fail, or what comes to the same.
    pub(super) weight: f64,
}

/// What is wrong; nothing if all is well.
pub(super) fn trouble<'a>(facts: &Facts<'a>, verdicts: Option<&BTreeMap<String, Verdict>>) -> Vec<Symptom<'a>> {
    let mut all = Vec::new();
    for (class, report) in &facts.report.classes {
        if report.sent == 0 {
            continue;
        }
        let sent = report.sent as f64;
        // Who stops a run leaves some unanswered; that is no fault of the design.
        let cut = matches!(facts.report.ended_by, Some(EndedBy::Caller | EndedBy::Events));
        let unfinished = if cut { 0 } else { report.unfinished };
        // To be told that nothing is left is an answer.
        let failed = (report.failed.values().sum::<u64>() - data::sold_out(report) + unfinished) as f64 / sent;
        let late = (report.answered - report.good) as f64 / sent;
        let mut note = |what, weight| all.push(Symptom { class, what, weight });
        if failed > FAILED {
            note(What::Failing, failed);
        }
        if late > LATE {
            note(What::Late, late);
        }
        let waits = waits(facts, class);
        if waits > SLOW || (waits > 1.0 && saturated(facts, class)) {
            note(What::Slow, (waits / (waits + 30.0)).min(0.9));
        } else if misses(facts, class, verdicts) {
            note(What::TooSlow, 0.3);
        }
    }
    sorted::sort_by(&mut all, |one, other| other.weight.total_cmp(&one.weight));
    all
}

/// How many times as long the waiting takes as all the rest, over answered requests.
fn waits(facts: &Facts<'_>, class: &str) -> f64 {
    let Some(spent) = facts.spent.get(class) else { return 0.0 };
    let waiting: f64 = spent.components.values().map(|part| (part.waiting + part.retrying) as f64 / 1e9).sum();
    let all: f64 = spent.components.values().map(|part| sum(*part)).sum();
    waiting / (all - waiting).max(1e-9)
}

/// Whether something that the class uses was at its limit.
fn saturated(facts: &Facts<'_>, class: &str) -> bool {
    let uses = |part: &str| facts.visits.iter().any(|visit| visit.class == class && visit.to == part && !visit.later);
    facts.report.saturations().iter().any(|saturation| uses(saturation.component))
}

/// Whether a requirement on it is missed.
fn misses(facts: &Facts<'_>, class: &str, verdicts: Option<&BTreeMap<String, Verdict>>) -> bool {
    let Some(verdicts) = verdicts else { return false };
    let alone = facts.report.classes.len() == 1;
    let about = |text: &str| alone || text.split_whitespace().next() == Some(class) || text.starts_with(&format!("{class}."));
    verdicts.iter().any(|(id, verdict)| {
        let missed = matches!(verdict, Verdict::Missed { .. });
        missed && facts.document.require.get(id).is_some_and(|text| about(text))
    })
}
