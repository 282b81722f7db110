//! One walk through the record, entry by entry, which leaves a standing for every skill. Ledger,
//! plan and proof are all read off the same walk, so they cannot disagree.
//!
//! A skill is under the ledger until it is taught or practised; from then on it follows Bayesian
//! knowledge tracing: each answer is weighed as before, and each lesson and practised item may teach.
//!
//! How much an answer surprises is measured against what is known of that skill by itself (prior,
//! claim, own answers), not against what other skills have already said of it. Measured against the
//! whole belief, evidence could go round in circles: a right answer makes later ones on neighbours
//! less surprising, they then give back less, and being right could leave a skill lower than being
//! wrong. So measured it cannot, and simulated placements end as well and a little sooner.

use record::{Answer, Entry, Outcome, Setting, Treatment, What};

use crate::priors::priors;
use crate::proof::Streak;
use crate::reason::Grounds;
use crate::{Cause, Curriculum, Evidence, Priors, Weight};

/// The chance that a lesson teaches someone who does not know, and that a practised item does.
const LEARN_LESSON: f64 = 0.45;
const LEARN_PRACTICE: f64 = 0.22;
/// Each rung of the hint ladder adds this to the chance of being right without knowing.
const HINT: f64 = 0.15;
/// How often "I know this" is said by those who know, and by those who do not.
const CLAIM_KNOWN: f64 = 0.70;
const CLAIM_UNKNOWN: f64 = 0.35;
/// From here on a skill counts as known well enough to go on.
pub(crate) const MASTERY: f64 = 0.98;
/// So many practice answers in a row that leave the belief below [`SHAKY`] point to a prerequisite.
const SHAKY_ANSWERS: u32 = 5;
const SHAKY: f64 = 0.6;

/// Where the lines of the ledger go; `()` throws them away, for callers that only need the sums.
pub(crate) trait Lines {
    fn line(&mut self, skill: usize, evidence: Evidence);
}

impl Lines for () {
    fn line(&mut self, _: usize, _: Evidence) {}
}

impl Lines for Vec<Vec<Evidence>> {
    fn line(&mut self, skill: usize, evidence: Evidence) {
        self[skill].push(evidence);
    }
}

/// All that is known of one skill at the end of the walk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    pub(crate) belief: Weight,
    /// The same without what other skills contributed.
    alone: Weight,
    pub(crate) grounds: Grounds,
    pub(crate) course: Option<InCourse>,
    pub(crate) streak: Streak,
    pub(crate) overruled: Option<(u64, Treatment)>,
    claimed: Option<bool>,
}

/// What is known of a skill once the course has begun to teach it.
#[derive(Debug, Clone)]
pub(crate) struct InCourse {
    /// Belief and grounds when it began: the module keeps the treatment it was opened with.
    pub(crate) belief: Weight,
    pub(crate) grounds: Grounds,
    pub(crate) taught: bool,
    /// Practice answers so far, and those of them at the end that left the belief below [`SHAKY`].
    pub(crate) practised: u32,
    pub(crate) shaky: u32,
    /// The practice answer (its number in the record) that last completed a run of shaky ones.
    pub(crate) struggling_since: Option<u64>,
    /// Whether the lesson was read since the last answer: reading it again then teaches nothing new.
    just_read: bool,
}

impl Standing {
    pub(crate) fn mastered(&self) -> bool {
        self.course.is_some() && self.belief.p() >= MASTERY && self.streak.alone_last
    }
}

pub(crate) struct Replay<'a, L> {
    curriculum: &'a Curriculum,
    pub(crate) standings: Vec<Standing>,
    lines: L,
}

/// Walks through the record of one learner, which must be in order.
pub(crate) fn replay(curriculum: &Curriculum, assumed: &Priors, entries: &[Entry]) -> Vec<Standing> {
    walk(curriculum, assumed, entries, ()).0
}

pub(crate) fn walk<L: Lines>(curriculum: &Curriculum, assumed: &Priors, entries: &[Entry], lines: L) -> (Vec<Standing>, L) {
    let mut replay = Replay { curriculum, standings: vec![Standing::default(); curriculum.skills.len()], lines };
    replay.assume(assumed);
    for entry in entries {
        replay.enter(entry);
    }
    (replay.standings, replay.lines)
}

impl<L: Lines> Replay<'_, L> {
    fn assume(&mut self, assumed: &Priors) {
        for (skill, prior) in priors(self.curriculum, assumed).into_iter().enumerate() {
            self.add(skill, prior.own, None, Cause::Level);
            if let Some((prerequisite, weight)) = prior.held {
                self.add(skill, weight, None, Cause::Held { prerequisite });
            }
        }
    }

    fn enter(&mut self, entry: &Entry) {
        match &entry.what {
            What::Answered(answer) => self.answered(entry.seq, answer),
            What::Taught { skill, .. } => self.taught(entry.seq, skill),
            What::Claimed { skills } => self.claimed(entry.seq, skills),
            What::Overruled { skill, treatment } => {
                if let Some(skill) = self.curriculum.skill(skill) {
                    self.standings[skill].overruled = treatment.map(|treatment| (entry.seq, treatment));
                }
            }
            // Background reaches us as priors; hints as part of the answer; predictions are
            // calibration, not evidence of a skill; the rest says nothing of what is known.
            What::Profiled(_)
            | What::PlacementBegan
            | What::PlacementEnded { .. }
            | What::Hinted { .. }
            | What::Predicted(_)
            | What::Wrote { .. }
            | What::Foresaw(_)
            | What::Certified { .. } => {}
        }
    }

    fn answered(&mut self, seq: u64, answer: &Answer) {
        let Some(skill) = self.curriculum.skill(&answer.skill) else { return };
        if answer.attempt != 1 {
            return;
        }
        let practised = matches!(answer.setting, Setting::Lesson | Setting::Practice | Setting::Review);
        if practised {
            self.open(skill);
        }
        let before = self.standings[skill].alone.p();
        self.add(skill, weigh(answer), Some(seq), Cause::Answer { outcome: answer.outcome, hints: answer.hints });
        let surprise = self.standings[skill].alone.p() - before;
        self.propagate(skill, surprise, seq);
        if practised {
            self.learn(skill, LEARN_PRACTICE, seq, Cause::Practised);
        }
        self.note(skill, seq, answer, practised);
    }

    fn note(&mut self, skill: usize, seq: u64, answer: &Answer, practised: bool) {
        let standing = &mut self.standings[skill];
        standing.grounds.tally.count(answer);
        standing.grounds.answers.push(seq);
        standing.streak.count(answer);
        let belief = standing.belief.p();
        let Some(course) = &mut standing.course else { return };
        course.just_read = false;
        if practised {
            course.practised += 1;
            course.shaky = if belief < SHAKY { course.shaky + 1 } else { 0 };
            if course.shaky == 0 {
                course.struggling_since = None;
            } else if course.shaky.is_multiple_of(SHAKY_ANSWERS) {
                course.struggling_since = Some(seq);
            }
        }
    }

    fn taught(&mut self, seq: u64, skill: &str) {
        let Some(skill) = self.curriculum.skill(skill) else { return };
        self.open(skill);
        let course = self.standings[skill].course.as_mut();
        let new = course.is_some_and(|course| !std::mem::replace(&mut course.just_read, true));
        if new {
            self.learn(skill, LEARN_LESSON, seq, Cause::Lesson);
        }
        if let Some(course) = &mut self.standings[skill].course {
            course.taught = true;
        }
    }

    fn claimed(&mut self, seq: u64, skills: &[String]) {
        let mut known = vec![false; self.standings.len()];
        for skill in skills {
            if let Some(skill) = self.curriculum.skill(skill) {
                known[skill] = true;
            }
        }
        for (skill, known) in known.into_iter().enumerate() {
            let standing = &mut self.standings[skill];
            let before = standing.claimed.replace(known).map_or(Weight(0), claim);
            if standing.course.is_none() {
                self.add(skill, claim(known) - before, Some(seq), Cause::Claim { known });
            }
        }
    }

    fn open(&mut self, skill: usize) {
        let standing = &mut self.standings[skill];
        if standing.course.is_none() {
            standing.course = Some(InCourse {
                belief: standing.belief,
                grounds: standing.grounds.clone(),
                taught: false,
                practised: 0,
                shaky: 0,
                struggling_since: None,
                just_read: false,
            });
        }
    }

    /// Knowledge tracing's other half: who did not know may know now.
    fn learn(&mut self, skill: usize, chance: f64, seq: u64, cause: Cause) {
        let standing = &mut self.standings[skill];
        standing.alone = learned(standing.alone, chance);
        let amount = learned(standing.belief, chance) - standing.belief;
        self.change(skill, amount, Some(seq), cause);
    }

    /// What an answer says of other skills: the more it surprises, the more; no news, nothing.
    /// A skill that the course has begun to teach is judged by its own answers only.
    fn propagate(&mut self, from: usize, surprise: f64, seq: u64) {
        let curriculum = self.curriculum;
        let reach = curriculum.reach(from);
        let factors = if surprise > 0.0 { &reach.good_news } else { &reach.bad_news };
        for (skill, &(factor, steps)) in factors.iter().enumerate() {
            if skill == from || self.standings[skill].course.is_some() {
                continue;
            }
            let cause = match steps {
                0 => Cause::Ability { from },
                _ => Cause::Related { from, steps },
            };
            self.change(skill, Weight::from_logits(factor * surprise), Some(seq), cause);
        }
    }

    /// Evidence on this very skill.
    fn add(&mut self, skill: usize, weight: Weight, entry: Option<u64>, cause: Cause) {
        let standing = &mut self.standings[skill];
        standing.alone = (standing.alone + weight).bounded();
        self.change(skill, weight, entry, cause);
    }

    /// The one place where a belief changes: what is kept within bounds is what the line says.
    fn change(&mut self, skill: usize, weight: Weight, entry: Option<u64>, cause: Cause) {
        let standing = &mut self.standings[skill];
        let belief = (standing.belief + weight).bounded();
        let amount = belief - standing.belief;
        standing.belief = belief;
        if amount != Weight(0) || matches!(cause, Cause::Answer { .. }) {
            standing.grounds.count(entry, amount, cause);
            self.lines.line(skill, Evidence { entry, amount, cause });
        }
    }
}

fn learned(belief: Weight, chance: f64) -> Weight {
    let p = belief.p();
    Weight::of_p(p + (1.0 - p) * chance)
}

fn claim(known: bool) -> Weight {
    let ratio = if known { CLAIM_KNOWN / CLAIM_UNKNOWN } else { (1.0 - CLAIM_KNOWN) / (1.0 - CLAIM_UNKNOWN) };
    Weight::from_logits(libm::log(ratio))
}

/// The weight of one answer: how much likelier it is from someone who knows than from someone who does not.
fn weigh(answer: &Answer) -> Weight {
    // Bounds keep a strange item (or a hostile import) from ruling a belief by itself.
    let slip = answer.slip.as_f64().clamp(0.01, 0.5);
    let hinted = answer.guess.as_f64() + HINT * f64::from(answer.hints);
    let guess = hinted.clamp(0.01, 1.0 - slip);
    match answer.outcome {
        // A partly right answer weighs by its score.
        Outcome::Right => Weight::from_logits(libm::log((1.0 - slip) / guess) * answer.score.as_f64().min(1.0)),
        Outcome::Wrong => Weight::from_logits(libm::log(slip / (1.0 - guess))),
        Outcome::Unknown => Weight::from_logits(libm::log(slip)),
    }
}
