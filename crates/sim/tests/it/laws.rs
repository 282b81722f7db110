//! Laws that hold for every design: each run asserts its own exact identities on the way, and
//! here that every request is accounted for and that slicing changes nothing.

use proptest::prelude::*;
use sim::{Budget, Progress, Run};

use crate::check::{experiment, measure, report};

const BUDGET: Budget = Budget { events: 60_000, live_requests: 5_000 };

const TIMES: &[&str] =
    &["0 s", "3 ms", "exp 5 ms", "lognormal 4 ms scv 3", "erlang 3 6 ms", "hyper 5 ms scv 4", "1 ms or 50 ms 5 %", "uniform 1 ms..9 ms"];

/// What `web` may do, some of it with more below.
const CALLS: &[&str] = &[
    "  db",
    "  db x7",
    "  pay 3 times",
    "  together: db; pay; cache > db",
    "  30 %: pay",
    "  async: pay",
    "  async: db\n    pay",
    "  cache get row\n    miss: db read row; cache put row",
    "  cache get row x4\n    miss: db read row",
    "  cache put row",
    "  pay\n    db\n    db x2",
];

fn time() -> impl Strategy<Value = String> {
    prop::sample::select(TIMES).prop_map(str::to_owned)
}

fn component(name: &'static str, kind: &'static str) -> impl Strategy<Value = String> {
    (
        1u32..4,
        prop_oneof![Just("\"unlimited\"".to_owned()), (1u32..5).prop_map(|n| n.to_string())],
        prop::option::of(0u32..5),
        time(),
        any::<bool>(),
    )
        .prop_map(move |(replicas, workers, queue, time, holds)| {
            let queue = queue.map_or(String::new(), |queue| format!("queue = {queue}, "));
            format!(
                "{name} = {{ kind = \"{kind}\", replicas = {replicas}, workers = {workers}, {queue}holds = {holds}, time = \"{time}\" }}\n"
            )
        })
}

fn call() -> impl Strategy<Value = String> {
    prop::sample::select(CALLS).prop_map(str::to_owned)
}

fn arrivals() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u32..400).prop_map(|rate| format!("poisson {rate}/s")),
        (1u32..400).prop_map(|rate| format!("constant {rate}/s")),
        (1u32..40, time()).prop_map(|(users, think)| format!("closed {users} users think {think}")),
    ]
}

fn document() -> impl Strategy<Value = String> {
    let policy = prop::sample::select(&["random", "round robin", "least connections", "two choices"][..]);
    let components =
        (component("web", "service"), component("db", "relational"), component("pay", "external"), component("cache", "cache"));
    let link = prop::sample::select(&["", "rtt = \"10 ms\"", "rtt = \"3 ns\", jitter = \"2 ms\", reuse = \"50 %\", tls = \"1.2\""][..]);
    (policy, components, link, prop::collection::vec(call(), 0..5), arrivals(), arrivals()).prop_map(
        |(policy, (web, db, pay, cache), link, calls, first, second)| {
            format!(
                r#"octo = 1
[components]
users = {{ kind = "clients" }}
lb = {{ kind = "balancer", policy = "{policy}" }}
{web}{db}{pay}{cache}
[links]
"web -> db" = {{ {link} }}
"users -> lb" = {{ {link} }}
[data]
row = {{}}
[calls]
buy = """
lb > web
{}
"""
look = "web > db"
[workload]
lasts = "3 s"
buy  = {{ from = "users", arrivals = "{first}" }}
look = {{ from = "users", arrivals = "{second}" }}
"#,
                // A plain call between any two: what stands next to each other must not go out together.
                calls.join("\n  db\n")
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_is_answered_failed_or_unfinished(text in document(), seed in any::<u64>()) {
        let report = report(&text, seed, BUDGET);
        for class in report.classes.values() {
            prop_assert_eq!(class.sent, class.answered + class.failed.values().sum::<u64>() + class.unfinished);
            prop_assert!(report.ended_by.is_some() || class.unfinished == 0);
        }
        for (name, component) in &report.components {
            if component.workers.is_some() && report.measured > 0 {
                let utilisation = measure(&report, &format!("{name}.utilisation"));
                prop_assert!(utilisation <= 1.0, "{} is busy to {}", name, utilisation);
            }
        }
    }

    #[test]
    fn slices_change_nothing(text in document(), seed in any::<u64>(), slice in 1u64..5_000) {
        let mut run = Run::within(&experiment(&text, seed), BUDGET).expect("a good design");
        while run.advance(slice) != Progress::Done {}
        prop_assert_eq!(run.report(), report(&text, seed, BUDGET));
    }
}
