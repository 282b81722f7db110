//! Which question to practise next.

use expect_test::{Expect, expect};
use tutor::{Priors, next_practice};

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
