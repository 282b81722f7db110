//! What each component is for: taken away, or halved, with the same seeds, under the usual load and
//! under what the envelope allows and the design survives. A box whose loss breaks no requirement
//! earns none. How plans go around a component is in `bypass`.

mod bypass;
mod halve;
mod survey;
mod tell;

use sorted::BTreeMap;

use design::Document;

use crate::breaks::Case;
use crate::envelope::Envelope;
use crate::require::{Requirements, Verdict};
use crate::runs::{Runs, Search, Stop, conduct};

/// What is known of all components at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Ablation {
    /// Under what each change was tried, the usual load first.
    pub cases: Vec<Case>,
    /// The verdicts on the design as it is, under the usual load.
    pub usual: BTreeMap<String, Verdict>,
    pub rows: Vec<Row>,
    pub runs: usize,
    pub stopped: Option<Stop>,
}

/// One change of one component.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub component: String,
    /// Whether it does work of its own, which nobody does without it.
    pub works: bool,
    pub change: Change,
    pub result: Result<Without, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Removed,
    /// Half as much of a setting: "replicas", from, to.
    Halved {
        what: String,
        from: String,
        to: String,
    },
}

/// What a design is without it.
#[derive(Debug, Clone, PartialEq)]
pub struct Without {
    /// Requirements that are missed then, and under which of the cases first.
    pub earns: Vec<Earned>,
    /// Requirements of which the runs do not tell.
    pub open: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Earned {
    pub requirement: String,
    pub verdict: Verdict,
    pub case: Case,
}

impl Row {
    /// Nothing is missed without it.
    pub fn earns_nothing(&self) -> bool {
        self.result.as_ref().is_ok_and(|without| without.earns.is_empty() && without.open.is_empty())
    }
}

/// Changes each component in turn. Without an envelope only the usual load is looked at.
pub fn ablate(
    document: &Document,
    requirements: &Requirements,
    envelope: Option<&Envelope>,
    most: usize,
    seed: u64,
    runs: &mut dyn Runs,
) -> Ablation {
    conduct(Search::new(|desk| survey::survey(document, requirements, envelope, most, seed, desk)), runs)
}

/// The same for who does not want to wait for it.
pub fn search(
    document: Document,
    requirements: Requirements,
    envelope: Option<Envelope>,
    most: usize,
    seed: u64,
) -> Search<'static, Ablation> {
    Search::new(|desk| async move { survey::survey(&document, &requirements, envelope.as_ref(), most, seed, desk).await })
}
