//! Why requests failed or came too late: from the cause that they were told to what explains it.

use units::Dimension;

use super::facts::{Facts, sum};
use super::held::reason_for_time;
use super::waiting::waiting;
use super::{Finding, Kind, caches, network, say, slow};

/// The cause of most failures of a class.
pub(super) fn cause(facts: &Facts<'_>, class: &str) -> Option<Finding> {
    let report = facts.report.classes.get(class)?;
    let mut all: Vec<(&str, &str, u64)> =
        report.failed.iter().filter_map(|(key, count)| key.rsplit_once(": ").map(|(at, why)| (at, why, *count))).collect();
    sorted::sort_by_key(&mut all, |(.., count)| std::cmp::Reverse(*count));
    let failed: u64 = all.iter().map(|(.., count)| count).sum();
    if failed < report.unfinished || all.is_empty() {
        // Nothing came back in all that time.
        return slow::cause(facts, class).or_else(|| unanswered(facts, class));
    }
    let share = failed as f64 / report.sent as f64;
    let finding = all.iter().take(3).find_map(|&(at, why, count)| {
        let failure = Failure { facts, class, at, why, share: count as f64 / report.sent as f64, all: &all };
        failure.cause()
    })?;
    Some(finding.shown(facts, &[format!("{class}.errors")]).with(format!("failed of {class}"), share, Dimension::NONE))
}

/// Requests that never came back: lost on the way, or waiting still.
fn unanswered(facts: &Facts<'_>, class: &str) -> Option<Finding> {
    let uses = facts.visits.iter().filter(|visit| visit.class == class && !visit.later);
    let lost = uses.clone().find_map(|visit| network::loss(facts, visit.caller, visit.to));
    lost.or_else(|| {
        let busiest = uses.filter_map(|visit| facts.part(visit.to)).max_by(|one, other| one.own.total_cmp(&other.own))?;
        waiting(facts, busiest.name, class)
    })
}

/// Answers that came after the deadline.
pub(super) fn late(facts: &Facts<'_>, class: &str) -> Option<Finding> {
    deadline(facts, class).or_else(|| slow::cause(facts, class)).or_else(|| slow::longest(facts, class, true))
}

/// A deadline that is too short for the work alone.
fn deadline(facts: &Facts<'_>, class: &str) -> Option<Finding> {
    let deadline = facts.class_words(class)?.time("deadline")?;
    let spent = facts.spent.get(class)?;
    let work: f64 = spent.components.values().map(|part| (part.serving + part.network) as f64 / 1e9).sum();
    if work < 0.55 * deadline {
        return None;
    }
    let (most, part) = spent.components.iter().max_by_key(|(_, part)| part.serving + part.network)?;
    let sentence = format!(
        "The deadline of {class} ({}) is too short for its work: without any waiting it takes {} in the mean, {} of it at {most}.",
        say::time(deadline),
        say::time(work),
        say::time((part.serving + part.network) as f64 / 1e9)
    );
    let finding = say::cause(Kind::Deadline, most, sentence).shown(facts, &[format!("{class}.good"), format!("{class}.mean")]);
    Some(finding.set(format!("workload.{class}.deadline"), deadline, Dimension::TIME))
}

struct Failure<'f, 'a> {
    facts: &'f Facts<'a>,
    class: &'f str,
    at: &'f str,
    why: &'f str,
    /// Of all requests of the class.
    share: f64,
    all: &'f [(&'f str, &'f str, u64)],
}

impl Failure<'_, '_> {
    fn cause(&self) -> Option<Finding> {
        match self.why {
            "error" => self.errors(),
            "rate limit" => self.refused(),
            "bulkhead full" => self.bulkhead(),
            "breaker open" | "throttled by the caller" => self.breaker(),
            "timed out" => self.timed_out(),
            "queue full" | "left the queue" | "shed" => self.crowded(),
            "too late" => deadline(self.facts, self.class).or_else(|| self.crowded()),
            "no quorum" => Some(self.quorum()),
            "down" => Some(self.down()),
            _ => None,
        }
    }

    fn finding(&self, kind: Kind, sentence: String) -> Finding {
        say::cause(kind, self.at, sentence)
    }

    /// Calls that fail after they were served; with retries that may be far more than it can do.
    fn errors(&self) -> Option<Finding> {
        let (facts, at) = (self.facts, self.at);
        let part = facts.part(at)?;
        let failures = part.words.share("failures").unwrap_or(0.0);
        if let Some(finding) = self.amplified(failures) {
            return Some(finding);
        }
        if failures <= 0.0 {
            return None;
        }
        let sentence = format!(
            "{at} fails {} of its calls by itself, and so {} of {} fail.",
            say::share(failures),
            say::share(self.share),
            self.class
        );
        Some(self.finding(Kind::Errors, sentence).shown(facts, &[format!("{at}.visits")]).set(
            format!("components.{at}.failures"),
            failures,
            Dimension::NONE,
        ))
    }

    /// Whether retries, and not first attempts, are more than it can do.
    fn amplified(&self, failures: f64) -> Option<Finding> {
        amplified(self.facts, self.class, self.at, failures)
    }

    fn refused(&self) -> Option<Finding> {
        let (facts, at, class) = (self.facts, self.at, self.class);
        let part = facts.part(at)?;
        let limit = part.words.rate("rate").or_else(|| part.words.rate("limit"))?;
        let what = if part.kind == "limiter" { "lets through at most" } else { "has a limit of" };
        let each = match part.words.word("per") {
            "key" => " for each key",
            "session" => " for each session",
            _ => "",
        };
        let sentence = format!(
            "{at} {what} {}{each} and is asked for {}, so it refuses {} of {class}.",
            say::rate(limit),
            say::rate(part.offered),
            say::share(self.share)
        );
        let key = if part.kind == "limiter" { "rate" } else { "limit" };
        let finding = self.finding(if part.kind == "limiter" { Kind::Limiter } else { Kind::Quota }, sentence);
        Some(finding.shown(facts, &[format!("{at}.visit rate"), format!("{at}.rejected")]).set(
            format!("components.{at}.{key}"),
            limit,
            Dimension::RATE,
        ))
    }

    /// More calls open than the caller allows itself: because they take long, or because it is few.
    fn bulkhead(&self) -> Option<Finding> {
        let (facts, at, class) = (self.facts, self.at, self.class);
        let (from, most) = facts.callers(at).into_iter().find_map(|from| Some((from, facts.link(from, at)?.count("bulkhead")?)))?;
        let part = facts.part(at)?;
        if part.wait > 0.5 * part.time {
            return reason_for_time(facts, at, class);
        }
        let rtt = facts.link(from, at).and_then(|link| link.time("rtt")).unwrap_or(0.0);
        let each = part.time + rtt;
        let asked = facts.sent(class)
            * facts.visits.iter().filter(|visit| visit.to == at && visit.class == class).map(|visit| visit.per_request).sum::<f64>();
        let sentence = format!(
            "The bulkhead of {from} towards {at} is too small: it allows {} open at once, and {} of {} each need {} in the mean, so {} of \
             {class} are refused though {at} has room.",
            say::some(most, "call"),
            say::rate(asked),
            say::time(each),
            say::number(asked * each),
            say::share(self.share)
        );
        let finding = self.finding(Kind::Bulkhead, sentence).shown(facts, &[format!("{at}.time"), format!("{at}.utilisation")]);
        Some(finding.set(format!("links.{from} -> {at}.bulkhead"), most, Dimension::NONE))
    }

    /// The caller stopped trying. If what it guards against is rare, the breaker does the harm.
    fn breaker(&self) -> Option<Finding> {
        let (facts, at, class) = (self.facts, self.at, self.class);
        let part = facts.part(at)?;
        let beside: u64 = self.all.iter().filter(|(other, why, _)| *other == at && *why != self.why).map(|(.., count)| count).sum();
        let beside = beside as f64 / facts.report.classes.get(class)?.sent as f64;
        let failures = part.words.share("failures").unwrap_or(0.0);
        let from = facts
            .callers(at)
            .into_iter()
            .find(|from| facts.link(from, at).is_some_and(|link| link.has("breaker") || link.has("throttle")))?;
        if failures > 0.01 && part.own < 0.9 {
            let word = if self.why == "breaker open" { "breaker" } else { "throttle" };
            let sentence = format!(
                "The {word} of {from} towards {at} does more harm than what it guards against: {at} fails {} of its calls, and the {word} \
                 refuses {} of {class}, because it opens again and again.",
                say::share(failures),
                say::share(self.share)
            );
            let measures = [format!("{class}.failed.breaker open"), format!("{class}.failed.error")];
            return Some(self.finding(Kind::Breaker, sentence).shown(facts, &measures));
        }
        let other = self.all.iter().find(|(other, why, _)| *other == at && *why != self.why);
        let below = other.and_then(|&(at, why, _)| Failure { why, at, share: beside, ..*self }.cause());
        below.or_else(|| self.timed_out()).or_else(|| self.crowded())
    }

    /// The caller gave up: because of waiting, because it is too impatient, or because nothing came.
    fn timed_out(&self) -> Option<Finding> {
        timed_out(self.facts, self.class, self.at, self.share)
    }

    /// Too many wait there, so that some are turned away.
    fn crowded(&self) -> Option<Finding> {
        let found = waiting(self.facts, self.at, self.class)?;
        Some(found.shown(self.facts, &[format!("{}.rejected", self.at), format!("{}.dropped", self.at)]))
    }

    fn quorum(&self) -> Finding {
        let (facts, at, class) = (self.facts, self.at, self.class);
        let words = facts.part(at).map(|part| part.words);
        let count = |key: &str| words.and_then(|words| words.count(key)).unwrap_or(1.0);
        let sentence = format!(
            "{at} had too few nodes up for its quorum (it wants {} of {} copies for a write and {} for a read): {} of {class} failed.",
            say::count(count("write")),
            say::count(count("copies")),
            say::count(count("read")),
            say::share(self.share)
        );
        self.finding(Kind::Quorum, sentence)
    }

    fn down(&self) -> Finding {
        let (at, class) = (self.at, self.class);
        let sentence = format!("{at} was down for a part of the time: {} of {class} failed.", say::share(self.share));
        self.finding(Kind::Crash, sentence)
    }
}

/// Whether retries, and not first attempts, are more than a component can do.
pub(super) fn amplified(facts: &Facts<'_>, class: &str, at: &str, failures: f64) -> Option<Finding> {
    let part = facts.part(at)?;
    let again: f64 = facts
        .callers(at)
        .iter()
        .filter_map(|from| facts.report.links.get(&format!("{from} -> {at}")))
        .map(|link| link.retries as f64 / link.calls.max(1) as f64)
        .fold(0.0, f64::max);
    let (can, first) = (part.capacity(), part.offered * (1.0 - again));
    if again < 0.2 || part.offered < 0.97 * can || first > 0.93 * can {
        return None;
    }
    let why = if failures > 0.01 {
        format!("it fails {} of its calls, and each failure is tried again", say::share(failures))
    } else {
        "calls that time out are tried again".into()
    };
    let sentence = format!(
        "Retries overload {at}: {why}, so it gets {} instead of {} and can do {}.",
        say::rate(part.offered),
        say::rate(first),
        say::rate(can)
    );
    let measures = [format!("{class}.attempts"), format!("{at}.utilisation"), format!("{at}.visit rate")];
    Some(say::cause(Kind::Retries, at, sentence).shown(facts, &measures))
}

/// Why callers gave up on a component.
pub(super) fn timed_out(facts: &Facts<'_>, class: &str, at: &str, share: f64) -> Option<Finding> {
    let callers = facts.callers(at);
    if let Some(finding) = callers.iter().find_map(|from| network::loss(facts, from, at)) {
        return Some(finding);
    }
    let part = facts.part(at)?;
    let limit = callers
        .iter()
        .filter_map(|from| Some((*from, facts.link(from, at)?.time("timeout")?)))
        .min_by(|one, other| one.1.total_cmp(&other.1));
    let Some((from, limit)) = limit else { return waiting(facts, at, class) };
    let rtt = facts.link(from, at).and_then(|link| link.time("rtt")).unwrap_or(0.0);
    // What it takes when nobody waits for a worker there or below.
    let below: f64 = facts.below(at).iter().filter_map(|name| facts.part(name)).map(|below| below.service).sum();
    let calm = part.service + rtt + below;
    if calm > 0.45 * limit && part.own < 0.97 {
        let sentence = format!(
            "The timeout of {from} towards {at} is too short: it gives up after {}, and {at} needs {} even when nothing waits, so {} of \
             {class} fail{}.",
            say::time(limit),
            say::time(calm),
            say::share(share),
            if facts.report.links.get(&format!("{from} -> {at}")).is_some_and(|link| link.retries > 0) {
                " after their retries"
            } else {
                ""
            },
        );
        let finding = say::cause(Kind::Timeout, at, sentence).shown(facts, &[format!("{at}.service"), format!("{at}.wait")]);
        return Some(finding.set(format!("links.{from} -> {at}.timeout"), limit, Dimension::TIME));
    }
    caches::stampede(facts).or_else(|| amplified(facts, class, at, 0.0)).or_else(|| reason_for_time(facts, at, class)).or_else(|| {
        let spent = sum(facts.spent_at(class, at));
        let sentence =
            format!("Calls to {at} took longer than {from} waits ({}); answered ones took {}.", say::time(limit), say::time(spent));
        Some(say::cause(Kind::Timeout, at, sentence))
    })
}
