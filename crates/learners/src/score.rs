//! Many walks under one condition, and the figures that come of them.

use tutor::Mode;

use crate::course;
use crate::dice::Dice;
use crate::limit;
use crate::pupil::{Family, Group, Pupil};
use crate::walk::{Walk, walk};
use crate::world::{SKILLS, Shape, World};

/// Pupils of one world; the next ones live in another.
const PER_WORLD: usize = 10;
/// From here on a skill is declared known.
const DECLARED: f64 = 0.9;

/// Who is taught, and how.
#[derive(Debug, Clone, Copy)]
pub struct Condition {
    pub shape: Shape,
    pub family: Family,
    pub self_report: bool,
    pub mode: Mode,
}

impl Condition {
    pub const REALISTIC: Self = Self { shape: Shape::Course, family: Family::State, self_report: true, mode: Mode::Progress };
}

/// All walks under a condition, with what the courses to compare with took for the same pupils.
#[derive(Debug)]
pub struct Score {
    pub walks: Vec<Walk>,
    oracle: f64,
    perfect: f64,
    perfect_rest: f64,
    fixed: f64,
    fixed_missing: f64,
    unknown: f64,
    bits: f64,
}

/// Runs so many pupils. The same seed gives the same figures, except for times.
pub fn run(condition: Condition, learners: usize, seed: u64) -> Score {
    let mut score =
        Score { walks: Vec::new(), oracle: 0.0, perfect: 0.0, perfect_rest: 0.0, fixed: 0.0, fixed_missing: 0.0, unknown: 0.0, bits: 0.0 };
    let mut world = None;
    for number in 0..learners {
        if number % PER_WORLD == 0 {
            world = Some(World::new(&mut Dice::new(seed, number as u64), condition.shape));
        }
        let Some(world) = &world else { continue };
        let mut dice = Dice::new(seed, (1 << 32) + number as u64);
        let pupil = Pupil::new(&mut dice, world, condition.family);
        if condition.family == Family::State {
            score.bits += limit::surprise(world, &pupil);
        }
        score.unknown += pupil.unknown() as f64;
        if condition.family != Family::Clicker {
            let stream = |course: u64| Dice::new(seed, ((2 + course) << 32) + number as u64);
            score.oracle += f64::from(course::oracle(&mut stream(0), world, &mut pupil.clone()));
            let mut placed = pupil.clone();
            score.perfect += f64::from(course::placed_perfectly(&mut stream(1), world, &mut placed, false));
            score.perfect_rest += f64::from(course::to_the_end(&mut stream(2), world, &mut placed));
            let mut same = pupil.clone();
            score.fixed += f64::from(course::fixed(&mut stream(3), world, &mut same));
            score.fixed_missing += same.unknown() as f64;
        }
        score.walks.push(walk(&mut dice, world, pupil, condition.family, condition.self_report, condition.mode));
    }
    score
}

impl Score {
    /// Adds the walks of another seed.
    pub fn join(&mut self, other: Self) {
        self.walks.extend(other.walks);
        self.oracle += other.oracle;
        self.perfect += other.perfect;
        self.perfect_rest += other.perfect_rest;
        self.fixed += other.fixed;
        self.fixed_missing += other.fixed_missing;
        self.unknown += other.unknown;
        self.bits += other.bits;
    }

    fn mean(&self, of: impl Fn(&Walk) -> f64) -> f64 {
        mean(self.walks.iter().map(of))
    }

    fn count(&self) -> f64 {
        self.walks.len() as f64
    }

    /// Mean error after so many questions; who was placed sooner stays as placed.
    pub fn error_after(&self, items: usize) -> f64 {
        self.mean(|walk| walk.error[items.min(walk.items())])
    }

    /// Questions until the mean error is at most `error`, or `None`.
    pub fn items_to(&self, error: f64) -> Option<usize> {
        (0..=30).find(|&items| self.error_after(items) <= error)
    }

    pub fn error_at_stop(&self) -> f64 {
        self.error_after(usize::MAX)
    }

    pub fn items(&self) -> f64 {
        self.mean(|walk| walk.items() as f64)
    }

    pub fn items_p90(&self) -> usize {
        let mut items: Vec<usize> = self.walks.iter().map(Walk::items).collect();
        items.sort_unstable();
        items.get(items.len() * 9 / 10).copied().unwrap_or(0)
    }

    fn placed(&self) -> impl Iterator<Item = (f64, bool)> + '_ {
        self.walks.iter().flat_map(|walk| walk.placed.iter().copied())
    }

    /// Of the unknown skills, those declared known after the placement.
    pub fn false_mastery(&self) -> f64 {
        share(self.placed().filter(|(_, knows)| !knows), |p| p >= DECLARED)
    }

    /// Of the declared skills, those unknown.
    pub fn false_discovery(&self) -> f64 {
        let declared = || self.placed().filter(|(p, _)| *p >= DECLARED);
        declared().filter(|(_, knows)| !knows).count() as f64 / declared().count().max(1) as f64
    }

    /// Of the known skills, those not declared.
    pub fn undeclared(&self) -> f64 {
        share(self.placed().filter(|(_, knows)| *knows), |p| p < DECLARED)
    }

    /// The mean distance between belief and truth, in ten bins of belief.
    pub fn calibration(&self) -> f64 {
        let mut bins = [(0.0, 0.0, 0.0); 10];
        for (p, knows) in self.placed() {
            let bin = &mut bins[((p * 10.0) as usize).min(9)];
            *bin = (bin.0 + 1.0, bin.1 + p, bin.2 + f64::from(u8::from(knows)));
        }
        bins.iter().map(|(_, p, knows)| (p - knows).abs()).sum::<f64>() / (self.count() * SKILLS as f64)
    }

    pub fn steps(&self) -> f64 {
        self.mean(|walk| f64::from(walk.steps))
    }

    /// Steps until done, beside the oracle's.
    pub fn beside_oracle(&self) -> f64 {
        self.steps() * self.count() / self.oracle
    }

    pub fn perfect_beside_oracle(&self) -> f64 {
        self.perfect / self.oracle
    }

    /// Steps until everything is known, beside those of a perfect placement.
    pub fn beside_perfect(&self) -> f64 {
        self.mean(|walk| f64::from(walk.steps + walk.rest)) * self.count() / (self.perfect + self.perfect_rest)
    }

    /// The share of a fixed course's steps that is saved; of one group, or of all.
    pub fn saved(&self, group: Option<Group>) -> f64 {
        let of = self.walks.iter().filter(|walk| group.is_none_or(|group| walk.group == group));
        1.0 - mean(of.map(|walk| f64::from(walk.steps))) / (self.fixed / self.count())
    }

    /// Unknown skills at the end, per learner.
    pub fn missing(&self) -> f64 {
        self.mean(|walk| walk.done.iter().filter(|(_, knows)| !knows).count() as f64)
    }

    /// Of the certified skills, those unknown.
    pub fn false_certificates(&self) -> f64 {
        let certified = || self.walks.iter().flat_map(|walk| &walk.done).filter(|(p, _)| *p >= DECLARED);
        certified().filter(|(_, knows)| !knows).count() as f64 / certified().count().max(1) as f64
    }

    /// Certified skills of all skills.
    pub fn certified(&self) -> f64 {
        share(self.walks.iter().flat_map(|walk| walk.done.iter().copied()), |p| p >= DECLARED)
    }

    pub fn early(&self) -> u32 {
        self.walks.iter().map(|walk| walk.early).sum()
    }

    /// The bits in what a learner knows, on average.
    pub fn bits(&self) -> f64 {
        self.bits / self.count()
    }

    pub fn fixed_steps(&self) -> f64 {
        self.fixed / self.count()
    }

    /// Unknown skills after the fixed course, per learner.
    pub fn fixed_missing(&self) -> f64 {
        self.fixed_missing / self.count()
    }

    pub fn oracle_steps(&self) -> f64 {
        self.oracle / self.count()
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

fn share(of: impl Iterator<Item = (f64, bool)>, what: impl Fn(f64) -> bool) -> f64 {
    mean(of.map(|(p, _)| f64::from(u8::from(what(p)))))
}
