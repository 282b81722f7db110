//! The crate from outside: texts in; documents, messages and texts out. How the parts do it is
//! not tested, so they may change.

mod digest;
mod everything;
mod generated;
mod hostile;
mod notation;
mod plans;
mod prices;
mod resolve;
mod schema;
mod set;
mod sketch;
mod slips;
mod wrong;

use design::{Document, Format, Problem, read};

/// A design that is right, for tests that change one thing in it.
const SHOP: &str = r#"
octo  = 1
title = "A shop"

[components]
cache = { kind = "cache", hits = "80 %" }
db    = { kind = "relational", pool = 40 }
lb    = { kind = "balancer", policy = "two choices" }
users = { kind = "clients" }
web   = { kind = "service", replicas = 3, workers = 16, queue = 200, time = "exp 4 ms" }

[links]
"lb -> web"    = {}
"users -> lb"  = { rtt = "40 ms", reuse = "80 %", tls = "1.3" }
"web -> cache" = {}
"web -> db"    = { rtt = "0.5 ms" }

[workload]
lasts = "30 s"
buy   = { from = "users", arrivals = "poisson 90/s" }
"#;

fn shop() -> Document {
    document(SHOP)
}

/// The document of a text without errors.
fn document(text: &str) -> Document {
    let loaded = read(text, Format::Guess);
    assert!(loaded.is_runnable(), "{}", told(&loaded.problems));
    loaded.document
}

/// Problems as a person would be told them, a line each.
fn told(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{}\n", tell(problem))).collect()
}

fn tell(problem: &Problem) -> String {
    let place = problem.line.zip(problem.column).map_or(String::new(), |(line, column)| format!("{line}:{column} "));
    let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
    let suggestion = problem.suggestion.as_ref().map_or(String::new(), |suggestion| format!(" {suggestion}"));
    format!("{place}{:?} {path}{}{suggestion}", problem.severity, problem.message)
}
