//! Requirement text and design in, verdict or problem out. The shop leaves nothing to chance, so
//! its numbers are those of anybody with pencil and paper; the queue is M/M/1.

use design::{Document, Experiment, Format};
use expect_test::{Expect, expect};
use judge::require::{Requirement, Verdict, judge, next, read};
use proptest::prelude::*;
use sim::{Budget, Measure, Report, pool};

const MESSAGES: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = 2, queue = 50, time = "10 ms" }
jobs  = { kind = "queue" }
[links]
"users -> web" = { rtt = "30 ms" }
"web -> jobs" = {}
[data]
order = { key = "id" }
[calls]
buy = "web > jobs produce order"
[workload]
lasts = "20 s"
buy = { from = "users", arrivals = "constant 100/s", deadline = "1 s" }
"#;

const SHOP: &str = r#"octo = 1
[components]
users = { kind = "clients" }
web   = { kind = "service", workers = 2, queue = 50, time = "10 ms" }
[links]
"users -> web" = { rtt = "30 ms" }
[data]
order = { key = "id" }
[workload]
lasts = "20 s"
buy = { from = "users", arrivals = "constant 100/s", deadline = "1 s" }
"#;

/// Half busy: mean 50 ms, so p99 = 50 ms * ln 100 = 230.26 ms.
const QUEUE: &str = r#"octo = 1
[components]
users  = { kind = "clients" }
worker = { kind = "service", workers = 1, time = "exp 25 ms" }
[links]
"users -> worker" = {}
[workload]
lasts = "50 min"
warmup = "5 %"
buy = { from = "users", arrivals = "poisson 20/s" }
"#;

fn document(text: &str, requirements: &[&str]) -> Document {
    let loaded = design::read(text, Format::Toml);
    assert!(loaded.is_runnable(), "{text}\n{:#?}", loaded.problems);
    let mut document = loaded.document;
    for (number, requirement) in requirements.iter().enumerate() {
        document.require.insert(format!("r{number}"), (*requirement).to_owned());
    }
    document
}

fn reports(document: &Document, seeds: std::ops::RangeInclusive<u64>, budget: Budget) -> Vec<Report> {
    let resolved = design::resolve(document).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let experiment = |seed| Experiment { document: resolved.clone(), seed, engine: sim::ENGINE.into() };
    seeds.map(|seed| sim::run(&experiment(seed), budget).unwrap()).collect()
}

fn lines(text: &str, runs: u64, budget: Budget, requirements: &[&str]) -> String {
    let document = document(text, requirements);
    let (read, problems) = read(&document);
    assert!(problems.is_empty(), "{problems:#?}");
    let report = pool(&reports(&document, 1..=runs, budget)).unwrap();
    judge(&read, &report).iter().map(|(id, verdict)| format!("{}: {verdict}\n", read[id])).collect()
}

fn verdicts(text: &str, runs: u64, requirements: &[&str], expected: Expect) {
    expected.assert_eq(&lines(text, runs, Budget::default(), requirements));
}

fn problems(text: &str, requirements: &[&str], expected: Expect) {
    let mut told = String::new();
    for requirement in requirements {
        let (_, problems) = read(&document(text, &[requirement]));
        assert!(!problems.is_empty(), "nothing is said of {requirement}");
        for problem in problems {
            let suggestion = problem.suggestion.map(|text| format!(" {text}")).unwrap_or_default();
            told.push_str(&format!("{requirement}\n  {}: {}{suggestion}\n", problem.path, problem.message));
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn objectives_are_met_or_missed_by_so_much() {
    verdicts(
        SHOP,
        3,
        &[
            "buy p99 < 100 ms",
            "p99 < 30 ms",
            "buy.p99 <= 40 ms",
            "buy good >= 99 %",
            "buy good >= 99.99 %",
            "errors < 0.1 %",
            "buy errors < 0.1 %",
            "buy goodput > 500/s",
            "web utilisation < 80 %",
            "web max queue = 0",
            "buy failed = 0",
            "users -> web retries = 0",
            "at 10 s buy goodput >= 99/s",
            "order: no lost write",
        ],
        expect![[r#"
            buy p99 < 100 ms: met with 60 ms to spare: 40 ms
            p99 < 30 ms: missed by 10 ms: 40 ms
            buy failed = 0: met: 0
            users -> web retries = 0: met: 0
            at 10 s buy goodput >= 99/s: met with 9/s to spare: 108/s
            order: no lost write: not judged: The run did not watch it.
            buy p99 <= 40 ms: met: 40 ms
            buy good >= 99 %: met with 1 % to spare: 100 %
            buy good >= 99.99 %: undecided: 100 %. It was the same in all runs, but they are too few requests to tell it from the bound.
            errors < 0.1 %: met with 0.1 % to spare: 0 %
            buy errors < 0.1 %: met with 0.1 % to spare: 0 %
            buy goodput > 500/s: missed by 400/s: 100/s
            web utilisation < 80 %: met with 30 % to spare: 50 %
            web max queue = 0: met: 0
        "#]],
    );
}

#[test]
fn one_run_decides_only_what_was_counted() {
    verdicts(
        SHOP,
        1,
        &["p99 < 100 ms", "failed = 0", "sent = 0", "max < 35 ms", "good = 100 %"],
        expect![[r#"
        p99 < 100 ms: undecided: 40 ms. One run says nothing of its own error.
        failed = 0: met: 0
        sent = 0: missed by 1,900: 1,900
        max < 35 ms: missed by 5 ms: 40 ms
        good = 100 %: met: 100 %
    "#]],
    );
}

#[test]
fn a_run_that_was_cut_short_decides_no_time() {
    let cut = lines(SHOP, 2, Budget { events: 3_000, ..Budget::default() }, &["p99 < 100 ms", "failed = 0", "sent = 0"]);
    expect![[r#"
        p99 < 100 ms: undecided: The run was cut short (events), and what it had not answered is in no number.
        failed = 0: undecided: The run was cut short (events), and what it had not answered is in no number.
        sent = 0: missed by 502: 502
    "#]]
    .assert_eq(&cut);
}

#[test]
fn money_is_judged_where_everything_has_a_price() {
    let priced = format!("{SHOP}[prices.own]\nweb = {{ price = \"0.1 USD/h\", source = \"a list\" }}\n");
    verdicts(
        &priced,
        1,
        &["cost < 400 USD/month", "cost < 70 USD/month"],
        expect![[r#"
        cost < 400 USD/month: met with 327 USD/month to spare: 73 USD/month
        cost < 70 USD/month: missed by 3 USD/month: 73 USD/month
    "#]],
    );
    verdicts(
        &priced,
        2,
        &["cost per thousand < 0.05 USD"],
        expect![[r#"
        cost per 1000 < 0.05 USD: met with 0.0497 USD to spare: 0.000278 USD
    "#]],
    );
    let half = priced.replace("[links]", "db = { kind = \"relational\" }\n[links]\n\"web -> db\" = {}");
    verdicts(
        &half,
        1,
        &["cost < 400 USD/month", "cost < 70 USD/month"],
        expect![[r#"
        cost < 400 USD/month: not judged: Not priced: db. What has a price costs 73 USD/month.
        cost < 70 USD/month: missed by 3 USD/month: 73 USD/month
    "#]],
    );
}

#[test]
fn recovery_is_that_of_the_slowest_class_or_never() {
    let broken = format!("{SHOP}[[faults]]\nat = \"8 s\"\nlasts = \"1 s\"\nwhat = \"crash web\"\n");
    verdicts(
        &broken,
        2,
        &["recovery < 10 s", "buy recovery < 10 s"],
        expect![[r#"
        recovery < 10 s: met with 9.92 s to spare: 83.3 ms
        buy recovery < 10 s: met with 9.92 s to spare: 83.3 ms
    "#]],
    );
    let late = broken.replace("at = \"8 s\"", "at = \"18900 ms\"");
    verdicts(
        &late,
        2,
        &["recovery < 10 s"],
        expect![[r#"
        recovery < 10 s: missed: Goodput was never back in 2 of 2 runs.
    "#]],
    );
}

#[test]
fn what_cannot_be_measured_is_told_with_a_way_out() {
    problems(
        SHOP,
        &[
            "bye p99 < 100 ms",
            "buy p9x < 100 ms",
            "buy goodputt > 5/s",
            "web utilization < 80 %",
            "web lost = 0",
            "users utilisation < 5 %",
            "buy p99 < 100/s",
            "buy p99 < 100 mss",
            "buy p99",
            "buy < 3",
            "web < 3",
            "p99x < 1 s",
            "< 3",
            "buy p99 <",
            "buy p99 < 0 ms",
            "buy p99 > -1 ms",
            "buy good >= 99.9",
            "buy good > 100 %",
            "buy errors <= 100 %",
            "buy sent >= 0",
            "buy sent > 5 %",
            "buy sent = 2.5",
            "buy p99 = 100 ms",
            "bottleneck < 3",
            "recovery < 30 s",
            "cost < 400 USD/month",
            "ordre: no lost write",
            "order:",
            "users -> wbe retries = 0",
            "users -> web tries = 0",
            "at 60 s buy goodput > 5/s",
            "at 5 s buy p42 > 5/s",
        ],
        expect![[r#"
            bye p99 < 100 ms
              require.r0: There is no class or component “bye”. There are: buy, web.
            buy p9x < 100 ms
              require.r0: At “p9x < 100 ms”: buy is a class, and has no measure “p9x”. Did you mean “p90”?
            buy goodputt > 5/s
              require.r0: At “goodputt > 5/s”: buy is a class, and has no measure “goodputt”. Did you mean “goodput”?
            web utilization < 80 %
              require.r0: At “utilization < 80 %”: web is a service, and has no measure “utilization”. Did you mean “utilisation”?
            web lost = 0
              require.r0: At “lost = 0”: web is a service, and has no measure “lost”. It has: utilisation, queue, max queue, wait, waited, wait sd, service, time, inside, rate, visit rate, visits, rejected, refused, dropped, left, hits, resident, stale, behind, lost writes, duplicates, replicas, max share, min share.
            users utilisation < 5 %
              require.r0: “users” sends requests, and nothing is measured of it (clients). Ask for a class: buy.
            buy p99 < 100/s
              require.r0: At “100/s”: “buy p99” is a time, and “100/s” is a rate. Write a bound like 100 ms.
            buy p99 < 100 mss
              require.r0: At “100 mss”: “buy p99” is a time, and “100 mss” is a plain number. Write a bound like 100 ms.
            buy p99
              require.r0: “buy p99” compares nothing. Write a measure, a sign and a bound, as in “buy p99 < 100 ms”, “buy good >= 99.9 %” or “cost < 400 USD/month”.
            buy < 3
              require.r0: What of “buy” is required? Name a measure, as in “buy p99 < 100 ms”.
            web < 3
              require.r0: What of “web” is required? Name a measure, as in “web utilisation < 80 %”.
            p99x < 1 s
              require.r0: There is no measure “p99x”. Did you mean “p99”?
            < 3
              require.r0: Before “<” there is nothing that could be measured. Write a measure, a sign and a bound, as in “buy p99 < 100 ms”, “buy good >= 99.9 %” or “cost < 400 USD/month”.
            buy p99 <
              require.r0: After “<” there is no bound. Write a measure, a sign and a bound, as in “buy p99 < 100 ms”, “buy good >= 99.9 %” or “cost < 400 USD/month”.
            buy p99 < 0 ms
              require.r0: At “0 ms”: “buy p99” is never less than nothing, so < 0 ms cannot be. Move the bound, as in 100 ms.
            buy p99 > -1 ms
              require.r0: At “-1 ms”: “buy p99” > -1 ms is always so, and requires nothing. Move the bound, as in 100 ms.
            buy good >= 99.9
              require.r0: At “99.9”: “buy good” is a share, and never more than 100 %. Did you mean 99.9 %?
            buy good > 100 %
              require.r0: At “100 %”: “buy good” is a share, and never more than 100 %. Move the bound, as in 99.9 %.
            buy errors <= 100 %
              require.r0: At “100 %”: “buy errors” <= 100 % is always so, and requires nothing. Move the bound, as in 99.9 %.
            buy sent >= 0
              require.r0: At “0”: “buy sent” >= 0 is always so, and requires nothing. Move the bound, as in 10.
            buy sent > 5 %
              require.r0: At “5 %”: “buy sent” is a count, and “5 %” is a share. Write a bound like 10.
            buy sent = 2.5
              require.r0: At “2.5”: “buy sent” is a count, and never 2.5. Move the bound, as in 10.
            buy p99 = 100 ms
              require.r0: At “= 100 ms”: “buy p99” is measured, and never exactly 100 ms. Use < or > with a bound.
            bottleneck < 3
              require.r0: “bottleneck” is the name of a component, not a number. Require its utilisation instead, as in “db utilisation < 80 %”.
            recovery < 30 s
              require.r0: Nothing goes wrong in this workload, so there is nothing to recover from. Add a fault under [[faults]], or leave this requirement out.
            cost < 400 USD/month
              require.r0: Nothing here has a price: the cost is not priced. Name a price list under [prices], and the size of each component.
            ordre: no lost write
              require.r0: There is no data “ordre” under [data]. Did you mean “order”?
            order:
              require.r0: “order:” names no data, or nothing that must be true of it. Write it as in “link: no lost write”.
            users -> wbe retries = 0
              require.r0: At “wbe retries = 0”: There is no component “wbe”. Did you mean “web”?
            users -> web tries = 0
              require.r0: At “tries = 0”: A link has no measure “tries”. It has: calls, retries, hedges, lost.
            at 60 s buy goodput > 5/s
              require.r0: At “60 s buy goodput > 5/s”: At 60 s the workload is over. Name a time before its end, or let it last longer.
            at 5 s buy p42 > 5/s
              require.r0: At “p42 > 5/s”: “p42” is not measured over time. Over time there are goodput, throughput, offered, failed, p50, p99 and inside of a class; queue, busy, rate and backlog of a component.
        "#]],
    );
    let priced = format!("{SHOP}[prices.own]\nweb = {{ price = \"0.1 USD/h\", source = \"a list\" }}\n");
    problems(
        &priced,
        &["cost < 400 USD"],
        expect![[r#"
        cost < 400 USD
          require.r0: At “400 USD”: “cost” is money per time, and “400 USD” is an amount of money. Write 400 USD/month, or ask for the cost per thousand.
    "#]],
    );
    let endless = format!("{SHOP}[[faults]]\nat = \"8 s\"\nwhat = \"crash web\"\n");
    problems(
        &endless,
        &["recovery < 3 s"],
        expect![[r#"
        recovery < 3 s
          require.r0: No fault here ends, so there is no recovery from it. Give a fault a length, as in lasts = "30 s".
    "#]],
    );
}

#[test]
fn two_requirements_that_exclude_each_other_are_told() {
    let (_, problems) = read(&document(SHOP, &["buy goodput < 50/s", "buy.goodput > 60/s"]));
    let told: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(told, ["“buy goodput > 60/s” and require.r0, “buy goodput < 50/s”, cannot both be met."]);
}

#[test]
fn every_measure_of_a_report_can_be_required_in_its_own_unit() {
    let document = document(MESSAGES, &[]);
    let report = &reports(&document, 1..=1, Budget::default())[0];
    let mut numbers = 0;
    for name in report.measures() {
        let Some(Measure::Quantity(quantity)) = report.measure(&name) else { continue };
        let unit = match quantity.dimension {
            units::Dimension::TIME => "0.5 s",
            units::Dimension::RATE => "0.5/s",
            units::Dimension::NONE => "0.5",
            other => panic!("{name}: {other:?}"),
        };
        let mut document = document.clone();
        document.require.insert("it".into(), format!("{name} < {unit}"));
        let (read, problems) = read(&document);
        assert!(problems.is_empty(), "{name}: {problems:#?}");
        let verdict = &judge(&read, report)["it"];
        assert!(!matches!(verdict, Verdict::NotJudged { .. }), "{name}: {verdict}");
        numbers += 1;
    }
    assert!(numbers > 50, "{numbers}");
}

/// Runs as many as the judge thinks worth it, from this seed on.
fn decide(requirement: &str, seed: u64) -> (&'static str, usize) {
    let document = document(QUEUE, &[requirement]);
    let (read, problems) = read(&document);
    assert!(problems.is_empty(), "{problems:#?}");
    let mut runs = reports(&document, seed..=seed, Budget::default());
    loop {
        let verdicts = judge(&read, &pool(&runs).unwrap());
        let Some(more) = next(&verdicts, runs.len()) else { return (verdicts["r0"].name(), runs.len()) };
        let from = seed + runs.len() as u64;
        runs.extend(reports(&document, from..=from + more as u64 - 1, Budget::default()));
    }
}

#[test]
fn a_queue_whose_p99_is_known_is_judged_as_theory_says() {
    let outcomes = |bound: &str| (1..=5).map(|family| decide(&format!("p99 < {bound}"), family * 1000).0).collect::<Vec<_>>();
    let count = |of: &[&str], name: &str| of.iter().filter(|outcome| **outcome == name).count();
    let (met, missed, near) = (outcomes("240 ms"), outcomes("220 ms"), outcomes("230 ms"));
    assert!(count(&met, "met") >= 4 && count(&met, "missed") == 0, "{met:?}");
    assert!(count(&missed, "missed") >= 4 && count(&missed, "met") == 0, "{missed:?}");
    assert!(count(&near, "undecided") >= 3, "{near:?}");
}

#[test]
fn far_bounds_take_few_runs_and_near_ones_no_more_than_the_most() {
    let (far, runs) = decide("p99 < 2 s", 1);
    assert_eq!((far, runs), ("met", 5));
    let (_, runs) = decide("p99 < 230.26 ms", 1);
    assert!((5..=judge::require::RUNS_MAX).contains(&runs), "{runs}");
}

fn measures() -> impl Strategy<Value = String> {
    let class =
        prop::sample::select(vec!["p99", "p99.9", "mean", "good", "inside sd", "within 100 ms", "failed.web: queue full", "stale.2"]);
    let component = prop::sample::select(vec!["utilisation", "max queue", "wait p95", "at least 3", "lost writes"]);
    let name = "[a-z][a-z0-9-]{0,8}";
    prop_oneof![
        (name, " {1,3}|\\.", class).prop_map(|(name, gap, what)| format!("{name}{gap}{what}")),
        (name, " {1,3}|\\.", component).prop_map(|(name, gap, what)| format!("{name}{gap}{what}")),
        (name, name, " |\\.").prop_map(|(from, to, gap)| format!("{from}  ->{to}{gap}retries")),
        (1..90u32, name, " |\\.").prop_map(|(at, name, gap)| format!("at {at} s{gap}{name}{gap}goodput")),
        prop::sample::select(vec!["cost", "cost per thousand", "recovery", "p99", "p99.9"]).prop_map(String::from),
    ]
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(
        measure in measures(),
        sign in prop::sample::select(vec!["<", "<=", "=", "==", ">=", ">", "≤", "≥"]),
        number in 0.0..1e6f64,
        unit in prop::sample::select(vec!["", " ms", "/s", " %", " USD/month", " requests"]),
        gap in " {0,2}",
    ) {
        let text = format!("{measure}{gap} {sign}{gap}{number}{unit}");
        let requirement: Requirement = text.parse().unwrap();
        let printed = requirement.to_string();
        prop_assert_eq!(&printed.parse::<Requirement>().unwrap(), &requirement, "{}", printed);
        prop_assert_eq!(printed.parse::<Requirement>().unwrap().to_string(), printed);
    }

    #[test]
    fn any_text_is_a_requirement_or_a_slip_inside_it(text in "[a-z .:<>=%≤-]{0,30}[0-9 a-z/%]{0,9}") {
        match text.parse::<Requirement>() {
            Ok(requirement) => prop_assert_eq!(requirement.to_string().parse::<Requirement>().unwrap(), requirement),
            Err(slip) => prop_assert!(text.is_char_boundary(slip.at) && !slip.message.is_empty()),
        }
    }
}
