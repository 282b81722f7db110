//! A smaller design that tells the same as a large one: of replicas, shards and partitions that
//! are alike only some are run, with their share of the requests. A pool is never cut into smaller
//! ones: it gets all that comes, from those that are run and from a random stream that stands for
//! the rest. What cannot be told so is run as it is, and why is said.
//!
//! What each component allows is in `role`, which part of a design is run in `part`, and the
//! smaller document is made in `rewrite`. Whether enough was run is judged in `sure`.

mod part;
mod rewrite;
mod role;
mod sure;

use sorted::{BTreeMap, BTreeSet};

use design::Resolved;
use sim::{Report, Sampled};

use part::Part;
use role::Roles;
pub use sure::{PARTS, agree};

/// The smaller design, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Reduction {
    Smaller(Box<Smaller>),
    /// Sentences.
    Exact(Vec<String>),
}

/// A design of which one in so many replicas is run.
#[derive(Debug, Clone, PartialEq)]
pub struct Smaller {
    pub document: Resolved,
    /// What is run of what is alike, and what is run whole: sentences.
    pub told: Vec<String>,
    sampled: Sampled,
    /// By the link of the stand-ins: the links of those for whom they stand.
    borders: BTreeMap<String, BTreeSet<String>>,
    /// What requests pass on their way there.
    above: BTreeSet<String>,
}

/// A smaller design is worth its caveats only if so many times fewer calls are made.
const WORTH: f64 = 3.0;
/// How many calls may be run: a core does about so many in half a second, and three
/// runs may be needed.
const ROOM: f64 = 2.5e6;
/// How far what a stand-in sent may lie from what those that were run sent [of it].
const OFF: f64 = 0.02;

/// What may be left out of a design.
pub fn reduce(document: &Resolved) -> Reduction {
    if let Some(why) = role::unlike(document) {
        return Reduction::Exact(why);
    }
    let roles = Roles::of(document);
    let parts = roles.divisors().into_iter().map(|one_in| Part::of(document, &roles, one_in));
    let room = ROOM / lasts(document);
    let mut best: Option<Part> = None;
    let mut least = Vec::new();
    for part in parts {
        match part {
            Ok(part) if best.as_ref().is_none_or(|best| part.is_better_than(best, room)) => best = Some(part),
            Ok(_) => {}
            Err(why) if least.is_empty() => least = why,
            Err(_) => {}
        }
    }
    match best {
        Some(part) if part.is_worth_it() => match rewrite::rewrite(document, &part) {
            Ok(smaller) => Reduction::Smaller(Box::new(smaller)),
            Err(why) => Reduction::Exact(vec![why]),
        },
        Some(part) => Reduction::Exact(part.too_little()),
        None if least.is_empty() => Reduction::Exact(roles.whys()),
        None => Reduction::Exact(least),
    }
}

/// How long requests are sent [s].
fn lasts(document: &Resolved) -> f64 {
    document.workload.lasts.map_or(1.0, |lasts| lasts.as_secs_f64().max(1e-9))
}

impl Smaller {
    /// The report of the whole, or why this part does not stand for it after all.
    pub fn tell(&self, report: Report) -> Result<Report, String> {
        let calls = |link: &String| report.links.get(link).map_or(0, |link| link.calls) as f64;
        let saturations = report.saturations();
        if let Some(held_up) = saturations.iter().find(|saturation| self.above.contains(saturation.component)) {
            return Err(format!("{} was saturated, so what stands behind it does not get what the plan says.", held_up.component));
        }
        let others = f64::from(self.sampled.one_in) - 1.0;
        for (stand_in, links) in &self.borders {
            let (stood_for, made): (f64, f64) = (links.iter().map(calls).sum::<f64>() * others, calls(stand_in));
            // Both are counts, so they differ by chance as well.
            let chance = 4.0 * libm::sqrt(made + stood_for * others);
            if (made - stood_for).abs() > OFF * made.max(stood_for) + chance {
                let to = stand_in.rsplit(' ').next().unwrap_or_default();
                return Err(format!(
                    "Other than its plan says, {to} was called {} times for each time expected: requests failed before, or were tried again.",
                    units::significant(stood_for / made.max(1.0)),
                ));
            }
        }
        Ok(report.of_sample(&self.sampled))
    }

    /// Whether one run of the part is enough. If not, it takes [`PARTS`] of them, that [`agree`].
    pub fn is_sure(&self, part: &Report) -> bool {
        sure::is_sure(&self.document, part, self.sampled.alike.iter())
    }

    /// One in so many is run.
    pub fn one_in(&self) -> u32 {
        self.sampled.one_in
    }
}

/// "a", "a and b", "a, b and c".
fn listed(names: &BTreeSet<&str>) -> String {
    let names: Vec<&str> = names.iter().copied().collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
