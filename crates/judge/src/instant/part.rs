//! One component as a station: its shape and service read from the design, and what about it no
//! formula here says.

use design::{Component, Document};

use super::network::Place;
use super::station::{Order, Routing, Shape};
use super::time::Time;
use super::words::Words;

pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    pub(super) shape: Shape,
    pub(super) read: Time,
    pub(super) write: Time,
    pub(super) exponential: bool,
    /// A worker stays taken while it waits for its calls.
    pub(super) holds: bool,
    /// The share that fails after it was served.
    pub(super) failures: f64,
    /// The share that a cache answers; none: it does not cache.
    pub(super) hits: Option<f64>,
    /// Calls below it are made later, by those who pull its messages.
    pub(super) broker: bool,
    pub(super) relays: bool,
    pub(super) place: Place<'a>,
    /// How calls from it are spread over the replicas of the callee, if it says so.
    pub(super) spreads: Spread,
    /// The rate above which it refuses [per second].
    pub(super) quota: Option<f64>,
    /// Why the time spent there is not told.
    pub(super) silent: Option<&'static str>,
    /// Why what comes after it is not known either.
    pub(super) disturbs: Option<&'static str>,
}

/// What a caller does with replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spread {
    By(Routing),
    /// By keys, weights or sessions, or by what was known a while ago.
    Untold,
}

impl<'a> Part<'a> {
    pub(super) fn new(document: &Document, name: &'a str, component: &'a Component) -> Self {
        let words = Words(&component.settings);
        let kind = component.kind.as_str();
        let time = |key: &str| words.distribution(key).map(Time::of);
        let read = time("time").unwrap_or(Time::ZERO);
        let write = if kind == "relational" { time("write").unwrap_or(read) } else { read };
        let one = if matches!(kind, "service" | "relational") { 1.0 } else { f64::INFINITY };
        let order = match words.word("order") {
            "shared" => Order::Shared,
            "lifo" | "random" | "adaptive lifo" => Order::Blind,
            _ => Order::First,
        };
        let shape = Shape {
            workers: words.limit("workers").or_else(|| words.limit("pool")).unwrap_or(one),
            replicas: words.count("replicas").unwrap_or(1.0).max(1.0),
            queue: words.limit("queue").unwrap_or(f64::INFINITY),
            order,
            routing: Routing::Turns,
        };
        let caches = matches!(kind, "cache" | "cdn");
        let of_rows = document.is_transactional(name);
        Self {
            name,
            shape,
            read,
            write,
            exponential: matches!(words.distribution("time"), Some(design::Distribution::Exponential { .. })),
            holds: !words.has("holds") || words.flag("holds"),
            failures: words.share("failures").unwrap_or(0.0),
            hits: caches.then(|| words.share("hits").unwrap_or(0.0)),
            broker: matches!(kind, "log" | "queue"),
            relays: kind == "relational",
            place: Place { region: words.word("region"), zones: words.names("zones") },
            spreads: if kind == "balancer" { spread(words) } else { Spread::By(Routing::Turns) },
            quota: words.rate("limit").filter(|_| kind == "external"),
            silent: silent(kind, words, &shape).or(of_rows.then_some("its calls depend on what others do to the same row")),
            disturbs: disturbs(kind, words).or(of_rows.then_some("calls fail when a row has changed or nothing is left in it")),
        }
    }
}

fn spread(words: Words) -> Spread {
    if words.flag("sticky") {
        return Spread::Untold;
    }
    let fresh = words.time("stale").unwrap_or(0.0) == 0.0;
    match words.word("policy") {
        "random" => Spread::By(Routing::Random),
        "two choices" if fresh => Spread::By(Routing::TwoChoices),
        "least connections" if fresh => Spread::By(Routing::Least),
        "weighted" if !words.has("weights") => Spread::By(Routing::Turns),
        "round robin" | "" => Spread::By(Routing::Turns),
        _ => Spread::Untold,
    }
}

fn disturbs(kind: &str, words: Words) -> Option<&'static str> {
    match kind {
        "limiter" => Some("it refuses by what came just before, which no mean tells"),
        "dns" => Some("how many look-ups are made follows from what each caller still remembers"),
        "cache" | "cdn" if words.has("entries") || words.has("memory") => {
            Some("which keys it holds follows from what was asked before; write `hits` to assume a share")
        }
        _ => None,
    }
}

fn silent(kind: &str, words: Words, shape: &Shape) -> Option<&'static str> {
    let above_zero = |key: &str| words.share(key).unwrap_or(0.0) > 0.0;
    let finite = shape.workers.is_finite();
    let many = |key: &str| words.count(key).unwrap_or(1.0) > 1.0;
    if words.has("autoscale") {
        Some("its replicas follow the load")
    } else if words.has("start") {
        Some("its replicas may be switched off when a request comes")
    } else if above_zero("serial") || above_zero("coherency") {
        Some("its workers slow each other down")
    } else if finite && words.has("patience") {
        Some("requests leave its queue when they lose patience")
    } else if finite && words.has("shed") {
        Some("it sheds what waits too long")
    } else if finite && words.word("order") == "priority" {
        Some("it serves by priority")
    } else if words.time("commit").unwrap_or(0.0) > 0.0 {
        Some("its writes wait for the next group commit")
    } else if words.flag("locks") {
        Some("its writes wait for those to the same row")
    } else if words.table("followers").is_some_and(|followers| followers.count("count").unwrap_or(1.0) > 0.0) {
        Some("its followers answer some of the reads")
    } else if kind == "keyvalue" && many("copies") {
        Some("each request waits for several of its copies")
    } else if finite && matches!(kind, "keyvalue" | "document" | "search") && (many("shards") || many("replicas")) {
        Some("the key decides which of its parts is asked, and keys are not alike")
    } else if words.bandwidth("bandwidth").is_finite() {
        Some("bodies share its bandwidth")
    } else {
        None
    }
}
