//! Whole documents in which everything that can be said is said somewhere, and which can be run.

use std::collections::BTreeMap;

use design::catalogue::{self, CLASS, DATA, LINK};
use design::{Arrivals, Call, Component, Data, Document, Fault, Link, LinkName, Setting, Target, What};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use units::{Count, Share};

use super::plans::{arrows, fit, plan};
use super::values::{REGIONS, ZONES, settings, time};
use super::world::{faults, traces, workload};

/// One of each kind, and two of those that call each other.
pub(super) const COMPONENTS: &[(&str, &str)] = &[
    ("users", "clients"),
    ("cron", "scheduler"),
    ("names", "dns"),
    ("edge", "cdn"),
    ("door", "gateway"),
    ("limit", "limiter"),
    ("lb", "balancer"),
    ("web", "service"),
    ("api", "service"),
    ("worker", "service"),
    ("cache", "cache"),
    ("near", "cache"),
    ("db", "relational"),
    ("kv", "keyvalue"),
    ("pages", "document"),
    ("sums", "columnar"),
    ("files", "objects"),
    ("words", "search"),
    ("clicks", "log"),
    ("jobs", "queue"),
    ("pay", "external"),
];

/// Those that answer; some are called more often than others.
pub(super) const CALLED: &[&str] = &[
    "names", "edge", "door", "limit", "lb", "lb", "web", "web", "web", "api", "api", "worker", "cache", "cache", "near", "db", "db", "db",
    "kv", "kv", "pages", "sums", "files", "words", "clicks", "clicks", "jobs", "jobs", "pay",
];

pub(super) fn documents() -> impl Strategy<Value = Document> {
    // Quiet designs and busy ones: with everything at once nothing is ever answered.
    select(vec![0.02, 0.1, 0.25, 0.5]).prop_flat_map(|often| {
        let components: Vec<_> = COMPONENTS.iter().map(|(_, kind)| component(kind, often)).collect();
        let data = btree_map(select(&["row", "item"][..]).prop_map(str::to_owned), settings(DATA.iter(), 0.5), 2);
        let links = vec((settings(LINK.iter(), often), any::<prop::sample::Index>()), 0..8);
        let plans = vec(plan(), 3);
        let network = option::weighted(0.4, vec(time(), 3));
        (components, data, links, plans, workload(), traces(), (faults(), network)).prop_map(
            |(components, data, links, plans, workload, traces, (faults, network))| {
                let names = COMPONENTS.iter().map(|(name, _)| (*name).to_owned());
                let classes = workload.classes.keys().cloned();
                let document = Document {
                    octo: 1,
                    components: names.zip(components).collect(),
                    data: data.into_iter().map(|(name, settings)| (name, Data { settings })).collect(),
                    calls: classes.zip(plans).collect(),
                    network: network.map_or(BTreeMap::new(), |times| {
                        let names = ["zones", "regions", "za -- zb"].map(str::to_owned);
                        names.into_iter().zip(times).map(|(name, time)| (name, time.min(units::Duration::from_millis(80)))).collect()
                    }),
                    workload,
                    traces,
                    faults,
                    ..Document::default()
                };
                finished(document, links)
            },
        )
    })
}

/// Only from what has a value something can be taken.
fn fit_takes(data: &BTreeMap<String, Data>, calls: &mut [Call]) {
    for call in calls {
        let valued = call.data.as_ref().and_then(|name| data.get(name)).is_some_and(|data| data.settings.contains_key("value"));
        if call.takes() && !valued {
            call.operation = "write".to_owned();
        }
        [&mut call.then, &mut call.miss, &mut call.statements].into_iter().for_each(|calls| fit_takes(data, calls));
    }
}

fn component(kind: &'static str, often: f64) -> impl Strategy<Value = Component> {
    let words = catalogue::kind(kind).expect("a kind of the catalogue").words();
    settings(words, often).prop_map(move |settings| Component { kind: kind.to_owned(), settings })
}

/// Mends what one part of the document says about another.
fn finished(mut document: Document, links: Vec<(BTreeMap<String, Setting>, prop::sample::Index)>) -> Document {
    let mut all = Vec::new();
    for (name, calls) in &mut document.calls {
        let from = &document.workload.classes[name].from;
        fit(from, calls);
        fit_takes(&document.data, calls);
        arrows(from, calls, &mut all);
    }
    for (mut settings, index) in links {
        if settings.contains_key("tied") {
            settings.remove("hedge");
        }
        let (from, to) = index.get(&all).clone();
        document.links.insert(LinkName { from, to }, Link { settings });
    }
    for component in document.components.values_mut() {
        fit_component(component);
    }
    fit_weights(&mut document, &all);
    let faults = std::mem::take(&mut document.faults);
    document.faults = faults.into_iter().filter_map(|fault| fit_fault(fault, &document, &all)).collect();
    document
}

fn count(settings: &BTreeMap<String, Setting>, key: &str, default: u64) -> u64 {
    if let Some(Setting::Count(count)) = settings.get(key) { count.0 } else { default }
}

fn fit_component(component: &mut Component) {
    let settings = &mut component.settings;
    if component.kind == "limiter" {
        settings.entry("rate".into()).or_insert(Setting::Rate(units::Rate::per_second(20)));
    }
    if component.kind == "keyvalue" {
        let copies = count(settings, "copies", 1);
        for key in ["read", "write"] {
            let quorum = count(settings, key, 1).min(copies);
            settings.insert(key.into(), Setting::Count(Count(quorum)));
        }
    }
    if let Some(Setting::Table(table)) = settings.get_mut("autoscale") {
        let (min, max) = (count(table, "min", 1), count(table, "max", 10));
        table.insert("min".into(), Setting::Count(Count(min.min(max))));
    }
}

/// A weighted balancer has a weight for each replica of all that comes after it.
fn fit_weights(document: &mut Document, all: &[(String, String)]) {
    let next: Vec<u64> = all
        .iter()
        .filter(|(from, _)| from == "lb")
        .map(|(_, to)| &document.components[to].settings)
        .map(|settings| if settings.contains_key("autoscale") { 0 } else { count(settings, "replicas", 1) })
        .collect();
    let known: Vec<u64> = next.iter().copied().filter(|replicas| *replicas > 0).collect();
    let balancer = document.components.get_mut("lb").expect("a balancer");
    let weighted = balancer.settings.get("policy") == Some(&Setting::Word("weighted".into()));
    balancer.settings.remove("weights");
    if weighted && known.windows(2).all(|pair| pair[0] == pair[1]) {
        let weights = (0..known.first().copied().unwrap_or(2)).map(|n| Count(3 - n.min(3))).collect();
        balancer.settings.insert("weights".into(), Setting::Counts(weights));
    } else if weighted {
        balancer.settings.insert("policy".into(), Setting::Word("least connections".into()));
    }
}

/// The fault at something that is there, or none.
fn fit_fault(mut fault: Fault, document: &Document, all: &[(String, String)]) -> Option<Fault> {
    let luck = fault.at.0 as usize / 7;
    let open = |class: &design::Class| !matches!(class.arrivals, Some(Arrivals::Closed { .. }));
    let fit_target = |target: &mut Target| {
        let settings = &document.components[&target.component].settings;
        target.replica = target.replica.map(|replica| Count(1 + replica.0 % count(settings, "replicas", 1)));
    };
    match &mut fault.what {
        What::Crash { target } | What::Freeze { target } | What::Slow { target, .. } | What::Skew { target, .. } => fit_target(target),
        What::Cut { from, to, .. } | What::Loss { from, to, .. } => (*from, *to) = all[luck % all.len()].clone(),
        What::Load { class: Some(class), .. } if !document.workload.classes.get(class).is_some_and(open) => return None,
        What::Load { class: None, .. } if !document.workload.classes.values().any(open) => return None,
        What::Hot { class, .. } if !document.workload.classes.contains_key(class) => return None,
        What::LoseZone { zone } if !stands(document, "zones", zone) => return None,
        What::LoseRegion { region } if !stands(document, "region", region) => return None,
        _ => {}
    }
    Some(fault)
}

fn stands(document: &Document, key: &str, place: &str) -> bool {
    document.components.values().any(|component| match component.settings.get(key) {
        Some(Setting::Word(word)) => word == place,
        Some(Setting::Words(words)) => words.iter().any(|word| word == place),
        _ => false,
    })
}

pub(super) fn zone() -> impl Strategy<Value = String> {
    select(ZONES).prop_map(str::to_owned)
}

pub(super) fn region() -> impl Strategy<Value = String> {
    select(REGIONS).prop_map(str::to_owned)
}

pub(super) fn class_settings() -> BoxedStrategy<BTreeMap<String, Setting>> {
    settings(CLASS.iter(), 0.35)
}

pub(super) fn factor() -> impl Strategy<Value = Share> {
    select(vec![1_000_000_000u64, 1_000_000_001, 1_500_000_000, 3_000_000_000, 20_000_000_000, 1_000_000_000_000]).prop_map(Share)
}
