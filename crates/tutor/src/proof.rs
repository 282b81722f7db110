//! Mastery and proof of one skill. Mastery is a belief and lets a learner go on; proof is what a
//! certificate may rest on, because a belief in learning can be earned by guessing for long enough.

use record::{Answer, Entry, Outcome, Setting};

use crate::replay::{Standing, replay};
use crate::words::{counted, number, opening};
use crate::{Curriculum, Priors};

/// Right answers in a row, and how many of them must be hard to guess.
pub(crate) const NEEDED: u8 = 3;
pub(crate) const NEEDED_HARD: u8 = 2;

/// How far a skill is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proof {
    /// Believed known at .98, and the last answer in the course was right without help.
    pub mastered: bool,
    pub unaided_right_in_a_row: u8,
    /// Among the last three of them.
    pub hard_among_them: u8,
    pub proved: bool,
}

/// The proof of one skill (an index) from a record in order.
pub fn proof(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], skill: usize) -> Proof {
    replay(curriculum, priors, entries).standings.get(skill).map_or_else(Proof::default, Proof::of)
}

impl Proof {
    pub(crate) fn of(standing: &Standing) -> Self {
        let mastered = standing.mastered();
        let (in_a_row, hard) = (standing.streak.in_a_row(), standing.streak.hard());
        Self {
            mastered,
            unaided_right_in_a_row: in_a_row,
            hard_among_them: hard,
            proved: mastered && in_a_row >= NEEDED && hard >= NEEDED_HARD,
        }
    }

    /// What is still missing, in one sentence; `None` once it is proved.
    pub fn missing(&self) -> Option<String> {
        if self.proved {
            return None;
        }
        let hard = u32::from(NEEDED_HARD.saturating_sub(self.hard_among_them));
        let row = u32::from(NEEDED.saturating_sub(self.unaided_right_in_a_row));
        // A row of easy answers is long enough and still lacks hard ones.
        let more = row.max(hard);
        if more == 0 {
            return Some("A few more right answers without help, until it is sure enough.".into());
        }
        let answers = opening(&counted(more, "more right answer"));
        let which = match (hard, more) {
            (0, _) => String::new(),
            (1, 1) => ", to a question that is hard to guess".into(),
            (2, 2) => ", both to questions that are hard to guess".into(),
            (_, _) => format!(
                ", {} of them to {} hard to guess",
                number(hard),
                if hard == 1 { "a question that is" } else { "questions that are" }
            ),
        };
        let row = if more == 1 { "" } else { " in a row" };
        Some(format!("{answers}{row} without help{which}."))
    }
}

/// The right answers without help since the last miss.
#[derive(Debug, Clone, Default)]
pub(crate) struct Streak {
    length: u8,
    /// The last three: question and whether it was hard to guess.
    last: Vec<(String, u64, bool)>,
    /// Whether the last first try in the course was right without help.
    pub(crate) alone_last: bool,
}

impl Streak {
    /// Counts a first try. Any miss breaks the row, wherever it happened and with whatever help.
    pub(crate) fn count(&mut self, answer: &Answer) {
        if answer.outcome != Outcome::Right {
            *self = Self::default();
            return;
        }
        if answer.setting == Setting::Placement {
            return;
        }
        self.alone_last = answer.hints == 0;
        if !(self.alone_last && proves(answer.setting)) {
            return;
        }
        // The very same question again shows memory of its answer: it takes its old place, no new one.
        let before = self.last.len();
        self.last.retain(|(item, seed, _)| (item, *seed) != (&answer.item, answer.seed));
        let new = self.last.len() == before;
        self.last.push((answer.item.clone(), answer.seed, answer.hard));
        if self.last.len() > usize::from(NEEDED) {
            self.last.remove(0);
        }
        self.length = self.length.saturating_add(u8::from(new));
    }

    fn in_a_row(&self) -> u8 {
        self.length
    }

    fn hard(&self) -> u8 {
        self.last.iter().filter(|(_, _, hard)| *hard).count() as u8
    }

    /// Whether a proof can only be reached soonest if the next question is hard to guess.
    pub(crate) fn wants_hard(&self) -> bool {
        let kept = self.last.len().min(usize::from(NEEDED) - 1);
        let hard = self.last[self.last.len() - kept..].iter().filter(|(_, _, hard)| *hard).count();
        usize::from(NEEDED) - kept <= usize::from(NEEDED_HARD).saturating_sub(hard)
    }
}

/// Where an unaided answer is proof: where the page with the explanation is closed. A placement can
/// be taken again with the same questions and comes before the course; a question inside a lesson
/// stands beside its answer. The measured cost of the rule (research/learning.md, 1.6) is that of
/// practice answers, so nothing is lost. Both still are evidence for the belief.
fn proves(setting: Setting) -> bool {
    match setting {
        Setting::Probe | Setting::Practice | Setting::Review => true,
        Setting::Placement | Setting::Lesson => false,
    }
}
