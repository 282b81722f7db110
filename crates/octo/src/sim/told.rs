//! What happened, in sentences: a part of the report and a field of its JSON. The sentences are those
//! of `judge`.

use judge::explain::{Explanation, Figure, Role};
use serde_json::Value;
use units::Dimension;

use crate::sim::sheet::{Sheet, Tone};

/// Beside the cause, where not all is asked for.
const FEW: usize = 4;

/// Whether something went wrong that can be told.
pub(crate) fn is_trouble(told: &Explanation) -> bool {
    told.findings.first().is_some_and(|first| first.role == Role::Cause)
}

/// The cause and what followed; all of it, with its figures, if that is asked for.
pub(crate) fn write(sheet: &mut Sheet, told: &Explanation, in_full: bool) {
    let Some((first, others)) = told.findings.split_first() else { return };
    if !in_full && !is_trouble(told) {
        return;
    }
    sheet.heading("What happened");
    if !in_full {
        sheet.paragraph(&first.sentence, Tone::Plain);
        let others: Vec<&str> = others.iter().take(FEW).map(|finding| finding.sentence.as_str()).collect();
        if !others.is_empty() {
            sheet.paragraph(&others.join(" "), Tone::Plain);
        }
        return;
    }
    for (number, finding) in told.findings.iter().enumerate() {
        if number > 0 {
            sheet.blank();
        }
        sheet.paragraph(&finding.sentence, Tone::Plain);
        let figures: Vec<String> = finding.figures.iter().map(figure).collect();
        if !figures.is_empty() {
            sheet.paragraph(&figures.join("; "), Tone::Quiet);
        }
    }
}

/// "db.utilisation 98 %".
fn figure(figure: &Figure) -> String {
    let is_share = ["utilisation", "errors", "good", "hits", "share", "refused", "left", "failed", "meanwhile"];
    let text = match figure.value.dimension {
        Dimension::NONE if is_share.iter().any(|word| figure.name.contains(word)) && figure.value.value <= 1.0 => {
            crate::sim::figures::share(figure.value.value)
        }
        _ => figure.value.to_string(),
    };
    format!("{} {text}", figure.name)
}

/// Numbers as in the rest of the report: whole, in billionths of the unit.
pub(crate) fn add_to(report: &mut Value, told: &Explanation) {
    if let Some(fields) = report.as_object_mut() {
        fields.insert("explanation".into(), judge::json::explanation(told));
    }
}
