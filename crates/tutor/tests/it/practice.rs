//! Which question to practise next.

use expect_test::{Expect, expect};
use tutor::{Priors, next_practice, next_review};

use crate::aheads::drilled;
use crate::setup::{five, record};

/// The next questions on skill "e", each answered right and then appended, as "item/variation".
fn check(text: &str, variations: u64, expected: Expect) {
    let curriculum = five();
    let mut record = record(&curriculum, text);
    let variations = vec![variations; curriculum.items.len()];
    let mut next = Vec::new();
    for _ in 0..7 {
        match next_practice(&curriculum, &Priors::default(), &record.entries, curriculum.skill("e").unwrap(), &variations) {
            None => next.push("none".to_owned()),
            Some(practice) => {
                let item = curriculum.items[practice.item].id.clone();
                record.say(&curriculum, &format!("{item} practice right seed={}", practice.variation));
                next.push(format!("{item}/{}", practice.variation));
            }
        }
    }
    expected.assert_eq(&next.join(" "));
}

#[test]
fn fresh_questions_come_before_seen_ones_and_long_ago_before_lately() {
    check("", 1, expect!["e.c1/0 e.n1/0 e.n2/0 e.c2/0 e.n1/0 e.n2/0 e.c1/0"]);
    check("e.c1 placement right\n e.n1 placement wrong", 1, expect!["e.c2/0 e.n2/0 e.n1/0 e.c1/0 e.n2/0 e.n1/0 e.c2/0"]);
}

#[test]
fn a_generated_item_never_repeats_while_it_has_variations_left() {
    check("", 2, expect!["e.c1/0 e.n1/0 e.n2/0 e.c2/0 e.n1/1 e.n2/1 e.c1/1"]);
    check("", u64::MAX, expect!["e.c1/0 e.n1/0 e.n2/0 e.c2/0 e.n1/1 e.n2/1 e.c1/1"]);
}

#[test]
fn no_question_comes_twice_in_a_row() {
    use crate::setup::skill;
    let skills = vec![skill("a", 0.0, &[]), skill("b", 0.0, &[])];
    let mut items = crate::setup::four_items(&skills);
    items.retain(|item| ["a.n1", "b.n1"].contains(&item.id.as_str()));
    let curriculum = tutor::Curriculum::new(skills, items).unwrap();
    let next = |text: &str, variations: u64| {
        let record = record(&curriculum, text);
        next_practice(&curriculum, &Priors::default(), &record.entries, 0, &[variations; 2]).map(|practice| practice.variation)
    };
    assert_eq!(next("a.n1 practice wrong", 1), None);
    assert_eq!(next("a.n1 practice wrong\n b.n1 practice right", 1), Some(0));
    assert_eq!(next("a.n1 practice wrong", 2), Some(1));
    assert_eq!(next("a.n1 practice wrong seed=0\n a.n1 practice wrong seed=1", 2), Some(0));
    assert_eq!(next("", 0), None);
}

#[test]
fn what_the_placement_asks_is_no_drill_while_there_is_anything_else() {
    let curriculum = five();
    let mut items = curriculum.items.clone();
    for item in &mut items {
        item.placement = item.id.ends_with("n1");
    }
    let curriculum = tutor::Curriculum::new(curriculum.skills.clone(), items).unwrap();
    let mut record = record(&curriculum, "");
    for _ in 0..20 {
        let next = next_practice(&curriculum, &Priors::default(), &record.entries, 4, &[2; 20]).unwrap();
        let item = curriculum.items[next.item].id.clone();
        assert!(!item.ends_with("n1"), "{item}");
        record.say(&curriculum, &format!("{item} practice right seed={}", next.variation));
    }
}

#[test]
fn problems_that_look_alike_are_mixed_once_both_are_begun_and_it_goes_well() {
    let curriculum = five().with_confusable(&[(4, 3), (4, 4), (4, 77)]);
    let asked = |text: &str, count: usize| {
        let mut record = record(&curriculum, text);
        let mut next = Vec::new();
        for _ in 0..count {
            let practice = next_practice(&curriculum, &Priors::default(), &record.entries, 4, &[9; 20]).unwrap();
            let item = curriculum.items[practice.item].id.clone();
            record.say(&curriculum, &format!("{item} practice right seed={}", practice.variation));
            next.push(item[..1].to_owned());
        }
        next.join(" ")
    };
    assert_eq!(asked("taught e", 7), "e e e e e e e", "d was not begun");
    assert_eq!(asked("taught d\n taught e", 7), "e e d e e d e");
    assert_eq!(asked("taught d\n taught e\n e.n1 practice right seed=5\n e.n1 practice wrong seed=6", 4), "e d e e", "not after a miss");
}

#[test]
fn a_review_never_asks_the_same_numbers_twice_and_ends_when_there_are_none() {
    let curriculum = drilled(&five());
    let mut record = record(&curriculum, "e.n1 placement right seed=1\n e.c1 practice wrong\n e.c2 lesson right");
    let mut seen = std::collections::BTreeSet::from([("e.n1".to_owned(), 1), ("e.c1".to_owned(), 0), ("e.c2".to_owned(), 0)]);
    let mut last = "e.c2".to_owned();
    for _ in 0..9 {
        let next = next_review(&curriculum, &record.entries, 4, &[3; 20]).expect("there are twelve questions");
        let item = curriculum.items[next.item].id.clone();
        assert!(seen.insert((item.clone(), next.variation)), "{item}/{} again", next.variation);
        assert_ne!(item, last, "not the same item twice in a row");
        record.say(&curriculum, &format!("{item} review right seed={}", next.variation));
        last = item;
    }
    assert_eq!(next_review(&curriculum, &record.entries, 4, &[3; 20]), None);
    assert_eq!(next_review(&five(), &[], 4, &[3; 20]), None, "what the placement asks is left to it");
}

#[test]
fn what_was_sure_and_wrong_is_asked_again_with_other_numbers_before_the_rest() {
    let curriculum = drilled(&five());
    let next = |text: &str, variations: u64| {
        let record = record(&curriculum, text);
        let practice = next_practice(&curriculum, &Priors::default(), &record.entries, 4, &vec![variations; curriculum.items.len()]);
        practice.map_or("none".into(), |practice| format!("{}/{}", curriculum.items[practice.item].id, practice.variation))
    };
    assert_eq!(next("taught e\n e.n2 lesson wrong sure=.95\n e.c1 practice right", 9), "e.n2/1");
    assert_eq!(next("taught e\n e.n2 lesson wrong sure=.95\n e.n2 practice right seed=1", 9), "e.c1/0", "it had its turn");
    assert_eq!(next("taught e\n e.n2 lesson wrong sure=.75\n e.c1 practice right", 9), "e.n1/0", "nobody was sure");
    assert_eq!(next("taught a\n taught e\n a.n2 practice wrong sure=.95", 9), "e.c1/0", "a mistake on another skill waits there");
    // The mistake made last comes first.
    assert_eq!(next("taught e\n e.n2 lesson wrong sure=.95\n e.c1 lesson wrong sure=.95", 9), "e.c1/1");
}
