//! What is wrong with a design, and what is understood of it, while somebody is still writing it.

use design::{Document, Experiment, Format, Problem, Resolved, Severity};
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::json;

/// More text than this is not looked at [bytes]; hundreds of components take a tenth.
const TEXT_MAX: usize = 64 * 1024;
const COMPONENTS_MAX: usize = 2_000;
/// Of more replicas a run is not even begun to see whether it can be: that alone would take a second.
const REPLICAS_MAX: u64 = 20_000;

/// Looks at a design that may be broken, huge or empty; it never throws and never takes long.
///
/// ```json
/// {
///   "problems": [{ "severity": "error" | "note", "path", "line", "column", "message", "suggestion" }],
///   "runnable": true,                      // a Run will take it
///   "run": "r-…",                          // the name of its run with seed 1; other words, same design: same name
///   "resolved": { … },                     // the design with every default written in, in pleasant notation; null if it cannot run
///   "components": [{ "name", "kind", "label": ["2 workers", "exp 5 ms"], "replicas", "sends" }],
///   "calls": { "buy": "lb > web\n  db" },  // the plan of every class as text; none of a plan that no text tells
///   "requirements": [{ "id", "says" }]     // those that are understood
/// }
/// ```
#[wasm_bindgen]
pub fn check(document: &str) -> String {
    let (document, mut problems) = match within_bounds(document) {
        Ok(found) => found,
        Err(refusal) => return told(&Document::default(), &[refusal], None).to_string(),
    };
    let is_readable = problems.iter().all(|problem| problem.severity != Severity::Error);
    let mut resolved = None;
    if is_readable {
        match design::resolve(&document).and_then(runs) {
            Ok(experiment) => resolved = Some(experiment),
            Err(wrong) => problems.extend(wrong),
        }
        problems.extend(judge::require::read(&document).1);
        if !document.envelope.is_empty() {
            problems.extend(judge::envelope::read(&document).1);
        }
    }
    told(&document, &problems, resolved.as_ref()).to_string()
}

/// What was read, or why it is not looked at.
pub(crate) fn within_bounds(text: &str) -> Result<(Document, Vec<Problem>), Problem> {
    if text.len() > TEXT_MAX {
        let message = format!("This design has {} kB of text, and at most {} kB are looked at here.", text.len() / 1024, TEXT_MAX / 1024);
        return Err(refusal(message));
    }
    let loaded = design::read(text, Format::Json);
    let count = loaded.document.components.len();
    if count > COMPONENTS_MAX {
        return Err(refusal(format!("This design has {count} components, and at most {COMPONENTS_MAX} are looked at here.")));
    }
    Ok((loaded.document, loaded.problems))
}

fn refusal(message: String) -> Problem {
    let suggestion = Some("Take a part of it, or run it with octo sim.".to_owned());
    Problem { severity: Severity::Error, path: String::new(), line: None, column: None, message, suggestion }
}

/// With the words of the engine where it cannot be run.
fn runs(document: Resolved) -> Result<Experiment, Vec<Problem>> {
    let experiment = Experiment { document, seed: 1, engine: sim::ENGINE.to_owned() };
    if experiment.document.components.values().map(picture::replicas).sum::<u64>() <= REPLICAS_MAX {
        sim::Run::new(&experiment)?;
    }
    Ok(experiment)
}

fn told(document: &Document, problems: &[Problem], experiment: Option<&Experiment>) -> Value {
    let components = document.components.iter().map(|(name, component)| {
        json!({
            "name": name,
            "kind": component.kind,
            "label": picture::label(document, name),
            "replicas": picture::replicas(component),
            "sends": design::catalogue::kind(&component.kind).is_some_and(design::catalogue::Kind::sends),
        })
    });
    let pleasant = experiment.map(|experiment| design::to_pleasant_json(experiment.document.document()));
    let is_text = |plan: &Value| plan.is_string();
    let calls: Map<String, Value> = pleasant
        .iter()
        .filter_map(|pleasant| pleasant["calls"].as_object())
        .flatten()
        .filter(|(_, plan)| is_text(plan))
        .map(|(name, plan)| (name.clone(), plan.clone()))
        .collect();
    let (requirements, _) = judge::require::read(document);
    let requirements = requirements.iter().map(|(id, requirement)| json!({ "id": id, "says": requirement.to_string() }));
    json!({
        "problems": problems.iter().map(json::problem).collect::<Vec<_>>(),
        "runnable": experiment.is_some(),
        "run": experiment.map(|experiment| experiment.run_id().to_string()),
        "components": components.collect::<Vec<_>>(),
        "calls": calls,
        "requirements": requirements.collect::<Vec<_>>(),
        "resolved": pleasant,
    })
}
