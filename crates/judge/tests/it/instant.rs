//! What formulas say of designs, against numbers computed elsewhere, against runs, and against
//! themselves.

mod beside;
mod reasons;
mod theory;

use judge::instant::{Effect, Estimate, Number, Reason, estimate};

/// A document of components, then "[...]" tables and a workload, with its clients.
fn document(text: &str) -> design::Document {
    let text = format!("octo = 1\n[components]\nusers = {{ kind = \"clients\" }}\n{text}");
    let loaded = design::read(&text, design::Format::Toml);
    assert!(loaded.is_runnable(), "{text}\n{:?}", loaded.problems);
    loaded.document
}

fn resolved(text: &str) -> design::Resolved {
    design::resolve(&document(text)).unwrap_or_else(|problems| panic!("{text}\n{problems:?}"))
}

fn estimated(text: &str) -> Estimate {
    estimate(&resolved(text)).unwrap_or_else(|reasons| panic!("{text}\n{reasons:?}"))
}

/// "buy.mean", "web.utilisation", "first.factor"; times in ms.
fn number(estimate: &Estimate, name: &str) -> Option<Number> {
    let (of, what) = name.split_once('.').expect("a dot");
    if of == "first" {
        return estimate.first.as_ref().map(|first| first.factor);
    }
    let class = estimate.classes.get(of);
    let component = estimate.components.get(of);
    match what {
        "mean" => class?.mean,
        "sd" => class?.sd,
        "p50" => class?.p50,
        "p95" => class?.p95,
        "p99" => class?.p99,
        "most" => class?.most,
        "answered" => class?.answered,
        "throughput" => class?.rate,
        "rate" => component?.rate,
        "load" => component?.load,
        "utilisation" => component?.utilisation,
        "wait" => component?.wait,
        "time" => component?.time,
        "inside" => component?.inside,
        "waiting" => component?.waiting,
        "rejected" => component?.rejected,
        _ => panic!("{name}"),
    }
}

fn value(estimate: &Estimate, name: &str) -> Option<f64> {
    let is_time = ["mean", "sd", "p50", "p95", "p99", "wait", "time"].iter().any(|what| name.ends_with(&format!(".{what}")));
    Some(number(estimate, name)?.value * if is_time { 1e3 } else { 1.0 })
}

fn untold(reasons: &[Reason]) -> Vec<String> {
    reasons.iter().filter(|reason| reason.effect == Effect::Untold).map(|reason| format!("{}: {}", reason.subject, reason.why)).collect()
}
