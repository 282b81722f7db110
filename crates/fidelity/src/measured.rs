//! A measure over several seeds: of all runs together where they can be added, else the mean of
//! the runs.

use std::fmt;

use sim::{Measure, Report};
use units::Quantity;

/// What the runs of a case gave for a measure.
#[derive(Debug, Clone, PartialEq)]
pub enum Measured {
    Quantity(Quantity),
    Word(String),
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quantity(quantity) => quantity.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// Counts grow with the number of seeds; what is read at a moment, and the share of the greatest
/// of several, mean nothing for runs taken together. Of these the mean over the runs is taken.
const OF_EACH: &[&str] = &[
    "sent",
    "answered",
    "failed",
    "unfinished",
    "visits",
    "rejected",
    "dropped",
    "lost writes",
    "produced",
    "deliveries",
    "delivered",
    "redelivered",
    "consumed",
    "duplicates",
    "dead",
    "lost",
    "backlog",
    "max backlog",
    "oldest",
    "entries",
    "resident",
    "max share",
    "min share",
    "arrivals dispersion",
];

const RECOVERY: &str = "recovery";

/// What is of a moment and not of the time around it. On a slope one may draw a line between two
/// points of the series, at the bend where a fault ends one may not.
const OF_A_MOMENT: &[&str] = &["inside", "queue", "backlog", "oldest"];

/// What one run says of a measure; none if there is no such measure.
pub(crate) fn of_one(run: &Report, name: &str) -> Option<Measured> {
    let measured = run.measure(name).map(Measured::from);
    // A goodput that never came back is an answer, where it is known at all.
    let known = || what(name) == RECOVERY && run.faults.iter().any(|fault| !fault.recovery.is_empty());
    measured.or_else(|| known().then(|| Measured::Word("never".into())))
}

/// What all runs say of a measure: `each` by itself, and `pooled` together.
pub(crate) fn of_all(each: &[Option<Measured>], pooled: &Report, name: &str) -> Option<Measured> {
    if what(name) == RECOVERY {
        // A run that never recovers makes no mean.
        let recovered = each.iter().flatten().filter(|measured| matches!(measured, Measured::Quantity(_)));
        return mean(recovered.map(Some)).or_else(|| each.first().cloned().flatten());
    }
    if is_of_each(name) {
        return mean(each.iter().map(Option::as_ref));
    }
    pooled.measure(name).map(Measured::from)
}

impl From<Measure> for Measured {
    fn from(measure: Measure) -> Self {
        match measure {
            Measure::Quantity(quantity) => Self::Quantity(quantity),
            Measure::Text(text) => Self::Word(text),
        }
    }
}

/// The moment at which the engine must be looked at for this measure [ns].
pub(crate) fn moment(name: &str) -> Option<u64> {
    let (when, _) = name.strip_prefix("at ")?.split_once('.')?;
    let when: units::Duration = when.parse().ok()?;
    OF_A_MOMENT.contains(&what(name)).then_some(when.base())
}

/// The last part of a name: "worker.wait p99" is about "wait p99".
fn what(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn is_of_each(name: &str) -> bool {
    let moment = |part: &str| part.strip_prefix("at ").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let of_arrow = name.contains("->") && matches!(what(name), "calls" | "retries" | "hedges");
    OF_EACH.contains(&what(name)) || what(name).starts_with("share of ") || name.split('.').any(moment) || of_arrow
}

fn mean<'a>(values: impl Iterator<Item = Option<&'a Measured>>) -> Option<Measured> {
    let quantity = |value: Option<&Measured>| match value? {
        Measured::Quantity(quantity) => Some(*quantity),
        Measured::Word(_) => None,
    };
    let quantities: Vec<Quantity> = values.map(quantity).collect::<Option<_>>()?;
    let first = quantities.first()?;
    let sum: f64 = quantities.iter().map(|quantity| quantity.value).sum();
    Some(Measured::Quantity(Quantity::new(sum / quantities.len() as f64, first.dimension)))
}

/// A number with so many significant digits, without zeros at its end; whole ones in full.
pub(crate) fn figures(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".into() } else { value.to_string() };
    }
    let exponent = value.abs().log10().floor() as i32;
    if exponent < -5 {
        return format!("{value:.*e}", digits.max(1) as usize - 1);
    }
    let places = (digits - 1 - exponent).max(0) as usize;
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_moments_are_of_each_run_and_times_of_all() {
        for name in ["sent", "buy.sent", "db.lost writes", "at 70 s.goodput", "db.at 570 s.rate", "bin.max share", "web -> db.calls"] {
            assert!(is_of_each(name), "{name}");
        }
        for name in ["mean", "buy.p99", "worker.at least 10", "failed.timeout", "db.calls", "max", "worker.max queue", "stale.2"] {
            assert!(!is_of_each(name), "{name}");
        }
    }

    #[test]
    fn the_engine_is_asked_for_the_moments_of_what_stands_there() {
        assert_eq!(moment("at 2 min.jobs.backlog"), Some(120_000_000_000));
        for name in ["at 70 s.goodput", "at 70 s.web.rate", "jobs.backlog", "at noon.jobs.backlog"] {
            assert_eq!(moment(name), None, "{name}");
        }
    }

    #[test]
    fn numbers_have_so_many_figures() {
        let shown = [230.2612345, 0.107412, 48_012.4, 0.0000123456, 1.23456e-7, 100.0, 0.0, -0.5].map(|value| figures(value, 5));
        assert_eq!(shown, ["230.26", "0.10741", "48012", "0.000012346", "1.2346e-7", "100", "0", "-0.5"]);
    }
}
