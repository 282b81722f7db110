//! Numbers as people type them, read exactly. A text that two readers would understand
//! differently ("1,200") becomes a question, never a guess.

use std::fmt;

use crate::quoted;

/// `mantissa * 10^exponent`, exactly as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// At most 21 digits.
    pub mantissa: i128,
    /// From -400 to 400.
    pub exponent: i32,
}

impl Decimal {
    /// The nearest f64; infinite beyond its range.
    pub fn to_f64(self) -> f64 {
        // As a text, so that "0.1" is the same f64 as in any source file.
        crate::float(&format!("{}e{}", self.mantissa, self.exponent)).unwrap_or(f64::INFINITY.copysign(self.mantissa as f64))
    }

    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// Whether it has no part after the point; "1.5e3" has none.
    pub fn is_whole(self) -> bool {
        let places = self.exponent.min(0).unsigned_abs();
        self.is_zero() || 10i128.checked_pow(places).is_some_and(|power| self.mantissa % power == 0)
    }

    /// `self * numerator / denominator` to the nearest integer, halves away from zero; `None`
    /// where it leaves `i128`.
    pub fn scaled(self, numerator: u64, denominator: u64) -> Option<i128> {
        let mut top = self.mantissa.checked_mul(numerator.into())?;
        let mut bottom = i128::from(denominator.max(1));
        if self.exponent >= 0 {
            top = top.checked_mul(10i128.checked_pow(self.exponent.unsigned_abs())?)?;
        } else {
            // A divisor beyond `i128` leaves less than half of one.
            match 10i128.checked_pow(self.exponent.unsigned_abs()).and_then(|power| bottom.checked_mul(power)) {
                Some(product) => bottom = product,
                None => return Some(0),
            }
        }
        let (whole, rest) = (top / bottom, top % bottom);
        Some(if rest.abs() >= bottom - rest.abs() { whole + top.signum() } else { whole })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberProblem {
    /// No number at all.
    Missing,
    /// More digits or a larger power than can be held.
    TooLong,
    /// Readable in the ways listed, or in a way that this course does not write.
    Ambiguous {
        text: String,
        readings: Vec<String>,
    },
    Malformed {
        text: String,
    },
}

impl fmt::Display for NumberProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("There is no number here."),
            Self::TooLong => {
                f.write_str("This number has more digits or a larger power than can be held. Write it with a power of ten, as in 5e9.")
            }
            Self::Ambiguous { text, readings } => {
                write!(
                    f,
                    "Did you mean {} by {}? Write the digits without separators and with a point.",
                    readings.join(" or "),
                    quoted(text)
                )
            }
            Self::Malformed { text } => write!(f, "{} is not a number. Write it as in 1200, 0.5 or 5e6.", quoted(text)),
        }
    }
}

/// What people put between groups of digits, or use as the decimal mark.
const SEPARATORS: [char; 7] = [',', '\'', '’', ' ', '\u{a0}', '\u{2009}', '\u{202f}'];

/// A longer number is not read at all [bytes].
const MAX_LENGTH: usize = 64;

/// Mantissas stay below this, so that scaling to nanoseconds by any unit stays within `i128`.
const MAX_MANTISSA: i128 = 10i128.pow(21);

/// Splits a text into its leading number and the rest ("5 ms" -> 5, "ms").
///
/// Digits may be grouped with `_` (as in code). Commas, apostrophes and spaces between digits
/// are asked about, since half of the readers mean the decimal mark by them.
pub fn parse_number(text: &str) -> Result<(Decimal, &str), NumberProblem> {
    let text = text.trim_start();
    let end = number_length(text);
    let (head, rest) = text.split_at(end);
    if !head.contains(|c: char| c.is_ascii_digit()) {
        return Err(NumberProblem::Missing);
    }
    if head.len() > MAX_LENGTH {
        return Err(NumberProblem::TooLong);
    }
    if head.contains(SEPARATORS) {
        return Err(ambiguous(head));
    }
    let decimal = decimal(head)?;
    Ok((decimal, rest.trim()))
}

/// How many bytes the number takes that begins here: a sign, digits with points and separators,
/// a power of ten. Whether it can be understood is for [`parse_number`] to say.
pub fn number_length(text: &str) -> usize {
    let mut end = sign(text);
    while let Some(c) = text[end..].chars().next() {
        let next = end + c.len_utf8();
        let between_digits = text[..end].ends_with(|c: char| c.is_ascii_digit()) && digits(&text[next..]) > 0;
        if !(c.is_ascii_digit() || c == '.' || (SEPARATORS.contains(&c) || c == '_') && between_digits) {
            break;
        }
        end = next;
    }
    end + power(&text[end..])
}

fn sign(text: &str) -> usize {
    usize::from(text.starts_with(['+', '-']))
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The length of "e9" or "E-3"; 0 where an `e` begins a word.
fn power(text: &str) -> usize {
    if !text.starts_with(['e', 'E']) {
        return 0;
    }
    let head = 1 + sign(&text[1..]);
    match digits(&text[head..]) {
        0 => 0,
        count => head + count,
    }
}

fn decimal(text: &str) -> Result<Decimal, NumberProblem> {
    let malformed = || NumberProblem::Malformed { text: text.to_owned() };
    let (digits, power) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().map_err(|_| NumberProblem::TooLong)?),
        None => (text, 0),
    };
    let (negative, digits) = match digits.as_bytes().first() {
        Some(b'-') => (true, &digits[1..]),
        Some(b'+') => (false, &digits[1..]),
        _ => (false, digits),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return Err(malformed());
    }
    let mut mantissa: i128 = 0;
    let mut places: i32 = 0;
    for (c, after_point) in whole.chars().map(|c| (c, false)).chain(fraction.chars().map(|c| (c, true))) {
        if c == '_' {
            continue;
        }
        let digit = c.to_digit(10).ok_or_else(malformed)?;
        mantissa = mantissa * 10 + i128::from(digit);
        if mantissa >= MAX_MANTISSA {
            return Err(NumberProblem::TooLong);
        }
        places += i32::from(after_point);
    }
    let exponent = power.checked_sub(places).ok_or(NumberProblem::TooLong)?;
    if !(-400..=400).contains(&exponent) {
        return Err(NumberProblem::TooLong);
    }
    Ok(Decimal { mantissa: if negative { -mantissa } else { mantissa }, exponent })
}

/// What "1,200" or "1.200,5" may stand for.
fn ambiguous(text: &str) -> NumberProblem {
    let plain: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | 'e' | 'E')).collect();
    let commas = text.matches(',').count();
    let mut readings = Vec::new();
    if commas == 1 && !text.contains('.') {
        let after = text.split(',').nth(1).unwrap_or("");
        if after.len() == 3 {
            readings.push(plain.clone());
        }
        readings.push(text.replace(',', "."));
    } else if commas == 1 && text.find(',') > text.rfind('.') {
        // "1.200,5": points group, the comma is the decimal mark.
        readings.push(text.replace('.', "").replace(',', "."));
    } else {
        readings.push(plain);
    }
    NumberProblem::Ambiguous { text: text.to_owned(), readings }
}
