//! Time on the way: round trips, set-up of connections, bodies, and messages that never came.

use units::Dimension;

use super::facts::Facts;
use super::{Finding, Kind, say};

/// What the way to a component takes per request, and why.
pub(super) struct Road {
    /// [s]
    pub(super) seconds: f64,
    pub(super) finding: Finding,
}

/// Of all ways of a class to a component, the longest.
pub(super) fn cause(facts: &Facts<'_>, class: &str, at: &str) -> Option<Finding> {
    let ways = facts.callers(at).into_iter().filter_map(|from| way(facts, from, at, class));
    ways.max_by(|one, other| one.seconds.total_cmp(&other.seconds)).map(|way| way.finding)
}

/// The greatest part of the time on one arrow.
pub(super) fn way(facts: &Facts<'_>, from: &str, to: &str, class: &str) -> Option<Road> {
    let link = facts.link(from, to)?;
    let visits: Vec<_> = facts.visits.iter().filter(|visit| visit.class == class && visit.caller == from && visit.to == to).collect();
    if visits.is_empty() {
        return None;
    }
    let calls: f64 = visits.iter().map(|visit| visit.per_request / visit.at_once.min(visit.times) as f64).sum::<f64>().max(1e-9);
    let measured = facts.spent_at(class, to).network as f64 / 1e9;
    let rtt = link.time("rtt").unwrap_or(0.0) + 2.0 * link.time("jitter").unwrap_or(0.0);
    let fresh = 1.0 - link.share("reuse").unwrap_or(1.0);
    let trips = match link.word("tls") {
        "1.2" => 3.0,
        "1.3" => 2.0,
        _ => 1.0,
    };
    let connect = fresh * (trips * rtt + link.time("dns").unwrap_or(0.0));
    // What is left of the measured time is bodies, or the distance between places.
    let rest = (measured / calls - rtt - connect).max(0.0);
    let words = facts.class_words(class);
    let body = words.map_or(0.0, |words| words.bytes("request").unwrap_or(0.0) + words.bytes("response").unwrap_or(0.0));
    let narrow = link.bandwidth("bandwidth");
    let bounded = link.has("window") || link.share("packet_loss").is_some_and(|loss| loss > 0.0) || link.flag("slow_start");
    let is_body = body > 0.0 && (narrow.is_finite() || bounded);
    let (transfer, far) = if is_body { (rest, 0.0) } else { (0.0, rest) };
    let measures = [format!("network.{class}"), format!("{class}.mean"), format!("{class}.p99")];
    let all = say::time(measured);
    let size = units::Quantity::new(body, Dimension::DATA);
    let worst = transfer.max(connect).max(rtt + far);
    let (kind, sentence) = if worst == transfer {
        let why = match () {
            () if narrow.is_finite() => format!("the bandwidth of {}", units::Quantity::new(narrow, Dimension::BANDWIDTH)),
            () if link.has("window") => "the window, which must be acknowledged each round trip".to_owned(),
            () => "lost packets and slow starts".to_owned(),
        };
        (
            Kind::Bandwidth,
            format!(
                "The transfer of {size} between {from} and {to} takes most of the time of {class}: {all} of network, bounded by {why}."
            ),
        )
    } else if worst == connect {
        let text = format!(
            "New connections from {from} to {to} take most of the time of {class}: {} of calls set one up, which takes {} (name lookup, TCP, \
             TLS), and the round trip itself {}.",
            say::share(fresh),
            say::time(connect / fresh.max(1e-9)),
            say::time(rtt)
        );
        (Kind::Connections, text)
    } else {
        let each = rtt + far;
        let text = match calls {
            calls if calls >= 1.5 => format!(
                "{class} makes {} round trips from {from} to {to}, one after another and {} each: {all} on the network, most of its time.",
                say::number(calls),
                say::time(each)
            ),
            _ => format!("The round trip from {from} to {to} takes most of the time of {class}: {}.", say::time(each)),
        };
        (Kind::Distance, text)
    };
    let finding = say::cause(kind, to, sentence).shown(facts, &measures).with(format!("calls per {class}"), calls, Dimension::NONE);
    Some(Road { seconds: measured, finding })
}

/// Messages that vanish on an arrow, if they are enough to be felt.
pub(super) fn loss(facts: &Facts<'_>, from: &str, to: &str) -> Option<Finding> {
    let report = facts.report.links.get(&format!("{from} -> {to}"))?;
    let share = report.lost as f64 / report.calls.max(1) as f64;
    let says = facts.link(from, to)?.share("loss").unwrap_or(0.0);
    if share < 0.005 || says <= 0.0 {
        return None;
    }
    let sentence = format!(
        "Messages between {from} and {to} are lost: {} of the calls there get no answer, and {from} learns of it only by waiting in vain.",
        say::share(share)
    );
    Some(say::cause(Kind::Loss, to, sentence).shown(facts, &[format!("{from} -> {to}.lost"), format!("{from} -> {to}.calls")]))
}
