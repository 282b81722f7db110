//! Ranges of varied values: "from 2 ms to 20 ms in steps of 2 ms" as the list of its values, in
//! numbers that a person can reckon with.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::read::typed;
use crate::problem::Reporter;

/// More values of one name are not worth their reading.
const VALUES_MOST: usize = 1_000;
/// Values are counted in thousandths of the unit they are written in.
const PARTS: u64 = 1_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    from: String,
    to: String,
    /// The distance from one value to the next.
    step: Option<String>,
    /// Or: all numbers of so many significant digits.
    digits: Option<u32>,
}

/// The values of each name, listed or spread over a range.
pub(super) fn read(id: &str, table: &toml::Table, line: usize, report: &mut Reporter<'_>) -> BTreeMap<String, Vec<String>> {
    let mut vary = BTreeMap::new();
    for (name, value) in table {
        let values = match value {
            toml::Value::Array(list) => listed(list),
            toml::Value::Table(table) => match typed::<Range>(id, table, line, report) {
                Some(range) => range.values(),
                None => continue,
            },
            _ => {
                Err("it is neither a list nor a range; write [\"2 ms\", \"5 ms\"] or { from = \"2 ms\", to = \"20 ms\", step = \"2 ms\" }"
                    .into())
            }
        };
        match values {
            Ok(values) => drop(vary.insert(name.clone(), values)),
            Err(why) => report.error(line, format!("In vary of item {id}, {name}: {why}.")),
        }
    }
    vary
}

fn listed(list: &[toml::Value]) -> Result<Vec<String>, String> {
    let mut values: Vec<String> = Vec::new();
    for value in list {
        let text = value.as_str().ok_or("a value is not in quotes")?;
        if values.iter().any(|known| known == text) {
            return Err(format!("{text} stands twice, and a drill would repeat itself"));
        }
        values.push(text.to_owned());
    }
    if values.is_empty() { Err("it has no value".into()) } else { Ok(values) }
}

impl Range {
    fn values(&self) -> Result<Vec<String>, String> {
        let (from, unit) = number(&self.from)?;
        let (to, unit_to) = number(&self.to)?;
        if unit_to != unit {
            return Err(format!("it goes from {} to {}, which are different units", self.from, self.to));
        }
        let step: Box<dyn Fn(i128) -> i128> = match (&self.step, self.digits) {
            (Some(text), None) => {
                let (step, unit_of) = number(text)?;
                if unit_of != unit || step == 0 {
                    return Err(format!("a step of {text} does not lead from {} to {}", self.from, self.to));
                }
                Box::new(move |_| step)
            }
            (None, Some(digits @ 1..=3)) => Box::new(move |at| place(at, digits)),
            _ => return Err("a range takes a step, or digits = 1 to 3".into()),
        };
        if from <= 0 || from >= to {
            return Err(format!("it goes from {} to {}; it should begin above nothing and rise", self.from, self.to));
        }
        let mut values = Vec::new();
        let mut at = from;
        while at <= to {
            values.push(format!("{}{unit}", written(at)));
            at += step(at);
            if values.len() > VALUES_MOST {
                return Err(format!("it has more than {VALUES_MOST} values; take a larger step"));
            }
        }
        Ok(values)
    }
}

/// The number in thousandths, and what stands after it ("2 ms": " ms").
fn number(text: &str) -> Result<(i128, &str), String> {
    let length = units::number_length(text);
    let (digits, unit) = text.split_at(length);
    let (decimal, _) = units::parse_number(digits).map_err(|_| format!("“{text}” does not begin with a number"))?;
    let parts = decimal.scaled(PARTS, 1).filter(|parts| *parts > 0 && *parts < 1_000_000_000_000_000);
    parts.map(|parts| (parts, unit)).ok_or_else(|| format!("“{text}” is not a number between 0.001 and a billion"))
}

/// What the last of so many significant digits is worth.
fn place(at: i128, digits: u32) -> i128 {
    let mut unit = 1;
    while at / unit >= 10i128.pow(digits) {
        unit *= 10;
    }
    unit
}

fn written(parts: i128) -> String {
    let (whole, rest) = (parts / i128::from(PARTS), parts % i128::from(PARTS));
    let text = format!("{whole}.{rest:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let range: Range = toml::from_str(text).expect("a range");
        expected.assert_eq(&range.values().map_or_else(|why| format!("error: {why}"), |values| values.join(", ")));
    }

    #[test]
    fn ranges_become_lists_of_round_numbers() {
        check(
            r#"from = "2 ms"
to = "8 ms"
step = "2 ms""#,
            expect!["2 ms, 4 ms, 6 ms, 8 ms"],
        );
        check(
            r#"from = "8/s"
to = "40/s"
digits = 1"#,
            expect!["8/s, 9/s, 10/s, 20/s, 30/s, 40/s"],
        );
        check(
            r#"from = "0.8"
to = "1.2"
digits = 2"#,
            expect![
                "0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.87, 0.88, 0.89, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 1, 1.1, 1.2"
            ],
        );
        check(
            r#"from = "50 %"
to = "52 %"
step = "0.5 %""#,
            expect!["50 %, 50.5 %, 51 %, 51.5 %, 52 %"],
        );
    }

    #[test]
    fn what_is_no_range_is_told() {
        check(
            r#"from = "2 ms"
to = "8 s"
step = "2 ms""#,
            expect!["error: it goes from 2 ms to 8 s, which are different units"],
        );
        check(
            r#"from = "9"
to = "8"
step = "1""#,
            expect!["error: it goes from 9 to 8; it should begin above nothing and rise"],
        );
        check(
            r#"from = "1"
to = "8""#,
            expect!["error: a range takes a step, or digits = 1 to 3"],
        );
        check(
            r#"from = "1"
to = "9000"
step = "1""#,
            expect!["error: it has more than 1000 values; take a larger step"],
        );
        check(
            r#"from = "some"
to = "9000"
step = "1""#,
            expect!["error: “some” does not begin with a number"],
        );
    }
}
