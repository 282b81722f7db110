//! Printing, in two forms that both read back as the same document.
//!
//! [`to_json`] is canonical, for digests and for machines: distributions, arrivals, calls and
//! prices as objects, keys sorted, and every quantity an integer of its base unit. JSON numbers
//! are exact only up to 2^53, so quantities are texts, in the notation that is read everywhere:
//! `"5000000 ns"`, `"1024 B"`, `"125000000 B/s"`, `"900000000e-9"` (a share),
//! `"90000000000e-9/s"` (a rate), `"100800000e-9 USD/h"`. Counts are bounded below 2^53 and are
//! plain numbers. A base unit will not change; how people like to see "90 %" may.
//!
//! [`to_toml`] is for people: short notation, a line per component. A call plan is text unless
//! the text would lose something. Keys that are not known stand where they were read.

#[cfg(feature = "toml")]
mod toml_text;

use sorted::BTreeMap;

use serde_json::{Map, Value as Json};
use units::Duration;

use crate::catalogue::{self, Takes, Word};
use crate::path::split;
use crate::pattern::Notation;
use crate::setting::Form;
use crate::tree::map;
use crate::{Arrivals, Class, Component, Distribution, Document, Fault, Price, Prices, Setting, Trace, What, Workload, plan};

/// The canonical form; `read` gives back an equal document.
pub fn to_json(document: &Document) -> Json {
    Json::Object(tree(document, Form::Canonical))
}

/// The pleasant form, as JSON: values and call plans in the notation of people. `read` gives back an
/// equal document.
pub fn to_pleasant_json(document: &Document) -> Json {
    Json::Object(tree(document, Form::Short))
}

/// The pleasant form; `read` gives back an equal document.
#[cfg(feature = "toml")]
pub fn to_toml(document: &Document) -> String {
    toml_text::write(&tree(document, Form::Short))
}

fn tree(document: &Document, form: Form) -> Map<String, Json> {
    let mut root = Map::new();
    root.insert("octo".into(), document.octo.into());
    if !document.title.is_empty() {
        root.insert("title".into(), document.title.as_str().into());
    }
    section(&mut root, "components", &document.components, |component| form.component(component));
    section(&mut root, "links", &document.links, |link| form.words(&link.settings, catalogue::LINK).into());
    section(&mut root, "data", &document.data, |data| form.words(&data.settings, catalogue::DATA).into());
    section(&mut root, "network", &document.network, |time| form.duration(*time).into());
    section(&mut root, "calls", &document.calls, |calls| match (form, plan::print(calls)) {
        (Form::Short, Some(text)) => text.into(),
        _ => calls.iter().map(|call| form.call(call)).collect(),
    });
    some(&mut root, "workload", form.workload(&document.workload));
    section(&mut root, "traces", &document.traces, |trace| form.trace(trace));
    if !document.faults.is_empty() {
        root.insert("faults".into(), document.faults.iter().map(|fault| form.fault(fault)).collect());
    }
    section(&mut root, "require", &document.require, |text| text.as_str().into());
    section(&mut root, "envelope", &document.envelope, Json::clone);
    some(&mut root, "prices", form.prices(&document.prices));
    section(&mut root, "layout", &document.layout, Json::clone);
    let mut root = Json::Object(root);
    for (path, value) in &document.unknown {
        insert(&mut root, "", &split(path), value, form);
    }
    match root {
        Json::Object(root) => root,
        _ => Map::new(),
    }
}

fn section<K: ToString, T>(root: &mut Map<String, Json>, name: &str, entries: &BTreeMap<K, T>, value: impl Fn(&T) -> Json) {
    some(root, name, map(entries.iter().map(|(key, entry)| (key.to_string(), value(entry)))));
}

fn some(root: &mut Map<String, Json>, name: &str, entries: Map<String, Json>) {
    if !entries.is_empty() {
        root.insert(name.into(), entries.into());
    }
}

impl Form {
    fn component(self, component: &Component) -> Json {
        let kind = catalogue::kind(&component.kind);
        let mut map = self.settings(&component.settings, &|key| kind.and_then(|kind| kind.word(key)));
        if !component.kind.is_empty() {
            map.insert("kind".into(), component.kind.as_str().into());
        }
        map.into()
    }

    fn workload(self, workload: &Workload) -> Map<String, Json> {
        let mut map = map(workload.classes.iter().map(|(name, class)| (name.clone(), self.class(class))));
        if let Some(lasts) = workload.lasts {
            map.insert("lasts".into(), self.duration(lasts).into());
        }
        if let Some(warmup) = workload.warmup {
            map.insert("warmup".into(), self.share(warmup).into());
        }
        map.extend(workload.arrivals.iter().map(|arrivals| ("arrivals".to_owned(), self.arrivals(arrivals))));
        map
    }

    fn class(self, class: &Class) -> Json {
        let mut map = self.words(&class.settings, catalogue::CLASS);
        if !class.from.is_empty() {
            map.insert("from".into(), class.from.as_str().into());
        }
        if let Some(arrivals) = &class.arrivals {
            map.insert("arrivals".into(), self.arrivals(arrivals));
        }
        if let Some(share) = class.share {
            map.insert("share".into(), self.share(share).into());
        }
        map.into()
    }

    fn words(self, settings: &BTreeMap<String, Setting>, words: &'static [Word]) -> Map<String, Json> {
        self.settings(settings, &|key| catalogue::find(words.iter(), key))
    }

    /// Lines of seconds and keys, or a list of pairs.
    fn trace(self, trace: &Trace) -> Json {
        if self == Self::Short {
            return trace.to_string().into();
        }
        let row =
            |(at, key): &(Duration, Option<u64>)| [Json::from(self.duration(*at))].into_iter().chain(key.map(Json::from)).collect::<Json>();
        trace.rows.iter().map(row).collect()
    }

    fn fault(self, fault: &Fault) -> Json {
        let mut map = Map::new();
        map.insert("at".into(), self.duration(fault.at).into());
        map.insert("what".into(), if self == Self::Short { fault.what.to_string().into() } else { fault.what.object(self) });
        let lasts = fault.lasts.as_ref().map(|lasts| match lasts {
            Distribution::Constant { value } => self.duration(*value).into(),
            lasts => self.distribution(lasts),
        });
        let every = fault.every.as_ref().map(|every| self.distribution(every));
        for (key, value) in [("lasts", lasts), ("every", every)] {
            map.extend(value.map(|value| (key.to_owned(), value)));
        }
        map.into()
    }

    fn prices(self, prices: &Prices) -> Map<String, Json> {
        let mut map = Map::new();
        if let Some(list) = &prices.list {
            map.insert("list".into(), list.as_str().into());
        }
        section(&mut map, "own", &prices.own, |price| self.price(price));
        map
    }

    fn price(self, price: &Price) -> Json {
        if self == Self::Short && price.source.is_none() {
            return price.to_string().into();
        }
        let mut map = Map::new();
        let text = if self == Self::Short { price.to_string() } else { format!("{}e-9 USD/{}", price.amount.0, price.per) };
        map.insert("price".into(), text.into());
        if let Some(source) = &price.source {
            map.insert("source".into(), source.as_str().into());
        }
        map.into()
    }
}

/// Puts an unknown key back where it was read; `name` is the key of the node itself.
fn insert(node: &mut Json, name: &str, path: &[String], value: &Json, form: Form) {
    let Some((key, rest)) = path.split_first() else { return };
    if node.is_string() {
        *node = object(node, name, form);
    }
    match node {
        Json::Object(map) if rest.is_empty() => {
            map.insert(key.clone(), value.clone());
        }
        Json::Object(map) => insert(map.entry(key.clone()).or_insert_with(|| Map::new().into()), key, rest, value, form),
        Json::Array(list) => {
            if let Some(node) = key.parse::<usize>().ok().and_then(|at| list.get_mut(at)) {
                insert(node, key, rest, value, form);
            }
        }
        _ => {}
    }
}

/// The object form of what is printed as a text, since only an object has room for more keys.
fn object(text: &Json, name: &str, form: Form) -> Json {
    let text = text.as_str().unwrap_or("");
    let words = ["keys", "backoff", "shed"].into_iter().zip([Takes::Keys, Takes::Backoff, Takes::Shed]);
    if let Some(object) = words.filter(|(word, _)| *word == name).find_map(|(_, takes)| form.notation(text, Some(takes))) {
        return object;
    }
    if let Ok(distribution) = text.parse::<Distribution>() {
        return distribution.object(form);
    }
    if let Ok(arrivals) = text.parse::<Arrivals>() {
        return arrivals.object(form);
    }
    if let (Ok(what), "what") = (text.parse::<What>(), name) {
        return what.object(form);
    }
    if text.parse::<Price>().is_ok() {
        return serde_json::json!({ "price": text });
    }
    plan::parse(text).calls.iter().map(|call| form.call(call)).collect()
}
