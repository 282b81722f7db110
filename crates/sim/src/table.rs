//! From a document to the tables that a run works on: numbers for names, defaults settled,
//! everything that cannot be run refused with its place.

use std::collections::BTreeMap;

use design::{Arrivals, Class, Component as Described, Distribution, Document, LinkName, Problem, Setting, Severity};

use crate::agenda::MOST_INDEX;
use crate::plan::Plans;
use crate::random::Stream;
use crate::sample::{Sampler, whole};
use crate::source::Source;
use crate::station::{Account, Component, Station, UNLIMITED};
use crate::time::{LAST, Ns, Window};

/// More replicas in all than this are refused [count].
const MOST_STATIONS: u64 = 1_000_000;
/// More closed-loop users in all than this are refused [count].
const MOST_USERS: u64 = 1_000_000;
const SECOND: Ns = 1_000_000_000;
/// What this engine runs; the catalogue says it for readers.
const KINDS: [&str; 7] = ["clients", "balancer", "service", "cache", "relational", "keyvalue", "external"];

/// An arrow in use: its network, and how its caller picks a replica.
pub(crate) struct Edge {
    /// Each way [ns].
    pub(crate) there: Ns,
    pub(crate) back: Ns,
    /// The mean of the exponential added each way [ns].
    pub(crate) jitter: f64,
    /// How likely an open connection is found [billionths].
    pub(crate) reuse: u64,
    /// What a new connection costs [ns].
    pub(crate) setup: Ns,
    /// None: the callee's replicas take turns.
    pub(crate) policy: Option<Policy>,
    pub(crate) turn: u32,
    pub(crate) stream: Stream,
    pub(crate) choices: Stream,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    Random,
    RoundRobin,
    LeastConnections,
    TwoChoices,
}

/// How fast bodies travel over an edge for a class [ns each way].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Travel {
    pub(crate) there: Ns,
    pub(crate) back: Ns,
}

/// One class of requests: when it sends, and what its client does.
pub(crate) struct Load {
    pub(crate) name: String,
    /// What its client does.
    pub(crate) program: u32,
    pub(crate) source: Source,
    /// The number of its first closed-loop user.
    pub(crate) first_user: u32,
    pub(crate) arrivals: Stream,
    pub(crate) keys: Stream,
    pub(crate) calls: Stream,
}

pub(crate) struct Table {
    pub(crate) components: Vec<Component>,
    pub(crate) stations: Vec<Station>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) classes: Vec<Load>,
    pub(crate) plans: Plans,
    /// By step.
    pub(crate) travel: Vec<Travel>,
    pub(crate) window: Window,
    /// After this nothing is waited for [ns].
    pub(crate) drained: Ns,
}

impl Table {
    pub(crate) fn new(document: &Document, seed: u64) -> Result<Self, Vec<Problem>> {
        let mut build = Build { document, seed, problems: Vec::new() };
        let table = build.table();
        if build.problems.is_empty() { Ok(table) } else { Err(build.problems) }
    }
}

struct Build<'a> {
    document: &'a Document,
    seed: u64,
    problems: Vec<Problem>,
}

impl Build<'_> {
    fn table(&mut self) -> Table {
        let (window, drained) = self.window();
        let (components, stations) = self.components();
        let names: BTreeMap<&str, u32> = self.document.components.keys().zip(0..).map(|(name, number)| (name.as_str(), number)).collect();
        let (classes, plans, owners) = self.classes(&names);
        let edges = self.edges(&plans);
        let travel = self.travel(&plans, &owners);
        Table { components, stations, edges, classes, plans, travel, window, drained }
    }

    fn problem(&mut self, path: String, message: impl Into<String>, suggestion: &str) {
        let suggestion = Some(suggestion.to_owned());
        self.problems.push(Problem { severity: Severity::Error, path, line: None, column: None, message: message.into(), suggestion });
    }

    fn window(&mut self) -> (Window, Ns) {
        let workload = &self.document.workload;
        let lasts = workload.lasts.map_or(60 * SECOND, |lasts| lasts.base());
        let warmup = workload.warmup.map_or(50_000_000, |share| share.base());
        if lasts == 0 || lasts > LAST / 4 {
            self.problem(
                "workload.lasts".into(),
                "The run must last longer than nothing and at most nine years.",
                "Write it as in \"60 s\".",
            );
        }
        if warmup >= 1_000_000_000 {
            self.problem(
                "workload.warmup".into(),
                "Nothing would be measured: the warm-up is the whole run.",
                "Write a share such as \"5 %\".",
            );
        }
        let lasts = lasts.min(LAST / 4);
        let from = (u128::from(lasts) * u128::from(warmup.min(1_000_000_000)) / 1_000_000_000) as Ns;
        // What is under way at the end is waited for as long as the run lasted, a minute at least.
        (Window { from, to: lasts }, lasts + lasts.max(60 * SECOND))
    }

    fn components(&mut self) -> (Vec<Component>, Vec<Station>) {
        let (mut components, mut stations) = (Vec::new(), Vec::new());
        for (name, described) in &self.document.components {
            let number = components.len() as u32;
            let component = self.component(name, described, stations.len() as u64);
            stations.extend(component.stations.clone().map(|_| Station::new(number)));
            components.push(component);
        }
        (components, stations)
    }

    fn component(&mut self, name: &str, described: &Described, first: u64) -> Component {
        let at = |key: &str| format!("components.{name}.{key}");
        let kind = described.kind.as_str();
        if !KINDS.contains(&kind) {
            self.problem(
                at("kind"),
                format!("This engine does not run a component of kind `{kind}` yet."),
                &format!("It runs {}.", KINDS.join(", ")),
            );
        }
        let mut replicas = count(described, "replicas").unwrap_or(1);
        if replicas == 0 || first + replicas > MOST_STATIONS {
            self.problem(at("replicas"), format!("A run has at least one and in all at most {MOST_STATIONS} replicas."), "Write fewer.");
            replicas = 1;
        }
        let workers = limit(described, "workers").or_else(|| limit(described, "pool"));
        let workers = workers.unwrap_or(if matches!(kind, "service" | "relational") { 1 } else { UNLIMITED });
        if workers == 0 {
            self.problem(at("workers"), "Without a worker nothing is ever served.", "Write at least 1.");
        }
        let service = Component::sampler(distribution(described, "time")).unwrap_or_else(|message| {
            self.problem(at("time"), message, "Write it as in \"exp 5 ms\".");
            Sampler::Constant(0)
        });
        Component {
            name: name.to_owned(),
            kind: kind.to_owned(),
            stations: first as u32..(first + replicas) as u32,
            workers,
            queue: limit(described, "queue").unwrap_or(UNLIMITED),
            service,
            holds: !matches!(described.settings.get("holds"), Some(Setting::Flag(false))),
            hits: (kind == "cache").then(|| share(described, "hits").unwrap_or(900_000_000)),
            turn: 0,
            times: Stream::new(self.seed, name, "time"),
            choices: Stream::new(self.seed, name, "choice"),
            account: Account::default(),
        }
    }

    /// The classes, all their plans, and to which class the steps of a plan belong: those below
    /// the first number to the first class, and so on.
    fn classes(&mut self, names: &BTreeMap<&str, u32>) -> (Vec<Load>, Plans, Vec<usize>) {
        let (mut classes, mut plans, mut owners) = (Vec::new(), Plans::default(), Vec::new());
        let mut users = 0u64;
        let document = self.document;
        if document.workload.classes.is_empty() {
            self.problem(
                "workload".into(),
                "There are no requests: the workload has no class.",
                "Write one such as buy = { from = \"users\", arrivals = \"poisson 90/s\" }.",
            );
        }
        for (name, class) in &document.workload.classes {
            let at = |key: &str| format!("workload.{name}.{key}");
            let Some(&from) = names.get(class.from.as_str()) else {
                self.problem(
                    at("from"),
                    format!("There is no component `{}` that could send these requests.", class.from),
                    "Name a component of kind clients.",
                );
                continue;
            };
            let calls = document.calls.get(name).map_or(&[][..], |calls| calls);
            if let Some(missing) = first_missing(calls, names) {
                self.problem(
                    format!("calls.{name}"),
                    format!("The plan calls `{missing}`, which is no component."),
                    "Name one that stands under [components].",
                );
                continue;
            }
            let source = match self.source(class) {
                Ok(source) => source,
                Err(message) => {
                    self.problem(at("arrivals"), message, "Write it as in \"poisson 90/s\".");
                    continue;
                }
            };
            let first_user = users;
            if let Source::Closed { users: more, .. } = source {
                users += u64::from(more);
            }
            if users > MOST_USERS {
                self.problem(
                    at("arrivals"),
                    format!("This engine holds at most {MOST_USERS} closed-loop users."),
                    "Write fewer users, or open arrivals.",
                );
                users = first_user;
            }
            let program = plans.program(from, calls, &|to| names.get(to).copied().unwrap_or(from));
            owners.push(plans.steps.len());
            let stream = |purpose| Stream::new(self.seed, name, purpose);
            classes.push(Load {
                name: name.clone(),
                program,
                source,
                first_user: first_user as u32,
                arrivals: stream("arrivals"),
                keys: stream("keys"),
                calls: stream("calls"),
            });
        }
        debug_assert!(MOST_USERS < MOST_INDEX as u64, "users have numbers in the agenda");
        (classes, plans, owners)
    }

    fn source(&self, class: &Class) -> Result<Source, String> {
        match class.arrivals.as_ref().ok_or("The class does not say how its requests arrive.")? {
            Arrivals::Poisson { rate } => Ok(Source::poisson(*rate)),
            Arrivals::Constant { rate } => Ok(Source::Constant { rate: rate.base(), sent: 0 }),
            Arrivals::Closed { users, think } => {
                Ok(Source::Closed { users: u32::try_from(users.base()).unwrap_or(u32::MAX), think: Sampler::new(think)? })
            }
            Arrivals::Other { text } => Err(format!("This engine does not run arrivals “{text}” yet.")),
        }
    }

    fn edges(&mut self, plans: &Plans) -> Vec<Edge> {
        let mut ends: Vec<((u32, u32), u32)> = plans.edges.iter().map(|(ends, place)| (*ends, *place)).collect();
        ends.sort_by_key(|(_, place)| *place);
        let names: Vec<&str> = self.document.components.keys().map(String::as_str).collect();
        ends.into_iter().map(|((from, to), _)| self.edge(names[from as usize], names[to as usize])).collect()
    }

    fn edge(&self, from: &str, to: &str) -> Edge {
        let link = LinkName { from: from.to_owned(), to: to.to_owned() };
        let settings = self.document.links.get(&link).map(|link| &link.settings);
        let duration = |key| match settings.and_then(|settings| settings.get(key)) {
            Some(Setting::Duration(value)) => value.base().min(LAST / 16),
            _ => 0,
        };
        let word = |key| match settings.and_then(|settings| settings.get(key)) {
            Some(Setting::Word(word)) => word.as_str(),
            _ => "",
        };
        let reuse = match settings.and_then(|settings| settings.get("reuse")) {
            Some(Setting::Share(share)) => share.base(),
            _ => 1_000_000_000,
        };
        let rtt = duration("rtt");
        // TCP takes one round trip before anything can be said, TLS 1.3 another and TLS 1.2 two.
        let trips = match word("tls") {
            "1.3" => 2,
            "1.2" => 3,
            _ => 1,
        };
        let name = format!("{from} -> {to}");
        Edge {
            there: rtt / 2,
            back: rtt - rtt / 2,
            jitter: duration("jitter") as f64,
            reuse,
            setup: duration("dns") + trips * rtt,
            policy: self.policy(from),
            turn: 0,
            stream: Stream::new(self.seed, &name, "network"),
            choices: Stream::new(self.seed, &name, "choice"),
        }
    }

    fn policy(&self, from: &str) -> Option<Policy> {
        let caller = self.document.components.get(from).filter(|component| component.kind == "balancer")?;
        Some(match caller.settings.get("policy") {
            Some(Setting::Word(word)) if word == "random" => Policy::Random,
            Some(Setting::Word(word)) if word == "least connections" => Policy::LeastConnections,
            Some(Setting::Word(word)) if word == "two choices" => Policy::TwoChoices,
            _ => Policy::RoundRobin,
        })
    }

    /// The time that the bodies of each step's class take on its link: size by bandwidth.
    fn travel(&self, plans: &Plans, owners: &[usize]) -> Vec<Travel> {
        let names: Vec<&String> = self.document.components.keys().collect();
        let ends: BTreeMap<u32, (u32, u32)> = plans.edges.iter().map(|(ends, place)| (*place, *ends)).collect();
        let classes: Vec<&Class> = self.document.workload.classes.values().collect();
        let travel = |(number, step): (usize, &crate::plan::Step)| {
            let class = classes.get(owners.partition_point(|&end| end <= number))?;
            let (from, to) = ends.get(&step.edge)?;
            let link = LinkName { from: names[*from as usize].clone(), to: names[*to as usize].clone() };
            let bandwidth = bandwidth(self.document.links.get(&link)?.settings.get("bandwidth")?)?;
            let time = |key| match class.settings.get(key) {
                Some(Setting::Bytes(size)) => whole(size.base() as f64 / bandwidth * 1e9).min(LAST / 16),
                _ => 0,
            };
            Some(Travel { there: time("request"), back: time("response") })
        };
        plans.steps.iter().enumerate().map(|step| travel(step).unwrap_or_default()).collect()
    }
}

/// The first name in a plan that no component has.
fn first_missing<'a>(calls: &'a [design::Call], names: &BTreeMap<&str, u32>) -> Option<&'a str> {
    calls.iter().find_map(|call| {
        if !names.contains_key(call.to.as_str()) {
            return Some(call.to.as_str());
        }
        first_missing(&call.then, names).or_else(|| first_missing(&call.miss, names))
    })
}

fn count(component: &Described, key: &str) -> Option<u64> {
    match component.settings.get(key)? {
        Setting::Count(count) => Some(count.base()),
        _ => None,
    }
}

/// A count, or "unlimited".
fn limit(component: &Described, key: &str) -> Option<u32> {
    match component.settings.get(key)? {
        Setting::Count(count) => Some(u32::try_from(count.base()).unwrap_or(UNLIMITED)),
        Setting::Word(_) => Some(UNLIMITED),
        _ => None,
    }
}

fn share(component: &Described, key: &str) -> Option<u64> {
    match component.settings.get(key)? {
        Setting::Share(share) => Some(share.base()),
        _ => None,
    }
}

fn distribution<'a>(component: &'a Described, key: &str) -> Option<&'a Distribution> {
    match component.settings.get(key)? {
        Setting::Distribution(distribution) => Some(distribution),
        _ => None,
    }
}

/// [bytes per second]; none where it is unlimited.
fn bandwidth(setting: &Setting) -> Option<f64> {
    match setting {
        Setting::Bandwidth(bytes) if bytes.base() > 0 => Some(bytes.base() as f64),
        _ => None,
    }
}
