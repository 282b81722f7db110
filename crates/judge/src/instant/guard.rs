//! What callers do about slow and failed answers: whether that sleeps at this load, so that it can
//! be left out, or is awake, and nothing that depends on it can be told.

use super::part::Part;
use super::plan::Plans;
use super::solve::{Solution, Solver};
use super::words::Words;
use super::{Effect, Reason};

/// What happens to fewer calls than this is left out.
const RARE: f64 = 1e-3;

/// Says for each arrow with a policy what becomes of it, and which calls are no longer told.
pub(super) fn guards(solver: &mut Solver, solution: &Solution, skipped: &[bool], reasons: &mut Vec<Reason>) -> Vec<bool> {
    let (plans, parts) = (solver.plans, solver.parts);
    let mut found: Vec<Option<(Effect, &'static str)>> = vec![None; plans.links.len()];
    let mut awake = vec![false; plans.sites.len()];
    for (call, site) in plans.sites.iter().enumerate() {
        let Some(link) = site.link else { continue };
        let words = plans.links[link].1;
        if skipped[site.class] || !is_guarded(words) || solution.flow.visits[call] <= 0.0 {
            continue;
        }
        let Some((effect, why)) = guard(solver, solution, parts, plans, call, words) else { continue };
        awake[call] = effect == Effect::Untold;
        if found[link].is_none_or(|(known, _)| known == Effect::LeftOut) {
            found[link] = Some((effect, why));
        }
    }
    for (found, (name, _)) in found.iter().zip(&plans.links) {
        if let Some((effect, why)) = found {
            reasons.push(Reason { subject: name.clone(), why: (*why).into(), effect: *effect });
        }
    }
    awake
}

pub(super) fn is_guarded(words: Words) -> bool {
    const KEYS: [&str; 7] = ["timeout", "retry", "hedge", "tied", "bulkhead", "breaker", "throttle"];
    KEYS.iter().any(|key| words.has(key)) || words.share("loss").unwrap_or(0.0) > 0.0
}

fn guard(
    solver: &mut Solver,
    solution: &Solution,
    parts: &[Part],
    plans: &Plans,
    call: usize,
    words: Words,
) -> Option<(Effect, &'static str)> {
    let site = &plans.sites[call];
    let untold = |why| Some((Effect::Untold, why));
    let once = solution.flow.once(call);
    let attempts = words.table("retry").and_then(|retry| retry.count("attempts")).unwrap_or(1.0);
    if words.share("loss").unwrap_or(0.0) > 0.0 {
        return untold("some messages are lost for good");
    }
    if words.has("tied") {
        return untold("each request is sent to two replicas");
    }
    if attempts > 1.0 && once < 1.0 - RARE {
        let rejected = solution.stays[site.to].map_or(1.0, |stay| stay.rejected);
        if site.attempts < attempts || rejected > RARE || parts[site.to].failures <= 0.0 {
            return untold("failures are tried again, which adds the load that makes them");
        }
    }
    if words.table("breaker").is_some_and(|breaker| 1.0 - once > breaker.share("errors").unwrap_or(0.5) / 2.0) {
        return untold("its breaker may open");
    }
    if words.share("throttle").is_some_and(|k| k * once < 1.1) {
        return untold("the caller may throttle itself");
    }
    let time = solver.attempt(call, solution);
    for (key, why) in [
        ("timeout", "its time-out fires on more than 1 in 1,000 calls, and what is given up still costs"),
        ("hedge", "more than 1 in 1,000 calls are hedged, which adds load"),
    ] {
        let Some(limit) = words.time(key) else { continue };
        if time.and_then(|time| time.beyond(limit)).is_none_or(|beyond| beyond > RARE) {
            return untold(why);
        }
    }
    if let Some(limit) = words.limit("bulkhead") {
        let callers = parts[site.from].shape.replicas;
        let open = time.map_or(f64::INFINITY, |time| solution.rate[site.to] * time.mean / callers);
        // Of a Poisson number, fewer than 1 in 1,000 are five deviations above the mean.
        if open + 5.0 * open.sqrt() >= limit {
            return untold("its bulkhead refuses calls");
        }
    }
    let sleeps =
        ["timeout", "hedge", "bulkhead", "breaker", "throttle"].iter().any(|key| words.has(key)) || once < 1.0 && site.attempts < attempts;
    sleeps.then_some((Effect::LeftOut, "its time-outs, hedges and breakers act on fewer than 1 in 1,000 calls at this load"))
}
