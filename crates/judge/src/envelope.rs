//! The envelope: all that a design must survive, as `[envelope]` writes it, and so all that a search
//! may try. The search itself is in `breaks`.
//!
//! ```toml
//! [envelope]
//! rate   = "x0.1..x3"                       # of everything; or { buy = "x1..x5" } by class
//! faults = { any = ["crash 1", "flush", "slow x10 of db"], at_once = 1, lasts = "..2 min", at = "1 min..5 min" }
//! ```

mod faults;
mod read;

use sorted::BTreeMap;

use design::What;
use units::{Duration, Share};

pub(crate) use faults::replicas;
pub use read::read;

/// What may be done to a design.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Envelope {
    /// How many times as much of everything may be sent.
    pub all: Option<Factors>,
    /// The same by class; each apart from the others.
    pub classes: BTreeMap<String, Factors>,
    /// What may go wrong, in the order in which it was written.
    pub faults: Vec<Kind>,
    /// How many faults may be there at the same time.
    pub at_once: usize,
    /// How long a fault may last; without an end, as long as the workload has room for it.
    pub lasts: (Duration, Option<Duration>),
    /// When a fault may begin; at any time if nothing is said.
    pub at: Option<(Duration, Duration)>,
}

/// From one factor to another [10^-9].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factors {
    pub from: Share,
    pub to: Share,
}

impl Factors {
    /// The factor that is nearest to no change at all.
    pub fn usual(self) -> Share {
        Share::ONE.clamp(self.from, self.to)
    }

    fn is_free(self) -> bool {
        self.from != self.to || self.from != Share::ONE
    }
}

/// A line of `any`: "crash 1", and all that it may mean in this design.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// As it was written.
    pub written: String,
    pub options: Vec<Trouble>,
}

/// One thing that may go wrong: usually one fault, or one for each of several replicas.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    pub whats: Vec<What>,
    /// Milder forms of it that the same line allows, the mildest first.
    pub milder: Vec<Vec<What>>,
}

impl Trouble {
    /// Whether it has a length at all.
    pub fn lasts(&self) -> bool {
        !matches!(self.whats.as_slice(), [What::Flush { .. }])
    }
}

impl Envelope {
    /// Whether there is anything to try.
    pub fn is_free(&self) -> bool {
        self.all.is_some_and(Factors::is_free)
            || self.classes.values().any(|factors| factors.is_free())
            || self.faults.iter().any(|kind| !kind.options.is_empty())
    }

    /// All that may go wrong, one kind after the other.
    pub fn troubles(&self) -> impl Iterator<Item = &Trouble> {
        self.faults.iter().flat_map(|kind| &kind.options)
    }
}

/// "x2.5"
pub fn factor(share: Share) -> String {
    format!("x{}", share.0 as f64 / 1e9)
}
