//! One search after the other: which design, what was planted, what was found and whether it was named.

use std::time::Instant;

use design::{Experiment, Format};
use judge::breaks::{Finding, Limits, Outcome, find};
use judge::runs::{Runs, Stop};
use sim::{Budget, Report};

use super::draw::Draw;
use super::{Base, Plant};

/// A search may take so many runs, or so much of one core.
const TIME: f64 = 10.0;
/// A probe that takes so many steps says enough by being cut short.
const STEPS: u64 = 20_000_000;

/// A design of a seed, sound or with a mistake.
#[derive(Debug, Clone)]
pub struct Task {
    pub seed: u64,
    pub base: Base,
    pub plant: Option<Plant>,
}

impl Task {
    /// The design as a document.
    pub fn text(&self) -> String {
        match &self.plant {
            Some(plant) => self.base.planted(plant),
            None => self.base.sound(),
        }
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Row {
    pub seed: u64,
    pub design: &'static str,
    pub planted: Option<&'static str>,
    pub runs: usize,
    pub seconds: f64,
    /// Ended inside both budgets or inside one.
    pub in_time: bool,
    pub found: Option<Finding>,
    pub named: bool,
    /// Why nothing could be searched.
    pub problem: Option<String>,
}

impl Row {
    /// Found and named where something was planted, silent where nothing was.
    pub fn is_right(&self) -> bool {
        self.problem.is_none()
            && match self.planted {
                Some(_) => self.named && self.in_time,
                None => self.found.is_none(),
            }
    }
}

/// Every sound design once, and mistakes drawn by the seed until there are as many as asked for: all
/// before any comes again.
pub fn tasks(from: u64, planted: usize) -> Vec<Task> {
    let mut tasks: Vec<Task> = super::bases(from).into_iter().map(|base| Task { seed: from, base, plant: None }).collect();
    let mut draw = Draw::new(from, "plants");
    let (mut seed, mut deck): (u64, Vec<(Base, Plant)>) = (from, Vec::new());
    for _ in 0..planted {
        if deck.is_empty() {
            seed += 1;
            deck = super::bases(seed)
                .into_iter()
                .flat_map(|base| base.plants.clone().into_iter().map(move |plant| (base.clone(), plant)))
                .collect();
        }
        let (base, plant) = deck.swap_remove(draw.below(deck.len()));
        tasks.push(Task { seed, base, plant: Some(plant) });
    }
    tasks
}

/// Searches one design.
pub fn one(task: &Task) -> Row {
    let text = task.text();
    let begun = Clock::now();
    let mut core = Core { begun, made: 0 };
    let result = search(&text, task.seed, &mut core);
    let (outcome, problem) = match result {
        Ok(outcome) => (Some(outcome), None),
        Err(problem) => (None, Some(problem)),
    };
    let stopped = outcome.as_ref().and_then(|outcome| outcome.stopped.clone());
    let problem = problem.or(match stopped {
        Some(Stop::Refused(problems)) => Some(format!("{problems:?}")),
        _ => None,
    });
    let runs = outcome.as_ref().map_or(0, |outcome| outcome.runs);
    let seconds = begun.seconds();
    let found = outcome.and_then(|outcome| outcome.found);
    Row {
        seed: task.seed,
        design: task.base.name,
        planted: task.plant.as_ref().map(|plant| plant.id),
        runs,
        seconds,
        in_time: runs <= 200 || seconds <= TIME,
        named: task.plant.as_ref().zip(found.as_ref()).is_some_and(|(plant, found)| names(plant, found)),
        found,
        problem,
    }
}

fn search(text: &str, seed: u64, core: &mut Core) -> Result<Outcome, String> {
    let loaded = design::read(text, Format::Toml);
    let told = |problems: &[design::Problem]| problems.iter().map(|p| format!("{}: {}", p.path, p.message)).collect::<Vec<_>>().join(" ");
    if !loaded.is_runnable() {
        return Err(told(&loaded.problems));
    }
    let (requirements, mut problems) = judge::require::read(&loaded.document);
    let (envelope, more) = judge::envelope::read(&loaded.document);
    problems.extend(more);
    if !problems.is_empty() {
        return Err(told(&problems));
    }
    Ok(find(&loaded.document, &requirements, &envelope, Limits { runs: 200, seed }, core))
}

/// The smallest case names the mistake if it did what brings it to light, and if what it strikes or
/// where it shows is to blame.
pub(super) fn names(plant: &Plant, found: &Finding) -> bool {
    let by: Vec<(String, Option<String>)> = triggers(found);
    let is_by = by.iter().any(|(trigger, _)| plant.by.contains(&trigger.as_str()));
    let shows = found.symptom.as_ref().map(|symptom| symptom.component.clone());
    let blamed = by.into_iter().filter_map(|(_, struck)| struck).chain(shows);
    is_by && blamed.into_iter().any(|name| plant.at.contains(&name.as_str()))
}

/// "load", also where the design breaks as it is; "crash web" with who is struck.
fn triggers(found: &Finding) -> Vec<(String, Option<String>)> {
    let mut triggers = Vec::new();
    let case = &found.case;
    let more = case.classes.values().chain([&case.all]).any(|share| *share > units::Share::ONE);
    if case.faults.is_empty() || more {
        triggers.push(("load".to_owned(), None));
    }
    for what in found.case.faults.iter().flat_map(|placed| &placed.whats) {
        let text = what.to_string();
        if text.starts_with("load ") {
            triggers.push(("load".to_owned(), None));
            continue;
        }
        let place = text.starts_with("lose ");
        let words: Vec<&str> = text.split(' ').take(if place { 3 } else { 2 }).collect();
        let struck = words.last().map(|name| name.split('.').next().unwrap_or("").to_owned());
        let words = words.join(" ");
        let trigger = if place { words } else { words.split('.').next().unwrap_or("").to_owned() };
        triggers.push((trigger, struck.filter(|_| !place)));
    }
    triggers
}

/// Time that this thread had a core, where the system tells it; else the time that passed.
#[derive(Clone, Copy)]
struct Clock {
    wall: Instant,
    /// [ns]
    core: Option<u64>,
}

impl Clock {
    fn now() -> Self {
        Self { wall: Instant::now(), core: on_core() }
    }

    fn seconds(self) -> f64 {
        match (self.core, on_core()) {
            (Some(before), Some(now)) => (now - before) as f64 / 1e9,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

/// [ns]
fn on_core() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// One core, and a look at the clock before each question.
struct Core {
    begun: Clock,
    made: usize,
}

impl Runs for Core {
    fn run(&mut self, experiments: Vec<Experiment>) -> Result<Vec<Report>, Stop> {
        // Runs or time: the search goes on while one of them is left.
        self.made += experiments.len();
        if self.begun.seconds() > TIME && self.made > 200 {
            return Err(Stop::Budget);
        }
        experiments.iter().map(report).collect()
    }

    fn trying(&mut self, _: &str) {}
}

fn report(experiment: &Experiment) -> Result<Report, Stop> {
    sim::run(experiment, Budget { events: STEPS, live_requests: 300_000 }).map_err(Stop::Refused)
}
