//! Call plans: the text form with problems at their line, and the object form.

use units::{Count, Share};

use super::Reader;
use crate::catalogue::Takes;
use crate::nearest::did_you_mean;
use crate::notation::{is_free_name, is_name, shown};
use crate::path::join;
use crate::plan::{self, CALLS_MAX, DEPTH_MAX, FAN_OUT_MAX, MODIFIERS_MAX, TIMES_MAX};
use crate::setting::mode_name;
use crate::tree::{Entry, Node, Table, Value};
use crate::{Call, CallMode, Document, Setting, Severity};

const KEYS: &[&str] =
    &["call", "op", "data", "with", "times", "mode", "wait", "cancel", "probability", "optional", "then", "miss", "transaction"];

impl Reader {
    pub(super) fn plans(&mut self, entry: &Entry, document: &mut Document) {
        let Some(table) = self.table("calls", &entry.node) else { return };
        for (class, entry) in table {
            let path = join("calls", class);
            self.mark(&path, entry.at);
            if !is_name(class) {
                self.error(entry.at, &path, format!("“{}” is not the name of a class.", shown(class)), None);
                continue;
            }
            if let Some(calls) = self.plan(&path, &entry.node) {
                document.calls.insert(class.clone(), calls);
            }
        }
    }

    pub(crate) fn plan(&mut self, path: &str, node: &Node) -> Option<Vec<Call>> {
        match &node.value {
            Value::Text(text) => Some(self.plan_text(path, node, text)),
            Value::List(nodes) => {
                let mut made = 0;
                let calls = self.calls(path, nodes, 1, &mut made);
                if made > CALLS_MAX {
                    self.error(
                        node.at,
                        path,
                        format!("This plan makes more than {CALLS_MAX} calls."),
                        Some("Write repeated calls with “times”.".into()),
                    );
                }
                Some(calls)
            }
            _ => {
                self.error(
                    node.at,
                    path,
                    format!("This is {}, but a call plan is needed.", node.noun()),
                    Some("Write it as in \"lb > web > db\".".into()),
                );
                None
            }
        }
    }

    fn plan_text(&mut self, path: &str, node: &Node, text: &str) -> Vec<Call> {
        let parsed = plan::parse(text);
        // Escapes move letters about, so then everything is said of the whole text.
        let place = |at: usize| node.inner.map_or(node.at, |inner| inner + at);
        for (call, at) in parsed.places {
            self.mark(&format!("{path}.{call}"), place(at));
        }
        for slip in parsed.slips {
            self.error(place(slip.at), path, slip.message, slip.suggestion);
        }
        parsed.calls
    }

    fn calls(&mut self, path: &str, nodes: &[Node], depth: usize, made: &mut usize) -> Vec<Call> {
        let mut calls = Vec::new();
        for node in nodes {
            let path = join(path, &calls.len().to_string());
            self.mark(&path, node.at);
            *made += 1;
            if *made > CALLS_MAX {
                break;
            }
            if depth > DEPTH_MAX {
                self.error(node.at, &path, format!("Calls are nested deeper than {DEPTH_MAX}."), None);
                break;
            }
            if let Some(table) = self.table(&path, node) {
                calls.extend(self.call(&path, node, table, depth, made));
            }
        }
        calls
    }

    fn call(&mut self, path: &str, node: &Node, table: &Table, depth: usize, made: &mut usize) -> Option<Call> {
        let mut call = Call::default();
        for (key, entry) in table {
            let (here, value) = (join(path, key), &entry.node);
            match key.as_str() {
                "call" => call.to = self.called(&here, value)?,
                "op" => call.operation = self.free_name(&here, value).unwrap_or_default(),
                "data" => call.data = self.free_name(&here, value),
                "with" => call.modifiers = self.modifiers(&here, value),
                "times" => call.times = self.count(&here, value, TIMES_MAX).unwrap_or(Count(1)),
                "wait" => call.wait = self.count(&here, value, FAN_OUT_MAX),
                "cancel" => call.cancel = self.flag(&here, value),
                "optional" => call.optional = self.flag(&here, value),
                "mode" => call.mode = self.mode(&here, value).unwrap_or(CallMode::Sequence),
                "probability" => call.probability = self.share(&here, value).unwrap_or(Share::ONE),
                "then" => call.then = self.inner_calls(&here, value, depth, made),
                "miss" => call.miss = self.inner_calls(&here, value, depth, made),
                "transaction" => call.statements = self.inner_calls(&here, value, depth, made),
                _ => self.unknown(&here, key, entry, KEYS.iter().copied(), Severity::Error),
            }
        }
        if let Some(first) = call.statements.first().filter(|_| call.to.is_empty()) {
            call.to = first.to.clone();
        }
        if call.to.is_empty() {
            self.error(node.at, path, "This call does not say what is called.", Some("Add \"call\": \"name of a component\".".into()));
            return None;
        }
        Some(call)
    }

    fn count(&mut self, path: &str, node: &Node, max: u64) -> Option<Count> {
        match self.setting(path, node, Takes::Count { min: 1, max })? {
            Setting::Count(count) => Some(count),
            _ => None,
        }
    }

    fn flag(&mut self, path: &str, node: &Node) -> bool {
        matches!(self.setting(path, node, Takes::Flag), Some(Setting::Flag(true)))
    }

    fn inner_calls(&mut self, path: &str, node: &Node, depth: usize, made: &mut usize) -> Vec<Call> {
        let Value::List(nodes) = &node.value else {
            self.error(node.at, path, format!("This is {}, but a list of calls is needed.", node.noun()), None);
            return Vec::new();
        };
        self.calls(path, nodes, depth + 1, made)
    }

    fn called(&mut self, path: &str, node: &Node) -> Option<String> {
        let name = self.text(path, node)?;
        if !is_name(&name) {
            self.error(node.at, path, format!("“{}” is not the name of a component.", shown(&name)), None);
            return None;
        }
        Some(name)
    }

    fn free_name(&mut self, path: &str, node: &Node) -> Option<String> {
        match self.setting(path, node, Takes::Name)? {
            Setting::Word(name) => Some(name),
            _ => None,
        }
    }

    fn modifiers(&mut self, path: &str, node: &Node) -> Vec<String> {
        let names = match self.setting(path, node, Takes::Names) {
            Some(Setting::Words(names)) => names,
            _ => return Vec::new(),
        };
        if names.len() > MODIFIERS_MAX || names.iter().any(|name| !is_free_name(name)) {
            self.error(node.at, path, format!("At most {MODIFIERS_MAX} words may follow the data."), None);
            return Vec::new();
        }
        names
    }

    fn mode(&mut self, path: &str, node: &Node) -> Option<CallMode> {
        let text = self.text(path, node)?;
        let modes = [CallMode::Sequence, CallMode::Parallel, CallMode::Async];
        let mode = modes.into_iter().find(|mode| mode_name(*mode) == text);
        if mode.is_none() {
            let suggestion = did_you_mean(&text, modes.map(mode_name)).unwrap_or_else(|| "Write sequence, parallel or async.".into());
            self.error(node.at, path, format!("“{}” is not a way of calling.", shown(&text)), Some(suggestion));
        }
        mode
    }
}
