//! From a design of the pack and some settings to an experiment and its report.

use std::collections::BTreeMap;

use course::Course;
use design::Experiment;
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
    let mut document = course.designs.get(design).ok_or_else(|| RunProblem(format!("There is no design “{design}” in the pack.")))?.clone();
    for (path, text) in set {
        design::set(&mut document, path, text).map_err(|problem| sentence(&[problem]))?;
    }
    let resolved = design::resolve(&document).map_err(|problems| sentence(&problems))?;
    Ok(Experiment { document: resolved, seed, engine: sim::ENGINE.to_owned() })
}

/// The plain runner: on this thread, now, within the default budget.
pub fn run_now(experiment: &Experiment) -> Result<Report, RunProblem> {
    sim::run(experiment, sim::Budget::default()).map_err(|problems| sentence(&problems))
}

/// The same within so many steps; the report says if it was cut short.
pub fn run_within(experiment: &Experiment, steps: u64) -> Result<Report, RunProblem> {
    sim::run(experiment, sim::Budget { events: steps, ..sim::Budget::default() }).map_err(|problems| sentence(&problems))
}
