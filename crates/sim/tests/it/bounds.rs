//! Bad documents, absurd loads and budgets: a run always ends and says how.

mod absurd;

use std::time::Duration as Wall;

use design::{Arrivals, Document, Experiment, Format};
use expect_test::{Expect, expect};
use sim::{Budget, ENGINE, EndedBy, Progress, Run};

use crate::check::{experiment, measure, report, station};

const SMALL: Budget = Budget { events: 200_000, live_requests: 10_000 };

/// The problems of a document that was changed after it was read, so that `read` cannot help.
fn refused(change: impl FnOnce(&mut Document), expected: Expect) {
    let text = station(r#"workers = 1, time = "exp 10 ms""#, "poisson 50/s", "10 s");
    let mut document = design::read(&text, Format::Toml).document;
    change(&mut document);
    let problems = match design::resolve(&document) {
        Ok(document) => match Run::new(&Experiment { document, seed: 1, engine: ENGINE.into() }) {
            Ok(_) => panic!("this can be run"),
            Err(problems) => problems,
        },
        Err(problems) => problems,
    };
    let told: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn a_trace_that_is_not_there_is_refused() {
    refused(
        |document| document.workload.classes.get_mut("buy").expect("a class").arrivals = Some(Arrivals::Trace { name: "launch".into() }),
        expect!["workload.buy.arrivals: No trace is called “launch”."],
    );
}

#[test]
fn a_kind_that_nobody_knows_is_refused() {
    refused(
        |document| document.components.get_mut("worker").expect("a component").kind = "oracle".into(),
        expect!["components.worker.kind: “oracle” is not a kind of component."],
    );
}

#[test]
fn an_experiment_of_another_engine_is_refused() {
    let mut experiment = experiment(&station("workers = 1", "poisson 50/s", "10 s"), 1);
    experiment.engine = "0".into();
    let Err(problems) = Run::new(&experiment) else { panic!("this can be run") };
    expect!["This run belongs to engine 0, and this is engine 2: its results may differ."].assert_eq(&problems[0].message);
}

#[test]
fn a_workload_without_requests_is_refused() {
    refused(|document| document.workload.classes.clear(), expect!["workload: Nothing is sent: the workload has no class."]);
}

#[test]
fn a_billion_requests_per_second_for_ten_years_end_by_the_budget_of_live_requests() {
    let text = station(r#"workers = 1, time = "exp 10 ms""#, "poisson 1000000000/s", "10 s");
    assert_eq!(report(&text, 1, SMALL).ended_by, Some(EndedBy::LiveRequests));
}

#[test]
fn a_long_quiet_run_ends_by_the_budget_of_events() {
    let text = station(r#"workers = 1, time = "1 ms""#, "constant 100/s", "30 d");
    let report = report(&text, 1, SMALL);
    assert_eq!(report.ended_by, Some(EndedBy::Events));
    assert_eq!(report.events, SMALL.events);
}

#[test]
fn an_overloaded_queue_is_reported_with_what_it_left_unanswered() {
    // Four times the capacity: after as much time again half is still waiting.
    let text = station(r#"workers = 1, time = "10 ms""#, "constant 400/s", "100 s");
    let report = report(&text, 1, Budget::default());
    assert_eq!(report.ended_by, Some(EndedBy::DrainTime));
    let class = &report.classes["buy"];
    assert_eq!((class.sent, class.answered, class.unfinished), (38_000, 18_000, 20_000));
    assert_eq!(measure(&report, "worker.utilisation"), 1.0);
    assert_eq!(report.first_saturated(), Some("worker"));
}

#[test]
fn nested_fan_out_ends_by_the_budget() {
    let text = r#"octo = 1
[components]
users = { kind = "clients" }
a = { kind = "service", workers = "unlimited", time = "0 s" }
b = { kind = "service", workers = "unlimited", time = "0 s" }
c = { kind = "service", workers = "unlimited", time = "0 s" }
[calls]
buy = """
a x90
  b x90
    c x90
"""
[workload]
lasts = "10 s"
buy = { from = "users", arrivals = "constant 100/s" }
"#;
    let ended = report(text, 1, SMALL).ended_by;
    assert!(matches!(ended, Some(EndedBy::Events | EndedBy::LiveRequests)), "{ended:?}");
}

#[test]
fn services_that_hold_their_workers_and_call_each_other_lock_up() {
    let text = |holds: bool| {
        format!(
            r#"octo = 1
[components]
users = {{ kind = "clients" }}
a = {{ kind = "service", workers = 2, time = "1 ms", holds = {holds} }}
b = {{ kind = "service", workers = 2, time = "1 ms" }}
[calls]
buy = "a > b > a"
[workload]
lasts = "100 s"
buy = {{ from = "users", arrivals = "poisson 100/s" }}
"#
        )
    };
    let stuck = report(&text(true), 1, Budget::default());
    assert_eq!(stuck.ended_by, Some(EndedBy::Deadlock));
    let class = &stuck.classes["buy"];
    assert!(class.unfinished > class.answered, "nothing is answered after the first lock");
    assert_eq!(report(&text(false), 1, Budget::default()).ended_by, None);
}

#[test]
fn a_closed_loop_that_takes_no_time_ends_by_the_budget() {
    let text = station(r#"workers = "unlimited", time = "0 s""#, "closed 5 users think 0 s", "10 s");
    assert_eq!(report(&text, 1, SMALL).ended_by, Some(EndedBy::Events));
}

#[test]
fn a_report_in_the_middle_of_a_run_says_so() {
    let text = station(r#"workers = 1, time = "exp 10 ms""#, "poisson 80/s", "100 s");
    let mut run = Run::new(&experiment(&text, 1)).expect("a good design");
    let early = run.report();
    assert_eq!((early.ended_by, early.measure("mean")), (Some(EndedBy::Caller), None));
    let Progress::Running { done } = run.advance(20_000) else { panic!("the run is not over yet") };
    assert!((0.1..0.9).contains(&done), "{done}");
    let report = run.report();
    assert_eq!(report.ended_by, Some(EndedBy::Caller));
    assert!(measure(&report, "mean") > 0.01);
    assert!(Wall::from_nanos(report.measured).as_secs_f64() < 95.0);
}

#[test]
fn an_unknown_measure_has_no_value_and_every_listed_one_has() {
    let text = station(r#"workers = 1, time = "exp 10 ms""#, "poisson 80/s", "10 s");
    let report = report(&text, 1, Budget::default());
    for name in ["", ".", "buy", "buy.", "buy.p0", "nobody.mean", "worker.mean.mean", "cost"] {
        assert_eq!(report.measure(name), None, "{name}");
    }
    let names = report.measures();
    assert!(names.iter().all(|name| report.measure(name).is_some()));
    assert_eq!(report.measure("mean"), report.measure("buy.mean"));
    expect!["buy.mean buy.p50 buy.p90 buy.p95 buy.p99 buy.p999 buy.max buy.sd buy.sent buy.answered buy.failed buy.unfinished buy.errors buy.attempts buy.throughput buy.goodput buy.good buy.inside network.buy worker.utilisation worker.queue worker.max queue worker.wait worker.waited worker.wait sd worker.service worker.time worker.inside worker.rate worker.visits worker.rejected worker.refused worker.dropped worker.left worker.lost writes worker.replicas worker.max share worker.min share first saturated bottleneck"].assert_eq(&names.join(" "));
}
