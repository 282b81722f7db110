//! Makes everything a browser downloads: the engine as WebAssembly with its glue, then scripts
//! and style through Vite, then one table of bytes for `src/lib.rs`. `OCTO_SKIP_ISLANDS=1` leaves
//! out all but the style, for work on the Rust side only.

mod engine;
mod likeness;
mod places;
mod plain;
mod site;
mod table;
mod tools;

use std::path::PathBuf;
use std::{env, process};

/// Why nothing could be made: a sentence for the one who typed the cargo command.
type Result<T> = std::result::Result<T, String>;

/// The crates that are compiled to WebAssembly; a change in one makes a new engine.
const ENGINE_CRATES: &[&str] = &["wasm", "sim", "judge", "design", "napkin", "picture", "sorted", "units"];
const ISLAND_FILES: &[&str] = &["src", "package.json", "package-lock.json", ".npmrc", "vite.config.ts", "tsconfig.json"];

fn main() {
    if let Err(sentence) = make() {
        println!("cargo::error={}", sentence.replace('\n', " "));
        process::exit(1);
    }
}

fn make() -> Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("../..");
    let root = root.canonicalize().map_err(|error| format!("The repository cannot be read: {error}."))?;
    let out = PathBuf::from(variable("OUT_DIR")?);
    let islands = root.join("islands");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-env-changed=OCTO_SKIP_ISLANDS");
    if env::var("OCTO_SKIP_ISLANDS").is_ok_and(|value| value != "0" && !value.is_empty()) {
        println!("cargo::rerun-if-changed={}", islands.join("src").display());
        return table::write(&out, plain::build(&islands.join("src"), &out)?, None);
    }
    watch(&root, &islands);
    let tools = tools::find(&root)?;
    let engines = engine::build(&tools, &root, &out)?;
    let files = site::build(&tools, &islands, &engines, &out)?;
    table::write(&out, files, Some(&engines))
}

/// Sources and locks only: anything a build writes would make it run for ever.
fn watch(root: &std::path::Path, islands: &std::path::Path) {
    for name in ENGINE_CRATES {
        for part in ["src", "Cargo.toml"] {
            println!("cargo::rerun-if-changed={}", root.join("crates").join(name).join(part).display());
        }
    }
    for file in ["Cargo.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={}", root.join(file).display());
    }
    for file in ISLAND_FILES {
        println!("cargo::rerun-if-changed={}", islands.join(file).display());
    }
}

fn variable(name: &str) -> Result<String> {
    env::var(name).map_err(|_| format!("{name} is not set; this script is run by cargo."))
}
