//! What is kept of the runs of a case: the measures somebody wants, run by run, and all runs
//! added up.

use std::collections::{BTreeMap, BTreeSet};

use sim::{EndedBy, Report};

use crate::check::{Check, Of, What};
use crate::measured::{Measured, moment, of_all, of_one};

pub(super) struct Gathered {
    /// Measures that the case itself or a comparison asks for.
    wanted: BTreeSet<String>,
    /// By seed, what the run says of each of them.
    each: BTreeMap<u64, BTreeMap<String, Option<Measured>>>,
    pooled: Option<Report>,
    /// Why there is no report, by seed.
    failed: BTreeMap<u64, String>,
    ended: Option<EndedBy>,
}

impl Gathered {
    /// Nothing yet of this case.
    pub(super) fn of(check: &Check, case: &str) -> Self {
        let mut wanted = BTreeSet::new();
        for other in &check.cases {
            match &other.what {
                What::Run { expect, .. } if other.name == case => wanted.extend(expect.iter().map(|(measure, _)| measure.clone())),
                What::Run { .. } => {}
                What::Order(order) => want(&mut wanted, case, order),
                What::Ratio { of, to, .. } => want(&mut wanted, case, [of, to]),
                What::Law { sheet, .. } => want(&mut wanted, case, &braces(sheet)),
            }
        }
        Self { wanted, each: BTreeMap::new(), pooled: None, failed: BTreeMap::new(), ended: None }
    }

    /// When a run must be looked at, for what is wanted of it [ns].
    pub(super) fn moments(&self) -> Vec<u64> {
        self.wanted.iter().filter_map(|name| moment(name)).collect()
    }

    pub(super) fn add(&mut self, seed: u64, report: Result<Report, String>) {
        let report = match report {
            Ok(report) => report,
            Err(why) => {
                self.failed.insert(seed, why);
                return;
            }
        };
        // A long queue that is still draining is the rule in some checks.
        self.ended = self.ended.or(report.ended_by.filter(|by| *by != EndedBy::DrainTime));
        self.each.insert(seed, self.wanted.iter().map(|name| (name.clone(), of_one(&report, name))).collect());
        self.pooled = match self.pooled.take() {
            None => Some(report),
            Some(pooled) => {
                let both = sim::pool(&[pooled, report]).map(|both| Report { each: Vec::new(), ..both });
                if both.is_none() {
                    self.failed.insert(seed, "The runs of its seeds cannot be taken together.".into());
                }
                both
            }
        };
    }

    pub(super) fn has_run(&self) -> bool {
        self.seeds() > 0 || !self.failed.is_empty()
    }

    pub(super) fn seeds(&self) -> u64 {
        self.each.len() as u64
    }

    /// The seed before the first.
    pub(super) fn after(&self) -> u64 {
        self.each.first_key_value().map_or(0, |(seed, _)| seed.saturating_sub(1))
    }

    /// Why the case has no report.
    pub(super) fn failure(&self) -> Option<&str> {
        self.failed.values().next().map(String::as_str)
    }

    /// A measure that is wanted, of all runs.
    pub(super) fn measure(&self, name: &str) -> Option<Measured> {
        let each: Vec<Option<Measured>> = self.by_seed(name).collect();
        of_all(&each, self.pooled.as_ref()?, name)
    }

    /// What each run says of a measure.
    pub(super) fn by_seed(&self, name: &str) -> impl Iterator<Item = Option<Measured>> {
        self.each.values().map(move |measures| measures.get(name).cloned().flatten())
    }

    /// Requests that are under way when a queue drains are not meant here.
    pub(super) fn cut_short(&self) -> Option<String> {
        self.ended.map(|by| format!("cut short by {}", by.name()))
    }
}

fn want<'a>(wanted: &mut BTreeSet<String>, case: &str, of: impl IntoIterator<Item = &'a Of>) {
    wanted.extend(of.into_iter().filter(|of| of.case == case).map(|of| of.measure.clone()));
}

/// The measures in the braces of a law.
fn braces(sheet: &str) -> Vec<Of> {
    sheet.split('{').skip(1).filter_map(|part| Of::parse(part.split_once('}')?.0)).collect()
}
