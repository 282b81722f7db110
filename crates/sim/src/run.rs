//! A run: events taken from the agenda one by one until the end or a limit. What each of them
//! does is in the files below; what is measured, in `station` and `tally`; how it is told, in
//! `report`.

mod action;
mod branch;
mod call;
mod express;
mod fault;
mod fetch;
mod follow;
mod memory;
#[cfg(debug_assertions)]
mod proof;
mod quiet;
mod request;
mod rows;
mod special;
mod tied;
mod tracing;
mod visit;
mod watching;

use sorted::Tree;

use design::{Experiment, Problem, Severity};

use crate::agenda::{Agenda, Event, LAST_TICKET, Lane, MOST_EVENTS, MOST_INDEX};
use crate::faults::Faults;
use crate::job::{EXPRESS, Jobs, LOST};
use crate::part::rows::Rows;
use crate::part::versions::{Effects, Versions};
use crate::random::Ziggurat;
use crate::report::{EndedBy, Report};
pub(crate) use crate::run::action::{Action, Actions};
use crate::run::express::Next;
pub(crate) use crate::run::express::Passed;
use crate::run::rows::Sight;
use crate::series::{Series, Snapshot};
use crate::table::Table;
use crate::tally::ClassTally;
use crate::time::{Ns, later};
use crate::trace::Tracer;

/// To look at so many things costs about as much as a step.
const THINGS: usize = 64;
/// Fewer steps are not worth to be made tier by tier.
const FEW_STEPS: u64 = 2_000;
/// Steps made tier by tier before it is looked at what is held.
const A_SLICE: u64 = 4_096;
/// The wake of jobs that go on at this moment; no event has this ticket.
const GOING: u64 = 1 << 62;
const _: () = assert!(LAST_TICKET < GOING >> 1, "tickets are told from all other wakes");

/// What a run may use up. A run that reaches a limit ends there and its report says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps of the engine; a request takes about four, and more for each call it makes.
    pub events: u64,
    /// Requests and calls under way at the same time; each takes about 300 bytes, and all that is
    /// remembered besides may take as much as they.
    pub live_requests: usize,
}

impl Default for Budget {
    /// Minutes of work and at most a few hundred megabytes.
    fn default() -> Self {
        Self { events: 2_000_000_000, live_requests: 1_500_000 }
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
    pub(crate) tally: Vec<ClassTally>,
    pub(crate) now: Ns,
    pub(crate) events: u64,
    pub(crate) ended: Option<Option<EndedBy>>,
    pub(crate) experiment: Experiment,
    pub(crate) series: Series,
    pub(crate) faults: Faults,
    pub(crate) tracer: Tracer,
    agenda: Agenda,
    jobs: Jobs,
    actions: Actions,
    /// Jobs that go on at this very moment, unless they are called back before, with their stamps.
    ready: Vec<(u32, u32)>,
    /// Jobs called back since those that are named in `ready` in vain were last taken out.
    gone: usize,
    ziggurat: Ziggurat,
    budget: Budget,
    /// When to look next at what is held, and from how many pending events on.
    tidy_at: u64,
    many_events: usize,
    /// Names each wait for branches.
    waits: u32,
    /// Who belongs to a wait whose branches must differ or may be called back: job and stamp.
    families: Tree<u32, Vec<(u32, u32)>>,
    /// What jobs fetch because a cache did not have it, by job and stamp.
    fetches: Tree<(u32, u32), Vec<fetch::Fetch>>,
    sessions: u64,
    /// What is true of every record.
    versions: Versions,
    /// What is in rows, and what jobs have seen of them.
    rows: Rows,
    /// The same of stores that have one copy and no versions of their own.
    plain_rows: Rows,
    sights: Tree<(u32, u32), Vec<Sight>>,
    /// By data, from 1: whether it is remembered what jobs have seen of it.
    sighted: Vec<bool>,
    watching: Option<Box<watching::Watching>>,
    /// Requests sent so far.
    requests: u64,
    /// Whether a request can come to a store twice, and what it has done there.
    may_repeat: bool,
    effects: Effects,
    /// Names each wait for another job.
    parks: u64,
    /// By step: the little that a call needs to know to which nothing out of the ordinary happens.
    legs: Vec<quiet::Leg>,
    express: express::Express,
    tiers: express::tiers::Tiers,
    /// Nobody takes the express.
    on_foot: bool,
    /// How many steps had been taken when last proved.
    #[cfg(debug_assertions)]
    proved: u64,
}

impl Run {
    /// With the default budget. The problems say why the experiment cannot be run.
    pub fn new(experiment: &Experiment) -> Result<Self, Vec<Problem>> {
        Self::within(experiment, Budget::default())
    }

    pub fn within(experiment: &Experiment, budget: Budget) -> Result<Self, Vec<Problem>> {
        Self::looking_at(experiment, budget, &[])
    }

    /// With points of the series that end at these moments as well [ns], so that what the report
    /// says stood there `at` such a moment is what did, and not a line drawn over the bend of a
    /// fault. The points around it are shorter, so rates are for fewer requests.
    pub fn looking_at(experiment: &Experiment, budget: Budget, moments: &[u64]) -> Result<Self, Vec<Problem>> {
        if experiment.engine != crate::ENGINE {
            return Err(vec![other_engine(experiment)]);
        }
        let mut agenda = Agenda::default();
        let document = experiment.document.document();
        let mut table = Table::new(document, experiment.seed, &mut agenda)?;
        table.distances.settle();
        let faults = Faults::new(document, experiment.seed, &table)?;
        let may_repeat = table.edges.iter().any(|edge| edge.guard.as_ref().is_some_and(|guard| guard.attempts > 1))
            || table.programs.forks.iter().any(|fork| fork.after > 0 || fork.tied)
            || table.components.iter().any(|component| matches!(component.part, crate::part::Part::Broker(_)));
        let slots = table.programs.slots.iter().map(Vec::len).max().unwrap_or(0);
        let mut run = Self {
            tally: table.programs.slots.iter().map(|slots| ClassTally::new(slots.len())).collect(),
            jobs: Jobs::new(usize::from(table.programs.depth) + 1, slots),
            series: Series::new(&table, moments),
            faults,
            tracer: Tracer::default(),
            table,
            now: 0,
            events: 0,
            ended: None,
            experiment: experiment.clone(),
            agenda,
            actions: Actions::default(),
            ready: Vec::new(),
            gone: 0,
            tidy_at: 0,
            many_events: 50_000,
            ziggurat: Ziggurat::new(),
            budget: Budget { events: budget.events.min(MOST_EVENTS / 4), live_requests: budget.live_requests.min(MOST_INDEX / 2) },
            waits: 0,
            families: Tree::new(),
            fetches: Tree::new(),
            sessions: 0,
            versions: Versions::default(),
            rows: Rows::new(rows::initial(document)),
            plain_rows: Rows::new(rows::initial(document)),
            sights: Tree::new(),
            sighted: rows::sighted(document),
            watching: None,
            requests: 0,
            may_repeat,
            effects: Effects::default(),
            parks: 0,
            legs: Vec::new(),
            express: express::Express::default(),
            tiers: express::tiers::Tiers::default(),
            on_foot: false,
            #[cfg(debug_assertions)]
            proved: 0,
        };
        run.start();
        Ok(run)
    }

    /// Sends every request the long way, where all that can happen is asked for at every step. To
    /// be said before the first step. It changes nothing but the speed, which is what tests show
    /// by it.
    pub fn take_the_long_way(&mut self) {
        self.on_foot = true;
        self.settle_quiet();
    }

    /// Takes so many steps, or fewer at the end; of thousands it may be a few hundred more. One
    /// step is bounded: it makes at most 100,000 calls.
    pub fn advance(&mut self, events: u64) -> Progress {
        let until = self.events.saturating_add(events).min(self.budget.events);
        let by_tiers = events >= FEW_STEPS;
        if !by_tiers {
            self.leave_tiers();
        }
        while self.ended.is_none() && self.events < until {
            self.step(until, by_tiers);
        }
        if self.ended.is_none() && self.events >= self.budget.events {
            self.end(Some(EndedBy::Events));
        }
        #[cfg(debug_assertions)]
        if self.ended.is_some() {
            self.prove_places();
            if !self.series.is_over() {
                self.prove();
            }
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

    /// How much time has been simulated, and how much requests are sent for [ns].
    pub fn simulated(&self) -> (u64, u64) {
        (self.now, self.table.window.to)
    }

    /// What is run.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    fn done(&self) -> f64 {
        (self.now.min(self.table.window.to) as f64 / self.table.window.to.max(1) as f64).min(1.0)
    }

    /// Takes a step, or many while they are of the common kind.
    fn step(&mut self, until: u64, by_tiers: bool) {
        if let Some((job, stamp)) = self.ready.pop() {
            self.events += 1;
            self.go_if_still_there(job, stamp);
        } else {
            let next = if by_tiers && self.goes_by_tiers() {
                self.tier_by_tier(until.min(self.events + A_SLICE))
            } else {
                self.leave_tiers();
                self.express(until.min(self.tidy_at))
            };
            match next {
                Next::Event(event) => self.happens(event),
                Next::Refused(place) => {
                    self.alight(place);
                    self.go(place);
                }
                Next::Nothing => {}
            }
        }
        if self.events >= self.tidy_at {
            self.tidy();
        }
        // Places are made only while all others are taken.
        if self.jobs.places() > self.budget.live_requests && self.ended.is_none() {
            self.end(Some(EndedBy::LiveRequests));
        }
    }

    /// A step that looks at so many things is as good as several.
    fn charge(&mut self, things: usize) {
        self.events += (things / THINGS) as u64;
    }

    /// What the express leaves to others.
    fn happens(&mut self, event: Option<(Ns, u64, Event)>) {
        match event {
            Some((time, order, event)) if time <= self.table.drained => {
                debug_assert!(time >= self.now, "time runs forward");
                self.now = time;
                match event {
                    Event::Wake(job) => {
                        // What was called off still comes, and finds another order.
                        if self.jobs[job].wake == order {
                            self.go(job);
                        }
                    }
                    Event::Send(number) => self.send_due(number, order),
                    Event::Timer(slot) | Event::Control(slot) => self.act(slot),
                }
            }
            last => self.out_of_events(last.is_some()),
        }
    }

    fn out_of_events(&mut self, time_is_up: bool) {
        if time_is_up {
            self.now = self.table.drained;
            return self.end(Some(EndedBy::DrainTime));
        }
        self.now = self.now.max(self.table.window.to);
        // Whoever waits for a message that was lost, or for a replica that stands still, waits for
        // ever, and holds no circle together.
        let left = self.jobs.all();
        let for_ever = left.iter().any(|&job| self.jobs[job].has(LOST)) || self.table.stations.iter().any(|station| station.freezes > 0);
        let by = if for_ever { EndedBy::DrainTime } else { EndedBy::Deadlock };
        let requests = left.iter().any(|&job| self.jobs[job].has(crate::job::ROOT));
        self.end((requests || !left.is_empty() && !for_ever).then_some(by));
    }

    /// Lets a job go on at this moment, after whatever is being done; saying so twice is as good
    /// as once.
    #[inline]
    fn goes_on(&mut self, place: u32) {
        let job = &mut self.jobs[place];
        job.wake = GOING;
        self.ready.push((place, job.stamp));
    }

    #[inline]
    fn go_if_still_there(&mut self, place: u32, stamp: u32) {
        let job = &mut self.jobs[place];
        if job.stamp == stamp && job.wake == GOING {
            job.wake = u64::MAX;
            if job.flags & EXPRESS == 0 {
                self.go(place);
            } else if job.depth == 0 {
                self.set_out(place);
            } else {
                self.alight(place);
                self.go(place);
            }
        }
    }

    /// Wakes a job after a delay; a lane of that delay may be given.
    #[inline]
    fn wake(&mut self, place: u32, delay: Ns, lane: Lane) {
        let time = later(self.now, delay);
        let order = self.agenda.schedule(time, lane, Event::Wake(place));
        let job = &mut self.jobs[place];
        (job.wake, job.due) = (order, time);
    }

    fn end(&mut self, by: Option<EndedBy>) {
        self.ended = Some(by);
    }

    /// Asserts the exact identities of every component and class at this moment, which must not
    /// lie after the measured window.
    pub(crate) fn prove(&self) {
        #[cfg(debug_assertions)]
        {
            let mut inside = vec![Vec::new(); self.table.components.len()];
            let mut under_way = vec![0u64; self.tally.len()];
            for place in self.jobs.all() {
                let job = &self.jobs[place];
                under_way[job.class as usize] += u64::from(job.has(crate::job::ROOT));
                for depth in job.visits() {
                    let frame = self.frame_seen(place, depth);
                    if depth > 0 && frame.arrived != crate::job::NOT_YET {
                        inside[self.table.stations[frame.station as usize].component as usize].push(frame);
                    }
                }
            }
            let window = self.table.window;
            let none = crate::station::Account::default();
            for (number, (component, still)) in self.table.components.iter().zip(inside).enumerate() {
                let from = self.series.from.as_ref().map_or(&none, |from| &from.accounts[number]);
                component.account.check(&self.table.names[number], from, &still, self.now.min(window.to), window);
                if let crate::part::Part::Broker(broker) = &component.part {
                    broker.check(&self.table.names[number]);
                }
            }
            for (tally, under_way) in self.tally.iter().zip(under_way) {
                let counts = &tally.counts;
                assert_eq!(counts.sent, counts.answered + counts.failed + under_way, "requests are answered, failed or under way");
                assert!(counts.good <= counts.answered, "goodput is at most throughput");
            }
        }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.table, &self.tally, self.now)
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
