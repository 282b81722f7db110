//! Does the run confirm what the lesson says? Items that runs decide are looked at in `proof`.

use course::{Band, Claim, Course};
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
