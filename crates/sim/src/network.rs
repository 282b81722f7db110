//! Arrows in use: how long a message takes, how a replica is chosen, and what the caller does
//! about slow answers. The rules; `run` applies them.

use sorted::BTreeMap;

use design::{Component as Described, Document};

use crate::agenda::{CALENDAR, Lane};
use crate::balance::{Choice, Ring};
use crate::part::Part;
use crate::policy::{Breaker, Budget, Guard, Throttle};
use crate::program::Programs;
use crate::random::Stream;
use crate::sample::whole;
use crate::station::Component;
use crate::table::{Build, Load, link};
use crate::time::{LAST, Ns};
use crate::words::Words;

/// Where distances are written, more places than this are refused [count].
const MOST_PLACES: usize = 1_000;
/// More places on rings than this are refused [count].
const MOST_POINTS: u64 = 4_000_000;

/// One arrow.
pub(crate) struct Edge {
    /// One way, for a message without a body [ns].
    pub(crate) way: Ns,
    /// The mean of the exponential added each way [ns].
    pub(crate) jitter: f64,
    /// How likely an open connection is found [billionths].
    pub(crate) reuse: u64,
    /// What a new connection costs [ns].
    pub(crate) setup: Ns,
    /// How likely a message is lost [billionths]; and the same by a fault.
    pub(crate) loss: u64,
    pub(crate) fault_loss: u64,
    /// Faults that cut this way and the way back.
    pub(crate) cut_there: u32,
    pub(crate) cut_back: u32,
    /// Whether nothing but a fixed time happens to a message.
    pub(crate) simple: bool,
    pub(crate) choice: Choice,
    pub(crate) turn: u32,
    pub(crate) stream: Stream,
    pub(crate) choices: Stream,
    pub(crate) guard: Option<Box<Guard>>,
    pub(crate) timeout_lane: Lane,
    // Since the start of the run.
    pub(crate) calls: u64,
    pub(crate) retries: u64,
    pub(crate) hedges: u64,
    pub(crate) lost: u64,
}

impl Edge {
    pub(crate) fn settle_simple(&mut self) {
        let clean = self.loss == 0 && self.fault_loss == 0 && self.cut_there == 0 && self.cut_back == 0;
        self.simple = clean && self.jitter == 0.0 && self.reuse == 1_000_000_000;
    }
}

/// How long a step's messages take [ns].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hop {
    pub(crate) there: Ns,
    pub(crate) back: Ns,
    pub(crate) there_lane: Lane,
    pub(crate) back_lane: Lane,
    /// What a large answer takes longer on a new connection [ns].
    pub(crate) slow_start: Ns,
}

/// Round trips between places: zones and regions that components stand in.
pub(crate) struct Distances {
    places: Vec<(String, String)>,
    numbers: BTreeMap<(String, String), u16>,
    document: BTreeMap<String, Ns>,
    /// [ns each way]
    table: Vec<Ns>,
    pub(crate) all_near: bool,
}

impl Distances {
    pub(crate) fn new(document: &Document) -> Self {
        let pairs = document.network.iter().map(|(name, rtt)| (name.clone(), rtt.base().min(LAST / 16))).collect();
        let nowhere = (String::new(), String::new());
        Self {
            places: vec![nowhere.clone()],
            numbers: BTreeMap::from([(nowhere, 0)]),
            document: pairs,
            table: Vec::new(),
            all_near: document.network.is_empty(),
        }
    }

    /// The number of a place.
    pub(crate) fn place(&mut self, region: &str, zone: Option<&str>) -> u16 {
        let place = (region.to_owned(), zone.unwrap_or("").to_owned());
        if let Some(&number) = self.numbers.get(&place) {
            return number;
        }
        self.places.push(place.clone());
        let number = (self.places.len() - 1).min(usize::from(u16::MAX)) as u16;
        self.numbers.insert(place, number);
        number
    }

    /// More places than can be told apart, if there are.
    pub(crate) fn too_many(&self) -> Option<usize> {
        let most = if self.all_near { usize::from(u16::MAX) } else { MOST_PLACES };
        (self.places.len() > most).then_some(most)
    }

    pub(crate) fn zone(&self, place: u16) -> &str {
        &self.places[usize::from(place)].1
    }

    pub(crate) fn region(&self, place: u16) -> &str {
        &self.places[usize::from(place)].0
    }

    pub(crate) fn settle(&mut self) {
        let n = if self.all_near { 0 } else { self.places.len() };
        self.table = (0..n * n).map(|pair| self.rtt(&self.places[pair / n], &self.places[pair % n]) / 2).collect();
    }

    fn rtt(&self, (from_region, from_zone): &(String, String), (to_region, to_zone): &(String, String)) -> Ns {
        let between = |a: &str, b: &str| {
            let (a, b) = if a < b { (a, b) } else { (b, a) };
            self.document.get(&format!("{a} -- {b}")).copied()
        };
        let general = |name: &str| self.document.get(name).copied().unwrap_or(0);
        let known = |text: &str| !text.is_empty();
        if known(from_zone)
            && known(to_zone)
            && from_zone != to_zone
            && let Some(rtt) = between(from_zone, to_zone)
        {
            return rtt;
        }
        if known(from_region) && known(to_region) && from_region != to_region {
            return between(from_region, to_region).unwrap_or_else(|| general("regions"));
        }
        if known(from_zone) && known(to_zone) && from_zone != to_zone { general("zones") } else { 0 }
    }

    /// [ns each way]
    #[inline]
    pub(crate) fn between(&self, from: u16, to: u16) -> Ns {
        if self.all_near { 0 } else { self.table[usize::from(from) * self.places.len() + usize::from(to)] }
    }
}

impl Build<'_> {
    pub(crate) fn edges(&mut self, programs: &Programs, names: &[String], components: &[Component]) -> Vec<Edge> {
        programs.ends().into_iter().map(|(from, to)| self.edge(names, from, to, &components[to as usize])).collect()
    }

    fn edge(&mut self, names: &[String], from: u32, to: u32, callee: &Component) -> Edge {
        let link = link(names, from, to);
        let empty = BTreeMap::new();
        let words = Words(self.document.links.get(&link).map_or(&empty, |link| &link.settings));
        let rtt = words.time("rtt").unwrap_or(0);
        // TCP takes one round trip before anything can be said, TLS 1.3 another and TLS 1.2 two.
        let trips = match words.word("tls") {
            "1.3" => 2,
            "1.2" => 3,
            _ => 1,
        };
        let reuse = words.share("reuse").unwrap_or(1_000_000_000);
        let (jitter, loss) = (words.time("jitter").unwrap_or(0) as f64, words.share("loss").unwrap_or(0));
        let setup = words.time("dns").unwrap_or(0) + trips * rtt;
        let guard = self.guard(words);
        let name = link.to_string();
        let timeout = guard.as_ref().and_then(|guard| guard.timeout);
        Edge {
            way: rtt / 2,
            jitter,
            reuse,
            setup,
            loss,
            fault_loss: 0,
            cut_there: 0,
            cut_back: 0,
            simple: jitter == 0.0 && reuse == 1_000_000_000 && loss == 0,
            choice: self.choice(&link.from, &link.to, callee),
            turn: 0,
            stream: Stream::new(self.seed, &name, "network"),
            choices: Stream::new(self.seed, &name, "choice"),
            guard,
            timeout_lane: timeout.map_or(CALENDAR, |timeout| self.agenda.lane(timeout)),
            calls: 0,
            retries: 0,
            hedges: 0,
            lost: 0,
        }
    }

    fn guard(&self, words: Words) -> Option<Box<Guard>> {
        let retry = words.table("retry");
        let retried = retry.and_then(|retry| retry.count("attempts")).unwrap_or(1);
        let breaker = words.table("breaker");
        let guard = Guard {
            timeout: words.time("timeout"),
            cancel: words.flag("cancel").unwrap_or(false),
            attempts: retried as u32,
            backoff: retry.and_then(|retry| retry.word("backoff").parse().ok()),
            budget: retry.and_then(|retry| retry.share("budget")).map(Budget::new),
            bulkhead: words.limit("bulkhead"),
            under_way: 0,
            breaker: breaker.map(|breaker| {
                Breaker::new(
                    breaker.share("errors").unwrap_or(500_000_000),
                    breaker.count("calls").unwrap_or(20),
                    breaker.time("window").unwrap_or(10_000_000_000),
                    breaker.time("open").unwrap_or(5_000_000_000),
                )
            }),
            throttle: words.share("throttle").map(|k| Throttle::new(k as f64 / 1e9)),
        };
        let guarded = guard.timeout.is_some()
            || guard.attempts > 1
            || guard.bulkhead.is_some()
            || guard.breaker.is_some()
            || guard.throttle.is_some();
        guarded.then(|| Box::new(guard))
    }

    fn choice(&mut self, from: &str, to: &str, callee: &Component) -> Choice {
        let balancer = self.document.components.get(from).filter(|component: &&Described| component.kind == "balancer");
        let Some(words) = balancer.map(|balancer| Words(&balancer.settings)) else { return Choice::turns() };
        let points = words.count("vnodes").unwrap_or(100);
        let salt = Stream::new(self.seed, to, "ring").bits();
        let replicas = if let Part::Scaled(scaler) = &callee.part { scaler.max.max(callee.replicas) } else { callee.replicas };
        if matches!(words.word("policy"), "hash" | "bounded hash") {
            self.ring_points = self.ring_points.saturating_add(points.saturating_mul(replicas.into()));
        }
        if self.ring_points > MOST_POINTS {
            self.problem(
                format!("components.{from}.vnodes"),
                format!("This engine holds at most {MOST_POINTS} places on the rings of all balancers together."),
                "Write fewer, such as vnodes = 100.",
            );
            return Choice::turns();
        }
        Choice::of_balancer(words, || Ring::new(replicas, points, salt))
    }

    /// How long the messages of each step take: half the round trip, and the bodies of its class
    /// at the bandwidth that is left.
    pub(crate) fn hops(&mut self, programs: &Programs, classes: &[Load], names: &[String]) -> Vec<Hop> {
        let ends = programs.ends();
        programs
            .steps
            .iter()
            .map(|step| {
                let empty = BTreeMap::new();
                let link = ends.get(step.edge as usize).map(|(from, to)| link(names, *from, *to));
                let words = Words(link.and_then(|link| self.document.links.get(&link)).map_or(&empty, |link| &link.settings));
                let class = self.document.workload.classes.get(&classes[step.class as usize].name);
                let class = Words(class.map_or(&empty, |class| &class.settings));
                let rtt = words.time("rtt").unwrap_or(0);
                let (there, back) = (rtt / 2 + travel(words, class, "request", rtt), rtt - rtt / 2 + travel(words, class, "response", rtt));
                let slow_start =
                    if words.flag("slow_start") == Some(true) { slow_start_trips(class.bytes("response").unwrap_or(0)) * rtt } else { 0 };
                Hop { there, back, there_lane: self.agenda.lane(there), back_lane: self.agenda.lane(back), slow_start }
            })
            .collect()
    }
}

const SEGMENT: u64 = 1460;

/// The time that a body takes beside the round trip: size by bandwidth, by what a window of
/// unacknowledged data allows, and by what TCP reaches under packet loss (Mathis, Semke, Mahdavi,
/// Ott, "The macroscopic behavior of the TCP congestion avoidance algorithm", 1997).
fn travel(words: Words, class: Words, key: &str, rtt: Ns) -> Ns {
    let size = class.bytes(key).unwrap_or(0) as f64;
    let mut rate = words.bandwidth("bandwidth").unwrap_or(f64::INFINITY);
    let trip = rtt as f64 / 1e9;
    if let Some(window) = words.bytes("window").filter(|_| rtt > 0) {
        rate = rate.min(window as f64 / trip);
    }
    let loss = words.fraction("packet_loss");
    if loss > 0.0 && rtt > 0 {
        rate = rate.min(SEGMENT as f64 / trip * 1.5f64.sqrt() / loss.sqrt());
    }
    if rate.is_finite() { whole(size / rate * 1e9).min(LAST / 16) } else { 0 }
}

/// Round trips beyond the first that a body needs on a new connection: ten segments in the first
/// (RFC 6928), and twice as many in each that follows.
pub(crate) fn slow_start_trips(size: u64) -> u64 {
    let segments = size.div_ceil(SEGMENT);
    let mut trips = 0;
    let mut sent = 10u64;
    while sent < segments {
        trips += 1;
        sent = sent.saturating_mul(2).saturating_add(10);
    }
    trips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_start_takes_the_round_trips_of_its_windows() {
        // D98: 10, 14.6, 50, 100, 500 kB and 1 MB take 1, 1, 3, 3, 6, 7 round trips.
        let trips = [10_000, 14_600, 50_000, 100_000, 500_000, 1_000_000].map(|size| 1 + slow_start_trips(size));
        assert_eq!(trips, [1, 1, 3, 3, 6, 7]);
    }

    #[test]
    fn the_distance_is_that_of_the_nearest_word() {
        let document = Document {
            network: [("zones", 1), ("regions", 80), ("eu-west -- us-east", 78), ("a -- b", 2)]
                .map(|(name, ms)| (name.to_owned(), units::Duration::from_millis(ms)))
                .into(),
            ..Document::default()
        };
        let mut distances = Distances::new(&document);
        let places = [("us-east", "a"), ("us-east", "b"), ("us-east", "c"), ("eu-west", ""), ("ap", ""), ("", "")]
            .map(|(region, zone)| distances.place(region, Some(zone).filter(|zone| !zone.is_empty())));
        distances.settle();
        let rtt = |from: usize, to: usize| 2 * distances.between(places[from], places[to]) / 1_000_000;
        assert_eq!([rtt(0, 0), rtt(0, 1), rtt(0, 2), rtt(0, 3), rtt(3, 1), rtt(0, 4), rtt(0, 5)], [0, 2, 1, 78, 78, 80, 0]);
    }
}
