//! A weight of evidence: log-odds in whole hundredths of a logit.
//!
//! Whole numbers rather than floats, so that the lines a learner is shown add up to the belief
//! exactly, in any order, with two decimals.

use std::fmt;

/// A weight of evidence, or a belief as the sum of such weights [hundredths of a logit].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Weight(pub i32);

impl Weight {
    /// No belief leaves ± 6.91, so P stays between .001 and .999: nothing is ever beyond doubt.
    pub const MOST: Self = Self(691);

    /// Rounded to the nearest hundredth and kept within ± [`Weight::MOST`]; not-a-number becomes 0.
    pub fn from_logits(logits: f64) -> Self {
        Self(libm::round(logits * 100.0) as i32).bounded()
    }

    pub(crate) fn bounded(self) -> Self {
        Self(self.0.clamp(-Self::MOST.0, Self::MOST.0))
    }

    /// The log-odds of a probability.
    pub fn of_p(p: f64) -> Self {
        Self::from_logits(libm::log(p / (1.0 - p)))
    }

    pub fn logits(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// The probability whose log-odds this is.
    pub fn p(self) -> f64 {
        1.0 / (1.0 + libm::exp(-self.logits()))
    }
}

impl std::ops::Add for Weight {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Weight {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::ops::AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(weights: I) -> Self {
        weights.fold(Self::default(), |sum, weight| sum + weight)
    }
}

/// Always signed and with two decimals: "+2.89", "−0.77", "0.00".
impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.0 {
            0 => "",
            1.. => "+",
            _ => "−",
        };
        let size = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", size / 100, size % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_shown_with_their_sign_and_two_decimals() {
        let shown: Vec<String> = [289, -77, 0, 5, -5].iter().map(|w| Weight(*w).to_string()).collect();
        assert_eq!(shown, ["+2.89", "−0.77", "0.00", "+0.05", "−0.05"]);
    }

    #[test]
    fn probabilities_and_weights_agree_and_stay_within_bounds() {
        assert_eq!(Weight::of_p(0.5), Weight(0));
        assert_eq!(Weight::of_p(0.95), Weight(294));
        assert!((Weight(294).p() - 0.95).abs() < 0.001);
        assert_eq!(Weight::of_p(1.0), Weight::MOST);
        assert_eq!(Weight::of_p(0.0), Weight(-Weight::MOST.0));
        assert_eq!(Weight::from_logits(f64::NAN), Weight(0));
    }
}
