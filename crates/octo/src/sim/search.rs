//! Runs for a search: on all cores, until the runs or the time are used up or Ctrl-C comes, with a line
//! about what is being tried for who waits. What is asked for is the business of `judge`.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use design::Experiment;
use judge::runs::{Runs, Stop, watches};
use sim::{Budget, Report};

use crate::cli::SimArgs;
use crate::sim::conduct::{Ran, Work, conduct};
use crate::sim::watch::interrupted;

/// The cores of this machine, as long as there is patience.
pub(crate) struct Cores {
    budget: Budget,
    until: Instant,
    made: usize,
    begun: Instant,
    said: String,
}

impl Cores {
    pub(crate) fn new(args: &SimArgs) -> Self {
        let begun = Instant::now();
        let time = Duration::from_nanos(args.budget_time.0);
        // A case in which so many are under way at once has been lost long ago.
        let budget = Budget { events: args.budget_events, live_requests: 500_000 };
        Self { budget, until: begun + time, made: 0, begun, said: String::new() }
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// Over the last line of a terminal; nothing depends on whether it can be seen.
    fn show(&self, text: &str) {
        let mut err = std::io::stderr().lock();
        if err.is_terminal() {
            drop(write!(err, "\r\x1b[K{text}"));
            drop(err.flush());
        }
    }
}

impl Drop for Cores {
    fn drop(&mut self) {
        self.show("");
    }
}

impl Runs for Cores {
    fn run(&mut self, experiments: Vec<Experiment>) -> Result<Vec<Report>, Stop> {
        if interrupted() {
            return Err(Stop::Interrupted);
        }
        if Instant::now() >= self.until {
            return Err(Stop::Budget);
        }
        if self.begun.elapsed() > Duration::from_secs(1) {
            let line: String = format!("{} runs, {:.0} s: {}", self.made, self.seconds(), self.said).chars().take(100).collect();
            self.show(&line);
        }
        let lasts = experiments.iter().filter_map(|experiment| experiment.document.workload.lasts).map(|lasts| lasts.0).max().unwrap_or(0);
        // What one experiment of a search requires, all of them do.
        let watches = experiments.first().map(watches).unwrap_or_default();
        let work = Work {
            count: experiments.len(),
            experiment: &|number| experiments[number].clone(),
            budget: self.budget,
            lasts,
            traces: false,
            watches: &watches,
        };
        let mut ran: Vec<Ran> = Vec::new();
        conduct(&work, &mut |_, run| ran.push(run)).map_err(Stop::Refused)?;
        self.made += ran.len();
        if ran.len() < experiments.len() || ran.iter().any(|ran| !ran.whole) {
            return Err(Stop::Interrupted);
        }
        Ok(ran.into_iter().map(|ran| ran.report).collect())
    }

    fn trying(&mut self, what: &str) {
        what.clone_into(&mut self.said);
    }
}
