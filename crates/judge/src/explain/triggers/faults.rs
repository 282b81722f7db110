//! Faults as causes: how much each hurt, and what it did, in a sentence.

use design::{Target, What};
use units::Dimension;

use super::super::course::{Phase, Span, harm};
use super::super::facts::Facts;
use super::super::symptoms::Symptom;
use super::super::{Finding, Kind, blame, caches, say};
use super::{Trigger, worst_harm};

pub(super) fn triggers<'a>(facts: &Facts<'a>) -> Vec<Trigger<'a>> {
    let pairs = facts.document.faults.iter().zip(&facts.report.faults);
    pairs.filter_map(|(fault, report)| trigger(facts, &fault.what, &report.times)).collect()
}

fn trigger<'a>(facts: &Facts<'a>, what: &'a What, times: &[(u64, Option<u64>)]) -> Option<Trigger<'a>> {
    let &(began, ended) = times.first()?;
    let point = facts.lasts / 240 + 1;
    // What is emptied is missed for a while, and what stood still has to catch up.
    let grace = if matches!(what, What::Flush { .. }) { facts.lasts / 20 } else { 2 * point };
    let spans: Vec<Span> =
        times.iter().map(|(from, to)| Span { from: *from, to: to.unwrap_or(facts.lasts).saturating_add(grace) }).collect();
    let during = |span: Span| spans.iter().any(|on| span.to > on.from && span.from < on.to);
    let calm = |span: Span| {
        let wide = |on: &Span| span.to > on.from && span.from < on.to.saturating_add(grace);
        if spans.len() > 1 { !spans.iter().any(wide) } else { span.to <= began }
    };
    let (class, mut harm) = worst_harm(facts, &calm, &during)?;
    if spans.len() == 1 {
        harm = harm.min(beyond_trend(facts, class, spans[0])?);
    }
    if !could(facts, what, &during) {
        harm = 0.0;
    }
    harm += piled_up(facts, what, &calm, &during);
    // Of two at the same time, the one that acts on what the class uses.
    if !concerns(facts, what, class) {
        harm *= 0.5;
    }
    let number = facts.class_number(class)?;
    Some(Trigger {
        what: Some(what),
        class,
        first: Span { from: began, to: ended.unwrap_or(facts.lasts) },
        times: times.len(),
        ends: times.iter().all(|(_, ended)| ended.is_some()),
        before: facts.phase(number, &calm),
        during: facts.phase(number, &during),
        harm,
    })
}

/// What a fault did that acts on a component and was on for nine tenths of the measured time.
pub(super) fn standing(facts: &Facts<'_>, part: &str, trouble: &[Symptom<'_>]) -> Option<Finding> {
    let (from, to) = facts.report.window;
    let pairs = facts.document.faults.iter().zip(&facts.report.faults);
    let (fault, first) = pairs.into_iter().find_map(|(fault, report)| {
        let &(began, ended) = report.times.first()?;
        let on = ended.unwrap_or(facts.lasts).min(to).saturating_sub(began.max(from));
        let always = on as f64 >= 0.9 * (to - from) as f64;
        (always && named(facts, &fault.what).contains(&part)).then_some((fault, Span { from: began, to: ended.unwrap_or(facts.lasts) }))
    })?;
    let class = trouble.first()?.class;
    let during = facts.phase(facts.class_number(class)?, &|span| span.from >= from);
    let ends = first.to < facts.lasts;
    let before = Phase::default();
    let trigger = Trigger { what: Some(&fault.what), class, first, times: 1, ends, before, during, harm: 1.0 };
    Some(finding(facts, &trigger, trouble))
}

/// How much worse it was than if what went on before had only gone on: a system that is too small
/// becomes slower all the time, and a fault that happens meanwhile is not to blame.
fn beyond_trend(facts: &Facts<'_>, class: &str, on: Span) -> Option<f64> {
    let class = facts.class_number(class)?;
    let long = (on.to - on.from).min(on.from / 3);
    let part = |back: u64| {
        let (from, to) = (on.from - back * long, on.from - (back - 1) * long);
        facts.phase(class, &|span| span.from >= from && span.to <= to)
    };
    let during = facts.phase(class, &|span| span.to > on.from && span.from < on.to);
    if long < 4 * (facts.lasts / 240) {
        return Some(f64::INFINITY);
    }
    let (late, early) = (part(1), part(2));
    // In as long a time as the fault lasted it would have become so much slower, and a bit for chance.
    let further = (on.to - on.from) as f64 / long as f64 * 0.5 + 0.5;
    let grown = |now: f64, then: f64| if now > 1.15 * then { now + further * (now - then) } else { now };
    let expected = Phase { mean: grown(late.mean, early.mean), p99: grown(late.p99, early.p99), ..late };
    Some(harm(&expected, &during))
}

/// Whether a fault can do harm at all: what is slower but has workers to spare only adds the time that
/// it is slower by.
fn could(facts: &Facts<'_>, what: &What, during: &dyn Fn(Span) -> bool) -> bool {
    let (name, factor) = match what {
        What::Slow { target, factor } => (&target.component, factor.as_f64()),
        What::DeploySlow { component, factor } => (component, factor.as_f64()),
        _ => return true,
    };
    let Some(part) = facts.part(name) else { return true };
    let added = part.service * (factor - 1.0);
    let slowest = facts.slow.values().map(|slow| slow.mean as f64 / 1e9).fold(0.0, f64::max);
    facts.busy(part.number, during) > 0.6 || part.report.by_replica.len() > 1 || added > 0.05 * slowest
}

/// Messages that nobody took meanwhile.
fn piled_up(facts: &Facts<'_>, what: &What, calm: &dyn Fn(Span) -> bool, during: &dyn Fn(Span) -> bool) -> f64 {
    let most = |number: usize, is_meant: &dyn Fn(Span) -> bool| {
        let points = facts.points.iter().enumerate().filter(|(at, _)| is_meant(facts.span(*at)));
        points.map(|(_, point)| point.components[number].backlog).max().unwrap_or(0) as f64
    };
    let brokers = facts.parts.values().filter(|part| facts.is_broker(part.name) && touches(facts, what, part.name));
    let worse = |number: usize| {
        let (before, then) = (most(number, calm), most(number, during));
        if then > 30.0 && then > 5.0 * before { 0.4 } else { 0.0 }
    };
    brokers.map(|part| worse(part.number)).fold(0.0, f64::max)
}

/// Whether a fault acts on a broker or on who takes its messages.
fn touches(facts: &Facts<'_>, what: &What, broker: &str) -> bool {
    let names = named(facts, what);
    names.iter().any(|name| *name == broker || facts.visits.iter().any(|visit| visit.caller == broker && visit.to == *name))
}

fn concerns(facts: &Facts<'_>, what: &What, class: &str) -> bool {
    let names = named(facts, what);
    let uses = |name: &&str| facts.visits.iter().any(|visit| visit.class == class && (visit.to == *name || visit.caller == *name));
    match what {
        What::Hot { class: hot, .. } => hot == class || facts.document.workload.classes.len() > 1,
        What::Load { .. } => true,
        What::Cut { .. } | What::Loss { .. } => names.iter().all(uses),
        _ => names.iter().any(uses),
    }
}

/// The components on which a fault acts.
fn named<'a>(facts: &Facts<'a>, what: &'a What) -> Vec<&'a str> {
    let placed = |key: &str, place: &str| {
        let there = |part: &&super::super::facts::Part<'a>| match key {
            "region" => part.words.word("region") == place,
            _ => part.words.names("zones").iter().any(|zone| zone == place),
        };
        facts.parts.values().filter(there).map(|part| part.name).collect()
    };
    match what {
        What::Crash { target } | What::Freeze { target } | What::Slow { target, .. } | What::Skew { target, .. } => {
            vec![target.component.as_str()]
        }
        What::Cut { from, to, .. } | What::Loss { from, to, .. } => vec![from, to],
        What::LoseZone { zone } => placed("zones", zone),
        What::LoseRegion { region } => placed("region", region),
        What::Flush { component }
        | What::DeployErrors { component, .. }
        | What::DeploySlow { component, .. }
        | What::Down { component }
        | What::Quota { component, .. }
        | What::Rebalance { component } => vec![component],
        What::Hot { .. } | What::Load { .. } => Vec::new(),
    }
}

/// "from 20 s to 30 s", "from 20 s on", "7 times, first at 8 s for 400 ms".
pub(super) fn when(trigger: &Trigger<'_>) -> String {
    let (from, to) = (say::at(trigger.first.from), say::at(trigger.first.to));
    match (trigger.times, trigger.ends) {
        (1, true) => format!("from {from} to {to}"),
        (1, false) => format!("from {from} on"),
        (times, _) => format!("{times} times, first at {from} for {}", say::at(trigger.first.to - trigger.first.from)),
    }
}

pub(super) fn finding(facts: &Facts<'_>, trigger: &Trigger<'_>, trouble: &[Symptom<'_>]) -> Finding {
    let Some(what) = trigger.what else { return say::cause(Kind::Waiting, trigger.class, String::new()) };
    let (kind, subject, sentence) = told(facts, trigger, what, trouble);
    let measures = [format!("{}.errors", trigger.class), format!("{}.p99", trigger.class), format!("{subject}.utilisation")];
    say::cause(kind, &subject, sentence)
        .shown(facts, &measures)
        .with("began", trigger.first.from as f64 / 1e9, Dimension::TIME)
        .with("errors meanwhile", trigger.during.bad(), Dimension::NONE)
        .with("mean before", trigger.before.mean, Dimension::TIME)
        .with("mean meanwhile", trigger.during.mean, Dimension::TIME)
}

/// What it did to requests: "12 % of buy failed", "buy took 300 ms in the mean, and 20 ms before".
fn suffered(trigger: &Trigger<'_>) -> String {
    let Trigger { class, before, during, .. } = trigger;
    let worse = during.bad() - before.bad();
    if worse > 0.01 {
        return format!("meanwhile {} of {class} failed", say::share(during.bad()));
    }
    if during.mean > 1.05 * before.mean && before.mean > 0.0 {
        return format!("meanwhile {class} took {} in the mean, and {} before", say::time(during.mean), say::time(before.mean));
    }
    if during.p99 > before.p99 && before.p99 > 0.0 {
        return format!("meanwhile the p99 of {class} was {}, and {} before", say::time(during.p99), say::time(before.p99));
    }
    if before.mean <= 0.0 && during.mean > 0.0 {
        return format!("meanwhile {class} took {} in the mean", say::time(during.mean));
    }
    format!("{class} felt it")
}

fn told(facts: &Facts<'_>, trigger: &Trigger<'_>, what: &What, trouble: &[Symptom<'_>]) -> (Kind, String, String) {
    let (when, suffered) = (when(trigger), suffered(trigger));
    let at = say::at(trigger.first.from);
    match what {
        What::Crash { target } => crash(facts, trigger, target, &when, &suffered),
        What::Freeze { target } => {
            let text = format!("{} stood still {when} (freeze), and all that was under way there waited: {suffered}.", whom(target));
            (Kind::Freeze, target.component.clone(), text)
        }
        What::Slow { target, factor } => {
            let text = format!("{} was {} times slower {when}: {suffered}.", whom(target), say::number(factor.as_f64()));
            (Kind::SlowReplica, target.component.clone(), text)
        }
        What::Cut { from, to, .. } => (
            Kind::Cut,
            to.clone(),
            format!("The network between {from} and {to} was cut {when}, so calls to {to} got no answer: {suffered}."),
        ),
        What::Loss { from, to, share } => {
            let text = format!("{} of the messages between {from} and {to} were lost {when}: {suffered}.", say::share(share.as_f64()));
            (Kind::Loss, to.clone(), text)
        }
        What::LoseZone { zone: place } | What::LoseRegion { region: place } => {
            let names = named(facts, what);
            let text = format!("{place} was lost {when} with the replicas of {} that stood there: {suffered}.", say::list(&names));
            let noun = if matches!(what, What::LoseZone { .. }) { "Zone" } else { "Region" };
            (Kind::Place, names.first().map_or_else(String::new, |&name| name.to_owned()), format!("{noun} {text}"))
        }
        What::Flush { component } => {
            let behind = caches::behind(facts, component);
            let fell = behind.map_or_else(String::new, |behind| format!(", and all it was asked for fell on {behind}"));
            (Kind::Flush, component.clone(), format!("{component} was emptied at {at} (flush){fell}: {suffered}."))
        }
        What::Hot { class, share } => hot(facts, trigger, class, share.as_f64(), &when, &suffered, trouble),
        What::DeployErrors { component, share } => {
            let text = format!(
                "The version of {component} that was deployed at {at} failed {} of its calls: {suffered}.",
                say::share(share.as_f64())
            );
            (Kind::Deploy, component.clone(), text)
        }
        What::DeploySlow { component, factor } => {
            let text = format!(
                "The version of {component} that was deployed at {at} was {} times slower: {suffered}.",
                say::number(factor.as_f64())
            );
            (Kind::Deploy, component.clone(), text)
        }
        What::Down { component } => (Kind::Crash, component.clone(), format!("{component} was down {when}: {suffered}.")),
        What::Quota { component, rate } => {
            let asked = facts.part(component).map_or(0.0, |part| part.offered);
            let text = format!(
                "{component} accepted only {} {when} (its quota), and was asked for {}: {suffered}.",
                say::rate(rate.as_per_second()),
                say::rate(asked)
            );
            (Kind::Quota, component.clone(), text)
        }
        What::Skew { target, .. } => {
            (Kind::Skew, target.component.clone(), format!("The clock of {} was wrong {when}: {suffered}.", whom(target)))
        }
        What::Rebalance { component } => {
            let most = facts.part(component).map_or(0.0, |part| part.report.messages.backlog_max as f64);
            let text = format!(
                "Nothing was read from {component} {when}, while its partitions were dealt out again (rebalance): up to {} messages piled up.",
                say::count(most)
            );
            (Kind::Rebalance, component.clone(), text)
        }
        What::Load { .. } => (Kind::Overload, trigger.class.to_owned(), format!("The load rose {when}: {suffered}.")),
    }
}

/// "db", "replica 2 of web".
fn whom(target: &Target) -> String {
    match target.replica {
        Some(replica) => format!("Replica {replica} of {}", target.component),
        None => target.component.clone(),
    }
}

fn crash(facts: &Facts<'_>, trigger: &Trigger<'_>, target: &Target, when: &str, suffered: &str) -> (Kind, String, String) {
    let name = &target.component;
    let Some(part) = facts.part(name) else { return (Kind::Crash, name.clone(), format!("{} crashed {when}: {suffered}.", whom(target))) };
    let leader = part.kind == "relational" && target.replica.is_none_or(|replica| replica.base() == 1);
    if let Some(failover) = part.words.table("failover").filter(|_| leader) {
        let gap = failover.time("every").unwrap_or(0.0) * failover.count("misses").unwrap_or(1.0) + failover.time("promote").unwrap_or(0.0);
        let text = format!(
            "The leader of {name} crashed at {}, and it took about {} until a follower took over: {suffered}.",
            say::at(trigger.first.from),
            say::time(gap)
        );
        return (Kind::Failover, name.clone(), text);
    }
    if part.kind == "cache" || part.kind == "cdn" {
        let behind = caches::behind(facts, name).map_or_else(String::new, |behind| format!(", so all it was asked for fell on {behind}"));
        return (Kind::Crash, name.clone(), format!("{} crashed {when}{behind}: {suffered}.", whom(target)));
    }
    let left = part.report.by_replica.len() as f64 - 1.0;
    let could = part.capacity() / part.replicas.max(1.0) * left;
    if target.replica.is_some() && left >= 1.0 && could < 1.02 * part.offered {
        let text = format!(
            "Replica {} of {name} crashed ({when}), and the {} left can do {} where {} are asked for: {suffered}.",
            target.replica.map_or(1, |replica| replica.base()),
            say::some(left, "replica"),
            say::rate(could),
            say::rate(part.offered)
        );
        return (Kind::Crash, name.clone(), text);
    }
    (Kind::Crash, name.clone(), format!("{} crashed and was down {when}: {suffered}.", whom(target)))
}

fn hot(
    facts: &Facts<'_>,
    trigger: &Trigger<'_>,
    class: &str,
    share: f64,
    when: &str,
    suffered: &str,
    trouble: &[Symptom<'_>],
) -> (Kind, String, String) {
    let blamed = blame::cause(facts, trouble).and_then(|blamed| blamed.subject);
    let keyed = |name: &&str| {
        let part = facts.part(name);
        part.is_some_and(|part| matches!(part.kind, "keyvalue" | "document" | "search" | "relational" | "log"))
    };
    let used = facts.visits.iter().filter(|visit| visit.class == trigger.class).map(|visit| visit.to).find(|to| keyed(to));
    let subject = blamed.filter(|name| keyed(&name.as_str())).or_else(|| used.map(str::to_owned)).unwrap_or_else(|| class.to_owned());
    let text = format!(
        "{} of {class} asked for one key {when}, and all of them met at the one place of {subject} that has it (hot key): {suffered}.",
        say::share(share)
    );
    (Kind::HotKey, subject, text)
}
