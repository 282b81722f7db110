//! The smaller document: fewer replicas and requests, and for what must see everything a stream
//! of its own that stands for the requests that are not run.

use sorted::{BTreeMap, BTreeSet};

use design::{Arrivals, Call, CallMode, Class, Component, Distribution, Document, LinkName, Resolved, Setting};
use sim::Sampled;
use units::{Bytes, Count, Duration, Share};

use super::part::{Border, Part};
use super::{Smaller, listed, role};

pub(super) fn rewrite(document: &Resolved, part: &Part) -> Result<Smaller, String> {
    let mut smaller = document.document().clone();
    let elsewhere = free(&smaller.components, "elsewhere");
    let stand_ins = add_stand_ins(&mut smaller, document, part, &elsewhere);
    for name in document.workload.classes.keys() {
        if let Some(class) = smaller.workload.classes.get_mut(name) {
            thin(class, part);
        }
    }
    if let Some(arrivals) = &mut smaller.workload.arrivals {
        *arrivals = arrivals.scaled(one_of(part.one_in));
    }
    for (name, component) in &mut smaller.components {
        if part.alike.contains_key(name.as_str()) {
            ["replicas", "shards", "partitions"].into_iter().for_each(|key| divide(component, key, part.one_in));
        } else if part.passed.contains(name.as_str()) {
            ["entries", "memory"].into_iter().for_each(|key| divide(component, key, part.one_in));
        }
    }
    let resolved = design::resolve(&smaller).map_err(|problems| {
        let first = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
        format!("A smaller design could not be made of this one: {first}")
    })?;
    let owned = |name: &&str| (*name).to_owned();
    let mut left_out: BTreeSet<String> = stand_ins.into_iter().collect();
    if !left_out.is_empty() {
        left_out.insert(elsewhere.clone());
    }
    Ok(Smaller {
        document: resolved,
        told: told(document, part),
        sampled: Sampled {
            one_in: u32::try_from(part.one_in).unwrap_or(u32::MAX),
            stand_ins: left_out,
            alike: part.alike.keys().map(owned).collect(),
            passed: part.passed.iter().map(owned).collect(),
        },
        borders: borders(part, &elsewhere),
        above: part.above.iter().map(owned).collect(),
    })
}

/// By component at the border: the links of its callers that are run, and that of the stand-ins.
fn borders(part: &Part, elsewhere: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut borders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for border in &part.borders {
        let link = |from: &str| LinkName { from: from.to_owned(), to: border.call.to.clone() }.to_string();
        borders.entry(link(elsewhere)).or_default().insert(link(border.from));
    }
    borders
}

/// One in so many; to the nearest billionth.
fn one_of(one_in: u64) -> Share {
    Share((Share::ONE.0 + one_in / 2) / one_in)
}

/// A name that nobody has.
fn free<T>(names: &BTreeMap<String, T>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    while names.contains_key(&name) {
        name.push('_');
    }
    name
}

fn thin(class: &mut Class, part: &Part) {
    class.arrivals = class.arrivals.take().map(|arrivals| match arrivals {
        Arrivals::Poisson { rate } if part.in_turn => {
            let mean = Duration((part.one_in as f64 / rate.as_per_second() * 1e9) as u64);
            Arrivals::Renewal { gap: Distribution::Erlang { mean, stages: Count(part.one_in) } }
        }
        arrivals => arrivals.scaled(one_of(part.one_in)),
    });
    if let Some(Setting::Count(sessions)) = class.settings.get_mut("sessions") {
        sessions.0 = (sessions.0 / part.one_in).max(1);
    }
    if part.fewer_keys
        && let Some(Setting::Word(keys)) = class.settings.get_mut("keys")
        && let Some(fewer) = role::fewer(keys, part.one_in)
    {
        *keys = fewer;
    }
}

fn divide(component: &mut Component, key: &str, one_in: u64) {
    match component.settings.get_mut(key) {
        Some(Setting::Count(count)) if count.0 > 1 => *count = Count((count.0 / one_in).max(1)),
        Some(Setting::Bytes(bytes)) => *bytes = Bytes((bytes.0 / one_in).max(1)),
        _ => {}
    }
}

/// For each call to what must see everything: a class that makes it as often as all requests that
/// are not run would. The names of these classes.
fn add_stand_ins(smaller: &mut Document, document: &Document, part: &Part, elsewhere: &str) -> Vec<String> {
    let mut names = Vec::new();
    for border in &part.borders {
        let class = &document.workload.classes[border.class];
        let Some(arrivals) = at_random(class, document) else { continue };
        let rest = border.per_request * (1.0 - 1.0 / part.one_in as f64);
        let stand_in = Class {
            from: elsewhere.to_owned(),
            arrivals: Some(arrivals.scaled(Share((rest * Share::ONE.0 as f64) as u64))),
            share: None,
            settings: class.settings.clone(),
        };
        let name = free(&smaller.workload.classes, &format!("{}-elsewhere", border.class));
        let call = Call {
            probability: Share::ONE,
            times: Count(1),
            mode: CallMode::Sequence,
            wait: None,
            cancel: false,
            optional: false,
            ..border.call.clone()
        };
        add_links(smaller, border, std::slice::from_ref(&call), elsewhere);
        smaller.calls.insert(name.clone(), vec![call]);
        smaller.workload.classes.insert(name.clone(), stand_in);
        names.push(name);
    }
    if !names.is_empty() {
        let clients = Component { kind: "clients".into(), settings: BTreeMap::new() };
        smaller.components.insert(elsewhere.to_owned(), clients);
    }
    names
}

/// Of many who send now and then, all together send at random.
fn at_random(class: &Class, document: &Document) -> Option<Arrivals> {
    let arrivals = match (&class.arrivals, &document.workload.arrivals, class.share) {
        (Some(arrivals), ..) => arrivals.clone(),
        (None, Some(arrivals), Some(share)) => arrivals.scaled(share),
        (None, arrivals, None) => arrivals.clone()?,
        (None, None, Some(_)) => return None,
    };
    Some(match arrivals {
        Arrivals::Constant { rate } => Arrivals::Poisson { rate },
        arrivals => arrivals,
    })
}

/// The network and the policy of the caller whose calls they stand for.
fn add_links(smaller: &mut Document, border: &Border, calls: &[Call], elsewhere: &str) {
    for call in calls {
        let name = |from: &str| LinkName { from: from.to_owned(), to: call.to.clone() };
        let link = smaller.links.get(&name(border.from)).cloned().unwrap_or_default();
        smaller.links.insert(name(elsewhere), link);
        add_links(smaller, border, &call.miss, elsewhere);
    }
}

fn told(document: &Document, part: &Part) -> Vec<String> {
    let mut told = vec![format!("One request in {} is run, and told as {}.", part.one_in, part.one_in)];
    for (name, count) in &part.alike {
        let what = match document.components[*name].kind.as_str() {
            "log" => "partitions",
            "keyvalue" | "document" | "search" | "columnar" => "parts",
            _ => "replicas",
        };
        told.push(format!("Of the {count} {what} of {name}, {} are run.", count / part.one_in));
    }
    let mut whole: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for border in &part.borders {
        let to = border.call.to.as_str();
        whole.entry(part.whole.get(to).copied().unwrap_or_default()).or_default().insert(to);
    }
    for (why, names) in whole {
        told.push(format!("All that comes to {} is run: {why}. A random stream stands for those who are not run.", listed(&names)));
    }
    told
}
