//! A value with its units and counted things, the laws of computing with it, and how it is shown.

use sorted::BTreeMap;

use units::{Dimension, Quantity, find_unit, significant};

use crate::fault::Fault;
use crate::words::{plural, singular};

/// A finite number in base units (second, byte, US dollar) of a dimension and counted things.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub number: f64,
    pub dimension: Dimension,
    /// Powers of what is counted, by its singular: requests per user are `request` 1, `user` -1.
    /// No power is 0.
    pub things: BTreeMap<String, i8>,
}

impl Value {
    pub fn plain(number: f64) -> Self {
        Self { number, dimension: Dimension::NONE, things: BTreeMap::new() }
    }

    /// The same without its counted things.
    pub fn quantity(&self) -> Quantity {
        Quantity::new(self.number, self.dimension)
    }

    pub(crate) fn thing(word: &str) -> Self {
        Self { things: BTreeMap::from([(singular(word), 1)]), ..Self::plain(1.0) }
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.dimension == Dimension::NONE && self.things.is_empty()
    }

    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.dimension == other.dimension && self.things == other.things
    }

    pub(crate) fn finite(self) -> Result<Self, Fault> {
        if self.number.is_finite() {
            Ok(self)
        } else {
            Err(Fault::new("The value is larger than can be held.").suggest("Check the powers of ten."))
        }
    }

    /// `self * other^power`, for a power of 1 or -1.
    pub(crate) fn times(&self, other: &Self, power: i8) -> Result<Self, Fault> {
        if power < 0 && other.number == 0.0 {
            return Err(Fault::new("This divides by zero.").suggest("Check that the divisor is not nothing."));
        }
        let number = if power < 0 { self.number / other.number } else { self.number * other.number };
        let dimension = self.dimension.combine(other.dimension, power).ok_or_else(too_many_units)?;
        let mut things = self.things.clone();
        for (name, count) in &other.things {
            let sum = things.get(name).copied().unwrap_or(0).checked_add(count.checked_mul(power).ok_or_else(too_many_units)?);
            match sum.ok_or_else(too_many_units)? {
                0 => things.remove(name),
                sum => things.insert(name.clone(), sum),
            };
        }
        if things.len() > MAX_THINGS {
            return Err(Fault::new(format!("This counts more than {MAX_THINGS} different things at once."))
                .suggest("Check the words after the numbers."));
        }
        Self { number, dimension, things }.finite()
    }

    pub(crate) fn power(&self, power: i8) -> Result<Self, Fault> {
        let mut product = Self::plain(1.0);
        for _ in 0..power.unsigned_abs() {
            product = product.times(self, power.signum())?;
        }
        Ok(product)
    }

    /// `None` where a unit would get half a power.
    pub(crate) fn square_root(&self) -> Option<Self> {
        let Dimension { time, data, money } = self.dimension;
        let powers = [time, data, money];
        if powers.iter().chain(self.things.values()).any(|power| power % 2 != 0) {
            return None;
        }
        let dimension = Dimension { time: time / 2, data: data / 2, money: money / 2 };
        let things = self.things.iter().map(|(name, power)| (name.clone(), power / 2)).collect();
        Some(Self { number: libm::sqrt(self.number), dimension, things })
    }

    /// What it is, for a sentence: “requests/s”, "a time", "a plain number".
    pub(crate) fn kind(&self) -> String {
        match self.dimension.noun() {
            noun if self.things.is_empty() && noun != UNNAMED => noun.into(),
            _ => format!("“{}”", Units::base(self.dimension).with_things(&self.things).name(2.0)),
        }
    }

    /// Shown in the unit that gives the plainest number.
    pub(crate) fn shown(&self) -> String {
        let mut candidates = candidates(self.dimension).iter().map(|unit| Units::of(unit)).peekable();
        let mut chosen = Units::base(self.dimension);
        while let Some(units) = candidates.next() {
            let fits = self.number.abs() >= units.size * units.least(self.dimension);
            chosen = units;
            if fits || candidates.peek().is_none() || self.number == 0.0 && chosen.size == 1.0 {
                break;
            }
        }
        chosen.with_things(&self.things).show(self.number)
    }
}

/// Every product copies its things, so that their number must be bounded.
const MAX_THINGS: usize = 8;

/// What `units` calls a dimension that has no name.
const UNNAMED: &str = "a quantity of another kind";

fn too_many_units() -> Fault {
    Fault::new("This has more powers of one unit than can be held.")
}

/// The units in which a value is shown: words above and below the line, and their size together.
#[derive(Debug, Clone)]
pub(crate) struct Units {
    pub size: f64,
    pub above: Vec<String>,
    pub below: Vec<String>,
}

impl Units {
    /// From "GB/s" or "/day", made of known units only.
    fn of(text: &str) -> Self {
        let mut units = Self { size: 1.0, above: Vec::new(), below: Vec::new() };
        for (i, name) in text.split('/').enumerate().filter(|(_, name)| !name.is_empty()) {
            let size = find_unit(name).map_or(1.0, |unit| unit.numerator as f64 / unit.denominator as f64);
            units.size = if i == 0 { units.size * size } else { units.size / size };
            if i == 0 { &mut units.above } else { &mut units.below }.push(name.to_owned());
        }
        units
    }

    fn base(dimension: Dimension) -> Self {
        let mut units = Self::of("");
        for (power, name) in [(dimension.data, "B"), (dimension.money, "USD"), (dimension.time, "s")] {
            units.push(name, power);
        }
        units
    }

    fn push(&mut self, name: &str, power: i8) {
        let text = if power.unsigned_abs() == 1 { name.to_owned() } else { format!("{name}^{}", power.unsigned_abs()) };
        match power {
            1.. => self.above.push(text),
            0 => {}
            _ => self.below.push(text),
        }
    }

    /// Things stand before units: "requests/user/day".
    pub(crate) fn with_things(mut self, things: &BTreeMap<String, i8>) -> Self {
        let units = (std::mem::take(&mut self.above), std::mem::take(&mut self.below));
        for (name, power) in things {
            self.push(name, *power);
        }
        self.above.extend(units.0);
        self.below.extend(units.1);
        self
    }

    /// From which number on a unit is taken: "90 s" rather than "1.5 min", but "5/min".
    fn least(&self, dimension: Dimension) -> f64 {
        match dimension {
            Dimension::TIME if self.size > 1.0 => 2.0,
            Dimension::RATE if self.size == 1.0 => 0.1,
            _ => 0.9995,
        }
    }

    fn name(&self, number: f64) -> String {
        let mut above = self.above.clone();
        if let Some(first) = above.first_mut().filter(|name| number.abs() != 1.0 && has_plural(name)) {
            *first = plural(&singular(first));
        }
        let mut text = above.join("·");
        for name in &self.below {
            text.push('/');
            text.push_str(name);
        }
        text
    }

    pub(crate) fn show(&self, base: f64) -> String {
        let number = base / self.size;
        let name = self.name(number);
        let gap = if name.is_empty() || name.starts_with('/') { "" } else { " " };
        format!("{}{gap}{name}", in_words(number))
    }
}

/// Things and the units that are written as words, but nothing with a power.
fn has_plural(name: &str) -> bool {
    let word = find_unit(name).is_none() || matches!(name, "day" | "week" | "month" | "year");
    word && name.chars().all(char::is_alphabetic)
}

/// Millions and billions in words: easier to read aloud, and nobody miscounts the zeros.
fn in_words(number: f64) -> String {
    let words = [("trillion", 1e12), ("billion", 1e9), ("million", 1e6)];
    match words.into_iter().find(|(_, size)| (0.9995 * size..1e15).contains(&number.abs())) {
        Some((word, size)) => format!("{} {word}", significant(number / size)),
        None => significant(number),
    }
}

fn candidates(dimension: Dimension) -> &'static [&'static str] {
    match dimension {
        Dimension::TIME => &["year", "day", "h", "min", "s", "ms", "µs", "ns"],
        Dimension::RATE => &["/s", "/min", "/h", "/day", "/year"],
        Dimension::DATA => &["PB", "TB", "GB", "MB", "kB", "B"],
        Dimension::BANDWIDTH => &["TB/s", "GB/s", "MB/s", "kB/s", "B/s"],
        Dimension::MONEY => &["USD"],
        Dimension::SPENDING => &["USD/month"],
        _ => &[],
    }
}
