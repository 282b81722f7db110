//! A part of a large design, run in place of the whole (`--sample`), and what is said about it.
//! Which part stands for the whole is decided in `judge`.

use design::Resolved;
use judge::reduce::{PARTS, Reduction, Smaller, agree, reduce};
use sim::Report;

use crate::sim::conduct::Ran;

/// What is run, and sentences about it.
pub(crate) struct Sample {
    smaller: Option<Box<Smaller>>,
    pub(crate) told: Vec<String>,
    /// How many runs it takes to be sure.
    least: usize,
}

impl Sample {
    /// Everything is run, and nothing need be said.
    pub(crate) fn none() -> Self {
        Self { smaller: None, told: Vec::new(), least: 1 }
    }

    pub(crate) fn of(document: &Resolved) -> Self {
        match reduce(document) {
            Reduction::Smaller(smaller) => Self { told: smaller.told.clone(), smaller: Some(smaller), least: 1 },
            Reduction::Exact(why) => Self::exact(&why),
        }
    }

    fn exact(why: &[String]) -> Self {
        let told = std::iter::once("All of it is run, since no part stands for the whole.".to_owned());
        Self { smaller: None, told: told.chain(why.iter().cloned()).collect(), least: 1 }
    }

    /// What is run in place of a document.
    pub(crate) fn document<'a>(&'a self, document: &'a Resolved) -> &'a Resolved {
        self.smaller.as_ref().map_or(document, |smaller| &smaller.document)
    }

    /// Runs of the part, told as runs of the whole; none, and from now on everything is run, if
    /// the part did not stand for the whole after all.
    pub(crate) fn tell(&mut self, ran: Vec<Ran>) -> Option<Vec<Ran>> {
        let Some(smaller) = &self.smaller else { return Some(ran) };
        if ran.iter().any(|ran| !smaller.is_sure(&ran.report)) && self.least < PARTS {
            self.least = PARTS;
            self.told.push(format!("So close to a limit one part alone says little, so {PARTS} are run and compared."));
        }
        let told = ran.into_iter().map(|ran| Ok(Ran { report: smaller.tell(ran.report)?, ..ran })).collect();
        match told {
            Ok(told) => Some(told),
            Err(why) => {
                let why: String = why;
                *self = Self::exact(&[why]);
                None
            }
        }
    }

    /// How many more runs it takes to be sure, where so many were asked for. If the parts then do not
    /// tell the same, what was run says nothing, and as many are made of everything.
    pub(crate) fn wants(&mut self, ran: &mut Vec<Ran>, asked: usize) -> usize {
        if self.least == 1 || ran.len() < self.least {
            return self.least.saturating_sub(ran.len());
        }
        let reports: Vec<Report> = ran.iter().map(|ran| ran.report.clone()).collect();
        match agree(&reports) {
            Ok(()) => 0,
            Err(why) => {
                *self = Self::exact(&[why]);
                ran.clear();
                asked
            }
        }
    }
}
