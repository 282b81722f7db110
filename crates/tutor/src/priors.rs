//! What is assumed of a learner before the first answer. Assumed only: no prior, with or without
//! claims, is strong enough to skip anything.

use record::{Profile, Role};

use crate::{Curriculum, Weight};

/// The furthest a prior may lean \[logits\]; with a claim on top it stays below the mark for skipping.
const LEAN: f64 = 2.0;
/// How far a prior may stand above that of the weakest prerequisite \[logits\].
const ABOVE_WEAKEST: f64 = 0.3;

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
        Self { level: (role + years).clamp(-1.5, 1.5) }
    }
}

/// The prior of one skill: from level and difficulty, then taken down towards its weakest prerequisite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Prior {
    pub(crate) own: Weight,
    /// How much is taken down, and for which prerequisite.
    pub(crate) held: Option<(usize, Weight)>,
}

pub(crate) fn priors(curriculum: &Curriculum, priors: &Priors) -> Vec<Prior> {
    let level = if priors.level.is_finite() { priors.level } else { 0.0 };
    let mut found: Vec<Prior> = curriculum
        .skills
        .iter()
        .map(|skill| Prior { own: Weight::from_logits((level - skill.difficulty).clamp(-LEAN, LEAN)), held: None })
        .collect();
    for &skill in curriculum.order() {
        let weakest = curriculum.skills[skill].prerequisites.iter().map(|&needed| (found[needed].sum(), needed)).min();
        if let Some((belief, needed)) = weakest {
            let most = belief + Weight::from_logits(ABOVE_WEAKEST);
            if found[skill].own > most {
                found[skill].held = Some((needed, most - found[skill].own));
            }
        }
    }
    found
}

impl Prior {
    fn sum(&self) -> Weight {
        self.own + self.held.map_or(Weight(0), |(_, weight)| weight)
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
