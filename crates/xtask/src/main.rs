//! Chores of the house: one command for every test, the house rules, and the figures of speed and
//! size. `cargo xtask` lists them. What the product itself can check is not here but in `octo`.

mod bench;
mod calibrate;
mod debian;
mod fidelity;
mod isolation;
mod pack;
mod steps;
mod test;
mod tidy;
mod tutor;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test [STEP...]          every test of the house, or only some steps of it
cargo xtask tidy                    the house rules
cargo xtask bench SUITE [--json]    figures with their targets; suites: web, sim, studio, tutor
                  [--rounds N]      how often sim compares; 7
cargo xtask fidelity [--quick]      theory beside the engine, and docs/fidelity.md
                  [--only D12,D13]  some checks, and no page
                  large             large designs run in part, beside their exact runs
                  explain           designs with a planted cause, and whether the explanation names it
cargo xtask tutor [--write FILE]    simulated learners taught by the tutor; docs/tutor.md is such a file
                  [--learners 300] [--from SEED] [--seeds 3]
                  [--shape random]  on other graphs: course, random, chains
cargo xtask isolation               what PostgreSQL makes of schedules of transactions
cargo xtask calibrate [--write]     designs beside nginx, Redis and PostgreSQL, and their part of docs/fidelity.md
                  [--quick]         short rounds, for trying
                  [--only nginx,chain]  some cases";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test", steps @ ..] => test::run(steps),
        ["tidy"] => tidy::run(),
        ["bench", rest @ ..] => bench::run(rest),
        ["fidelity", rest @ ..] => fidelity::run(rest),
        ["tutor", rest @ ..] => tutor::run(rest),
        ["isolation"] => isolation::run(),
        ["calibrate", rest @ ..] => calibrate::run(rest),
        _ => {
            eprintln!("{USAGE}\n\nsteps of test: {}", test::names().join(", "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}
