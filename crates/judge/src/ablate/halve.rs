//! A design with half as much of something: replicas, workers, entries, followers, partitions.

use design::{Component, Document, Setting};
use units::{Bytes, Count};

use super::Change;

/// Settings of which there can be half as many, and whether the last one can go too.
const COUNTS: [&str; 5] = ["replicas", "workers", "entries", "partitions", "shards"];

/// Everything that can be halved of a component.
pub(super) fn halves(document: &Document, name: &str) -> Vec<(Change, Document)> {
    let Some(component) = document.components.get(name) else { return Vec::new() };
    let mut all = Vec::new();
    for key in COUNTS {
        if let Some(Setting::Count(count)) = component.settings.get(key).filter(|_| !is_scaled(component, key))
            && count.0 > 1
        {
            let half = Count(count.0 / 2);
            all.push(change(document, name, key, (count.to_string(), half.to_string()), Setting::Count(half)));
        }
    }
    if let Some(Setting::Bytes(bytes)) = component.settings.get("memory")
        && bytes.0 > 1
    {
        let half = Bytes(bytes.0 / 2);
        all.push(change(document, name, "memory", (bytes.to_string(), half.to_string()), Setting::Bytes(half)));
    }
    for (table, key) in [("followers", "count"), ("autoscale", "max")] {
        if let Some(Setting::Table(inner)) = component.settings.get(table)
            && let Some(Setting::Count(count)) = inner.get(key)
            && (table == "followers" && count.0 > 0 || count.0 > least(inner))
        {
            let half = Count((count.0 / 2).max(if table == "followers" { 0 } else { least(inner) }));
            let mut changed = inner.clone();
            changed.insert(key.into(), Setting::Count(half));
            let what = if table == "followers" { "followers".to_owned() } else { "replicas at most".to_owned() };
            all.push(change(document, name, table, (count.to_string(), half.to_string()), Setting::Table(changed)));
            if let Some((Change::Halved { what: told, .. }, _)) = all.last_mut() {
                *told = what;
            }
        }
    }
    all
}

/// Replicas that come and go are halved by their most.
fn is_scaled(component: &Component, key: &str) -> bool {
    key == "replicas" && component.settings.contains_key("autoscale")
}

fn least(autoscale: &sorted::BTreeMap<String, Setting>) -> u64 {
    if let Some(Setting::Count(count)) = autoscale.get("min") { count.0 } else { 1 }
}

fn change(document: &Document, name: &str, key: &str, (from, to): (String, String), setting: Setting) -> (Change, Document) {
    let mut changed = document.clone();
    if let Some(component) = changed.components.get_mut(name) {
        component.settings.insert(key.into(), setting);
    }
    (Change::Halved { what: key.into(), from, to }, changed)
}
