//! Running a check in one of its forms: every case for each of its seeds, on as many threads as
//! the caller gives, and then a row for each expectation. A report is gone once its measures are
//! taken and it is added to the others of its case: there may be thousands.

mod gather;
mod tell;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use design::{Document, Experiment};
use sim::{Budget, Progress, Report, Run};

use crate::check::{Check, What};
use crate::run::gather::Gathered;
use crate::run::tell::Teller;
use crate::{Form, Length, Row};

/// The rows of a check, in the order of its file.
pub fn run(check: &Check, form: Form, threads: usize) -> Vec<Row> {
    run_after(0, check, form, threads)
}

/// The same with other seeds: as many, and from the one after this.
pub fn run_after(seed: u64, check: &Check, form: Form, threads: usize) -> Vec<Row> {
    let cases: Vec<Mutex<Gathered>> = check.cases.iter().map(|case| Mutex::new(Gathered::of(check, &case.name))).collect();
    let jobs: Vec<Job> = check.cases.iter().enumerate().flat_map(|(number, case)| jobs(number, &case.what, form, seed)).collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, jobs.len().max(1)) {
            scope.spawn(|| {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let lock = || cases[job.case].lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                    let moments = lock().moments();
                    let report = job.experiment.clone().and_then(|experiment| one(&experiment, &moments));
                    lock().add(job.seed, report);
                }
            });
        }
    });
    let cases = cases.into_iter().map(|case| case.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()));
    Teller::new(check, form, cases.collect()).rows()
}

/// One run: a case with one seed.
struct Job {
    case: usize,
    seed: u64,
    experiment: Result<Experiment, String>,
}

fn jobs(case: usize, what: &What, form: Form, after: u64) -> Vec<Job> {
    let What::Run { document, full, quick, .. } = what else { return Vec::new() };
    let length = match form {
        Form::Quick => *quick,
        Form::Full => *full,
    };
    (after + 1..=after + form.seeds(length)).map(|seed| Job { case, seed, experiment: experiment(document, form, length, seed) }).collect()
}

fn experiment(document: &Document, form: Form, length: Length, seed: u64) -> Result<Experiment, String> {
    let mut document = document.clone();
    document.workload.lasts = document.workload.lasts.map(|lasts| form.lasts(length, lasts));
    let document = design::resolve(&document).map_err(|problems| sentences(&problems))?;
    Ok(Experiment { document, seed, engine: sim::ENGINE.to_owned() })
}

/// A panic of the engine must not hide what the other checks have to say.
fn one(experiment: &Experiment, moments: &[u64]) -> Result<Report, String> {
    let run = || {
        let mut run = Run::looking_at(experiment, Budget::default(), moments)?;
        while run.advance(u64::MAX) != Progress::Done {}
        Ok(run.report())
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(report) => report.map_err(|problems: Vec<design::Problem>| sentences(&problems)),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
            Err(format!("the engine stopped at seed {}: {}", experiment.seed, text.unwrap_or_default()))
        }
    }
}

fn sentences(problems: &[design::Problem]) -> String {
    problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect::<Vec<_>>().join(" ")
}
