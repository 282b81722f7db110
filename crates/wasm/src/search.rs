//! The searches of `judge`, held by a page that must stay awake: it gives them a slice of work at a
//! time, and can stop them at any.

use std::collections::VecDeque;

use design::{Document, Experiment};
use judge::runs::{Step, Stop};
use judge::{ablate, breaks, capacity};
use serde_json::{Value, json};
use sim::{Budget, Progress, Report};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::json::{error, problems};
use crate::{changed, seed_of};

/// A case in which so many are under way at once has been lost long ago.
const LIVE_REQUESTS: usize = 500_000;

/// A search for what breaks a design ("break"), for what its parts are for ("ablate"), or for how much it
/// takes ("capacity").
#[wasm_bindgen]
pub struct Search {
    course: Course,
    state: State,
    budget: Budget,
    most: usize,
    made: usize,
    trying: String,
}

/// What a search waits for.
enum State {
    /// To be asked what it needs.
    Next,
    Running {
        run: Box<sim::Run>,
        waiting: VecDeque<Experiment>,
        reports: Vec<Report>,
        of: usize,
    },
    Done(Value),
}

#[wasm_bindgen]
impl Search {
    /// `document` and `set` as for a [`crate::Run`]; `runs` is the most runs it may make, 0 for what is
    /// usual (200 for "break", 1,000 for the others).
    #[wasm_bindgen(constructor)]
    pub fn new(kind: &str, document: &str, set: &str, seed: &str, runs: u32) -> Result<Search, String> {
        let document = changed(document, set)?;
        let seed = seed_of(seed)?;
        let most = |usual: usize| if runs == 0 { usual } else { runs as usize };
        let (course, most) = match kind {
            "break" => (breaking(document, seed, most(200))?, most(200)),
            "ablate" => (ablating(document, seed, most(1_000))?, most(1_000)),
            "capacity" => (measuring(document, seed, most(1_000))?, most(1_000)),
            _ => return Err(error("kind", format!("There is no search “{kind}”: take break, ablate or capacity."))),
        };
        let budget = Budget { live_requests: LIVE_REQUESTS, ..Budget::default() };
        Ok(Search { course, state: State::Next, budget, most, made: 0, trying: String::new() })
    }

    /// Handles at most about this many events; then how far it is: `{"done": false, "runs", "of", "trying"}`.
    /// `of` is the most runs that it may make; most searches need fewer. `trying` is for people.
    pub fn advance(&mut self, events: u32) -> String {
        let mut left = u64::from(events);
        while left > 0 && !matches!(self.state, State::Done(_)) {
            left = self.step(left);
        }
        let is_done = matches!(self.state, State::Done(_));
        json!({ "done": is_done, "runs": self.made, "of": self.most, "trying": self.trying }).to_string()
    }

    /// Ends it with what it knows, which `result` then has.
    pub fn stop(&mut self) {
        while !matches!(self.state, State::Done(_)) {
            self.course.answer(Err(Stop::Interrupted));
            self.ask();
        }
    }

    /// What was found, as `octo sim --json` has it; null before it is done. Of "break": `{"found": {"requirement",
    /// "required", "verdict", "story": [...], "arguments", "seed", "runs", "shows_at", "is_smallest", "document"},
    /// "runs", "suspicions", "stopped", "not_judged", "sentences", "tried"}`, where `document` is the design with
    /// all that was done to it, ready to be run. Of "ablate": `{"rows": [{"component", "change", "result", "earns",
    /// "not_sure", "impossible", "could_go"}], "cases", "runs", "stopped", "sentences"}`. Of "capacity":
    /// `{"highest": {"meets_e9", "misses_e9", "missed", "runs", "stopped"}, "fewest": {"meets", "missed", "parts",
    /// "runs", "stopped"}}`.
    pub fn result(&self) -> String {
        match &self.state {
            State::Done(value) => value.to_string(),
            _ => Value::Null.to_string(),
        }
    }
}

impl Search {
    /// So many events are left.
    fn step(&mut self, left: u64) -> u64 {
        match &mut self.state {
            State::Next => {
                self.ask();
                left
            }
            State::Running { run, waiting, reports, of } => {
                let slice = left.min(200_000);
                if run.advance(slice) == Progress::Done {
                    reports.push(run.report());
                    self.made += 1;
                    match waiting.pop_front().map(|next| begun(&next, self.budget)) {
                        Some(Ok(next)) => *run = next,
                        Some(Err(stop)) => self.answer(Err(stop)),
                        None if reports.len() == *of => {
                            let reports = std::mem::take(reports);
                            self.answer(Ok(reports));
                        }
                        None => self.answer(Err(Stop::Interrupted)),
                    }
                }
                left - slice
            }
            State::Done(_) => 0,
        }
    }

    fn answer(&mut self, answer: Result<Vec<Report>, Stop>) {
        self.course.answer(answer);
        self.state = State::Next;
    }

    /// Goes on with what it knows, until it needs runs or is done.
    fn ask(&mut self) {
        let step = self.course.go_on();
        if let Some(said) = self.course.said().pop() {
            self.trying = said;
        }
        self.state = match step {
            Step::Done(value) => State::Done(value),
            Step::Run(experiments) => {
                let of = experiments.len();
                let mut waiting = VecDeque::from(experiments);
                match waiting.pop_front().map(|first| begun(&first, self.budget)) {
                    Some(Ok(run)) => State::Running { run, waiting, reports: Vec::new(), of },
                    Some(Err(stop)) => return self.answer(Err(stop)),
                    None => return self.answer(Ok(Vec::new())),
                }
            }
        };
    }
}

fn begun(experiment: &Experiment, budget: Budget) -> Result<Box<sim::Run>, Stop> {
    let mut run = sim::Run::within(experiment, budget).map_err(Stop::Refused)?;
    run.watching(&judge::runs::watches(experiment));
    Ok(Box::new(run))
}

type Course = judge::runs::Search<'static, Value>;

fn breaking(document: Document, seed: u64, runs: usize) -> Result<Course, String> {
    let requirements = required(&document)?;
    let envelope = enveloped(&document)?;
    let search = breaks::search(document, requirements, envelope, breaks::Limits { runs, seed });
    Ok(search.map(|outcome| judge::json::breaks(&outcome)))
}

fn ablating(document: Document, seed: u64, runs: usize) -> Result<Course, String> {
    let requirements = required(&document)?;
    let envelope = if document.envelope.is_empty() { None } else { Some(enveloped(&document)?) };
    Ok(ablate::search(document, requirements, envelope, runs, seed).map(|ablation| judge::json::ablation(&ablation)))
}

fn measuring(document: Document, seed: u64, runs: usize) -> Result<Course, String> {
    let requirements = required(&document)?;
    let search = capacity::search(document, requirements, capacity::Limits { runs, seed });
    Ok(search.map(|(highest, fewest)| judge::json::capacity(&highest, fewest.as_ref())))
}

fn required(document: &Document) -> Result<judge::require::Requirements, String> {
    design::resolve(document).map_err(|wrong| problems(&wrong))?;
    let (requirements, wrong) = judge::require::read(document);
    if !wrong.is_empty() {
        return Err(problems(&wrong));
    }
    if requirements.is_empty() {
        let message =
            "A search needs to know what the design must meet, and it requires nothing: add a requirement, such as “p99 < 100 ms”.";
        return Err(error("require", message.into()));
    }
    Ok(requirements)
}

fn enveloped(document: &Document) -> Result<judge::envelope::Envelope, String> {
    let (envelope, wrong) = judge::envelope::read(document);
    if wrong.is_empty() { Ok(envelope) } else { Err(problems(&wrong)) }
}
