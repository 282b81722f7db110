//! The programs that are measured: how each is built and called, and what it says. What foreign
//! packages they need is built and installed under the target folder, by this bench alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use cargo_metadata::{Message, MetadataCommand};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::steps;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The loop written by hand.
    Hand,
    /// The engine on a design document.
    Octo,
    /// The engine as browsers get it, in node: that of figures and single runs, made to be small,
    /// and that of the studio's searches, made to be fast.
    Small,
    Wasm,
    Simpy,
    Nexosim,
}

impl Side {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Hand => "the loop by hand",
            Self::Octo => "the engine",
            Self::Small => "the small engine in wasm",
            Self::Wasm => "the engine in wasm",
            Self::Simpy => "SimPy",
            Self::Nexosim => "nexosim",
        }
    }
}

/// What came of one run.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Told {
    pub(super) requests: f64,
    pub(super) seconds: f64,
    pub(super) mean_ms: f64,
    pub(super) p99_ms: f64,
}

/// Those that could be built, and why others could not.
pub(super) struct Programs {
    bench: PathBuf,
    nexosim: anyhow::Result<PathBuf>,
    python: anyhow::Result<PathBuf>,
    /// The folder in which both engines for browsers are, each in its own with its glue.
    engines: anyhow::Result<PathBuf>,
    /// Documents in JSON.
    documents: TempDir,
}

impl Programs {
    pub(super) fn build() -> anyhow::Result<Self> {
        let target = target()?;
        Ok(Self {
            bench: cargo(&target, "bench/sim", "bench-sim")?,
            nexosim: cargo(&target, "bench/nexosim", "bench-nexosim"),
            python: python(&target.join("bench/python")),
            engines: engines(),
            documents: tempfile::tempdir()?,
        })
    }

    /// One run of a workload.
    pub(super) fn run(&self, side: Side, workload: &str, requests: u64, seed: u64) -> anyhow::Result<Told> {
        let mut program = match side {
            Side::Hand => self.bench(&["hand", workload]),
            Side::Octo => self.bench(&["octo", workload]),
            Side::Nexosim => {
                let mut nexosim = Command::new(known(&self.nexosim)?);
                nexosim.arg(workload);
                nexosim
            }
            Side::Simpy => {
                let mut python = Command::new(known(&self.python)?);
                // Python leaves compiled files beside the sources unless told not to.
                python.arg("-B").arg(steps::root().join("bench/peers").join(format!("{workload}.py")));
                python
            }
            Side::Small => return self.wasm("glue", workload, requests, seed),
            Side::Wasm => return self.wasm("studio", workload, requests, seed),
        };
        let line = said(program.args([requests.to_string(), seed.to_string()]))?;
        serde_json::from_str(&line).with_context(|| format!("{} said {line}", side.name()))
    }

    fn wasm(&self, engine: &str, workload: &str, requests: u64, seed: u64) -> anyhow::Result<Told> {
        let document = self.documents.path().join(format!("{workload}-{requests}.json"));
        if !document.is_file() {
            fs::write(&document, said(self.bench(&["json", workload]).arg(requests.to_string()))?)?;
        }
        let mut node = Command::new("node");
        node.arg(steps::root().join("bench/wasm.mjs")).arg(known(&self.engines)?.join(engine)).arg(document).arg(seed.to_string());
        let line = said(&mut node)?;
        serde_json::from_str(&line).with_context(|| format!("node said {line}"))
    }

    /// One number of one of our own measurements.
    pub(super) fn measured(&self, words: &[&str], name: &str) -> anyhow::Result<f64> {
        let line = said(&mut self.bench(words))?;
        let told: Value = serde_json::from_str(&line)?;
        told[name].as_f64().with_context(|| format!("bench-sim {} names no {name}: {line}", words.join(" ")))
    }

    fn bench(&self, words: &[&str]) -> Command {
        let mut bench = Command::new(&self.bench);
        bench.args(words);
        bench
    }
}

fn known(path: &anyhow::Result<PathBuf>) -> anyhow::Result<&PathBuf> {
    path.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))
}

/// The line that a program prints.
fn said(command: &mut Command) -> anyhow::Result<String> {
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{name} could not be started"))?;
    // On one line, as it stands beside a figure.
    let complaint = String::from_utf8_lossy(&output.stderr).trim().replace('\n', " ");
    ensure!(output.status.success(), "{name} failed: {complaint}");
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn target() -> anyhow::Result<PathBuf> {
    let metadata = MetadataCommand::new().current_dir(steps::root()).no_deps().exec().context("asking cargo for its target folder")?;
    Ok(metadata.target_directory.into_std_path_buf())
}

/// The binary of a crate that is a workspace of its own.
fn cargo(target: &Path, folder: &str, name: &str) -> anyhow::Result<PathBuf> {
    let target = target.join("bench");
    let mut cargo = steps::cargo();
    cargo.args(["build", "--quiet", "--release", "--locked", "--manifest-path"]).arg(format!("{folder}/Cargo.toml"));
    steps::run(cargo.arg("--target-dir").arg(&target))?;
    Ok(target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// A Python with the packages that the models name, in a folder of its own.
fn python(folder: &Path) -> anyhow::Result<PathBuf> {
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let wanted = steps::root().join("bench/peers/requirements.txt");
    let stamp = folder.join("requirements.txt");
    if python.is_file() && fs::read(&stamp).is_ok_and(|installed| fs::read(&wanted).is_ok_and(|wanted| wanted == installed)) {
        return Ok(python);
    }
    said(Command::new("python3").args(["-m", "venv"]).arg(folder)).context("SimPy needs Python 3 with venv (Debian: python3-venv)")?;
    said(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&wanted))?;
    fs::copy(wanted, stamp)?;
    Ok(python)
}

/// The engines that the build script of `assets` makes, where that script left them.
fn engines() -> anyhow::Result<PathBuf> {
    let mut cargo = steps::cargo();
    cargo.args(["build", "--quiet", "--release", "--locked", "--package", "assets", "--message-format", "json-render-diagnostics"]);
    // Asked for by hand to spare the time, but here it is the point.
    let output = cargo.env_remove("OCTO_SKIP_ISLANDS").stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "cargo build --package assets failed; its words are above");
    let made = Message::parse_stream(output.stdout.as_slice()).filter_map(Result::ok).filter_map(|message| match message {
        Message::BuildScriptExecuted(script) => Some(script.out_dir.into_std_path_buf()),
        _ => None,
    });
    made.filter(|folder| folder.join("studio/octo.js").is_file()).last().context("the build of assets left no engine")
}
