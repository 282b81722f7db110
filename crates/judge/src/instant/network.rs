//! How long the messages of one call take on an arrow, there and back. Losses and policies are the
//! business of `guard`.

use sorted::BTreeMap;

use design::Document;
use units::Duration;

use super::time::{Time, mixture};
use super::words::Words;

const SEGMENT: f64 = 1460.0;

/// Where a component stands: its region, and the zones of its replicas in turn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) region: &'a str,
    pub(super) zones: &'a [String],
}

/// There and back, with what a new connection costs when none is open.
pub(super) fn messages(document: &Document, from: Place, to: Place, link: Words, class: Words) -> Time {
    let rtt = link.time("rtt").unwrap_or(0.0);
    let bodies = travel(link, class, "request", rtt) + travel(link, class, "response", rtt);
    let mut time = Time::constant(rtt + bodies);
    if let Some(jitter) = link.time("jitter").filter(|jitter| *jitter > 0.0) {
        time = time.plus(Time::exponential(jitter).repeated(2.0, 0.0));
    }
    let fresh = 1.0 - link.share("reuse").unwrap_or(1.0);
    if fresh > 0.0 {
        let trips = match link.word("tls") {
            "1.3" => 2.0,
            "1.2" => 3.0,
            _ => 1.0,
        };
        let slow = if link.flag("slow_start") { windows(class.bytes("response").unwrap_or(0.0)) * rtt } else { 0.0 };
        let setup = link.time("dns").unwrap_or(0.0) + trips * rtt + slow;
        time = time.plus(Time::constant(setup).sometimes(fresh));
    }
    if document.network.is_empty() { time } else { time.plus(distance(&document.network, from, to)) }
}

/// The time that a body takes beside the round trip, by bandwidth, window and packet loss (Mathis,
/// Semke, Mahdavi, Ott 1997), as the engine has it.
fn travel(link: Words, class: Words, key: &str, rtt: f64) -> f64 {
    let size = class.bytes(key).unwrap_or(0.0);
    let mut rate = link.bandwidth("bandwidth");
    if let Some(window) = link.bytes("window").filter(|_| rtt > 0.0) {
        rate = rate.min(window / rtt);
    }
    let loss = link.share("packet_loss").unwrap_or(0.0);
    if loss > 0.0 && rtt > 0.0 {
        rate = rate.min(SEGMENT / rtt * 1.5f64.sqrt() / loss.sqrt());
    }
    if rate.is_finite() { size / rate } else { 0.0 }
}

/// Round trips beyond the first that a body needs on a new connection.
fn windows(size: f64) -> f64 {
    let (mut trips, mut sent) = (0.0, 10.0);
    while sent < (size / SEGMENT).ceil() {
        trips += 1.0;
        sent = sent * 2.0 + 10.0;
    }
    trips
}

/// The round trip between two places, of each pair of their zones alike.
fn distance(network: &BTreeMap<String, Duration>, from: Place, to: Place) -> Time {
    let nowhere = [String::new()];
    let zones = |place: Place| if place.zones.is_empty() { nowhere.to_vec() } else { place.zones.to_vec() };
    let (from_zones, to_zones) = (zones(from), zones(to));
    let chance = 1.0 / (from_zones.len() * to_zones.len()) as f64;
    let mut parts = Vec::new();
    for from_zone in &from_zones {
        for to_zone in &to_zones {
            let rtt = between(network, (from.region, from_zone), (to.region, to_zone));
            parts.push((chance, Time::constant(rtt)));
        }
    }
    mixture(&parts)
}

/// The nearest word for two places: the pair of zones, of regions, or what holds in general.
fn between(network: &BTreeMap<String, Duration>, (from_region, from_zone): (&str, &str), (to_region, to_zone): (&str, &str)) -> f64 {
    let general = |name: &str| network.get(name).map_or(0.0, |rtt| rtt.as_secs_f64());
    let pair = |a: &str, b: &str| {
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        network.get(&format!("{a} -- {b}")).map(|rtt| rtt.as_secs_f64())
    };
    let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
    let zones = differ(from_zone, to_zone);
    if let Some(rtt) = zones.then(|| pair(from_zone, to_zone)).flatten() {
        return rtt;
    }
    if differ(from_region, to_region) {
        return pair(from_region, to_region).unwrap_or_else(|| general("regions"));
    }
    if zones { general("zones") } else { 0.0 }
}
