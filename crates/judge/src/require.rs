//! Requirements: what a design must meet, as `[require]` writes it, and whether runs show that it
//! does. Running is the business of the caller, who is told what a run must watch for it.

mod check;
mod held;
mod invariant;
mod known;
mod next;
mod read;
mod verdict;

use sorted::BTreeMap;
use std::fmt;

use sim::Invariant;
use units::Quantity;

pub use check::read;
pub use invariant::watches;
pub use next::{RUNS_MAX, next};
pub use verdict::{Verdict, judge};

/// Requirements by their ids.
pub type Requirements = BTreeMap<String, Requirement>;

/// One line of `[require]`.
#[derive(Debug, Clone, PartialEq)]
pub enum Requirement {
    Objective(Objective),
    /// "link: no lost write"
    Invariant {
        data: String,
        what: Invariant,
    },
}

/// "follow p99 < 100 ms"
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    /// As [`sim::Report::measure`] calls it: "follow.p99"; or "recovery", the slowest of all classes.
    pub measure: String,
    pub comparison: Comparison,
    /// In base units.
    pub bound: Quantity,
    /// The bound as its author wrote it: "100 ms", "99.9 %".
    pub written: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Comparison {
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }

    pub(crate) fn is_ceiling(self) -> bool {
        matches!(self, Self::Less | Self::AtMost)
    }

    pub(crate) fn is_floor(self) -> bool {
        matches!(self, Self::AtLeast | Self::More)
    }

    /// Values that differ by rounding alone are equal.
    pub(crate) fn holds(self, value: f64, bound: f64) -> bool {
        let is_equal = (value - bound).abs() <= 1e-9 * value.abs().max(bound.abs());
        match self {
            Self::Less => value < bound && !is_equal,
            Self::AtMost => value <= bound || is_equal,
            Self::Equal => is_equal,
            Self::AtLeast => value >= bound || is_equal,
            Self::More => value > bound && !is_equal,
        }
    }
}

/// Why a text is no requirement, and which part of it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Where that part begins in the text of the requirement [bytes].
    pub at: usize,
    pub message: String,
    pub suggestion: Option<String>,
}

/// As it is read again: names, spaces and signs in one way, the bound as it was written.
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Objective(objective) => objective.fmt(f),
            Self::Invariant { data, what } => write!(f, "{data}: {what}"),
        }
    }
}

impl fmt::Display for Objective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", read::spoken(&self.measure), self.comparison.sign(), self.written)
    }
}
