//! Reviews: what is due today, the question that is asked on it, and what a sitting came to.

use record::Moment;
use tutor::{Due, Sitting, reviews, sitting};

use crate::{Desk, DeskError, ItemView, Learner};

impl Learner {
    /// What is due at this hour and can be asked with numbers never seen, most forgotten first.
    pub fn due(&self, now: Moment) -> Vec<Due> {
        reviews(&self.shelf.curriculum, &self.plan, &self.cards, &self.entries, &self.shelf.variations, now)
    }

    /// In how many days the next card is due that is not due yet.
    pub fn next_due(&self, now: Moment) -> Option<i64> {
        self.cards.iter().map(|card| card.days_left(now)).filter(|days| *days > 0).min()
    }

    /// What was reviewed since an entry of the record.
    pub fn sat(&self, since: u64, now: Moment) -> Sitting {
        sitting(&self.shelf.curriculum, &self.priors, &self.entries, since, self.due(now).len(), now)
    }
}

impl Desk {
    /// The first question that is due, if any is.
    pub fn review(&self, learner: &Learner) -> Result<Option<ItemView>, DeskError> {
        learner.due(self.now()).first().map(|due| self.unanswered(learner, due.question)).transpose()
    }
}
