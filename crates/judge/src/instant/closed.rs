//! Closed classes: users who think, ask and wait for the answer, so that throughput follows from
//! response times and these from throughput. Mean value analysis, exact or approximate.

use super::form::{Form, MVA, REISER, SCHWEITZER, Sureness};

/// More arithmetic than this, and the approximation is taken.
const MOST_STEPS: f64 = 8_000.0;
const ROUNDS: usize = 400;

/// A station as closed classes see it: one of some equal replicas.
#[derive(Debug, Clone)]
pub(super) struct Centre {
    /// Per replica.
    pub(super) workers: f64,
    pub(super) replicas: f64,
    /// By class: the service that a request needs there, over all visits and replicas [s].
    pub(super) demands: Vec<f64>,
    /// The squared coefficient of variation of the service, where that matters.
    pub(super) variation: f64,
    /// Whether the product form holds there.
    pub(super) product: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Population {
    pub(super) users: f64,
    /// Thinking, and everything in which nobody waits for anybody [s].
    pub(super) delay: f64,
}

#[derive(Debug)]
pub(super) struct Closed {
    /// By class: requests answered [per second].
    pub(super) throughput: Vec<f64>,
    /// By class: time at the centres [s].
    pub(super) response: Vec<f64>,
    /// By centre: requests there in the mean, over all replicas.
    pub(super) inside: Vec<f64>,
    pub(super) form: &'static Form,
    pub(super) sureness: Sureness,
}

pub(super) fn solve(centres: &[Centre], classes: &[Population], steps: &mut u64) -> Closed {
    let cost: f64 = centres.iter().map(|centre| centre.workers.min(classes.iter().map(|class| class.users).sum()) + 2.0).sum();
    match classes {
        [one] if one.users * cost <= MOST_STEPS => by_user(centres, *one, steps),
        _ => approximate(centres, classes, steps),
    }
}

/// Reiser and Lavenberg 1980, user by user. Service that is not exponential leaves more or less of
/// what is under way to whoever finds all workers busy (Reiser 1979).
fn by_user(centres: &[Centre], class: Population, steps: &mut u64) -> Closed {
    let mut inside = vec![0.0; centres.len()];
    // How likely j requests are at one replica, for each j below its workers.
    let mut few: Vec<Vec<f64>> = centres.iter().map(|centre| first_certain(centre.workers)).collect();
    // How likely all workers of one replica are busy.
    let mut full = vec![0.0; centres.len()];
    let (mut throughput, mut response) = (0.0, 0.0);
    let mut times = vec![0.0; centres.len()];
    for users in 1..=class.users as u64 {
        response = 0.0;
        for (k, centre) in centres.iter().enumerate() {
            let (demand, workers) = (centre.demands[0] / centre.replicas, centre.workers);
            let idle: f64 = few[k].iter().enumerate().map(|(j, chance)| (workers - 1.0 - j as f64) * chance).sum();
            let left = full[k] * (centre.variation - 1.0) / 2.0;
            times[k] = demand / workers * (1.0 + inside[k] / centre.replicas + idle + left).max(0.0);
            response += times[k] * centre.replicas;
            *steps += 2 + few[k].len() as u64;
        }
        throughput = users as f64 / (class.delay + response);
        for (k, centre) in centres.iter().enumerate() {
            inside[k] = throughput * times[k] * centre.replicas;
            full[k] = shift(&mut few[k], throughput * centre.demands[0] / centre.replicas, centre.workers);
        }
    }
    // A request visits each replica in its turn; by turns or by chance is one to the mean only.
    let exact = centres.iter().all(|centre| centre.product && centre.replicas == 1.0);
    let (form, sureness) = if exact { (&MVA, Sureness::Exact) } else { (&REISER, Sureness::Approximation) };
    Closed { throughput: vec![throughput], response: vec![response], inside, form, sureness }
}

fn first_certain(workers: f64) -> Vec<f64> {
    let mut few = vec![0.0; (workers as usize).saturating_sub(1)];
    if let Some(none) = few.first_mut() {
        *none = 1.0;
    }
    few
}

/// The chances with one user more, and that of no idle worker; rounding must not make one negative.
fn shift(few: &mut [f64], busy: f64, workers: f64) -> f64 {
    if few.is_empty() {
        return busy.min(1.0);
    }
    // The chance of workers - 1 is needed for that of none, but not kept.
    let last = few.last().copied().unwrap_or(0.0) * busy / (workers - 1.0);
    for j in (1..few.len()).rev() {
        few[j] = few[j - 1] * busy / j as f64;
    }
    let others: f64 = (1..few.len()).map(|j| (workers - j as f64) * few[j]).sum();
    if let Some(none) = few.first_mut() {
        *none = (1.0 - (busy + others + last) / workers).max(0.0);
    }
    (1.0 - last - few.iter().sum::<f64>()).clamp(0.0, 1.0)
}

/// Schweitzer 1979 for any number of classes; several workers after Seidmann, Schweitzer and
/// Shalev-Oren 1987: one that is as much faster, and a delay for the rest of the service.
fn approximate(centres: &[Centre], classes: &[Population], steps: &mut u64) -> Closed {
    let share = |class: usize, k: usize| centres[k].demands[class] / centres[k].replicas / centres[k].workers;
    let mut queue: Vec<Vec<f64>> = classes.iter().map(|class| vec![class.users / (centres.len() + 1) as f64; centres.len()]).collect();
    let mut throughput = vec![0.0; classes.len()];
    let mut response = vec![0.0; classes.len()];
    let mut inside = vec![0.0; centres.len()];
    for _ in 0..ROUNDS {
        let mut moved = 0.0f64;
        let before = queue.clone();
        for (r, class) in classes.iter().enumerate() {
            let mut delay = class.delay;
            let mut times = vec![0.0; centres.len()];
            for (k, centre) in centres.iter().enumerate() {
                *steps += 4;
                let fast = share(r, k);
                // Per replica: who is met there, and what is left of the service under way.
                let met: f64 = before.iter().map(|queue| queue[k]).sum::<f64>() - before[r][k] / class.users.max(1.0);
                let under_way: f64 = (0..classes.len()).map(|s| throughput[s] * share(s, k)).sum::<f64>().min(1.0);
                let left = under_way * (centre.variation - 1.0) / 2.0;
                times[k] = fast * (1.0 + met / centre.replicas + left).max(0.0) * centre.replicas;
                delay += fast * centre.replicas * (centre.workers - 1.0);
            }
            let next = class.users / (delay + times.iter().sum::<f64>()).max(1e-300);
            moved = moved.max((next - throughput[r]).abs() / next);
            throughput[r] = next;
            response[r] = class.users / next - class.delay;
            for (k, time) in times.iter().enumerate() {
                queue[r][k] = next * time;
            }
        }
        if moved < 1e-9 {
            break;
        }
    }
    for (k, centre) in centres.iter().enumerate() {
        for r in 0..classes.len() {
            inside[k] += queue[r][k] + throughput[r] * share(r, k) * centre.replicas * (centre.workers - 1.0);
        }
    }
    Closed { throughput, response, inside, form: &SCHWEITZER, sureness: Sureness::Approximation }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn centre(demand: f64, workers: f64) -> Centre {
        Centre { workers, replicas: 1.0, demands: vec![demand], variation: 1.0, product: true }
    }

    /// D23, the machine repairman: throughput and response time from its birth and death.
    #[test]
    fn several_workers_are_as_in_the_machine_repairman() {
        let cases = [(10.0, 1.0, 7.854, 273.2), (20.0, 1.0, 9.981, 1003.8), (40.0, 4.0, 34.310, 165.9), (50.0, 4.0, 38.850, 287.0)];
        for (users, workers, throughput, response) in cases {
            let found = solve(&[centre(0.1, workers)], &[Population { users, delay: 1.0 }], &mut 0);
            assert!((found.throughput[0] - throughput).abs() < 1e-3 * throughput, "{users} {workers}: {found:?}");
            assert!((found.response[0] * 1e3 - response).abs() < 1e-3 * response, "{users} {workers}: {found:?}");
        }
    }

    /// D21 with 50 users: exact 46.7522/s and 69.469 ms.
    #[test]
    fn the_approximation_is_within_its_limits() {
        let centres = [0.005, 0.015, 0.010].map(|demand| centre(demand, 1.0));
        let found = approximate(&centres, &[Population { users: 50.0, delay: 1.0 }], &mut 0);
        assert!((found.throughput[0] - 46.7522).abs() < 0.05 * 46.7522, "{found:?}");
        assert!((found.response[0] - 0.069_469).abs() < 0.1 * 0.069_469, "{found:?}");
    }
}
