//! W2 and W3 in nexosim, as its guide has one write models: one per box, joined by ports, each
//! with its own scheduled events. One thread: more are slower on events this small.
//!
//! `bench-nexosim w2|w3 REQUESTS SEED` tells one line of JSON.

mod clients;
mod draws;
mod stations;

use std::process::ExitCode;
use std::time::Instant;

use nexosim::ports::QuerySource;
use nexosim::simulation::{Mailbox, SimInit, SimulationError};
use nexosim::time::MonotonicTime;
use serde_json::{Value, json};

use crate::clients::{Clients, Counted, Patience};
use crate::draws::Draws;
use crate::stations::{Balancer, Cache, Station};

const SERVERS: usize = 10;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let told = match words.as_slice() {
        [workload @ ("w2" | "w3"), requests, seed] => match (requests.parse(), seed.parse()) {
            (Ok(requests), Ok(seed)) => measured(*workload == "w3", requests, seed).map_err(|error| error.to_string()),
            _ => Err("REQUESTS and SEED are whole numbers.".into()),
        },
        _ => Err("Say: bench-nexosim w2|w3 REQUESTS SEED".into()),
    };
    match told {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

fn measured(impatient: bool, requests: u64, seed: u64) -> Result<Value, SimulationError> {
    let begun = Instant::now();
    let mut counted = simulated(impatient, requests, seed)?;
    let seconds = begun.elapsed().as_secs_f64();
    let latencies = &mut counted.latencies;
    latencies.sort_unstable();
    let answered = latencies.len();
    Ok(json!({
        "requests": answered as u64 + counted.failed,
        "seconds": seconds,
        "mean_ms": latencies.iter().sum::<u64>() as f64 / answered as f64 / 1e6,
        "p99_ms": latencies[answered * 99 / 100] as f64 / 1e6,
        "attempts": counted.attempts as f64 / requests as f64,
        "failed": counted.failed,
    }))
}

fn simulated(impatient: bool, requests: u64, seed: u64) -> Result<Counted, SimulationError> {
    let (rate, patience) = if impatient { (14_400.0, Some(Patience::w3(Draws::new(seed, 5)))) } else { (11_200.0, None) };
    let mut clients = Clients::new(requests, 1e9 / rate, Draws::new(seed, 1), patience);
    let mut balancer = Balancer::default();
    let mut cache = Cache::new(Draws::new(seed, 3));
    let mut db = Station::new(32, 20e6, Draws::new(seed, 4));
    let (clients_box, balancer_box, cache_box, db_box) = (Mailbox::new(), Mailbox::new(), Mailbox::new(), Mailbox::new());
    clients.call.connect(Balancer::call, &balancer_box);
    cache.hit.connect(Clients::answer, &clients_box);
    cache.miss.connect(Station::call, &db_box);
    db.served.connect(Clients::answer, &clients_box);
    let mut bench = SimInit::with_num_threads(1);
    for number in 0..SERVERS {
        let mut server = Station::new(8, 5e6, Draws::new(seed, 10 + number as u64));
        let server_box = Mailbox::new();
        balancer.add_server().connect(Station::call, &server_box);
        server.served.connect(Cache::call, &cache_box);
        bench = bench.add_model(server, server_box, &format!("server {number}"));
    }
    let counted = QuerySource::new().connect(Clients::counted, &clients_box).register(&mut bench);
    let mut simulation = bench
        .add_model(clients, clients_box, "clients")
        .add_model(balancer, balancer_box, "balancer")
        .add_model(cache, cache_box, "cache")
        .add_model(db, db_box, "db")
        .init(MonotonicTime::EPOCH)?;
    simulation.run()?;
    Ok(simulation.process_query(&counted, ())?)
}
