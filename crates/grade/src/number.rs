//! Numbers: read with their unit, scored as a sum or on the scale of estimates, and the range that
//! is asked for beside some of them (learning note 4.2).

use std::collections::BTreeMap;

use course::{Form, Item, Numeric};
use record::{Interval, Ppm};
use units::{Dimension, Quantity};

use crate::answer::{Html, Judged, Say, Verdict};
use crate::score::{band_score, interval_score};

/// How often a range is to hold the truth.
const LEVEL: f64 = 0.8;

pub(crate) fn judge(item: &Item, numeric: &Numeric, seed: u64, text: &str, range: Option<(&str, &str)>, html: &Html<'_>) -> Judged {
    let Some(truth) = Truth::of(item, numeric, seed) else {
        return Judged::Question("This question cannot be computed; its author has been told by the pack check.".into());
    };
    match truth.judge(text, range, html) {
        Ok(verdict) => Judged::Verdict(verdict),
        Err(question) => Judged::Question(question),
    }
}

/// The answer of a numeric item in the unit asked for, for the page that shows it after the fact.
pub fn key(item: &Item, seed: u64) -> Option<String> {
    let Form::Numeric(numeric) = &item.form else { return None };
    let truth = Truth::of(item, numeric, seed)?;
    let key = truth.shown(truth.key.value);
    if truth.low < truth.high {
        return Some(format!("{key} (anything from {} to {} is as good)", truth.shown(truth.low), truth.shown(truth.high)));
    }
    Some(key)
}

/// What an item asks for with one seed.
struct Truth<'a> {
    item: &'a Item,
    numeric: &'a Numeric,
    seed: u64,
    key: Quantity,
    /// The band of honest answers; the key alone where there is none.
    low: f64,
    high: f64,
}

impl<'a> Truth<'a> {
    fn of(item: &'a Item, numeric: &'a Numeric, seed: u64) -> Option<Self> {
        let key = item.solve(&numeric.solve, seed).ok()?;
        let end = |at: usize| match &numeric.band {
            Some(band) => item.solve(&band[at], seed).ok().map(|end| end.value),
            None => Some(key.value),
        };
        Some(Self { item, numeric, seed, key, low: end(0)?, high: end(1)? })
    }

    /// `Err` is a question back: what was typed cannot be read in one way.
    fn judge(&self, text: &str, range: Option<(&str, &str)>, html: &Html<'_>) -> Result<Verdict, String> {
        let given = self.typed(text)?;
        let interval = range.map(|(low, high)| self.interval(given, low, high)).transpose()?;
        let score = match self.numeric.within {
            Some(within) => f64::from(u8::from(near(given.value, self.key.value, within))),
            None => band_score(given.value, self.low, self.high),
        };
        let right = score >= 0.5;
        let mut say = vec![Say::of_all(html(if right { &self.item.right } else { self.slip(given) }))];
        say.extend(interval.as_ref().map(|interval| Say::of_all(self.sentence(interval))));
        Ok(Verdict { interval, ..Verdict::new(right, score, say) })
    }

    /// What is said of a wrong number: the known way to come to it, if there is one.
    fn slip(&self, given: Quantity) -> &'a str {
        let within = self.numeric.within.unwrap_or(0.05);
        let leads_here = |solve: &str| {
            self.item
                .solve(solve, self.seed)
                .is_ok_and(|wrong| wrong.dimension == given.dimension && near(given.value, wrong.value, within))
        };
        self.numeric.slips.iter().find(|slip| leads_here(&slip.solve)).map_or(&self.item.otherwise, |slip| &slip.say)
    }

    fn typed(&self, text: &str) -> Result<Quantity, String> {
        let wrong_unit = &self.numeric.wrong_unit;
        let vars = self.item.vars(self.seed);
        // A question is shown as plain text, so only the varied values are put in.
        let context = course::Context { values: &BTreeMap::new(), sources: &[], vars: &vars };
        let wrong_unit = if wrong_unit.is_empty() { String::new() } else { course::plain(wrong_unit, context) };
        typed(text, self.numeric.unit.as_deref(), self.key.dimension, &wrong_unit)
    }

    /// The range beside the truth. A range that its own author does not believe is asked about.
    fn interval(&self, given: Quantity, low: &str, high: &str) -> Result<Interval, String> {
        let (from, to) = (self.typed(low)?.value, self.typed(high)?.value);
        if from <= 0.0 || to <= 0.0 {
            return Err("Both ends of the range are above nothing. Which did you mean?".into());
        }
        if from > to {
            return Err("The range begins above its end. Write the smaller number first.".into());
        }
        if !(from..=to).contains(&given.value) {
            return Err("Your best value lies outside your own range. Which of the two do you believe?".into());
        }
        let score = interval_score(from, to, self.key.value, 1.0 - LEVEL);
        Ok(Interval {
            level: Ppm::from_f64(LEVEL),
            low: self.kept(from),
            high: self.kept(to),
            truth: self.kept(self.key.value),
            held: (from..=to).contains(&self.key.value),
            score: (score * 1000.0).round().min(1e9) as u32,
        })
    }

    fn sentence(&self, interval: &Interval) -> String {
        let value = |text: &str| Quantity::parse(text).map_or(0.0, |quantity| quantity.value);
        let (low, high) = (value(&interval.low), value(&interval.high));
        let n = |value: f64| format!("<span class=\"n\">{}</span>", escaped(&self.shown(value)));
        let what = if interval.held {
            "It holds the answer."
        } else if self.key.value < low {
            "The answer lies below it."
        } else {
            "The answer lies above it."
        };
        format!("<p>Your range goes from {} to {}, a factor of {}. {what}</p>", n(low), n(high), units::significant(high / low))
    }

    /// In the unit asked for, as a page shows it.
    fn shown(&self, value: f64) -> String {
        let quantity = Quantity::new(value, self.key.dimension);
        let Some((unit, size)) = self.unit() else { return quantity.to_string() };
        let space = if unit.starts_with(['/', '%']) { "" } else { " " };
        format!("{}{space}{unit}", units::significant(value / size))
    }

    /// The same as the record keeps it: without separators, so that it can be read again.
    fn kept(&self, value: f64) -> String {
        self.shown(value).replace(',', "")
    }

    fn unit(&self) -> Option<(&str, f64)> {
        let unit = self.numeric.unit.as_deref()?;
        let size = Quantity::parse(&format!("1 {unit}")).ok().filter(|size| size.dimension == self.key.dimension)?;
        Some((unit, size.value))
    }
}

fn near(given: f64, truth: f64, within: f64) -> bool {
    (given - truth).abs() <= within * truth.abs()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Reads a typed number in the unit that the item asks for; a question where it cannot be read.
fn typed(text: &str, unit: Option<&str>, wanted: Dimension, wrong_unit: &str) -> Result<Quantity, String> {
    let given = Quantity::parse(text).map_err(|problem| problem.to_string())?;
    // Shares and plain numbers have the same dimension, so the sign beside the field decides.
    if unit == Some("%") && !text.contains('%') {
        return Quantity::parse(&format!("{text} %")).map_err(|problem| problem.to_string());
    }
    if given.dimension == wanted {
        return Ok(given);
    }
    // A bare number is taken in the unit that stands beside the field.
    if given.dimension == Dimension::NONE
        && let Some(unit) = unit
        && let Ok(given) = Quantity::parse(&format!("{text} {unit}"))
        && given.dimension == wanted
    {
        return Ok(given);
    }
    // The cents, kilobytes and percents of a count are still a count; the rest is a question.
    Err(if wrong_unit.is_empty() {
        format!("“{text}” is {}, but {} is asked for. Which did you mean?", given.dimension.noun(), wanted.noun())
    } else {
        wrong_unit.to_owned()
    })
}
