//! The two forms of a check: the quick one of the tests, and the full one that its bands are
//! made for.

use std::fmt;

use serde::Serialize;
use units::Duration;

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Four seeds, an eighth of the time, four times the band.
    Quick,
    /// Ten seeds, for the time that the design says.
    Full,
}

/// What a case says about the length of one of its forms; the rest is by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length {
    pub seeds: Option<u64>,
    pub lasts: Option<Duration>,
}

/// What of a run's time the quick form takes.
const PART: u64 = 8;

impl Form {
    /// By how much a band is wider than the file says.
    pub fn widening(self) -> f64 {
        match self {
            Self::Quick => 4.0,
            Self::Full => 1.0,
        }
    }

    /// Seeds from 1 to this.
    pub fn seeds(self, length: Length) -> u64 {
        length.seeds.unwrap_or(match self {
            Self::Quick => 4,
            Self::Full => 10,
        })
    }

    /// How long a run takes of simulated time, for a design that says `lasts`.
    pub fn lasts(self, length: Length, lasts: Duration) -> Duration {
        length.lasts.unwrap_or(match self {
            Self::Quick => Duration(lasts.base() / PART),
            Self::Full => lasts,
        })
    }
}

impl Length {
    /// This one, where it says something, before the other.
    pub fn or(self, other: Self) -> Self {
        Self { seeds: self.seeds.or(other.seeds), lasts: self.lasts.or(other.lasts) }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Quick => "quick",
            Self::Full => "full",
        })
    }
}
