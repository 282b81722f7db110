//! One measurement per process, told as one line of JSON: a loop written by hand, the engine on a
//! design document, or a point of a curve. `cargo xtask bench sim` runs it in turns with its peers.

mod curves;
mod hand;
mod heap;
mod octo;

use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Value, json};

const USAGE: &str = "\
bench-sim hand WORKLOAD REQUESTS SEED     the loop written by hand; workloads: w1, w2, w3
bench-sim octo WORKLOAD REQUESTS SEED     the engine on the design document
bench-sim json WORKLOAD REQUESTS          that document, for the engine of the browser
bench-sim curve chain|fan SERVICES        what an event costs in a design of so many
bench-sim curve pending USERS             what an event costs beside so many that are pending
bench-sim curve instant SERVICES          what an answer by formulas costs for a chain of so many
With --heap, the most bytes in use are counted, and times mean nothing.";

#[global_allocator]
static ALLOCATOR: heap::Counting = heap::Counting;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--heap") {
        heap::count();
    }
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "--heap").collect();
    match run(&words) {
        Ok(mut told) => {
            if let Some(peak) = heap::peak() {
                told["peak_heap_bytes"] = json!(peak);
            }
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

fn run(words: &[&str]) -> Result<Value, String> {
    match words {
        ["hand", workload, requests, seed] => hand(workload, whole(requests)?, whole(seed)?),
        ["octo", workload, requests, seed] => octo::run(workload, whole(requests)?, whole(seed)?),
        ["json", workload, requests] => octo::json(workload, whole(requests)?),
        ["curve", "chain", services] => curves::chain(whole(services)?),
        ["curve", "fan", services] => curves::fan(whole(services)?),
        ["curve", "instant", services] => curves::instant(whole(services)?),
        ["curve", "pending", users] => curves::pending(whole(users)?),
        _ => Err(format!("No such measurement.\n{USAGE}")),
    }
}

fn whole(text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|&number| number > 0).ok_or_else(|| format!("{text:?} is no whole number above zero."))
}

fn hand(workload: &str, requests: u64, seed: u64) -> Result<Value, String> {
    let begun = Instant::now();
    let counted = hand::run(workload, requests, seed)?;
    let seconds = begun.elapsed().as_secs_f64();
    if counted.latency.count() + counted.failed != requests {
        return Err("The loop lost a request.".into());
    }
    Ok(json!({
        "requests": requests,
        "seconds": seconds,
        "mean_ms": counted.latency.mean() / 1e6,
        "p99_ms": counted.latency.percentile(0.99) / 1e6,
        "attempts": counted.attempts as f64 / requests as f64,
        "failed": counted.failed,
    }))
}
