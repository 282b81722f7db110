//! The world that a design must live in: the network between places, the workload, recorded
//! arrivals, and faults.

use units::Duration;

use super::Reader;
use crate::catalogue::{self, Takes};
use crate::notation::{YEAR, is_free_name, is_name, shown};
use crate::path::join;
use crate::tree::{Entry, Node, Table, Value};
use crate::{Class, Distribution, Document, Fault, Setting, Severity, Trace, What};

const WORKLOAD: &[&str] = &["lasts", "warmup", "arrivals"];
pub(crate) const FAULT: &[&str] = &["at", "lasts", "every", "what"];
const DISTANCES_MAX: usize = 1_000;
const FAULTS_MAX: usize = 1_000;
const DISTANCE: Takes = Takes::Duration { min: Duration::ZERO, max: Duration::from_secs(60) };

impl Reader {
    pub(super) fn network(&mut self, entry: &Entry, document: &mut Document) {
        let Some(table) = self.table("network", &entry.node) else { return };
        for (key, entry) in table {
            let Some(name) = pair(key) else {
                let message = format!("“{}” is not a distance between two places.", shown(key));
                self.error(
                    entry.at,
                    &join("network", key),
                    message,
                    Some("Write zones, regions, or two names as in \"us-east -- eu-west\".".into()),
                );
                continue;
            };
            let path = join("network", &name);
            self.mark(&path, entry.at);
            let Some(time) = self.distance(&path, &entry.node) else { continue };
            if document.network.len() >= DISTANCES_MAX {
                let message = format!("More than {DISTANCES_MAX} distances are not read.");
                return self.error(entry.at, &path, message, Some("Write regions and zones for those that are alike.".into()));
            }
            if document.network.insert(name, time).is_some() {
                self.error(entry.at, &path, "This distance is written twice.", Some("Take one of them out.".into()));
            }
        }
    }

    pub(crate) fn distance(&mut self, path: &str, node: &Node) -> Option<Duration> {
        match self.setting(path, node, DISTANCE)? {
            Setting::Duration(time) => Some(time),
            _ => None,
        }
    }

    pub(super) fn workload(&mut self, entry: &Entry, document: &mut Document) {
        let Some(table) = self.table("workload", &entry.node) else { return };
        let workload = &mut document.workload;
        for (key, entry) in table {
            let path = join("workload", key);
            self.mark(&path, entry.at);
            match (key.as_str(), &entry.node.value) {
                ("lasts", _) => workload.lasts = self.duration(&path, &entry.node),
                ("warmup", _) => workload.warmup = self.share(&path, &entry.node),
                ("arrivals", _) => workload.arrivals = self.noted(&path, &entry.node),
                (_, Value::Table(table)) if self.name(key, &path, entry) => {
                    let class = self.class(&path, table);
                    workload.classes.insert(key.clone(), class);
                }
                (_, Value::Table(_)) => {}
                _ => self.unknown(&path, key, entry, WORKLOAD.iter().copied(), Severity::Error),
            }
        }
    }

    fn class(&mut self, path: &str, table: &Table) -> Class {
        let mut class = Class::default();
        if let Some(entry) = table.get("from") {
            let path = join(path, "from");
            self.mark(&path, entry.node.at);
            class.from = self.text(&path, &entry.node).unwrap_or_default();
            if !class.from.is_empty() && !is_name(&class.from) {
                let message = format!("“{}” is not the name of a component.", shown(&class.from));
                self.error(entry.node.at, &path, message, None);
                class.from.clear();
            }
        }
        for key in ["arrivals", "share"] {
            let Some(entry) = table.get(key) else { continue };
            let path = join(path, key);
            self.mark(&path, entry.node.at);
            match key {
                "arrivals" => class.arrivals = self.noted(&path, &entry.node),
                _ => class.share = self.share(&path, &entry.node),
            }
        }
        class.settings = self.words(path, table, &["from", "arrivals", "share"], catalogue::CLASS);
        class
    }

    pub(super) fn traces(&mut self, entry: &Entry, document: &mut Document) {
        let Some(table) = self.table("traces", &entry.node) else { return };
        for (name, entry) in table {
            let path = join("traces", name);
            self.mark(&path, entry.at);
            if self.name(name, &path, entry)
                && let Some(trace) = self.trace(&path, &entry.node)
            {
                document.traces.insert(name.clone(), trace);
            }
        }
    }

    /// A text of lines, or a list of rows such as `["1500 ms", 7]`.
    pub(crate) fn trace(&mut self, path: &str, node: &Node) -> Option<Trace> {
        let Value::List(rows) = &node.value else {
            let text = self.text(path, node)?;
            return self.parsed(node.at, path, text.parse());
        };
        let mut trace = Trace::default();
        for row in rows {
            let Some(read) = trace_row(row) else {
                self.error(
                    row.at,
                    path,
                    "This row is not a time, or a time and a key.",
                    Some("Write it as in [\"1500 ms\", 7], or the whole trace as lines of seconds.".into()),
                );
                return None;
            };
            trace.rows.push(read);
        }
        self.parsed(node.at, path, trace.checked())
    }

    pub(super) fn faults(&mut self, entry: &Entry, document: &mut Document) {
        let Value::List(nodes) = &entry.node.value else {
            let message = format!("faults is {}, but a list of tables is needed.", entry.node.noun());
            return self.error(entry.node.at, "faults", message, Some("Write [[faults]] before each.".into()));
        };
        for node in nodes {
            let path = join("faults", &document.faults.len().to_string());
            if document.faults.len() >= FAULTS_MAX {
                let message = format!("More than {FAULTS_MAX} faults are not read.");
                return self.error(node.at, &path, message, Some("Write “every” for one that comes again.".into()));
            }
            self.mark(&path, node.at);
            if let Some(table) = self.table(&path, node) {
                document.faults.extend(self.fault(&path, node, table));
            }
        }
    }

    fn fault(&mut self, path: &str, node: &Node, table: &Table) -> Option<Fault> {
        let (mut at, mut lasts, mut every, mut what) = (None, None, None, None);
        for (key, entry) in table {
            let path = join(path, key);
            self.mark(&path, entry.at);
            match key.as_str() {
                "at" => at = Some(self.duration(&path, &entry.node).unwrap_or_default()),
                "lasts" => lasts = self.length(&path, &entry.node),
                "every" => every = self.noted(&path, &entry.node),
                "what" => what = self.noted::<What>(&path, &entry.node),
                _ => self.unknown(&path, key, entry, FAULT.iter().copied(), Severity::Error),
            }
        }
        for key in ["at", "what"] {
            if !(table.contains_key(key) || key == "at" && table.contains_key("every")) {
                self.error(
                    node.at,
                    path,
                    format!("This fault does not say “{key}”."),
                    Some("Write it as in at = \"6 min\", what = \"flush cache\".".into()),
                );
            }
        }
        if what.is_none() {
            // Its place in the list is that of the next one, which must not inherit its keys.
            for (unknown, value) in std::mem::take(&mut self.unknown) {
                if !unknown.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')) {
                    self.unknown.insert(unknown, value);
                }
            }
        }
        Some(Fault { at: at.unwrap_or_default(), lasts, every, what: what? })
    }

    /// How long a fault lasts: a time of any length that a run may have, or a distribution.
    pub(crate) fn length(&mut self, path: &str, node: &Node) -> Option<Distribution> {
        let time = match &node.value {
            Value::Text(text) => Duration::parse(text).ok(),
            _ => None,
        };
        match time {
            Some(value) if value <= YEAR => Some(Distribution::Constant { value }),
            _ => self.noted(path, node),
        }
    }
}

/// "zones", "regions", or "a -- b" with the lesser name first.
pub(crate) fn pair(key: &str) -> Option<String> {
    if matches!(key, "zones" | "regions") {
        return Some(key.to_owned());
    }
    let (left, right) = key.split_once(" -- ").or_else(|| key.split_once("--"))?;
    let (left, right) = (left.trim(), right.trim());
    if !is_free_name(left) || !is_free_name(right) || left == right {
        return None;
    }
    Some(format!("{} -- {}", left.min(right), left.max(right)))
}

fn trace_row(row: &Node) -> Option<(Duration, Option<u64>)> {
    let Value::List(parts) = &row.value else { return None };
    let texts: Vec<String> = parts.iter().filter_map(Node::as_typed).collect();
    match (texts.as_slice(), parts.len()) {
        ([at], 1) => Some((Duration::parse(at).ok()?, None)),
        ([at, key], 2) => Some((Duration::parse(at).ok()?, Some(key.parse().ok()?))),
        _ => None,
    }
}
