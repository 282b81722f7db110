//! Measures by name, as requirements, lessons and predictions quote them: "buy.p99",
//! "web.utilisation", "cost". Floats appear here for the first time, from whole numbers.

use std::fmt;

use units::{Dimension, Quantity};

use crate::costs::MONTH_S;
use crate::report::{ClassReport, ComponentReport, Report};
use crate::series::ComponentPoint;

const CLASS: &[&str] = &[
    "mean",
    "p50",
    "p90",
    "p95",
    "p99",
    "p999",
    "max",
    "sd",
    "sent",
    "answered",
    "failed",
    "unfinished",
    "errors",
    "attempts",
    "throughput",
    "goodput",
    "good",
    "inside",
    "stale",
];
const COMPONENT: &[&str] = &[
    "utilisation",
    "queue",
    "max queue",
    "wait",
    "waited",
    "wait sd",
    "service",
    "time",
    "inside",
    "rate",
    "visits",
    "rejected",
    "refused",
    "dropped",
    "left",
    "hits",
    "resident",
    "stale",
    "behind",
    "lost writes",
    "replicas",
    "max share",
    "min share",
    "produced",
    "deliveries",
    "redelivered",
    "consumed",
    "duplicates",
    "dead",
    "lost",
    "backlog",
];
const WHOLE: &[&str] = &["cost", "cost per 1000", "first saturated", "bottleneck"];

/// The unit in which the JSON of a report has a measure, and its size in base units.
pub fn told_in(dimension: Dimension) -> (&'static str, f64) {
    match dimension {
        Dimension::TIME => ("s", 1.0),
        Dimension::RATE => ("/s", 1.0),
        Dimension::MONEY => ("USD", 1.0),
        Dimension::SPENDING => ("USD/month", Quantity::parse("1 USD/month").map_or(1.0, |one| one.value)),
        _ => ("", 1.0),
    }
}

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
        if let Some((link, what)) = name.split_once(".").filter(|(link, _)| link.contains("->")) {
            return self.link(link, what);
        }
        if let Some((when, what)) = name.strip_prefix("at ").and_then(|rest| rest.split_once('.')) {
            return self.at(when, what);
        }
        // A class may be left out where there is but one, so a name without it comes first.
        if self.classes.len() == 1
            && let Some((class, report)) = self.classes.first_key_value()
        {
            let alone = if name == "network" { self.network(report) } else { self.class(class, report, name) };
            if alone.is_some() {
                return alone;
            }
        }
        let (of, what) = name.split_once('.')?;
        if of == "network"
            && let Some(class) = self.classes.get(what)
        {
            return self.network(class);
        }
        let class = self.classes.get(of).and_then(|class| self.class(of, class, what));
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
        let mut seen = sorted::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    /// The component with the greatest share of its workers busy, of all that was measured.
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

    /// [10^-9 USD]
    pub(crate) fn cost_per_month(&self) -> Option<f64> {
        let replicas = |component: &ComponentReport| {
            let made = component.by_replica.len().max(1) as f64;
            divide(component.area_replicas as f64, self.measured as f64).map_or(1.0, |used| (used / made).min(1.0))
        };
        let part = |name: &str| self.components.get(name);
        let rate = |name: &str| part(name).and_then(|component| self.per_second(component.visits)).unwrap_or(0.0);
        self.costs.per_month(rate, |name| part(name).map_or(1.0, replicas))
    }

    /// Per thousand answered requests of all classes [10^-9 USD].
    pub(crate) fn cost_per_thousand(&self) -> Option<f64> {
        let answered = self.classes.values().map(|class| class.answered_in_window).sum();
        let rate = self.per_second(answered).filter(|&rate| rate > 0.0)?;
        Some(self.cost_per_month()? / (rate * MONTH_S) * 1000.0)
    }

    fn class(&self, name: &str, class: &ClassReport, what: &str) -> Option<Measure> {
        let failed: u64 = class.failed.values().sum();
        let (sent, answered) = (class.sent as f64, class.answered as f64);
        match what {
            "mean" => class.latency.mean().map(seconds),
            "max" => class.latency.max().map(|ns| seconds(ns as f64)),
            "sd" => deviation(class.latency.mean()?, class.squares, class.answered),
            "sent" => Some(plain(sent)),
            "answered" => Some(plain(answered)),
            "failed" => Some(plain(failed as f64)),
            "unfinished" => Some(plain(class.unfinished as f64)),
            "errors" => divide(failed as f64, sent).map(plain),
            "attempts" => divide(sent + class.retries as f64, sent).map(plain),
            "throughput" => self.per_second(class.answered_in_window).map(rate),
            "goodput" => self.per_second(class.good_in_window).map(rate),
            "good" => divide(class.good as f64, sent).map(plain),
            "offered" => self.per_second(class.sent_in_window).map(rate),
            "inside" => divide(class.area as f64, self.measured as f64).map(plain),
            "inside sd" => {
                let mean = class.inside.mean()?;
                let squares = class.inside.values().map(|(count, value)| count as f64 * value * value).sum::<f64>();
                divide(squares, class.inside.count() as f64).map(|square| plain((square - mean * mean).max(0.0).sqrt()))
            }
            "stale" => divide(class.reads.behind[0] as f64, class.reads.reads as f64).map(plain),
            "arrivals dispersion" => class.seconds.dispersion().map(plain),
            "recovery" => {
                let recovery = self.faults.first()?.recovery.get(name)?;
                recovery.map(|ns| seconds(ns as f64))
            }
            _ => self.class_by_rule(class, what),
        }
    }

    /// Measures whose name says which percentile, time or cause is meant.
    fn class_by_rule(&self, class: &ClassReport, what: &str) -> Option<Measure> {
        if let Some(within) = what.strip_prefix("within ") {
            let time: units::Duration = within.parse().ok()?;
            let late = class.latency.above(time.base()) as f64;
            return divide(class.answered as f64 - late, class.answered as f64).map(plain);
        }
        if let Some(cause) = what.strip_prefix("failed.") {
            let those: u64 = class.failed.iter().filter(|(key, _)| key.ends_with(cause)).map(|(_, count)| count).sum();
            return divide(those as f64, class.sent as f64).map(plain);
        }
        if let Some(behind) = what.strip_prefix("stale.") {
            // Behind by so many versions or more.
            let count = class.reads.behind.get(behind.parse::<usize>().ok()?.checked_sub(1)?)?;
            return divide(*count as f64, class.reads.reads as f64).map(plain);
        }
        if let Some(name) = what.strip_prefix("inside ") {
            return class.inside.percentile(percentile(name)?).map(|count| plain(count as f64));
        }
        let millionths = percentile(what)?;
        class.latency.percentile(millionths).map(|ns| seconds(ns as f64))
    }

    fn network(&self, class: &ClassReport) -> Option<Measure> {
        divide(self.network_sum(class) as f64, class.answered as f64).map(seconds)
    }

    fn link(&self, link: &str, what: &str) -> Option<Measure> {
        let link = self.links.get(link.trim())?;
        match what {
            "calls" => Some(plain(link.calls as f64)),
            "retries" => Some(plain(link.retries as f64)),
            "hedges" => Some(plain(link.hedges as f64)),
            "lost" => Some(plain(link.lost as f64)),
            _ => None,
        }
    }

    /// A value of the time series: "at 70 s.goodput", "at 70 s.web.backlog".
    fn at(&self, when: &str, what: &str) -> Option<Measure> {
        let when: units::Duration = when.parse().ok()?;
        let (index, point) = self.points.iter().enumerate().find(|(_, point)| point.at >= when.base())?;
        let before = index.checked_sub(1).and_then(|before| self.points.get(before));
        let since = before.map_or(0, |before| before.at);
        let length = (point.at - since) as f64 / 1e9;
        // What is known at two moments is taken to change evenly between them.
        let part = (when.base().saturating_sub(since)) as f64 / (point.at - since).max(1) as f64;
        let between = |before: u64, now: u64| before as f64 + (now as f64 - before as f64) * part;
        let (of, what) = what.split_once('.').unwrap_or((self.class_names.first()?, what));
        if let Some(number) = self.class_names.iter().position(|name| name == of) {
            let class = &point.classes[number];
            return match what {
                "goodput" => divide(class.good as f64, length).map(rate),
                "throughput" => divide(class.answered as f64, length).map(rate),
                "offered" => divide(class.sent as f64, length).map(rate),
                "failed" => divide(class.failed as f64, length).map(rate),
                "inside" => Some(plain(between(before.map_or(0, |before| before.classes[number].inside), class.inside))),
                "p50" => class.p50.map(|ns| seconds(ns as f64)),
                "p99" => class.p99.map(|ns| seconds(ns as f64)),
                "mean" => class.mean.map(|ns| seconds(ns as f64)),
                _ => None,
            };
        }
        let number = self.component_names.iter().position(|name| name == of)?;
        let component = &point.components[number];
        let now = |of: fn(&ComponentPoint) -> u64| between(before.map_or(0, |before| of(&before.components[number])), of(component));
        let stood = |of| Some(plain(now(of)));
        match what {
            "inside" => stood(|component| component.inside),
            "queue" => stood(|component| component.waiting),
            "busy" => Some(plain(component.busy_e3 as f64 / 1e3)),
            "rate" => divide(component.arrived as f64, length).map(rate),
            "backlog" => stood(|component| component.backlog),
            "oldest" => Some(seconds(now(|component| component.oldest))),
            "replicas" => Some(plain(component.replicas.into())),
            _ => None,
        }
    }

    fn component(&self, component: &ComponentReport, what: &str) -> Option<Measure> {
        let measured = self.measured as f64;
        let gone = (component.finished + component.dropped) as f64;
        let messages = &component.messages;
        let queued = component.kind == "queue" || component.kind == "log";
        let message = |count: u64| queued.then(|| plain(count as f64));
        match what {
            "utilisation" => self.utilisation(component).map(plain),
            "queue" => divide(component.area_waiting as f64, measured).map(plain),
            "max queue" => Some(plain(component.queue_max.into())),
            "wait" => divide(component.waited as f64, component.begun as f64).map(seconds),
            "waited" => divide(component.waiters as f64, component.begun as f64).map(plain),
            "wait sd" => {
                let mean = divide(component.waited as f64, component.begun as f64)?;
                deviation(mean, component.waited_squares, component.begun)
            }
            "service" => divide(component.served as f64, component.services as f64).map(seconds),
            "time" => divide(component.spent as f64, gone).map(seconds),
            "inside" => divide((component.area_waiting + component.area_busy) as f64, measured).map(plain),
            "rate" => self.per_second(component.finished).map(rate),
            "visits" => Some(plain(component.visits as f64)),
            "visit rate" => self.per_second(component.visits).map(rate),
            "rejected" => Some(plain(component.rejected as f64)),
            "refused" => divide(component.rejected as f64, component.visits as f64).map(plain),
            "dropped" => Some(plain(component.dropped as f64)),
            "left" => divide(component.dropped as f64, component.visits as f64).map(plain),
            "hits" => divide(component.hits as f64, (component.hits + component.misses) as f64).map(plain),
            "resident" => (component.hits + component.misses > 0).then(|| plain(component.resident as f64)),
            "stale" => divide(component.stale as f64, component.reads as f64).map(plain),
            "behind" => divide(component.behind as f64, component.reads as f64).map(plain),
            "lost writes" => Some(plain(component.lost_writes as f64)),
            "replicas" => divide(component.area_replicas as f64, measured).map(plain),
            "min share" => share_of(component, component.by_replica.iter().min().copied()),
            "max share" => share_of(component, component.by_replica.iter().max().copied()),
            "produced" => message(messages.produced),
            "deliveries" => message(messages.deliveries),
            "consumed" => message(messages.consumed),
            "redelivered" => message(messages.redelivered),
            "duplicates" if queued => message(messages.duplicates),
            "duplicates" => (component.reads + component.duplicates > 0 || component.kind == "relational" || component.kind == "keyvalue")
                .then(|| plain(component.duplicates as f64)),
            "dead" => message(messages.dead),
            "lost" => message(messages.lost),
            "backlog" => message(messages.backlog),
            "max backlog" => message(messages.backlog_max),
            "oldest" => queued.then(|| self.oldest(component)).flatten(),
            _ => {
                if let Some(millionths) = what.strip_prefix("wait ").and_then(percentile) {
                    let waits = component.waits.with_zeros(component.begun - component.waiters);
                    return waits.percentile(millionths).map(|ns| seconds(ns as f64));
                }
                if let Some(least) = what.strip_prefix("at least ") {
                    let least: usize = least.parse().ok()?;
                    let those: u64 = component.occupancy.iter().skip(least).sum();
                    return divide(those as f64, component.occupancy.iter().sum::<u64>() as f64).map(plain);
                }
                let replica: usize = what.strip_prefix("share of ")?.parse().ok()?;
                share_of(component, component.by_replica.get(replica.checked_sub(1)?).copied())
            }
        }
    }

    /// The longest that a message had waited, of all points of the series.
    fn oldest(&self, component: &ComponentReport) -> Option<Measure> {
        let name = self.components.iter().find(|(_, other)| std::ptr::eq(*other, component))?.0;
        let number = self.component_names.iter().position(|known| known == name)?;
        self.points.iter().map(|point| point.components[number].oldest).max().map(|ns| seconds(ns as f64))
    }

    fn utilisation(&self, component: &ComponentReport) -> Option<f64> {
        divide(component.area_busy as f64, f64::from(component.workers?) * component.area_replicas as f64)
    }

    fn per_second(&self, count: u64) -> Option<f64> {
        divide(count as f64, self.measured as f64 / 1e9)
    }
}

/// "p99", "p99.9" and "p999" in millionths.
fn percentile(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('p')?;
    if digits.len() > 9 || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let per_cent: f64 = match digits.split_once('.') {
        Some(_) => units::float(digits)?,
        None => {
            let number = units::float(digits)?;
            number / libm::pow(10.0, (digits.len() as f64 - 2.0).max(0.0))
        }
    };
    (per_cent > 0.0 && per_cent < 100.0).then_some((per_cent * 10_000.0 + 0.5) as u32)
}

/// The standard deviation, from a mean [ns] and a sum of squares [us^2].
fn deviation(mean: f64, squares: u128, count: u64) -> Option<Measure> {
    let square = divide(squares as f64 * 1e6, count as f64)?;
    Some(seconds((square - mean * mean).max(0.0).sqrt()))
}

fn share_of(component: &ComponentReport, calls: Option<u64>) -> Option<Measure> {
    divide(calls? as f64, component.by_replica.iter().sum::<u64>() as f64).map(plain)
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
