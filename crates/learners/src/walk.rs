//! One pupil with the tutor, from the first question to the end, and everything that is measured of it.

use tutor::Mode;
use tutor::session::{Decision, Session};

use crate::course::{self, ITEM, LESSON};
use crate::dice::{Dice, off};
use crate::pupil::{Family, Group, Pupil};
use crate::world::{SKILLS, SLIP, World};

/// So many steps are no course any more; whoever gets here is counted as he stands.
const STEPS_MOST: u32 = 5_000;

/// What one walk showed.
#[derive(Debug, Clone)]
pub struct Walk {
    pub group: Group,
    /// Share of skills judged wrongly before the first question, after one, and so on to the end of the placement.
    pub error: Vec<f64>,
    /// Belief and truth by skill, when the placement was over and when all was done.
    pub placed: Vec<(f64, bool)>,
    pub done: Vec<(f64, bool)>,
    pub steps: u32,
    /// From the end on, until everything is known.
    pub rest: u32,
    /// Lessons before a prerequisite was taught, asked about or believed.
    pub early: u32,
}

impl Walk {
    pub fn items(&self) -> usize {
        self.error.len() - 1
    }
}

/// Teaches a pupil; chance comes from `dice`, and the clock is only looked at.
pub fn walk(dice: &mut Dice, world: &World, mut pupil: Pupil, family: Family, self_report: bool, mode: Mode) -> Walk {
    let claims = self_report.then(|| pupil.claims(dice));
    let setup = world.setup(claims, mode);
    let mut walk = Walk { group: pupil.group, error: Vec::new(), placed: Vec::new(), done: Vec::new(), steps: 0, rest: 0, early: 0 };
    let mut session = Session::begin(&setup);
    let mut met = [false; SKILLS];
    while walk.steps < STEPS_MOST {
        match session.decision() {
            Decision::Item(item) => {
                walk.error.push(error(&session.beliefs(), &pupil));
                let skill = world.told().items[item].skill;
                met[skill] = true;
                let right = pupil.answers(dice, skill, world.items[item]);
                walk.steps += ITEM;
                session.answer(right, None);
            }
            Decision::Placed => {
                walk.error.push(error(&session.beliefs(), &pupil));
                walk.placed = beside(&session.beliefs(), &pupil);
                session.go_on();
            }
            Decision::Lesson(skill) => {
                let beliefs = session.beliefs();
                let early = |&needed: &usize| !met[needed] && beliefs[needed] < 0.9;
                walk.early += world.told().skills[skill].prerequisites.iter().filter(|needed| early(needed)).count() as u32;
                met[skill] = true;
                pupil.lesson(dice, world, skill);
                walk.steps += LESSON;
                session.go_on();
            }
            Decision::Practice(skill) => {
                met[skill] = true;
                let true_item = (off(dice, 0.05), off(dice, SLIP));
                let right = pupil.answers(dice, skill, true_item);
                pupil.practise(dice, world, skill);
                walk.steps += ITEM;
                session.answer(right, Some(0.05));
            }
            Decision::Done => break,
        }
    }
    walk.done = beside(&session.beliefs(), &pupil);
    if family != Family::Clicker {
        walk.rest = course::to_the_end(dice, world, &mut pupil);
    }
    walk
}

fn beside(beliefs: &[f64], pupil: &Pupil) -> Vec<(f64, bool)> {
    beliefs.iter().enumerate().map(|(skill, &p)| (p, pupil.knows(skill))).collect()
}

fn error(beliefs: &[f64], pupil: &Pupil) -> f64 {
    let wrong = beliefs.iter().enumerate().filter(|(skill, p)| (**p >= 0.5) != pupil.knows(*skill));
    wrong.count() as f64 / beliefs.len() as f64
}
