//! How a skill is taught to one learner now: the problem first or a worked example first, the
//! explanation folded or open, another example after a miss, a second explanation after several.
//! What these look like is the caller's part; nothing here knows a lesson's text.

use record::{Entry, Outcome, Setting};

use crate::plan::{COMPRESS, SLOW};
use crate::replay::{Standing, replay};
use crate::step::EXPLAIN_AGAIN;
use crate::words::{counted, number, percent};
use crate::{Curriculum, Priors};

/// So many misses in a row before the lesson call for a worked example, and after it for a second
/// explanation.
const MISSES: u32 = 2;

/// The ways a lesson can be taken. The difference is measured: whoever knows much of it learns more
/// from the problem, whoever is new to it from a worked example (research/learning.md, 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The problem comes first, and the explanation is folded behind it.
    ProblemFirst,
    /// In the order it was written.
    AsWritten,
    /// A worked example comes first, and the explanation is open.
    ExampleFirst,
    /// Another example comes first: the last answer was a miss.
    AnotherExample,
    /// A second explanation comes first: several answers were.
    ExplainedAgain,
}

/// A way, and what decided it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    pub way: Way,
    /// The last answers on the skill, in the course, as long as they were missed.
    pub misses: u32,
    /// And as long as they were right.
    pub right: u32,
    /// The chance that it is known.
    pub p: f64,
}

/// How `skill` (an index) is taught to the learner of this record.
pub fn way(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], skill: usize) -> Option<Shown> {
    let replay = replay(curriculum, priors, entries);
    let standing = replay.standings.get(skill)?;
    let (misses, right) = run(entries, &curriculum.skills[skill].id);
    let p = standing.belief.p();
    Some(Shown { way: decided(standing, misses, p), misses, right, p })
}

fn decided(standing: &Standing, misses: u32, p: f64) -> Way {
    let course = standing.course.as_ref().filter(|course| course.taught > 0);
    match course {
        Some(course) if misses >= MISSES || course.shaky >= EXPLAIN_AGAIN => Way::ExplainedAgain,
        Some(_) if misses > 0 => Way::AnotherExample,
        _ if misses >= MISSES || p < SLOW => Way::ExampleFirst,
        _ if p > COMPRESS => Way::ProblemFirst,
        _ => Way::AsWritten,
    }
}

/// How many of the last first tries were missed, or else right. The placement is no place to learn
/// from, so it is left out.
fn run(entries: &[Entry], skill: &str) -> (u32, u32) {
    let own = || {
        let answers = entries.iter().rev().filter_map(Entry::answer);
        answers.filter(|answer| answer.skill == skill && answer.attempt == 1 && answer.setting != Setting::Placement)
    };
    let missed = own().take_while(|answer| answer.outcome != Outcome::Right).count();
    let right = own().take_while(|answer| answer.outcome == Outcome::Right).count();
    (missed as u32, right as u32)
}

impl Way {
    /// The way that a learner gets who would rather have it the other way round.
    pub fn other(self) -> Self {
        match self {
            Self::ProblemFirst => Self::ExampleFirst,
            Self::AsWritten => Self::ProblemFirst,
            Self::ExampleFirst => Self::ProblemFirst,
            Self::AnotherExample | Self::ExplainedAgain => Self::AsWritten,
        }
    }

    /// For addresses and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::ProblemFirst => "problem",
            Self::AsWritten => "written",
            Self::ExampleFirst => "example",
            Self::AnotherExample => "another",
            Self::ExplainedAgain => "again",
        }
    }

    /// The way of that word.
    pub fn named(word: &str) -> Option<Self> {
        let all = [Self::ProblemFirst, Self::AsWritten, Self::ExampleFirst, Self::AnotherExample, Self::ExplainedAgain];
        all.into_iter().find(|way| way.word() == word)
    }

    /// For a link that asks for it.
    pub fn request(self) -> &'static str {
        match self {
            Self::ProblemFirst => "Show the problem first",
            Self::AsWritten => "Show it in the usual order",
            Self::ExampleFirst => "Show a worked example first",
            Self::AnotherExample => "Show another example",
            Self::ExplainedAgain => "Explain it another way",
        }
    }
}

impl Shown {
    /// Why it is shown so, in one short sentence.
    pub fn sentence(&self) -> String {
        let known = format!("it is {} likely that you know it", percent(self.p));
        match self.way {
            Way::ProblemFirst if self.right >= MISSES => {
                format!("The problem comes first, because the last {} on this were right.", counted(self.right, "answer"))
            }
            Way::ProblemFirst => format!("The problem comes first, because {known}."),
            Way::AsWritten => format!("In the usual order, because {known}: neither new to you nor sure."),
            Way::ExampleFirst if self.misses >= MISSES => {
                format!("A worked example comes first, because {} on this were missed.", counted(self.misses, "answer"))
            }
            Way::ExampleFirst => "A worked example comes first, because this is probably new to you.".into(),
            Way::AnotherExample => "Another example comes first, because the last answer on this was missed.".into(),
            Way::ExplainedAgain if self.misses >= MISSES => {
                format!("Explained a second way, because the last {} answers on this were missed.", number(self.misses))
            }
            Way::ExplainedAgain => "Explained a second way, because practice has left this shaky.".into(),
        }
    }
}
