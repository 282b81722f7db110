//! The crate `wasm` and what it stands on, compiled for the browser, with the JavaScript that
//! wasm-bindgen makes for it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use wasm_bindgen_cli_support::Bindgen;

use crate::Result;
use crate::tools::{self, TARGET, Tools};

/// Where a run spends its time, beside the engine, and how that is compiled. All else is compiled
/// to be small.
const FAST: &[(&str, &str)] = &[("libm", "3"), ("rand_xoshiro", "3"), ("rand_core", "3")];

/// How an engine is compiled.
struct Made {
    features: &'static [&'static str],
    /// Of the crate `sim`.
    level: &'static str,
    folder: &'static str,
}

/// For size: the inner loop says itself what must be inlined, and all else is called. That made the
/// engine a tenth smaller and no slower.
const FIGURE: Made = Made { features: &[], level: "'s'", folder: "glue" };

/// For speed: it is fetched when somebody asks for hundreds of runs.
const STUDIO: Made = Made { features: &["--features", "studio"], level: "3", folder: "studio" };

/// What asks to be inlined gets no more than its level gives to all.
const INLINED: &str = "-Cllvm-args=-inlinehint-threshold=10";

/// What ids of runs are made with, in its short form: they are made once a run.
const COMPACT: [&str; 2] = ["--cfg", "sha2_backend_soft=\"compact\""];

pub(crate) struct Engine {
    /// The folder that Vite is given as `octo-engine` or `octo-studio`.
    pub(crate) glue: PathBuf,
}

/// The engine twice: what a figure of a lesson needs, and all that the studio asks for.
pub(crate) struct Engines {
    pub(crate) figure: Engine,
    pub(crate) studio: Engine,
}

impl Engine {
    pub(crate) fn wasm(&self) -> PathBuf {
        self.glue.join("octo_bg.wasm")
    }

    pub(crate) fn script(&self) -> PathBuf {
        self.glue.join("octo.js")
    }
}

pub(crate) fn build(tools: &Tools, root: &Path, out: &Path) -> Result<Engines> {
    let figure = one(tools, root, out, &FIGURE)?;
    let studio = one(tools, root, out, &STUDIO)?;
    Ok(Engines { figure, studio })
}

fn one(tools: &Tools, root: &Path, out: &Path, made: &Made) -> Result<Engine> {
    // The outer cargo holds the lock of its own folder, so a shared one would wait for ever.
    let target = out.join("engine");
    let mut cargo = Command::new(&tools.cargo);
    cargo.current_dir(root).args(["build", "--package", "wasm", "--lib", "--profile", "wasm", "--locked"]);
    cargo.arg("--no-default-features").args(made.features).args(["--config", "profile.wasm.opt-level='z'"]);
    for (name, level) in FAST.iter().chain([&("sim", made.level)]) {
        cargo.arg("--config").arg(format!("profile.wasm.package.{name}.opt-level={level}"));
    }
    cargo.args(["--target", TARGET, "--target-dir"]).arg(&target);
    clean(&mut cargo);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", remap(root));
    tools::run(&mut cargo, "Compiling the engine for the browser")?;
    let glue = out.join(made.folder);
    let compiled = target.join(TARGET).join("wasm").join("wasm.wasm");
    bind(&compiled, &glue).map_err(|error| format!("Making the glue of {} failed: {error}.", compiled.display()))?;
    Ok(Engine { glue })
}

fn bind(compiled: &Path, glue: &Path) -> std::result::Result<(), Box<dyn std::error::Error>> {
    fs::create_dir_all(glue)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).web(true)?.typescript(false).omit_default_module_path(true).out_name("octo");
    bindgen.remove_producers_section(true);
    bindgen.generate(glue)?;
    let made = glue.join("octo_bg.wasm");
    let mut bytes = fs::read(&made)?;
    let places = crate::places::forget(&mut bytes)?;
    fs::write(made, crate::likeness::rearranged(&bytes, &places)?)?;
    Ok(())
}

/// The places of panics that `places` cannot take out are part of the engine's bytes: without this it would carry the folders
/// of the machine it was built on, and differ from one machine to the next.
fn remap(root: &Path) -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let shown = [(Some(root.to_owned()), "octo"), (home, "cargo")];
    let flags = shown.iter().filter_map(|(path, name)| Some(format!("--remap-path-prefix={}={name}", path.as_ref()?.display())));
    flags.chain(COMPACT.iter().chain([&INLINED]).map(|flag| (*flag).to_owned())).collect::<Vec<_>>().join("\x1f")
}

/// What the outer build told its own compiler (flags, clippy as a wrapper, the job server) must
/// not reach this one.
fn clean(cargo: &mut Command) {
    const DROPPED: &[&str] =
        &["MAKEFLAGS", "MFLAGS", "TARGET", "HOST", "PROFILE", "OPT_LEVEL", "DEBUG", "NUM_JOBS", "OUT_DIR", "RUSTFLAGS", "RUSTDOCFLAGS"];
    const KEPT: &[&str] = &["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_"];
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let ours = text.starts_with("CARGO") && !KEPT.iter().any(|kept| text.starts_with(kept));
        if ours || text.starts_with("RUSTC") || DROPPED.contains(&text) {
            cargo.env_remove(&name);
        }
    }
}
