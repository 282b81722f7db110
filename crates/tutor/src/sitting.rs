//! What a sitting of reviews came to: how many answers, what keeps for how long now, and when the next
//! is due. Read off the record; when a sitting begins and ends is the learner's affair.

use std::collections::BTreeMap;

use record::{Entry, Moment, Outcome, Setting};

use crate::review::day;
use crate::words::{counted, number, opening, quoted};
use crate::{Card, Curriculum, Priors, cards};

/// The most skills that one sentence names.
const NAMED: usize = 3;

/// A sitting, from some entry to the end of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    /// First tries, and the right ones.
    pub asked: u32,
    pub right: u32,
    /// What was reviewed, in the order it was asked.
    pub kept: Vec<Kept>,
    /// How many are due still, and the days until the next one that is not.
    pub left: usize,
    pub next: Option<i64>,
}

/// How long a skill keeps until it is asked about again \[days\].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Index into [`Curriculum::skills`].
    pub skill: usize,
    pub before: i64,
    pub now: i64,
}

/// The sitting that began after entry number `since`; `left` are due still.
pub fn sitting(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], since: u64, left: usize, now: Moment) -> Sitting {
    let begun = entries.partition_point(|entry| entry.seq <= since);
    let answers =
        || entries[begun..].iter().filter_map(Entry::answer).filter(|answer| answer.setting == Setting::Review && answer.attempt == 1);
    let by_skill = |cards: Vec<Card>| cards.into_iter().map(|card| (card.skill, card)).collect::<BTreeMap<_, _>>();
    let (before, after) = (by_skill(cards(curriculum, priors, &entries[..begun])), by_skill(cards(curriculum, priors, entries)));
    let mut kept: Vec<Kept> = Vec::new();
    for skill in answers().filter_map(|answer| curriculum.skill(&answer.skill)) {
        if let (Some(old), Some(new)) = (before.get(&skill), after.get(&skill))
            && kept.iter().all(|kept| kept.skill != skill)
        {
            kept.push(Kept { skill, before: old.due - old.last, now: new.due - new.last });
        }
    }
    let today = day(now);
    Sitting {
        asked: answers().count() as u32,
        right: answers().filter(|answer| answer.outcome == Outcome::Right).count() as u32,
        kept,
        left,
        next: after.values().map(|card| card.due - today).filter(|days| *days > 0).min(),
    }
}

impl Sitting {
    /// "Three questions, two right."
    pub fn count(&self) -> String {
        match (self.asked, self.right) {
            (0, _) => "No question this time.".into(),
            (1, 1) => "One question, and it was right.".into(),
            (1, _) => "One question, and it was missed.".into(),
            (asked, right) if asked == right => format!("{}, all right.", opening(&counted(asked, "question"))),
            (asked, right) => format!("{}, {} right.", opening(&counted(asked, "question")), number(right)),
        }
    }

    /// What moved and when the next is due, in one sentence.
    pub fn sentence(&self, curriculum: &Curriculum) -> String {
        let name = |kept: &Kept| quoted(&curriculum.skills[kept.skill].name);
        let moved = |kept: &Kept| match kept.now {
            1 => format!("{} comes back tomorrow", name(kept)),
            now if now > kept.before => format!("{} keeps for {} now instead of {}", name(kept), days(now), days_alone(kept.before)),
            now => format!("{} comes back in {}", name(kept), days(now)),
        };
        let mut parts: Vec<String> = self.kept.iter().take(NAMED).map(moved).collect();
        match self.kept.len().saturating_sub(NAMED) {
            0 => {}
            1 => parts.push("one more moved as well".into()),
            more => parts.push(format!("{} more moved as well", number(more as u32))),
        }
        let said = self.kept.iter().take(NAMED).any(|kept| Some(kept.now) == self.next);
        parts.extend(match (self.left, self.next) {
            (1, _) => Some("one is still due today".into()),
            (left @ 2.., _) => Some(format!("{} are still due today", number(left as u32))),
            // One of those just named is the next.
            (0, Some(_)) if said => None,
            (0, Some(1)) => Some("the next is due tomorrow".into()),
            (0, Some(next)) => Some(format!("the next is due in {}", days(next))),
            (0, None) => Some("nothing else is waiting".into()),
        });
        let last = parts.pop().unwrap_or_default();
        let joined = if parts.is_empty() { last } else { format!("{}, and {last}", parts.join(", ")) };
        format!("{}.", opening(&joined))
    }
}

/// "a day", "11 days", "about 3 months".
fn days(days: i64) -> String {
    match days {
        ..=1 => "a day".into(),
        2..=12 => counted(days as u32, "day"),
        13..=89 => format!("{days} days"),
        _ => format!("about {} months", (days + 15) / 30),
    }
}

/// The same where the word "days" has just been said.
fn days_alone(before: i64) -> String {
    match before {
        2..=12 => number(before as u32),
        before => days(before),
    }
}
