//! Running the changed designs beside the design as it is: the same cases and the same seeds, so that
//! what differs is the change.

use sorted::BTreeMap;

use design::{Document, What};
use units::Count;

use super::bypass::without;
use super::halve::halves;
use super::{Ablation, Change, Earned, Row, Without};
use crate::breaks::{Case, corners_of, slack};
use crate::envelope::Envelope;
use crate::require::{Requirement, Requirements, Verdict, judge};
use crate::runs::{Counted, Desk, Stop};

/// Runs of each design in each case.
const RUNS: usize = 5;
/// Corners of the envelope that every change is tried in, and those that strike the component.
const WORST: usize = 2;
const OWN: usize = 2;

pub(super) async fn survey(
    document: &Document,
    requirements: &Requirements,
    envelope: Option<&Envelope>,
    most: usize,
    seed: u64,
    desk: Desk,
) -> Ablation {
    let mut survey = Survey {
        document: document.clone(),
        requirements,
        seed,
        runs: Counted::new(desk, most),
        corners: Vec::new(),
        told: Ablation { cases: vec![Case::usual()], usual: BTreeMap::new(), rows: Vec::new(), runs: 0, stopped: None },
    };
    survey.told.stopped = survey.all(envelope).await.err();
    survey.told.runs = survey.runs.made;
    survey.told
}

struct Survey<'a> {
    /// With its plans written out.
    document: Document,
    requirements: &'a Requirements,
    seed: u64,
    runs: Counted,
    /// Cases that the design survives, the nearest to a break first, with its verdicts.
    corners: Vec<(Case, BTreeMap<String, Verdict>)>,
    told: Ablation,
}

impl Survey<'_> {
    async fn all(&mut self, envelope: Option<&Envelope>) -> Result<(), Stop> {
        self.document.calls = design::resolve(&self.document).map_err(Stop::Refused)?.calls.clone();
        self.runs.trying("the design as it is");
        let report = self.runs.pooled(&self.document, (self.seed..).take(RUNS)).await?;
        self.told.usual = judge(self.requirements, &report);
        if let Some(envelope) = envelope {
            self.survived(envelope, &report).await?;
        }
        let is_ours = |kind: &str| !matches!(kind, "clients" | "scheduler");
        let names: Vec<String> =
            self.document.components.iter().filter(|(_, part)| is_ours(&part.kind)).map(|(name, _)| name.clone()).collect();
        for name in names {
            self.component(&name).await?;
        }
        Ok(())
    }

    /// The corners that the design as it is survives, in one look and then in as many runs as each
    /// change gets.
    async fn survived(&mut self, envelope: &Envelope, report: &sim::Report) -> Result<(), Stop> {
        let mut seen = Vec::new();
        for case in corners_of(&self.document, envelope, report) {
            self.runs.trying(&format!("the design {}", case.spoken()));
            let report = self.runs.pooled(&case.applied(&self.document), std::iter::once(self.seed)).await?;
            let verdicts = judge(self.requirements, &report);
            let least = verdicts.iter().filter_map(|(id, verdict)| slack(&self.requirements[id], verdict, &report)).fold(1.0, f64::min);
            if least >= 0.0 {
                seen.push((least, case));
            }
        }
        sorted::sort_by(&mut seen, |a, b| a.0.total_cmp(&b.0));
        for (number, (_, case)) in seen.into_iter().enumerate() {
            // Of all those that strike the same component the worst few are enough.
            let same = self.corners.iter().filter(|(other, _)| struck(other) == struck(&case)).count();
            if number >= WORST && same >= OWN {
                continue;
            }
            let report = self.runs.pooled(&case.applied(&self.document), (self.seed..).take(RUNS)).await?;
            let verdicts = judge(self.requirements, &report);
            if !verdicts.values().any(|verdict| matches!(verdict, Verdict::Missed { .. })) {
                self.told.cases.push(case.clone());
                self.corners.push((case, verdicts));
            }
        }
        Ok(())
    }

    async fn component(&mut self, name: &str) -> Result<(), Stop> {
        match without(&self.document, name) {
            Ok(changed) => self.row(name, Change::Removed, &changed).await?,
            Err(why) => {
                self.told.rows.push(Row { component: name.into(), works: self.works(name), change: Change::Removed, result: Err(why) })
            }
        }
        for (change, changed) in halves(&self.document, name) {
            self.row(name, change, &changed).await?;
        }
        Ok(())
    }

    fn works(&self, name: &str) -> bool {
        self.document.components.get(name).is_some_and(|part| matches!(part.kind.as_str(), "service" | "external"))
    }

    async fn row(&mut self, name: &str, change: Change, changed: &Document) -> Result<(), Stop> {
        self.runs.trying(&format!("the design with {name} {}", change.spoken()));
        let mut told = Without { earns: Vec::new(), open: Vec::new() };
        let mut cases = vec![(Case::usual(), self.told.usual.clone())];
        let worst = self.corners.iter().take(WORST);
        let own = self.corners.iter().skip(WORST).filter(|(case, _)| struck(case).iter().any(|part| part == name));
        cases.extend(worst.chain(own).cloned());
        for (case, before) in cases {
            let Some(case) = fitting(&case, changed) else { continue };
            let document = case.applied(changed);
            if let Err(problems) = design::resolve(&document) {
                let why = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
                self.told.rows.push(Row { component: name.into(), works: self.works(name), change, result: Err(why) });
                return Ok(());
            }
            let report = self.runs.pooled(&document, (self.seed..).take(RUNS)).await?;
            // What is asked of the component itself cannot be asked without it.
            let asked: Requirements = self
                .requirements
                .iter()
                .filter(|(_, required)| !is_about(required, name))
                .map(|(id, required)| (id.clone(), required.clone()))
                .collect();
            told.add(&case, &before, judge(&asked, &report));
        }
        self.told.rows.push(Row { component: name.into(), works: self.works(name), change, result: Ok(told) });
        Ok(())
    }
}

impl Without {
    fn add(&mut self, case: &Case, before: &BTreeMap<String, Verdict>, after: BTreeMap<String, Verdict>) {
        for (requirement, verdict) in after {
            let was_missed = matches!(before.get(&requirement), Some(Verdict::Missed { .. }));
            let is_known = self.earns.iter().any(|earned| earned.requirement == requirement);
            match verdict {
                Verdict::Missed { .. } if !was_missed && !is_known => {
                    self.open.retain(|open| *open != requirement);
                    self.earns.push(Earned { requirement, verdict, case: case.clone() });
                }
                Verdict::Undecided { .. }
                    if matches!(before.get(&requirement), Some(Verdict::Met { .. })) && !is_known && !self.open.contains(&requirement) =>
                {
                    self.open.push(requirement);
                }
                _ => {}
            }
        }
    }
}

fn is_about(requirement: &Requirement, name: &str) -> bool {
    let Requirement::Objective(objective) = requirement else { return false };
    objective.measure.split(['.', ' ']).any(|word| word == name)
}

/// Components that a case strikes.
fn struck(case: &Case) -> Vec<String> {
    let whats = case.faults.iter().flat_map(|placed| &placed.whats);
    whats.filter_map(|what| what.to_string().split(' ').nth(1).map(|word| word.split('.').next().unwrap_or("").to_owned())).collect()
}

/// The case with the faults that can still be there; none if one of them cannot.
fn fitting(case: &Case, document: &Document) -> Option<Case> {
    let mut case = case.clone();
    for what in case.faults.iter_mut().flat_map(|placed| &mut placed.whats) {
        if let What::Crash { target } | What::Freeze { target } | What::Slow { target, .. } = what {
            let part = document.components.get(&target.component)?;
            let left = crate::envelope::replicas(part);
            if target.replica.is_some_and(|replica| replica.0 > left) {
                target.replica = Some(Count(left.max(1)));
            }
        }
    }
    let names: Vec<String> = struck(&case);
    let is_there = |name: &String| {
        document.components.contains_key(name) || document.workload.classes.contains_key(name) || !was_component(name, &case)
    };
    names.iter().all(is_there).then_some(case)
}

/// Whether a fault names it as a component, and not as a zone or a region.
fn was_component(name: &str, case: &Case) -> bool {
    case.faults.iter().flat_map(|placed| &placed.whats).any(|what| {
        let text = what.to_string();
        !text.starts_with("lose ") && !text.starts_with("load ") && text.split([' ', '.']).any(|word| word == name)
    })
}
