//! What an answer on a skill would move: the same walk, gone one step further with a right answer and
//! with a wrong one. Nothing here is recorded.

use record::{Answer, Entry, LearnerId, Moment, Outcome, Ppm, Setting, What};

use crate::replay::{Replay, replay};
use crate::{Curriculum, Priors};

/// A question that is hard to guess, as most are that settle something.
const GUESS: f64 = 0.05;
const SLIP: f64 = 0.1;
/// Less than this is not worth a line.
const LEAST: f64 = 0.005;

/// One skill that the answer would move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Influence {
    /// Index into [`Curriculum::skills`].
    pub skill: usize,
    /// What is believed now, after a right answer, and after a wrong one.
    pub now: f64,
    pub right: f64,
    pub wrong: f64,
}

impl Influence {
    fn size(&self) -> f64 {
        (self.right - self.now).abs().max((self.wrong - self.now).abs())
    }
}

/// What one question on `skill` would move: that skill first, then the others, those most moved first.
pub fn influence(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], skill: usize) -> Vec<Influence> {
    let Some(about) = curriculum.skills.get(skill) else { return Vec::new() };
    let now = replay(curriculum, priors, entries);
    let after = |outcome| {
        let mut next: Replay<'_, ()> = now.clone();
        next.enter(&entry(&about.id, outcome));
        next
    };
    let (right, wrong) = (after(Outcome::Right), after(Outcome::Wrong));
    let p = |replay: &Replay<'_, ()>, skill: usize| replay.standings[skill].belief.p();
    let of = |skill| Influence { skill, now: p(&now, skill), right: p(&right, skill), wrong: p(&wrong, skill) };
    let mut others: Vec<Influence> =
        (0..curriculum.skills.len()).filter(|other| *other != skill).map(of).filter(|moved| moved.size() >= LEAST).collect();
    others.sort_by(|a, b| b.size().total_cmp(&a.size()).then(a.skill.cmp(&b.skill)));
    others.insert(0, of(skill));
    others
}

fn entry(skill: &str, outcome: Outcome) -> Entry {
    let answer = Answer {
        skill: skill.to_owned(),
        item: String::new(),
        version: 1,
        seed: 0,
        setting: Setting::Probe,
        outcome,
        score: if outcome == Outcome::Right { Ppm::ONE } else { Ppm(0) },
        guess: Ppm::from_f64(GUESS),
        slip: Ppm::from_f64(SLIP),
        hard: true,
        form: "numeric".into(),
        attempt: 1,
        hints: 0,
        confidence: None,
        response: String::new(),
        text: None,
        interval: None,
    };
    Entry { learner: LearnerId(String::new()), seq: 0, at: Moment(0), what: What::Answered(answer) }
}
