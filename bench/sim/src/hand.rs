//! The reference: each workload as a loop for it alone, on the standard binary heap. Written as
//! one would write it for speed without a second thought about the event set; no calendar, no
//! lanes, no recursion. The three loops share the few tools at the foot.

use std::collections::VecDeque;

use crate::hand::tools::{Draws, Events, Histogram, MS, SECOND, Station};

mod tools;

/// What a loop counted.
pub(crate) struct Counted {
    /// From the first sending to the answer, of answered requests [ns].
    pub(crate) latency: Histogram,
    /// Work sent in all: more than there were requests where some are sent again.
    pub(crate) attempts: u64,
    pub(crate) failed: u64,
}

/// The loop of a workload, for so many requests.
pub(crate) fn run(workload: &str, requests: u64, seed: u64) -> Result<Counted, String> {
    match workload {
        "w1" => Ok(one_worker(requests, seed)),
        "w2" => Ok(three_tiers(requests, seed)),
        "w3" => Ok(impatient(requests, seed)),
        _ => Err(format!("There is no loop for {workload:?}: there are w1, w2 and w3.")),
    }
}

const SERVERS: usize = 10;
const WORKERS: u32 = 8;
const SERVER_MS: f64 = 5.0 * MS;
const CACHE: u64 = 500_000;
const HITS: f64 = 0.9;
const CONNECTIONS: u32 = 32;
const DB_MS: f64 = 20.0 * MS;

/// W1: Poisson 0.8/s, one worker, exponential work of 1 s.
fn one_worker(requests: u64, seed: u64) -> Counted {
    const ARRIVAL: u64 = 0;
    let (mut arrivals, mut work) = (Draws::new(seed, 1), Draws::new(seed, 2));
    let (mut events, mut latency) = (Events::default(), Histogram::default());
    // When each request inside was sent; the first is in service.
    let mut inside = VecDeque::new();
    let mut sent = 0;
    events.add(arrivals.exponential(1.25 * SECOND), ARRIVAL, 0);
    while let Some((now, kind, _)) = events.next() {
        if kind == ARRIVAL {
            sent += 1;
            if sent < requests {
                events.add(now + arrivals.exponential(1.25 * SECOND), ARRIVAL, 0);
            }
            inside.push_back(now);
            if inside.len() > 1 {
                continue;
            }
        } else {
            let since = inside.pop_front().unwrap_or(now);
            latency.record(now - since);
            if inside.is_empty() {
                continue;
            }
        }
        events.add(now + work.exponential(SECOND), ARRIVAL + 1, 0);
    }
    Counted { latency, attempts: sent, failed: 0 }
}

/// W2: Poisson 11,200/s, round robin over ten servers, then a cache, and the database on a miss.
fn three_tiers(requests: u64, seed: u64) -> Counted {
    const ARRIVAL: u64 = 0;
    const SERVED: u64 = 1;
    const LOOKED_UP: u64 = 2;
    const READ: u64 = 3;
    const GAP: f64 = SECOND / 11_200.0;
    struct Request {
        sent: u64,
        server: usize,
    }
    let (mut arrivals, mut work) = (Draws::new(seed, 1), Draws::new(seed, 2));
    let (mut luck, mut reads) = (Draws::new(seed, 3), Draws::new(seed, 4));
    let (mut events, mut latency) = (Events::default(), Histogram::default());
    let mut servers: [Station; SERVERS] = std::array::from_fn(|_| Station::new(WORKERS));
    let mut db = Station::new(CONNECTIONS);
    let (mut slots, mut free) = (Vec::<Request>::new(), Vec::<u32>::new());
    let (mut sent, mut turn) = (0, 0);
    events.add(arrivals.exponential(GAP), ARRIVAL, 0);
    while let Some((now, kind, slot)) = events.next() {
        match kind {
            ARRIVAL => {
                sent += 1;
                if sent < requests {
                    events.add(now + arrivals.exponential(GAP), ARRIVAL, 0);
                }
                let request = Request { sent: now, server: turn };
                turn = if turn + 1 == SERVERS { 0 } else { turn + 1 };
                let server = &mut servers[request.server];
                let slot = tools::insert(&mut slots, &mut free, request);
                if server.enter(slot) {
                    events.add(now + work.exponential(SERVER_MS), SERVED, slot);
                }
            }
            SERVED => {
                if let Some(next) = servers[slots[slot as usize].server].leave() {
                    events.add(now + work.exponential(SERVER_MS), SERVED, next);
                }
                events.add(now + CACHE, LOOKED_UP, slot);
            }
            LOOKED_UP if luck.unit() >= HITS => {
                if db.enter(slot) {
                    events.add(now + reads.exponential(DB_MS), READ, slot);
                }
            }
            _ => {
                if kind == READ
                    && let Some(next) = db.leave()
                {
                    events.add(now + reads.exponential(DB_MS), READ, next);
                }
                latency.record(now - slots[slot as usize].sent);
                free.push(slot);
            }
        }
    }
    Counted { latency, attempts: sent, failed: 0 }
}

/// W3: W2 at 14,400/s. The client gives an attempt 100 ms; its work stays queued, and it is tried
/// twice more, each time after U(0, 50 ms x 2^attempt).
fn impatient(requests: u64, seed: u64) -> Counted {
    const ARRIVAL: u64 = 0;
    const AGAIN: u64 = 1;
    const SERVED: u64 = 2;
    const LOOKED_UP: u64 = 3;
    const READ: u64 = 4;
    const TIMEOUT: u64 = 5;
    const GAP: f64 = SECOND / 14_400.0;
    const PATIENCE: u64 = 100_000_000;
    const ATTEMPTS: u8 = 3;
    const BACK_OFF: f64 = 50.0 * MS;
    #[derive(PartialEq)]
    enum Is {
        Open,
        Answered,
        Abandoned,
    }
    /// Kept until both its work is done and its time is over.
    struct Attempt {
        sent: u64,
        server: u8,
        number: u8,
        is: Is,
    }
    let (mut arrivals, mut work, mut pauses) = (Draws::new(seed, 1), Draws::new(seed, 2), Draws::new(seed, 5));
    let (mut luck, mut reads) = (Draws::new(seed, 3), Draws::new(seed, 4));
    let (mut events, mut latency) = (Events::default(), Histogram::default());
    let mut servers: [Station; SERVERS] = std::array::from_fn(|_| Station::new(WORKERS));
    let mut db = Station::new(CONNECTIONS);
    let (mut slots, mut free) = (Vec::<Attempt>::new(), Vec::<u32>::new());
    let (mut sent, mut turn, mut attempts, mut failed) = (0, 0, 0, 0);
    events.add(arrivals.exponential(GAP), ARRIVAL, 0);
    while let Some((now, kind, slot)) = events.next() {
        match kind {
            ARRIVAL | AGAIN => {
                let slot = if kind == AGAIN {
                    slot
                } else {
                    sent += 1;
                    if sent < requests {
                        events.add(now + arrivals.exponential(GAP), ARRIVAL, 0);
                    }
                    tools::insert(&mut slots, &mut free, Attempt { sent: now, server: 0, number: 0, is: Is::Open })
                };
                attempts += 1;
                slots[slot as usize].server = turn as u8;
                if servers[turn].enter(slot) {
                    events.add(now + work.exponential(SERVER_MS), SERVED, slot);
                }
                turn = if turn + 1 == SERVERS { 0 } else { turn + 1 };
                events.add(now + PATIENCE, TIMEOUT, slot);
            }
            SERVED => {
                if let Some(next) = servers[usize::from(slots[slot as usize].server)].leave() {
                    events.add(now + work.exponential(SERVER_MS), SERVED, next);
                }
                events.add(now + CACHE, LOOKED_UP, slot);
            }
            LOOKED_UP if luck.unit() >= HITS => {
                if db.enter(slot) {
                    events.add(now + reads.exponential(DB_MS), READ, slot);
                }
            }
            LOOKED_UP | READ => {
                if kind == READ
                    && let Some(next) = db.leave()
                {
                    events.add(now + reads.exponential(DB_MS), READ, next);
                }
                let attempt = &mut slots[slot as usize];
                if attempt.is == Is::Abandoned {
                    free.push(slot);
                } else {
                    attempt.is = Is::Answered;
                    latency.record(now - attempt.sent);
                }
            }
            _ => {
                let attempt = &mut slots[slot as usize];
                if attempt.is == Is::Answered {
                    free.push(slot);
                    continue;
                }
                attempt.is = Is::Abandoned;
                let (sent, number) = (attempt.sent, attempt.number + 1);
                if number == ATTEMPTS {
                    failed += 1;
                    continue;
                }
                let pause = pauses.unit() * BACK_OFF * f64::from(1 << (number - 1));
                let again = tools::insert(&mut slots, &mut free, Attempt { sent, server: 0, number, is: Is::Open });
                events.add(now + pause as u64, AGAIN, again);
            }
        }
    }
    Counted { latency, attempts, failed }
}
