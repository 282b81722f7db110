//! What is known of a design, as JSON for programs and pages: numbers are whole, in billionths of
//! their unit, as in the report of `sim`. What searches found is in `searches`, below.

mod searches;

use serde_json::{Map, Value, json};
use sim::{Scene, Violation, Watched, told_in};
use sorted::BTreeMap;
use units::Quantity;

use crate::explain::{Explanation, Finding};
use crate::require::{Requirement, Requirements, Verdict};

pub use searches::{ablation, breaks, capacity};

/// Every requirement with its verdict, by id; an invariant that did not hold with the story of its
/// first violation.
pub fn verdicts(requirements: &Requirements, verdicts: &BTreeMap<String, Verdict>, watched: &[Watched]) -> Value {
    let mut all = Map::new();
    for (id, requirement) in requirements {
        let Some(verdict) = verdicts.get(id) else { continue };
        let mut value = self::verdict(&requirement.to_string(), verdict);
        if let Some(violation) = first_violation(requirement, watched) {
            value["story"] = violation.story.iter().map(scene).collect();
        }
        all.insert(id.clone(), value);
    }
    Value::Object(all)
}

/// What was found of an invariant that did not hold.
pub fn first_violation<'a>(requirement: &Requirement, watched: &'a [Watched]) -> Option<&'a Violation> {
    let Requirement::Invariant { data, what } = requirement else { return None };
    watched.iter().find(|watched| watched.data == *data && watched.invariant == *what)?.violations.first()
}

fn scene(scene: &Scene) -> Value {
    let mut value = json!({ "at_ns": scene.at, "request": scene.request, "component": scene.component, "did": scene.did });
    if let Some(session) = scene.session {
        value["session"] = session.into();
    }
    value
}

/// One verdict beside what was required.
pub fn verdict(required: &str, verdict: &Verdict) -> Value {
    let (unit, size) = verdict.measured().map_or(("", 1.0), |measured| told_in(measured.value.dimension));
    let e9 = |value: f64| Value::from(libm::round(value / size * 1e9) as i64);
    let mut fields = Map::new();
    fields.insert("required".into(), required.into());
    fields.insert("verdict".into(), verdict.name().into());
    if let Some((measured, of)) = verdict.measured().and_then(|measured| Some((measured, measured.of?))) {
        fields.insert("violated".into(), (measured.value.value as u64).into());
        fields.insert("checked".into(), of.into());
    } else if let Some(measured) = verdict.measured() {
        fields.insert("measured_e9".into(), e9(measured.value.value));
        fields.insert("unit".into(), unit.into());
        if let Some(interval) = measured.interval {
            fields.insert("half_e9".into(), e9(interval.half));
        }
    }
    match verdict {
        Verdict::Met { measured, .. } | Verdict::Missed { measured: Some(measured), .. } if measured.of.is_some() => {}
        Verdict::Met { margin, .. } => drop(fields.insert("margin_e9".into(), e9(*margin))),
        Verdict::Missed { by: Some(by), .. } => drop(fields.insert("by_e9".into(), e9(*by))),
        _ => {}
    }
    let why = match verdict {
        Verdict::Met { .. } => None,
        Verdict::Missed { why, .. } => why.as_deref(),
        Verdict::Undecided { why, .. } | Verdict::NotJudged { why } => Some(why.as_str()),
    };
    if let Some(why) = why {
        fields.insert("why".into(), why.into());
    }
    Value::Object(fields)
}

/// The sentences of an explanation, the cause first.
pub fn explanation(told: &Explanation) -> Value {
    told.findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> Value {
    let figures = finding.figures.iter().map(|figure| {
        let mut fields = Map::new();
        fields.insert("name".into(), figure.name.as_str().into());
        in_billionths(&mut fields, figure.value);
        Value::Object(fields)
    });
    json!({
        "role": finding.role.name(),
        "kind": finding.kind.name(),
        "component": finding.subject,
        "text": finding.sentence,
        "figures": figures.collect::<Vec<_>>(),
    })
}

/// A number as it stands in a report.
pub fn in_billionths(fields: &mut Map<String, Value>, quantity: Quantity) {
    let (unit, size) = told_in(quantity.dimension);
    fields.insert("value_e9".into(), Value::from(libm::round(quantity.value / size * 1e9) as i64));
    fields.insert("unit".into(), unit.into());
}
