//! What callers did about trouble, and what the faults were and how long their traces stayed.

use sim::Report;
use units::Duration;

use crate::sim::figures;
use crate::sim::sheet::{Cell, Sheet, Table};

pub(super) fn write(sheet: &mut Sheet, report: &Report) {
    links(sheet, report);
    faults(sheet, report);
}

fn links(sheet: &mut Sheet, report: &Report) {
    let mut table = Table::new(1, &["link", "calls", "made again", "hedged", "messages lost"]);
    let mut any = false;
    for (name, link) in report.links.iter().filter(|(_, link)| link.retries + link.hedges + link.lost > 0) {
        any = true;
        let some = |count: u64| Cell::from(if count > 0 { figures::count(count) } else { String::new() });
        table.row(vec![name.as_str().into(), figures::count(link.calls).into(), some(link.retries), some(link.hedges), some(link.lost)]);
    }
    if any {
        sheet.heading("Links with trouble");
        sheet.table(&table);
    }
}

fn faults(sheet: &mut Sheet, report: &Report) {
    if report.faults.is_empty() {
        return;
    }
    sheet.heading("Faults");
    let room = report.faults.iter().map(|fault| fault.what.chars().count()).max().unwrap_or(0).min(30);
    for fault in &report.faults {
        let mut text = when(&fault.times);
        let is_over = fault.times.first().is_some_and(|(_, ended)| ended.is_some());
        if is_over {
            let back = |(class, time): (&String, &Option<u64>)| match time {
                Some(0) => format!("{class} at once"),
                Some(ns) => format!("{class} after {}", Duration(*ns).quantity()),
                None => format!("{class} not any more in this run"),
            };
            let sends = |class: &String| report.classes.get(class).is_some_and(|class| class.sent > 0);
            let classes: Vec<String> = fault.recovery.iter().filter(|(class, _)| sends(class)).map(back).collect();
            if !classes.is_empty() {
                text.push_str(&format!(" Goodput was back: {}.", classes.join(", ")));
            }
        }
        sheet.labelled(&fault.what, room, &text);
    }
}

fn when(times: &[(u64, Option<u64>)]) -> String {
    let time = |ns: u64| Duration(ns).quantity().to_string();
    match times {
        [] => "Never: the run ended before.".into(),
        [(began, None)] => format!("From {} on.", time(*began)),
        [(began, Some(ended))] if began == ended => format!("At {}.", time(*began)),
        [(began, Some(ended))] => format!("At {} for {}.", time(*began), time(ended - began)),
        [(began, _), ..] => {
            let lengths: u64 = times.iter().filter_map(|(began, ended)| Some((*ended)? - began)).sum();
            format!("{} times, first at {}, {} in all.", times.len(), time(*began), time(lengths))
        }
    }
}
