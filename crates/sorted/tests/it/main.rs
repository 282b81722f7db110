//! The maps of WebAssembly beside those of the standard library: whatever is done to both, they
//! answer the same.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use sorted::{flat, many};

#[derive(Debug, Clone)]
enum Step {
    Insert(u16, u8),
    Remove(u16),
    Add(u16),
    Retain(u8),
    PopFirst,
    PopLast,
    Range(u16, u16),
    /// Many at once, so that lists are divided and joined.
    Fill(u16, u16),
    Clear(u16, u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = 0u16..1500;
    let step = prop_oneof![
        8 => (key.clone(), any::<u8>()).prop_map(|(key, value)| Step::Insert(key, value)),
        4 => key.clone().prop_map(Step::Remove),
        4 => key.clone().prop_map(Step::Add),
        1 => any::<u8>().prop_map(Step::Retain),
        1 => Just(Step::PopFirst),
        1 => Just(Step::PopLast),
        2 => (key.clone(), key.clone()).prop_map(|(a, b)| Step::Range(a.min(b), a.max(b))),
        2 => (key.clone(), 0u16..900).prop_map(|(from, count)| Step::Fill(from, count)),
        2 => (key, 0u16..900).prop_map(|(from, count)| Step::Clear(from, count)),
    ];
    prop::collection::vec(step, 0..60)
}

/// Does to a map what the standard library's has done to it as well, and compares the answers.
macro_rules! lives_like {
    ($map:expr, $steps:expr, $pop_last:expr) => {{
        let (mut theirs, mut ours) = (BTreeMap::new(), $map);
        for step in $steps {
            match step {
                Step::Insert(key, value) => prop_assert_eq!(theirs.insert(key, value), ours.insert(key, value)),
                Step::Remove(key) => prop_assert_eq!(theirs.remove(&key), ours.remove(&key)),
                Step::Add(key) => {
                    *theirs.entry(key).or_insert(7) ^= 1;
                    *ours.entry(key).or_insert(7) ^= 1;
                }
                Step::Retain(modulus) => {
                    theirs.retain(|_, value| *value % 3 != modulus % 3);
                    ours.retain(|_, value| *value % 3 != modulus % 3);
                }
                Step::PopFirst => prop_assert_eq!(theirs.pop_first(), ours.pop_first()),
                Step::PopLast => $pop_last(&mut theirs, &mut ours)?,
                Step::Range(from, to) => {
                    prop_assert!(theirs.range(from..to).eq(ours.range(from..to)));
                    prop_assert!(theirs.range(from..=to).eq(ours.range(from..=to)));
                    prop_assert!(theirs.range(..to).eq(ours.range(..to)));
                    prop_assert!(theirs.range(from..).eq(ours.range(from..)));
                }
                Step::Fill(from, count) => {
                    theirs.extend((from..from + count).map(|key| (key, 1)));
                    ours.extend((from..from + count).map(|key| (key, 1)));
                }
                Step::Clear(from, count) => (from..from + count).for_each(|key| {
                    theirs.remove(&key);
                    ours.remove(&key);
                }),
            }
            prop_assert_eq!(theirs.len(), ours.len());
            prop_assert!(theirs.iter().eq(ours.iter()));
            prop_assert_eq!(theirs.get(&700), ours.get(&700));
            prop_assert_eq!(theirs.contains_key(&0), ours.contains_key(&0));
            prop_assert_eq!(theirs.first_key_value(), ours.first_key_value());
        }
    }};
}

proptest! {
    #[test]
    fn a_list_is_a_map(steps in steps()) {
        lives_like!(flat::Map::new(), steps, |theirs: &mut BTreeMap<u16, u8>, ours: &mut flat::Map<u16, u8>| {
            prop_assert_eq!(theirs.pop_last(), ours.pop_last());
            Ok(())
        });
    }

    #[test]
    fn a_list_of_lists_is_a_map(steps in steps()) {
        lives_like!(many::Map::new(), steps, |_: &mut BTreeMap<u16, u8>, _: &mut many::Map<u16, u8>| Ok::<(), TestCaseError>(()));
    }

    #[test]
    fn lists_are_sets(one in prop::collection::vec(0u16..2000, 0..900), other in prop::collection::vec(0u16..2000, 0..900)) {
        let theirs: (BTreeSet<u16>, BTreeSet<u16>) = (one.iter().copied().collect(), other.iter().copied().collect());
        let flat: (flat::Set<u16>, flat::Set<u16>) = (one.iter().copied().collect(), other.iter().copied().collect());
        let many: many::Set<u16> = one.iter().copied().collect();
        prop_assert!(theirs.0.iter().eq(&flat.0));
        prop_assert!(theirs.0.iter().eq(&many));
        prop_assert!(theirs.0.difference(&theirs.1).eq(flat.0.difference(&flat.1)));
        prop_assert!(theirs.0.intersection(&theirs.1).eq(flat.0.intersection(&flat.1)));
        prop_assert_eq!(theirs.0.is_subset(&theirs.1), flat.0.is_subset(&flat.1));
        prop_assert_eq!(theirs.0.is_disjoint(&theirs.1), flat.0.is_disjoint(&flat.1));
        prop_assert!(theirs.0.range(300..).eq(flat.0.range(300..)));
        prop_assert!(theirs.0.range(..300).eq(many.range(..300)));
        prop_assert!(theirs.0.into_iter().rev().eq(flat.0.into_iter().rev()));
    }
}

#[test]
fn a_million_come_and_go_without_long_waits() {
    let mut map = many::Map::new();
    for key in 0..1_000_000u64 {
        map.insert(key.wrapping_mul(0x9E37_79B9_7F4A_7C15), key);
    }
    assert_eq!(map.len(), 1_000_000);
    for key in 0..999_990u64 {
        assert_eq!(map.remove(&key.wrapping_mul(0x9E37_79B9_7F4A_7C15)), Some(key));
    }
    assert_eq!(map.values().count(), 10);
}
