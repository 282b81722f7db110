//! Questions outside lessons: practice until a module is proved, and a question before its lesson.

use record::{Entry, Setting};
use tutor::{next_practice, next_probe};

use crate::error::no_such;
use crate::{Desk, DeskError, ItemView, Learner};

/// What to ask next, if anything.
#[derive(Debug, Clone)]
pub struct Practice {
    pub view: Option<ItemView>,
}

impl Desk {
    /// A fresh question on a skill; now and then on one that is taken for it.
    pub async fn practice(&self, learner: &Learner, skill: &str) -> Result<Practice, DeskError> {
        self.asked(learner, skill, next_practice)
    }

    /// The question on a skill that may save its lesson.
    pub async fn probe(&self, learner: &Learner, skill: &str) -> Result<Practice, DeskError> {
        self.asked(learner, skill, next_probe)
    }

    fn asked(
        &self,
        learner: &Learner,
        skill: &str,
        next: impl Fn(&tutor::Curriculum, &tutor::Priors, &[Entry], usize, &[u64]) -> Option<tutor::Practice>,
    ) -> Result<Practice, DeskError> {
        let shelf = &learner.shelf;
        let index = shelf.curriculum.skill(skill).ok_or_else(|| no_such("module", skill))?;
        let found = next(&shelf.curriculum, &learner.priors, &learner.entries, index, &shelf.variations);
        Ok(Practice { view: found.map(|next| self.unanswered(learner, next)).transpose()? })
    }

    /// A question as it is first seen. One seen before comes back empty: it is asked again, not shown
    /// with its answer.
    pub(crate) fn unanswered(&self, learner: &Learner, next: tutor::Practice) -> Result<ItemView, DeskError> {
        let item = self.item(learner, &learner.shelf.curriculum.items[next.item].id)?;
        Ok(ItemView { hints: 0, attempts: 0, last: None, seed: next.variation, item })
    }

    /// A question outside a lesson with what was answered to it.
    pub async fn questioned(&self, learner: &Learner, id: &str, seed: u64, setting: Setting) -> Result<ItemView, DeskError> {
        let item = self.item(learner, id)?;
        let seed = seed % item.variations();
        self.item_view(learner, item, seed, setting).await
    }
}
