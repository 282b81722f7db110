//! A record as xAPI statements (the form that 1.0.3 and 2.0 share), one a line, for whoever keeps
//! learning records elsewhere. Written only: what is read in is our own form.

use certificate::Utc;
use record::{Answer, Entry, Outcome, Ppm, What};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::Learner;

/// Verbs of ADL's registry.
const VERBS: &str = "http://adlnet.gov/expapi/verbs/";
const KINDS: &str = "http://adlnet.gov/expapi/activities/";
/// What the registry has no word for.
const OURS: &str = "https://octo-course.github.io/xapi/";

/// All statements of a record. `instance` names the database, `home` is the instance's address.
pub(crate) fn statements(learner: &Learner, instance: &str, home: &str) -> String {
    let mut out = String::new();
    for entry in &learner.entries {
        out.push_str(&statement(learner, entry, instance, home).to_string());
        out.push('\n');
    }
    out
}

/// What of a statement depends on the kind of entry.
struct Said {
    verb: &'static str,
    object: Value,
    result: Option<Value>,
    /// Under [`OURS`], in the context.
    extensions: Vec<(&'static str, Value)>,
}

fn statement(learner: &Learner, entry: &Entry, instance: &str, home: &str) -> Value {
    let said = said(learner, &entry.what);
    let mut extensions = Map::new();
    extensions.insert(format!("{OURS}seq"), json!(entry.seq));
    extensions.extend(said.extensions.into_iter().map(|(name, value)| (format!("{OURS}{name}"), value)));
    let mut context = json!({ "platform": "Octo", "language": "en-GB", "extensions": extensions });
    context["contextActivities"] =
        json!({ "grouping": [activity("course", &learner.shelf.course.text.id, &learner.shelf.course.text.title, "course")] });
    let mut statement = json!({
        "id": id(instance, entry),
        "actor": { "objectType": "Agent", "account": { "homePage": home, "name": entry.learner.0 } },
        "verb": { "id": format!("{VERBS}{}", said.verb), "display": { "en-US": said.verb } },
        "object": said.object,
        "timestamp": timestamp(entry.at.0),
        "context": context,
    });
    if let Some(result) = said.result {
        statement["result"] = result;
    }
    statement
}

/// The same entry of the same instance has the same id, so that it is kept once.
fn id(instance: &str, entry: &Entry) -> String {
    let hash = Sha256::digest(format!("{instance}\n{}\n{}", entry.learner.0, entry.seq));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    // Marked as named by a hash (version 5): later versions are refused by some who check 1.0.3.
    uuid::Builder::from_sha1_bytes(bytes).into_uuid().to_string()
}

/// With milliseconds, which our dates elsewhere do without.
fn timestamp(ms: i64) -> String {
    let whole = Utc::from_unix_ms(ms);
    format!("{}.{:03}Z", whole.as_str().trim_end_matches('Z'), ms.clamp(0, 253_402_300_799_999).rem_euclid(1000))
}

/// An id is part of a URN, so that it is one address whatever somebody called it.
fn activity(kind: &str, id: &str, name: &str, registered: &str) -> Value {
    let mut safe = String::new();
    for byte in id.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => safe.push(byte as char),
            other => safe.push_str(&format!("%{other:02X}")),
        }
    }
    // An empty name would make an address without an end.
    let safe = if safe.is_empty() { "-".to_owned() } else { safe };
    let kind_id = if registered.is_empty() { format!("{OURS}{kind}") } else { format!("{KINDS}{registered}") };
    json!({ "objectType": "Activity", "id": format!("urn:octo:{kind}:{safe}"), "definition": { "name": { "en-GB": name }, "type": kind_id } })
}

fn said(learner: &Learner, what: &What) -> Said {
    let course = &learner.shelf.course;
    let title = |skill: &str| course.skill(skill).map_or_else(|| skill.to_owned(), |skill| skill.title.clone());
    let module = |skill: &str| activity("skill", skill, &title(skill), "module");
    let question = |item: &str, skill: &str| activity("item", item, &format!("A question on {}", title(skill)), "cmi.interaction");
    let whole = || activity("course", &course.text.id, &course.text.title, "course");
    let placement = || activity("placement", &course.text.id, "Placement", "assessment");
    let plain = |verb, object| Said { verb, object, result: None, extensions: Vec::new() };
    match what {
        What::Profiled(profile) => Said {
            extensions: vec![("stack", json!(profile.stack)), ("system", json!(profile.system_words)), ("hours", json!(profile.hours))],
            ..plain("preferred", activity("background", &course.text.id, "The six questions", ""))
        },
        What::Claimed { skills } => Said {
            extensions: vec![("claimed", json!(skills))],
            ..plain("responded", activity("claims", &course.text.id, "I know this", ""))
        },
        What::PlacementBegan => plain("initialized", placement()),
        What::PlacementEnded { reason } => Said { extensions: vec![("reason", json!(reason))], ..plain("terminated", placement()) },
        What::Answered(answer) => answered(answer, question(&answer.item, &answer.skill), module(&answer.skill)),
        What::Hinted { skill, item, seed, rung } => Said {
            extensions: vec![("seed", json!(seed.to_string())), ("rung", json!(rung)), ("skill", json!(skill))],
            ..plain("asked", question(item, skill))
        },
        What::Predicted(prediction) => Said {
            result: Some(json!({ "score": { "scaled": share(prediction.score) } })),
            extensions: vec![("guesses", json!(prediction.guesses))],
            ..plain(
                "answered",
                activity(
                    "figure",
                    &format!("{}.{}", prediction.skill, prediction.figure),
                    &format!("A prediction in {}", title(&prediction.skill)),
                    "simulation",
                ),
            )
        },
        What::Foresaw(foresight) => Said {
            result: Some(json!({ "score": { "scaled": share(foresight.score) } })),
            extensions: vec![("run", json!(foresight.run)), ("guesses", json!(foresight.guesses))],
            ..plain("answered", activity("design", &foresight.design, "A design of their own", "simulation"))
        },
        What::Taught { skill, depth } => Said {
            result: Some(json!({ "completion": true })),
            extensions: vec![("depth", json!(depth))],
            ..plain("completed", activity("lesson", skill, &title(skill), "lesson"))
        },
        What::Wrote { skill, prompt, .. } => {
            plain("commented", activity("why", &format!("{skill}.{prompt}"), &format!("A why-question in {}", title(skill)), "question"))
        }
        What::Overruled { skill, treatment } => {
            Said { extensions: vec![("treatment", json!(treatment))], ..plain("preferred", module(skill)) }
        }
        What::Certified { certificate } => Said {
            result: Some(json!({ "success": true })),
            extensions: vec![("certificate", json!(certificate))],
            ..plain("passed", whole())
        },
        What::Doubted { skill } => plain("asked", activity("test", skill, &format!("A test of {}", title(skill)), "assessment")),
        What::Corrected { word, holds } => Said {
            extensions: vec![("word", json!(word)), ("holds", json!(holds))],
            ..plain("preferred", activity("background", &course.text.id, "The six questions", ""))
        },
    }
}

fn answered(answer: &Answer, question: Value, module: Value) -> Said {
    let mut result = json!({ "success": answer.outcome == Outcome::Right, "score": { "scaled": share(answer.score) }, "completion": true });
    if answer.text.is_none() {
        result["response"] = json!(answer.response);
    }
    let mut extensions = vec![
        ("outcome", json!(answer.outcome)),
        ("setting", json!(answer.setting)),
        ("attempt", json!(answer.attempt)),
        ("hints", json!(answer.hints)),
        ("seed", json!(answer.seed.to_string())),
        ("skill", module),
    ];
    extensions.extend(answer.confidence.map(|sure| ("sure", json!(share(sure)))));
    Said { verb: "answered", object: question, result: Some(result), extensions }
}

fn share(share: Ppm) -> f64 {
    share.as_f64()
}
