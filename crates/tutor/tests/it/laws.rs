//! Laws that hold for every curriculum and every record.

use proptest::prelude::*;
use record::{Depth, Outcome, PlacementEnd, Setting, Treatment, What};
use tutor::{Curriculum, Moved, Next, Priors, State, Weight, change, ledger, next_placement, plan, proof};

use crate::setup::{Dice, NOW, Record, curriculum, skill};

/// A graph of one to twelve skills; a record of up to sixty entries of every kind that matters here.
fn drawn(seed: u64) -> (Curriculum, Priors, Record) {
    let mut dice = Dice(seed);
    let curriculum = graph(&mut dice);
    let priors = Priors { level: 1.5 * dice.normal() };
    let mut record = Record::default();
    for _ in 0..dice.below(60) {
        let what = entry(&mut dice, &curriculum);
        record.add(what);
    }
    (curriculum, priors, record)
}

fn graph(dice: &mut Dice) -> Curriculum {
    let mut skills = Vec::new();
    if dice.chance(0.3) { let down = dice.chance(0.5); for i in 0..20 { let n: Vec<usize> = if i == 0 {vec![]} else if down {vec![0]} else if i==19 {(0..19).collect()} else {vec![]}; skills.push(skill(&format!("s{i:02}"), 1.5*dice.normal(), &n)); } return curriculum(skills); }
    for index in 0..1 + dice.below(12) {
        let mut needs: Vec<usize> = (0..index).filter(|_| dice.chance(0.25)).collect();
        needs.truncate(3);
        let mut skill = skill(&format!("s{index:02}"), 1.5 * dice.normal(), &needs);
        skill.need = 4.0 * dice.unit();
        skill.minutes = dice.below(30) as u32;
        skill.written = dice.chance(0.8);
        skills.push(skill);
    }
    curriculum(skills)
}

fn entry(dice: &mut Dice, curriculum: &Curriculum) -> What {
    let skill = curriculum.skills[dice.below(curriculum.skills.len())].id.clone();
    match dice.below(12) {
        0 => What::Taught { skill, depth: Depth::Standard },
        1 => What::Claimed { skills: vec![skill] },
        2 => What::Overruled { skill, treatment: dice.chance(0.7).then_some(Treatment::Standard) },
        3 => What::PlacementBegan,
        4 => What::PlacementEnded { reason: PlacementEnd::Learner },
        _ => {
            let settings = [Setting::Placement, Setting::Placement, Setting::Probe, Setting::Lesson, Setting::Practice, Setting::Review];
            let outcomes = [Outcome::Right, Outcome::Right, Outcome::Wrong, Outcome::Unknown];
            let item = dice.below(curriculum.items.len());
            let (setting, outcome) = (settings[dice.below(6)], outcomes[dice.below(4)]);
            let mut answer = crate::setup::answer(curriculum, item, setting, outcome);
            answer.hints = [0, 0, 0, 1, 4][dice.below(5)];
            answer.attempt = [1, 1, 1, 2][dice.below(4)];
            What::Answered(answer)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200000, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_flipped_from_wrong_to_right_does_not_lower_that_skill(seed: u64, which: prop::sample::Index) {
        let (curriculum, priors, mut record) = drawn(seed);
        let missed: Vec<usize> = (0..record.entries.len())
            .filter(|&at| matches!(&record.entries[at].what, What::Answered(answer) if answer.outcome != Outcome::Right))
            .collect();
        if missed.is_empty() { return Ok(()); }
        let at = *which.get(&missed);
        let belief = |record: &Record, skill: usize, to: usize| ledger(&curriculum, &priors, &record.entries[..to]).beliefs[skill].weight;
        let before = record.clone();
        let What::Answered(answer) = &mut record.entries[at].what else { unreachable!() };
        let skill = curriculum.skill(&answer.skill).unwrap();
        answer.outcome = Outcome::Right;
        answer.score = record::Ppm::ONE;
        prop_assert!(belief(&before, skill, at + 1) <= belief(&record, skill, at + 1));
        let to = record.entries.len();
        prop_assert!(belief(&before, skill, to) <= belief(&record, skill, to), "{:?} {:?}", belief(&before, skill, to), belief(&record, skill, to));
    }
}
