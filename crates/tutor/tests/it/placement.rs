//! The placement: which questions, when it stops, and what beginning again means.

use expect_test::{Expect, expect};
use record::{Outcome, PlacementEnd, Setting, What};
use tutor::{Curriculum, Next, Priors, expected_error, ledger, next_placement};

use crate::setup::{Record, curriculum, five, four_items, record, skill};

/// The questions asked, right or wrong by `right`, until it stops.
fn asked(curriculum: &Curriculum, record: &mut Record, right: impl Fn(&str) -> bool) -> String {
    let mut asked = Vec::new();
    loop {
        match next_placement(curriculum, &Priors::default(), &record.entries) {
            Next::Stop(end) => return format!("{} questions, {end:?}: {}", asked.len(), asked.join(" ")),
            Next::Ask(item) => {
                let id = curriculum.items[item].id.clone();
                let outcome = if right(&id) { Outcome::Right } else { Outcome::Wrong };
                asked.push(id);
                record.answer(curriculum, item, Setting::Placement, outcome);
            }
        }
    }
}

fn check_ledger(text: &str, skill: &str, expected: Expect) {
    let curriculum = five();
    let record = record(&curriculum, text);
    let belief = ledger(&curriculum, &Priors::default(), &record.entries).beliefs.swap_remove(curriculum.skill(skill).unwrap());
    let mut shown = format!("{}\n", curriculum.skills[curriculum.skill(skill).unwrap()].name);
    for line in &belief.lines {
        let entry = line.entry.map_or_else(|| "-".to_owned(), |seq| seq.to_string());
        shown += &format!("{entry:>2} {:>6}  {}\n", line.amount.to_string(), line.sentence(&curriculum));
    }
    shown += &format!(" = {:>6}  P {:.3}\n", belief.weight.to_string(), belief.p());
    expected.assert_eq(&shown);
}

#[test]
fn a_right_answer_speaks_for_what_it_rests_on_and_a_miss_against_what_rests_on_it() {
    check_ledger(
        "claimed b
         c.n1 placement right
         a.c1 placement wrong",
        "b",
        expect![[r#"
            B
             -  −0.54  It rests on “A”, so the guess is held near that.
             1  +0.78  You said that you know this.
             1  −1.63  What you said of other skills speaks against this one.
             2  +1.70  You answered correctly on “C”, which rests on this.
             3  −1.39  You missed a question on “A”, which this rests on.
             =  −1.08  P 0.254
        "#]],
    );
}

#[test]
fn i_do_not_know_weighs_as_a_miss_that_cannot_be_bad_luck_of_guessing() {
    check_ledger(
        "e.c1 placement unknown",
        "e",
        expect![[r#"
            E
             1  −2.30  You said “I don’t know” to a question on this.
             =  −2.30  P 0.091
        "#]],
    );
    check_ledger(
        "e.c1 placement wrong",
        "e",
        expect![[r#"
            E
             1  −2.01  You answered a question on this wrongly.
             =  −2.01  P 0.118
        "#]],
    );
}

#[test]
fn hints_and_partial_scores_weaken_evidence_and_second_tries_are_none() {
    check_ledger(
        "e.n1 probe right
         e.n1 probe right hints=2
         e.n1 probe right hints=9
         e.n1 probe right score=0.5
         e.n1 probe right attempt=2",
        "e",
        expect![[r#"
            E
             1  +2.89  You answered a question on this correctly.
             1  +0.26  Practice with feedback teaches.
             2  +0.95  You answered a question on this correctly, after hints.
             2  +0.25  Practice with feedback teaches.
             3   0.00  You answered a question on this correctly, after hints.
             3  +0.25  Practice with feedback teaches.
             4  +1.44  You answered a question on this correctly.
             4  +0.25  Practice with feedback teaches.
             =  +6.29  P 0.998
        "#]],
    );
}

#[test]
fn after_the_lesson_a_skill_is_judged_by_its_own_answers_and_learning_only() {
    check_ledger(
        "b.n1 placement wrong
         taught b
         taught b
         c.n1 placement right
         b.c1 practice right
         b.n2 practice right",
        "b",
        expect![[r#"
            B
             -  −0.54  It rests on “A”, so the guess is held near that.
             1  −2.56  You answered a question on this wrongly.
             2  +2.99  You read the lesson.
             4  +0.40  You answered correctly on “C”, which rests on this.
             5  +1.37  You answered a question on this correctly.
             5  +0.29  Practice with feedback teaches.
             6  +2.94  You answered a question on this correctly.
             6  +0.25  Practice with feedback teaches.
             =  +5.14  P 0.994
        "#]],
    );
}

#[test]
fn numbers_come_first_and_the_smaller_id_wins_a_tie() {
    let curriculum = curriculum(["z", "y", "x"].map(|id| skill(id, 0.0, &[])).to_vec());
    assert_eq!(asked_first(&curriculum), "x.n1");
}

fn asked_first(curriculum: &Curriculum) -> String {
    match next_placement(curriculum, &Priors::default(), &[]) {
        Next::Ask(item) => curriculum.items[item].id.clone(),
        Next::Stop(end) => format!("{end:?}"),
    }
}

#[test]
fn a_placement_asks_at_least_eight_and_stops_when_sure() {
    let curriculum = five();
    let mut sure = Record::default();
    expect!["8 questions, Sure: e.n1 b.n1 c.n1 d.n1 c.n2 d.n2 e.n2 b.n2"].assert_eq(&asked(&curriculum, &mut sure, |_| true));
    assert!(expected_error(&curriculum, &Priors::default(), &sure.entries) <= 0.06);
}

#[test]
fn contradictory_answers_run_into_the_cap() {
    let skills: Vec<_> = (0..40).map(|index| skill(&format!("{index:02}"), 0.0, &[])).collect();
    let curriculum = curriculum(skills);
    let said = asked(&curriculum, &mut Record::default(), |id| id.as_bytes()[1].is_multiple_of(2));
    assert!(said.starts_with("30 questions, Cap"), "{said}");
}

#[test]
fn a_small_pack_ends_its_placement_when_the_questions_run_out() {
    let skills = vec![skill("a", 0.0, &[])];
    let mut items = four_items(&skills);
    items[0].placement = false;
    let curriculum = Curriculum::new(skills, items).unwrap();
    let said = asked(&curriculum, &mut Record::default(), |id| id != "a.n2");
    expect!["3 questions, Cap: a.n2 a.c1 a.c2"].assert_eq(&said);
    assert_eq!(next_placement(&Curriculum::new(vec![], vec![]).unwrap(), &Priors::default(), &[]), Next::Stop(PlacementEnd::Cap));
}

#[test]
fn beginning_again_forgets_the_questions_but_not_their_evidence() {
    let curriculum = five();
    let mut record = Record::default();
    record.say(&curriculum, "began");
    asked(&curriculum, &mut record, |_| true);
    record.add(What::PlacementEnded { reason: PlacementEnd::Sure });
    assert_eq!(next_placement(&curriculum, &Priors::default(), &record.entries), Next::Stop(PlacementEnd::Sure));
    let sure = expected_error(&curriculum, &Priors::default(), &record.entries);
    record.say(&curriculum, "began");
    assert!(matches!(next_placement(&curriculum, &Priors::default(), &record.entries), Next::Ask(_)));
    assert_eq!(expected_error(&curriculum, &Priors::default(), &record.entries), sure);
}

#[test]
fn the_learner_may_stop_at_any_time() {
    let curriculum = five();
    let mut record = record(&curriculum, "began\n a.n1 placement right");
    record.add(What::PlacementEnded { reason: PlacementEnd::Learner });
    assert_eq!(next_placement(&curriculum, &Priors::default(), &record.entries), Next::Stop(PlacementEnd::Learner));
}

#[test]
fn entries_about_skills_of_another_pack_change_nothing() {
    let curriculum = five();
    let stranger = curriculum_of("elsewhere");
    let mut foreign = Record::default();
    foreign.answer(&stranger, 0, Setting::Placement, Outcome::Right);
    foreign.say(&stranger, "taught elsewhere");
    let of = |entries: &[record::Entry]| ledger(&curriculum, &Priors::default(), entries);
    assert_eq!(of(&foreign.entries), of(&[]));
}

fn curriculum_of(id: &str) -> Curriculum {
    curriculum(vec![skill(id, 0.0, &[])])
}
