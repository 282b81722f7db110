//! Items: questions as data, in the forms that can be graded here. Grading is in `grade`, the rules
//! that hold over the whole bank too.

mod check;
mod lint;
mod range;
mod read;
mod vary;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use record::Depth;
use serde::Deserialize;

pub(crate) use lint::lint;
pub(crate) use read::{depth, read_item};

/// The values that a variation of an item takes: name -> text with its unit.
pub type Vars = BTreeMap<String, String>;

/// Texts are Markdown; `{name}` in them is a value that varies.
#[derive(Debug, Clone)]
pub struct Item {
    pub id: String,
    pub skill: String,
    pub file: String,
    /// The line of its fence.
    pub line: usize,
    pub version: u32,
    pub supersedes: Option<String>,
    /// Depths on whose page it stands; empty: practice alone.
    pub pages: BTreeSet<Depth>,
    pub placement: bool,
    pub ask: String,
    pub hints: Vec<String>,
    /// Said when the answer is right.
    pub right: String,
    /// Said when it is wrong in a way that nothing more particular fits.
    pub otherwise: String,
    pub vary: BTreeMap<String, Vec<String>>,
    /// Named steps over the varied values; texts may show them, `solve` may use them.
    pub sums: String,
    /// Those combinations of varied values that make sense, by their number; `None`: all do.
    pub(crate) admitted: Option<Arc<[u32]>>,
    pub form: Form,
}

#[derive(Debug, Clone)]
pub enum Form {
    Choice { options: Vec<OptionText> },
    Several { options: Vec<OptionText> },
    Numeric(Numeric),
    Order { lines: Vec<Line>, wrong: Vec<OrderSlip> },
    Short { ideas: Vec<Idea>, pass: usize, must: Vec<String>, number: bool, no_number: String, model: String, senior: String },
    Predict(PredictItem),
    Saturates(Saturates),
    Repair(Repair),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionText {
    pub text: String,
    #[serde(default)]
    pub right: bool,
    /// Feedback of its own.
    pub say: String,
}

#[derive(Debug, Clone)]
pub struct Numeric {
    /// A napkin expression over the varied values.
    pub solve: String,
    pub unit: Option<String>,
    /// Relative tolerance of a sum; `None`: scored on the log scale of estimates.
    pub within: Option<f64>,
    /// Where the honest answer is a band: expressions for its lower and its upper end.
    pub band: Option<[String; 2]>,
    /// Whether a range is asked for that holds the answer in four cases out of five.
    pub interval: bool,
    pub slips: Vec<Slip>,
    pub wrong_unit: String,
}

/// A known way to go wrong: what it computes, and what to say about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slip {
    pub solve: String,
    pub say: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub text: String,
    /// Shown beside the line once it is in its place.
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderSlip {
    /// The first line (by its place in the right order) was put before the second.
    pub before: [usize; 2],
    pub say: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idea {
    pub name: String,
    /// Phrases that show the idea; words match by their beginning ("wait" finds "waiting").
    pub any: Vec<String>,
    pub missing: String,
}

#[derive(Debug, Clone)]
pub struct PredictItem {
    /// Relative to the pack.
    pub design: String,
    pub before: BTreeMap<String, String>,
    pub after: BTreeMap<String, String>,
    pub measure: String,
    pub seeds: u32,
    pub say_direction: String,
    pub say_factor: String,
    pub say_bottleneck: String,
}

/// "Which box saturates first", on the picture of a design, decided by a run.
#[derive(Debug, Clone)]
pub struct Saturates {
    /// Relative to the pack.
    pub design: String,
    pub set: BTreeMap<String, String>,
    /// What the run tells; the pack check proves it.
    pub first: String,
    pub seeds: u32,
    /// Feedback of its own for a box.
    pub say: BTreeMap<String, String>,
    /// The boxes to choose from, by name: all but those that send.
    pub boxes: Vec<String>,
}

/// One change so that a design meets what it must, decided by runs.
#[derive(Debug, Clone)]
pub struct Repair {
    /// Relative to the pack.
    pub design: String,
    pub set: BTreeMap<String, String>,
    /// Requirements by a name, as a design writes them.
    pub require: BTreeMap<String, String>,
    /// What the changed design may cost.
    pub budget: Option<String>,
    pub seeds: u32,
    pub offers: Vec<Offer>,
    /// The author's own repair: the offer, and which of its values.
    pub own: (usize, usize),
}

/// A setting that may be changed, and to what.
#[derive(Debug, Clone)]
pub struct Offer {
    /// As in `octo sim --set`: "db.workers".
    pub path: String,
    pub to: Vec<Change>,
    /// Feedback for a change of this setting that does not do.
    pub say: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub value: String,
    /// Whether it meets what it must, and whether it is dearer than allowed; the pack check proves both.
    pub meets: bool,
    pub over: bool,
}

impl Repair {
    /// The changes that are not refused for their price: how many, and how many of them do.
    pub fn odds(&self) -> (usize, usize) {
        let fair = || self.offers.iter().flat_map(|offer| &offer.to).filter(|change| !change.over);
        (fair().count(), fair().filter(|change| change.meets).count())
    }
}

/// "read.queueing.03" belongs to "read.queueing".
pub(crate) fn skill_of(id: &str) -> Option<String> {
    id.rsplit_once('.').map(|(skill, _)| skill.to_owned())
}

impl Item {
    /// The chance of being right without knowing: blind choice among what is offered.
    pub fn guess(&self) -> f64 {
        match &self.form {
            Form::Choice { options } => 1.0 / options.len().max(2) as f64,
            Form::Several { options } => 1.0 / (1u32 << options.len().clamp(1, 16)) as f64,
            Form::Numeric(_) | Form::Short { .. } | Form::Predict(_) => 0.05,
            Form::Order { lines, .. } => 1.0 / (1..=lines.len().min(8)).product::<usize>().max(1) as f64,
            Form::Saturates(saturates) => 1.0 / saturates.boxes.len().max(2) as f64,
            Form::Repair(repair) => {
                let (fair, meet) = repair.odds();
                // Something can always be had by luck, and nothing is sure.
                (meet as f64 / fair.max(1) as f64).clamp(0.02, 0.80)
            }
        }
    }

    pub fn slip(&self) -> f64 {
        0.10
    }

    /// Whether a right answer is hard to come by without knowing.
    pub fn hard(&self) -> bool {
        match self.form {
            Form::Numeric(_) | Form::Short { .. } | Form::Predict(_) => true,
            // As hard as its odds: one change in seven or fewer.
            Form::Repair(_) => self.guess() <= 0.15,
            Form::Choice { .. } | Form::Several { .. } | Form::Order { .. } | Form::Saturates(_) => false,
        }
    }

    /// The kind, as the record and the page name it; never changed.
    pub fn form_word(&self) -> &'static str {
        match self.form {
            Form::Choice { .. } => "choice",
            Form::Several { .. } => "several",
            Form::Numeric(_) => "numeric",
            Form::Order { .. } => "order",
            Form::Short { .. } => "short",
            Form::Predict(_) => "run",
            Form::Saturates(_) => "saturates",
            Form::Repair(_) => "repair",
        }
    }

    /// Whether its verdict needs runs.
    pub fn needs_runs(&self) -> bool {
        self.design().is_some()
    }

    /// The design that it is about, by its path in the pack.
    pub fn design(&self) -> Option<&str> {
        match &self.form {
            Form::Predict(predict) => Some(&predict.design),
            Form::Saturates(saturates) => Some(&saturates.design),
            Form::Repair(repair) => Some(&repair.design),
            _ => None,
        }
    }
}
