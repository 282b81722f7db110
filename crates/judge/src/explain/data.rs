//! What was required of data and did not hold, and by which mechanism, told from the story of the
//! first violation. It comes before anything that was slow: wrong data is worse than late data.

use design::Call;
use sim::{ClassReport, Invariant, Scene, Violation, Watched};
use units::Dimension;

use super::facts::Facts;
use super::{Finding, Kind, Role, say};

/// One for each invariant that was violated, the most often violated first.
pub(super) fn causes(facts: &Facts<'_>) -> Vec<Finding> {
    let mut violated: Vec<&Watched> = facts.report.watched.iter().filter(|watched| watched.violated > 0).collect();
    sorted::sort_by_key(&mut violated, |watched| std::cmp::Reverse(watched.violated));
    violated.into_iter().filter_map(|watched| Some(cause(facts, watched, watched.violations.first()?))).collect()
}

fn cause(facts: &Facts<'_>, watched: &Watched, first: &Violation) -> Finding {
    let Watched { data, invariant, checked, violated, .. } = watched;
    let at = first.story.last().map_or(data.as_str(), |scene| scene.component.as_str());
    let why = why(facts, watched, &first.story).unwrap_or_default();
    let what = first.what.trim_end_matches('.');
    let (times, of) = (say::count(*violated as f64), say::count(*checked as f64));
    let sentence = format!("{what}{why}. “{data}: {invariant}” was violated {times} of {of} times.");
    say::cause(Kind::Data, at, sentence).with(format!("{data}: {invariant}, violated"), *violated as f64, Dimension::NONE)
}

/// How many requests of a class were told that nothing is left.
pub(super) fn sold_out(class: &ClassReport) -> u64 {
    class.failed.iter().filter(|(why, _)| why.ends_with(": sold out")).map(|(_, count)| count).sum()
}

/// Who came too late to get any: no fault of the design.
pub(super) fn came_too_late(facts: &Facts<'_>) -> Vec<Finding> {
    let of = |(name, class): (&String, &ClassReport)| {
        let share = sold_out(class) as f64 / class.sent.max(1) as f64;
        let sentence = format!("{} of {name} came when nothing was left (sold out), and were told so.", say::share(share));
        (share > 0.0).then(|| {
            Finding { role: Role::Note, ..say::cause(Kind::Failures, name, sentence) }.with(
                format!("sold out of {name}"),
                share,
                Dimension::NONE,
            )
        })
    };
    facts.report.classes.iter().filter_map(of).collect()
}

/// The mechanism, to be put after what happened; none where the story alone does not tell it.
fn why(facts: &Facts<'_>, watched: &Watched, story: &[Scene]) -> Option<String> {
    let last = story.last()?;
    if let Some(lead) = story.iter().find(|scene| scene.did.starts_with("a follower leads")) {
        return Some(format!(
            ": a follower of {} took the lead before it had been told all that was acknowledged, because followers there lag (sync = false)",
            lead.component
        ));
    }
    match watched.invariant {
        Invariant::NoOversell | Invariant::NoLostUpdate => read_by_two(facts, &watched.data, story),
        Invariant::OneEffect => again(&last.component, story),
        Invariant::OrderPerKey if kind(facts, &last.component) != "log" => {
            let broker = facts.callers(&last.component).into_iter().find(|caller| facts.is_broker(caller))?;
            Some(format!(": {broker} hands messages about one key to several consumers at once, or again after a time-out"))
        }
        Invariant::ReadYourWrites | Invariant::MonotonicReads | Invariant::StaleAtMost(_) | Invariant::CacheStaleAtMost(_) => {
            old(facts, &last.component)
        }
        _ => None,
    }
}

/// Two requests that saw the same and both wrote what they made of it.
fn read_by_two(facts: &Facts<'_>, data: &str, story: &[Scene]) -> Option<String> {
    let reads = |scene: &&Scene| scene.did.starts_with("reads ");
    let (one, other) = story.iter().filter(reads).find_map(|one| {
        let same = |other: &&Scene| other.request != one.request && other.did == one.did && other.component == one.component;
        Some((one, story.iter().filter(reads).find(same)?))
    })?;
    let db = &one.component;
    let isolation = facts.part(db).map_or("", |part| part.words.word("isolation"));
    let in_transaction = facts.document.calls.values().any(|calls| has_transaction(calls, db, data));
    let isolation = if isolation.is_empty() { "read committed" } else { isolation };
    let guard = if in_transaction {
        format!("their transactions are {isolation}, which lets the second write over the first")
    } else {
        "no lock, no one statement and no `if-unchanged` keeps the second from writing over the first".to_owned()
    };
    Some(format!(": requests {} and {} both read it at {db} before either wrote, and {guard}", one.request, other.request))
}

fn has_transaction(calls: &[Call], db: &str, data: &str) -> bool {
    calls.iter().any(|call| {
        call.to == db && call.statements.iter().any(|statement| statement.data.as_deref() == Some(data))
            || has_transaction(&call.then, db, data)
            || has_transaction(&call.miss, db, data)
    })
}

fn again(at: &str, story: &[Scene]) -> Option<String> {
    let says = |words: &str| story.iter().any(|scene| scene.did.contains(words));
    if says(", attempt ") {
        return Some(format!(": a call that had worked was given up and tried again, and {at} does not know that it is the same (`once`)"));
    }
    says(", delivered ").then(|| {
        format!(": its message was delivered again before the work was acknowledged, and {at} does not know that it is the same (`once`)")
    })
}

/// Whoever answers with something old keeps it or follows.
fn old(facts: &Facts<'_>, at: &str) -> Option<String> {
    match kind(facts, at) {
        "cache" | "cdn" => Some(format!(": {at} goes on answering with what it has until that expires")),
        "relational" => Some(format!(": it was read from a follower of {at} that lags behind its leader")),
        "keyvalue" => Some(format!(": the replicas of {at} that were read need not be those that were written")),
        _ => None,
    }
}

fn kind<'a>(facts: &Facts<'a>, name: &str) -> &'a str {
    facts.part(name).map_or("", |part| part.kind)
}
