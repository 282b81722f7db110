//! When skills are due again, beside the crate that computes it for Anki.

use expect_test::{Expect, expect};
use fsrs::{FSRS, MemoryState};
use proptest::prelude::*;
use record::{Entry, Moment, Ppm};
use tutor::{Curriculum, Grade, Priors, cards, grade, review, reviews_in_sitting};

use crate::setup::{NOW, Record, five, record};

const DAY: i64 = 86_400_000;

/// Answers on "e" that make it known on day 0.
const KNOWN: &str = "taught e\n e.n1 practice right\n e.n2 practice right\n e.c1 practice right\n";

/// A record whose lines begin with the day they belong to: "2 e.n1 review right".
fn dated(curriculum: &Curriculum, known: &str, text: &str) -> Vec<Entry> {
    let mut built: Record = record(curriculum, known);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (day, what) = line.split_once(' ').expect("a day");
        built.say(curriculum, what);
        built.entries.last_mut().expect("an entry").at = at(day.parse().expect("a day"));
    }
    built.entries
}

fn at(day: i64) -> Moment {
    Moment(NOW.0 + day * DAY)
}

/// "E due on day 2": every card.
fn shown(curriculum: &Curriculum, entries: &[Entry]) -> String {
    let cards = cards(curriculum, &Priors::default(), entries);
    let line = |card: &tutor::Card| format!("{} due on day {}", curriculum.skills[card.skill].name, card.due - NOW.0.div_euclid(DAY));
    cards.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn check(known: &str, text: &str, expected: Expect) {
    let curriculum = five();
    expected.assert_eq(&shown(&curriculum, &dated(&curriculum, known, text)));
}

#[test]
fn a_skill_that_is_kept_returns_after_longer_and_longer_times() {
    check("", "0 e.n1 probe wrong", expect![[""]]);
    check(KNOWN, "", expect!["E due on day 2"]);
    check(KNOWN, "2 e.n1 review right", expect!["E due on day 13"]);
    check(KNOWN, "2 e.n1 review right\n 13 e.n2 review right", expect!["E due on day 59"]);
    check(KNOWN, "2 e.n1 review right\n 13 e.n2 review right\n 59 e.n1 review right seed=3", expect!["E due on day 222"]);
    check(KNOWN, "2 e.n1 review right\n 13 e.n2 review wrong", expect!["E due on day 15"]);
    check(KNOWN, "2 e.n1 review right hints=1", expect!["E due on day 10"]);
}

#[test]
fn more_answers_on_the_day_are_practice() {
    check(KNOWN, "2 e.n1 review right\n 2 e.n2 review right\n 2 e.c1 review wrong", expect!["E due on day 13"]);
}

#[test]
fn a_skill_that_is_passed_speaks_for_what_it_rests_on() {
    let both = "taught a\n a.n1 practice right\n a.n2 practice right\n a.c1 practice right\n taught b\n b.n1 practice right\n b.n2 practice right\n b.c1 practice right\n";
    check(both, "", expect!["A due on day 2, B due on day 2"]);
    check(both, "2 b.n1 review right", expect!["A due on day 5, B due on day 13"]);
    check(both, "2 b.n1 review wrong", expect!["A due on day 2, B due on day 3"]);
}

#[test]
fn what_the_placement_skipped_comes_back_too() {
    check("began\n e.n1 placement right\n e.n2 placement right\n e.c1 placement right\n", "", expect![[""]]);
    let curriculum = five();
    let mut placed = record(&curriculum, "began\n e.n1 placement right\n e.n2 placement right\n e.c1 placement right");
    placed.add(record::What::PlacementEnded { reason: record::PlacementEnd::Learner });
    expect!["E due on day 2"].assert_eq(&shown(&curriculum, &placed.entries));
}

#[test]
fn the_most_forgotten_comes_first_and_only_when_it_is_due() {
    let curriculum = five();
    let known = "taught d\n d.n1 practice right\n d.n2 practice right\n d.c1 practice right\n";
    let entries = dated(&curriculum, known, "");
    let names = |entries: &[Entry], day: i64| -> String {
        let due = review(&curriculum, &Priors::default(), entries, at(day));
        due.iter().map(|card| curriculum.skills[card.skill].id.as_str()).collect()
    };
    assert_eq!((names(&entries, 1), names(&entries, 2)), (String::new(), "d".into()));
    let entries = dated(
        &curriculum,
        KNOWN,
        "1 taught d\n 1 d.n1 practice right\n 1 d.n2 practice right\n 1 d.c1 practice right\n 2 e.n1 review right",
    );
    assert_eq!((names(&entries, 3), names(&entries, 13)), ("d".into(), "de".into()));
}

#[test]
fn reviews_are_a_fifth_of_a_sitting() {
    let counts = [(0, 20), (3, 20), (9, 20), (9, 3), (9, 0)].map(|(due, questions)| reviews_in_sitting(due, questions));
    assert_eq!(counts, [0, 3, 4, 1, 1]);
}

#[test]
fn grades_follow_from_outcome_help_confidence_and_time() {
    let curriculum = five();
    let answer = |outcome: &str| record(&curriculum, outcome).entries[0].answer().expect("an answer").clone();
    let mut sure = answer("e.n1 review right");
    sure.confidence = Some(Ppm::from_f64(0.95));
    let seconds = |seconds: i64| Some(seconds * 1000);
    assert_eq!(grade(&answer("e.n1 review wrong"), seconds(5)), Grade::Again);
    assert_eq!(grade(&answer("e.n1 review unknown"), None), Grade::Again);
    assert_eq!(grade(&answer("e.n1 review right hints=1"), seconds(5)), Grade::Hard);
    assert_eq!(grade(&answer("e.n1 review right"), seconds(600)), Grade::Hard);
    assert_eq!(grade(&answer("e.n1 review right"), seconds(5)), Grade::Good);
    assert_eq!(grade(&sure, seconds(5)), Grade::Easy);
    assert_eq!(grade(&sure, seconds(100)), Grade::Good);
    // Whoever was away for an hour was not slow, and a clock that went back says nothing.
    assert_eq!(grade(&sure, seconds(3600)), Grade::Good);
    assert_eq!(grade(&sure, seconds(-5)), Grade::Good);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn intervals_are_those_of_fsrs_to_the_day(steps in prop::collection::vec((1_i64..400, 0_u8..3), 0..12), low: bool) {
        let mut skills = five().skills;
        skills[4].need = if low { 0.2 } else { 1.0 };
        let curriculum = Curriculum::new(skills, five().items).expect("a sound curriculum");
        let (fsrs, retention) = (FSRS::default(), if low { 0.85 } else { 0.90 });
        let first = fsrs.next_states(None, retention, 0).expect("a new card").good;
        let (mut memory, mut interval): (MemoryState, f32) = (first.memory, first.interval);
        let (mut day, mut lines) = (0, String::new());
        for (number, (passed, kind)) in steps.into_iter().enumerate() {
            let next = fsrs.next_states(Some(memory), retention, passed as u32).expect("a card");
            let (word, state) = [("wrong", next.again), ("right hints=1", next.hard), ("right", next.good)][usize::from(kind)].clone();
            (memory, interval) = (state.memory, state.interval);
            day += passed;
            lines += &format!("{day} e.n1 review {word} seed={number}\n");
        }
        let entries = dated(&curriculum, KNOWN, &lines);
        let cards = cards(&curriculum, &Priors::default(), &entries);
        let card = cards.iter().find(|card| card.skill == 4).expect("a card");
        prop_assert_eq!(card.due - card.last, interval.round().max(1.0) as i64);
        prop_assert_eq!((card.stability, card.difficulty), (memory.stability, memory.difficulty));
    }
}

/// What a sitting on a day came to, that began when there were so many entries.
fn sat(text: &str, since: u64, left: usize, day: i64, expected: Expect) {
    let curriculum = five();
    let both = "taught e\n e.n1 practice right\n e.n2 practice right\n e.c1 practice right\n taught d\n d.n1 practice right\n d.n2 practice right\n d.c1 practice right\n";
    let entries = dated(&curriculum, both, text);
    let sitting = tutor::sitting(&curriculum, &Priors::default(), &entries, since, left, at(day));
    expected.assert_eq(&format!("{} {}", sitting.count(), sitting.sentence(&curriculum)));
}

#[test]
fn a_sitting_ends_with_what_moved_and_when_the_next_is_due() {
    sat("", 8, 2, 2, expect!["No question this time. Two are still due today."]);
    sat("", 8, 0, 0, expect!["No question this time. The next is due in two days."]);
    sat(
        "2 e.n1 review right seed=1",
        8,
        1,
        2,
        expect!["One question, and it was right. “E” keeps for eleven days now instead of two, and one is still due today."],
    );
    sat(
        "2 e.n1 review right seed=1\n 2 d.n1 review wrong seed=1",
        8,
        0,
        2,
        expect!["Two questions, one right. “E” keeps for eleven days now instead of two, and “D” comes back tomorrow."],
    );
    sat(
        "2 e.n1 review right seed=1\n 2 d.n1 review right seed=1 hints=2",
        8,
        0,
        2,
        expect!["Two questions, all right. “E” keeps for eleven days now instead of two, and “D” keeps for eight days now instead of two."],
    );
    // The second try at one question is no second answer, and what came before the sitting is not in it.
    sat(
        "2 e.n1 review right seed=1\n 2 d.n1 review wrong seed=1\n 2 d.n1 review right seed=1 attempt=2",
        9,
        0,
        2,
        expect!["One question, and it was missed. “D” comes back tomorrow."],
    );
}
