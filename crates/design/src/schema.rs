//! The JSON Schema of a design document, made from the catalogue, for editors that complete and
//! check while one types. It knows shapes and words; limits and notation are checked by `read`.

use serde_json::{Map, Value as Json, json};

use crate::catalogue::{CLASS, DATA, KINDS, LINK, Runs, Takes, Word, prices};
use crate::keys::Population;
use crate::pattern::{Notation, Pattern, Slot};
use crate::{Arrivals, Backoff, Distribution, Hot, Shed, What};

const NAME: &str = "^[A-Za-z][A-Za-z0-9_-]{0,63}$";

/// JSON Schema, draft 2020-12. Published as `docs/design.schema.json`.
pub fn schema() -> Json {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Octo design document",
        "description": "A design, the workload it must live with, and what is required of it. The same tree is written in TOML.",
        "type": "object",
        "required": ["octo", "components"],
        "properties": {
            "octo": { "const": 1, "description": "The meaning of the words." },
            "title": { "type": "string", "maxLength": 200 },
            "components": named(json!({ "$ref": "#/$defs/component" })),
            "links": {
                "type": "object",
                "propertyNames": { "pattern": "^ *[A-Za-z][A-Za-z0-9_-]{0,63} *-> *[A-Za-z][A-Za-z0-9_-]{0,63} *$" },
                "additionalProperties": table(LINK.iter()),
            },
            "data": named(table(DATA.iter())),
            "network": network(),
            "calls": named(json!({ "$ref": "#/$defs/plan" })),
            "workload": workload(),
            "traces": named(trace()),
            "faults": { "type": "array", "items": fault() },
            "require": named(json!({ "type": "string", "maxLength": 200 })),
            "envelope": { "type": "object" },
            "prices": {
                "type": "object",
                "properties": {
                    "list": { "type": "string", "examples": prices::LISTS.iter().map(|list| list.name).collect::<Vec<_>>() },
                    "own": named(price()),
                },
            },
            "layout": { "type": "object", "description": "Where the boxes stand; never part of a digest." },
        },
        "$defs": definitions(),
    })
}

fn definitions() -> Map<String, Json> {
    let mut definitions = Map::new();
    let kinds: Vec<Json> = KINDS.iter().map(|kind| json!({ "const": kind.name, "description": kind.doc })).collect();
    let then: Vec<Json> = KINDS
        .iter()
        .map(|kind| json!({ "if": { "properties": { "kind": { "const": kind.name } } }, "then": { "$ref": format!("#/$defs/{}", kind.name) } }))
        .collect();
    definitions.insert(
        "component".into(),
        json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "oneOf": kinds } }, "allOf": then }),
    );
    for kind in KINDS {
        let mut value = table(kind.words());
        value["description"] = kind.doc.into();
        definitions.insert(kind.name.into(), value);
    }
    definitions.insert("distribution".into(), notation::<Distribution>());
    definitions.insert("arrivals".into(), notation::<Arrivals>());
    definitions.insert("keys".into(), keys());
    definitions.insert("backoff".into(), notation::<Backoff>());
    definitions.insert("shed".into(), notation::<Shed>());
    definitions.insert("fault".into(), notation::<What>());
    definitions.insert(
        "plan".into(),
        json!({ "oneOf": [{ "type": "string", "examples": ["lb > web > db"] }, { "type": "array", "items": { "$ref": "#/$defs/call" } }] }),
    );
    definitions.insert("call".into(), call());
    definitions
}

fn named(value: Json) -> Json {
    json!({ "type": "object", "propertyNames": { "pattern": NAME }, "additionalProperties": value })
}

fn table<'w>(words: impl Iterator<Item = &'w Word>) -> Json {
    let mut properties = Map::new();
    for word in words {
        let mut value = takes(word.takes);
        value["description"] = word.doc.into();
        if let Some(default) = word.default {
            value["default"] = default.into();
        }
        if word.runs == Runs::Kept {
            value["$comment"] = "Kept and shown; it does not change a run.".into();
        }
        if let Some(synonym) = word.synonym {
            properties.insert(synonym.into(), json!({ "$comment": format!("The same as {}.", word.key), "allOf": [value.clone()] }));
        }
        properties.insert(word.key.into(), value);
    }
    json!({ "type": "object", "properties": properties })
}

fn takes(takes: Takes) -> Json {
    match takes {
        Takes::Count { min, max } => json!({ "type": ["integer", "string"], "minimum": min, "maximum": max }),
        Takes::CountOrUnlimited { min, max } => {
            json!({ "type": ["integer", "string"], "minimum": min, "maximum": max, "examples": ["unlimited"] })
        }
        Takes::Duration { .. } => json!({ "type": "string", "examples": ["5 ms"] }),
        Takes::Rate { .. } => json!({ "type": "string", "examples": ["90/s"] }),
        Takes::Bytes { .. } => json!({ "type": "string", "examples": ["64 KiB"] }),
        Takes::Bandwidth => json!({ "type": "string", "examples": ["1 Gbit/s", "unlimited"] }),
        Takes::Share { .. } => json!({ "type": ["string", "number"], "examples": ["80 %", 0.8] }),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Word(words) => json!({ "enum": words }),
        Takes::Name | Takes::Component | Takes::Text => json!({ "type": "string", "maxLength": 200 }),
        Takes::Names => json!({ "type": "array", "items": { "type": "string", "maxLength": 64 } }),
        Takes::Counts => json!({ "type": "array", "items": { "type": "integer", "minimum": 0 } }),
        Takes::Distribution => defined("distribution"),
        Takes::Keys => defined("keys"),
        Takes::Backoff => defined("backoff"),
        Takes::Shed => defined("shed"),
        Takes::Table(words) => table(words.iter()),
    }
}

/// A reference that has room for a description beside it.
fn defined(name: &str) -> Json {
    json!({ "allOf": [{ "$ref": format!("#/$defs/{name}") }] })
}

fn notation<T: Notation>() -> Json {
    patterns(T::TAG, T::PATTERNS)
}

/// The text by its examples, or the object form.
fn patterns(tag: &str, patterns: &'static [Pattern]) -> Json {
    let mut examples: Vec<&str> = patterns.iter().map(|pattern| pattern.example).collect();
    let mut names: Vec<&str> = patterns.iter().map(|pattern| pattern.name).collect();
    examples.dedup();
    names.dedup();
    let mut properties = Map::new();
    properties.extend(patterns.iter().flat_map(Pattern::slots).map(|(key, part)| (key.to_owned(), slot(part))));
    properties.insert(tag.into(), json!({ "enum": names }));
    json!({
        "oneOf": [
            { "type": "string", "examples": examples },
            { "type": "object", "required": [tag], "properties": properties },
        ],
    })
}

fn slot(slot: Slot) -> Json {
    let pairs =
        |items: [Json; 2]| json!({ "type": "array", "items": { "type": "array", "prefixItems": items, "minItems": 2, "maxItems": 2 } });
    let (time, rate) = (json!({ "type": "string", "examples": ["5 ms"] }), json!({ "type": "string", "examples": ["90/s"] }));
    let share = json!({ "type": ["string", "number"] });
    match slot {
        Slot::Time => time,
        Slot::Rate => rate,
        Slot::Share | Slot::Factor => share,
        Slot::Count | Slot::Users => json!({ "type": "integer", "minimum": 0 }),
        Slot::Name => json!({ "type": "string", "pattern": NAME }),
        Slot::Place | Slot::Target => json!({ "type": "string", "maxLength": 100 }),
        Slot::Distribution => json!({ "$ref": "#/$defs/distribution" }),
        Slot::Points => pairs([share, time]),
        Slot::Steps => pairs([time, rate]),
    }
}

fn keys() -> Json {
    let mut keys = notation::<Population>();
    keys["oneOf"][0]["examples"] = json!(["uniform", "zipf 0.99 of 10000", "zipf 1; hot 30 % on 100 keys, moves every 1 min", "fresh"]);
    keys["oneOf"][1]["properties"]["hot"] = notation::<Hot>();
    keys
}

fn network() -> Json {
    let time = json!({ "type": "string", "examples": ["80 ms"] });
    json!({
        "type": "object",
        "description": "Round trips between places.",
        "properties": {
            "zones": { "type": "string", "default": "0 s", "description": "Between two zones of one region." },
            "regions": { "type": "string", "default": "0 s", "description": "Between two regions." },
        },
        "additionalProperties": time,
    })
}

fn trace() -> Json {
    let row = json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }], "minItems": 1, "maxItems": 2 });
    json!({
        "description": "Recorded arrivals: lines of seconds, each with a key after a comma or without; or rows.",
        "oneOf": [{ "type": "string", "examples": ["0.5,7\n0.75,9\n"] }, { "type": "array", "items": row }],
    })
}

fn workload() -> Json {
    let mut class = table(CLASS.iter());
    class["required"] = json!(["from"]);
    class["oneOf"] = json!([{ "required": ["arrivals"] }, { "required": ["share"] }]);
    class["properties"]["from"] =
        json!({ "type": "string", "pattern": NAME, "description": "The clients or the scheduler that sends it." });
    class["properties"]["arrivals"] = described("arrivals", "How its requests arrive.");
    class["properties"]["share"] = json!({ "type": ["string", "number"], "description": "Its share of the arrivals of the workload." });
    json!({
        "type": "object",
        "properties": {
            "lasts": { "type": "string", "default": "60 s", "description": "How long requests are sent." },
            "warmup": { "type": ["string", "number"], "default": "5 %", "description": "The share at the start that is not measured." },
            "arrivals": described("arrivals", "What the classes divide up that have a share."),
        },
        "propertyNames": { "pattern": NAME },
        "additionalProperties": class,
    })
}

fn described(name: &str, description: &str) -> Json {
    let mut value = defined(name);
    value["description"] = description.into();
    value
}

fn fault() -> Json {
    json!({
        "type": "object",
        "required": ["what"],
        "anyOf": [{ "required": ["at"] }, { "required": ["every"] }],
        "properties": {
            "at": { "type": "string", "examples": ["6 min"], "description": "When it begins, from the start of the run." },
            "lasts": described("distribution", "How long it lasts; without, to the end. A plain time unless it comes again."),
            "every": described("distribution", "It comes again, each time so long after the last one ended."),
            "what": described("fault", "What goes wrong."),
        },
    })
}

fn price() -> Json {
    let text = json!({ "type": "string", "examples": ["0.1 USD/h"] });
    json!({ "oneOf": [text, { "type": "object", "required": ["price"], "properties": { "price": text, "source": { "type": "string" } } }] })
}

fn call() -> Json {
    let calls = json!({ "type": "array", "items": { "$ref": "#/$defs/call" } });
    json!({
        "type": "object",
        "anyOf": [{ "required": ["call"] }, { "required": ["transaction"] }],
        "properties": {
            "call": { "type": "string", "pattern": NAME },
            "op": { "type": "string" },
            "data": { "type": "string" },
            "with": { "type": "array", "items": { "type": "string" } },
            "times": { "type": "integer", "minimum": 1, "maximum": crate::plan::TIMES_MAX, "default": 1 },
            "mode": { "enum": ["sequence", "parallel", "async"], "default": "sequence" },
            "wait": { "type": "integer", "minimum": 1, "description": "How many answers of its parallel group are enough." },
            "cancel": { "type": "boolean", "default": false, "description": "Whether the others are then called back." },
            "probability": { "type": ["string", "number"], "default": "100 %" },
            "optional": { "type": "boolean", "default": false, "description": "Whether the caller goes on when it fails." },
            "then": calls,
            "miss": calls,
            "transaction": calls,
        },
    })
}
