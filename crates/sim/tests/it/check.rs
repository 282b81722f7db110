//! Running documents and comparing what came out. No expectation lives here.

use design::{Experiment, Format, Problem};
use sim::{Budget, ENGINE, Report, pool, run};

/// A text that must be a good design, as an experiment.
pub(crate) fn experiment(text: &str, seed: u64) -> Experiment {
    let loaded = design::read(text, Format::Toml);
    assert!(loaded.is_runnable(), "{text}\n{:#?}", loaded.problems);
    let document = design::resolve(&loaded.document).unwrap_or_else(|problems| panic!("{text}\n{problems:#?}"));
    Experiment { document, seed, engine: ENGINE.into() }
}

pub(crate) fn report(text: &str, seed: u64, budget: Budget) -> Report {
    run(&experiment(text, seed), budget).unwrap_or_else(|problems: Vec<Problem>| panic!("{text}\n{problems:#?}"))
}

/// Four seeds pooled: one run says little about its own error.
pub(crate) fn pooled(text: &str) -> Report {
    let reports: Vec<Report> = (1..=4).map(|seed| report(text, seed, Budget::default())).collect();
    assert!(reports.iter().all(|report| report.ended_by.is_none()), "every request is answered: {text}");
    pool(&reports).expect("four runs of one design")
}

/// A measure in base units.
pub(crate) fn measure(report: &Report, name: &str) -> f64 {
    let measure = report.measure(name).unwrap_or_else(|| panic!("there is no measure {name} among {:?}", report.measures()));
    measure.value().unwrap_or_else(|| panic!("{name} is a text"))
}

/// Compares measures with what theory says, each within a share of it.
pub(crate) fn check(text: &str, expected: &[(&str, f64, f64)]) {
    let report = pooled(text);
    let wrong: Vec<String> = expected.iter().filter_map(|&(name, value, tolerance)| differs(&report, name, value, tolerance)).collect();
    assert!(wrong.is_empty(), "{}\n{text}", wrong.join("\n"));
}

fn differs(report: &Report, name: &str, value: f64, tolerance: f64) -> Option<String> {
    let found = measure(report, name);
    let error = (found - value).abs() / value;
    (error > tolerance)
        .then(|| format!("{name}: {found} is {:.1} % away from {value}; {:.1} % is allowed", error * 100.0, tolerance * 100.0))
}

/// One station of the given words.
pub(crate) fn station(words: &str, arrivals: &str, lasts: &str) -> String {
    format!(
        r#"octo = 1
[components]
users  = {{ kind = "clients" }}
worker = {{ kind = "service", {words} }}
[links]
"users -> worker" = {{}}
[workload]
lasts = "{lasts}"
buy   = {{ from = "users", arrivals = "{arrivals}" }}
"#
    )
}

/// Replicas of one worker each behind a balancer.
pub(crate) fn balanced(policy: &str, replicas: u32, arrivals: &str, lasts: &str) -> String {
    format!(
        r#"octo = 1
[components]
users = {{ kind = "clients" }}
lb    = {{ kind = "balancer", policy = "{policy}" }}
web   = {{ kind = "service", replicas = {replicas}, workers = 1, time = "exp 1 s" }}
[calls]
buy   = "lb > web"
[workload]
lasts = "{lasts}"
buy   = {{ from = "users", arrivals = "{arrivals}" }}
"#
    )
}
