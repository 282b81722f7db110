//! A floating quantity with its dimension: what a run measured, what a sum gave, what a
//! learner answered. Exact values live in `exact`; expressions in `napkin`.

use std::fmt;

use crate::number::parse_number;
use crate::{UnitProblem, find_unit, is_thing, meant, quoted};

/// Powers of time [s], data [B] and money [USD]. Requests, users and rows are plain counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dimension {
    pub time: i8,
    pub data: i8,
    pub money: i8,
}

impl Dimension {
    pub const NONE: Self = Self { time: 0, data: 0, money: 0 };
    pub const TIME: Self = Self { time: 1, data: 0, money: 0 };
    pub const RATE: Self = Self { time: -1, data: 0, money: 0 };
    pub const DATA: Self = Self { time: 0, data: 1, money: 0 };
    pub const BANDWIDTH: Self = Self { time: -1, data: 1, money: 0 };
    pub const MONEY: Self = Self { time: 0, data: 0, money: 1 };
    pub const SPENDING: Self = Self { time: -1, data: 0, money: 1 };

    /// The dimension of `self * other^power`; `None` beyond the 127th power.
    pub fn combine(self, other: Self, power: i8) -> Option<Self> {
        Some(Self {
            time: self.time.checked_add(other.time.checked_mul(power)?)?,
            data: self.data.checked_add(other.data.checked_mul(power)?)?,
            money: self.money.checked_add(other.money.checked_mul(power)?)?,
        })
    }

    /// What it is in a sentence: "a time", "an amount of data".
    pub fn noun(self) -> &'static str {
        match self {
            Self::NONE => "a plain number",
            Self::TIME => "a time",
            Self::RATE => "a rate",
            Self::DATA => "an amount of data",
            Self::BANDWIDTH => "data per time",
            Self::MONEY => "an amount of money",
            Self::SPENDING => "money per time",
            _ => "a quantity of another kind",
        }
    }
}

/// A value in base units (seconds, bytes, US dollars) with its dimension.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    pub value: f64,
    pub dimension: Dimension,
}

impl Quantity {
    pub const fn new(value: f64, dimension: Dimension) -> Self {
        Self { value, dimension }
    }

    pub const fn plain(value: f64) -> Self {
        Self { value, dimension: Dimension::NONE }
    }

    /// Reads "50 ms", "1200/s", "1200 requests/s", "80 %", "12 USD/month", "3 Gbit/s", "36",
    /// "36 requests", "10 million users". Unknown words are taken as the name of a counted thing.
    pub fn parse(text: &str) -> Result<Self, UnitProblem> {
        let (rest, dollar) = match text.trim().strip_prefix('$') {
            Some(rest) => (rest, true),
            None => (text.trim(), false),
        };
        let (number, rest) = parse_number(rest).map_err(|problem| UnitProblem::new(problem.to_string()))?;
        let (factor, rest) = large_number(rest);
        let dimension = if dollar { Dimension::MONEY } else { Dimension::NONE };
        let mut quantity = Self::new(number.to_f64() * factor, dimension);
        for (i, part) in rest.split('/').enumerate() {
            quantity = quantity.times_unit(part.trim(), if i == 0 { 1 } else { -1 }, text)?;
        }
        if quantity.value.is_finite() {
            Ok(quantity)
        } else {
            Err(UnitProblem::new(format!("{} is larger than can be held.", quoted(text))))
        }
    }

    fn times_unit(self, name: &str, power: i8, text: &str) -> Result<Self, UnitProblem> {
        if name.is_empty() {
            return Ok(self);
        }
        let Some(unit) = find_unit(name) else {
            if is_thing(name) {
                return Ok(self);
            }
            let problem = UnitProblem::new(format!("{} is not a unit known here.", quoted(name)));
            return Err(match meant(name).or_else(|| name.split(' ').find_map(meant)) {
                Some(question) => problem.suggest(question),
                None => problem,
            });
        };
        let size = unit.numerator as f64 / unit.denominator as f64;
        let dimension = self
            .dimension
            .combine(unit.dimension, power)
            .ok_or_else(|| UnitProblem::new(format!("{} has too many units.", quoted(text))))?;
        Ok(Self { value: if power > 0 { self.value * size } else { self.value / size }, dimension })
    }
}

/// Splits off a word for a power of ten: "million users" -> (1e6, "users").
pub fn large_number(text: &str) -> (f64, &str) {
    let text = text.trim_start();
    let word = text.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let factor = match word {
        "thousand" => 1e3,
        "million" => 1e6,
        "billion" => 1e9,
        "trillion" => 1e12,
        _ => return (1.0, text),
    };
    (factor, text[word.len()..].trim_start())
}

/// Units for people, largest first, per dimension.
fn scales(dimension: Dimension) -> &'static [(f64, &'static str)] {
    match dimension {
        Dimension::TIME => &[(86_400.0, " d"), (3_600.0, " h"), (60.0, " min"), (1.0, " s"), (1e-3, " ms"), (1e-6, " µs"), (1e-9, " ns")],
        Dimension::RATE => &[(1.0, "/s")],
        Dimension::DATA => &[(1e15, " PB"), (1e12, " TB"), (1e9, " GB"), (1e6, " MB"), (1e3, " kB"), (1.0, " B")],
        Dimension::BANDWIDTH => &[(1e9, " GB/s"), (1e6, " MB/s"), (1e3, " kB/s"), (1.0, " B/s")],
        Dimension::MONEY => &[(1.0, " USD")],
        Dimension::SPENDING => &[(1.0 / 2_628_000.0, " USD/month")],
        _ => OTHER,
    }
}

const OTHER: &[(f64, &str)] = &[(1.0, "")];

/// Three significant digits, thousands grouped by a comma for reading ("12,000/s").
/// Minutes, hours and days begin at twice their size, so "90 s" stays "90 s".
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.value.abs();
        let starts_at = |size: f64| if size > 1.0 && self.dimension == Dimension::TIME { 2.0 * size } else { 0.9995 * size };
        let scales = scales(self.dimension);
        let found = if magnitude == 0.0 {
            scales.iter().find(|(size, _)| *size <= 1.0)
        } else {
            scales.iter().find(|(size, _)| magnitude >= starts_at(*size))
        };
        let (size, name) = found.or(scales.last()).copied().unwrap_or((1.0, ""));
        write!(f, "{}{name}", significant(self.value / size))?;
        if scales == OTHER { write_base_units(f, self.dimension) } else { Ok(()) }
    }
}

/// The unit of a dimension that has no name: " B·s/USD".
fn write_base_units(f: &mut fmt::Formatter<'_>, dimension: Dimension) -> fmt::Result {
    let powers = [(dimension.data, "B"), (dimension.time, "s"), (dimension.money, "USD")];
    let mut mark = " ";
    for (power, name) in powers.into_iter().filter(|(power, _)| *power > 0) {
        write!(f, "{mark}{name}")?;
        if power > 1 {
            write!(f, "^{power}")?;
        }
        mark = "·";
    }
    for (power, name) in powers.into_iter().filter(|(power, _)| *power < 0) {
        write!(f, "/{name}")?;
        if power < -1 {
            write!(f, "^{}", power.unsigned_abs())?;
        }
    }
    Ok(())
}

impl Quantity {
    /// As `Display`, but a plain number is shown as a percentage.
    pub fn percent(self) -> String {
        format!("{} %", significant(self.value * 100.0))
    }
}

/// Three significant digits, thousands grouped; whole numbers below 10,000 as they are.
pub fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    // Scientific formatting rounds exactly; the exponent says how many decimals are left.
    let scientific = format!("{value:.2e}");
    let exponent: i32 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    if !(-6..15).contains(&exponent) {
        return scientific;
    }
    let exact = value.abs() < 10_000.0 && value == value.trunc();
    let rounded = if exact { value } else { crate::float(&scientific).unwrap_or(value) };
    let decimals = usize::try_from(2 - exponent).unwrap_or(0);
    let text = format!("{rounded:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    group(&text)
}

fn group(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("-", d));
    let mut grouped = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    match fraction {
        Some(fraction) => format!("{sign}{grouped}.{fraction}"),
        None => format!("{sign}{grouped}"),
    }
}
