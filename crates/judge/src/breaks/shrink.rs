//! The smallest case that still breaks the same requirement: fewer faults, less load, milder, shorter,
//! rounder. Each step down is taken where a few runs agree; what is told is confirmed again.

use units::{Duration, Share};

use super::Case;
use super::confirm::worst_missed;
use super::order::{round, usual};
use super::search::Search;
use crate::runs::Stop;

/// Runs that decide a step, and again so many where they leave it open.
const RUNS: usize = 3;

/// The cases that were small enough and still broke it, the smallest last; and whether the end was
/// reached.
pub(super) async fn shrink(search: &mut Search<'_>, case: &Case, requirement: &str) -> (Vec<Case>, Result<(), Stop>) {
    let mut shrinking = Shrinking { requirement: requirement.to_owned(), stack: vec![], now: case.clone() };
    let end = shrinking.all(search).await;
    (shrinking.stack, end)
}

struct Shrinking {
    requirement: String,
    stack: Vec<Case>,
    now: Case,
}

impl Shrinking {
    async fn all(&mut self, search: &mut Search<'_>) -> Result<(), Stop> {
        self.fewer(search).await?;
        self.less_load(search).await?;
        self.milder(search).await?;
        self.shorter(search).await?;
        self.rounder(search).await
    }

    async fn fewer(&mut self, search: &mut Search<'_>) -> Result<(), Stop> {
        let mut at = 0;
        while at < self.now.faults.len() {
            let mut smaller = self.now.clone();
            smaller.faults.remove(at);
            if smaller == usual(search.envelope) || !self.goes_down(search, smaller).await? {
                at += 1;
            }
        }
        Ok(())
    }

    /// No more load than usual, or the roundest factor on the way there that is enough.
    async fn less_load(&mut self, search: &mut Search<'_>) -> Result<(), Stop> {
        let usual = usual(search.envelope);
        if self.now.all != usual.all {
            let from = usual.all;
            self.least_factor(search, from, self.now.all, &|case, share| case.all = share).await?;
        }
        let classes: Vec<String> = self.now.classes.keys().cloned().collect();
        for name in classes {
            let (from, now) = (usual.classes.get(&name).copied().unwrap_or(Share::ONE), self.now.classes[&name]);
            if from != now {
                self.least_factor(search, from, now, &|case, share| {
                    case.classes.insert(name.clone(), share);
                })
                .await?;
            }
        }
        Ok(())
    }

    async fn least_factor(&mut self, search: &mut Search<'_>, from: Share, to: Share, set: &dyn Fn(&mut Case, Share)) -> Result<(), Stop> {
        let mut steps = vec![from];
        steps.extend(factors(from, to));
        self.least(search, &steps, &|case, share| set(case, *share)).await
    }

    /// Milder forms of each fault.
    async fn milder(&mut self, search: &mut Search<'_>) -> Result<(), Stop> {
        for at in 0..self.now.faults.len() {
            let trouble = self.now.faults[at].trouble;
            let milder: Vec<_> = search.envelope.troubles().nth(trouble).map(|trouble| trouble.milder.clone()).unwrap_or_default();
            self.least(search, &milder, &|case, whats| case.faults[at].whats = whats.clone()).await?;
        }
        Ok(())
    }

    async fn shorter(&mut self, search: &mut Search<'_>) -> Result<(), Stop> {
        for at in 0..self.now.faults.len() {
            let Some(lasts) = self.now.faults[at].lasts else { continue };
            let least = search.envelope.lasts.0;
            let shorter: Vec<Duration> =
                LENGTHS.iter().map(|ms| Duration::from_millis(*ms)).filter(|time| *time >= least && *time < lasts).collect();
            self.least(search, &shorter, &|case, time| case.faults[at].lasts = Some(*time)).await?;
        }
        Ok(())
    }

    async fn rounder(&mut self, search: &mut Search<'_>) -> Result<(), Stop> {
        for at in 0..self.now.faults.len() {
            let time = self.now.faults[at].at;
            let rounder = Duration((round(time).0 + 5_000_000_000) / 10_000_000_000 * 10_000_000_000);
            let (from, to) = search.envelope.at.unwrap_or((search.room.warm, search.room.lasts));
            if rounder != time && rounder > search.room.warm && (from..=to).contains(&rounder) {
                let mut smaller = self.now.clone();
                smaller.faults[at].at = rounder;
                self.goes_down(search, smaller).await?;
            }
        }
        Ok(())
    }

    /// The first of these steps, from the least on, that still breaks it; what breaks with a little
    /// is taken to break with more.
    async fn least<T>(&mut self, search: &mut Search<'_>, steps: &[T], set: &dyn Fn(&mut Case, &T)) -> Result<(), Stop> {
        let (mut low, mut high) = (0, steps.len());
        while low < high {
            // The very least first: often nothing of it was needed.
            let middle = if low == 0 && high == steps.len() { 0 } else { low + (high - low) / 2 };
            let mut smaller = self.now.clone();
            set(&mut smaller, &steps[middle]);
            match self.goes_down(search, smaller).await? {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        Ok(())
    }

    async fn goes_down(&mut self, search: &mut Search<'_>, smaller: Case) -> Result<bool, Stop> {
        let document = smaller.applied(search.document);
        let seed = search.shrinking_seed();
        let only = [self.requirement.clone()];
        let mut report = search.runs.pooled(&document, (seed..).take(RUNS)).await?;
        let mut breaks = worst_missed(search.requirements, &only, &report).is_some();
        if !breaks && search.is_open(&self.requirement, &report) {
            let more = search.runs.pooled(&document, (seed + RUNS as u64..).take(RUNS)).await?;
            let each: Vec<_> = report.each.iter().chain(&more.each).cloned().collect();
            if let Some(all) = sim::pool(&each) {
                report = all;
                breaks = worst_missed(search.requirements, &only, &report).is_some();
            }
        }
        if breaks {
            self.now = smaller.clone();
            self.stack.push(smaller);
        }
        Ok(breaks)
    }
}

/// [ms]
const LENGTHS: [u64; 18] = [
    100, 200, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 15_000, 20_000, 30_000, 45_000, 60_000, 90_000, 120_000, 300_000, 600_000, 1_800_000,
];

/// Round factors between two, from the first on: in steps of a tenth of what they are.
fn factors(from: Share, to: Share) -> Vec<Share> {
    let tenths = |step: f64, count: u64| (1..=count).map(move |k| Share(libm::round(step * k as f64 * 1e9) as u64));
    let mut all: Vec<Share> = tenths(0.05, 39).chain(tenths(0.1, 50)).chain(tenths(0.5, 40)).chain(tenths(10.0, 100)).collect();
    sorted::sort(&mut all);
    all.dedup();
    if from <= to {
        all.retain(|share| *share > from && *share < to);
    } else {
        all.retain(|share| *share < from && *share > to);
        all.reverse();
    }
    all
}
