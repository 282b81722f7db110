//! The world of a document: every shape of arrivals, and every fault.

use std::collections::BTreeMap;

use design::{Arrivals, Class, Distribution, Fault, Target, Trace, What, Workload};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use units::{Count, Duration, Rate, Share};

use super::designs::{CALLED, class_settings, factor, region, zone};
use super::values::{MS, distribution, part, rate, some_time, time};

pub(super) fn workload() -> impl Strategy<Value = Workload> {
    let lasts = prop_oneof![8 => 300 * MS..3_000 * MS, 1 => 1..1_000u64, 1 => 1..100 * MS];
    let class = (arrivals(), option::weighted(0.3, part()), proptest::bool::weighted(0.1), class_settings());
    let warmup = select(vec![0, 50, 500, 990]).prop_map(|n| Share(n * MS));
    (lasts, option::of(warmup), open_arrivals(), vec(class, 1..4)).prop_map(|(lasts, warmup, shared, classes)| {
        let mut left = Share::ONE.0;
        let mut all = BTreeMap::new();
        for ((arrivals, share, cron, settings), name) in classes.into_iter().zip(["buy", "look", "tidy"]) {
            let from = if cron { "cron" } else { "users" }.to_owned();
            let share = share.map(|share| Share(share.0.min(left)));
            left -= share.map_or(0, |share| share.0);
            let arrivals = if share.is_some() { None } else { Some(arrivals) };
            all.insert(name.to_owned(), Class { from, arrivals, share, settings });
        }
        let shared = all.values().any(|class| class.share.is_some()).then_some(shared);
        Workload { lasts: Some(Duration(lasts)), warmup, arrivals: shared, classes: all }
    })
}

fn arrivals() -> impl Strategy<Value = Arrivals> {
    let closed = (1..25u64, distribution()).prop_map(|(users, think)| Arrivals::Closed { users: Count(users), think });
    prop_oneof![4 => open_arrivals(), 1 => closed]
}

fn open_arrivals() -> impl Strategy<Value = Arrivals> {
    let gap = distribution().prop_map(|gap| Arrivals::Renewal { gap: Distribution::Plus { fixed: Duration(MS), random: Box::new(gap) } });
    let bursty = (rate(), some_time(), rate(), some_time()).prop_map(|(low, low_stay, high, high_stay)| Arrivals::Bursty {
        low,
        low_stay,
        high,
        high_stay,
    });
    let batches = (1..40u64, any::<bool>(), rate()).prop_map(|(size, geometric, rate)| Arrivals::Batches {
        size: Count(size),
        geometric,
        rate: Rate(rate.0 / size + 1),
    });
    let steps = (vec((some_time(), rate()), 0..4), rate()).prop_map(|(mut rest, first)| {
        rest.sort();
        rest.dedup_by_key(|step| step.0);
        Arrivals::Steps { steps: [(Duration(0), first)].into_iter().chain(rest).collect() }
    });
    let flash = (rate(), rate(), time(), some_time(), time()).prop_map(|(a, b, rise, half_life, at)| Arrivals::Flash {
        base: a.min(b),
        peak: a.max(b),
        rise,
        half_life,
        at,
    });
    prop_oneof![
        3 => rate().prop_map(|rate| Arrivals::Poisson { rate }),
        1 => rate().prop_map(|rate| Arrivals::Constant { rate }),
        1 => gap,
        1 => bursty,
        1 => batches,
        1 => (rate(), rate(), time()).prop_map(|(from, to, lasts)| Arrivals::Ramp { from, to, lasts }),
        1 => steps,
        1 => (rate(), rate(), some_time()).prop_map(|(a, b, period)| Arrivals::Diurnal { low: a.min(b), high: a.max(b), period }),
        1 => flash,
        1 => Just(Arrivals::Trace { name: "launch".into() }),
    ]
}

pub(super) fn traces() -> impl Strategy<Value = BTreeMap<String, Trace>> {
    vec((0..3_000 * MS, option::of(0..20u64)), 0..80).prop_map(|mut rows| {
        rows.sort();
        let rows = rows.into_iter().map(|(time, key)| (Duration(time), key)).collect();
        BTreeMap::from([("launch".to_owned(), Trace { rows })])
    })
}

pub(super) fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let single = (0..2_500 * MS, option::weighted(0.8, time()), what()).prop_map(|(at, lasts, what)| {
        let lasts = lasts.map(|value| Distribution::Constant { value });
        let lasts = if matches!(what, What::Flush { .. }) { None } else { lasts };
        Fault { at: Duration(at), lasts, every: None, what }
    });
    let gap = distribution().prop_map(|gap| Distribution::Plus { fixed: Duration(MS), random: Box::new(gap) });
    let repeated = (prop_oneof![Just(0), 0..2_000 * MS], distribution(), gap, what()).prop_map(|(at, lasts, every, what)| {
        let lasts = if matches!(what, What::Flush { .. }) { None } else { Some(lasts) };
        Fault { at: Duration(at), lasts, every: Some(every), what }
    });
    prop_oneof![2 => Just(Vec::new()).boxed(), 3 => vec(prop_oneof![3 => single, 1 => repeated], 1..6).boxed()]
}

fn what() -> BoxedStrategy<What> {
    let component = || select(CALLED).prop_map(str::to_owned);
    let target = || (component(), option::of(0..5u64)).prop_map(|(component, replica)| Target { component, replica: replica.map(Count) });
    let class = || select(&["buy", "look", "tidy"][..]).prop_map(str::to_owned);
    let cut = any::<bool>().prop_map(|both| What::Cut { from: String::new(), to: String::new(), both });
    let loss = part().prop_map(|share| What::Loss { from: String::new(), to: String::new(), share });
    let load = (option::of(class()), select(vec![0, 500, 1_000, 3_000, 30_000]))
        .prop_map(|(class, factor)| What::Load { class, factor: Share(factor * MS) });
    let skew = (target(), any::<bool>(), time()).prop_map(|(target, ahead, by)| What::Skew { target, ahead, by });
    prop_oneof![
        3 => target().prop_map(|target| What::Crash { target }),
        3 => target().prop_map(|target| What::Freeze { target }),
        2 => (target(), factor()).prop_map(|(target, factor)| What::Slow { target, factor }),
        2 => cut,
        2 => loss,
        1 => zone().prop_map(|zone| What::LoseZone { zone }),
        1 => region().prop_map(|region| What::LoseRegion { region }),
        1 => select(&["cache", "near", "edge"][..]).prop_map(|name| What::Flush { component: name.to_owned() }),
        1 => (class(), part()).prop_map(|(class, share)| What::Hot { class, share }),
        1 => (component(), part()).prop_map(|(component, share)| What::DeployErrors { component, share }),
        1 => (component(), factor()).prop_map(|(component, factor)| What::DeploySlow { component, factor }),
        1 => component().prop_map(|component| What::Down { component }),
        1 => (select(&["limit", "pay", "web"][..]), rate()).prop_map(|(name, rate)| What::Quota { component: name.to_owned(), rate }),
        1 => skew,
        1 => load,
        1 => select(&["clicks", "kv"][..]).prop_map(|name| What::Rebalance { component: name.to_owned() }),
    ]
    .boxed()
}
