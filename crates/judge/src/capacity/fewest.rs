//! The fewest replicas: each component is brought down as far as the requirements allow, the dearest
//! first, and again until none of them can give up another one. What is told was run as it is.

use design::{Document, Per, Setting, price_of};
use units::Count;

use super::Limits;
use super::level::{Level, level};
use crate::require::Requirements;
use crate::runs::{Counted, Desk, Stop};

/// How often everything is doubled where the design as it is does not meet its requirements.
const DOUBLED: u32 = 4;
const MOST: u64 = 10_000;

/// Replicas that are enough, and that are not more than enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Fewest {
    pub parts: Vec<Part>,
    /// Whether these replicas meet all requirements; false where not even many more did.
    pub meets: bool,
    /// What no number of replicas helps.
    pub missed: Option<String>,
    pub runs: usize,
    pub stopped: Option<Stop>,
}

/// A component whose replicas may vary.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub name: String,
    /// In the document.
    pub had: u64,
    pub needs: u64,
    /// The price of one [10^-9 USD per month], if it has one.
    pub price: Option<i64>,
}

pub(super) async fn find(document: &Document, requirements: &Requirements, limits: Limits, desk: Desk) -> Fewest {
    let mut parts = parts(document);
    // The dearest first: where one can stand in for another, the dearer one goes.
    sorted::sort_by(&mut parts, |a, b| b.price.cmp(&a.price).then_with(|| b.had.cmp(&a.had)));
    let mut search =
        Search { document, requirements, seed: limits.seed, runs: Counted::new(desk, limits.runs), parts, meets: false, missed: None };
    let stopped = search.all().await.err();
    Fewest { parts: search.parts, meets: search.meets, missed: search.missed, runs: search.runs.made, stopped }
}

fn parts(document: &Document) -> Vec<Part> {
    const KINDS: [&str; 8] = ["service", "gateway", "balancer", "cache", "search", "document", "columnar", "cdn"];
    let may_vary = |part: &&design::Component| KINDS.contains(&part.kind.as_str()) && !part.settings.contains_key("autoscale");
    let part = |name: &String, part: &design::Component| {
        let had = if let Some(Setting::Count(count)) = part.settings.get("replicas") { count.0 } else { 1 };
        let monthly = |price: design::Price| match price.per {
            Per::Hour => Some(price.amount.0.saturating_mul(730)),
            Per::Month => Some(price.amount.0),
            _ => None,
        };
        let price = price_of(document, name).filter(|price| price.source.is_some()).and_then(monthly);
        Part { name: name.clone(), had, needs: had, price }
    };
    document.components.iter().filter(|(_, component)| may_vary(component)).map(|(name, component)| part(name, component)).collect()
}

struct Search<'a> {
    document: &'a Document,
    requirements: &'a Requirements,
    seed: u64,
    runs: Counted,
    parts: Vec<Part>,
    meets: bool,
    missed: Option<String>,
}

impl Search<'_> {
    async fn all(&mut self) -> Result<(), Stop> {
        self.begin().await?;
        if !self.meets {
            return Ok(());
        }
        for at in 0..self.parts.len() {
            self.bring_down(at).await?;
        }
        // One that could not go before may be able to, now that others are where they end.
        let mut again = true;
        while again {
            again = false;
            for at in 0..self.parts.len() {
                while self.parts[at].needs > 1 && self.try_with(at, self.parts[at].needs - 1).await? {
                    again = true;
                }
            }
        }
        Ok(())
    }

    /// As it is, or doubled until it meets everything.
    async fn begin(&mut self) -> Result<(), Stop> {
        for doubled in 0..=DOUBLED {
            if doubled > 0 {
                self.parts.iter_mut().for_each(|part| part.needs = (part.needs * 2).min(MOST));
            }
            self.runs.trying(&format!("{} times the replicas", 1 << doubled));
            let counts: Vec<u64> = self.parts.iter().map(|part| part.needs).collect();
            match self.level(&counts).await? {
                Level::Meets => {
                    self.meets = true;
                    return Ok(());
                }
                Level::Misses { requirement, .. } => self.missed = Some(requirement),
                Level::Open => {}
            }
        }
        self.parts.iter_mut().for_each(|part| part.needs = part.had);
        Ok(())
    }

    /// The fewest that do, if more do where fewer do.
    async fn bring_down(&mut self, at: usize) -> Result<(), Stop> {
        let mut least = 1;
        while least < self.parts[at].needs {
            let middle = least + (self.parts[at].needs - least) / 2;
            if !self.try_with(at, middle).await? {
                least = middle + 1;
            }
        }
        Ok(())
    }

    async fn try_with(&mut self, at: usize, count: u64) -> Result<bool, Stop> {
        self.runs.trying(&format!("{} with {count} replicas", self.parts[at].name));
        let mut counts: Vec<u64> = self.parts.iter().map(|part| part.needs).collect();
        counts[at] = count;
        let meets = matches!(self.level(&counts).await?, Level::Meets);
        if meets {
            self.parts[at].needs = count;
        }
        Ok(meets)
    }

    async fn level(&mut self, counts: &[u64]) -> Result<Level, Stop> {
        let mut document = self.document.clone();
        for (part, count) in self.parts.iter().zip(counts) {
            if let Some(component) = document.components.get_mut(&part.name) {
                component.settings.insert("replicas".into(), Setting::Count(Count(*count)));
            }
        }
        level(&mut self.runs, self.requirements, &document, self.seed).await
    }
}
