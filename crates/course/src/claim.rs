//! Claims (sentences with a number that a run must confirm) and sums (numbers that the napkin
//! computes). Running a claim is done in `grade`.

use std::collections::BTreeMap;

use serde::Deserialize;
use units::Quantity;

use crate::problem::{Reporter, read_toml};

/// A claim as it will be run: inheritance by `like` is already resolved.
#[derive(Debug, Clone)]
pub struct Claim {
    pub id: String,
    /// The line of its fence.
    pub line: usize,
    /// The design, relative to the pack.
    pub run: String,
    pub set: BTreeMap<String, String>,
    /// How many independent runs are pooled; seeds 1..=seeds.
    pub seeds: u32,
    pub expect: BTreeMap<String, Expected>,
}

#[derive(Debug, Clone)]
pub struct Expected {
    /// As the author wrote it, without the band; this is what prose shows.
    pub text: String,
    pub line: usize,
    pub band: Band,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Band {
    /// A name: "worker".
    Same(String),
    Within {
        low: Quantity,
        high: Quantity,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    run: Option<String>,
    like: Option<String>,
    #[serde(default)]
    set: BTreeMap<String, String>,
    seeds: Option<u32>,
    #[serde(default)]
    expect: BTreeMap<String, String>,
}

/// Reads a `claim` fence. `folder` is where its design is looked for; earlier claims may be
/// named by `like`.
pub(crate) fn read_claim(
    id: &str,
    text: &str,
    line: usize,
    folder: &str,
    earlier: &BTreeMap<String, Claim>,
    report: &mut Reporter<'_>,
) -> Option<Claim> {
    let raw: Raw = read_toml(text, line, report)?;
    let base = match &raw.like {
        Some(like) => match earlier.get(like) {
            Some(base) => Some(base),
            None => {
                report.suggest(
                    line,
                    format!("There is no claim “{like}” above this one."),
                    "A claim can only be like an earlier one of the same lesson.",
                );
                return None;
            }
        },
        None => None,
    };
    let run = match (&raw.run, base) {
        (Some(run), _) => format!("{folder}/{run}"),
        (None, Some(base)) => base.run.clone(),
        (None, None) => {
            report.suggest(line, format!("The claim “{id}” names no design."), "Add run = \"designs/name.toml\", or like = \"earlier\".");
            return None;
        }
    };
    let mut set = base.map(|base| base.set.clone()).unwrap_or_default();
    set.extend(raw.set);
    let seeds = raw.seeds.or(base.map(|base| base.seeds)).unwrap_or(1);
    if !(1..=1000).contains(&seeds) {
        report.error(line, format!("The claim “{id}” asks for {seeds} seeds; between 1 and 1000 make sense."));
        return None;
    }
    if raw.expect.is_empty() {
        report.suggest(line, format!("The claim “{id}” expects nothing."), "Add expect = { \"class.mean\" = \"50 ms +- 2 %\" }.");
    }
    let mut expect = BTreeMap::new();
    for (measure, wanted) in raw.expect {
        let line = line + line_of(text, &measure);
        match band(&wanted) {
            Ok((shown, band)) => {
                expect.insert(measure, Expected { text: shown, line, band });
            }
            Err(message) => report.error(line, format!("“{wanted}”: {message}")),
        }
    }
    Some(Claim { id: id.to_owned(), line, run, set, seeds, expect })
}

/// The line within a fence on which a key is first quoted, counted from 1.
fn line_of(text: &str, key: &str) -> usize {
    text.lines().position(|line| line.contains(&format!("\"{key}\""))).map_or(0, |at| at + 1)
}

/// "50 ms +- 2 %", "0.2 +- 0.01", "worker".
fn band(text: &str) -> Result<(String, Band), String> {
    let (value, tolerance) = match text.split_once("+-").or_else(|| text.split_once('±')) {
        Some((value, tolerance)) => (value.trim(), Some(tolerance.trim())),
        None => (text.trim(), None),
    };
    let starts_as_number = value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '$' | '.'));
    let Some(tolerance) = tolerance else {
        return if starts_as_number {
            Err("A number needs a band that its run length justifies: write “50 ms +- 2 %”.".into())
        } else {
            Ok((value.to_owned(), Band::Same(value.to_owned())))
        };
    };
    let middle = Quantity::parse(value).map_err(|problem| problem.to_string())?;
    let half = if tolerance.ends_with('%') {
        let share = Quantity::parse(tolerance).map_err(|problem| problem.to_string())?;
        middle.value.abs() * share.value
    } else {
        let half = Quantity::parse(tolerance).map_err(|problem| problem.to_string())?;
        if half.dimension != middle.dimension {
            return Err(format!("the band is {}, the value {}.", half.dimension.noun(), middle.dimension.noun()));
        }
        half.value
    };
    let at = |value| Quantity::new(value, middle.dimension);
    Ok((shown(value), Band::Within { low: at(middle.value - half), high: at(middle.value + half) }))
}

/// "80 %" is printed "80%", as everywhere in the course; "50 ms" stays on one line; "1600/s" is
/// grouped as sums are.
pub(crate) fn shown(value: &str) -> String {
    let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (whole, rest) = value.split_at(digits);
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && digits >= 4 && (digits - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let value = format!("{grouped}{rest}");
    // A quantity does not break over a line between its number and its unit.
    value.replace(" %", "%").replace(' ', "\u{a0}")
}

/// Evaluates a `sum` fence: step name -> shown value. Steps without a name are not reachable
/// from prose and are a problem.
pub(crate) fn read_sum(id: &str, text: &str, line: usize, report: &mut Reporter<'_>) -> BTreeMap<String, String> {
    match napkin::evaluate(text) {
        Ok(sheet) => sheet.steps.iter().filter_map(|step| Some((step.name.clone()?, shown(&step.shown)))).collect(),
        Err(problems) => {
            for problem in problems {
                report.error(line + problem.line, format!("In the sum “{id}”: {problem}"));
            }
            BTreeMap::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_relative_absolute_or_a_name() {
        let within = |text: &str| match band(text).expect(text) {
            (shown, Band::Within { low, high }) => format!("{shown}: {low} .. {high}"),
            (shown, Band::Same(name)) => format!("{shown}: same as {name}"),
        };
        assert_eq!(within("50 ms +- 2 %"), "50\u{a0}ms: 49 ms .. 51 ms");
        assert_eq!(within("50 ms ± 5 ms"), "50\u{a0}ms: 45 ms .. 55 ms");
        assert_eq!(within("80 % +- 1 %"), "80%: 0.792 .. 0.808");
        assert_eq!(within("worker"), "worker: same as worker");
    }

    #[test]
    fn a_number_without_a_band_is_refused() {
        assert!(band("50 ms").unwrap_err().contains("needs a band"));
        assert!(band("50 ms +- 2/s").unwrap_err().contains("the band is a rate"));
    }
}
