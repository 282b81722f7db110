//! Service times from what was measured at one level, with nothing known but when requests were
//! sent and answered.
//!
//! Who finds the server idle takes the way there and back, and its service; while somebody waits,
//! one service follows the other, so the time between two answers is a service without the way.
//! The difference of the two is the way, and the first, less the way, gives how the services
//! differ. Requests that waited are not used for that: a server that answers several at once tells
//! nothing of each, only of all of them together. Kinds of requests are kept apart, or a fit at one
//! level would rest on which kinds chance sent there.

use std::collections::BTreeMap;

use crate::level::quantile;
use crate::load::Asked;

/// Services and way of one server.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Fit {
    /// Each request that found the server idle, its way taken off, sorted [ns].
    pub(crate) services: Vec<u64>,
    /// The way there and back, with waking the server and noticing the answer [ns].
    pub(crate) way: f64,
    /// The mean service of each kind [ns].
    pub(crate) kinds: BTreeMap<u32, f64>,
    /// The share of each kind.
    shares: BTreeMap<u32, f64>,
    limits: Limits,
}

/// What is known of a server beside its answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Known {
    /// What it can do at most, per second.
    pub(crate) capacity: f64,
    /// Whether it answers all that waited together when it is done with the last of them.
    pub(crate) at_once: bool,
}

/// What tells one answer from the next.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Limits {
    /// Whoever was sent so long before an answer came had reached the server when it was done with
    /// that [ns].
    there: u64,
    /// Answers that are closer were given together [ns].
    close: u64,
}

/// Fewer requests that followed another one say little about their mean.
const FOLLOWED_MIN: usize = 100;
/// As a share of a mean service at capacity, which is the shortest there is: how close answers are
/// that were given together (services of one kind that differ so much that some are shorter would
/// be fitted too long), and what is surely service of the time of who finds nobody.
const CLOSE: f64 = 0.15;
const SURELY: f64 = 0.7;

/// How often each kind is asked for.
pub(crate) fn shares(kinds: impl Iterator<Item = u32>) -> BTreeMap<u32, f64> {
    let mut counts = BTreeMap::new();
    kinds.for_each(|kind| *counts.entry(kind).or_default() += 1.0);
    let all: f64 = counts.values().sum();
    counts.into_iter().map(|(kind, count)| (kind, count / all)).collect()
}

impl Fit {
    pub(crate) fn of(rounds: &[Vec<Asked>], shares: &BTreeMap<u32, f64>, known: Known) -> Result<Self, String> {
        let alone: Vec<Took> = rounds.iter().flat_map(|round| alone(round)).collect();
        let mut times: Vec<u64> = alone.iter().map(|&(_, time)| time).collect();
        times.sort_unstable();
        let Some(fastest) = quantile(&times, 0.01) else { return Err("no request found the server idle".into()) };
        let limits = Limits::of(mean(&times), fastest, known);
        let idle = by_kind(&alone);
        let spans = spans(rounds, limits);
        // So long they took, and so long they would have taken had each of them been alone.
        let Sum { count, took, would } = Sum::of(&spans, &idle);
        if count < FOLLOWED_MIN {
            return Err(format!("only {count} requests followed another one without a pause, and {FOLLOWED_MIN} are needed"));
        }
        // The way is not longer than what the fastest took in all.
        let way = ((would - took) / count as f64).clamp(0.0, fastest);
        let kinds = idle.into_iter().map(|(kind, mean)| (kind, (mean - way).max(0.0))).collect();
        let services = times.iter().map(|time| time.saturating_sub(way as u64)).collect();
        let mut fit = Self { services, way, kinds, shares: shares.clone(), limits };
        // What the way does not explain makes all services shorter: they were slower from a
        // standing start.
        fit = fit.times(took / Sum::of(&spans, &fit.kinds).would);
        // The kinds by their shares, not as chance sent them.
        let (by_shares, as_sent) = (weighted(&fit.kinds, shares), fit.mean());
        fit.services.iter_mut().for_each(|time| *time = (*time as f64 * by_shares / as_sent).round() as u64);
        Ok(fit)
    }

    /// The mean service at another level, where somebody waited [ns], and the share of those who
    /// were inside when another one was answered that were answered less than half a service of
    /// their kind later.
    pub(crate) fn elsewhere(&self, rounds: &[Vec<Asked>]) -> Option<(f64, f64)> {
        let Sum { count, took, would } = Sum::of(&spans(rounds, self.limits), &self.kinds);
        let next: Vec<Took> = rounds.iter().flat_map(|round| next(round)).collect();
        let is_soon = |&&(kind, gap): &&Took| self.kinds.get(&kind).is_some_and(|mean| (gap as f64) < mean / 2.0);
        let soon = next.iter().filter(is_soon).count() as f64 / next.len().max(1) as f64;
        (count >= FOLLOWED_MIN).then(|| (self.mean() * took / would, soon))
    }

    /// The same with services that take so many times as long.
    pub(crate) fn times(&self, factor: f64) -> Self {
        let services = self.services.iter().map(|&time| (time as f64 * factor).round() as u64).collect();
        Self { services, kinds: self.kinds.iter().map(|(&kind, mean)| (kind, mean * factor)).collect(), ..self.clone() }
    }

    /// The kind at this share of all requests, from 0 up to 1.
    pub(crate) fn any_kind(&self, share: f64) -> u32 {
        let mut left = share;
        let found = self.shares.iter().find(|(_, own)| {
            left -= *own;
            left < 0.0
        });
        found.or(self.shares.last_key_value()).map_or(0, |(kind, _)| *kind)
    }

    /// [ns]
    pub(crate) fn mean(&self) -> f64 {
        mean(&self.services)
    }

    pub(crate) fn scv(&self) -> f64 {
        crate::schedule::scv(self.services.iter().map(|&time| time as f64))
    }
}

impl Limits {
    /// From the mean time and the shortest of those that found nobody [ns].
    fn of(mean: f64, fastest: f64, known: Known) -> Self {
        let service = 1e9 / known.capacity;
        let there = (mean - SURELY * service).clamp(fastest / 2.0, fastest);
        Self { there: there as u64, close: if known.at_once { (CLOSE * service) as u64 } else { 0 } }
    }
}

/// A length of time of a request of this kind [ns].
type Took = (u32, u64);

/// The mean of each kind.
fn by_kind(took: &[Took]) -> BTreeMap<u32, f64> {
    let mut sums = BTreeMap::new();
    for &(kind, time) in took {
        let (sum, count): &mut (f64, f64) = sums.entry(kind).or_default();
        *sum += time as f64;
        *count += 1.0;
    }
    sums.into_iter().map(|(kind, (sum, count))| (kind, sum / count)).collect()
}

/// The mean of all, each kind by its share; kinds that were not seen are left out.
fn weighted(means: &BTreeMap<u32, f64>, shares: &BTreeMap<u32, f64>) -> f64 {
    let both = || means.iter().filter_map(|(kind, mean)| Some((mean, shares.get(kind)?)));
    both().map(|(mean, share)| mean * share).sum::<f64>() / both().map(|(_, share)| share).sum::<f64>()
}

/// Latencies, from the actual sending, of those that were alone when they were sent [ns].
pub(crate) fn alone(round: &[Asked]) -> Vec<Took> {
    let mut busy_until = 0;
    let mut alone = Vec::new();
    // In the order of sending.
    for one in round {
        if one.sent > busy_until {
            alone.push((one.kind, one.answered - one.sent));
        }
        busy_until = busy_until.max(one.answered);
    }
    alone
}

/// Requests that were answered together, all of which had been waiting when those before them were
/// answered, and how long after these.
struct Span {
    kinds: Vec<u32>,
    /// [ns]
    took: u64,
}

fn spans(rounds: &[Vec<Asked>], limits: Limits) -> Vec<Span> {
    let mut spans = Vec::new();
    for round in rounds {
        let answers = in_order(round);
        let mut before = None;
        for together in answers.chunk_by(|one, next| next.answered - one.answered <= limits.close) {
            let end = together.last().map_or(0, |last| last.answered);
            if let Some(before) = before.replace(end)
                && together.iter().all(|one| one.sent + limits.there <= before)
            {
                spans.push(Span { kinds: together.iter().map(|one| one.kind).collect(), took: end - before });
            }
        }
    }
    spans
}

/// Of those that were inside when another one was answered: how long after it they were [ns].
fn next(round: &[Asked]) -> Vec<Took> {
    let answers = in_order(round);
    let inside = answers.windows(2).filter(|pair| pair[1].sent < pair[0].answered);
    inside.map(|pair| (pair[1].kind, pair[1].answered - pair[0].answered)).collect()
}

fn in_order(round: &[Asked]) -> Vec<Asked> {
    let mut answers = round.to_vec();
    answers.sort_by_key(|one| one.answered);
    answers
}

/// How many requests of kinds that are known, how long they took, and how long they would have
/// taken had each been as the others of its kind [ns].
struct Sum {
    count: usize,
    took: f64,
    would: f64,
}

impl Sum {
    fn of(spans: &[Span], kinds: &BTreeMap<u32, f64>) -> Self {
        let mut sum = Self { count: 0, took: 0.0, would: 0.0 };
        for span in spans {
            if let Some(means) = span.kinds.iter().map(|kind| kinds.get(kind)).collect::<Option<Vec<_>>>() {
                sum.count += means.len();
                sum.took += span.took as f64;
                sum.would += means.into_iter().sum::<f64>();
            }
        }
        sum
    }
}

pub(crate) fn mean(values: &[u64]) -> f64 {
    values.iter().sum::<u64>() as f64 / values.len().max(1) as f64
}

/// Where a distribution is told [share].
const SHARES: [f64; 29] = [
    0.0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97,
    0.98, 0.99, 0.995, 0.999, 1.0,
];

/// "quantiles 0 % 31.2 us, 1 % 33 us, ...": as a design document says it, linear between the
/// points. The last point is not the greatest value but the one that gives the slowest thousandth
/// its own mean: one stall of the machine must not become a thousandth of all requests.
pub(crate) fn quantiles(sorted: &[u64]) -> String {
    let mut points: Vec<f64> = SHARES.iter().map(|&share| between(sorted, share)).collect();
    let slowest = &sorted[(sorted.len() * 999 / 1000).min(sorted.len().saturating_sub(1))..];
    let [.., before, last] = &mut points[..] else { return String::new() };
    *last = (2.0 * mean(slowest) - *before).max(*before);
    // A sample is not linear between its quantiles; all of them moved a little give back its mean.
    let factor = mean(sorted) / mean_of(&points);
    let points: Vec<String> =
        SHARES.iter().zip(&points).map(|(share, point)| format!("{} % {}", percent(*share), micros(point * factor))).collect();
    format!("quantiles {}", points.join(", "))
}

/// The value at a share of sorted ones, linear between two neighbours.
fn between(sorted: &[u64], share: f64) -> f64 {
    let place = share * sorted.len().saturating_sub(1) as f64;
    let at = |place: f64| sorted.get(place as usize).map_or(0.0, |&value| value as f64);
    let (low, high) = (at(place.floor()), at(place.ceil()));
    low + (high - low) * place.fract()
}

fn mean_of(points: &[f64]) -> f64 {
    let steps = SHARES.windows(2).zip(points.windows(2));
    steps.map(|(shares, points)| (shares[1] - shares[0]) * (points[0] + points[1]) / 2.0).sum()
}

fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// "31.25 us", exact to ten nanoseconds.
pub(crate) fn micros(ns: f64) -> String {
    format!("{:.2} us", ns / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ideal::Worker;
    use crate::schedule::{Choice, Luck, poisson};

    /// One kind, and nothing else.
    fn one_kind() -> BTreeMap<u32, f64> {
        shares([0].into_iter())
    }

    /// What an ideal server does in twenty seconds.
    fn served(seed: u64, rate: f64, way: u64, service: impl Fn(&mut Luck) -> u64, at_once: bool) -> Vec<Asked> {
        let mut luck = Luck::new(seed + 100);
        let schedule = poisson(seed, rate, 20.0, |_| Choice::plain(0));
        Worker { way, at_once }.serve(&schedule.at, |_| service(&mut luck))
    }

    fn exponential(mean: f64) -> impl Fn(&mut Luck) -> u64 {
        move |luck| (-(1.0 - luck.unit()).ln() * mean) as u64
    }

    fn found_again(way: u64, mean: f64, scv: f64, at_once: bool, service: impl Fn(&mut Luck) -> u64) {
        let rate = 0.3e9 / mean;
        let rounds = [1, 2].map(|seed| served(seed, rate, way, &service, at_once));
        let fit = Fit::of(&rounds, &one_kind(), Known { capacity: 1e9 / mean, at_once }).unwrap();
        let off = fit.mean() / mean - 1.0;
        assert!(off.abs() < 0.04, "way {way}, at once {at_once}: mean off by {off}, way {}", fit.way);
        assert!((fit.way - way as f64).abs() < 0.04 * mean + 1.0, "way {way}: {}", fit.way);
        assert!((fit.scv() - scv).abs() < 0.15, "scv {}", fit.scv());
    }

    #[test]
    fn a_known_server_is_found_again() {
        for (way, mean) in [(60_000, 500_000.0), (0, 500_000.0), (200_000, 300_000.0)] {
            found_again(way, mean, 1.0, false, exponential(mean));
            found_again(way, mean, 0.03, true, |luck| (mean * (0.7 + 0.6 * luck.unit())) as u64);
        }
    }

    #[test]
    fn a_constant_service_is_found_exactly_also_where_answers_come_together() {
        for at_once in [false, true] {
            let fit =
                Fit::of(&[served(1, 300.0, 80_000, |_| 1_000_000, at_once)], &one_kind(), Known { capacity: 1_050.0, at_once }).unwrap();
            assert_eq!((fit.mean(), fit.way, fit.scv()), (1_000_000.0, 80_000.0, 0.0), "at once {at_once}");
        }
    }

    #[test]
    fn which_kinds_chance_sent_does_not_move_the_mean() {
        // Sixteen sizes, of which chance sends the largest far too often.
        let sizes: Vec<u64> = (1..=16).map(|size| size * 50_000).collect();
        let schedule = poisson(4, 700.0, 20.0, |luck| Choice::plain(luck.below(20).min(15)));
        for at_once in [false, true] {
            let mut asked = Worker { way: 40_000, at_once }.serve(&schedule.at, |number| sizes[schedule.which[number].kind as usize]);
            asked.iter_mut().zip(&schedule.which).for_each(|(one, choice)| one.kind = choice.kind);
            let fit = Fit::of(&[asked], &shares(0..16), Known { capacity: 2_300.0, at_once }).unwrap();
            assert!((fit.mean() / 425_000.0 - 1.0).abs() < 1e-4 && (fit.way - 40_000.0).abs() < 1.0, "{} {}", fit.mean(), fit.way);
        }
    }

    #[test]
    fn another_level_shows_other_services_and_answers_that_come_together() {
        let fit = Fit::of(&[served(1, 600.0, 50_000, |_| 500_000, true)], &one_kind(), Known { capacity: 2_000.0, at_once: true }).unwrap();
        let rounds = |at_once| [served(1, 1600.0, 50_000, |_| 450_000, at_once)];
        let [(mean, alone), (same, together)] = [false, true].map(|at_once| fit.elsewhere(&rounds(at_once)).unwrap());
        assert!((mean - 450_000.0).abs() < 1.0 && (same - 450_000.0).abs() < 1.0, "{mean} {same}");
        assert!(alone == 0.0 && together > 0.3, "{alone} {together}");
    }

    #[test]
    fn too_little_is_said_to_be_too_little() {
        let lonely = served(1, 1.0, 0, |_| 1_000_000, false);
        assert!(
            Fit::of(&[lonely], &one_kind(), Known { capacity: 1_000.0, at_once: false })
                .unwrap_err()
                .starts_with("only 0 requests followed")
        );
        assert_eq!(Fit::of(&[], &one_kind(), Known { capacity: 1_000.0, at_once: false }).unwrap_err(), "no request found the server idle");
    }

    #[test]
    fn known_quantiles_come_out_as_they_went_in() {
        let uniform: Vec<u64> = (0..=100_000).collect();
        expect_test::expect![[r#"
            quantiles 0 % 0.00 us, 1 % 1.00 us, 3 % 3.00 us, 6 % 6.00 us, 10 % 10.00 us, 15 % 15.00 us, 20 % 20.00 us, 25 % 25.00 us, 30 % 30.00 us, 35 % 35.00 us, 40 % 40.00 us, 45 % 45.00 us, 50 % 50.00 us, 55 % 55.00 us, 60 % 60.00 us, 65 % 65.00 us, 70 % 70.00 us, 75 % 75.00 us, 80 % 80.00 us, 85 % 85.00 us, 90 % 90.00 us, 93 % 93.00 us, 95 % 95.00 us, 97 % 97.00 us, 98 % 98.00 us, 99 % 99.00 us, 99.5 % 99.50 us, 99.9 % 99.90 us, 100 % 100.00 us
        "#]].assert_eq(&(quantiles(&uniform) + "\n"));
    }

    #[test]
    fn one_stall_keeps_its_weight() {
        let mut times = vec![500_000; 9_999];
        times.push(50_000_000);
        let text = quantiles(&times);
        let points: Vec<f64> =
            text.split(" % ").skip(1).map(|rest| rest.split(' ').next().unwrap().parse::<f64>().unwrap() * 1000.0).collect();
        assert!((mean_of(&points) / mean(&times) - 1.0).abs() < 1e-4, "{text}");
        assert!(points[points.len() - 1] < 20_000_000.0, "{text}");
    }
}
