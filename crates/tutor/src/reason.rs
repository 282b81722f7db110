//! Why a line of the plan is as it is: typed, with the entries it rests on, and one sentence.

use record::{Answer, Outcome, Setting, Treatment};

use crate::proof::{NEEDED, NEEDED_HARD};
use crate::words::{counted, number, opening, quoted};
use crate::{Cause, Curriculum, State, Weight};

/// The reason for a line's treatment and state.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub treatment: Treatment,
    pub state: State,
    pub why: Why,
    /// Answers on it since it was begun, where `why` is from before.
    pub since: Option<Tally>,
    /// Numbers of the entries it rests on, in order; empty when it rests on assumptions.
    pub entries: Vec<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Why {
    /// Three unaided right answers.
    Proved,
    /// The belief reached mastery.
    Mastered {
        answers: Tally,
    },
    /// The learner chose; the plan would have said `plan`.
    Chosen {
        plan: Treatment,
    },
    /// Practice answers in a row that left it shaky.
    Struggling {
        answers: u32,
    },
    /// Answers on this very skill.
    Answers(Tally),
    /// Answers on a skill that rests on this one; `good` if they spoke for the learner.
    Above {
        good: bool,
        from: usize,
    },
    /// Answers on a skill that this one rests on.
    Below {
        good: bool,
        from: usize,
    },
    /// Answers in general, most of all those on `from`; `good` if they spoke for the learner.
    Ability {
        good: bool,
        from: usize,
    },
    Claim {
        known: bool,
    },
    /// What was claimed of other skills.
    Claims {
        good: bool,
    },
    /// The prior is held down by a prerequisite.
    Held {
        prerequisite: usize,
    },
    /// Role and years against difficulty.
    Level,
}

/// Answers that counted, first tries only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub right: u32,
    /// Of the wrong, `unknown` were "I don't know".
    pub wrong: u32,
    pub unknown: u32,
    /// Of the right ones.
    pub right_hard: u32,
    pub right_numbers: u32,
    /// Of all, given in the placement.
    pub placement: u32,
    /// Of the last answers, those with the same outcome.
    pub run: Run,
}

/// The last answers, as long as their outcome is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Run {
    pub right: bool,
    pub length: u32,
    pub hard: u32,
    pub numbers: u32,
}

/// What moved a belief, in sums small enough to keep for every skill.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grounds {
    pub(crate) tally: Tally,
    /// Numbers of the entries with own answers.
    pub(crate) answers: Vec<u64>,
    level: Weight,
    held: Option<(usize, Weight)>,
    claim: Option<Claim>,
    claims: Weight,
    above: Strongest,
    below: Strongest,
    others: Strongest,
}

/// What the last claim said, and what all claims together weigh.
#[derive(Debug, Clone, Copy)]
struct Claim {
    known: bool,
    sum: Weight,
    entry: Option<u64>,
}

/// A sum of weights that came from other skills, and the skills that gave the most for and against.
#[derive(Debug, Clone, Copy, Default)]
struct Strongest {
    sum: Weight,
    most: (Weight, usize),
    least: (Weight, usize),
}

impl Strongest {
    fn add(&mut self, amount: Weight, from: usize) {
        self.sum += amount;
        if amount > self.most.0 {
            self.most = (amount, from);
        }
        if amount < self.least.0 {
            self.least = (amount, from);
        }
    }

    /// Whether all in all it speaks for the learner, and whose answer most of all.
    fn good(&self) -> (bool, usize) {
        if self.sum > Weight(0) { (true, self.most.1) } else { (false, self.least.1) }
    }
}

impl Grounds {
    pub(crate) fn count(&mut self, entry: Option<u64>, amount: Weight, cause: Cause) {
        match cause {
            Cause::Level => self.level += amount,
            Cause::Held { prerequisite } => self.held = Some((prerequisite, amount)),
            Cause::Claim { known } => {
                let before = self.claim.map_or(Weight(0), |claim| claim.sum);
                self.claim = Some(Claim { known, sum: before + amount, entry });
            }
            Cause::Above { from, .. } => self.above.add(amount, from),
            Cause::Below { from, .. } => self.below.add(amount, from),
            Cause::Ability { from, .. } => self.others.add(amount, from),
            Cause::Claims => self.claims += amount,
            Cause::Answer { .. } | Cause::Lesson | Cause::Practised => {}
        }
    }

    /// The strongest ground for where the belief ended: own answers if there are any, else whatever
    /// pulled most in the direction of the treatment.
    pub(crate) fn why(&self, treatment: Treatment) -> Why {
        if self.tally.right + self.tally.wrong > 0 {
            return Why::Answers(self.tally);
        }
        let ((above, from_above), (below, from_below), (others, from_others)) = (self.above.good(), self.below.good(), self.others.good());
        let mut grounds = vec![
            (self.others.sum, Why::Ability { good: others, from: from_others }),
            (self.above.sum, Why::Above { good: above, from: from_above }),
            (self.below.sum, Why::Below { good: below, from: from_below }),
        ];
        // Assumptions never skip anything by themselves, so they are not the reason either.
        if treatment != Treatment::Skip {
            grounds.push((self.level, Why::Level));
            grounds.extend(self.held.map(|(prerequisite, weight)| {
                // Good news of what it rests on lifts the very doubt that held it down.
                let left = weight + self.below.sum.max(Weight(0));
                (left.min(Weight(0)), Why::Held { prerequisite })
            }));
            grounds.extend(self.claim.map(|claim| (claim.sum, Why::Claim { known: claim.known })));
            grounds.extend(self.claim.map(|_| (self.claims, Why::Claims { good: self.claims > Weight(0) })));
        }
        let pull = |weight: Weight| match treatment {
            Treatment::Skip | Treatment::Compress => weight.0,
            Treatment::Standard => weight.0.abs(),
            Treatment::Slow => -weight.0,
        };
        // Among equals the last: with nothing to go by, the level.
        grounds.into_iter().max_by_key(|(weight, why)| (pull(*weight), *why == Why::Level)).map_or(Why::Level, |(_, why)| why)
    }

    /// The entry that made the claim.
    pub(crate) fn claimed_in(&self) -> Option<u64> {
        self.claim.and_then(|claim| claim.entry)
    }
}

impl Tally {
    pub(crate) fn count(&mut self, answer: &Answer) {
        let right = answer.outcome == Outcome::Right;
        let hard = u32::from(answer.hard);
        let number = u32::from(answer.hard && answer.form == "numeric");
        if right {
            self.right += 1;
            self.right_hard += hard;
            self.right_numbers += number;
        } else {
            self.wrong += 1;
            self.unknown += u32::from(answer.outcome == Outcome::Unknown);
        }
        self.placement += u32::from(answer.setting == Setting::Placement);
        if self.run.right != right {
            self.run = Run { right, ..Run::default() };
        }
        self.run.length += 1;
        self.run.hard += hard;
        self.run.numbers += number;
    }

    /// The answers that came after `earlier`; `None` if there were none.
    pub(crate) fn since(&self, earlier: &Self) -> Option<Self> {
        let (right, wrong) = (self.right - earlier.right, self.wrong - earlier.wrong);
        let run = Run { length: self.run.length.min(right + wrong), ..self.run };
        let since = Self {
            right,
            wrong,
            unknown: self.unknown - earlier.unknown,
            right_hard: self.right_hard - earlier.right_hard,
            right_numbers: self.right_numbers - earlier.right_numbers,
            placement: self.placement - earlier.placement,
            run,
        };
        (right + wrong > 0).then_some(since)
    }

    /// "two right answers in the placement, one of them a number".
    pub(crate) fn words(&self) -> String {
        let Self { right, wrong, unknown, .. } = *self;
        let place = if self.placement == right + wrong { " in the placement" } else { "" };
        match (right, wrong) {
            (0, _) if wrong == unknown => format!("“I don’t know” to {}{place}", counted(wrong, "question")),
            (0, _) => format!("{}{place}", counted(wrong, "wrong answer")),
            (_, 0) => format!("{}{place}{}", counted(right, "right answer"), hard_words(right, self.right_hard, self.right_numbers)),
            _ => format!("{} right and {}{place}", number(right), counted(wrong, "wrong answer")),
        }
    }
}

/// ", one of them a number", ", both hard to guess"; empty if none is.
pub(crate) fn hard_words(answers: u32, hard: u32, numbers: u32) -> String {
    // Numbers are the plainer word; it holds when no other kind of hard answer is among them.
    let (of_them, one, many) = if numbers == hard { (numbers, "a number", "numbers") } else { (hard, "hard to guess", "hard to guess") };
    match (of_them, answers) {
        (0, _) => String::new(),
        (1, 1) => format!(", {one}"),
        (1, _) => format!(", one of them {one}"),
        (2, 2) => format!(", both {many}"),
        _ if of_them == answers => format!(", all {many}"),
        _ => format!(", {} of them {many}", number(of_them)),
    }
}

impl Reason {
    /// One sentence in plain English.
    pub fn sentence(&self, curriculum: &Curriculum) -> String {
        let name = |skill: usize| quoted(&curriculum.skills[skill].name);
        // At full length the evidence did not decide, and the sentence should not sound as if it had.
        let open = self.treatment == Treatment::Standard;
        let begun = self.told_as_begun();
        let then = |now: &'static str, then: &'static str| if begun { then } else { now };
        let why = match self.why {
            Why::Proved => {
                let (row, hard) = (number(NEEDED.into()), number(NEEDED_HARD.into()));
                format!("{row} right answers in a row without help, {hard} of them hard to guess")
            }
            Why::Mastered { answers } => format!("{}, the last one without help", answers.words()),
            Why::Chosen { plan } if plan == self.treatment => "you chose it, and the plan agrees".into(),
            Why::Chosen { plan } => format!("you chose it; the plan would {}", would(plan)),
            Why::Struggling { answers } => format!("after {} it is still shaky", counted(answers, "practice answer")),
            Why::Answers(tally) if open && tally.wrong == 0 => {
                format!("{}, {}enough to shorten it", tally.words(), then("not yet ", "not "))
            }
            Why::Answers(tally) => tally.words(),
            Why::Above { from, .. } if open => {
                format!("your answers on {}, which rests on it, {} it open", name(from), then("leave", "left"))
            }
            Why::Above { good: true, from } => format!("you answered well on {}, which rests on it", name(from)),
            Why::Above { good: false, from } => format!("you missed questions on {}, which rests on it", name(from)),
            Why::Below { from, .. } if open => {
                format!("your answers on {}, which it rests on, {} it open", name(from), then("leave", "left"))
            }
            Why::Below { good: true, from } => format!("you answered well on {}, which it rests on", name(from)),
            Why::Below { good: false, from } => format!("you missed questions on {}, which it rests on", name(from)),
            Why::Ability { .. } if open => format!("your answers elsewhere {} it open", then("leave", "left")),
            Why::Ability { good: true, .. } => {
                format!("your answers elsewhere {}", then("suggest that you know it", "suggested that you knew it"))
            }
            Why::Ability { good: false, .. } => {
                format!("your answers elsewhere {} new to you", then("suggest that it is", "suggested that it was"))
            }
            Why::Claim { known: true } if open => {
                format!("you said that you know it, {}", then("and no answer shows it yet", "and no answer had shown it"))
            }
            Why::Claim { known: true } => "you said that you know it".into(),
            Why::Claim { known: false } => "you did not say that you know it".into(),
            Why::Claims { .. } if open => format!("what you said of things like it {} it open", then("leaves", "left")),
            Why::Claims { good: true, .. } => "you ticked much of the rest of the course as known".into(),
            Why::Claims { good: false, .. } => "you ticked little of the rest of the course as known".into(),
            Why::Held { prerequisite } => {
                format!("it rests on {}, which {}", name(prerequisite), then("is not sure yet", "was not sure then"))
            }
            Why::Level => match self.treatment {
                Treatment::Skip | Treatment::Compress => "your role and years suggest that much of it is familiar".into(),
                Treatment::Standard => then("nothing asked so far says otherwise", "nothing asked before said otherwise").into(),
                Treatment::Slow => "it is hard for where you start".into(),
            },
        };
        let since = self.since.map(|since| format!("; since then {}", since.words())).unwrap_or_default();
        format!("{}: {why}{since}.", self.heading())
    }

    /// Whether what decided it lies back: a module keeps the depth it was begun with.
    fn told_as_begun(&self) -> bool {
        self.state == State::InProgress && !matches!(self.why, Why::Struggling { .. } | Why::Chosen { .. })
    }

    fn heading(&self) -> String {
        if self.told_as_begun() {
            return match self.treatment {
                Treatment::Skip | Treatment::Compress => "Begun short",
                Treatment::Standard => "Begun at full length",
                Treatment::Slow => "Begun slowly",
            }
            .into();
        }
        let treatment = match self.treatment {
            Treatment::Skip => "Skipped",
            Treatment::Compress => "Compressed",
            Treatment::Standard => "Full length",
            Treatment::Slow => "Slow",
        };
        match self.state {
            State::Proved => "Proved".into(),
            State::Mastered => "Mastered".into(),
            State::Unwritten => {
                let later = match self.treatment {
                    Treatment::Skip => "be skipped",
                    Treatment::Compress => "be short",
                    Treatment::Standard => "have its full length",
                    Treatment::Slow => "go slowly",
                };
                format!("Not written yet; it would {later}")
            }
            State::Open | State::InProgress | State::Skipped => opening(treatment),
        }
    }
}

fn would(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Skip => "skip it",
        Treatment::Compress => "compress it",
        Treatment::Standard => "give it its full length",
        Treatment::Slow => "go slowly",
    }
}
