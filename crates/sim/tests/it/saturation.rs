//! Which component reached its limit first, and which was the busiest: two questions with, now and
//! then, two answers.

use expect_test::{Expect, expect};
use sim::{Budget, Report, pool};

use crate::check::{report, station};

/// A web server that holds its workers while a mail service and a database answer.
const WEB: &str = r#"octo = 1
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

fn told(report: &Report) -> String {
    let time = |ns: u64| format!("{:.2} s", ns as f64 / 1e9);
    let saturated = report.saturations();
    let saturated = saturated.iter().map(|one| format!("{} {} to {}\n", one.component, time(one.from), time(one.to)));
    let named = |name: &str| report.measure(name).map(|measure| measure.to_string()).unwrap_or_default();
    format!("first {}, busiest {}\n{}", named("first saturated"), named("bottleneck"), saturated.collect::<String>())
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&told(&report(text, 1, Budget::default())));
}

#[test]
fn the_slow_database_is_first_although_those_who_wait_for_it_are_busier_in_the_end() {
    check(
        WEB,
        expect![[r#"
        first db, busiest web
        db 40.00 s to 60.00 s
        web 40.75 s to 60.00 s
    "#]],
    );
}

#[test]
fn of_two_that_begin_together_the_one_that_the_other_waits_for_is_first() {
    // So few workers are free that they are all taken at once when the database slows down.
    check(
        &WEB.replace("workers = 40", "workers = 19"),
        expect![[r#"
        first db, busiest web
        db 40.00 s to 60.00 s
        web 40.00 s to 60.00 s
    "#]],
    );
    // Whoever does not hold a worker for another is not busy on its account.
    check(
        &WEB.replace("workers = 40", "workers = 19").replace("true", "false"),
        expect![[r#"
        first db, busiest db
        db 40.00 s to 60.00 s
    "#]],
    );
}

#[test]
fn what_is_overloaded_is_so_from_the_start_and_what_comes_after_the_end_does_not_count() {
    let text = station(r#"workers = 1, time = "10 ms""#, "constant 400/s", "100 s");
    check(
        &text,
        expect![[r#"
        first worker, busiest worker
        worker 0.00 s to 100.00 s
    "#]],
    );
    let shared = station(r#"workers = 1, queue = 20, time = "exp 10 ms", order = "shared""#, "poisson 200/s", "100 s");
    check(
        &shared,
        expect![[r#"
        first worker, busiest worker
        worker 0.00 s to 100.00 s
    "#]],
    );
}

#[test]
fn a_load_that_rises_saturates_when_it_reaches_the_limit() {
    // 200/s are reached after 50 s; chance fills both workers for a while before that.
    let text = station(r#"workers = 2, time = "10 ms""#, "ramp 1/s..400/s in 100 s", "100 s");
    check(
        &text,
        expect![[r#"
            first worker, busiest worker
            worker 46.25 s to 49.17 s
        "#]],
    );
}

#[test]
fn busy_moments_of_a_component_that_has_room_are_no_saturation() {
    for seed in 1..=20 {
        for (words, arrivals, lasts) in [
            (r#"workers = 1, time = "exp 10 ms""#, "poisson 50/s", "60 s"),
            (r#"workers = 1, time = "exp 10 ms""#, "poisson 70/s", "600 s"),
            (r#"workers = 16, time = "exp 10 ms""#, "poisson 1200/s", "60 s"),
            (r#"workers = 100, time = "exp 100 ms""#, "poisson 800/s", "60 s"),
            (r#"workers = 2, time = "exp 1 s""#, "poisson 1/s", "100 s"),
        ] {
            let report = report(&station(words, arrivals, lasts), seed, Budget::default());
            assert_eq!(report.first_saturated(), None, "{words} {arrivals} {lasts} {seed}: {}", told(&report));
        }
    }
}

#[test]
fn a_standstill_is_no_saturation_but_those_who_wait_for_it_run_full() {
    let frozen = WEB.replace("slow db x3", "freeze db").replace("at   = \"40 s\"", "at   = \"40 s\"\nlasts = \"5 s\"");
    check(
        &frozen,
        expect![[r#"
        first web, busiest web
        web 40.25 s to 48.75 s
    "#]],
    );
}

#[test]
fn of_several_runs_the_first_tells_when() {
    let runs: Vec<Report> = (1..=2).map(|seed| report(WEB, seed, Budget::default())).collect();
    let both = pool(&runs).expect("two runs of one design");
    assert_eq!(both.saturations(), runs[0].saturations());
}
