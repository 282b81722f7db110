//! What a learner is offered next: the step, the question it asks if it asks one, and why. Where the
//! hour matters (reviews) it is passed in; how it is shown is the caller's part.

use record::{Entry, Moment, Setting};

use crate::mistake::mistaken;
use crate::plan::{Moved, Plan, planned};
use crate::practice::drawn;
use crate::replay::{Replay, replay};
use crate::review::{ONE_IN, day};
use crate::step::{aimed_at, decided};
use crate::words::{counted, percent, quoted};
use crate::{Card, Curriculum, Mode, Practice, Priors, Proof, Reason, Step, next_practice, reviews};

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    pub step: Step,
    /// What is asked; `None` for a lesson, and where a skill has no question that can be asked now.
    pub question: Option<Practice>,
    pub because: Because,
}

/// Why it is offered.
#[derive(Debug, Clone, PartialEq)]
pub enum Because {
    /// It may be known: a question costs a minute, the lesson more.
    Perhaps { p: f64 },
    /// This skill, whose lesson is next, rests on it, and nothing was asked about it.
    Unasked { needed_by: usize },
    /// This skill rests on it and is shaky.
    Shaky { skill: usize },
    /// The reason of its line in the plan.
    Planned(Reason),
    /// So many answers since its lesson left it open.
    Again { answers: u32 },
    /// What is still missing.
    Missing(Proof),
    /// They were sure of an answer that was wrong; `fresh` if the question can have other numbers.
    Sure { fresh: bool },
    /// Last answered so many days ago.
    Faded { days: i64 },
    /// The capstone uses it.
    Gathered { days: i64 },
    /// Nothing is open.
    Finished,
}

/// What comes next for the learner of this record. `variations` are those of
/// [`crate::next_practice`]; `cards` those of [`crate::cards`].
pub fn ahead(
    curriculum: &Curriculum,
    priors: &Priors,
    entries: &[Entry],
    (cards, variations): (&[Card], &[u64]),
    mode: Mode,
    now: Moment,
) -> Ahead {
    let replay = replay(curriculum, priors, entries);
    let plan = planned(&replay);
    let askable = |skill: usize| drawn(&replay, entries, skill, variations).is_some();
    let step = decided(&replay, &plan, mode, &askable);
    if let Some((skill, question)) = mistaken(&replay, entries, None, variations) {
        let fresh = variations.get(question.item).is_some_and(|count| *count > 1);
        return Ahead { step: Step::Practise(skill), question: Some(question), because: Because::Sure { fresh } };
    }
    // Reviews take their share of a sitting and no more, until nothing else is left.
    let due = reviews(curriculum, &plan, cards, entries, variations, now);
    if let Some(first) = due.first().filter(|_| step == Step::Done || review_has_its_turn(entries)) {
        let days = day(now) - first.card.last;
        let because = if first.card.due <= day(now) { Because::Faded { days } } else { Because::Gathered { days } };
        return Ahead { step: Step::Review(first.card.skill), question: Some(first.question), because };
    }
    let question = match step {
        Step::Probe(skill) => drawn(&replay, entries, skill, variations),
        Step::Practise(skill) => next_practice(curriculum, priors, entries, skill, variations),
        Step::Lesson(_) | Step::Review(_) | Step::Done => None,
    };
    Ahead { step, question, because: because(&replay, &plan, mode, step) }
}

/// Whether none of the last questions was a review.
fn review_has_its_turn(entries: &[Entry]) -> bool {
    let asked = entries.iter().rev().filter_map(Entry::answer).filter(|answer| answer.attempt == 1);
    asked.take(ONE_IN - 1).all(|answer| answer.setting != Setting::Review)
}

fn because(replay: &Replay<'_, ()>, plan: &Plan, mode: Mode, step: Step) -> Because {
    let taught = |skill: usize| replay.standings[skill].course.as_ref().map_or(0, |course| course.taught);
    match step {
        Step::Probe(skill) | Step::Lesson(skill) | Step::Practise(skill) | Step::Review(skill) => {
            let Some(line) = plan.line(skill) else { return Because::Finished };
            match (step, line.moved) {
                (_, Some(Moved::Back { shaky })) => Because::Shaky { skill: shaky },
                (Step::Probe(_), _) => match aimed_at(replay, plan, mode).filter(|&aim| aim != skill) {
                    Some(needed_by) => Because::Unasked { needed_by },
                    None => Because::Perhaps { p: line.p },
                },
                (Step::Practise(_), _) => Because::Missing(line.proof),
                _ if taught(skill) > 0 => {
                    Because::Again { answers: replay.standings[skill].course.as_ref().map_or(0, |course| course.shaky) }
                }
                _ => Because::Planned(line.reason.clone()),
            }
        }
        Step::Done => Because::Finished,
    }
}

impl Ahead {
    /// The skill it is about.
    pub fn skill(&self) -> Option<usize> {
        match self.step {
            Step::Probe(skill) | Step::Lesson(skill) | Step::Practise(skill) | Step::Review(skill) => Some(skill),
            Step::Done => None,
        }
    }

    /// Why, in a sentence or two of plain English.
    pub fn sentence(&self, curriculum: &Curriculum) -> String {
        let name = |skill: usize| quoted(&curriculum.skills[skill].name);
        match &self.because {
            Because::Perhaps { p } => {
                format!(
                    "You may know this already ({} likely). A right answer can save you the lesson; a wrong one costs nothing.",
                    percent(*p)
                )
            }
            Because::Unasked { needed_by } => {
                format!("{} rests on this, and nothing has been asked about it yet.", name(*needed_by))
            }
            Because::Shaky { skill } => format!("{} rests on this and is still shaky, so this comes first.", name(*skill)),
            Because::Planned(reason) => reason.sentence(curriculum),
            Because::Again { answers } => {
                format!("{} have left it open, so the lesson comes again, explained another way.", opening_counted(*answers))
            }
            Because::Missing(proof) => proof.missing().unwrap_or_else(|| "It is proved; more practice keeps it fresh.".into()),
            Because::Sure { fresh } => {
                let how = if *fresh { ", with other numbers" } else { "" };
                format!(
                    "You were sure of an answer here that was wrong. Such mistakes are soonest mended while they surprise, so it is asked again first{how}."
                )
            }
            Because::Faded { days } => {
                format!("Last answered {}. One question with new numbers tells whether it is still there.", ago(*days))
            }
            Because::Gathered { days } => {
                format!("Last answered {}. The capstone uses it, so it is asked about before that begins.", ago(*days))
            }
            Because::Finished => "Nothing is open.".into(),
        }
    }
}

fn opening_counted(answers: u32) -> String {
    crate::words::opening(&counted(answers, "practice answer"))
}

/// "yesterday", "12 days ago".
fn ago(days: i64) -> String {
    match days {
        ..=0 => "today".into(),
        1 => "yesterday".into(),
        days => format!("{} ago", counted(u32::try_from(days).unwrap_or(u32::MAX), "day")),
    }
}
