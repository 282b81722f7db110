//! From a document to the tables that a run works on: numbers for names, defaults settled,
//! everything that cannot be run refused with its place. Arrows are read in `network`.

use design::{Arrivals, Call, Component as Described, Document, Keys, Problem, Severity};

use crate::agenda::{Agenda, CALENDAR, Lane, MOST_INDEX};
use crate::histogram::Histogram;
use crate::keys::KeySource;
use crate::network::{Distances, Edge, Hop};
use crate::part::Part;
use crate::part::cache::Cache;
use crate::program::{Compiler, Hedge, Manner, Programs};
use crate::random::Stream;
use crate::sample::Sampler;
use crate::sharing::Sharing;
use crate::source::Source;
use crate::station::{Account, Component, Manners, Order, Station, UNLIMITED};
use crate::time::{LAST, Ns, Window};
use crate::words::Words;

/// More replicas in all than this are refused [count].
const MOST_STATIONS: u64 = 1_000_000;
/// More closed-loop users in all than this are refused [count].
const MOST_USERS: u64 = 1_000_000;
const SECOND: Ns = 1_000_000_000;
/// Deeper calls than this are refused; a job's depth fits a byte with room.
const MOST_DEPTH: u8 = 200;

/// One class of requests.
pub(crate) struct Load {
    pub(crate) name: String,
    /// What its client does.
    pub(crate) program: u32,
    /// Where its clients stand.
    pub(crate) place: u16,
    /// Closed-loop users, and how long they think.
    pub(crate) users: u32,
    pub(crate) think: Sampler,
    /// The number of its first closed-loop user.
    pub(crate) first_user: u32,
    pub(crate) keys: Option<KeySource>,
    /// How many clients share the open requests; 0: each is its own.
    pub(crate) sessions: u64,
    /// 0 goes first.
    pub(crate) priority: usize,
    /// After so long an answer is no good [ns]; `Ns::MAX` for never.
    pub(crate) deadline: Ns,
    pub(crate) arrivals: Stream,
    pub(crate) key_stream: Stream,
    pub(crate) calls: Stream,
}

impl Load {
    /// The client of the next open request; so many had one of their own before.
    #[inline(always)]
    pub(crate) fn session(&mut self, own: &mut u64) -> u32 {
        if self.sessions > 0 {
            return self.key_stream.below(self.sessions) as u32;
        }
        *own += 1;
        *own as u32
    }

    /// The record that the next request is about.
    #[inline(always)]
    pub(crate) fn key(&mut self, now: Ns) -> u64 {
        match &mut self.keys {
            Some(keys) => keys.draw(now, &mut self.key_stream),
            None => 0,
        }
    }
}

/// Open arrivals, of one class or shared by several.
pub(crate) struct Tap {
    pub(crate) source: Source,
    pub(crate) stream: Stream,
    /// Class, and the sum of the shares so far [billionths].
    pub(crate) classes: Vec<(u32, u64)>,
    pub(crate) lane: Lane,
    /// The order of its next event.
    pub(crate) next: u64,
}

pub(crate) struct Table {
    pub(crate) names: Vec<String>,
    pub(crate) kinds: Vec<String>,
    pub(crate) components: Vec<Component>,
    pub(crate) stations: Vec<Station>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) classes: Vec<Load>,
    pub(crate) taps: Vec<Tap>,
    pub(crate) programs: Programs,
    /// By step.
    pub(crate) hops: Vec<Hop>,
    pub(crate) distances: Distances,
    pub(crate) window: Window,
    /// After this nothing is waited for [ns].
    pub(crate) drained: Ns,
}

impl Table {
    pub(crate) fn new(document: &Document, seed: u64, agenda: &mut Agenda) -> Result<Self, Vec<Problem>> {
        let mut build = Build { document, seed, agenda, ring_points: 0, problems: Vec::new() };
        let table = build.table();
        if build.problems.is_empty() { Ok(table) } else { Err(build.problems) }
    }
}

pub(crate) struct Build<'a> {
    pub(crate) document: &'a Document,
    pub(crate) seed: u64,
    pub(crate) agenda: &'a mut Agenda,
    /// Places on the rings of balancers so far.
    pub(crate) ring_points: u64,
    problems: Vec<Problem>,
}

impl Build<'_> {
    fn table(&mut self) -> Table {
        let (window, drained) = self.window();
        let mut distances = Distances::new(self.document);
        let (components, stations) = self.components(&mut distances);
        if let Some(most) = distances.too_many() {
            self.problem("network".into(), format!("This engine tells at most {most} zones and regions apart."), "Name fewer zones.");
        }
        let names: Vec<String> = self.document.components.keys().cloned().collect();
        let kinds: Vec<String> = self.document.components.values().map(|component| component.kind.clone()).collect();
        let (classes, programs) = self.classes(&names, &kinds, &mut distances);
        let taps = self.taps(&classes);
        let edges = self.edges(&programs, &names, &components);
        let hops = self.hops(&programs, &classes, &names);
        Table { names, kinds, components, stations, edges, classes, taps, programs, hops, distances, window, drained }
    }

    pub(crate) fn problem(&mut self, path: String, message: impl Into<String>, suggestion: &str) {
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

    fn components(&mut self, distances: &mut Distances) -> (Vec<Component>, Vec<Station>) {
        let (mut components, mut stations) = (Vec::new(), Vec::new());
        for (name, described) in &self.document.components {
            let number = components.len() as u32;
            let words = Words(&described.settings);
            let (component, made) = self.component(name, described, stations.len() as u64);
            let zones = words.names("zones");
            for replica in 0..made {
                let zone = (!zones.is_empty()).then(|| zones[replica as usize % zones.len()].as_str());
                let mut station = Station::new(number, distances.place(words.word("region"), zone));
                station.shared = (component.order == Order::Shared).then(|| Box::new(Sharing::default()));
                stations.push(station);
            }
            components.push(component);
        }
        (components, stations)
    }

    /// A component, and how many replicas are made for it.
    fn component(&mut self, name: &str, described: &Described, first: u64) -> (Component, u32) {
        let at = |key: &str| format!("components.{name}.{key}");
        let words = Words(&described.settings);
        let kind = described.kind.as_str();
        if design::catalogue::kind(kind).is_none() {
            self.problem(at("kind"), format!("This engine does not run a component of kind `{kind}`."), "Name a kind of the catalogue.");
        }
        let (mut replicas, mut made) = crate::part::replicas(kind, words);
        if replicas == 0 || first + made > MOST_STATIONS {
            self.problem(at("replicas"), format!("A run has at least one and in all at most {MOST_STATIONS} replicas."), "Write fewer.");
            (replicas, made) = (1, 1);
        }
        let workers = words.limit("workers").or_else(|| words.limit("pool"));
        let workers = workers.unwrap_or(if matches!(kind, "service" | "relational") { 1 } else { UNLIMITED });
        if workers == 0 {
            self.problem(at("workers"), "Without a worker nothing is ever served.", "Write at least 1.");
        }
        let service = self.sampler(name, words, "time").unwrap_or(Sampler::Constant(0));
        let manner = self.manners(name, kind, words);
        let part = Part::new(self, name, kind, words);
        let lane = service.constant().map_or(CALENDAR, |time| self.agenda.lane(time));
        let mut component = Component {
            first: first as u32,
            replicas: replicas as u32,
            workers,
            queue: words.limit("queue").unwrap_or(UNLIMITED),
            order: order(words.word("order")),
            holds: words.flag("holds").unwrap_or(true),
            special: false,
            picky: part.is_picky(),
            turn: 0,
            assumed: if let Part::Cache(caches) = &part { caches.first().and_then(Cache::assumed) } else { None },
            service,
            lane,
            times: Stream::new(self.seed, name, "time"),
            choices: Stream::new(self.seed, name, "choice"),
            account: Account::default(),
            waits: Histogram::default(),
            part,
            manner,
        };
        component.settle_special();
        (component, made as u32)
    }

    pub(crate) fn sampler(&mut self, name: &str, words: Words, key: &str) -> Option<Sampler> {
        match Sampler::new(words.distribution(key)?) {
            Ok(sampler) => Some(sampler),
            Err(message) => {
                self.problem(format!("components.{name}.{key}"), message, "Write it as in \"exp 5 ms\".");
                None
            }
        }
    }

    fn manners(&mut self, name: &str, kind: &str, words: Words) -> Manners {
        let shed = words.word("shed");
        Manners {
            write: self.sampler(name, words, "write"),
            patience: self.sampler(name, words, "patience"),
            shed: shed.parse().ok(),
            failures: words.share("failures").unwrap_or(0),
            errors: 0,
            quota: None,
            serial: words.fraction("serial"),
            coherency: words.fraction("coherency"),
            slow: 1.0,
            start: self.sampler(name, words, "start"),
            idle: words.time("idle").unwrap_or(0),
            feeds: Vec::new(),
            tied: false,
            rows: matches!(kind, "relational" | "keyvalue" | "document") && self.document.is_transactional(name),
        }
    }

    fn classes(&mut self, names: &[String], kinds: &[String], distances: &mut Distances) -> (Vec<Load>, Programs) {
        let (mut classes, mut programs) = (Vec::new(), Programs::default());
        let mut users = 0u64;
        let document = self.document;
        if document.workload.classes.is_empty() {
            self.problem(
                "workload".into(),
                "There are no requests: the workload has no class.",
                "Write one such as buy = { from = \"users\", arrivals = \"poisson 90/s\" }.",
            );
        }
        // Names are in order.
        let number_of = |name: &str| names.binary_search_by(|known| known.as_str().cmp(name)).ok().map(|number| number as u32);
        let transacts: Vec<bool> =
            names.iter().zip(kinds).map(|(name, kind)| kind == "relational" && document.is_transactional(name)).collect();
        let data_of = |name: &str| document.data.keys().position(|known| known == name).map_or(0, |at| at as u16 + 1);
        for (name, class) in &document.workload.classes {
            let at = |key: &str| format!("workload.{name}.{key}");
            let Some(from) = number_of(&class.from) else {
                self.problem(
                    at("from"),
                    format!("There is no component `{}` that could send these requests.", class.from),
                    "Name a component of kind clients.",
                );
                continue;
            };
            let calls = document.calls.get(name).map_or(&[][..], |calls| calls);
            if let Some(missing) = first_missing(calls, &number_of) {
                self.problem(
                    format!("calls.{name}"),
                    format!("The plan calls `{missing}`, which is no component."),
                    "Name one that stands under [components].",
                );
                continue;
            }
            let find = |to: &str| {
                let number = number_of(to).unwrap_or(from);
                let manner = if transacts[number as usize] { Manner::Transacts } else { manner(&kinds[number as usize]) };
                (number, manner)
            };
            let mut compiler = Compiler {
                programs: &mut programs,
                class: classes.len() as u32,
                most: 1,
                find: &find,
                data: &data_of,
                hedged: &|from, to| {
                    let words = Words(&document.links.get(&link(names, from, to))?.settings);
                    let cancel = words.flag("cancel").unwrap_or(false);
                    if let Some(after) = words.time("tied") {
                        return Some(Hedge { after, more: 1, cancel, tied: true });
                    }
                    let (after, more) = (words.time("hedge")?, words.count("hedges").unwrap_or(1) as u32);
                    Some(Hedge { after, more, cancel, tied: false })
                },
            };
            let program = compiler.root(from, calls);
            let words = Words(&class.settings);
            let described = &document.components[&class.from];
            let mut load = Load {
                name: name.clone(),
                program,
                place: distances.place(Words(&described.settings).word("region"), None),
                users: 0,
                think: Sampler::Constant(0),
                first_user: users as u32,
                keys: words.word("keys").parse::<Keys>().ok().map(|keys| KeySource::new(&keys, classes.len() as u64)),
                sessions: words.count("sessions").unwrap_or(0),
                priority: words.count("priority").unwrap_or(0) as usize,
                deadline: words.time("deadline").unwrap_or(Ns::MAX),
                arrivals: Stream::new(self.seed, name, "arrivals"),
                key_stream: Stream::new(self.seed, name, "keys"),
                calls: Stream::new(self.seed, name, "calls"),
            };
            if let Some(Arrivals::Closed { users: more, think }) = &class.arrivals {
                users += self.closed(&mut load, at("arrivals"), more.base(), think, users);
            }
            classes.push(load);
        }
        if programs.depth > MOST_DEPTH {
            self.problem("calls".into(), format!("Calls are nested deeper than {MOST_DEPTH}."), "Make the chain shorter.");
        }
        debug_assert!(MOST_USERS < MOST_INDEX as u64, "users have numbers in the agenda");
        (classes, programs)
    }

    /// Gives a class its closed-loop users, and says how many.
    fn closed(&mut self, load: &mut Load, path: String, more: u64, think: &design::Distribution, before: u64) -> u64 {
        match Sampler::new(think) {
            Ok(think) => load.think = think,
            Err(message) => self.problem(path.clone(), message, "Write it as in \"closed 50 users think exp 1 s\"."),
        }
        if before + more > MOST_USERS {
            self.problem(
                path,
                format!("This engine holds at most {MOST_USERS} closed-loop users."),
                "Write fewer users, or open arrivals.",
            );
            return 0;
        }
        load.users = more as u32;
        more
    }

    fn taps(&mut self, classes: &[Load]) -> Vec<Tap> {
        let mut taps = Vec::new();
        let workload = &self.document.workload;
        for (number, load) in classes.iter().enumerate() {
            let Some(class) = workload.classes.get(&load.name) else { continue };
            let arrivals = match (&class.arrivals, class.share) {
                (Some(Arrivals::Closed { .. }), _) | (None, Some(_)) => continue,
                (Some(arrivals), _) => arrivals,
                (None, None) => {
                    let path = format!("workload.{}", load.name);
                    self.problem(path, "The class does not say how its requests arrive.", "Write arrivals = \"poisson 90/s\".");
                    continue;
                }
            };
            let stream = Stream::new(self.seed, &load.name, "arrivals");
            let path = format!("workload.{}.arrivals", load.name);
            taps.extend(self.tap(arrivals, path, stream, vec![(number as u32, 1_000_000_000)]));
        }
        let mut sum = 0;
        let shared: Vec<(u32, u64)> = classes
            .iter()
            .zip(0..)
            .filter_map(|(load, number)| {
                sum += workload.classes.get(&load.name)?.share?.base();
                Some((number, sum))
            })
            .collect();
        if let (Some(arrivals), false) = (&workload.arrivals, shared.is_empty()) {
            let stream = Stream::new(self.seed, "", "arrivals");
            taps.extend(self.tap(arrivals, "workload.arrivals".into(), stream, shared));
        }
        taps
    }

    fn tap(&mut self, arrivals: &Arrivals, path: String, stream: Stream, classes: Vec<(u32, u64)>) -> Option<Tap> {
        match Source::new(arrivals, self.document) {
            Ok(source) => Some(Tap { source, stream, classes, lane: self.agenda.lane_of_one(), next: 0 }),
            Err(message) => {
                self.problem(path, message, "Write it as in \"poisson 90/s\".");
                None
            }
        }
    }
}

impl Component {
    /// Whether anything out of the ordinary can happen to a call here.
    pub(crate) fn settle_special(&mut self) {
        let manner = &self.manner;
        let assumed = matches!(&self.part, Part::Cache(caches) if caches.iter().all(Cache::is_assumed));
        self.special = !(assumed || matches!(self.part, Part::Plain))
            || !matches!(self.order, Order::First)
            || manner.write.is_some()
            || manner.patience.is_some()
            || manner.shed.is_some()
            || manner.failures > 0
            || manner.errors > 0
            || manner.quota.is_some()
            || manner.serial > 0.0
            || manner.coherency > 0.0
            || manner.slow != 1.0
            || manner.start.is_some()
            || !manner.feeds.is_empty()
            || manner.tied
            || manner.rows;
    }
}

fn order(word: &str) -> Order {
    match word {
        "lifo" => Order::Last,
        "priority" => Order::Priority,
        "random" => Order::Random,
        "shared" => Order::Shared,
        "adaptive lifo" => Order::AdaptiveLast,
        _ => Order::First,
    }
}

fn manner(kind: &str) -> Manner {
    match kind {
        "cache" | "cdn" => Manner::ReadsThrough,
        "log" | "queue" => Manner::HandsOn,
        "relational" | "keyvalue" => Manner::Settles,
        _ => Manner::Plain,
    }
}

/// The arrow between two components.
pub(crate) fn link(names: &[String], from: u32, to: u32) -> design::LinkName {
    design::LinkName { from: names[from as usize].clone(), to: names[to as usize].clone() }
}

/// The first name in a plan that no component has.
fn first_missing<'a>(calls: &'a [Call], number_of: &dyn Fn(&str) -> Option<u32>) -> Option<&'a str> {
    calls.iter().find_map(|call| {
        if number_of(&call.to).is_none() {
            return Some(call.to.as_str());
        }
        [&call.then, &call.miss, &call.statements].into_iter().find_map(|calls| first_missing(calls, number_of))
    })
}
