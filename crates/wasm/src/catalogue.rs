//! What a design may say, from the tables by which it is read: for palettes and forms.

use design::catalogue::{CLASS, DATA, KINDS, Kind, LINK, Runs, Takes, Word, notations, prices};
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

/// Every kind and word, with what it means; the same each time.
///
/// ```json
/// {
///   "kinds": [{ "name": "cache", "says", "icon": "M…", "sends": false, "ignores": ["…"], "settings": [SETTING] }],
///   "links": [SETTING], "classes": [SETTING], "data": [SETTING],
///   "notations": { "fault": [{ "name": "crash", "example": "crash web.1" }], "arrivals": [...], "distribution": [...], … },
///   "prices": ["…"]                        // the names of the lists of prices
/// }
/// ```
///
/// A SETTING is `{"key", "says", "takes", "expected"}`, and where they apply `"synonym"`, `"default"`, `"min"`
/// and `"max"` (in the notation of the value), `"choices"`, `"settings"` (of a table), `"unless"` (words beside
/// which there is no default), and `"kept": true` if it changes no run. `takes` is one of "count", "count or
/// unlimited", "time", "rate", "bytes", "bandwidth", "share", "flag", "choice", "name", "component", "names",
/// "counts", "text", "table", or the name of a notation: "distribution", "keys", "backoff", "shed".
/// An icon is the path of an SVG, 24 by 24, drawn as a line of 1.5 without fill.
#[wasm_bindgen]
pub fn catalogue() -> String {
    let ways =
        |ways: Vec<design::catalogue::Way>| ways.iter().map(|way| json!({ "name": way.name, "example": way.example })).collect::<Vec<_>>();
    let notations: Map<String, Value> = notations().into_iter().map(|(name, all)| (name.to_owned(), ways(all).into())).collect();
    json!({
        "kinds": KINDS.iter().map(kind).collect::<Vec<_>>(),
        "links": settings(LINK.iter()),
        "classes": settings(CLASS.iter()),
        "data": settings(DATA.iter()),
        "notations": notations,
        "prices": prices::LISTS.iter().map(|list| list.name).collect::<Vec<_>>(),
    })
    .to_string()
}

fn kind(kind: &Kind) -> Value {
    json!({
        "name": kind.name,
        "says": kind.doc,
        "icon": picture::icon(kind.name),
        "sends": kind.sends(),
        "ignores": kind.ignores,
        "settings": settings(kind.words()),
    })
}

fn settings<'w>(words: impl Iterator<Item = &'w Word>) -> Vec<Value> {
    words.map(setting).collect()
}

fn setting(word: &Word) -> Value {
    let mut fields = Map::new();
    let mut put = |key: &str, value: Value| drop(fields.insert(key.to_owned(), value));
    put("key", word.key.into());
    put("says", word.doc.into());
    put("takes", takes(word.takes).into());
    put("expected", word.takes.expected().into());
    if let Some(synonym) = word.synonym {
        put("synonym", synonym.into());
    }
    if let Some(default) = word.default {
        put("default", default.into());
    }
    if !word.unless.is_empty() {
        put("unless", word.unless.into());
    }
    if word.runs == Runs::Kept {
        put("kept", true.into());
    }
    match word.takes {
        Takes::Count { min, max } | Takes::CountOrUnlimited { min, max } => {
            put("min", min.to_string().into());
            put("max", max.to_string().into());
        }
        Takes::Duration { min, max } => {
            put("min", min.to_string().into());
            put("max", max.to_string().into());
        }
        Takes::Rate { max } => put("max", max.to_string().into()),
        Takes::Bytes { max } => put("max", max.to_string().into()),
        Takes::Share { max } => put("max", max.to_string().into()),
        Takes::Word(words) => put("choices", words.into()),
        Takes::Table(words) => put("settings", settings(words.iter()).into()),
        _ => {}
    }
    Value::Object(fields)
}

fn takes(takes: Takes) -> &'static str {
    match takes {
        Takes::Count { .. } => "count",
        Takes::CountOrUnlimited { .. } => "count or unlimited",
        Takes::Duration { .. } => "time",
        Takes::Rate { .. } => "rate",
        Takes::Bytes { .. } => "bytes",
        Takes::Bandwidth => "bandwidth",
        Takes::Share { .. } => "share",
        Takes::Flag => "flag",
        Takes::Word(_) => "choice",
        Takes::Name => "name",
        Takes::Component => "component",
        Takes::Names => "names",
        Takes::Counts => "counts",
        Takes::Text => "text",
        Takes::Distribution => "distribution",
        Takes::Keys => "keys",
        Takes::Backoff => "backoff",
        Takes::Shed => "shed",
        Takes::Table(_) => "table",
    }
}
