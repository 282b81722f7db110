//! Courses to compare with: one that is the same for all, one that sees into heads, and one that sees
//! only where a learner starts. Each returns the steps it took; the pupil has changed.

use crate::dice::{Dice, off};
use crate::pupil::Pupil;
use crate::world::{SKILLS, SLIP, World};

pub const LESSON: u32 = 6;
pub const ITEM: u32 = 1;
/// Practice on one skill ends here, learned or not.
const PRACTICE_MOST: u32 = 200;
const FIXED_ITEMS: u32 = 6;

/// A lesson and six questions on every skill.
pub fn fixed(dice: &mut Dice, world: &World, pupil: &mut Pupil) -> u32 {
    for skill in 0..SKILLS {
        pupil.lesson(dice, world, skill);
        for _ in 0..FIXED_ITEMS {
            pupil.practise(dice, world, skill);
        }
    }
    SKILLS as u32 * (LESSON + FIXED_ITEMS * ITEM)
}

/// Sees the true state at every moment: one lesson per unknown skill, then practice until learned.
pub fn oracle(dice: &mut Dice, world: &World, pupil: &mut Pupil) -> u32 {
    let mut steps = 0;
    for skill in 0..SKILLS {
        if pupil.knows(skill) {
            continue;
        }
        pupil.lesson(dice, world, skill);
        steps += LESSON;
        for _ in 0..PRACTICE_MOST {
            if pupil.knows(skill) {
                break;
            }
            pupil.practise(dice, world, skill);
            steps += ITEM;
        }
    }
    steps
}

/// Sees where the learner starts, and from then on only answers: a lesson per unknown skill, then
/// practice until knowledge tracing believes it at .98, at most 25 questions. Numbers and choices
/// come in turns, unless `numbers` only.
pub fn placed_perfectly(dice: &mut Dice, world: &World, pupil: &mut Pupil, numbers: bool) -> u32 {
    let mut steps = 0;
    for skill in 0..SKILLS {
        if pupil.knows(skill) {
            continue;
        }
        pupil.lesson(dice, world, skill);
        steps += LESSON;
        let mut p = 0.45;
        for item in 0..25 {
            let guess = if numbers || item % 2 == 0 { 0.05 } else { 0.25 };
            let true_item = (off(dice, guess), off(dice, SLIP));
            let right = pupil.answers(dice, skill, true_item);
            pupil.practise(dice, world, skill);
            steps += ITEM;
            let (known, not) = if right { (1.0 - SLIP, guess) } else { (SLIP, 1.0 - guess) };
            p = p * known / (p * known + (1.0 - p) * not);
            p += (1.0 - p) * 0.22;
            if p >= 0.98 {
                break;
            }
        }
    }
    steps
}

/// What it takes from a course's end to knowing everything: while something is missing, a round of one
/// question on every skill finds it, and each missing skill gets a lesson and practice until learned.
pub fn to_the_end(dice: &mut Dice, world: &World, pupil: &mut Pupil) -> u32 {
    let mut steps = 0;
    while pupil.unknown() > 0 {
        steps += SKILLS as u32 * ITEM + oracle(dice, world, pupil);
    }
    steps
}
