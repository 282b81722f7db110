//! How near a requirement is to being missed: what a search climbs down. Whether it is missed, says
//! `require` alone, over several seeds.

use sim::{EndedBy, Report};

use crate::require::{Comparison, Objective, Requirement, Verdict};

/// What cannot be told by a number is far on the wrong side.
const FAR: f64 = 10.0;

/// The distance to the bound as a part of it, at most 1; negative on the wrong side. A floor near 100 %
/// is measured by what may be missing: 99.8 % is as far below 99.9 % as all of the 0.1 %.
pub fn slack(requirement: &Requirement, verdict: &Verdict, report: &Report) -> Option<f64> {
    if collapsed(report) {
        return Some(-FAR);
    }
    let Requirement::Objective(objective) = requirement else {
        // What is seen of data is seen or not.
        return match verdict {
            Verdict::Met { .. } => Some(1.0),
            Verdict::Missed { .. } => Some(-FAR),
            _ => None,
        };
    };
    match verdict {
        Verdict::NotJudged { .. } => None,
        Verdict::Missed { measured: None, .. } => Some(-FAR),
        Verdict::Undecided { measured: None, .. } => None,
        Verdict::Met { measured, .. }
        | Verdict::Missed { measured: Some(measured), .. }
        | Verdict::Undecided { measured: Some(measured), .. } => {
            let distance = distance(objective, measured.value.value, measured.is_share);
            // An exact verdict is right about its side.
            Some(if matches!(verdict, Verdict::Missed { .. }) { distance.min(-1e-6) } else { distance })
        }
    }
}

/// So many requests were under way that the run had to be stopped.
pub(crate) fn collapsed(report: &Report) -> bool {
    matches!(report.ended_by, Some(EndedBy::LiveRequests | EndedBy::Memory))
}

fn distance(objective: &Objective, value: f64, is_share: bool) -> f64 {
    let (bound, comparison) = (objective.bound.value, objective.comparison);
    let holds = comparison.holds(value, bound);
    let room = match comparison {
        Comparison::AtLeast | Comparison::More if is_share && bound > 0.5 => (value - bound) / (1.0 - bound).max(1e-9),
        Comparison::AtLeast | Comparison::More => (value - bound) / bound.max(f64::MIN_POSITIVE),
        Comparison::Less | Comparison::AtMost => (bound - value) / bound.max(f64::MIN_POSITIVE),
        Comparison::Equal => -(value - bound).abs() / bound.abs().max(1.0),
    };
    let room = room.clamp(-FAR, 1.0);
    match holds {
        true if comparison == Comparison::Equal => 1.0,
        true => room.max(0.0),
        false => room.min(-1e-6),
    }
}
