//! Does a run confirm what an item says of its design? Every change that a repair offers is tried:
//! those that are said to do must do, all others and doing nothing must not.

use course::{Course, Form, Item, Problem, Repair, Severity};

use crate::experiment::{RunProblem, Runner};
use crate::repair::Tried;
use crate::{foretold, saturate};

/// A learner waits for these runs, so that they may not be long [requests].
const REQUESTS_MOST: u64 = 2_000_000;

/// What does not hold, of an item that runs decide; `Err` where they cannot be made.
pub fn check_item(course: &Course, item: &Item, run: &mut Runner<'_>) -> Result<Vec<Problem>, RunProblem> {
    let mut sent = 0;
    let mut counted = |experiment: &design::Experiment| {
        let report = run(experiment)?;
        sent += report.classes.values().map(|class| class.sent).sum::<u64>();
        Ok(report)
    };
    let (mut wrong, tries) = match &item.form {
        Form::Predict(predict) => {
            foretold::told(course, predict, &mut counted)?;
            (Vec::new(), 1)
        }
        Form::Saturates(saturates) => {
            let first = saturate::first(course, saturates, &mut counted)?;
            let told = format!("says that {} saturates first; the run says {first}.", saturates.first);
            (if first == saturates.first { Vec::new() } else { vec![told] }, 1)
        }
        Form::Repair(repair) => check_repair(course, repair, &mut counted)?,
        _ => (Vec::new(), 1),
    };
    if sent / tries > REQUESTS_MOST {
        wrong.push(format!("makes {} requests for one answer; {REQUESTS_MOST} are enough. Let its runs be shorter.", sent / tries));
    }
    let problem = |message: String| Problem {
        file: item.file.clone(),
        line: item.line,
        severity: Severity::Error,
        message: format!("Item {} {message}", item.id),
        suggestion: None,
    };
    Ok(wrong.into_iter().map(problem).collect())
}

/// What does not hold, and how many designs were tried.
fn check_repair(course: &Course, repair: &Repair, run: &mut Runner<'_>) -> Result<(Vec<String>, u64), RunProblem> {
    let mut wrong = Vec::new();
    let nothing = Tried::of(course, repair, None, run)?;
    if nothing.meets() {
        wrong.push(format!("needs no repair: {}.", nothing.sentence()));
    }
    let mut tries = 1;
    for (at, offer) in repair.offers.iter().enumerate() {
        for (to, change) in offer.to.iter().enumerate() {
            let tried = Tried::of(course, repair, Some((at, to)), run)?;
            tries += 1;
            let name = format!("{} = {}", offer.path, change.value);
            if tried.too_dear(repair).is_some() != change.over {
                let over = if change.over { "is said to be over the budget and is not" } else { "is over the budget" };
                wrong.push(format!("offers {name}, which {over}: {}.", tried.sentence()));
            } else if change.over {
                // It is refused, so that nobody is told what it does.
            } else if let Some(open) = tried.undecided() {
                wrong.push(format!("offers {name}, of which its runs cannot say whether it does: {open}."));
            } else if tried.meets() != change.meets {
                let does = if change.meets { "is said to do and does not" } else { "does, and is not said to" };
                wrong.push(format!("offers {name}, which {does}: {}.", tried.sentence()));
            }
        }
    }
    Ok((wrong, tries))
}
