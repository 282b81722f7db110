//! Answers that somebody was sure of and that were wrong. What was sure and is corrected is kept best
//! while it surprises (hypercorrection; research/learning.md, 4.3), so such a question comes back before
//! anything else is practised, with other numbers where it has them. Beliefs do not hear of it.

use std::collections::BTreeMap;

use record::{Answer, Entry, Outcome, Setting};

use crate::practice::{Practice, freshest, question, used};
use crate::replay::Replay;

/// From here on somebody is sure.
pub(crate) const SURE: f64 = 0.9;
/// A question that is missed so often in a row comes in its turn again: what it asks for is not there
/// yet, and a clicker who is sure of everything must get on.
const MISSED_MOST: usize = 3;

/// The question to come back to, on `only` or on any skill whose lesson was read: the mistake made last.
pub(crate) fn mistaken(replay: &Replay<'_, ()>, entries: &[Entry], only: Option<usize>, variations: &[u64]) -> Option<(usize, Practice)> {
    let curriculum = replay.curriculum;
    let used = used(entries);
    let last = entries.iter().rev().find_map(question);
    // First tries by item, those given last first: an item that was asked again has had its turn.
    let mut tries: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
    let mut order = Vec::new();
    for answer in entries.iter().rev().filter_map(Entry::answer).filter(|answer| counts(answer)) {
        let given = tries.entry(&answer.item).or_default();
        if given.is_empty() {
            order.push(answer.item.as_str());
        }
        given.push(answer);
    }
    order.into_iter().find_map(|id| {
        let given = &tries[id];
        if !surely_wrong(given[0]) || given.iter().take_while(|answer| answer.outcome == Outcome::Wrong).count() >= MISSED_MOST {
            return None;
        }
        let item = curriculum.item(id)?;
        let skill = curriculum.items[item].skill;
        let taught = replay.standings[skill].course.as_ref().is_some_and(|course| course.taught > 0);
        if !taught || only.is_some_and(|only| only != skill) {
            return None;
        }
        let just = last.filter(|(last, _)| *last == id).map(|(_, variation)| variation);
        let variation = freshest(used.get(id)?, variations.get(item).copied().unwrap_or(1), just)?;
        Some((skill, Practice { item, variation }))
    })
}

/// The placement says nothing of right and wrong, so nothing was corrected there.
fn counts(answer: &Answer) -> bool {
    answer.attempt == 1 && answer.setting != Setting::Placement
}

fn surely_wrong(answer: &Answer) -> bool {
    answer.outcome == Outcome::Wrong && answer.confidence.is_some_and(|confidence| confidence.as_f64() >= SURE)
}
