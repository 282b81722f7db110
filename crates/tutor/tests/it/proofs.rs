//! What counts as proof for a certificate, and what is said to be missing.

use expect_test::{Expect, expect};
use tutor::{Priors, proof};

use crate::setup::{five, record};

/// Proof of skill "e" after the answers given.
fn check(text: &str, expected: Expect) {
    let curriculum = five();
    let record = record(&curriculum, text);
    let proof = proof(&curriculum, &Priors::default(), &record.entries, curriculum.skill("e").unwrap());
    let is = |yes, word| if yes { word } else { "-" };
    expected.assert_eq(&format!(
        "{} {}, {} in a row, {} hard: {}",
        is(proof.mastered, "mastered"),
        is(proof.proved, "proved"),
        proof.unaided_right_in_a_row,
        proof.hard_among_them,
        proof.missing().unwrap_or_default()
    ));
}

#[test]
fn three_unaided_answers_with_two_hard_prove_a_skill() {
    check("e.n1 practice right\n e.c1 practice right\n e.n2 review right", expect!["mastered proved, 3 in a row, 2 hard: "]);
    check(
        "e.n1 practice right\n e.c1 practice right",
        expect!["mastered -, 2 in a row, 1 hard: One more right answer without help, to a question that is hard to guess."],
    );
    check(
        "e.n1 practice right",
        expect!["- -, 1 in a row, 1 hard: Two more right answers in a row without help, one of them to a question that is hard to guess."],
    );
    check(
        "",
        expect![
            "- -, 0 in a row, 0 hard: Three more right answers in a row without help, two of them to questions that are hard to guess."
        ],
    );
}

#[test]
fn choices_alone_master_a_skill_but_do_not_prove_it() {
    let choices = "e.c1 practice right\n e.c2 practice right\n e.c1 practice right seed=1\n e.c2 practice right seed=1\n";
    check(
        choices,
        expect!["mastered -, 4 in a row, 0 hard: Two more right answers in a row without help, both to questions that are hard to guess."],
    );
    check(
        &format!("{choices} e.n1 practice right"),
        expect!["mastered -, 5 in a row, 1 hard: One more right answer without help, to a question that is hard to guess."],
    );
    check(&format!("{choices} e.n1 practice right\n e.n2 practice right"), expect!["mastered proved, 6 in a row, 2 hard: "]);
}

#[test]
fn the_same_question_again_counts_once() {
    check(
        "e.n1 practice right\n e.n1 practice right\n e.n1 practice right",
        expect![
            "mastered -, 1 in a row, 1 hard: Two more right answers in a row without help, one of them to a question that is hard to guess."
        ],
    );
    check(
        "e.n1 practice right\n e.n1 practice right seed=1\n e.n1 practice right seed=2",
        expect!["mastered proved, 3 in a row, 3 hard: "],
    );
}

#[test]
fn a_miss_breaks_the_row_wherever_it_happens() {
    let proved = "e.n1 practice right\n e.c1 practice right\n e.n2 practice right\n";
    check(
        &format!("{proved} e.c2 lesson wrong"),
        expect![
            "- -, 0 in a row, 0 hard: Three more right answers in a row without help, two of them to questions that are hard to guess."
        ],
    );
    check(
        &format!("{proved} e.c2 placement unknown"),
        expect![
            "- -, 0 in a row, 0 hard: Three more right answers in a row without help, two of them to questions that are hard to guess."
        ],
    );
    check(&format!("{proved} e.c2 practice wrong attempt=2"), expect!["mastered proved, 3 in a row, 2 hard: "]);
}

#[test]
fn help_an_open_lesson_and_the_placement_do_not_prove() {
    for aside in ["practice right hints=1", "lesson right", "placement right", "practice right attempt=2"] {
        check(
            &format!("taught e\n e.n1 {aside}\n e.c1 {aside}\n e.n2 {aside}"),
            match aside {
                "practice right hints=1" => expect![
                    "- -, 0 in a row, 0 hard: Three more right answers in a row without help, two of them to questions that are hard to guess."
                ],
                "lesson right" => expect![
                    "mastered -, 0 in a row, 0 hard: Three more right answers in a row without help, two of them to questions that are hard to guess."
                ],
                "placement right" => expect![
                    "- -, 0 in a row, 0 hard: Three more right answers in a row without help, two of them to questions that are hard to guess."
                ],
                _ => expect![
                    "- -, 0 in a row, 0 hard: Three more right answers in a row without help, two of them to questions that are hard to guess."
                ],
            },
        );
    }
}

#[test]
fn reading_a_lesson_over_and_over_masters_nothing() {
    check(
        "taught e\n taught e\n taught e\n taught e\n taught e\n taught e\n taught e\n taught e",
        expect![
            "- -, 0 in a row, 0 hard: Three more right answers in a row without help, two of them to questions that are hard to guess."
        ],
    );
}
