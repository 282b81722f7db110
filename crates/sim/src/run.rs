//! A run: events taken from the agenda one by one until the end or a limit. What each of them
//! does is in the files below; what is measured, in `station` and `tally`; how it is told, in
//! `report`.

mod follow;
mod path;
mod request;
mod serve;

use design::{Experiment, Problem, Severity};

use crate::agenda::{Agenda, Event, MOST_EVENTS, MOST_INDEX};
use crate::random::{Stream, Ziggurat};
use crate::report::{EndedBy, Report};
use crate::sample::whole;
use crate::table::Table;
use crate::tally::Tally;
use crate::task::{NONE, Request, Slab, Task};
use crate::time::Ns;

/// What a run may use up. A run that reaches a limit ends there and its report says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps of the engine; a request takes about four, and more for each call it makes.
    pub events: u64,
    /// Requests and calls under way at the same time; each takes about 150 bytes.
    pub live_requests: usize,
}

impl Default for Budget {
    /// Minutes of work and at most a few hundred megabytes.
    fn default() -> Self {
        Self { events: 2_000_000_000, live_requests: 2_000_000 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Progress {
    /// The part of the simulated time that has passed, from 0 to 1.
    Running {
        done: f64,
    },
    Done,
}

/// Runs an experiment to its end or to the end of the budget.
pub fn run(experiment: &Experiment, budget: Budget) -> Result<Report, Vec<Problem>> {
    let mut run = Run::within(experiment, budget)?;
    while run.advance(u64::MAX) != Progress::Done {}
    Ok(run.report())
}

/// An experiment under way. The caller advances it in slices and may stop or report at any time;
/// however it is sliced, the report is the same.
pub struct Run {
    pub(crate) table: Table,
    pub(crate) tally: Tally,
    pub(crate) now: Ns,
    pub(crate) events: u64,
    pub(crate) ended: Option<Option<EndedBy>>,
    pub(crate) experiment: Experiment,
    agenda: Agenda,
    tasks: Slab<Task>,
    requests: Slab<Request>,
    /// Tasks that go on at this very moment.
    ready: Vec<u32>,
    ziggurat: Ziggurat,
    budget: Budget,
    sessions: u64,
    /// For folding long paths: by component, the visit that stands for it.
    standing: Vec<u32>,
}

impl Run {
    /// With the default budget. The problems say why the experiment cannot be run.
    pub fn new(experiment: &Experiment) -> Result<Self, Vec<Problem>> {
        Self::within(experiment, Budget::default())
    }

    pub fn within(experiment: &Experiment, budget: Budget) -> Result<Self, Vec<Problem>> {
        if experiment.engine != crate::ENGINE {
            return Err(vec![other_engine(experiment)]);
        }
        let table = Table::new(experiment.document.document(), experiment.seed)?;
        let mut run = Self {
            tally: Tally::new(table.classes.len(), table.components.len()),
            standing: vec![NONE; table.components.len()],
            table,
            now: 0,
            events: 0,
            ended: None,
            experiment: experiment.clone(),
            agenda: Agenda::default(),
            tasks: Slab::default(),
            requests: Slab::default(),
            ready: Vec::new(),
            ziggurat: Ziggurat::new(),
            budget: Budget { events: budget.events.min(MOST_EVENTS / 2), live_requests: budget.live_requests.min(MOST_INDEX / 2) },
            sessions: 0,
        };
        run.start_sources();
        Ok(run)
    }

    /// Takes at most so many steps. One step is bounded: it makes at most 100,000 calls.
    pub fn advance(&mut self, events: u64) -> Progress {
        let mut left = events;
        while self.ended.is_none() && left > 0 {
            left -= 1;
            self.step();
        }
        match self.ended {
            Some(_) => Progress::Done,
            None => Progress::Running { done: self.done() },
        }
    }

    /// What has been measured so far, or in all once the run is done.
    pub fn report(&self) -> Report {
        Report::of(self)
    }

    fn done(&self) -> f64 {
        (self.now.min(self.table.window.to) as f64 / self.table.window.to.max(1) as f64).min(1.0)
    }

    fn step(&mut self) {
        if self.events >= self.budget.events || self.agenda.scheduled() >= MOST_EVENTS - MOST_INDEX as u64 {
            return self.end(Some(EndedBy::Events));
        }
        if self.tasks.live() > self.budget.live_requests {
            return self.end(Some(EndedBy::LiveRequests));
        }
        self.events += 1;
        if let Some(task) = self.ready.pop() {
            return self.go_on(task);
        }
        match self.agenda.next() {
            None => {
                self.now = self.now.max(self.table.window.to);
                self.end((self.tasks.live() > 0).then_some(EndedBy::Deadlock));
            }
            Some((time, _)) if time > self.table.drained => {
                self.now = self.table.drained;
                self.end(Some(EndedBy::DrainTime));
            }
            Some((time, event)) => {
                debug_assert!(time >= self.now, "time runs forward");
                self.now = time;
                self.happen(event);
            }
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Send(class) => {
                self.sessions += 1;
                self.send(class, self.sessions - 1);
                self.schedule_next(class);
            }
            Event::Act(user) => {
                let class = self.table.classes.partition_point(|class| class.first_user <= user) as u32 - 1;
                self.send(class, user.into());
            }
            Event::Arrive(task) => self.arrive(task),
            Event::Served(task) => self.served(task),
            Event::Reply(task) => self.returned(task),
        }
    }

    fn end(&mut self, by: Option<EndedBy>) {
        self.ended = Some(by);
        if cfg!(debug_assertions) {
            self.check();
            assert!(by.is_some() || self.requests.live() == 0, "a run that is over leaves nothing behind");
        }
    }

    /// Asserts the exact identities of every component and class.
    fn check(&self) {
        let mut inside = vec![Vec::new(); self.table.components.len()];
        for task in self.tasks.iter().filter(|task| task.inside) {
            inside[self.table.stations[task.station as usize].component as usize].push(task);
        }
        for (component, still) in self.table.components.iter().zip(inside) {
            component.account.check(&component.name, &still, self.now, self.table.window);
        }
        self.tally.check(self.requests.live() as u64, self.now, self.table.window);
    }
}

fn other_engine(experiment: &Experiment) -> Problem {
    Problem {
        severity: Severity::Error,
        path: "engine".into(),
        line: None,
        column: None,
        message: format!("This run belongs to engine {}, and this is engine {}: its results may differ.", experiment.engine, crate::ENGINE),
        suggestion: Some("Run the design again as a new experiment.".into()),
    }
}

fn jitter(mean: f64, stream: &mut Stream, ziggurat: &Ziggurat) -> Ns {
    if mean == 0.0 { 0 } else { whole(mean * ziggurat.draw(stream)) }
}
