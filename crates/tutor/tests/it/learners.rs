//! Simulated learners of the state family on graphs of forty skills: does the placement find out
//! what they know? What the engine is told is wrong on purpose, as an author's guesses would be.

use record::{Outcome, Setting, What};
use tutor::{Curriculum, ItemCard, Next, Priors, Skill, ledger, next_placement};

use crate::setup::{Dice, Record, skill};

const SKILLS: usize = 40;

/// What is true of a world, and what the engine is told of it.
struct World {
    truth: Vec<Skill>,
    told: Curriculum,
    /// True guess and slip by item.
    items: Vec<(f64, f64)>,
}

struct Learner {
    knows: Vec<bool>,
    claims: Vec<bool>,
}

fn world(dice: &mut Dice) -> World {
    let mut truth = Vec::new();
    for index in 0..SKILLS {
        let area = index / 5;
        let mut needs: Vec<usize> = Vec::new();
        for _ in 0..2 {
            let near = if dice.chance(0.7) { index.saturating_sub(4) } else { 0 };
            if index > 0 && dice.chance(0.8) {
                needs.push(near + dice.below(index - near));
            }
        }
        needs.sort_unstable();
        needs.dedup();
        let difficulty = -1.5 + 3.0 * index as f64 / SKILLS as f64 + 0.6 * dice.normal();
        truth.push(Skill { area: area.to_string(), ..skill(&format!("{index:02}"), difficulty, &needs) });
    }
    let mut told = truth.clone();
    for skill in &mut told {
        skill.difficulty += 0.7 * dice.normal();
        skill.prerequisites.retain(|_| !dice.chance(0.1));
    }
    let (mut cards, mut items) = (Vec::new(), Vec::new());
    for skill in 0..SKILLS {
        for (number, guess) in [0.05, 0.05, 0.25, 0.25].into_iter().enumerate() {
            items.push((off(dice, guess), off(dice, 0.1)));
            cards.push(ItemCard { id: format!("{skill:02}.{number}"), skill, guess, slip: 0.1, hard: guess < 0.1, placement: true });
        }
    }
    World { truth, told: Curriculum::new(told, cards).expect("a sound world"), items }
}

/// A probability as it really is, where the engine was told `p`.
fn off(dice: &mut Dice, p: f64) -> f64 {
    sigmoid(libm::log(p / (1.0 - p)) + 0.4 * dice.normal())
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

fn learner(dice: &mut Dice, world: &World) -> Learner {
    let group = match dice.unit() {
        u if u < 0.35 => -1.2,
        u if u < 0.75 => 0.3,
        _ => 1.5,
    };
    let ability = group + 0.7 * dice.normal();
    let areas: Vec<f64> = (0..SKILLS / 5).map(|_| 0.8 * dice.normal()).collect();
    let mut knows = Vec::new();
    for (index, skill) in world.truth.iter().enumerate() {
        let p = sigmoid(1.7 * (ability + areas[index / 5] - skill.difficulty));
        let ready = skill.prerequisites.iter().all(|&needed| knows[needed]);
        knows.push(dice.chance(if ready { p } else { p / 10.0 }));
    }
    let claims = knows.iter().map(|&knows| dice.chance(if knows { 0.75 } else { 0.3 })).collect();
    Learner { knows, claims }
}

/// Questions asked, share of skills judged wrongly, and share of unknown skills believed at .9.
fn place(dice: &mut Dice, world: &World, learner: &Learner, self_report: bool) -> (usize, f64, f64) {
    let curriculum = &world.told;
    let mut record = Record::default();
    if self_report {
        let claimed = (0..SKILLS).filter(|&skill| learner.claims[skill]);
        record.add(What::Claimed { skills: claimed.map(|skill| curriculum.skills[skill].id.clone()).collect() });
    }
    record.add(What::PlacementBegan);
    let mut asked = 0;
    while let Next::Ask(item) = next_placement(curriculum, &Priors::default(), &record.entries) {
        let (guess, slip) = world.items[item];
        let right = dice.chance(if learner.knows[curriculum.items[item].skill] { 1.0 - slip } else { guess });
        let outcome = if right { Outcome::Right } else { Outcome::Wrong };
        record.answer(curriculum, item, Setting::Placement, outcome);
        asked += 1;
    }
    let ledger = ledger(curriculum, &Priors::default(), &record.entries);
    let count = |wrong: &dyn Fn(f64, bool) -> bool| {
        let judged = ledger.beliefs.iter().zip(&learner.knows);
        judged.filter(|(belief, knows)| wrong(belief.p(), **knows)).count() as f64 / SKILLS as f64
    };
    (asked, count(&|p, knows| (p >= 0.5) != knows), count(&|p, knows| p >= 0.9 && !knows))
}

/// Means over a hundred learners, twenty in each of five worlds.
fn placed(seed: u64, self_report: bool) -> (f64, f64, f64) {
    let mut dice = Dice(seed);
    let (mut items, mut error, mut false_mastery) = (0.0, 0.0, 0.0);
    for _ in 0..5 {
        let world = world(&mut dice);
        for _ in 0..20 {
            let learner = learner(&mut dice, &world);
            let (asked, wrong, believed) = place(&mut dice, &world, &learner, self_report);
            items += asked as f64 / 100.0;
            error += wrong / 100.0;
            false_mastery += believed / 100.0;
        }
    }
    (items, error, false_mastery)
}

#[test]
fn the_placement_finds_out_what_a_learner_knows_in_few_questions() {
    for seed in [1, 2] {
        let (items, error, false_mastery) = placed(seed, true);
        println!("seed {seed}: {items:.1} items, error {:.1} %, false mastery {:.1} %", error * 100.0, false_mastery * 100.0);
        assert!(items <= 24.0, "seed {seed}: {items} items on average");
        assert!(error <= 0.08, "seed {seed}: {error} of the skills are judged wrongly");
        assert!(false_mastery <= 0.03, "seed {seed}: {false_mastery} of the skills are believed but not known");
    }
}

#[test]
fn claims_shorten_the_placement() {
    let (with, _, _) = placed(3, true);
    let (without, error, _) = placed(3, false);
    println!("with {with:.1}, without {without:.1} items; error {error:.3}");
    assert!(with < without && error <= 0.09, "{with} items with claims, {without} without, error {error}");
}
