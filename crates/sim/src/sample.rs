//! Drawing lengths of time from the distributions of a design. Everything is rounded to whole
//! nanoseconds here, so no float ever decides the order of two events.

use design::Distribution;

use crate::random::{Stream, Ziggurat};
use crate::time::{LAST, Ns};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sampler {
    Constant(Ns),
    Exponential {
        mean: f64,
    },
    /// Parameters of the normal underneath.
    Lognormal {
        mu: f64,
        sigma: f64,
    },
    Erlang {
        stages: u64,
        mean: f64,
    },
    /// Two exponentials; `usual` is drawn with probability `share`.
    Hyperexponential {
        share: f64,
        usual: f64,
        other: f64,
    },
    TwoPoint {
        usual: Ns,
        rare: Ns,
        billionths: u64,
    },
    Uniform {
        low: Ns,
        width: Ns,
    },
    /// Drawn again while it is negative.
    Normal {
        mean: f64,
        sd: f64,
    },
    Pareto {
        least: f64,
        /// One over the shape.
        power: f64,
    },
    Mixture {
        billionths: u64,
        first: Box<Sampler>,
        second: Box<Sampler>,
    },
    Plus {
        fixed: Ns,
        random: Box<Sampler>,
    },
    /// Share [0, 1] and time [ns] of each point, with straight lines between.
    Quantiles {
        points: Vec<(f64, f64)>,
    },
}

/// More stages than this are refused: each draw would cost as many.
pub(crate) const MOST_STAGES: u64 = 1_000;

impl Sampler {
    /// What is wrong with the distribution, as a sentence, if it cannot be drawn from.
    pub(crate) fn new(distribution: &Distribution) -> Result<Self, String> {
        Ok(match distribution.clone() {
            Distribution::Constant { value } => Self::Constant(value.base().min(LAST)),
            Distribution::Exponential { mean } => Self::Exponential { mean: mean.base() as f64 },
            Distribution::Lognormal { mean, scv } => {
                let variance = libm::log1p(scv.as_f64());
                match mean.base() {
                    0 => Self::Constant(0),
                    mean => Self::Lognormal { mu: libm::log(mean as f64) - variance / 2.0, sigma: variance.sqrt() },
                }
            }
            Distribution::Erlang { mean, stages } => match stages.base() {
                0 => return Err("An Erlang distribution needs at least one stage.".into()),
                stages if stages > MOST_STAGES => {
                    return Err(format!("An Erlang distribution of more than {MOST_STAGES} stages is as good as a constant time."));
                }
                stages => Self::Erlang { stages, mean: mean.base() as f64 / stages as f64 },
            },
            Distribution::Hyperexponential { mean, scv } => {
                let scv = scv.as_f64();
                if scv < 1.0 {
                    return Err(
                        "A hyperexponential distribution varies at least as much as an exponential one: its scv is 1 or more.".into()
                    );
                }
                // Balanced means: both branches bring the same share of the total time.
                let share = (1.0 + ((scv - 1.0) / (scv + 1.0)).sqrt()) / 2.0;
                let half = mean.base() as f64 / 2.0;
                let other = if share < 1.0 { half / (1.0 - share) } else { 0.0 };
                Self::Hyperexponential { share, usual: half / share, other }
            }
            Distribution::TwoPoint { usual, rare, probability } => {
                Self::TwoPoint { usual: usual.base(), rare: rare.base(), billionths: probability.base() }
            }
            Distribution::Uniform { low, high } => match high.base().checked_sub(low.base()) {
                Some(width) => Self::Uniform { low: low.base(), width },
                None => return Err("The low end of a uniform distribution lies above its high end.".into()),
            },
            Distribution::Normal { mean, sd } => Self::Normal { mean: mean.base() as f64, sd: sd.base() as f64 },
            Distribution::Pareto { shape, .. } if shape.base() == 0 => return Err("A Pareto distribution has a shape above 0.".into()),
            Distribution::Pareto { least, shape } => Self::Pareto { least: least.base() as f64, power: 1.0 / shape.as_f64() },
            Distribution::Mixture { share, first, second } => {
                Self::Mixture { billionths: share.base(), first: Box::new(Self::new(&first)?), second: Box::new(Self::new(&second)?) }
            }
            Distribution::Plus { fixed, random } => Self::Plus { fixed: fixed.base(), random: Box::new(Self::new(&random)?) },
            Distribution::Quantiles { points } => {
                let points: Vec<_> = points.iter().map(|(share, time)| (share.as_f64(), time.base() as f64)).collect();
                if points.len() < 2 || !points.is_sorted() {
                    return Err("Quantiles need at least two points, in order.".into());
                }
                Self::Quantiles { points }
            }
        })
    }

    /// The value that is always drawn, if there is one [ns].
    /// Whether no value has a chance of its own.
    pub(crate) fn is_continuous(&self) -> bool {
        match self {
            Self::Constant(_) | Self::TwoPoint { .. } => false,
            Self::Mixture { first, second, .. } => first.is_continuous() && second.is_continuous(),
            Self::Plus { random, .. } => random.is_continuous(),
            Self::Uniform { width, .. } => *width >= 1_000,
            // A step between two points at one time is a chance of its own.
            Self::Quantiles { points } => points.is_sorted_by(|(_, time), (_, next)| time < next),
            _ => true,
        }
    }

    pub(crate) fn constant(&self) -> Option<Ns> {
        match self {
            Self::Constant(value) => Some((*value).min(LAST)),
            _ => None,
        }
    }

    #[inline(always)]
    pub(crate) fn draw(&self, stream: &mut Stream, ziggurat: &Ziggurat) -> Ns {
        match *self {
            Self::Exponential { mean } => whole(mean * ziggurat.draw(stream)),
            Self::Constant(value) => value,
            _ => self.draw_other(stream, ziggurat),
        }
    }

    #[inline(never)]
    fn draw_other(&self, stream: &mut Stream, ziggurat: &Ziggurat) -> Ns {
        match *self {
            Self::Constant(value) => value.min(LAST),
            Self::Exponential { mean } => whole(mean * ziggurat.draw(stream)),
            Self::Lognormal { mu, sigma } => whole(libm::exp(mu + sigma * normal(stream))),
            Self::Erlang { stages, mean } => whole(mean * (0..stages).map(|_| ziggurat.draw(stream)).sum::<f64>()),
            Self::Hyperexponential { share, usual, other } => {
                let mean = if stream.unit() < share { usual } else { other };
                whole(mean * ziggurat.draw(stream))
            }
            Self::TwoPoint { usual, rare, billionths } => if stream.chance(billionths) { rare } else { usual }.min(LAST),
            Self::Uniform { low, width } => low.saturating_add(stream.below(width.saturating_add(1))).min(LAST),
            _ => self.draw_rare(stream, ziggurat),
        }
    }
}

impl Sampler {
    #[inline(never)]
    fn draw_rare(&self, stream: &mut Stream, ziggurat: &Ziggurat) -> Ns {
        match self {
            Self::Normal { mean, sd } => {
                // With a mean of zero or more at least every other draw is kept.
                std::iter::repeat_with(|| mean + sd * normal(stream)).find(|time| *time >= 0.0).map_or(0, whole)
            }
            Self::Pareto { least, power } => whole(least * libm::pow(1.0 - stream.unit(), -power)),
            Self::Mixture { billionths, first, second } => if stream.chance(*billionths) { first } else { second }.draw(stream, ziggurat),
            Self::Plus { fixed, random } => fixed.saturating_add(random.draw(stream, ziggurat)).min(LAST),
            Self::Quantiles { points } => {
                let share = stream.unit();
                let above = points.partition_point(|(point, _)| *point <= share).clamp(1, points.len() - 1);
                let ((low, from), (high, to)) = (points[above - 1], points[above]);
                let part = if high > low { (share - low) / (high - low) } else { 1.0 };
                whole(from + (to - from) * part)
            }
            _ => self.draw(stream, ziggurat),
        }
    }
}

/// Rounded to a whole nanosecond; a cast from float saturates, so no value is out of range.
pub(crate) fn whole(ns: f64) -> Ns {
    // Through a signed number, which costs half as much.
    ((ns + 0.5) as i64 as u64).min(LAST)
}

/// A standard normal by the polar method, which needs no sine.
pub(crate) fn normal(stream: &mut Stream) -> f64 {
    loop {
        let (x, y) = (2.0 * stream.unit() - 1.0, 2.0 * stream.unit() - 1.0);
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * libm::log(square) / square).sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::{Count, Duration, Share};

    /// Mean [ms] and squared coefficient of variation of many draws.
    fn check(distribution: &Distribution, mean: f64, scv: f64) {
        let sampler = Sampler::new(distribution).expect("a good distribution");
        let (mut stream, ziggurat) = (Stream::new(7, "test", "time"), Ziggurat::new());
        let draws: Vec<f64> = (0..400_000).map(|_| sampler.draw(&mut stream, &ziggurat) as f64 / 1e6).collect();
        let n = draws.len() as f64;
        let measured = draws.iter().sum::<f64>() / n;
        let variance = draws.iter().map(|x| (x - measured) * (x - measured)).sum::<f64>() / n;
        assert!((measured - mean).abs() <= 0.015 * mean, "{distribution:?}: mean {measured}");
        assert!((variance / measured / measured - scv).abs() <= 0.06 * scv, "{distribution:?}: scv {}", variance / measured / measured);
    }

    #[test]
    fn every_distribution_has_the_mean_and_the_spread_it_says() {
        let ms = Duration::from_millis;
        let share = |x: f64| Share((x * 1e9) as u64);
        check(&Distribution::Constant { value: ms(5) }, 5.0, 0.0);
        check(&Distribution::Exponential { mean: ms(5) }, 5.0, 1.0);
        check(&Distribution::Lognormal { mean: ms(6), scv: share(2.0) }, 6.0, 2.0);
        check(&Distribution::Erlang { mean: ms(10), stages: Count(4) }, 10.0, 0.25);
        check(&Distribution::Hyperexponential { mean: ms(10), scv: share(4.0) }, 10.0, 4.0);
        check(&Distribution::TwoPoint { usual: ms(10), rare: ms(1000), probability: share(0.5) }, 505.0, 0.9607);
        check(&Distribution::Uniform { low: ms(5), high: ms(15) }, 10.0, 1.0 / 12.0);
        check(&Distribution::Normal { mean: ms(10), sd: ms(2) }, 10.0, 0.04);
        check(&Distribution::Pareto { least: ms(6), shape: share(5.0) }, 7.5, 1.0 / 15.0);
        let exponential = |mean| Box::new(Distribution::Exponential { mean: ms(mean) });
        check(&Distribution::Mixture { share: share(0.25), first: exponential(2), second: exponential(6) }, 5.0, 1.24);
        check(&Distribution::Plus { fixed: ms(5), random: exponential(5) }, 10.0, 0.25);
        let points = vec![(share(0.0), ms(0)), (share(0.5), ms(10)), (share(1.0), ms(30))];
        check(&Distribution::Quantiles { points }, 12.5, 0.4933);
    }

    #[test]
    fn what_cannot_be_drawn_is_said_in_a_sentence() {
        let bad = [
            Distribution::Erlang { mean: Duration(1), stages: Count(0) },
            Distribution::Erlang { mean: Duration(1), stages: Count(u64::MAX) },
            Distribution::Hyperexponential { mean: Duration(1), scv: Share(0) },
            Distribution::Uniform { low: Duration(2), high: Duration(1) },
        ];
        assert!(bad.iter().all(|distribution| Sampler::new(distribution).is_err_and(|text| text.ends_with('.'))));
    }
}
