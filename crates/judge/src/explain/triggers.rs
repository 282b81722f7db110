//! What set it off: a fault, or a load that rose. A trigger counts only if requests fared worse while
//! it was on than before; and if they still do long after, it says what keeps it so.

mod faults;
mod lasting;

use design::{Arrivals, What};

use super::course::{Phase, Span, harm};
use super::facts::Facts;
use super::symptoms::Symptom;
use super::{Finding, Kind, Role, blame, say};

/// So much harm beside what is known to be wrong, and so much if nothing else is.
const HARM: f64 = 0.12;
const HARM_ALONE: f64 = 0.18;
/// A load that varies less is steady.
const ROSE: f64 = 1.4;
const BINS: u64 = 24;

/// Something that began, and perhaps ended, and hurt.
pub(super) struct Trigger<'a> {
    pub(super) what: Option<&'a What>,
    /// The class that it hurt most.
    pub(super) class: &'a str,
    /// When it was on, the first time and in all.
    pub(super) first: Span,
    pub(super) times: usize,
    pub(super) ends: bool,
    pub(super) before: Phase,
    pub(super) during: Phase,
    pub(super) harm: f64,
}

/// The cause, if something set it off.
pub(super) fn cause<'a>(facts: &Facts<'a>, trouble: &[Symptom<'a>]) -> Option<Finding> {
    let least = if trouble.is_empty() { HARM_ALONE } else { HARM };
    let mut all: Vec<Trigger<'a>> = faults::triggers(facts);
    all.extend(risen_load(facts));
    let worst = all.into_iter().filter(|trigger| trigger.harm >= least).max_by(|one, other| one.harm.total_cmp(&other.harm))?;
    let is_load = matches!(worst.what, None | Some(What::Load { .. }));
    let finding = if is_load { load(facts, &worst, trouble)? } else { faults::finding(facts, &worst, trouble) };
    Some(lasting::finding(facts, &worst, &finding).unwrap_or(finding))
}

/// Other faults that hurt as well, beside the one that the cause speaks of.
pub(super) fn others(facts: &Facts<'_>, trouble: &[Symptom<'_>], cause: &Finding) -> Vec<Finding> {
    let hurt = |trigger: &Trigger<'_>| trigger.harm >= HARM_ALONE && !matches!(trigger.what, None | Some(What::Load { .. }));
    let all = faults::triggers(facts).into_iter().filter(hurt);
    let told = all.filter(|trigger| trigger.what.is_some_and(|what| !cause.sentence.contains(&format!("“{what}”"))));
    let told = told.map(|trigger| faults::finding(facts, &trigger, trouble)).filter(|other| other.sentence != cause.sentence);
    told.map(|other| Finding { role: Role::Effect, sentence: format!("Apart from that, {}", other.sentence), ..other }).collect()
}

/// A fault of a component that was on for nearly all of the time.
pub(super) fn standing(facts: &Facts<'_>, part: &str, trouble: &[Symptom<'_>]) -> Option<Finding> {
    faults::standing(facts, part, trouble)
}

/// A load that is not steady, and rose by much.
fn risen_load<'a>(facts: &Facts<'a>) -> Option<Trigger<'a>> {
    let workload = &facts.document.workload;
    let changes = |class: &design::Class| {
        let arrivals = class.arrivals.as_ref().or(workload.arrivals.as_ref());
        matches!(
            arrivals,
            Some(
                Arrivals::Flash { .. } | Arrivals::Steps { .. } | Arrivals::Ramp { .. } | Arrivals::Diurnal { .. } | Arrivals::Trace { .. }
            )
        )
    };
    let risen = workload.classes.iter().filter(|(_, class)| changes(class)).filter_map(|(name, _)| rise(facts, name));
    risen.max_by(|one, other| one.harm.total_cmp(&other.harm))
}

/// From the first bin of the run in which more than the middle was sent to the last.
fn rise<'a>(facts: &Facts<'a>, name: &'a str) -> Option<Trigger<'a>> {
    let class = facts.class_number(name)?;
    let long = (facts.lasts / BINS).max(1);
    let bin = |number: u64| move |span: Span| span.from >= number * long && span.to <= (number + 1) * long + long / 8;
    let rates: Vec<f64> = (0..BINS).map(|number| facts.phase(class, &bin(number)).rate()).collect();
    let high = rates.iter().copied().fold(0.0, f64::max);
    let low = rates.iter().take_while(|rate| **rate < 0.9 * high).copied().fold(f64::INFINITY, f64::min);
    if !low.is_finite() || high < ROSE * low {
        return None;
    }
    let middle = (high + low) / 2.0;
    let first = rates.iter().position(|rate| *rate > middle)? as u64;
    let last = rates.iter().rposition(|rate| *rate > middle)? as u64;
    let on = Span { from: first * long, to: (last + 1) * long };
    let before = facts.phase(class, &|span| span.to <= on.from);
    let during = facts.phase(class, &|span| span.from >= on.from && span.to <= on.to);
    let harm = worst_harm(facts, &|span| span.to <= on.from, &|span| span.from >= on.from && span.to <= on.to).map(|(_, harm)| harm)?;
    Some(Trigger { what: None, class: name, first: on, times: 1, ends: last + 1 < BINS, before, during, harm })
}

/// The class that fared worst in one time, beside another.
pub(super) fn worst_harm<'a>(facts: &Facts<'a>, before: &dyn Fn(Span) -> bool, during: &dyn Fn(Span) -> bool) -> Option<(&'a str, f64)> {
    let of = |(number, name): (usize, &'a String)| {
        let (one, other) = (facts.phase(number, before), facts.phase(number, during));
        (one.sent > 0.0).then(|| (name.as_str(), harm(&one, &other)))
    };
    facts.report.class_names.iter().enumerate().filter_map(of).max_by(|one, other| one.1.total_cmp(&other.1))
}

/// Who could not bear the load, and that it rose.
fn load(facts: &Facts<'_>, trigger: &Trigger<'_>, trouble: &[Symptom<'_>]) -> Option<Finding> {
    let blamed = blame::cause(facts, trouble)?;
    if blamed.role != Role::Cause {
        return None;
    }
    let (from, to) = (trigger.before.rate(), trigger.during.rate());
    let rose = format!("the load of {} rose from {} to {}", trigger.class, say::rate(from), say::rate(to));
    let when = say::at(trigger.first.from);
    if let Some(late) = scaled_late(facts, &blamed, trigger, &rose) {
        return Some(late);
    }
    let so = blamed.sentence.strip_prefix("The ").map_or_else(|| blamed.sentence.clone(), |rest| format!("the {rest}"));
    Some(Finding { sentence: format!("At {when} {rose}, and {so}"), ..blamed })
}

/// Whether the component grew, but only after requests had suffered.
fn scaled_late(facts: &Facts<'_>, blamed: &Finding, trigger: &Trigger<'_>, rose: &str) -> Option<Finding> {
    let part = facts.part(blamed.subject.as_deref()?)?;
    let scaler = part.words.table("autoscale")?;
    let replicas = |at: usize| facts.points[at].components[part.number].replicas;
    let before = (0..facts.points.len()).rfind(|&at| facts.points[at].at <= trigger.first.from).map_or(replicas(0), replicas);
    let most = (0..facts.points.len()).map(replicas).max()?;
    let grown = (0..facts.points.len()).find(|&at| replicas(at) > before && facts.points[at].at > trigger.first.from);
    let delay = scaler.time("delay").unwrap_or(0.0);
    let came = match grown {
        Some(at) => {
            let after = facts.points[at].at.saturating_sub(trigger.first.from);
            format!("its first new replica served only {} later", say::at(after))
        }
        None => "no new replica served in this run".to_owned(),
    };
    let most_allowed = scaler.count("max").unwrap_or(f64::INFINITY);
    let (_, asked) = facts.peak(part.number);
    let could = most_allowed * part.capacity() / part.replicas.max(1.0);
    if could < 0.98 * asked && f64::from(most) >= most_allowed {
        let sentence = format!(
            "The autoscaler of {} may not grow it enough: at {} {rose}, {} are asked of it, and the {} that it may have do {}.",
            part.name,
            say::at(trigger.first.from),
            say::rate(asked),
            say::some(most_allowed, "replica"),
            say::rate(could)
        );
        let path = format!("components.{}.autoscale.max", part.name);
        let finding = say::cause(Kind::Autoscaler, part.name, sentence).shown(facts, &[format!("{}.replicas", part.name)]);
        return Some(finding.set(path, most_allowed, units::Dimension::NONE));
    }
    let sentence = format!(
        "The autoscaler of {} came too late: at {} {rose}, and {came} (it needs {} from its decision on). Until then {} had to do.",
        part.name,
        say::at(trigger.first.from),
        say::time(delay),
        say::some(f64::from(before), "replica"),
    );
    let figures = [format!("{}.replicas", part.name), format!("{}.utilisation", part.name)];
    Some(say::cause(Kind::Autoscaler, part.name, sentence).shown(facts, &figures).set(
        format!("components.{}.autoscale.delay", part.name),
        delay,
        units::Dimension::TIME,
    ))
}
