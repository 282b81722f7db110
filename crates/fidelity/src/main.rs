//! `fidelity [--full] [--only D12,D13] [--after 1000] [--json] [--write FILE]`: the checks on a terminal, as
//! JSON, or as the page that is kept in `docs/`. What they say is in the library.

#[path = "main/breaks.rs"]
mod breaks;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use fidelity::{Check, Form, Row};

const USAGE: &str = "\
fidelity [--full]           ten seeds and narrow bands, instead of the quick form of the tests
         [--only D12,D13]   some checks
         [--after 1000]     seeds from 1001 on, and not from 1
         [--json]           a row for each expectation, one per line
         [--write FILE]     the page for people
fidelity large              large designs run in part beside their exact runs
fidelity explain            designs with a planted cause, and whether the explanation names it
fidelity breaks             how well planted weaknesses are found; its options are told by itself";

#[derive(Default)]
struct Options {
    full: bool,
    only: Vec<String>,
    after: u64,
    json: bool,
    write: Option<String>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.first().map(String::as_str) {
        Some("large") => fidelity::large::command(&words[1..]),
        Some("explain") => fidelity::explain::command(&words[1..]),
        Some("breaks") => breaks::run(words.into_iter().skip(1)),
        _ => options(words.into_iter()).and_then(|options| all(&options)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("fidelity: {message}");
            ExitCode::from(2)
        }
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--full" => options.full = true,
            "--json" => options.json = true,
            "--only" => {
                let ids = words.next().ok_or("--only takes the ids of checks, as in --only D12,D13")?;
                options.only.extend(ids.split(',').map(|id| id.trim().to_owned()));
            }
            "--after" => {
                let seed = words.next().and_then(|seed| seed.parse().ok());
                options.after = seed.ok_or("--after takes a whole number, as in --after 1000")?;
            }
            "--write" => options.write = Some(words.next().ok_or("--write takes a file, as in --write docs/fidelity.md")?),
            _ => return Err(format!("“{word}” is not an option.\n{USAGE}")),
        }
    }
    Ok(options)
}

/// True if nothing is wrong.
fn all(options: &Options) -> Result<bool, String> {
    let folder = fidelity::folder();
    let (mut checks, mut problems) = fidelity::read_folder(&folder).map_err(|error| format!("reading {}: {error}", folder.display()))?;
    if let Some(unknown) = options.only.iter().find(|id| !checks.iter().any(|check| check.id == **id)) {
        return Err(format!("There is no check {unknown} in {}.", folder.display()));
    }
    if !options.only.is_empty() {
        checks.retain(|check| options.only.contains(&check.id));
        problems.retain(|problem| options.only.iter().any(|id| problem.file == format!("{id}.toml")));
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    let form = if options.full { Form::Full } else { Form::Quick };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut told = Vec::new();
    for check in checks {
        let begun = Instant::now();
        let rows = fidelity::run_after(options.after, &check, form, threads);
        tell(options, &check, &rows, begun)?;
        told.push((check, rows));
    }
    let bad = told.iter().flat_map(|(_, rows)| rows).filter(|row| !row.verdict.is_good()).count();
    let rows: usize = told.iter().map(|(_, rows)| rows.len()).sum();
    eprintln!("{} checks, {rows} rows, {bad} not good, {} problems in the files", told.len(), problems.len());
    if let Some(file) = &options.write {
        let old = std::fs::read_to_string(file).unwrap_or_default();
        let page = fidelity::sections::keep(&old, &fidelity::page(&told, form));
        std::fs::write(file, page).map_err(|error| format!("writing {file}: {error}"))?;
    }
    Ok(bad == 0 && problems.is_empty())
}

fn tell(options: &Options, check: &Check, rows: &[Row], begun: Instant) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    let bad = rows.iter().filter(|row| !row.verdict.is_good());
    let written = if options.json {
        rows.iter().try_for_each(|row| {
            let line = serde_json::to_string(row).map_err(std::io::Error::other)?;
            writeln!(out, "{line}")
        })
    } else {
        let count = bad.clone().count();
        let worst = rows.iter().filter_map(|row| row.used).fold(0.0, f64::max);
        let took = begun.elapsed().as_secs_f64();
        writeln!(out, "{:<5} {:>3} rows {count:>3} not good  worst {worst:>5.2}  {took:>6.1} s  {}", check.id, rows.len(), check.title)
            .and_then(|()| bad.into_iter().try_for_each(|row| writeln!(out, "      {}: {}", row.verdict.name(), row.sentence())))
    };
    written.and_then(|()| out.flush()).map_err(|error| format!("printing: {error}"))
}
