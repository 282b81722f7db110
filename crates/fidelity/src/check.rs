//! A check as it was understood: documents with their settings applied, and what is expected of
//! them. How its file is written is in `read`.

use std::fmt;

use design::Document;
use serde::{Deserialize, Serialize};

use crate::{Expected, Length};

/// One file of the folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    pub id: String,
    pub title: String,
    pub says: String,
    pub source: String,
    pub class: Class,
    pub cases: Vec<Case>,
    pub sums: Vec<Sum>,
    /// For lessons; nothing to run.
    pub facts: Vec<String>,
    /// What could not be expressed, and why.
    pub cannot: Vec<String>,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    #[serde(rename = "closed form")]
    ClosedForm,
    #[serde(rename = "published")]
    Published,
    #[serde(rename = "known behaviour")]
    KnownBehaviour,
    #[serde(rename = "simulated")]
    Simulated,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClosedForm => "closed form",
            Self::Published => "published",
            Self::KnownBehaviour => "known behaviour",
            Self::Simulated => "simulated",
        })
    }
}

/// Runs of one document, or a comparison of cases that ran.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub name: String,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq)]
pub enum What {
    Run {
        document: Box<Document>,
        full: Length,
        quick: Length,
        /// By measure, in the order of the file.
        expect: Vec<(String, Expected)>,
    },
    /// Strictly descending.
    Order(Vec<Of>),
    Ratio {
        of: Of,
        to: Of,
        expect: Expected,
    },
    /// A napkin sheet with a measure in each pair of braces.
    Law {
        sheet: String,
        expect: Expected,
    },
}

/// A measure of a case: "80 % busy.worker.wait".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Of {
    pub case: String,
    pub measure: String,
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.case, self.measure)
    }
}

/// Arithmetic that needs no run.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    pub name: String,
    pub sheet: String,
    pub expect: Expected,
}

/// What is wrong with a check file, for the one who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// From 1; 0 where it is the whole file.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}
