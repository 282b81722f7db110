//! Values of settings, small enough that a run of seconds feels them, and now and then absurd.
//! Which words there are comes from the catalogue, so a new word is tried without a line here.

use std::collections::BTreeMap;

use design::catalogue::{Takes, Word};
use design::{Backoff, Distribution, Hot, Keys, Setting, Shed, Spread};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use units::{Bytes, Count, Duration, Rate, Share};

pub(super) const MS: u64 = 1_000_000;
pub(super) const ZONES: &[&str] = &["za", "zb", "zc"];
pub(super) const REGIONS: &[&str] = &["east", "west"];

/// Some of these words, each with the given probability.
pub(super) fn settings(words: impl Iterator<Item = &'static Word>, often: f64) -> BoxedStrategy<BTreeMap<String, Setting>> {
    let (keys, values): (Vec<_>, Vec<_>) = words.map(|word| (word.key, option::weighted(often, setting(word.key, word.takes)))).unzip();
    let written =
        move |values: Vec<Option<Setting>>| keys.iter().zip(values).filter_map(|(key, value)| Some(((*key).to_owned(), value?))).collect();
    values.prop_map(written).boxed()
}

fn setting(key: &'static str, takes: Takes) -> BoxedStrategy<Setting> {
    let word = |word: &str| Setting::Word(word.to_owned());
    match takes {
        Takes::Count { min, max } => count(key).prop_map(move |n| Setting::Count(Count(n.clamp(min, max)))).boxed(),
        Takes::CountOrUnlimited { min, .. } => {
            prop_oneof![(min..6).prop_map(|n| Setting::Count(Count(n))), Just(word("unlimited"))].boxed()
        }
        Takes::Duration { min, max } => time().prop_map(move |time| Setting::Duration(time.clamp(min, max))).boxed(),
        Takes::Rate { .. } => rate().prop_map(Setting::Rate).boxed(),
        Takes::Bytes { .. } => select(vec![0, 1, 900, 4_000, 64_000, 3_000_000]).prop_map(|n| Setting::Bytes(Bytes(n))).boxed(),
        Takes::Bandwidth => prop_oneof![(1..1_000u64).prop_map(|n| Setting::Bandwidth(Bytes(n * 12_500))), Just(word("unlimited"))].boxed(),
        Takes::Share { max } => share().prop_map(move |share| Setting::Share(share.min(max))).boxed(),
        Takes::Flag => any::<bool>().prop_map(Setting::Flag).boxed(),
        Takes::Word(words) => select(words).prop_map(|word| Setting::Word(word.to_owned())).boxed(),
        Takes::Name if key == "region" => select(REGIONS).prop_map(|region| Setting::Word(region.to_owned())).boxed(),
        Takes::Name | Takes::Text => Just(word("name")).boxed(),
        Takes::Component => Just(word("db")).boxed(),
        Takes::Names => vec(select(ZONES), 1..4).prop_map(|zones| Setting::Words(zones.into_iter().map(str::to_owned).collect())).boxed(),
        Takes::Counts => vec((0..4u64).prop_map(Count), 1..4).prop_map(Setting::Counts).boxed(),
        Takes::Keys => keys().prop_map(|keys| Setting::Word(keys.to_string())).boxed(),
        Takes::Backoff => backoff().prop_map(|backoff| Setting::Word(backoff.to_string())).boxed(),
        Takes::Shed => shed().prop_map(|shed| Setting::Word(shed.to_string())).boxed(),
        Takes::Distribution => distribution().prop_map(Setting::Distribution).boxed(),
        Takes::Table(words) => settings(words.iter(), 0.7).prop_map(Setting::Table).boxed(),
    }
}

fn count(key: &str) -> BoxedStrategy<u64> {
    match key {
        "entries" | "rows" | "sessions" => (1..80u64).boxed(),
        "vnodes" | "burst" | "calls" => (1..20u64).boxed(),
        _ => (0..5u64).boxed(),
    }
}

pub(super) fn time() -> impl Strategy<Value = Duration> {
    let ns = vec![0, 1, 3, 1_000, 100_000, MS, 3 * MS, 10 * MS, 40 * MS, 150 * MS, 500 * MS, 2_000 * MS, 90_000 * MS];
    prop_oneof![4 => select(ns), 1 => 0..300 * MS].prop_map(Duration)
}

pub(super) fn some_time() -> impl Strategy<Value = Duration> {
    time().prop_map(|time| time.max(Duration(1)))
}

pub(super) fn rate() -> impl Strategy<Value = Rate> {
    prop_oneof![4 => 1..300_000u64, 1 => Just(1), 1 => Just(3_000_000)].prop_map(|milli| Rate(milli * MS))
}

pub(super) fn share() -> impl Strategy<Value = Share> {
    let per_mille = vec![0, 1, 10, 50, 100, 200, 500, 900, 1000, 1000, 1500, 4000];
    select(per_mille).prop_map(|n| Share(n * MS))
}

pub(super) fn part() -> impl Strategy<Value = Share> {
    share().prop_map(|share| share.min(Share::ONE))
}

pub(super) fn distribution() -> BoxedStrategy<Distribution> {
    let small = || prop_oneof![4 => (0..40 * MS).prop_map(Duration), 1 => time()];
    let positive = || small().prop_map(|time| time.max(Duration(1)));
    let simple = prop_oneof![
        3 => small().prop_map(|value| Distribution::Constant { value }),
        3 => positive().prop_map(|mean| Distribution::Exponential { mean }),
        1 => positive().prop_map(|mean| Distribution::Lognormal { mean, scv: Share(3_000 * MS) }),
        1 => (positive(), 1..5u64).prop_map(|(mean, stages)| Distribution::Erlang { mean, stages: Count(stages) }),
        1 => positive().prop_map(|mean| Distribution::Hyperexponential { mean, scv: Share(4_000 * MS) }),
        1 => (small(), small(), part()).prop_map(|(usual, rare, probability)| Distribution::TwoPoint { usual, rare, probability }),
        1 => (small(), small()).prop_map(|(a, b)| Distribution::Uniform { low: a.min(b), high: a.max(b) }),
        1 => (small(), small()).prop_map(|(mean, sd)| Distribution::Normal { mean, sd }),
        1 => (positive(), 500..4_000u64).prop_map(|(least, shape)| Distribution::Pareto { least, shape: Share(shape * MS) }),
        1 => (small(), small()).prop_map(|(a, b)| Distribution::Quantiles { points: vec![(Share(0), a.min(b)), (Share(300 * MS), a.max(b)), (Share::ONE, a.max(b))] }),
    ];
    simple
        .prop_recursive(2, 4, 2, |inner| {
            let boxed = |(share, first, second)| Distribution::Mixture { share, first: Box::new(first), second: Box::new(second) };
            prop_oneof![
                (part(), inner.clone(), inner.clone()).prop_map(boxed),
                (0..5 * MS, inner).prop_map(|(fixed, random)| Distribution::Plus { fixed: Duration(fixed), random: Box::new(random) }),
            ]
        })
        .boxed()
}

fn keys() -> impl Strategy<Value = Keys> {
    let spread = prop_oneof![
        Just(Spread::Uniform),
        (100..2_500u64).prop_map(|exponent| Spread::Zipf { exponent: Share(exponent * MS) }),
        Just(Spread::Fresh),
    ];
    let hot = (part(), 1..4u64, option::of(some_time())).prop_map(|(share, keys, moves)| Hot { share, keys: Count(keys), moves });
    (spread, option::of(4..60u64), option::weighted(0.3, hot)).prop_map(|(spread, of, hot)| Keys { spread, of: of.map(Count), hot })
}

fn backoff() -> impl Strategy<Value = Backoff> {
    (some_time(), some_time(), 0..5).prop_map(|(a, b, which)| {
        let (base, cap) = (a.min(b), a.max(b));
        match which {
            0 => Backoff::Constant { wait: base },
            1 => Backoff::Exponential { base, cap },
            2 => Backoff::FullJitter { base, cap },
            3 => Backoff::EqualJitter { base, cap },
            _ => Backoff::Decorrelated { base, cap },
        }
    })
}

fn shed() -> impl Strategy<Value = Shed> {
    let codel = (some_time(), some_time()).prop_map(|(a, b)| Shed::CoDel { target: a.min(b), interval: a.max(b) });
    prop_oneof![Just(Shed::Late), codel]
}
