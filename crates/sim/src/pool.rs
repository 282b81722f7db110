//! Several runs of one design told as one: counters and histograms added.

use crate::report::{ClassReport, ComponentReport, Report};
use crate::watch::Watched;

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
    if !rest.is_empty() {
        pooled.each = reports.to_vec();
    }
    Some(pooled)
}

fn alike(a: &Report, b: &Report) -> bool {
    let watch = |watched: &Watched| (watched.data.clone(), watched.invariant);
    let shape = |component: &ComponentReport| (component.kind.clone(), component.by_replica.len(), component.workers);
    a.engine == b.engine
        && a.component_names == b.component_names
        && a.watched.iter().map(watch).eq(b.watched.iter().map(watch))
        && a.costs.same_prices(&b.costs)
        && a.classes.keys().eq(b.classes.keys())
        && a.components.values().map(shape).eq(b.components.values().map(shape))
}

fn add(pooled: &mut Report, report: &Report) {
    pooled.runs.extend(report.runs.iter().cloned());
    pooled.seeds.extend(&report.seeds);
    pooled.ended_by = pooled.ended_by.or(report.ended_by);
    pooled.events += report.events;
    pooled.measured += report.measured;
    for (mine, theirs) in pooled.watched.iter_mut().zip(&report.watched) {
        mine.add(theirs);
    }
    for (mine, theirs) in pooled.classes.values_mut().zip(report.classes.values()) {
        add_class(mine, theirs);
    }
    for (mine, theirs) in pooled.components.values_mut().zip(report.components.values()) {
        add_component(mine, theirs);
    }
    for (mine, theirs) in pooled.links.values_mut().zip(report.links.values()) {
        mine.calls += theirs.calls;
        mine.retries += theirs.retries;
        mine.hedges += theirs.hedges;
        mine.lost += theirs.lost;
    }
}

pub(crate) fn add_class(mine: &mut ClassReport, theirs: &ClassReport) {
    mine.sent += theirs.sent;
    mine.answered += theirs.answered;
    mine.good += theirs.good;
    mine.retries += theirs.retries;
    for (cause, count) in &theirs.failed {
        *mine.failed.entry(cause.clone()).or_default() += count;
    }
    mine.unfinished += theirs.unfinished;
    mine.latency.merge(&theirs.latency);
    mine.squares += theirs.squares;
    mine.reads.add(&theirs.reads);
    mine.seconds.add(&theirs.seconds);
    mine.inside.merge(&theirs.inside);
    mine.sent_in_window += theirs.sent_in_window;
    mine.answered_in_window += theirs.answered_in_window;
    mine.good_in_window += theirs.good_in_window;
    mine.failed_in_window += theirs.failed_in_window;
    mine.area += theirs.area;
    mine.ledger.merge(&theirs.ledger);
}

pub(crate) fn add_component(mine: &mut ComponentReport, theirs: &ComponentReport) {
    mine.visits += theirs.visits;
    mine.finished += theirs.finished;
    mine.rejected += theirs.rejected;
    mine.dropped += theirs.dropped;
    mine.queue_max = mine.queue_max.max(theirs.queue_max);
    mine.area_waiting += theirs.area_waiting;
    mine.area_busy += theirs.area_busy;
    mine.area_replicas += theirs.area_replicas;
    mine.begun += theirs.begun;
    mine.waiters += theirs.waiters;
    mine.waits.merge(&theirs.waits);
    mine.waited += theirs.waited;
    mine.waited_squares += theirs.waited_squares;
    mine.services += theirs.services;
    mine.served += theirs.served;
    mine.spent += theirs.spent;
    mine.hits += theirs.hits;
    mine.misses += theirs.misses;
    mine.resident = mine.resident.max(theirs.resident);
    mine.reads += theirs.reads;
    mine.stale += theirs.stale;
    mine.behind += theirs.behind;
    mine.duplicates += theirs.duplicates;
    mine.lost_writes += theirs.lost_writes;
    let (ours, other) = (&mut mine.messages, &theirs.messages);
    ours.produced += other.produced;
    ours.deliveries += other.deliveries;
    ours.consumed += other.consumed;
    ours.redelivered += other.redelivered;
    ours.duplicates += other.duplicates;
    ours.dead += other.dead;
    ours.lost += other.lost;
    ours.backlog += other.backlog;
    ours.backlog_max = ours.backlog_max.max(other.backlog_max);
    if mine.occupancy.len() < theirs.occupancy.len() {
        mine.occupancy.resize(theirs.occupancy.len(), 0);
    }
    for (mine, theirs) in mine.occupancy.iter_mut().zip(&theirs.occupancy) {
        *mine += theirs;
    }
    for (mine, theirs) in mine.by_replica.iter_mut().zip(&theirs.by_replica) {
        *mine += theirs;
    }
}
