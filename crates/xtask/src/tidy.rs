//! The house rules, as a program: `cargo xtask tidy`, and a test like any other.
//!
//! Each message says what is wrong, where, and what to do. Rules about a line of code look at the
//! code without its comments and texts.

mod code;
mod edges;
mod pure;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::steps;

/// Crates that touch nothing outside themselves. Their folders carry `clippy.toml` as well.
pub(crate) const PURE: [&str; 12] =
    ["units", "sorted", "record", "certificate", "napkin", "design", "tutor", "sim", "course", "picture", "grade", "judge"];

/// A file of the repository.
pub(crate) struct File {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    fn ends_with(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// A test may do what the code it tests may not.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs") || self.path.contains(".test.")
    }
}

/// Prints what is wrong; true when nothing is.
pub(crate) fn run() -> anyhow::Result<bool> {
    let found = look(&steps::root())?;
    for note in &found.notes {
        println!("note: {note}");
    }
    for problem in &found.problems {
        println!("{problem}");
    }
    println!("tidy: {} files, {} problems", found.files, found.problems.len());
    Ok(found.problems.is_empty())
}

#[derive(Default)]
struct Found {
    files: usize,
    problems: Vec<String>,
    /// Worth knowing, and not wrong by itself.
    notes: Vec<String>,
}

fn look(root: &Path) -> anyhow::Result<Found> {
    let mut files = Vec::new();
    collect(root, root, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut found = Found { files: files.len(), ..Found::default() };
    for file in &files {
        found.problems.extend(text::check(file));
        if file.ends_with(".rs") {
            found.problems.extend(text::check_rust(file));
            found.problems.extend(pure::check(file));
        }
        found.notes.extend(text::note_length(file));
    }
    found.problems.extend(pure::check_clippy_files(&files));
    found.problems.extend(edges::check(root, &files)?);
    Ok(found)
}

/// Folders that hold what was made or fetched, not written.
const SKIPPED: [&str; 6] = ["target", "node_modules", ".git", "dist", "report", "glue"];
/// Endings of files that people write.
const WRITTEN: [&str; 15] = ["rs", "toml", "md", "html", "css", "ts", "mjs", "js", "json", "sql", "svg", "svelte", "lock", "yml", "npmrc"];

fn collect(root: &Path, folder: &Path, files: &mut Vec<File>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                collect(root, &entry.path(), files)?;
            }
        } else if WRITTEN.contains(&name.rsplit('.').next().unwrap_or("")) {
            files.push(read(root, entry.path())?);
        }
    }
    Ok(())
}

fn read(root: &Path, path: PathBuf) -> anyhow::Result<File> {
    let text = fs::read_to_string(&path).with_context(|| format!("reading {} as text", path.display()))?;
    let parts: Vec<_> = path.strip_prefix(root)?.iter().map(|part| part.to_string_lossy()).collect();
    Ok(File { path: parts.join("/"), text })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        let found = super::look(&crate::steps::root()).expect("the repository can be read");
        assert!(found.problems.is_empty(), "\n{}\n", found.problems.join("\n"));
    }
}
