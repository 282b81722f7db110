//! A subject to be learned: forty skills that rest on each other, four items for each, and what an
//! author says of them, which is wrong on purpose.

use tutor::session::Setup;
use tutor::{Curriculum, ItemCard, Mode, Skill};

use crate::dice::{Dice, off};

pub const SKILLS: usize = 40;
const AREAS: usize = 8;
/// Two numbers to be worked out and two choices of four for each skill.
const GUESSES: [f64; 4] = [0.05, 0.05, 0.25, 0.25];
pub(crate) const SLIP: f64 = 0.10;

/// How the skills rest on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One or two prerequisites, mostly near by, easy ones first.
    Course,
    /// Prerequisites from anywhere before, difficulties in no order.
    Random,
    /// Each area a chain of its own.
    Chains,
}

/// What is true, and what the tutor is told.
#[derive(Debug, Clone)]
pub struct World {
    pub difficulty: Vec<f64>,
    pub area: Vec<usize>,
    pub prerequisites: Vec<Vec<usize>>,
    /// True guess and slip, by item.
    pub items: Vec<(f64, f64)>,
    told: Curriculum,
}

impl World {
    pub fn new(dice: &mut Dice, shape: Shape) -> Self {
        let mut world = Self { difficulty: Vec::new(), area: Vec::new(), prerequisites: Vec::new(), items: Vec::new(), told: nothing() };
        for skill in 0..SKILLS {
            let along = skill as f64 / SKILLS as f64;
            let spread = -1.45 + 1.9 * if shape == Shape::Random { dice.unit() } else { along };
            world.difficulty.push(spread + 0.6 * dice.normal());
            world.area.push(if shape == Shape::Random { dice.below(AREAS) } else { skill * AREAS / SKILLS });
            world.prerequisites.push(needs(dice, shape, skill));
        }
        for _ in 0..SKILLS {
            world.items.extend(GUESSES.map(|guess| (off(dice, guess), off(dice, SLIP))));
        }
        world.told = world.tell(dice);
        world
    }

    /// A tenth of the edges are missing, difficulties are off, guess and slip are those of the kind.
    fn tell(&self, dice: &mut Dice) -> Curriculum {
        let skills = (0..SKILLS).map(|skill| Skill {
            id: skill.to_string(),
            name: format!("skill {skill}"),
            area: self.area[skill].to_string(),
            difficulty: self.difficulty[skill] + 0.7 * dice.normal(),
            prerequisites: self.prerequisites[skill].iter().copied().filter(|_| !dice.chance(0.1)).collect(),
            need: 1.0,
            written: true,
            minutes: 10,
        });
        let skills = skills.collect();
        let items = (0..SKILLS).flat_map(|skill| {
            GUESSES.iter().enumerate().map(move |(at, &guess)| ItemCard {
                id: format!("{skill}.{at}"),
                skill,
                guess,
                slip: SLIP,
                hard: guess < 0.1,
                placement: true,
            })
        });
        Curriculum::new(skills, items.collect()).unwrap_or_else(|_| nothing())
    }

    /// What the tutor begins with.
    pub fn setup(&self, claims: Option<Vec<bool>>, mode: Mode) -> Setup {
        Setup { curriculum: self.told.clone(), claims, mode }
    }

    pub fn told(&self) -> &Curriculum {
        &self.told
    }
}

fn needs(dice: &mut Dice, shape: Shape, skill: usize) -> Vec<usize> {
    let mut needs = Vec::new();
    match shape {
        Shape::Chains => needs.extend((!skill.is_multiple_of(SKILLS / AREAS)).then(|| skill - 1)),
        _ => {
            for share in [0.8, 0.2] {
                let near = if shape == Shape::Course && dice.chance(0.7) { skill.saturating_sub(4) } else { 0 };
                if skill > 0 && dice.chance(share) {
                    needs.push(near + dice.below(skill - near));
                }
            }
        }
    }
    needs.sort_unstable();
    needs.dedup();
    needs
}

fn nothing() -> Curriculum {
    Curriculum::new(Vec::new(), Vec::new()).unwrap_or_else(|problems| unreachable!("{problems:?}"))
}
