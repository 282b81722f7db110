//! Why answered requests took long: the place where the slow ones spent most of their time, and what
//! made it so.

use sim::Spent;
use units::Dimension;

use super::facts::{Facts, sum};
use super::waiting::{uneven_replicas, waiting};
use super::{Finding, Kind, Role, caches, failures, network, say};
use crate::instant::time::Time;

/// How a request passes its time at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Waiting,
    Serving,
    Network,
    Retrying,
}

fn ways(spent: &Spent) -> [(Way, f64); 4] {
    [
        (Way::Waiting, spent.waiting as f64 / 1e9),
        (Way::Serving, spent.serving as f64 / 1e9),
        (Way::Network, spent.network as f64 / 1e9),
        (Way::Retrying, spent.retrying as f64 / 1e9),
    ]
}

/// The greatest part of the time of a class's slow requests: where, how, how long, and of how much [s].
fn greatest<'f>(facts: &'f Facts<'_>, class: &str, is_meant: impl Fn(Way) -> bool) -> Option<(&'f str, Way, f64, f64)> {
    let slow = facts.slow.get(class)?;
    let parts = slow.components.iter().flat_map(|(name, spent)| ways(spent).map(|(way, time)| (name.as_str(), way, time)));
    let (name, way, time) = parts.filter(|(_, way, _)| is_meant(*way)).max_by(|one, other| one.2.total_cmp(&other.2))?;
    Some((name, way, time, slow.mean as f64 / 1e9))
}

/// Why they waited.
pub(super) fn cause(facts: &Facts<'_>, class: &str) -> Option<Finding> {
    let (at, way, ..) = greatest(facts, class, |way| matches!(way, Way::Waiting | Way::Retrying))?;
    if way == Way::Retrying {
        return retrying(facts, class, at);
    }
    caches::stampede(facts).or_else(|| waiting(facts, at, class))
}

/// What took longest, if waiting was not the trouble.
pub(super) fn longest(facts: &Facts<'_>, class: &str, even_if_plain: bool) -> Option<Finding> {
    let (at, way, time, all) = greatest(facts, class, |_| true)?;
    match way {
        Way::Waiting => waiting(facts, at, class),
        Way::Retrying => retrying(facts, class, at),
        Way::Network => network::cause(facts, class, at),
        Way::Serving => work(facts, class, at, time, all, even_if_plain),
    }
}

/// Attempts that came to nothing, before one that was answered.
fn retrying(facts: &Facts<'_>, class: &str, at: &str) -> Option<Finding> {
    let part = facts.part(at)?;
    let failures = part.words.share("failures").unwrap_or(0.0);
    if failures > 0.01 && part.own < 0.9 {
        let sentence = format!(
            "{at} fails {} of its calls by itself, and {class} pays for it with further attempts ({} in the mean).",
            say::share(failures),
            say::number(attempts(facts, class))
        );
        return Some(say::cause(Kind::Errors, at, sentence).shown(facts, &[format!("{class}.attempts")]));
    }
    failures::timed_out(facts, class, at, 0.0)
}

fn attempts(facts: &Facts<'_>, class: &str) -> f64 {
    facts.report.measure(&format!("{class}.attempts")).and_then(|value| value.value()).unwrap_or(1.0)
}

/// The work itself: of how many calls, and how uneven.
fn work(facts: &Facts<'_>, class: &str, at: &str, time: f64, all: f64, even_if_plain: bool) -> Option<Finding> {
    let part = facts.part(at)?;
    let visit =
        facts.visits.iter().filter(|visit| visit.class == class && visit.to == at).max_by_key(|visit| visit.at_once * visit.times)?;
    let measures = [format!("{at}.service"), format!("{class}.p99"), format!("{class}.mean")];
    if visit.at_once >= 4 && time > 2.0 * part.service {
        let sentence = format!(
            "{class} waits for the slowest of {} calls to {at} at once: one takes {} in the mean, but the slowest of them takes {} in slow \
             requests, so a rare slow answer of one becomes a usual one of all.",
            visit.at_once,
            say::time(part.service),
            say::time(time)
        );
        let finding = say::cause(Kind::FanOut, at, sentence).shown(facts, &measures);
        return Some(finding.with("calls at once", visit.at_once as f64, Dimension::NONE));
    }
    if visit.at_once == 1 && visit.times >= 3 {
        let sentence = format!(
            "{class} calls {at} {} times one after another: that takes {} of the {} of its slow requests.",
            visit.times,
            say::time(time),
            say::time(all)
        );
        return Some(say::cause(Kind::Repeated, at, sentence).shown(facts, &measures));
    }
    let spread = part.distribution().map_or(1.0, |time| Time::of(time).scv());
    if time > 3.5 * part.service && (spread > 3.0 || even_if_plain) {
        let sentence = format!(
            "The work at {at} is very uneven: {} in the mean, but {} in the slow requests of {class}, {} of their time.",
            say::time(part.service),
            say::time(time),
            say::share(time / all.max(1e-12))
        );
        return Some(say::cause(Kind::Uneven, at, sentence).shown(facts, &measures));
    }
    let sentence =
        format!("The work at {at} takes most of the time of {class}: {} of the {} of its slow requests.", say::time(time), say::time(all));
    even_if_plain.then(|| say::cause(Kind::Work, at, sentence).shown(facts, &measures))
}

/// What nobody suffers from yet, and yet decides how long requests take or what is full first: told
/// where a design can do much better without more machines.
pub(super) fn notable(facts: &Facts<'_>) -> Option<Finding> {
    let told = facts.report.classes.keys().find_map(|class| {
        let (at, way, time, all) = greatest(facts, class, |_| true)?;
        let finding = match way {
            _ if time < 0.5 * all => None,
            Way::Network => network::cause(facts, class, at).filter(|finding| finding.kind != Kind::Distance || many(facts, class, at)),
            Way::Serving => work(facts, class, at, time, all, false),
            Way::Waiting => waiting(facts, at, class).filter(|found| matches!(found.kind, Kind::ColdStart | Kind::Uneven | Kind::Bursts)),
            Way::Retrying => None,
        }?;
        let worth = all > 3.0 * rest(facts, class, at) || time > 0.5 * all;
        worth.then_some(finding)
    });
    let uneven = || facts.parts.values().find_map(|part| uneven_replicas(facts, part));
    told.or_else(uneven).map(|finding| Finding { role: Role::Cause, ..finding })
}

/// Whether so many calls go the same way that one of them would do.
fn many(facts: &Facts<'_>, class: &str, at: &str) -> bool {
    facts.visits.iter().any(|visit| visit.class == class && visit.to == at && visit.at_once == 1 && visit.times >= 3)
}

/// What slow requests take elsewhere [s].
fn rest(facts: &Facts<'_>, class: &str, at: &str) -> f64 {
    facts.slow.get(class).map_or(0.0, |slow| slow.components.iter().filter(|(name, _)| *name != at).map(|(_, spent)| sum(*spent)).sum())
}
