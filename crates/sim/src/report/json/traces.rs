//! Requests that were looked at closely, as JSON.

use serde_json::Value;

use super::Fields;
use crate::report::Report;
use crate::trace::{Span, Trace};

pub(super) fn traces(report: &Report) -> Vec<Value> {
    report.traces.iter().map(trace).collect()
}

fn trace(trace: &Trace) -> Value {
    Fields::new()
        .put("request", trace.request)
        .put("class", trace.class.as_str())
        .put("sent_ns", trace.sent)
        .put("ended_ns", trace.ended)
        .put("outcome", trace.outcome.clone())
        .put("sample", trace.is_sample)
        .put("cut", trace.is_cut)
        .put("spans", trace.spans.iter().map(span).collect::<Vec<_>>())
        .0
        .into()
}

/// `parent` is the number of another span in the list, counted from 0.
fn span(span: &Span) -> Value {
    Fields::new()
        .put("parent", span.parent)
        .put("component", span.component.as_str())
        .put("replica", span.replica)
        .put("attempt", span.attempt)
        .put("sent_ns", span.sent)
        .put("arrived_ns", span.arrived)
        .put("began_ns", span.began)
        .put("left_ns", span.left)
        .put("ended_ns", span.ended)
        .put("outcome", span.outcome.clone())
        .0
        .into()
}
