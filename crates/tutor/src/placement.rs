//! Which question to ask next in the placement, and when to stop. Presenting it, and staying silent
//! about right and wrong until the end, is the caller's part.

use std::collections::BTreeSet;

use record::{Entry, PlacementEnd, Setting, What};

use crate::replay::{Replay, Standing, replay};
use crate::{Curriculum, ItemCard, Priors};

const ASKED_LEAST: usize = 8;
const ASKED_MOST: usize = 30;
/// The share of skills expected to be judged wrongly at which the placement is sure enough.
const ERROR: f64 = 0.04;

/// What the placement does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Ask this item, an index into [`Curriculum::items`].
    Ask(usize),
    /// It is over, or should be: the caller appends `PlacementEnded` unless the record has it.
    Stop(PlacementEnd),
}

/// The most telling question not yet asked since the placement last began.
pub fn next_placement(curriculum: &Curriculum, priors: &Priors, entries: &[Entry]) -> Next {
    let began = entries.iter().rposition(|entry| entry.what == What::PlacementBegan).unwrap_or(0);
    let mut asked = BTreeSet::new();
    for entry in &entries[began.min(entries.len())..] {
        match &entry.what {
            What::PlacementEnded { reason } => return Next::Stop(*reason),
            What::Answered(answer) if answer.setting == Setting::Placement => {
                asked.insert(answer.item.as_str());
            }
            _ => {}
        }
    }
    most_telling_next(&replay(curriculum, priors, entries), &asked)
}

/// The same, for a walk that has come so far.
pub(crate) fn most_telling_next(replay: &Replay<'_, ()>, asked: &BTreeSet<&str>) -> Next {
    if asked.len() >= ASKED_MOST {
        return Next::Stop(PlacementEnd::Cap);
    }
    let (curriculum, standings) = (replay.curriculum, &replay.standings);
    if asked.len() >= ASKED_LEAST && expected(standings) <= ERROR {
        return Next::Stop(PlacementEnd::Sure);
    }
    let open = (0..curriculum.items.len()).filter(|&item| {
        let card = &curriculum.items[item];
        card.placement && !asked.contains(card.id.as_str())
    });
    most_telling(curriculum, standings, open).map_or(Next::Stop(PlacementEnd::Cap), Next::Ask)
}

/// The share of skills on which a verdict of "knows" or "does not" is expected to be wrong now.
pub fn expected_error(curriculum: &Curriculum, priors: &Priors, entries: &[Entry]) -> f64 {
    expected(&replay(curriculum, priors, entries).standings)
}

fn expected(standings: &[Standing]) -> f64 {
    let wrong = |standing: &Standing| {
        let p = standing.belief.p();
        p.min(1.0 - p)
    };
    standings.iter().map(wrong).sum::<f64>() / standings.len().max(1) as f64
}

/// Ties go to the smaller id.
fn most_telling(curriculum: &Curriculum, standings: &[Standing], items: impl Iterator<Item = usize>) -> Option<usize> {
    let p: Vec<f64> = standings.iter().map(|standing| standing.belief.p()).collect();
    let mut best: Option<(f64, usize)> = None;
    for item in items {
        let card = &curriculum.items[item];
        let told = information(p[card.skill], card);
        let better = |(most, held): (f64, usize)| told > most || (told == most && card.id < curriculum.items[held].id);
        if best.is_none_or(better) {
            best = Some((told, item));
        }
    }
    best.map(|(_, item)| item)
}

/// What the answer is expected to tell of its skill, known with probability `p` \[bits\].
fn information(p: f64, card: &ItemCard) -> f64 {
    let right = p * (1.0 - card.slip) + (1.0 - p) * card.guess;
    entropy(right) - p * entropy(card.slip) - (1.0 - p) * entropy(card.guess)
}

fn entropy(p: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * libm::log2(p) } else { 0.0 };
    part(p) + part(1.0 - p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_tells_more_than_a_choice_and_most_where_it_is_open() {
        let card = |guess| ItemCard { id: String::new(), skill: 0, guess, slip: 0.1, hard: false, placement: true };
        let (choice, number) = (information(0.5, &card(0.25)), information(0.5, &card(0.05)));
        assert!((choice - 0.34).abs() < 0.02 && (number - 0.62).abs() < 0.02, "{choice} {number}");
        assert!(information(0.95, &card(0.05)) < number && information(0.05, &card(0.05)) < number);
        assert_eq!(entropy(0.0), 0.0);
    }
}
