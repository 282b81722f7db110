//! Settings: from a written value to base units by what the catalogue says a word takes, and
//! back in short and in object form.

use sorted::BTreeMap;

use serde_json::{Map, Value as Json};
use units::{Bytes, Count, Duration, Rate, Share, UnitProblem};

use crate::catalogue::{Takes, Word, find, listed};
use crate::nearest::did_you_mean;
use crate::notation::{above_one, is_free_name, is_name, parse_bandwidth, plain, show_bandwidth, shown};
use crate::pattern::Notation;
use crate::tree::map;
use crate::{Arrivals, Backoff, Call, CallMode, Distribution, Keys, Setting, Shed};

pub(crate) const UNLIMITED: &str = "unlimited";
const TEXT_MAX: usize = 200;
const NAMES_MAX: usize = 100;
const COUNTS_MAX: usize = 10_000;
const COUNT_MAX: u64 = 1_000_000;

/// Reads a value as it is typed in short notation. Lists are typed with commas.
pub(crate) fn from_text(takes: Takes, text: &str) -> Result<Setting, UnitProblem> {
    let trimmed = text.trim();
    match takes {
        Takes::CountOrUnlimited { .. } | Takes::Bandwidth if trimmed == UNLIMITED => Ok(Setting::Word(UNLIMITED.into())),
        Takes::CountOrUnlimited { .. } | Takes::Bandwidth if trimmed.starts_with(|c: char| c.is_alphabetic()) => {
            Err(UnitProblem::new(format!("“{}” is not understood here.", shown(trimmed))).suggest(format!("Write {}.", takes.expected())))
        }
        Takes::Count { min, max } | Takes::CountOrUnlimited { min, max } => count(trimmed, min, max).map(Setting::Count),
        Takes::Duration { min, max } => within(Duration::parse(trimmed)?, min, max).map(Setting::Duration),
        Takes::Rate { max } => within(Rate::parse(trimmed)?, Rate(1), max).map(Setting::Rate),
        Takes::Bytes { max } => within(Bytes::parse(trimmed)?, Bytes::ZERO, max).map(Setting::Bytes),
        Takes::Bandwidth => parse_bandwidth(trimmed).map(Setting::Bandwidth),
        Takes::Share { max } => match Share::parse(trimmed)? {
            share if share > max && max == Share::ONE => Err(above_one(share)),
            share if share > max => {
                Err(UnitProblem::new(format!("{share} is more than {max}, the most that is accepted.")).suggest("Check the unit."))
            }
            share => Ok(Setting::Share(share)),
        },
        Takes::Flag => match trimmed {
            "true" => Ok(Setting::Flag(true)),
            "false" => Ok(Setting::Flag(false)),
            _ => Err(UnitProblem::new(format!("“{}” is neither true nor false.", shown(trimmed)))),
        },
        Takes::Word(words) => word(trimmed, words).map(Setting::Word),
        Takes::Name => name(trimmed).map(Setting::Word),
        Takes::Component if is_name(trimmed) => Ok(Setting::Word(trimmed.to_owned())),
        Takes::Component => Err(UnitProblem::new(format!("“{}” is not the name of a component.", shown(trimmed)))),
        Takes::Names => names(trimmed.split(',')),
        Takes::Counts => counts(trimmed.split(',')),
        Takes::Text => line(text).map(Setting::Word),
        Takes::Distribution => trimmed.parse().and_then(Distribution::within_a_day).map(Setting::Distribution),
        Takes::Keys => trimmed.parse::<Keys>().map(|keys| Setting::Word(keys.to_string())),
        Takes::Backoff => trimmed.parse::<Backoff>().map(|backoff| Setting::Word(backoff.to_string())),
        Takes::Shed => trimmed.parse::<Shed>().map(|shed| Setting::Word(shed.to_string())),
        Takes::Table(_) => Err(UnitProblem::new(format!("“{}” is a text, but {} is needed.", shown(trimmed), takes.expected()))),
    }
}

pub(crate) fn names<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Setting, UnitProblem> {
    let names = texts.take(NAMES_MAX + 1).map(|text| name(text.trim())).collect::<Result<Vec<_>, _>>()?;
    if names.len() > NAMES_MAX {
        return Err(UnitProblem::new(format!("More than {NAMES_MAX} names are not kept.")));
    }
    Ok(Setting::Words(names))
}

pub(crate) fn counts<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Setting, UnitProblem> {
    let counts = texts.take(COUNTS_MAX + 1).map(|text| count(text.trim(), 0, COUNT_MAX)).collect::<Result<Vec<_>, _>>()?;
    if counts.len() > COUNTS_MAX {
        return Err(UnitProblem::new(format!("More than {COUNTS_MAX} numbers are not kept.")));
    }
    Ok(Setting::Counts(counts))
}

pub(crate) fn line(text: &str) -> Result<String, UnitProblem> {
    if text.chars().count() > TEXT_MAX || text.contains(char::is_control) {
        return Err(UnitProblem::new("This text is too long, or has control characters.")
            .suggest(format!("Write one line of at most {TEXT_MAX} characters.")));
    }
    Ok(text.to_owned())
}

fn name(text: &str) -> Result<String, UnitProblem> {
    if !is_free_name(text) {
        return Err(UnitProblem::new(format!("“{}” is not a name.", shown(text)))
            .suggest("Write at most 64 letters, digits and . : - _, as in “us-east”."));
    }
    Ok(text.to_owned())
}

pub(crate) fn word(text: &str, words: &[&str]) -> Result<String, UnitProblem> {
    if words.contains(&text) {
        return Ok(text.to_owned());
    }
    let suggestion = did_you_mean(text, words.iter().copied()).unwrap_or_else(|| format!("Write one of {}.", listed(words)));
    Err(UnitProblem::new(format!("“{}” is not one of the words for this key.", shown(text))).suggest(suggestion))
}

fn count(text: &str, min: u64, max: u64) -> Result<Count, UnitProblem> {
    let count = Count::parse(text)?;
    if !(min..=max).contains(&count.0) {
        return Err(UnitProblem::new(format!("{count} is out of range.")).suggest(format!("Write a whole number from {min} to {max}.")));
    }
    Ok(count)
}

fn within<T: PartialOrd + std::fmt::Display>(value: T, min: T, max: T) -> Result<T, UnitProblem> {
    if value < min {
        return Err(UnitProblem::new(format!("{value} is too little.")).suggest("Write more than zero."));
    }
    if value > max {
        return Err(UnitProblem::new(format!("{value} is more than {max}, the most that is accepted."))
            .suggest("Check the unit and the power of ten."));
    }
    Ok(value)
}

/// How a value is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people: "exp 5 ms", "80 %".
    Short,
    /// For digests: objects, and integers in base units.
    Canonical,
}

impl Form {
    pub(crate) fn duration(self, value: Duration) -> String {
        match self {
            Self::Short => value.to_string(),
            Self::Canonical => format!("{} ns", value.0),
        }
    }

    pub(crate) fn rate(self, value: Rate) -> String {
        match self {
            Self::Short => value.to_string(),
            Self::Canonical => format!("{}e-9/s", value.0),
        }
    }

    pub(crate) fn share(self, value: Share) -> String {
        match self {
            Self::Short => value.to_string(),
            Self::Canonical => format!("{}e-9", value.0),
        }
    }

    pub(crate) fn factor(self, value: Share) -> String {
        match self {
            Self::Short => plain(value),
            Self::Canonical => self.share(value),
        }
    }

    fn bytes(self, value: Bytes) -> String {
        match self {
            Self::Short => value.to_string(),
            Self::Canonical => format!("{} B", value.0),
        }
    }

    fn bandwidth(self, value: Bytes) -> String {
        match self {
            Self::Short => show_bandwidth(value),
            Self::Canonical => format!("{} B/s", value.0),
        }
    }

    fn setting(self, setting: &Setting, takes: Option<Takes>) -> Json {
        match setting {
            Setting::Count(count) => Json::from(count.0),
            Setting::Duration(value) => self.duration(*value).into(),
            Setting::Rate(value) => self.rate(*value).into(),
            Setting::Bytes(value) => self.bytes(*value).into(),
            Setting::Bandwidth(value) => self.bandwidth(*value).into(),
            Setting::Share(value) => self.share(*value).into(),
            Setting::Flag(flag) => Json::from(*flag),
            Setting::Word(word) if self == Self::Short => Json::from(word.as_str()),
            Setting::Word(word) => self.notation(word, takes).unwrap_or_else(|| Json::from(word.as_str())),
            Setting::Words(words) => Json::from(words.clone()),
            Setting::Counts(counts) => counts.iter().map(|count| Json::from(count.0)).collect(),
            Setting::Distribution(distribution) => self.distribution(distribution),
            Setting::Table(table) => {
                let words = if let Some(Takes::Table(words)) = takes { words } else { &[] };
                self.settings(table, &|key| find(words.iter(), key)).into()
            }
        }
    }

    /// The object form of a text that is the notation of a type.
    pub(crate) fn notation(self, text: &str, takes: Option<Takes>) -> Option<Json> {
        match takes? {
            Takes::Keys => text.parse::<Keys>().ok().map(|keys| keys.object(self)),
            Takes::Backoff => text.parse::<Backoff>().ok().map(|backoff| backoff.object(self)),
            Takes::Shed => text.parse::<Shed>().ok().map(|shed| shed.object(self)),
            _ => None,
        }
    }

    pub(crate) fn settings(self, settings: &BTreeMap<String, Setting>, find: &dyn Fn(&str) -> Option<&'static Word>) -> Map<String, Json> {
        map(settings.iter().map(|(key, setting)| (key.clone(), self.setting(setting, find(key).map(|word| word.takes)))))
    }

    pub(crate) fn distribution(self, distribution: &Distribution) -> Json {
        if self == Self::Short { distribution.to_string().into() } else { distribution.object(self) }
    }

    pub(crate) fn arrivals(self, arrivals: &Arrivals) -> Json {
        if self == Self::Short { arrivals.to_string().into() } else { arrivals.object(self) }
    }

    /// The object form of a call; what is as usual is left out.
    pub(crate) fn call(self, call: &Call) -> Json {
        let mut object = Map::new();
        object.insert("call".into(), call.to.as_str().into());
        if !call.operation.is_empty() {
            object.insert("op".into(), call.operation.as_str().into());
        }
        if let Some(data) = &call.data {
            object.insert("data".into(), data.as_str().into());
        }
        if !call.modifiers.is_empty() {
            object.insert("with".into(), call.modifiers.clone().into());
        }
        if call.times != Count(1) {
            object.insert("times".into(), call.times.0.into());
        }
        if call.mode != CallMode::Sequence {
            object.insert("mode".into(), mode_name(call.mode).into());
        }
        if let Some(wait) = call.wait {
            object.insert("wait".into(), wait.0.into());
        }
        for (key, flag) in [("cancel", call.cancel), ("optional", call.optional)] {
            if flag {
                object.insert(key.into(), true.into());
            }
        }
        if call.probability != Share::ONE {
            object.insert("probability".into(), self.share(call.probability).into());
        }
        for (key, calls) in [("then", &call.then), ("miss", &call.miss), ("transaction", &call.statements)] {
            if !calls.is_empty() {
                object.insert(key.into(), calls.iter().map(|call| self.call(call)).collect());
            }
        }
        object.into()
    }
}

pub(crate) fn mode_name(mode: CallMode) -> &'static str {
    match mode {
        CallMode::Sequence => "sequence",
        CallMode::Parallel => "parallel",
        CallMode::Async => "async",
    }
}
