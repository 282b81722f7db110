//! How few questions any placement can do with: an answer tells no more bits than its item can carry,
//! and what a learner knows holds so many bits, as the one who made the learners can compute.

use crate::dice::sigmoid;
use crate::pupil::{GROUPS, Pupil, SIGMA_ABILITY, SIGMA_AREA, SLOPE, WITHOUT};
use crate::world::{SKILLS, World};

const POINTS: usize = 41;
const STEP: f64 = 0.25;

/// The bits in what this pupil (of the state family) knows: how surprising it is in this world.
pub fn surprise(world: &World, pupil: &Pupil) -> f64 {
    let areas = world.area.iter().max().map_or(0, |most| most + 1);
    // By area and level, the chance of just these skills being known.
    let mut by_level = vec![[1.0; POINTS]; areas];
    for skill in 0..SKILLS {
        let ready = world.prerequisites[skill].iter().all(|&needed| pupil.knows(needed));
        for (at, chance) in by_level[world.area[skill]].iter_mut().enumerate() {
            let known = sigmoid(SLOPE * (point(at) - world.difficulty[skill])) * if ready { 1.0 } else { WITHOUT };
            *chance *= if pupil.knows(skill) { known } else { 1.0 - known };
        }
    }
    let spread: Vec<[f64; POINTS]> = (0..POINTS).map(|at| bell(point(at), SIGMA_AREA)).collect();
    let likely = |at: usize| -> f64 {
        by_level.iter().map(|levels| levels.iter().zip(&spread[at]).map(|(chance, share)| chance * share).sum::<f64>()).product()
    };
    let abilities = GROUPS.map(|(share, middle, _)| (share, bell(middle, SIGMA_ABILITY)));
    let p: f64 = (0..POINTS).map(|at| likely(at) * abilities.iter().map(|(share, bell)| share * bell[at]).sum::<f64>()).sum();
    -libm::log2(p)
}

/// The fewest questions to a mean error per skill, given the bits in a state: those that must be
/// learned, over what the best item (a number: guess .05, slip .10) carries.
pub fn items(bits: f64, error: f64) -> f64 {
    (bits - SKILLS as f64 * entropy(error)) / carries(0.05, 0.10)
}

fn carries(guess: f64, slip: f64) -> f64 {
    let told = |p: f64| entropy(p * (1.0 - slip) + (1.0 - p) * guess) - p * entropy(slip) - (1.0 - p) * entropy(guess);
    (1..1000).map(|at| told(f64::from(at) / 1000.0)).fold(0.0, f64::max)
}

fn entropy(p: f64) -> f64 {
    -p * libm::log2(p) - (1.0 - p) * libm::log2(1.0 - p)
}

fn point(at: usize) -> f64 {
    (at as f64 - (POINTS / 2) as f64) * STEP
}

fn bell(mean: f64, sigma: f64) -> [f64; POINTS] {
    let raw: [f64; POINTS] = std::array::from_fn(|at| libm::exp(-0.5 * libm::pow((point(at) - mean) / sigma, 2.0)));
    let sum: f64 = raw.iter().sum();
    raw.map(|weight| weight / sum)
}
