//! Estimates on the back of a napkin: named steps of arithmetic on quantities with units.
//!
//! ```text
//! users    = 10 million users
//! requests = users * 8 requests/user/day -> requests/s
//! traffic  = requests * 3 KB/request
//! ```
//!
//! There are no definitions of functions, no loops and no conditions, on purpose: the work is
//! bounded by the length of the text, so a server may evaluate what a stranger typed.

mod evaluate;
mod fault;
mod function;
mod token;
mod value;
mod words;

use std::fmt;
use std::ops::Range;

pub use value::Value;

/// The longest text that is read [bytes].
pub const MAX_TEXT: usize = 4096;
/// The most steps in a text.
pub const MAX_STEPS: usize = 64;
/// The deepest nesting of parentheses.
pub const MAX_DEPTH: usize = 32;

/// The steps of a text in their order, each with its value. Never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub steps: Vec<Step>,
}

impl Sheet {
    /// The value of the last step: the answer, by convention.
    pub fn answer(&self) -> Option<&Value> {
        self.steps.last().map(|step| &step.value)
    }
}

/// One line per step, "name = value".
impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            match &step.name {
                Some(name) => writeln!(f, "{name} = {}", step.shown)?,
                None => writeln!(f, "{}", step.shown)?,
            }
        }
        Ok(())
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub name: Option<String>,
    /// As it was written, without comment.
    pub text: String,
    pub value: Value,
    /// Three significant digits, in the unit that was asked for or else in the best one.
    pub shown: String,
}

/// What is wrong with a step, for the one who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// From 1, in characters, the end not included.
    pub columns: Range<usize>,
    pub message: String,
    /// What to write instead, as a sentence.
    pub suggestion: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.columns.start, self.message)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, " {suggestion}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// Evaluates steps separated by line breaks or `;`. A `#` begins a comment.
///
/// Either every step has a finite value, or there is at least one problem; a step is told about
/// once, and a step that only suffers from an earlier one is not told about at all.
pub fn evaluate(text: &str) -> Result<Sheet, Vec<Problem>> {
    evaluate::sheet(text)
}
