//! Which skills are due to be seen again, by FSRS-6 (the crate `fsrs`, with its default parameters).
//!
//! A card is a skill; its questions are drawn fresh. Grades are computed, not asked for. Everything
//! follows from the record: a card begins when its skill is first believed known, and what its answers
//! on later days were says when it is due again. Days are those of UTC.

use fsrs::{FSRS, ItemState, MemoryState, NextStates};
use record::{Answer, Entry, Moment, Outcome, Setting, What};

use crate::mistake::SURE;
use crate::plan::SKIP;
use crate::practice::next_review;
use crate::replay::{MASTERY, Replay};
use crate::{Curriculum, Plan, Practice, Priors, plan};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// The chance of still knowing it at which it is due; less for what the goal hardly needs.
const RETENTION: f32 = 0.90;
const RETENTION_LOW: f32 = 0.85;
const NEED_LOW: f64 = 0.5;
/// Time since the entry before \[ms\]: fast up to here, slow from there, and beyond that they were away.
const FAST: i64 = 45_000;
const SLOW: i64 = 4 * 60_000;
const AWAY: i64 = 30 * 60_000;
/// Reviews take at most one question in so many.
pub(crate) const ONE_IN: usize = 5;

/// How well an answer went, in the words of FSRS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    Again,
    Hard,
    Good,
    Easy,
}

/// What is remembered of one skill, and when it is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Card {
    /// Index into [`Curriculum::skills`].
    pub skill: usize,
    /// The day it was last answered, and the day it is due \[days since 1970 UTC\].
    pub last: i64,
    pub due: i64,
    /// The days after which the chance of still knowing it is .9, and how hard it is to keep (1 to 10).
    pub stability: f32,
    pub difficulty: f32,
    /// The day on which a skill that rests on it last spoke for it.
    spoken_for: i64,
}

impl Card {
    /// The days until it is due; 0 or less when it is.
    pub fn days_left(&self, now: Moment) -> i64 {
        self.due - day(now)
    }
}

/// A skill to be seen again, and a question on it that this learner has never met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Due {
    pub card: Card,
    pub question: Practice,
}

/// The cards that are due at `now`, those most forgotten first.
pub fn review(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], now: Moment) -> Vec<Card> {
    let cards = cards(curriculum, priors, entries);
    due_cards(curriculum, &plan(curriculum, priors, entries, now), cards, now)
}

/// The same for a learner whose plan and cards are at hand, with the question to ask on each. A skill
/// without a fresh question is left out: the same numbers again would only test memory of them.
pub fn reviews(curriculum: &Curriculum, plan: &Plan, cards: &[Card], entries: &[Entry], variations: &[u64], now: Moment) -> Vec<Due> {
    let due = due_cards(curriculum, plan, cards.to_vec(), now);
    due.into_iter().filter_map(|card| Some(Due { card, question: next_review(curriculum, entries, card.skill, variations)? })).collect()
}

/// What its days say is due, and before the capstone all that it needs, unless it was seen today.
fn due_cards(curriculum: &Curriculum, plan: &Plan, cards: Vec<Card>, now: Moment) -> Vec<Card> {
    let today = day(now);
    let gathered = plan.next.map_or_else(Vec::new, |next| curriculum.gathered_by(next));
    let due = |card: &Card| card.due <= today || (card.last < today && gathered.contains(&card.skill));
    let mut due: Vec<Card> = cards.into_iter().filter(due).collect();
    // Ties go to the smaller id; recall falls with the days passed, in units of stability.
    let faded = |card: &Card| (today - card.last) as f32 / card.stability;
    due.sort_by(|a, b| {
        let id = |card: &Card| &curriculum.skills[card.skill].id;
        faded(b).total_cmp(&faded(a)).then_with(|| id(a).cmp(id(b)))
    });
    due
}

/// How many of `due` fit into a sitting of so many questions: a fifth, and one if there is any.
pub fn reviews_in_sitting(due: usize, questions: usize) -> usize {
    due.min((questions / ONE_IN).max(1))
}

/// Every card, in the order of the skills.
pub fn cards(curriculum: &Curriculum, priors: &Priors, entries: &[Entry]) -> Vec<Card> {
    let mut deck = Deck { curriculum, fsrs: FSRS::default(), cards: vec![None; curriculum.skills.len()] };
    let mut replay = Replay::new(curriculum, priors, ());
    let mut before = None;
    for entry in entries {
        replay.enter(entry);
        match &entry.what {
            What::Answered(answer) if answer.attempt == 1 => {
                let grade = grade(answer, before.map(|before: Moment| entry.at.0 - before.0));
                deck.answered(&replay, answer, grade, day(entry.at));
            }
            What::PlacementEnded { .. } => deck.placed(&replay, day(entry.at)),
            _ => {}
        }
        before = Some(entry.at);
    }
    deck.cards.into_iter().flatten().collect()
}

/// The grade of an answer that came so long \[ms\] after the entry before it.
pub fn grade(answer: &Answer, took: Option<i64>) -> Grade {
    let took = took.filter(|took| (0..AWAY).contains(took));
    let sure = answer.confidence.is_some_and(|confidence| confidence.as_f64() >= SURE);
    match answer.outcome {
        Outcome::Wrong | Outcome::Unknown => Grade::Again,
        Outcome::Right if answer.hints > 0 || took.is_some_and(|took| took > SLOW) => Grade::Hard,
        Outcome::Right if sure && took.is_some_and(|took| took <= FAST) => Grade::Easy,
        Outcome::Right => Grade::Good,
    }
}

struct Deck<'a> {
    curriculum: &'a Curriculum,
    fsrs: FSRS,
    cards: Vec<Option<Card>>,
}

impl Deck<'_> {
    fn answered(&mut self, replay: &Replay<'_, ()>, answer: &Answer, grade: Grade, today: i64) {
        let Some(skill) = self.curriculum.skill(&answer.skill) else { return };
        let standing = &replay.standings[skill];
        match self.cards[skill] {
            // One answer a day is a review; more of them on that day are practice.
            Some(card) if today > card.last => self.put(skill, Some(card), grade, today),
            Some(_) => {}
            None if answer.setting == Setting::Placement => {}
            None if standing.belief.p() >= if standing.course.is_some() { MASTERY } else { SKIP } => self.put(skill, None, grade, today),
            None => {}
        }
        if grade != Grade::Again {
            for &needed in &self.curriculum.skills[skill].prerequisites {
                self.speak_for(needed, today);
            }
        }
    }

    /// What the placement lets a learner skip comes back like anything else: that confirms it.
    fn placed(&mut self, replay: &Replay<'_, ()>, today: i64) {
        for (skill, standing) in replay.standings.iter().enumerate() {
            if self.cards[skill].is_none() && standing.course.is_none() && standing.belief.p() >= SKIP {
                self.put(skill, None, Grade::Good, today);
            }
        }
    }

    fn put(&mut self, skill: usize, card: Option<Card>, grade: Grade, today: i64) {
        let memory = card.map(|card| MemoryState { stability: card.stability, difficulty: card.difficulty });
        let passed = card.map_or(0, |card| today - card.last);
        let Some(next) = self.next(skill, memory, passed) else { return };
        let ItemState { memory, interval } = match grade {
            Grade::Again => next.again,
            Grade::Hard => next.hard,
            Grade::Good => next.good,
            Grade::Easy => next.easy,
        };
        let MemoryState { stability, difficulty } = memory;
        self.cards[skill] = Some(Card { skill, last: today, due: today + whole(interval), stability, difficulty, spoken_for: today });
    }

    /// To use a skill is to repeat it in part: half of what a hard pass would have added, once a day.
    fn speak_for(&mut self, skill: usize, today: i64) {
        let Some(card) = self.cards[skill].filter(|card| today > card.last && today > card.spoken_for) else { return };
        let memory = MemoryState { stability: card.stability, difficulty: card.difficulty };
        let Some(next) = self.next(skill, Some(memory), today - card.last) else { return };
        let stability = card.stability + (next.hard.memory.stability - card.stability).max(0.0) / 2.0;
        let due = card.last + whole(self.fsrs.next_interval(Some(stability), self.retention(skill), 0));
        self.cards[skill] = Some(Card { stability, due: due.max(card.due), spoken_for: today, ..card });
    }

    fn next(&self, skill: usize, memory: Option<MemoryState>, passed: i64) -> Option<NextStates> {
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        self.fsrs.next_states(memory, self.retention(skill), passed).ok()
    }

    fn retention(&self, skill: usize) -> f32 {
        if self.curriculum.skills[skill].need < NEED_LOW { RETENTION_LOW } else { RETENTION }
    }
}

/// An interval in whole days, as FSRS rounds it.
fn whole(interval: f32) -> i64 {
    interval.round().max(1.0) as i64
}

pub(crate) fn day(at: Moment) -> i64 {
    at.0.div_euclid(DAY)
}
