//! What is not told, and why; and that asking is cheap.

use expect_test::expect;
use judge::instant::estimate;

use super::{document, estimated, number, resolved};

fn said(text: &str) -> String {
    match estimate(&resolved(text)) {
        Ok(estimate) => estimate.reasons.iter().map(|reason| format!("{reason}\n")).collect(),
        Err(reasons) => reasons.iter().map(|reason| format!("nothing: {reason}\n")).collect(),
    }
}

#[test]
fn what_no_formula_covers_is_a_reason_with_its_place() {
    let mut all = String::new();
    let one = |settings: &str, link: &str, arrivals: &str| {
        format!(
            "web = {{ kind = \"service\", {settings} }}\n[links]\n\"users -> web\" = {{ {link} }}\n\
             [workload]\nbuy = {{ from = \"users\", arrivals = \"{arrivals}\" }}"
        )
    };
    let time = "time = \"exp 10 ms\"";
    let texts = [
        one(time, "", "poisson 120/s"),
        one(time, "timeout = \"1 s\"", "poisson 50/s"),
        one(time, "timeout = \"50 ms\", retry = { attempts = 3 }", "poisson 50/s"),
        one(time, "", "bursty 20/s for 1 s, 80/s for 1 s"),
        one(time, "", "ramp 20/s..80/s in 1 min"),
        one("autoscale = {}", "", "poisson 50/s"),
        one("time = \"pareto 1 ms shape 1.5\"", "", "poisson 50/s"),
        one("time = \"exp 10 ms\", replicas = 2", "", "closed 20 users think exp 1 s").replace("web = {", "web = { workers = 2, patience = \"1 s\","),
        format!("{}\n[[faults]]\nat = \"1 s\"\nlasts = \"1 s\"\nwhat = \"crash web\"", one(time, "", "poisson 50/s")),
        "cache = { kind = \"cache\", entries = 100 }\ndb = { kind = \"relational\" }\n[calls]\nbuy = \"\"\"\ncache get\n  miss: db\n\"\"\"\n\
         [workload]\nbuy = { from = \"users\", arrivals = \"poisson 50/s\" }"
            .to_owned(),
    ];
    for text in texts {
        all += &said(&text);
        all += "--\n";
    }
    expect![[r#"
        web: more comes than it can serve, so its queue grows without end. No formula here says what follows; run the design to see.
        buy: it waits for web, and how long that takes is not told. No formula here says what follows; run the design to see.
        --
        users -> web: its time-outs, hedges and breakers act on fewer than 1 in 1,000 calls at this load. These numbers leave that out.
        --
        users -> web: its time-out fires on more than 1 in 1,000 calls, and what is given up still costs. No formula here says what follows; run the design to see.
        --
        buy: its requests come in bursts. No formula here says what follows; run the design to see.
        --
        nothing: buy: its load changes over time; give it a constant mean rate, such as that of its peak. No formula here says what follows; run the design to see.
        --
        web: its replicas follow the load. No formula here says what follows; run the design to see.
        buy: it waits for web, and how long that takes is not told. No formula here says what follows; run the design to see.
        --
        web: its service, or its arrivals, have no variance that is known. No formula here says what follows; run the design to see.
        buy: it waits for web, and how long that takes is not told. No formula here says what follows; run the design to see.
        --
        nothing: web: requests leave its queue when they lose patience. No formula here says what follows; run the design to see.
        --
        faults: the numbers are those of a design in which nothing goes wrong. These numbers leave that out.
        --
        cache: which keys it holds follows from what was asked before; write `hits` to assume a share. No formula here says what follows; run the design to see.
        --
    "#]].assert_eq(&all);
}

#[test]
fn what_does_not_depend_on_it_is_still_told() {
    let estimate = estimated(
        "web = { kind = \"service\", time = \"exp 10 ms\" }\nshop = { kind = \"service\", time = \"exp 10 ms\", autoscale = {} }
[calls]\nbuy = \"web\"\nlook = \"shop\"
[workload]\nbuy = { from = \"users\", arrivals = \"poisson 50/s\" }\nlook = { from = \"users\", arrivals = \"poisson 50/s\" }",
    );
    assert!(number(&estimate, "look.mean").is_none());
    assert!((number(&estimate, "buy.mean").expect("a mean").value - 0.02).abs() < 1e-9);
    assert!((number(&estimate, "shop.load").expect("a load").value - 0.5).abs() < 1e-9);
}

#[test]
fn held_workers_saturate_before_their_own_service_does() {
    // 4 workers, each held for 2 ms and for what the database takes; the database could do 500/s.
    let estimate = estimated(
        "web = { kind = \"service\", workers = 4, time = \"exp 2 ms\" }\ndb = { kind = \"relational\", pool = 5, time = \"exp 10 ms\" }
[calls]\nbuy = \"web > db\"\n[workload]\nbuy = { from = \"users\", arrivals = \"poisson 100/s\" }",
    );
    let first = estimate.first.as_ref().expect("somebody saturates");
    assert_eq!(first.component, "web");
    // 4 / 12 ms = 333/s less what is waited for at the database with 67 % of it in use.
    assert!(first.factor.value > 2.9 && first.factor.value < 3.334, "{first:?}");
}

#[test]
fn ten_components_take_few_steps() {
    let mut text = String::new();
    for (name, workers) in (0..9).zip([8, 16, 4, 32, 8, 2, 64, 8, 16]) {
        text += &format!("s{name} = {{ kind = \"service\", workers = {workers}, replicas = 2, time = \"exp 2 ms\" }}\n");
    }
    text += "db = { kind = \"relational\", pool = 40, time = \"lognormal 6 ms scv 2\" }\n[calls]\nbuy = \"\"\"\ns0\n  s1 > s2\n  s3\n    together: s4; s5\n    s6 > s7 > s8 > db\n\"\"\"\n";
    text += "[workload]\nbuy = { from = \"users\", arrivals = \"poisson 200/s\" }";
    let estimate = estimated(&text);
    assert!(number(&estimate, "buy.mean").is_some(), "{:?}", estimate.reasons);
    assert!(estimate.steps < 10_000, "{} steps", estimate.steps);
}

/// The document that has every word: whatever is told of it, no number may be made up.
#[test]
fn the_design_with_every_word_is_read() {
    let text = include_str!("../../../../design/tests/it/everything.toml");
    let loaded = design::read(text, design::Format::Toml);
    let Ok(resolved) = design::resolve(&loaded.document) else { return };
    match estimate(&resolved) {
        Ok(estimate) => {
            assert!(estimate.classes.values().all(|class| class.mean.is_none()), "{estimate:?}");
            assert!(!estimate.reasons.is_empty());
        }
        Err(reasons) => assert!(!reasons.is_empty()),
    }
    assert!(!document("web = { kind = \"service\" }").components.is_empty());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever the load: number inside = rate x time (Little 1961), more workers never make a
    /// request slower, more load never makes it faster, and percentiles are in order.
    #[test]
    fn estimates_keep_the_laws(workers in 1u32..40, busy in 5u32..97, shape in 0usize..4) {
        let time = ["exp 10 ms", "10 ms", "erlang 3 10 ms", "lognormal 10 ms scv 3"][shape];
        let mean = |workers: u32, rate: f64| {
            let estimate = estimated(&format!(
                "web = {{ kind = \"service\", workers = {workers}, time = \"{time}\" }}\n[links]\n\"users -> web\" = {{}}\n\
                 [workload]\nbuy = {{ from = \"users\", arrivals = \"poisson {rate}/s\" }}"
            ));
            let of = |name: &str| number(&estimate, name).expect("a number").value;
            let little = of("web.rate") * of("web.time");
            assert!((of("web.inside") - little).abs() <= 1e-9 * little);
            // Not told where two moments say too little of them.
            let [p50, p95, p99] = ["buy.p50", "buy.p95", "buy.p99"].map(|name| number(&estimate, name).map(|number| number.value));
            assert!(p50 <= p95 && p95 <= p99 && p50.is_none() == p99.is_none());
            of("buy.mean")
        };
        let rate = f64::from(workers * busy);
        let here = mean(workers, rate);
        proptest::prop_assert!(here >= 0.01 - 1e-12);
        proptest::prop_assert!(mean(workers + 1, rate) <= here + 1e-9);
        proptest::prop_assert!(mean(workers, rate * 0.9) <= here + 1e-9);
    }
}
