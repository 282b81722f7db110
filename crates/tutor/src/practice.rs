//! Which question to practise next on a skill: fresh before seen, long ago before lately, hard to
//! guess when the proof needs it.

use std::collections::{BTreeMap, BTreeSet};

use record::{Entry, What};

use crate::replay::replay;
use crate::{Curriculum, Priors};

/// A question to practise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Practice {
    /// Index into [`Curriculum::items`].
    pub item: usize,
    /// From 0 up to, and without, the item's number of variations; the seed of a generated item.
    pub variation: u64,
}

/// The question of `skill` to practise next. `variations[i]` says how many questions item `i` can
/// make (1 for a fixed one). `None` if there is none, or if the only one has just been answered.
pub fn next_practice(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], skill: usize, variations: &[u64]) -> Option<Practice> {
    let used = used(entries);
    let last = entries.iter().rev().find_map(question);
    let hard_first = replay(curriculum, priors, entries).standings.get(skill)?.streak.wants_hard();
    let mut best = None;
    for &item in curriculum.items_of(skill) {
        let card = &curriculum.items[item];
        let nothing = BTreeMap::new();
        let seen = used.get(card.id.as_str()).unwrap_or(&nothing);
        let count = variations.get(item).copied().unwrap_or(1);
        let just = last.filter(|(id, _)| *id == card.id).map(|(_, variation)| variation);
        let Some(variation) = freshest(seen, count, just) else { continue };
        let question_seen = seen.get(&variation).copied();
        let item_seen = seen.values().max().copied();
        // Smallest first: hard if wanted, never asked before asked, long ago before lately, then by id.
        let rank = (hard_first && !card.hard, question_seen, item_seen, &card.id);
        if best.as_ref().is_none_or(|(held, _)| rank < *held) {
            best = Some((rank, Practice { item, variation }));
        }
    }
    best.map(|(_, practice)| practice)
}

/// For each item, when each of its variations was last answered (as a place in the record).
fn used(entries: &[Entry]) -> BTreeMap<&str, BTreeMap<u64, usize>> {
    let mut used: BTreeMap<&str, BTreeMap<u64, usize>> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate() {
        if let Some((item, variation)) = question(entry) {
            used.entry(item).or_default().insert(variation, place);
        }
    }
    used
}

fn question(entry: &Entry) -> Option<(&str, u64)> {
    match &entry.what {
        What::Answered(answer) => Some((&answer.item, answer.seed)),
        _ => None,
    }
}

/// The first variation never answered, else the one answered longest ago; not `just` answered.
fn freshest(seen: &BTreeMap<u64, usize>, count: u64, just: Option<u64>) -> Option<u64> {
    let taken: BTreeSet<u64> = seen.keys().copied().collect();
    let fresh = (0..count).take(taken.len() + 1).find(|variation| !taken.contains(variation));
    let longest_ago = || {
        let old = seen.iter().filter(|(variation, _)| **variation < count && Some(**variation) != just);
        old.min_by_key(|(_, place)| **place).map(|(variation, _)| *variation)
    };
    fresh.or_else(longest_ago)
}
