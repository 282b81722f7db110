//! `octo sim`: a design, run once, and its report for people or programs.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use design::{Experiment, Format, Problem, Severity};
use sim::{Budget, Report};
use units::{Dimension, Quantity};

use crate::Answer;
use crate::cli::SimArgs;

pub(crate) fn run(args: &SimArgs) -> anyhow::Result<Answer> {
    let mut document = read(&args.design)?;
    for set in &args.set {
        let (path, value) = set.split_once('=').with_context(|| format!("“{set}” sets nothing; write PATH=VALUE, as in web.replicas=4"))?;
        design::set(&mut document, path.trim(), value.trim()).map_err(|problem| anyhow::anyhow!("--set {set}: {}", sentence(&problem)))?;
    }
    if let Some(duration) = &args.duration {
        design::set(&mut document, "workload.lasts", duration).map_err(|problem| anyhow::anyhow!("--duration: {}", sentence(&problem)))?;
    }
    let resolved = design::resolve(&document).map_err(|problems| refuse(&args.design, &problems))?;
    let experiment = Experiment { document: resolved, seed: args.seed, engine: sim::ENGINE.to_owned() };
    let report = sim::run(&experiment, Budget::default()).map_err(|problems| refuse(&args.design, &problems))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report.to_json())?);
    } else {
        print!("{}", tables(&document.title, &report));
    }
    Ok(Answer::Fine)
}

/// Reads a design; its notes go to the terminal, its errors end the command.
fn read(path: &Path) -> anyhow::Result<design::Document> {
    const MAX: u64 = 64 * 1024 * 1024;
    let size = fs::metadata(path).with_context(|| format!("reading {}", path.display()))?.len();
    anyhow::ensure!(size <= MAX, "{} has {size} bytes; a design is a few kilobytes.", path.display());
    let text = String::from_utf8(fs::read(path)?).ok().with_context(|| format!("{} is not text", path.display()))?;
    let loaded = design::read(&text, Format::Guess);
    for problem in loaded.problems.iter().filter(|problem| problem.severity < Severity::Error) {
        eprintln!("note: {}", place(path, problem));
    }
    if !loaded.is_runnable() {
        return Err(refuse(path, &loaded.problems));
    }
    Ok(loaded.document)
}

fn refuse(path: &Path, problems: &[Problem]) -> anyhow::Error {
    let errors: Vec<String> =
        problems.iter().filter(|problem| problem.severity == Severity::Error).map(|problem| place(path, problem)).collect();
    anyhow::anyhow!("this design cannot be run\n{}", errors.join("\n"))
}

/// "shop.toml:12:8: components.web.workers: ..."
fn place(path: &Path, problem: &Problem) -> String {
    let mut text = path.display().to_string();
    for part in [problem.line, problem.column].into_iter().flatten() {
        text.push_str(&format!(":{part}"));
    }
    format!("{text}: {}", sentence(problem))
}

fn sentence(problem: &Problem) -> String {
    let suggestion = problem.suggestion.as_ref().map(|suggestion| format!(" {suggestion}")).unwrap_or_default();
    let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
    format!("{path}{}{suggestion}", problem.message)
}

/// The report as tables whose numbers line up.
fn tables(title: &str, report: &Report) -> String {
    let mut out = format!(
        "{}\nrun {}, seed {}\n",
        if title.is_empty() { "A design" } else { title },
        report.runs.join(" "),
        report.seeds.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    );
    if let Some(ended) = report.ended_by {
        out.push_str(&format!("cut short by its budget of {}; what follows is what was measured until then\n", ended.name()));
    }
    let show = |name: String| report.measure(&name).map_or_else(|| "-".to_owned(), |measure| measure.to_string());
    let percent = |name: String| match report.measure(&name).and_then(|measure| measure.value()) {
        Some(value) => Quantity::new(value, Dimension::NONE).percent(),
        None => "-".to_owned(),
    };
    let classes = ["mean", "p50", "p95", "p99", "max", "throughput", "goodput", "inside"];
    let mut rows = vec![std::iter::once("class").chain(classes).chain(["errors"]).map(str::to_owned).collect::<Vec<_>>()];
    for class in report.classes.keys() {
        let mut row = vec![class.clone()];
        row.extend(classes.iter().map(|what| show(format!("{class}.{what}"))));
        row.push(percent(format!("{class}.errors")));
        rows.push(row);
    }
    out.push('\n');
    out.push_str(&table(&rows));
    let components = ["queue", "wait", "time", "inside", "rate"];
    let mut rows = vec![["component", "busy"].into_iter().chain(components).map(str::to_owned).collect::<Vec<_>>()];
    for component in report.components.keys() {
        let mut row = vec![component.clone(), percent(format!("{component}.utilisation"))];
        row.extend(components.iter().map(|what| show(format!("{component}.{what}"))));
        rows.push(row);
    }
    out.push('\n');
    out.push_str(&table(&rows));
    out.push_str(&format!("\nbusiest: {}; above 80 %: {}\n", show("bottleneck".into()), show("first saturated".into())));
    match (report.measure("cost"), report.measure("cost per 1000")) {
        (Some(month), Some(thousand)) => out.push_str(&format!("cost: {month}, {thousand} per 1,000 requests\n")),
        _ => out.push_str("cost: not priced\n"),
    }
    for (class, _) in report.classes.iter().take(8) {
        out.push_str(&slow(report, class));
    }
    for (kind, ignores) in &report.ignores {
        for line in ignores {
            out.push_str(&format!("ignored ({kind}): {line}\n"));
        }
    }
    out
}

/// Where the slowest twentieth spent its time, largest share first.
fn slow(report: &Report, class: &str) -> String {
    let Some(slow) = report.slow(class).filter(|slow| slow.requests > 0 && slow.mean > 0) else { return String::new() };
    let time = |ns: u64| units::Duration(ns).quantity().to_string();
    let mut parts: Vec<(u64, String)> = slow
        .components
        .iter()
        .flat_map(|(name, spent)| {
            [
                (spent.waiting, format!("waiting at {name}")),
                (spent.serving, format!("work at {name}")),
                (spent.network, format!("network to {name}")),
            ]
        })
        .filter(|(ns, _)| *ns * 100 >= slow.mean)
        .collect();
    parts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let parts: Vec<String> = parts.into_iter().take(4).map(|(ns, what)| format!("{what} {}", time(ns))).collect();
    format!("{class}, the slowest 5 % (from {}): {}\n", time(slow.from), parts.join(", "))
}

/// Columns as wide as they need; the first to the left, numbers to the right.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for row in rows {
        let line: Vec<String> = (0..columns)
            .map(|column| {
                let cell = row.get(column).map_or("", String::as_str);
                if column == 0 {
                    format!("{cell:<width$}", width = width(column))
                } else {
                    format!("{cell:>width$}", width = width(column))
                }
            })
            .collect();
        out.push_str(line.join("  ").trim_end());
        out.push('\n');
    }
    out
}
