//! Whole courses of learners of every kind, decision by decision, and the lines they are driven by.

use expect_test::expect;
use proptest::prelude::*;
use record::{Outcome, Treatment, What};
use tutor::session::wire::{Start, refusal};
use tutor::session::{Decision, Session, Setup};
use tutor::{Mode, Priors, ledger, plan};

use crate::setup::{Dice, NOW, curriculum, five, skill};

/// A course of one to fourteen skills on any graph, with or without claims.
fn setup(dice: &mut Dice) -> Setup {
    let count = 1 + dice.below(14);
    let skills = (0..count).map(|index| {
        let needs: Vec<usize> = (0..index).filter(|_| dice.chance(0.25)).collect();
        let mut skill = skill(&format!("s{index:02}"), 1.5 * dice.normal(), &needs);
        skill.area = dice.below(3).to_string();
        skill
    });
    let curriculum = curriculum(skills.collect());
    let claims = dice.chance(0.5).then(|| (0..count).map(|_| dice.chance(0.5)).collect());
    Setup { curriculum, claims, mode: if dice.chance(0.5) { Mode::Progress } else { Mode::Certified } }
}

/// Steps until done, each looked at before it is taken; answers are right with this chance.
fn teach<'a>(setup: &'a Setup, dice: &mut Dice, right: f64, mut look: impl FnMut(&Session<'a>)) -> (Session<'a>, u32) {
    let mut session = Session::begin(setup);
    for steps in 0..10_000 {
        look(&session);
        match session.decision() {
            Decision::Item(_) => assert!(session.answer(dice.chance(right), None)),
            Decision::Practice(_) => assert!(session.answer(dice.chance(right), Some(0.05))),
            Decision::Placed | Decision::Lesson(_) => assert!(session.go_on()),
            Decision::Done => return (session, steps),
        }
    }
    panic!("a course without end");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_session_believes_what_the_ledger_of_its_record_says(seed: u64) {
        let mut dice = Dice(seed);
        let (setup, right) = (setup(&mut dice), dice.unit());
        let (session, _) = teach(&setup, &mut dice, right, |session| {
            // Often enough; every time would be quadratic.
            if session.record().len() % 13 == 0 && session.decision() != Decision::Done {
                let ledger = ledger(&setup.curriculum, &Priors::default(), session.record());
                assert_eq!(session.beliefs(), ledger.beliefs.iter().map(|belief| belief.p()).collect::<Vec<_>>());
            }
        });
        let plan = plan(&setup.curriculum, &Priors::default(), session.record(), NOW);
        prop_assert!(plan.lines.iter().all(|line| line.done() || line.set_aside), "{:?}", plan.lines.iter().map(|l| l.state).collect::<Vec<_>>());
    }

    #[test]
    fn no_lesson_comes_before_every_prerequisite_was_taught_asked_about_or_believed(seed: u64) {
        let mut dice = Dice(seed);
        let (setup, right) = (setup(&mut dice), dice.unit());
        let mut met = vec![false; setup.curriculum.skills.len()];
        teach(&setup, &mut dice, right, |session| {
            match session.decision() {
                Decision::Item(item) => met[setup.curriculum.items[item].skill] = true,
                Decision::Practice(skill) => met[skill] = true,
                Decision::Lesson(skill) => {
                    met[skill] = true;
                    let beliefs = session.beliefs();
                    for &needed in &setup.curriculum.skills[skill].prerequisites {
                        assert!(met[needed] || beliefs[needed] >= 0.95, "{skill} before {needed}, believed at {}", beliefs[needed]);
                    }
                }
                Decision::Placed | Decision::Done => {}
            }
        });
    }

    #[test]
    fn an_answer_flipped_to_right_does_not_lower_its_skill_at_any_time_in_the_course(seed: u64, which: prop::sample::Index) {
        let mut dice = Dice(seed);
        let setup = setup(&mut dice);
        let (session, _) = teach(&setup, &mut dice, 0.6, |_| {});
        let mut entries = session.record().to_vec();
        let missed: Vec<usize> = (0..entries.len()).filter(|&at| entries[at].answer().is_some_and(|answer| answer.outcome == Outcome::Wrong)).collect();
        if missed.is_empty() {
            return Ok(());
        }
        let at = *which.get(&missed);
        let before = ledger(&setup.curriculum, &Priors::default(), &entries);
        let What::Answered(answer) = &mut entries[at].what else { unreachable!("only answers were chosen") };
        let skill = setup.curriculum.skill(&answer.skill).expect("a known skill");
        (answer.outcome, answer.score) = (Outcome::Right, record::Ppm::ONE);
        let after = ledger(&setup.curriculum, &Priors::default(), &entries);
        prop_assert!(before.beliefs[skill].weight <= after.beliefs[skill].weight);
    }

    #[test]
    fn any_text_is_answered_with_a_decision_or_a_sentence(text in "\\PC{0,60}", seed: u64) {
        let start = Start::read(START).expect("a sound start");
        let mut session = Session::begin(&start.setup);
        for line in [text.as_str(), "{\"op\":\"ok\"}", "{\"op\":\"answer\",\"right\":true}", "{\"op\":\"answer\",\"right\":false,\"guess\":2}"] {
            if Dice(seed ^ line.len() as u64).chance(0.7) {
                match session.line(&start, line) {
                    Ok(told) => assert!(told.starts_with("{\"do\":\"")),
                    Err(error) => assert!(error.ends_with('.'), "{error}"),
                }
            }
        }
        prop_assert!(Start::read(&text).is_err());
    }
}

/// Forty skills, each harder than the one before and resting on it.
fn ladder(claims: Option<Vec<bool>>, mode: Mode) -> Setup {
    let needs = |index: usize| index.checked_sub(1).into_iter().collect::<Vec<_>>();
    let skills = (0..40).map(|index| skill(&format!("{index:02}"), index as f64 / 20.0 - 1.0, &needs(index)));
    Setup { curriculum: curriculum(skills.collect()), claims, mode }
}

fn lessons(session: &Session<'_>) -> usize {
    session.record().iter().filter(|entry| matches!(entry.what, What::Taught { .. })).count()
}

#[test]
fn all_right_ends_with_everything_skipped() {
    for mode in [Mode::Progress, Mode::Certified] {
        let setup = ladder(None, mode);
        let (session, steps) = teach(&setup, &mut Dice(1), 1.0, |_| {});
        assert_eq!(lessons(&session), 0);
        assert!(steps <= 45, "{steps} steps");
        assert!(session.beliefs().iter().all(|p| *p >= 0.95));
    }
}

#[test]
fn all_wrong_reaches_every_lesson_and_ends() {
    for mode in [Mode::Progress, Mode::Certified] {
        let setup = ladder(Some(vec![true; 40]), mode);
        let (session, steps) = teach(&setup, &mut Dice(1), 0.0, |_| {});
        let mut taught = [false; 40];
        for entry in session.record() {
            if let What::Taught { skill, .. } = &entry.what {
                taught[setup.curriculum.skill(skill).expect("a known skill")] = true;
            }
        }
        assert!(taught.iter().all(|taught| *taught));
        assert!(steps <= 40 * 35, "{steps} steps");
        assert!(session.beliefs().iter().all(|p| *p < 0.5));
    }
}

#[test]
fn whoever_claims_everything_and_answers_nothing_right_skips_nothing() {
    let setup = ladder(Some(vec![true; 40]), Mode::Progress);
    let (session, _) = teach(&setup, &mut Dice(1), 0.0, |session| {
        if session.record().len() % 17 == 0 {
            let plan = plan(&setup.curriculum, &Priors::default(), session.record(), NOW);
            assert!(plan.lines.iter().all(|line| line.treatment != Treatment::Skip));
        }
    });
    assert!(lessons(&session) >= 40);
}

#[test]
fn what_is_taught_and_not_proved_is_not_certified() {
    let setup = Setup { curriculum: five(), claims: None, mode: Mode::Certified };
    // Choices only: believed in the end, and never proved.
    let mut session = Session::begin(&setup);
    while session.decision() != Decision::Done {
        match session.decision() {
            Decision::Item(_) => session.answer(false, None),
            Decision::Practice(_) => session.answer(true, Some(0.25)),
            _ => session.go_on(),
        };
    }
    let taught = ledger(&setup.curriculum, &Priors::default(), session.record());
    assert!(taught.beliefs.iter().all(|belief| belief.p() > 0.9));
    let lessons = session.record().iter().filter_map(|entry| match &entry.what {
        What::Taught { skill, .. } => setup.curriculum.skill(skill),
        _ => None,
    });
    let beliefs = session.beliefs();
    assert!(lessons.map(|skill| beliefs[skill]).all(|p| p < 0.9));
}

const START: &str = r#"{"op":"start","skills":[{"id":7,"name":"a","area":0,"difficulty":-0.5,"prereqs":[]},{"id":9,"name":"b","area":0,"difficulty":0.5,"prereqs":[7]}],"items":[{"id":"7.0","skill":7,"guess":0.05,"slip":0.1},{"id":"7.1","skill":7,"guess":0.25,"slip":0.1},{"id":"9.0","skill":9,"guess":0.05,"slip":0.1},{"id":"9.1","skill":9,"guess":0.25,"slip":0.1}],"self_report":[1,0],"cost":{"lesson":6,"item":1}}"#;

/// What is said to each line, beside it.
fn spoken(lines: &[&str]) -> String {
    let start = match Start::read(lines[0]) {
        Ok(start) => start,
        Err(error) => return refusal(&error),
    };
    let mut session = Session::begin(&start.setup);
    let mut shown = session.told(&start);
    for line in &lines[1..] {
        shown += "\n";
        match session.line(&start, line) {
            Ok(told) => shown += &told,
            Err(error) => return shown + &refusal(&error),
        }
    }
    shown
}

#[test]
fn a_course_of_two_skills_line_by_line() {
    let (yes, no, fresh, ok) = (
        r#"{"op":"answer","right":true}"#,
        r#"{"op":"answer","right":false}"#,
        r#"{"op":"answer","right":true,"guess":0.05}"#,
        r#"{"op":"ok"}"#,
    );
    expect![[r#"
        {"do":"item","item":"7.0","p":[0.6704,0.1824]}
        {"do":"item","item":"9.0","p":[0.971,0.3318]}
        {"do":"item","item":"7.1","p":[0.9437,0.0483]}
        {"do":"item","item":"9.1","p":[0.9837,0.0522]}
        {"do":"placed","p":[0.982,0.0072]}
        {"do":"lesson","skill":9}
        {"do":"practice","skill":9,"kind":"numeric"}
        {"do":"practice","skill":9,"kind":"numeric"}
        {"do":"done","p":[0.9824,0.9978]}
        {"error":"This comes out of turn: all is done, so end the input here."}"#]]
    .assert_eq(&spoken(&[START, yes, no, yes, no, ok, ok, fresh, fresh, ok]));
}

#[test]
fn what_cannot_be_understood_is_refused_with_a_way_out() {
    let said = [
        spoken(&["hello"]),
        spoken(&[r#"{"op":"ok"}"#]),
        spoken(&[&START.replace("\"prereqs\":[7]", "\"prereqs\":[8]")]),
        spoken(&[&START.replace("\"skill\":9,\"guess\":0.05", "\"skill\":3,\"guess\":0.05")]),
        spoken(&[&START.replace("[1,0]", "[1]")]),
        spoken(&[&START.replace("[1,0]", "[1,2]")]),
        spoken(&[&START.replace("\"prereqs\":[]", "\"prereqs\":[9]")]),
        spoken(&[&START.replace("\"guess\":0.25", "\"guess\":0.95")]),
        spoken(&[&START.replace("\"lesson\":6", "\"lesson\":0")]),
        spoken(&[START, r#"{"op":"ok"}"#]),
        spoken(&[START, START]),
    ];
    expect![[r#"
        {"error":"This line cannot be read: expected value at line 1 column 1. A line is {\"op\":\"start\",...}, {\"op\":\"answer\",\"right\":true} or {\"op\":\"ok\"}."}
        {"error":"The first line must start the session: {\"op\":\"start\",\"skills\":[...],\"items\":[...],\"self_report\":[...],\"cost\":{\"lesson\":6,\"item\":1}}."}
        {"error":"Skill 9 names skill 8, which is not in `skills`: add it, or name another."}
        {"error":"Item `9.0` names skill 3, which is not in `skills`: add it, or name another."}
        {"error":"`self_report` has 1 claims for 2 skills: give one for each, 0 or 1, or leave it out."}
        {"error":"`self_report` has a 2: a claim is 0 or 1."}
        {"error":"These skills need each other in a circle: `7` needs `9` needs `7`. Remove one of the needs."}
        {"error":"Item `7.1` has guess 0.95 and slip 0.1: both must be at least 0, and together less than 1, or an answer says nothing. Item `9.1` has guess 0.95 and slip 0.1: both must be at least 0, and together less than 1, or an answer says nothing."}
        {"error":"`cost` takes two numbers above 0, as in {\"lesson\":6,\"item\":1}."}
        {"do":"item","item":"7.0","p":[0.6704,0.1824]}
        {"error":"This comes out of turn: a question was asked, so say {\"op\":\"answer\",\"right\":true} or false."}
        {"do":"item","item":"7.0","p":[0.6704,0.1824]}
        {"error":"This comes out of turn: a question was asked, so say {\"op\":\"answer\",\"right\":true} or false."}"#]].assert_eq(&said.join("\n"));
}
