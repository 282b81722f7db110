//! Searches for the page, slice by slice: whether a design meets what it must and why it went as it
//! did, what breaks it, what its parts are for, how much it takes. What is asked and told is decided
//! in `judge`; here its questions are kept, so that a search can be left and taken up again.

use std::collections::BTreeMap;

use design::{Document, Experiment};
use judge::require::{Requirement, Requirements, Verdict};
use judge::runs::{Runs, Stop, watches};
use serde_json::{Map, Value, json};
use sim::{Budget, Progress, Report};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::json::{error, problems};
use crate::read;

/// As on the command line: a case in which so many are under way at once was lost long ago.
const BUDGET: Budget = Budget { events: 200_000_000, live_requests: 500_000 };

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Judge,
    Break,
    Ablate,
    Capacity,
}

/// A search that is advanced by its owner.
#[wasm_bindgen]
pub struct Search {
    kind: Kind,
    document: Document,
    requirements: Requirements,
    envelope: Option<judge::envelope::Envelope>,
    seed: u64,
    most: usize,
    known: Known,
    result: Option<Value>,
}

/// What was asked so far and answered. A search asks the same for the same answers, so it is begun
/// again with each answer and comes as far as the next question.
#[derive(Default)]
struct Known {
    answers: Vec<Vec<Report>>,
    asked: Vec<Experiment>,
    ran: Vec<Report>,
    running: Option<sim::Run>,
    trying: String,
}

struct Replay<'a> {
    known: &'a mut Known,
    at: usize,
}

impl Runs for Replay<'_> {
    fn run(&mut self, experiments: Vec<Experiment>) -> Result<Vec<Report>, Stop> {
        if let Some(answer) = self.known.answers.get(self.at) {
            self.at += 1;
            return Ok(answer.clone());
        }
        self.known.asked = experiments;
        self.known.asked.reverse();
        Err(Stop::Interrupted)
    }

    fn trying(&mut self, what: &str) {
        what.clone_into(&mut self.known.trying);
    }
}

#[wasm_bindgen]
impl Search {
    /// `kind` is "judge", "break", "ablate" or "capacity"; `most` how many runs it may take. Throws
    /// the problems of the design, of what it requires and of its envelope.
    #[wasm_bindgen(constructor)]
    pub fn new(kind: &str, document: &str, seed: &str, most: u32) -> Result<Search, String> {
        let kind = match kind {
            "judge" => Kind::Judge,
            "break" => Kind::Break,
            "ablate" => Kind::Ablate,
            "capacity" => Kind::Capacity,
            other => return Err(error("kind", format!("“{other}” is no search: write judge, break, ablate or capacity."))),
        };
        let document = read(document)?;
        let resolved = design::resolve(&document).map_err(|wrong| problems(&wrong))?;
        let (requirements, wrong) = judge::require::read(&resolved);
        if !wrong.is_empty() {
            return Err(problems(&wrong));
        }
        if requirements.is_empty() && kind != Kind::Judge {
            return Err(error("require", "This needs to know what the design must meet, and it requires nothing.".into()));
        }
        let wants_envelope = kind == Kind::Break || (kind == Kind::Ablate && !document.envelope.is_empty());
        let envelope = if wants_envelope {
            let (envelope, wrong) = judge::envelope::read(&document);
            if !wrong.is_empty() {
                return Err(problems(&wrong));
            }
            Some(envelope)
        } else {
            None
        };
        let seed = seed.parse().map_err(|_| error("seed", format!("“{seed}” is not a seed: write a whole number below 2^64.")))?;
        Ok(Search { kind, document, requirements, envelope, seed, most: most as usize, known: Known::default(), result: None })
    }

    /// Handles at most so many events; `{"done", "runs", "trying"}`.
    pub fn advance(&mut self, events: u32) -> Result<String, String> {
        let mut left = u64::from(events);
        while left > 0 && self.result.is_none() {
            if self.known.running.is_none() && !self.next()? {
                break;
            }
            let Some(run) = &mut self.known.running else { continue };
            let slice = left.min(50_000);
            left -= slice;
            if run.advance(slice) == Progress::Done {
                self.known.ran.push(run.report());
                self.known.running = None;
                if self.known.asked.is_empty() {
                    let answer = std::mem::take(&mut self.known.ran);
                    self.known.answers.push(answer);
                }
            }
        }
        let runs: usize = self.known.answers.iter().map(Vec::len).sum::<usize>() + self.known.ran.len();
        Ok(json!({ "done": self.result.is_some(), "runs": runs, "trying": self.known.trying }).to_string())
    }

    /// What was found; null before the end.
    pub fn result(&self) -> String {
        self.result.clone().unwrap_or_default().to_string()
    }
}

impl Search {
    /// Begins the next run; asks the search what it wants to know when all was answered.
    fn next(&mut self) -> Result<bool, String> {
        if self.known.asked.is_empty() {
            let mut known = std::mem::take(&mut self.known);
            let result = self.think(&mut Replay { known: &mut known, at: 0 });
            self.known = known;
            if self.known.asked.is_empty() {
                self.result = Some(result);
                return Ok(false);
            }
        }
        let Some(experiment) = self.known.asked.pop() else { return Ok(false) };
        let mut run = sim::Run::within(&experiment, BUDGET).map_err(|wrong| problems(&wrong))?;
        run.watching(&watches(&experiment));
        self.known.running = Some(run);
        Ok(true)
    }

    fn think(&self, runs: &mut dyn Runs) -> Value {
        match (self.kind, &self.envelope) {
            (Kind::Judge, _) => self.judge(runs).unwrap_or_else(|stop| json!({ "stopped": stop.why() })),
            (Kind::Break, Some(envelope)) => {
                let limits = judge::breaks::Limits { runs: self.most, seed: self.seed };
                broken(&judge::breaks::find(&self.document, &self.requirements, envelope, limits, runs))
            }
            (Kind::Break, None) => Value::Null,
            (Kind::Ablate, envelope) => {
                ablated(&judge::ablate::ablate(&self.document, &self.requirements, envelope.as_ref(), self.most, self.seed, runs))
            }
            (Kind::Capacity, _) => {
                let limits = judge::capacity::Limits { runs: self.most, seed: self.seed };
                let highest = judge::capacity::highest(&self.document, &self.requirements, limits, runs);
                let left = judge::capacity::Limits { runs: self.most.saturating_sub(highest.runs), ..limits };
                let fewest = highest.stopped.is_none().then(|| judge::capacity::fewest(&self.document, &self.requirements, left, runs));
                capacity(&highest, fewest.as_ref())
            }
        }
    }

    fn judge(&self, runs: &mut dyn Runs) -> Result<Value, Stop> {
        let resolved = design::resolve(&self.document).map_err(Stop::Refused)?;
        let experiment = |seed| Experiment { document: resolved.clone(), seed, engine: sim::ENGINE.to_owned() };
        let mut reports: Vec<Report> = Vec::new();
        let mut more = 1;
        loop {
            let seeds = (0..more).map(|number| self.seed.wrapping_add((reports.len() + number) as u64));
            reports.extend(runs.run(seeds.map(experiment).collect())?);
            let pooled = sim::pool(&reports).ok_or(Stop::Budget)?;
            let verdicts = judge::require::judge(&self.requirements, &pooled);
            match judge::require::next(&verdicts, reports.len()) {
                Some(wanted) if reports.len() + wanted <= self.most => more = wanted,
                _ => return Ok(self.judged(&pooled, &verdicts, reports.len())),
            }
            runs.trying("more runs, to tell what one cannot");
        }
    }

    fn judged(&self, report: &Report, verdicts: &BTreeMap<String, Verdict>, runs: usize) -> Value {
        let requirements = self.requirements.iter().filter_map(|(id, requirement)| {
            let mut told = verdict(&requirement.to_string(), verdicts.get(id)?);
            if let Requirement::Invariant { data, what } = requirement {
                let watched = report.watched.iter().find(|watched| watched.data == *data && watched.invariant == *what);
                if let Some(violation) = watched.and_then(|watched| watched.violations.first()) {
                    let scenes = violation.story.iter().map(|scene| {
                        json!({ "at_ns": scene.at, "request": scene.request, "session": scene.session.map(|session| session & u64::from(u32::MAX)), "component": scene.component, "did": scene.did })
                    });
                    told["story"] = scenes.collect();
                }
            }
            Some((id.clone(), told))
        });
        let requirements: Map<String, Value> = requirements.collect();
        let told = judge::explain::explain(&self.document, report, Some(verdicts));
        let findings = told.findings.iter().map(|finding| {
            let figures = finding.figures.iter().map(|figure| json!({ "name": figure.name, "shown": shown(&figure.name, figure.value) }));
            json!({ "role": finding.role.name(), "kind": finding.kind.name(), "component": finding.subject, "text": finding.sentence, "figures": figures.collect::<Vec<_>>() })
        });
        json!({ "requirements": requirements, "explanation": findings.collect::<Vec<_>>(), "runs": runs })
    }
}

fn shown(name: &str, value: units::Quantity) -> String {
    let shares = ["utilisation", "errors", "good", "hits", "share", "refused", "left", "failed", "meanwhile"];
    let is_share = value.dimension == units::Dimension::NONE && value.value <= 1.0 && shares.iter().any(|word| name.contains(word));
    if is_share { value.percent() } else { value.to_string() }
}

fn verdict(required: &str, verdict: &Verdict) -> Value {
    let measured = verdict.measured();
    let by = match verdict {
        Verdict::Met { measured, margin } if measured.of.is_none() && *margin > 0.0 => Some(measured.shown(*margin)),
        Verdict::Missed { measured: Some(measured), by: Some(by), .. } if measured.of.is_none() => Some(measured.shown(*by)),
        _ => None,
    };
    let why = match verdict {
        Verdict::Met { .. } => None,
        Verdict::Missed { why, .. } => why.clone(),
        Verdict::Undecided { why, .. } | Verdict::NotJudged { why } => Some(why.clone()),
    };
    json!({ "required": required, "verdict": verdict.name(), "measured": measured.map(ToString::to_string), "by": by, "why": why })
}

fn broken(outcome: &judge::breaks::Outcome) -> Value {
    let tried = outcome.tried.iter().take(5).map(|tried| json!({ "requirement": tried.requirement, "slack": tried.slack, "case": tried.case.spoken() }));
    let found = outcome.found.as_ref().map(|found| {
        json!({
            "requirement": found.requirement,
            "required": found.says,
            "verdict": verdict(&found.says, &found.verdict),
            "story": found.story(),
            "case": found.case.spoken(),
            "seed": found.seed.to_string(),
            "seeds": found.seeds,
            "shows_at": found.symptom.as_ref().map(|symptom| symptom.component.clone()),
            "is_smallest": found.is_smallest,
            "document": design::to_json(&found.document),
        })
    });
    json!({
        "found": found,
        "runs": outcome.runs,
        "stopped": outcome.stopped.as_ref().map(Stop::why),
        "not_judged": outcome.not_judged.iter().map(|(id, why)| json!({ "requirement": id, "why": why })).collect::<Vec<_>>(),
        "sentences": outcome.sentences(),
        "tried": tried.collect::<Vec<_>>(),
    })
}

fn ablated(ablation: &judge::ablate::Ablation) -> Value {
    let rows = ablation.rows.iter().map(|row| {
        let earns = row.result.iter().flat_map(|without| &without.earns).map(|earned| {
            json!({ "requirement": earned.requirement, "case": earned.case.spoken(), "is_usual": earned.case.is_usual(), "verdict": verdict(&earned.requirement, &earned.verdict) })
        });
        json!({
            "component": row.component,
            "change": row.change.spoken(),
            "is_removed": row.change == judge::ablate::Change::Removed,
            "works": row.works,
            "result": row.spoken(),
            "earns": earns.collect::<Vec<_>>(),
            "could_go": row.earns_nothing(),
        })
    });
    json!({
        "rows": rows.collect::<Vec<_>>(),
        "cases": ablation.cases.iter().map(judge::breaks::Case::spoken).collect::<Vec<_>>(),
        "runs": ablation.runs,
        "stopped": ablation.stopped.as_ref().map(Stop::why),
        "sentences": ablation.sentences(),
    })
}

fn capacity(highest: &judge::capacity::Highest, fewest: Option<&judge::capacity::Fewest>) -> Value {
    let missed = highest.misses.as_ref().map(|beyond| {
        json!({ "factor": beyond.factor, "requirement": beyond.requirement, "verdict": verdict(&beyond.requirement, &beyond.verdict), "shows_at": beyond.component })
    });
    let parts = |fewest: &judge::capacity::Fewest| -> Vec<Value> {
        fewest.parts.iter().map(|part| json!({ "component": part.name, "had": part.had, "needs": part.needs, "usd_per_month": part.price.map(|price| price as f64 / 1e9) })).collect()
    };
    json!({
        "highest": { "meets": highest.meets, "misses": missed, "stopped": highest.stopped.as_ref().map(Stop::why) },
        "fewest": fewest.map(|fewest| json!({ "meets": fewest.meets, "missed": fewest.missed, "parts": parts(fewest), "stopped": fewest.stopped.as_ref().map(Stop::why) })),
        "runs": highest.runs + fewest.map_or(0, |fewest| fewest.runs),
    })
}
