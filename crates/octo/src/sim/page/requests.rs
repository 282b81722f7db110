//! What became of the requests, by class: how many, how fast, why not, and where the slow ones
//! spent their time.

use sim::{ClassReport, Report, Spent};

use super::{share, shown};
use crate::sim::figures;
use crate::sim::sheet::{Cell, Sheet, Table, Tone};

/// So many causes by class, the commonest first.
const CAUSES: usize = 8;
/// So many places where slow requests were, if they spent a hundredth there.
const PLACES: usize = 5;

pub(super) fn write(sheet: &mut Sheet, report: &Report) {
    sheet.heading("Requests");
    let head =
        ["class", "sent", "answered", "good", "errors", "throughput", "goodput", "mean", "p50", "p90", "p99", "p99.9", "max", "retries"];
    let mut table = Table::new(1, &head).divided_before(7);
    for (name, class) in &report.classes {
        let measure = |what: &str| Cell::from(shown(report, &format!("{name}.{what}")));
        let part = |what: &str| share(report, &format!("{name}.{what}"));
        let failed = class.failed.values().sum::<u64>() > 0;
        table.row(vec![
            name.as_str().into(),
            figures::count(class.sent).into(),
            figures::count(class.answered).into(),
            part("good").into(),
            if failed { Cell::alarm(part("errors")) } else { part("errors").into() },
            measure("throughput"),
            measure("goodput"),
            measure("mean"),
            measure("p50"),
            measure("p90"),
            measure("p99"),
            measure("p99.9"),
            // The greatest of all runs: a mean of maxima is nothing that anybody waited for.
            report.measure(&format!("{name}.max")).map(|max| max.to_string()).unwrap_or_default().into(),
            if class.retries > 0 { figures::count(class.retries).into() } else { "".into() },
        ]);
    }
    sheet.table(&table);
    few(sheet, report);
}

/// A percentile that fewer requests lie beyond is theirs, not the design's.
const FEW: u64 = 10;

fn few(sheet: &mut Sheet, report: &Report) {
    for (percentile, one_in) in [("p99", 100), ("p99.9", 1000)] {
        let few = |class: &ClassReport| class.answered > 0 && class.answered / one_in < FEW;
        let names: Vec<&str> = report.classes.iter().filter(|(_, class)| few(class)).map(|(name, _)| name.as_str()).collect();
        if !names.is_empty() {
            sheet.paragraph(&format!("{percentile} of {} rests on fewer than {FEW} requests.", names.join(", ")), Tone::Quiet);
            return;
        }
    }
}

pub(super) fn failures(sheet: &mut Sheet, report: &Report) {
    let mut table = Table::new(2, &["class", "failed because", "requests", "of all sent"]);
    let mut any = false;
    for (name, class) in &report.classes {
        let mut causes: Vec<(&String, u64)> = class.failed.iter().map(|(cause, count)| (cause, *count)).collect();
        causes.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let share = |count: u64| figures::share(count as f64 / class.sent.max(1) as f64);
        for (cause, count) in causes.iter().take(CAUSES) {
            table.row(vec![name.as_str().into(), cause.as_str().into(), figures::count(*count).into(), share(*count).into()]);
            any = true;
        }
        let rest: u64 = causes.iter().skip(CAUSES).map(|(_, count)| count).sum();
        if rest > 0 {
            let others = format!("{} other causes", causes.len() - CAUSES);
            table.row(vec![name.as_str().into(), others.into(), figures::count(rest).into(), share(rest).into()]);
        }
    }
    if any {
        sheet.heading("Failures");
        sheet.table(&table);
    }
}

/// Where the slowest twentieth, or so, spent its time, the largest part first.
pub(super) fn slow(sheet: &mut Sheet, report: &Report) {
    let mut table = Table::new(2, &["class", "where", "mean time", "share"]);
    let mut any = false;
    let time = |ns: u64| units::Duration(ns).quantity().to_string();
    for (class, all) in &report.classes {
        let Some(slow) = report.slow(class).filter(|slow| slow.requests > 0 && slow.mean > 0) else { continue };
        any = true;
        // Latencies are told apart to some per cent, so this is not always a twentieth.
        let whole = match slow.requests as f64 / all.answered.max(1) as f64 {
            part if part > 0.99 => "all of them, as they differ little".into(),
            part => format!("the slowest {} (from {})", figures::share(part), time(slow.from)),
        };
        table.row(vec![class.as_str().into(), whole.into(), time(slow.mean).into(), "".into()]);
        let mut parts: Vec<(u64, String)> = slow.components.iter().flat_map(|(name, spent)| parts(name, spent)).collect();
        parts.retain(|(ns, _)| ns * 100 >= slow.mean);
        parts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for (ns, what) in parts.into_iter().take(PLACES) {
            let share = figures::share((ns as f64 / slow.mean as f64 * 100.0).round() / 100.0);
            table.row(vec!["".into(), what.into(), time(ns).into(), share.into()]);
        }
    }
    if any {
        sheet.heading("Where the slow requests spent their time");
        sheet.table(&table);
    }
}

fn parts(name: &str, spent: &Spent) -> [(u64, String); 4] {
    [
        (spent.waiting, format!("waiting at {name}")),
        (spent.serving, format!("work at {name}")),
        (spent.network, format!("network to {name}")),
        (spent.retrying, format!("failed attempts at {name}")),
    ]
}
