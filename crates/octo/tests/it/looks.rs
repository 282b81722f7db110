//! What `octo sim` says of one design in which trouble spreads: who reached the limit first, how it
//! went over time, and what a single request went through.

use expect_test::expect;

use crate::runs::Desk;

/// The database slows down, and those who wait for it with a worker each are busier in the end.
const CHAIN: &str = r#"octo = 1
title = "A chain"

[components]
users = { kind = "clients" }
web   = { kind = "service", workers = 40, time = "1 ms", holds = true }
mail  = { kind = "external", workers = "unlimited", time = "100 ms" }
db    = { kind = "relational", pool = 4, time = "10 ms" }

[calls]
buy = """
web
  mail
  db
"""

[workload]
lasts = "60 s"
buy   = { from = "users", arrivals = "constant 160/s" }

[[faults]]
at   = "40 s"
what = "slow db x3"
"#;

#[test]
fn who_was_saturated_first_stands_beside_who_was_busiest() {
    let desk = Desk::with(CHAIN);
    let ended = desk.sim(&[]);
    let verdict = ended.out.split("What happened\n").nth(1).unwrap_or_default().split("\nRequests").next().unwrap_or_default();
    expect![[r#"
        db was 3 times slower from 40 s on: meanwhile buy took 1.8 s in the mean, and
        110 ms before.
        web, the busiest of all, was full at 40.8 s, too, but for 99 % of that time its
        workers only waited for db: it is a victim, not the cause. The slow requests of
        buy took 3.9 s in the mean: 92 % waiting at web.
    "#]]
    .assert_eq(verdict);
    let report: serde_json::Value = serde_json::from_str(&desk.sim(&["--json"]).out).unwrap();
    let said = serde_json::json!([report["first_saturated"], report["bottleneck"], report["saturated"]]);
    expect![[r#"["db","web",[{"component":"db","from_ns":40000000000,"to_ns":60000000000},{"component":"web","from_ns":40750000000,"to_ns":60000000000}]]"#]].assert_eq(&said.to_string());
    let series = &report["series"];
    let points = series["at_ns"].as_array().unwrap().len();
    assert_eq!((points, &series["warmup_points"]), (240, &serde_json::json!(12)));
    for column in [&series["classes"]["buy"]["p99_ns"], &series["components"]["db"]["utilisation_e9"]] {
        assert_eq!(column.as_array().unwrap().len(), points);
    }
    assert!(series["components"]["mail"].get("rejected").is_none(), "what never happened is left out");
}

#[test]
fn an_explanation_shows_its_figures_and_stands_in_the_json() {
    let desk = Desk::with(CHAIN);
    let ended = desk.sim(&["--explain"]);
    let told = ended.out.split("What happened\n").nth(1).unwrap_or_default().split("\nRequests").next().unwrap_or_default();
    expect![[r#"
        db was 3 times slower from 40 s on: meanwhile buy took 1.8 s in the mean, and
        110 ms before.
        buy.errors 0 %; buy.p99 4.03 s; db.utilisation 61 %; began 40 s; errors
        meanwhile 0 %; mean before 111 ms; mean meanwhile 1.79 s

        web, the busiest of all, was full at 40.8 s, too, but for 99 % of that time its
        workers only waited for db: it is a victim, not the cause.
        web.utilisation 63.6 %

        The slow requests of buy took 3.9 s in the mean: 92 % waiting at web.
        buy.p99 4.03 s; buy.mean 826 ms
    "#]]
    .assert_eq(told);
    let report: serde_json::Value = serde_json::from_str(&desk.sim(&["--json"]).out).unwrap();
    let first = &report["explanation"][0];
    assert_eq!((&first["role"], &first["component"], &first["kind"]), (&"cause".into(), &"db".into(), &"slow".into()));
    assert_eq!(first["figures"][1]["name"], "buy.p99");
}

#[test]
fn formulas_answer_without_a_run() {
    let desk = Desk::with(CHAIN);
    let ended = desk.sim(&["--instant"]);
    let shown = ended.out.split("The formulas, and").next().unwrap_or_default();
    expect![[r#"
        A chain
        By formulas, without a run: the mean course of a design to which nothing
        happens.

        measure          formula                              how sure
        buy.mean         decomposition of stations            approximation
        buy.p50          gamma of the same mean and variance  approximation
        buy.p95          gamma of the same mean and variance  approximation
        buy.p99          gamma of the same mean and variance  approximation
        buy.rate         forced flow and utilisation law      exact
        buy.answered     decomposition of stations            approximation
        buy.most         bottleneck law with held workers     approximation
        db.utilisation   forced flow and utilisation law      exact
        db.rate          forced flow and utilisation law      exact
        db.time          G/G/c after Allen and Cunneen        approximation
        mail.rate        forced flow and utilisation law      exact
        mail.time        M/G/inf                              exact
        web.utilisation  held workers as layers               approximation
        web.rate         forced flow and utilisation law      exact
        web.time         held workers as layers               approximation
        web is full at   bottleneck law with held workers     approximation

        measure                    value
        buy.mean                  111 ms
        buy.p50                   111 ms
        buy.p95                   111 ms
        buy.p99                   111 ms
        buy.rate                   160/s
        buy.answered               100 %
        buy.most                   360/s
        db.utilisation              40 %
        db.rate                    160/s
        db.time                    10 ms
        mail.rate                  160/s
        mail.time                 100 ms
        web.utilisation           44.4 %
        web.rate                   160/s
        web.time                  111 ms
        web is full at   2.25 x the load

    "#]]
    .assert_eq(shown);
    let told: serde_json::Value = serde_json::from_str(&desk.sim(&["--instant", "--json"]).out).unwrap();
    assert_eq!(told["numbers"]["mail.time"]["value_e9"], 100_000_000);
    assert_eq!(told["reasons"][0]["subject"], "faults");
}

#[test]
fn the_slowest_request_looked_at_is_shown_call_by_call() {
    let desk = Desk::with(CHAIN);
    let shown = |args: &[&str]| {
        let ended = desk.sim(args);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
        assert!(ended.out.lines().all(|line| line.chars().count() <= 80), "wider than 80: {}", ended.out);
        let from = ended.out.find("The slowest of the requests").expect("it is shown");
        ended.out[from..].split("Verdict").next().unwrap_or_default().to_owned()
    };
    expect![[r#"
        The slowest of the requests looked at closely
        buy, sent at 59.9 s, was answered after 4.13 s.
        call       after  waited    took    in all of its time
        web 1        0 s  3.83 s  4.13 s  ░░░░░░░░░░░░░░░░░░░█
          mail 1  3.83 s          100 ms                    ▏
          db 1    3.93 s  169 ms  199 ms                     ░
        · on its way, or answered by others ░ in the queue █ at a worker » later

    "#]]
    .assert_eq(&shown(&["--trace"]));
    let retries = "[links]\n\"web -> db\" = { timeout = \"25 ms\", retry = { attempts = 2, backoff = \"10 ms\" } }\n\n[calls]";
    desk.put("shop.toml", &CHAIN.replace("[calls]", retries));
    expect![[r#"
        The slowest of the requests looked at closely in the first run
        buy, sent at 39.9 s, failed after 161 ms (db: timed out).
        call               came to         after  waited    took    in all of its time
        web 1              db: timed out     0 s          161 ms  ████████████████████
          mail 1                            1 ms          100 ms  █████████████
          db 1             timed out      101 ms           25 ms               ███
          db 1, attempt 2  timed out      136 ms  7.5 ms   25 ms                   ░██
        · on its way, or answered by others ░ in the queue █ at a worker » later

    "#]]
    .assert_eq(&shown(&["--trace", "--replications", "2"]));
    // Looking changes nothing else.
    let lines = |args: &[&str]| desk.sim(args).out.lines().map(str::to_owned).collect::<Vec<_>>();
    let (with, without) = (lines(&["--trace"]), lines(&[]));
    assert!(without.iter().all(|line| with.contains(line)), "{without:#?}");
    let report: serde_json::Value = serde_json::from_str(&desk.sim(&["--json"]).out).unwrap();
    let traces = report["traces"].as_array().unwrap();
    assert!((20..=51).contains(&traces.len()), "{}", traces.len());
    assert_eq!(traces[0]["spans"][1]["parent"], 0);
}

#[test]
fn a_sweep_shows_no_single_request() {
    let ended = Desk::with(CHAIN).sim(&["--trace", "--sweep", "rate=100..200 in 2"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("cannot be used with"), "{}", ended.err);
}
