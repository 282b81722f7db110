//! Plans and changes, as a learner reads them.

// A test may look at the clock; the crate may not.
#![allow(clippy::disallowed_methods)]

use std::time::Instant;

use expect_test::{Expect, expect};
use record::{Depth, Outcome, Setting, Treatment, What};
use tutor::{Curriculum, Plan, Priors, change, plan};

use crate::setup::{Dice, NOW, Record, curriculum, five, record, skill};

fn planned(curriculum: &Curriculum, record: &Record) -> Plan {
    plan(curriculum, &Priors::default(), &record.entries, NOW)
}

fn shown(curriculum: &Curriculum, plan: &Plan) -> String {
    let mut shown = String::new();
    for line in &plan.lines {
        let next = if plan.next == Some(line.skill) { '>' } else { ' ' };
        let reason = line.reason.sentence(curriculum);
        let moved = line.moved.map_or_else(String::new, |moved| format!(" {}", moved.sentence(curriculum)));
        let rests = format!("{:?}", line.reason.entries);
        shown += &format!("{next} {} {:.2} {reason} {rests}{moved}\n", curriculum.skills[line.skill].id, line.p);
    }
    shown
}

fn check(text: &str, expected: Expect) {
    let curriculum = five();
    let record = record(&curriculum, text);
    let (low, high) = tutor::forecast(&curriculum, &Priors::default(), &record.entries).minutes;
    let shown = shown(&curriculum, &planned(&curriculum, &record));
    expected.assert_eq(&format!("{shown}{low} to {high} minutes\n"));
}

/// What the last line of the record changed.
fn check_change(text: &str, expected: Expect) {
    let curriculum = five();
    let mut record = record(&curriculum, text);
    expected.assert_eq(&changed(&curriculum, &mut record));
}

fn changed(curriculum: &Curriculum, record: &mut Record) -> String {
    let after = planned(curriculum, record);
    let last = record.entries.pop().expect("an entry");
    let before = planned(curriculum, record);
    change(curriculum, &before, &after, &last).map_or_else(|| "nothing".to_owned(), |change| change.sentence)
}

#[test]
fn a_plan_for_someone_unknown_follows_the_course() {
    check(
        "",
        expect![[r#"
            > a 0.68 Full length: nothing asked so far says otherwise. []
              b 0.37 Full length: it rests on “A”, which is not sure yet. []
              c 0.15 Slow: it rests on “B”, which is not sure yet. []
              d 0.37 Full length: it rests on “A”, which is not sure yet. []
              e 0.50 Full length: nothing asked so far says otherwise. []
            52 to 127 minutes
        "#]],
    );
}

#[test]
fn answers_skip_compress_and_slow_modules_and_say_why() {
    check(
        "c.n1 placement right
         c.c1 placement right
         b.n1 placement right
         d.c1 placement wrong
         e.n1 placement unknown",
        expect![[r#"
            > a 0.89 Compressed: you answered well on “C”, which rests on it. [1, 2]
              b 0.98 Skipped: one right answer in the placement, a number. [3]
              c 0.95 Compressed: two right answers in the placement, one of them a number. [1, 2]
              d 0.25 Slow: one wrong answer in the placement. [4]
              e 0.24 Slow: “I don’t know” to one question in the placement. [5]
            36 to 91 minutes
        "#]],
    );
}

#[test]
fn claims_and_their_lack_are_named_when_nothing_weighs_more() {
    check(
        "claimed a b",
        expect![[r#"
            > a 0.74 Compressed: you said that you know it. [1]
              b 0.42 Full length: you said that you know it, and no answer shows it yet. [1]
              c 0.07 Slow: it rests on “B”, which is not sure yet. []
              d 0.22 Slow: you did not say that you know it. [1]
              e 0.30 Slow: you did not say that you know it. [1]
            57 to 137 minutes
        "#]],
    );
}

#[test]
fn a_module_keeps_the_depth_it_was_opened_with_while_practice_goes_on() {
    check(
        "e.c1 placement right
         taught e
         e.n1 practice right
         e.c1 practice wrong",
        expect![[r#"
            > e 0.97 Begun short: one right answer in the placement; since then one right and one wrong answer. [1] Moved up four places: you have begun it.
              a 0.80 Compressed: your role and years suggest that much of it is familiar. []
              b 0.53 Full length: your answers elsewhere leave it open. [1, 3, 4]
              c 0.27 Slow: it rests on “B”, which is not sure yet. []
              d 0.53 Full length: your answers elsewhere leave it open. [1, 3, 4]
            39 to 101 minutes
        "#]],
    );
}

#[test]
fn mastered_and_proved_are_said_with_what_they_rest_on() {
    check(
        "taught a
         a.n1 practice right
         a.n2 practice right
         a.c1 practice right
         taught e
         e.c1 practice right
         e.c2 practice right
         e.c1 practice right
         e.c2 practice right",
        expect![[r#"
              a 1.00 Proved: three right answers in a row without help, two of them hard to guess. [2, 3, 4]
              e 1.00 Mastered: four right answers, the last one without help. [6, 7, 8, 9]
            > b 0.55 Full length: your answers on “A”, which it rests on, leave it open. [2, 3, 4]
              c 0.26 Slow: it is hard for where you start. []
              d 0.55 Full length: your answers on “A”, which it rests on, leave it open. [2, 3, 4]
            29 to 81 minutes
        "#]],
    );
}

#[test]
fn a_shaky_module_calls_back_its_least_certain_prerequisite_for_two_questions() {
    let shaky = "c.n1 placement right
         b.n1 placement right
         taught d
         d.c1 practice wrong
         d.c2 practice wrong
         d.n1 practice wrong
         d.n2 practice wrong
         d.c1 practice wrong
         d.c2 practice wrong";
    check(
        shaky,
        expect![[r#"
            > a 0.85 Compressed: you answered well on “C”, which rests on it. [1] Called back: “D” rests on it and is still shaky.
              b 0.96 Skipped: one right answer in the placement, a number. [2]
              d 0.25 Slow: after five practice answers it is still shaky. [4, 5, 6, 7, 8, 9] Moved up one place: you have begun it.
              c 0.87 Compressed: one right answer in the placement, a number. [1]
              e 0.66 Full length: your answers elsewhere leave it open. [1]
            23 to 63 minutes
        "#]],
    );
    check_change(shaky, expect!["“D” is still shaky, so we go back to “A”, which it rests on, for two questions."]);
    check(
        &format!("{shaky}\n a.n1 probe right\n a.n2 probe right"),
        expect![[r#"
              a 1.00 Skipped: two right answers, both numbers. [10, 11]
              b 0.99 Skipped: one right answer in the placement, a number. [2]
            > d 0.25 Slow: after five practice answers it is still shaky. [4, 5, 6, 7, 8, 9] Moved up one place: you have begun it.
              c 0.89 Compressed: one right answer in the placement, a number. [1]
              e 0.68 Full length: your answers elsewhere leave it open. [1]
            17 to 50 minutes
        "#]],
    );
}

#[test]
fn a_choice_of_the_learner_wins_is_remembered_and_can_be_given_back() {
    let curriculum = five();
    let mut record = record(&curriculum, "e.n1 placement right\n e.n2 placement right");
    let overrule = |treatment| What::Overruled { skill: "e".into(), treatment };
    let line = |record: &Record| planned(&curriculum, record).line(4).unwrap().reason.sentence(&curriculum);
    expect!["Skipped: two right answers in the placement, both numbers."].assert_eq(&line(&record));
    record.add(overrule(Some(Treatment::Slow)));
    expect!["Slow: you chose it; the plan would skip it."].assert_eq(&line(&record));
    expect!["You chose it, so “E” opens slowly, with a worked example first."].assert_eq(&changed(&curriculum, &mut record.clone()));
    record.say(&curriculum, "e.c1 placement right");
    assert_eq!(planned(&curriculum, &record).line(4).unwrap().overruled, Some(Treatment::Slow));
    record.add(overrule(None));
    expect!["Skipped: three right answers in the placement, two of them numbers."].assert_eq(&line(&record));
}

#[test]
fn a_lesson_that_is_not_written_says_so_and_is_never_next() {
    let mut skills = vec![skill("a", 0.0, &[]), skill("b", 0.0, &[0])];
    skills[0].written = false;
    let curriculum = curriculum(skills);
    expect![[r#"
          a 0.50 Not written yet; it would have its full length: nothing asked so far says otherwise. []
        > b 0.29 Slow: it rests on “A”, which is not sure yet. []
    "#]]
    .assert_eq(&shown(&curriculum, &planned(&curriculum, &Record::default())));
}

#[test]
fn what_the_goal_needs_moves_up_with_what_it_rests_on() {
    let mut skills = vec![skill("a", 0.0, &[]), skill("b", 0.0, &[]), skill("c", 0.0, &[1]), skill("d", 0.0, &[])];
    skills[2].need = 4.0;
    let curriculum = curriculum(skills);
    expect![[r#"
        > b 0.50 Full length: nothing asked so far says otherwise. [] Moved up one place: it is worth more for your goal.
          c 0.29 Slow: it rests on “B”, which is not sure yet. [] Moved up one place: it is worth more for your goal.
          a 0.50 Full length: nothing asked so far says otherwise. []
          d 0.50 Full length: nothing asked so far says otherwise. []
    "#]]
    .assert_eq(&shown(&curriculum, &planned(&curriculum, &Record::default())));
}

#[test]
fn twenty_five_answers_without_mastery_set_a_module_aside() {
    let curriculum = five();
    let mut record = record(&curriculum, "taught e");
    for round in 0..25 {
        let outcome = if round % 2 == 0 { Outcome::Right } else { Outcome::Wrong };
        record.answer(&curriculum, curriculum.item("e.c1").unwrap(), Setting::Practice, outcome);
        let set_aside = planned(&curriculum, &record).line(4).unwrap().set_aside;
        assert_eq!(set_aside, round == 24, "after {} answers", round + 1);
    }
    assert_eq!(planned(&curriculum, &record).next, Some(0));
    let announced = record.clone();
    expect!["“E” is set aside until the rest is done, because 25 answers have not settled it."]
        .assert_eq(&changed(&curriculum, &mut { announced }));
}

#[test]
fn the_most_important_change_is_told_in_one_sentence() {
    check_change("e.n1 probe right", expect!["One right answer, a number, so “E” opens short, and two more modules change."]);
    check_change("e.n1 probe right\n e.n2 probe right", expect!["Two right answers, both numbers, so “E” is skipped."]);
    check_change("c.n1 probe right", expect!["One right answer, a number, so “C” opens short, and four more modules change."]);
    check_change(
        "c.n1 practice right\n c.n2 practice right\n c.c1 practice right",
        expect!["“C” is proved: three right answers in a row without help, two of them hard to guess."],
    );
    check_change("e.c1 practice right\n e.c2 practice right\n e.c1 practice right", expect!["Three right answers, so “E” is mastered."]);
    check_change(
        "e.n1 practice right\n e.n2 practice right\n e.n1 practice right seed=2\n e.n2 practice wrong",
        expect!["One wrong answer, so “E” is open again."],
    );
    check_change(
        "a.n1 probe wrong",
        expect!["One wrong answer on “A”, so “B” opens slowly, with a worked example first, and two more modules change."],
    );
    check_change("claimed a b c d e", expect!["You said what you know, so “A” opens short, and four more modules change."]);
}

#[test]
fn answers_on_one_skill_can_shorten_another() {
    let mut skills = vec![skill("wait", -0.5, &[]), skill("tail", -0.8, &[0])];
    skills[0].name = "Waiting time".into();
    skills[1].name = "Percentiles".into();
    let curriculum = curriculum(skills);
    let mut record = record(&curriculum, "wait.n1 practice right");
    expect!["One right answer on “Waiting time”, a number, so “Percentiles” opens short."].assert_eq(&changed(&curriculum, &mut record));
}

#[test]
fn what_a_learner_would_not_notice_is_not_announced() {
    check_change("began", expect!["nothing"]);
    check_change("taught a", expect!["nothing"]);
    check_change("e.c1 placement right attempt=2", expect!["nothing"]);
}

#[test]
fn a_plan_of_fifty_skills_and_three_hundred_entries_is_made_at_once() {
    let mut dice = Dice(7);
    let skills = (0..50).map(|index: usize| {
        let needs: Vec<usize> = (index.saturating_sub(6)..index).filter(|_| dice.chance(0.4)).collect();
        skill(&format!("{index:02}"), dice.normal(), &needs)
    });
    let curriculum = curriculum(skills.collect());
    let mut record = Record::default();
    for entry in 0..300 {
        let item = dice.below(curriculum.items.len());
        let outcome = if dice.chance(0.6) { Outcome::Right } else { Outcome::Wrong };
        let setting = if entry < 100 { Setting::Placement } else { Setting::Practice };
        match entry % 10 {
            9 => record.add(What::Taught { skill: format!("{:02}", dice.below(50)), depth: Depth::Standard }),
            _ => record.answer(&curriculum, item, setting, outcome),
        };
    }
    let fastest = (0..20).map(|_| {
        let began = Instant::now();
        assert_eq!(planned(&curriculum, &record).lines.len(), 50);
        began.elapsed()
    });
    let fastest = fastest.min().expect("twenty rounds");
    println!("{fastest:?}");
    // A generous bound, for busy machines and builds without optimisation: optimised it takes a
    // seventieth of this. What it catches is a replay per skill or per entry.
    assert!(fastest.as_micros() < 10_000, "a plan takes {fastest:?}");
}
