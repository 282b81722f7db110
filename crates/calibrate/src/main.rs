//! `calibrate [--quick] [--only nginx,chain] [--write FILE]`: designs beside real servers. Starts
//! Debian's nginx, Redis and PostgreSQL on loopback, loads them, fits their services at one level
//! and tells how far the predictions for the others are off. `cargo xtask calibrate` calls it.

mod case;
mod cores;
mod fit;
mod ideal;
mod interrupt;
mod level;
mod load;
mod measure;
mod model;
mod page;
mod reasons;
mod schedule;
mod server;
mod told;
mod wire;
mod work;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use case::{CASES, Case, Kind};
use cores::Cores;
use interrupt::Interrupted;
use measure::Length;
use page::Setting;
use told::Told;

const USAGE: &str = "\
calibrate [--quick]           two short rounds for each level, for trying
          [--only nginx,chain]  some cases
          [--write FILE]        into its part of the page, when all cases ran in full";

/// As the page names it.
const COMMAND: &str = "cargo xtask calibrate --write";
/// The name of its part of the page.
const PART: &str = "servers";

/// From this share of a core that others have on, a warning.
const TAKEN_MAX: f64 = 0.05;
/// How long the page waits for a quiet machine.
const PATIENCE: Duration = Duration::from_secs(600);
/// A page of which fewer levels stand is not kept.
const STANDING_MIN: f64 = 0.5;

#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    quick: bool,
    only: Vec<String>,
    write: Option<String>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.split_first() {
        // The service of the chain is this program too.
        Some((first, rest)) if first == "service" => server::service::run(rest),
        _ => options(&words).and_then(|options| calibrate(&options)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Servers hear Ctrl-C too, and may close their connections before we look.
        Err(_) if interrupt::asked() => {
            eprintln!("calibrate: {Interrupted}");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("calibrate: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn options(words: &[String]) -> anyhow::Result<Options> {
    let mut options = Options::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => options.quick = true,
            "--only" => {
                let ids = words.next().context("--only takes the names of cases, as in --only nginx,chain")?;
                options.only.extend(ids.split(',').map(|id| id.trim().to_owned()));
            }
            "--write" => options.write = Some(words.next().context("--write takes a file, as in --write docs/fidelity.md")?.clone()),
            _ => bail!("“{word}” is not an option.\n{USAGE}"),
        }
    }
    if let Some(unknown) = options.only.iter().find(|id| !CASES.iter().any(|case| case.id == **id)) {
        let known: Vec<&str> = CASES.iter().map(|case| case.id).collect();
        bail!("there is no case “{unknown}”; there are: {}", known.join(", "));
    }
    if options.write.is_some() && (options.quick || !options.only.is_empty()) {
        bail!("the page gets all cases in full; leave out --quick and --only, or --write");
    }
    Ok(options)
}

fn calibrate(options: &Options) -> anyhow::Result<()> {
    interrupt::listen();
    server::look_for_programs()?;
    let cores = Cores::take()?;
    let taken = settle(cores, if options.write.is_some() { PATIENCE } else { Duration::ZERO })?;
    let length = if options.quick { Length::QUICK } else { Length::FULL };
    let mut told = Vec::new();
    for case in CASES.iter().filter(|case| options.only.is_empty() || options.only.iter().any(|id| id == case.id)) {
        told.push(one(case, cores, length).with_context(|| case.title)?);
    }
    let text = page::page(&setting(length, taken), &told);
    println!("{text}");
    if let Some(file) = &options.write {
        if page::standing(&told) < STANDING_MIN {
            bail!(
                "more than half of the levels were thrown out, so {file} was left as it is; run this again when the machine does nothing else"
            );
        }
        write(file, &text)?;
    }
    Ok(())
}

/// Into its part of a page; what others wrote there stays.
fn write(file: &str, text: &str) -> anyhow::Result<()> {
    let old = std::fs::read_to_string(file).with_context(|| format!("reading {file}"))?;
    let page = fidelity::sections::put(&old, PART, COMMAND, text);
    std::fs::write(file, page).with_context(|| format!("writing {file}"))
}

fn one(case: &Case, cores: Cores, length: Length) -> anyhow::Result<Told> {
    eprintln!("{}", case.title);
    let site = case.start(cores.servers)?;
    let measured = measure::measure(&site, cores.servers, length, case.kind == Kind::Chain, &mut |said| eprintln!("  {said}"))?;
    // Ended before the engine needs the machine.
    drop(site);
    let told = told::tell(case, &measured)?;
    eprintln!("  {} of the levels stand", reasons::percent(page::standing(std::slice::from_ref(&told))));
    Ok(told)
}

/// Waits until the machine is quiet, at most so long; the share of a core that others still have.
fn settle(cores: Cores, patience: Duration) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let mut told = false;
    loop {
        let taken = cores.taken_by_others()?;
        if interrupt::asked() {
            bail!(Interrupted);
        }
        if taken <= TAKEN_MAX {
            return Ok(taken);
        }
        if !told {
            let then =
                if patience.is_zero() { String::new() } else { format!(" Waiting up to {} minutes for them.", patience.as_secs() / 60) };
            eprintln!(
                "Other programs have {} of one of the two cores, so levels will be thrown out. Better end them.{then}",
                reasons::percent(taken)
            );
            told = true;
        }
        if begun.elapsed() >= patience {
            return Ok(taken);
        }
    }
}

fn setting(length: Length, taken: f64) -> Setting {
    let programs = [("nginx", "nginx"), ("Redis", "redis-server"), ("PostgreSQL", "postgres")];
    let programs = programs.map(|(name, program)| server::version(program).map_or(name.to_owned(), |version| format!("{name} {version}")));
    Setting { machine: cores::machine(), programs: programs.to_vec(), rounds: length.rounds, round: length.round, taken, command: COMMAND }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<Options, String> {
        options(&words.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).map_err(|error| error.to_string())
    }

    #[test]
    fn only_all_cases_in_full_are_written() {
        assert_eq!(read("--write page.md").unwrap().write.as_deref(), Some("page.md"));
        assert_eq!(read("--quick --only nginx,chain").unwrap().only, ["nginx", "chain"]);
        assert!(read("--quick --write page.md").unwrap_err().starts_with("the page gets all cases in full"));
        assert!(read("--only nginx --write page.md").is_err());
    }

    #[test]
    fn the_page_keeps_what_others_wrote() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        std::fs::write(path, "# Fidelity\n\nchecks\n").unwrap();
        write(path, "## Against real servers\n\nold").unwrap();
        write(path, "## Against real servers\n\nnew").unwrap();
        let page = std::fs::read_to_string(path).unwrap();
        assert!(
            page.starts_with("# Fidelity\n\nchecks\n") && page.contains("part servers: made by `cargo xtask calibrate --write`"),
            "{page}"
        );
        assert!(page.contains("new") && !page.contains("old"), "{page}");
    }

    #[test]
    fn a_mistake_is_answered_with_what_there_is() {
        assert_eq!(
            read("--only apache").unwrap_err(),
            "there is no case “apache”; there are: nginx, nginx-same, redis, redis-same, redis-get, postgres, postgres-same, chain"
        );
        assert!(read("--fast").unwrap_err().contains("--quick"));
        assert!(read("--only").is_err() && read("--write").is_err());
    }
}
