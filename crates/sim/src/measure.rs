//! Measures by name, as requirements, lessons and predictions quote them: "buy.p99",
//! "web.utilisation", "cost". Floats appear here for the first time, from whole numbers.

use std::fmt;

use units::{Dimension, Quantity};

use crate::costs::MONTH_S;
use crate::report::{ClassReport, ComponentReport, Report};

/// From this utilisation on a component counts as saturated.
const SATURATED: f64 = 0.8;

const CLASS: &[&str] = &[
    "mean",
    "p50",
    "p90",
    "p95",
    "p99",
    "p999",
    "max",
    "sent",
    "answered",
    "failed",
    "unfinished",
    "errors",
    "throughput",
    "goodput",
    "inside",
];
const COMPONENT: &[&str] =
    &["utilisation", "queue", "max queue", "wait", "service", "time", "inside", "rate", "visits", "rejected", "hits"];
const WHOLE: &[&str] = &["cost", "cost per 1000", "first saturated", "bottleneck"];

/// The value of a measure.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    Quantity(Quantity),
    /// The name of a component, or "nothing".
    Text(String),
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quantity(quantity) => quantity.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Measure {
    /// The value in base units (seconds, per second, USD per second), if it is a quantity.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Quantity(quantity) => Some(quantity.value),
            Self::Text(_) => None,
        }
    }
}

impl Report {
    /// The value of a measure, or none if the name is unknown or nothing was measured (no
    /// request answered, unlimited workers, no price). The name of the only class may be left
    /// out.
    pub fn measure(&self, name: &str) -> Option<Measure> {
        match name {
            "cost" => return self.cost_per_month().map(|nano| quantity(nano / 1e9 / MONTH_S, Dimension::SPENDING)),
            "cost per 1000" => return self.cost_per_thousand().map(|nano| quantity(nano / 1e9, Dimension::MONEY)),
            "first saturated" => return Some(Measure::Text(self.first_saturated().unwrap_or("nothing").into())),
            "bottleneck" => return Some(Measure::Text(self.bottleneck().unwrap_or("nothing").into())),
            _ => {}
        }
        let Some((of, what)) = name.split_once('.') else {
            let (_, class) = self.classes.first_key_value().filter(|_| self.classes.len() == 1)?;
            return if name == "network" { self.network(class) } else { self.class(class, name) };
        };
        if of == "network"
            && let Some(class) = self.classes.get(what)
        {
            return self.network(class);
        }
        let class = self.classes.get(of).and_then(|class| self.class(class, what));
        class.or_else(|| self.components.get(of).and_then(|component| self.component(component, what)))
    }

    /// The names of all measures that have a value, in order.
    pub fn measures(&self) -> Vec<String> {
        let of = |names: &[&str], of: &String| names.iter().map(|name| format!("{of}.{name}")).collect::<Vec<_>>();
        let classes = self.classes.keys().flat_map(|class| of(CLASS, class).into_iter().chain([format!("network.{class}")]));
        let components = self.components.keys().flat_map(|component| of(COMPONENT, component));
        let whole = WHOLE.iter().map(|&name| name.to_owned());
        let mut names: Vec<String> = classes.chain(components).chain(whole).filter(|name| self.measure(name).is_some()).collect();
        // A class and a component may share a name and a measure; the class is meant.
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    /// The component with the greatest share of its workers busy.
    pub fn bottleneck(&self) -> Option<&str> {
        let mut most: Option<(&str, f64)> = None;
        for (name, component) in &self.components {
            if let Some(utilisation) = self.utilisation(component).filter(|&utilisation| utilisation > 0.0)
                && most.is_none_or(|(_, greatest)| utilisation > greatest)
            {
                most = Some((name, utilisation));
            }
        }
        most.map(|(name, _)| name)
    }

    /// The bottleneck, if more than 80 % of its workers are busy.
    pub fn first_saturated(&self) -> Option<&str> {
        self.bottleneck().filter(|name| self.components.get(*name).and_then(|component| self.utilisation(component)) > Some(SATURATED))
    }

    /// [10^-9 USD]
    pub(crate) fn cost_per_month(&self) -> Option<f64> {
        self.costs.per_month(|name| self.components.get(name).and_then(|component| self.per_second(component.visits)).unwrap_or(0.0))
    }

    /// Per thousand answered requests of all classes [10^-9 USD].
    pub(crate) fn cost_per_thousand(&self) -> Option<f64> {
        let answered = self.classes.values().map(|class| class.answered_in_window).sum();
        let rate = self.per_second(answered).filter(|&rate| rate > 0.0)?;
        Some(self.cost_per_month()? / (rate * MONTH_S) * 1000.0)
    }

    fn class(&self, class: &ClassReport, what: &str) -> Option<Measure> {
        let percentile = |millionths| class.latency.percentile(millionths).map(|ns| seconds(ns as f64));
        let failed: u64 = class.failed.values().sum();
        match what {
            "mean" => class.latency.mean().map(seconds),
            "p50" => percentile(500_000),
            "p90" => percentile(900_000),
            "p95" => percentile(950_000),
            "p99" => percentile(990_000),
            "p999" => percentile(999_000),
            "max" => class.latency.max().map(|ns| seconds(ns as f64)),
            "sent" => Some(plain(class.sent as f64)),
            "answered" => Some(plain(class.answered as f64)),
            "failed" => Some(plain(failed as f64)),
            "unfinished" => Some(plain(class.unfinished as f64)),
            "errors" => divide(failed as f64, class.sent as f64).map(plain),
            // They part once a class can say how late an answer is still good.
            "throughput" | "goodput" => self.per_second(class.answered_in_window).map(rate),
            "inside" => divide(class.area as f64, self.measured as f64).map(plain),
            _ => None,
        }
    }

    fn network(&self, class: &ClassReport) -> Option<Measure> {
        divide(self.network_sum(class) as f64, class.answered as f64).map(seconds)
    }

    fn component(&self, component: &ComponentReport, what: &str) -> Option<Measure> {
        let calls = component.calls as f64;
        let measured = self.measured as f64;
        match what {
            "utilisation" => self.utilisation(component).map(plain),
            "queue" => divide(component.area_waiting as f64, measured).map(plain),
            "max queue" => Some(plain(component.queue_max.into())),
            "wait" => divide(component.waited as f64, calls).map(seconds),
            "service" => divide(component.served as f64, calls).map(seconds),
            "time" => divide(component.spent as f64, calls).map(seconds),
            "inside" => divide((component.area_waiting + component.area_busy) as f64, measured).map(plain),
            "rate" => self.per_second(component.finished).map(rate),
            "visits" => Some(plain(component.visits as f64)),
            "rejected" => Some(plain(component.rejected as f64)),
            "hits" => divide(component.hits as f64, (component.hits + component.misses) as f64).map(plain),
            _ => None,
        }
    }

    fn utilisation(&self, component: &ComponentReport) -> Option<f64> {
        let workers = f64::from(component.workers?) * f64::from(component.replicas);
        divide(component.area_busy as f64, workers * self.measured as f64)
    }

    fn per_second(&self, count: u64) -> Option<f64> {
        divide(count as f64, self.measured as f64 / 1e9)
    }
}

fn divide(top: f64, bottom: f64) -> Option<f64> {
    (bottom > 0.0).then(|| top / bottom)
}

fn quantity(value: f64, dimension: Dimension) -> Measure {
    Measure::Quantity(Quantity::new(value, dimension))
}

fn plain(value: f64) -> Measure {
    quantity(value, Dimension::NONE)
}

fn rate(per_second: f64) -> Measure {
    quantity(per_second, Dimension::RATE)
}

fn seconds(ns: f64) -> Measure {
    quantity(ns / 1e9, Dimension::TIME)
}
