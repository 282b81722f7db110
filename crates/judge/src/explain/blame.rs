//! From what requests suffered to what explains it, where nothing set it off: a limit, a setting, a
//! shape of the load. Each symptom has a file of its own.

use super::facts::Facts;
use super::symptoms::{Symptom, What};
use super::{Finding, Role, caches, effects, failures, messages, slow, triggers};

/// The cause of the worst symptom that can be explained; of none, what nobody has felt yet but would
/// want to know.
///
/// Who is to blame may have a fault all the time, so that there is no time before it to compare with.
pub(super) fn cause(facts: &Facts<'_>, trouble: &[Symptom<'_>]) -> Option<Finding> {
    let found = found(facts, trouble)?;
    let standing = found.subject.as_deref().and_then(|subject| triggers::standing(facts, subject, trouble));
    Some(standing.unwrap_or(found))
}

fn found(facts: &Facts<'_>, trouble: &[Symptom<'_>]) -> Option<Finding> {
    let of = |symptom: &Symptom<'_>| match symptom.what {
        What::Failing => failures::cause(facts, symptom.class),
        What::Late => failures::late(facts, symptom.class),
        What::Slow => slow::cause(facts, symptom.class),
        What::TooSlow => slow::longest(facts, symptom.class, true),
    };
    let messages = || messages::cause(facts);
    if let Some(empty) = caches::began_empty(facts) {
        return Some(empty);
    }
    let told = trouble.iter().filter(|symptom| symptom.weight >= 0.02).find_map(of);
    told.or_else(messages)
        .or_else(|| caches::stampede(facts))
        .or_else(|| trouble.iter().find_map(of))
        .or_else(|| slow::notable(facts))
        .or_else(|| effects::data(facts).into_iter().next().map(|lost| Finding { role: Role::Cause, ..lost }))
}
