//! How a skill is taught to one learner: records in, way and reason out.

use expect_test::{Expect, expect};
use tutor::{Priors, Way, way};

use crate::setup::{five, record};

fn check(text: &str, skill: &str, expected: Expect) {
    let curriculum = five();
    let record = record(&curriculum, text);
    let shown = way(&curriculum, &Priors::default(), &record.entries, curriculum.skill(skill).unwrap()).unwrap();
    expected.assert_eq(&format!("{}: {}", shown.way.word(), shown.sentence()));
}

#[test]
fn who_probably_knows_gets_the_problem_first_and_who_does_not_an_example() {
    check("", "e", expect!["written: In the usual order, because it is 50% likely that you know it: neither new to you nor sure."]);
    check("", "c", expect!["example: A worked example comes first, because this is probably new to you."]);
    check("e.n1 placement right", "e", expect!["problem: The problem comes first, because it is 95% likely that you know it."]);
    check(
        "e.n1 probe right\n e.n2 probe right",
        "e",
        expect!["problem: The problem comes first, because the last two answers on this were right."],
    );
}

#[test]
fn misses_before_the_lesson_call_for_an_example_and_after_it_for_another_one_and_then_for_other_words() {
    check("e.n1 probe wrong", "e", expect!["example: A worked example comes first, because this is probably new to you."]);
    let known = "e.n1 probe right\n e.n2 probe right\n";
    check(
        &format!("{known} e.c1 probe wrong\n e.c2 probe unknown"),
        "e",
        expect!["example: A worked example comes first, because two answers on this were missed."],
    );
    let read = format!("{known} taught e\n");
    check(&read, "e", expect!["problem: The problem comes first, because the last two answers on this were right."]);
    let missed = format!("{read} e.n1 practice wrong seed=1\n");
    check(&missed, "e", expect!["another: Another example comes first, because the last answer on this was missed."]);
    let twice = format!("{missed} e.n2 practice unknown seed=1\n");
    check(&twice, "e", expect!["again: Explained a second way, because the last two answers on this were missed."]);
    // A second try at the same question is no new answer, and the placement teaches nothing.
    check(
        &format!("{twice} e.n2 practice right seed=1 attempt=2\n e.n1 placement right"),
        "e",
        expect!["again: Explained a second way, because the last two answers on this were missed."],
    );
    check(
        &format!("{twice} e.n2 practice right seed=2"),
        "e",
        expect!["problem: The problem comes first, because it is over 99% likely that you know it."],
    );
}

#[test]
fn answers_on_other_skills_are_not_misses_of_this_one() {
    check(
        "taught e\n d.n1 practice wrong\n d.n2 practice wrong",
        "e",
        expect!["written: In the usual order, because it is 65% likely that you know it: neither new to you nor sure."],
    );
}

#[test]
fn every_way_has_a_word_and_another_way_beside_it() {
    for way in [Way::ProblemFirst, Way::AsWritten, Way::ExampleFirst, Way::AnotherExample, Way::ExplainedAgain] {
        assert_eq!(Way::named(way.word()), Some(way));
        assert_ne!(way.other(), way);
    }
    assert_eq!(Way::named("<script>"), None);
    let curriculum = five();
    assert_eq!(tutor::way(&curriculum, &Priors::default(), &[], 99), None);
}
