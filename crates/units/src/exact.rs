//! Exact quantities: integers in base units, each with the one way it is written.
//!
//! Fractions of a second, of a request per second, of one and of a dollar are all held in
//! billionths, so nearly every text a person would write is exact ("5/min" is rounded to the
//! nearest billionth, the same everywhere) and nothing depends on floating point.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::number::{Decimal, NumberProblem, parse_number};
use crate::quantity::{Dimension, Quantity};
use crate::{UnitProblem, find_unit, is_thing, meant, quoted};

const BILLION: u64 = 1_000_000_000;
const SECOND: u128 = BILLION as u128;

macro_rules! exact {
    ($(#[$doc:meta])* $name:ident($int:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $int);

        impl $name {
            pub const ZERO: Self = Self(0);

            /// The integer in base units.
            pub const fn base(self) -> $int {
                self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnitProblem;

            fn from_str(text: &str) -> Result<Self, UnitProblem> {
                Self::parse(text)
            }
        }
    };
}

exact! {
    /// A length of time [ns].
    Duration(u64)
}
exact! {
    /// How often something happens [billionths of one per second].
    Rate(u64)
}
exact! {
    /// An amount of data [bytes].
    Bytes(u64)
}
exact! {
    /// A part of a whole, or a factor [billionths]; may exceed one.
    Share(u64)
}
exact! {
    /// An amount of money [billionths of a US dollar].
    Money(i64)
}
exact! {
    /// A whole number of things.
    Count(u64)
}

/// Reads "number unit", checks the dimension, and gives the integer `number * unit * scale`,
/// rounded to the nearest; what would round to nothing is refused rather than dropped.
fn read(text: &str, dimension: Dimension, scale: u64, bare: bool, example: &str) -> Result<i128, UnitProblem> {
    let (rest, dollar) = match text.trim().strip_prefix('$') {
        Some(rest) => (rest, true),
        None => (text.trim(), false),
    };
    let (number, unit) = parse_number(rest).map_err(|problem| number_problem(problem, text, example))?;
    let unit = match (dollar, unit) {
        (true, "") => "$",
        (true, "USD") => "USD",
        (true, _) => return Err(wrong_kind(text, "an amount of money with a second unit", dimension, example)),
        (false, unit) => unit,
    };
    let (numerator, denominator) = if unit.is_empty() {
        if !bare {
            return Err(UnitProblem::new(format!("{} has no unit.", quoted(text))).suggest(format!("Write it as in “{example}”.")));
        }
        (1, 1)
    } else {
        let found = find_unit(unit).ok_or_else(|| unknown_unit(unit, example))?;
        if found.dimension != dimension {
            return Err(wrong_kind(text, found.dimension.noun(), dimension, example));
        }
        (found.numerator, found.denominator)
    };
    let numerator = numerator.checked_mul(scale).ok_or_else(|| too_large(text))?;
    scaled(number, numerator, denominator, text)
}

fn scaled(number: Decimal, numerator: u64, denominator: u64, text: &str) -> Result<i128, UnitProblem> {
    match number.scaled(numerator, denominator) {
        Some(0) if !number.is_zero() => {
            Err(UnitProblem::new(format!("{} is smaller than can be held.", quoted(text))).suggest("Check the unit."))
        }
        Some(value) => Ok(value),
        None => Err(too_large(text)),
    }
}

fn wrong_kind(text: &str, is: &str, needed: Dimension, example: &str) -> UnitProblem {
    UnitProblem::new(format!("{} is {is}, but {} is needed.", quoted(text), needed.noun())).suggest(format!("Write it as in “{example}”."))
}

fn number_problem(problem: NumberProblem, text: &str, example: &str) -> UnitProblem {
    match problem {
        NumberProblem::Missing => {
            UnitProblem::new(format!("{} does not begin with a number.", quoted(text))).suggest(format!("Write it as in “{example}”."))
        }
        other => UnitProblem::new(other.to_string()),
    }
}

fn unknown_unit(unit: &str, example: &str) -> UnitProblem {
    let problem = UnitProblem::new(format!("{} is not a unit known here.", quoted(unit)));
    problem.suggest(meant(unit).unwrap_or_else(|| format!("Write it as in “{example}”.")))
}

fn too_large(text: &str) -> UnitProblem {
    UnitProblem::new(format!("{} is larger than can be held.", quoted(text))).suggest("Check the power of ten.")
}

fn unsigned(text: &str, value: i128) -> Result<u64, UnitProblem> {
    if value < 0 {
        return Err(UnitProblem::new(format!("{} is negative; only zero or more makes sense here.", quoted(text))));
    }
    u64::try_from(value).map_err(|_| too_large(text))
}

impl Duration {
    /// "5 ms", "2 h", "30 days".
    pub fn parse(text: &str) -> Result<Self, UnitProblem> {
        read(text, Dimension::TIME, BILLION, false, "5 ms").and_then(|value| unsigned(text, value)).map(Self)
    }

    pub const fn from_millis(ms: u64) -> Self {
        Self(ms.saturating_mul(1_000_000))
    }

    pub const fn from_secs(s: u64) -> Self {
        Self(s.saturating_mul(BILLION))
    }

    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    pub fn quantity(self) -> Quantity {
        Quantity { value: self.as_secs_f64(), dimension: Dimension::TIME }
    }
}

impl Rate {
    /// "1200/s", "5/min", "1200 requests/s": a word that is no unit may stand before the slash.
    pub fn parse(text: &str) -> Result<Self, UnitProblem> {
        let example = "1200/s";
        let problem = |why: String| {
            UnitProblem::new(format!("{} is not a rate: {why}.", quoted(text))).suggest(format!("Write it as in “{example}”."))
        };
        let (head, per) = text.rsplit_once('/').ok_or_else(|| problem("it does not say per what".into()))?;
        let per = find_unit(per.trim())
            .filter(|unit| unit.dimension == Dimension::TIME)
            .ok_or_else(|| problem(format!("{} is not a unit of time", quoted(per.trim()))))?;
        let (number, things) = parse_number(head).map_err(|problem| number_problem(problem, text, example))?;
        if !(things.is_empty() || is_thing(things)) {
            return Err(problem(format!("{} cannot be counted", quoted(things))));
        }
        let numerator = BILLION.checked_mul(per.denominator).ok_or_else(|| too_large(text))?;
        unsigned(text, scaled(number, numerator, per.numerator, text)?).map(Self)
    }

    pub const fn per_second(n: u64) -> Self {
        Self(n.saturating_mul(BILLION))
    }

    pub fn as_per_second(self) -> f64 {
        self.0 as f64 / 1e9
    }

    pub fn quantity(self) -> Quantity {
        Quantity { value: self.as_per_second(), dimension: Dimension::RATE }
    }
}

impl Bytes {
    /// "64 KiB", "3 kB", "100 Mbit".
    pub fn parse(text: &str) -> Result<Self, UnitProblem> {
        read(text, Dimension::DATA, 1, false, "64 KiB").and_then(|value| unsigned(text, value)).map(Self)
    }

    pub fn quantity(self) -> Quantity {
        Quantity { value: self.0 as f64, dimension: Dimension::DATA }
    }
}

impl Share {
    pub const ONE: Self = Self(BILLION);

    /// "80 %" or "0.8".
    pub fn parse(text: &str) -> Result<Self, UnitProblem> {
        read(text, Dimension::NONE, BILLION, true, "80 %").and_then(|value| unsigned(text, value)).map(Self)
    }

    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    pub fn quantity(self) -> Quantity {
        Quantity { value: self.as_f64(), dimension: Dimension::NONE }
    }
}

impl Money {
    /// "400 USD" or "$400"; no other currency, since prices are not converted.
    pub fn parse(text: &str) -> Result<Self, UnitProblem> {
        let value = read(text, Dimension::MONEY, BILLION, false, "400 USD")?;
        i64::try_from(value).map(Self).map_err(|_| too_large(text))
    }

    pub fn as_usd_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    pub fn quantity(self) -> Quantity {
        Quantity { value: self.as_usd_f64(), dimension: Dimension::MONEY }
    }
}

impl Count {
    /// "50e6" or "200"; fractions are refused.
    pub fn parse(text: &str) -> Result<Self, UnitProblem> {
        let (number, unit) = parse_number(text).map_err(|problem| number_problem(problem, text, "200"))?;
        if !unit.is_empty() || !number.is_whole() {
            return Err(
                UnitProblem::new(format!("{} should be a whole number without a unit.", quoted(text))).suggest("Write it as in “200”.")
            );
        }
        let value = number.scaled(1, 1).ok_or_else(|| too_large(text))?;
        unsigned(text, value).map(Self)
    }
}

/// Writes `base` in the listed unit that needs the fewest digits and no more than three decimals,
/// the earlier of two equals. The last unit is exact for every value.
fn write_exact(f: &mut fmt::Formatter<'_>, base: u128, units: &[(u128, &str)]) -> fmt::Result {
    let fits = units.iter().filter(|(size, _)| base >= *size && (base * 1000).is_multiple_of(*size));
    let (number, name) = fits
        .map(|(size, name)| (in_unit(base, *size), *name))
        .min_by_key(|(number, _)| number.len())
        .or_else(|| units.last().map(|(size, name)| (in_unit(base, *size), *name)))
        .unwrap_or_default();
    write!(f, "{number}{name}")
}

/// Long division: exact, since the sizes have no prime factors but those of ten wherever a
/// remainder is possible.
fn in_unit(base: u128, size: u128) -> String {
    let mut text = (base / size).to_string();
    let mut rest = base % size;
    if rest > 0 {
        text.push('.');
    }
    while rest > 0 {
        rest *= 10;
        text.push_str(&(rest / size).to_string());
        rest %= size;
    }
    text
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0 s");
        }
        // Days to minutes only when whole: "1.5 min" reads worse than "90 s".
        let whole = [(86_400 * SECOND, " d"), (3_600 * SECOND, " h"), (60 * SECOND, " min")];
        if let Some((size, name)) = whole.into_iter().find(|(size, _)| u128::from(self.0).is_multiple_of(*size)) {
            return write!(f, "{}{name}", u128::from(self.0) / size);
        }
        write_exact(f, self.0.into(), &[(SECOND, " s"), (1_000_000, " ms"), (1_000, " us"), (1, " ns")])
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_exact(f, self.0.into(), &[(1_000_000_000, "/s")])
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimal = [(1_000_000_000_000, " TB"), (1_000_000_000, " GB"), (1_000_000, " MB"), (1_000, " kB")];
        let binary = [(1 << 40, " TiB"), (1 << 30, " GiB"), (1 << 20, " MiB"), (1 << 10, " KiB")];
        let units: Vec<_> = decimal.into_iter().chain(binary).chain([(1, " B")]).collect();
        write_exact(f, self.0.into(), &units)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_exact(f, self.0.into(), &[(10_000_000, " %")])
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write_exact(f, self.0.unsigned_abs().into(), &[(1_000_000_000, " USD")])
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
