//! What a learner is shown of themselves: tests that they ask for, what an answer would move, and how
//! sure they were.

use expect_test::expect;
use record::{Foreseen, Foresight, Guess, Outcome, Ppm, Prediction, Setting, What};
use tutor::{Priors, Test, calibration, influence, ledger, test};

use crate::setup::{Record, answer, five, record};

/// "b: −0.40 → +3.20, 2 of 2 right, Known".
fn told(test: &Test) -> String {
    let state = test.settled.map_or_else(|| "goes on".to_owned(), |settled| format!("{settled:?}"));
    format!("from {}: {} → {}, {} of {} right, {state}", test.began, test.before, test.after, test.right, test.asked)
}

#[test]
fn a_test_goes_on_until_it_is_sure_either_way() {
    let curriculum = five();
    let b = curriculum.skill("b").unwrap();
    let stories = [
        "probe right; probe right",
        "probe wrong; probe wrong",
        "probe right; probe wrong; probe right; probe right",
        "probe wrong; probe right; probe wrong; probe right; probe wrong; probe right; probe wrong; probe right",
        "probe right; probe right; practice wrong; practice wrong; practice wrong",
        "placement right; probe right hints=1; probe right attempt=2",
    ];
    let told = stories.map(|story| {
        let mut record = Record::default();
        record.add(What::Doubted { skill: "b".into() });
        let items = ["b.n1", "b.n2"].iter().cycle();
        for (line, item) in story.split("; ").zip(items) {
            record.say(&curriculum, &format!("{item} {line}"));
        }
        told(&test(&curriculum, &Priors::default(), &record.entries, b).unwrap())
    });
    expect![[r#"
        from 1: −0.54 → +6.38, 2 of 2 right, Known
        from 1: −0.54 → −1.12, 0 of 2 right, Unknown
        from 1: −0.54 → +4.32, 2 of 3 right, Known
        from 1: −0.54 → +3.49, 2 of 4 right, Known
        from 1: −0.54 → +6.38, 2 of 2 right, Known
        from 1: −0.54 → −0.54, 0 of 0 right, goes on"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn a_doubt_moves_no_belief_and_a_new_one_begins_anew() {
    let curriculum = five();
    let mut asked = record(&curriculum, "b.n1 practice right");
    let before = ledger(&curriculum, &Priors::default(), &asked.entries);
    asked.add(What::Doubted { skill: "b".into() });
    assert_eq!(ledger(&curriculum, &Priors::default(), &asked.entries), before);
    asked.say(&curriculum, "b.n2 probe right").say(&curriculum, "b.c1 probe right");
    asked.add(What::Doubted { skill: "b".into() });
    let b = curriculum.skill("b").unwrap();
    let again = test(&curriculum, &Priors::default(), &asked.entries, b).unwrap();
    assert_eq!((again.began, again.asked, again.settled), (5, 0, None));
    assert_eq!(test(&curriculum, &Priors::default(), &asked.entries, 0), None);
    assert_eq!(test(&curriculum, &Priors::default(), &asked.entries, 99), None);
}

#[test]
fn an_answer_moves_its_skill_most_and_its_kin_more_than_others() {
    let curriculum = five();
    let record = record(&curriculum, "a.n1 placement right\ne.n1 placement wrong");
    let moved = influence(&curriculum, &Priors::default(), &record.entries, curriculum.skill("b").unwrap());
    let line = |moved: &tutor::Influence| {
        let id = &curriculum.skills[moved.skill].id;
        format!("{id} {:.3}: right {:.3}, wrong {:.3}", moved.now, moved.right, moved.wrong)
    };
    expect![[r#"
        b 0.445: right 0.953, wrong 0.277
        c 0.142: right 0.361, wrong 0.040
        d 0.445: right 0.603, wrong 0.323
        e 0.146: right 0.226, wrong 0.085
        a 0.954: right 0.995, wrong 0.901"#]]
    .assert_eq(&moved.iter().map(line).collect::<Vec<_>>().join("\n"));
    assert!(influence(&curriculum, &Priors::default(), &record.entries, 99).is_empty());
}

#[test]
fn how_sure_they_were_is_compared_with_what_came() {
    let curriculum = five();
    let mut record = Record::default();
    let mut sure = |item: &str, outcome, confidence: f64, attempt| {
        let mut answer = answer(&curriculum, curriculum.item(item).unwrap(), Setting::Practice, outcome);
        answer.confidence = Some(Ppm::from_f64(confidence));
        answer.attempt = attempt;
        record.add(What::Answered(answer));
    };
    sure("a.n1", Outcome::Right, 0.5, 1);
    sure("a.n2", Outcome::Wrong, 0.5, 1);
    sure("a.n2", Outcome::Right, 0.95, 2);
    sure("b.n1", Outcome::Right, 0.75, 1);
    sure("b.n2", Outcome::Wrong, 0.95, 1);
    sure("c.n1", Outcome::Unknown, 0.95, 1);
    record.say(&curriculum, "c.n2 practice right");
    let seen = |score, confidence| Foreseen {
        ask: "p99".into(),
        guess: "1 ms".into(),
        measured: "1 ms".into(),
        score: Ppm::from_f64(score),
        confidence: Ppm::from_f64(confidence),
    };
    let guesses = vec![seen(0.6, 0.75), seen(0.2, 0.95)];
    record.add(What::Foresaw(Foresight { design: "d".into(), run: "r".into(), guesses, score: Ppm(0) }));
    let guess = |guess: Option<&str>, score, graded| Guess {
        ask: "mean".into(),
        guess: guess.map(str::to_owned),
        measured: "1 ms".into(),
        run: "r".into(),
        score: Ppm::from_f64(score),
        graded,
    };
    let guesses =
        vec![guess(Some("1 ms"), 1.0, true), guess(Some("9 ms"), 0.1, true), guess(None, 0.0, true), guess(Some("2 ms"), 1.0, false)];
    record.add(What::Predicted(Prediction { skill: "a".into(), figure: "f".into(), guesses, score: Ppm(0) }));
    let found = calibration(&record.entries);
    let levels = found.levels.map(|level| (level.said, level.hits.of, level.hits.held));
    assert_eq!(levels, [(0.5, 2, 1), (0.75, 2, 2), (0.95, 2, 0)]);
    assert_eq!((found.predictions.of, found.predictions.held, found.predictions.missing()), (2, 1, 8));
    let brier = (0.25 + 0.25 + 2.0 * 0.0625 + 2.0 * 0.9025) / 6.0;
    assert!((found.brier.unwrap() - brier).abs() < 1e-12);
    assert_eq!(calibration(&[]).brier, None);
}
