//! Reading: a text becomes a document and a list of everything that could not be understood.
//!
//! Reading never stops halfway. This file walks the top of the document and the design; the
//! world it lives in, values with a notation, and call plans are read in the files below;
//! whether the parts fit together is in `check`.

mod calls;
mod reader;
mod values;
mod world;

use crate::catalogue::{self, Takes};
use crate::notation::is_name;
use crate::path::join;
use crate::tree::{self, Entry, Node, Table, Value};
use crate::{Component, Data, Document, Link, LinkName, Loaded, Price, Severity, setting};

pub(crate) use reader::Reader;
pub(crate) use world::{FAULT, pair};

/// The notation of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    #[cfg(feature = "toml")]
    Toml,
    Json,
    /// JSON if it begins with a brace, else TOML.
    #[cfg(feature = "toml")]
    Guess,
}

const COMPONENTS_MAX: usize = 10_000;
const SECTIONS: &[&str] = &[
    "octo",
    "title",
    "components",
    "links",
    "data",
    "network",
    "calls",
    "workload",
    "traces",
    "faults",
    "require",
    "envelope",
    "prices",
    "layout",
];

/// Reads a document of at most 1 MiB. What was understood is in `document`; problems come in
/// the order of the text, at most 200 of them.
pub fn read(text: &str, format: Format) -> Loaded {
    let mut reader = Reader::default();
    if text.len() > tree::TEXT_MAX {
        let message = format!("This design is larger than {} MiB.", tree::TEXT_MAX >> 20);
        reader.error(0, "", message, Some("Take the parts out that are not design, or split it.".into()));
        return Loaded { document: Document::default(), problems: reader.finish("") };
    }
    let (table, slips) = match format {
        Format::Json => tree::parse_json(text),
        #[cfg(feature = "toml")]
        Format::Guess if text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('{') => tree::parse_json(text),
        #[cfg(feature = "toml")]
        Format::Toml | Format::Guess => tree::parse_toml(text),
    };
    let broken = !slips.is_empty();
    for slip in slips {
        reader.error(slip.at, "", slip.message, slip.suggestion);
    }
    let mut document = reader.document(&table);
    document.unknown = std::mem::take(&mut reader.unknown);
    let found = crate::check::check(&document);
    reader.place_all(found.into_iter().filter(|problem| !(broken && problem.path == "components")).collect());
    if !reader.has_errors() {
        reader.place_all(crate::check::idle(&document));
    }
    Loaded { document, problems: reader.finish(text) }
}

impl Reader {
    fn document(&mut self, root: &Table) -> Document {
        let mut document = Document { octo: 1, ..Document::default() };
        if !root.contains_key("octo") && !self.has_errors() {
            self.note(0, "octo", "The meaning of the words is not stated.", Some("Begin with octo = 1.".into()));
        }
        for (key, entry) in root {
            let path = join("", key);
            self.mark(&path, entry.at);
            match key.as_str() {
                "octo" => document.octo = self.octo(entry),
                "title" => document.title = self.title(entry).unwrap_or_default(),
                "components" => self.components(entry, &mut document),
                "links" => self.links(entry, &mut document),
                "data" => self.data(entry, &mut document),
                "network" => self.network(entry, &mut document),
                "calls" => self.plans(entry, &mut document),
                "workload" => self.workload(entry, &mut document),
                "traces" => self.traces(entry, &mut document),
                "faults" => self.faults(entry, &mut document),
                "require" => self.require(entry, &mut document),
                "envelope" => document.envelope = self.kept("envelope", entry),
                "layout" => document.layout = self.kept("layout", entry),
                "prices" => self.prices(entry, &mut document),
                _ => self.unknown(&path, key, entry, SECTIONS.iter().copied(), Severity::Note),
            }
        }
        document
    }

    fn octo(&mut self, entry: &Entry) -> u32 {
        match entry.node.value {
            Value::Integer(octo) => u32::try_from(octo).unwrap_or(u32::MAX),
            _ => {
                self.error(
                    entry.node.at,
                    "octo",
                    format!("octo is {}, but a whole number is needed.", entry.node.noun()),
                    Some("Write octo = 1.".into()),
                );
                1
            }
        }
    }

    fn title(&mut self, entry: &Entry) -> Option<String> {
        let text = self.text("title", &entry.node)?;
        match setting::line(&text) {
            Ok(title) => Some(title),
            Err(problem) => {
                self.unit_problem(entry.node.at, "title", problem);
                None
            }
        }
    }

    fn components(&mut self, entry: &Entry, document: &mut Document) {
        let Some(table) = self.table("components", &entry.node) else { return };
        for (name, entry) in table {
            let path = join("components", name);
            self.mark(&path, entry.at);
            if document.components.len() >= COMPONENTS_MAX {
                return self.error(
                    entry.at,
                    &path,
                    format!("More than {COMPONENTS_MAX} components are not read."),
                    Some("Write many alike as replicas.".into()),
                );
            }
            if !self.name(name, &path, entry) {
                continue;
            }
            let Some(table) = self.table(&path, &entry.node) else { continue };
            document.components.insert(name.clone(), self.component(&path, table));
        }
    }

    fn component(&mut self, path: &str, table: &Table) -> Component {
        let kind = match table.get("kind") {
            Some(entry) => {
                let path = join(path, "kind");
                self.mark(&path, entry.node.at);
                self.text(&path, &entry.node).filter(|kind| kind.len() <= 64).unwrap_or_default()
            }
            None => String::new(),
        };
        let Some(known) = catalogue::kind(&kind) else {
            // `check` says that the kind is unknown; without it no key has a meaning.
            for (key, entry) in table.iter().filter(|(key, _)| *key != "kind") {
                self.unknown.insert(join(path, key), entry.node.to_json());
            }
            return Component { kind, ..Component::default() };
        };
        let settings =
            self.settings(path, table, &["kind"], &|key| known.word(key), &known.words().map(|word| word.key).collect::<Vec<_>>());
        Component { kind, settings }
    }

    fn links(&mut self, entry: &Entry, document: &mut Document) {
        let Some(table) = self.table("links", &entry.node) else { return };
        for (key, entry) in table {
            let name = match key.parse::<LinkName>() {
                Ok(name) => name,
                Err(problem) => {
                    self.unit_problem(entry.at, &join("links", key), problem);
                    continue;
                }
            };
            let path = join("links", &name.to_string());
            self.mark(&path, entry.at);
            let Some(table) = self.table(&path, &entry.node) else { continue };
            let settings = self.words(&path, table, &[], catalogue::LINK);
            if document.links.insert(name, Link { settings }).is_some() {
                self.error(entry.at, &path, "This link is written twice.", Some("Take one of them out.".into()));
            }
        }
    }

    fn data(&mut self, entry: &Entry, document: &mut Document) {
        let Some(table) = self.table("data", &entry.node) else { return };
        for (name, entry) in table {
            let path = join("data", name);
            self.mark(&path, entry.at);
            if !self.name(name, &path, entry) {
                continue;
            }
            let Some(table) = self.table(&path, &entry.node) else { continue };
            let settings = self.words(&path, table, &[], catalogue::DATA);
            document.data.insert(name.clone(), Data { settings });
        }
    }

    fn require(&mut self, entry: &Entry, document: &mut Document) {
        let Some(table) = self.table("require", &entry.node) else { return };
        for (id, entry) in table {
            let path = join("require", id);
            self.mark(&path, entry.at);
            if self.name(id, &path, entry)
                && let Some(text) = self.line(&path, &entry.node)
            {
                document.require.insert(id.clone(), text);
            }
        }
    }

    fn kept(&mut self, path: &str, entry: &Entry) -> sorted::BTreeMap<String, serde_json::Value> {
        let table = self.table(path, &entry.node);
        let mut kept = sorted::BTreeMap::new();
        kept.extend(table.into_iter().flatten().map(|(key, entry)| (key.clone(), entry.node.to_json())));
        kept
    }

    fn prices(&mut self, entry: &Entry, document: &mut Document) {
        let Some(table) = self.table("prices", &entry.node) else { return };
        for (key, entry) in table {
            let path = join("prices", key);
            self.mark(&path, entry.at);
            match key.as_str() {
                "list" => document.prices.list = self.line(&path, &entry.node),
                "own" => {
                    for (name, entry) in self.table(&path, &entry.node).into_iter().flatten() {
                        let path = join(&path, name);
                        self.mark(&path, entry.at);
                        if self.name(name, &path, entry)
                            && let Some(price) = self.price(&path, &entry.node)
                        {
                            document.prices.own.insert(name.clone(), price);
                        }
                    }
                }
                _ => self.unknown(&path, key, entry, ["list", "own"], Severity::Note),
            }
        }
    }

    /// "0.1 USD/h", or a table with `price` and `source`.
    fn price(&mut self, path: &str, node: &Node) -> Option<Price> {
        let Value::Table(table) = &node.value else {
            let text = self.text(path, node)?;
            return self.parsed(node.at, path, text.parse());
        };
        for (key, entry) in table.iter().filter(|(key, _)| !matches!(key.as_str(), "price" | "source")) {
            self.unknown(&join(path, key), key, entry, ["price", "source"], Severity::Note);
        }
        let Some(entry) = table.get("price") else {
            self.error(node.at, path, "This price has no “price”.", Some("Write price = \"0.1 USD/h\".".into()));
            return None;
        };
        let text = self.text(path, &entry.node)?;
        let price: Price = self.parsed(entry.node.at, path, text.parse())?;
        let source = table.get("source").and_then(|entry| self.line(&join(path, "source"), &entry.node));
        Some(Price { source, ..price })
    }

    fn name(&mut self, name: &str, path: &str, entry: &Entry) -> bool {
        let fine = is_name(name);
        if !fine {
            let message = format!("“{}” is not a name.", crate::notation::shown(name));
            self.error(entry.at, path, message, Some("Write at most 64 letters, digits, - and _, beginning with a letter.".into()));
        }
        fine
    }

    pub(crate) fn line(&mut self, path: &str, node: &Node) -> Option<String> {
        match self.setting(path, node, Takes::Text)? {
            crate::Setting::Word(text) => Some(text),
            _ => None,
        }
    }
}
