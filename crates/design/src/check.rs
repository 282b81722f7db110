//! Whether the parts of a document fit together, and whether this engine runs them. Problems
//! have a path and no line: the text may be long gone. What a single value may be is in `setting`.

use std::collections::{BTreeMap, BTreeSet};

use units::{Duration, Share};

use crate::arrows::default_plan;
use crate::catalogue::{self, Runs, Word, prices};
use crate::nearest::did_you_mean;
use crate::notation::{is_name, shown};
use crate::path::join;
use crate::plan::{CALLS_MAX, DEPTH_MAX, TIMES_MAX};
use crate::{Arrivals, Call, Component, Document, Problem, Setting, Severity, setting};

const REPLICAS_MAX: u64 = 100_000;
const LASTS_MAX: Duration = Duration::from_secs(365 * 86_400);
/// Names of things that people mean a kind by.
const MEANT: &[(&str, &[&str])] = &[
    ("clients", &["client", "user", "users", "browser", "mobile", "app"]),
    ("dns", &["route53"]),
    ("cdn", &["cloudfront", "cloudflare", "fastly"]),
    ("balancer", &["load balancer", "loadbalancer", "lb", "nginx", "haproxy", "alb", "envoy"]),
    ("gateway", &["api gateway", "kong"]),
    ("service", &["server", "web", "api", "backend", "worker"]),
    ("cache", &["redis", "memcached", "valkey"]),
    ("relational", &["database", "db", "sql", "postgres", "postgresql", "mysql", "mariadb", "oracle", "sqlite"]),
    ("keyvalue", &["dynamodb", "cassandra", "key-value", "kv", "nosql"]),
    ("document", &["mongodb", "mongo", "couchdb"]),
    ("columnar", &["clickhouse", "bigquery", "warehouse"]),
    ("log", &["kafka", "stream", "kinesis"]),
    ("queue", &["rabbitmq", "sqs", "broker"]),
    ("objects", &["s3", "blob", "storage", "bucket"]),
    ("search", &["elasticsearch", "opensearch", "solr"]),
    ("scheduler", &["cron"]),
    ("external", &["stripe", "third-party", "payment"]),
];
/// How many calls one request may lead to.
const FAN_OUT_MAX: u64 = 1_000_000;

/// Everything that speaks against a run, and some notes, in the order of the document.
pub(crate) fn check(document: &Document) -> Vec<Problem> {
    let mut check = Check { document, problems: Vec::new() };
    check.top();
    check.components();
    check.links();
    check.data();
    check.workload();
    check.faults();
    check.prices();
    check.problems
}

/// Notes on components that no plan calls. Ask only when nothing else is wrong: a plan that could
/// not be read may well call them.
pub(crate) fn idle(document: &Document) -> Vec<Problem> {
    if document.workload.classes.is_empty() {
        return Vec::new();
    }
    let mut called = BTreeSet::new();
    for class in document.workload.classes.keys() {
        match document.calls.get(class) {
            Some(calls) => note_called(calls, &mut called),
            None => note_called(&default_plan(document, class).unwrap_or_default(), &mut called),
        }
    }
    let idle = document.components.iter().filter(|(name, component)| component.kind != "clients" && !called.contains(*name));
    let note = |name: &String| {
        error(join("components", name), format!("Nothing calls “{name}”, so it stays idle."), "Draw an arrow to it, or take it out.")
    };
    idle.map(|(name, _)| Problem { severity: Severity::Note, ..note(name) }).collect()
}

fn note_called(calls: &[Call], called: &mut BTreeSet<String>) {
    for call in calls {
        called.insert(call.to.clone());
        note_called(&call.then, called);
        note_called(&call.miss, called);
    }
}

pub(crate) fn error(path: impl Into<String>, message: impl Into<String>, suggestion: impl Into<String>) -> Problem {
    Problem {
        severity: Severity::Error,
        path: path.into(),
        line: None,
        column: None,
        message: message.into(),
        suggestion: Some(suggestion.into()),
    }
}

struct Check<'a> {
    document: &'a Document,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn error(&mut self, path: impl Into<String>, message: impl Into<String>, suggestion: impl Into<String>) {
        self.problems.push(error(path, message, suggestion));
    }

    fn note(&mut self, path: impl Into<String>, message: impl Into<String>, suggestion: impl Into<String>) {
        self.problems.push(Problem { severity: Severity::Note, ..error(path, message, suggestion) });
    }

    fn top(&mut self) {
        if self.document.octo != 1 {
            self.error(
                "octo",
                format!("This document is written for octo = {}; this version reads octo = 1.", self.document.octo),
                "Use a newer Octo, or write octo = 1.",
            );
        }
        if self.document.components.is_empty() {
            self.error("components", "There are no components.", "Add [components] and a line such as web = { kind = \"service\" }.");
        }
    }

    fn components(&mut self) {
        let mut replicas: u64 = 0;
        for (name, component) in &self.document.components {
            let path = join("components", name);
            if !is_name(name) {
                self.error(
                    &path,
                    format!("“{}” is not a name.", shown(name)),
                    "Write at most 64 letters, digits, - and _, beginning with a letter.",
                );
            }
            self.component(&path, component);
            if let Some(Setting::Count(count)) = component.settings.get("replicas") {
                replicas = replicas.saturating_add(count.0);
            }
        }
        if replicas > REPLICAS_MAX {
            self.error(
                "components",
                format!("There are {replicas} replicas in all."),
                format!("Write at most {REPLICAS_MAX}: a smaller system under the same load per replica behaves alike."),
            );
        }
    }

    fn component(&mut self, path: &str, component: &Component) {
        let known = catalogue::KINDS.iter().map(|kind| kind.name);
        let Some(kind) = catalogue::kind(&component.kind) else {
            let message = match component.kind.as_str() {
                "" => "This component does not say what kind it is.".to_owned(),
                kind => format!("“{}” is not a kind of component.", shown(kind)),
            };
            let lower = component.kind.to_ascii_lowercase();
            let meant =
                MEANT.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(kind, _)| format!("Write kind = \"{kind}\"."));
            let suggestion = meant
                .or_else(|| did_you_mean(&component.kind, known))
                .unwrap_or_else(|| "Write kind = \"service\", or another kind of the catalogue.".into());
            return self.error(join(path, "kind"), message, suggestion);
        };
        if !kind.runs {
            let runs: Vec<&str> = catalogue::KINDS.iter().filter(|kind| kind.runs).map(|kind| kind.name).collect();
            let a = if kind.name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            return self.error(
                join(path, "kind"),
                format!("This engine does not run {a} `{}` yet.", kind.name),
                format!("It runs {}.", runs.join(", ")),
            );
        }
        self.settings(path, &component.settings, &|key| kind.word(key));
    }

    fn settings(&mut self, path: &str, settings: &BTreeMap<String, Setting>, find: &dyn Fn(&str) -> Option<&'static Word>) {
        for (key, written) in settings {
            let path = join(path, key);
            match find(key).map(|word| (word, word.runs)) {
                None => self.error(&path, format!("“{}” is not a key that is known here.", shown(key)), "Take it out."),
                Some((word, Runs::NotYet)) if !is_default(word, written) => {
                    self.error(
                        &path,
                        format!("This engine does not run “{key}” yet."),
                        match word.default {
                            Some(default) => format!("Take it out to run the design with {key} = {default}."),
                            None => "Take it out to run the design without it.".to_owned(),
                        },
                    );
                }
                Some((_, Runs::Kept)) => {
                    self.note(&path, format!("“{key}” is kept, but does not change a run yet."), "Leave it if it says what you mean.")
                }
                Some(_) => {}
            }
        }
    }

    fn links(&mut self) {
        for (name, link) in &self.document.links {
            let path = join("links", &name.to_string());
            self.component_name(&path, &name.from);
            self.component_name(&path, &name.to);
            if self.kind(&name.to) == "clients" {
                self.error(&path, format!("An arrow leads to “{}”, but clients only send.", name.to), "Turn the arrow round.");
            }
            self.settings(&path, &link.settings, &|key| catalogue::find(catalogue::LINK.iter(), key));
        }
    }

    fn data(&mut self) {
        for (name, data) in &self.document.data {
            if let Some(Setting::Word(home)) = data.settings.get("home") {
                self.component_name(&join(&join("data", name), "home"), home);
            }
        }
    }

    fn workload(&mut self) {
        let workload = &self.document.workload;
        if workload.lasts.is_some_and(|lasts| lasts == Duration::ZERO || lasts > LASTS_MAX) {
            self.error("workload.lasts", "A run lasts more than nothing and at most a year.", "Write it as in \"60 s\".");
        }
        if workload.warmup.is_some_and(|warmup| warmup >= Share::ONE) {
            self.error("workload.warmup", "Nothing would be measured: the warm-up is the whole run.", "Write a share such as \"5 %\".");
        }
        for (name, class) in &workload.classes {
            let path = join("workload", name);
            self.settings(&path, &class.settings, &|key| catalogue::find(catalogue::CLASS.iter(), key));
            match &class.arrivals {
                None => {
                    self.error(&path, format!("Class “{name}” does not say how its requests arrive."), "Write arrivals = \"poisson 90/s\".")
                }
                Some(Arrivals::Other { text }) => {
                    let kind = text.split_whitespace().next().unwrap_or("").to_owned();
                    self.error(
                        join(&path, "arrivals"),
                        format!("This engine does not run {kind} arrivals yet."),
                        "It runs poisson, constant and closed.",
                    );
                }
                Some(_) => {}
            }
            if class.from.is_empty() {
                self.error(
                    &path,
                    format!("Class “{name}” does not say who sends it."),
                    "Write from = \"users\", the name of a component of kind clients.",
                );
            } else if self.component_name(&join(&path, "from"), &class.from) {
                match self.kind(&class.from) {
                    "clients" => self.plan(name),
                    kind => {
                        let message = format!("“{}” is of kind {kind}, but only clients send requests of their own.", class.from);
                        self.error(join(&path, "from"), message, "Name a component of kind clients.");
                    }
                }
            }
        }
        let classes = &workload.classes;
        for name in self.document.calls.keys().filter(|name| !classes.is_empty() && !classes.contains_key(*name)) {
            let suggestion = did_you_mean(name, classes.keys().map(String::as_str))
                .unwrap_or_else(|| "Add the class under [workload], or leave it for another workload.".into());
            self.note(join("calls", name), format!("No class of the workload is called “{name}”."), suggestion);
        }
    }

    fn plan(&mut self, class: &str) {
        let Some(calls) = self.document.calls.get(class) else {
            if let Err(problem) = default_plan(self.document, class) {
                self.problems.push(problem);
            }
            return;
        };
        let path = join("calls", class);
        if calls.is_empty() {
            return self.error(&path, "This plan makes no call.", "Write it as in \"lb > web > db\", or take it out to follow the arrows.");
        }
        let mut made = Made { calls: 0, fan_out: 0 };
        let from = self.document.workload.classes.get(class).map_or("", |class| class.from.as_str());
        self.calls(&path, from, calls, 1, 1, &mut made);
        if made.calls > CALLS_MAX {
            self.error(&path, format!("This plan makes more than {CALLS_MAX} calls."), "Write repeated calls as “leaf x100”.");
        }
        if made.fan_out > FAN_OUT_MAX {
            self.error(
                &path,
                format!("One request of this class leads to more than {FAN_OUT_MAX} calls."),
                "Make fewer calls at some level of the plan.",
            );
        }
    }

    /// `visits` is how often the caller is visited per request.
    fn calls(&mut self, path: &str, caller: &str, calls: &'a [Call], depth: usize, visits: u64, made: &mut Made) {
        if depth > DEPTH_MAX {
            return self.error(path, format!("Calls are nested deeper than {DEPTH_MAX}."), "Make the chain shorter.");
        }
        for (i, call) in calls.iter().enumerate() {
            let path = join(path, &i.to_string());
            made.calls += 1;
            let visits = visits.saturating_mul(call.times.0);
            made.fan_out = made.fan_out.saturating_add(visits);
            if made.calls > CALLS_MAX {
                return;
            }
            self.call(&path, caller, call);
            self.calls(&join(&path, "then"), &call.to, &call.then, depth + 1, visits, made);
            self.calls(&join(&path, "miss"), caller, &call.miss, depth + 1, visits, made);
        }
    }

    fn call(&mut self, path: &str, caller: &str, call: &Call) {
        if self.component_name(path, &call.to) && self.kind(&call.to) == "clients" {
            self.error(path, format!("This plan calls “{}”, but clients only send.", call.to), "Call a component that answers.");
        }
        if call.to == caller {
            self.error(path, format!("“{caller}” calls itself."), "Take the call out; what a component does with itself is its `time`.");
        }
        if !(1..=TIMES_MAX).contains(&call.times.0) {
            self.error(path, format!("A call cannot be made {} times.", call.times), format!("Write 1 to {TIMES_MAX}."));
        }
        if call.probability > Share::ONE {
            self.error(path, format!("A probability of {} is more than the whole.", call.probability), "Write 0 % to 100 %.");
        }
        if !call.miss.is_empty() && !matches!(self.kind(&call.to), "cache" | "cdn" | "") {
            self.error(
                path,
                format!("“{}” is of kind {}, and only a cache can miss.", call.to, self.kind(&call.to)),
                "Write “miss:” below the call of a cache.",
            );
        }
        if let Some(data) = call.data.as_ref().filter(|data| !self.document.data.contains_key(*data)) {
            let known = self.document.data.keys().map(String::as_str);
            let suggestion = did_you_mean(data, known).unwrap_or_else(|| format!("Add {data} = {{}} under [data]."));
            self.error(path, format!("No data is called “{data}”."), suggestion);
        }
    }

    fn faults(&mut self) {
        for (i, fault) in self.document.faults.iter().enumerate() {
            self.error(
                join("faults", &i.to_string()),
                format!("This engine does not run faults yet (“{}”).", shown(&fault.what)),
                "Take it out to run the design without it.",
            );
        }
    }

    fn prices(&mut self) {
        let known = prices::LISTS.iter().map(|list| list.name);
        match self.document.prices.list.as_deref().map(|name| (name, prices::list(name))) {
            Some((name, None)) => {
                let suggestion =
                    did_you_mean(name, known.clone()).unwrap_or_else(|| format!("Known: {}.", known.collect::<Vec<_>>().join(", ")));
                self.note("prices.list", format!("No price list is called “{}”, so nothing is priced by it.", shown(name)), suggestion);
            }
            Some((_, Some(list))) => {
                for (name, component) in &self.document.components {
                    if let Some(Setting::Word(size)) =
                        component.settings.get("size").filter(|_| !self.document.prices.own.contains_key(name))
                        && list.find(size).is_none()
                    {
                        let sizes = list.items.iter().map(|item| item.name);
                        let suggestion = did_you_mean(size, sizes).unwrap_or_else(|| {
                            format!("Choose a size of the list, or write your own price: prices.own.{name} = \"0.1 USD/h\".")
                        });
                        self.note(
                            join(&join("components", name), "size"),
                            format!("“{size}” has no price in “{}”.", list.name),
                            suggestion,
                        );
                    }
                }
            }
            None => {}
        }
        for name in self.document.prices.own.keys() {
            self.component_name(&join("prices.own", name), name);
        }
    }

    fn kind(&self, name: &str) -> &'a str {
        self.document.components.get(name).map_or("", |component| component.kind.as_str())
    }

    fn component_name(&mut self, path: &str, name: &str) -> bool {
        if self.document.components.contains_key(name) {
            return true;
        }
        let known = self.document.components.keys().map(String::as_str);
        let suggestion = did_you_mean(name, known)
            .unwrap_or_else(|| format!("Add {name} = {{ kind = \"service\" }} under [components], or correct the name."));
        self.error(path, format!("No component is called “{}”.", shown(name)), suggestion);
        false
    }
}

struct Made {
    calls: usize,
    fan_out: u64,
}

fn is_default(word: &Word, written: &Setting) -> bool {
    word.default.and_then(|default| setting::from_text(word.takes, default).ok()).is_some_and(|default| default == *written)
}
