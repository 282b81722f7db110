//! How often the ranges that a learner gave held the truth: calibration of estimates, read off the
//! record. It says nothing of any skill.

use std::ops::RangeInclusive;

use record::{Entry, Ppm};

/// Fewer ranges say nothing of anybody.
const FEWEST: u32 = 10;
/// Older ones say how it was, not how it is.
const LATEST: usize = 200;
/// The ranges asked for hold the truth in four cases out of five.
const LEVEL: Ppm = Ppm(800_000);
/// What may lie on either side of what a calibrated learner gets.
const TAIL: f64 = 0.025;

/// How many ranges were given, and how many of them held the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ranges {
    pub given: u32,
    pub held: u32,
}

/// The latest first ranges given for a question; a second try has seen the first one's verdict.
pub fn ranges(entries: &[Entry]) -> Ranges {
    let answers = entries.iter().filter_map(Entry::answer).filter(|answer| answer.attempt == 1);
    let intervals = answers.filter_map(|answer| answer.interval.as_ref()).filter(|interval| interval.level == LEVEL);
    let intervals = intervals.collect::<Vec<_>>().into_iter().rev().take(LATEST);
    intervals.fold(Ranges::default(), |sum, interval| Ranges { given: sum.given + 1, held: sum.held + u32::from(interval.held) })
}

impl Ranges {
    /// How many would hold for somebody whose ranges are right four times in five, in 95 % of cases;
    /// none before there are enough to say so.
    pub fn expected(self) -> Option<RangeInclusive<u32>> {
        (self.given >= FEWEST).then(|| quantile(self.given, TAIL)..=quantile(self.given, 1.0 - TAIL))
    }

    /// What to say of it; nothing before there are enough.
    pub fn sentence(self) -> Option<String> {
        let expected = self.expected()?;
        let Self { given, held } = self;
        let told = format!(
            "{held} of your {given} ranges held the answer; four in five would be {}.",
            (f64::from(given) * LEVEL.as_f64()).round()
        );
        Some(if held < *expected.start() {
            format!("{told} Make them wider: you are less sure than you think.")
        } else if held > *expected.end() {
            format!("{told} Make them narrower: you know more than you say.")
        } else {
            format!("{told} That is as good as chance allows to tell.")
        })
    }
}

/// The smallest number of successes that is reached with at least this chance, of `n` tries.
fn quantile(n: u32, chance: f64) -> u32 {
    let p = LEVEL.as_f64();
    // The chance of no success; each further one follows from the one before. Summed from the top,
    // where the weight is, so that a thousand tries do not vanish.
    let mut weight = libm::pow(p, f64::from(n));
    let mut above = 0.0;
    for successes in (0..=n).rev() {
        above += weight;
        // What is left below is 1 - above.
        if 1.0 - above < chance {
            return successes;
        }
        weight *= f64::from(successes) / f64::from(n - successes + 1) * (1.0 - p) / p;
    }
    0
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_calibrated_learner_hits_what_the_binomial_says() {
        // Learning note 4.2: 12 to 19 of 20.
        assert_eq!(Ranges { given: 20, held: 0 }.expected(), Some(12..=19));
        assert_eq!(Ranges { given: 10, held: 0 }.expected(), Some(5..=10));
        assert_eq!(Ranges { given: 9, held: 0 }.expected(), None);
        assert_eq!(Ranges { given: 1000, held: 0 }.expected(), Some(775..=824));
    }

    #[test]
    fn nothing_is_said_before_there_are_ten() {
        let told = |given, held| Ranges { given, held }.sentence().unwrap_or_else(|| "–".into());
        expect![[r#"
            –
            16 of your 20 ranges held the answer; four in five would be 16. That is as good as chance allows to tell.
            9 of your 20 ranges held the answer; four in five would be 16. Make them wider: you are less sure than you think.
            20 of your 20 ranges held the answer; four in five would be 16. Make them narrower: you know more than you say."#]]
        .assert_eq(&[told(9, 1), told(20, 16), told(20, 9), told(20, 20)].join("\n"));
    }
}
