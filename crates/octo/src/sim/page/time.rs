//! How the run went over time, where one number for the whole of it says too little: loads that
//! change, faults, replicas that come and go.

use design::Document;
use sim::{Point, Report};
use units::{Dimension, Duration, Quantity};

use crate::sim::sheet::{Sheet, Tone};
use crate::sim::spark::{Bad, marks, spark};

/// Fewer points are no course of events.
const FEWEST: usize = 10;
/// More classes than this are not drawn one below the other.
const CLASSES: usize = 6;
/// As many bars as a series has groups of four points.
const BARS: usize = 60;
/// Room for "0 to 1,230/s" beside the bars.
const SCALE: usize = 16;

pub(super) fn write(sheet: &mut Sheet, report: &Report, document: &Document) {
    let points = report.sending();
    if points.len() < FEWEST || !says_more(report, document) {
        return;
    }
    let names = report.class_names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max("faults".len());
    let bars = BARS.min(sheet.width.saturating_sub(names + SCALE + 12)).max(10);
    let end = points.last().map_or(0, |point| point.at);
    let which = if report.each.is_empty() { "" } else { " (the first run)" };
    sheet.heading(&format!("Over {}{which}", Duration(end).quantity()));
    let sent = |number: usize| points.iter().any(|point| point.classes.get(number).is_some_and(|class| class.sent > 0));
    let classes: Vec<(usize, &String)> = report.class_names.iter().enumerate().filter(|(number, _)| sent(*number)).collect();
    for &(number, name) in classes.iter().take(CLASSES) {
        let values = series(points, number);
        let row = |label: &str, what: &str, values: &[Option<f64>], dimension, bad| {
            let top = values.iter().flatten().copied().fold(0.0, f64::max);
            let bars = spark(values, top, bars, bad);
            format!("{label:<names$}  {what:<7}  {bars}  0 to {}", Quantity::new(top, dimension))
        };
        sheet.line(&row(name, "goodput", &values.goodput, Dimension::RATE, Bad::Low), Tone::Plain);
        sheet.line(&row("", "p99", &values.p99, Dimension::TIME, Bad::High), Tone::Plain);
    }
    if classes.len() > CLASSES {
        sheet.line(&format!("and {} more classes (--svg draws them)", classes.len() - CLASSES), Tone::Plain);
    }
    if !report.faults.is_empty() {
        sheet.line(&format!("{:<names$}  {:<7}  {}", "faults", "", marks(&faulty(report, points), bars)), Tone::Plain);
    }
}

/// One value for each point, in base units.
pub(crate) struct Values {
    pub(crate) goodput: Vec<Option<f64>>,
    pub(crate) p99: Vec<Option<f64>>,
}

pub(crate) fn series(points: &[Point], class: usize) -> Values {
    let mut since = 0;
    let mut values = Values { goodput: Vec::new(), p99: Vec::new() };
    for point in points {
        let seconds = point.at.saturating_sub(since) as f64 / 1e9;
        let of = point.classes.get(class);
        values.goodput.push(of.filter(|_| seconds > 0.0).map(|of| of.good as f64 / seconds));
        values.p99.push(of.and_then(|of| Some(of.p99? as f64 / 1e9)));
        since = point.at;
    }
    values
}

/// Whether a fault was on in the time before each point.
fn faulty(report: &Report, points: &[Point]) -> Vec<bool> {
    let times: Vec<(u64, Option<u64>)> = report.faults.iter().flat_map(|fault| fault.times.iter().copied()).collect();
    let mut since = 0;
    let mut on = Vec::new();
    for point in points {
        on.push(times.iter().any(|&(began, ended)| began < point.at && ended.is_none_or(|ended| ended.max(began + 1) > since)));
        since = point.at;
    }
    on
}

fn says_more(report: &Report, document: &Document) -> bool {
    let scales = document.components.values().any(|component| component.settings.contains_key("autoscale"));
    scales || !report.is_steady
}
