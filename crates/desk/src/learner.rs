//! A learner at one moment: the record and all that follows from it. Nothing here is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use course::{About, Size, System, Word};
use record::{Answer, Depth, Entry, Goal, Moment, Prediction, Profile, TextId, Treatment, What};
use tutor::{Ahead, Card, Change, Curriculum, Line, Mode, Plan, Priors, Shown, ahead, cards, change, plan, way};

use crate::Shelf;
use crate::start::{corrected, corrections};

#[derive(Debug)]
pub struct Learner {
    pub shelf: Arc<Shelf>,
    pub entries: Vec<Entry>,
    pub priors: Priors,
    pub plan: Plan,
    /// What is remembered of each skill; which of them are due depends on the day.
    pub cards: Vec<Card>,
    pub now: Moment,
    /// What is known of their background, corrections included.
    pub words: Vec<Word>,
    /// Ids of stacks and domains among them: what notes in lessons are chosen by.
    notes: Vec<String>,
    /// How large their system is, as numbers for lessons.
    sizes: Vec<Size>,
    /// The course's curriculum with what is worth more to this learner; none: as it is for everybody.
    own: Option<Curriculum>,
}

impl Learner {
    pub(crate) fn new(shelf: Arc<Shelf>, entries: Vec<Entry>, now: Moment) -> Self {
        let priors = priors(&entries);
        let words = profile(&entries).map_or_else(Vec::new, |profile| corrected(profile, &corrections(&entries)));
        let notes = words.iter().filter_map(|word| match word {
            Word::Stack(id) | Word::Domain(id) => Some(id.clone()),
            Word::Scale(_) => None,
        });
        let notes = notes.collect();
        let own = own_curriculum(&shelf, &words);
        let curriculum = own.as_ref().unwrap_or(&shelf.curriculum);
        let (plan, cards) = (plan(curriculum, &priors, &entries, now), cards(curriculum, &priors, &entries));
        let mut learner = Self { shelf, entries, priors, plan, cards, now, words, notes, sizes: Vec::new(), own };
        learner.sizes = learner.shelf.course.background.sizes(&learner.system());
        learner
    }

    /// The course's curriculum with what is worth more to this learner.
    pub fn curriculum(&self) -> &Curriculum {
        self.own.as_ref().unwrap_or(&self.shelf.curriculum)
    }

    /// What the learner is offered next at this hour, with the reason.
    pub fn ahead(&self, now: Moment) -> Ahead {
        let variations = &self.shelf.variations;
        ahead(self.curriculum(), &self.priors, &self.entries, (&self.cards, variations), self.mode(), now)
    }

    /// Whoever is here to understand goes on when a module is mastered; the others prove it first.
    pub fn mode(&self) -> Mode {
        match self.profile().map(|profile| profile.goal) {
            Some(Goal::Promotion | Goal::Interviews | Goal::Work) => Mode::Certified,
            Some(Goal::Understanding) | None => Mode::Progress,
        }
    }

    /// How a skill is taught to this learner now, and why so.
    pub fn way(&self, skill: &str) -> Option<Shown> {
        let index = self.shelf.curriculum.skill(skill)?;
        way(&self.shelf.curriculum, &self.priors, &self.entries, index)
    }

    pub fn seq(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }

    /// Whether the background questions were answered.
    pub fn has_started(&self) -> bool {
        self.profile().is_some()
    }

    pub fn profile(&self) -> Option<&Profile> {
        profile(&self.entries)
    }

    /// Ids of their stacks, and of what their system is for.
    pub fn stacks(&self) -> &[String] {
        &self.notes
    }

    /// What chooses notes and numbers in lessons.
    pub fn about(&self) -> About<'_> {
        About { words: &self.notes, sizes: &self.sizes }
    }

    /// What is known of the system that they work on.
    pub fn system(&self) -> System {
        let mut system = System::default();
        for word in &self.words {
            match word {
                Word::Domain(id) => system.domains.push(id.clone()),
                Word::Scale(text) => system.scales.push(text.clone()),
                Word::Stack(_) => {}
            }
        }
        system
    }

    /// Modules that their background makes worth more (indices into the curriculum).
    pub fn raised(&self) -> Vec<usize> {
        let skills = self.curriculum().skills.iter().zip(&self.shelf.curriculum.skills).enumerate();
        skills.filter(|(_, (own, course))| own.need > course.need).map(|(at, _)| at).collect()
    }

    /// Whether the placement was ended since it last began.
    pub fn is_placed(&self) -> bool {
        self.entries.iter().rev().find_map(|entry| match entry.what {
            What::PlacementEnded { .. } => Some(true),
            What::PlacementBegan => Some(false),
            _ => None,
        }) == Some(true)
    }

    pub fn claims(&self) -> &[String] {
        self.entries
            .iter()
            .rev()
            .find_map(|entry| if let What::Claimed { skills } = &entry.what { Some(skills.as_slice()) } else { None })
            .unwrap_or(&[])
    }

    pub fn line(&self, skill: &str) -> Option<&Line> {
        self.plan.line(self.shelf.curriculum.skill(skill)?)
    }

    /// The depth at which a lesson opens: the plan's, unless the learner asks otherwise.
    pub fn depth(&self, skill: &str) -> Depth {
        match self.line(skill).map(|line| line.treatment) {
            Some(Treatment::Skip | Treatment::Compress) => Depth::Brief,
            Some(Treatment::Slow) => Depth::Slow,
            Some(Treatment::Standard) | None => Depth::Standard,
        }
    }

    /// Answers to an item, oldest first.
    pub fn answers<'a>(&'a self, item: &'a str) -> impl DoubleEndedIterator<Item = (&'a Entry, &'a Answer)> {
        self.entries.iter().filter_map(move |entry| match &entry.what {
            What::Answered(answer) if answer.item == item => Some((entry, answer)),
            _ => None,
        })
    }

    /// The highest rung of the hint ladder shown for one variation of an item.
    pub fn hints(&self, item: &str, seed: u64) -> u8 {
        self.entries
            .iter()
            .filter_map(|entry| match &entry.what {
                What::Hinted { item: hinted, seed: of, rung, .. } if hinted == item && *of == seed => Some(*rung),
                _ => None,
            })
            .max()
            .unwrap_or(0)
    }

    /// The first prediction committed for a figure; later ones are play.
    pub fn prediction(&self, skill: &str, figure: &str) -> Option<&Prediction> {
        self.entries.iter().find_map(|entry| match &entry.what {
            What::Predicted(prediction) if prediction.skill == skill && prediction.figure == figure => Some(prediction),
            _ => None,
        })
    }

    /// What was last written in answer to a why-question.
    pub fn wrote(&self, skill: &str, prompt: &str) -> Option<&TextId> {
        self.entries.iter().rev().find_map(|entry| match &entry.what {
            What::Wrote { skill: of, prompt: to, text } if of == skill && to == prompt => Some(text),
            _ => None,
        })
    }

    pub fn was_taught(&self, skill: &str) -> bool {
        self.entries.iter().any(|entry| matches!(&entry.what, What::Taught { skill: taught, .. } if taught == skill))
    }

    /// The change that an entry made to the plan, with its sentence.
    pub fn change_at(&self, seq: u64) -> Option<Change> {
        let at = usize::try_from(seq).ok()?.checked_sub(1)?;
        let entry = self.entries.get(at)?;
        // With what is known of the background now, so that a correction is no change of the plan here.
        let at_length = |entries: &[Entry]| plan(self.curriculum(), &priors(entries), entries, self.now);
        let (before, after) = (at_length(&self.entries[..at]), at_length(&self.entries[..=at]));
        change(&self.shelf.curriculum, &before, &after, entry)
    }

    /// Scores of first predictions, oldest first.
    pub fn predictions(&self) -> impl Iterator<Item = &Prediction> {
        self.entries.iter().filter_map(|entry| if let What::Predicted(prediction) = &entry.what { Some(prediction) } else { None })
    }

    /// Answers by skill: all, unaided, hints.
    pub fn tallies(&self) -> BTreeMap<&str, (u32, u32, u32)> {
        let mut tallies: BTreeMap<&str, (u32, u32, u32)> = BTreeMap::new();
        for entry in &self.entries {
            match &entry.what {
                What::Answered(answer) => {
                    let tally = tallies.entry(&answer.skill).or_default();
                    tally.0 += 1;
                    tally.1 += u32::from(answer.hints == 0 && answer.attempt == 1);
                }
                What::Hinted { skill, .. } => tallies.entry(skill).or_default().2 += 1,
                _ => {}
            }
        }
        tallies
    }
}

fn profile(entries: &[Entry]) -> Option<&Profile> {
    entries.iter().rev().find_map(|entry| if let What::Profiled(profile) = &entry.what { Some(profile) } else { None })
}

fn priors(entries: &[Entry]) -> Priors {
    profile(entries).map_or_else(Priors::default, Priors::of)
}

/// The needs that follow from a background. Most backgrounds change none.
fn own_curriculum(shelf: &Shelf, words: &[Word]) -> Option<Curriculum> {
    let domains: Vec<String> = words.iter().filter_map(|word| if let Word::Domain(id) = word { Some(id.clone()) } else { None }).collect();
    let needs: Vec<f64> = shelf.course.skills.iter().map(|skill| shelf.course.background.need(skill, &domains)).collect();
    needs.iter().any(|need| *need != 1.0).then(|| shelf.curriculum.with_needs(&needs))
}
