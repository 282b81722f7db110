//! Runs that were made, by their id: the same experiment is never run twice while it is remembered,
//! not even when two ask for it at the same moment.
//!
//! An experiment's report depends on nothing else, so this is a cache and no state: it may be
//! emptied at any time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use design::{Experiment, RunId};
use grade::RunProblem;
use sim::Report;

/// Reports kept; one is a few kilobytes.
const KEPT: usize = 2_000;

type Slot = Arc<OnceLock<Result<Report, RunProblem>>>;

#[derive(Default)]
pub struct Runs {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    slots: BTreeMap<RunId, Slot>,
    /// Oldest first.
    order: VecDeque<RunId>,
}

impl Runs {
    /// The report of an experiment: from memory, or run now on this thread, or awaited from the
    /// thread that is running it.
    pub fn report(&self, experiment: &Experiment) -> Result<Report, RunProblem> {
        let slot = self.slot(experiment.run_id());
        slot.get_or_init(|| grade::run_now(experiment)).clone()
    }

    /// The same, of at most so many steps. A run that was cut short is not remembered.
    pub fn report_within(&self, experiment: &Experiment, steps: u64) -> Result<Report, RunProblem> {
        let known = self.lock().slots.get(&experiment.run_id()).and_then(|slot| slot.get().cloned());
        known.unwrap_or_else(|| grade::run_within(experiment, steps))
    }

    fn slot(&self, id: RunId) -> Slot {
        let mut kept = self.lock();
        if let Some(slot) = kept.slots.get(&id) {
            return Arc::clone(slot);
        }
        if kept.order.len() >= KEPT
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.slots.remove(&oldest);
        }
        kept.order.push_back(id);
        Arc::clone(kept.slots.entry(id).or_default())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
