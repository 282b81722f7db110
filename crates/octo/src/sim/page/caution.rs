//! What to be careful about before reading the numbers: runs that were cut short, and runs that
//! had not settled.

use sim::{EndedBy, Report, Settled};
use units::Duration;

use super::About;
use crate::sim::figures;

pub(crate) fn cautions(report: &Report, about: &About<'_>) -> Vec<String> {
    let mut cautions = Vec::new();
    if about.is_interrupted {
        cautions.push(interrupted(report, about));
    } else {
        cautions.extend(report.ended_by.map(|by| cut_short(report, by, about)));
    }
    if report.measured == 0 {
        cautions.push("Nothing was measured: the beginning, which is thrown away (workload.warmup), was not over.".into());
        return cautions;
    }
    cautions.extend(unfinished(report));
    if report.ended_by.is_none() {
        cautions.extend(unsettled(report));
    }
    cautions
}

fn interrupted(report: &Report, about: &About<'_>) -> String {
    if report.ended_by == Some(EndedBy::Caller) {
        return format!("Interrupted by Ctrl-C {}: this is what was measured until then.", reached(report, about));
    }
    format!("Interrupted by Ctrl-C: {} of {} runs were done, and these are they.", report.runs.len(), about.runs)
}

/// The same in few words, beside a row of numbers.
pub(crate) fn in_short(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Events => "cut off by its budget of steps (--budget-events)",
        EndedBy::LiveRequests => "cut off with too many requests under way: more is sent than is answered",
        EndedBy::Memory => "cut off with too much to remember",
        EndedBy::DrainTime => "not answered in as much time again: more is sent than can be answered",
        EndedBy::Deadlock => "stuck: requests wait for each other in a circle",
        EndedBy::Caller => "interrupted",
    }
}

/// Which budget ended the run, and what to do.
fn cut_short(report: &Report, by: EndedBy, about: &About<'_>) -> String {
    let reached = reached(report, about);
    match by {
        EndedBy::Events => format!(
            "Cut off by its budget of {} steps {reached}: this is what was measured until then. Let it run \
             shorter (--duration), send less, or allow more steps (--budget-events).",
            figures::count(about.budget.events)
        ),
        EndedBy::LiveRequests => format!(
            "Cut off by its budget of {} requests and calls under way {reached}: more is sent than is \
             answered{}, so they only pile up. Send less, give what is busiest more workers, or bound its queue.",
            figures::count(about.budget.live_requests as u64),
            report.bottleneck().map(|name| format!(", and {name} is busiest")).unwrap_or_default()
        ),
        EndedBy::Memory => format!(
            "Cut off by its budget of memory {reached}: keys, clients, messages and events to come are more than it may remember. \
             Let it run shorter (--duration), send less, or ask for fewer keys."
        ),
        EndedBy::DrainTime => "Requests were still under way when as much time again had passed as was asked for: more was sent than \
             could be answered. Send less, give what is busiest more workers, or bound its queue."
            .into(),
        EndedBy::Deadlock => "Requests hold workers and wait for each other in a circle, so nothing could happen any more. Give one of \
             the services in the circle more workers, a timeout, or holds = false."
            .into(),
        EndedBy::Caller => format!("Stopped {reached}."),
    }
}

/// How far it came in simulated time.
fn reached(report: &Report, about: &About<'_>) -> String {
    let runs = report.runs.len().max(1) as u64;
    let at = match report.measured / runs {
        0 => report.points.last().map(|point| point.at),
        measured => Some(super::thrown_away(about.document).0 + measured),
    };
    at.map_or_else(|| "at the very beginning".into(), |at| format!("after about {} of simulated time", Duration(at).quantity()))
}

/// A few are always under way when a run is cut; this many are a sign.
const MANY: f64 = 0.001;

fn unfinished(report: &Report) -> Option<String> {
    let classes: Vec<String> = report
        .classes
        .iter()
        .filter(|(_, class)| class.unfinished as f64 > class.sent as f64 * MANY)
        .map(|(name, class)| format!("{} of {name}", figures::count(class.unfinished)))
        .collect();
    (!classes.is_empty())
        .then(|| format!("Unanswered when the run ended, and in no percentile: {}. The true latencies are longer.", classes.join(", ")))
}

fn unsettled(report: &Report) -> Option<String> {
    let times = |ratio: f64| format!("{} times", units::significant((ratio * 10.0).round() / 10.0));
    let (name, settled) = report.unsettled()?;
    match settled {
        Settled::Late { from, ratio } => {
            let way = if ratio > 1.0 { "higher" } else { "lower" };
            Some(format!(
                "Not settled when measuring began: until about {from} the mean latency of {name} was {way} ({} that of the rest). Throw \
                 more away (--set workload.warmup=...), or run longer.",
                times(ratio),
                from = Duration(from).quantity()
            ))
        }
        Settled::Never { ratio } => {
            let saturated = report.first_saturated().filter(|_| ratio > 1.0);
            let more = saturated.map(|first| format!(", and {first} is saturated")).unwrap_or_default();
            let way_out = if saturated.is_some() { "Send less, or give it more capacity." } else { "Run longer." };
            Some(format!(
                "Not settled in this time: at its end the mean latency of {name} was {} that at the beginning{more}. {way_out}",
                times(ratio)
            ))
        }
        Settled::Yes | Settled::NotSteady => None,
    }
}
