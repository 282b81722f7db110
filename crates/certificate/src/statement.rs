//! What a certificate says. Strings, integers and flags only, so that every reader of the JSON
//! sees the same numbers; how it is signed is in `sign`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::utc::Utc;

/// The version of the statement's shape.
pub const VERSION: u32 = 1;

/// The note of an instance that a learner runs for themselves.
pub const SELF_ISSUED: &str = "Issued by the learner's own machine: rerun it, do not trust it.";

/// Everything that a certificate says, in the order in which it is read.
///
/// The bytes are signed: a field is never renamed, and a new one needs a new [`VERSION`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`VERSION`].
    pub version: u32,
    pub id: Id,
    /// Who vouches: the name of the instance.
    pub issuer: String,
    /// What the reader must know about the issuer; [`SELF_ISSUED`] for a single-learner instance.
    pub issuer_note: String,
    /// The key that signs.
    pub kid: String,
    pub subject: Subject,
    pub course: Course,
    /// What was tested, and how each part was graded.
    pub chapters: Vec<Chapter>,
    /// What can be run again and compared.
    pub runs: Vec<Run>,
    /// The pass rule, as text.
    pub rule: String,
    /// What a program checked, and what nobody checked, as text.
    pub checked: String,
    /// What help was there while answering, as text.
    pub help: String,
    pub issued_at: Utc,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// As the learner entered it; nobody checked it.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    pub id: String,
    pub title: String,
    pub version: String,
    /// The digest of the pack's files.
    pub digest: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    pub id: String,
    pub title: String,
    pub modules: Vec<Module>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    pub skill: String,
    pub title: String,
    pub passed: bool,
    /// How sure the instance is that the skill is mastered [parts per million].
    pub score: u32,
    /// The forms of its answers: "choice", "numeric", "run".
    pub graded_by: Vec<String>,
    pub answers: u32,
    /// Those given without a hint, at the first try.
    pub unaided: u32,
    pub hints_used: u32,
    /// The last answer; absent when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Utc>,
}

/// A run that anyone can repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The digest of the experiment.
    pub id: String,
    /// What it showed, as text.
    pub what: String,
}

/// The 128 bits that name a certificate; written as 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub [u8; 16]);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Id {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const SHAPE: &str = "a certificate id is 32 lower-case hexadecimal digits";
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return Err(SHAPE);
        }
        let mut id = [0; 16];
        for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0]).ok_or(SHAPE)? << 4 | nibble(pair[1]).ok_or(SHAPE)?;
        }
        Ok(Self(id))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn an_id_reads_back_as_written() {
        let id = Id(*b"\x00\x01\x7f\x80\xff456789abcde");
        assert_eq!(id.to_string(), "00017f80ff3435363738396162636465");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn an_id_has_one_spelling() {
        for text in ["", "00", "00017F80FF3435363738396162636465", "0001 f80ff3435363738396162636465", "ééééééééééééééé0"] {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }
}
