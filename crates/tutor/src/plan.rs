//! The plan: every skill in the order recommended for this learner, how its module is treated, and
//! why. Derived from the record whenever it is wanted, never kept.

use record::{Entry, Moment, Treatment};

use crate::reason::{Grounds, Reason, Tally, Why};
use crate::replay::{Replay, Standing, replay};
use crate::words::{counted, quoted};
use crate::{Curriculum, Priors, Proof, Skill, Weight};

/// What a learner says of themselves is worth questions saved, and no module: without a right answer on
/// the very skill, nothing is skipped before so many answers, nor if fewer than one in so many is right.
const ANSWERS_LEAST: u32 = 8;
const ONE_RIGHT_IN: u32 = 4;
pub(crate) const SKIP: f64 = 0.96;
pub(crate) const COMPRESS: f64 = 0.7;
pub(crate) const SLOW: f64 = 0.3;
/// A module that so many practice answers have not brought to mastery is set aside, not drilled on.
pub(crate) const PRACTISED_MOST: u32 = 25;
/// A prerequisite believed known like this is not the trouble.
const BEYOND_BLAME: f64 = 0.99;
/// Answers on a prerequisite that settle whether it was the trouble.
const SETTLES: usize = 2;

/// A plan for one learner at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Every skill once, in the recommended order; prerequisites stand before what needs them.
    pub lines: Vec<Line>,
    /// The skill (an index into [`Curriculum::skills`]) to go on with; `None` when nothing is open.
    pub next: Option<usize>,
}

/// One module of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub skill: usize,
    pub treatment: Treatment,
    pub state: State,
    /// The probability that the learner knows it now.
    pub p: f64,
    pub reason: Reason,
    /// The learner's own choice, which wins while it stands.
    pub overruled: Option<Treatment>,
    pub moved: Option<Moved>,
    /// Answers on this skill so far.
    pub answers: Tally,
    pub proof: Proof,
    /// Many answers and no mastery: it waits until the others are done.
    pub set_aside: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Open,
    InProgress,
    /// Believed known at .98 from work in the course.
    Mastered,
    /// Mastered, with three unaided right answers in a row, two of them hard to guess.
    Proved,
    Skipped,
    /// This pack has no lesson for it yet.
    Unwritten,
}

/// Why a line stands elsewhere than the course has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// So many places up, because it is worth more for the goal.
    Earlier { places: u32 },
    /// So many places up, because it is begun.
    Begun { places: u32 },
    /// Called back, because this skill rests on it and is shaky.
    Back { shaky: usize },
}

/// The plan that follows from a record in order. Nothing in it depends on the hour as long as no
/// reviews fall due; `now` is asked for so that callers need not change when they do.
pub fn plan(curriculum: &Curriculum, priors: &Priors, entries: &[Entry], _now: Moment) -> Plan {
    planned(&replay(curriculum, priors, entries))
}

pub(crate) fn planned(replay: &Replay<'_, ()>) -> Plan {
    let (curriculum, standings) = (replay.curriculum, &replay.standings);
    let mut drafts: Vec<Line> = (0..standings.len()).map(|skill| line(replay, skill)).collect();
    let called = called_back(curriculum, standings, &drafts);
    let order = recommended(curriculum, &drafts, called);
    mark_moved(curriculum, &mut drafts, &order, called);
    let next = called.map(|(skill, _)| skill).or_else(|| next(&drafts, &order));
    let mut drafts: Vec<Option<Line>> = drafts.into_iter().map(Some).collect();
    let lines = order.iter().filter_map(|&skill| drafts[skill].take()).collect();
    Plan { lines, next }
}

impl Plan {
    /// The line of a skill, an index into [`Curriculum::skills`].
    pub fn line(&self, skill: usize) -> Option<&Line> {
        self.lines.iter().find(|line| line.skill == skill)
    }
}

impl Line {
    /// Whether there is nothing left to do for it.
    pub fn done(&self) -> bool {
        matches!(self.state, State::Mastered | State::Proved | State::Skipped)
    }

    pub(crate) fn open(&self) -> bool {
        matches!(self.state, State::Open | State::InProgress)
    }
}

impl Moved {
    /// One sentence in plain English.
    pub fn sentence(&self, curriculum: &Curriculum) -> String {
        match self {
            Self::Earlier { places } => format!("Moved up {}: it is worth more for your goal.", counted(*places, "place")),
            Self::Begun { places } => format!("Moved up {}: you have begun it.", counted(*places, "place")),
            Self::Back { shaky } => format!("Called back: {} rests on it and is still shaky.", quoted(&curriculum.skills[*shaky].name)),
        }
    }
}

fn by_belief(belief: Weight, shown: bool) -> Treatment {
    match belief.p() {
        p if p >= SKIP && shown => Treatment::Skip,
        p if p > COMPRESS => Treatment::Compress,
        p if p < SLOW => Treatment::Slow,
        _ => Treatment::Standard,
    }
}

fn line(replay: &Replay<'_, ()>, skill: usize) -> Line {
    let (curriculum, standings) = (replay.curriculum, &replay.standings);
    let standing = &standings[skill];
    let (planned, why) = judged(standing, spoken_for(replay));
    let overruled = standing.overruled.map(|(_, treatment)| treatment);
    let treatment = overruled.unwrap_or(planned);
    let proof = Proof::of(standing);
    let state = match &standing.course {
        _ if proof.proved => State::Proved,
        _ if proof.mastered => State::Mastered,
        _ if treatment == Treatment::Skip => State::Skipped,
        _ if !curriculum.skills[skill].written => State::Unwritten,
        Some(_) => State::InProgress,
        None => State::Open,
    };
    let why = match (state, overruled) {
        (State::Proved, _) => Why::Proved,
        (State::Mastered, _) => Why::Mastered { answers: standing.grounds.tally },
        (_, Some(_)) => Why::Chosen { plan: planned },
        _ => why,
    };
    let entries = rests_on(standings, skill, why);
    let before = standing
        .course
        .as_ref()
        .filter(|_| state == State::InProgress && told_as_begun(why) && why != Why::Answers(standing.grounds.tally));
    let since = before.and_then(|course| standing.grounds.tally.since(&course.grounds.tally));
    Line {
        skill,
        treatment,
        state,
        p: standing.belief.p(),
        reason: Reason { treatment, state, why, since, entries },
        overruled,
        moved: None,
        answers: standing.grounds.tally,
        proof,
        set_aside: state == State::InProgress && standing.course.as_ref().is_some_and(|course| course.practised >= PRACTISED_MOST),
    }
}

/// Whether the reason is from when the module was begun, and says nothing of what came since.
fn told_as_begun(why: Why) -> bool {
    match why {
        Why::Proved | Why::Mastered { .. } | Why::Chosen { .. } | Why::Struggling { .. } => false,
        Why::Answers(_)
        | Why::Above { .. }
        | Why::Below { .. }
        | Why::Ability { .. }
        | Why::Claim { .. }
        | Why::Claims { .. }
        | Why::Held { .. }
        | Why::Level => true,
    }
}

/// The plan's own treatment, before the learner's choice. A module that is begun keeps the depth it
/// was opened with, unless it proves a struggle, or was skipped and turned out not to be known.
fn judged(standing: &Standing, spoken_for: bool) -> (Treatment, Why) {
    let now = || from_grounds(standing.belief, &standing.grounds, spoken_for);
    let Some(course) = &standing.course else { return now() };
    if course.struggling_since.is_some() {
        return (Treatment::Slow, Why::Struggling { answers: course.shaky });
    }
    match from_grounds(course.belief, &course.grounds, spoken_for) {
        (Treatment::Skip, _) => now(),
        opened => opened,
    }
}

/// Whether the answers given so far, all in all, may speak for skills that had none.
fn spoken_for(replay: &Replay<'_, ()>) -> bool {
    replay.answers >= ANSWERS_LEAST && replay.right * ONE_RIGHT_IN >= replay.answers
}

fn from_grounds(belief: Weight, grounds: &Grounds, spoken_for: bool) -> (Treatment, Why) {
    let treatment = by_belief(belief, grounds.tally.right > 0 || spoken_for);
    (treatment, grounds.why(treatment))
}

fn rests_on(standings: &[Standing], skill: usize, why: Why) -> Vec<u64> {
    let standing = &standings[skill];
    let answers = |skill: usize| standings[skill].grounds.answers.clone();
    match why {
        Why::Proved | Why::Mastered { .. } | Why::Struggling { .. } => answers(skill),
        Why::Answers(_) => {
            // A module that is begun rests on what was known when it was opened.
            let opened = standing.course.as_ref().filter(|course| why == Why::Answers(course.grounds.tally));
            opened.map_or_else(|| answers(skill), |course| course.grounds.answers.clone())
        }
        Why::Above { from, .. } | Why::Below { from, .. } | Why::Ability { from, .. } => answers(from),
        Why::Chosen { .. } => standing.overruled.iter().map(|(entry, _)| *entry).collect(),
        Why::Claim { .. } | Why::Claims { .. } => standing.grounds.claimed_in().into_iter().collect(),
        Why::Held { .. } | Why::Level => Vec::new(),
    }
}

/// The prerequisite to go back to, and the shaky skill that asks for it: the least certain one,
/// until it has had its questions since the struggle began.
fn called_back(curriculum: &Curriculum, standings: &[Standing], drafts: &[Line]) -> Option<(usize, usize)> {
    curriculum.order().iter().find_map(|&shaky| {
        let course = standings[shaky].course.as_ref()?;
        let since = course.struggling_since.filter(|_| drafts[shaky].open() && !drafts[shaky].set_aside)?;
        let able = |needed: &usize| {
            let doubtful = standings[*needed].belief.p() < BEYOND_BLAME;
            doubtful && curriculum.skills[*needed].written && !drafts[*needed].set_aside
        };
        let needed = curriculum.skills[shaky].prerequisites.iter().copied().filter(able);
        let least = needed.min_by_key(|&needed| (standings[needed].belief, &curriculum.skills[needed].id))?;
        let answered = standings[least].grounds.answers.iter().filter(|&&entry| entry > since).count();
        (answered < SETTLES).then_some((least, shaky))
    })
}

/// Prerequisites first; among what is free: done, called back, begun, then worth in steps of two, and
/// the course's own order within a step. Steps, so that the order does not twitch with every answer.
fn recommended(curriculum: &Curriculum, drafts: &[Line], called: Option<(usize, usize)>) -> Vec<usize> {
    let worth = worth(curriculum, drafts);
    let urgency = |skill: usize| {
        let line = &drafts[skill];
        match line.state {
            _ if line.done() => i32::MAX,
            _ if called.is_some_and(|(back, _)| back == skill) => i32::MAX - 1,
            State::InProgress if !line.set_aside => i32::MAX - 2,
            _ => worth[skill],
        }
    };
    let mut place = vec![0; drafts.len()];
    for (at, &skill) in curriculum.order().iter().enumerate() {
        place[skill] = at;
    }
    let mut waits: Vec<usize> = curriculum.skills.iter().map(|skill| skill.prerequisites.len()).collect();
    let mut free: std::collections::BTreeSet<_> =
        (0..drafts.len()).filter(|&skill| waits[skill] == 0).map(|skill| (-urgency(skill), place[skill], skill)).collect();
    let mut order = Vec::with_capacity(drafts.len());
    while let Some((_, _, skill)) = free.pop_first() {
        order.push(skill);
        for &dependant in curriculum.dependants(skill) {
            waits[dependant] -= 1;
            if waits[dependant] == 0 {
                free.insert((-urgency(dependant), place[dependant], dependant));
            }
        }
    }
    order
}

/// Need times ignorance over expected time, in powers of two. A prerequisite is worth at least what it opens.
fn worth(curriculum: &Curriculum, drafts: &[Line]) -> Vec<i32> {
    let mut worth = vec![i32::MIN + 1; drafts.len()];
    for &skill in curriculum.order().iter().rev() {
        if drafts[skill].open() {
            let Skill { need, minutes, .. } = &curriculum.skills[skill];
            // By treatment rather than by belief: what is worth moving is worth announcing.
            let ignorance = match drafts[skill].treatment {
                Treatment::Skip => 0.02,
                Treatment::Compress => 0.2,
                Treatment::Standard => 0.5,
                Treatment::Slow => 0.8,
            };
            let time = lesson_minutes(*minutes, drafts[skill].treatment).max(1.0);
            // Twenty minutes at full need and half ignorance is the middle of a step.
            worth[skill] = libm::round(libm::log2((need * ignorance / time * 40.0).clamp(1e-6, 1e6))) as i32;
        }
        let opens = curriculum.dependants(skill).iter().map(|&dependant| worth[dependant]).max();
        worth[skill] = worth[skill].max(opens.unwrap_or(i32::MIN + 1));
    }
    worth
}

fn mark_moved(curriculum: &Curriculum, drafts: &mut [Line], order: &[usize], called: Option<(usize, usize)>) {
    let ranks = |order: &[usize], drafts: &[Line]| {
        let mut rank = vec![0_u32; drafts.len()];
        let open = order.iter().filter(|&&skill| drafts[skill].open());
        for (at, &skill) in open.enumerate() {
            rank[skill] = at as u32;
        }
        rank
    };
    let (before, after) = (ranks(curriculum.order(), drafts), ranks(order, drafts));
    for (skill, line) in drafts.iter_mut().enumerate() {
        let places = before[skill].saturating_sub(after[skill]);
        line.moved = match (line.state, places) {
            (State::Open | State::InProgress, 0) => None,
            (State::InProgress, _) => Some(Moved::Begun { places }),
            (State::Open, _) => Some(Moved::Earlier { places }),
            _ => None,
        };
    }
    if let Some((back, shaky)) = called {
        drafts[back].moved = Some(Moved::Back { shaky });
    }
}

/// The first open line; what was set aside comes when nothing else is left.
fn next(drafts: &[Line], order: &[usize]) -> Option<usize> {
    let open = || order.iter().copied().filter(|&skill| drafts[skill].open());
    open().find(|&skill| !drafts[skill].set_aside).or_else(|| open().next())
}

pub(crate) fn lesson_minutes(minutes: u32, treatment: Treatment) -> f64 {
    let share = match treatment {
        Treatment::Skip => 0.0,
        Treatment::Compress => 0.5,
        Treatment::Standard => 1.0,
        Treatment::Slow => 1.5,
    };
    f64::from(minutes) * share
}
