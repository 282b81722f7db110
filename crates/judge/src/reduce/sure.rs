//! Whether as much was run as it takes to be sure of the percentiles. Close to its limit a replica
//! forgets so slowly how long its queue was that a whole run shows only a few queues, and a few
//! replicas then tell less than all of them. How much less is estimated from the run itself.

use design::Document;
use sim::{Point, Report};

use crate::explain::facts::{Facts, Part};

/// How far the slow requests may be off by chance alone, as a share: two of these are 5 %.
const CHANCE: f64 = 0.025;
/// The estimate takes queues for independent and forgets what only the slowest see, so it has to be
/// so many times better to be believed.
const MARGIN: f64 = 8.0;
/// So many parts are compared where one alone is not sure.
pub const PARTS: usize = 3;

/// Whether one run of a part is enough; `document` and `report` are those of the part.
pub(super) fn is_sure<'a>(document: &Document, report: &Report, mut alike: impl Iterator<Item = &'a String>) -> bool {
    let facts = Facts::new(document, report);
    alike.all(|name| {
        let looks = facts.part(name).and_then(|part| looks(&facts, part));
        looks.is_none_or(|looks| share_of_waiting(report, name) / libm::sqrt(looks) < CHANCE / MARGIN)
    })
}

/// Whether runs of the part with different seeds tell the same of p50 and p99, or why not.
pub fn agree(told: &[Report]) -> Result<(), String> {
    let Some(first) = told.first() else { return Ok(()) };
    for class in first.classes.keys() {
        for percentile in ["p50", "p99"] {
            let values: Vec<f64> = told.iter().filter_map(|report| report.measure(&format!("{class}.{percentile}"))?.value()).collect();
            let error = standard_error(&values);
            if error > CHANCE {
                return Err(format!(
                    "The {percentile} of {class} differs too much from part to part (standard error {} of {} parts): so close to a limit, queues change so slowly that a part sees only a few of them.",
                    units::Quantity::plain(error).percent(),
                    values.len()
                ));
            }
        }
    }
    Ok(())
}

/// Of the mean, as a share of it.
fn standard_error(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| square(value - mean)).sum();
    if count > 1.0 && mean > 0.0 { libm::sqrt(squares / (count - 1.0) / count) / mean } else { 0.0 }
}

/// Of the time of the slow requests of the class that waits most there.
fn share_of_waiting(report: &Report, name: &str) -> f64 {
    let of = |class: &String| {
        let slow = report.slow(class)?;
        let waiting = slow.components.get(name)?.waiting as f64;
        Some(waiting / slow.mean.max(1) as f64)
    };
    report.classes.keys().filter_map(of).fold(0.0, f64::max)
}

/// About how many independent queues were seen.
///
/// A queue is forgotten after about s / (c (1 - sqrt(rho))^2), the relaxation time of M/M/c (Cohen,
/// *The Single Server Queue*, II.2.1). Where more comes than can be served queues grow alike, and
/// differ only by what chance adds to so many arrivals and services.
fn looks(facts: &Facts<'_>, part: &Part<'_>) -> Option<f64> {
    let replicas = part.replicas.max(1.0);
    let workers = part.workers / replicas;
    if !workers.is_finite() || part.service <= 0.0 {
        return None;
    }
    let waits = Waits::of(facts.points, part.number)?;
    let forgets = part.taken() / (workers * square(1.0 - libm::sqrt(waits.utilisation.min(1.0)))).max(1e-9);
    let throughput = workers / part.taken();
    let unlike = (2.0 * throughput * waits.seconds / square(waits.queue / replicas)).min(1.0);
    Some(replicas * (waits.seconds / forgets).max(1.0) / unlike)
}

/// When there was waiting, weighted by how much: for how long in all, how busy it was, and how
/// many waited.
struct Waits {
    seconds: f64,
    utilisation: f64,
    queue: f64,
}

impl Waits {
    fn of(points: &[Point], part: usize) -> Option<Self> {
        let (mut all, mut squares, mut busy, mut queue, mut before) = (0.0, 0.0, 0.0, 0.0, 0);
        for point in points {
            let length = (point.at - before) as f64 / 1e9;
            before = point.at;
            let of = &point.components[part];
            let waiting = of.waiting_e3 as f64 / 1e3;
            all += waiting * length;
            squares += waiting * waiting * length;
            busy += waiting * length * of.utilisation_e9? as f64 / 1e9;
            queue += waiting * waiting * length;
        }
        (all > 0.0).then(|| Self { seconds: all * all / squares, utilisation: busy / all, queue: queue / all })
    }
}

fn square(value: f64) -> f64 {
    value * value
}
