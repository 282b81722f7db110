//! The evidence ledger as a learner may read it: each belief with the lines that made it.

use record::{Entry, Outcome};

use crate::replay::walk;
use crate::words::quoted;
use crate::{Curriculum, Priors, Weight};

/// A belief for every skill, in the order of [`Curriculum::skills`].
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    pub beliefs: Vec<Belief>,
}

/// What is believed of one skill. The amounts of `lines` add up to `weight` exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct Belief {
    pub weight: Weight,
    pub lines: Vec<Evidence>,
}

impl Belief {
    /// The probability that the learner knows it.
    pub fn p(&self) -> f64 {
        self.weight.p()
    }
}

/// One line of the ledger: what was really added, after rounding and bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// The entry's number in the record; `None` for what was assumed before it.
    pub entry: Option<u64>,
    pub amount: Weight,
    pub cause: Cause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The learner's level against the skill's difficulty.
    Level,
    /// A prior never stands far above that of the weakest prerequisite.
    Held { prerequisite: usize },
    /// "I know this", or the lack of it.
    Claim { known: bool },
    /// An answer on this very skill.
    Answer { outcome: Outcome, hints: u8 },
    /// An answer on a skill that rests on this one.
    Above { from: usize, right: bool },
    /// An answer on a skill that this one rests on.
    Below { from: usize, right: bool },
    /// An answer on any other skill, as a sign of general ability and of the area.
    Ability { from: usize, right: bool },
    /// What was claimed of other skills.
    Claims,
    /// The lesson was read.
    Lesson,
    /// Practice teaches too.
    Practised,
}

/// The ledger of a learner; `entries` must be in order.
pub fn ledger(curriculum: &Curriculum, priors: &Priors, entries: &[Entry]) -> Ledger {
    let (standings, lines) = walk(curriculum, priors, entries, vec![Vec::new(); curriculum.skills.len()]).into_parts();
    let beliefs = standings.iter().zip(lines).map(|(standing, lines)| Belief { weight: standing.belief, lines });
    Ledger { beliefs: beliefs.collect() }
}

impl Evidence {
    /// The line in words, to stand before its amount.
    pub fn sentence(&self, curriculum: &Curriculum) -> String {
        let name = |skill: usize| quoted(&curriculum.skills[skill].name);
        let good = self.amount >= Weight(0);
        match self.cause {
            Cause::Level => "What your role and years suggest, against how hard this is.".into(),
            Cause::Held { prerequisite } => format!("It rests on {}, so the guess is held near that.", name(prerequisite)),
            Cause::Claim { known: true } => "You said that you know this.".into(),
            Cause::Claim { known: false } => "You did not say that you know this.".into(),
            Cause::Answer { outcome, hints } => {
                let what = match outcome {
                    Outcome::Right => "You answered a question on this correctly",
                    Outcome::Wrong => "You answered a question on this wrongly",
                    Outcome::Unknown => "You said “I don’t know” to a question on this",
                };
                let help = match hints {
                    0 => "",
                    1 => ", after a hint",
                    _ => ", after hints",
                };
                format!("{what}{help}.")
            }
            // Of two things that may explain a miss, one becomes likelier when the other is cleared.
            Cause::Above { from, right } | Cause::Below { from, right } | Cause::Ability { from, right } if good != right => {
                format!("Your answer on {} makes it likelier that an earlier one was due to this.", name(from))
            }
            Cause::Above { from, right: true } => format!("You answered correctly on {}, which rests on this.", name(from)),
            Cause::Above { from, right: false } => format!("You missed a question on {}, which rests on this.", name(from)),
            Cause::Below { from, right: true } => format!("You answered correctly on {}, which this rests on.", name(from)),
            Cause::Below { from, right: false } => format!("You missed a question on {}, which this rests on.", name(from)),
            Cause::Ability { from, right: true } => format!("A right answer on {} speaks for you in general.", name(from)),
            Cause::Ability { from, right: false } => format!("A miss on {} is a small doubt in general.", name(from)),
            Cause::Claims if good => "What you said of other skills speaks for this one.".into(),
            Cause::Claims => "What you said of other skills speaks against this one.".into(),
            Cause::Lesson => "You read the lesson.".into(),
            Cause::Practised => "Practice with feedback teaches.".into(),
        }
    }
}
