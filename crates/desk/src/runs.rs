//! Runs that were made, by their id: the same experiment is never run twice while it is remembered.
//!
//! An experiment's report depends on nothing else, so this is a cache and no state: it may be
//! emptied at any time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use design::{Experiment, RunId};
use grade::RunProblem;
use sim::Report;

/// Reports kept; one is a few kilobytes.
const KEPT: usize = 2_000;

#[derive(Default)]
pub struct Runs {
    kept: Mutex<(BTreeMap<RunId, Report>, VecDeque<RunId>)>,
}

impl Runs {
    /// The report of an experiment, from memory or run now on this thread.
    pub fn report(&self, experiment: &Experiment) -> Result<Report, RunProblem> {
        let id = experiment.run_id();
        if let Some(report) = self.remembered(id) {
            return Ok(report);
        }
        let report = grade::run_now(experiment)?;
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.0.insert(id, report.clone()).is_none() {
            kept.1.push_back(id);
            if kept.1.len() > KEPT
                && let Some(oldest) = kept.1.pop_front()
            {
                kept.0.remove(&oldest);
            }
        }
        Ok(report)
    }

    pub fn remembered(&self, id: RunId) -> Option<Report> {
        self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner).0.get(&id).cloned()
    }
}
