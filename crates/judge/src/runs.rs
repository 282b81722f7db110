//! Who runs what a search asks for. Threads, clocks and patience are the caller's; a search asks,
//! is told, and ends when it is told to stop. Several searches share this; what they ask is theirs.
//!
//! A search is written as if it waited for its runs. Who can wait, gives it a [`Runs`]; who cannot,
//! such as a page that must stay awake, holds it as a [`Search`] and answers when it has run.

mod desk;

use design::{Document, Experiment, Problem};
use sim::{Report, Watch};

use crate::require;
pub(crate) use desk::{Desk, conduct};
pub use desk::{Search, Step};

/// The caller of a search. For the same answers a search always asks the same questions.
pub trait Runs {
    /// The reports of these experiments, in their order; or why there are none.
    fn run(&mut self, experiments: Vec<Experiment>) -> Result<Vec<Report>, Stop>;

    /// What is being tried, for somebody who waits: "the highest load, x3".
    fn trying(&mut self, what: &str);
}

/// What a run of this experiment must watch, so that all it requires can be judged.
pub fn watches(experiment: &Experiment) -> Vec<Watch> {
    let (requirements, _) = require::read(&experiment.document);
    require::watches(&requirements)
}

/// Why a search has to end with what it knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// The runs or the time are used up.
    Budget,
    /// Somebody has waited long enough.
    Interrupted,
    /// An experiment that the engine does not take: a mistake of the search, or of the document.
    Refused(Vec<Problem>),
}

impl Stop {
    /// As the end of "The search ended before it was done: ...".
    pub fn why(&self) -> String {
        match self {
            Self::Budget => "its runs or its time were used up".into(),
            Self::Interrupted => "it was interrupted".into(),
            Self::Refused(problems) => {
                let first = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
                format!("a case could not be run ({first})")
            }
        }
    }
}

/// One experiment for each seed of a document.
pub(crate) fn experiments(document: &Document, seeds: impl Iterator<Item = u64>) -> Result<Vec<Experiment>, Stop> {
    let resolved = design::resolve(document).map_err(Stop::Refused)?;
    Ok(seeds.map(|seed| Experiment { document: resolved.clone(), seed, engine: sim::ENGINE.to_owned() }).collect())
}

/// A runner that counts, so that a search knows what is left.
pub(crate) struct Counted {
    desk: Desk,
    pub(crate) made: usize,
    pub(crate) most: usize,
}

impl Counted {
    pub(crate) fn new(desk: Desk, most: usize) -> Self {
        Self { desk, made: 0, most }
    }

    pub(crate) async fn run(&mut self, experiments: Vec<Experiment>) -> Result<Vec<Report>, Stop> {
        if self.made + experiments.len() > self.most {
            return Err(Stop::Budget);
        }
        self.made += experiments.len();
        self.desk.ask(experiments).await
    }

    /// One design for several seeds, as one report.
    pub(crate) async fn pooled(&mut self, document: &Document, seeds: impl Iterator<Item = u64>) -> Result<Report, Stop> {
        let reports = self.run(experiments(document, seeds)?).await?;
        sim::pool(&reports).ok_or(Stop::Budget)
    }

    pub(crate) fn trying(&mut self, what: &str) {
        self.desk.say(what);
    }
}
