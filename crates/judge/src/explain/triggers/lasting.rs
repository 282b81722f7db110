//! What is still bad long after its trigger has gone, and by what it is kept so.

use units::Dimension;

use super::super::course::{Phase, Span, harm};
use super::super::facts::{Facts, Part};
use super::super::{Finding, Kind, say};
use super::Trigger;

/// So much harm is left, and such a part of what there was.
const LEFT: f64 = 0.25;
const PART: f64 = 0.3;

/// Nothing if it passed, or if the trigger never went away.
pub(super) fn finding(facts: &Facts<'_>, trigger: &Trigger<'_>, cause: &Finding) -> Option<Finding> {
    if !trigger.ends || trigger.times > 1 {
        return None;
    }
    let class = facts.class_number(trigger.class)?;
    let from = trigger.first.to.saturating_add(facts.lasts / 20);
    // The later half of what is left of the run.
    let half = from + facts.lasts.checked_sub(from)? / 2;
    let late = |span: Span| span.from >= half;
    let tail = facts.phase(class, &late);
    let left = harm(&trigger.before, &tail);
    let enough = facts.points.iter().enumerate().filter(|(at, _)| late(facts.span(*at))).count() >= 8;
    if !enough || left < LEFT || left < PART * trigger.harm || tail.rate() > 1.25 * trigger.before.rate() {
        return None;
    }
    let part = busiest(facts, trigger.class, &late, cause)?;
    let kept = kept(facts, trigger, part, &tail, &late)?;
    let began = began(trigger, cause);
    let sentence = format!("{} {began}", kept.sentence);
    let mut figures = kept.figures.clone();
    figures.extend(cause.figures.iter().cloned());
    Some(Finding { sentence, figures, ..kept })
}

/// "It began with the slow db at 20 s".
fn began(trigger: &Trigger<'_>, cause: &Finding) -> String {
    let (from, to) = (say::at(trigger.first.from), say::at(trigger.first.to));
    match trigger.what {
        Some(design::What::Load { .. }) | None => {
            let (usual, high) = (say::rate(trigger.before.rate()), say::rate(trigger.during.rate()));
            format!("It began at {from}, when the load of {} rose from {usual} to {high}; that was over at {to}.", trigger.class)
        }
        Some(what) if trigger.first.to <= trigger.first.from + 1 => format!("It began with “{what}” at {from}."),
        Some(what) => {
            let _ = cause;
            format!("It began with “{what}” at {from}; that was over at {to}.")
        }
    }
}

/// Who is at its limit late in the run by its own work, of those that the class uses.
fn busiest<'f, 'a>(facts: &'f Facts<'a>, class: &str, late: &dyn Fn(Span) -> bool, cause: &Finding) -> Option<&'f Part<'a>> {
    let uses = |part: &&Part<'a>| facts.visits.iter().any(|visit| visit.class == class && visit.to == part.name);
    let score = |part: &Part<'a>| {
        let own = facts.busy(part.number, late) * part.own_part();
        own + if cause.subject.as_deref() == Some(part.name) { 0.1 } else { 0.0 }
    };
    facts.parts.values().filter(uses).max_by(|one, other| score(one).total_cmp(&score(other)))
}

fn kept(facts: &Facts<'_>, trigger: &Trigger<'_>, part: &Part<'_>, tail: &Phase, late: &dyn Fn(Span) -> bool) -> Option<Finding> {
    let before = |span: Span| span.to <= trigger.first.from;
    let (usual, now) = (facts.arrived(part.number, &before), facts.arrived(part.number, late));
    let (name, can) = (part.name, part.capacity());
    let busy = facts.busy(part.number, late);
    let asked = if can.is_finite() { format!(", where it can do {}", say::rate(can)) } else { String::new() };
    let class = trigger.class;
    let suffers = if tail.bad() > 0.02 {
        format!("{} of {class} still fail", say::share(tail.bad()))
    } else {
        format!("{class} still takes {}", say::time(tail.mean))
    };
    if tail.attempts() >= trigger.before.attempts() + 0.25 {
        let sentence = format!(
            "Retries keep {name} down although the trigger is gone: each {class} now makes {} attempts, so {name} gets {} instead of \
             {}{asked}, and {suffers} at the end.",
            say::number(tail.attempts()),
            say::rate(now),
            say::rate(usual)
        );
        let finding = say::cause(Kind::Retries, name, sentence).shown(facts, &[format!("{class}.attempts"), format!("{name}.utilisation")]);
        return Some(finding.with("attempts at the end", tail.attempts(), Dimension::NONE).with("calls at the end", now, Dimension::RATE));
    }
    let misses = facts.visits.iter().find(|visit| visit.to == name && visit.miss_of.is_some()).and_then(|visit| visit.miss_of);
    if let Some(cache) = misses.and_then(|cache| facts.part(cache)) {
        let ratio =
            |is_meant: &dyn Fn(Span) -> bool| facts.arrived(part.number, is_meant) / facts.arrived(cache.number, is_meant).max(1e-9);
        let (usual, now) = (ratio(&before), ratio(late));
        if now > 1.4 * usual && busy > 0.9 {
            let sentence = format!(
                "{} stays cold, and so {name} stays down: {} of what it is asked for are misses, {} before, and {suffers} at the end.",
                cache.name,
                say::share(now),
                say::share(usual)
            );
            return Some(say::cause(Kind::ColdCache, cache.name, sentence).shown(facts, &[format!("{}.hits", cache.name)]));
        }
    }
    let gives_up = facts.callers(name).iter().any(|from| facts.link(from, name).is_some_and(|link| link.has("timeout")));
    if gives_up && busy > 0.9 && tail.bad() > 0.1 {
        let sentence = format!(
            "{name} stays busy with work that nobody waits for any more: its queue is longer than its callers wait, so what it finishes \
             comes too late, and {suffers} at the end."
        );
        return Some(say::cause(Kind::Waste, name, sentence).shown(facts, &[format!("{name}.wait"), format!("{name}.utilisation")]));
    }
    if busy > 0.9 {
        let sentence = format!(
            "{name} still works off what piled up: it gets {} and can do {}, which leaves little to catch up with, and {suffers} at the end.",
            say::rate(now),
            say::rate(can)
        );
        return Some(say::cause(Kind::Backlog, name, sentence).shown(facts, &[format!("{name}.queue"), format!("{name}.wait")]));
    }
    None
}
