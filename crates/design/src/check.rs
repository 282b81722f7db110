//! Whether the parts of a document fit together. Problems have a path and no line: the text may
//! be long gone. The design is looked at here, its plans and the world in the files below; what a
//! single value may be is in `setting`.

mod plans;
mod transactions;
mod world;

use sorted::{BTreeMap, BTreeSet};

use units::Count;

use crate::arrows::default_plan;
use crate::catalogue::{self, Word, prices};
use crate::nearest::did_you_mean;
use crate::notation::{is_name, shown};
use crate::path::join;
use crate::{Call, Component, Document, Problem, Setting, Severity};

const REPLICAS_MAX: u64 = 100_000;
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
/// After so many problems the others only say what is wrong.
const SUGGESTIONS_MAX: usize = 200;
/// Words that do nothing unless the other is written too.
const NEEDS: &[(&str, &str)] = &[("idle", "start"), ("renew", "ttl"), ("hedges", "hedge")];

/// Everything that speaks against a run, and some notes, in the order of the document.
pub(crate) fn check(document: &Document) -> Vec<Problem> {
    let mut check = Check { document, problems: Vec::new() };
    check.top();
    check.components();
    check.links();
    check.data();
    check.network();
    check.workload();
    check.traces();
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
    let sends = |component: &Component| catalogue::kind(&component.kind).is_some_and(|kind| kind.sends());
    let idle = document.components.iter().filter(|(name, component)| !sends(component) && !called.contains(*name));
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
        note_called(&call.statements, called);
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
        self.push(Severity::Error, path.into(), message.into(), suggestion.into());
    }

    fn note(&mut self, path: impl Into<String>, message: impl Into<String>, suggestion: impl Into<String>) {
        self.push(Severity::Note, path.into(), message.into(), suggestion.into());
    }

    /// Here and not in each of those who call it, since all of it is downloaded.
    #[inline(never)]
    fn push(&mut self, severity: Severity, path: String, message: String, suggestion: String) {
        self.problems.push(Problem { severity, path, line: None, column: None, message, suggestion: Some(suggestion) });
    }

    /// Which name was probably meant; not looked for when nobody will read so far.
    fn near<'k>(&self, written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
        if self.problems.len() < SUGGESTIONS_MAX { did_you_mean(written, known) } else { None }
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
                .or_else(|| self.near(&component.kind, known))
                .unwrap_or_else(|| "Write kind = \"service\", or another kind of the catalogue.".into());
            return self.error(join(path, "kind"), message, suggestion);
        };
        self.settings(path, &component.settings, &|key| kind.word(key));
        match kind.name {
            "limiter" if !component.settings.contains_key("rate") => {
                self.error(path, "This limiter does not say what it lets through.", "Write rate = \"100/s\".");
            }
            "limiter" if matches!(component.settings.get("per"), Some(Setting::Word(per)) if per == "session") => {
                self.sessions(&join(path, "per"));
            }
            "balancer" => self.balancer(path, &component.settings),
            "keyvalue" => self.quorums(path, &component.settings),
            "cache" | "cdn" => self.hits(path, &component.settings),
            _ => {}
        }
        if let Some(Setting::Table(table)) = component.settings.get("autoscale") {
            let (min, max) = (count(table, "min", 1), count(table, "max", 10));
            if min > max {
                let message = format!("At least {min} replicas cannot be at most {max}.");
                self.error(join(&join(path, "autoscale"), "min"), message, "Write min and max so that min is not the greater.");
            }
        }
    }

    fn balancer(&mut self, path: &str, settings: &BTreeMap<String, Setting>) {
        let weighted = matches!(settings.get("policy"), Some(Setting::Word(policy)) if policy == "weighted");
        match settings.get("weights") {
            None if weighted => self.error(
                join(path, "weights"),
                "A weighted balancer needs weights.",
                "Write one for each replica of the next component, as in weights = [3, 1].",
            ),
            Some(_) if !weighted => {
                self.note(join(path, "weights"), "Only a weighted balancer has use for weights.", "Write policy = \"weighted\".");
            }
            Some(Setting::Counts(weights)) if weights.iter().all(|weight| *weight == Count(0)) => {
                self.error(join(path, "weights"), "With these weights no replica is ever chosen.", "Write one that is not 0.");
            }
            _ => {}
        }
        if settings.get("sticky") == Some(&Setting::Flag(true)) {
            self.sessions(&join(path, "sticky"));
        }
    }

    /// What is decided by session needs sessions.
    fn sessions(&mut self, path: &str) {
        let classes = &self.document.workload.classes;
        let is_closed = |class: &crate::Class| matches!(class.arrivals, Some(crate::Arrivals::Closed { .. }));
        if !classes.is_empty() && !classes.values().any(|class| class.settings.contains_key("sessions") || is_closed(class)) {
            self.note(path, "No class has sessions, so each request is one of its own here.", "Write sessions = 1000 in a class.");
        }
    }

    fn quorums(&mut self, path: &str, settings: &BTreeMap<String, Setting>) {
        let copies = count(settings, "copies", 1);
        for key in ["read", "write"] {
            let quorum = count(settings, key, 1);
            if quorum > copies {
                self.error(
                    join(path, key),
                    format!("A {key} waits for {quorum} copies, but there are only {copies}."),
                    format!("Write at most {copies}, or more copies."),
                );
            }
        }
    }

    fn hits(&mut self, path: &str, settings: &BTreeMap<String, Setting>) {
        if settings.contains_key("hits")
            && let Some(key) = ["entries", "memory"].into_iter().find(|key| settings.contains_key(*key))
        {
            self.note(
                join(path, "hits"),
                format!("“hits” is assumed, so “{key}” changes nothing."),
                format!("Take one of them out; with {key} alone the hits follow from the keys."),
            );
        }
    }

    fn settings(&mut self, path: &str, settings: &BTreeMap<String, Setting>, find: &dyn Fn(&str) -> Option<&'static Word>) {
        for key in settings.keys() {
            if find(key).is_none() {
                self.error(join(path, key), format!("“{}” is not a key that is known here.", shown(key)), "Take it out.");
            }
        }
        for (key, needed) in NEEDS.iter().filter(|(key, needed)| settings.contains_key(*key) && !settings.contains_key(*needed)) {
            self.note(join(path, key), format!("“{key}” does nothing without “{needed}”."), format!("Write {needed} too."));
        }
    }

    fn links(&mut self) {
        for (name, link) in &self.document.links {
            let path = join("links", &name.to_string());
            self.component_name(&path, &name.from);
            self.component_name(&path, &name.to);
            if self.sends(&name.to) {
                let message = format!("An arrow leads to “{}”, but {}.", name.to, self.only_sends(&name.to));
                self.error(&path, message, "Turn the arrow round.");
            }
            self.weights(&name.from, &name.to);
            self.settings(&path, &link.settings, &|key| catalogue::find(catalogue::LINK.iter(), key));
            if link.settings.contains_key("tied") {
                self.tied(&join(&path, "tied"), &name.to, link.settings.contains_key("hedge"));
            }
        }
    }

    /// Two copies of a request need two queues to wait in.
    fn tied(&mut self, path: &str, to: &str, hedged: bool) {
        if hedged {
            let message = "A request cannot be both tied and hedged: each says when the second copy is sent.";
            return self.error(path, message, "Take “hedge” out, or “tied”.");
        }
        let Some(component) = self.document.components.get(to) else { return };
        let settings = &component.settings;
        let (replicas, shards) = (count(settings, "replicas", 1), count(settings, "shards", 1));
        let alone = match component.kind.as_str() {
            "relational" => replicas == 1 && !settings.contains_key("followers"),
            "keyvalue" => count(settings, "copies", 1) == 1 && (replicas == 1 || shards > 1),
            "document" | "search" => replicas == 1 || shards > 1,
            _ => replicas == 1 && !settings.contains_key("autoscale"),
        };
        if alone {
            let message = format!("One replica of “{to}” is asked for a request, so both copies wait in the same queue.");
            return self.note(path, message, "Write replicas or copies of it, or take “tied” out.");
        }
        let default = catalogue::kind(&component.kind).and_then(|kind| kind.word("workers")).and_then(|word| word.default);
        let unlimited = match settings.get("workers") {
            Some(workers) => matches!(workers, Setting::Word(_)),
            None => default == Some("unlimited"),
        };
        if unlimited || matches!(settings.get("order"), Some(Setting::Word(order)) if order == "shared") {
            let message = format!("Nobody waits in a queue at “{to}”, so the first copy always begins at once.");
            self.note(path, message, "Bound its workers, or write “hedge” instead.");
        }
    }

    /// A balancer's weights are those of the replicas that come next.
    fn weights(&mut self, from: &str, to: &str) {
        let Some(component) = self.document.components.get(from).filter(|component| component.kind == "balancer") else { return };
        let (Some(Setting::Counts(weights)), Some(next)) = (component.settings.get("weights"), self.document.components.get(to)) else {
            return;
        };
        let replicas = count(&next.settings, "replicas", 1);
        if weights.len() as u64 != replicas && !next.settings.contains_key("autoscale") {
            self.error(
                join(&join("components", from), "weights"),
                format!("“{to}” has {replicas} replicas, but there are weights for {}.", weights.len()),
                "Write one weight for each replica.",
            );
        }
    }

    fn data(&mut self) {
        for (name, data) in &self.document.data {
            if let Some(Setting::Word(home)) = data.settings.get("home") {
                self.component_name(&join(&join("data", name), "home"), home);
            }
        }
    }

    fn prices(&mut self) {
        let known = prices::LISTS.iter().map(|list| list.name);
        match self.document.prices.list.as_deref().map(|name| (name, prices::list(name))) {
            Some((name, None)) => {
                let suggestion =
                    self.near(name, known.clone()).unwrap_or_else(|| format!("Known: {}.", known.collect::<Vec<_>>().join(", ")));
                self.note("prices.list", format!("No price list is called “{}”, so nothing is priced by it.", shown(name)), suggestion);
            }
            Some((_, Some(list))) => {
                for (name, component) in &self.document.components {
                    if let Some(Setting::Word(size)) =
                        component.settings.get("size").filter(|_| !self.document.prices.own.contains_key(name))
                        && list.find(size).is_none()
                    {
                        let sizes = list.items.iter().map(|item| item.name);
                        let suggestion = self.near(size, sizes).unwrap_or_else(|| {
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

    /// Whether it only sends; no for what is not there.
    fn sends(&self, name: &str) -> bool {
        catalogue::kind(self.kind(name)).is_some_and(|kind| kind.sends())
    }

    /// Why nothing can be asked of it.
    fn only_sends(&self, name: &str) -> &'static str {
        if self.kind(name) == "clients" { "clients only send" } else { "a scheduler only sends" }
    }

    fn component_name(&mut self, path: &str, name: &str) -> bool {
        if self.document.components.contains_key(name) {
            return true;
        }
        let known = self.document.components.keys().map(String::as_str);
        let suggestion = self
            .near(name, known)
            .unwrap_or_else(|| format!("Add {name} = {{ kind = \"service\" }} under [components], or correct the name."));
        self.error(path, format!("No component is called “{}”.", shown(name)), suggestion);
        false
    }
}

fn count(settings: &BTreeMap<String, Setting>, key: &str, default: u64) -> u64 {
    if let Some(Setting::Count(count)) = settings.get(key) { count.0 } else { default }
}
