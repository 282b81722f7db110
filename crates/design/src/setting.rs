//! Settings: from a written value to base units by what the catalogue says a word takes, and
//! back in short and in object form.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use units::{Bytes, Count, Duration, Rate, Share, UnitProblem};

use crate::catalogue::Takes;
use crate::nearest::did_you_mean;
use crate::notation::{above_one, is_free_name, is_name, parse_bandwidth, plain, show_bandwidth, shown};
use crate::tree::map;
use crate::{Arrivals, Call, CallMode, Distribution, Setting};

pub(crate) const UNLIMITED: &str = "unlimited";
const TEXT_MAX: usize = 200;
const NAMES_MAX: usize = 100;

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
            share if share > max => Err(above_one(share)),
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
        Takes::Text => line(text).map(Setting::Word),
        Takes::Distribution => trimmed.parse().map(Setting::Distribution),
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

fn word(text: &str, words: &'static [&'static str]) -> Result<String, UnitProblem> {
    if words.contains(&text) {
        return Ok(text.to_owned());
    }
    let suggestion = did_you_mean(text, words.iter().copied()).unwrap_or_else(|| format!("Write {}.", Takes::Word(words).expected()));
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

    fn factor(self, value: Share) -> String {
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

    pub(crate) fn setting(self, setting: &Setting) -> Json {
        match setting {
            Setting::Count(count) => Json::from(count.0),
            Setting::Duration(value) => self.duration(*value).into(),
            Setting::Rate(value) => self.rate(*value).into(),
            Setting::Bytes(value) => self.bytes(*value).into(),
            Setting::Bandwidth(value) => self.bandwidth(*value).into(),
            Setting::Share(value) => self.share(*value).into(),
            Setting::Flag(flag) => Json::from(*flag),
            Setting::Word(word) => Json::from(word.as_str()),
            Setting::Words(words) => Json::from(words.clone()),
            Setting::Distribution(distribution) => self.distribution(distribution),
            Setting::Table(table) => self.settings(table).into(),
        }
    }

    pub(crate) fn settings(self, settings: &BTreeMap<String, Setting>) -> Map<String, Json> {
        map(settings.iter().map(|(key, setting)| (key.clone(), self.setting(setting))))
    }

    pub(crate) fn distribution(self, distribution: &Distribution) -> Json {
        if self == Self::Short { distribution.to_string().into() } else { self.distribution_object(distribution) }
    }

    /// The object form, with its quantities in this form.
    pub(crate) fn distribution_object(self, distribution: &Distribution) -> Json {
        match distribution {
            Distribution::Constant { value } => json!({"dist": "constant", "value": self.duration(*value)}),
            Distribution::Exponential { mean } => json!({"dist": "exp", "mean": self.duration(*mean)}),
            Distribution::Lognormal { mean, scv } => json!({"dist": "lognormal", "mean": self.duration(*mean), "scv": self.factor(*scv)}),
            Distribution::Erlang { mean, stages } => json!({"dist": "erlang", "mean": self.duration(*mean), "stages": stages.0}),
            Distribution::Hyperexponential { mean, scv } => {
                json!({"dist": "hyper", "mean": self.duration(*mean), "scv": self.factor(*scv)})
            }
            Distribution::TwoPoint { usual, rare, probability } => {
                json!({"dist": "two point", "usual": self.duration(*usual), "rare": self.duration(*rare), "probability": self.share(*probability)})
            }
            Distribution::Uniform { low, high } => json!({"dist": "uniform", "low": self.duration(*low), "high": self.duration(*high)}),
        }
    }

    pub(crate) fn arrivals(self, arrivals: &Arrivals) -> Json {
        if self == Self::Short { arrivals.to_string().into() } else { self.arrivals_object(arrivals) }
    }

    pub(crate) fn arrivals_object(self, arrivals: &Arrivals) -> Json {
        match arrivals {
            Arrivals::Poisson { rate } => json!({"arrivals": "poisson", "rate": self.rate(*rate)}),
            Arrivals::Constant { rate } => json!({"arrivals": "constant", "rate": self.rate(*rate)}),
            Arrivals::Closed { users, think } => json!({"arrivals": "closed", "users": users.0, "think": self.distribution(think)}),
            Arrivals::Other { text } => json!({"arrivals": "other", "text": text}),
        }
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
        if call.probability != Share::ONE {
            object.insert("probability".into(), self.share(call.probability).into());
        }
        for (key, calls) in [("then", &call.then), ("miss", &call.miss)] {
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
