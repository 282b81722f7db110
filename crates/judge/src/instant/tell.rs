//! From a solution to an estimate: which numbers stand, which do not and why, and what each was
//! made by. The arithmetic is beside it.

use std::borrow::Cow;

use design::{CallMode, Document};

use super::arrivals::Coming;
use super::form::{
    BOTTLENECK, DECOMPOSITION, DELAY, EXPONENTIAL, FLOW, FORK, Form, GIM1, HELD_BOTTLENECK, JACKSON, LAYERED, MMC, MMC_TIME, Sureness,
};
use super::guard::guards;
use super::part::Part;
use super::plan::{Below, List, Planner, Plans};
use super::solve::{Arriving, Solution, Solver, Why};
use super::station::{Order, Silent, waiting};
use super::time::Time;
use super::users::{ClosedPart, closed_components};
use super::{ClassEstimate, ComponentEstimate, Effect, Estimate, First, Number, Reason};

/// Loads that are tried to find the factor at which held workers run out.
const HALVINGS: usize = 12;
/// It is found to this part of itself, which is closer than the approximation is good for.
const CLOSE: f64 = 1e-3;

pub(super) struct Teller<'a> {
    pub(super) document: &'a Document,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) plans: Plans<'a>,
    pub(super) coming: Vec<Coming>,
    pub(super) names: Vec<&'a str>,
    pub(super) reasons: Vec<Reason>,
    /// By class: nothing about its time is told.
    pub(super) class_silent: Vec<bool>,
    /// By component: what comes there is not known well enough to tell how long a call stays.
    pub(super) stay_silent: Vec<bool>,
    /// By component: not even the rate is known.
    pub(super) rate_silent: Vec<bool>,
    pub(super) steps: u64,
}

pub(super) fn tell(document: &Document) -> Result<Estimate, Vec<Reason>> {
    let parts: Vec<Part> = document.components.iter().map(|(name, component)| Part::new(document, name, component)).collect();
    let plans = Planner::plans(document, &parts);
    let classes = document.workload.classes.len();
    let count = parts.len();
    let coming = document.workload.classes.values().map(|class| Coming::of(class, document)).collect();
    let names = document.workload.classes.keys().map(String::as_str).collect();
    let mut teller = Teller {
        document,
        parts,
        plans,
        coming,
        names,
        reasons: Vec::new(),
        class_silent: vec![false; classes],
        stay_silent: vec![false; count],
        rate_silent: vec![false; count],
        steps: 0,
    };
    let estimate = teller.estimate();
    // Reasons alone are an answer only where a number stands beside them.
    let told = estimate.components.values().any(|component| component.rate.is_some());
    if told { Ok(estimate) } else { Err(estimate.reasons) }
}

impl Teller<'_> {
    fn estimate(&mut self) -> Estimate {
        let document = self.document;
        if !document.faults.is_empty() {
            self.reason("faults", "the numbers are those of a design in which nothing goes wrong", Effect::LeftOut);
        }
        let mut arriving: Vec<Arriving> = self.coming.iter().map(rate_of).collect();
        self.arrivals();
        self.beyond_formulas();
        let closed = self.closed();
        for (class, throughput) in closed.iter().flat_map(|closed| closed.classes.iter().copied().zip(&closed.solved.throughput)) {
            arriving[class].rate = *throughput;
        }
        let skipped: Vec<bool> = (0..self.coming.len()).map(|class| self.is_closed(class)).collect();
        let parts = std::mem::take(&mut self.parts);
        let plans = std::mem::replace(&mut self.plans, Plans { sites: Vec::new(), roots: Vec::new(), links: Vec::new() });
        let mut solver = Solver::new(&parts, &plans, &arriving);
        let solution = solver.solve();
        let awake = guards(&mut solver, &solution, &skipped, &mut self.reasons);
        for (site, _) in plans.sites.iter().zip(&awake).filter(|(_, awake)| **awake) {
            self.class_silent[site.class] = true;
            self.disturb_class(&plans, &parts, site.class);
        }
        self.quotas(&parts, &plans, &solution);
        self.spread(&plans, &parts);
        self.say_why(&parts, &plans, &solution);
        let first = self.first(&mut solver, &solution);
        let mut estimate = Estimate { first, ..Estimate::default() };
        for (number, part) in parts.iter().enumerate() {
            if plans.sites.iter().any(|site| site.to == number) {
                let told = self.component(part, number, &solution, closed.as_ref());
                estimate.components.insert(part.name.to_owned(), told);
            }
        }
        for class in 0..self.names.len() {
            let told = self.class(class, &mut solver, &solution, closed.as_ref(), estimate.first.as_ref());
            estimate.classes.insert(self.names[class].to_owned(), told);
        }
        estimate.steps = self.steps + solver.steps;
        estimate.reasons = std::mem::take(&mut self.reasons);
        estimate
    }

    pub(super) fn reason(&mut self, subject: &str, why: impl Into<Cow<'static, str>>, effect: Effect) {
        let reason = Reason { subject: subject.to_owned(), why: why.into(), effect };
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    /// What the arrivals of each class leave open.
    fn arrivals(&mut self) {
        for class in 0..self.names.len() {
            let (why, unknown) = match self.coming[class] {
                Coming::Uneven(_, why) => (why, false),
                Coming::Untold(why) => (why, true),
                Coming::Open(_) | Coming::Closed { .. } => continue,
            };
            self.reason(self.names[class], why, Effect::Untold);
            for site in self.plans.sites.iter().filter(|site| site.class == class) {
                self.rate_silent[site.to] |= unknown;
                let queues = self.parts[site.to].shape.workers.is_finite();
                self.stay_silent[site.to] |= queues;
                self.class_silent[class] |= queues;
            }
        }
    }

    /// Components whose rules no mean tells: what comes after them is not known.
    fn beyond_formulas(&mut self) {
        for number in 0..self.parts.len() {
            let Some(why) = self.parts[number].disturbs else { continue };
            let mut used = false;
            let mut below = Vec::new();
            for site in self.plans.sites.iter().filter(|site| site.to == number) {
                used = true;
                self.class_silent[site.class] = true;
                below.extend([site.then, site.miss]);
            }
            while let Some((first, count)) = below.pop() {
                for site in &self.plans.sites[first..first + count] {
                    self.rate_silent[site.to] = true;
                    self.stay_silent[site.to] |= self.parts[site.to].shape.workers.is_finite();
                    below.extend([site.then, site.miss]);
                }
            }
            if used {
                self.reason(self.parts[number].name, why, Effect::Untold);
            }
        }
    }

    /// Third parties that refuse above a rate: their burst of a second sleeps well below it.
    fn quotas(&mut self, parts: &[Part], plans: &Plans, solution: &Solution) {
        for (number, part) in parts.iter().enumerate() {
            let Some(quota) = part.quota.filter(|_| solution.rate[number] > 0.0) else { continue };
            if solution.rate[number] < 0.8 * quota {
                self.reason(part.name, "its limit is not reached at this load", Effect::LeftOut);
                continue;
            }
            self.reason(part.name, "it refuses what exceeds its limit", Effect::Untold);
            for site in plans.sites.iter().filter(|site| site.to == number) {
                self.class_silent[site.class] = true;
                self.disturb_class(plans, parts, site.class);
            }
        }
    }

    fn disturb_class(&mut self, plans: &Plans, parts: &[Part], class: usize) {
        for site in plans.sites.iter().filter(|site| site.class == class) {
            self.stay_silent[site.to] |= parts[site.to].shape.workers.is_finite();
        }
    }

    /// Whoever shares a queue with something that is not told is not told either.
    fn spread(&mut self, plans: &Plans, parts: &[Part]) {
        loop {
            let mut changed = false;
            for site in &plans.sites {
                if self.stay_silent[site.to] && !self.class_silent[site.class] {
                    self.class_silent[site.class] = true;
                    let why = format!("it calls {}, and what comes there is not known well enough", parts[site.to].name);
                    self.reason(self.names[site.class], why, Effect::Untold);
                    self.disturb_class(plans, parts, site.class);
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Stays that no formula told.
    fn say_why(&mut self, parts: &[Part], plans: &Plans, solution: &Solution) {
        let closed = closed_components(self, parts, plans);
        for (number, part) in parts.iter().enumerate() {
            let Err(why) = solution.stays[number] else { continue };
            if solution.rate[number] <= 0.0 || self.stay_silent[number] || closed[number] {
                continue;
            }
            let why = match why {
                Why::Said => part.silent.unwrap_or("it follows rules of its own"),
                Why::Formula(Silent::Full) => "more comes than it can serve, so its queue grows without end",
                Why::Formula(Silent::Wild) => "its service, or its arrivals, have no variance that is known",
                Why::Formula(Silent::Choice) => "its replicas are chosen by their load, and have several workers or a bounded queue",
                Why::Waits => "its workers wait for a component, and how long that takes is not told",
                Why::Circle => "its workers wait for calls that come back to it",
                Why::Together => "several calls of one request come to it at once",
                Why::Routing => "its replicas are chosen by keys, weights, sessions, old news, or in several ways",
                Why::Pulls => "it takes messages when it is ready, and how long they wait is not told",
            };
            self.reason(part.name, why, Effect::Untold);
        }
    }

    /// Who saturates first, and at which factor of the load of all open classes.
    fn first(&mut self, solver: &mut Solver, solution: &Solution) -> Option<First> {
        let open = |coming: &Coming| matches!(coming, Coming::Open(_) | Coming::Uneven(..));
        if !self.coming.iter().all(open) {
            return None;
        }
        let told = |number: usize| solution.utilisation[number] > 0.0 && !self.rate_silent[number];
        let busiest = (0..solver.parts.len())
            .filter(|&number| told(number))
            .max_by(|&a, &b| solution.utilisation[a].total_cmp(&solution.utilisation[b]).then(b.cmp(&a)))?;
        let layered = (0..solver.parts.len()).any(|number| solver.is_layered(number) && solution.rate[number] > 0.0);
        if !layered {
            let factor = Number { value: 1.0 / solution.utilisation[busiest], sureness: Sureness::Exact, form: &BOTTLENECK };
            return Some(First { component: solver.parts[busiest].name.to_owned(), factor });
        }
        // Held workers are taken for longer as the load grows: only their own service bounds the factor.
        let own = |number: usize| {
            let shape = &solver.parts[number].shape;
            if shape.workers.is_finite() { solution.load[number] / (shape.workers * shape.replicas) } else { 0.0 }
        };
        let most = (0..solver.parts.len()).map(own).fold(0.0, f64::max);
        let busy = |solution: &Solution| solution.utilisation.iter().copied().fold(0.0, f64::max);
        let (mut low, mut high) = (0.0, 1.000_001 / most.max(1e-300));
        let mut first = None;
        if solution.full.is_none() {
            // Held workers are taken for at least as long under more load.
            (low, high) = (1.0, high.min(1.000_001 / busy(solution).max(1e-300)));
        }
        for _ in 0..HALVINGS {
            if high - low < CLOSE * high {
                break;
            }
            solver.factor = (low + high) / 2.0;
            let solution = solver.solve();
            match solution.full {
                Some(number) => (high, first) = (solver.factor, Some(number)),
                None => (low, high) = (solver.factor, high.min(1.000_001 * solver.factor / busy(&solution).max(1e-300))),
            }
        }
        // Somewhat beyond it somebody is full, even where all bounds came from below.
        solver.factor = high * (1.0 + 2.0 * CLOSE);
        let number = first.or_else(|| solver.solve().full);
        solver.factor = 1.0;
        solver.forget();
        let number = number?;
        let factor = Number { value: high, sureness: Sureness::Approximation, form: &HELD_BOTTLENECK };
        Some(First { component: solver.parts[number].name.to_owned(), factor })
    }

    fn component(&self, part: &Part, number: usize, solution: &Solution, closed: Option<&ClosedPart>) -> ComponentEstimate {
        let mut told = ComponentEstimate::default();
        if self.rate_silent[number] {
            return told;
        }
        let at = closed.and_then(|closed| Some((closed.at[number]?, &closed.solved)));
        let sureness = at.map_or(Sureness::Exact, |(_, solved)| solved.sureness);
        let form = at.map_or(&FLOW, |(_, solved)| solved.form);
        let number_of = |value: f64| Some(Number { value, sureness, form });
        told.rate = number_of(solution.rate[number]);
        told.load = number_of(solution.load[number]);
        let stay = solution.stays[number].ok().filter(|_| !self.stay_silent[number]);
        let rejected = stay.map_or(0.0, |stay| stay.rejected);
        if part.shape.workers.is_finite() && (stay.is_some() || solution.holding[number].is_some()) {
            let form = if stay.is_some_and(|stay| stay.form == &LAYERED) { &LAYERED } else { form };
            let sureness = if form == &LAYERED { Sureness::Approximation } else { sureness };
            let value = (solution.utilisation[number] * (1.0 - rejected)).min(1.0);
            told.utilisation = Some(Number { value, sureness, form });
        }
        if let Some((centre, solved)) = at {
            let inside = solved.inside[centre];
            let time = inside / solution.rate[number].max(1e-300);
            let service = solution.holding[number].map_or(0.0, |holding| holding.mean);
            (told.inside, told.time, told.wait) = (number_of(inside), number_of(time), number_of((time - service).max(0.0)));
            return told;
        }
        let Some((stay, holding)) = stay.zip(solution.holding[number]) else { return told };
        let number_of = |value: f64| Some(Number { value, sureness: stay.sureness, form: stay.form });
        let time = stay.whole.map_or(stay.wait.mean + holding.mean, |whole| whole.mean);
        told.wait = number_of(stay.wait.mean);
        told.time = number_of(time);
        told.inside = number_of(solution.rate[number] * (1.0 - rejected) * time);
        told.waiting = number_of(stay.waiting);
        told.rejected = number_of(rejected);
        told
    }

    fn class(
        &mut self,
        class: usize,
        solver: &mut Solver,
        solution: &Solution,
        closed: Option<&ClosedPart>,
        first: Option<&First>,
    ) -> ClassEstimate {
        let plans = solver.plans;
        let mut told = ClassEstimate::default();
        for (call, site) in plans.sites.iter().enumerate().filter(|(_, site)| site.class == class) {
            *told.visits.entry(solver.parts[site.to].name.to_owned()).or_insert(0.0) += solution.flow.visits[call];
        }
        if let Some((part, place)) = closed.and_then(|closed| Some((closed, closed.classes.iter().position(|&known| known == class)?))) {
            let number_of = |value: f64| Some(Number { value, sureness: part.solved.sureness, form: part.solved.form });
            told.rate = number_of(part.solved.throughput[place]);
            told.mean = number_of(part.solved.response[place] + part.passing[place]);
            return told;
        }
        let Some(arriving) = open_rate(&self.coming[class]) else { return told };
        told.rate = Some(Number { value: arriving.rate, sureness: Sureness::Exact, form: &FLOW });
        if let Some(first) = first {
            told.most = Some(Number { value: arriving.rate * first.factor.value, ..first.factor });
        }
        let root = plans.roots[class];
        let waited = waited(plans, root);
        if self.class_silent[class] {
            return told;
        }
        if let Some(&call) = waited.iter().find(|&&call| solution.stays[plans.sites[call].to].is_err()) {
            let why = format!("it waits for {}, and how long that takes is not told", solver.parts[plans.sites[call].to].name);
            self.reason(self.names[class], why, Effect::Untold);
            return told;
        }
        let Some(time) = solver.list(root, solution) else {
            self.reason(
                self.names[class],
                "more calls are made at once than are counted here, or with times that have no variance",
                Effect::Untold,
            );
            return told;
        };
        let behind = Behind::new(solver, solution, &waited);
        told.mean = Some(Number { value: time.mean, sureness: behind.sureness, form: behind.form });
        told.answered = Some(Number { value: solution.flow.list(plans, root), sureness: behind.sureness, form: behind.form });
        if time.variance.is_finite() {
            // Stages share requests in a network, so the spread of their sum is exact for one only.
            let sureness = if behind.single.is_some() { behind.sureness } else { Sureness::Approximation };
            told.sd = Some(Number { value: time.variance.max(0.0).sqrt(), sureness, form: behind.form });
        }
        [told.p50, told.p95, told.p99] = [0.5, 0.95, 0.99].map(|share| behind.percentile(solver, solution, time, share));
        told
    }
}

/// Calls that a client waits for.
pub(super) fn waited(plans: &Plans, root: List) -> Vec<usize> {
    let (mut found, mut open) = (Vec::new(), vec![root]);
    while let Some((first, count)) = open.pop() {
        for call in first..first + count {
            let site = &plans.sites[call];
            if site.is_detached() {
                continue;
            }
            found.push(call);
            open.push(site.miss);
            if site.below != Below::Later {
                open.push(site.then);
            }
        }
    }
    found
}

/// What stands behind the time of a class.
struct Behind {
    sureness: Sureness,
    form: &'static Form,
    /// The one call with a queue, if there is one only.
    single: Option<usize>,
}

impl Behind {
    fn new(solver: &Solver, solution: &Solution, waited: &[usize]) -> Self {
        let plans = solver.plans;
        let mut sureness = Sureness::Exact;
        let mut queues: Vec<usize> = Vec::new();
        let mut single = None;
        let mut calls = 0;
        for &call in waited {
            let number = plans.sites[call].to;
            if solver.parts[number].shape.workers.is_finite()
                && let Ok(stay) = solution.stays[number]
            {
                sureness = sureness.max(stay.sureness);
                single = Some((call, stay.form));
                calls += 1;
                if !queues.contains(&number) {
                    queues.push(number);
                }
            }
        }
        let parallel = waited.iter().any(|&call| plans.sites[call].mode == CallMode::Parallel);
        if queues.len() > 1 {
            sureness = sureness.max(Sureness::ProductForm);
        }
        if parallel {
            sureness = Sureness::Approximation;
        }
        let form = match (queues.len(), single, sureness) {
            (0, _, _) if parallel => &FORK,
            (0, _, _) => &DELAY,
            (1, Some((_, form)), _) => form,
            (_, _, Sureness::Exact | Sureness::ProductForm) => &JACKSON,
            _ => &DECOMPOSITION,
        };
        Self { sureness, form, single: single.filter(|_| calls == 1).map(|(call, _)| call) }
    }

    fn percentile(&self, solver: &mut Solver, solution: &Solution, time: Time, share: f64) -> Option<Number> {
        solver.steps += 100;
        if let Some(exact) = self.exact(solver, solution, time, share) {
            return Some(exact);
        }
        let fitted = time.percentile(share)?;
        let sureness = if time.variance == 0.0 { self.sureness } else { Sureness::Approximation };
        Some(Number { value: fitted.value, sureness, form: fitted.form })
    }

    /// Where nothing varies but the stay at one station with a known distribution.
    fn exact(&self, solver: &mut Solver, solution: &Solution, time: Time, share: f64) -> Option<Number> {
        let site = &solver.plans.sites[self.single?];
        let part = &solver.parts[site.to];
        let stay = solution.stays[site.to].ok()?;
        let service = solution.holding[site.to]?;
        let there = stay.wait.plus(service);
        let known = (stay.form == &MMC || stay.form == &GIM1) && part.shape.order == Order::First && stay.whole.is_none();
        let alone = (time.variance - there.variance).abs() <= 1e-9 * time.variance && stay.sureness != Sureness::Approximation;
        if !known || !alone || !part.exponential {
            return None;
        }
        let before = time.mean - there.mean;
        if part.shape.workers == 1.0 {
            let value = before - there.mean * libm::log(1.0 - share);
            return Some(Number { value, sureness: stay.sureness, form: &EXPONENTIAL });
        }
        let rate = solution.rate[site.to] / part.shape.replicas;
        let value = before + in_mmc(part.shape.workers, rate, service.mean, share, &mut solver.steps);
        Some(Number { value, sureness: stay.sureness, form: &MMC_TIME })
    }
}

/// A percentile of wait and service of M/M/c, by halving.
fn in_mmc(workers: f64, rate: f64, service: f64, share: f64, steps: &mut u64) -> f64 {
    let delayed = waiting(workers, rate * service, steps).0;
    let mu = 1.0 / service;
    let mut a = workers * mu - rate;
    if (a - mu).abs() < 1e-9 * mu {
        a = mu * (1.0 + 1e-6);
    }
    let beyond = |t: f64| {
        let (served, waited) = (libm::exp(-mu * t), libm::exp(-a * t));
        (1.0 - delayed) * served + delayed * (a * served - mu * waited) / (a - mu)
    };
    let (mut low, mut high) = (0.0, service);
    while beyond(high) > 1.0 - share && high < 1e12 * service {
        high *= 2.0;
    }
    for _ in 0..44 {
        let middle = (low + high) / 2.0;
        if beyond(middle) > 1.0 - share { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

fn open_rate(coming: &Coming) -> Option<Arriving> {
    match coming {
        Coming::Open(arriving) | Coming::Uneven(arriving, _) => Some(*arriving),
        Coming::Closed { .. } | Coming::Untold(_) => None,
    }
}

fn rate_of(coming: &Coming) -> Arriving {
    open_rate(coming).unwrap_or(Arriving { rate: 0.0, variation: 1.0, poisson: true })
}
