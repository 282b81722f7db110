//! The JSON Schema of a design document, made from the catalogue, for editors that complete and
//! check while one types. It knows shapes and words; limits and notation are checked by `read`.

use serde_json::{Map, Value as Json, json};

use crate::catalogue::{CLASS, DATA, KINDS, LINK, Takes, Word, prices};

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
            "calls": named(json!({ "$ref": "#/$defs/plan" })),
            "workload": workload(),
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
    definitions.insert("distribution".into(), distribution());
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
        Takes::Distribution => json!({ "allOf": [{ "$ref": "#/$defs/distribution" }] }),
        Takes::Table(words) => table(words.iter()),
    }
}

fn distribution() -> Json {
    let time = json!({ "type": "string", "examples": ["5 ms"] });
    let share = json!({ "type": ["string", "number"] });
    json!({
        "oneOf": [
            { "type": "string", "examples": ["5 ms", "exp 5 ms", "lognormal 6 ms scv 2", "erlang 4 10 ms", "hyper 10 ms scv 4", "10 ms or 1 s 1 %", "uniform 5 ms..15 ms"] },
            {
                "type": "object",
                "required": ["dist"],
                "properties": {
                    "dist": { "enum": crate::notation::DISTRIBUTIONS },
                    "value": time, "mean": time, "usual": time, "rare": time, "low": time, "high": time,
                    "scv": share, "probability": share,
                    "stages": { "type": "integer", "minimum": 1 },
                },
            },
        ],
    })
}

fn workload() -> Json {
    let mut class = table(CLASS.iter());
    class["required"] = json!(["from", "arrivals"]);
    class["properties"]["from"] = json!({ "type": "string", "pattern": NAME, "description": "The clients that send it." });
    class["properties"]["arrivals"] = json!({
        "description": "How its requests arrive.",
        "oneOf": [
            { "type": "string", "examples": ["poisson 90/s", "constant 90/s", "closed 50 users think exp 1 s"] },
            {
                "type": "object",
                "required": ["arrivals"],
                "properties": {
                    "arrivals": { "enum": ["poisson", "constant", "closed", "other"] },
                    "rate": { "type": "string" },
                    "users": { "type": "integer", "minimum": 1 },
                    "think": { "$ref": "#/$defs/distribution" },
                    "text": { "type": "string" },
                },
            },
        ],
    });
    json!({
        "type": "object",
        "properties": {
            "lasts": { "type": "string", "default": "60 s", "description": "How long requests are sent." },
            "warmup": { "type": ["string", "number"], "default": "5 %", "description": "The share at the start that is not measured." },
        },
        "propertyNames": { "pattern": NAME },
        "additionalProperties": class,
    })
}

fn fault() -> Json {
    json!({
        "type": "object",
        "required": ["at", "what"],
        "properties": {
            "at": { "type": "string", "examples": ["6 min"] },
            "lasts": { "type": "string", "examples": ["10 s"] },
            "what": { "type": "string", "examples": ["flush cache"] },
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
        "required": ["call"],
        "properties": {
            "call": { "type": "string", "pattern": NAME },
            "op": { "type": "string" },
            "data": { "type": "string" },
            "with": { "type": "array", "items": { "type": "string" } },
            "times": { "type": "integer", "minimum": 1, "maximum": crate::plan::TIMES_MAX, "default": 1 },
            "mode": { "enum": ["sequence", "parallel", "async"], "default": "sequence" },
            "probability": { "type": ["string", "number"], "default": "100 %" },
            "then": calls,
            "miss": calls,
        },
    })
}
