//! The highest load: doubled or halved until it lies between two, then halved again and again. A load
//! at which the runs do not tell is left open, and both of its sides are drawn nearer.

use design::Document;
use units::Share;

use super::level::{Level, level};
use super::{Beyond, Highest, Limits};
use crate::breaks::{scale, symptom};
use crate::require::Requirements;
use crate::runs::{Counted, Desk, Stop};

/// The answer is close enough when its ends differ by so much.
const CLOSE: f64 = 1.02;
const MOST: f64 = 1_000.0;
const LEAST: f64 = 0.001;

pub(super) async fn find(document: &Document, requirements: &Requirements, limits: Limits, desk: Desk) -> Highest {
    let mut search =
        Search { document, requirements, seed: limits.seed, runs: Counted::new(desk, limits.runs), meets: None, open: None, misses: None };
    let stopped = search.all().await.err();
    Highest { meets: search.meets, misses: search.misses, runs: search.runs.made, stopped }
}

struct Search<'a> {
    document: &'a Document,
    requirements: &'a Requirements,
    seed: u64,
    runs: Counted,
    meets: Option<f64>,
    /// Loads in between at which nothing can be told.
    open: Option<(f64, f64)>,
    misses: Option<Beyond>,
}

impl Search<'_> {
    async fn all(&mut self) -> Result<(), Stop> {
        let mut factor = 1.0;
        self.look(factor).await?;
        while self.misses.is_none() && factor < MOST {
            factor = (factor * 2.0).min(MOST);
            self.look(factor).await?;
        }
        factor = 1.0;
        while self.meets.is_none() && factor > LEAST {
            factor /= 2.0;
            self.look(factor).await?;
        }
        while let Some(next) = self.next() {
            self.look(next).await?;
        }
        Ok(())
    }

    /// The middle of the wider gap, as long as one is wide enough.
    fn next(&self) -> Option<f64> {
        let (low, high) = (self.meets?, self.misses.as_ref()?.factor);
        let (from, to) = self.open.map_or((high, high), |open| open);
        let gaps = match self.open {
            None => vec![(low, high)],
            Some(_) => vec![(low, from), (to, high)],
        };
        let widest = gaps.into_iter().max_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)))?;
        let middle = short(libm::sqrt(widest.0 * widest.1));
        (widest.1 / widest.0 > CLOSE && middle > widest.0 && middle < widest.1).then_some(middle)
    }

    async fn look(&mut self, factor: f64) -> Result<(), Stop> {
        self.runs.trying(&format!("{factor} times the load"));
        let mut document = self.document.clone();
        scale(&mut document, Share(libm::round(factor * 1e9) as u64));
        match level(&mut self.runs, self.requirements, &document, self.seed).await? {
            Level::Meets => self.meets = Some(self.meets.map_or(factor, |meets| meets.max(factor))),
            Level::Misses { requirement, verdict, report } => {
                if self.misses.as_ref().is_none_or(|beyond| factor < beyond.factor) {
                    let component = self
                        .requirements
                        .get(&requirement)
                        .and_then(|required| symptom(required, &report))
                        .map(|symptom| symptom.component);
                    self.misses = Some(Beyond { factor, requirement, verdict, component });
                }
            }
            Level::Open => self.open = Some(self.open.map_or((factor, factor), |(from, to)| (from.min(factor), to.max(factor)))),
        }
        // What is open lies between what is known.
        if let Some((from, to)) = self.open {
            let from = self.meets.map_or(from, |meets| from.max(meets));
            let to = self.misses.as_ref().map_or(to, |beyond| to.min(beyond.factor));
            self.open = (from <= to).then_some((from, to));
        }
        Ok(())
    }
}

/// Three digits are more than the answer is worth.
fn short(value: f64) -> f64 {
    let size = libm::pow(10.0, libm::floor(libm::log10(value)) - 3.0);
    libm::round(value / size) * size
}
