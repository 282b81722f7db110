//! From a design of the pack and some settings to an experiment and its report.

use std::collections::BTreeMap;

use course::Course;
use design::{Document, Experiment};
use sim::Report;

/// Turns an experiment into a report: at once, from a cache, or on another thread.
pub type Runner<'a> = dyn FnMut(&Experiment) -> Result<Report, RunProblem> + 'a;

/// Why there is no report, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunProblem(pub String);

impl std::fmt::Display for RunProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RunProblem {}

pub(crate) fn sentence(problems: &[design::Problem]) -> RunProblem {
    RunProblem(problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect::<Vec<_>>().join(" "))
}

/// The experiment of a design with these settings and this seed.
pub fn experiment(course: &Course, design: &str, set: &BTreeMap<String, String>, seed: u64) -> Result<Experiment, RunProblem> {
    experiment_of(&document(course, design, set)?, seed)
}

/// A design of the pack with these settings.
pub(crate) fn document(course: &Course, design: &str, set: &BTreeMap<String, String>) -> Result<Document, RunProblem> {
    let mut document = course.designs.get(design).ok_or_else(|| RunProblem(format!("There is no design “{design}” in the pack.")))?.clone();
    for (path, text) in set {
        design::set(&mut document, path, text).map_err(|problem| sentence(&[problem]))?;
    }
    Ok(document)
}

pub(crate) fn experiment_of(document: &Document, seed: u64) -> Result<Experiment, RunProblem> {
    let resolved = design::resolve(document).map_err(|problems| sentence(&problems))?;
    Ok(Experiment { document: resolved, seed, engine: sim::ENGINE.to_owned() })
}

/// The runs of a document with the seeds from 1, as one report, and their ids.
pub(crate) fn pooled(document: &Document, seeds: u32, run: &mut Runner<'_>) -> Result<(Report, Vec<String>), RunProblem> {
    let (mut reports, mut runs) = (Vec::new(), Vec::new());
    for seed in 1..=u64::from(seeds.max(1)) {
        let experiment = experiment_of(document, seed)?;
        runs.push(experiment.run_id().to_string());
        reports.push(run(&experiment)?);
    }
    let report = sim::pool(&reports).ok_or_else(|| RunProblem("The runs cannot be pooled.".into()))?;
    Ok((report, runs))
}

/// The plain runner: on this thread, now, within the default budget.
pub fn run_now(experiment: &Experiment) -> Result<Report, RunProblem> {
    sim::run(experiment, sim::Budget::default()).map_err(|problems| sentence(&problems))
}

/// The same within so many steps; the report says if it was cut short.
pub fn run_within(experiment: &Experiment, steps: u64) -> Result<Report, RunProblem> {
    sim::run(experiment, sim::Budget { events: steps, ..sim::Budget::default() }).map_err(|problems| sentence(&problems))
}
