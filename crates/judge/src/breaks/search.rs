//! The search: corners, several faults at once, then the neighbourhood of what came closest. What a
//! case is and in which order they come is said elsewhere; here they are run and looked at.

use design::Document;
use sim::Report;
use units::{Duration, Share};

use super::case::{Case, Placed};
use super::confirm::{self, Confirmed, confirm, verdicts};
use super::order::{self, Room, corners, highest, round, several, usual};
use super::shrink::shrink;
use super::{Finding, Limits, Outcome, Tried, slack, symptom};
use crate::envelope::Envelope;
use crate::require::{Requirement, Requirements, Verdict};
use crate::runs::{Counted, Desk, Stop, experiments};

/// Runs asked for at the same time. Always as many, so that no answer depends on how many cores
/// there are.
const TOGETHER: usize = 4;
/// Of all runs, so many are for trying; the others confirm and shrink.
const TRYING: f64 = 0.7;
/// A run of more steps than this is shortened where that can hide nothing.
const STEPS: u64 = 2_000_000;

pub(super) async fn find(document: &Document, requirements: &Requirements, envelope: &Envelope, limits: Limits, desk: Desk) -> Outcome {
    let mut search = Search {
        document,
        requirements,
        envelope,
        limits,
        runs: Counted::new(desk, limits.runs),
        room: Room::of(document, document.workload.lasts.unwrap_or(Duration::from_secs(60))),
        short: None,
        fresh: limits.seed.wrapping_add(1),
        tried: Vec::new(),
        suspicions: 0,
        not_judged: Vec::new(),
        found: None,
    };
    let stopped = search.all().await.err();
    let mut tried = search.tried;
    sorted::sort_by(&mut tried, |a, b| a.slack.total_cmp(&b.slack));
    Outcome { found: search.found, tried, suspicions: search.suspicions, runs: search.runs.made, stopped, not_judged: search.not_judged }
}

pub(super) struct Search<'a> {
    pub(super) document: &'a Document,
    pub(super) requirements: &'a Requirements,
    pub(super) envelope: &'a Envelope,
    limits: Limits,
    pub(super) runs: Counted,
    pub(super) room: Room,
    /// How long a probe lasts, if shorter than the document says.
    short: Option<Duration>,
    /// The next seed that nobody has used.
    fresh: u64,
    tried: Vec<Tried>,
    suspicions: usize,
    not_judged: Vec<(String, String)>,
    pub(super) found: Option<Finding>,
}

impl Search<'_> {
    async fn all(&mut self) -> Result<(), Stop> {
        let report = self.begin().await?;
        if self.found.is_some() {
            return Ok(());
        }
        // At its full length: what takes long to build up shows under the highest load.
        let top = highest(self.envelope);
        if self.short.is_some() && top != usual(self.envelope) {
            self.runs.trying("the highest load");
            self.look(std::slice::from_ref(&top), None).await?;
        }
        let cases: Vec<Case> = corners(self.envelope, &self.room, &report).into_iter().filter(|case| !self.was_tried(case)).collect();
        self.try_all(&cases).await?;
        if self.found.is_none() && self.envelope.at_once > 1 {
            let cases = several(self.envelope, &self.room, &self.tried);
            self.try_all(&cases).await?;
        }
        self.near().await
    }

    /// The design as it is. If that misses something already, there is nothing to search for.
    async fn begin(&mut self) -> Result<Report, Stop> {
        self.runs.trying("the design as it is");
        let case = usual(self.envelope);
        let document = case.applied(self.document);
        let seeds = self.seeds(confirm::RUNS);
        let report = self.runs.pooled(&document, (seeds..).take(confirm::RUNS)).await?;
        let verdicts = verdicts(self.requirements, &report);
        for (id, verdict) in &verdicts {
            if let Verdict::NotJudged { why } = verdict
                && !is_about_faults(&self.requirements[id])
            {
                self.not_judged.push((id.clone(), why.clone()));
            }
        }
        let all: Vec<String> = self.requirements.keys().cloned().collect();
        if let Some((requirement, verdict)) = confirm::worst_missed(self.requirements, &all, &report) {
            let confirmed = Confirmed { requirement, verdict, seed: seeds, seeds: confirm::RUNS, report: report.clone() };
            self.found = Some(self.finding(&case, &case, confirmed, true));
        } else if let Some((slack, requirement)) = self.nearest(&report) {
            self.tried.push(Tried { case, slack, requirement });
        }
        self.settle_length(report.events / confirm::RUNS as u64, report.is_steady);
        Ok(report)
    }

    /// Whether probes may be shorter than the document says: where the same is sent all the time, a
    /// fault weighs more in a shorter run, so what a short probe does not miss, a long run does not.
    fn settle_length(&mut self, events: u64, is_steady: bool) {
        let whole = self.document.workload.lasts.unwrap_or(Duration::from_secs(60));
        if events <= STEPS || !is_steady || self.requirements.values().any(takes_its_time) {
            return;
        }
        let by_steps = (whole.0 as f64 * STEPS as f64 / events as f64) as u64;
        let longest = self.envelope.lasts.1.filter(|_| !self.envelope.faults.is_empty()).unwrap_or_default();
        let short = Duration(by_steps.max(self.room.warm.0 + 3 * longest.0).max(20_000_000_000));
        if (short.0 as f64) < 0.7 * whole.0 as f64 {
            self.short = Some(order::round(short));
            self.room = Room::of(self.document, order::round(short));
        }
    }

    fn was_tried(&self, case: &Case) -> bool {
        self.tried.iter().any(|tried| tried.case == *case)
    }

    fn seeds(&mut self, count: usize) -> u64 {
        let first = self.fresh;
        self.fresh = self.fresh.wrapping_add(count as u64);
        first
    }

    /// Steps are compared with the same seeds, which no confirmation uses.
    pub(super) fn shrinking_seed(&self) -> u64 {
        self.limits.seed.wrapping_add(100_000)
    }

    /// Whether more runs may tell that a requirement is missed: it is, on average.
    pub(super) fn is_open(&self, requirement: &str, report: &Report) -> bool {
        let verdicts = verdicts(self.requirements, report);
        let verdict = &verdicts[requirement];
        matches!(verdict, Verdict::Undecided { .. })
            && slack(&self.requirements[requirement], verdict, report).is_some_and(|slack| slack < 0.0)
    }

    fn may_try(&self) -> bool {
        self.found.is_none() && (self.runs.made as f64) < TRYING * self.limits.runs as f64
    }

    async fn try_all(&mut self, cases: &[Case]) -> Result<(), Stop> {
        for (number, some) in cases.chunks(TOGETHER).enumerate() {
            if !self.may_try() {
                break;
            }
            self.runs.trying(&format!("case {} of {}: {}", number * TOGETHER + 1, cases.len(), some[0].spoken()));
            self.look(some, self.short).await?;
        }
        Ok(())
    }

    /// Runs some cases once each and follows up whatever looks broken, the worst first.
    async fn look(&mut self, cases: &[Case], short: Option<Duration>) -> Result<(), Stop> {
        let mut asked = Vec::new();
        for case in cases {
            let mut document = case.applied(self.document);
            if let Some(short) = short {
                shorten(&mut document, short);
            }
            asked.extend(experiments(&document, std::iter::once(self.limits.seed))?);
        }
        let reports = self.runs.run(asked).await?;
        let mut suspects = Vec::new();
        for (case, report) in cases.iter().zip(&reports) {
            let Some((slack, requirement)) = self.nearest(report) else { continue };
            self.tried.push(Tried { case: case.clone(), slack, requirement });
            if slack < 0.0 {
                suspects.push((slack, case.clone(), self.suspected(report)));
            }
        }
        sorted::sort_by(&mut suspects, |a, b| a.0.total_cmp(&b.0));
        for (_, case, suspected) in suspects {
            if self.follow(&case, suspected, short.is_some()).await? {
                break;
            }
        }
        Ok(())
    }

    async fn follow(&mut self, case: &Case, mut suspected: Vec<String>, was_short: bool) -> Result<bool, Stop> {
        let document = case.applied(self.document);
        if was_short {
            // One whole run is cheaper than five, and tells most false suspicions.
            let report = self.runs.pooled(&document, std::iter::once(self.limits.seed)).await?;
            suspected = self.suspected(&report);
        }
        if suspected.is_empty() {
            return Ok(false);
        }
        self.runs.trying(&format!("whether it breaks {}", case.spoken()));
        let seed = self.seeds(2 * confirm::RUNS);
        let Some(confirmed) = confirm(&mut self.runs, self.requirements, &suspected, &document, seed).await? else {
            self.suspicions += 1;
            return Ok(false);
        };
        let requirement = confirmed.requirement.clone();
        self.found = Some(self.finding(case, case, confirmed, false));
        self.runs.trying("how little is enough");
        let (stack, end) = shrink(self, case, &requirement).await;
        self.settle(case, stack, &requirement).await?;
        end.map(|()| true)
    }

    /// The smallest case that fresh seeds confirm too.
    async fn settle(&mut self, first: &Case, mut stack: Vec<Case>, requirement: &str) -> Result<(), Stop> {
        while let Some(case) = stack.pop() {
            let seed = self.seeds(2 * confirm::RUNS);
            let document = case.applied(self.document);
            if let Some(confirmed) = confirm(&mut self.runs, self.requirements, &[requirement.to_owned()], &document, seed).await? {
                self.found = Some(self.finding(&case, first, confirmed, true));
                return Ok(());
            }
        }
        if let Some(found) = &mut self.found {
            found.is_smallest = true;
        }
        Ok(())
    }

    fn finding(&self, case: &Case, first: &Case, confirmed: Confirmed, is_smallest: bool) -> Finding {
        let requirement = &self.requirements[&confirmed.requirement];
        Finding {
            case: case.clone(),
            first: first.clone(),
            is_smallest,
            says: requirement.to_string(),
            objective: if let Requirement::Objective(objective) = requirement { Some(objective.clone()) } else { None },
            requirement: confirmed.requirement,
            verdict: confirmed.verdict,
            seed: confirmed.seed,
            seeds: confirmed.seeds,
            symptom: symptom(requirement, &confirmed.report),
            document: case.applied(self.document),
        }
    }

    /// The least slack of a report, and whose it is.
    fn nearest(&self, report: &Report) -> Option<(f64, String)> {
        let verdicts = verdicts(self.requirements, report);
        let all = verdicts.iter().filter_map(|(id, verdict)| Some((slack(&self.requirements[id], verdict, report)?, id.clone())));
        all.min_by(|a, b| a.0.total_cmp(&b.0))
    }

    fn suspected(&self, report: &Report) -> Vec<String> {
        let verdicts = verdicts(self.requirements, report);
        let is_missed =
            |(id, verdict): (&String, &Verdict)| slack(&self.requirements[id], verdict, report).is_some_and(|slack| slack < 0.0);
        verdicts.iter().filter(|(id, verdict)| is_missed((id, verdict))).map(|(id, _)| id.clone()).collect()
    }

    /// Around the cases that came closest: another time, length or load, another fault.
    async fn near(&mut self) -> Result<(), Stop> {
        let mut draw = Draw(self.limits.seed);
        let mut vain = 0;
        while self.may_try() && vain < 20 {
            let mut best: Vec<&Tried> = self.tried.iter().collect();
            sorted::sort_by(&mut best, |a, b| a.slack.total_cmp(&b.slack));
            let parents: Vec<Case> = best.iter().take(5).map(|tried| tried.case.clone()).collect();
            let mut cases: Vec<Case> = Vec::new();
            for _ in 0..TOGETHER {
                let parent = parents.get(draw.below(parents.len() as u64) as usize).cloned().unwrap_or_else(Case::usual);
                let child = self.moved(parent, &mut draw);
                if !self.was_tried(&child) && !cases.contains(&child) {
                    cases.push(child);
                }
            }
            vain = if cases.is_empty() { vain + 1 } else { 0 };
            if let Some(first) = cases.first() {
                self.runs.trying(&format!("what is near to a break: {}", first.spoken()));
                self.look(&cases, self.short).await?;
            }
        }
        Ok(())
    }

    fn moved(&self, mut case: Case, draw: &mut Draw) -> Case {
        let envelope = self.envelope;
        let troubles: Vec<_> = envelope.troubles().collect();
        let some_factor = |factors: crate::envelope::Factors, draw: &mut Draw| {
            let part = draw.part();
            let value = factors.from.0 as f64 + (factors.to.0 - factors.from.0) as f64 * part;
            Share((libm::round(value / 5e7) * 5e7) as u64).clamp(factors.from, factors.to)
        };
        match draw.below(5) {
            0 => {
                case.all = envelope.all.map_or(Share::ONE, |all| some_factor(all, draw));
                for (name, factors) in &envelope.classes {
                    case.classes.insert(name.clone(), some_factor(*factors, draw));
                }
            }
            1 | 2 if !case.faults.is_empty() => {
                let at = draw.below(case.faults.len() as u64) as usize;
                self.moved_fault(&mut case.faults[at], draw);
            }
            _ if !troubles.is_empty() => {
                let number = draw.below(troubles.len() as u64) as usize;
                let mut placed = order::placed(number, troubles[number], envelope, &self.room);
                self.moved_fault(&mut placed, draw);
                // The same twice would be worse than the envelope allows.
                case.faults.retain(|other| other.trouble != number);
                if case.faults.len() >= envelope.at_once {
                    case.faults.remove(draw.below(case.faults.len() as u64) as usize);
                }
                case.faults.push(placed);
            }
            _ => {}
        }
        case
    }

    fn moved_fault(&self, placed: &mut Placed, draw: &mut Draw) {
        // What begins before anything is measured has nothing that it could be compared with.
        let (from, to) = self.envelope.at.unwrap_or((self.room.warm, Duration(self.room.lasts.0 / 2)));
        placed.at = round(Duration(from.0 + ((to.0 - from.0) as f64 * draw.part()) as u64)).clamp(from, to);
        if let Some(lasts) = &mut placed.lasts {
            let left = Duration((self.room.lasts.0 - placed.at.0) / 2);
            let most = self.envelope.lasts.1.unwrap_or(left).min(left).0 as f64;
            let shorter = Duration((most * libm::pow(0.05, draw.part())) as u64);
            *lasts = round(shorter).max(self.envelope.lasts.0).max(Duration::from_millis(100));
        }
    }
}

/// Whether a shorter run could hide it, or show what a longer one does not have.
fn takes_its_time(requirement: &Requirement) -> bool {
    let Requirement::Objective(objective) = requirement else { return true };
    let (_, what) = objective.measure.split_once('.').unwrap_or(("", &objective.measure));
    objective.measure.starts_with("at ") || matches!(what, "backlog" | "max backlog" | "oldest" | "dead" | "lost" | "max queue" | "max")
}

/// Only judged where something goes wrong.
fn is_about_faults(requirement: &Requirement) -> bool {
    matches!(requirement, Requirement::Objective(objective) if objective.measure.ends_with("recovery"))
}

fn shorten(document: &mut Document, lasts: Duration) {
    let whole = document.workload.lasts.unwrap_or(Duration::from_secs(60));
    let warmup = document.workload.warmup.unwrap_or(Share(50_000_000));
    // As much is thrown away as in the whole run, but no more than a quarter.
    let share = (whole.0 as f64 * warmup.as_f64() / lasts.0 as f64).min(0.25);
    document.workload.lasts = Some(lasts);
    document.workload.warmup = Some(Share((share * 1e9) as u64));
}

/// Numbers that look random and are always the same: SplitMix64 (Steele, Lea, Flood 2014).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// From 0 to 1.
    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}
