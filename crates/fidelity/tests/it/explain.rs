//! Explanations: whether they name what was planted, in which words, and whether each figure is what the
//! report says. Seeds here are those that the rules were made with; `cargo xtask fidelity explain` scores
//! fresh ones.

use std::path::Path;

use expect_test::expect;
use fidelity::explain::{run, scenes, tell};
use judge::explain::{Explanation, Source, explain};
use sim::Report;

/// Some of all kinds, by a word of the name.
const SHOWN: [&str; 14] = [
    "database too small",
    "slow callee holds",
    "slow class blocks",
    "batches",
    "autoscaler",
    "hot key on one shard",
    "row lock",
    "herd",
    "partitions",
    "pauses",
    "spike",
    "breaker",
    "distance",
    "well: a chain",
];

#[test]
fn the_first_sentence_names_the_planted_cause() {
    let mut wrong = Vec::new();
    let mut shown = String::new();
    let all = scenes(1);
    for scene in &all {
        let told = tell(scene).unwrap_or_else(|problem| panic!("{}: {problem}", scene.name));
        if !told.is_right {
            wrong.push(format!("{}: {}", scene.name, told.first));
        }
        if SHOWN.iter().any(|word| scene.name.contains(word)) {
            shown.push_str(&format!("{}: {}\n", scene.name, told.first));
        }
    }
    assert!(wrong.len() * 20 <= all.len(), "{}", wrong.join("\n"));
    expect![[""]].assert_eq(&shown);
}

#[test]
fn one_story_is_told_whole() {
    let scene = scenes(1).into_iter().find(|scene| scene.name.contains("slow time")).expect("a scene");
    let told = tell(&scene).expect("a run");
    let text: Vec<&str> = told.all.findings.iter().map(|finding| finding.sentence.as_str()).collect();
    expect![[""]].assert_eq(&text.join("\n"));
}

fn check(name: &str, report: &Report, told: &Explanation) {
    for finding in &told.findings {
        let text = &finding.sentence;
        let is_sentence = text.ends_with('.') && !text.contains("  ") && !text.contains("..") && !text.contains(" .");
        assert!(is_sentence && !text.contains("NaN") && !text.contains("inf ") && !text.contains("inf/"), "{name}: {text}");
        for figure in finding.figures.iter().filter(|figure| figure.from == Source::Report) {
            let measured = report.measure(&figure.name).and_then(|measure| measure.value());
            assert_eq!(measured, Some(figure.value.value), "{name}: {}", figure.name);
        }
    }
}

#[test]
fn every_figure_is_what_the_report_says() {
    for scene in scenes(2).into_iter().step_by(4) {
        let (resolved, report) = run(&scene.text, 2).expect("a run");
        check(scene.name, &report, &explain(resolved.document(), &report, None));
    }
}

/// Whatever a design says, its explanation is made of sentences.
#[test]
fn all_designs_of_the_course_can_be_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the repository");
    let mut open = vec![root.join("pack")];
    let mut explained = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "toml") && path.parent().is_some_and(|parent| parent.ends_with("designs")) {
                let text = std::fs::read_to_string(&path).expect("a text");
                let loaded = design::read(&text, design::Format::Toml);
                let Ok(resolved) = design::resolve(&loaded.document) else { continue };
                let budget = sim::Budget { events: 150_000, ..sim::Budget::default() };
                let experiment = design::Experiment { document: resolved.clone(), seed: 1, engine: sim::ENGINE.into() };
                let report = sim::run(&experiment, budget).expect("a run");
                check(&path.display().to_string(), &report, &explain(resolved.document(), &report, None));
                explained += 1;
            }
        }
    }
    assert!(explained > 8, "{explained}");
}
