//! A random length of time by its first three moments: of a distribution of the design, of sums
//! and mixtures of independent ones, and the percentiles of what fits them.

use design::Distribution;

use super::Percentile;
use super::form::{FITTED, FITTED_WIDE};

/// Beyond this squared coefficient of variation two moments say nothing of percentiles.
const WILD: f64 = 3.0;

/// Mean, variance and third central moment [s, s^2, s^3]; what is not known is not a number, what
/// does not exist is infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Time {
    /// It is never shorter than this [s].
    pub(super) fixed: f64,
    pub(crate) mean: f64,
    pub(super) variance: f64,
    pub(super) third: f64,
}

impl Time {
    pub(super) const ZERO: Self = Self::constant(0.0);

    pub(super) const fn constant(fixed: f64) -> Self {
        Self { fixed, mean: fixed, variance: 0.0, third: 0.0 }
    }

    pub(super) fn exponential(mean: f64) -> Self {
        Self { fixed: 0.0, mean, variance: mean * mean, third: 2.0 * mean * mean * mean }
    }

    /// A mean of which nothing else is known.
    pub(super) fn only_mean(mean: f64) -> Self {
        Self { fixed: 0.0, mean, variance: f64::NAN, third: f64::NAN }
    }

    /// From the first three moments about zero.
    pub(super) fn from_raw(fixed: f64, [first, second, third]: [f64; 3]) -> Self {
        let variance = if second.is_infinite() { second } else { (second - first * first).max(0.0) };
        let third = if third.is_infinite() { third } else { third - 3.0 * first * second + 2.0 * first * first * first };
        Self { fixed, mean: first, variance, third }
    }

    pub(super) fn raw(self) -> [f64; 3] {
        let second = self.variance + self.mean * self.mean;
        [self.mean, second, self.third + 3.0 * self.variance * self.mean + self.mean * self.mean * self.mean]
    }

    /// The variance over the square of the mean.
    pub(crate) fn scv(self) -> f64 {
        if self.mean > 0.0 { self.variance / (self.mean * self.mean) } else { 0.0 }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            fixed: self.fixed + other.fixed,
            mean: self.mean + other.mean,
            variance: self.variance + other.variance,
            third: self.third + other.third,
        }
    }

    /// This one with the given probability, else no time.
    pub(super) fn sometimes(self, chance: f64) -> Self {
        if chance >= 1.0 { self } else { mixture(&[(chance, self), (1.0 - chance, Self::ZERO)]) }
    }

    /// So many independent ones after each other: `count` of them in the mean, with this variance.
    pub(super) fn repeated(self, count: f64, spread: f64) -> Self {
        if count == 1.0 && spread == 0.0 {
            return self;
        }
        Self {
            fixed: self.fixed * if spread == 0.0 { count } else { 1.0 },
            mean: self.mean * count,
            variance: self.variance * count + spread * self.mean * self.mean,
            third: if spread == 0.0 { self.third * count } else { f64::NAN },
        }
    }

    /// What a distribution of the design has.
    pub(crate) fn of(distribution: &Distribution) -> Self {
        match distribution {
            Distribution::Constant { value } => Self::constant(value.as_secs_f64()),
            Distribution::Exponential { mean } => Self::exponential(mean.as_secs_f64()),
            Distribution::Lognormal { mean, scv } => {
                let (mean, grown) = (mean.as_secs_f64(), 1.0 + scv.as_f64());
                let second = mean * mean * grown;
                Self::from_raw(0.0, [mean, second, mean * mean * mean * grown * grown * grown])
            }
            Distribution::Erlang { mean, stages } => {
                let stages = stages.base().max(1) as f64;
                Self::exponential(mean.as_secs_f64() / stages).repeated(stages, 0.0)
            }
            Distribution::Hyperexponential { mean, scv } => {
                let (mean, scv) = (mean.as_secs_f64(), scv.as_f64().max(1.0));
                let share = (1.0 + ((scv - 1.0) / (scv + 1.0)).sqrt()) / 2.0;
                let usual = Self::exponential(mean / 2.0 / share);
                let other = Self::exponential(mean / 2.0 / (1.0 - share).max(1e-12));
                mixture(&[(share, usual), (1.0 - share, other)])
            }
            Distribution::TwoPoint { usual, rare, probability } => {
                let rare_share = probability.as_f64();
                let points = [usual.as_secs_f64(), rare.as_secs_f64()].map(Self::constant);
                mixture(&[(1.0 - rare_share, points[0]), (rare_share, points[1])])
            }
            Distribution::Uniform { low, high } => uniform(low.as_secs_f64(), high.as_secs_f64()),
            Distribution::Normal { mean, sd } => normal(mean.as_secs_f64(), sd.as_secs_f64()),
            Distribution::Pareto { least, shape } => {
                let (least, shape) = (least.as_secs_f64(), shape.as_f64());
                let raw = |power: f64, size: f64| if shape > power { shape * size / (shape - power) } else { f64::INFINITY };
                Self::from_raw(least, [raw(1.0, least), raw(2.0, least * least), raw(3.0, least * least * least)])
            }
            Distribution::Mixture { share, first, second } => {
                let share = share.as_f64();
                mixture(&[(share, Self::of(first)), (1.0 - share, Self::of(second))])
            }
            Distribution::Plus { fixed, random } => Self::constant(fixed.as_secs_f64()).plus(Self::of(random)),
            Distribution::Quantiles { points } => {
                let mut raw = [0.0; 3];
                let mut first = None;
                for pair in points.windows(2) {
                    let [(low_share, low), (high_share, high)] = pair else { continue };
                    let piece = uniform(low.as_secs_f64(), high.as_secs_f64()).raw();
                    first.get_or_insert(low.as_secs_f64());
                    let weight = high_share.as_f64() - low_share.as_f64();
                    (0..3).for_each(|power| raw[power] += weight * piece[power]);
                }
                Self::from_raw(first.unwrap_or(0.0), raw)
            }
        }
    }

    /// The time that a share of all does not exceed [s], by a distribution that has this mean and
    /// variance; none where they are not known, do not exist or say too little.
    pub(super) fn percentile(self, share: f64) -> Option<Percentile> {
        let (random, variance) = (self.mean - self.fixed, self.variance);
        if !variance.is_finite() || !random.is_finite() {
            return None;
        }
        if random <= 0.0 || variance <= 0.0 {
            return Some(Percentile { value: self.mean, form: &FITTED });
        }
        let scv = variance / (random * random);
        if scv > WILD {
            return None;
        }
        let (value, form) = if scv > 1.0 + 1e-9 {
            (random * balanced_quantile(scv, share), &FITTED_WIDE)
        } else {
            (random * scv * gamma_quantile(1.0 / scv, share), &FITTED)
        };
        Some(Percentile { value: self.fixed + value, form })
    }

    /// How likely it is longer than this, by the same distributions.
    pub(super) fn beyond(self, limit: f64) -> Option<f64> {
        let random = self.mean - self.fixed;
        if !self.variance.is_finite() || !random.is_finite() {
            return None;
        }
        if random <= 0.0 || self.variance <= 0.0 || limit <= self.fixed {
            return Some(f64::from(self.mean >= limit));
        }
        let (scv, x) = (self.variance / (random * random), (limit - self.fixed) / random);
        Some(if scv > 1.0 + 1e-9 { balanced_tail(scv, x) } else { 1.0 - gamma_share(1.0 / scv, x / scv) })
    }
}

/// One of several, by chance; the chances add up to one.
pub(super) fn mixture(parts: &[(f64, Time)]) -> Time {
    let mut raw = [0.0; 3];
    let mut fixed = f64::INFINITY;
    for (chance, time) in parts.iter().filter(|(chance, _)| *chance > 0.0) {
        let own = time.raw();
        (0..3).for_each(|power| raw[power] += chance * own[power]);
        fixed = fixed.min(time.fixed);
    }
    Time::from_raw(if fixed.is_finite() { fixed } else { 0.0 }, raw)
}

fn uniform(low: f64, high: f64) -> Time {
    let width = high - low;
    Time { fixed: low, mean: (low + high) / 2.0, variance: width * width / 12.0, third: 0.0 }
}

/// A normal time of which negative draws are drawn again.
fn normal(mean: f64, sd: f64) -> Time {
    if sd <= 0.0 {
        return Time::constant(mean);
    }
    let at = -mean / sd;
    let hazard = density(at) / (1.0 - below(at)).max(1e-300);
    // Moments of the truncated standard normal: m(k) = (k - 1) m(k - 2) + at^(k-1) hazard.
    let first = hazard;
    let second = 1.0 + at * hazard;
    let third = 2.0 * first + at * at * hazard;
    let raw = [
        mean + sd * first,
        mean * mean + 2.0 * mean * sd * first + sd * sd * second,
        mean * mean * mean + 3.0 * mean * mean * sd * first + 3.0 * mean * sd * sd * second + sd * sd * sd * third,
    ];
    Time::from_raw(0.0, raw)
}

pub(super) fn density(x: f64) -> f64 {
    libm::exp(-x * x / 2.0) / (2.0 * std::f64::consts::PI).sqrt()
}

/// The standard normal distribution.
pub(super) fn below(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// The share of a gamma distribution of this shape and scale 1 below `x` (series, or the continued
/// fraction of Lentz; Abramowitz and Stegun 1964, 6.5).
fn gamma_share(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    if x < shape + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / shape, 1.0 / shape, shape);
        for _ in 0..200 {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * 1e-9 {
                break;
            }
        }
        return front * sum;
    }
    let mut b = x + 1.0 - shape;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let mut h = d;
    for i in 1..200 {
        let i = f64::from(i);
        let an = -i * (i - shape);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-9 {
            break;
        }
    }
    1.0 - front * h
}

/// Newton's steps from the guess of Wilson and Hilferty (1931), kept between bounds.
fn gamma_quantile(shape: f64, share: f64) -> f64 {
    if (shape - 1.0).abs() < 1e-9 {
        return -libm::log(1.0 - share);
    }
    let z = normal_quantile(share);
    let ninth = 1.0 / (9.0 * shape);
    let cube = 1.0 - ninth + z * ninth.sqrt();
    let mut x = (shape * cube * cube * cube).max(1e-6);
    let log_gamma = libm::lgamma(shape);
    for _ in 0..8 {
        let slope = libm::exp((shape - 1.0) * libm::log(x) - x - log_gamma).max(1e-300);
        let step = (gamma_share(shape, x) - share) / slope;
        x = (x - step).clamp(x / 2.0, x * 2.0);
        if step.abs() < 1e-7 * x {
            break;
        }
    }
    x
}

/// By the rational approximation of Hastings 1955, within 0.0005.
fn normal_quantile(share: f64) -> f64 {
    let (tail, sign) = if share < 0.5 { (share, -1.0) } else { (1.0 - share, 1.0) };
    let t = (-2.0 * libm::log(tail)).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let under = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    sign * (t - above / under)
}

/// Two exponentials of mean 1 together, both bringing half of it.
fn balanced_tail(scv: f64, x: f64) -> f64 {
    let share = (1.0 + ((scv - 1.0) / (scv + 1.0)).sqrt()) / 2.0;
    share * libm::exp(-2.0 * share * x) + (1.0 - share) * libm::exp(-2.0 * (1.0 - share) * x)
}

fn balanced_quantile(scv: f64, share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 4.0);
    while balanced_tail(scv, high) > 1.0 - share && high < 1e12 {
        high *= 4.0;
    }
    for _ in 0..48 {
        let middle = (low + high) / 2.0;
        if balanced_tail(scv, middle) > 1.0 - share { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean, variance and third central moment, computed with 20 digits elsewhere.
    #[test]
    fn distributions_have_the_moments_of_the_books() {
        let cases: &[(&str, [f64; 3])] = &[
            ("10 ms", [10.0, 0.0, 0.0]),
            ("exp 10 ms", [10.0, 100.0, 2000.0]),
            ("erlang 4 10 ms", [10.0, 25.0, 125.0]),
            ("uniform 5 ms..15 ms", [10.0, 8.333_333, 0.0]),
            ("10 ms or 100 ms 10 %", [19.0, 729.0, 52_488.0]),
            ("lognormal 10 ms scv 1", [10.0, 100.0, 4000.0]),
            ("hyper 10 ms scv 4", [10.0, 400.0, 47_000.0]),
            ("pareto 1 ms shape 4", [1.333_333, 0.222_222, 0.740_741]),
            ("75 ms plus exp 3 ms", [78.0, 9.0, 54.0]),
            ("quantiles 0 % 0 ms, 100 % 12 ms", [6.0, 12.0, 0.0]),
            ("normal 10 ms sd 10 ms", [12.876_0, 62.968_6, 295.718]),
        ];
        for (text, expected) in cases {
            let time = Time::of(&text.parse().expect("a distribution"));
            let found = [time.mean * 1e3, time.variance * 1e6, time.third * 1e9];
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() <= 2e-3 * expected.abs() + 1e-6, "{text}: {found}, expected {expected}");
            }
        }
    }

    #[test]
    fn percentiles_of_a_gamma_are_those_of_tables() {
        // Erlang with 2 and 5 stages, and half a stage (chi squared with 1 degree of freedom, halved).
        let cases = [(2.0, 0.5, 1.678_347), (2.0, 0.99, 6.638_352), (5.0, 0.95, 9.153_519), (0.5, 0.99, 3.317_448), (1.0, 0.99, 4.605_170)];
        for (shape, share, expected) in cases {
            let found = gamma_quantile(shape, share);
            assert!((found - expected).abs() < 1e-4 * expected, "{shape} {share}: {found}, expected {expected}");
        }
    }
}
