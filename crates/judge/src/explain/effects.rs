//! What followed from a cause: who filled up behind it, where requests spent their time, how much was
//! tried again or done for nobody, and whether it passed.

use units::Dimension;

use super::facts::{Facts, Part, sum};
use super::symptoms::{Symptom, What};
use super::{Finding, Kind, Role, messages, say, triggers};

pub(super) fn effects(facts: &Facts<'_>, trouble: &[Symptom<'_>], cause: &Finding) -> Vec<Finding> {
    let mut all = Vec::new();
    all.extend(failures(facts, trouble));
    all.extend(cascade(facts, cause));
    all.extend(time(facts, trouble));
    all.extend(attempts(facts, cause));
    all.extend(waste(facts));
    all.extend(recovery(facts, cause));
    all.extend(triggers::others(facts, trouble, cause));
    let lag = messages::cause(facts).filter(|lag| lag.subject != cause.subject);
    all.extend(lag.map(|lag| Finding { role: Role::Effect, ..lag }));
    all.extend(data(facts));
    all.retain(|finding| finding.sentence != cause.sentence);
    all
}

/// How many failed, and what they were told.
fn failures(facts: &Facts<'_>, trouble: &[Symptom<'_>]) -> Option<Finding> {
    let symptom = trouble.iter().find(|symptom| symptom.what == What::Failing)?;
    let report = facts.report.classes.get(symptom.class)?;
    let failed: u64 = report.failed.values().sum();
    let mut causes: Vec<(&String, &u64)> = report.failed.iter().collect();
    sorted::sort_by(&mut causes, |one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    let sent = report.sent as f64;
    let named: Vec<String> = causes
        .iter()
        .take(2)
        .filter(|(_, count)| **count * 10 >= failed)
        .map(|(cause, count)| format!("{cause} ({})", say::share(**count as f64 / sent)))
        .collect();
    let open = if report.unfinished > 0 {
        format!(" {} had no answer when the run ended.", say::share(report.unfinished as f64 / sent))
    } else {
        String::new()
    };
    if failed == 0 && open.is_empty() {
        return None;
    }
    let text = format!("Of {}, {} failed: {}.{open}", symptom.class, say::share(failed as f64 / sent), named.join(", "));
    let text = if failed == 0 { format!("Of {},{}", symptom.class, open.to_ascii_lowercase()) } else { text };
    Some(about(Kind::Failures, None, text).shown(facts, &[format!("{}.errors", symptom.class), format!("{}.unfinished", symptom.class)]))
}

/// Who was at its limit without being the cause, in the order of time.
fn cascade(facts: &Facts<'_>, cause: &Finding) -> Vec<Finding> {
    let subject = cause.subject.as_deref();
    let saturations = facts.report.saturations();
    let of = |saturation: &sim::Saturation<'_>| {
        let part = facts.part(saturation.component)?;
        if subject == Some(part.name) || cause.sentence.contains(&format!("the {} of {}", part.crew(), part.name)) {
            return None;
        }
        let when = if saturation.from == 0 { "from the start".to_owned() } else { format!("at {}", say::at(saturation.from)) };
        let text = victim(facts, part, &when, subject)?;
        Some(about(Kind::Cascade, Some(part.name), text).shown(facts, &[format!("{}.utilisation", part.name)]))
    };
    saturations.iter().filter_map(of).take(3).collect()
}

/// "web was full at 21 s, too, but 94 % of that its workers waited for db: a victim, not the cause."
fn victim(facts: &Facts<'_>, part: &Part<'_>, when: &str, subject: Option<&str>) -> Option<String> {
    let name = part.name;
    let idle = 1.0 - part.own_part();
    let busiest = facts.report.bottleneck() == Some(name);
    let though = if busiest { ", the busiest of all," } else { "" };
    if idle > 0.5 && !facts.callees(name).is_empty() {
        let whom = subject
            .filter(|subject| facts.below(name).contains(subject))
            .filter(|subject| facts.part(subject).is_some_and(|part| part.kind != "cache"))
            .map_or_else(|| slowest(facts, name), str::to_owned);
        return Some(format!(
            "{name}{though} was full {when}, too, but for {} of that time its workers only waited for {whom}: it is a victim, not the cause.",
            say::share(idle)
        ));
    }
    let below = subject.is_some_and(|subject| facts.below(subject).contains(&name));
    let why = if below { ", further down" } else { "" };
    Some(format!("{name}{though} was at its limit {when}{why} ({} busy).", say::share(part.busy)))
}

/// Of all that a component waits for, where requests spent the most time.
fn slowest(facts: &Facts<'_>, name: &str) -> String {
    let spent = |to: &str| facts.spent.values().filter_map(|spent| spent.components.get(to)).map(|spent| sum(*spent)).sum::<f64>();
    let below = facts.below(name);
    let most = below.iter().copied().max_by(|one, other| spent(one).total_cmp(&spent(other)));
    most.map_or_else(|| say::list(&facts.callees(name)), str::to_owned)
}

/// Where the slow requests of the class that suffered most spent their time.
fn time(facts: &Facts<'_>, trouble: &[Symptom<'_>]) -> Option<Finding> {
    let class = trouble.iter().map(|symptom| symptom.class).find(|class| facts.slow.contains_key(class))?;
    let slow = facts.slow.get(class).filter(|slow| slow.mean > 0)?;
    let mean = slow.mean as f64 / 1e9;
    let ways = |(name, spent): (&String, &sim::Spent)| {
        [
            (spent.waiting, format!("waiting at {name}")),
            (spent.serving, format!("work at {name}")),
            (spent.network, format!("on the way to {name}")),
            (spent.retrying, format!("in attempts at {name} that came to nothing")),
        ]
    };
    let mut parts: Vec<(u64, String)> = slow.components.iter().flat_map(ways).collect();
    sorted::sort_by(&mut parts, |one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    let named: Vec<String> = parts
        .iter()
        .take(2)
        .filter(|(time, _)| *time as f64 > 0.1 * slow.mean as f64)
        .map(|(time, text)| format!("{} {text}", say::share(*time as f64 / slow.mean as f64)))
        .collect();
    let text = format!("The slow requests of {class} took {} in the mean: {}.", say::time(mean), named.join(", "));
    Some(about(Kind::SlowRequests, None, text).shown(facts, &[format!("{class}.p99"), format!("{class}.mean")]))
}

/// What retries made of the load.
fn attempts(facts: &Facts<'_>, cause: &Finding) -> Option<Finding> {
    if cause.kind == Kind::Retries {
        return None;
    }
    let of = |class: &String| {
        facts.report.measure(&format!("{class}.attempts")).and_then(|value| value.value()).map(|value| (class.clone(), value))
    };
    let (class, attempts) = facts.report.classes.keys().filter_map(of).max_by(|one, other| one.1.total_cmp(&other.1))?;
    if attempts < 1.15 {
        return None;
    }
    let again = facts.report.links.iter().max_by_key(|(_, link)| link.retries).map_or_else(String::new, |(name, link)| {
        format!(" ({} of the calls {name})", say::share(link.retries as f64 / link.calls.max(1) as f64))
    });
    let text =
        format!("Each {class} made {} attempts in the mean; what was tried again{again} came on top of the load.", say::number(attempts));
    Some(about(Kind::Amplification, None, text).shown(facts, &[format!("{class}.attempts")]))
}

/// Work that was finished for callers that had given up, where there is much of it.
fn waste(facts: &Facts<'_>) -> Option<Finding> {
    let of = |part: &Part<'_>| {
        let name = part.name;
        let gives_up = facts
            .callers(name)
            .into_iter()
            .find(|from| facts.link(from, name).is_some_and(|link| link.has("timeout") && !link.flag("cancel")))?;
        let single = facts
            .visits
            .iter()
            .filter(|visit| visit.to == name)
            .all(|visit| visit.miss_of.is_none() && visit.per_request == visit.times as f64);
        let useful: f64 =
            facts.visits.iter().filter(|visit| visit.to == name).map(|visit| facts.answered(visit.class) * visit.per_request).sum();
        let done = part.report.finished as f64 / facts.seconds;
        let wasted = 1.0 - useful / done.max(1e-9);
        (single && wasted > 0.15 && done > 0.0).then(|| (name.to_owned(), gives_up, wasted))
    };
    let (name, from, wasted) = facts.parts.values().filter_map(of).max_by(|one, other| one.2.total_cmp(&other.2))?;
    let text = format!(
        "{} of what {name} finished was for nobody: {from} had given up on it, and nothing calls the work back.",
        say::share(wasted)
    );
    Some(about(Kind::Waste, Some(&name), text).with(format!("useful part of {name}"), 1.0 - wasted, Dimension::NONE))
}

/// What became of requests after the fault had ended that the cause speaks of.
fn recovery(facts: &Facts<'_>, cause: &Finding) -> Vec<Finding> {
    // That it lasts has been said.
    if matches!(cause.kind, Kind::Retries | Kind::ColdCache | Kind::Waste | Kind::Backlog) {
        return Vec::new();
    }
    let acts = |what: &str| {
        let words = |subject: &String| what.split([' ', '.']).any(|word| word == subject);
        what.starts_with("load ") || what.starts_with("lose ") || cause.subject.as_ref().is_some_and(words)
    };
    let ended =
        |times: &[(u64, Option<u64>)]| times.len() == 1 && times.iter().all(|(began, ended)| ended.is_some_and(|ended| ended > *began));
    let sends = |class: &String| facts.report.classes.get(class).is_some_and(|class| class.sent > 0);
    let mut all = Vec::new();
    for fault in facts.report.faults.iter().filter(|fault| ended(&fault.times) && acts(&fault.what)) {
        let back = fault.recovery.iter().filter(|(class, _)| sends(class)).map(|(class, time)| match time {
            Some(0) => format!("{class} was back at once"),
            Some(ns) => format!("{class} was back after {}", say::at(*ns)),
            None => format!("{class} was not back by the end of the run"),
        });
        let back: Vec<String> = back.collect();
        let back: Vec<&str> = back.iter().map(String::as_str).collect();
        if !back.is_empty() {
            all.push(about(Kind::Recovery, None, format!("When it had ended, the goodput of {}.", say::list(&back))));
        }
    }
    all
}

/// Writes and messages that are gone.
pub(super) fn data(facts: &Facts<'_>) -> Vec<Finding> {
    let writes = |part: &Part<'_>| {
        let lost = part.report.lost_writes;
        let text = format!("{} lost {} that it had acknowledged.", part.name, say::some(lost as f64, "write"));
        (lost > 0).then(|| about(Kind::Lost, Some(part.name), text).shown(facts, &[format!("{}.lost writes", part.name)]))
    };
    let messages = |part: &Part<'_>| {
        let lost = part.report.messages.lost;
        let text = format!("{} of {} were lost and will never be dealt with.", say::some(lost as f64, "message"), part.name);
        let text = if lost == 1 { text.replace("were lost", "was lost") } else { text };
        (lost > 0).then(|| about(Kind::Lost, Some(part.name), text).shown(facts, &[format!("{}.lost", part.name)]))
    };
    facts.parts.values().flat_map(|part| [writes(part), messages(part)]).flatten().collect()
}

fn about(kind: Kind, subject: Option<&str>, sentence: String) -> Finding {
    Finding { role: Role::Effect, kind, subject: subject.map(str::to_owned), sentence, figures: Vec::new() }
}

/// What a class does with its time when nothing is wrong: the greatest part.
pub(super) fn greatest(facts: &Facts<'_>, class: &str) -> Option<Finding> {
    let spent = facts.spent.get(class).filter(|spent| spent.mean > 0)?;
    let (name, part) = spent.components.iter().max_by(|one, other| sum(*one.1).total_cmp(&sum(*other.1)))?;
    let share = sum(*part) / (spent.mean as f64 / 1e9);
    let place = if part.network > part.waiting + part.serving { "on the way to" } else { "at" };
    let text =
        format!("{class} takes {} in the mean, {} of it {place} {name}.", say::time(spent.mean as f64 / 1e9), say::share(share.min(1.0)));
    Some(Finding { role: Role::Note, ..about(Kind::Share, Some(name), text) }.shown(facts, &[format!("{class}.mean")]))
}
