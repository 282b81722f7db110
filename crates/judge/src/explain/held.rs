//! Workers that are taken while they wait for others: who holds them, and for whom. Their component
//! is a victim, and not the cause.

use sim::EndedBy;
use units::Dimension;

use super::facts::{Facts, Part, sum};
use super::waiting::waiting;
use super::{Finding, Kind, network, say};

/// Why the workers of a component are held.
pub(super) fn cause(facts: &Facts<'_>, part: &Part<'_>, class: &str) -> Option<Finding> {
    head_of_line(facts, part, class).or_else(|| {
        let (slowest, _) = longest_callee(facts, part.name)?;
        let finding = reason_for_time(facts, slowest, class)?;
        if finding.kind == Kind::Work { Some(slow_callee(facts, part, &finding)) } else { Some(finding) }
    })
}

/// Calls that come back to where they began, and a run that ended because all workers there wait for
/// each other.
pub(super) fn circle(facts: &Facts<'_>) -> Option<Finding> {
    if facts.report.ended_by != Some(EndedBy::Deadlock) {
        return None;
    }
    let comes_back = |name: &&&str| facts.callees(name).into_iter().any(|to| to == **name || facts.below(to).contains(*name));
    let circle: Vec<&str> = facts.parts.keys().filter(comes_back).copied().collect();
    let first = facts.parts.values().filter(|part| circle.contains(&part.name)).max_by(|one, other| one.busy.total_cmp(&other.busy))?;
    let sentence = format!(
        "Requests wait for each other in a circle through {}: all of the {} of {} are held by requests that wait for one of them, so \
         nothing can go on (deadlock).",
        say::list(&circle),
        first.crew(),
        first.name
    );
    Some(say::cause(Kind::Deadlock, first.name, sentence).shown(facts, &[format!("{}.utilisation", first.name)]))
}

/// The callee for which a component waits the longest, and for how long in all [worker s per s].
fn longest_callee<'a>(facts: &Facts<'a>, name: &str) -> Option<(&'a str, f64)> {
    let held = |to: &'a str| {
        let rtt = facts.link(name, to).and_then(|link| link.time("rtt")).unwrap_or(0.0);
        let limit = facts.link(name, to).and_then(|link| link.time("timeout")).unwrap_or(f64::INFINITY);
        let time = facts.part(to).map_or(0.0, |to| to.time) + rtt;
        (to, facts.calls(name, to) * time.min(limit))
    };
    facts.callees(name).into_iter().map(held).max_by(|one, other| one.1.total_cmp(&other.1))
}

/// Why calls to a component take long: waiting there, its own work, those it calls, or the way.
pub(super) fn reason_for_time(facts: &Facts<'_>, at: &str, class: &str) -> Option<Finding> {
    reason(facts, at, class, 12)
}

fn reason(facts: &Facts<'_>, at: &str, class: &str, left: usize) -> Option<Finding> {
    let part = facts.part(at)?;
    let work = part.service;
    let held = (part.time - part.wait - work).max(0.0);
    let worst = part.wait.max(work).max(held);
    let below = longest_callee(facts, at);
    if worst == held && held > 0.0 && left > 0 {
        if part.words.flag("locks") && below.is_none() {
            return waiting(facts, at, class);
        }
        return reason(facts, below?.0, class, left - 1);
    }
    if worst == part.wait && part.wait > 0.0 {
        return waiting(facts, at, class);
    }
    let from = facts.callers(at);
    let way = from.iter().find_map(|from| network::way(facts, from, at, class));
    if let Some(way) = way.filter(|way| way.seconds > work) {
        return Some(way.finding);
    }
    let sentence = format!("Calls to {at} take {} each, nearly all of it its own work.", say::time(work));
    Some(say::cause(Kind::Work, at, sentence).shown(facts, &[format!("{at}.service"), format!("{at}.wait")]))
}

/// A callee that has no limit of its own, and is too slow for as many workers as its caller has.
fn slow_callee(facts: &Facts<'_>, part: &Part<'_>, work: &Finding) -> Finding {
    let to = work.subject.clone().unwrap_or_default();
    let time = facts.part(&to).map_or(0.0, |to| to.service);
    let name = part.name;
    let needed = part.offered * part.taken();
    let sentence = format!(
        "{to} is slow, and {name} pays for it: the {} of {name} are held while they wait for {to}, which takes {} for a call; at {} that \
         would need about {}.",
        part.crew(),
        say::time(time),
        say::rate(part.offered),
        say::some(needed.max(part.workers + 1.0), "worker")
    );
    let measures = [format!("{name}.utilisation"), format!("{to}.service"), format!("{name}.wait")];
    let held = part.taken() - part.service;
    say::cause(Kind::Held, &to, sentence).shown(facts, &measures).with(format!("held at {name}"), held, Dimension::TIME)
}

/// Whether the requests of one class hold the workers that another waits for.
fn head_of_line(facts: &Facts<'_>, part: &Part<'_>, class: &str) -> Option<Finding> {
    let name = part.name;
    let classes = facts.classes_at(name);
    if classes.len() < 2 {
        return None;
    }
    let below = facts.below(name);
    let holds = |class: &str| {
        let below: f64 = below.iter().map(|to| sum(facts.spent_at(class, to))).sum();
        below + facts.spent_at(class, name).serving as f64 / 1e9
    };
    let all: Vec<(&str, f64, f64)> = classes.iter().map(|class| (*class, holds(class), facts.answered(class))).collect();
    let total: f64 = all.iter().map(|(_, each, rate)| each * rate).sum();
    let requests: f64 = all.iter().map(|(.., rate)| rate).sum();
    let (worst, each, rate) = all.iter().copied().max_by(|one, other| (one.1 * one.2).total_cmp(&(other.1 * other.2)))?;
    let others = all.iter().filter(|(other, ..)| *other != worst).map(|(_, each, _)| *each).fold(0.0, f64::max);
    if each * rate < 0.5 * total || rate > 0.6 * requests || each < 4.0 * others {
        return None;
    }
    let slowest = below.iter().copied().max_by(|one, other| sum(facts.spent_at(worst, one)).total_cmp(&sum(facts.spent_at(worst, other))));
    // Who waits itself, in a queue below, is a victim as well.
    if let Some(to) = slowest.filter(|to| {
        let spent = facts.spent_at(worst, to);
        (spent.waiting + spent.retrying) as f64 / 1e9 > 0.6 * sum(spent)
    }) {
        return waiting(facts, to, worst);
    }
    let why = slowest.map_or_else(String::new, |to| format!(" (most of it waiting for {to})"));
    let share = rate / requests;
    let victim = if class == worst { all.iter().find(|(other, ..)| *other != worst).map_or(class, |(other, ..)| other) } else { class };
    let sentence = format!(
        "{worst} holds the workers of {name} that {victim} waits for: it is {} of the requests there, but keeps a worker for {} each{why}, \
         {} of all the time that workers are taken.",
        say::share(share),
        say::time(each),
        say::share(each * rate / total)
    );
    let measures = [format!("{name}.utilisation"), format!("{name}.wait"), format!("{worst}.mean"), format!("{victim}.mean")];
    Some(say::cause(Kind::HeadOfLine, name, sentence).shown(facts, &measures))
}
