//! Several runs of one design told as one: counters and histograms added.

use crate::report::{ClassReport, ComponentReport, Report};

/// Pools independent runs (different seeds) of the same design and workload. None if there is
/// nothing to pool, if two runs are the same one, or if their designs differ in a part.
pub fn pool(reports: &[Report]) -> Option<Report> {
    let (first, rest) = reports.split_first()?;
    let mut pooled = first.clone();
    for report in rest {
        if !alike(&pooled, report) || report.runs.iter().any(|run| pooled.runs.contains(run)) {
            return None;
        }
        add(&mut pooled, report);
    }
    Some(pooled)
}

fn alike(a: &Report, b: &Report) -> bool {
    let shape = |component: &ComponentReport| (component.kind.clone(), component.replicas, component.workers);
    a.engine == b.engine
        && a.names == b.names
        && a.costs == b.costs
        && a.classes.keys().eq(b.classes.keys())
        && a.components.values().map(shape).eq(b.components.values().map(shape))
}

fn add(pooled: &mut Report, report: &Report) {
    pooled.runs.extend(report.runs.iter().cloned());
    pooled.seeds.extend(&report.seeds);
    pooled.ended_by = pooled.ended_by.or(report.ended_by);
    pooled.events += report.events;
    pooled.measured += report.measured;
    for (mine, theirs) in pooled.classes.values_mut().zip(report.classes.values()) {
        add_class(mine, theirs);
    }
    for (mine, theirs) in pooled.components.values_mut().zip(report.components.values()) {
        add_component(mine, theirs);
    }
}

fn add_class(mine: &mut ClassReport, theirs: &ClassReport) {
    mine.sent += theirs.sent;
    mine.answered += theirs.answered;
    for (cause, count) in &theirs.failed {
        *mine.failed.entry(cause.clone()).or_default() += count;
    }
    mine.unfinished += theirs.unfinished;
    mine.latency.merge(&theirs.latency);
    mine.answered_in_window += theirs.answered_in_window;
    mine.failed_in_window += theirs.failed_in_window;
    mine.area += theirs.area;
    mine.ledger.merge(&theirs.ledger);
}

fn add_component(mine: &mut ComponentReport, theirs: &ComponentReport) {
    mine.visits += theirs.visits;
    mine.finished += theirs.finished;
    mine.rejected += theirs.rejected;
    mine.queue_max = mine.queue_max.max(theirs.queue_max);
    mine.area_waiting += theirs.area_waiting;
    mine.area_busy += theirs.area_busy;
    mine.calls += theirs.calls;
    mine.waited += theirs.waited;
    mine.served += theirs.served;
    mine.spent += theirs.spent;
    mine.hits += theirs.hits;
    mine.misses += theirs.misses;
}
