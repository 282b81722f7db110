//! What runs say of requirements. Each run is one observation: a verdict falls only where the bound
//! lies outside the 95 % interval of the mean over runs.
//!
//! Without several runs the following can be said: what must never happen has happened, or has not
//! (a count, or a share that must be nothing or all); the greatest value was beyond the bound, or
//! was not; and the cost of a design that costs the same whatever the load. Such a verdict speaks
//! of these runs; another may tell otherwise.

use sorted::BTreeMap;
use std::fmt;

use sim::{EndedBy, Interval, Invariant, Report};
use units::{Dimension, Quantity, significant};

use crate::require::known::{self, Kind};
use crate::require::read::moment;
use crate::require::{Comparison, Objective, Requirement, Requirements};

/// What became of a requirement.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// By so much it is better than its bound.
    Met { measured: Measured, margin: f64 },
    /// By so much it is worse; none if no number tells it (never recovered).
    Missed { measured: Option<Measured>, by: Option<f64>, why: Option<String> },
    /// More runs may tell, if `is_worth_more`.
    Undecided { measured: Option<Measured>, why: String, is_worth_more: bool, bound: f64 },
    /// No number of runs would tell.
    NotJudged { why: String },
}

/// A value and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub value: Quantity,
    /// In base units; none where what happened was counted, or is the same in every run.
    pub interval: Option<Interval>,
    /// Whether people write it in per cent.
    pub is_share: bool,
    /// Of an invariant: how often it was looked at; the value is how often it did not hold.
    pub of: Option<u64>,
}

impl Verdict {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Met { .. } => "met",
            Self::Missed { .. } => "missed",
            Self::Undecided { .. } => "undecided",
            Self::NotJudged { .. } => "not judged",
        }
    }

    pub fn measured(&self) -> Option<&Measured> {
        match self {
            Self::Met { measured, .. } => Some(measured),
            Self::Missed { measured, .. } | Self::Undecided { measured, .. } => measured.as_ref(),
            Self::NotJudged { .. } => None,
        }
    }
}

/// The verdict on each requirement, of one run or of several that are pooled.
pub fn judge(requirements: &Requirements, report: &Report) -> BTreeMap<String, Verdict> {
    let verdict = |requirement: &Requirement| match requirement {
        Requirement::Objective(objective) => Judging::of(objective, report).verdict(),
        Requirement::Invariant { data, what } => kept(data, *what, report),
    };
    requirements.iter().map(|(id, requirement)| (id.clone(), verdict(requirement))).collect()
}

/// What a run or several found of an invariant. Once is too often.
fn kept(data: &str, what: Invariant, report: &Report) -> Verdict {
    let Some(watched) = report.watched.iter().find(|watched| watched.data == data && watched.invariant == what) else {
        return Verdict::NotJudged { why: "The run did not watch it.".into() };
    };
    let violated = watched.violated as f64;
    let measured = Measured { value: Quantity::new(violated, Dimension::NONE), interval: None, is_share: false, of: Some(watched.checked) };
    if watched.violated > 0 {
        let why = watched.violations.first().map(|first| first.what.clone());
        return Verdict::Missed { measured: Some(measured), by: Some(violated), why };
    }
    match report.ended_by {
        Some(by) => {
            let why = format!("The run was cut short ({}); until then it held.", by.name());
            Verdict::Undecided { measured: Some(measured), why, is_worth_more: false, bound: 0.0 }
        }
        None if watched.checked == 0 => Verdict::NotJudged { why: format!("Nothing happened to {data} that could have violated it.") },
        None => Verdict::Met { measured, margin: 0.0 },
    }
}

struct Judging<'a> {
    objective: &'a Objective,
    report: &'a Report,
    runs: &'a [Report],
    kind: Kind,
}

impl<'a> Judging<'a> {
    fn of(objective: &'a Objective, report: &'a Report) -> Self {
        let runs = if report.each.is_empty() { std::slice::from_ref(report) } else { &report.each };
        Self { objective, report, runs, kind: kind(report, &objective.measure) }
    }

    fn verdict(&self) -> Verdict {
        match self.report.ended_by {
            Some(by) => self.of_cut_runs(by),
            None => self.of_whole_runs(),
        }
    }

    fn of_whole_runs(&self) -> Verdict {
        match self.kind {
            Kind::Recovery => self.of_recovery(),
            Kind::Spending | Kind::Money => self.of_cost(),
            _ if self.is_exact() => self.of_each_run(),
            _ => self.of_mean(),
        }
    }

    /// Whether one look decides, because it is about something that happens or does not.
    fn is_exact(&self) -> bool {
        let (bound, comparison) = (self.objective.bound.value, self.objective.comparison);
        let is_nothing = bound == 0.0 && matches!(comparison, Comparison::Equal | Comparison::AtMost);
        let is_below_one = bound <= 1.0 && comparison == Comparison::Less;
        let is_all = bound == 1.0 && matches!(comparison, Comparison::Equal | Comparison::AtLeast);
        match self.kind {
            Kind::Share => is_nothing || is_all,
            Kind::Count => comparison == Comparison::Equal || is_nothing || is_below_one,
            kind => kind.is_greatest(),
        }
    }

    fn values(&self) -> Option<Vec<f64>> {
        self.runs.iter().map(|run| run.measure(&self.objective.measure)?.value()).collect()
    }

    fn holds(&self, value: f64) -> bool {
        self.objective.comparison.holds(value, self.objective.bound.value)
    }

    /// A run that was cut short says nothing of times, rates and shares, since what it had not
    /// answered is missing in them. What has happened there, has happened.
    fn of_cut_runs(&self, by: EndedBy) -> Verdict {
        let (bound, is_ceiling) = (self.objective.bound.value, self.objective.comparison.is_ceiling());
        let never = is_ceiling || self.objective.comparison == Comparison::Equal && bound == 0.0;
        if self.is_exact() && never {
            let seen = self.runs.iter().filter_map(|run| run.measure(&self.objective.measure)?.value());
            if let Some(value) = seen.filter(|value| !self.holds(*value)).reduce(f64::max) {
                return self.missed(self.measured(value, None));
            }
        }
        if self.was_all_sent() {
            let verdict = self.of_whole_runs();
            let is_sure = match &verdict {
                // What was never answered could only make it worse.
                Verdict::Missed { .. } => true,
                // It counts as not good already.
                Verdict::Met { .. } => self.objective.comparison.is_floor() && matches!(self.kind, Kind::Share | Kind::Rate),
                _ => false,
            };
            if is_sure {
                return verdict;
            }
        }
        let why = format!("The run was cut short ({}), and what it had not answered is in no number.", by.name());
        self.undecided(None, why, false)
    }

    /// Whether all was sent that was to be sent, and only some of it never answered.
    fn was_all_sent(&self) -> bool {
        self.runs.iter().all(|run| matches!(run.ended_by, None | Some(EndedBy::DrainTime | EndedBy::Deadlock)))
    }

    /// The worst of all runs decides.
    fn of_each_run(&self) -> Verdict {
        let Some(values) = self.values() else { return self.not_measured() };
        let bound = self.objective.bound.value;
        let worst = values.iter().copied().reduce(|worst, value| match self.objective.comparison {
            Comparison::Less | Comparison::AtMost => worst.max(value),
            Comparison::AtLeast | Comparison::More => worst.min(value),
            Comparison::Equal if (value - bound).abs() > (worst - bound).abs() => value,
            Comparison::Equal => worst,
        });
        let Some(worst) = worst else { return self.not_measured() };
        let measured = self.measured(worst, None);
        if self.holds(worst) { self.met(measured) } else { self.missed(measured) }
    }

    fn of_mean(&self) -> Verdict {
        let Some(values) = self.values() else { return self.not_measured() };
        let [_, _, ..] = values.as_slice() else {
            let measured = values.first().map(|value| self.measured(*value, None));
            return self.undecided(measured, "One run says nothing of its own error.".into(), true);
        };
        match Interval::of(&values) {
            Some(interval) => self.of_interval(interval),
            None => self.not_measured(),
        }
    }

    fn of_interval(&self, interval: Interval) -> Verdict {
        let measured = self.measured(interval.mean, Some(interval));
        // What differs by rounding alone does not differ.
        let half = if interval.half <= 1e-9 * interval.mean.abs() { 0.0 } else { interval.half };
        let unseen = self.unseen(interval.mean);
        let (low, high) = (interval.mean - half - unseen.0, interval.mean + half + unseen.1);
        match (self.holds(low), self.holds(high)) {
            (true, true) => self.met(measured),
            (false, false) if self.holds(interval.mean) => self.within(measured),
            (false, false) => self.missed(measured),
            _ if half == 0.0 => {
                let why = "It was the same in all runs, but they are too few requests to tell it from the bound.".into();
                self.undecided(Some(measured), why, true)
            }
            _ => self.within(measured),
        }
    }

    fn within(&self, measured: Measured) -> Verdict {
        let why = format!("The bound lies within the 95 % interval over {} runs.", self.runs.len());
        self.undecided(Some(measured), why, true)
    }

    /// What never happened in n requests may still happen to three in n: the 95 % bound of a share
    /// of which nothing was seen. How far a share of a class may so be below and above.
    fn unseen(&self, mean: f64) -> (f64, f64) {
        let class = self.objective.measure.split_once('.').and_then(|(class, _)| self.report.classes.get(class));
        let alone = || if self.report.classes.len() == 1 { self.report.classes.values().next() } else { None };
        let sent = match class.or_else(alone) {
            Some(class) if self.kind == Kind::Share && class.sent > 0 => class.sent as f64,
            _ => return (0.0, 0.0),
        };
        let rare = (3.0 / sent).min(1.0);
        (if mean >= 1.0 { rare } else { 0.0 }, if mean <= 0.0 { rare } else { 0.0 })
    }

    /// The slowest recovery of each run, from all faults that ended.
    fn of_recovery(&self) -> Verdict {
        let class = self.objective.measure.strip_suffix(".recovery");
        let mut values = Vec::new();
        for run in self.runs {
            let ended = run.faults.iter().filter(|fault| fault.times.first().is_some_and(|(_, ended)| ended.is_some()));
            let of_classes = ended.flat_map(|fault| &fault.recovery).filter(|(name, _)| class.is_none_or(|class| class == *name));
            let times: Vec<Option<u64>> = of_classes.map(|(_, time)| *time).collect();
            if times.is_empty() {
                return Verdict::NotJudged { why: "No fault ended while the workload lasted.".into() };
            }
            values.push(times.into_iter().collect::<Option<Vec<u64>>>().and_then(|times| times.into_iter().max()));
        }
        let never = values.iter().filter(|value| value.is_none()).count();
        if never > 0 && !self.objective.comparison.is_floor() {
            let of = if self.runs.len() == 1 { String::new() } else { format!(" in {never} of {} runs", self.runs.len()) };
            return Verdict::Missed { measured: None, by: None, why: Some(format!("Goodput was never back{of}.")) };
        }
        let values: Vec<f64> = values.into_iter().flatten().map(|ns| ns as f64 / 1e9).collect();
        match (Interval::of(&values), values.first()) {
            (Some(interval), _) => self.of_interval(interval),
            (None, Some(value)) => self.undecided(Some(self.measured(*value, None)), "One run says nothing of its own error.".into(), true),
            _ => self.not_measured(),
        }
    }

    fn of_cost(&self) -> Verdict {
        let measured = self.report.measure(&self.objective.measure).and_then(|measure| measure.value());
        let Some(value) = measured else {
            return Verdict::NotJudged { why: "Not priced: nothing here has a price.".into() };
        };
        let is_fixed = self.kind == Kind::Spending && self.costs_the_same();
        let verdict = if is_fixed {
            let measured = self.measured(value, None);
            if self.holds(value) { self.met(measured) } else { self.missed(measured) }
        } else {
            self.of_mean()
        };
        let missing = &self.report.costs.not_priced;
        // What has no price could only make it dearer.
        let is_sure = matches!(verdict, Verdict::Missed { .. }) && self.objective.comparison.is_ceiling()
            || matches!(verdict, Verdict::Met { .. }) && self.objective.comparison.is_floor();
        if missing.is_empty() || is_sure {
            return verdict;
        }
        let shown = Quantity::new(value, self.objective.bound.dimension);
        Verdict::NotJudged { why: format!("Not priced: {}. What has a price costs {shown}.", missing.join(", ")) }
    }

    /// Whatever the load: by the hour or month, and all replicas all the time.
    fn costs_the_same(&self) -> bool {
        let all_the_time = |run: &Report| {
            let used = |part: &sim::ComponentReport| part.area_replicas >= u128::from(run.measured) * part.by_replica.len() as u128;
            run.components.values().all(used)
        };
        self.report.costs.per_million.is_empty() && self.runs.iter().all(all_the_time)
    }

    fn measured(&self, value: f64, interval: Option<Interval>) -> Measured {
        Measured { value: Quantity::new(value, self.kind.dimension()), interval, is_share: self.kind == Kind::Share, of: None }
    }

    fn met(&self, measured: Measured) -> Verdict {
        let margin = (measured.value.value - self.objective.bound.value).abs();
        Verdict::Met { measured, margin }
    }

    fn missed(&self, measured: Measured) -> Verdict {
        let by = (measured.value.value - self.objective.bound.value).abs();
        Verdict::Missed { measured: Some(measured), by: Some(by), why: None }
    }

    fn undecided(&self, measured: Option<Measured>, why: String, is_worth_more: bool) -> Verdict {
        Verdict::Undecided { measured, why, is_worth_more, bound: self.objective.bound.value }
    }

    fn not_measured(&self) -> Verdict {
        Verdict::NotJudged { why: format!("Nothing was measured as {} in every run.", self.objective.measure) }
    }
}

/// As `check` found it, now that everything has a name in the report.
fn kind(report: &Report, measure: &str) -> Kind {
    let of_class = |what: &str| known::of_class(what).unwrap_or(Kind::Number);
    if let Some(kind) = known::of_whole(measure) {
        return kind;
    }
    if let Some((_, what)) = measure.strip_prefix("at ").and_then(moment) {
        let (is_class, what) = match what.split_once('.') {
            Some((of, what)) => (report.classes.contains_key(of), what),
            None => (true, what),
        };
        return known::of_point(what, is_class).unwrap_or(Kind::Number);
    }
    let Some((of, what)) = measure.split_once('.').filter(|_| known::of_class(measure).is_none()) else {
        return if measure == "network" { Kind::Time } else { of_class(measure) };
    };
    if measure.contains("->") {
        return known::of_link(what).unwrap_or(Kind::Number);
    }
    if of == "network" && report.classes.contains_key(what) {
        return Kind::Time;
    }
    let class = report.classes.get(of).and_then(|_| known::of_class(what));
    let component = || report.components.get(of).and_then(|component| known::of_component(what, &component.kind));
    class.or_else(component).unwrap_or(Kind::Number)
}

impl Measured {
    /// A length in the unit of the value, as a bound is written: "40 ms", "99.9 %".
    pub fn shown(&self, value: f64) -> String {
        if !self.is_share {
            return Quantity::new(value, self.value.dimension).to_string();
        }
        if !(0.99..1.0).contains(&value) {
            return format!("{} %", significant(value * 100.0));
        }
        // As many nines as it has.
        let decimals = (1.0 - libm::floor(libm::log10(100.0 * (1.0 - value)))).clamp(0.0, 7.0) as usize;
        let text = format!("{:.decimals$}", value * 100.0);
        format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(self.value.value))?;
        match self.interval {
            Some(interval) if interval.half > 1e-9 * interval.mean.abs() => write!(f, " ± {}", self.shown(interval.half)),
            _ => Ok(()),
        }?;
        match self.of {
            Some(of) => write!(f, " of {}", Quantity::new(of as f64, Dimension::NONE)),
            None => Ok(()),
        }
    }
}

/// "met with 12 ms to spare: 88 ms ± 2 ms"
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Met { measured, margin } if *margin == 0.0 => write!(f, "met: {measured}"),
            Self::Met { measured, margin } => write!(f, "met with {} to spare: {measured}", measured.shown(*margin)),
            Self::Missed { measured: Some(measured), why: Some(why), .. } => write!(f, "missed: {measured}. {why}"),
            Self::Missed { measured: Some(measured), by: Some(by), .. } => write!(f, "missed by {}: {measured}", measured.shown(*by)),
            Self::Missed { why, .. } => write!(f, "missed: {}", why.as_deref().unwrap_or("no number tells by how much.")),
            Self::Undecided { measured: Some(measured), why, .. } => write!(f, "undecided: {measured}. {why}"),
            Self::Undecided { measured: None, why, .. } => write!(f, "undecided: {why}"),
            Self::NotJudged { why } => write!(f, "not judged: {why}"),
        }
    }
}
