//! Numbers of a lesson that follow from how large the reader's own system is. The sums are the pack's;
//! what was read of the reader is passed in, and where nothing fits the lesson's own number stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use units::Quantity;

use crate::background::{Background, Measure, System, Word};
use crate::claim;
use crate::problem::{Reporter, read_toml};

/// A sum must hold for every size that it takes, so so many between its ends are tried.
const TRIED: u32 = 40;

/// One size of a reader's system: "300 requests/s".
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    /// The id of its measure.
    pub measure: String,
    /// In the unit in which the measure is shown.
    pub value: f64,
    pub shown: String,
}

/// What is known of a reader: it chooses notes, and the numbers of sums.
#[derive(Debug, Clone, Copy, Default)]
pub struct About<'a> {
    /// Ids of stacks, and of what their system is for.
    pub words: &'a [String],
    pub sizes: &'a [Size],
}

/// Whose number a text was computed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The reader's own.
    Reader { shown: String },
    /// The lesson's: the reader gave none.
    Lesson { shown: String },
    /// The lesson's: the reader's is smaller or larger than the sum is good for.
    Outside { shown: String, yours: String },
}

/// A `scale` fence as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawScale {
    /// The id of the measure that the sums begin with.
    measure: String,
    /// The lesson's own size, and the smallest and largest that the sums are good for.
    lesson: String,
    from: String,
    to: String,
    /// How it follows from another measure, where the reader gave that one.
    #[serde(default)]
    or: Vec<RawOther>,
    #[serde(default)]
    sums: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOther {
    given: String,
    value: String,
    /// Says by which assumption it follows.
    say: String,
}

/// A scale whose measures are known.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub(crate) line: usize,
    id: String,
    measure: Measure,
    lesson: f64,
    from: f64,
    to: f64,
    others: Vec<Other>,
    sums: String,
}

#[derive(Debug, Clone)]
struct Other {
    given: Measure,
    value: String,
    say: String,
}

/// What a scale comes to for one reader.
#[derive(Debug, Clone)]
pub(crate) struct Computed {
    /// "load.inside" -> "15".
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) whose: Whose,
    /// Stands before the text; Markdown, empty where nothing was assumed.
    pub(crate) say: String,
}

pub(crate) fn read_scale(text: &str, line: usize, report: &mut Reporter<'_>) -> Option<RawScale> {
    read_toml(text, line, report)
}

impl Background {
    /// The sizes of a system as numbers.
    pub fn sizes(&self, system: &System) -> Vec<Size> {
        system.scales.iter().filter_map(|text| self.measures.iter().find_map(|measure| measure.read(text))).collect()
    }
}

impl Measure {
    /// "300 requests/s", "2 million users": what the chips say, read back.
    fn read(&self, text: &str) -> Option<Size> {
        let units = std::iter::once((self.shown.as_str(), 1.0)).chain(self.larger.iter().map(|(unit, factor)| (unit.as_str(), *factor)));
        let value = units.filter_map(|(unit, factor)| Some(number(text.strip_suffix(unit)?.trim_end())? * factor)).next()?;
        Some(Size { measure: self.id.clone(), value, shown: text.to_owned() })
    }

    /// As the chips say it.
    fn words(&self, value: f64) -> String {
        match self.size(value) {
            Some(Word::Scale(text)) => text,
            _ => format!("{value} {}", self.shown),
        }
    }

    /// As a napkin takes it: "300/s".
    fn on_napkin(&self, value: f64) -> String {
        format!("{value}{}", self.napkin)
    }
}

/// "20,000", "1.5 million".
fn number(text: &str) -> Option<f64> {
    let (digits, factor) = match text.split_once(' ') {
        None => (text, 1.0),
        Some((digits, "million")) => (digits, 1e6),
        Some((digits, "billion")) => (digits, 1e9),
        Some(_) => return None,
    };
    let value: f64 = digits.replace(',', "").parse().ok()?;
    (value.is_finite() && value > 0.0).then_some(value * factor)
}

impl Scale {
    /// Finds the measures, and tries the sums from the smallest size to the largest.
    pub(crate) fn settled(id: &str, line: usize, raw: RawScale, background: &Background, report: &mut Reporter<'_>) -> Option<Self> {
        let find = |name: &str, report: &mut Reporter<'_>| {
            let found = background.measures.iter().find(|measure| measure.id == name);
            if found.is_none() {
                let mut known: Vec<&str> = background.measures.iter().map(|measure| measure.id.as_str()).collect();
                known.dedup();
                report.suggest(
                    line,
                    format!("The scale “{id}” is computed from “{name}”, which background.toml does not measure."),
                    format!("Known are: {}.", known.join(", ")),
                );
            }
            found.cloned()
        };
        let measure = find(&raw.measure, report)?;
        let mut others = Vec::new();
        for other in raw.or {
            others.push(Other { given: find(&other.given, report)?, value: other.value, say: other.say });
        }
        let mut sizes = Vec::new();
        for text in [&raw.from, &raw.lesson, &raw.to] {
            let Some(size) = measure.read(text) else {
                report.suggest(
                    line,
                    format!("“{text}” is not a size in {}.", measure.shown),
                    format!("Write it as learners see it: “300 {0}”, “2 million {0}”.", measure.shown),
                );
                return None;
            };
            sizes.push(size.value);
        }
        let [from, lesson, to] = sizes[..] else { return None };
        if !(from <= lesson && lesson <= to) {
            report.error(line, format!("The scale “{id}” has the lesson's size {} outside of {} to {}.", raw.lesson, raw.from, raw.to));
            return None;
        }
        let scale = Self { line, id: id.to_owned(), measure, lesson, from, to, others, sums: raw.sums };
        match scale.tried() {
            Ok(()) => Some(scale),
            Err(message) => {
                report.error(line, format!("In the scale “{id}”: {message}"));
                None
            }
        }
    }

    /// What it comes to with the first of these sizes that it can be computed from.
    pub(crate) fn computed(&self, sizes: &[Size]) -> Computed {
        let lesson = self.measure.words(self.lesson);
        let mut whose = Whose::Lesson { shown: lesson.clone() };
        if let Some((value, size, say)) = self.of_reader(sizes) {
            if (self.from..=self.to).contains(&value)
                && let Ok(mut values) = self.values(value, &self.measure.words(value))
            {
                values.insert(format!("{}.{}", self.id, size.measure), claim::shown(&size.shown));
                return Computed { values, whose: Whose::Reader { shown: size.shown.clone() }, say: say.to_owned() };
            }
            whose = Whose::Outside { shown: lesson.clone(), yours: size.shown.clone() };
        }
        // The check has computed it with the lesson's own size.
        Computed { values: self.values(self.lesson, &lesson).unwrap_or_default(), whose, say: String::new() }
    }

    /// The reader's size in this scale's measure, the size it comes from, and what is said of that.
    fn of_reader<'a>(&'a self, sizes: &'a [Size]) -> Option<(f64, &'a Size, &'a str)> {
        let given = |measure: &Measure| sizes.iter().find(|size| size.measure == measure.id);
        if let Some(size) = given(&self.measure) {
            return Some((size.value, size, ""));
        }
        self.others.iter().find_map(|other| {
            let size = given(&other.given)?;
            Some((self.following(other, size.value).ok()?, size, other.say.as_str()))
        })
    }

    fn following(&self, other: &Other, value: f64) -> Result<f64, String> {
        let text = format!("{} = {}\n{}", other.given.id, other.given.on_napkin(value), other.value);
        let quantity = last(&text)?;
        let one = last(&self.measure.on_napkin(1.0))?;
        if quantity.dimension != one.dimension {
            return Err(format!("“{}” comes to {}, and {} is wanted.", other.value, quantity.dimension.noun(), one.dimension.noun()));
        }
        Ok(quantity.value / one.value)
    }

    fn values(&self, value: f64, shown: &str) -> Result<BTreeMap<String, String>, String> {
        let text = format!("{} = {}\n{}", self.measure.id, self.measure.on_napkin(value), self.sums);
        let sheet = napkin::evaluate(&text).map_err(|problems| told(&problems))?;
        let mut values = BTreeMap::new();
        for step in &sheet.steps {
            let number = step.value.quantity().value;
            let Some(name) = &step.name else { continue };
            if !(number.is_finite() && number >= 0.0) {
                return Err(format!("{name} comes to {} at {shown}.", step.shown));
            }
            values.insert(format!("{}.{name}", self.id), claim::shown(&step.shown));
        }
        values.insert(format!("{}.{}", self.id, self.measure.id), claim::shown(shown));
        Ok(values)
    }

    fn tried(&self) -> Result<(), String> {
        for value in spread(self.from, self.to).chain([self.lesson]) {
            self.values(value, &self.measure.words(value))?;
        }
        for other in &self.others {
            for given in spread(1.0, 1e12) {
                self.following(other, given)?;
            }
        }
        Ok(())
    }

    /// One reader of each kind that its text must fit: without a size, and with one of each measure.
    pub(crate) fn readers(&self) -> Vec<Vec<Size>> {
        let size = |measure: &Measure, value: f64| vec![Size { measure: measure.id.clone(), value, shown: measure.words(value) }];
        let other = |other: &Other| {
            let fits = |value: &f64| self.following(other, *value).is_ok_and(|value| (self.from..=self.to).contains(&value));
            spread(1.0, 1e12).find(fits).map(|value| size(&other.given, value))
        };
        std::iter::once(Vec::new()).chain([size(&self.measure, self.from)]).chain(self.others.iter().filter_map(other)).collect()
    }
}

/// Sizes from one end to the other, each so many times the one before.
fn spread(from: f64, to: f64) -> impl Iterator<Item = f64> {
    (0..=TRIED).map(move |at| match at {
        0 => from,
        TRIED => to,
        at => from * libm::pow(to / from, f64::from(at) / f64::from(TRIED)),
    })
}

fn last(text: &str) -> Result<Quantity, String> {
    let sheet = napkin::evaluate(text).map_err(|problems| told(&problems))?;
    sheet.answer().map(napkin::Value::quantity).ok_or_else(|| "there is nothing to compute.".to_owned())
}

/// The first mistake, by its line in the sums: the size stands in a line before them.
fn told(problems: &[napkin::Problem]) -> String {
    let told = problems.first().map(|problem| {
        let suggestion = problem.suggestion.as_deref().map(|suggestion| format!(" {suggestion}")).unwrap_or_default();
        format!("line {} of its sums: {}{suggestion}", problem.line.saturating_sub(1).max(1), problem.message)
    });
    told.unwrap_or_default()
}
