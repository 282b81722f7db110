//! Reviews as a story of a year, and questions before a lesson.

use std::collections::BTreeSet;

use desk::Desk;
use record::{Depth, Outcome, Setting};
use tutor::{State, Step, Way};

use crate::both::{Place, days_pass, on_both, right, unknown};

const SKILL: &str = "read.boxes";

/// Reads the lesson and practises with right answers until it is proved.
async fn learn(desk: &Desk) {
    desk.taught(SKILL, Depth::Standard).await.expect("it is kept");
    for _ in 0..40 {
        let learner = desk.learner().await.expect("a learner");
        if learner.line(SKILL).is_some_and(|line| line.state == State::Proved) {
            return;
        }
        let view = desk.practice(&learner, SKILL).await.expect("practice").view.expect("a fresh question");
        assert!(!view.item.placement, "{} is for the placement", view.item.id);
        desk.answer(&view.item.id, view.seed, Setting::Practice, &right(&view.item, view.seed)).await.expect("it is judged");
    }
    panic!("{SKILL} was not proved by forty right answers");
}

#[test]
fn what_was_learned_comes_back_with_new_numbers_for_a_year() {
    on_both("year", |place: Place| async move {
        let desk = place.started("work").await;
        learn(&desk).await;
        let learner = desk.learner().await.expect("a learner");
        assert_eq!(learner.due(desk.now()).len(), 0, "nothing is due on the day it was learned");
        let mut reviewed = Vec::new();
        for _ in 0..120 {
            days_pass(3);
            // Nothing was written since, and still the day counts.
            let learner = desk.learner().await.expect("a learner");
            if let Some(view) = desk.review(&learner).expect("it is looked up") {
                let since = learner.seq();
                desk.answer(&view.item.id, view.seed, Setting::Review, &right(&view.item, view.seed)).await.expect("it is judged");
                reviewed.push((view.item.id.clone(), view.seed));
                let after = desk.learner().await.expect("a learner");
                let sat = after.sat(since, desk.now());
                assert_eq!(sat.asked, 1);
                assert!(sat.next.is_some(), "{}", sat.sentence(&after.shelf.curriculum));
                assert!(desk.review(&after).expect("it is looked up").is_none(), "once a day");
            }
        }
        assert!((3..=30).contains(&reviewed.len()), "{} reviews in a year", reviewed.len());
        let learner = desk.learner().await.expect("a learner");
        let first_tries = learner.entries.iter().filter_map(|entry| entry.answer()).filter(|answer| answer.attempt == 1);
        let all: Vec<(String, u64)> = first_tries.map(|answer| (answer.item.clone(), answer.seed)).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "no numbers came twice");
        drop(desk);

        let desk = place.desk().await;
        let again = desk.learner().await.expect("a learner");
        assert_eq!(again.cards, learner.cards, "the cards follow from the record");
    });
}

#[test]
fn a_question_before_the_lesson_is_evidence_without_help() {
    on_both("probe", |place: Place| async move {
        let desk = place.started("work").await;
        let learner = desk.learner().await.expect("a learner");
        let ahead = learner.ahead(desk.now());
        let Step::Probe(skill) = ahead.step else { panic!("{ahead:?}") };
        let id = learner.shelf.curriculum.skills[skill].id.clone();
        let view = desk.probe(&learner, &id).await.expect("it is looked up").view.expect("a question");
        let offered = ahead.question.expect("the step has its question");
        assert_eq!(view.item.id, learner.shelf.curriculum.items[offered.item].id, "the page asks what the tutor offers");
        assert_eq!(view.seed, offered.variation);

        let before = learner.line(&id).expect("its line").p;
        desk.answer(&view.item.id, view.seed, Setting::Probe, &right(&view.item, view.seed)).await.expect("it is judged");
        let after = desk.learner().await.expect("a learner");
        let line = after.line(&id).expect("its line");
        assert!(line.p > before);
        assert_eq!(
            line.proof.unaided_right_in_a_row,
            u8::from(after.entries.last().and_then(|entry| entry.answer()).is_some_and(|answer| answer.outcome == Outcome::Right))
        );
        assert!(!after.was_taught(&id) && line.state != State::InProgress, "the lesson is not begun");
    });
}

#[test]
fn misses_after_the_lesson_bring_another_example_and_then_other_words() {
    on_both("misses", |place: Place| async move {
        let desk = place.started("understanding").await;
        desk.taught(SKILL, Depth::Standard).await.expect("it is kept");
        let mut ways = Vec::new();
        for _ in 0..2 {
            let learner = desk.learner().await.expect("a learner");
            let view = desk.practice(&learner, SKILL).await.expect("practice").view.expect("a fresh question");
            desk.answer(&view.item.id, view.seed, Setting::Practice, &unknown()).await.expect("it is judged");
            ways.push(desk.learner().await.expect("a learner").way(SKILL).expect("a way").way);
        }
        assert_eq!(ways, [Way::AnotherExample, Way::ExplainedAgain]);
        let shelf = desk.shelf();
        for (skill, lesson) in &shelf.course.lessons {
            assert!(lesson.again().is_some(), "{skill} has a second explanation");
        }
    });
}
