//! Laws over documents nobody would write: what is printed reads back as the same document. Values
//! that have a notation are made in the file below.

mod values;

use std::collections::BTreeMap;

use design::catalogue::{self, CLASS, DATA, KINDS, LINK, Takes, Word};
use design::*;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};
use units::{Bytes, Count, Duration, Money, Rate, Share};
use values::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back_the_same(document in documents()) {
        let toml = to_toml(&document);
        prop_assert_eq!(&read(&toml, Format::Guess).document, &document, "{}", toml);
        let json = to_json(&document).to_string();
        prop_assert_eq!(&read(&json, Format::Guess).document, &document, "{}", json);
    }

    #[test]
    fn what_is_printed_has_no_problem_of_notation(document in documents()) {
        let about = |text: &str| read(text, Format::Guess).problems.into_iter().map(|p| (p.path, p.message)).collect::<std::collections::BTreeSet<_>>();
        prop_assert_eq!(about(&to_toml(&document)), about(&to_json(&document).to_string()));
    }
}

const NAMES: &[&str] = &["a", "b", "web", "Db-1", "x_y", "lasting"];

fn name() -> impl Strategy<Value = String> {
    select(NAMES).prop_map(str::to_owned)
}

fn documents() -> impl Strategy<Value = Document> {
    let first = (
        "[ -~é→]{0,20}",
        btree_map(name(), component(), 1..4),
        btree_map(link_name(), settings(LINK.iter().collect()).prop_map(|settings| Link { settings }), 0..3),
        btree_map(name(), settings(DATA.iter().collect()).prop_map(|settings| Data { settings }), 0..3),
        btree_map(name(), vec(call(), 0..4), 0..3),
        workload(),
    );
    let second = (
        (vec(fault(), 0..3), btree_map(name(), trace(), 0..2), btree_map(place_pair(), distance(), 0..3)),
        btree_map(name(), line(), 0..3),
        btree_map(any_key(), json_value(), 0..3),
        (option::of(line()), btree_map(name(), price(), 0..3)).prop_map(|(list, own)| Prices { list, own }),
        btree_map(any_key(), json_value(), 0..3),
        btree_map(any_key(), json_value(), 0..3),
    );
    (first, second).prop_map(|((title, components, links, data, calls, workload), (world, require, envelope, prices, layout, strange))| {
        let (faults, traces, network) = world;
        let mut document = Document {
            octo: 1,
            title,
            components,
            links,
            data,
            network,
            calls,
            workload,
            traces,
            faults,
            require,
            envelope,
            prices,
            layout,
            unknown: BTreeMap::new(),
        };
        // Strange keys at the root, in a component, and inside values that have a notation.
        let mut places = vec!["zz".to_owned(), "zz-y".to_owned()];
        for (name, component) in &document.components {
            places.push(format!("components.{name}.zz"));
            for key in ["time", "shed"].into_iter().filter(|key| component.settings.contains_key(*key)) {
                places.push(format!("components.{name}.{key}.zz"));
            }
        }
        for (name, class) in &document.workload.classes {
            let written = [("arrivals", class.arrivals.is_some()), ("keys", class.settings.contains_key("keys"))];
            places.extend(written.iter().filter(|(_, is)| *is).map(|(key, _)| format!("workload.{name}.{key}.zz")));
        }
        places.extend((0..document.faults.len()).map(|at| format!("faults.{at}.what.zz")));
        // Another beginning each time, so that every place has its turn.
        let turn = document.title.len() % places.len();
        places.rotate_left(turn);
        document.unknown = places.into_iter().zip(strange.into_values()).collect();
        document
    })
}

fn link_name() -> impl Strategy<Value = LinkName> {
    (name(), name()).prop_filter("a link has two ends", |(from, to)| from != to).prop_map(|(from, to)| LinkName { from, to })
}

fn component() -> impl Strategy<Value = Component> {
    select(KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>()).prop_flat_map(|kind| {
        let words = catalogue::kind(kind).unwrap().words().collect();
        settings(words).prop_map(move |settings| Component { kind: kind.to_owned(), settings })
    })
}

fn settings(words: Vec<&'static Word>) -> impl Strategy<Value = BTreeMap<String, Setting>> {
    let each: Vec<_> = words.iter().map(|word| option::weighted(0.4, setting(word.takes))).collect();
    let keys: Vec<String> = words.iter().map(|word| word.key.to_owned()).collect();
    each.prop_map(move |values| keys.iter().cloned().zip(values).filter_map(|(key, value)| Some((key, value?))).collect())
}

fn setting(takes: Takes) -> BoxedStrategy<Setting> {
    match takes {
        Takes::Count { min, max } => (min..=max).prop_map(|n| Setting::Count(Count(n))).boxed(),
        Takes::CountOrUnlimited { min, max } => {
            prop_oneof![(min..=max).prop_map(|n| Setting::Count(Count(n))), Just(Setting::Word("unlimited".into()))].boxed()
        }
        Takes::Duration { min, max } => (min.0..=max.0).prop_map(|n| Setting::Duration(Duration(n))).boxed(),
        Takes::Rate { max } => (1..=max.0).prop_map(|n| Setting::Rate(Rate(n))).boxed(),
        Takes::Bytes { max } => (0..=max.0).prop_map(|n| Setting::Bytes(Bytes(n))).boxed(),
        Takes::Bandwidth => prop_oneof![
            (1..u64::MAX).prop_map(|n| Setting::Bandwidth(Bytes(n))),
            (1..1000u64).prop_map(|n| Setting::Bandwidth(Bytes(n * 125_000))),
            Just(Setting::Word("unlimited".into()))
        ]
        .boxed(),
        Takes::Share { max } => (0..=max.0).prop_map(|n| Setting::Share(Share(n))).boxed(),
        Takes::Flag => any::<bool>().prop_map(Setting::Flag).boxed(),
        Takes::Word(words) => select(words).prop_map(|word| Setting::Word(word.to_owned())).boxed(),
        // Not "0B": of a cache, a size in bytes is read as its memory (see the test below), so no
        // document that was read has such a name.
        Takes::Name => "[A-Za-z0-9][A-Za-z0-9._:-]{0,9}"
            .prop_filter("an amount of data is no name", |name| name.parse::<Bytes>().is_err())
            .prop_map(Setting::Word)
            .boxed(),
        Takes::Component => name().prop_map(Setting::Word).boxed(),
        Takes::Names => vec("[a-z][a-z0-9-]{0,5}", 0..4).prop_map(Setting::Words).boxed(),
        Takes::Counts => vec((0..1_000_000u64).prop_map(Count), 1..4).prop_map(Setting::Counts).boxed(),
        Takes::Keys => keys().prop_map(|keys| Setting::Word(keys.to_string())).boxed(),
        Takes::Backoff => backoff().prop_map(|backoff| Setting::Word(backoff.to_string())).boxed(),
        Takes::Shed => shed().prop_map(|shed| Setting::Word(shed.to_string())).boxed(),
        Takes::Text => line().prop_map(Setting::Word).boxed(),
        Takes::Distribution => distribution(DAY).prop_map(Setting::Distribution).boxed(),
        Takes::Table(words) => settings(words.iter().collect()).prop_map(Setting::Table).boxed(),
    }
}

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![any::<u64>(), 1..5_000u64, (1..5_000u64).prop_map(|ms| ms * 1_000_000)].prop_map(Duration)
}

fn workload() -> impl Strategy<Value = Workload> {
    let class = (name(), option::of(arrivals()), option::of(share()), settings(CLASS.iter().collect()))
        .prop_map(|(from, arrivals, share, settings)| Class { from, arrivals, share, settings });
    (option::of(duration()), option::of(share()), option::of(arrivals()), btree_map(name(), class, 0..3))
        .prop_map(|(lasts, warmup, arrivals, classes)| Workload { lasts, warmup, arrivals, classes })
}

fn call() -> impl Strategy<Value = Call> {
    let plain = (
        name(),
        select(vec!["", "get", "insert", "x2", "times", "a:b"]),
        option::of(select(vec!["row", "x3", "9"])),
        vec(select(vec!["once", "x5", "times", "wait", "3", "cancel"]), 0..3),
        prop_oneof![3 => Just(1u64), 1 => 1..=100_000u64],
        select(vec![CallMode::Sequence, CallMode::Sequence, CallMode::Parallel, CallMode::Async]),
        prop_oneof![3 => Just(1_000_000_000u64), 1 => 0..=1_000_000_000u64],
        (option::weighted(0.2, 1..=5u64), proptest::bool::weighted(0.1), proptest::bool::weighted(0.1)),
    )
        .prop_map(|(to, operation, data, modifiers, times, mode, probability, (wait, cancel, optional))| {
            // Without an operation there is no place for data in a text; objects have one.
            Call {
                to,
                operation: operation.into(),
                data: data.map(Into::into),
                modifiers: modifiers.into_iter().map(Into::into).collect(),
                times: Count(times),
                mode,
                wait: wait.map(Count),
                cancel,
                probability: Share(probability),
                optional,
                then: vec![],
                miss: vec![],
                statements: vec![],
            }
        });
    plain.prop_recursive(3, 12, 3, |inner| {
        (inner.clone(), vec(inner.clone(), 0..3), vec(inner.clone(), 0..2), vec(inner, 0..2))
            .prop_map(|(call, then, miss, statements)| Call { then, miss, statements, ..call })
    })
}

fn price() -> impl Strategy<Value = Price> {
    let per = select(vec![Per::Hour, Per::Month, Per::Gigabyte, Per::GigabyteMonth, Per::MillionRequests]);
    (0..i64::MAX, per, option::of(line())).prop_map(|(amount, per, source)| Price { amount: Money(amount), per, source })
}

fn line() -> impl Strategy<Value = String> {
    "[ -~é→]{0,20}"
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,8}", "[ -~é]{0,8}"]
}

/// What both TOML and JSON can hold.
fn json_value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1e30..1e30f64).prop_map(|float| json!(float)),
        "[ -~é\n\"\\\\]{0,12}".prop_map(Json::from)
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Json::from),
            btree_map(any_key(), inner, 0..3).prop_map(|map| map.into_iter().collect())
        ]
    })
}

#[test]
fn a_size_in_bytes_is_the_memory_of_a_cache_however_it_is_written() {
    let text = |size: &str| format!("octo = 1\n[components]\nc = {{ kind = \"cache\"{size} }}\n");
    let read = design::read(&text(", size = \"0B\""), design::Format::Toml).document;
    let mut set = design::read(&text(""), design::Format::Toml).document;
    design::set(&mut set, "c.size", "0B").unwrap();
    for document in [read, set] {
        assert_eq!(document.components["c"].settings, BTreeMap::from([("memory".to_owned(), Setting::Bytes(Bytes(0)))]));
    }
}
