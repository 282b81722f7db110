//! "That is wrong, test me": questions on one doubted skill until it is sure either way. Which
//! question comes next is the business of `practice`; an answer weighs here as it does anywhere.

use record::{Entry, Outcome, Setting, What};

use crate::plan::{SKIP, SLOW};
use crate::replay::Replay;
use crate::{Curriculum, Priors, Weight};

/// One answer may be luck or a slip; after so many without a clear end, more would be a drill.
const LEAST: u32 = 2;
const MOST: u32 = 8;

/// A test that a learner asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// Index into [`Curriculum::skills`].
    pub skill: usize,
    /// The entry that asked for it.
    pub began: u64,
    /// What was believed then, and at the last answer of the test.
    pub before: Weight,
    pub after: Weight,
    pub asked: u32,
    pub right: u32,
    /// `None` while it goes on.
    pub settled: Option<Settled>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Believed known, as firmly as what the plan skips; the last answer was right.
    Known,
    /// Believed not known; the last answer was not right.
    Unknown,
    /// Neither after so many questions.
    Open,
}

/// The last test that was asked for on a skill, as far as it has come.
pub fn test(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], skill: usize) -> Option<Test> {
    let id = &curriculum.skills.get(skill)?.id;
    let began = entries.iter().rposition(|entry| matches!(&entry.what, What::Doubted { skill } if skill == id))?;
    let mut replay = Replay::new(curriculum, priors, ());
    entries[..=began].iter().for_each(|entry| replay.enter(entry));
    let before = replay.standings[skill].belief;
    let mut test = Test { skill, began: entries[began].seq, before, after: before, asked: 0, right: 0, settled: None };
    for entry in &entries[began + 1..] {
        replay.enter(entry);
        if let What::Answered(answer) = &entry.what
            && answer.skill == *id
            && answer.attempt == 1
            && answer.hints == 0
            && answer.setting != Setting::Placement
        {
            test.count(answer.outcome == Outcome::Right, replay.standings[skill].belief);
            if test.settled.is_some() {
                break;
            }
        }
    }
    Some(test)
}

/// The test that goes on now on a skill, if one does.
pub fn running_test(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], skill: usize) -> Option<Test> {
    test(curriculum, priors, entries, skill).filter(|test| test.settled.is_none())
}

impl Test {
    fn count(&mut self, right: bool, belief: Weight) {
        self.asked += 1;
        self.right += u32::from(right);
        self.after = belief;
        let p = belief.p();
        self.settled = match self.asked {
            asked if asked < LEAST => None,
            _ if right && p >= SKIP => Some(Settled::Known),
            _ if !right && p < SLOW => Some(Settled::Unknown),
            asked if asked >= MOST => Some(Settled::Open),
            _ => None,
        };
    }
}
