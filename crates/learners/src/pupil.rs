//! Learners who are not real: what they know, how they answer, how they learn. None is the tutor's
//! own idea of a learner to the letter, and the second family is far from it.

use crate::dice::{Dice, sigmoid};
use crate::world::World;

/// Where somebody comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Novice,
    Middle,
    Senior,
}

/// The share of each group, and its middle ability \[logits\].
pub(crate) const GROUPS: [(f64, f64, Group); 3] = [(0.35, -1.2, Group::Novice), (0.40, 0.3, Group::Middle), (0.25, 1.5, Group::Senior)];
pub(crate) const SIGMA_ABILITY: f64 = 0.7;
pub(crate) const SIGMA_AREA: f64 = 0.8;
pub(crate) const SLOPE: f64 = 1.7;
/// What is left of the chance to know a skill while a prerequisite is missing.
pub(crate) const WITHOUT: f64 = 0.1;

/// How knowledge works in a learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// A skill is known or not.
    State,
    /// A skill is a level that grows, known when above 0.
    Level,
    /// Knows nothing, learns nothing, guesses.
    Clicker,
}

/// One learner of a world.
#[derive(Debug, Clone)]
pub struct Pupil {
    pub group: Group,
    family: Family,
    speed: f64,
    /// By skill: above 0 when it is known.
    level: Vec<f64>,
}

impl Pupil {
    pub fn new(dice: &mut Dice, world: &World, family: Family) -> Self {
        let mut u = dice.unit();
        let drawn = GROUPS.into_iter().find(|(share, ..)| {
            u -= share;
            u < 0.0
        });
        let (_, middle, group) = drawn.unwrap_or(GROUPS[2]);
        let ability = middle + SIGMA_ABILITY * dice.normal();
        let offsets: Vec<f64> = world.area.iter().map(|_| SIGMA_AREA * dice.normal()).collect();
        let speed = libm::exp(0.3 * dice.normal());
        let mut pupil = Self { group, family, speed, level: Vec::new() };
        for (skill, &difficulty) in world.difficulty.iter().enumerate() {
            let above = ability + offsets[world.area[skill]] - difficulty;
            let ready = pupil.is_ready(world, skill);
            let level = match family {
                Family::State => {
                    let p = sigmoid(SLOPE * above) * if ready { 1.0 } else { WITHOUT };
                    if dice.chance(p) { 1.0 } else { -1.0 }
                }
                Family::Level => above + 0.5 * dice.normal() - if ready { 0.0 } else { 1.0 },
                Family::Clicker => -1.0,
            };
            pupil.level.push(level);
        }
        pupil
    }

    pub fn knows(&self, skill: usize) -> bool {
        self.level[skill] > 0.0
    }

    pub fn unknown(&self) -> usize {
        self.level.iter().filter(|level| **level <= 0.0).count()
    }

    /// "I know this", skill by skill: often wrong.
    pub fn claims(&self, dice: &mut Dice) -> Vec<bool> {
        (0..self.level.len()).map(|skill| dice.chance(if self.knows(skill) { 0.75 } else { 0.3 })).collect()
    }

    pub fn answers(&self, dice: &mut Dice, skill: usize, (guess, slip): (f64, f64)) -> bool {
        let p = match self.family {
            Family::State if self.knows(skill) => 1.0 - slip,
            Family::Level => guess + (1.0 - guess - slip) * sigmoid(2.2 * self.level[skill]),
            Family::State | Family::Clicker => guess,
        };
        dice.chance(p)
    }

    pub fn lesson(&mut self, dice: &mut Dice, world: &World, skill: usize) {
        self.learn(dice, world, skill, 0.45, 0.9);
    }

    /// A practice item with feedback.
    pub fn practise(&mut self, dice: &mut Dice, world: &World, skill: usize) {
        self.learn(dice, world, skill, 0.22, 0.3);
    }

    fn learn(&mut self, dice: &mut Dice, world: &World, skill: usize, chance: f64, step: f64) {
        let speed = if self.is_ready(world, skill) { self.speed } else { self.speed / 4.0 };
        match self.family {
            Family::State if !self.knows(skill) => {
                if dice.chance(chance * speed) {
                    self.level[skill] = 1.0;
                }
            }
            Family::Level => self.level[skill] += step * speed,
            Family::State | Family::Clicker => {}
        }
    }

    fn is_ready(&self, world: &World, skill: usize) -> bool {
        world.prerequisites[skill].iter().all(|&needed| self.knows(needed))
    }
}
