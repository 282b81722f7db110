//! Values that have a notation, of every form and size that is accepted.

use std::collections::BTreeMap;

use design::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use units::{Count, Duration, Rate, Share};

pub(super) const DAY: u64 = 86_400_000_000_000;
const YEAR: u64 = 365 * DAY;
const WHOLE: u64 = 1_000_000_000;

fn plain_name() -> impl Strategy<Value = String> {
    "[a-zA-Z][a-zA-Z0-9_-]{0,6}"
}

fn place() -> impl Strategy<Value = String> {
    "[a-z0-9][a-z0-9.:_]{0,4}"
}

/// Up to `most`, also of the sizes that people write.
fn time(most: u64) -> impl Strategy<Value = Duration> {
    prop_oneof![1..most, (1..5_000u64).prop_map(|us| us * 1_000)].prop_map(Duration)
}

pub(super) fn share() -> impl Strategy<Value = Share> {
    prop_oneof![0..=WHOLE, (0..=100u64).prop_map(|percent| percent * WHOLE / 100)].prop_map(Share)
}

fn factor(most: u64) -> impl Strategy<Value = Share> {
    prop_oneof![WHOLE..=most * WHOLE, (1..most).prop_map(|whole| whole * WHOLE)].prop_map(Share)
}

fn rate() -> impl Strategy<Value = Rate> {
    prop_oneof![1..=WHOLE * WHOLE, (1..100_000u64).prop_map(|n| n * WHOLE)].prop_map(Rate)
}

pub(super) fn distribution(most: u64) -> BoxedStrategy<Distribution> {
    let simple = prop_oneof![
        time(most).prop_map(|value| Distribution::Constant { value }),
        time(most).prop_map(|mean| Distribution::Exponential { mean }),
        (time(most), factor(1_000)).prop_map(|(mean, scv)| Distribution::Lognormal { mean, scv }),
        (time(most), factor(1_000)).prop_map(|(mean, scv)| Distribution::Hyperexponential { mean, scv }),
        (time(most), 1..1_000u64).prop_map(|(mean, stages)| Distribution::Erlang { mean, stages: Count(stages) }),
        (time(most), time(most), share()).prop_map(|(usual, rare, probability)| Distribution::TwoPoint { usual, rare, probability }),
        (time(most), time(most)).prop_map(|(a, b)| Distribution::Uniform { low: a.min(b), high: a.max(b) }),
        (time(most), time(most)).prop_map(|(mean, sd)| Distribution::Normal { mean, sd }),
        (time(most), 1..=1_000 * WHOLE).prop_map(|(least, shape)| Distribution::Pareto { least, shape: Share(shape) }),
        vec((1..WHOLE, time(most)), 0..6).prop_map(quantiles),
    ];
    let nested = simple.prop_recursive(4, 12, 2, move |inner| {
        prop_oneof![
            (share(), inner.clone(), inner.clone()).prop_map(|(share, first, second)| Distribution::Mixture {
                share,
                first: Box::new(first),
                second: Box::new(second)
            }),
            (time(most), inner).prop_map(|(fixed, random)| Distribution::Plus { fixed, random: Box::new(random) }),
        ]
    });
    nested.prop_filter("at most four inside each other", |distribution| depth(distribution) <= 4).boxed()
}

fn depth(distribution: &Distribution) -> usize {
    match distribution {
        Distribution::Mixture { first, second, .. } => 1 + depth(first).max(depth(second)),
        Distribution::Plus { random, .. } => 1 + depth(random),
        _ => 0,
    }
}

fn quantiles(between: Vec<(u64, Duration)>) -> Distribution {
    let shares: BTreeMap<u64, ()> = between.iter().map(|(share, _)| (*share, ())).chain([(0, ()), (WHOLE, ())]).collect();
    let mut times: Vec<Duration> = between.into_iter().map(|(_, time)| time).chain([Duration(5), Duration(7)]).collect();
    times.sort();
    Distribution::Quantiles { points: shares.into_keys().map(Share).zip(times).collect() }
}

pub(super) fn arrivals() -> impl Strategy<Value = Arrivals> {
    let two = || (rate(), rate()).prop_map(|(a, b)| (a.min(b), a.max(b)));
    let steps = vec((1..YEAR, rate()), 0..5).prop_map(|steps| {
        let others: BTreeMap<u64, Rate> = steps.into_iter().collect();
        [(Duration::ZERO, Rate(WHOLE))].into_iter().chain(others.into_iter().map(|(from, rate)| (Duration(from), rate))).collect()
    });
    prop_oneof![
        rate().prop_map(|rate| Arrivals::Poisson { rate }),
        rate().prop_map(|rate| Arrivals::Constant { rate }),
        (1..1_000_000u64, distribution(DAY)).prop_map(|(users, think)| Arrivals::Closed { users: Count(users), think }),
        distribution(YEAR).prop_map(|gap| Arrivals::Renewal { gap }),
        (rate(), time(YEAR), prop_oneof![rate(), Just(Rate(0))], time(YEAR))
            .prop_map(|(low, low_stay, high, high_stay)| Arrivals::Bursty { low, low_stay, high, high_stay }),
        (1..=100_000u64, any::<bool>(), rate()).prop_map(|(size, geometric, rate)| Arrivals::Batches {
            size: Count(size),
            geometric,
            rate
        }),
        (rate(), rate(), time(YEAR)).prop_map(|(from, to, lasts)| Arrivals::Ramp { from, to, lasts }),
        steps.prop_map(|steps| Arrivals::Steps { steps }),
        (two(), time(YEAR)).prop_map(|((low, high), period)| Arrivals::Diurnal { low, high, period }),
        (two(), time(YEAR), time(YEAR), prop_oneof![time(YEAR), Just(Duration(0))])
            .prop_map(|((base, peak), rise, half_life, at)| Arrivals::Flash { base, peak, rise, half_life, at }),
        plain_name().prop_map(|name| Arrivals::Trace { name }),
    ]
}

pub(super) fn trace() -> impl Strategy<Value = Trace> {
    vec((0..YEAR, option::of(any::<u64>())), 1..5).prop_map(|mut rows| {
        rows.sort();
        Trace { rows: rows.into_iter().map(|(at, key)| (Duration(at), key.map(|key| key >> 1))).collect() }
    })
}

pub(super) fn place_pair() -> impl Strategy<Value = String> {
    let pair = (place(), place()).prop_filter("two places", |(a, b)| a != b);
    prop_oneof![
        Just("zones".to_owned()),
        Just("regions".to_owned()),
        pair.prop_map(|(a, b)| format!("{} -- {}", a.clone().min(b.clone()), a.max(b)))
    ]
}

pub(super) fn distance() -> impl Strategy<Value = Duration> {
    (0..=60_000_000_000u64).prop_map(Duration)
}

fn target() -> impl Strategy<Value = Target> {
    (plain_name(), option::of(1..10_000u64)).prop_map(|(component, replica)| Target { component, replica: replica.map(Count) })
}

pub(super) fn what() -> impl Strategy<Value = What> {
    let two = || (plain_name(), plain_name()).prop_filter("two components", |(from, to)| from != to);
    prop_oneof![
        target().prop_map(|target| What::Crash { target }),
        target().prop_map(|target| What::Freeze { target }),
        (target(), factor(1_000)).prop_map(|(target, factor)| What::Slow { target, factor }),
        (two(), any::<bool>()).prop_map(|((from, to), both)| What::Cut { from, to, both }),
        (two(), share()).prop_map(|((from, to), share)| What::Loss { from, to, share }),
        place().prop_map(|zone| What::LoseZone { zone }),
        place().prop_map(|region| What::LoseRegion { region }),
        plain_name().prop_map(|component| What::Flush { component }),
        (plain_name(), share()).prop_map(|(class, share)| What::Hot { class, share }),
        (plain_name(), share()).prop_map(|(component, share)| What::DeployErrors { component, share }),
        (plain_name(), factor(1_000)).prop_map(|(component, factor)| What::DeploySlow { component, factor }),
        plain_name().prop_map(|component| What::Down { component }),
        (plain_name(), rate()).prop_map(|(component, rate)| What::Quota { component, rate }),
        (target(), any::<bool>(), time(YEAR)).prop_map(|(target, ahead, by)| What::Skew { target, ahead, by }),
        (option::of(plain_name()), factor(1_000)).prop_map(|(class, factor)| What::Load { class, factor }),
        plain_name().prop_map(|component| What::Rebalance { component }),
    ]
}

pub(super) fn fault() -> impl Strategy<Value = Fault> {
    (any::<u64>(), option::of(distribution(YEAR)), option::of(distribution(YEAR)), what()).prop_map(|(at, lasts, every, what)| Fault {
        at: Duration(at),
        lasts,
        every,
        what,
    })
}

pub(super) fn keys() -> impl Strategy<Value = Keys> {
    let spread = prop_oneof![
        Just(Spread::Uniform),
        (1..=10 * WHOLE).prop_map(|exponent| Spread::Zipf { exponent: Share(exponent) }),
        Just(Spread::Fresh)
    ];
    let hot = (share(), prop_oneof![Just(1u64), 2..100u64], option::of(time(YEAR))).prop_map(|(share, keys, moves)| Hot {
        share,
        keys: Count(keys),
        moves,
    });
    (spread, option::of((100..=1_000_000_000_000_000u64).prop_map(Count)), option::of(hot)).prop_map(|(spread, of, hot)| Keys {
        spread,
        of,
        hot,
    })
}

pub(super) fn backoff() -> impl Strategy<Value = Backoff> {
    (time(DAY), time(DAY), 0..5).prop_map(|(a, b, which)| {
        let (base, cap) = (a.min(b), a.max(b));
        match which {
            0 => Backoff::Constant { wait: a },
            1 => Backoff::Exponential { base, cap },
            2 => Backoff::FullJitter { base, cap },
            3 => Backoff::EqualJitter { base, cap },
            _ => Backoff::Decorrelated { base, cap },
        }
    })
}

pub(super) fn shed() -> impl Strategy<Value = Shed> {
    prop_oneof![Just(Shed::Late), (time(DAY), time(DAY)).prop_map(|(a, b)| Shed::CoDel { target: a.min(b), interval: a.max(b) })]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_reads_back_as_the_same_value(distribution in distribution(YEAR), arrivals in arrivals(), what in what(), keys in keys(), backoff in backoff(), shed in shed()) {
        prop_assert_eq!(distribution.to_string().parse(), Ok(distribution));
        prop_assert_eq!(arrivals.to_string().parse(), Ok(arrivals));
        prop_assert_eq!(what.to_string().parse(), Ok(what));
        prop_assert_eq!(keys.to_string().parse(), Ok(keys));
        prop_assert_eq!(backoff.to_string().parse(), Ok(backoff));
        prop_assert_eq!(shed.to_string().parse(), Ok(shed));
    }

    /// Twice as often and half as often again is as before, but for a billionth.
    #[test]
    fn scaling_doubles_rates_and_halves_gaps(rate in 1..=WHOLE, mean in 1..DAY) {
        let two = Share(2 * WHOLE);
        prop_assert_eq!(Arrivals::Poisson { rate: Rate(rate) }.scaled(two), Arrivals::Poisson { rate: Rate(2 * rate) });
        let gap = |mean: u64| Arrivals::Renewal { gap: Distribution::Exponential { mean: Duration(mean) } };
        prop_assert_eq!(gap(2 * mean).scaled(two), gap(mean));
        let closed = |users| Arrivals::Closed { users: Count(users), think: Distribution::Constant { value: Duration(mean) } };
        prop_assert_eq!(closed(rate).scaled(two), closed(2 * rate));
    }
}
