//! The report of a whole from a run of a part of it: one in so many of what is alike was run, and
//! is told as many times. What may be run so, and what stands for the rest, is decided in `judge`.

use sorted::BTreeSet;

use crate::histogram::Histogram;
use crate::pool::{add_class, add_component};
use crate::report::{ClassReport, ComponentReport, Report};
use crate::series::{ClassPoint, ComponentPoint, Point};

/// How a run of a part stands for the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sampled {
    /// One in so many was run.
    pub one_in: u32,
    /// Classes and components that stood for what was left out, and are not told.
    pub stand_ins: BTreeSet<String>,
    /// Components of which there are so many times as many, each with as much to do.
    pub alike: BTreeSet<String>,
    /// Components with so many times as much to do.
    pub passed: BTreeSet<String>,
}

impl Report {
    /// As if all had been run. Times, shares and percentiles are as measured; counts, rates and
    /// sums are so many times as much. Of the distribution of how many requests were inside,
    /// nothing is known.
    pub fn of_sample(mut self, sampled: &Sampled) -> Self {
        let kept = |names: &[String]| names.iter().map(|name| !sampled.stand_ins.contains(name)).collect::<Vec<bool>>();
        let (classes, components) = (kept(&self.class_names), kept(&self.component_names));
        let times: Vec<(u32, bool)> = self.component_names.iter().map(|name| (sampled.of(name), sampled.alike.contains(name))).collect();
        self.points.iter_mut().for_each(|point| scale_point(point, (&classes, &components), sampled.one_in, &times));
        self.class_names.retain(|name| !sampled.stand_ins.contains(name));
        self.component_names.retain(|name| !sampled.stand_ins.contains(name));
        self.classes.retain(|name, _| !sampled.stand_ins.contains(name));
        self.components.retain(|name, _| !sampled.stand_ins.contains(name));
        for class in self.classes.values_mut() {
            *class = ClassReport { inside: Histogram::default(), ..added(class, sampled.one_in, add_class) };
        }
        for (name, component) in &mut self.components {
            scale_component(component, sampled.of(name), sampled.alike.contains(name));
        }
        self.links.retain(|link, _| ends(link).all(|end| !sampled.stand_ins.contains(end)));
        for (link, report) in &mut self.links {
            // Calls are as many as their callers make.
            let caller = ends(link).next().unwrap_or_default();
            let times = if self.components.contains_key(caller) { u64::from(sampled.of(caller)) } else { u64::from(sampled.one_in) };
            for count in [&mut report.calls, &mut report.retries, &mut report.hedges, &mut report.lost] {
                *count *= times;
            }
        }
        let costs = &mut self.costs;
        costs.not_priced.retain(|name| !sampled.stand_ins.contains(name));
        for (_, amount) in costs.fixed.iter_mut().filter(|(name, _)| sampled.alike.contains(*name)) {
            *amount = amount.saturating_mul(i64::from(sampled.one_in));
        }
        for fault in &mut self.faults {
            fault.recovery.retain(|class, _| !sampled.stand_ins.contains(class));
        }
        self.each = self.each.into_iter().map(|report| report.of_sample(sampled)).collect();
        self
    }
}

impl Sampled {
    fn of(&self, component: &str) -> u32 {
        if self.alike.contains(component) || self.passed.contains(component) { self.one_in } else { 1 }
    }
}

/// "web -> db": web, db.
fn ends(link: &str) -> impl Iterator<Item = &str> {
    link.split(" -> ")
}

/// So many of one, added up in the way of `add`.
fn added<T: Clone>(one: &T, times: u32, add: fn(&mut T, &T)) -> T {
    let mut sum = one.clone();
    // By doubling: what stands for the digits of `times` read so far, from the highest.
    for digit in (0..times.max(1).ilog2()).rev() {
        let so_far = sum.clone();
        add(&mut sum, &so_far);
        if times >> digit & 1 > 0 {
            add(&mut sum, one);
        }
    }
    sum
}

fn scale_component(component: &mut ComponentReport, times: u32, is_alike: bool) {
    let (own, resident) = (std::mem::take(&mut component.by_replica), component.resident);
    *component = added(component, times, add_component);
    if is_alike {
        component.replicas *= times;
        component.by_replica = own.iter().flat_map(|calls| std::iter::repeat_n(*calls, times as usize)).collect();
    } else {
        component.by_replica = own.iter().map(|calls| calls * u64::from(times)).collect();
        // One of it was there all the time, as now.
        component.area_replicas /= u128::from(times.max(1));
    }
    component.resident = resident * u64::from(times);
}

fn scale_point(point: &mut Point, (classes, components): (&[bool], &[bool]), one_in: u32, times: &[(u32, bool)]) {
    let (mut class, mut component) = (classes.iter(), components.iter());
    point.components.iter_mut().zip(times).for_each(|(point, (times, is_alike))| times_as_much(point, *times, *is_alike));
    point.classes.retain(|_| class.next().copied().unwrap_or(true));
    point.components.retain(|_| component.next().copied().unwrap_or(true));
    for ClassPoint { sent, answered, good, failed, retries, inside, p50: _, p99: _, mean: _ } in &mut point.classes {
        for count in [sent, answered, good, failed, retries, inside] {
            *count *= u64::from(one_in);
        }
    }
}

fn times_as_much(point: &mut ComponentPoint, times: u32, is_alike: bool) {
    let ComponentPoint { arrived, rejected, busy_e3, waiting_e3, inside, waiting, backlog, replicas, .. } = point;
    for count in [arrived, rejected, busy_e3, waiting_e3, inside, waiting, backlog] {
        *count *= u64::from(times);
    }
    *replicas *= if is_alike { times } else { 1 };
}
