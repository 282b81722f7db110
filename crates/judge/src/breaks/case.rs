//! A point of an envelope: how much is sent and what goes wrong, and the document that it makes.

use sorted::BTreeMap;

use design::{Distribution, Document, Fault, What};
use units::{Duration, Share};

use crate::envelope::factor;

/// What is done to a design.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Case {
    /// How many times as much of everything is sent.
    pub all: Share,
    /// The same by class, on top of that; those that are missing are as they were.
    pub classes: BTreeMap<String, Share>,
    pub faults: Vec<Placed>,
}

/// A fault with its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Which trouble of the envelope it is.
    pub trouble: usize,
    /// One, or one for each replica that is struck.
    pub whats: Vec<What>,
    pub at: Duration,
    /// None for what has no length.
    pub lasts: Option<Duration>,
}

impl Case {
    /// Nothing is done.
    pub fn usual() -> Self {
        Self { all: Share::ONE, ..Self::default() }
    }

    pub fn is_usual(&self) -> bool {
        self.all == Share::ONE && self.classes.values().all(|share| *share == Share::ONE) && self.faults.is_empty()
    }

    /// The document in this case.
    pub fn applied(&self, document: &Document) -> Document {
        let mut changed = document.clone();
        scale(&mut changed, self.all);
        for (name, share) in &self.classes {
            if let Some(arrivals) = changed.workload.classes.get_mut(name).and_then(|class| class.arrivals.as_mut()) {
                *arrivals = arrivals.scaled(*share);
            }
        }
        changed.faults.extend(self.faults());
        changed
    }

    /// Its faults as a document has them.
    pub fn faults(&self) -> impl Iterator<Item = Fault> {
        self.faults.iter().flat_map(|placed| {
            let lasts = placed.lasts.map(|value| Distribution::Constant { value });
            placed.whats.iter().map(move |what| Fault { at: placed.at, lasts: lasts.clone(), every: None, what: what.clone() })
        })
    }

    /// How the command line says it: ["--load", "x2.5", "--fault", "crash db.1 at 20 s for 10 s"].
    pub fn arguments(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.all != Share::ONE {
            words.extend(["--load".to_owned(), factor(self.all)]);
        }
        for (name, share) in self.classes.iter().filter(|(_, share)| **share != Share::ONE) {
            words.extend(["--load".to_owned(), format!("{name}={}", factor(*share))]);
        }
        for fault in self.faults() {
            let lasts = fault.lasts.map(|lasts| format!(" for {lasts}")).unwrap_or_default();
            words.extend(["--fault".to_owned(), format!("{} at {}{lasts}", fault.what, fault.at)]);
        }
        words
    }

    /// "with 2.5 times the load, and crash db.1 from 20 s on for 10 s"; "with nothing done to it".
    pub fn spoken(&self) -> String {
        let mut parts = Vec::new();
        if self.all != Share::ONE {
            parts.push(format!("with {} times the load", number(self.all)));
        }
        for (name, share) in self.classes.iter().filter(|(_, share)| **share != Share::ONE) {
            parts.push(format!("with {} times as much “{name}”", number(*share)));
        }
        for placed in &self.faults {
            let whats: Vec<String> = placed.whats.iter().map(|what| format!("“{what}”")).collect();
            let lasts = placed.lasts.map(|lasts| format!(" for {lasts}")).unwrap_or_default();
            parts.push(format!("with {} at {}{lasts}", whats.join(" and "), placed.at));
        }
        if parts.is_empty() { "with nothing done to it".into() } else { parts.join(" and ") }
    }
}

fn number(share: Share) -> String {
    factor(share).trim_start_matches('x').to_owned()
}

/// So many times as much of everything.
pub(crate) fn scale(document: &mut Document, share: Share) {
    let workload = &mut document.workload;
    let classes = workload.classes.values_mut().filter_map(|class| class.arrivals.as_mut());
    for arrivals in classes.chain(workload.arrivals.as_mut()) {
        *arrivals = arrivals.scaled(share);
    }
}
