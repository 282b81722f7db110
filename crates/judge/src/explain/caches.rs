//! Trouble behind a cache: too small for its keys, or asked by many at the moment an entry expires.

use design::{Keys, Spread};
use units::Dimension;

use super::course::Span;
use super::facts::{Facts, Part};
use super::{Finding, Kind, say};

/// Misses beyond those that one fetch per expiry would make, by which a stampede is known.
const TOO_MANY: f64 = 2.5;
/// So many keys of a zipf distribution are looked at one by one.
const MOST: u64 = 20_000;

/// What is asked when a cache has no answer.
pub(super) fn behind<'a>(facts: &Facts<'a>, cache: &str) -> Option<&'a str> {
    let by_miss = facts.visits.iter().find(|visit| visit.miss_of == Some(cache) && visit.to != cache);
    by_miss.map(|visit| visit.to).or_else(|| facts.callees(cache).first().copied())
}

/// The share of reads that it had.
fn hits(part: &Part<'_>) -> f64 {
    let reads = part.report.hits + part.report.misses;
    if reads == 0 { 1.0 } else { part.report.hits as f64 / reads as f64 }
}

/// Whether a component is overloaded because the cache before it finds too little.
pub(super) fn misses(facts: &Facts<'_>, part: &Part<'_>) -> Option<Finding> {
    if part.own < 0.85 {
        return None;
    }
    let cache = facts.visits.iter().filter(|visit| visit.to == part.name).find_map(|visit| facts.part(visit.miss_of?))?;
    let found = hits(cache);
    // With as good a cache as most are it would be well.
    let spare = part.offered * 0.1 / (1.0 - found).max(1e-9) < 0.8 * part.capacity();
    if found > 0.7 || !spare {
        return None;
    }
    let keys = facts.classes_at(cache.name).into_iter().find_map(|class| keys(facts, class)).and_then(|keys| keys.of);
    let holds = match (cache.report.resident, keys) {
        (held, Some(of)) if held > 0 => format!(" (it holds {} of {} keys)", say::count(held as f64), say::count(of.base() as f64)),
        _ => String::new(),
    };
    let sentence = format!(
        "{} finds only {} of what it is asked for{holds}, so {} gets {} and can do {}.",
        cache.name,
        say::share(found),
        part.name,
        say::rate(part.offered),
        say::rate(part.capacity())
    );
    let measures = [format!("{}.hits", cache.name), format!("{}.resident", cache.name), format!("{}.utilisation", part.name)];
    Some(say::cause(Kind::Misses, cache.name, sentence).shown(facts, &measures))
}

/// A cache that was empty when the run began, so that what stands behind it was overrun at first.
pub(super) fn began_empty(facts: &Facts<'_>) -> Option<Finding> {
    let (early, late) = (facts.lasts / 24, facts.lasts / 2);
    let first = |span: Span| span.to <= early;
    let last = |span: Span| span.from >= late;
    facts.parts.values().filter(|part| part.words.has("entries") || part.words.has("memory")).find_map(|cache| {
        let to = facts.part(behind(facts, cache.name)?)?;
        let ratio = |when: &dyn Fn(Span) -> bool| facts.arrived(to.number, when) / facts.arrived(cache.number, when).max(1e-9);
        let (then, now) = (ratio(&first), ratio(&last));
        if facts.busy(to.number, &first) < 0.9 || facts.busy(to.number, &last) > 0.8 || then < 0.2 || then < 1.7 * now {
            return None;
        }
        let sentence = format!(
            "{} was empty when the run began: in the first {} {} of what it was asked for were misses, more than {} could do, and {} in the \
             later half.",
            cache.name,
            say::at(early),
            say::share(then),
            to.name,
            say::share(now)
        );
        Some(say::cause(Kind::ColdCache, cache.name, sentence).shown(facts, &[format!("{}.hits", cache.name)]))
    })
}

/// Whether many fetch the same entry at once when it expires.
pub(super) fn stampede(facts: &Facts<'_>) -> Option<Finding> {
    facts.parts.values().filter(|part| matches!(part.kind, "cache" | "cdn")).find_map(|cache| herd(facts, cache))
}

fn herd(facts: &Facts<'_>, cache: &Part<'_>) -> Option<Finding> {
    let ttl = cache.words.time("ttl")?;
    // What expires but once in a run is no habit.
    if ttl * 1e9 > facts.lasts as f64 / 2.0 {
        return None;
    }
    if cache.words.flag("coalesce") || cache.words.has("stale") || cache.words.has("hits") || cache.report.misses == 0 {
        return None;
    }
    let to = facts.part(behind(facts, cache.name)?)?;
    // Of two shares of one load there are two sets of keys.
    let expected: f64 = facts
        .classes_at(cache.name)
        .into_iter()
        .map(|class| {
            let visits: f64 = facts
                .visits
                .iter()
                .filter(|visit| visit.class == class && visit.to == cache.name && !visit.writes)
                .map(|visit| visit.per_request)
                .sum();
            keys(facts, class).map_or(f64::INFINITY, |keys| expiries(&keys, facts.sent(class) * visits.min(1.0), ttl))
        })
        .sum::<f64>()
        * cache.replicas.max(1.0);
    let misses = cache.report.misses as f64 / facts.seconds;
    let crowd = misses / expected.max(1e-12);
    if !expected.is_finite() || crowd < TOO_MANY || to.time < 1.25 * to.service {
        return None;
    }
    let sentence = format!(
        "Whenever an entry of {} expires (ttl {}), about {} requests miss it at once and all fetch it from {}: {} misses instead of {} if \
         one fetched for all.",
        cache.name,
        say::time(ttl),
        say::count(crowd),
        to.name,
        say::rate(misses),
        say::rate(expected)
    );
    let finding = say::cause(Kind::Stampede, cache.name, sentence)
        .shown(facts, &[format!("{}.hits", cache.name), format!("{}.utilisation", to.name)]);
    Some(finding.with("misses per expiry", crowd, Dimension::NONE))
}

fn keys(facts: &Facts<'_>, class: &str) -> Option<Keys> {
    facts.class_words(class)?.word("keys").parse().ok()
}

/// Misses of a cache with room for all, if one request fetches for all [per second]: each key misses
/// once in its ttl and a gap.
fn expiries(keys: &Keys, rate: f64, ttl: f64) -> f64 {
    let of = keys.of.map_or(1e6, |of| of.base() as f64).max(1.0);
    let (hot, hot_keys) = keys.hot.as_ref().map_or((0.0, 1.0), |hot| (hot.share.as_f64(), hot.keys.base() as f64));
    let once = |count: f64, rate: f64| {
        let each = rate / count;
        if each > 0.0 { count * each / (1.0 + each * ttl) } else { 0.0 }
    };
    let rest = rate * (1.0 - hot);
    let cold = match &keys.spread {
        Spread::Fresh => rest,
        Spread::Uniform => once(of, rest),
        Spread::Zipf { exponent } => {
            let few = (of as u64).min(MOST);
            let weight = |k: u64| 1.0 / libm::pow(k as f64, exponent.as_f64());
            let sum: f64 = (1..=few).map(weight).sum();
            // The keys beyond are rare, and so miss each time.
            (1..=few).map(|k| once(1.0, rest * weight(k) / sum)).sum()
        }
    };
    cold + if hot > 0.0 { once(hot_keys, rate * hot) } else { 0.0 }
}
