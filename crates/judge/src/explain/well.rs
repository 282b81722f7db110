//! Nothing is wrong: how much room is left, and what would be full first.

use sorted::BTreeMap;

use units::Dimension;

use super::facts::{Facts, Part};
use super::{Finding, Kind, Role, data, effects, say};
use crate::require::Verdict;

pub(super) fn well(facts: &Facts<'_>, verdicts: Option<&BTreeMap<String, Verdict>>) -> Vec<Finding> {
    let missed = |(id, verdict): (&'_ String, &'_ Verdict)| matches!(verdict, Verdict::Missed { .. }).then(|| id.clone());
    let missed: Vec<String> = verdicts.into_iter().flatten().filter_map(missed).collect();
    let mut all = vec![summary(facts, &missed)];
    all.extend(room(facts));
    all.extend(facts.report.classes.keys().take(3).filter_map(|class| effects::greatest(facts, class)));
    all
}

fn finding(kind: Kind, subject: Option<&str>, sentence: String) -> Finding {
    Finding { role: Role::Well, kind, subject: subject.map(str::to_owned), sentence, figures: Vec::new() }
}

fn summary(facts: &Facts<'_>, missed: &[String]) -> Finding {
    let sent: u64 = facts.report.classes.values().map(|class| class.sent).sum();
    let good: u64 = facts.report.classes.values().map(|class| class.good + data::sold_out(class)).sum();
    let answered = if good == sent {
        "every request was answered".to_owned()
    } else {
        format!("{} of the requests were answered", percent(good as f64 / sent.max(1) as f64))
    };
    let through = match facts.report.faults.iter().filter(|fault| !fault.times.is_empty()).count() {
        0 => String::new(),
        1 => {
            format!(", also through “{}”", facts.report.faults.iter().find(|fault| !fault.times.is_empty()).map_or("", |fault| &fault.what))
        }
        some => format!(", also through {some} faults"),
    };
    let measures: Vec<String> = facts.report.classes.keys().flat_map(|class| [format!("{class}.good"), format!("{class}.p99")]).collect();
    let full = facts.report.saturations();
    let limit = match full.first() {
        None => "nothing was at its limit".to_owned(),
        Some(first) => format!("{} was at its limit only from {} to {}", first.component, say::at(first.from), say::at(first.to)),
    };
    if missed.is_empty() {
        return finding(Kind::Well, None, format!("All is well: {answered}{through}, and {limit}.")).shown(facts, &measures);
    }
    // Data that is wrong slows nobody down.
    let missed: Vec<&str> = missed.iter().map(String::as_str).collect();
    let text =
        format!("Requests fared well ({answered}{through}, and {limit}), but of what is required, {} is missed.", say::list(&missed));
    Finding { role: Role::Note, ..finding(Kind::Well, None, text) }.shown(facts, &measures)
}

/// Next to all is not all.
fn percent(share: f64) -> String {
    let text = say::share(share);
    if text == "100 %" && share < 1.0 { "more than 99.9 %".into() } else { text }
}

/// The part that is full first if all of the load grows.
fn room(facts: &Facts<'_>) -> Option<Finding> {
    let load = |part: &Part<'_>| if part.workers.is_finite() { part.busy.max(part.own) } else { 0.0 };
    let next = facts.parts.values().max_by(|one, other| load(one).total_cmp(&load(other)))?;
    let busy = load(next);
    if busy <= 0.0 {
        return Some(finding(Kind::Room, None, "Nothing here has a limit that more load could reach.".into()));
    }
    let text = format!(
        "{} would be full first: it is {} busy, so about {} times the load is the most that it could bear, and waiting grows well before.",
        next.name,
        say::share(busy),
        say::number(1.0 / busy)
    );
    let room = finding(Kind::Room, Some(next.name), text).shown(facts, &[format!("{}.utilisation", next.name)]);
    Some(room.with("times the load", 1.0 / busy, Dimension::NONE))
}
