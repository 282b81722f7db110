//! Practice: fresh questions on one skill until it is proved.

use record::Setting;
use tutor::next_practice;

use crate::error::no_such;
use crate::{Desk, DeskError, ItemView, Learner};

/// What to practise next, if anything.
#[derive(Debug, Clone)]
pub struct Practice {
    pub view: Option<ItemView>,
}

impl Desk {
    /// A fresh question on a skill.
    pub async fn practice(&self, learner: &Learner, skill: &str) -> Result<Practice, DeskError> {
        let shelf = &learner.shelf;
        let index = shelf.curriculum.skill(skill).ok_or_else(|| no_such("module", skill))?;
        let Some(next) = next_practice(&shelf.curriculum, &learner.priors, &learner.entries, index, &shelf.variations) else {
            return Ok(Practice { view: None });
        };
        let item = self.item(learner, &shelf.curriculum.items[next.item].id)?;
        // A question seen before comes back empty: it is asked again, not shown with its answer.
        let view = ItemView { hints: 0, attempts: 0, last: None, seed: next.variation, item };
        Ok(Practice { view: Some(view) })
    }

    /// A question of a practice sitting with what was answered to it.
    pub async fn practised(&self, learner: &Learner, id: &str, seed: u64) -> Result<ItemView, DeskError> {
        let item = self.item(learner, id)?;
        let seed = seed % item.variations();
        self.item_view(learner, item, seed, Setting::Practice).await
    }
}
