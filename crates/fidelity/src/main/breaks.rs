//! `fidelity breaks [--from 1000] [--planted 45] [--only shop] [--write FILE]`: the score of the search
//! for what breaks a design, line by line, and as a part of the page that is kept in `docs/`.

use std::io::Write as _;

use fidelity::breaks::{Row, line, one, page, tasks};

const USAGE: &str = "\
fidelity breaks [--from 1000]     the seed from which designs are drawn
                [--planted 45]    how many weaknesses are planted
                [--only shop]     the designs of this name
                [--show]          each of them as a document, and no search
                [--write FILE]    the page whose part this is";

struct Options {
    from: u64,
    planted: usize,
    only: Option<String>,
    show: bool,
    write: Option<String>,
}

/// True if the score is what it must be: nineteen of twenty planted weaknesses named, no false alarm.
pub(crate) fn run(mut words: impl Iterator<Item = String>) -> Result<bool, String> {
    let mut options = Options { from: 1000, planted: 45, only: None, show: false, write: None };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} takes a value.\n{USAGE}"));
        match word.as_str() {
            "--from" => options.from = value()?.parse().map_err(|_| "--from takes a whole number")?,
            "--planted" => options.planted = value()?.parse().map_err(|_| "--planted takes a whole number")?,
            "--show" => options.show = true,
            "--only" => options.only = Some(value()?),
            "--write" => options.write = Some(value()?),
            _ => return Err(format!("“{word}” is not an option.\n{USAGE}")),
        }
    }
    let mut rows: Vec<Row> = Vec::new();
    for task in tasks(options.from, options.planted) {
        if options.only.as_ref().is_some_and(|only| only != task.base.name) {
            continue;
        }
        let shown = if options.show {
            let planted = task.plant.as_ref().map_or("nothing", |plant| plant.id);
            format!("# planted: {planted}, seed {}{}", task.seed, task.text())
        } else {
            let row = one(&task);
            rows.push(row);
            rows.last().map(line).unwrap_or_default()
        };
        writeln!(std::io::stdout(), "{shown}").map_err(|error| format!("printing: {error}"))?;
    }
    let right = |planted: bool| rows.iter().filter(|row| row.planted.is_some() == planted && row.is_right()).count();
    let all = |planted: bool| rows.iter().filter(|row| row.planted.is_some() == planted).count();
    eprintln!("{} of {} planted weaknesses named, {} of {} sound designs left alone", right(true), all(true), right(false), all(false));
    if let Some(file) = &options.write {
        let old = std::fs::read_to_string(file).map_err(|error| format!("reading {file}: {error}"))?;
        let page = fidelity::sections::put(&old, "breaks", "cargo xtask fidelity breaks", &page(&rows, options.from));
        std::fs::write(file, page).map_err(|error| format!("writing {file}: {error}"))?;
    }
    Ok(right(false) == all(false) && right(true) * 20 >= all(true) * 19)
}
