//! The arrows between the crates: those that cargo knows must be those that ARCHITECTURE.md draws,
//! and each must lead to a lower level. Arrows of tests alone (dev-dependencies) are not drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::tidy::File;

const MAP: &str = "ARCHITECTURE.md";

/// Crate -> those it stands on.
type Edges = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn check(root: &Path, files: &[File]) -> anyhow::Result<Vec<String>> {
    let metadata = MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .other_options(vec!["--locked".into()])
        .exec()
        .context("asking cargo for the crates")?;
    let names: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let mut real = Edges::new();
    for package in &metadata.packages {
        let used =
            package.dependencies.iter().filter(|used| used.kind != DependencyKind::Development && names.contains(used.name.as_str()));
        real.insert(package.name.to_string(), used.map(|used| used.name.clone()).collect());
    }
    let mut problems = folders(root, &names)?;
    match files.iter().find(|file| file.path == MAP) {
        Some(map) => problems.extend(compare(&map.text, &real)),
        None => problems.push(format!(
            "{MAP} is missing; write it with a fenced block ```edges that has a line per crate: level name -> the crates it stands on."
        )),
    }
    Ok(problems)
}

/// Every folder of crates/ is a member under its own name.
fn folders(root: &Path, members: &BTreeSet<&str>) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() && !members.contains(name.as_str()) {
            problems.push(format!("crates/{name}: the folder is no member of the workspace; give it a Cargo.toml whose package is called {name}, or remove it."));
        }
    }
    problems.sort();
    Ok(problems)
}

/// One line of the block: `3 desk -> store tutor`.
struct Drawn {
    line: usize,
    level: u8,
    name: String,
    to: BTreeSet<String>,
}

fn compare(map: &str, real: &Edges) -> Vec<String> {
    let (drawn, mut problems) = read(map);
    let level: BTreeMap<&str, u8> = drawn.iter().map(|row| (row.name.as_str(), row.level)).collect();
    for name in real.keys().filter(|name| !level.contains_key(name.as_str())) {
        problems.push(format!("{MAP}: the crate {name} is not drawn; add a line “level {name} -> …” to the block ```edges."));
    }
    let none = BTreeSet::new();
    for Drawn { line, level: own, name, to } in &drawn {
        if !real.contains_key(name) {
            problems.push(format!("{MAP}:{line}: there is no crate {name}; remove the line, or mend the name."));
            continue;
        }
        let used = real.get(name).unwrap_or(&none);
        for other in used.difference(to) {
            problems.push(format!("{MAP}:{line}: {name} uses {other} (see crates/{name}/Cargo.toml) and the map has no such arrow; draw it with a reason, or drop the dependency."));
        }
        for other in to.difference(used) {
            problems.push(format!("{MAP}:{line}: the map draws {name} -> {other}, which {name} does not use; remove the arrow."));
        }
        for other in to {
            match level.get(other.as_str()) {
                Some(lower) if lower < own => {}
                Some(same) => problems.push(format!("{MAP}:{line}: {name} (level {own}) -> {other} (level {same}) does not lead down; move one of them, or turn the arrow round.")),
                None => {}
            }
        }
    }
    problems
}

fn read(map: &str) -> (Vec<Drawn>, Vec<String>) {
    let mut drawn = Vec::new();
    let mut problems = Vec::new();
    let mut inside = false;
    for (at, text) in map.lines().enumerate().map(|(at, text)| (at + 1, text.trim())) {
        if text.starts_with("```") {
            inside = text == "```edges";
            continue;
        }
        if !inside || text.is_empty() {
            continue;
        }
        match row(at, text) {
            Some(row) if drawn.iter().any(|other: &Drawn| other.name == row.name) => {
                problems.push(format!("{MAP}:{at}: {} stands twice; keep one line.", row.name))
            }
            Some(row) => drawn.push(row),
            None => problems.push(format!("{MAP}:{at}: “{text}” is no line of the map; write: level name -> the crates it stands on.")),
        }
    }
    if drawn.is_empty() {
        problems.push(format!("{MAP}: there is no block ```edges; add one with a line per crate: level name -> the crates it stands on."));
    }
    (drawn, problems)
}

fn row(line: usize, text: &str) -> Option<Drawn> {
    let (left, right) = text.split_once("->").unwrap_or((text, ""));
    let mut words = left.split_whitespace();
    let level = words.next()?.parse().ok()?;
    let name = words.next()?.to_owned();
    words.next().is_none().then(|| Drawn { line, level, name, to: right.split_whitespace().map(str::to_owned).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(rows: &[(&str, &[&str])]) -> Edges {
        rows.iter().map(|(name, to)| ((*name).to_owned(), to.iter().map(|other| (*other).to_owned()).collect())).collect()
    }

    fn said(block: &str, real: &[(&str, &[&str])]) -> Vec<String> {
        compare(&format!("# Map\n```edges\n{block}\n```\n9 not -> read\n"), &edges(real))
    }

    #[test]
    fn a_map_that_tells_the_truth_is_fine() {
        assert_eq!(
            said(
                "0 units\n1 design -> units\n2 sim -> design units",
                &[("units", &[]), ("design", &["units"]), ("sim", &["design", "units"])]
            ),
            [""; 0]
        );
    }

    #[test]
    fn each_way_to_be_wrong_is_named() {
        let real: &[(&str, &[&str])] = &[("units", &[]), ("sim", &["units"])];
        for (block, expected) in [
            ("0 units\n1 sim", "sim uses units"),
            ("0 units -> sim\n1 sim -> units", "the map draws units -> sim"),
            ("0 units\n0 sim -> units", "sim (level 0) -> units (level 0) does not lead down"),
            ("0 units", "the crate sim is not drawn"),
            ("0 units\n1 sim -> units\n2 judge -> sim", "there is no crate judge"),
            ("0 units\n1 sim -> units\n1 sim -> units", "sim stands twice"),
            ("0 units\n1 sim -> units\nabove all", "is no line of the map"),
        ] {
            assert!(said(block, real).iter().any(|problem| problem.contains(expected)), "{block}: {:?}", said(block, real));
        }
        assert!(compare("# Map\n", &edges(real)).iter().any(|problem| problem.contains("there is no block ```edges")));
    }
}
