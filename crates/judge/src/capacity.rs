//! How much a design can take: the highest load that meets all requirements, as an interval, and the
//! fewest replicas that meet them at the given load. Every comparison is a sequential test over
//! replications, so a search knows its own noise (`level`).

mod fewest;
mod highest;
mod level;

use crate::require::Verdict;
use crate::runs::Stop;

pub use fewest::{Fewest, Part, fewest};
pub use highest::highest;

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
