//! What is known of a run, put so that questions about causes can be asked of it: components with
//! what they can do and did, calls between them, and where the time of each class went.

use sorted::BTreeMap;

use design::{Distribution, Document};
use sim::{ComponentReport, Point, Report, Slow, Spent};

use super::graph::{Visit, visits};
use crate::instant::time::Time;
use crate::instant::words::Words;

pub(crate) struct Facts<'a> {
    pub(crate) document: &'a Document,
    pub(crate) report: &'a Report,
    pub(crate) visits: Vec<Visit<'a>>,
    pub(crate) parts: BTreeMap<&'a str, Part<'a>>,
    /// While requests were sent, the warm-up included.
    pub(crate) points: &'a [Point],
    /// Where the time of all answered requests went, and that of the slow ones.
    pub(crate) spent: BTreeMap<&'a str, Slow>,
    pub(crate) slow: BTreeMap<&'a str, Slow>,
    /// [s], over all runs.
    pub(crate) seconds: f64,
    /// How long one run sends [ns].
    pub(crate) lasts: u64,
}

/// A component that is called, all its replicas together, inside the window.
pub(crate) struct Part<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) words: Words<'a>,
    pub(crate) report: &'a ComponentReport,
    /// In the points of the series.
    pub(crate) number: usize,
    /// In the mean, all replicas; infinite if unlimited.
    pub(crate) workers: f64,
    pub(crate) replicas: f64,
    /// What a call needs of a worker, waits for others not counted [s].
    pub(crate) service: f64,
    /// The share of workers that served, and that were taken.
    pub(crate) own: f64,
    pub(crate) busy: f64,
    /// Calls that came, refused ones too [per second].
    pub(crate) offered: f64,
    /// Per call, waiting for a worker [s].
    pub(crate) wait: f64,
    /// Per call that came in, until its worker was free again [s].
    pub(crate) time: f64,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(document: &'a Document, report: &'a Report) -> Self {
        let seconds = report.measured as f64 / 1e9;
        let parts = report.components.iter().filter_map(|(name, part)| Some((name.as_str(), Part::new(document, report, name, part)?)));
        let of = |told: fn(&Report, &str) -> Option<Slow>| {
            report.classes.keys().filter_map(|name| Some((name.as_str(), told(report, name)?))).collect::<BTreeMap<_, _>>()
        };
        Self {
            document,
            report,
            visits: visits(document),
            parts: parts.collect(),
            points: report.sending(),
            spent: of(Report::spent),
            slow: of(Report::slow),
            seconds,
            lasts: report.window.1.max(1),
        }
    }

    pub(crate) fn part(&self, name: &str) -> Option<&Part<'a>> {
        self.parts.get(name)
    }

    /// Settings of the arrow between two.
    pub(crate) fn link(&self, from: &str, to: &str) -> Option<Words<'a>> {
        let name = design::LinkName { from: from.to_owned(), to: to.to_owned() };
        self.document.links.get(&name).map(|link| Words(&link.settings))
    }

    /// Calls over an arrow [per second]: counted over the whole run, so told by its length.
    pub(crate) fn calls(&self, from: &str, to: &str) -> f64 {
        let runs = self.report.runs.len().max(1) as f64;
        let link = self.report.links.get(&format!("{from} -> {to}"));
        link.map_or(0.0, |link| link.calls as f64 / (self.lasts as f64 / 1e9) / runs)
    }

    /// Who calls it, each once, in the order of the plans.
    pub(crate) fn callers(&self, to: &str) -> Vec<&'a str> {
        each(self.visits.iter().filter(|visit| visit.to == to).map(|visit| visit.caller))
    }

    /// Whom it calls and waits for.
    pub(crate) fn callees(&self, from: &str) -> Vec<&'a str> {
        each(self.visits.iter().filter(|visit| visit.caller == from && visit.waited && !self.is_broker(from)).map(|visit| visit.to))
    }

    pub(crate) fn classes_at(&self, part: &str) -> Vec<&'a str> {
        each(self.visits.iter().filter(|visit| visit.to == part).map(|visit| visit.class))
    }

    pub(crate) fn is_broker(&self, name: &str) -> bool {
        self.document.components.get(name).is_some_and(|component| matches!(component.kind.as_str(), "log" | "queue"))
    }

    /// All that it waits for, directly or by others.
    pub(crate) fn below(&self, name: &str) -> Vec<&'a str> {
        let mut below: Vec<&'a str> = Vec::new();
        let mut open = self.callees(name);
        while let Some(next) = open.pop() {
            if !below.contains(&next) && next != name {
                below.push(next);
                open.extend(self.callees(next));
            }
        }
        below
    }

    /// Requests of a class that were answered [per second].
    pub(crate) fn answered(&self, class: &str) -> f64 {
        self.report.classes.get(class).map_or(0.0, |class| class.answered_in_window as f64 / self.seconds)
    }

    /// Requests of a class that were sent [per second].
    pub(crate) fn sent(&self, class: &str) -> f64 {
        self.report.classes.get(class).map_or(0.0, |class| class.sent_in_window as f64 / self.seconds)
    }

    pub(crate) fn class_number(&self, class: &str) -> Option<usize> {
        self.report.class_names.iter().position(|name| name == class)
    }

    pub(crate) fn class_words(&self, class: &str) -> Option<Words<'a>> {
        self.document.workload.classes.get(class).map(|class| Words(&class.settings))
    }

    /// The mean time of a class's answered requests at a component [s].
    pub(crate) fn spent_at(&self, class: &str, part: &str) -> Spent {
        self.spent.get(class).and_then(|spent| spent.components.get(part)).copied().unwrap_or_default()
    }
}

/// Each once, in order.
fn each<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut known = Vec::new();
    for name in names {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    known
}

impl<'a> Part<'a> {
    fn new(document: &'a Document, report: &'a Report, name: &'a str, part: &'a ComponentReport) -> Option<Self> {
        let component = document.components.get(name)?;
        let words = Words(&component.settings);
        let measured = report.measured.max(1) as f64;
        let replicas = part.area_replicas as f64 / measured;
        let workers = part.workers.map_or(f64::INFINITY, |workers| f64::from(workers) * replicas);
        let nominal = words.distribution("time").map_or(0.0, |time| Time::of(time).mean);
        let service = if part.services > 0 { part.served as f64 / part.services as f64 / 1e9 } else { nominal };
        let capacity = workers * measured;
        let gone = part.finished + part.dropped;
        Some(Self {
            name,
            kind: &component.kind,
            words,
            report: part,
            number: report.component_names.iter().position(|known| known == name)?,
            workers,
            replicas,
            service,
            own: if capacity.is_finite() && capacity > 0.0 { part.served as f64 / capacity } else { 0.0 },
            busy: if capacity.is_finite() && capacity > 0.0 { part.area_busy as f64 / capacity } else { 0.0 },
            offered: part.visits as f64 / (measured / 1e9),
            wait: if part.begun > 0 { part.waited as f64 / part.begun as f64 / 1e9 } else { 0.0 },
            time: if gone > 0 { part.spent as f64 / gone as f64 / 1e9 } else { service },
        })
    }

    /// What it can do if a worker is taken by service only [per second].
    pub(crate) fn capacity(&self) -> f64 {
        if self.service > 0.0 { self.workers / self.service } else { f64::INFINITY }
    }

    /// The part of the time of taken workers in which they served.
    pub(crate) fn own_part(&self) -> f64 {
        if self.report.area_busy == 0 { 1.0 } else { (self.report.served as f64 / self.report.area_busy as f64).min(1.0) }
    }

    /// For how long a worker is taken by a call, in the mean [s].
    pub(crate) fn taken(&self) -> f64 {
        if self.report.begun == 0 { self.service } else { self.report.area_busy as f64 / self.report.begun as f64 / 1e9 }
    }

    pub(crate) fn distribution(&self) -> Option<&'a Distribution> {
        self.words.distribution("time")
    }

    /// "4 workers", "2 replicas of 8 workers".
    pub(crate) fn crew(&self) -> String {
        let noun = if self.kind == "relational" { "connection" } else { "worker" };
        let each = f64::from(self.report.workers.unwrap_or(1));
        if self.replicas.round() <= 1.0 {
            super::say::some(each, noun)
        } else {
            format!("{} of {}", super::say::some(self.replicas, "replica"), super::say::some(each, noun))
        }
    }
}

/// All of it [s].
pub(crate) fn sum(spent: Spent) -> f64 {
    (spent.waiting + spent.serving + spent.network + spent.retrying) as f64 / 1e9
}
