//! What a check expects of a measure: "50 ms +- 2 %", ">= 10", "= 67", "never"; and whether a
//! measured value is that.

use units::{Quantity, UnitProblem, number_length};

use crate::measured::figures;
use crate::{Form, Measured};

#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The value as it is written: "50 ms", "never".
    pub value: String,
    pub rule: Rule,
    /// The unit in which values are shown, and its size in base units.
    unit: String,
    size: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Within this part of the value: 0.02.
    Relative(Quantity, f64),
    /// Within this much, in base units.
    Absolute(Quantity, f64),
    AtLeast(Quantity),
    AtMost(Quantity),
    Exactly(Quantity),
    Word(String),
}

/// What a measured value is worth, and how that is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    pub holds: bool,
    /// "50.312 ms"
    pub measured: String,
    /// "+0.62 %", or the difference where the band is one; empty at bounds.
    pub error: String,
    /// "2 %"; empty at bounds.
    pub tolerance: String,
    /// How much of the band is used up, 1 at its edge; none at bounds.
    pub used: Option<f64>,
}

/// An exact value has gone through sums of floating numbers.
const ROUNDING: f64 = 1e-9;

impl Expected {
    pub fn parse(text: &str) -> Result<Self, UnitProblem> {
        let text = text.trim();
        for (mark, rule) in [(">=", Rule::AtLeast as fn(Quantity) -> Rule), ("<=", Rule::AtMost), ("=", Rule::Exactly)] {
            if let Some(value) = text.strip_prefix(mark) {
                return Self::of(value, |quantity| Ok(rule(quantity)));
            }
        }
        if let Some((value, band)) = text.split_once("+-") {
            return Self::of(value, |quantity| rule(quantity, band.trim()));
        }
        if !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || c == ' ') {
            return Ok(Self { value: text.into(), rule: Rule::Word(text.into()), unit: String::new(), size: 1.0 });
        }
        Err(UnitProblem::new(format!("“{text}” has no band.")).suggest("Write “50 ms +- 2 %”, “>= 10”, “<= 5 s”, “= 67” or “never”."))
    }

    fn of(value: &str, rule: impl FnOnce(Quantity) -> Result<Rule, UnitProblem>) -> Result<Self, UnitProblem> {
        let value = value.trim();
        let quantity = Quantity::parse(value)?;
        let unit = &value[number_length(value)..];
        let size = Quantity::parse(&format!("1{unit}"))?.value;
        Ok(Self { value: value.into(), rule: rule(quantity)?, unit: unit.into(), size })
    }

    pub fn judge(&self, measured: &Measured, form: Form) -> Judgement {
        let quantity = match (&self.rule, measured) {
            (Rule::Word(word), other) => {
                let measured = other.to_string();
                return Judgement::plain(*word == measured, measured);
            }
            (_, Measured::Word(word)) => return Judgement::plain(false, word.clone()),
            (_, Measured::Quantity(quantity)) => *quantity,
        };
        let expected = match &self.rule {
            Rule::Relative(expected, _) | Rule::Absolute(expected, _) => *expected,
            Rule::AtLeast(expected) | Rule::AtMost(expected) | Rule::Exactly(expected) => *expected,
            Rule::Word(_) => quantity,
        };
        if quantity.dimension != expected.dimension {
            return Judgement::plain(false, format!("{quantity}, {} and not {}", quantity.dimension.noun(), expected.dimension.noun()));
        }
        let shown = self.show(quantity.value);
        let error = quantity.value - expected.value;
        let slack = ROUNDING * expected.value.abs().max(ROUNDING);
        match &self.rule {
            Rule::Relative(_, band) => {
                let (error, band) = (error / expected.value, band * form.widening());
                let told = (format!("{:+.2} %", error * 100.0), format!("{} %", figures(band * 100.0, 3)));
                Judgement::banded(shown, error, band, told)
            }
            Rule::Absolute(_, band) => {
                let band = band * form.widening();
                let sign = if error < 0.0 { "" } else { "+" };
                Judgement::banded(shown, error, band, (format!("{sign}{}", self.show_short(error)), self.show_short(band)))
            }
            Rule::AtLeast(_) => Judgement::plain(error >= -slack, shown),
            Rule::AtMost(_) => Judgement::plain(error <= slack, shown),
            Rule::Exactly(_) | Rule::Word(_) => Judgement::plain(error.abs() <= slack, shown),
        }
    }

    /// A value in base units as the expected one is written.
    pub fn show(&self, value: f64) -> String {
        format!("{}{}", figures(value / self.size, 5), self.unit)
    }

    fn show_short(&self, value: f64) -> String {
        format!("{}{}", figures(value / self.size, 3), self.unit)
    }

    /// As it stands in a table: ">= 10 s".
    pub fn wanted(&self) -> String {
        let mark = match self.rule {
            Rule::AtLeast(_) => "≥ ",
            Rule::AtMost(_) => "≤ ",
            Rule::Exactly(_) => "exactly ",
            Rule::Relative(..) | Rule::Absolute(..) | Rule::Word(_) => "",
        };
        format!("{mark}{}", self.value)
    }
}

fn rule(expected: Quantity, band: &str) -> Result<Rule, UnitProblem> {
    let width = Quantity::parse(band)?;
    let relative = band.ends_with('%');
    if width.value <= 0.0 {
        return Err(UnitProblem::new(format!("“{band}” is no band.")).suggest("Write how far off it may be, as in “+- 2 %”."));
    }
    if relative && expected.value == 0.0 {
        return Err(UnitProblem::new("A part of nothing is nothing.").suggest("Write the band as a value, or “<= 0”."));
    }
    if relative {
        return Ok(Rule::Relative(expected, width.value));
    }
    if width.dimension != expected.dimension {
        let message = format!("The value is {} and the band {}.", expected.dimension.noun(), width.dimension.noun());
        return Err(UnitProblem::new(message).suggest("Write both in units of the same kind, or the band in per cent."));
    }
    Ok(Rule::Absolute(expected, width.value))
}

impl Judgement {
    fn plain(holds: bool, measured: String) -> Self {
        Self { holds, measured, error: String::new(), tolerance: String::new(), used: None }
    }

    fn banded(measured: String, error: f64, band: f64, (told, tolerance): (String, String)) -> Self {
        let used = error.abs() / band;
        Self { holds: used <= 1.0 + ROUNDING, measured, error: told, tolerance, used: Some(used) }
    }
}
