//! How much a design can take: the highest load that meets all requirements, as an interval, and the
//! fewest replicas that meet them at the given load. Every comparison is a sequential test over
//! replications, so a search knows its own noise (`level`).

mod fewest;
mod highest;
mod level;

use design::Document;

use crate::require::{Requirements, Verdict};
use crate::runs::{Runs, Search, Stop, conduct};

pub use fewest::{Fewest, Part};

/// What a search may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub runs: usize,
    pub seed: u64,
}

/// Factors of the load of a document, around the highest that it can take.
#[derive(Debug, Clone, PartialEq)]
pub struct Highest {
    /// With so many times the load everything is met; none if that was not found.
    pub meets: Option<f64>,
    /// With so many times the load something is missed; none if that was not found.
    pub misses: Option<Beyond>,
    pub runs: usize,
    pub stopped: Option<Stop>,
}

/// What is missed beyond the highest load.
#[derive(Debug, Clone, PartialEq)]
pub struct Beyond {
    pub factor: f64,
    pub requirement: String,
    pub verdict: Verdict,
    /// Where it shows.
    pub component: Option<String>,
}

/// The highest load of a document at which it meets what it must.
pub fn highest(document: &Document, requirements: &Requirements, limits: Limits, runs: &mut dyn Runs) -> Highest {
    conduct(Search::new(|desk| highest::find(document, requirements, limits, desk)), runs)
}

/// The cheapest replica counts at the load that the document says.
pub fn fewest(document: &Document, requirements: &Requirements, limits: Limits, runs: &mut dyn Runs) -> Fewest {
    conduct(Search::new(|desk| fewest::find(document, requirements, limits, desk)), runs)
}

/// Both, one after the other, for who does not want to wait for them; the second with the runs that the
/// first has left.
pub fn search(document: Document, requirements: Requirements, limits: Limits) -> Search<'static, (Highest, Option<Fewest>)> {
    Search::new(|desk| async move {
        let highest = highest::find(&document, &requirements, limits, desk.clone()).await;
        // Whoever ended the first does not want the second.
        if highest.stopped.is_some() {
            return (highest, None);
        }
        let left = Limits { runs: limits.runs.saturating_sub(highest.runs), ..limits };
        let fewest = fewest::find(&document, &requirements, left, desk).await;
        (highest, Some(fewest))
    })
}
