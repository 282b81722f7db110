//! `cargo xtask test`: every test of the house, as steps that are announced with their time.
//!
//! A step that fails does not stop the others: one run names all that is wrong. Everything is
//! built with one profile (`tests`), and clippy shares with it what third parties compile.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::{debian, pack, steps, tidy};

const PROFILE: &str = "tests";

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn() -> anyhow::Result<()>,
}

const STEPS: [Step; 9] = [
    Step { name: "needs", about: "what must be on this machine", run: debian::prepare },
    Step { name: "tidy", about: "the house rules", run: house_rules },
    Step { name: "fmt", about: "the form of the Rust files", run: || steps::run(steps::cargo().args(["fmt", "--all", "--check"])) },
    Step { name: "clippy", about: "what clippy has to say", run: clippy },
    Step { name: "rust", about: "every Rust test", run: rust },
    Step { name: "pack", about: "every claim of the course, and that a changed number is found", run: course },
    Step { name: "fresh", about: "generated files are what their generators write", run: fresh },
    Step { name: "islands", about: "types and tests of the islands", run: islands },
    Step { name: "e2e", about: "journeys in a browser", run: journeys },
];

pub(crate) fn names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// Runs the named steps, or all of them. False when one failed.
pub(crate) fn run(wanted: &[&str]) -> anyhow::Result<bool> {
    if let Some(unknown) = wanted.iter().find(|name| !names().contains(name)) {
        bail!("there is no step {unknown:?}; there are: {}", names().join(", "));
    }
    let mut done: Vec<(&Step, Duration, Option<anyhow::Error>)> = Vec::new();
    for step in STEPS.iter().filter(|step| wanted.is_empty() || wanted.contains(&step.name)) {
        println!("\n== {}: {}", step.name, step.about);
        let begun = Instant::now();
        let failed = (step.run)().err();
        if let Some(error) = &failed {
            println!("-- {} failed: {error:#}", step.name);
        }
        done.push((step, begun.elapsed(), failed));
    }
    println!("\n== all steps");
    for (step, took, failed) in &done {
        let said = failed.as_ref().map_or_else(|| "ok".to_owned(), |error| format!("FAILED: {error:#}"));
        println!("{:<8} {:>7.1} s  {said}", step.name, took.as_secs_f64());
    }
    let failures = done.iter().filter(|(.., failed)| failed.is_some()).count();
    let took: f64 = done.iter().map(|(_, took, _)| took.as_secs_f64()).sum();
    println!("{} of {} steps passed in {took:.1} s", done.len() - failures, done.len());
    Ok(failures == 0)
}

fn house_rules() -> anyhow::Result<()> {
    ensure!(tidy::run()?, "some house rules are broken; they are named above");
    Ok(())
}

/// The same profile as the tests, so that third-party build scripts (SQLite's C code) and macros
/// are compiled once. The islands are left out: clippy would build them a second time.
fn clippy() -> anyhow::Result<()> {
    let mut clippy = steps::cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--keep-going", "--locked", "--profile", PROFILE]).env("OCTO_SKIP_ISLANDS", "1");
    steps::run(clippy.args(["--", "-D", "warnings"]))
}

fn rust() -> anyhow::Result<()> {
    let nextest = steps::cargo().args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    if !nextest {
        return steps::run(steps::cargo().args(["test", "--workspace", "--no-fail-fast", "--locked", "--profile", PROFILE]));
    }
    steps::run(steps::cargo().args(["nextest", "run", "--workspace", "--no-fail-fast", "--locked", "--cargo-profile", PROFILE]))?;
    steps::run(steps::cargo().args(["test", "--doc", "--workspace", "--locked", "--profile", PROFILE]))
}

/// The binary of the tests' profile. With the features of the whole workspace, or cargo would
/// compile half of it again.
fn binary() -> anyhow::Result<std::path::PathBuf> {
    steps::run(steps::cargo().args(["build", "--quiet", "--workspace", "--bin", "octo", "--locked", "--profile", PROFILE]))?;
    steps::octo(PROFILE)
}

fn course() -> anyhow::Result<()> {
    let octo = binary()?;
    let pack = steps::root().join("pack");
    // The changed copy first: it must be found even while the course itself has problems.
    let found = pack::changed_number_is_found(&octo, &pack);
    steps::run(Command::new(&octo).current_dir(steps::root()).args(["pack", "check", "pack"]))?;
    found
}

/// A generated file of the repository, and what writes it.
const GENERATED: [(&str, &[&str]); 1] = [("docs/design.schema.json", &["schema", "design"])];

fn fresh() -> anyhow::Result<()> {
    let octo = binary()?;
    for (file, words) in GENERATED {
        let written = Command::new(&octo).args(words).output().with_context(|| format!("octo {}", words.join(" ")))?;
        ensure!(written.status.success(), "octo {} failed", words.join(" "));
        let kept = fs::read(steps::root().join(file)).with_context(|| format!("reading {file}"))?;
        ensure!(kept == written.stdout, "{file} is stale: run cargo run -- {} > {file}", words.join(" "));
        println!("{file} is fresh.");
    }
    Ok(())
}

fn islands() -> anyhow::Result<()> {
    install("islands")?;
    steps::run(steps::npm("islands").args(["run", "--silent", "check"]))?;
    steps::run(steps::npm("islands").args(["run", "--silent", "test"]))
}

fn journeys() -> anyhow::Result<()> {
    let octo = binary()?;
    install("e2e")?;
    steps::run(steps::npm("e2e").args(["run", "--silent", "test"]).env("OCTO_BIN", octo))
}

/// `npm ci` when the lock is not the one that was last installed. The stamp is the one that the
/// build script of `assets` keeps, so neither does the other's work again.
pub(crate) fn install(folder: &str) -> anyhow::Result<()> {
    let folder_path = steps::root().join(folder);
    let stamp = folder_path.join("node_modules/.octo-lock");
    let wanted = fs::read(folder_path.join("package-lock.json")).with_context(|| format!("reading {folder}/package-lock.json"))?;
    if is_installed(&stamp, &wanted) {
        return Ok(());
    }
    steps::run(steps::npm(folder).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]))?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))
}

fn is_installed(stamp: &Path, wanted: &[u8]) -> bool {
    fs::read(stamp).is_ok_and(|installed| installed == wanted)
}
