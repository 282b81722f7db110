//! Designs of which every part is plain, and the faults that make them something else: a run that
//! takes the common path tells, byte for byte, what a run tells that takes the long way.

use proptest::prelude::*;
use proptest::sample::select;
use sim::{Budget, EndedBy, Progress, Run};

use crate::check::experiment;

const BUDGET: Budget = Budget { events: 100_000, live_requests: 3_000 };

/// The report, and whether a budget cut the run short: at the end of a budget, one way may be a
/// step ahead of the other. None if a fault is about something that the design does not have.
fn told(text: &str, seed: u64, the_long_way: bool) -> Option<(String, bool)> {
    let mut run = match Run::within(&experiment(text, seed), BUDGET) {
        Ok(run) => run,
        Err(problems) if problems.iter().all(|problem| problem.path.starts_with("faults")) => return None,
        Err(problems) => panic!("{text}\n{problems:#?}"),
    };
    if the_long_way {
        run.take_the_long_way();
    }
    while run.advance(if the_long_way { u64::MAX } else { 313 }) != Progress::Done {}
    let report = run.report();
    let cut = matches!(report.ended_by, Some(EndedBy::Events | EndedBy::Memory));
    Some((report.to_json().to_string(), cut))
}

/// The same with slices in which there is room to go tier by tier.
fn told_by_tiers(text: &str, seed: u64, the_long_way: bool, slice: u64) -> String {
    let mut run = Run::new(&experiment(text, seed)).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    if the_long_way {
        run.take_the_long_way();
    }
    while run.advance(slice) != Progress::Done {}
    run.report().to_json().to_string()
}

fn time() -> impl Strategy<Value = &'static str> {
    select(vec!["0 s", "1 ms", "5 ms", "exp 2 ms", "exp 10 ms", "0 s or 3 ms 20 %", "erlang 3 4 ms"])
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    select(words)
}

prop_compose! {
    fn component()(
        kind in word(&["service", "service", "gateway"]),
        time in time(),
        replicas in 1..4,
        rest in word(&[", workers = 1", ", workers = 2", ", workers = 3, queue = 2", ", workers = 1, queue = 0", "", ", workers = 2, holds = false"]),
    ) -> String {
        let rest = if kind == "gateway" { "" } else { rest };
        format!("{{ kind = \"{kind}\", time = \"{time}\", replicas = {replicas}{rest} }}")
    }
}

fn link() -> impl Strategy<Value = &'static str> {
    word(&["{}", "{}", "{}", "{ rtt = \"2 ms\" }", "{ timeout = \"20 ms\" }", "{ timeout = \"8 ms\", cancel = true }"])
}

fn first_link() -> impl Strategy<Value = &'static str> {
    word(&[
        "{}",
        "{ rtt = \"1 ms\" }",
        "{ timeout = \"15 ms\" }",
        "{ timeout = \"10 ms\", retry = { attempts = 3, backoff = \"full jitter 5 ms..40 ms\" } }",
    ])
}

fn arrivals() -> impl Strategy<Value = &'static str> {
    word(&[
        "poisson 100/s",
        "poisson 400/s",
        "constant 250/s",
        "batches of 3, poisson 50/s",
        "closed 5 users think exp 20 ms",
        "closed 20 users think 0 s",
        "bursty 10/s for 1 s, 600/s for 200 ms",
    ])
}

fn fault() -> impl Strategy<Value = &'static str> {
    word(&[
        "crash a",
        "crash b.1",
        "freeze a.1",
        "slow b x5",
        "slow a.1 x3",
        "cut a -- b",
        "load go x3",
        "deploy b errors 50 %",
        "deploy a slow x3",
        "down b",
        "loss a -> b 30 %",
        "hot go 30 %",
    ])
}

const PLANS: &[&str] = &[
    "lb > a > b",
    "lb > a\n  b\n  near\n    miss: db",
    "lb > door > a\n  near\n    miss: db\n  b",
    "a\nb\na",
    "lb\n  a\n  b\ndoor > b",
    "lb > near\n  miss: a > b",
    "30 %: a > b\nnear\n  miss: db",
    "lb > a 3 times > b",
];

prop_compose! {
    fn design()(
        (a, b, door, db) in (component(), component(), component(), component()),
        (first, second, third, fourth) in (first_link(), link(), link(), link()),
        policy in word(&["round robin", "random", "least connections"]),
        plan in select(PLANS),
        other in prop::option::of(select(PLANS)),
        (arrivals, others) in (arrivals(), arrivals()),
        sessions in word(&["", ", sessions = 7", ", keys = \"zipf 1.1\"", ", deadline = \"10 ms\""]),
        faults in prop::collection::vec((fault(), 1..8u32, 1..6u32), 0..3),
    ) -> String {
        let mut text = format!("octo = 1\n[components]\nusers = {{ kind = \"clients\" }}\nlb = {{ kind = \"balancer\", policy = \"{policy}\" }}\n");
        text += &format!("a = {a}\nb = {b}\ndoor = {door}\ndb = {db}\nnear = {{ kind = \"cache\", hits = \"70 %\", time = \"1 ms\" }}\n[links]\n");
        for to in ["lb", "a", "b", "door", "near"] {
            text += &format!("\"users -> {to}\" = {first}\n");
        }
        for (from, to, link) in [("lb", "a", second), ("lb", "b", third), ("lb", "door", second), ("lb", "near", "{}"), ("door", "a", third),
            ("door", "b", fourth), ("a", "b", fourth), ("a", "near", "{}"), ("a", "db", third), ("lb", "db", "{}"), ("near", "a", second),
            ("door", "near", "{}"), ("door", "db", "{}"), ("users", "db", first)] {
            text += &format!("\"{from} -> {to}\" = {link}\n");
        }
        text += &format!("[calls]\ngo = \"\"\"\n{plan}\n\"\"\"\n");
        if let Some(other) = other {
            text += &format!("also = \"\"\"\n{other}\n\"\"\"\n");
        }
        text += &format!("[workload]\nlasts = \"10 s\"\nwarmup = \"10 %\"\ngo = {{ from = \"users\", arrivals = \"{arrivals}\"{sessions} }}\n");
        if other.is_some() {
            text += &format!("also = {{ from = \"users\", arrivals = \"{others}\" }}\n");
        }
        for (what, at, lasts) in faults {
            let lasts = if what.starts_with("hot!") { String::new() } else { format!("lasts = \"{lasts} s\"\n") };
            text += &format!("[[faults]]\nat = \"{at} s\"\n{lasts}what = \"{what}\"\n");
        }
        text
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn the_express_tells_what_the_long_way_tells(text in design(), seed in 1..1_000u64) {
        let (Some((short, cut)), Some((long, _))) = (told(&text, seed, false), told(&text, seed, true)) else { return Ok(()) };
        prop_assert!(cut || short == long, "{}\n{}\n{}", text, short, long);
    }
}

const TIERED_PLANS: &[&str] =
    &["lb > a > b", "lb > a\n  near\n    miss: db", "lb > a\n  near\n    miss: b > db", "a\nb\nnear\n  miss: db", "lb\n  a\n  b\n  db"];

prop_compose! {
    fn tier()(time in word(&["exp 2 ms", "exp 4 ms", "exp 1 ms", "erlang 3 4 ms", "lognormal 2 ms scv 4", "exp 10 ns"]), replicas in 1..4, workers in 1..4) -> String {
        format!("{{ kind = \"service\", time = \"{time}\", replicas = {replicas}, workers = {workers}, holds = false }}")
    }
}

prop_compose! {
    fn tiers()(
        (a, b, db) in (tier(), tier(), tier()),
        link in first_link(),
        policy in word(&["round robin", "random"]),
        plan in select(TIERED_PLANS),
        arrivals in word(&["poisson 100/s", "poisson 400/s", "poisson 900/s", "bursty 10/s for 1 s, 900/s for 200 ms", "ramp 10/s..800/s in 8 s"]),
        sessions in word(&["", ", sessions = 7", ", keys = \"zipf 1.1\"", ", deadline = \"10 ms\""]),
        faults in prop::collection::vec((fault(), 1..8u32, 1..6u32), 0..2),
    ) -> String {
        let mut text = format!("octo = 1\n[components]\nusers = {{ kind = \"clients\" }}\nlb = {{ kind = \"balancer\", policy = \"{policy}\" }}\n");
        text += &format!("a = {a}\nb = {b}\ndb = {db}\nnear = {{ kind = \"cache\", hits = \"70 %\", time = \"1 ms\" }}\n[links]\n");
        for to in ["lb", "a", "b", "near", "db"] {
            text += &format!("\"users -> {to}\" = {link}\n");
        }
        text += &format!("[calls]\ngo = \"\"\"\n{plan}\n\"\"\"\n");
        text += &format!("[workload]\nlasts = \"10 s\"\nwarmup = \"10 %\"\ngo = {{ from = \"users\", arrivals = \"{arrivals}\"{sessions} }}\n");
        for (what, at, lasts) in faults {
            text += &format!("[[faults]]\nat = \"{at} s\"\nlasts = \"{lasts} s\"\nwhat = \"{what}\"\n");
        }
        text
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn tiers_tell_what_the_long_way_tells(text in tiers(), seed in 1..1_000u64, slice in 1..6u64) {
        // A fault may be about something that the design does not have.
        prop_assume!(Run::new(&experiment(&text, seed)).is_ok());
        let (short, long) = (told_by_tiers(&text, seed, false, slice * slice * 1_500), told_by_tiers(&text, seed, true, u64::MAX));
        prop_assert!(short == long, "{}\n{}", text, difference(&short, &long));
    }
}

/// Where two texts part.
fn difference(one: &str, other: &str) -> String {
    let at = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let near = |text: &str| text.get(at.saturating_sub(150)..(at + 150).min(text.len())).unwrap_or(text).to_owned();
    format!("{}\n{}", near(one), near(other))
}
