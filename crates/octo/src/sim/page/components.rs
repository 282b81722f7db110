//! How the components did: how busy, how long the queues, what caches had, what became of messages.

use sim::{ComponentReport, Report};

use super::{share, shown};
use crate::sim::figures;
use crate::sim::sheet::{Cell, Sheet, Table};

/// From here on a component is marked.
const BUSY: f64 = 0.8;

pub(super) fn write(sheet: &mut Sheet, report: &Report) {
    stations(sheet, report);
    answers(sheet, report);
    messages(sheet, report);
}

fn stations(sheet: &mut Sheet, report: &Report) {
    sheet.heading("Components");
    let head = ["component", "kind", "replicas", "busy", "queue", "longest", "wait", "time", "rate", "rejected", "left"];
    let mut table = Table::new(2, &head).divided_before(6);
    for (name, component) in &report.components {
        let measure = |what: &str| Cell::from(shown(report, &format!("{name}.{what}")));
        let some = |count: u64| if count > 0 { Cell::alarm(figures::count(count)) } else { "".into() };
        table.row(vec![
            name.as_str().into(),
            component.kind.as_str().into(),
            measure("replicas"),
            busy(report, name),
            measure("queue"),
            figures::count(component.queue_max.into()).into(),
            measure("wait"),
            measure("time"),
            measure("rate"),
            some(component.rejected),
            some(component.dropped),
        ]);
    }
    sheet.table(&table);
}

fn busy(report: &Report, name: &str) -> Cell {
    let measure = format!("{name}.utilisation");
    let text = share(report, &measure);
    let is_over = report.measure(&measure).and_then(|measure| measure.value()).is_some_and(|busy| busy > BUSY);
    if is_over { Cell::alarm(text) } else { text.into() }
}

/// Caches and stores: what was there, and how fresh it was.
fn answers(sheet: &mut Sheet, report: &Report) {
    let mut table = Table::new(1, &["component", "hits", "entries held", "stale reads", "lost writes"]);
    let mut any = false;
    for (name, component) in &report.components {
        let looked_up = component.hits + component.misses > 0;
        if !looked_up && component.stale == 0 && component.lost_writes == 0 {
            continue;
        }
        any = true;
        let part = |what: &str| Cell::from(share(report, &format!("{name}.{what}")));
        table.row(vec![
            name.as_str().into(),
            if looked_up { part("hits") } else { "".into() },
            if component.resident > 0 { figures::count(component.resident).into() } else { "".into() },
            if component.stale > 0 { part("stale") } else { "".into() },
            if component.lost_writes > 0 { Cell::alarm(figures::count(component.lost_writes)) } else { "".into() },
        ]);
    }
    if any {
        sheet.heading("Caches and stores");
        sheet.table(&table);
    }
}

fn messages(sheet: &mut Sheet, report: &Report) {
    let head = ["component", "sent", "delivered", "done", "twice or more", "given up", "lost", "left over"];
    let mut table = Table::new(1, &head);
    let carries = |component: &&ComponentReport| component.messages.produced > 0 || component.messages.backlog > 0;
    let mut any = false;
    for (name, component) in report.components.iter().filter(|(_, component)| carries(component)) {
        any = true;
        let messages = &component.messages;
        let some = |count: u64| if count > 0 { Cell::alarm(figures::count(count)) } else { "".into() };
        table.row(vec![
            name.as_str().into(),
            figures::count(messages.produced).into(),
            figures::count(messages.deliveries).into(),
            figures::count(messages.consumed).into(),
            some(messages.duplicates),
            some(messages.dead),
            some(messages.lost),
            figures::count(messages.backlog).into(),
        ]);
    }
    if any {
        sheet.heading("Messages");
        sheet.table(&table);
    }
}
