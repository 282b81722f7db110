//! How items have done with real learners: how often they were right, whether those who know more
//! are right more often, and whether every wrong option tempts somebody (learning note 4.1). A pure
//! function of records; what to do about an item is its author's.

use std::collections::BTreeMap;

use course::{Course, Form};
use record::{Answer, Entry, Outcome};

/// With fewer answers the shares say nothing.
pub const FEWEST: usize = 30;
/// Between these shares of right answers an item tells learners apart.
const RIGHT: std::ops::RangeInclusive<f64> = 0.3..=0.9;
/// The least correlation with the other answers.
const BISERIAL: f64 = 0.15;
/// A wrong option that is chosen more seldom tempts nobody.
const TEMPTED: f64 = 0.05;

/// What became of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemStats {
    pub answers: usize,
    /// The share of right ones.
    pub right: f64,
    /// The correlation of being right here with being right elsewhere; none where either never varies.
    pub biserial: Option<f64>,
    /// For a choice: how often each option was taken.
    pub chosen: Vec<usize>,
    /// What an author should look at; empty below [`FEWEST`] answers.
    pub concerns: Vec<String>,
}

/// One unaided first answer.
struct Given<'a> {
    answer: &'a Answer,
    /// The share of right ones among the learner's other first answers; none if there are none.
    elsewhere: Option<f64>,
}

/// The statistics of every item that was answered, by its id. Only first, unaided answers to its
/// present version count, each question of a learner once.
pub fn item_stats<'a>(course: &Course, entries: impl IntoIterator<Item = &'a Entry>) -> BTreeMap<String, ItemStats> {
    let mut by_learner: BTreeMap<&str, Vec<&Answer>> = BTreeMap::new();
    for entry in entries {
        if let Some(answer) = entry.answer().filter(|answer| answer.attempt == 1 && answer.hints == 0) {
            by_learner.entry(&entry.learner.0).or_default().push(answer);
        }
    }
    let mut by_item: BTreeMap<&str, Vec<Given<'_>>> = BTreeMap::new();
    for answers in by_learner.values() {
        let right = answers.iter().filter(|answer| is_right(answer)).count();
        for answer in answers {
            let others = answers.len() - 1;
            let elsewhere = (others > 0).then(|| (right - usize::from(is_right(answer))) as f64 / others as f64);
            by_item.entry(&answer.item).or_default().push(Given { answer, elsewhere });
        }
    }
    let known = |(id, given): (&str, Vec<Given<'_>>)| {
        let item = course.items.get(id)?;
        let given: Vec<Given<'_>> = given.into_iter().filter(|given| given.answer.version == item.version).collect();
        (!given.is_empty()).then(|| (id.to_owned(), stats(&item.form, &given)))
    };
    by_item.into_iter().filter_map(known).collect()
}

fn is_right(answer: &Answer) -> bool {
    answer.outcome == Outcome::Right
}

fn stats(form: &Form, given: &[Given<'_>]) -> ItemStats {
    let right = given.iter().filter(|given| is_right(given.answer)).count() as f64 / given.len() as f64;
    let pairs: Vec<(f64, f64)> =
        given.iter().filter_map(|given| Some((f64::from(u8::from(is_right(given.answer))), given.elsewhere?))).collect();
    let mut stats =
        ItemStats { answers: given.len(), right, biserial: correlation(&pairs), chosen: chosen(form, given), concerns: Vec::new() };
    if stats.answers >= FEWEST {
        stats.concerns = concerns(form, &stats);
    }
    stats
}

fn chosen(form: &Form, given: &[Given<'_>]) -> Vec<usize> {
    let Form::Choice { options } = form else { return Vec::new() };
    let mut chosen = vec![0; options.len()];
    for place in given.iter().filter_map(|given| given.answer.response.parse::<usize>().ok()) {
        if let Some(count) = chosen.get_mut(place) {
            *count += 1;
        }
    }
    chosen
}

fn concerns(form: &Form, stats: &ItemStats) -> Vec<String> {
    let mut concerns = Vec::new();
    if !RIGHT.contains(&stats.right) {
        let easy = if stats.right > *RIGHT.end() { "too easy to tell anything" } else { "too hard, or its key is wrong" };
        concerns.push(format!("{:.0} % are right: {easy}", stats.right * 100.0));
    }
    if let Some(biserial) = stats.biserial.filter(|biserial| *biserial < BISERIAL) {
        concerns.push(format!("those who are right elsewhere are hardly right here more often (point-biserial {biserial:.2})"));
    }
    if let Form::Choice { options } = form {
        for (at, option) in options.iter().enumerate().filter(|(_, option)| !option.right) {
            let share = stats.chosen[at] as f64 / stats.answers as f64;
            if share < TEMPTED {
                concerns.push(format!("option {} (“{}”) tempts {:.0} %", at + 1, option.text, share * 100.0));
            }
        }
    }
    concerns
}

/// Pearson's; with one of the two being 0 or 1 it is the point-biserial one.
fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let count = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>();
    let spread = sum(&|pair| (pair.0 - x) * (pair.0 - x)) * sum(&|pair| (pair.1 - y) * (pair.1 - y));
    (spread > 1e-12).then(|| sum(&|pair| (pair.0 - x) * (pair.1 - y)) / libm::sqrt(spread))
}
