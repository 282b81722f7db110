//! Open classes at a given load: what each component is offered, how long a call stays there, and
//! how long the calls of a plan take together.

use design::CallMode;

use super::fork::fastest;
use super::form::Sureness;
use super::part::Part;
use super::plan::{Below, Flow, List, Plans};
use super::station::{Offered, Order, Routing, Silent, Stay, stay};
use super::time::{Time, mixture};

/// Rejections lower what comes after them; so often is that followed.
const ROUNDS: usize = 12;

/// What arrives of one class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arriving {
    /// [per second]
    pub(super) rate: f64,
    /// The squared coefficient of variation of the gaps.
    pub(super) variation: f64,
    pub(super) poisson: bool,
}

/// Why the stay at a component is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The component itself has said so.
    Said,
    Formula(Silent),
    /// Held workers wait for a component whose stay is not told.
    Waits,
    /// Held workers wait for themselves, in a circle.
    Circle,
    /// Several calls of one request come at once.
    Together,
    /// Its callers choose among replicas by keys, weights or sessions, or differently.
    Routing,
    /// Those who pull messages come when they are ready.
    Pulls,
}

pub(super) struct Solution {
    /// Calls [per second].
    pub(super) rate: Vec<f64>,
    /// Mean number in own service.
    pub(super) load: Vec<f64>,
    /// How long a worker is kept, where that is known.
    pub(super) holding: Vec<Option<Time>>,
    pub(super) utilisation: Vec<f64>,
    pub(super) stays: Vec<Result<Stay, Why>>,
    pub(super) flow: Flow,
    /// The first component without an idle worker, callees before callers.
    pub(super) full: Option<usize>,
}

pub(super) struct Solver<'a, 'b> {
    pub(super) parts: &'b [Part<'a>],
    pub(super) plans: &'b Plans<'a>,
    pub(super) arriving: &'b [Arriving],
    pub(super) factor: f64,
    pub(super) steps: u64,
    /// By component: a worker there is taken while other stations serve.
    layered: Vec<bool>,
    /// By call: what the calls below it take, once that is known in this round.
    known: Vec<Option<Time>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

impl<'a, 'b> Solver<'a, 'b> {
    pub(super) fn new(parts: &'b [Part<'a>], plans: &'b Plans<'a>, arriving: &'b [Arriving]) -> Self {
        let mut layered = vec![false; parts.len()];
        for site in &plans.sites {
            let holds = parts[site.to].holds && parts[site.to].shape.workers.is_finite();
            let (first, count) = site.then;
            let waits = plans.sites[first..first + count].iter().any(|below| !below.is_detached());
            layered[site.to] |= holds && waits && site.below != Below::Later;
        }
        Self { parts, plans, arriving, factor: 1.0, steps: 0, layered, known: Vec::new() }
    }

    pub(super) fn solve(&mut self) -> Solution {
        let mut fails: Vec<f64> = self.parts.iter().map(|part| part.failures).collect();
        let mut solution = self.round(&fails);
        for _ in 0..ROUNDS {
            let mut moved = 0.0f64;
            for (number, part) in self.parts.iter().enumerate() {
                let rejected = solution.stays[number].map_or(0.0, |stay| stay.rejected);
                let next = 1.0 - (1.0 - part.failures) * (1.0 - rejected);
                moved = moved.max((next - fails[number]).abs());
                fails[number] = next;
            }
            if moved < 1e-9 {
                break;
            }
            solution = self.round(&fails);
        }
        solution
    }

    /// What is known of calls belongs to the last load that was solved; before another solution is
    /// asked about, that must go.
    pub(super) fn forget(&mut self) {
        self.known.fill(None);
    }

    fn round(&mut self, fails: &[f64]) -> Solution {
        let count = self.parts.len();
        let flow = Flow::new(self.plans, self.parts, fails);
        self.known.clear();
        self.known.resize(self.plans.sites.len(), None);
        let (mut rate, mut load) = (vec![0.0; count], vec![0.0; count]);
        for (call, site) in self.plans.sites.iter().enumerate() {
            let part = &self.parts[site.to];
            let calls = self.rate_of(&flow, call);
            rate[site.to] += calls;
            load[site.to] += calls * if site.write { part.write.mean } else { part.read.mean };
        }
        self.steps += (4 * self.plans.sites.len() + count) as u64;
        let mut solution = Solution {
            rate,
            load,
            holding: vec![None; count],
            utilisation: vec![0.0; count],
            stays: vec![Err(Why::Circle); count],
            flow,
            full: None,
        };
        let feeds = self.feeds();
        let mut states = vec![State::New; count];
        for number in 0..count {
            self.settle(number, &mut solution, &mut states, &feeds);
        }
        solution
    }

    fn rate_of(&self, flow: &Flow, call: usize) -> f64 {
        self.arriving[self.plans.sites[call].class].rate * self.factor * flow.visits[call]
    }

    /// Callees first, so that it is known how long their callers hold a worker.
    fn settle(&mut self, number: usize, solution: &mut Solution, states: &mut [State], feeds: &[Sureness]) {
        if states[number] != State::New {
            return;
        }
        states[number] = State::Open;
        let plans = self.plans;
        for site in plans.sites.iter().filter(|site| site.to == number) {
            self.steps += 1;
            for below in [site.then, site.miss] {
                self.settle_list(below, solution, states, feeds);
            }
        }
        solution.stays[number] = self.stay_at(number, solution, feeds[number]);
        if solution.full.is_none() && solution.utilisation[number] >= 1.0 {
            solution.full = Some(number);
        }
        states[number] = State::Done;
    }

    fn settle_list(&mut self, (first, count): List, solution: &mut Solution, states: &mut [State], feeds: &[Sureness]) {
        for call in first..first + count {
            let site = &self.plans.sites[call];
            let (to, then, miss) = (site.to, site.then, site.miss);
            self.settle(to, solution, states, feeds);
            self.settle_list(then, solution, states, feeds);
            self.settle_list(miss, solution, states, feeds);
        }
    }

    fn stay_at(&mut self, number: usize, solution: &mut Solution, feed: Sureness) -> Result<Stay, Why> {
        let part = &self.parts[number];
        let rate = solution.rate[number];
        let layered = self.is_layered(number);
        let mut shape = part.shape;
        let own = if rate > 0.0 { solution.load[number] / rate } else { 0.0 };
        solution.utilisation[number] =
            if shape.workers.is_finite() { solution.load[number] / (shape.workers * shape.replicas) } else { 0.0 };
        let holding = self.holding(number, solution, layered);
        solution.holding[number] = holding.ok().filter(|_| rate > 0.0);
        let holding = holding?;
        let variation = self.variation(number, solution);
        let exponential = part.exponential && !layered && (holding.scv() - 1.0).abs() < 1e-9 && (holding.mean - own).abs() <= 1e-9 * own;
        if shape.workers.is_finite() && rate > 0.0 {
            solution.utilisation[number] = rate * holding.mean / (shape.workers * shape.replicas);
            self.check(number, &mut shape, solution)?;
        }
        if let Some(_said) = part.silent {
            return Err(Why::Said);
        }
        let offered = Offered { rate, holding, exponential, layered, variation, feed };
        stay(&shape, &offered, &mut self.steps).map_err(Why::Formula)
    }

    /// Whether a worker there is taken while other stations serve.
    pub(super) fn is_layered(&self, number: usize) -> bool {
        self.layered[number]
    }

    /// What no formula covers, before it is asked.
    fn check(&self, number: usize, shape: &mut super::station::Shape, solution: &Solution) -> Result<(), Why> {
        let mut routing: Option<Routing> = None;
        for (call, site) in self.plans.sites.iter().enumerate().filter(|(_, site)| site.to == number) {
            if solution.flow.visits[call] <= 0.0 {
                continue;
            }
            if self.parts[site.from].broker {
                return Err(Why::Pulls);
            }
            if site.mode == CallMode::Parallel && site.times > 1.0 {
                return Err(Why::Together);
            }
            if shape.replicas > 1.0 {
                let this = site.routing.ok_or(Why::Routing)?;
                if routing.is_some_and(|other| other != this) {
                    return Err(Why::Routing);
                }
                routing = Some(this);
            }
        }
        shape.routing = routing.unwrap_or(Routing::Turns);
        if shape.order == Order::Shared && self.is_layered(number) {
            return Err(Why::Waits);
        }
        Ok(())
    }

    /// How long a call keeps a worker: a mixture of all calls that come.
    fn holding(&mut self, number: usize, solution: &Solution, layered: bool) -> Result<Time, Why> {
        let part = &self.parts[number];
        let rate = solution.rate[number];
        if rate <= 0.0 {
            return Ok(Time::ZERO);
        }
        if !layered && part.read == part.write {
            return Ok(part.read);
        }
        let mut mixed = Vec::new();
        for (call, site) in self.plans.sites.iter().enumerate().filter(|(_, site)| site.to == number) {
            let share = self.rate_of(&solution.flow, call) / rate;
            if share <= 0.0 {
                continue;
            }
            let own = if site.write { part.write } else { part.read };
            let below = if layered { self.below(call, solution).ok_or(Why::Waits)? } else { Time::ZERO };
            mixed.push((share, own.plus(below)));
        }
        Ok(mixture(&mixed))
    }

    /// How much arrivals there vary: those of each class, thinned by chance on their way.
    fn variation(&self, number: usize, solution: &Solution) -> f64 {
        let rate = solution.rate[number];
        let mut mixed = 0.0;
        for (call, site) in self.plans.sites.iter().enumerate().filter(|(_, site)| site.to == number) {
            let arriving = &self.arriving[site.class];
            let kept = solution.flow.visits[call].min(1.0);
            mixed += self.rate_of(&solution.flow, call) / rate.max(1e-300) * (kept * arriving.variation + 1.0 - kept);
        }
        mixed
    }

    /// How sure it is that chance decides when calls come: departures from some stations are
    /// Poisson as arrivals are (Burke 1956; Kelly 1979), those from others are not.
    fn feeds(&mut self) -> Vec<Sureness> {
        let mut feeds = vec![Sureness::Exact; self.parts.len()];
        for (class, root) in self.plans.roots.iter().enumerate() {
            let mut clean = if self.arriving[class].poisson { Sureness::Exact } else { Sureness::Approximation };
            self.feed(*root, &mut clean, &mut feeds);
        }
        feeds
    }

    fn feed(&self, (first, count): List, clean: &mut Sureness, feeds: &mut [Sureness]) {
        for call in first..first + count {
            let site = &self.plans.sites[call];
            let part = &self.parts[site.to];
            let mut own = *clean;
            let again = site.times > 1.0 || site.attempts > 1.0 && part.failures > 0.0;
            if again && part.shape.workers.is_finite() {
                own = own.max(Sureness::ProductForm);
            }
            feeds[site.to] = feeds[site.to].max(own);
            own = own.max(self.after(site.to));
            self.feed(site.then, &mut own, feeds);
            self.feed(site.miss, &mut own, feeds);
            *clean = if site.mode == CallMode::Parallel { Sureness::Approximation } else { own };
        }
    }

    /// What departures from a component are fed as.
    fn after(&self, number: usize) -> Sureness {
        let part = &self.parts[number];
        let shape = &part.shape;
        let same = part.read == part.write;
        if shape.workers.is_infinite() {
            Sureness::Exact
        } else if shape.queue.is_infinite() && shape.replicas == 1.0 && same && !self.is_layered(number)
            // An order that follows nothing of the service is as good as first come, first served.
            && (part.exponential || shape.order == Order::Shared)
        {
            Sureness::ProductForm
        } else {
            Sureness::Approximation
        }
    }

    /// How long the calls made below one take, in the mean over hits and misses.
    fn below(&mut self, call: usize, solution: &Solution) -> Option<Time> {
        let site = &self.plans.sites[call];
        if site.below == Below::Later {
            return Some(Time::ZERO);
        }
        if let Some(known) = self.known[call] {
            return Some(known);
        }
        let (then, share) = (site.then, site.share_below(self.parts));
        let time = self.list(then, solution)?.sometimes(share);
        self.known[call] = Some(time);
        Some(time)
    }

    /// How long one attempt takes, from the call to the answer.
    fn visit(&mut self, call: usize, solution: &Solution) -> Option<Time> {
        let site = &self.plans.sites[call];
        let part = &self.parts[site.to];
        let stay = solution.stays[site.to].ok()?;
        let own = if site.write { part.write } else { part.read };
        let there = stay.whole.unwrap_or(stay.wait.plus(own));
        let messages = site.messages;
        Some(messages.plus(there).plus(self.below(call, solution)?))
    }

    /// How long a call with its repetitions and what is done on a miss takes its caller.
    fn answer(&mut self, call: usize, solution: &Solution) -> Option<Time> {
        self.steps += 12;
        let site = &self.plans.sites[call];
        let visit = self.visit(call, solution)?;
        let tries = site.tries(solution.flow.once(call));
        // Attempts are geometric: their variance is q / (1 - q)^2 = tries^2 - tries.
        let mut visit = visit.repeated(tries, tries * tries - tries);
        if tries > 1.0 && self.parts[site.to].shape.workers.is_finite() {
            // Who comes back at once finds the queue as long as it was: attempts are not independent.
            (visit.variance, visit.third) = (f64::NAN, f64::NAN);
        }
        let times = if site.mode == CallMode::Parallel { 1.0 } else { site.times };
        let (chance, miss, missed) = (site.chance, site.miss, site.share_missed(self.parts));
        let whole = visit.repeated(times, 0.0);
        let missed = if miss.1 > 0 { self.list(miss, solution)?.sometimes(missed) } else { Time::ZERO };
        Some(whole.plus(missed).sometimes(chance))
    }

    /// How long a list of calls takes whoever makes them.
    pub(super) fn list(&mut self, (first, count): List, solution: &Solution) -> Option<Time> {
        let mut sum = Time::ZERO;
        let mut call = first;
        while call < first + count {
            let site = &self.plans.sites[call];
            if site.mode == CallMode::Parallel {
                let together = (call..first + count).take_while(|&other| self.plans.sites[other].mode == CallMode::Parallel).count();
                sum = sum.plus(self.group((call, together), solution)?);
                call += together;
            } else {
                if !site.is_detached() {
                    sum = sum.plus(self.answer(call, solution)?);
                }
                call += 1;
            }
        }
        Some(sum)
    }

    fn group(&mut self, (first, count): List, solution: &Solution) -> Option<Time> {
        let mut branches = Vec::new();
        let mut wanted = None;
        for call in first..first + count {
            let times = self.plans.sites[call].times;
            wanted = wanted.or(self.plans.sites[call].wait);
            if times > 64.0 {
                return None;
            }
            let answer = self.answer(call, solution)?;
            branches.extend((0..times as usize).map(|_| answer));
        }
        let wanted = wanted.map_or(branches.len(), |wanted| wanted as usize);
        fastest(&branches, wanted, &mut self.steps)
    }

    /// How long one attempt of a call takes, for those who ask whether a time-out is near.
    pub(super) fn attempt(&mut self, call: usize, solution: &Solution) -> Option<Time> {
        self.visit(call, solution)
    }
}
