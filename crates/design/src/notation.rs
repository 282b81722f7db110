//! Short notation, both ways: names, links, bandwidth and prices here; distributions and arrivals
//! in the files below.
//!
//! `Display` writes what `FromStr` reads back as the same value. What has parts is described by
//! the patterns of `pattern`; call plans are in `plan`.

mod arrivals;
mod distribution;
mod trace;

use std::fmt;
use std::str::FromStr;

use units::{Bytes, Duration, Money, Rate, Share, UnitProblem, find_unit};

use crate::{LinkName, Per, Price};

/// The longest time that anything in a run may take by itself.
pub(crate) const TIME_MAX: Duration = Duration::from_secs(86_400);
/// More requests per second than any one system on Earth receives.
pub(crate) const RATE_MAX: Rate = Rate::per_second(1_000_000_000);
/// No run lasts longer.
pub(crate) const YEAR: Duration = Duration::from_secs(365 * 86_400);
const NOTATION_MAX: usize = 4_000;

pub(crate) type Read<T> = Result<T, UnitProblem>;

/// `[A-Za-z][A-Za-z0-9_-]{0,63}`: safe in paths, pages and pictures without quoting.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// A name of the author's own choice outside the design ("us-east-1a", "m7i.large").
pub(crate) fn is_free_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'))
}

/// A text as it may be shown in a message: short, and without control characters.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

pub(crate) fn incomplete(text: &str, example: &str) -> UnitProblem {
    UnitProblem::new(format!("“{}” is not complete.", shown(text))).suggest(format!("Write it as in “{example}”."))
}

pub(crate) fn above_one(share: Share) -> UnitProblem {
    UnitProblem::new(format!("{share} is more than the whole.")).suggest("Write 0 % to 100 %.")
}

/// A factor as a plain decimal: 2, 0.5.
pub(crate) fn plain(share: Share) -> String {
    let (whole, rest) = (share.0 / 1_000_000_000, share.0 % 1_000_000_000);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:09}").trim_end_matches('0').to_owned() }
}

pub(crate) fn line(text: &str) -> Read<&str> {
    if text.len() > NOTATION_MAX || text.contains(char::is_control) {
        return Err(UnitProblem::new(format!("“{}” is too long, or has control characters.", shown(text)))
            .suggest(format!("Write one line of at most {NOTATION_MAX} characters.")));
    }
    Ok(text.trim())
}

impl FromStr for LinkName {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        let bad = || {
            UnitProblem::new(format!("“{}” is not a link.", shown(text)))
                .suggest("Write it as in “web -> db”, with two names of components.")
        };
        let (from, to) = text.split_once("->").ok_or_else(bad)?;
        let (from, to) = (from.trim(), to.trim());
        if !is_name(from) || !is_name(to) {
            return Err(bad());
        }
        if from == to {
            return Err(UnitProblem::new(format!("“{text}” leads back to where it began."))
                .suggest("Take it out; what a component does with itself is its `time`."));
        }
        Ok(Self { from: from.to_owned(), to: to.to_owned() })
    }
}

impl fmt::Display for LinkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.from, self.to)
    }
}

/// Reads data per second: "1 Gbit/s", "125 MB/s".
pub(crate) fn parse_bandwidth(text: &str) -> Read<Bytes> {
    let bad = || UnitProblem::new(format!("“{}” is not data per time.", shown(text))).suggest("Write it as in “1 Gbit/s” or “125 MB/s”.");
    let (data, per) = text.rsplit_once('/').ok_or_else(bad)?;
    if find_unit(per.trim()).is_none_or(|unit| (unit.numerator, unit.denominator) != (1, 1) || unit.dimension != units::Dimension::TIME) {
        return Err(bad());
    }
    match Bytes::parse(data)? {
        Bytes::ZERO => Err(UnitProblem::new("A bandwidth of zero carries nothing.").suggest("Take the link out instead.")),
        bytes => Ok(bytes),
    }
}

/// The way back of [`parse_bandwidth`], in bits where that is exact.
pub(crate) fn show_bandwidth(bytes: Bytes) -> String {
    let bits = [(125_000_000, "Gbit/s"), (125_000, "Mbit/s"), (125, "kbit/s")];
    match bits.into_iter().find(|(size, _)| bytes.0.is_multiple_of(*size)) {
        Some((size, name)) => format!("{} {name}", bytes.0 / size),
        None => format!("{bytes}/s"),
    }
}

const PERS: &[(&str, Per)] = &[
    ("h", Per::Hour),
    ("month", Per::Month),
    ("GB", Per::Gigabyte),
    ("GB-month", Per::GigabyteMonth),
    ("M requests", Per::MillionRequests),
];

/// "0.1008 USD/h"; the source is written beside it.
impl FromStr for Price {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        let bad = || {
            UnitProblem::new(format!("“{}” is not a price.", shown(text)))
                .suggest("Write it as in “0.1 USD/h”; it may be per h, month, GB, GB-month or M requests.")
        };
        let (amount, per) = line(text)?.split_once('/').ok_or_else(bad)?;
        let per = PERS.iter().find(|(name, _)| *name == per.trim()).map(|(_, per)| *per).ok_or_else(bad)?;
        let amount = Money::parse(amount)?;
        if amount < Money::ZERO {
            return Err(UnitProblem::new(format!("“{}” is a negative price.", shown(text))).suggest("Write what it costs, or 0 USD/h."));
        }
        Ok(Self { amount, per, source: None })
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.amount, self.per)
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PERS.iter().find(|(_, per)| per == self).map_or("", |(name, _)| name))
    }
}
