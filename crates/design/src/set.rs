//! Changing one value by its path, as claims, figures, sweeps and the command line do.

use units::Rate;

use crate::catalogue::{self, Takes, Word};
use crate::check::error;
use crate::nearest::did_you_mean;
use crate::notation::{is_name, shown};
use crate::path::split;
use crate::read::{FAULT, Reader, pair};
use crate::tree::{Node, Value, parse_inline};
use crate::{Document, LinkName, Problem, Setting, setting};

const VALUE_MAX: usize = 20_000;

/// Sets the value at `path` to what `text` says in short notation.
///
/// Paths: `web.replicas` (a component), `components.web.time`, `links.users -> lb.rtt` or
/// `users->lb.rtt`, `workload.lasts`, `workload.buy.arrivals`, `workload.buy.rate` (the rate
/// inside the arrivals), `workload.arrivals`, `workload.rate`, `data.link.rows`, `network.zones`,
/// `calls.buy`, `traces.launch`, `faults.0.at` (the first), `require.fast`, `prices.list`,
/// `prices.own.web`, `title`. Lists and tables are written as in TOML. A key inside a table is
/// one step deeper (`links.web -> db.retry.attempts`). On an error nothing has changed.
pub fn set(document: &mut Document, path: &str, text: &str) -> Result<(), Problem> {
    let keys = keys(path);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    if text.len() > VALUE_MAX {
        return Err(error(
            shown(path),
            format!("A value of {} bytes is not set.", text.len()),
            format!("Write at most {VALUE_MAX} bytes."),
        ));
    }
    let value = Set { path, node: node(path, text)? };
    match keys.as_slice() {
        ["title"] => document.title = setting::line(text).map_err(|problem| value.problem(problem))?,
        ["workload", "lasts"] => document.workload.lasts = Some(value.read(|reader, node| reader.duration(path, node))?),
        ["workload", "warmup"] => document.workload.warmup = Some(value.read(|reader, node| reader.share(path, node))?),
        ["workload", "arrivals"] => document.workload.arrivals = Some(value.read(|reader, node| reader.noted(path, node))?),
        ["workload", "rate"] => document.workload.arrivals = Some(value.rate(document.workload.arrivals.as_ref())?),
        ["workload", class, key, ..] => {
            let classes = &mut document.workload.classes;
            let known: Vec<String> = classes.keys().cloned().collect();
            let class = classes.get_mut(*class).ok_or_else(|| value.missing("class", class, &known))?;
            match *key {
                "arrivals" => class.arrivals = Some(value.read(|reader, node| reader.noted(path, node))?),
                "share" => class.share = Some(value.read(|reader, node| reader.share(path, node))?),
                "rate" => class.arrivals = Some(value.rate(class.arrivals.as_ref())?),
                "from" => class.from = value.name(text)?,
                _ => value.word(&mut class.settings, &keys[2..], catalogue::CLASS.iter())?,
            }
        }
        ["links", name, rest @ ..] if !rest.is_empty() => {
            let name: LinkName = name.parse().map_err(|problem| value.problem(problem))?;
            let known: Vec<String> = document.components.keys().cloned().collect();
            for end in [&name.from, &name.to] {
                if !document.components.contains_key(end) {
                    return Err(value.missing("component", end, &known));
                }
            }
            // A new arrow is harmless only where plans are written: a default plan would follow it.
            let planned = document.workload.classes.keys().all(|class| document.calls.contains_key(class));
            if !document.links.contains_key(&name) && !planned {
                return Err(error(
                    shown(path),
                    format!("No arrow leads from “{}” to “{}”.", name.from, name.to),
                    "Draw it in the design; setting it here would change what is called.",
                ));
            }
            let mut link = document.links.get(&name).cloned().unwrap_or_default();
            value.word(&mut link.settings, rest, catalogue::LINK.iter())?;
            document.links.insert(name, link);
        }
        ["data", name, rest @ ..] if !rest.is_empty() => {
            let known: Vec<String> = document.data.keys().cloned().collect();
            let data = document.data.get_mut(*name).ok_or_else(|| value.missing("data", name, &known))?;
            value.word(&mut data.settings, rest, catalogue::DATA.iter())?;
        }
        ["network", name] => {
            let name = pair(name).ok_or_else(|| {
                let message = format!("“{}” is not a distance between two places.", shown(name));
                error(shown(path), message, "Write it as in network.zones or network.us-east -- eu-west.")
            })?;
            let time = value.read(|reader, node| reader.distance(path, node))?;
            document.network.insert(name, time);
        }
        ["traces", name] if is_name(name) => {
            let trace = value.read(|reader, node| reader.trace(path, node))?;
            document.traces.insert((*name).to_owned(), trace);
        }
        ["faults", number, key] => {
            let known: Vec<String> = (0..document.faults.len()).map(|number| number.to_string()).collect();
            let fault = number.parse().ok().and_then(|number: usize| document.faults.get_mut(number));
            let fault = fault.ok_or_else(|| value.missing("fault", number, &known))?;
            match *key {
                "at" => fault.at = value.read(|reader, node| reader.duration(path, node))?,
                "lasts" => fault.lasts = Some(value.read(|reader, node| reader.length(path, node))?),
                "every" => fault.every = Some(value.read(|reader, node| reader.noted(path, node))?),
                "what" => fault.what = value.read(|reader, node| reader.noted(path, node))?,
                _ => return Err(value.no_key(key, FAULT.iter().copied())),
            }
        }
        ["calls", class] if is_name(class) => {
            let calls = value.read(|reader, node| reader.plan(path, node))?;
            document.calls.insert((*class).to_owned(), calls);
        }
        ["require", id] if is_name(id) => {
            let line = value.read(|reader, node| reader.line(path, node))?;
            document.require.insert((*id).to_owned(), line);
        }
        ["prices", "list"] => document.prices.list = Some(value.read(|reader, node| reader.line(path, node))?),
        ["prices", "own", name] if document.components.contains_key(*name) => {
            let price = text.parse().map_err(|problem| value.problem(problem))?;
            document.prices.own.insert((*name).to_owned(), price);
        }
        ["components", name, rest @ ..] | [name, rest @ ..] if !rest.is_empty() => {
            let known: Vec<String> = document.components.keys().cloned().collect();
            let component = document.components.get_mut(*name).ok_or_else(|| value.missing("component", name, &known))?;
            let kind = catalogue::kind(&component.kind).ok_or_else(|| value.missing("kind", &component.kind, &[]))?;
            value.word(&mut component.settings, rest, kind.words())?;
        }
        _ => {
            return Err(error(
                shown(path),
                format!("“{}” is not a path to a value.", shown(path)),
                "Write it as in web.replicas, users -> lb.rtt or workload.buy.rate.",
            ));
        }
    }
    Ok(())
}

/// The keys of a path; a link is one key, also where "links." is left out.
fn keys(path: &str) -> Vec<String> {
    let path = path.trim();
    let link = path.strip_prefix("links.").unwrap_or(path);
    let Some(arrow) = link.find("->") else { return split(path) };
    let end = link[arrow..].find('.').map_or(link.len(), |dot| arrow + dot);
    let rest = link[end..].strip_prefix('.').unwrap_or("");
    ["links".to_owned(), link[..end].to_owned()].into_iter().chain(split(rest)).collect()
}

/// The text as a value: lists and tables as TOML has them on one line, all else as typed.
fn node(path: &str, text: &str) -> Result<Node, Problem> {
    if !text.trim_start().starts_with(['[', '{']) {
        return Ok(Node { value: Value::Text(text.to_owned()), at: 0, inner: None });
    }
    parse_inline(text)
        .map_err(|message| error(shown(path), message, "Write a list as in [\"a\", \"b\"] and a table as in { key = \"value\" }."))
}

/// A value on its way to a path.
struct Set<'a> {
    path: &'a str,
    node: Node,
}

impl Set<'_> {
    /// What does not depend on the type is not inlined: it is read as a dozen of them.
    fn read<T>(&self, read: impl FnOnce(&mut Reader, &Node) -> Option<T>) -> Result<T, Problem> {
        let mut reader = Self::reader();
        match (read(&mut reader, &self.node), self.refusal(reader)) {
            (Some(value), None) => Ok(value),
            (_, problem) => Err(self.unread(problem)),
        }
    }

    #[inline(never)]
    fn reader() -> Reader {
        Reader::default()
    }

    #[inline(never)]
    fn refusal(&self, reader: Reader) -> Option<Problem> {
        reader.finish("").into_iter().next().map(|problem| Problem { path: shown(self.path), ..problem })
    }

    #[inline(never)]
    fn unread(&self, problem: Option<Problem>) -> Problem {
        problem.unwrap_or_else(|| error(shown(self.path), "This value could not be read.", "Write it as in the catalogue."))
    }

    fn word(
        &self,
        settings: &mut sorted::BTreeMap<String, Setting>,
        keys: &[&str],
        words: impl Iterator<Item = &'static Word> + Clone,
    ) -> Result<(), Problem> {
        let [key, inner @ ..] = keys else { return Ok(()) };
        let Some(word) = catalogue::find(words.clone(), key) else {
            return Err(self.no_key(key, words.map(|word| word.key)));
        };
        let word = match (inner, &self.node.value) {
            ([], Value::Text(text)) => catalogue::meant(word, text, |key| catalogue::find(words, key)),
            _ => word,
        };
        match (inner, word.takes) {
            ([], takes) => {
                let setting = self.read(|reader, node| reader.setting(self.path, node, takes))?;
                settings.insert(word.key.to_owned(), setting);
                Ok(())
            }
            (_, Takes::Table(words)) => {
                let mut table = match settings.get(word.key) {
                    Some(Setting::Table(table)) => table.clone(),
                    _ => Default::default(),
                };
                self.word(&mut table, inner, words.iter())?;
                settings.insert(word.key.to_owned(), Setting::Table(table));
                Ok(())
            }
            _ => Err(error(shown(self.path), format!("“{}” has no parts.", word.key), "Set it as a whole.")),
        }
    }

    fn no_key(&self, key: &str, known: impl Iterator<Item = &'static str> + Clone) -> Problem {
        let suggestion =
            did_you_mean(key, known.clone()).unwrap_or_else(|| format!("Known here: {}.", known.collect::<Vec<_>>().join(", ")));
        error(shown(self.path), format!("“{}” is not a key that can be set here.", shown(key)), suggestion)
    }

    fn rate(&self, arrivals: Option<&crate::Arrivals>) -> Result<crate::Arrivals, Problem> {
        let Value::Text(text) = &self.node.value else {
            return Err(error(shown(self.path), "A rate is one value.", "Write it as in “95/s”."));
        };
        let arrivals = arrivals.ok_or_else(|| {
            error(shown(self.path), "Here are no arrivals whose rate could be set.", "Set `arrivals`, as in “poisson 95/s”.")
        })?;
        Rate::parse(text).and_then(|rate| arrivals.with_rate(rate)).map_err(|problem| self.problem(problem))
    }

    fn name(&self, text: &str) -> Result<String, Problem> {
        if !is_name(text.trim()) {
            return Err(error(
                shown(self.path),
                format!("“{}” is not the name of a component.", shown(text)),
                "Write it as it stands under [components].",
            ));
        }
        Ok(text.trim().to_owned())
    }

    fn missing(&self, what: &str, name: &str, known: &[String]) -> Problem {
        let suggestion = did_you_mean(name, known.iter().map(String::as_str)).unwrap_or_else(|| match known {
            [] => "There is none to set.".into(),
            known => format!("Known: {}.", known.iter().take(20).cloned().collect::<Vec<_>>().join(", ")),
        });
        error(shown(self.path), format!("No {what} is called “{}”.", shown(name)), suggestion)
    }

    fn problem(&self, problem: units::UnitProblem) -> Problem {
        error(shown(self.path), problem.message, problem.suggestion.unwrap_or_else(|| "Write a value that fits.".into()))
    }
}
