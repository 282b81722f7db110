//! The engine on an ordinary design document: reading it, making it last as long as so many
//! requests need, and running it. What comes out is in the same words as the loops'.

use std::time::Instant;

use design::{Document, Experiment, Format};
use serde_json::{Value, json};
use sim::{Budget, Measure, Report, Run};

/// The workloads and what they send per second.
const WORKLOADS: [(&str, &str, f64); 3] = [
    ("w1", include_str!("../peers/w1.toml"), 0.8),
    ("w2", include_str!("../peers/w2.toml"), 11_200.0),
    ("w3", include_str!("../peers/w3.toml"), 14_400.0),
];

/// The bench chooses how much is run, so no run of it is cut short.
const BUDGET: Budget = Budget { events: u64::MAX, live_requests: usize::MAX };

/// Runs a workload for as long as so many requests need.
pub(crate) fn run(workload: &str, requests: u64, seed: u64) -> Result<Value, String> {
    let experiment = experiment(&document(workload, requests)?, seed)?;
    let begun = Instant::now();
    let mut run = ready(&experiment)?;
    while run.advance(u64::MAX) != sim::Progress::Done {}
    let report = run.report();
    let seconds = begun.elapsed().as_secs_f64();
    told(&report, seconds)
}

/// The document of a workload that lasts so long, in JSON, as the engine of the browser reads it.
pub(crate) fn json(workload: &str, requests: u64) -> Result<Value, String> {
    Ok(design::to_json(&document(workload, requests)?))
}

fn document(workload: &str, requests: u64) -> Result<Document, String> {
    let (_, text, rate) = WORKLOADS
        .into_iter()
        .find(|(name, ..)| *name == workload)
        .ok_or_else(|| format!("There is no document {workload:?}: there are w1, w2 and w3."))?;
    let mut document = read(text)?;
    let lasts = format!("{} ms", (requests as f64 / rate * 1e3).round());
    design::set(&mut document, "workload.lasts", &lasts).map_err(|problem| problem.message)?;
    Ok(document)
}

pub(crate) fn read(text: &str) -> Result<Document, String> {
    let loaded = design::read(text, Format::Toml);
    // A word that is only kept would change what is measured: here a note is as bad as an error.
    if loaded.problems.is_empty() { Ok(loaded.document) } else { Err(sentences(&loaded.problems)) }
}

pub(crate) fn experiment(document: &Document, seed: u64) -> Result<Experiment, String> {
    let document = design::resolve(document).map_err(|problems| sentences(&problems))?;
    Ok(Experiment { document, seed, engine: sim::ENGINE.into() })
}

pub(crate) fn ready(experiment: &Experiment) -> Result<Run, String> {
    Run::within(experiment, BUDGET).map_err(|problems| sentences(&problems))
}

fn sentences(problems: &[design::Problem]) -> String {
    problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect::<Vec<_>>().join("\n")
}

fn told(report: &Report, seconds: f64) -> Result<Value, String> {
    if let Some(by) = report.ended_by {
        return Err(format!("The run was cut short by its {}.", by.name()));
    }
    let value = |name: &str| report.measure(name).as_ref().and_then(Measure::value);
    let sent = value("sent").ok_or("The report names no class.")?;
    Ok(json!({
        "requests": sent,
        "seconds": seconds,
        "mean_ms": value("mean").map(|s| s * 1e3),
        "p99_ms": value("p99").map(|s| s * 1e3),
        "attempts": value("attempts"),
        "failed": value("failed"),
        "events": report.events,
    }))
}
