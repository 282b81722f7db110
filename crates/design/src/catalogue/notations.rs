//! The notations of values, each with an example of every way to write it: for editors that offer
//! them. What they mean is with their types.

use crate::keys::Population;
use crate::pattern::{Notation, Pattern};
use crate::{Arrivals, Backoff, Distribution, Hot, Shed, What};

/// One way to write a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Its first word; several ways may share it.
    pub name: &'static str,
    pub example: &'static str,
}

/// Every notation by the name that a word's [`super::Takes`] has for it, and "fault".
pub fn notations() -> [(&'static str, Vec<Way>); 7] {
    [
        ("arrivals", ways(Arrivals::PATTERNS)),
        ("backoff", ways(Backoff::PATTERNS)),
        ("distribution", ways(Distribution::PATTERNS)),
        ("fault", ways(What::PATTERNS)),
        ("hot", ways(Hot::PATTERNS)),
        ("keys", ways(Population::PATTERNS)),
        ("shed", ways(Shed::PATTERNS)),
    ]
}

fn ways(patterns: &'static [Pattern]) -> Vec<Way> {
    patterns.iter().map(|pattern| Way { name: pattern.name, example: pattern.example }).collect()
}
