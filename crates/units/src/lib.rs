//! Quantities as the course writes them: "5 ms", "1200/s", "64 KiB", "80 %", "400 USD".
//!
//! Documents hold exact integers in base units, so that the same text always gives the same
//! digest and the same run. [`Quantity`] is the floating companion for sums and measures.
//! Expressions ("120/s * 50 ms") are not here: they are the business of `napkin`.

mod exact;
mod float;
mod number;
mod quantity;

pub use exact::{Bytes, Count, Duration, Money, Rate, Share};
pub use float::float;
pub use number::{Decimal, NumberProblem, number_length, parse_number};
pub use quantity::{Dimension, Quantity, large_number, significant};

use std::fmt;

/// Why a text is not the quantity that was asked for. The `Display` form is a sentence for the
/// one who wrote the text; `suggestion` is what they may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitProblem {
    pub message: String,
    pub suggestion: Option<String>,
}

impl UnitProblem {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), suggestion: None }
    }

    pub fn suggest(mut self, text: impl Into<String>) -> Self {
        self.suggestion = Some(text.into());
        self
    }
}

impl fmt::Display for UnitProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, " {suggestion}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnitProblem {}

/// One spelling of a unit: its name, what it measures, and its size in base units
/// (second, byte, USD, or 1) as an exact fraction.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    pub name: &'static str,
    pub dimension: Dimension,
    pub numerator: u64,
    pub denominator: u64,
}

const fn spelling(name: &'static str, dimension: Dimension, numerator: u64, denominator: u64) -> Spelling {
    Spelling { name, dimension, numerator, denominator }
}

/// Every unit that documents, lessons and the napkin understand. Prefixes are spelled out:
/// a short list that can be read is worth more here than a rule with exceptions.
pub const SPELLINGS: &[Spelling] = &[
    spelling("ns", Dimension::TIME, 1, 1_000_000_000),
    spelling("us", Dimension::TIME, 1, 1_000_000),
    spelling("µs", Dimension::TIME, 1, 1_000_000),
    spelling("μs", Dimension::TIME, 1, 1_000_000),
    spelling("ms", Dimension::TIME, 1, 1_000),
    spelling("s", Dimension::TIME, 1, 1),
    spelling("sec", Dimension::TIME, 1, 1),
    spelling("secs", Dimension::TIME, 1, 1),
    spelling("second", Dimension::TIME, 1, 1),
    spelling("seconds", Dimension::TIME, 1, 1),
    spelling("min", Dimension::TIME, 60, 1),
    spelling("mins", Dimension::TIME, 60, 1),
    spelling("minute", Dimension::TIME, 60, 1),
    spelling("minutes", Dimension::TIME, 60, 1),
    spelling("h", Dimension::TIME, 3_600, 1),
    spelling("hr", Dimension::TIME, 3_600, 1),
    spelling("hrs", Dimension::TIME, 3_600, 1),
    spelling("hour", Dimension::TIME, 3_600, 1),
    spelling("hours", Dimension::TIME, 3_600, 1),
    spelling("d", Dimension::TIME, 86_400, 1),
    spelling("day", Dimension::TIME, 86_400, 1),
    spelling("days", Dimension::TIME, 86_400, 1),
    spelling("week", Dimension::TIME, 604_800, 1),
    spelling("weeks", Dimension::TIME, 604_800, 1),
    // A billing month is 730 hours, as the clouds count it; a year is 365 days.
    spelling("month", Dimension::TIME, 2_628_000, 1),
    spelling("months", Dimension::TIME, 2_628_000, 1),
    spelling("year", Dimension::TIME, 31_536_000, 1),
    spelling("years", Dimension::TIME, 31_536_000, 1),
    spelling("bit", Dimension::DATA, 1, 8),
    spelling("bits", Dimension::DATA, 1, 8),
    spelling("kbit", Dimension::DATA, 125, 1),
    spelling("Mbit", Dimension::DATA, 125_000, 1),
    spelling("Gbit", Dimension::DATA, 125_000_000, 1),
    spelling("kbps", Dimension::BANDWIDTH, 125, 1),
    spelling("Mbps", Dimension::BANDWIDTH, 125_000, 1),
    spelling("Gbps", Dimension::BANDWIDTH, 125_000_000, 1),
    spelling("rps", Dimension::RATE, 1, 1),
    spelling("qps", Dimension::RATE, 1, 1),
    spelling("B", Dimension::DATA, 1, 1),
    spelling("byte", Dimension::DATA, 1, 1),
    spelling("bytes", Dimension::DATA, 1, 1),
    spelling("kB", Dimension::DATA, 1_000, 1),
    spelling("KB", Dimension::DATA, 1_000, 1),
    spelling("MB", Dimension::DATA, 1_000_000, 1),
    spelling("GB", Dimension::DATA, 1_000_000_000, 1),
    spelling("TB", Dimension::DATA, 1_000_000_000_000, 1),
    spelling("PB", Dimension::DATA, 1_000_000_000_000_000, 1),
    spelling("KiB", Dimension::DATA, 1 << 10, 1),
    spelling("MiB", Dimension::DATA, 1 << 20, 1),
    spelling("GiB", Dimension::DATA, 1 << 30, 1),
    spelling("TiB", Dimension::DATA, 1 << 40, 1),
    spelling("PiB", Dimension::DATA, 1 << 50, 1),
    spelling("USD", Dimension::MONEY, 1, 1),
    spelling("$", Dimension::MONEY, 1, 1),
    spelling("dollar", Dimension::MONEY, 1, 1),
    spelling("dollars", Dimension::MONEY, 1, 1),
    spelling("cent", Dimension::MONEY, 1, 100),
    spelling("cents", Dimension::MONEY, 1, 100),
    spelling("%", Dimension::NONE, 1, 100),
    spelling("percent", Dimension::NONE, 1, 100),
];

/// Finds a unit by its exact spelling. Case matters: "Mbit" is not "mbit", "B" is not "b".
pub fn find_unit(name: &str) -> Option<&'static Spelling> {
    SPELLINGS.iter().find(|spelling| spelling.name == name)
}

/// The spelling that a mistyped unit was probably meant to be ("MS" -> "ms", "kb" -> "kB").
pub fn nearest_unit(name: &str) -> Option<&'static Spelling> {
    SPELLINGS.iter().find(|spelling| spelling.name.eq_ignore_ascii_case(name))
}

/// A question that leads from a mistyped unit to the right one, where one can be guessed.
pub fn meant(name: &str) -> Option<String> {
    let bits = match name {
        "kb" | "Kb" => Some("“kB” (bytes) or “kbit” (bits)"),
        "mb" | "Mb" => Some("“MB” (bytes) or “Mbit” (bits)"),
        "gb" | "Gb" => Some("“GB” (bytes) or “Gbit” (bits)"),
        _ => None,
    };
    match (bits, name) {
        (Some(both), _) => Some(format!("Did you mean {both}?")),
        (None, "k" | "K" | "M" | "m" | "G" | "g" | "T" | "bn") => {
            Some("Write the number out, as in “5 thousand”, “5 million” or 5e9.".into())
        }
        (None, _) => nearest_unit(name).map(|nearest| format!("Did you mean “{}”?", nearest.name)),
    }
}

/// Whether a text can name a counted thing ("requests", "cache hits"): words of at least two
/// letters, none of them a unit or nearly one, at most 40 bytes in all.
pub fn is_thing(text: &str) -> bool {
    text.len() <= 40
        && !text.is_empty()
        && text.split([' ', '-']).all(|word| {
            word.chars().nth(1).is_some() && word.chars().all(char::is_alphabetic) && find_unit(word).is_none() && meant(word).is_none()
        })
}

/// A text of unknown length and content, safe to repeat in a message: in quotation marks,
/// without control characters, cut after 40 characters.
pub fn quoted(text: &str) -> String {
    let text = text.trim();
    let mut short: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    format!("“{short}”")
}
