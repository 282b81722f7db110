//! Does the run confirm what the lesson says? And do the items keep the rules of item writing
//! that only show over a whole bank?

use course::{Band, Claim, Course, Form, Problem, Severity};
use sim::{Measure, Report};

use crate::experiment::{RunProblem, Runner, experiment};

/// One expected value of a claim beside what the runs gave.
#[derive(Debug, Clone)]
pub struct Finding {
    pub claim: String,
    pub measure: String,
    pub line: usize,
    pub holds: bool,
    /// "expected 50 ms (49 ms to 51 ms), measured 50.2 ms"
    pub sentence: String,
}

/// Runs a claim over its seeds and compares every expected value.
pub fn check_claim(course: &Course, claim: &Claim, run: &mut Runner<'_>) -> Result<Vec<Finding>, RunProblem> {
    let reports =
        (1..=u64::from(claim.seeds)).map(|seed| run(&experiment(course, &claim.run, &claim.set, seed)?)).collect::<Result<Vec<_>, _>>()?;
    let report = sim::pool(&reports).ok_or_else(|| RunProblem("The runs of this claim cannot be pooled.".into()))?;
    Ok(claim.expect.iter().map(|(measure, expected)| finding(claim, measure, expected, &report)).collect())
}

fn finding(claim: &Claim, measure: &str, expected: &course::Expected, report: &Report) -> Finding {
    let measured = report.measure(measure);
    let (holds, sentence) = match (&expected.band, &measured) {
        (_, None) => (false, format!("This run has no measure “{measure}”. It has: {}.", report.measures().join(", "))),
        (Band::Same(name), Some(Measure::Text(text))) => (name == text, format!("expected {name}, measured {text}")),
        (Band::Within { low, high }, Some(Measure::Quantity(quantity))) => {
            let holds = quantity.dimension == low.dimension && (low.value..=high.value).contains(&quantity.value);
            (holds, format!("expected {} ({} to {}), measured {}", expected.text, low, high, precise(*quantity)))
        }
        (Band::Same(name), Some(Measure::Quantity(quantity))) => {
            (false, format!("expected the name {name}, measured the number {quantity}"))
        }
        (Band::Within { .. }, Some(Measure::Text(text))) => (false, format!("expected {}, measured the name {text}", expected.text)),
    };
    Finding { claim: claim.id.clone(), measure: measure.to_owned(), line: expected.line, holds, sentence }
}

/// Enough digits that a value at the edge of a band does not look inside it.
fn precise(quantity: units::Quantity) -> String {
    format!("{quantity} (exactly {:.6})", quantity.value)
}

/// The rules that only show over the whole bank: where the right option stands, and whether the
/// longest option gives it away (learning note 4.1).
pub fn check_lint(course: &Course) -> Vec<Problem> {
    let mut places = [0usize; 4];
    let (mut longest, mut chance, mut choices) = (0usize, 0.0, 0usize);
    for item in course.items.values() {
        let Form::Choice { options } = &item.form else { continue };
        choices += 1;
        chance += 1.0 / options.len().max(1) as f64;
        if let Some(at) = options.iter().position(|option| option.right) {
            places[at.min(3)] += 1;
            longest +=
                usize::from(options.iter().enumerate().all(|(other, option)| other == at || option.text.len() < options[at].text.len()));
        }
    }
    let mut problems = Vec::new();
    let mut problem = |message: String, suggestion: &str| {
        problems.push(Problem {
            file: "(all items)".into(),
            line: 0,
            severity: Severity::Error,
            message,
            suggestion: Some(suggestion.into()),
        });
    };
    // With few items the shares say nothing.
    if choices >= 20 {
        let rate = longest as f64 / choices as f64;
        if rate > chance / choices as f64 + 0.10 {
            problem(
                format!(
                    "In {longest} of {choices} choice items the right option is the longest ({:.0} %; chance is {:.0} %).",
                    rate * 100.0,
                    100.0 * chance / choices as f64
                ),
                "Shorten right options or lengthen wrong ones.",
            );
        }
        if let Some(at) = (0..4).find(|at| places[*at] as f64 > 0.45 * choices as f64) {
            problem(
                format!("In {} of {choices} choice items the right option is number {}.", places[at], at + 1),
                "Move some right options to other places.",
            );
        }
    }
    problems
}
