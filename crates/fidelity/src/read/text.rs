//! A check file as it is written, with the places of what can be wrong.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::Class;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileText {
    pub id: Spanned<String>,
    pub title: String,
    pub says: String,
    pub source: String,
    pub class: Class,
    #[serde(default)]
    pub case: Vec<CaseText>,
    #[serde(default)]
    pub pure: Vec<SumText>,
    #[serde(default)]
    pub facts: Vec<FactText>,
    #[serde(default)]
    pub cannot: Vec<CannotText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseText {
    pub name: Spanned<String>,
    pub design: Option<Spanned<String>>,
    pub like: Option<Spanned<String>>,
    #[serde(default)]
    pub set: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub full: LengthText,
    #[serde(default)]
    pub quick: LengthText,
    pub expect: Option<ExpectText>,
    pub order: Option<Vec<Spanned<String>>>,
    pub ratio: Option<RatioText>,
    pub law: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct LengthText {
    pub seeds: Option<u64>,
    pub lasts: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RatioText {
    pub of: Spanned<String>,
    pub to: Spanned<String>,
    pub expect: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SumText {
    pub name: String,
    pub napkin: String,
    pub expect: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FactText {
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CannotText {
    pub reason: String,
}

/// A table of measures, or the one value of a law.
#[derive(Default)]
pub(super) struct ExpectText {
    /// In the order of the file.
    pub measures: Vec<(String, Spanned<String>)>,
    pub alone: Option<String>,
}

impl<'de> Deserialize<'de> for ExpectText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

/// serde's own "untagged" would lose the places.
struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = ExpectText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of measures and what is expected of each, or one expected value")
    }

    fn visit_str<E>(self, text: &str) -> Result<ExpectText, E> {
        Ok(ExpectText { alone: Some(text.to_owned()), ..ExpectText::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ExpectText, A::Error> {
        let mut measures = Vec::new();
        while let Some(entry) = map.next_entry::<String, Spanned<String>>()? {
            measures.push(entry);
        }
        measures.sort_by_key(|(_, text)| text.span().start);
        Ok(ExpectText { measures, alone: None })
    }
}
