//! The folder `islands` through npm and Vite: what to install, when, and what came out.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use serde_json::Value;

use crate::Result;
use crate::engine::Engines;
use crate::table::File;
use crate::tools::{self, Tools};

pub(crate) fn build(tools: &Tools, islands: &Path, engines: &Engines, out: &Path) -> Result<Vec<File>> {
    install(islands)?;
    let site = out.join("site");
    let mut vite = Command::new(&tools.node);
    vite.current_dir(islands).arg("node_modules/vite/bin/vite.js").args(["build", "--logLevel", "warn"]);
    vite.env("OCTO_GLUE", &engines.figure.glue).env("OCTO_STUDIO", &engines.studio.glue).env("OCTO_SITE", &site);
    tools::run(&mut vite, "Bundling the islands with Vite")?;
    read(&site).map_err(|error| format!("What Vite wrote cannot be read: {error}."))
}

/// `npm ci` when the lock is not the one that was last installed. Two builds may come here at
/// once, and they share the folder, so the second waits for the first.
fn install(islands: &Path) -> Result<()> {
    let lock = islands.join("package-lock.json");
    let stamp = islands.join("node_modules/.octo-lock");
    let cannot = |error: io::Error| format!("islands/package-lock.json cannot be read: {error}.");
    let guard = fs::File::open(&lock).map_err(cannot)?;
    guard.lock().map_err(cannot)?;
    let wanted = fs::read(&lock).map_err(cannot)?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    tools::run(
        tools::npm().current_dir(islands).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]),
        "Installing the packages of islands/ with `npm ci`",
    )?;
    fs::write(&stamp, wanted).map_err(|error| format!("islands/node_modules cannot be written: {error}."))
}

/// Every file with its compressed neighbours and, from Vite's manifest, the name pages know it by.
fn read(site: &Path) -> io::Result<Vec<File>> {
    let manifest: Value = serde_json::from_slice(&fs::read(site.join(".vite/manifest.json"))?)?;
    let mut files = Vec::new();
    for entry in fs::read_dir(site)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else { continue };
        if path.is_dir() || name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        files.push(File {
            known_as: known_as(&manifest, &name),
            br: neighbour(&path, "br"),
            gz: neighbour(&path, "gz"),
            immutable: true,
            name,
            path,
        });
    }
    Ok(files)
}

fn neighbour(path: &Path, ending: &str) -> Option<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    Some(PathBuf::from(name)).filter(|neighbour| neighbour.exists())
}

/// Only entries and the mark have names of their own; chunks are found by the scripts.
fn known_as(manifest: &Value, file: &str) -> Option<String> {
    let (source, entry) = manifest.as_object()?.iter().find(|(_, entry)| entry["file"] == file)?;
    let ending = file.rsplit_once('.')?.1;
    if entry["isEntry"] == true {
        return Some(format!("{}.{ending}", entry["name"].as_str()?));
    }
    (ending == "svg").then(|| source.rsplit('/').next().unwrap_or(source).to_owned())
}
