//! Settings in few words, for the lines inside a box and for the text of a design.

use sorted::BTreeMap;

use design::{Call, CallMode, Component, Document, Setting};
use units::{Bytes, Share};

/// How many lines a box has room for.
const LINES: usize = 4;

/// The lines under a component's name in a picture; none for a name that is no component.
pub fn label(document: &Document, name: &str) -> Vec<String> {
    document.components.get(name).map_or_else(Vec::new, |component| lines(document, name, component))
}

/// The lines under a component's name: what it is, and the settings that decide how it behaves.
pub(crate) fn lines(document: &Document, name: &str, component: &Component) -> Vec<String> {
    let settings = &component.settings;
    let mut lines = Vec::new();
    if !name.to_ascii_lowercase().contains(&component.kind) {
        lines.push(component.kind.clone());
    }
    let classes = document.workload.classes.iter().filter(|(_, class)| class.from == name);
    for (class, load) in classes.take(LINES) {
        lines.push(format!("{class}: {}", arrivals(document, load)));
    }
    lines.extend(capacity(component));
    lines.extend(scaling(settings));
    if let Some(time) = settings.get("time") {
        lines.push(setting(time));
    }
    for key in ["policy", "algorithm"] {
        lines.extend(settings.get(key).map(setting));
    }
    lines.extend(copies(settings));
    for key in KEYS {
        lines.extend(settings.get(*key).map(|value| format!("{key} {}", setting(value))));
    }
    lines.truncate(LINES);
    lines
}

/// Settings that a box shows by their name, the most telling first.
const KEYS: &[&str] = &[
    "rate",
    "limit",
    "hits",
    "entries",
    "memory",
    "queue",
    "ttl",
    "partitions",
    "shards",
    "visibility",
    "retention",
    "attempts",
    "bandwidth",
    "size",
];

/// "poisson 90/s", "30 % of all".
pub(crate) fn arrivals(document: &Document, class: &design::Class) -> String {
    match (&class.arrivals, class.share) {
        (Some(arrivals), _) => arrivals.to_string(),
        (None, Some(share)) if document.workload.arrivals.is_some() => format!("{share} of all"),
        (None, _) => "no load yet".into(),
    }
}

/// "scales from 2 to 10".
fn scaling(settings: &BTreeMap<String, Setting>) -> Option<String> {
    let Some(Setting::Table(table)) = settings.get("autoscale") else { return None };
    Some(match (table.get("min").map(setting), table.get("max").map(setting)) {
        (Some(min), Some(max)) => format!("scales from {min} to {max}"),
        (None, Some(max)) => format!("scales up to {max}"),
        _ => "scales with the load".into(),
    })
}

/// "3 copies, read 2, write 2", "2 followers".
fn copies(settings: &BTreeMap<String, Setting>) -> Option<String> {
    if let Some(Setting::Table(table)) = settings.get("followers") {
        let count = table.get("count").map_or_else(|| "1".into(), setting);
        return Some(format!("{count} {}", if count == "1" { "follower" } else { "followers" }));
    }
    let copies = settings.get("copies").map(setting)?;
    let quorum = |key: &str| match settings.get(key) {
        Some(Setting::Count(count)) => format!(", {key} {count}"),
        _ => String::new(),
    };
    Some(format!("{copies} {}{}{}", if copies == "1" { "copy" } else { "copies" }, quorum("read"), quorum("write")))
}

/// "3 × 16 workers", "2 replicas", "16 workers".
fn capacity(component: &Component) -> Option<String> {
    let (workers, noun) = match (component.settings.get("workers"), component.settings.get("pool")) {
        (Some(workers), _) if component.kind == "relational" => (Some(workers), "connections"),
        (Some(workers), _) => (Some(workers), "workers"),
        (None, pool) => (pool, "connections"),
    };
    let noun = |count: &str| if count == "1" { noun.trim_end_matches('s').to_owned() } else { noun.to_owned() };
    match (replicas(component), workers.map(setting)) {
        (replicas @ 2.., Some(workers)) => Some(format!("{replicas} × {workers} {}", noun(&workers))),
        (replicas @ 2.., None) => Some(format!("{replicas} replicas")),
        (_, Some(workers)) => Some(format!("{workers} {}", noun(&workers))),
        (_, None) => None,
    }
}

pub fn replicas(component: &Component) -> u64 {
    match component.settings.get("replicas") {
        Some(Setting::Count(count)) => count.0,
        _ => 1,
    }
}

/// A setting as it is written in a document.
pub fn setting(value: &Setting) -> String {
    match value {
        Setting::Count(value) => value.to_string(),
        Setting::Duration(value) => value.to_string(),
        Setting::Rate(value) => value.to_string(),
        Setting::Bytes(value) => value.to_string(),
        Setting::Bandwidth(value) => bandwidth(*value),
        Setting::Share(value) => value.to_string(),
        Setting::Flag(true) => "yes".into(),
        Setting::Flag(false) => "no".into(),
        Setting::Word(value) => value.clone(),
        Setting::Words(values) => values.join(", "),
        Setting::Counts(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Setting::Distribution(value) => value.to_string(),
        Setting::Table(values) => {
            let inner: Vec<_> = values.iter().map(|(key, value)| format!("{key} {}", shallow(value))).collect();
            format!("({})", inner.join(", "))
        }
    }
}

/// Tables do not nest in the notation; one that does all the same is not followed.
fn shallow(value: &Setting) -> String {
    if matches!(value, Setting::Table(_)) { "(…)".into() } else { setting(value) }
}

fn bandwidth(value: Bytes) -> String {
    let bits = [(125_000_000, "Gbit/s"), (125_000, "Mbit/s"), (125, "kbit/s")];
    match bits.into_iter().find(|(size, _)| value.0 > 0 && value.0.is_multiple_of(*size)) {
        Some((size, name)) => format!("{} {name}", value.0 / size),
        None => format!("{value}/s"),
    }
}

/// What a call does beside naming its target: "read link", "3 times", "2 answers are enough".
pub(crate) fn manner(call: &Call) -> Vec<String> {
    let mut words = Vec::new();
    let what: Vec<&str> =
        [call.operation.as_str()].into_iter().chain(call.data.as_deref()).chain(call.modifiers.iter().map(String::as_str)).collect();
    let what = what.join(" ").trim().to_owned();
    if !what.is_empty() {
        words.push(what);
    }
    match (call.times.0, call.mode) {
        (1, CallMode::Parallel) => words.push("in parallel".into()),
        (times, CallMode::Parallel) => words.push(format!("{times} at once")),
        (1, _) => {}
        (times, _) => words.push(format!("{times} times")),
    }
    if call.mode == CallMode::Async {
        words.push("not waited for".into());
    }
    match call.wait.map(|wait| wait.0) {
        Some(1) => words.push("one answer is enough".into()),
        Some(wait) => words.push(format!("{wait} answers are enough")),
        None => {}
    }
    if call.cancel {
        words.push("the others are called back".into());
    }
    if call.probability != Share::ONE {
        words.push(format!("with probability {}", call.probability));
    }
    if call.optional {
        words.push("may fail".into());
    }
    words
}
