//! Settings, distributions and arrivals, in short and in object form.

use std::collections::BTreeMap;

use units::{Count, Duration, Rate, Share};

use super::Reader;
use crate::catalogue::{self, Takes, Word};
use crate::notation::{DISTRIBUTIONS, OTHER_ARRIVALS, TIME_MAX};
use crate::path::join;
use crate::tree::{Node, Table, Value};
use crate::{Arrivals, Distribution, Setting, Severity, setting};

const ANY_TIME: Takes = Takes::Duration { min: Duration::ZERO, max: Duration(u64::MAX) };
const ONE_TIME: Takes = Takes::Duration { min: Duration::ZERO, max: TIME_MAX };
const ANY_SHARE: Takes = Takes::Share { max: Share(u64::MAX) };
const ANY_COUNT: Takes = Takes::Count { min: 0, max: 1_000_000_000_000_000 };

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
            (Takes::Distribution, Value::Table(table)) => self.distribution(path, node, table).map(Setting::Distribution),
            (Takes::Names, Value::List(nodes)) => {
                let texts: Vec<&str> =
                    nodes.iter().filter_map(|node| if let Value::Text(text) = &node.value { Some(text.as_str()) } else { None }).collect();
                if texts.len() < nodes.len() {
                    self.error(
                        node.at,
                        path,
                        "This list has something other than names in it.",
                        Some(format!("Write {}.", takes.expected())),
                    );
                    return None;
                }
                self.parsed(node.at, path, setting::names(texts.into_iter()))
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

    pub(crate) fn arrivals(&mut self, path: &str, node: &Node) -> Option<Arrivals> {
        let Value::Table(table) = &node.value else {
            let text = self.text(path, node)?;
            return self.parsed(node.at, path, text.parse());
        };
        const KINDS: &[&str] = &["poisson", "constant", "closed", "other"];
        let mut fields = Fields { reader: self, path, at: node.at, table };
        let arrivals = match fields.which("arrivals", KINDS)?.as_str() {
            "poisson" => fields.only(&["rate"]).rate("rate").map(|rate| Arrivals::Poisson { rate }),
            "constant" => fields.only(&["rate"]).rate("rate").map(|rate| Arrivals::Constant { rate }),
            "closed" => {
                let fields = fields.only(&["users", "think"]);
                let users = fields.count("users");
                match fields.get("think", Takes::Distribution) {
                    Some(Setting::Distribution(think)) => users.map(|users| Arrivals::Closed { users, think }),
                    _ => None,
                }
            }
            _ => match fields.only(&["text"]).get("text", Takes::Text) {
                Some(Setting::Word(text)) if OTHER_ARRIVALS.iter().any(|word| text.starts_with(word)) => Some(Arrivals::Other { text }),
                Some(Setting::Word(text)) => fields.reader.parsed(node.at, path, text.parse()),
                _ => None,
            },
        };
        self.parsed(node.at, path, arrivals?.checked())
    }

    fn distribution(&mut self, path: &str, node: &Node, table: &Table) -> Option<Distribution> {
        let mut fields = Fields { reader: self, path, at: node.at, table };
        let distribution = match fields.which("dist", DISTRIBUTIONS)?.as_str() {
            "constant" => fields.only(&["value"]).time("value").map(|value| Distribution::Constant { value }),
            "exp" => fields.only(&["mean"]).time("mean").map(|mean| Distribution::Exponential { mean }),
            "lognormal" => fields.only(&["mean", "scv"]).mean_scv().map(|(mean, scv)| Distribution::Lognormal { mean, scv }),
            "hyper" => fields.only(&["mean", "scv"]).mean_scv().map(|(mean, scv)| Distribution::Hyperexponential { mean, scv }),
            "erlang" => {
                let fields = fields.only(&["mean", "stages"]);
                fields.time("mean").zip(fields.count("stages")).map(|(mean, stages)| Distribution::Erlang { mean, stages })
            }
            "two point" => {
                let fields = fields.only(&["usual", "rare", "probability"]);
                let times = fields.time("usual").zip(fields.time("rare"));
                times.zip(fields.share("probability")).map(|((usual, rare), probability)| Distribution::TwoPoint {
                    usual,
                    rare,
                    probability,
                })
            }
            _ => {
                let fields = fields.only(&["low", "high"]);
                fields.time("low").zip(fields.time("high")).map(|(low, high)| Distribution::Uniform { low, high })
            }
        };
        self.parsed(node.at, path, distribution?.checked())
    }
}

/// The fields of an object form, whose first field says which they are.
struct Fields<'r, 'n> {
    reader: &'r mut Reader,
    path: &'n str,
    at: usize,
    table: &'n Table,
}

impl Fields<'_, '_> {
    fn which(&mut self, key: &'static str, words: &'static [&'static str]) -> Option<String> {
        match self.get(key, Takes::Word(words))? {
            Setting::Word(word) => Some(word),
            _ => None,
        }
    }

    fn only(&mut self, known: &[&'static str]) -> &mut Self {
        for (key, entry) in
            self.table.iter().filter(|(key, _)| !matches!(key.as_str(), "dist" | "arrivals") && !known.contains(&key.as_str()))
        {
            self.reader.unknown(&join(self.path, key), key, entry, known.iter().copied(), Severity::Error);
        }
        self
    }

    fn get(&mut self, key: &'static str, takes: Takes) -> Option<Setting> {
        match self.table.get(key) {
            Some(entry) => self.reader.setting(&join(self.path, key), &entry.node, takes),
            None => {
                self.reader.error(self.at, self.path, format!("“{key}” is missing here."), Some(format!("Add it: {}.", takes.expected())));
                None
            }
        }
    }

    fn time(&mut self, key: &'static str) -> Option<Duration> {
        if let Setting::Duration(time) = self.get(key, ONE_TIME)? { Some(time) } else { None }
    }

    fn share(&mut self, key: &'static str) -> Option<Share> {
        if let Setting::Share(share) = self.get(key, ANY_SHARE)? { Some(share) } else { None }
    }

    fn count(&mut self, key: &'static str) -> Option<Count> {
        if let Setting::Count(count) = self.get(key, ANY_COUNT)? { Some(count) } else { None }
    }

    fn rate(&mut self, key: &'static str) -> Option<Rate> {
        if let Setting::Rate(rate) = self.get(key, Takes::Rate { max: Rate(u64::MAX) })? { Some(rate) } else { None }
    }

    fn mean_scv(&mut self) -> Option<(Duration, Share)> {
        self.time("mean").zip(self.share("scv"))
    }
}
