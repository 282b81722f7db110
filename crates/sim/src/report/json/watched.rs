//! Invariants that were watched, in the JSON of a report.

use serde_json::Value;

use super::{Fields, Report};
use crate::watch::{Scene, Violation, Watched};

pub(super) fn watched(report: &Report) -> Vec<Value> {
    report.watched.iter().map(one).collect()
}

fn one(watched: &Watched) -> Value {
    Fields::new()
        .put("data", watched.data.as_str())
        .put("invariant", watched.invariant.to_string())
        .put("checked", watched.checked)
        .put("violated", watched.violated)
        .put("violations", watched.violations.iter().map(violation).collect::<Vec<_>>())
        .0
        .into()
}

fn violation(violation: &Violation) -> Value {
    Fields::new()
        .put("at_ns", violation.at)
        .put("request", violation.request)
        .put("what", violation.what.as_str())
        .put("story", violation.story.iter().map(scene).collect::<Vec<_>>())
        .0
        .into()
}

fn scene(scene: &Scene) -> Value {
    let mut fields = Fields::new().put("at_ns", scene.at).put("request", scene.request);
    if let Some(session) = scene.session {
        fields = fields.put("session", session);
    }
    fields.put("component", scene.component.as_str()).put("did", scene.did.as_str()).0.into()
}
