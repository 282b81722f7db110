//! A figure: one design, one knob, a prediction to commit before the run. Running and scoring
//! are in `grade`; drawing is in `picture` and on the page.

use std::collections::BTreeMap;

use serde::Deserialize;
use units::Quantity;

use crate::problem::{Reporter, read_toml};

#[derive(Debug, Clone)]
pub struct Figure {
    pub id: String,
    pub line: usize,
    pub title: String,
    /// The design, relative to the pack.
    pub design: String,
    pub seed: u64,
    /// Settings that hold for the whole figure.
    pub set: BTreeMap<String, String>,
    pub knob: Knob,
    /// The measure that the chart draws over the knob.
    pub measure: String,
    pub points: Vec<f64>,
    pub known: Option<f64>,
    pub series: Vec<Series>,
    pub log: bool,
    pub show: Vec<String>,
    /// Markdown.
    pub ask: String,
    pub predict: Vec<Ask>,
    pub trap: Option<Trap>,
    pub try_line: String,
    pub reply: Replies,
    pub ignores: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knob {
    pub label: String,
    #[serde(default)]
    pub unit: String,
    pub from: f64,
    pub to: f64,
    pub step: f64,
    pub start: f64,
    /// Settings in which `{}` stands for the value.
    pub set: BTreeMap<String, String>,
}

/// One line of the chart.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    pub label: String,
    #[serde(default)]
    pub set: BTreeMap<String, String>,
}

/// One thing to predict.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pub ask: String,
    pub at: f64,
    pub measure: String,
    /// The label of the series it is about; the first if left out.
    #[serde(default)]
    pub series: Option<String>,
    #[serde(default)]
    pub graded: bool,
    /// The unit in which the answer is asked for ("ms"); taken from the known point if left out.
    #[serde(default)]
    pub unit: Option<String>,
}

impl Ask {
    /// The unit that stands beside the field; a bare number is taken in it. `None` where the name
    /// of a box is asked for, or a count.
    pub fn unit(&self) -> Option<&str> {
        if let Some(unit) = &self.unit {
            return Some(unit);
        }
        match self.measure.rsplit('.').next().unwrap_or("") {
            "mean" | "p50" | "p90" | "p95" | "p99" | "p999" | "max" | "wait" | "time" | "service" => Some("ms"),
            "utilisation" | "errors" | "hits" => Some("%"),
            "throughput" | "goodput" | "rate" => Some("/s"),
            "cost" => Some("USD/month"),
            "cost per 1000" => Some("USD"),
            _ => None,
        }
    }

    /// Whether a box is asked for rather than a number.
    pub fn is_name(&self) -> bool {
        matches!(self.measure.as_str(), "bottleneck" | "first saturated")
    }
}

/// The wrong belief's own prediction, drawn beside the result.
#[derive(Debug, Clone)]
pub struct Trap {
    pub label: String,
    /// Either a line through the origin and the known point of this knob value ...
    pub through: Option<f64>,
    /// ... or values of its own, by knob value.
    pub values: Vec<(f64, Quantity)>,
}

/// What is said about the gap of the graded guess.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replies {
    pub low: String,
    pub near: String,
    pub high: String,
    pub unknown: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    title: String,
    design: String,
    #[serde(default = "one")]
    seed: u64,
    #[serde(default)]
    set: BTreeMap<String, String>,
    knob: Knob,
    measure: String,
    points: Vec<f64>,
    known: Option<f64>,
    #[serde(default)]
    series: Vec<Series>,
    #[serde(default)]
    log: bool,
    #[serde(default)]
    show: Vec<String>,
    ask: String,
    predict: Vec<Ask>,
    trap: Option<RawTrap>,
    #[serde(rename = "try")]
    try_line: String,
    reply: Replies,
    ignores: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTrap {
    label: String,
    through: Option<f64>,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

fn one() -> u64 {
    1
}

pub(crate) fn read_figure(id: &str, text: &str, line: usize, folder: &str, report: &mut Reporter<'_>) -> Option<Figure> {
    let raw: Raw = read_toml(text, line, report)?;
    check(id, &raw, line, report);
    let trap = raw.trap.map(|trap| Trap { label: trap.label, through: trap.through, values: trap_values(&trap.values, line, report) });
    Some(Figure {
        id: id.to_owned(),
        line,
        title: raw.title,
        design: format!("{folder}/{}", raw.design),
        seed: raw.seed,
        set: raw.set,
        knob: raw.knob,
        measure: raw.measure,
        points: raw.points,
        known: raw.known,
        series: if raw.series.is_empty() { vec![Series::default()] } else { raw.series },
        log: raw.log,
        show: raw.show,
        ask: raw.ask,
        predict: raw.predict,
        trap,
        try_line: raw.try_line,
        reply: raw.reply,
        ignores: raw.ignores,
    })
}

fn trap_values(values: &BTreeMap<String, String>, line: usize, report: &mut Reporter<'_>) -> Vec<(f64, Quantity)> {
    let mut read = Vec::new();
    for (at, value) in values {
        match (at.parse::<f64>(), Quantity::parse(value)) {
            (Ok(at), Ok(quantity)) => read.push((at, quantity)),
            (Err(_), _) => report.error(line, format!("“{at}” in the trap should be a value of the knob.")),
            (_, Err(problem)) => report.error(line, format!("“{value}” in the trap: {problem}")),
        }
    }
    read.sort_by(|a, b| a.0.total_cmp(&b.0));
    read
}

fn check(id: &str, raw: &Raw, line: usize, report: &mut Reporter<'_>) {
    let knob = &raw.knob;
    if !(knob.step > 0.0 && knob.from < knob.to && (knob.from..=knob.to).contains(&knob.start)) {
        report.suggest(
            line,
            format!("The knob of “{id}” runs from {} to {} by {}, starting at {}.", knob.from, knob.to, knob.step, knob.start),
            "from < to, step > 0, and start between them.",
        );
    }
    if !knob.set.values().any(|value| value.contains("{}")) {
        report.suggest(
            line,
            format!("The knob of “{id}” changes nothing."),
            "Put {} where the value goes: set = { \"workload.buy.rate\" = \"{}/s\" }.",
        );
    }
    if raw.points.is_empty() || raw.points.len() > 40 {
        report.error(line, format!("“{id}” has {} points; between 1 and 40 make a chart.", raw.points.len()));
    }
    if raw.predict.iter().filter(|ask| ask.graded).count() != 1 {
        report.suggest(
            line,
            format!("“{id}” should grade exactly one of its predictions."),
            "Mark the one where the trap is off by a factor of three with graded = true.",
        );
    }
    for ask in &raw.predict {
        if ask.series.as_ref().is_some_and(|name| raw.series.iter().all(|series| series.label != *name)) {
            report.error(line, format!("“{}” is about a series that “{id}” does not have.", ask.ask));
        }
    }
    if raw.ignores.trim().is_empty() {
        report.error(line, format!("“{id}” does not say what its run ignores."));
    }
}

impl Figure {
    /// The settings of one run of this figure.
    pub fn settings(&self, series: &Series, value: f64) -> BTreeMap<String, String> {
        let mut set = self.set.clone();
        set.extend(series.set.clone());
        let value = number(value);
        set.extend(self.knob.set.iter().map(|(path, text)| (path.clone(), text.replace("{}", &value))));
        set
    }

    pub fn series_named(&self, name: Option<&str>) -> &Series {
        name.and_then(|name| self.series.iter().find(|series| series.label == name)).unwrap_or(&self.series[0])
    }

    /// What the trap says at a knob value, given the measured value at the known point.
    pub fn trap_at(&self, value: f64, known: Option<(f64, Quantity)>) -> Option<Quantity> {
        let trap = self.trap.as_ref()?;
        if let Some((_, quantity)) = trap.values.iter().find(|(at, _)| *at == value) {
            return Some(*quantity);
        }
        let (at, quantity) = known.filter(|(at, _)| trap.through == Some(*at) && *at != 0.0)?;
        Some(Quantity::new(quantity.value * value / at, quantity.dimension))
    }
}

/// A knob value as it is put into a setting: "95", "0.5".
fn number(value: f64) -> String {
    format!("{value}")
}
