//! A design without one of its components: whoever called it makes the calls that it made. What holds
//! data, or gives an answer that nobody else has, cannot be gone around, and why is said.

use design::{Call, CallMode, Document, LinkName, Setting};
use units::{Duration, Share};

/// The document without a component, or why there is none. Its plans are written out already.
pub(super) fn without(document: &Document, name: &str) -> Result<Document, String> {
    let kind = document.components.get(name).map_or("", |component| component.kind.as_str());
    let holds = |data: &&String| document.data[*data].settings.get("home") == Some(&Setting::Word(name.to_owned()));
    if let Some(data) = document.data.keys().find(holds).filter(|_| !matches!(kind, "cache" | "cdn")) {
        return Err(format!("it holds {data}"));
    }
    let mut changed = document.clone();
    let mut why = None;
    for calls in changed.calls.values_mut() {
        *calls = around(calls, name, kind, &mut why);
    }
    if let Some(why) = why {
        return Err(why);
    }
    if let Some((class, _)) = changed.calls.iter().find(|(_, calls)| calls.is_empty()) {
        return Err(format!("nothing else answers {class}"));
    }
    join_links(&mut changed, name);
    changed.components.remove(name);
    changed.prices.own.remove(name);
    changed.faults.retain(|fault| !fault.what.to_string().split([' ', '.']).any(|word| word == name));
    Ok(changed)
}

fn around(calls: &[Call], name: &str, kind: &str, why: &mut Option<String>) -> Vec<Call> {
    let mut kept = Vec::new();
    for call in calls {
        let below = Call { then: around(&call.then, name, kind, why), miss: around(&call.miss, name, kind, why), ..call.clone() };
        if call.to != name {
            kept.push(below);
            continue;
        }
        let is_end = below.then.is_empty() && below.miss.is_empty();
        if is_end {
            *why = why.take().or_else(|| needed(call, kind));
        }
        kept.extend(below.then.iter().chain(&below.miss).map(|inner| instead(call, inner)));
    }
    kept
}

/// Why a call at which a request ends cannot be left out.
fn needed(call: &Call, kind: &str) -> Option<String> {
    match kind {
        "dns" | "limiter" | "balancer" | "gateway" => None,
        // What is put there, is there for later reads only.
        "cache" | "cdn" if !call.reads() => None,
        "cache" | "cdn" => Some("no plan says where its answers come from otherwise".into()),
        _ if call.optional || call.mode == CallMode::Async => None,
        "queue" | "log" => Some("its messages go nowhere else".into()),
        "relational" | "keyvalue" | "document" | "columnar" | "objects" | "search" => Some("requests end there: it is a store".into()),
        _ => Some("requests end there: nobody else gives its answer".into()),
    }
}

/// A call made in the place of the one that made it.
fn instead(outer: &Call, inner: &Call) -> Call {
    let mut call = inner.clone();
    if call.mode == CallMode::Sequence {
        call.mode = outer.mode;
    }
    call.optional |= outer.optional;
    call.times.0 *= outer.times.0;
    call.probability = Share((u128::from(call.probability.0) * u128::from(outer.probability.0) / u128::from(Share::ONE.0)) as u64);
    call
}

/// Each caller gets an arrow to whatever was called: the way is as long as both were, and the caller's
/// policy stays what it was.
fn join_links(document: &mut Document, name: &str) {
    let from: Vec<_> =
        document.links.iter().filter(|(link, _)| link.to == name).map(|(link, own)| (link.from.clone(), own.clone())).collect();
    let to: Vec<_> =
        document.links.iter().filter(|(link, _)| link.from == name).map(|(link, own)| (link.to.clone(), own.clone())).collect();
    document.links.retain(|link, _| link.from != name && link.to != name);
    for (caller, first) in &from {
        for (callee, second) in to.iter().filter(|(callee, _)| callee != caller) {
            let mut joined = second.clone();
            joined.settings.extend(first.settings.iter().map(|(key, value)| (key.clone(), value.clone())));
            for key in ["rtt", "jitter"] {
                let sum = time(first.settings.get(key)).0 + time(second.settings.get(key)).0;
                if sum > 0 {
                    joined.settings.insert(key.into(), Setting::Duration(Duration(sum)));
                }
            }
            document.links.entry(LinkName { from: caller.clone(), to: callee.clone() }).or_insert(joined);
        }
    }
}

fn time(setting: Option<&Setting>) -> Duration {
    if let Some(Setting::Duration(time)) = setting { *time } else { Duration::ZERO }
}
