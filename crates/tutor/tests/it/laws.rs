//! Laws that hold for every curriculum and every record.

use proptest::prelude::*;
use record::{Depth, Outcome, PlacementEnd, Ppm, Setting, Treatment, What};
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
    // Sometimes a star: one skill that all others need, where evidence piles up most.
    let star = dice.chance(0.2);
    let mut skills = Vec::new();
    for index in 0..1 + dice.below(12) {
        let mut needs: Vec<usize> = (0..index).filter(|&needed| if star { needed == 0 } else { dice.chance(0.25) }).collect();
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
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_shown_lines_add_up_to_the_belief(seed: u64) {
        let (curriculum, priors, record) = drawn(seed);
        for belief in ledger(&curriculum, &priors, &record.entries).beliefs {
            let sum: Weight = belief.lines.iter().map(|line| line.amount).sum();
            prop_assert_eq!(sum, belief.weight);
            prop_assert!(belief.lines.iter().all(|line| line.sentence(&curriculum).ends_with('.')));
        }
    }

    #[test]
    fn replay_gives_the_same_bytes(seed: u64) {
        let show = || {
            let (curriculum, priors, record) = drawn(seed);
            let plan = plan(&curriculum, &priors, &record.entries, NOW);
            format!("{plan:?} {:?}", ledger(&curriculum, &priors, &record.entries))
        };
        prop_assert_eq!(show(), show());
    }

    #[test]
    fn the_plan_agrees_with_ledger_and_proof(seed: u64) {
        let (curriculum, priors, record) = drawn(seed);
        let ledger = ledger(&curriculum, &priors, &record.entries);
        for line in plan(&curriculum, &priors, &record.entries, NOW).lines {
            prop_assert_eq!(line.p, ledger.beliefs[line.skill].p());
            prop_assert_eq!(line.proof, proof(&curriculum, &priors, &record.entries, line.skill));
            prop_assert_eq!(line.proof.missing().is_none(), line.state == State::Proved);
        }
    }

    #[test]
    fn the_plan_has_every_skill_once_and_prerequisites_first(seed: u64) {
        let (curriculum, priors, record) = drawn(seed);
        let plan = plan(&curriculum, &priors, &record.entries, NOW);
        let mut place = vec![None; curriculum.skills.len()];
        for (at, line) in plan.lines.iter().enumerate() {
            prop_assert!(place[line.skill].replace(at).is_none());
            let needs = &curriculum.skills[line.skill].prerequisites;
            prop_assert!(needs.iter().all(|&needed| place[needed].is_some()));
        }
        prop_assert!(place.iter().all(Option::is_some));
    }

    #[test]
    fn next_has_a_written_lesson_and_open_prerequisites_only_when_they_were_taught(seed: u64) {
        let (curriculum, priors, record) = drawn(seed);
        let plan = plan(&curriculum, &priors, &record.entries, NOW);
        let Some(next) = plan.next else {
            prop_assert!(plan.lines.iter().all(|line| !matches!(line.state, State::Open | State::InProgress)));
            return Ok(());
        };
        prop_assert!(curriculum.skills[next].written);
        for &needed in &curriculum.skills[next].prerequisites {
            prop_assert!(plan.line(needed).is_some_and(|line| line.state != State::Open), "{needed} is open before {next}");
        }
    }

    #[test]
    fn every_reason_is_one_sentence_and_rests_on_entries_that_exist(seed: u64) {
        let (curriculum, priors, record) = drawn(seed);
        for line in plan(&curriculum, &priors, &record.entries, NOW).lines {
            let sentence = line.reason.sentence(&curriculum);
            prop_assert!(sentence.ends_with('.') && sentence.matches(". ").count() == 0, "{sentence}");
            let numbers = &line.reason.entries;
            prop_assert!(numbers.iter().all(|&seq| seq >= 1 && seq <= record.entries.len() as u64));
        }
    }

    #[test]
    fn a_change_is_announced_only_when_the_line_it_names_differs(seed: u64) {
        let (curriculum, priors, record) = drawn(seed);
        let Some(last) = record.entries.last() else { return Ok(()) };
        let before = plan(&curriculum, &priors, &record.entries[..record.entries.len() - 1], NOW);
        let after = plan(&curriculum, &priors, &record.entries, NOW);
        prop_assert_eq!(change(&curriculum, &after, &after, last), None);
        if let Some(change) = change(&curriculum, &before, &after, last) {
            let key = |plan: &tutor::Plan| {
                let line = plan.line(change.skill).expect("a line for every skill");
                (line.state, line.treatment, matches!(line.moved, Some(Moved::Back { .. })), line.set_aside)
            };
            prop_assert_ne!(key(&before), key(&after));
            prop_assert!(change.sentence.ends_with('.'), "{}", change.sentence);
        }
    }

    #[test]
    fn what_is_worth_more_changes_the_order_and_nothing_else(seed: u64) {
        let (curriculum, priors, record) = drawn(seed);
        let mut dice = Dice(seed ^ 1);
        let needs: Vec<f64> = curriculum.skills.iter().map(|_| 3.0 * dice.unit()).collect();
        let (before, after) = (plan(&curriculum, &priors, &record.entries, NOW), plan(&curriculum.with_needs(&needs), &priors, &record.entries, NOW));
        for line in &before.lines {
            let other = after.line(line.skill).expect("a line for every skill");
            let key = |line: &tutor::Line| (line.p, line.treatment, line.state, line.proof, line.set_aside);
            prop_assert_eq!(key(line), key(other));
        }
        prop_assert_eq!(ledger(&curriculum, &priors, &record.entries), ledger(&curriculum.with_needs(&needs), &priors, &record.entries));
    }

    #[test]
    fn a_claim_alone_skips_nothing(seed: u64, level in prop::num::f64::ANY) {
        let curriculum = graph(&mut Dice(seed));
        let mut record = Record::default();
        record.add(What::Claimed { skills: curriculum.skills.iter().map(|skill| skill.id.clone()).collect() });
        let plan = plan(&curriculum, &Priors { level }, &record.entries, NOW);
        prop_assert!(plan.lines.iter().all(|line| line.treatment != Treatment::Skip && line.state != State::Skipped));
    }
}

#[test]
fn all_right_skips_nearly_everything() {
    let curriculum = ladder();
    let mut record = placed(&curriculum, Outcome::Right);
    let now = |record: &Record| plan(&curriculum, &Priors::default(), &record.entries, NOW);
    assert!(now(&record).lines.iter().all(|line| matches!(line.treatment, Treatment::Skip | Treatment::Compress)));
    // What the placement left open is probed before its lesson; one right answer each must do.
    let mut probed = 0;
    while let Some(next) = now(&record).next {
        record.answer(&curriculum, curriculum.items_of(next)[0], Setting::Probe, Outcome::Right);
        probed += 1;
        assert!(probed <= 15, "still probing {next}");
    }
    assert!(now(&record).lines.iter().all(|line| line.state == State::Skipped));
}

#[test]
fn all_wrong_reaches_every_lesson_in_order_without_endless_drill() {
    let curriculum = ladder();
    let mut record = placed(&curriculum, Outcome::Wrong);
    let mut taught = [false; 40];
    let mut steps = 0;
    while let Some(next) = plan(&curriculum, &Priors::default(), &record.entries, NOW).next.filter(|_| taught.contains(&false)) {
        if !taught[next] {
            assert!(curriculum.skills[next].prerequisites.iter().all(|&needed| taught[needed]), "{next} before what it needs");
            record.add(What::Taught { skill: curriculum.skills[next].id.clone(), depth: Depth::Slow });
            taught[next] = true;
        }
        record.answer(&curriculum, curriculum.items_of(next)[0], Setting::Practice, Outcome::Wrong);
        steps += 1;
        assert!(steps < 40 * 60, "endless drill on {next}");
    }
    assert!(taught.iter().all(|taught| *taught), "the plan ended before every lesson was reached");
}

/// Forty skills, each harder and resting on the one before, every third also on the one three before.
fn ladder() -> Curriculum {
    let before = |index: usize| {
        let further = if index.is_multiple_of(3) { index.checked_sub(3) } else { None };
        further.into_iter().chain(index.checked_sub(1)).collect::<Vec<_>>()
    };
    curriculum((0..40).map(|index| skill(&format!("{index:02}"), index as f64 / 20.0 - 1.0, &before(index))).collect())
}

fn placed(curriculum: &Curriculum, outcome: Outcome) -> Record {
    let mut record = Record::default();
    record.add(What::PlacementBegan);
    while let Next::Ask(item) = next_placement(curriculum, &Priors::default(), &record.entries) {
        record.answer(curriculum, item, Setting::Placement, outcome);
    }
    record
}

/// On ten thousand drawn records, always the same ones: on a graph with loops messages only come near
/// to what all states together say, and among hundreds of thousands of records about one in a hundred
/// thousand breaks the law (decision 11), the worst seen by .34. `OCTO_FROM` and `OCTO_CASES` look
/// further than these.
#[test]
// The crate asks nobody; a test may be told where to look.
#[allow(clippy::disallowed_methods)]
fn an_answer_flipped_from_wrong_to_right_does_not_lower_that_skill() {
    let told = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let from = told("OCTO_FROM", 0);
    for seed in from..from + told("OCTO_CASES", 10_000) {
        let (curriculum, priors, before) = drawn(seed);
        let missed = |at: &usize| matches!(&before.entries[*at].what, What::Answered(answer) if answer.outcome != Outcome::Right);
        let missed: Vec<usize> = (0..before.entries.len()).filter(missed).collect();
        let Some(&at) = missed.get(seed as usize % missed.len().max(1)) else { continue };
        let mut after = before.clone();
        let What::Answered(answer) = &mut after.entries[at].what else { unreachable!("only answers were chosen") };
        let skill = curriculum.skill(&answer.skill).expect("a known skill");
        (answer.outcome, answer.score) = (Outcome::Right, Ppm::ONE);
        for to in [at + 1, before.entries.len()] {
            let belief = |record: &Record| ledger(&curriculum, &priors, &record.entries[..to]).beliefs[skill].weight;
            let (wrong, right) = (belief(&before), belief(&after));
            assert!(wrong <= right, "seed {seed}, entry {at}, after {to} entries: {wrong} and {right}");
        }
    }
}
