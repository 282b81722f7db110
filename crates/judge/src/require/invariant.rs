//! What may be required of data, in the words of requirements: "no oversell", "stale at most 5 s".
//! Whether a design has such data is for `held` to say, and whether a run kept it for `verdict`.

use design::did_you_mean;
use sim::{Invariant, Watch};
use units::{Duration, quoted};

use crate::require::{Requirement, Requirements, Slip};

/// Each invariant without a bound, first as it is printed, then what else people say.
const PHRASES: [(Invariant, &[&str]); 8] = [
    (Invariant::NoOversell, &["no oversell", "no overselling", "never oversold", "not oversold"]),
    (
        Invariant::OneEffect,
        &[
            "at most one effect per key",
            "one effect per key",
            "no double charge",
            "no double effect",
            "no duplicate effect",
            "effect at most once",
            "at most once",
        ],
    ),
    (Invariant::NoLostUpdate, &["no lost update", "no lost updates", "no update lost"]),
    (Invariant::NoLostWrite, &["no lost write", "no lost writes", "no write lost"]),
    (Invariant::ReadYourWrites, &["read your writes", "read your own writes", "reads its own writes"]),
    (Invariant::MonotonicReads, &["monotonic reads", "monotonic read"]),
    (Invariant::NoLostMessage, &["no lost message", "no lost messages", "no message lost"]),
    (Invariant::OrderPerKey, &["order per key", "in order per key", "ordered per key"]),
];

/// A bound stands between these words; the flag says that it is about caches.
const BOUNDS: [(&str, &str, bool); 8] = [
    ("cache stale at most ", "", true),
    ("cache at most ", " stale", true),
    ("no stale cache past ", "", true),
    ("no cache staler than ", "", true),
    ("stale at most ", "", false),
    ("staleness at most ", "", false),
    ("at most ", " stale", false),
    ("bounded staleness ", "", false),
];

/// Reads what is required of data; `at` is where it begins in the text of the requirement.
pub(super) fn parse(what: &str, at: usize) -> Result<Invariant, Slip> {
    let said = what.to_ascii_lowercase().replace('-', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((invariant, _)) = PHRASES.iter().find(|(_, phrases)| phrases.contains(&said.as_str())) {
        return Ok(*invariant);
    }
    let bounded = BOUNDS.iter().find_map(|(before, after, cache)| Some((said.strip_prefix(before)?.strip_suffix(after)?, *cache)));
    if let Some((bound, of_caches)) = bounded {
        let Ok(bound) = bound.parse::<Duration>() else {
            let message = format!("{} is no time.", quoted(bound));
            return Err(Slip { at, message, suggestion: Some("Write it as in “stale at most 5 s”.".into()) });
        };
        return Ok(if of_caches { Invariant::CacheStaleAtMost(bound.0) } else { Invariant::StaleAtMost(bound.0) });
    }
    let known = PHRASES.iter().map(|(_, phrases)| phrases[0]).chain(["stale at most 5 s", "cache stale at most 10 min"]);
    let near = PHRASES.iter().flat_map(|(_, phrases)| phrases.iter().copied()).chain(BOUNDS.iter().map(|(before, ..)| before.trim()));
    let suggestion = did_you_mean(&said, near).unwrap_or_else(|| format!("Known are: {}.", known.collect::<Vec<_>>().join(", ")));
    Err(Slip { at, message: format!("{} is nothing that can be required of data.", quoted(what)), suggestion: Some(suggestion) })
}

/// What a run must watch to judge these requirements ([`sim::Run::watching`]).
pub fn watches(requirements: &Requirements) -> Vec<Watch> {
    let mut watches = Vec::new();
    for requirement in requirements.values() {
        if let Requirement::Invariant { data, what } = requirement {
            let watch = Watch { data: data.clone(), invariant: *what };
            if !watches.contains(&watch) {
                watches.push(watch);
            }
        }
    }
    watches
}
