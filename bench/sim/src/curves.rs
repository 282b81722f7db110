//! What an event costs as designs and agendas grow, and an answer by formulas. The load stays the same,
//! so a curve that rises shows a cost that is not linear in requests.

use std::time::Instant;

use serde_json::{Value, json};
use sim::Progress;

use crate::octo;

/// Steps of the engine that are timed, after some that are not: in a chain of a thousand, the first
/// requests need millions before they reach its end.
const EVENTS: u64 = 2_000_000;
const WARM: u64 = 200_000;
const WARM_PER_SERVICE: u64 = 10_000;

/// So many services, each visited by every request, one after the other.
pub(crate) fn chain(services: u64) -> Result<Value, String> {
    let calls: Vec<String> = (1..=services).map(|number| format!("s{number}")).collect();
    measured(&(components(services, BUSY) + &one_class(&calls.join("; "), "poisson 1000/s")), services)
}

/// So many services, each with its own part of the requests.
pub(crate) fn fan(services: u64) -> Result<Value, String> {
    let mut text = components(services, BUSY);
    let mut classes = format!("[workload]\nlasts = \"{LONG}\"\n");
    text.push_str("[calls]\n");
    for number in 1..=services {
        text.push_str(&format!("c{number} = \"s{number}\"\n"));
        // Whole parts: 1,000 a second in all.
        classes.push_str(&format!("c{number} = {{ from = \"users\", arrivals = \"poisson {}/s\" }}\n", 1000 / services));
    }
    measured(&(text + &classes), services)
}

/// So many users who think, 10,000 of them acting each second: as many events are pending.
pub(crate) fn pending(users: u64) -> Result<Value, String> {
    let think_ms = users / 10;
    let arrivals = format!("closed {users} users think exp {think_ms} ms");
    measured(&(components(1, "workers = \"unlimited\", time = \"1 ms\"") + &one_class("s1", &arrivals)), 1)
}

/// What formulas tell of a chain of so many, again and again for a while: as a slider asks for it.
pub(crate) fn instant(services: u64) -> Result<Value, String> {
    let calls: Vec<String> = (1..=services).map(|number| format!("s{number}")).collect();
    let text = components(services, BUSY) + &one_class(&calls.join("; "), "poisson 1000/s");
    let document = octo::experiment(&octo::read(&text)?, 1)?.document;
    let (begun, mut answers) = (Instant::now(), 0u32);
    while begun.elapsed().as_secs_f64() < 0.5 {
        let estimate = judge::instant::estimate(&document).map_err(|reasons| format!("{reasons:?}"))?;
        answers += u32::from(estimate.classes.values().any(|class| class.mean.is_some()));
    }
    Ok(json!({ "us_per_answer": begun.elapsed().as_secs_f64() * 1e6 / f64::from(answers) }))
}

/// Half busy where all thousand requests a second come.
const BUSY: &str = "workers = 4, time = \"exp 2 ms\"";
/// Longer than any curve runs.
const LONG: &str = "100000 s";

fn components(services: u64, words: &str) -> String {
    let mut text = "octo = 1\n[components]\nusers = { kind = \"clients\" }\n".to_owned();
    for number in 1..=services {
        text.push_str(&format!("s{number} = {{ kind = \"service\", {words} }}\n"));
    }
    text
}

fn one_class(calls: &str, arrivals: &str) -> String {
    format!("[calls]\nask = \"{calls}\"\n[workload]\nlasts = \"{LONG}\"\nask = {{ from = \"users\", arrivals = \"{arrivals}\" }}\n")
}

fn measured(text: &str, services: u64) -> Result<Value, String> {
    let experiment = octo::experiment(&octo::read(text)?, 1)?;
    let mut run = octo::ready(&experiment)?;
    run.advance(WARM + WARM_PER_SERVICE * services);
    let begun = Instant::now();
    if run.advance(EVENTS) == Progress::Done {
        return Err("The run was over before its events were counted.".into());
    }
    Ok(json!({ "ns_per_event": begun.elapsed().as_secs_f64() * 1e9 / EVENTS as f64 }))
}
