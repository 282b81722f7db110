//! A tree of short notation as TOML that a person would have written: a section per part, a
//! line per entry, the telling keys first.

use serde_json::{Map, Value as Json};

use crate::catalogue;

/// Sections in the order of a document; others follow.
const ORDER: &[&str] =
    &["components", "links", "data", "network", "calls", "workload", "traces", "faults", "require", "envelope", "prices", "layout"];
/// Keys that come before those of the catalogue.
const FIRST: &[&str] =
    &["kind", "call", "op", "data", "dist", "from", "arrivals", "share", "rate", "at", "lasts", "warmup", "every", "what", "list", "price"];
const ALIGN_MAX: usize = 24;

pub(super) fn write(root: &Map<String, Json>) -> String {
    let mut out = String::new();
    let plain: Map<String, Json> =
        root.iter().filter(|(key, value)| !is_section(key, value)).map(|(key, value)| (key.clone(), value.clone())).collect();
    lines(&plain, &["octo", "title"], false, &mut out);
    let known = ORDER.iter().filter_map(|key| root.get_key_value(*key));
    let others = root.iter().filter(|(key, _)| !ORDER.contains(&key.as_str()));
    for (key, value) in known.chain(others).filter(|(key, value)| is_section(key, value)) {
        match value {
            Json::Object(map) => {
                out.push_str(&format!("\n[{}]\n", key_text(key)));
                lines(map, FIRST, matches!(key.as_str(), "calls" | "traces"), &mut out);
            }
            Json::Array(list) => {
                for map in list.iter().filter_map(Json::as_object) {
                    out.push_str(&format!("\n[[{}]]\n", key_text(key)));
                    lines(map, FIRST, false, &mut out);
                }
            }
            _ => {}
        }
    }
    out
}

fn is_section(key: &str, value: &Json) -> bool {
    value.is_object() || (key == "faults" && value.is_array())
}

fn lines(map: &Map<String, Json>, first: &[&str], long: bool, out: &mut String) {
    let width = map.keys().map(|key| key_text(key).chars().count()).filter(|width| *width <= ALIGN_MAX).max().unwrap_or(0);
    for (key, value) in sorted(map, first) {
        let key = key_text(key);
        let value = if long { text(value) } else { inline(value) };
        out.push_str(&format!("{key:width$} = {value}\n"));
    }
}

/// A plan or a trace may run over lines of its own; the line end before the closing quotes means
/// nothing to either.
fn text(value: &Json) -> String {
    match value {
        Json::String(lines) if lines.contains('\n') && lines.chars().all(|c| c == '\n' || !(c.is_control() || c == '"' || c == '\\')) => {
            format!("\"\"\"\n{lines}\n\"\"\"")
        }
        _ => inline(value),
    }
}

fn inline(value: &Json) -> String {
    match value {
        Json::Null => "\"\"".into(),
        Json::Bool(flag) => flag.to_string(),
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            // Always with a point or a power, so that it stays a float.
            Some(float) => format!("{float:?}"),
            None => number.to_string(),
        },
        Json::String(text) => quoted(text),
        Json::Array(list) => format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Json::Object(map) if map.is_empty() => "{}".into(),
        Json::Object(map) => {
            let words: Vec<&str> = map
                .get("kind")
                .and_then(Json::as_str)
                .and_then(catalogue::kind)
                .map_or_else(Vec::new, |kind| kind.words().map(|word| word.key).collect());
            let words = if words.is_empty() {
                catalogue::LINK.iter().chain(catalogue::CLASS).chain(catalogue::DATA).map(|word| word.key).collect()
            } else {
                words
            };
            let first: Vec<&str> = FIRST.iter().copied().chain(words).collect();
            let entries: Vec<String> =
                sorted(map, &first).into_iter().map(|(key, value)| format!("{} = {}", key_text(key), inline(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

/// The keys of `first` in their order, then the others by name.
fn sorted<'m>(map: &'m Map<String, Json>, first: &[&str]) -> Vec<(&'m String, &'m Json)> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| (first.iter().position(|word| word == key).unwrap_or(first.len()), *key));
    entries
}

fn key_text(key: &str) -> String {
    if !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
