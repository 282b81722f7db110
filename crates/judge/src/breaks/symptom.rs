//! At what component a break shows: read off the runs that show it. Why in full is the business of an
//! explanation; a name and a word are enough to know where to look.

use sorted::BTreeMap;

use sim::Report;
use units::Duration;

use crate::require::Requirement;

/// Where it shows, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Symptom {
    pub component: String,
    pub how: How,
}

#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// All its workers were busy, or its queue was full, from then on.
    Saturated { from: Duration },
    /// It refused or failed requests: the cause that most of them told, and which share of all
    /// failures that was.
    Failing { cause: String, share: f64 },
    /// Slow requests spent most of their time there.
    Slow { time: Duration },
    /// Messages waited there.
    Backlog { most: u64 },
}

/// Causes that speak of the component itself, and not of who waited for it.
const OWN: [&str; 8] = ["queue full", "rate limit", "down", "error", "no quorum", "shed", "left the queue", "bulkhead full"];

/// Where a missed requirement shows.
pub fn symptom(requirement: &Requirement, report: &Report) -> Option<Symptom> {
    let Requirement::Objective(objective) = requirement else { return failing(report, None, &[]).or_else(|| saturated(report)) };
    let (of, what) = objective.measure.split_once('.').unwrap_or(("", &objective.measure));
    if report.components.contains_key(of) {
        return about_component(of, report);
    }
    let class = Some(of).filter(|of| report.classes.contains_key(*of));
    let is_time = what.starts_with('p') || matches!(what, "mean" | "max" | "sd");
    if is_time {
        return saturated(report).or_else(|| slow(report, class));
    }
    if are_mostly_late(report, class) {
        return saturated(report).or_else(|| slow(report, class));
    }
    // What refuses by itself names itself; who merely waited too long, waited for somebody else.
    let own = failing(report, class, &OWN);
    own.or_else(|| saturated(report)).or_else(|| failing(report, class, &[])).or_else(|| slow(report, class))
}

/// Whether more requests were answered too late than not at all.
fn are_mostly_late(report: &Report, class: Option<&str>) -> bool {
    let classes = report.classes.iter().filter(|(name, _)| class.is_none_or(|class| class == *name));
    let (late, failed) = classes
        .fold((0, 0), |(late, failed), (_, class)| (late + class.answered - class.good, failed + class.failed.values().sum::<u64>()));
    late > failed
}

/// A measure of a component is about itself, or, of messages, about who should take them.
fn about_component(name: &str, report: &Report) -> Option<Symptom> {
    let component = &report.components[name];
    if component.messages.produced > 0
        && let Some(found) = saturated(report)
    {
        return Some(found);
    }
    let how = if component.messages.produced > 0 {
        How::Backlog { most: component.messages.backlog_max }
    } else {
        let own = saturated(report).filter(|found| found.component == name);
        return own.or(Some(Symptom { component: name.into(), how: How::Slow { time: Duration(mean_time(report, name)) } }));
    };
    Some(Symptom { component: name.into(), how })
}

fn mean_time(report: &Report, name: &str) -> u64 {
    let component = &report.components[name];
    (component.spent / u128::from((component.finished + component.dropped).max(1))) as u64
}

fn saturated(report: &Report) -> Option<Symptom> {
    let first = *report.saturations().first()?;
    let name = passed_on(report, first.component);
    if name == first.component {
        return Some(Symptom { component: name.to_owned(), how: How::Saturated { from: Duration(first.from) } });
    }
    Some(Symptom { component: name.to_owned(), how: How::Slow { time: Duration(mean_time(report, name)) } })
}

/// From who waits to who is waited for, in as many steps as a plan may have calls in each other.
fn passed_on<'a>(report: &'a Report, from: &'a str) -> &'a str {
    (0..32).try_fold(from, |name, _| waited_for(report, name).ok_or(name)).unwrap_or_else(|last| last)
}

/// Who keeps the workers of a component busy that mostly hold them while they wait: somebody at whom
/// calls mostly wait themselves. One hot replica among several saturates no component as a whole.
fn waited_for<'a>(report: &'a Report, name: &str) -> Option<&'a str> {
    let holder = report.components.get(name)?;
    if 2 * holder.served >= holder.area_busy {
        return None;
    }
    let called = report.links.keys().filter_map(|link| link.split_once(" -> ")).filter(|(from, _)| *from == name);
    let parts = called.filter_map(|(_, to)| report.components.get_key_value(to));
    let (next, part) = parts.max_by_key(|(_, part)| part.waited)?;
    // Who does nothing but hand on is never to blame.
    let hands_on = 20 * holder.served < holder.area_busy && matches!(holder.kind.as_str(), "balancer" | "gateway" | "dns");
    (hands_on || 2 * part.waited > part.spent).then_some(next.as_str())
}

/// The commonest failure, if it makes up a good part of them.
fn failing(report: &Report, class: Option<&str>, causes: &[&str]) -> Option<Symptom> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let classes = report.classes.iter().filter(|(name, _)| class.is_none_or(|class| class == *name));
    for (cause, count) in classes.flat_map(|(_, class)| &class.failed) {
        *counts.entry(cause).or_default() += count;
    }
    let all: u64 = counts.values().sum();
    let is_asked = |cause: &str| causes.is_empty() || cause.split_once(": ").is_some_and(|(_, word)| causes.contains(&word));
    let (cause, count) = counts.into_iter().filter(|(cause, _)| is_asked(cause)).max_by_key(|(_, count)| *count)?;
    let share = count as f64 / all.max(1) as f64;
    let (component, word) = cause.split_once(": ")?;
    // Whose answer did not come in time may have waited for another.
    let component = if word == "timed out" { passed_on(report, component) } else { component };
    (share >= 0.3).then(|| Symptom { component: component.into(), how: How::Failing { cause: word.into(), share } })
}

/// Who took most of the time of slow requests; waiting counts more than work, which is there anyway.
fn slow(report: &Report, class: Option<&str>) -> Option<Symptom> {
    let class = class.or_else(|| report.classes.keys().next().map(String::as_str))?;
    let slow = report.slow(class)?;
    let time = |spent: &sim::Spent| 2 * (spent.waiting + spent.retrying) + spent.serving + spent.network;
    let (name, spent) = slow.components.iter().max_by_key(|(_, spent)| time(spent))?;
    let time = Duration(spent.waiting + spent.retrying + spent.serving + spent.network);
    Some(Symptom { component: name.clone(), how: How::Slow { time } })
}
