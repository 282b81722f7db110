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
const EXPLAIN_AGAIN: u32 = 8;

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
    /// Nothing is left that would get further.
    Done,
}

/// The next step that follows from a record in order.
pub fn next_step(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], mode: Mode) -> Step {
    step(&replay(curriculum, priors, entries), mode)
}

pub(crate) fn step(replay: &Replay<'_, ()>, mode: Mode) -> Step {
    let plan = planned(replay);
    let Some(skill) = to_prove(replay, &plan, mode).or(plan.next) else { return Step::Done };
    let standing = &replay.standings[skill];
    let Some(line) = plan.line(skill) else { return Step::Done };
    if line.set_aside {
        return Step::Done;
    }
    let taught = standing.course.as_ref().map_or(0, |course| course.taught);
    match taught {
        // A skill called back is asked about first, whatever is believed of it.
        0 if line.open() && wants_lesson(standing) => Step::Lesson(skill),
        0 => Step::Probe(skill),
        1 if standing.course.as_ref().is_some_and(|course| course.shaky >= EXPLAIN_AGAIN) => Step::Lesson(skill),
        _ => Step::Practise(skill),
    }
}

fn wants_lesson(standing: &Standing) -> bool {
    standing.belief.p() <= LESSON || standing.probes >= PROBES_MOST
}

/// A skill that is mastered and still lacks its proof.
fn to_prove(replay: &Replay<'_, ()>, plan: &Plan, mode: Mode) -> Option<usize> {
    let tried = |skill: usize| replay.standings[skill].course.as_ref().is_none_or(|course| course.practised >= PRACTISED_MOST);
    let lacking = plan.lines.iter().find(|line| line.state == State::Mastered && !tried(line.skill));
    lacking.filter(|_| mode == Mode::Certified).map(|line| line.skill)
}
