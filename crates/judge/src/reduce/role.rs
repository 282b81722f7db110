//! What each component allows, seen alone: that some of its replicas stand for all, that it passes
//! on whatever comes, or that it must see everything, and why.

use sorted::{BTreeMap, BTreeSet};

use design::{Arrivals, Call, Component, Document, Keys, Resolved, Spread, What};
use units::Count;

use crate::instant::words::Words;
use crate::require;

/// How much of a component a part of the design needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// So many replicas, shards or partitions, each with its own share of what comes; of how many
    /// at least one would have to be run.
    Alike { count: u64, least: u64 },
    /// Whatever comes is treated alike, however much it is.
    Passed,
    /// It must see all that comes: why.
    Whole(&'static str),
}

pub(super) struct Roles<'a> {
    pub(super) of: BTreeMap<&'a str, Role>,
    /// Components in which keys meet: fewer requests must ask for fewer keys.
    pub(super) keyed: BTreeSet<&'a str>,
    /// Requests come at random and go first to replicas in turn: every so many-th request is what
    /// every so many-th replica gets.
    pub(super) in_turn: bool,
}

/// Chosen at random, each replica is like one alone; a few of them differ by chance only.
const AT_RANDOM: u64 = 10;
/// In turn, the gaps at each become more even the more there are: by one in so many.
const IN_TURN: u64 = 100;
/// The fuller of two depends on all the others by one in so many.
const OF_TWO: u64 = 50;
/// What was slow at one comes again to another, so that chance at one moves all the others.
const ELSEWHERE: u64 = 25;

const POOL: &str = "it is one pool, and a pool is never cut into smaller ones";
const KEYS: &str = "what is asked for often is not asked for alike, so no part of its keys stands for all of them";

/// What about a design leaves nothing alike: sentences, or none.
pub(super) fn unlike(document: &Resolved) -> Option<Vec<String>> {
    let mut why = Vec::new();
    if !require::watches(&require::read(document).0).is_empty() {
        why.push("What is required of data is asked of each request.".into());
    }
    for fault in &document.faults {
        match &fault.what {
            What::Crash { target } | What::Freeze { target } | What::Slow { target, .. } if target.replica.is_some() => {
                why.push(format!("“{}” strikes one replica, which is then not like the others.", fault.what));
            }
            What::Skew { .. } | What::Hot { .. } => why.push(format!("With “{}” not all are alike.", fault.what)),
            _ => {}
        }
    }
    for (name, link) in &document.links {
        let words = Words(&link.settings);
        let shared = ["bulkhead", "breaker", "throttle"].into_iter().find(|word| words.has(word));
        let budget = words.table("retry").is_some_and(|retry| retry.has("budget")).then_some("budget");
        if let Some(word) = shared.or(budget) {
            why.push(format!("On {name}, `{word}` counts what all callers do together."));
        }
    }
    for (name, data) in &document.data {
        if data.settings.contains_key("value") {
            why.push(format!("A row of {name} has a value that all who ask for it share."));
        }
    }
    if document.calls.values().any(|calls| any(calls, &|call| !call.statements.is_empty())) {
        why.push("Transactions meet at rows, and fewer of them meet less often.".into());
    }
    for (name, class) in &document.workload.classes {
        match &class.arrivals {
            Some(Arrivals::Trace { .. }) => why.push(format!("{name} comes at the recorded times of each request.")),
            Some(Arrivals::Batches { .. }) => why.push(format!("{name} comes in batches, which a part of it would not.")),
            Some(Arrivals::Renewal { .. }) => why.push(format!("{name} comes with gaps that a part of it would not have.")),
            _ => {}
        }
    }
    (!why.is_empty()).then_some(why)
}

/// Whether this is true of any call, or of any that it leads to.
fn any(calls: &[Call], is: &dyn Fn(&Call) -> bool) -> bool {
    calls.iter().any(|call| is(call) || any(&call.then, is) || any(&call.miss, is))
}

impl<'a> Roles<'a> {
    pub(super) fn of(document: &'a Resolved) -> Self {
        let callers = callers(document);
        let keys_alike = document.workload.classes.values().all(|class| are_alike(Words(&class.settings).word("keys")));
        let mut roles = Self { of: BTreeMap::new(), keyed: BTreeSet::new(), in_turn: in_turn(document, &callers) };
        for (name, component) in &document.components {
            let least = callers.get(name.as_str()).map_or(Ok(IN_TURN), |callers| roles.least(document, (callers, name)));
            let (role, keyed) = role(document, component, least, keys_alike);
            roles.of.insert(name, role);
            if keyed {
                roles.keyed.insert(name);
            }
        }
        roles
    }

    /// How many replicas there must be at least, by who chooses among them.
    fn least(&self, document: &Document, (callers, name): (&BTreeSet<&str>, &str)) -> Result<u64, &'static str> {
        let mut least = 1;
        for caller in callers {
            if goes_elsewhere(document, caller, name) {
                least = least.max(ELSEWHERE);
            }
            let component = &document.components[*caller];
            let words = Words(&component.settings);
            let turns = if self.in_turn { AT_RANDOM } else { IN_TURN };
            least = least.max(match (component.kind.as_str(), words.word("policy")) {
                ("balancer", _) if words.flag("sticky") => return Err("sessions stay at its replicas, which makes them unlike"),
                ("balancer", "random") | ("log", _) => AT_RANDOM,
                ("balancer", "two choices") => OF_TWO,
                ("balancer", "least connections") => return Err("its balancer makes one pool of its replicas, which is never cut"),
                ("balancer", "hash" | "bounded hash") => return Err("its balancer gives each replica another share"),
                ("balancer", "weighted") if words.has("weights") => return Err("its balancer gives each replica another share"),
                _ => turns,
            });
        }
        Ok(least)
    }

    /// All numbers of which one could be run, the greatest first.
    pub(super) fn divisors(&self) -> Vec<u64> {
        let mut divisors = BTreeSet::new();
        for role in self.of.values() {
            if let Role::Alike { count, least } = role {
                divisors.extend((2..=count / least.max(&1)).filter(|divisor| count % divisor == 0));
            }
        }
        divisors.into_iter().rev().collect()
    }

    /// Why nothing is alike.
    pub(super) fn whys(&self) -> Vec<String> {
        let why = |(name, role): (&&str, &Role)| match role {
            Role::Whole(why) => Some(format!("{name}: {why}.")),
            Role::Alike { count, least } => Some(format!("{name}: of {count} there are too few; at least {least} would be run.")),
            Role::Passed => None,
        };
        let whys: Vec<String> = self.of.iter().filter_map(why).collect();
        if whys.is_empty() { vec!["There are no replicas of which some could stand for all.".into()] } else { whys }
    }
}

/// Whether a call that is slow or fails is made again, and then perhaps to another replica.
fn goes_elsewhere(document: &Document, from: &str, to: &str) -> bool {
    let name = design::LinkName { from: from.to_owned(), to: to.to_owned() };
    let words = document.links.get(&name).map(|link| Words(&link.settings));
    words.is_some_and(|words| ["retry", "hedge", "tied"].into_iter().any(|word| words.has(word)))
}

/// By component, who calls it.
fn callers(document: &Document) -> BTreeMap<&str, BTreeSet<&str>> {
    fn note<'a>(calls: &'a [Call], from: &'a str, callers: &mut BTreeMap<&'a str, BTreeSet<&'a str>>) {
        for call in calls {
            callers.entry(&call.to).or_default().insert(from);
            note(&call.then, &call.to, callers);
            note(&call.miss, from, callers);
        }
    }
    let mut callers = BTreeMap::new();
    for (name, class) in &document.workload.classes {
        note(document.calls.get(name).map_or(&[][..], |calls| calls), &class.from, &mut callers);
    }
    callers
}

/// One class that comes at random, and that goes to replicas in turn once only: what stands
/// behind the first is met in another order.
fn in_turn(document: &Document, callers: &BTreeMap<&str, BTreeSet<&str>>) -> bool {
    let mut classes = document.workload.classes.values();
    let (Some(class), None) = (classes.next(), classes.next()) else { return false };
    let several =
        |(_, component): &(&String, &Component)| matches!(component.kind.as_str(), "service" | "gateway") && replicas(component) > 1;
    let mut several = document.components.iter().filter(several);
    let (Some((name, _)), None) = (several.next(), several.next()) else { return false };
    let choosers: Vec<&str> = callers.get(name.as_str()).into_iter().flatten().copied().collect();
    let [chooser] = choosers.as_slice() else { return false };
    let chooser = &document.components[*chooser];
    let policy = Words(&chooser.settings).word("policy");
    let by_turns = chooser.kind != "balancer" || matches!(policy, "" | "round robin" | "weighted");
    by_turns && matches!(class.arrivals, Some(Arrivals::Poisson { .. }))
}

fn replicas(component: &Component) -> u64 {
    Words(&component.settings).count("replicas").unwrap_or(1.0) as u64
}

/// The role, and whether keys meet there.
fn role(document: &Document, component: &Component, least: Result<u64, &'static str>, keys_alike: bool) -> (Role, bool) {
    let words = Words(&component.settings);
    let count = replicas(component);
    let finite = words.limit("workers").or_else(|| words.limit("pool")).is_some_and(f64::is_finite);
    let among_replicas = || match (finite, least) {
        (false, _) => Role::Passed,
        (true, _) if count == 1 => Role::Whole(POOL),
        (true, Ok(least)) => Role::Alike { count, least: least.max(zones(words)) },
        (true, Err(why)) => Role::Whole(why),
    };
    let by_key = |role: Role| (if keys_alike { role } else { Role::Whole(KEYS) }, keys_alike);
    match component.kind.as_str() {
        "clients" | "scheduler" => (Role::Passed, false),
        "service" if words.has("autoscale") => (Role::Whole("its replicas come and go one by one"), false),
        "service" if words.has("start") => (Role::Whole("its replicas are switched on and off one by one"), false),
        "service" | "gateway" | "balancer" => (among_replicas(), false),
        "cache" | "cdn" if words.has("entries") || words.has("memory") => match finite {
            false => by_key(Role::Passed),
            true => (Role::Whole(POOL), false),
        },
        "cache" | "cdn" => (among_replicas(), false),
        "keyvalue" | "document" | "search" | "columnar" | "objects" => {
            let shards = words.count("shards").unwrap_or(1.0) as u64;
            let several = shards > 1 || words.count("copies").unwrap_or(1.0) > 1.0 || !document.data.is_empty();
            match (finite || words.bandwidth("bandwidth").is_finite(), several) {
                (false, false) => (Role::Passed, false),
                (false, true) => by_key(Role::Passed),
                (true, true) if shards > 1 || count > 1 => {
                    let count = if shards > 1 { common(shards, count.max(1)) } else { count };
                    by_key(Role::Alike { count, least: AT_RANDOM.max(words.count("copies").unwrap_or(1.0) as u64) })
                }
                _ => (among_replicas(), false),
            }
        }
        "log" => {
            let partitions = words.count("partitions").unwrap_or(1.0) as u64;
            by_key(Role::Alike { count: partitions, least: AT_RANDOM })
        }
        "external" if words.has("limit") => (Role::Whole("its quota counts all that comes"), false),
        "external" => (if finite { Role::Whole(POOL) } else { Role::Passed }, false),
        "relational" => (Role::Whole(POOL), false),
        "queue" => (Role::Whole("its consumers take from one backlog"), false),
        "limiter" => (Role::Whole("it counts all that comes"), false),
        "dns" => (Role::Whole("what each caller still remembers decides whether it is asked"), false),
        _ => (Role::Whole("nothing is known of its replicas"), false),
    }
}

/// Each zone must be there as often as the others.
fn zones(words: Words) -> u64 {
    words.names("zones").len() as u64
}

/// The greatest divisor that both have.
pub(super) fn common(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common(b, a % b) }
}

/// Whether each key is asked for as often as every other.
fn are_alike(keys: &str) -> bool {
    keys.is_empty() || keys.parse::<Keys>().is_ok_and(|keys| keys.hot.is_none() && !matches!(keys.spread, Spread::Zipf { .. }))
}

/// Of so many keys one in so many.
pub(super) fn fewer(keys: &str, one_in: u64) -> Option<String> {
    let keys = keys.parse::<Keys>().ok()?;
    let of = keys.of.map(|of| Count((of.0 / one_in).max(1)));
    Some(Keys { of, ..keys }.to_string())
}
