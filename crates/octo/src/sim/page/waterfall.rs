//! `--trace`: the slowest of the requests that were looked at closely, call by call, each under the
//! one in whose course it was made.

use sim::{Report, Span, Trace};
use units::Duration;

use crate::sim::sheet::{Cell, Sheet, Table, Tone};

/// More calls than these are no picture any more.
const CALLS: usize = 40;
/// As many signs as the whole time of the request has.
const BAR: usize = 20;

const AWAY: char = '·';
const WAITING: char = '░';
const SERVED: char = '█';
/// Only after the client had its answer.
const LATER: char = '»';

pub(super) fn write(sheet: &mut Sheet, report: &Report) {
    let ended = report.traces.iter().filter_map(|trace| Some((trace.ended? - trace.sent, trace)));
    // Of two that took as long the first.
    let Some((took, trace)) = ended.min_by_key(|(took, trace)| (u64::MAX - took, trace.request)) else {
        sheet.heading("A slow request");
        return sheet.paragraph("None of the requests looked at closely came to its end.", Tone::Plain);
    };
    let which = if report.each.is_empty() { "" } else { " in the first run" };
    sheet.heading(&format!("The slowest of the requests looked at closely{which}"));
    sheet.paragraph(&about(trace, took), Tone::Plain);
    calls(sheet, trace, took);
    if trace.spans.len() > CALLS || trace.is_cut {
        let more = if trace.is_cut { " or more" } else { "" };
        sheet.paragraph(&format!("And {}{more} further calls (--json lists them).", trace.spans.len().saturating_sub(CALLS)), Tone::Quiet);
    }
    sheet.paragraph(
        &format!("{AWAY} on its way, or answered by others  {WAITING} in the queue  {SERVED} at a worker  {LATER} later"),
        Tone::Quiet,
    );
}

/// "buy, sent at 47.2 s, answered after 250 ms."
fn about(trace: &Trace, took: u64) -> String {
    let time = |ns: u64| Duration(ns).quantity().to_string();
    let (sent, took) = (time(trace.sent), time(took));
    match trace.outcome.as_deref() {
        Some("answered") => format!("{}, sent at {sent}, was answered after {took}.", trace.class),
        Some(cause) => format!("{}, sent at {sent}, failed after {took} ({cause}).", trace.class),
        None => format!("{}, sent at {sent}.", trace.class),
    }
}

fn calls(sheet: &mut Sheet, trace: &Trace, took: u64) {
    let mut table = Table::new(2, &["call", "came to", "after", "waited", "took", "in all of its time"]);
    let time = |ns: Option<u64>| Cell::from(ns.map(|ns| Duration(ns).quantity().to_string()).unwrap_or_default());
    for span in in_order(trace).into_iter().take(CALLS) {
        let call = &trace.spans[span];
        let replica = call.replica.map(|replica| format!(" {replica}")).unwrap_or_default();
        let again = if call.attempt > 1 { format!(", attempt {}", call.attempt) } else { String::new() };
        let came_to = match call.outcome.as_deref() {
            Some("answered") => "".into(),
            Some(cause) => Cell::alarm(cause),
            None => "nobody waited".into(),
        };
        let waited = call.began.or(call.left).zip(call.arrived).map(|(until, arrived)| until - arrived);
        table.row(vec![
            format!("{}{}{replica}{again}", "  ".repeat(depth(trace, call)), call.component).into(),
            came_to,
            time(Some(call.sent - trace.sent)),
            time(waited.filter(|&waited| waited > 0)),
            time(call.ended.or(call.left).map(|ended| ended - call.sent)),
            bar(call, trace.sent, took).into(),
        ]);
    }
    sheet.table(&table);
}

fn depth(trace: &Trace, call: &Span) -> usize {
    std::iter::successors(call.parent, |&parent| trace.spans[parent].parent).count()
}

/// Each call before those made in its course, and these before the next beside it.
fn in_order(trace: &Trace) -> Vec<usize> {
    let below = |parent: Option<usize>| (0..trace.spans.len()).rev().filter(move |&at| trace.spans[at].parent == parent);
    let mut order = Vec::new();
    let mut open: Vec<usize> = below(None).collect();
    while let Some(next) = open.pop() {
        order.push(next);
        open.extend(below(Some(next)));
    }
    order
}

/// What was done at each moment of the request, all calls to the same scale.
fn bar(call: &Span, from: u64, took: u64) -> String {
    let ended = [call.left, call.ended].into_iter().flatten().max().unwrap_or(u64::MAX);
    let at = |number: usize| from + (took as f64 * (number as f64 + 0.5) / BAR as f64) as u64;
    let within = |moment: u64, since: Option<u64>, until: Option<u64>| {
        since.is_some_and(|since| moment >= since) && until.is_none_or(|until| moment < until)
    };
    let sign = |moment: u64| match () {
        () if within(moment, call.began, call.left) => SERVED,
        () if within(moment, call.arrived, call.began.or(call.left)) => WAITING,
        () if within(moment, Some(call.sent), Some(ended)) => AWAY,
        () => ' ',
    };
    let mut signs: Vec<char> = (0..BAR).map(|number| sign(at(number))).collect();
    if signs.iter().all(|sign| *sign == ' ') {
        // Too short to be seen, or too late.
        let number = ((call.sent - from) as f64 / took.max(1) as f64 * BAR as f64) as usize;
        signs[number.min(BAR - 1)] = if call.sent >= from + took { LATER } else { '▏' };
    }
    signs.into_iter().collect()
}
