//! The instrument on the command line: `learners [--learners N] [--from SEED] [--seeds N] [--shape NAME]
//! [--write FILE]` prints the table, and exits with 1 if a target is missed; `learners plans` times plans.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use learners::page::page;
use learners::plans;
use learners::table::{Runs, values};
use learners::world::Shape;

/// Seeds below it are for work on the tutor, those from here on for its score.
const FRESH: u64 = 1000;

struct Options {
    learners: usize,
    from: u64,
    seeds: u64,
    shape: Shape,
    write: Option<String>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.first().map(String::as_str) {
        Some("plans") => {
            println!("{:.3}", plans::seconds());
            Ok(true)
        }
        _ => read(&words).and_then(|options| score(&options)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("learners: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn score(options: &Options) -> anyhow::Result<bool> {
    let mut each = Vec::new();
    let mut all: Option<Runs> = None;
    for seed in options.from..options.from + options.seeds {
        let runs = Runs::new(options.shape, options.learners, seed).map_err(anyhow::Error::msg)?;
        each.push((seed, values(&runs)));
        match &mut all {
            Some(all) => all.join(runs),
            None => all = Some(runs),
        }
    }
    let Some(all) = all else { bail!("--seeds takes a number above 0") };
    let command = format!("cargo xtask tutor --learners {} --from {} --seeds {}", options.learners, options.from, options.seeds);
    let (text, fine) = page(&command, options.learners, &all, &each);
    match &options.write {
        Some(path) => std::fs::write(path, &text).with_context(|| format!("writing {path}"))?,
        None => print!("{text}"),
    }
    Ok(fine)
}

fn read(words: &[String]) -> anyhow::Result<Options> {
    let mut options = Options { learners: 300, from: FRESH, seeds: 3, shape: Shape::Course, write: None };
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let value =
            words.next().with_context(|| format!("{word} takes a value; there are --learners, --from, --seeds, --shape and --write"))?;
        let number = || value.parse::<u64>().ok().with_context(|| format!("{word} takes a number, not {value:?}"));
        match word {
            "--learners" => options.learners = usize::try_from(number()?.max(1))?,
            "--from" => options.from = number()?,
            "--seeds" => options.seeds = number()?.max(1),
            "--write" => options.write = Some(value.to_owned()),
            "--shape" => {
                options.shape = match value {
                    "course" => Shape::Course,
                    "random" => Shape::Random,
                    "chains" => Shape::Chains,
                    _ => bail!("{value:?} is not a shape; there are course, random and chains"),
                }
            }
            _ => bail!("{word:?} is not known here; there are --learners, --from, --seeds, --shape and --write"),
        }
    }
    Ok(options)
}
