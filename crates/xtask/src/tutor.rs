//! `cargo xtask tutor`: simulated learners taught by the tutor, and `docs/tutor.md` from what came
//! out. The learners and the table are in the crate `learners`.

use anyhow::{Context as _, bail};

use crate::steps;

/// True if every target is met.
pub(crate) fn run(words: &[&str]) -> anyhow::Result<bool> {
    let status = command(words).status().context("starting cargo")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => bail!("the learners could not be taught ({status})"),
    }
}

/// The crate `learners` with these words, optimised.
pub(crate) fn command(words: &[&str]) -> std::process::Command {
    let mut learners = steps::cargo();
    learners.args(["run", "--quiet", "--release", "--locked", "-p", "learners", "--"]).args(words);
    learners
}
