//! What is believed of a learner, and what they do about it: "that is wrong, test me".

use record::What;
use tutor::{Belief, Calibration, Forecast, Influence, Test, next_review};

use crate::error::no_such;
use crate::lesson::Answered;
use crate::{Desk, DeskError, ItemView, Learner};

/// Where a test of one skill stands.
#[derive(Debug, Clone)]
pub struct Testing {
    /// The last one that was asked for.
    pub test: Option<Test>,
    /// While it goes on: a question that they never answered; `None` if there is no such question left.
    pub view: Option<ItemView>,
}

impl Learner {
    /// Every belief with its evidence, in the order of the curriculum's skills.
    pub fn beliefs(&self) -> Vec<Belief> {
        tutor::ledger(&self.shelf.curriculum, &self.priors, &self.entries).beliefs
    }

    /// What one answer on a skill (an index) would move.
    pub fn influence(&self, skill: usize) -> Vec<Influence> {
        tutor::influence(&self.shelf.curriculum, &self.priors, &self.entries, skill)
    }

    /// What is left of the course.
    pub fn forecast(&self) -> Forecast {
        tutor::forecast(self.curriculum(), &self.priors, &self.entries)
    }

    pub fn calibration(&self) -> Calibration {
        tutor::calibration(&self.entries)
    }

    /// The last test that they asked for on a skill.
    pub fn test(&self, skill: &str) -> Option<Test> {
        let skill = self.shelf.curriculum.skill(skill)?;
        tutor::test(&self.shelf.curriculum, &self.priors, &self.entries, skill)
    }
}

impl Desk {
    /// "That is wrong, test me." One test of a skill goes on at a time.
    pub async fn doubt(&self, skill: &str) -> Result<Answered, DeskError> {
        let turn = self.turn().await;
        let learner = self.learner().await?;
        if learner.shelf.curriculum.skill(skill).is_none() {
            return Err(no_such("module", skill));
        }
        if learner.test(skill).is_some_and(|test| test.settled.is_none()) {
            return Ok(Answered { seq: learner.seq() });
        }
        Ok(Answered { seq: self.append_in(&turn, vec![What::Doubted { skill: skill.to_owned() }]).await? })
    }

    /// Where the test of a skill stands, with the next question.
    pub fn testing(&self, learner: &Learner, skill: &str) -> Result<Testing, DeskError> {
        let shelf = &learner.shelf;
        let index = shelf.curriculum.skill(skill).ok_or_else(|| no_such("module", skill))?;
        let test = learner.test(skill);
        if test.as_ref().is_none_or(|test| test.settled.is_some()) {
            return Ok(Testing { test, view: None });
        }
        // An answer that was given before would be remembered, not known.
        let next = next_review(&shelf.curriculum, &learner.entries, index, &shelf.variations);
        let view = next.map(|next| self.unanswered(learner, next)).transpose()?;
        Ok(Testing { test, view })
    }
}
