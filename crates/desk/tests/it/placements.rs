//! The placement as a story: left and resumed, "I don't know", stopped when sure or by hand, taken again.

use std::collections::{BTreeMap, BTreeSet};

use desk::{Desk, Placement, Placing};
use record::{Outcome, PlacementEnd, Setting, What};
use tutor::State;

use crate::both::{Place, on_both, right, unknown};

async fn asked(desk: &Desk) -> Option<(course::Item, u64)> {
    match desk.learner().await.expect("the record is read").placement() {
        Placement::Ask { item, seed, .. } => Some((item, seed)),
        Placement::Over => None,
    }
}

async fn placing(desk: &Desk) -> Placing {
    desk.learner().await.expect("the record is read").placing()
}

/// Answers until it is over; what was asked.
async fn finish(desk: &Desk, answer: impl Fn(&course::Item, u64) -> Vec<(String, String)>) -> Vec<(String, u64)> {
    let mut questions = Vec::new();
    while let Some((item, seed)) = asked(desk).await {
        desk.answer_placement(&item.id, seed, &answer(&item, seed)).await.expect("it is recorded");
        questions.push((item.id, seed));
        assert!(questions.len() <= 30, "never more than thirty");
    }
    questions
}

async fn ended(desk: &Desk) -> Option<PlacementEnd> {
    let learner = desk.learner().await.expect("the record is read");
    learner.entries.iter().rev().find_map(|entry| if let What::PlacementEnded { reason } = entry.what { Some(reason) } else { None })
}

#[test]
fn it_is_left_and_resumed_where_it_was() {
    on_both("resumed", |place: Place| async move {
        let desk = place.started("work").await;
        assert_eq!(placing(&desk).await, Placing::Ahead);
        desk.begin_placement().await.expect("it begins");
        assert_eq!(placing(&desk).await, Placing::UnderWay { answered: 0 });
        for nth in 0..3 {
            let (item, seed) = asked(&desk).await.expect("a question");
            let answer = if nth == 1 { unknown() } else { right(&item, seed) };
            desk.answer_placement(&item.id, seed, &answer).await.expect("it is recorded");
        }
        let (item, seed) = asked(&desk).await.expect("a question");
        let before = desk.learner().await.expect("a learner").entries.clone();
        drop(desk);

        let desk = place.desk().await;
        assert_eq!(placing(&desk).await, Placing::UnderWay { answered: 3 });
        let (again, seed_again) = asked(&desk).await.expect("a question");
        assert_eq!((again.id.as_str(), seed_again), (item.id.as_str(), seed), "the very question that was open");
        desk.begin_placement().await.expect("it goes on");
        let learner = desk.learner().await.expect("a learner");
        assert_eq!(learner.entries, before, "to go on is no new beginning");
        let outcomes: Vec<Outcome> = learner.entries.iter().filter_map(|entry| entry.answer()).map(|answer| answer.outcome).collect();
        assert_eq!(outcomes, [Outcome::Right, Outcome::Unknown, Outcome::Right]);
    });
}

#[test]
fn it_stops_when_it_is_sure_and_nobody_who_knows_nothing_skips_anything() {
    on_both("sure", |place: Place| async move {
        let desk = place.started("work").await;
        desk.begin_placement().await.expect("it begins");
        let questions = finish(&desk, |_, _| unknown()).await;
        assert!((8..30).contains(&questions.len()), "{} questions", questions.len());
        assert_eq!(ended(&desk).await, Some(PlacementEnd::Sure));
        assert_eq!(placing(&desk).await, Placing::Over);
        let learner = desk.learner().await.expect("a learner");
        assert!(learner.plan.lines.iter().all(|line| line.state != State::Skipped));
        assert!(asked(&desk).await.is_none());
        let items: BTreeSet<&String> = questions.iter().map(|(item, _)| item).collect();
        assert_eq!(items.len(), questions.len(), "no question twice");
    });
}

#[test]
fn taken_again_it_keeps_the_evidence_and_may_ask_the_same_with_other_numbers() {
    on_both("again", |place: Place| async move {
        let desk = place.started("work").await;
        desk.begin_placement().await.expect("it begins");
        let first = finish(&desk, |_, _| unknown()).await;
        let before: BTreeMap<usize, u64> = beliefs(&desk).await;
        desk.begin_placement().await.expect("it begins again");
        assert_eq!(placing(&desk).await, Placing::UnderWay { answered: 0 });
        assert_eq!(beliefs(&desk).await, before, "the evidence is kept");
        drop(desk);

        let desk = place.desk().await;
        let mut all = first;
        all.extend(finish(&desk, right).await);
        assert!(all.len() >= 16, "each placement asks at least eight");
        for nth in 0..4 {
            desk.begin_placement().await.expect("another one begins");
            all.extend(finish(&desk, |item, seed| if nth % 2 == 0 { unknown() } else { right(item, seed) }).await);
        }
        let questions: BTreeSet<&(String, u64)> = all.iter().collect();
        let items: BTreeSet<&str> = all.iter().map(|(item, _)| item.as_str()).collect();
        assert!(items.len() < all.len(), "questions asked before are forgotten");
        let shelf = desk.shelf();
        for item in items {
            let asked = all.iter().filter(|(other, _)| other == item).count() as u64;
            let fresh = questions.iter().filter(|(other, _)| other == item).count() as u64;
            assert_eq!(
                fresh,
                asked.min(shelf.course.items[item].variations()),
                "{item} came with the same numbers while there were others"
            );
        }
        let answers = |learner: &desk::Learner| {
            learner.entries.iter().filter(|entry| entry.answer().is_some_and(|answer| answer.setting == Setting::Placement)).count()
        };
        assert_eq!(answers(&desk.learner().await.expect("a learner")), all.len());

        desk.begin_placement().await.expect("one more begins");
        let (item, seed) = asked(&desk).await.expect("a question");
        desk.answer_placement(&item.id, seed, &unknown()).await.expect("it is recorded");
        let stopped = desk.stop_placement().await.expect("it stops");
        assert_eq!(desk.stop_placement().await.expect("it has stopped"), stopped, "once");
        assert_eq!(ended(&desk).await, Some(PlacementEnd::Learner));
        assert_eq!(placing(&desk).await, Placing::Over);
    });
}

/// Every belief, to its last bit.
async fn beliefs(desk: &Desk) -> BTreeMap<usize, u64> {
    desk.learner().await.expect("a learner").plan.lines.iter().map(|line| (line.skill, line.p.to_bits())).collect()
}
