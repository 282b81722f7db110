//! One tree for TOML and JSON, in which every value knows where it was written.
//!
//! Nothing here knows what a design is. A text is refused before parsing when it is too large;
//! a value nested too deeply, or of a sort that only one of the two notations has, is left out
//! with a slip. JSON is read here; whole texts of TOML, which browsers do without, and single
//! values of it are read in the files below.

mod inline;
#[cfg(feature = "toml")]
mod toml_text;

use sorted::{BTreeMap, btree_map};
use std::ops::Range;

use jsonc_parser::{CollectOptions, ParseOptions, ast};
use serde_json::{Map, Value as Json};

pub(crate) use inline::parse_inline;
#[cfg(feature = "toml")]
pub(crate) use toml_text::parse_toml;

pub(crate) const TEXT_MAX: usize = 1 << 20;
pub(crate) const DEPTH_MAX: usize = 64;

/// A value and the bytes it was written in.
#[derive(Debug)]
pub(crate) struct Node {
    pub value: Value,
    pub at: usize,
    /// For a text without escapes: the byte at which its first letter stands.
    pub inner: Option<usize>,
}

#[derive(Debug)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Flag(bool),
    List(Vec<Node>),
    Table(Table),
}

pub(crate) type Table = BTreeMap<String, Entry>;

#[derive(Debug)]
pub(crate) struct Entry {
    /// Where the key begins.
    pub at: usize,
    pub node: Node,
}

/// Something that is not TOML or not JSON, and where [byte].
#[derive(Debug)]
pub(crate) struct Slip {
    pub at: usize,
    pub message: String,
    pub suggestion: Option<String>,
}

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Any JSON, by the reader that designs are read with: a browser's engine needs no second one. What is
/// nested deeper than a design may be is null.
pub fn json(text: &str) -> Result<Json, String> {
    let told = |error: jsonc_parser::errors::ParseError| error.kind().to_string().trim_end_matches('.').to_owned();
    let value = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(told)?.value;
    value.map(|value| plain(value, 0)).ok_or_else(|| "there is nothing".to_owned())
}

fn plain(value: ast::Value<'_>, depth: usize) -> Json {
    match value {
        ast::Value::StringLit(text) => text.value.into_owned().into(),
        ast::Value::NumberLit(number) => match number.value.parse::<i64>() {
            Ok(integer) => integer.into(),
            Err(_) => units::float(number.value).map_or(Json::Null, Json::from),
        },
        ast::Value::BooleanLit(flag) => flag.value.into(),
        ast::Value::Array(array) if depth < DEPTH_MAX => array.elements.into_iter().map(|value| plain(value, depth + 1)).collect(),
        ast::Value::Object(object) if depth < DEPTH_MAX => {
            Json::Object(map(object.properties.into_iter().map(|property| (property.name.into_string(), plain(property.value, depth + 1)))))
        }
        ast::Value::NullKeyword(_) | ast::Value::Array(_) | ast::Value::Object(_) => Json::Null,
    }
}

pub(crate) fn parse_json(text: &str) -> (Table, Vec<Slip>) {
    let mut tree = Tree { text, slips: Vec::new() };
    let table = match jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(result) => match result.value {
            Some(ast::Value::Object(object)) => tree.json_table(object, 1),
            _ => {
                tree.slip(0, "A design is an object.", Some("Begin with {."));
                Table::new()
            }
        },
        Err(error) => {
            let message = format!("This is not JSON: {}.", error.kind().to_string().trim_end_matches('.'));
            tree.slips.push(slip(error.range().start, message, None));
            Table::new()
        }
    };
    (table, tree.slips)
}

impl Node {
    pub(crate) fn to_json(&self) -> Json {
        match &self.value {
            Value::Text(text) => Json::from(text.as_str()),
            Value::Integer(integer) => Json::from(*integer),
            Value::Float(float) => Json::from(*float),
            Value::Flag(flag) => Json::from(*flag),
            Value::List(nodes) => nodes.iter().map(Self::to_json).collect(),
            Value::Table(table) => Json::Object(map(table.iter().map(|(key, entry)| (key.clone(), entry.node.to_json())))),
        }
    }

    /// A single value as it would be typed; `None` for lists and tables.
    pub(crate) fn as_typed(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) => Some(text.clone()),
            Value::Integer(integer) => Some(integer.to_string()),
            Value::Float(float) => Some(float.to_string()),
            Value::Flag(flag) => Some(flag.to_string()),
            Value::List(_) | Value::Table(_) => None,
        }
    }

    /// What it is in a sentence.
    pub(crate) fn noun(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a text",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Flag(_) => "true or false",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// A JSON object, entry by entry. `collect` sorts first, and a sort for every type that is
/// collected makes the engine noticeably larger for all who download it.
pub(crate) fn map(entries: impl Iterator<Item = (String, Json)>) -> Map<String, Json> {
    let mut map = Map::new();
    map.extend(entries);
    map
}

fn slip(at: usize, message: impl Into<String>, suggestion: Option<&str>) -> Slip {
    Slip { at, message: message.into(), suggestion: suggestion.map(str::to_owned) }
}

struct Tree<'a> {
    text: &'a str,
    slips: Vec<Slip>,
}

impl Tree<'_> {
    fn slip(&mut self, at: usize, message: impl Into<String>, suggestion: Option<&str>) {
        self.slips.push(slip(at, message, suggestion));
    }

    fn json_table(&mut self, object: ast::Object<'_>, depth: usize) -> Table {
        let mut out = Table::new();
        for property in object.properties {
            let at = property.range.start;
            let key = property.name.into_string();
            match out.entry(key) {
                btree_map::Entry::Occupied(_) => {
                    self.slip(at, "This key is written twice in the same object.", Some("Take one of them out."))
                }
                btree_map::Entry::Vacant(place) => {
                    if let Some(node) = self.json_node(property.value, depth) {
                        place.insert(Entry { at, node });
                    }
                }
            }
        }
        out
    }

    fn json_node(&mut self, value: ast::Value<'_>, depth: usize) -> Option<Node> {
        let range = jsonc_parser::common::Ranged::range(&value);
        let (at, span) = (range.start, range.start..range.end);
        let mut inner = None;
        let value = match value {
            ast::Value::StringLit(text) => {
                inner = self.inner(span, &text.value);
                Value::Text(text.value.into_owned())
            }
            ast::Value::NumberLit(number) if number.value.contains(['.', 'e', 'E']) => Value::Float(self.float(number.value, at)?),
            ast::Value::NumberLit(number) => match number.value.parse() {
                Ok(integer) => Value::Integer(integer),
                Err(_) => {
                    self.slip(at, "This number is larger than can be held.", Some("Check it, or write it as a text."));
                    return None;
                }
            },
            ast::Value::BooleanLit(flag) => Value::Flag(flag.value),
            ast::Value::NullKeyword(_) => {
                self.slip(at, "null says nothing here.", Some("Leave the key out."));
                return None;
            }
            ast::Value::Array(_) | ast::Value::Object(_) if depth >= DEPTH_MAX => {
                self.slip(at, format!("This is nested deeper than {DEPTH_MAX}."), None);
                return None;
            }
            ast::Value::Array(array) => {
                Value::List(array.elements.into_iter().filter_map(|node| self.json_node(node, depth + 1)).collect())
            }
            ast::Value::Object(object) => Value::Table(self.json_table(object, depth + 1)),
        };
        Some(Node { value, at, inner })
    }

    fn float(&mut self, text: &str, at: usize) -> Option<f64> {
        match units::float(text) {
            Some(float) => Some(float),
            None => {
                self.slip(
                    at,
                    format!("“{}” is not a number that can be held.", crate::notation::shown(text)),
                    Some("Write a finite number."),
                );
                None
            }
        }
    }

    /// Where the letters of a quoted text begin, if they stand in the source as they are.
    fn inner(&self, span: Range<usize>, decoded: &str) -> Option<usize> {
        let raw = self.text.get(span.clone())?;
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| raw.starts_with(quote))?;
        let mut begin = quote.len();
        if quote.len() == 3 && raw[begin..].starts_with('\n') {
            begin += 1;
        }
        raw[begin..].starts_with(decoded).then_some(span.start + begin)
    }
}
