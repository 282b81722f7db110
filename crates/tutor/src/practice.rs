//! Which question to ask next on a skill: fresh before seen, long ago before lately, hard to guess when
//! the proof needs it. What the placement asks is kept for the placement. In practice problems that
//! look alike are mixed; a review asks nothing that was asked before. What was sure and wrong comes
//! first; which that is stands in `mistake`.

use std::collections::{BTreeMap, BTreeSet};

use record::{Answer, Entry, Outcome, Setting, What};

use crate::mistake::mistaken;
use crate::replay::{Replay, replay};
use crate::{Curriculum, Priors};

/// After so many practice questions on one skill, one comes from a skill that is taken for it.
const MIX_AFTER: usize = 2;

/// With so many other questions on a skill, those of the placement are kept for the placement; a proof
/// takes three, and nobody gets all of them right.
const DRILL_LEAST: u64 = 6;

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
///
/// Once the skill goes well, now and then the question is on a skill that is taken for it and was
/// begun as well: to see which of the two is asked for is part of knowing either.
///
/// Before all that comes what somebody was sure of and had wrong.
pub fn next_practice(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], skill: usize, variations: &[u64]) -> Option<Practice> {
    let replay = replay(curriculum, priors, entries);
    replay.standings.get(skill)?;
    if let Some((_, again)) = mistaken(&replay, entries, Some(skill), variations) {
        return Some(again);
    }
    let mixed = mixed_in(&replay, entries, skill).and_then(|other| drawn(&replay, entries, other, variations));
    mixed.or_else(|| drawn(&replay, entries, skill, variations))
}

/// The question of `skill` itself to ask before its lesson.
pub fn next_probe(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], skill: usize, variations: &[u64]) -> Option<Practice> {
    drawn(&replay(curriculum, priors, entries), entries, skill, variations)
}

/// A question of `skill` for a review: changed numbers or another item, never what was asked before.
/// `None` when nothing like that is left.
pub fn next_review(curriculum: &Curriculum, entries: &[Entry], skill: usize, variations: &[u64]) -> Option<Practice> {
    let used = used(entries);
    let last = entries.iter().rev().find_map(question).map(|(item, _)| item);
    let mut best = None;
    for &item in curriculum.items_of(skill) {
        let card = &curriculum.items[item];
        let nothing = BTreeMap::new();
        let seen = used.get(card.id.as_str()).unwrap_or(&nothing);
        let count = variations.get(item).copied().unwrap_or(1);
        let Some(variation) = unseen(seen, count).filter(|_| !card.placement) else { continue };
        // Smallest first: not the item just answered, never asked, long ago, hard to guess, then by id.
        let rank = (last == Some(card.id.as_str()), seen.values().max().copied(), !card.hard, &card.id);
        if best.as_ref().is_none_or(|(held, _)| rank < *held) {
            best = Some((rank, Practice { item, variation }));
        }
    }
    best.map(|(_, practice)| practice)
}

/// The skill to mix in, when it is time for one: the last questions of the practice were all on
/// `skill`, the last of them was right, and the other one was begun. The one asked longest ago.
fn mixed_in(replay: &Replay<'_, ()>, entries: &[Entry], skill: usize) -> Option<usize> {
    let curriculum = replay.curriculum;
    let asked = || {
        let practised = |answer: &&Answer| answer.setting == Setting::Practice && answer.attempt == 1;
        entries.iter().rev().filter_map(Entry::answer).filter(practised)
    };
    let own = &curriculum.skills[skill].id;
    let well = asked().next().is_some_and(|answer| answer.outcome == Outcome::Right);
    let run = asked().take_while(|answer| answer.skill == *own).count();
    if !well || run < MIX_AFTER {
        return None;
    }
    let begun = |other: &usize| replay.standings[*other].course.as_ref().is_some_and(|course| course.taught > 0);
    let last_asked = |other: usize| entries.iter().rposition(|entry| entry.what.skill() == Some(&curriculum.skills[other].id));
    curriculum.confusable(skill).iter().copied().filter(begun).min_by_key(|&other| (last_asked(other), &curriculum.skills[other].id))
}

pub(crate) fn drawn(replay: &Replay<'_, ()>, entries: &[Entry], skill: usize, variations: &[u64]) -> Option<Practice> {
    let curriculum = replay.curriculum;
    let used = used(entries);
    let last = entries.iter().rev().find_map(question);
    let hard_first = replay.standings.get(skill)?.streak.wants_hard();
    let of_placement = |item: usize| curriculum.items[item].placement;
    let others = curriculum.items_of(skill).iter().filter(|&&item| !of_placement(item));
    let questions = others.fold(0_u64, |sum, &item| sum.saturating_add(variations.get(item).copied().unwrap_or(1)));
    let drill = questions >= DRILL_LEAST;
    let mut best = None;
    for &item in curriculum.items_of(skill).iter().filter(|&&item| !(drill && of_placement(item))) {
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
pub(crate) fn used(entries: &[Entry]) -> BTreeMap<&str, BTreeMap<u64, usize>> {
    let mut used: BTreeMap<&str, BTreeMap<u64, usize>> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate() {
        if let Some((item, variation)) = question(entry) {
            used.entry(item).or_default().insert(variation, place);
        }
    }
    used
}

pub(crate) fn question(entry: &Entry) -> Option<(&str, u64)> {
    match &entry.what {
        What::Answered(answer) => Some((&answer.item, answer.seed)),
        _ => None,
    }
}

/// The first variation never answered, else the one answered longest ago; not `just` answered.
pub(crate) fn freshest(seen: &BTreeMap<u64, usize>, count: u64, just: Option<u64>) -> Option<u64> {
    let longest_ago = || {
        let old = seen.iter().filter(|(variation, _)| **variation < count && Some(**variation) != just);
        old.min_by_key(|(_, place)| **place).map(|(variation, _)| *variation)
    };
    unseen(seen, count).or_else(longest_ago)
}

fn unseen(seen: &BTreeMap<u64, usize>, count: u64) -> Option<u64> {
    let taken: BTreeSet<u64> = seen.keys().copied().collect();
    (0..count).take(taken.len() + 1).find(|variation| !taken.contains(variation))
}
