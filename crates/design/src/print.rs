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

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::path::split;
use crate::setting::Form;
use crate::tree::map;
use crate::{Class, Component, Document, Fault, Price, Prices, Workload, plan};

/// The canonical form; `read` gives back an equal document.
pub fn to_json(document: &Document) -> Json {
    Json::Object(tree(document, Form::Canonical))
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
    section(&mut root, "links", &document.links, |link| form.settings(&link.settings).into());
    section(&mut root, "data", &document.data, |data| form.settings(&data.settings).into());
    section(&mut root, "calls", &document.calls, |calls| match (form, plan::print(calls)) {
        (Form::Short, Some(text)) => text.into(),
        _ => calls.iter().map(|call| form.call(call)).collect(),
    });
    some(&mut root, "workload", form.workload(&document.workload));
    if !document.faults.is_empty() {
        root.insert("faults".into(), document.faults.iter().map(|fault| form.fault(fault)).collect());
    }
    section(&mut root, "require", &document.require, |text| text.as_str().into());
    section(&mut root, "envelope", &document.envelope, Json::clone);
    some(&mut root, "prices", form.prices(&document.prices));
    section(&mut root, "layout", &document.layout, Json::clone);
    let mut root = Json::Object(root);
    for (path, value) in &document.unknown {
        insert(&mut root, &split(path), value, form);
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
        let mut map = self.settings(&component.settings);
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
        map
    }

    fn class(self, class: &Class) -> Json {
        let mut map = self.settings(&class.settings);
        if !class.from.is_empty() {
            map.insert("from".into(), class.from.as_str().into());
        }
        if let Some(arrivals) = &class.arrivals {
            map.insert("arrivals".into(), self.arrivals(arrivals));
        }
        map.into()
    }

    fn fault(self, fault: &Fault) -> Json {
        let mut map = Map::new();
        map.insert("at".into(), self.duration(fault.at).into());
        map.insert("what".into(), fault.what.as_str().into());
        if let Some(lasts) = fault.lasts {
            map.insert("lasts".into(), self.duration(lasts).into());
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

/// Puts an unknown key back where it was read.
fn insert(node: &mut Json, path: &[String], value: &Json, form: Form) {
    let Some((key, rest)) = path.split_first() else { return };
    if node.is_string() {
        *node = object(node, form);
    }
    match node {
        Json::Object(map) if rest.is_empty() => {
            map.insert(key.clone(), value.clone());
        }
        Json::Object(map) => insert(map.entry(key.clone()).or_insert_with(|| Map::new().into()), rest, value, form),
        Json::Array(list) => {
            if let Some(node) = key.parse::<usize>().ok().and_then(|at| list.get_mut(at)) {
                insert(node, rest, value, form);
            }
        }
        _ => {}
    }
}

/// The object form of what is printed as a text, since only an object has room for more keys.
fn object(text: &Json, form: Form) -> Json {
    let text = text.as_str().unwrap_or("");
    if let Ok(distribution) = text.parse() {
        return form.distribution_object(&distribution);
    }
    if let Ok(arrivals) = text.parse() {
        return form.arrivals_object(&arrivals);
    }
    if text.parse::<Price>().is_ok() {
        return serde_json::json!({ "price": text });
    }
    plan::parse(text).calls.iter().map(|call| form.call(call)).collect()
}
