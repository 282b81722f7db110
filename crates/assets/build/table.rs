//! The generated `table.rs`: every file with its bytes, its type and its tag, sorted by name.

use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::Result;
use crate::engine::{Engine, Engines};

/// A file to be served, still on disk.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) br: Option<PathBuf>,
    pub(crate) gz: Option<PathBuf>,
    pub(crate) known_as: Option<String>,
    pub(crate) immutable: bool,
}

pub(crate) fn write(out: &Path, mut files: Vec<File>, engines: Option<&Engines>) -> Result<()> {
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let table = table(&files, engines).map_err(|error| format!("The assets cannot be read: {error}."))?;
    fs::write(out.join("table.rs"), table).map_err(|error| format!("{} cannot be written: {error}.", out.display()))
}

fn table(files: &[File], engines: Option<&Engines>) -> io::Result<String> {
    let mut text = String::from("static ASSETS: &[Asset] = &[\n");
    for file in files {
        let (br, gz) = (optional(file.br.as_deref()), optional(file.gz.as_deref()));
        let (bytes, mime, etag) = (include(&file.path), mime(&file.name), etag(&fs::read(&file.path)?));
        let File { name, immutable, .. } = file;
        let _ = writeln!(
            text,
            "    Asset {{ path: {name:?}, bytes: {bytes}, br: {br}, gz: {gz}, mime: {mime:?}, etag: {etag:?}, immutable: {immutable} }},"
        );
    }
    text.push_str("];\nstatic NAMES: &[(&str, &str)] = &[\n");
    let mut names: Vec<_> = files.iter().filter_map(|file| Some((file.known_as.as_ref()?, &file.name))).collect();
    names.sort();
    for (known_as, name) in names {
        let _ = writeln!(text, "    ({known_as:?}, {:?}),", format!("/assets/{name}"));
    }
    let _ = writeln!(text, "];\nstatic FIGURE: Option<Engine> = {};", embedded(engines.map(|engines| &engines.figure)));
    let _ = writeln!(text, "static STUDIO: Option<Engine> = {};", embedded(engines.map(|engines| &engines.studio)));
    Ok(text)
}

fn embedded(engine: Option<&Engine>) -> String {
    engine.map_or("None".into(), |engine| {
        format!("Some(Engine {{ wasm: {}, glue: include_str!({:?}) }})", include(&engine.wasm()), engine.script())
    })
}

fn optional(path: Option<&Path>) -> String {
    path.map_or("None".into(), |path| format!("Some({})", include(path)))
}

fn include(path: &Path) -> String {
    format!("include_bytes!({path:?})")
}

/// The hash needs no secrecy, only to differ when the bytes do.
fn etag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("W/\"{:016x}\"", hasher.finish())
}

fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
