//! What the answers on one skill say by themselves: whether it was known when the course began, and
//! whether it is known now. Bayesian knowledge tracing, with its two questions kept apart: the first
//! bears on other skills (`network`), the second decides what to do next.

/// No case is ever beyond doubt, or later evidence could not bring it back.
const LEAST: f64 = 1e-9;

/// The likelihood of all that was observed on a skill, in its three cases, up to a common factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Own {
    /// Known from the beginning.
    known: f64,
    /// Not known then, and learned since; or still not.
    learned: f64,
    not: f64,
}

impl Default for Own {
    fn default() -> Self {
        Self { known: 1.0, learned: 0.0, not: 1.0 }
    }
}

impl Own {
    /// Evidence that is so much likelier from someone who knows.
    pub(crate) fn weigh(&mut self, ratio: f64) {
        self.known *= ratio;
        self.learned *= ratio;
        let sum = self.known + self.learned + self.not;
        let share = |part: f64| (part / sum).max(LEAST);
        *self = Self { known: share(self.known), learned: share(self.learned), not: share(self.not) };
    }

    /// Who did not know may know now.
    pub(crate) fn learn(&mut self, chance: f64) {
        self.learned += self.not * chance;
        self.not -= self.not * chance;
    }

    /// How much likelier all of it is from someone who knew from the beginning.
    pub(crate) fn evidence(&self) -> f64 {
        self.known / (self.learned + self.not)
    }

    /// The odds that it is known now, given the odds (all told) that it was from the beginning.
    pub(crate) fn now(&self, odds: f64) -> f64 {
        let since = self.learned / self.not;
        odds * (1.0 + since) + since
    }
}
