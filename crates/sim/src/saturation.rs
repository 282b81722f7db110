//! Which component reached its limit first, read off the time series. Which was the busiest of all
//! that was measured is another question, and answered by [`Report::bottleneck`]: callers that hold
//! their workers while they wait are often busier in the end than the one they wait for.

use crate::report::{ComponentReport, Report};
use crate::series::ComponentPoint;

/// From this utilisation of a point on a component is at its limit [10^-9].
const SATURATED: u64 = 950_000_000;
/// For so many points in a row at least.
const POINTS: usize = 2;
/// And for as long as all its workers need for so many calls, and one of them for a tenth of those:
/// components that are half busy are at their limit for shorter times again and again. One worker
/// at 70 % with exponential times is busy for so long in about one busy period of a million.
const CALLS: f64 = 200.0;
const CALLS_OF_ONE: f64 = CALLS / 10.0;
/// Where a run is too short for that, for this part of it.
const PART: f64 = 0.5;

/// A time during which a component was at its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saturation<'a> {
    pub component: &'a str,
    /// When it began; known to one point of the series [ns].
    pub from: u64,
    /// When it ended, or the last moment at which requests were sent [ns].
    pub to: u64,
}

/// A saturation, with what decides between several that began in the same point.
struct Onset<'a> {
    saturation: Saturation<'a>,
    report: &'a ComponentReport,
    /// Its utilisation in the first point [10^-9].
    utilisation: u64,
}

impl Report {
    /// The component that reached its limit first; see [`Report::saturations`].
    pub fn first_saturated(&self) -> Option<&str> {
        self.saturations().first().map(|first| first.component)
    }

    /// When each component was first at its limit, in the order in which they were; of the first
    /// run where several are pooled.
    ///
    /// At its limit is who has 95 % or more of its workers busy or of its queue taken, as a mean
    /// over a point of the series, for two points at least and too long to be chance: as long as
    /// 200 calls take it. Warm-up counts, what comes after the last request does not. Replicas are
    /// taken together: one of them that is hot does not saturate its component. Of several that
    /// begin in the same point those come first that hold no worker for another of them, then the
    /// busiest.
    pub fn saturations(&self) -> Vec<Saturation<'_>> {
        let onsets: Vec<Onset<'_>> = self.components.iter().filter_map(|(name, report)| self.onset(name, report)).collect();
        let mut order: Vec<(u64, bool, u64, usize)> = Vec::new();
        for (at, onset) in onsets.iter().enumerate() {
            // What is equal stays in the order of its name.
            let key = (onset.saturation.from, self.waits_for_one_of(onset, &onsets), u64::MAX - onset.utilisation, at);
            order.insert(order.partition_point(|other| *other < key), key);
        }
        order.into_iter().map(|(.., at)| onsets[at].saturation).collect()
    }

    fn onset<'a>(&'a self, name: &'a str, report: &'a ComponentReport) -> Option<Onset<'a>> {
        let number = self.component_names.iter().position(|known| known == name)?;
        let points = self.sending();
        let least = self.least(report, points.last()?.at);
        let begins = |at: usize| if at == 0 { 0 } else { points[at - 1].at };
        let mut first = None;
        for (at, point) in points.iter().enumerate() {
            if !is_saturated(&point.components[number]) {
                first = None;
                continue;
            }
            let first = *first.get_or_insert(at);
            if at + 1 - first >= POINTS && (point.at - begins(first)) as f64 >= least {
                let on = points[first..].iter().take_while(|point| is_saturated(&point.components[number]));
                let saturation = Saturation { component: name, from: begins(first), to: on.last().map_or(point.at, |last| last.at) };
                let utilisation = points[first].components[number].utilisation_e9.unwrap_or(0);
                return Some(Onset { saturation, report, utilisation });
            }
        }
        None
    }

    /// How long it must last to be no chance, in a run of such a length [ns].
    fn least(&self, report: &ComponentReport, run: u64) -> f64 {
        let each = report.area_busy as f64 / report.begun.max(1) as f64;
        let replicas = report.area_replicas as f64 / self.measured.max(1) as f64;
        let workers = (f64::from(report.workers.unwrap_or(1)) * replicas).max(1.0);
        (each * (CALLS / workers).max(CALLS_OF_ONE)).min(run as f64 * PART)
    }

    /// Whether it keeps workers for calls to another whose limit was reached in the same point.
    fn waits_for_one_of(&self, one: &Onset<'_>, all: &[Onset<'_>]) -> bool {
        // A worker is held for longer than it serves only if it waits for somebody.
        let holds = one.report.area_busy > one.report.served + one.report.served / 20;
        let name = one.saturation.component;
        let same = |other: &&Onset<'_>| other.saturation.from == one.saturation.from && other.saturation.component != name;
        holds && all.iter().filter(same).any(|other| self.links.contains_key(&format!("{name} -> {}", other.saturation.component)))
    }
}

fn is_saturated(point: &ComponentPoint) -> bool {
    point.is_full || point.utilisation_e9 >= Some(SATURATED)
}
