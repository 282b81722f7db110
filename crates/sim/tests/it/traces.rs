//! Requests looked at closely: what is seen, which ones, and that looking changes nothing.

use expect_test::{Expect, expect};
use sim::{Progress, Report, Run, Trace};

use crate::check::{experiment, station};

/// The same design with and without looking.
fn both(text: &str) -> (Report, Report) {
    let run = |looks: bool| {
        let mut run = Run::new(&experiment(text, 1)).expect("a good design");
        if looks {
            run.trace();
        }
        while run.advance(u64::MAX) != Progress::Done {}
        run.report()
    };
    (run(false), run(true))
}

fn traces(text: &str) -> Vec<Trace> {
    both(text).1.traces
}

/// One line for each call: component and replica, then when it was sent, arrived, began, left and
/// was known to its caller [ms since the request].
fn told(trace: &Trace) -> String {
    let time = |ns: Option<u64>| ns.map_or("-".to_owned(), |ns| ((ns - trace.sent) as f64 / 1e6).to_string());
    let mut text = format!("{} {} {}\n", trace.class, time(trace.ended), trace.outcome.as_deref().unwrap_or("under way"));
    for span in &trace.spans {
        let mut depth = 1;
        let mut above = span.parent;
        while let Some(parent) = above {
            depth += 1;
            above = trace.spans[parent].parent;
        }
        let replica = span.replica.map_or("-".to_owned(), |replica| replica.to_string());
        let times = [Some(span.sent), span.arrived, span.began, span.left, span.ended].map(time).join(" ");
        let attempt = if span.attempt > 1 { format!(" attempt {}", span.attempt) } else { String::new() };
        let outcome = span.outcome.as_deref().unwrap_or("nobody waited");
        text.push_str(&format!("{}{} {replica}: {times} {outcome}{attempt}\n", "  ".repeat(depth), span.component));
    }
    text
}

/// A design in which everything takes its time, and what its first request looked at went through.
fn check(plan: &str, more: &str, expected: Expect) {
    let text = format!(
        r#"octo = 1
[components]
users = {{ kind = "clients" }}
web   = {{ kind = "service", replicas = 2, workers = 8, time = "2 ms", holds = true }}
db    = {{ kind = "relational", pool = 1, time = "10 ms" }}
slow  = {{ kind = "external", workers = "unlimited", time = "100 ms" }}
jobs  = {{ kind = "queue", time = "1 ms" }}
mail  = {{ kind = "service", workers = 1, time = "5 ms" }}
[links]
"users -> web" = {{ rtt = "6 ms" }}
{more}
[data]
job = {{}}
[calls]
buy = """
{plan}
"""
[workload]
lasts = "10 s"
warmup = "0 %"
buy = {{ from = "users", arrivals = "constant 10/s" }}
"#
    );
    expected.assert_eq(&told(&traces(&text)[0]));
}

#[test]
fn calls_of_calls_are_seen_with_their_times() {
    check(
        "web\n  db\n  slow",
        "",
        expect![[r#"
        buy 118 answered
          web 1: 0 3 3 115 118 answered
            db 1: 5 5 5 15 15 answered
            slow 1: 15 15 15 115 115 answered
    "#]],
    );
}

#[test]
fn calls_at_once_stand_under_who_made_them() {
    check(
        "web\n  together: db; db; slow > db",
        "",
        expect![[r#"
        buy 118 answered
          web 1: 0 3 3 115 118 answered
            db 1: 5 5 5 15 15 answered
            db 1: 5 5 15 25 25 answered
            slow 1: 5 5 5 115 115 answered
              db 1: 105 105 105 115 115 answered
    "#]],
    );
    check(
        "web\n  async: slow > db\n  db",
        "",
        expect![[r#"
        buy 18 answered
          web 1: 0 3 3 15 18 answered
            db 1: 5 5 5 15 15 answered
            slow 1: 5 5 5 115 115 answered
              db 1: 105 105 105 115 115 answered
    "#]],
    );
}

#[test]
fn attempts_that_came_to_nothing_are_seen_and_what_they_left_behind() {
    let retry = r#""web -> slow" = { timeout = "30 ms", retry = { attempts = 2, backoff = "10 ms" } }"#;
    check(
        "web > slow",
        retry,
        expect![[r#"
        buy 78 slow: timed out
          web 1: 0 3 3 75 78 slow: timed out
            slow 1: 5 5 5 105 35 timed out
            slow 1: 45 45 45 145 75 timed out attempt 2
    "#]],
    );
    check(
        "web > slow",
        &retry.replace("timeout =", "cancel = true, timeout ="),
        expect![[r#"
        buy 78 slow: timed out
          web 1: 0 3 3 75 78 slow: timed out
            slow 1: 5 5 5 35 35 timed out
            slow 1: 45 45 45 75 75 timed out attempt 2
    "#]],
    );
}

#[test]
fn a_message_is_followed_to_those_who_deal_with_it() {
    check(
        "web\n  jobs put job > mail\n    db",
        "",
        expect![[r#"
        buy 9 answered
          web 1: 0 3 3 6 9 answered
            jobs 1: 5 5 5 6 6 answered
              mail 1: 6 6 6 21 21 answered
                db 1: 11 11 11 21 21 answered
    "#]],
    );
}

const SHOP: &str = r#"octo = 1
[components]
users = { kind = "clients" }
lb    = { kind = "balancer", policy = "round robin" }
web   = { kind = "service", replicas = 3, workers = 8, queue = 50, time = "lognormal 6 ms scv 2" }
cache = { kind = "cache", hits = "80 %", time = "0.5 ms" }
db    = { kind = "relational", pool = 4, time = "hyper 10 ms scv 4" }
jobs  = { kind = "queue", time = "1 ms" }
mail  = { kind = "service", workers = 8, time = "exp 50 ms" }
leaf  = { kind = "keyvalue", workers = 4, time = "uniform 1 ms..3 ms" }
[links]
"users -> lb" = { rtt = "40 ms", jitter = "5 ms" }
"web -> db"   = { timeout = "60 ms", retry = { attempts = 3, backoff = "5 ms" } }
[data]
job = {}
[calls]
buy = """
lb > web
  cache
    miss: db
  leaf x10
  10 %: db 2 times
  async: jobs put job > mail
"""
look = "lb > web > cache"
[workload]
lasts = "60 s"
buy   = { from = "users", arrivals = "poisson 90/s" }
look  = { from = "users", arrivals = "closed 50 users think exp 1 s" }
[[faults]]
at    = "30 s"
lasts = "5 s"
what  = "crash web.2"
[[faults]]
at    = "40 s"
lasts = "2 s"
what  = "slow db x4"
"#;

#[test]
fn looking_changes_nothing_byte_for_byte() {
    for text in [SHOP.to_owned(), station(r#"workers = 4, queue = 10, time = "exp 10 ms""#, "poisson 390/s", "100 s")] {
        let (plain, mut looked) = both(&text);
        assert!(plain.traces.is_empty(), "nobody asked");
        assert!(!std::mem::take(&mut looked.traces).is_empty());
        assert_eq!(plain.to_json().to_string(), looked.to_json().to_string());
        assert_eq!(plain, looked);
    }
}

#[test]
fn some_are_shown_of_each_class_spread_over_the_run_and_the_slowest_beside_them() {
    let (_, report) = both(SHOP);
    for class in ["buy", "look"] {
        let of: Vec<&Trace> = report.traces.iter().filter(|trace| trace.class == class).collect();
        let sample: Vec<u64> = of.iter().filter(|trace| trace.is_sample).map(|trace| trace.sent).collect();
        assert!((10..=25).contains(&sample.len()), "{class}: {}", sample.len());
        let (first, last) = (sample[0], sample[sample.len() - 1]);
        assert!(first < 6_000_000_000 && last > 50_000_000_000 && sample.is_sorted(), "{class}: {first} to {last}");
        let longest = of.iter().filter_map(|trace| Some(trace.ended? - trace.sent)).max().expect("some were answered");
        assert!(longest > report.classes[class].latency.percentile(990_000).unwrap_or(0), "{class}: {longest}");
        assert!(of.len() <= sample.len() + 3);
    }
    let json = report.to_json();
    assert_eq!(json["traces"].as_array().map(Vec::len), Some(report.traces.len()));
}

#[test]
fn a_request_that_makes_thousands_of_calls_is_cut() {
    let many = &traces(
        &station(r#"workers = "unlimited", time = "1 ms""#, "constant 1/s", "10 s")
            .replace("[workload]", "[calls]\nbuy = \"worker x1000\"\n[workload]"),
    )[0];
    assert_eq!((many.spans.len(), many.is_cut), (200, true));
}
