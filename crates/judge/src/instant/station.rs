//! One component alone: how long a call waits there, by the formula that fits its workers, its
//! order and its arrivals. What arrives there is the business of `plan`.

use super::form::{DELAY, Form, GIM1, LAYERED, LEAST, LOSS, MG1, MGC, MMC, MMC_MANY, SHARED, SHARED_MANY, Sureness, TWO_CHOICES};
use super::time::{Time, below, density};

/// From so many workers on, Erlang's recursion gives way to a limit [count].
const MANY: f64 = 1_000.0;
/// A longer waiting room is not counted place by place [count].
const LONG: f64 = 4_000.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    First,
    /// Another order that does not look at how long a service takes: the same mean.
    Blind,
    Shared,
}

/// How calls are spread over replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Routing {
    Turns,
    Random,
    TwoChoices,
    Least,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Per replica; infinite for unlimited.
    pub(super) workers: f64,
    pub(super) replicas: f64,
    /// Places to wait, per replica.
    pub(super) queue: f64,
    pub(super) order: Order,
    pub(super) routing: Routing,
}

/// What comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offered {
    /// Of all replicas [per second].
    pub(super) rate: f64,
    /// How long a call keeps a worker.
    pub(super) holding: Time,
    pub(super) exponential: bool,
    /// A worker is kept while other stations are waited for.
    pub(super) layered: bool,
    /// The squared coefficient of variation of the gaps between arrivals.
    pub(super) variation: f64,
    /// How sure it is that arrivals are Poisson: exactly, by product form, or only by assumption.
    pub(super) feed: Sureness,
}

/// What a call finds there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stay {
    pub(super) wait: Time,
    /// Wait and service together, where they cannot be told apart.
    pub(super) whole: Option<Time>,
    /// The share of calls that wait.
    pub(super) waiting: f64,
    pub(super) rejected: f64,
    pub(super) form: &'static Form,
    pub(super) sureness: Sureness,
}

/// Why nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silent {
    /// More comes than can be served.
    Full,
    /// The service has no variance, or one that is not known.
    Wild,
    /// Two choices among replicas with several workers, or a bounded queue behind a clever choice.
    Choice,
}

impl Shape {
    /// Calls in service at the same time, as a share of all workers; 0 where they are unlimited.
    pub(super) fn utilisation(&self, offered: &Offered) -> f64 {
        if self.workers.is_finite() { offered.rate * offered.holding.mean / (self.replicas * self.workers) } else { 0.0 }
    }
}

pub(super) fn stay(shape: &Shape, offered: &Offered, steps: &mut u64) -> Result<Stay, Silent> {
    *steps += 20;
    if shape.workers.is_infinite() || offered.rate <= 0.0 || offered.holding.mean <= 0.0 {
        return Ok(Stay { wait: Time::ZERO, whole: None, waiting: 0.0, rejected: 0.0, form: &DELAY, sureness: Sureness::Exact });
    }
    let rho = shape.utilisation(offered);
    let alone = if shape.replicas > 1.0 { one_of(shape, offered) } else { Some(*offered) };
    let stay = if shape.queue.is_finite() {
        let alone = alone.ok_or(Silent::Choice)?;
        bounded(shape, &alone, rho, steps)?
    } else if rho >= 1.0 {
        return Err(Silent::Full);
    } else {
        match (alone, shape.routing) {
            (None, Routing::TwoChoices) => two_choices(shape, offered, rho, steps)?,
            (None, _) => {
                let pooled = Shape { workers: shape.workers * shape.replicas, replicas: 1.0, ..*shape };
                least(shape, offered, unlimited(&pooled, offered, rho, steps)?)
            }
            (Some(_), Routing::Turns) if in_turn_is_exact(shape, offered) => in_turn(shape, offered, steps),
            (Some(alone), _) => unlimited(shape, &alone, rho, steps)?,
        }
    };
    let layered = if offered.layered { Sureness::Approximation } else { Sureness::Exact };
    let form = if offered.layered && stay.form != &LOSS { &LAYERED } else { stay.form };
    Ok(Stay { form, sureness: stay.sureness.max(offered.feed).max(layered), ..stay })
}

/// What one replica is offered, where that does not depend on the others.
fn one_of(shape: &Shape, offered: &Offered) -> Option<Offered> {
    let part = 1.0 / shape.replicas;
    let (variation, feed) = match shape.routing {
        Routing::Turns => (offered.variation * part, Sureness::Approximation),
        Routing::Random => (offered.variation * part + 1.0 - part, offered.feed),
        Routing::TwoChoices | Routing::Least => return None,
    };
    Some(Offered { rate: offered.rate * part, variation, feed, ..*offered })
}

fn unlimited(shape: &Shape, offered: &Offered, rho: f64, steps: &mut u64) -> Result<Stay, Silent> {
    let (c, service) = (shape.workers, offered.holding);
    let load = offered.rate * service.mean;
    let (delayed, form) = waiting(c, load, steps);
    let chance = (offered.variation - 1.0).abs() < 1e-9;
    let mean = delayed * service.mean / (c - load);
    if shape.order == Order::Shared {
        return Ok(shared(c, service, offered.exponential, mean, rho));
    }
    let (wait, form, sureness) = if offered.exponential && chance {
        let sureness = if c >= MANY { Sureness::Approximation } else { Sureness::Exact };
        (conditional(mean, delayed), form, sureness)
    } else if !service.variance.is_finite() {
        return Err(Silent::Wild);
    } else if c == 1.0 && chance {
        (after_takacs(offered, rho), &MG1, Sureness::Exact)
    } else {
        let mean = mean * (offered.variation + service.scv()) / 2.0 * evened(offered.variation, service.scv(), rho);
        (conditional(mean, delayed), &MGC, Sureness::Approximation)
    };
    let wait = if shape.order == Order::First { wait } else { Time::only_mean(wait.mean) };
    Ok(Stay { wait, whole: None, waiting: delayed, rejected: 0.0, form, sureness })
}

/// Even arrivals wait less than the heavy traffic formula says, uneven ones too, the more so the
/// less there is to do (Kraemer and Langenbach-Belz 1976).
fn evened(arrivals: f64, service: f64, rho: f64) -> f64 {
    let apart = 1.0 - arrivals;
    if arrivals + service <= 0.0 {
        1.0
    } else if arrivals <= 1.0 {
        libm::exp(-2.0 * (1.0 - rho) * apart * apart / (3.0 * rho * (arrivals + service)))
    } else {
        libm::exp((1.0 - rho) * apart / (arrivals + 4.0 * service))
    }
}

/// An exponential wait of those who wait.
fn conditional(mean: f64, waiting: f64) -> Time {
    if waiting <= 0.0 || mean <= 0.0 {
        return Time::ZERO;
    }
    let each = mean / waiting;
    Time::from_raw(0.0, [mean, 2.0 * mean * each, 6.0 * mean * each * each])
}

fn after_takacs(offered: &Offered, rho: f64) -> Time {
    let [_, second, third] = offered.holding.raw();
    let mean = offered.rate * second / (2.0 * (1.0 - rho));
    let variance = mean * mean + offered.rate * third / (3.0 * (1.0 - rho));
    // The third moment of the wait needs the fourth of the service; that of a gamma stands for it.
    Time { fixed: 0.0, mean, variance, third: if mean > 0.0 { 2.0 * variance * variance / mean } else { 0.0 } }
}

fn shared(c: f64, service: Time, exponential: bool, wait: f64, rho: f64) -> Stay {
    let mut whole = Time::only_mean(service.mean + wait);
    if c == 1.0 {
        whole.mean = service.mean / (1.0 - rho);
        if exponential {
            whole.variance = whole.mean * whole.mean * (2.0 + rho) / (2.0 - rho);
            whole.third = 2.0 * whole.variance * whole.variance / whole.mean;
        }
    }
    let form = if c == 1.0 { &SHARED } else { &SHARED_MANY };
    // Nobody waits before being served.
    Stay { wait: Time::ZERO, whole: Some(whole), waiting: 0.0, rejected: 0.0, form, sureness: Sureness::Exact }
}

fn in_turn_is_exact(shape: &Shape, offered: &Offered) -> bool {
    shape.workers == 1.0
        && shape.order == Order::First
        && offered.exponential
        && (offered.variation - 1.0).abs() < 1e-9
        && shape.replicas > 1.0
}

fn in_turn(shape: &Shape, offered: &Offered, steps: &mut u64) -> Stay {
    let service = offered.holding.mean;
    let (all, n) = (offered.rate * service, shape.replicas);
    let mut s = all / n;
    for _ in 0..200 {
        *steps += 4;
        let next = libm::pow(all / (all + 1.0 - s), n);
        let moved = (next - s).abs();
        s = next;
        if moved < 1e-12 {
            break;
        }
    }
    let wait = conditional(s * service / (1.0 - s), s);
    Stay { wait, whole: None, waiting: s, rejected: 0.0, form: &GIM1, sureness: Sureness::Exact }
}

/// Who has chosen a queue stays in it when another is empty sooner, so it waits longer than in one queue
/// for all: by a part of a service, as often as anybody waits. How large a part is fitted to runs.
fn least(shape: &Shape, offered: &Offered, pooled: Stay) -> Stay {
    let n = shape.replicas;
    let more = 0.38 * (1.0 - 1.0 / (n * n.sqrt())) * pooled.waiting * offered.holding.mean / shape.workers;
    let times = if pooled.wait.mean > 0.0 { 1.0 + more / pooled.wait.mean } else { 1.0 };
    let Time { fixed, mean, variance, third } = pooled.wait;
    let wait = Time { fixed, mean: mean * times, variance: variance * times * times, third: third * times * times * times };
    Stay { wait, form: &LEAST, sureness: Sureness::Approximation, ..pooled }
}

fn two_choices(shape: &Shape, offered: &Offered, rho: f64, steps: &mut u64) -> Result<Stay, Silent> {
    if shape.workers != 1.0 || shape.order != Order::First {
        return Err(Silent::Choice);
    }
    let (mut sum, mut power) = (0.0, 1.0);
    for _ in 0..60 {
        *steps += 2;
        let term = libm::pow(rho, power * 2.0 - 2.0);
        sum += term;
        power *= 2.0;
        if term < 1e-12 {
            break;
        }
    }
    let wait = Time::only_mean(offered.holding.mean * (sum - 1.0));
    Ok(Stay { wait, whole: None, waiting: rho * rho, rejected: 0.0, form: &TWO_CHOICES, sureness: Sureness::Approximation })
}

fn bounded(shape: &Shape, offered: &Offered, rho: f64, steps: &mut u64) -> Result<Stay, Silent> {
    let (c, room) = (shape.workers, shape.queue);
    if room > LONG {
        if rho >= 1.0 {
            // So long a queue is always full.
            let wait = Time::only_mean(room * offered.holding.mean / c);
            let rejected = 1.0 - 1.0 / rho;
            return Ok(Stay { wait, whole: None, waiting: 1.0, rejected, form: &LOSS, sureness: Sureness::Approximation });
        }
        return unlimited(shape, offered, rho, steps);
    }
    let refused = refused(c, offered.rate * offered.holding.mean, steps);
    let each = offered.holding.mean / c;
    let (mut weight, mut all, mut raw) = (1.0, 1.0 / refused.max(1e-300), [0.0; 3]);
    let mut waiting = 0.0;
    for ahead in 0..room as u64 {
        *steps += 1;
        let ahead = ahead as f64;
        waiting += weight;
        raw[0] += weight * (ahead + 1.0) * each;
        raw[1] += weight * (ahead + 1.0) * (ahead + 2.0) * each * each;
        raw[2] += weight * (ahead + 1.0) * (ahead + 2.0) * (ahead + 3.0) * each * each * each;
        weight *= rho;
        all += weight;
    }
    let rejected = weight / all;
    let admitted = (all * (1.0 - rejected)).max(1e-300);
    let wait =
        if shape.order == Order::First { Time::from_raw(0.0, raw.map(|sum| sum / admitted)) } else { Time::only_mean(raw[0] / admitted) };
    let sure = (offered.exponential || room == 0.0) && (offered.variation - 1.0).abs() < 1e-9 && c < MANY;
    let sureness = if sure { Sureness::Exact } else { Sureness::Approximation };
    let whole = (shape.order == Order::Shared).then(|| Time::only_mean(offered.holding.mean + raw[0] / admitted));
    let wait = if whole.is_some() { Time::ZERO } else { wait };
    Ok(Stay { wait, whole, waiting: waiting / admitted, rejected, form: &LOSS, sureness })
}

/// Erlang B: the share refused where nobody can wait.
pub(super) fn refused(c: f64, load: f64, steps: &mut u64) -> f64 {
    if c >= MANY {
        let rho = load / c;
        if rho >= 1.0 {
            return 1.0 - 1.0 / rho.max(1.0 + 1e-6);
        }
        let delayed = waiting(c, load, steps).0;
        return delayed * (1.0 - rho) / (1.0 - rho * delayed);
    }
    let (mut inverse, part) = (1.0, 1.0 / load);
    for n in 1..=c as u64 {
        *steps += 1;
        inverse = 1.0 + inverse * (n as f64 * part);
        // From the load on it only grows: what is refused is nothing to the last digit.
        if inverse > 1e18 && n as f64 > load {
            break;
        }
    }
    1.0 / inverse
}

/// Erlang C: the share that waits.
pub(super) fn waiting(c: f64, load: f64, steps: &mut u64) -> (f64, &'static Form) {
    let rho = load / c;
    if c >= MANY {
        let slack = (1.0 - rho) * c.sqrt();
        return (1.0 / (1.0 + slack * below(slack) / density(slack).max(1e-300)), &MMC_MANY);
    }
    let refused = refused(c, load, steps);
    (refused / (1.0 - rho * (1.0 - refused)), &MMC)
}
