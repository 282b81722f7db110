//! How much is still to do, as a range: never a deadline. Every module that is open may turn out to be
//! known or not, and practice may take few questions or many; the range is what lies between the
//! luckier and the unluckier tenth of all that, for people who go faster or slower.

use record::{Entry, Moment, Treatment};

use crate::plan::{PRACTISED_MOST, lesson_minutes, planned};
use crate::replay::{LEARN_LESSON, LEARN_PRACTICE, replay};
use crate::{Curriculum, Priors};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// A question with its feedback \[minutes\].
const QUESTION: f64 = 1.5;
/// Right answers that show what is known.
const SHOWN: u32 = 3;
/// What is known already is read in so much of its time.
const KNOWN: f64 = 0.5;
/// One time in ten it is less than the lower end, one in ten more than the upper.
const TAIL: f64 = 0.1;
/// How much faster or slower than its author's minutes a lesson is read.
const PACE: (f64, f64) = (0.8, 1.3);

/// What is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// Modules that are open and written.
    pub modules: u32,
    /// From and to \[minutes\].
    pub minutes: (u32, u32),
}

/// One open module.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenModule {
    /// How likely it is that they know it.
    pub p: f64,
    /// Its lesson at the depth of the plan \[minutes\]; 0 if it was read.
    pub lesson: f64,
}

/// What is left of the course after a record in order.
pub fn forecast(curriculum: &Curriculum, priors: &Priors, entries: &[Entry]) -> Forecast {
    let replay = replay(curriculum, priors, entries);
    let plan = planned(&replay);
    let ahead = plan.lines.iter().filter(|line| line.open()).map(|line| {
        let read = replay.standings[line.skill].course.as_ref().is_some_and(|course| course.taught > 0);
        // What the learner chose to skip is not open; what is skipped by the plan takes no lesson.
        let treatment = if read { Treatment::Skip } else { line.treatment };
        OpenModule { p: line.p, lesson: lesson_minutes(curriculum.skills[line.skill].minutes, treatment) }
    });
    Forecast::of(&ahead.collect::<Vec<_>>())
}

impl Forecast {
    /// The range for these modules, each known or not by itself.
    ///
    /// The time of one is shorter if it is known, so a higher belief moves the whole distribution of
    /// the sum down, and with it both ends: more evidence of knowing never makes it longer.
    pub fn of(ahead: &[OpenModule]) -> Self {
        let mut sum = vec![1.0];
        for module in ahead {
            sum = convolved(&sum, &times(module));
        }
        let (low, high) = (quantile(&sum, TAIL), quantile(&sum, 1.0 - TAIL));
        let minutes = ((low as f64 * PACE.0) as u32, libm::ceil(high as f64 * PACE.1) as u32);
        Self { modules: ahead.len() as u32, minutes }
    }

    /// The days (since 1970 UTC) between which it is done, at so many hours a week; `None` without
    /// hours, or when nothing is left.
    pub fn days(&self, hours: u8, now: Moment) -> Option<(i64, i64)> {
        if hours == 0 || self.minutes.1 == 0 {
            return None;
        }
        let today = now.0.div_euclid(DAY);
        let day = |minutes: u32| today + (i64::from(minutes) * 7 + i64::from(hours) * 60 - 1) / (i64::from(hours) * 60);
        Some((day(self.minutes.0), day(self.minutes.1)))
    }
}

/// How likely each number of minutes is, from 0 on.
fn times(module: &OpenModule) -> Vec<f64> {
    let p = if module.p.is_finite() { module.p.clamp(0.0, 1.0) } else { 0.5 };
    let lesson = if module.lesson.is_finite() { module.lesson.clamp(0.0, 600.0) } else { 0.0 };
    let minutes = |lesson: f64, questions: u32| libm::round(lesson + f64::from(questions) * QUESTION) as usize;
    let mut times = vec![0.0; minutes(lesson, PRACTISED_MOST) + 1];
    times[minutes(lesson * KNOWN, SHOWN)] += p;
    // By the chances with which the tutor believes in learning: at the lesson, or at some question.
    let mut not_yet = 1.0 - p;
    for questions in SHOWN..=PRACTISED_MOST {
        let learns = match questions {
            PRACTISED_MOST => 1.0,
            SHOWN => LEARN_LESSON,
            _ => LEARN_PRACTICE,
        };
        times[minutes(lesson, questions)] += not_yet * learns;
        not_yet *= 1.0 - learns;
    }
    times
}

fn convolved(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; a.len() + b.len() - 1];
    for (at, &by) in b.iter().enumerate().filter(|(_, by)| **by > 0.0) {
        for (slot, &of) in sum[at..].iter_mut().zip(a) {
            *slot += of * by;
        }
    }
    sum
}

/// The smallest number of minutes that so much of the distribution does not exceed.
fn quantile(times: &[f64], share: f64) -> usize {
    let mut so_far = 0.0;
    // A little less than the share, so that rounding in a long sum cannot move the end.
    times
        .iter()
        .position(|p| {
            so_far += p;
            so_far >= share - 1e-9
        })
        .unwrap_or(times.len() - 1)
}
