//! How well a learner knows what they know: how sure they said they were, beside how often they were
//! right. It is shown, and never part of a belief, a plan or a mark. How often ranges held is in `ranges`.

use record::{Entry, Outcome, What};

/// Before so many, a share of hits says more about luck than about the learner.
pub const ENOUGH: u32 = 10;
/// A prediction counts as near from this score on: within a factor of three.
const NEAR: f64 = 0.5;
/// Between these, "I think so" is the nearest of the three words.
const THINK: std::ops::Range<f64> = 0.625..0.85;

/// All that a record tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// "A guess", "I think so", "sure".
    pub levels: [Level; 3],
    /// The mean squared distance between how sure they were and what came: 0 is perfect, .25 is what
    /// always saying "half and half" earns. `None` without any.
    pub brier: Option<f64>,
    /// Graded guesses of committed predictions, and those within a factor of three of the run.
    pub predictions: Hits,
}

/// All answers with one word for how sure.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Level {
    /// The mean of what they said; 0 if they never did.
    pub said: f64,
    pub hits: Hits,
}

/// So many times, and so many of them right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hits {
    pub of: u32,
    pub held: u32,
}

impl Hits {
    fn count(&mut self, held: bool) {
        self.of += 1;
        self.held += u32::from(held);
    }

    /// `None` before there are any.
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| f64::from(self.held) / f64::from(self.of))
    }

    /// How many are missing until the share means something.
    pub fn missing(&self) -> u32 {
        ENOUGH.saturating_sub(self.of)
    }
}

/// Reads it off a record. Only the first try at a question counts, and what was left open was not said.
pub fn calibration(entries: &[Entry]) -> Calibration {
    let mut said = Said::default();
    let mut predictions = Hits::default();
    for entry in entries {
        match &entry.what {
            What::Answered(answer) if answer.attempt == 1 => {
                if let Some(sure) = answer.confidence.filter(|_| answer.outcome != Outcome::Unknown) {
                    said.count(sure.as_f64(), answer.outcome == Outcome::Right);
                }
            }
            What::Foresaw(foresight) => {
                for guess in &foresight.guesses {
                    said.count(guess.confidence.as_f64(), guess.score.as_f64() >= NEAR);
                }
            }
            What::Predicted(prediction) => {
                for guess in prediction.guesses.iter().filter(|guess| guess.graded && guess.guess.is_some()) {
                    predictions.count(guess.score.as_f64() >= NEAR);
                }
            }
            _ => {}
        }
    }
    Calibration { levels: said.levels(), brier: said.brier(), predictions }
}

#[derive(Default)]
struct Said {
    sums: [f64; 3],
    hits: [Hits; 3],
    squares: f64,
}

impl Said {
    fn count(&mut self, sure: f64, right: bool) {
        let at = if sure < THINK.start { 0 } else { usize::from(!THINK.contains(&sure)) + 1 };
        self.sums[at] += sure;
        self.hits[at].count(right);
        let gap = sure - f64::from(u8::from(right));
        self.squares += gap * gap;
    }

    fn levels(&self) -> [Level; 3] {
        [0, 1, 2].map(|at| Level { said: self.sums[at] / f64::from(self.hits[at].of.max(1)), hits: self.hits[at] })
    }

    fn brier(&self) -> Option<f64> {
        let of: u32 = self.hits.iter().map(|hits| hits.of).sum();
        (of > 0).then(|| self.squares / f64::from(of))
    }
}

/// How often, at the least and at the most, somebody would hit out of `of` times whose chance is `p`
/// each time: what lies outside happens to them one time in twenty, or less.
pub fn chance_band(of: u32, p: f64) -> (u32, u32) {
    const TAIL: f64 = 0.025;
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    // From here on the first term would be too small to add to, and the bell is as good.
    if of > 200 {
        let (mean, deviation) = (f64::from(of) * p, libm::sqrt(f64::from(of) * p * (1.0 - p)));
        let at = |deviations: f64| libm::round((mean + deviations * deviation).clamp(0.0, f64::from(of))) as u32;
        return (at(-1.96), at(1.96));
    }
    let mut term = libm::pow(1.0 - p, f64::from(of));
    let (mut sum, mut least) = (term, None);
    for hits in 0..of {
        if least.is_none() && sum >= TAIL {
            least = Some(hits);
        }
        if sum >= 1.0 - TAIL {
            return (least.unwrap_or(hits), hits);
        }
        term *= f64::from(of - hits) / f64::from(hits + 1) * p / (1.0 - p);
        sum += term;
    }
    (least.unwrap_or(of), of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_band_of_chance_is_that_of_the_binomial_tables() {
        assert_eq!([chance_band(20, 0.8), chance_band(20, 0.9), chance_band(10, 0.5)], [(12, 19), (15, 20), (2, 8)]);
        assert_eq!([chance_band(0, 0.8), chance_band(3, 1.0), chance_band(3, 0.0)], [(0, 0), (3, 3), (0, 0)]);
        let (least, most) = chance_band(5_000, 0.75);
        assert!((3_600..3_750).contains(&least) && (3_750..3_900).contains(&most), "{least} {most}");
    }
}
