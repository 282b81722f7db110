//! What to do next in the course: a question before the lesson, the lesson, or practice. The plan says
//! which skill; this says what on it.

use record::Entry;

use crate::plan::{PRACTISED_MOST, Plan, planned};
use crate::replay::{Replay, Standing, replay};
use crate::{Curriculum, Priors, State};

/// At or below this belief the lesson comes at once; above it, questions may save it.
const LESSON: f64 = 0.25;
/// So many questions before a lesson settle whether it is needed.
const PROBES_MOST: u32 = 3;
/// After so many practice answers in a row that left it shaky, the lesson is explained a second time.
pub(crate) const EXPLAIN_AGAIN: u32 = 8;

/// A prerequisite believed like this needs no question before what rests on it.
const BELIEVED: f64 = 0.95;

/// What the learner is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// To know it: a skill is done when it is believed known.
    #[default]
    Progress,
    /// To have it certified: what was taught must be proved as well.
    Certified,
}

/// The next step, on a skill (an index into [`Curriculum::skills`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A question with feedback before the lesson.
    Probe(usize),
    Lesson(usize),
    /// A question with feedback after the lesson.
    Practise(usize),
    /// A question on something learned earlier that may be fading; see [`crate::ahead`].
    Review(usize),
    /// Nothing is left that would get further.
    Done,
}

/// The next step that follows from a record in order.
pub fn next_step(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], mode: Mode) -> Step {
    step(&replay(curriculum, priors, entries), mode)
}

pub(crate) fn step(replay: &Replay<'_, ()>, mode: Mode) -> Step {
    decided(replay, &planned(replay), mode, &|_| true)
}

/// The same with the plan at hand, where not every skill has questions that can be asked.
pub(crate) fn decided(replay: &Replay<'_, ()>, plan: &Plan, mode: Mode, askable: &dyn Fn(usize) -> bool) -> Step {
    let Some(skill) = aimed_at(replay, plan, mode) else { return Step::Done };
    let standing = &replay.standings[skill];
    let Some(line) = plan.line(skill) else { return Step::Done };
    if line.set_aside {
        return second_round(replay, plan).map_or(Step::Done, Step::Practise);
    }
    let taught = standing.course.as_ref().map_or(0, |course| course.taught);
    // Who chose how to take a module has said that they want it.
    let wanted = wants_lesson(standing) || line.overruled.is_some() || !askable(skill);
    match taught {
        // A skill called back is asked about first, whatever is believed of it.
        0 if line.open() && wanted => {
            let unmet = prerequisite_unmet(replay, skill).filter(|&unmet| askable(unmet));
            unmet.map_or(Step::Lesson(skill), Step::Probe)
        }
        0 => Step::Probe(skill),
        1 if standing.course.as_ref().is_some_and(|course| course.shaky >= EXPLAIN_AGAIN) => Step::Lesson(skill),
        _ => Step::Practise(skill),
    }
}

/// The skill that the next step is for.
pub(crate) fn aimed_at(replay: &Replay<'_, ()>, plan: &Plan, mode: Mode) -> Option<usize> {
    to_prove(replay, plan, mode).or(plan.next)
}

/// What was set aside is taken up once more when the rest is done, if the course has helped so far:
/// to someone who has mastered little, more of the same would be a drill without end.
fn second_round(replay: &Replay<'_, ()>, plan: &Plan) -> Option<usize> {
    let practised = |skill: usize| replay.standings[skill].course.as_ref().map_or(0, |course| course.practised);
    let helped = plan.lines.iter().filter(|line| matches!(line.state, State::Mastered | State::Proved)).count();
    let aside = || plan.lines.iter().filter(|line| line.set_aside);
    let again = aside().find(|line| practised(line.skill) < 2 * PRACTISED_MOST)?;
    (helped > aside().count()).then_some(again.skill)
}

fn wants_lesson(standing: &Standing) -> bool {
    standing.belief.p() <= LESSON || standing.probes >= PROBES_MOST
}

/// A prerequisite that was neither taught, nor asked about, nor is believed: it has its question first.
/// Skills that are called back can come before what they rest on.
fn prerequisite_unmet(replay: &Replay<'_, ()>, skill: usize) -> Option<usize> {
    let unmet = |needed: &&usize| {
        let standing = &replay.standings[**needed];
        standing.course.is_none() && standing.grounds.answers.is_empty() && standing.belief.p() < BELIEVED
    };
    replay.curriculum.skills[skill].prerequisites.iter().find(unmet).copied()
}

/// A skill that is mastered and still lacks its proof.
fn to_prove(replay: &Replay<'_, ()>, plan: &Plan, mode: Mode) -> Option<usize> {
    let tried = |skill: usize| replay.standings[skill].course.as_ref().is_none_or(|course| course.practised >= PRACTISED_MOST);
    let lacking = plan.lines.iter().find(|line| line.state == State::Mastered && !tried(line.skill));
    lacking.filter(|_| mode == Mode::Certified).map(|line| line.skill)
}
