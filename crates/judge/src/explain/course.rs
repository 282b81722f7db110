//! How it went over time: what became of requests in some of the points of the series, and by how
//! much one such time was worse than another.

use super::facts::Facts;

/// Times of the run [ns].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: u64,
    pub(super) to: u64,
}

/// What became of the requests of one class in some points.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Phase {
    /// [s]
    pub(super) seconds: f64,
    pub(super) sent: f64,
    pub(super) answered: f64,
    pub(super) good: f64,
    pub(super) failed: f64,
    pub(super) retries: f64,
    /// Of the answered ones [s].
    pub(super) mean: f64,
    /// The mean of the p99 of the points, by how many were answered [s].
    pub(super) p99: f64,
}

impl Phase {
    pub(super) fn done(&self) -> f64 {
        self.answered + self.failed
    }

    /// Of those that ended, the share that failed or came too late.
    pub(super) fn bad(&self) -> f64 {
        if self.done() > 0.0 { 1.0 - self.good / self.done() } else { 0.0 }
    }

    /// The share of what was sent that did not end in the same time.
    fn stuck(&self) -> f64 {
        if self.sent > 0.0 { ((self.sent - self.done()) / self.sent).max(0.0) } else { 0.0 }
    }

    /// Tries per request that ended.
    pub(super) fn attempts(&self) -> f64 {
        if self.done() > 0.0 { 1.0 + self.retries / self.done() } else { 1.0 }
    }

    pub(super) fn rate(&self) -> f64 {
        if self.seconds > 0.0 { self.sent / self.seconds } else { 0.0 }
    }
}

/// How much worse one time was than another: 0 is not at all, 1 is that all fails or takes five
/// times as long.
pub(super) fn harm(before: &Phase, during: &Phase) -> f64 {
    if during.sent + during.done() < 1.0 {
        return 0.0;
    }
    let times = |of: fn(&Phase) -> f64| if of(before) > 0.0 && of(during) > 0.0 { of(during) / of(before) - 1.0 } else { 0.0 };
    let more = (during.bad() - before.bad()).max(0.0);
    // What fails although next to nothing failed before is no chance, few as it may be.
    let failing = more * 1.5 + if more > 0.01 && during.bad() > 4.0 * before.bad() { 0.1 } else { 0.0 };
    let stuck = (during.stuck() - before.stuck()).max(0.0);
    let slower = (times(|phase| phase.mean) / 4.0).clamp(0.0, 1.0);
    let tail = (times(|phase| phase.p99) / 8.0).clamp(0.0, 0.8);
    failing + stuck + slower.max(tail)
}

impl Facts<'_> {
    /// When each point began and ended [ns].
    pub(super) fn span(&self, point: usize) -> Span {
        Span { from: if point == 0 { 0 } else { self.points[point - 1].at }, to: self.points[point].at }
    }

    /// A class in the points for which this is so.
    pub(super) fn phase(&self, class: usize, is_meant: &dyn Fn(Span) -> bool) -> Phase {
        let mut phase = Phase::default();
        let (mut mean, mut p99, mut weight) = (0.0, 0.0, 0.0);
        for (number, point) in self.points.iter().enumerate() {
            let span = self.span(number);
            if !is_meant(span) {
                continue;
            }
            let of = &point.classes[class];
            phase.seconds += (span.to - span.from) as f64 / 1e9;
            phase.sent += of.sent as f64;
            phase.answered += of.answered as f64;
            phase.good += of.good as f64;
            phase.failed += of.failed as f64;
            phase.retries += of.retries as f64;
            if let (Some(here), Some(slow)) = (of.mean, of.p99) {
                mean += here as f64 / 1e9 * of.answered as f64;
                p99 += slow as f64 / 1e9 * of.answered as f64;
                weight += of.answered as f64;
            }
        }
        if weight > 0.0 {
            (phase.mean, phase.p99) = (mean / weight, p99 / weight);
        }
        phase
    }

    /// Calls that came to a component in some points [per second].
    pub(super) fn arrived(&self, part: usize, is_meant: &dyn Fn(Span) -> bool) -> f64 {
        let (mut calls, mut seconds) = (0.0, 0.0);
        for (number, point) in self.points.iter().enumerate() {
            let span = self.span(number);
            if is_meant(span) {
                calls += point.components[part].arrived as f64;
                seconds += (span.to - span.from) as f64 / 1e9;
            }
        }
        if seconds > 0.0 { calls / seconds } else { 0.0 }
    }

    /// The mean share of its workers that were taken in some points.
    pub(super) fn busy(&self, part: usize, is_meant: &dyn Fn(Span) -> bool) -> f64 {
        let (mut busy, mut seconds) = (0.0, 0.0);
        for (number, point) in self.points.iter().enumerate() {
            let span = self.span(number);
            if let Some(share) = point.components[part].utilisation_e9.filter(|_| is_meant(span)) {
                let length = (span.to - span.from) as f64 / 1e9;
                busy += share as f64 / 1e9 * length;
                seconds += length;
            }
        }
        if seconds > 0.0 { busy / seconds } else { 0.0 }
    }

    /// The greatest of such a mean over a sixteenth of the time, with the calls that came then
    /// [per second].
    pub(super) fn peak(&self, part: usize) -> (f64, f64) {
        let long = (self.lasts / 16).max(1);
        let mut greatest = (0.0, 0.0);
        for first in 0..16 {
            let inside = |span: Span| span.from >= first * long && span.to <= (first + 1) * long;
            let busy = self.busy(part, &inside);
            let arrived = self.arrived(part, &inside);
            if busy > greatest.0 + 0.02 || (busy > greatest.0 - 0.02 && arrived > greatest.1) {
                greatest = (busy.max(greatest.0), arrived);
            }
        }
        greatest
    }
}
