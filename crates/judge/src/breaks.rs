//! What breaks a design: a search inside its envelope for something that breaks a requirement, and the
//! smallest form of it. Running is the caller's ([`crate::runs::Runs`]); what the design must survive
//! is in `envelope`, what it must meet in `require`.
//!
//! The corners come first, since weaknesses sit there: the highest load alone, each fault for as long
//! as it may last, each fault at the highest load, then several at once; then the neighbourhood of
//! whatever came closest. A case that misses a requirement in one run is a suspicion; it is told only
//! when fresh seeds agree (`confirm`), and after it was made smaller (`shrink`).

mod case;
mod confirm;
mod order;
mod search;
mod shrink;
mod slack;
mod symptom;
mod tell;

use design::Document;

use crate::envelope::Envelope;
use crate::require::{Objective, Requirements, Verdict};
use crate::runs::{Runs, Search, Stop, conduct};

pub(crate) use case::scale;
pub use case::{Case, Placed};
pub(crate) use order::corners_of;
pub(crate) use slack::collapsed as is_collapsed;
pub use slack::slack;
pub use symptom::{How, Symptom, symptom};

/// What a search needs to know beside the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All runs, with those that confirm and shrink.
    pub runs: usize,
    /// The first of the seeds.
    pub seed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { runs: 200, seed: 1 }
    }
}

/// What a search knows at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub found: Option<Finding>,
    /// What was tried, the nearest to a break first.
    pub tried: Vec<Tried>,
    /// Cases that missed something in one run, and did not in others.
    pub suspicions: usize,
    pub runs: usize,
    /// Why it ended early; none if it came to its own end.
    pub stopped: Option<Stop>,
    /// Requirements that no run could judge, and why.
    pub not_judged: Vec<(String, String)>,
}

/// A case that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    pub case: Case,
    /// How far the nearest requirement was from being missed, as a part of its bound; negative if
    /// it was missed in this run.
    pub slack: f64,
    /// The id of that requirement.
    pub requirement: String,
}

/// A break, confirmed by fresh seeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub case: Case,
    /// What was found first, before it was made smaller.
    pub first: Case,
    /// Whether there was time to make it as small as can be.
    pub is_smallest: bool,
    /// The id of the requirement and what it says.
    pub requirement: String,
    pub says: String,
    pub objective: Option<Objective>,
    pub verdict: Verdict,
    /// The first of the seeds that show it, and how many do.
    pub seed: u64,
    pub seeds: usize,
    pub symptom: Option<Symptom>,
    /// The design with all that was done to it.
    pub document: Document,
}

/// Looks for something inside the envelope that breaks a requirement.
pub fn find(document: &Document, requirements: &Requirements, envelope: &Envelope, limits: Limits, runs: &mut dyn Runs) -> Outcome {
    conduct(Search::new(|desk| search::find(document, requirements, envelope, limits, desk)), runs)
}

/// The same for who does not want to wait for it.
pub fn search(document: Document, requirements: Requirements, envelope: Envelope, limits: Limits) -> Search<'static, Outcome> {
    Search::new(|desk| async move { search::find(&document, &requirements, &envelope, limits, desk).await })
}
