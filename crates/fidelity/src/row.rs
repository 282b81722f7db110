//! One expected value beside the measured one.

use serde::Serialize;

/// What became of an expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Good,
    /// Measured, and not what was expected.
    Off,
    /// The report has no such measure.
    Missing,
    /// There is no report: the design was refused, or the engine stopped.
    Broken,
}

impl Verdict {
    pub fn is_good(self) -> bool {
        self == Self::Good
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Off => "off",
            Self::Missing => "missing",
            Self::Broken => "broken",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    pub check: String,
    pub case: String,
    /// A measure, a ratio or an order of measures, or a sum.
    pub measure: String,
    pub expected: String,
    pub measured: String,
    /// Empty at bounds.
    pub error: String,
    /// As wide as this form has it; empty at bounds.
    pub tolerance: String,
    /// How much of the band is used up, 1 at its edge; none at bounds.
    pub used: Option<f64>,
    pub verdict: Verdict,
    pub source: String,
    /// How many seeds; 0 where nothing ran.
    pub seeds: u64,
    /// They begin after this one.
    #[serde(skip_serializing_if = "is_none")]
    pub after: u64,
    /// What is off, seed by seed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<String>,
    /// Why there is no value, or what cut a run short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Row {
    /// For a terminal: "80 % busy: mean: expected 50 ms, measured 53.1 ms (+6.2 % of 4.4 %)".
    pub fn sentence(&self) -> String {
        let mut text = format!("{}: {}: expected {}", self.case, self.measure, self.expected);
        if !self.tolerance.is_empty() {
            text.push_str(&format!(" within {}", self.tolerance));
        }
        if !self.measured.is_empty() {
            text.push_str(&format!(", measured {}", self.measured));
        }
        if !self.error.is_empty() {
            text.push_str(&format!(" ({})", self.error));
        }
        if let Some(note) = &self.note {
            text.push_str(&format!("; {note}"));
        }
        if self.seeds > 0 {
            text.push_str(&format!("; seeds {} to {}", self.after + 1, self.after + self.seeds));
        }
        if self.seeds > 0 && !self.each.is_empty() {
            text.push_str(&format!(": {}", self.each.join(", ")));
        }
        text
    }
}

fn is_none(number: &u64) -> bool {
    *number == 0
}
