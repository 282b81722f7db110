//! Every design of the repository, begun natively and in node: the checks of `fidelity/`, the
//! designs of the course, and those that use every word. The table beside this file has a digest
//! for each, so that a change of the engine shows what it changes; `UPDATE_EXPECT=1` writes it anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use design::{Document, Format};
use expect_test::expect_file;
use fidelity::What;
use serde_json::{Value, json};
use units::Duration;

use crate::{in_node, in_node_for_studio, natively};

/// So much of each is run, and of those with faults, which come late; see `SCRIPT` for how many
/// events a slice has.
const SLICES: u64 = 60;
const SLICES_WITH_FAULTS: u64 = 300;
const LARGE_SLICES: u64 = 12;
const LEAST: Duration = Duration::from_secs(1);
const LATE: Duration = Duration::from_secs(10);

#[test]
fn every_scenario_is_the_same_in_a_browser_and_what_it_was() {
    let scenarios = scenarios();
    let experiments: Vec<Value> = scenarios.iter().map(|(_, document)| experiment(document)).collect();
    let (here, browser) = both(&experiments, in_node);
    let lines = scenarios.iter().zip(&here).map(|((name, _), told)| format!("{} {name}\n", digest(told)));
    expect_file!["./scenarios.txt"].assert_eq(&lines.collect::<String>());
    assert_alike(&scenarios, &here, browser);
}

/// The studio's engine has shorter ways than that of figures.
#[test]
fn every_scenario_is_the_same_in_the_studio() {
    let scenarios = scenarios();
    let large = |document: &Document| {
        let mut experiment = experiment(document);
        (experiment["slices"], experiment["large"]) = (json!(LARGE_SLICES), json!(true));
        experiment
    };
    let experiments: Vec<Value> = scenarios.iter().map(|(_, document)| large(document)).collect();
    let (here, browser) = both(&experiments, in_node_for_studio);
    assert_alike(&scenarios, &here, browser);
}

fn both(experiments: &[Value], in_browser: fn(&[Value]) -> Option<Value>) -> (Vec<Value>, Option<Value>) {
    thread::scope(|scope| {
        let browser = scope.spawn(|| in_browser(experiments));
        let here = experiments.iter().map(natively).collect();
        (here, browser.join().expect("node ended well"))
    })
}

fn assert_alike(scenarios: &[(String, Document)], here: &[Value], browser: Option<Value>) {
    let Some(browser) = browser else { return };
    let there = browser["all"].as_array().expect("a list of results");
    assert_eq!(there.len(), here.len());
    let unlike: Vec<&str> = scenarios
        .iter()
        .zip(here.iter().zip(there))
        .filter(|(_, (here, there))| here != there)
        .map(|((name, _), _)| name.as_str())
        .collect();
    assert!(unlike.is_empty(), "{} of {} scenarios differ in a browser: {}", unlike.len(), here.len(), unlike.join(", "));
}

fn experiment(document: &Document) -> Value {
    let slices = if document.faults.is_empty() { SLICES } else { SLICES_WITH_FAULTS };
    json!({ "document": design::to_json(document).to_string(), "set": "{}", "seed": "1", "wanted": "[]", "slices": slices })
}

/// FNV-1a of the report without the run's id, which names the document and not the result, and
/// without what the model ignores, which is prose.
fn digest(told: &Value) -> String {
    let report = told["report"].as_str().unwrap_or_else(|| panic!("a good design: {told}"));
    let mut report: Value = serde_json::from_str(report).expect("a report in JSON");
    report["runs"].take();
    report["ignores"].take();
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", report.to_string().bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

/// All of them with their names, in the order of these.
fn scenarios() -> Vec<(String, Document)> {
    let mut all = Vec::new();
    let (checks, problems) = fidelity::read_folder(&fidelity::folder()).expect("the folder can be read");
    assert!(problems.is_empty(), "{problems:#?}");
    for check in checks {
        for case in check.cases {
            if let What::Run { document, .. } = case.what {
                all.push((format!("{} {}", check.id, case.name), short(*document)));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the repository");
    let mut files = Vec::new();
    files_below(&root.join("pack"), &mut files);
    files.extend(["everything.toml", "sketch.toml"].map(|name| root.join("crates/design/tests/it").join(name)));
    for file in files {
        let text = fs::read_to_string(&file).expect("a text");
        if text.lines().any(|line| line.starts_with("octo ") || line.starts_with("octo=")) {
            let loaded = design::read(&text, Format::Toml);
            assert!(loaded.is_runnable(), "{}: {:#?}", file.display(), loaded.problems);
            let name = file.strip_prefix(root).expect("a file of the repository").display().to_string();
            all.push((name, short(loaded.document)));
        }
    }
    all
}

/// Ended soon, so that the end is seen as well; but not before its faults, of which late ones come
/// sooner.
fn short(mut document: Document) -> Document {
    for fault in document.faults.iter_mut().filter(|fault| fault.at > LATE) {
        fault.at = Duration(fault.at.0 / 100);
    }
    if document.faults.is_empty() {
        document.workload.lasts = document.workload.lasts.map(|lasts| Duration(lasts.0 / 1_000).max(LEAST.min(lasts)));
    }
    document
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files_below(&entry, files);
        } else if entry.extension().is_some_and(|ending| ending == "toml") {
            files.push(entry);
        }
    }
}
