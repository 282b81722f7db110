//! Recorded arrivals as text: a line "seconds" or "seconds,key" for each, in the order of time.

use std::fmt;
use std::str::FromStr;

use units::{Duration, Share, UnitProblem};

use super::{Read, YEAR, plain, shown};
use crate::Trace;

const ROWS_MAX: usize = 200_000;

impl FromStr for Trace {
    type Err = UnitProblem;

    /// A first line of words is that of a table, and skipped.
    fn from_str(text: &str) -> Read<Self> {
        let mut trace = Self::default();
        let lines = text.lines().enumerate().map(|(at, line)| (at, line.trim())).filter(|(_, line)| !line.is_empty());
        for (count, (at, line)) in lines.enumerate() {
            if count == 0 && line.starts_with(|c: char| c.is_alphabetic() || c == '"') {
                continue;
            }
            let row = row(line).ok_or_else(|| {
                UnitProblem::new(format!("Line {} of this trace, “{}”, is not a time and a key.", at + 1, shown(line)))
                    .suggest("Write seconds, and after a comma a whole number if keys matter, as in “1.5” or “1.5,7”.")
            })?;
            trace.rows.push(row);
            if trace.rows.len() > ROWS_MAX {
                break;
            }
        }
        trace.checked()
    }
}

fn row(line: &str) -> Option<(Duration, Option<u64>)> {
    let (at, key) = line.split_once(',').map_or((line, None), |(at, key)| (at, Some(key)));
    let key = match key.map(str::trim) {
        Some("") | None => None,
        Some(key) => Some(key.parse().ok()?),
    };
    Some((Duration::parse(&format!("{} s", at.trim())).ok()?, key))
}

impl Trace {
    pub(crate) fn checked(self) -> Read<Self> {
        let wrong = |message: String, suggestion: &str| Err(UnitProblem::new(message).suggest(suggestion));
        if self.rows.is_empty() {
            return wrong("This trace has no line.".into(), "Write a line of seconds for each request.");
        }
        if self.rows.len() > ROWS_MAX {
            return wrong(format!("A trace of more than {ROWS_MAX} lines is not replayed."), "Cut it, or write what is like it.");
        }
        if let Some(pair) = self.rows.windows(2).find(|pair| pair[0].0 > pair[1].0) {
            return wrong(format!("In this trace {} comes after {}.", pair[1].0, pair[0].0), "Put the lines in the order of time.");
        }
        if let Some((last, _)) = self.rows.last().filter(|(last, _)| *last > YEAR) {
            return wrong(format!("{last} is longer than a year."), "Write seconds from the start of the run.");
        }
        Ok(self)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (at, key)) in self.rows.iter().enumerate() {
            // Billionths of a second print like billionths of one.
            let seconds = plain(Share(at.0));
            let end = if number == 0 { "" } else { "\n" };
            match key {
                Some(key) => write!(f, "{end}{seconds},{key}")?,
                None => write!(f, "{end}{seconds}")?,
            }
        }
        Ok(())
    }
}
