//! What is assumed of a learner before the first answer. Assumed only: the network starts from it,
//! and nothing is skipped before there are answers.

use record::{Profile, Role};

/// The furthest a level is assumed from the middle.
const MOST: f64 = 1.5;

/// Assumptions about a learner.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Priors {
    /// Ability, on the scale of the skills' difficulty \[logits\]; 0 when nothing is known.
    pub level: f64,
}

impl Priors {
    /// The level that role and years of work suggest.
    pub fn of(profile: &Profile) -> Self {
        let role = match profile.role {
            Role::Lead => 0.3,
            Role::Backend | Role::Operations => 0.0,
            Role::FullStack => -0.1,
            Role::Data => -0.2,
            Role::Other => -0.4,
            Role::Frontend | Role::Student => -0.5,
        };
        // Years teach less and less: none -1.2, two -.4, five +.1, ten +.6, twenty +1.1.
        let years = -1.2 + 0.75 * libm::log1p(f64::from(profile.years));
        Self { level: (role + years).clamp(-MOST, MOST) }
    }

    /// The level that the network starts from.
    pub(crate) fn bounded(&self) -> f64 {
        if self.level.is_finite() { self.level.clamp(-MOST, MOST) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(role: Role, years: u8) -> f64 {
        Priors::of(&Profile { role, years, ..Profile::default() }).level
    }

    #[test]
    fn more_years_and_a_nearer_role_raise_the_level() {
        assert!(level(Role::Backend, 0) < level(Role::Backend, 3));
        assert!(level(Role::Backend, 3) < level(Role::Backend, 12));
        assert!(level(Role::Frontend, 5) < level(Role::Backend, 5));
        assert!(level(Role::Lead, 255) <= 1.5);
        assert!(level(Role::Student, 0) >= -1.5);
    }
}
