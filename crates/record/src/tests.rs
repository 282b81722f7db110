//! The shape of every entry as it is kept: a failure here means that old records would not be read.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use crate::*;

fn entry(what: What) -> Entry {
    Entry { learner: LearnerId("ada".into()), seq: 7, at: Moment(1_790_000_000_000), what }
}

fn answer() -> Answer {
    Answer {
        skill: "read.queueing".into(),
        item: "queueing-03".into(),
        version: 2,
        seed: u64::MAX,
        setting: Setting::Practice,
        outcome: Outcome::Right,
        score: Ppm::ONE,
        guess: Ppm(50_000),
        slip: Ppm(100_000),
        hard: true,
        form: "numeric".into(),
        attempt: 1,
        hints: 0,
        confidence: Some(Ppm(750_000)),
        response: "40 ms".into(),
        text: None,
        interval: None,
    }
}

/// What is kept, and that it is read back as it was.
fn check(what: What, expected: Expect) {
    let entry = entry(what);
    let kept = entry.to_json();
    assert_eq!(Entry::from_json(&kept).as_ref(), Ok(&entry));
    let start = r#"{"learner":"ada","seq":7,"at":1790000000000,"what":"#;
    expected.assert_eq(kept.strip_prefix(start).and_then(|rest| rest.strip_suffix('}')).expect("the frame of an entry"));
}

#[test]
fn every_kind_of_entry_keeps_its_shape() {
    let skill = || "read.queueing".to_owned();
    let text = || TextId("t1".into());
    let profile = Profile { years: 4, stack: vec!["django".into()], hours: 3, texts: vec![text()], ..Profile::default() };
    let guess = Guess { ask: "p99".into(), guess: None, measured: "40 ms".into(), run: "r1".into(), score: Ppm(0), graded: true };
    let prediction = Prediction { skill: skill(), figure: "busy".into(), guesses: vec![guess], score: Ppm(0) };
    check(
        What::Profiled(profile),
        expect![[
            r#"{"kind":"profiled","name":"","role":"backend","years":4,"stack":["django"],"goal":"understanding","hours":3,"system_words":[],"texts":["t1"]}"#
        ]],
    );
    check(What::Claimed { skills: vec![skill()] }, expect![[r#"{"kind":"claimed","skills":["read.queueing"]}"#]]);
    let foreseen =
        Foreseen { ask: "buy.p99".into(), guess: "40 ms".into(), measured: "52 ms".into(), score: Ppm(900_000), confidence: Ppm(750_000) };
    check(
        What::Foresaw(Foresight { design: "r-0".into(), run: "r-1".into(), guesses: vec![foreseen], score: Ppm(900_000) }),
        expect![[
            r#"{"kind":"foresaw","design":"r-0","run":"r-1","guesses":[{"ask":"buy.p99","guess":"40 ms","measured":"52 ms","score":900000,"confidence":750000}],"score":900000}"#
        ]],
    );
    check(What::PlacementBegan, expect![[r#"{"kind":"placement-began"}"#]]);
    check(What::PlacementEnded { reason: PlacementEnd::Learner }, expect![[r#"{"kind":"placement-ended","reason":"learner"}"#]]);
    check(
        What::Answered(answer()),
        expect![[
            r#"{"kind":"answered","skill":"read.queueing","item":"queueing-03","version":2,"seed":18446744073709551615,"setting":"practice","outcome":"right","score":1000000,"guess":50000,"slip":100000,"hard":true,"form":"numeric","attempt":1,"hints":0,"confidence":750000,"response":"40 ms","text":null}"#
        ]],
    );
    check(
        What::Hinted { skill: skill(), item: "queueing-03".into(), seed: 5, rung: 2 },
        expect![[r#"{"kind":"hinted","skill":"read.queueing","item":"queueing-03","seed":5,"rung":2}"#]],
    );
    check(
        What::Predicted(prediction),
        expect![[
            r#"{"kind":"predicted","skill":"read.queueing","figure":"busy","guesses":[{"ask":"p99","guess":null,"measured":"40 ms","run":"r1","score":0,"graded":true}],"score":0}"#
        ]],
    );
    check(What::Taught { skill: skill(), depth: Depth::Brief }, expect![[r#"{"kind":"taught","skill":"read.queueing","depth":"brief"}"#]]);
    check(
        What::Wrote { skill: skill(), prompt: "why".into(), text: text() },
        expect![[r#"{"kind":"wrote","skill":"read.queueing","prompt":"why","text":"t1"}"#]],
    );
    check(
        What::Overruled { skill: skill(), treatment: Some(Treatment::Slow) },
        expect![[r#"{"kind":"overruled","skill":"read.queueing","treatment":"slow"}"#]],
    );
    check(
        What::Overruled { skill: skill(), treatment: None },
        expect![[r#"{"kind":"overruled","skill":"read.queueing","treatment":null}"#]],
    );
    check(What::Certified { certificate: "c1".into() }, expect![[r#"{"kind":"certified","certificate":"c1"}"#]]);
    check(What::Doubted { skill: skill() }, expect![[r#"{"kind":"doubted","skill":"read.queueing"}"#]]);
    check(
        What::Corrected { word: "stack:redis".into(), holds: false },
        expect![[r#"{"kind":"corrected","word":"stack:redis","holds":false}"#]],
    );
}

#[test]
fn words_for_kinds_of_things_keep_their_spelling() {
    let words = serde_json::to_string(&(
        [Role::Backend, Role::FullStack, Role::Frontend, Role::Data, Role::Operations, Role::Lead, Role::Student, Role::Other],
        [Goal::Promotion, Goal::Interviews, Goal::Work, Goal::Understanding],
        [PlacementEnd::Sure, PlacementEnd::Cap, PlacementEnd::Learner],
        [Treatment::Skip, Treatment::Compress, Treatment::Standard, Treatment::Slow],
        [Depth::Brief, Depth::Standard, Depth::Slow],
        [Setting::Placement, Setting::Probe, Setting::Lesson, Setting::Practice, Setting::Review],
        [Outcome::Right, Outcome::Wrong, Outcome::Unknown],
    ));
    expect![[r#"
        [["backend","full-stack","frontend","data","operations","lead","student","other"]
        ["promotion","interviews","work","understanding"]
        ["sure","cap","learner"]
        ["skip","compress","standard","slow"]
        ["brief","standard","slow"]
        ["placement","probe","lesson","practice","review"]
        ["right","wrong","unknown"]]"#]]
    .assert_eq(&words.unwrap().replace("],[", "]\n["));
}

#[test]
fn what_the_first_version_left_out_is_read_with_a_default() {
    let answered = r#"{"learner":"ada","seq":1,"at":0,"what":{"kind":"answered","skill":"s","item":"i","version":1,"seed":0,
        "setting":"lesson","outcome":"unknown","score":0,"guess":0,"slip":0,"hard":false,"form":"choice","attempt":1,"hints":0,"response":""}}"#;
    let entry = Entry::from_json(answered).unwrap();
    let answer = entry.answer().unwrap();
    assert_eq!((answer.confidence, answer.text.as_ref(), answer.outcome), (None, None, Outcome::Unknown));
    let profiled =
        r#"{"learner":"ada","seq":1,"at":0,"what":{"kind":"profiled","role":"lead","years":9,"stack":[],"goal":"work","hours":2}}"#;
    assert!(
        matches!(Entry::from_json(profiled).unwrap().what, What::Profiled(profile) if profile.name.is_empty() && profile.texts.is_empty())
    );
}

#[test]
fn fields_of_a_later_version_are_passed_over_and_unknown_kinds_are_named() {
    let later = r#"{"learner":"ada","seq":1,"at":0,"what":{"kind":"placement-began","mood":"calm"},"device":"x"}"#;
    assert_eq!(Entry::from_json(later).unwrap().what, What::PlacementBegan);
    let unknown = r#"{"learner":"ada","seq":1,"at":0,"what":{"kind":"dreamt"}}"#;
    let refused = Entry::from_json(unknown).unwrap_err();
    assert!(refused.contains("dreamt"), "{refused}");
    let long = format!(r#"{{"learner":"{}","#, "a".repeat(2 << 20));
    assert!(Entry::from_json(&long).unwrap_err().contains("1 MiB"));
}

#[test]
fn an_entry_tells_which_skill_it_is_about() {
    assert_eq!(entry(What::Answered(answer())).what.skill(), Some("read.queueing"));
    assert_eq!(entry(What::PlacementBegan).what.skill(), None);
}

proptest! {
    #[test]
    fn answers_survive_being_kept(
        seq: u64, at: i64, seed: u64, ppm: [u32; 3], hints: u8, response in "\\PC*", confidence in prop::option::of(any::<u32>()),
    ) {
        let [score, guess, slip] = ppm.map(Ppm);
        let answer = Answer { seed, score, guess, slip, hints, response, confidence: confidence.map(Ppm), ..answer() };
        let entry = Entry { seq, at: Moment(at), ..entry(What::Answered(answer)) };
        prop_assert_eq!(Entry::from_json(&entry.to_json()), Ok(entry));
    }

    #[test]
    fn parts_per_million_keep_a_probability_to_six_places(p in 0.0..=1.0_f64) {
        prop_assert!((Ppm::from_f64(p).as_f64() - p).abs() <= 5e-7);
    }

    #[test]
    fn parts_per_million_are_a_probability_whatever_was_stored(stored: u32, x in prop::num::f64::ANY) {
        prop_assert!((0.0..=1.0).contains(&Ppm(stored).as_f64()));
        prop_assert!(Ppm::from_f64(x) <= Ppm::ONE);
    }

    #[test]
    fn no_text_makes_reading_panic(text in "\\PC*") {
        let _ = Entry::from_json(&text);
    }
}
