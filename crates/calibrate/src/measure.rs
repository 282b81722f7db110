//! Measuring one site: what it can do at most, then rounds at each level in turns, and what the
//! core did meanwhile. What the numbers mean is for `level`, `fit` and `reasons`.

use std::time::Duration;

use crate::case::Site;
use crate::cores::Spent;
use crate::level::{self, Verdict};
use crate::load::{Asked, Generator, Round};
use crate::schedule::{self, Choice, Luck, Schedule};

/// Shares of the capacity, the one that is fitted first.
pub(crate) const LEVELS: [f64; 4] = [0.3, 0.6, 0.8, 0.9];

/// How long everything takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Length {
    pub(crate) rounds: usize,
    /// A round, its warm-up included [s].
    pub(crate) round: f64,
    /// What is not counted of it [s].
    pub(crate) warm: f64,
    /// One measurement of the capacity.
    pub(crate) capacity: Duration,
    /// Rounds have the seeds after this. What is tried and what is told are not the same rounds.
    pub(crate) seed: u64,
}

impl Length {
    pub(crate) const FULL: Self = Self { rounds: 3, round: 2.8, warm: 0.4, capacity: Duration::from_secs(2), seed: 1000 };
    pub(crate) const QUICK: Self = Self { rounds: 2, round: 1.2, warm: 0.2, capacity: Duration::from_secs(1), seed: 0 };

    /// Of fast servers a shorter round tells as much, and a design holds so many arrivals.
    fn of_round(&self, rate: f64) -> (f64, f64) {
        let factor = (REQUESTS_MAX / (rate * self.round)).min(1.0);
        (self.round * factor, self.warm * factor)
    }
}

/// Requests of one round.
const REQUESTS_MAX: f64 = 100_000.0;

/// One level of a case: its rounds, and all the processor time of them.
pub(crate) struct Level {
    /// Of the capacity.
    pub(crate) share: f64,
    /// [per second]
    pub(crate) rate: f64,
    /// A round, and what is not counted of it [s].
    pub(crate) lasts: f64,
    pub(crate) warm: f64,
    pub(crate) rounds: Vec<(Schedule, Round)>,
    pub(crate) spent: Spent,
}

impl Level {
    fn new(share: f64, most: f64, length: Length) -> Self {
        let rate = share * most;
        let (lasts, warm) = length.of_round(rate);
        Self { share, rate, lasts, warm, rounds: Vec::new(), spent: Spent::default() }
    }

    /// The requests of each round that are counted.
    pub(crate) fn counted(&self) -> Vec<Vec<Asked>> {
        self.rounds.iter().map(|(_, round)| level::counted(round, self.warm)).collect()
    }

    pub(crate) fn verdict(&self) -> Verdict {
        level::judge(&self.rounds.iter().map(|(_, round)| round).collect::<Vec<_>>(), self.warm)
    }

    /// Every request of all rounds, those that warm up too.
    pub(crate) fn requests(&self) -> usize {
        self.rounds.iter().map(|(_, round)| round.asked.len()).sum()
    }

    /// Processor time that all parts together spent for a request [ns].
    pub(crate) fn processor(&self) -> f64 {
        self.spent.servers() as f64 / self.requests().max(1) as f64
    }
}

/// All that was measured of a case.
pub(crate) struct Measured {
    /// Requests per second with some always waiting, before the levels and after them.
    pub(crate) capacity: f64,
    pub(crate) capacity_after: f64,
    pub(crate) levels: Vec<Level>,
}

/// Requests inside when the capacity is measured: enough that the server never waits for us.
const INSIDE: usize = 32;

pub(crate) fn measure(site: &Site, core: u32, length: Length, keep_heads: bool, tell: &mut dyn FnMut(&str)) -> anyhow::Result<Measured> {
    // The first seconds of a server are unlike the others: caches are empty, memory is not there yet.
    capacity(site, length.capacity / 2)?;
    let most = capacity(site, length.capacity)?;
    tell(&format!("at most {most:.0} requests a second"));
    let mut levels: Vec<Level> = LEVELS.iter().map(|share| Level::new(*share, most, length)).collect();
    for round in 0..length.rounds {
        for (number, level) in levels.iter_mut().enumerate() {
            // Levels take turns, so that a busy minute of the machine hits all of them.
            let seed = length.seed + 1 + (round * LEVELS.len() + number) as u64;
            let schedule = schedule::poisson(seed, level.rate, level.lasts, |luck| site.choose(luck));
            let mut generator = open(site)?;
            let before = Spent::so_far(&site.processes(), core)?;
            let came = generator.keep_to(&schedule, keep_heads)?;
            level.spent.add(&Spent::so_far(&site.processes(), core)?.since(&before));
            level.rounds.push((schedule, came));
        }
        tell(&format!("round {} of {}", round + 1, length.rounds));
    }
    let capacity_after = capacity(site, length.capacity)?;
    Ok(Measured { capacity: most, capacity_after, levels })
}

fn open(site: &Site) -> anyhow::Result<Generator<'_>> {
    Generator::open(&|| site.hello(), site.protocol(), site.connections(), site.requests())
}

fn capacity(site: &Site, lasts: Duration) -> anyhow::Result<f64> {
    let mut luck = Luck::new(0);
    // Long enough not to come round: the chain must not find in its cache what it asked for before.
    let which: Vec<Choice> = (0..20_000).map(|_| site.choose(&mut luck)).collect();
    open(site)?.keep_inside(&which, INSIDE, lasts)
}
