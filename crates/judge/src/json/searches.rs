//! What searches found, as JSON.

use serde_json::{Value, json};

use super::verdict;
use crate::ablate::Ablation;
use crate::breaks::{Case, Outcome};
use crate::capacity::{Beyond, Fewest, Highest, Part};
use crate::runs::Stop;

/// What breaks a design, or what was tried in vain.
pub fn breaks(outcome: &Outcome) -> Value {
    let tried = outcome.tried.iter().map(|tried| {
        json!({
            "requirement": tried.requirement,
            "slack_e9": libm::round(tried.slack * 1e9) as i64,
            "case": tried.case.spoken(),
            "arguments": tried.case.arguments(),
        })
    });
    let found = outcome.found.as_ref().map(|found| {
        json!({
            "requirement": found.requirement,
            "required": found.says,
            "verdict": verdict(&found.says, &found.verdict),
            "story": found.story(),
            "arguments": found.arguments(),
            "seed": found.seed,
            "runs": found.seeds,
            "shows_at": found.symptom.as_ref().map(|symptom| symptom.component.clone()),
            "is_smallest": found.is_smallest,
            "document": design::to_json(&found.document),
        })
    });
    json!({
        "found": found,
        "runs": outcome.runs,
        "suspicions": outcome.suspicions,
        "stopped": outcome.stopped.as_ref().map(Stop::why),
        "not_judged": outcome.not_judged.iter().map(|(id, why)| json!({ "requirement": id, "why": why })).collect::<Vec<_>>(),
        "sentences": outcome.sentences(),
        "tried": tried.collect::<Vec<_>>(),
    })
}

/// What each component is for.
pub fn ablation(ablation: &Ablation) -> Value {
    let rows = ablation.rows.iter().map(|row| {
        let earned = row.result.iter().flat_map(|without| &without.earns).map(|earned| {
            json!({
                "requirement": earned.requirement,
                "case": earned.case.spoken(),
                "arguments": earned.case.arguments(),
                "verdict": verdict(&earned.requirement, &earned.verdict),
            })
        });
        json!({
            "component": row.component,
            "change": row.change.spoken(),
            "result": row.spoken(),
            "earns": earned.collect::<Vec<_>>(),
            "not_sure": row.result.as_ref().map(|without| without.open.clone()).unwrap_or_default(),
            "impossible": row.result.as_ref().err(),
            "could_go": row.earns_nothing(),
        })
    });
    json!({
        "rows": rows.collect::<Vec<_>>(),
        "cases": ablation.cases.iter().map(Case::spoken).collect::<Vec<_>>(),
        "runs": ablation.runs,
        "stopped": ablation.stopped.as_ref().map(Stop::why),
        "sentences": ablation.sentences(),
    })
}

/// The highest load, and the fewest replicas if they were looked for.
pub fn capacity(highest: &Highest, fewest: Option<&Fewest>) -> Value {
    let e9 = |value: f64| libm::round(value * 1e9) as i64;
    let missed = |beyond: &Beyond| {
        json!({
            "requirement": beyond.requirement,
            "verdict": verdict(&beyond.requirement, &beyond.verdict),
            "shows_at": beyond.component,
        })
    };
    json!({
        "highest": {
            "meets_e9": highest.meets.map(e9),
            "misses_e9": highest.misses.as_ref().map(|beyond| e9(beyond.factor)),
            "missed": highest.misses.as_ref().map(missed),
            "runs": highest.runs,
            "stopped": highest.stopped.as_ref().map(Stop::why),
        },
        "fewest": fewest.map(replicas),
    })
}

fn replicas(fewest: &Fewest) -> Value {
    let part = |part: &Part| json!({ "component": part.name, "had": part.had, "needs": part.needs, "usd_e9_per_month": part.price });
    json!({
        "meets": fewest.meets,
        "missed": fewest.missed.as_ref().filter(|_| !fewest.meets),
        "parts": fewest.parts.iter().map(part).collect::<Vec<_>>(),
        "runs": fewest.runs,
        "stopped": fewest.stopped.as_ref().map(Stop::why),
    })
}
