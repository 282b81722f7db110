//! Trouble with messages: they pile up, come again, or are given up.

use units::Dimension;

use super::facts::{Facts, Part};
use super::{Finding, Kind, say};

/// The worst trouble of any log or queue.
pub(super) fn cause(facts: &Facts<'_>) -> Option<Finding> {
    facts.parts.values().filter(|part| facts.is_broker(part.name)).find_map(|part| of(facts, part))
}

/// What is wrong with one log or queue.
pub(super) fn of(facts: &Facts<'_>, broker: &Part<'_>) -> Option<Finding> {
    let consumer = facts.visits.iter().find(|visit| visit.caller == broker.name).and_then(|visit| facts.part(visit.to))?;
    let visible = visibility(facts, broker, consumer);
    visible.or_else(|| failing(facts, broker, consumer)).or_else(|| lag(facts, broker, consumer))
}

/// Messages that come again because their work takes longer than they are hidden.
fn visibility(facts: &Facts<'_>, broker: &Part<'_>, consumer: &Part<'_>) -> Option<Finding> {
    let hidden = broker.words.time("visibility")?;
    let messages = &broker.report.messages;
    let again = messages.redelivered as f64 / messages.deliveries.max(1) as f64;
    let failures = consumer.words.share("failures").unwrap_or(0.0);
    if again < 0.02 || consumer.time < 0.3 * hidden || failures > again {
        return None;
    }
    let sentence = format!(
        "{} shows a message again after {} (visibility), but the work of {} takes {} in the mean, so {} of the deliveries are repeats of work \
         that is still going on.",
        broker.name,
        say::time(hidden),
        consumer.name,
        say::time(consumer.time),
        say::share(again)
    );
    let measures = [format!("{}.redelivered", broker.name), format!("{}.duplicates", broker.name), format!("{}.time", consumer.name)];
    let finding = say::cause(Kind::Visibility, broker.name, sentence).shown(facts, &measures);
    Some(finding.set(format!("components.{}.visibility", broker.name), hidden, Dimension::TIME))
}

/// Messages that come again because their work fails.
fn failing(facts: &Facts<'_>, broker: &Part<'_>, consumer: &Part<'_>) -> Option<Finding> {
    let messages = &broker.report.messages;
    let again = messages.redelivered as f64 / messages.deliveries.max(1) as f64;
    if again < 0.02 && messages.dead == 0 {
        return None;
    }
    let below: Vec<&str> = std::iter::once(consumer.name).chain(facts.below(consumer.name)).collect();
    let failures = |name: &&str| facts.part(name).and_then(|part| part.words.share("failures")).unwrap_or(0.0);
    let worst = below.into_iter().max_by(|one, other| failures(one).total_cmp(&failures(other)))?;
    if failures(&worst) <= 0.0 {
        return None;
    }
    let dead = if messages.dead > 0 {
        format!(", and {} went to the dead letters", say::some(messages.dead as f64, "message"))
    } else {
        String::new()
    };
    let sentence = format!(
        "{worst} fails {} of the messages of {}, so they are delivered again ({} of the deliveries){dead}.",
        say::share(failures(&worst)),
        broker.name,
        say::share(again)
    );
    let measures = [format!("{}.redelivered", broker.name), format!("{}.dead", broker.name), format!("{}.deliveries", broker.name)];
    Some(say::cause(Kind::Redelivery, worst, sentence).shown(facts, &measures))
}

/// A backlog that grows: too few partitions, or consumers that are too slow.
fn lag(facts: &Facts<'_>, broker: &Part<'_>, consumer: &Part<'_>) -> Option<Finding> {
    let backlog = |part: f64| {
        let at = ((facts.points.len() - 1) as f64 * part) as usize;
        facts.points[at].components[broker.number].backlog as f64
    };
    let (middle, end) = (backlog(0.5), backlog(1.0));
    let produced = broker.report.messages.produced as f64 / facts.seconds;
    let grows = end > 1.25 * middle + 20.0 && end > 2.0 * produced * consumer.time + 0.01 * broker.report.messages.produced as f64;
    if !grows {
        return None;
    }
    let (name, by) = (broker.name, consumer.name);
    // A worker keeps its message for as long as its work and its calls take.
    let each = consumer.taken().max(1e-9);
    let crew = consumer.workers;
    let lines = broker.words.count("partitions").filter(|_| broker.kind == "log").unwrap_or(f64::INFINITY);
    let backlog = format!("its backlog was {} at the end and growing", say::count(end));
    let measures = [format!("{name}.backlog"), format!("{name}.max backlog"), format!("{name}.oldest"), format!("{by}.utilisation")];
    let few = lines < crew && lines / each < 1.02 * produced;
    if few {
        let sentence = format!(
            "{name} has too few partitions: each is read by one worker at a time, so of the {} workers of {by} only {} are used, which do {} \
             where {} come, and {backlog}.",
            say::count(crew),
            say::count(lines),
            say::rate(lines / each),
            say::rate(produced)
        );
        let finding = say::cause(Kind::Partitions, name, sentence).shown(facts, &measures);
        return Some(finding.set(format!("components.{name}.partitions"), lines, Dimension::NONE));
    }
    if crew / each < 1.02 * produced {
        let sentence = format!(
            "{by} cannot keep up with {name}: its {} need {} for a message and so do {}, where {} come, and {backlog}.",
            consumer.crew(),
            say::time(each),
            say::rate(crew / each),
            say::rate(produced)
        );
        let finding = say::cause(Kind::Consumers, by, sentence).shown(facts, &measures);
        return Some(finding.with("messages that it can do", crew / each, Dimension::RATE));
    }
    let sentence = format!(
        "{name} is uneven: {by} could do {} where {} come, but a few partitions get most of them, and {backlog}.",
        say::rate(crew.min(lines) / each),
        say::rate(produced)
    );
    Some(say::cause(Kind::Partitions, name, sentence).shown(facts, &measures))
}
