//! Numbers and lists as they stand in a sentence, and the making of findings.

use units::{Dimension, Duration, Quantity, significant};

use super::{Figure, Finding, Kind, Role, Source};
use crate::explain::facts::Facts;

/// [s]
pub(super) fn time(seconds: f64) -> String {
    Quantity::new(two(seconds), Dimension::TIME).to_string()
}

/// A moment of the run [ns].
pub(super) fn at(ns: u64) -> String {
    Duration(ns).quantity().to_string()
}

pub(super) fn rate(per_second: f64) -> String {
    Quantity::new(per_second, Dimension::RATE).to_string()
}

/// "24 %".
pub(super) fn share(part: f64) -> String {
    let percent = part * 100.0;
    let text = if (1.0..99.5).contains(&percent) { significant(percent.round()) } else { significant(two(percent)) };
    format!("{text} %")
}

/// "3.2".
pub(super) fn number(value: f64) -> String {
    significant(if value >= 100.0 { value.round() } else { two(value) })
}

pub(super) fn count(value: f64) -> String {
    Quantity::plain(value.round()).to_string()
}

/// "1 worker", "4 workers".
pub(super) fn some(value: f64, thing: &str) -> String {
    let value = value.round();
    if value == 1.0 { format!("1 {thing}") } else { format!("{} {thing}s", count(value)) }
}

/// Two significant digits: a sentence is not a table.
fn two(value: f64) -> f64 {
    units::float(&format!("{value:.1e}")).unwrap_or(value)
}

/// "a", "a and b", "a, b and c".
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A finding in the making.
pub(super) fn cause(kind: Kind, subject: &str, sentence: String) -> Finding {
    Finding { role: Role::Cause, kind, subject: Some(subject.to_owned()), sentence, figures: Vec::new() }
}

impl Finding {
    /// With what the report measured; what it does not know is left out.
    pub(super) fn shown(mut self, facts: &Facts<'_>, measures: &[String]) -> Self {
        for name in measures {
            if let Some(sim::Measure::Quantity(value)) = facts.report.measure(name)
                && self.figures.iter().all(|figure| figure.name != *name)
            {
                self.figures.push(Figure { name: name.clone(), value, from: Source::Report });
            }
        }
        self
    }

    /// With a number that was worked out from others.
    pub(super) fn with(mut self, name: impl Into<String>, value: f64, dimension: Dimension) -> Self {
        self.figures.push(Figure { name: name.into(), value: Quantity::new(value, dimension), from: Source::Computed });
        self
    }

    /// With a setting of the design.
    pub(super) fn set(mut self, path: String, value: f64, dimension: Dimension) -> Self {
        self.figures.push(Figure { name: path, value: Quantity::new(value, dimension), from: Source::Design });
        self
    }
}
