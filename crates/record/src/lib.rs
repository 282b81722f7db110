//! The learner's record: a list of entries that is only ever appended to, and what each means.
//!
//! Mastery and plan are derived from it elsewhere (`tutor`); keeping it is the business of
//! `store`. Each entry carries all that is needed to read it again years later under another
//! pack: skill ids, and the guess and slip that the item had on that day.

pub mod file;
mod profile;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod told;

use serde::{Deserialize, Serialize};

pub use profile::{Goal, Profile, Role};

/// Who an entry is about. In every table from the first day, though an instance has one learner now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LearnerId(pub String);

/// Where a learner's own words are kept; the words can be deleted, the id stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TextId(pub String);

/// A moment [ms since 1970-01-01 UTC].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

/// A probability or a score, in parts per million, so that records hold no floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ppm(pub u32);

impl Ppm {
    pub const ONE: Self = Self(1_000_000);

    /// Clamped to 0..=1; not-a-number becomes 0.
    pub fn from_f64(p: f64) -> Self {
        Self((p.clamp(0.0, 1.0) * 1e6).round() as u32)
    }

    /// From 0 to 1, whatever was stored.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0.min(Self::ONE.0)) / 1e6
    }
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub learner: LearnerId,
    /// From 1, without gaps, per learner.
    pub seq: u64,
    pub at: Moment,
    pub what: What,
}

/// No entry that we write comes near this length; a longer one is refused unread \[bytes\].
const ENTRY_MOST: usize = 1 << 20;

impl Entry {
    /// The entry as one line of JSON: what is stored and exported.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an entry has only text keys and finite numbers")
    }

    /// Reads what [`Entry::to_json`] wrote, now or in an earlier version. The error says what is wrong.
    pub fn from_json(line: &str) -> Result<Self, String> {
        if line.len() > ENTRY_MOST {
            return Err(format!("This entry is {} bytes long; an entry has at most 1 MiB.", line.len()));
        }
        serde_json::from_str(line).map_err(|error| format!("This is not an entry that this version can read: {error}."))
    }

    /// The answer, if that is what happened.
    pub fn answer(&self) -> Option<&Answer> {
        match &self.what {
            What::Answered(answer) => Some(answer),
            _ => None,
        }
    }
}

/// What happened. A variant or field is never renamed or removed: old records must stay
/// readable. A new field needs a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum What {
    /// The background questions were answered (again). The last one counts.
    Profiled(Profile),
    /// "I know this", per skill; skills that are not named were not claimed. The last one counts.
    Claimed { skills: Vec<String> },
    /// The placement began. Beginning again later forgets the questions asked before, not their evidence.
    PlacementBegan,
    /// The placement is over: the engine was sure, the cap was reached, or the learner stopped it.
    PlacementEnded { reason: PlacementEnd },
    /// An item was answered.
    Answered(Answer),
    /// A rung of the hint ladder of an item was shown (1 to 4).
    Hinted { skill: String, item: String, seed: u64, rung: u8 },
    /// A prediction was committed, the run made, and the gap scored.
    Predicted(Prediction),
    /// In the studio: what was expected of the first run of a design, and what the run said.
    Foresaw(Foresight),
    /// A lesson was read to its end at a depth.
    Taught { skill: String, depth: Depth },
    /// Something was written in answer to a why-question; it is kept, not graded.
    Wrote { skill: String, prompt: String, text: TextId },
    /// The learner chose a treatment against the plan; `None` gives the line back to the plan.
    Overruled { skill: String, treatment: Option<Treatment> },
    /// A certificate was issued.
    Certified { certificate: String },
    /// "That is wrong, test me": the learner doubts what is believed of a skill.
    Doubted { skill: String },
    /// A word of the background was taken away or added by hand; the last one per word counts, and
    /// wins over whatever is read in the learner's own words. "stack:django", "domain:health".
    Corrected { word: String, holds: bool },
}

impl What {
    /// The id of the one skill it is about.
    pub fn skill(&self) -> Option<&str> {
        match self {
            Self::Answered(answer) => Some(&answer.skill),
            Self::Predicted(prediction) => Some(&prediction.skill),
            Self::Hinted { skill, .. }
            | Self::Taught { skill, .. }
            | Self::Wrote { skill, .. }
            | Self::Overruled { skill, .. }
            | Self::Doubted { skill } => Some(skill),
            Self::Profiled(_)
            | Self::Claimed { .. }
            | Self::PlacementBegan
            | Self::PlacementEnded { .. }
            | Self::Foresaw(_)
            | Self::Certified { .. }
            | Self::Corrected { .. } => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlacementEnd {
    Sure,
    Cap,
    Learner,
}

/// How a module is treated in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    Skip,
    Compress,
    Standard,
    Slow,
}

/// A module is written once and shown at one of three depths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Depth {
    Brief,
    Standard,
    Slow,
}

/// Where an answer was given; only some places count as unaided proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// No feedback until the end.
    Placement,
    /// A question in the course before its lesson, to find out whether the lesson is needed.
    Probe,
    /// Inside a lesson page.
    Lesson,
    Practice,
    Review,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Right,
    Wrong,
    /// "I don't know": as wrong, without the chance of a lucky guess.
    Unknown,
}

/// An answered item, with all that mastery needs to know about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub skill: String,
    pub item: String,
    /// The version of the item's text at that time.
    pub version: u32,
    /// Which variation of a generated item; 0 for a fixed one.
    pub seed: u64,
    pub setting: Setting,
    pub outcome: Outcome,
    /// Credit for partly right answers; the outcome is `Right` from half upwards.
    pub score: Ppm,
    /// The chance of being right without knowing, and of being wrong while knowing.
    pub guess: Ppm,
    pub slip: Ppm,
    /// Numeric, simulated or written: hard to guess.
    pub hard: bool,
    /// The kind of item ("choice", "numeric", ...), for the reader of the record.
    pub form: String,
    /// The try at this very question, from 1; only the first is evidence.
    pub attempt: u32,
    /// Rungs of the hint ladder seen before answering.
    pub hints: u8,
    /// How sure the learner said they were.
    #[serde(default)]
    pub confidence: Option<Ppm>,
    /// The answer in a short, harmless form (option ids, a number with its unit).
    pub response: String,
    /// A written answer lives in the table of texts.
    #[serde(default)]
    pub text: Option<TextId>,
    /// Where a range was asked for that holds the truth: the range, beside the truth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
}

/// A range that was to hold the truth so often, beside the truth. Quantities are texts with units.
/// Like confidence it says how well somebody knows what they know, and is never part of a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// In how many cases it was to hold the truth.
    pub level: Ppm,
    pub low: String,
    pub high: String,
    pub truth: String,
    pub held: bool,
    /// The interval score on the log scale, smaller is better: its width, and what the truth was
    /// outside of it times 2 / (1 - level) [thousandths of a power of ten].
    pub score: u32,
}

/// A committed prediction beside what the run gave. Quantities are texts with units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prediction {
    pub skill: String,
    pub figure: String,
    pub guesses: Vec<Guess>,
    /// The mean of the scores of the guesses that are graded.
    pub score: Ppm,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guess {
    /// The question, as the figure writes it: "buy.mean at 95/s".
    pub ask: String,
    /// `None`: "I don't know", which is a permitted commit.
    pub guess: Option<String>,
    pub measured: String,
    /// The digest of the experiment that gave the answer.
    pub run: String,
    pub score: Ppm,
    pub graded: bool,
}

/// What a learner expected of a design of their own before they ran it. Free play: it says how well
/// they know what they know, and is no evidence of any skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foresight {
    /// The digest of the design, its world included.
    pub design: String,
    /// The digest of the experiment that gave the answers.
    pub run: String,
    pub guesses: Vec<Foreseen>,
    /// The mean of the scores.
    pub score: Ppm,
}

/// One question about the run. Quantities are texts with units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreseen {
    /// As a report calls it: "bottleneck", "buy.p99", "cost".
    pub ask: String,
    pub guess: String,
    pub measured: String,
    pub score: Ppm,
    /// How sure the learner said they were.
    pub confidence: Ppm,
}
