//! The shape of the load as the reason for waiting: urgent requests before others, many at once, or
//! as many users as there are.

use design::Arrivals;
use units::Dimension;

use super::facts::{Facts, Part};
use super::{Finding, Kind, say};

fn arrivals<'a>(facts: &Facts<'a>, class: &str) -> Option<&'a Arrivals> {
    let workload = &facts.document.workload;
    workload.classes.get(class)?.arrivals.as_ref().or(workload.arrivals.as_ref())
}

/// A class that waits because more urgent ones always go first.
pub(super) fn priority(facts: &Facts<'_>, part: &Part<'_>, class: &str) -> Option<Finding> {
    if part.words.word("order") != "priority" {
        return None;
    }
    let urgency = |class: &str| facts.class_words(class).and_then(|words| words.count("priority")).unwrap_or(f64::INFINITY);
    let waits = |class: &str| facts.spent_at(class, part.name).waiting as f64 / 1e9;
    let first = facts.classes_at(part.name).into_iter().filter(|other| urgency(other) < urgency(class));
    let first = first.max_by(|one, other| facts.answered(one).total_cmp(&facts.answered(other)))?;
    if waits(class) < 4.0 * waits(first) {
        return None;
    }
    let visits: f64 =
        facts.visits.iter().filter(|visit| visit.class == first && visit.to == part.name).map(|visit| visit.per_request).sum();
    let taken = facts.answered(first) * visits * part.service / part.workers;
    let sentence = format!(
        "{} always serves the more urgent {first} first (priority), which takes {} of its time, so {class} is left with the rest: it waits {} \
         there, {first} only {}.",
        part.name,
        say::share(taken),
        say::time(waits(class)),
        say::time(waits(first))
    );
    Some(say::cause(Kind::Priority, part.name, sentence).shown(facts, &[format!("{class}.mean"), format!("{first}.mean")]))
}

/// Requests that come many at once to a component that has time enough in the mean.
pub(super) fn bursts(facts: &Facts<'_>, part: &Part<'_>) -> Option<Finding> {
    let name = part.name;
    let of = |class: &str| match arrivals(facts, class)? {
        Arrivals::Batches { size, rate, .. } => {
            let text = format!("{class} comes in batches of {} at once, {} of them", size, say::rate(rate.as_per_second()));
            (size.base() >= 3).then_some((text, facts.sent(class)))
        }
        Arrivals::Bursty { low, high, high_stay, .. } => {
            let (low, high) = (low.as_per_second(), high.as_per_second());
            let text = format!(
                "{class} comes in bursts of {} for {} at a time, {} between them",
                say::rate(high),
                say::time(high_stay.as_secs_f64()),
                say::rate(low)
            );
            (high > 1.5 * low).then_some((text, facts.sent(class)))
        }
        _ => None,
    };
    let (text, _) = facts.classes_at(name).into_iter().filter_map(of).max_by(|one, other| one.1.total_cmp(&other.1))?;
    let queue = part.words.limit("queue").filter(|queue| queue.is_finite() && part.report.rejected > 0);
    let full =
        queue.map_or_else(String::new, |queue| format!(", and its queue has room for only {}", say::count(queue * part.replicas.max(1.0))));
    let sentence = format!(
        "{text}, and {name} works them off one after another ({}, {} each){full}: it is only {} busy in the mean.",
        part.crew(),
        say::time(part.service),
        say::share(part.busy)
    );
    let kind = if queue.is_some() { Kind::QueueFull } else { Kind::Bursts };
    Some(say::cause(kind, name, sentence).shown(facts, &[format!("{name}.max queue"), format!("{name}.wait")]))
}

/// A closed loop in which most users wait for one component.
pub(super) fn users(facts: &Facts<'_>, part: &Part<'_>, class: &str) -> Option<Finding> {
    let Arrivals::Closed { users, think } = arrivals(facts, class)? else { return None };
    if part.own < 0.9 {
        return None;
    }
    let (users, think) = (users.base() as f64, crate::instant::time::Time::of(think).mean);
    let mean = facts.spent.get(class).map_or(0.0, |spent| spent.mean as f64 / 1e9);
    let work: f64 =
        facts.spent.get(class).map_or(0.0, |spent| spent.components.values().map(|part| (part.serving + part.network) as f64 / 1e9).sum());
    let visits: f64 =
        facts.visits.iter().filter(|visit| visit.class == class && visit.to == part.name).map(|visit| visit.per_request).sum();
    let enough = (think + work) * part.capacity() / visits.max(1e-9);
    let sentence = format!(
        "{} users are more than {} can serve: it is {} busy with {} ({}, {} each), which about {} users would fill, and the others wait \
         their turn ({} in the mean).",
        say::count(users),
        part.name,
        say::share(part.own),
        say::rate(part.capacity()),
        part.crew(),
        say::time(part.service),
        say::count(enough),
        say::time(mean)
    );
    let finding = say::cause(Kind::Users, part.name, sentence).shown(facts, &[format!("{class}.mean"), format!("{class}.throughput")]);
    Some(finding.with("users that it could serve", enough, Dimension::NONE))
}
