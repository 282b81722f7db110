//! Laws that hold for every design, tried on designs nobody would draw. Each run asserts its own
//! exact identities on the way; here it is asked what it tells.
//!
//! `OCTO_CASES=5000` tries more, `OCTO_CASE=123` tries one, and `OCTO_FROM=1000` begins there.

mod designs;
mod plans;
mod reduce;
mod values;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use design::{Document, Experiment};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sim::{Budget, ENGINE, EndedBy, Invariant, Measure, Progress, Report, Run, Watch};

const BUDGET: Budget = Budget { events: 15_000, live_requests: 2_000 };
const CASES: u64 = 300;

/// What whoever runs the tests asks for in the environment.
#[expect(clippy::disallowed_methods, reason = "the engine is pure; its tests are asked for more cases from outside")]
pub(crate) fn asked(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[test]
fn laws_hold_for_every_design() {
    let number = |name: &str| asked(name).and_then(|text| text.parse::<u64>().ok());
    let from = number("OCTO_FROM").unwrap_or(0);
    let cases = match number("OCTO_CASE") {
        Some(case) => case..case + 1,
        None => from..from + number("OCTO_CASES").unwrap_or(CASES),
    };
    let told = asked("OCTO_TELL").is_some();
    let (mut refused, mut why) = (0, String::new());
    for case in cases.clone() {
        let document = document(case);
        if told {
            eprintln!("case {case}");
        }
        match broken(&document, case) {
            Some(Broken::Refused(problems)) => (refused, why) = (refused + 1, problems),
            Some(Broken::Law(law)) => panic!("{}", tell(case, &law, &document)),
            None => {}
        }
    }
    assert!(
        refused * 20 <= cases.end - cases.start,
        "{refused} designs of {} cannot be run: the generator is wrong\n{why}",
        cases.end - cases.start
    );
}

fn document(case: u64) -> Document {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&case.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    designs::documents().new_tree(&mut runner).expect("a document").current()
}

enum Broken {
    /// It cannot be run, which is no law.
    Refused(String),
    Law(String),
}

/// The law that a document breaks.
fn broken(document: &Document, seed: u64) -> Option<Broken> {
    let document = match design::resolve(document) {
        Ok(document) => document,
        Err(problems) => return Some(Broken::Refused(format!("{problems:#?}"))),
    };
    let experiment = Experiment { document, seed, engine: ENGINE.into() };
    match catch_unwind(AssertUnwindSafe(|| laws(&experiment))) {
        Ok(Ok(())) => None,
        Ok(Err(broken)) => Some(broken),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            Some(Broken::Law(text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default()))
        }
    }
}

fn laws(experiment: &Experiment) -> Result<(), Broken> {
    let mut run = Run::within(experiment, BUDGET).map_err(|problems| Broken::Refused(format!("{problems:#?}")))?;
    while run.advance(u64::MAX) != Progress::Done {}
    let report = run.report();
    let law = |holds: bool, law: String| if holds { Ok(()) } else { Err(Broken::Law(law)) };
    law(report.events <= 2 * BUDGET.events, format!("{} events are far beyond the budget", report.events))?;
    for (name, class) in &report.classes {
        let failed: u64 = class.failed.values().sum();
        law(class.sent == class.answered + failed + class.unfinished, format!("{name}: all that was sent is accounted for"))?;
        law(class.good <= class.answered, format!("{name}: what is good was answered"))?;
        law(report.ended_by.is_some() || class.unfinished == 0, format!("{name}: what is unfinished has a reason"))?;
        tell_slow(&report, name).map_err(Broken::Law)?;
    }
    for (name, component) in &report.components {
        let busy = report.measure(&format!("{name}.utilisation")).and_then(|measure| measure.value());
        law(busy.is_none_or(|busy| busy <= 1.0 + 1e-9), format!("{name} is busy to {busy:?}"))?;
        law(component.stale <= component.reads, format!("{name}: what is stale was read"))?;
    }
    for name in report.measures() {
        let sane = match report.measure(&name) {
            Some(Measure::Quantity(quantity)) => quantity.value.is_finite() && quantity.value >= 0.0,
            Some(Measure::Text(text)) => !text.is_empty(),
            None => false,
        };
        law(sane, format!("{name} is {:?}", report.measure(&name)))?;
    }
    same(experiment, &report).map_err(Broken::Law)?;
    same_while_watched(experiment, &report).map_err(Broken::Law)?;
    same_the_long_way(experiment, &report).map_err(Broken::Law)
}

/// Where the time of slow requests went adds up to that time, but for rounding.
fn tell_slow(report: &Report, class: &str) -> Result<(), String> {
    let Some(slow) = report.slow(class) else { return Ok(()) };
    let parts = slow.components.values();
    let sum: u64 = parts.map(|spent| spent.waiting + spent.serving + spent.network + spent.retrying).sum();
    let lost = slow.mean.abs_diff(sum);
    if lost <= 4 * slow.components.len() as u64 {
        Ok(())
    } else {
        Err(format!("{class}: {sum} ns of {} ns of slow requests are explained", slow.mean))
    }
}

/// The same again, in slices, with a look in between, and with some requests looked at closely.
fn same(experiment: &Experiment, report: &Report) -> Result<(), String> {
    let mut run = Run::within(experiment, BUDGET).map_err(|problems| format!("{problems:#?}"))?;
    run.trace();
    let mut slice = 1;
    while run.advance(slice) != Progress::Done {
        slice = slice * 7 % 5_003 + 1;
        if slice % 16 == 0 {
            run.report();
        }
    }
    let mut looked_at = run.report();
    for trace in std::mem::take(&mut looked_at.traces) {
        in_order(&trace)?;
    }
    let (first, second) = (report.to_json().to_string(), looked_at.to_json().to_string());
    if first == second { Ok(()) } else { Err("slices or traces change something".to_owned()) }
}

/// The same again while every invariant is watched of all data.
fn same_while_watched(experiment: &Experiment, report: &Report) -> Result<(), String> {
    if matches!(report.ended_by, Some(EndedBy::Events | EndedBy::Memory)) {
        return Ok(());
    }
    let mut run = Run::within(experiment, BUDGET).map_err(|problems| format!("{problems:#?}"))?;
    let invariants = [
        Invariant::NoOversell,
        Invariant::OneEffect,
        Invariant::NoLostUpdate,
        Invariant::NoLostWrite,
        Invariant::ReadYourWrites,
        Invariant::MonotonicReads,
        Invariant::StaleAtMost(40_000_000),
        Invariant::CacheStaleAtMost(40_000_000),
        Invariant::NoLostMessage,
        Invariant::OrderPerKey,
    ];
    let of = |data: &String| invariants.map(|invariant| Watch { data: data.clone(), invariant });
    let watches: Vec<Watch> = experiment.document.data.keys().flat_map(of).collect();
    run.watching(&watches);
    let mut slice = 1;
    while run.advance(slice) != Progress::Done {
        slice = slice * 11 % 4_001 + 1;
    }
    let mut watched = run.report();
    for found in std::mem::take(&mut watched.watched) {
        if found.violated > found.checked && !matches!(found.invariant, Invariant::NoLostMessage | Invariant::NoLostWrite) {
            return Err(format!("{found:?} was violated more often than it was looked at"));
        }
        if found.violations.iter().any(|violation| !violation.story.is_sorted_by_key(|scene| scene.at)) {
            return Err(format!("{found:?} is told out of order"));
        }
    }
    let (first, second) = (report.to_json().to_string(), watched.to_json().to_string());
    if first == second { Ok(()) } else { Err("watching changes something".to_owned()) }
}

/// The same again without the common path. A budget may cut that a step earlier or later.
fn same_the_long_way(experiment: &Experiment, report: &Report) -> Result<(), String> {
    if matches!(report.ended_by, Some(EndedBy::Events | EndedBy::Memory)) {
        return Ok(());
    }
    let mut run = Run::within(experiment, BUDGET).map_err(|problems| format!("{problems:#?}"))?;
    run.take_the_long_way();
    while run.advance(u64::MAX) != Progress::Done {}
    let (short, long) = (report.to_json().to_string(), run.report().to_json().to_string());
    if short == long { Ok(()) } else { Err(format!("the long way tells something else:\n{short}\n{long}")) }
}

/// Whatever is known of a call happened in its order.
fn in_order(trace: &sim::Trace) -> Result<(), String> {
    let ends = trace.ended.is_none_or(|ended| ended >= trace.sent) && trace.ended.is_some() == trace.outcome.is_some();
    let each = trace.spans.iter().enumerate().all(|(at, span)| {
        let moments: Vec<u64> = [Some(span.sent), span.arrived, span.began, span.left].into_iter().flatten().collect();
        let called = span.parent.is_none_or(|parent| parent < at && trace.spans[parent].sent <= span.sent);
        called && span.sent >= trace.sent && moments.is_sorted() && span.ended.is_none_or(|ended| ended >= span.sent)
    });
    if ends && each { Ok(()) } else { Err(format!("a request did things out of order: {trace:#?}")) }
}

/// What broke, the smallest document that breaks the same, and how to see it again.
fn tell(case: u64, law: &str, document: &Document) -> String {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let kind = |law: &str| law.chars().filter(|c| !c.is_ascii_digit()).take(60).collect::<String>();
    let small = reduce::reduce(
        document.clone(),
        |document| matches!(broken(document, case), Some(Broken::Law(other)) if kind(&other) == kind(law)),
    );
    std::panic::set_hook(hook);
    let text = design::to_toml(&small);
    format!("case {case}, seed {case}: {law}\n\n{text}\nOCTO_CASE={case} cargo test --profile tests -p sim laws_hold\n")
}
