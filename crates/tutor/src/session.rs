//! One learner taught from beginning to end, decision by decision: placement, then the course. The
//! decisions are those of the plan; the record it writes is like any other. Its language for the
//! outside is in [`wire`]; reading and writing lines is the caller's part.

pub mod wire;

use std::collections::BTreeSet;

use record::{Answer, Depth, Entry, LearnerId, Moment, Outcome, PlacementEnd, Ppm, Setting, What};

use crate::placement::most_telling_next;
use crate::replay::Replay;
use crate::step::{Mode, Step, step};
use crate::{Curriculum, Next, Priors, Proof};

/// The chance of being right without knowing at which an item still counts as hard to guess.
pub const HARD: f64 = 0.1;
/// The chance of a slip, where nobody says.
const SLIP: f64 = 0.1;
/// A skill that was taught and is not proved is shown below the mark for certificates.
const UNPROVED: f64 = 0.89;

/// What the session begins with.
#[derive(Debug, Clone)]
pub struct Setup {
    pub curriculum: Curriculum,
    /// "I know this", per skill; `None` if nobody was asked.
    pub claims: Option<Vec<bool>>,
    pub mode: Mode,
}

/// What the learner is to do now. Skills and items are indices into the curriculum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Answer a question of the placement, without feedback.
    Item(usize),
    /// Hear that the placement is over.
    Placed,
    Lesson(usize),
    /// Answer a fresh question with feedback, if possible one that is hard to guess.
    Practice(usize),
    Done,
}

/// One learner on the way.
#[derive(Debug, Clone)]
pub struct Session<'a> {
    setup: &'a Setup,
    replay: Replay<'a, ()>,
    asked: BTreeSet<&'a str>,
    entries: Vec<Entry>,
    decision: Decision,
}

impl<'a> Session<'a> {
    /// Begins the placement.
    pub fn begin(setup: &'a Setup) -> Self {
        let replay = Replay::new(&setup.curriculum, &Priors::default(), ());
        let mut session = Self { setup, replay, asked: BTreeSet::new(), entries: Vec::new(), decision: Decision::Done };
        if let Some(claims) = &setup.claims {
            let claimed = setup.curriculum.skills.iter().zip(claims).filter(|(_, claim)| **claim);
            session.enter(What::Claimed { skills: claimed.map(|(skill, _)| skill.id.clone()).collect() });
        }
        session.enter(What::PlacementBegan);
        session.decide_item();
        session
    }

    /// What the learner is to do now.
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// The record so far: the tutor's other functions say the same of it as the session does.
    pub fn record(&self) -> &[Entry] {
        &self.entries
    }

    /// The belief in each skill. At the end of a certified session, a skill that was taught and not
    /// proved stays below .9.
    pub fn beliefs(&self) -> Vec<f64> {
        let certified = self.decision == Decision::Done && self.setup.mode == Mode::Certified;
        let standings = self.replay.standings.iter();
        let belief = standings.map(|standing| match standing.belief.p() {
            p if certified && standing.course.is_some() && !Proof::of(standing).proved => p.min(UNPROVED),
            p => p,
        });
        belief.collect()
    }

    /// Takes an answer to the question that was asked; `guess` is the chance of having been right
    /// without knowing, where the question was made by the caller. False if no question was asked.
    pub fn answer(&mut self, right: bool, guess: Option<f64>) -> bool {
        let curriculum = &self.setup.curriculum;
        match self.decision {
            Decision::Item(item) => {
                let card = &curriculum.items[item];
                self.asked.insert(&card.id);
                let (id, slip) = (card.id.clone(), card.slip);
                self.enter(What::Answered(self.answered(card.skill, id, right, card.guess, slip, Setting::Placement)));
                self.decide_item();
            }
            Decision::Practice(skill) => {
                let taught = self.replay.standings[skill].course.as_ref().is_some_and(|course| course.taught > 0);
                let setting = if taught { Setting::Practice } else { Setting::Probe };
                // Each question is fresh, and so is its name.
                let id = format!("fresh.{}", self.entries.len());
                let guess = guess.unwrap_or(HARD / 2.0);
                self.enter(What::Answered(self.answered(skill, id, right, guess, SLIP, setting)));
                self.decide_step();
            }
            _ => return false,
        }
        true
    }

    /// Goes on after something that has no answer. False if an answer is waited for, or all is done.
    pub fn go_on(&mut self) -> bool {
        match self.decision {
            Decision::Placed => {}
            Decision::Lesson(skill) => {
                let skill = self.setup.curriculum.skills[skill].id.clone();
                self.enter(What::Taught { skill, depth: Depth::Standard });
            }
            _ => return false,
        }
        self.decide_step();
        true
    }

    fn decide_item(&mut self) {
        self.decision = match most_telling_next(&self.replay, &self.asked) {
            Next::Ask(item) => Decision::Item(item),
            Next::Stop(reason) => {
                self.end_placement(reason);
                Decision::Placed
            }
        };
    }

    fn end_placement(&mut self, reason: PlacementEnd) {
        self.enter(What::PlacementEnded { reason });
    }

    fn decide_step(&mut self) {
        self.decision = match step(&self.replay, self.setup.mode) {
            Step::Lesson(skill) => Decision::Lesson(skill),
            Step::Probe(skill) | Step::Practise(skill) | Step::Review(skill) => Decision::Practice(skill),
            Step::Done => Decision::Done,
        };
    }

    fn enter(&mut self, what: What) {
        let seq = self.entries.len() as u64 + 1;
        let entry = Entry { learner: LearnerId(String::new()), seq, at: Moment(0), what };
        self.replay.enter(&entry);
        self.entries.push(entry);
    }

    fn answered(&self, skill: usize, item: String, right: bool, guess: f64, slip: f64, setting: Setting) -> Answer {
        let hard = guess <= HARD;
        Answer {
            skill: self.setup.curriculum.skills[skill].id.clone(),
            item,
            version: 1,
            seed: 0,
            setting,
            outcome: if right { Outcome::Right } else { Outcome::Wrong },
            score: if right { Ppm::ONE } else { Ppm(0) },
            guess: Ppm::from_f64(guess),
            slip: Ppm::from_f64(slip),
            hard,
            form: if hard { "numeric" } else { "choice" }.into(),
            attempt: 1,
            hints: 0,
            confidence: None,
            response: String::new(),
            text: None,
            interval: None,
        }
    }
}
