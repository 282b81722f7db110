//! The published schema follows the catalogue, and accepts what is right.

use design::catalogue::KINDS;
use design::{Arrivals, Backoff, Distribution, Format, Keys, Shed, What, read, to_json};
use expect_test::{Expect, expect, expect_file};
use serde_json::Value as Json;

use crate::everything::everything;

#[test]
fn the_published_schema_is_fresh() {
    let text = format!("{}\n", serde_json::to_string_pretty(&design::schema()).unwrap());
    expect_file!["../../../../docs/design.schema.json"].assert_eq(&text);
}

#[test]
fn the_schema_knows_every_word_of_every_kind() {
    let schema = design::schema();
    for kind in KINDS {
        for word in kind.words() {
            let property = &schema["$defs"][kind.name]["properties"][word.key];
            assert_eq!(property["description"], word.doc, "{}.{}", kind.name, word.key);
        }
    }
}

#[test]
fn every_example_of_a_notation_is_read() {
    let schema = design::schema();
    let examples = |name: &str| -> Vec<String> {
        let examples = schema["$defs"][name]["oneOf"][0]["examples"].as_array().unwrap();
        examples.iter().map(|example| example.as_str().unwrap().to_owned()).collect()
    };
    for (name, is_read) in [
        ("distribution", (|text| text.parse::<Distribution>().is_ok()) as fn(&str) -> bool),
        ("arrivals", |text| text.parse::<Arrivals>().is_ok()),
        ("keys", |text| text.parse::<Keys>().is_ok()),
        ("backoff", |text| text.parse::<Backoff>().is_ok()),
        ("shed", |text| text.parse::<Shed>().is_ok()),
        ("fault", |text| text.parse::<What>().is_ok()),
    ] {
        let examples = examples(name);
        assert!(examples.len() > 1, "{name}");
        let unread: Vec<_> = examples.iter().filter(|example| !is_read(example)).collect();
        assert!(unread.is_empty(), "{name}: {unread:?}");
    }
}

#[test]
fn the_schema_accepts_a_document_that_uses_everything() {
    let text = |text: &str| read(text, Format::Toml).document;
    for document in [everything(), text(include_str!("sketch.toml")), text(crate::SHOP)] {
        check(&to_json(&document), expect![[""]]);
    }
    // As a person may write the same, with texts in place of objects.
    let short: Json = toml::from_str(include_str!("everything.toml")).unwrap();
    check(&short, expect![[""]]);
}

#[test]
fn the_schema_refuses_other_shapes() {
    let mut document = to_json(&everything());
    document["components"]["web"]["queue"] = Json::from(true);
    document["components"]["lb"]["policy"] = "nearest".into();
    document["faults"][0]["what"] = serde_json::json!({ "fault": "flood", "component": "web" });
    document["workload"]["create"].as_object_mut().unwrap().remove("share");
    check(
        &document,
        expect![[r#"
        /components/lb/policy is not a word that is known
        /components/web/queue is of another type
        /faults/0/what is not one of the forms
        /workload/create is not one of the forms"#]],
    );
}

fn check(document: &Json, expected: Expect) {
    let schema = design::schema();
    let mut wrong = Vec::new();
    Validator { root: &schema }.check(&schema, document, "", &mut wrong);
    expected.assert_eq(&wrong.join("\n"));
}

/// As much of JSON Schema as the published schema uses, but for patterns.
struct Validator<'s> {
    root: &'s Json,
}

impl Validator<'_> {
    fn check(&self, schema: &Json, value: &Json, path: &str, wrong: &mut Vec<String>) {
        let list = |key: &str| schema[key].as_array().map_or(&[] as &[Json], Vec::as_slice);
        let fits = |schema: &Json| {
            let mut wrong = Vec::new();
            self.check(schema, value, path, &mut wrong);
            wrong.is_empty()
        };
        if let Some(name) = schema["$ref"].as_str() {
            self.check(&self.root["$defs"][name.strip_prefix("#/$defs/").unwrap()], value, path, wrong);
        }
        list("allOf").iter().for_each(|schema| self.check(schema, value, path, wrong));
        if schema.get("oneOf").is_some() && list("oneOf").iter().filter(|schema| fits(schema)).count() != 1 {
            wrong.push(format!("{path} is not one of the forms"));
        }
        if schema.get("anyOf").is_some() && !list("anyOf").iter().any(fits) {
            wrong.push(format!("{path} is none of the forms"));
        }
        if schema.get("if").is_some_and(fits) {
            self.check(&schema["then"], value, path, wrong);
        }
        if schema.get("enum").is_some() && !list("enum").contains(value) || schema.get("const").is_some_and(|only| only != value) {
            wrong.push(format!("{path} is not a word that is known"));
        }
        let types = schema.get("type").map(|types| types.as_array().cloned().unwrap_or_else(|| vec![types.clone()]));
        if types.is_some_and(|types| !types.iter().any(|name| is_of(value, name.as_str().unwrap()))) {
            wrong.push(format!("{path} is of another type"));
        }
        let number = |key: &str| schema[key].as_f64();
        if let Some(found) = value.as_f64()
            && (number("minimum").is_some_and(|least| found < least) || number("maximum").is_some_and(|most| found > most))
        {
            wrong.push(format!("{path} is out of range"));
        }
        match value {
            Json::Object(map) => {
                let absent = list("required").iter().filter(|key| !map.contains_key(key.as_str().unwrap()));
                wrong.extend(absent.map(|key| format!("{path} has no {key}")));
                for (key, value) in map {
                    let inner = schema["properties"].get(key).or(schema.get("additionalProperties"));
                    inner.into_iter().for_each(|inner| self.check(inner, value, &format!("{path}/{key}"), wrong));
                }
            }
            Json::Array(values) => {
                let inner = |at: usize| list("prefixItems").get(at).or(schema.get("items"));
                for (at, value) in values.iter().enumerate() {
                    inner(at).into_iter().for_each(|inner| self.check(inner, value, &format!("{path}/{at}"), wrong));
                }
                let length = values.len() as f64;
                if number("minItems").is_some_and(|least| length < least) || number("maxItems").is_some_and(|most| length > most) {
                    wrong.push(format!("{path} is too short or too long"));
                }
            }
            _ => {}
        }
    }
}

fn is_of(value: &Json, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        _ => panic!("the schema speaks of {name}"),
    }
}
