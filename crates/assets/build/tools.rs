//! The tools a build needs and how they are started: node, npm, and a compiler that can make
//! WebAssembly. What is missing is said in one sentence, before any work is done.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::Result;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const NODE: (u32, u32) = (20, 19);
const WAY_OUT: &str = "(OCTO_SKIP_ISLANDS=1 builds Octo without its live figures.)";

pub(crate) struct Tools {
    pub(crate) cargo: PathBuf,
    pub(crate) node: PathBuf,
}

pub(crate) fn find(root: &Path) -> Result<Tools> {
    let node = PathBuf::from("node");
    check_node(&node)?;
    check_target(root)?;
    Ok(Tools { cargo: env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from), node })
}

/// npm is a script on Windows, and only found there with its ending.
pub(crate) fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Runs a command to its end; its words reach the terminal only if it fails.
pub(crate) fn run(command: &mut Command, doing: &str) -> Result<()> {
    let done = command.output().map_err(|error| format!("{doing} could not start: {error}."))?;
    if done.status.success() {
        return Ok(());
    }
    eprintln!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    Err(format!("{doing} failed ({}); its own words are above.", done.status))
}

fn check_node(node: &Path) -> Result<()> {
    let wanted = format!("Octo is built with Node {}.{} or newer", NODE.0, NODE.1);
    let Ok(output) = Command::new(node).arg("--version").output() else {
        return Err(format!(
            "{wanted}, and no `node` was found on the PATH: install it from your system's packages or nodejs.org. {WAY_OUT}"
        ));
    };
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match version(&text) {
        Some(found) if found >= NODE => Ok(()),
        _ => Err(format!("{wanted}, but `node --version` says {text:?}: install a newer one. {WAY_OUT}")),
    }
}

/// Major and minor of "v20.19.4".
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Cargo with `RUSTUP_AUTO_INSTALL=0` does not add a missing target, so this asks for it.
fn check_target(root: &Path) -> Result<()> {
    if has_target(root) {
        return Ok(());
    }
    let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(root).output();
    if added.is_ok_and(|output| output.status.success()) && has_target(root) {
        return Ok(());
    }
    Err(format!(
        "The compiler has no {TARGET} target and `rustup target add {TARGET}` did not add it: run that command, or install the target from your system's packages. {WAY_OUT}"
    ))
}

fn has_target(root: &Path) -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let Ok(output) = Command::new(rustc).args(["--print", "sysroot"]).current_dir(root).output() else { return false };
    let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    fs::read_dir(sysroot.join("lib/rustlib").join(TARGET).join("lib")).is_ok_and(|mut files| files.next().is_some())
}
