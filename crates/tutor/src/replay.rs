//! One walk through the record, entry by entry, which leaves a standing for every skill. Ledger,
//! plan, placement and proof are all read off the same walk, so they cannot disagree.
//!
//! Two things are followed. The network holds what was known when the course began; every answer,
//! whenever it is given, says something about that, of this skill and of others. For each skill its
//! own answers, lessons and practice (`own`) say in addition whether it was learned since. The belief
//! that is shown joins both, and each line of the ledger is by how much an entry moved it.

use record::{Answer, Entry, Outcome, Setting, Treatment, What};

use crate::curriculum::Kin;
use crate::network::Messages;
use crate::own::Own;
use crate::proof::Streak;
use crate::reason::Grounds;
use crate::{Cause, Curriculum, Evidence, Priors, Weight};

/// The chance that a lesson teaches someone who does not know, and that a practised item does.
pub(crate) const LEARN_LESSON: f64 = 0.45;
pub(crate) const LEARN_PRACTICE: f64 = 0.22;
/// Each rung of the hint ladder adds this to the chance of being right without knowing.
const HINT: f64 = 0.15;
/// How often "I know this" is said by those who know, and by those who do not.
const CLAIM_KNOWN: f64 = 0.72;
const CLAIM_UNKNOWN: f64 = 0.33;
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
    own: Own,
    pub(crate) grounds: Grounds,
    pub(crate) course: Option<InCourse>,
    pub(crate) streak: Streak,
    pub(crate) overruled: Option<(u64, Treatment)>,
    /// Questions in the course before its lesson.
    pub(crate) probes: u32,
    claimed: Option<bool>,
}

/// What is known of a skill once the course has begun to teach it.
#[derive(Debug, Clone)]
pub(crate) struct InCourse {
    /// Belief and grounds when it began: the module keeps the treatment it was opened with.
    pub(crate) belief: Weight,
    pub(crate) grounds: Grounds,
    /// How often its lesson was read.
    pub(crate) taught: u32,
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

/// The walk so far; it can be read at any time, and gone on with.
#[derive(Debug, Clone)]
pub(crate) struct Replay<'a, L> {
    pub(crate) curriculum: &'a Curriculum,
    pub(crate) standings: Vec<Standing>,
    /// First tries so far, on any skill of this curriculum, and the right ones.
    pub(crate) answers: u32,
    pub(crate) right: u32,
    messages: Messages,
    lines: L,
}

/// Walks through the record of one learner, which must be in order.
pub(crate) fn replay<'a>(curriculum: &'a Curriculum, assumed: &Priors, entries: &[Entry]) -> Replay<'a, ()> {
    walk(curriculum, assumed, entries, ())
}

pub(crate) fn walk<'a, L: Lines>(curriculum: &'a Curriculum, assumed: &Priors, entries: &[Entry], lines: L) -> Replay<'a, L> {
    let mut replay = Replay::new(curriculum, assumed, lines);
    for entry in entries {
        replay.enter(entry);
    }
    replay
}

impl<'a, L: Lines> Replay<'a, L> {
    pub(crate) fn new(curriculum: &'a Curriculum, assumed: &Priors, lines: L) -> Self {
        let messages = curriculum.network().start(assumed.bounded());
        let standings = vec![Standing::default(); curriculum.skills.len()];
        let mut replay = Self { curriculum, standings, answers: 0, right: 0, messages, lines };
        replay.assume();
        replay
    }

    pub(crate) fn into_parts(self) -> (Vec<Standing>, L) {
        (self.standings, self.lines)
    }

    fn assume(&mut self) {
        for skill in 0..self.standings.len() {
            let level = weight(self.messages.odds_by_level(skill));
            self.change(skill, level, None, Cause::Level);
            let needed = self.curriculum.skills[skill].prerequisites.iter().copied();
            let weakest = needed.min_by_key(|&needed| weight(self.messages.odds(needed)));
            let held = self.belief(skill) - level;
            self.change(skill, held, None, weakest.map_or(Cause::Level, |prerequisite| Cause::Held { prerequisite }));
        }
    }

    pub(crate) fn enter(&mut self, entry: &Entry) {
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
            | What::Certified { .. }
            | What::Doubted { .. }
            | What::Corrected { .. } => {}
        }
    }

    fn answered(&mut self, seq: u64, answer: &Answer) {
        let Some(skill) = self.curriculum.skill(&answer.skill) else { return };
        if answer.attempt != 1 {
            return;
        }
        self.answers += 1;
        self.right += u32::from(answer.outcome == Outcome::Right);
        let practised = matches!(answer.setting, Setting::Lesson | Setting::Practice | Setting::Review);
        if practised {
            self.open(skill);
        }
        self.standings[skill].own.weigh(libm::exp(weigh(answer)));
        self.settle(skill);
        self.take_stock(seq, answer, skill);
        // Whoever is told why an answer was wrong may learn from it; the placement tells nothing.
        if answer.setting != Setting::Placement {
            self.learn(skill, LEARN_PRACTICE, seq, Cause::Practised);
        }
        self.note(skill, seq, answer, practised);
    }

    fn note(&mut self, skill: usize, seq: u64, answer: &Answer, practised: bool) {
        let standing = &mut self.standings[skill];
        standing.grounds.tally.count(answer);
        standing.grounds.answers.push(seq);
        standing.streak.count(answer);
        standing.probes += u32::from(answer.setting == Setting::Probe);
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
            course.taught += 1;
        }
    }

    /// Own words count for the skill itself, and as little answers for others.
    fn claimed(&mut self, seq: u64, skills: &[String]) {
        let mut known = vec![false; self.standings.len()];
        for skill in skills {
            if let Some(skill) = self.curriculum.skill(skill) {
                known[skill] = true;
            }
        }
        let mut said = Vec::with_capacity(known.len());
        for (skill, &known) in known.iter().enumerate() {
            let before = self.standings[skill].claimed.replace(known).map_or(0.0, claim);
            said.push(Weight::from_logits(claim(known) - before));
            let odds = self.evidence(skill);
            self.messages.put(skill, odds);
        }
        self.curriculum.network().settle(&mut self.messages);
        for (skill, known) in known.into_iter().enumerate() {
            let moved = self.belief(skill) - self.standings[skill].belief;
            if self.standings[skill].course.is_none() {
                self.change(skill, said[skill], Some(seq), Cause::Claim { known });
                self.change(skill, moved - said[skill], Some(seq), Cause::Claims);
            } else {
                self.change(skill, moved, Some(seq), Cause::Claims);
            }
        }
    }

    fn open(&mut self, skill: usize) {
        let standing = &mut self.standings[skill];
        if standing.course.is_none() {
            standing.course = Some(InCourse {
                belief: standing.belief,
                grounds: standing.grounds.clone(),
                taught: 0,
                practised: 0,
                shaky: 0,
                struggling_since: None,
                just_read: false,
            });
        }
    }

    /// Who did not know may know now. What was known when the course began is as it was.
    fn learn(&mut self, skill: usize, chance: f64, seq: u64, cause: Cause) {
        self.standings[skill].own.learn(chance);
        let moved = self.belief(skill) - self.standings[skill].belief;
        self.change(skill, moved, Some(seq), cause);
    }

    fn settle(&mut self, skill: usize) {
        let odds = self.evidence(skill);
        self.messages.put(skill, odds);
        self.curriculum.network().settle(&mut self.messages);
    }

    fn evidence(&self, skill: usize) -> f64 {
        let standing = &self.standings[skill];
        standing.own.evidence() * libm::exp(standing.claimed.map_or(0.0, claim))
    }

    /// What follows from network and own answers together.
    fn belief(&self, skill: usize) -> Weight {
        weight(self.standings[skill].own.now(self.messages.odds(skill)))
    }

    /// What an answer changed, on its own skill and on every other.
    fn take_stock(&mut self, seq: u64, answer: &Answer, from: usize) {
        let right = answer.outcome == Outcome::Right;
        for (skill, kin) in self.curriculum.kin(from).iter().enumerate() {
            let cause = match kin {
                _ if skill == from => Cause::Answer { outcome: answer.outcome, hints: answer.hints },
                Kin::Below => Cause::Above { from, right },
                Kin::Above => Cause::Below { from, right },
                Kin::Other => Cause::Ability { from, right },
            };
            let moved = self.belief(skill) - self.standings[skill].belief;
            self.change(skill, moved, Some(seq), cause);
        }
    }

    /// The one place where a belief changes: what is kept within bounds is what the line says.
    fn change(&mut self, skill: usize, weight: Weight, entry: Option<u64>, cause: Cause) {
        let standing = &mut self.standings[skill];
        standing.belief += weight;
        if weight != Weight(0) || matches!(cause, Cause::Answer { .. }) {
            standing.grounds.count(entry, weight, cause);
            self.lines.line(skill, Evidence { entry, amount: weight, cause });
        }
    }
}

/// The weight of odds.
fn weight(odds: f64) -> Weight {
    Weight::from_logits(libm::log(odds))
}

fn claim(known: bool) -> f64 {
    let ratio = if known { CLAIM_KNOWN / CLAIM_UNKNOWN } else { (1.0 - CLAIM_KNOWN) / (1.0 - CLAIM_UNKNOWN) };
    libm::log(ratio)
}

/// The weight of one answer \[logits\]: how much likelier it is from someone who knows than from someone who does not.
fn weigh(answer: &Answer) -> f64 {
    // Bounds keep a strange item (or a hostile import) from ruling a belief by itself.
    let slip = answer.slip.as_f64().clamp(0.01, 0.5);
    let hinted = answer.guess.as_f64() + HINT * f64::from(answer.hints);
    let guess = hinted.clamp(0.01, 1.0 - slip);
    match answer.outcome {
        // A partly right answer weighs by its score.
        Outcome::Right => libm::log((1.0 - slip) / guess) * answer.score.as_f64().min(1.0),
        Outcome::Wrong => libm::log(slip / (1.0 - guess)),
        Outcome::Unknown => libm::log(slip),
    }
}
