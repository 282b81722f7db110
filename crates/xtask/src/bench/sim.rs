//! The engine beside its peers: loops written by hand, SimPy, nexosim, and itself in the browser's
//! form. All run the same three workloads in turns, and a ratio is told only where both sides
//! agree on what comes out. Then what it costs in memory, and as designs grow.

mod programs;
mod turns;

use crate::bench::{Figure, Options};
use programs::{Programs, Side};
use turns::Turns;

/// Rounds of ours beside ours, and at most so many beside a peer that takes its time.
const ROUNDS: usize = 7;
const PEER_ROUNDS: usize = 3;

/// One ratio: whose pace is divided by whose, and the least that is good.
struct Duel {
    ours: Side,
    theirs: Side,
    least: Option<f64>,
}

const fn duel(ours: Side, theirs: Side, least: f64) -> Duel {
    Duel { ours, theirs, least: Some(least) }
}

/// A workload, who takes turns at it with how many requests, and what is told of it.
struct Contest {
    workload: &'static str,
    sides: &'static [(Side, u64)],
    duels: &'static [Duel],
    peers: bool,
}

/// So many requests that mean and p99 of all rounds are known to a fraction of one per cent: one
/// sigma of the p99 of W3 is 1.2 % in 600,000 requests, and falls with the root of their number.
const CONTESTS: [Contest; 5] = [
    Contest {
        workload: "w1",
        sides: &[(Side::Hand, 20_000_000), (Side::Octo, 20_000_000)],
        duels: &[Duel { ours: Side::Octo, theirs: Side::Hand, least: None }],
        peers: false,
    },
    Contest {
        workload: "w2",
        sides: &[(Side::Hand, 4_000_000), (Side::Octo, 4_000_000), (Side::Small, 4_000_000), (Side::Wasm, 4_000_000)],
        duels: &[duel(Side::Octo, Side::Hand, 1.5), duel(Side::Small, Side::Octo, 0.75), duel(Side::Wasm, Side::Octo, 0.75)],
        peers: false,
    },
    Contest {
        workload: "w3",
        sides: &[(Side::Hand, 4_000_000), (Side::Octo, 4_000_000), (Side::Small, 4_000_000), (Side::Wasm, 4_000_000)],
        duels: &[duel(Side::Octo, Side::Hand, 2.0), duel(Side::Small, Side::Octo, 0.75), duel(Side::Wasm, Side::Octo, 0.75)],
        peers: false,
    },
    Contest {
        workload: "w2",
        sides: &[(Side::Hand, 4_000_000), (Side::Simpy, 600_000), (Side::Octo, 4_000_000), (Side::Nexosim, 2_000_000)],
        duels: &[duel(Side::Hand, Side::Simpy, 80.0), duel(Side::Octo, Side::Simpy, 130.0), duel(Side::Octo, Side::Nexosim, 15.0)],
        peers: true,
    },
    Contest {
        workload: "w3",
        sides: &[(Side::Hand, 4_000_000), (Side::Simpy, 1_200_000), (Side::Octo, 4_000_000), (Side::Nexosim, 2_000_000)],
        duels: &[duel(Side::Hand, Side::Simpy, 80.0), duel(Side::Octo, Side::Simpy, 190.0), duel(Side::Octo, Side::Nexosim, 15.0)],
        peers: true,
    },
];

/// What the house promises [MB].
const W2_MB: f64 = 8.0;
const MILLION_PENDING_MB: f64 = 100.0;

pub(super) fn measure(options: &Options, tell: &mut dyn FnMut(Figure)) -> anyhow::Result<()> {
    let programs = Programs::build()?;
    if !options.json {
        println!("{}", Figure::HEADING);
    }
    let rounds = options.rounds.unwrap_or(ROUNDS);
    for contest in &CONTESTS {
        let rounds = if contest.peers { rounds.min(PEER_ROUNDS) } else { rounds };
        let turns = Turns::take(&programs, contest, rounds);
        contest.duels.iter().for_each(|duel| tell(turns.figure(&programs, duel)));
    }
    memory(&programs, tell)?;
    curves(&programs, tell)
}

fn memory(programs: &Programs, tell: &mut dyn FnMut(Figure)) -> anyhow::Result<()> {
    let heap = |words: &[&str]| programs.measured(&[words, &["--heap"]].concat(), "peak_heap_bytes").map(|bytes| bytes / 1e6);
    tell(Figure::at_most("W2: peak heap of the engine", heap(&["octo", "w2", "4000000", "1"])?, "MB", W2_MB));
    for users in ["1000", "10000", "100000"] {
        tell(Figure::told(format!("peak heap, events pending: {users}"), heap(&["curve", "pending", users])?, "MB"));
    }
    let million = heap(&["curve", "pending", "1000000"])?;
    tell(Figure::at_most("peak heap, events pending: 1000000", million, "MB", MILLION_PENDING_MB));
    Ok(())
}

fn curves(programs: &Programs, tell: &mut dyn FnMut(Figure)) -> anyhow::Result<()> {
    const POINTS: [(&str, &str, [&str; 4]); 3] = [
        ("chain", "services in a chain", ["1", "10", "100", "1000"]),
        ("fan", "services side by side", ["1", "10", "100", "1000"]),
        ("pending", "events pending", ["1000", "10000", "100000", "1000000"]),
    ];
    for (curve, of, sizes) in POINTS {
        for size in sizes {
            tell(Figure::told(format!("an event, {of}: {size}"), programs.measured(&["curve", curve, size], "ns_per_event")?, "ns"));
        }
    }
    for size in ["1", "10", "100"] {
        let took = programs.measured(&["curve", "instant", size], "us_per_answer")?;
        tell(Figure::told(format!("an answer by formulas, services in a chain: {size}"), took, "µs"));
    }
    Ok(())
}
