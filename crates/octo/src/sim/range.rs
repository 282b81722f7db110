//! The values of a sweep: "rate=100..5000 in 20". Which setting takes them is known to `design`.

/// A path and the values at its ends.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Range {
    pub(crate) path: String,
    from: f64,
    to: f64,
    /// "ms", "/s", "%"; empty where none is written.
    pub(crate) unit: String,
    count: usize,
}

const COUNT: usize = 10;
const MOST: usize = 1_000;
/// From this ratio on the values are spread evenly by ratio, not by difference.
const WIDE: f64 = 10.0;
const EXAMPLE: &str = "Write it as in rate=100..5000, web.replicas=1..8 or \"db.time=1 ms..10 ms in 5\".";

impl Range {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let (path, values) = text.split_once('=').ok_or_else(|| format!("“{text}” names no values. {EXAMPLE}"))?;
        let (values, count) = match values.rsplit_once(" in ") {
            Some((values, count)) => (values, self::count(count.trim())?),
            None => (values, COUNT),
        };
        let (from, to) = values.split_once("..").ok_or_else(|| format!("“{}” is no range. {EXAMPLE}", values.trim()))?;
        let ((from, from_unit), (to, to_unit)) = (number(from)?, number(to)?);
        let unit = if to_unit.is_empty() { from_unit } else { to_unit };
        let from = if from_unit.is_empty() || from_unit == unit { from } else { converted(from, from_unit, unit)? };
        if from == to {
            return Err(format!("This sweep begins where it ends. {EXAMPLE}"));
        }
        Ok(Self { path: path.trim().to_owned(), from, to, unit: unit.to_owned(), count })
    }

    /// From one end to the other: by equal steps, or by equal ratios where they are far apart.
    pub(crate) fn values(&self) -> Vec<f64> {
        let ratio = self.to / self.from;
        let by_ratio = self.from > 0.0 && (ratio > WIDE || (ratio > 0.0 && ratio < 1.0 / WIDE));
        let last = self.count - 1;
        let value = |step: usize| {
            let part = step as f64 / last as f64;
            match step {
                0 => self.from,
                step if step == last => self.to,
                _ if by_ratio => short(self.from * ratio.powf(part)),
                _ => short(self.from + (self.to - self.from) * part),
            }
        };
        (0..self.count).map(value).collect()
    }

    /// Whether the values are spread by ratio.
    pub(crate) fn is_wide(&self) -> bool {
        let values = self.values();
        values.iter().all(|value| *value > 0.0) && (self.to / self.from > WIDE || self.from / self.to > WIDE)
    }

    /// How a value may be written, the best first: a setting that counts takes whole numbers only,
    /// and nobody should have to write "/s" after a rate.
    pub(crate) fn spellings(&self, value: f64) -> Vec<String> {
        let space = if self.unit.is_empty() || self.unit.starts_with('/') { "" } else { " " };
        let mut spellings = vec![format!("{value}{space}{}", self.unit), format!("{}{space}{}", value.round(), self.unit)];
        let per_second = format!("{value}/s");
        if self.unit.is_empty() {
            // The problem of the first spelling is the one that is told.
            let place = if self.path.ends_with("rate") { 0 } else { spellings.len() };
            spellings.insert(place, per_second);
        }
        spellings
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 2..=MOST) => Ok(count),
        _ => Err(format!("“{text}” is not how many values to try. Write 2 to {MOST}.")),
    }
}

/// "10 ms" -> 10 and "ms"; "x2" is a factor of 2.
fn number(text: &str) -> Result<(f64, &str), String> {
    let text = text.trim();
    let bare = text.strip_prefix('x').unwrap_or(text);
    let is_exponent =
        |at: usize| bare[at..].starts_with(['e', 'E']) && bare[at + 1..].starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let end = bare
        .char_indices()
        .find(|&(at, c)| !(c.is_ascii_digit() || c == '.' || is_exponent(at) || c == '-' && (at == 0 || is_exponent(at - 1))))
        .map_or(bare.len(), |(at, _)| at);
    match bare[..end].parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((number, bare[end..].trim())),
        _ => Err(format!("“{text}” does not begin with a number. {EXAMPLE}")),
    }
}

/// "1 s" as "ms": 1000.
fn converted(value: f64, from: &str, to: &str) -> Result<f64, String> {
    let one = |unit: &str| units::Quantity::parse(&format!("1 {unit}")).map_err(|problem| problem.to_string());
    let (from_one, to_one) = (one(from)?, one(to)?);
    if from_one.dimension != to_one.dimension {
        return Err(format!("“{from}” and “{to}” do not measure the same. Write both ends in one unit."));
    }
    Ok(short(value * from_one.value / to_one.value))
}

/// Three significant digits: enough for a place on an axis.
fn short(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::Range;

    fn check(text: &str, expected: Expect) {
        let shown = Range::read(text).map(|range| {
            let values: Vec<String> = range.values().into_iter().map(|value| range.spellings(value)[0].clone()).collect();
            format!("{}: {}", range.path, values.join(", "))
        });
        expected.assert_eq(&shown.unwrap_or_else(|problem| format!("no: {problem}")));
    }

    #[test]
    fn values_are_spread_by_difference_or_where_far_apart_by_ratio() {
        check("rate=10..95 in 3", expect!["rate: 10/s, 52.5/s, 95/s"]);
        check("rate=100..5000", expect!["rate: 100/s, 154/s, 239/s, 368/s, 569/s, 879/s, 1360/s, 2100/s, 3240/s, 5000/s"]);
        check("web.workers=32..1 in 6", expect!["web.workers: 32, 16, 8, 4, 2, 1"]);
        check("db.time = 1 ms..2 ms in 3", expect!["db.time: 1 ms, 1.5 ms, 2 ms"]);
        check("db.time=500 us..2 ms in 4", expect!["db.time: 0.5 ms, 1 ms, 1.5 ms, 2 ms"]);
        check("cache.hits=50..90 % in 3", expect!["cache.hits: 50 %, 70 %, 90 %"]);
        check("load=x0.5..x3 in 2", expect!["load: 0.5, 3"]);
        check("rate=1e2..1e3/s in 2", expect!["rate: 100/s, 1000/s"]);
        check("a.b=-1..1 in 3", expect!["a.b: -1, 0, 1"]);
    }

    #[test]
    fn slips_are_named() {
        check(
            "rate",
            expect![[r#"no: “rate” names no values. Write it as in rate=100..5000, web.replicas=1..8 or "db.time=1 ms..10 ms in 5"."#]],
        );
        check(
            "rate=100",
            expect![[r#"no: “100” is no range. Write it as in rate=100..5000, web.replicas=1..8 or "db.time=1 ms..10 ms in 5"."#]],
        );
        check(
            "rate=a..b",
            expect![[
                r#"no: “a” does not begin with a number. Write it as in rate=100..5000, web.replicas=1..8 or "db.time=1 ms..10 ms in 5"."#
            ]],
        );
        check(
            "rate=5..5",
            expect![[
                r#"no: This sweep begins where it ends. Write it as in rate=100..5000, web.replicas=1..8 or "db.time=1 ms..10 ms in 5"."#
            ]],
        );
        check("rate=1..5 in 1", expect!["no: “1” is not how many values to try. Write 2 to 1000."]);
        check("db.time=1 ms..2 MB", expect!["no: “ms” and “MB” do not measure the same. Write both ends in one unit."]);
        check("db.time=1 ms..2 apples", expect!["no: “ms” and “apples” do not measure the same. Write both ends in one unit."]);
    }
}
