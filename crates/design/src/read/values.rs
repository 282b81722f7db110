//! Settings, distributions and arrivals, in short and in object form.

use sorted::BTreeMap;
use std::str::FromStr;

use units::{Duration, Share, UnitProblem};

use super::Reader;
use crate::catalogue::{self, Takes, Word};
use crate::keys::Population;
use crate::path::join;
use crate::pattern::{Notation, Part, Parts, Pattern, Slot};
use crate::tree::{Entry, Node, Table, Value};
use crate::{Backoff, Distribution, Hot, Keys, Setting, Severity, Shed, setting};

const ANY_TIME: Takes = Takes::Duration { min: Duration::ZERO, max: Duration(u64::MAX) };

impl Reader {
    pub(super) fn words(&mut self, path: &str, table: &Table, others: &[&str], words: &'static [Word]) -> BTreeMap<String, Setting> {
        let keys: Vec<&str> = words.iter().map(|word| word.key).collect();
        self.settings(path, table, others, &|key| catalogue::find(words.iter(), key), &keys)
    }

    /// Reads every key of a table but `others`, which the caller reads.
    pub(super) fn settings(
        &mut self,
        path: &str,
        table: &Table,
        others: &[&str],
        find: &dyn Fn(&str) -> Option<&'static Word>,
        known: &[&str],
    ) -> BTreeMap<String, Setting> {
        let mut settings = BTreeMap::new();
        for (key, entry) in table.iter().filter(|(key, _)| !others.contains(&key.as_str())) {
            let here = join(path, key);
            let Some(mut word) = find(key) else {
                let known = known.iter().chain(others).copied();
                self.unknown(&here, key, entry, known, Severity::Error);
                continue;
            };
            if let Value::Text(text) = &entry.node.value {
                word = catalogue::meant(word, text, find);
            }
            let path = join(path, word.key);
            self.mark(&path, entry.at);
            let Some(setting) = self.setting(&here, &entry.node, word.takes) else { continue };
            if settings.insert(word.key.to_owned(), setting).is_some() {
                self.error(
                    entry.at,
                    &here,
                    format!("“{}” and “{}” say the same here.", word.key, word.synonym.unwrap_or("size")),
                    Some("Take one of them out.".into()),
                );
            }
        }
        settings
    }

    pub(crate) fn setting(&mut self, path: &str, node: &Node, takes: Takes) -> Option<Setting> {
        match (takes, &node.value) {
            (Takes::Table(words), Value::Table(table)) => Some(Setting::Table(self.words(path, table, &[], words))),
            (Takes::Distribution, Value::Table(table)) => {
                let distribution: Distribution = self.object(path, node, table, &[])?;
                self.parsed(node.at, path, distribution.within_a_day()).map(Setting::Distribution)
            }
            (Takes::Keys, Value::Table(table)) => self.keys(path, node, table).map(|keys| Setting::Word(keys.to_string())),
            (Takes::Backoff, Value::Table(table)) => {
                self.object(path, node, table, &[]).map(|backoff: Backoff| Setting::Word(backoff.to_string()))
            }
            (Takes::Shed, Value::Table(table)) => self.object(path, node, table, &[]).map(|shed: Shed| Setting::Word(shed.to_string())),
            (Takes::Names | Takes::Counts, Value::List(nodes)) => {
                let counts = matches!(takes, Takes::Counts);
                let fits = |node: &&Node| matches!(&node.value, Value::Text(_)) || (counts && matches!(&node.value, Value::Integer(_)));
                let texts: Vec<String> = nodes.iter().filter(fits).filter_map(Node::as_typed).collect();
                if texts.len() < nodes.len() {
                    let what = if counts { "whole numbers" } else { "names" };
                    let message = format!("This list has something other than {what} in it.");
                    self.error(node.at, path, message, Some(format!("Write {}.", takes.expected())));
                    return None;
                }
                let texts = texts.iter().map(String::as_str);
                self.parsed(node.at, path, if counts { setting::counts(texts) } else { setting::names(texts) })
            }
            _ => match node.as_typed() {
                Some(text) => self.parsed(node.at, path, setting::from_text(takes, &text)),
                None => {
                    self.error(node.at, path, format!("This is {}.", node.noun()), Some(format!("Write {}.", takes.expected())));
                    None
                }
            },
        }
    }

    pub(crate) fn duration(&mut self, path: &str, node: &Node) -> Option<Duration> {
        match self.setting(path, node, ANY_TIME)? {
            Setting::Duration(duration) => Some(duration),
            _ => None,
        }
    }

    pub(crate) fn share(&mut self, path: &str, node: &Node) -> Option<Share> {
        match self.setting(path, node, Takes::Share { max: Share::ONE })? {
            Setting::Share(share) => Some(share),
            _ => None,
        }
    }

    /// A value that has a notation, as a text or as an object.
    pub(crate) fn noted<T: Notation + FromStr<Err = UnitProblem>>(&mut self, path: &str, node: &Node) -> Option<T> {
        match &node.value {
            Value::Table(table) => self.object(path, node, table, &[]),
            _ => {
                let text = self.text(path, node)?;
                self.parsed(node.at, path, text.parse())
            }
        }
    }

    /// The object form; `others` are keys that the caller reads.
    fn object<T: Notation>(&mut self, path: &str, node: &Node, table: &Table, others: &[&str]) -> Option<T> {
        let (name, parts) = self.parts(path, node.at, table, (T::TAG, T::PATTERNS), others)?;
        let value = T::build(name, &parts).expect("a pattern gives the parts that its type is built from");
        self.parsed(node.at, path, value.checked())
    }

    /// The parts of an object form, whose field `tag` says which pattern it has.
    fn parts(
        &mut self,
        path: &str,
        at: usize,
        table: &Table,
        (tag, patterns): (&'static str, &'static [Pattern]),
        others: &[&str],
    ) -> Option<Parts> {
        let mut names: Vec<&str> = patterns.iter().map(|pattern| pattern.name).collect();
        names.dedup();
        let entry = self.field(path, at, table, tag, &format!("one of {}", catalogue::listed(&names)))?;
        let text = self.text(&join(path, tag), &entry.node)?;
        let name = self.parsed(entry.node.at, &join(path, tag), setting::word(text.trim(), &names))?;
        let ways = || patterns.iter().filter(|pattern| pattern.name == name);
        let has_all = |pattern: &&Pattern| pattern.slots().all(|(key, _)| table.contains_key(key));
        let longest = ways().max_by_key(|pattern| pattern.slots().count())?;
        let known: Vec<&str> = longest.slots().map(|(key, _)| key).chain(others.iter().copied()).collect();
        for (key, entry) in table.iter().filter(|(key, _)| *key != tag && !known.contains(&key.as_str())) {
            self.unknown(&join(path, key), key, entry, known.iter().copied(), Severity::Error);
        }
        let complete = ways().filter(has_all).max_by_key(|pattern| pattern.slots().count());
        let pattern = complete.or_else(|| ways().min_by_key(|pattern| pattern.slots().count()))?;
        let parts: Vec<_> = pattern.slots().map(|(key, slot)| self.part(path, at, table, key, slot)).collect();
        Some((pattern.name, parts.into_iter().collect::<Option<_>>()?))
    }

    fn field<'n>(&mut self, path: &str, at: usize, table: &'n Table, key: &str, expected: &str) -> Option<&'n Entry> {
        let entry = table.get(key);
        if entry.is_none() {
            self.error(at, path, format!("“{key}” is missing here."), Some(format!("Add it: {expected}.")));
        }
        entry
    }

    fn part(&mut self, path: &str, at: usize, table: &Table, key: &'static str, slot: Slot) -> Option<Part> {
        let node = &self.field(path, at, table, key, slot.expected())?.node;
        let path = &join(path, key);
        match (slot, &node.value) {
            (Slot::Distribution, _) => self.noted(path, node).map(Part::Distribution),
            (Slot::Points, Value::List(nodes)) => self.pairs(path, slot, nodes, Slot::Share, Slot::Time).map(|pairs| {
                Part::Points(
                    pairs
                        .into_iter()
                        .filter_map(|pair| if let (Part::Share(share), Part::Time(time)) = pair { Some((share, time)) } else { None })
                        .collect(),
                )
            }),
            (Slot::Steps, Value::List(nodes)) => self.pairs(path, slot, nodes, Slot::Time, Slot::Rate).map(|pairs| {
                Part::Steps(
                    pairs
                        .into_iter()
                        .filter_map(|pair| if let (Part::Time(from), Part::Rate(rate)) = pair { Some((from, rate)) } else { None })
                        .collect(),
                )
            }),
            _ => self.slot(path, node, slot),
        }
    }

    fn slot(&mut self, path: &str, node: &Node, slot: Slot) -> Option<Part> {
        match node.as_typed() {
            Some(text) => self.parsed(node.at, path, slot.read(text.trim())),
            None => {
                self.error(node.at, path, format!("This is {}.", node.noun()), Some(format!("Write {}.", slot.expected())));
                None
            }
        }
    }

    fn pairs(&mut self, path: &str, slot: Slot, nodes: &[Node], first: Slot, second: Slot) -> Option<Vec<(Part, Part)>> {
        let mut pairs = Vec::new();
        for node in nodes {
            match &node.value {
                Value::List(pair) if pair.len() == 2 => {
                    pairs.push(self.slot(path, &pair[0], first).zip(self.slot(path, &pair[1], second))?);
                }
                _ => {
                    let suggestion = format!("Write {}.", slot.expected());
                    self.error(node.at, path, "This list has something other than pairs in it.", Some(suggestion));
                    return None;
                }
            }
        }
        Some(pairs)
    }

    fn keys(&mut self, path: &str, node: &Node, table: &Table) -> Option<Keys> {
        let hot = table.get("hot").map(|entry| self.noted::<Hot>(&join(path, "hot"), &entry.node));
        let spread: Population = self.object(path, node, table, &["hot"])?;
        let hot = if let Some(hot) = hot { Some(hot?) } else { None };
        self.parsed(node.at, path, Keys::join(spread, hot))
    }
}
