//! A record taken along: a fresh instance that reads it shows the same beliefs and the same plan, on
//! either database, and nothing is read in by halves.

use record::file::Whole;
use record::{Depth, Setting, Treatment};
use store::{Options, Store};

use super::{Desk, DeskError, StartForm, desk, fields, prove, started};
use desk::Correction;

use crate::postgres::Cluster;

/// A record with every kind of entry that a learner can leave by themselves.
async fn lived(desk: &Desk) {
    desk.begin_placement().await.unwrap();
    desk.stop_placement().await.unwrap();
    prove(desk, "a.one").await;
    desk.taught("a.one", Depth::Brief).await.unwrap();
    desk.wrote("a.one", "ask-1", "Because “gaps” cannot be kept.\nTwo lines, é and \u{2028}.").await.unwrap();
    desk.overrule("a.two", Some(Treatment::Slow)).await.unwrap();
    desk.correct(Correction::Remove("stack:django".into())).await.unwrap();
    desk.doubt("a.two").await.unwrap();
    let learner = desk.learner().await.unwrap();
    let question = desk.testing(&learner, "a.two").unwrap().view.expect("a question");
    desk.answer(&question.item.id, question.seed, Setting::Probe, &fields(&[("unknown", "1")])).await.unwrap();
    desk.hint("a.one.02", 7, Setting::Practice).await.unwrap();
}

/// All that follows from a record, as bytes.
async fn shown(desk: &Desk) -> String {
    let learner = desk.learner().await.unwrap();
    format!("{:#?}\n{:#?}\n{:?}\n{:?}\n{:?}", learner.plan, learner.beliefs(), learner.words, learner.forecast(), learner.calibration())
}

async fn moved_to(fresh: &Desk, from: &Desk) {
    let file = from.export().await.unwrap();
    let read = || Whole::from_lines(&file);
    let found = fresh.check_import(&read()).await.unwrap();
    assert_eq!(fresh.last_seq().await.unwrap(), 0, "a check keeps nothing");
    assert_eq!(fresh.import(read()).await.unwrap(), found);
    assert_eq!((found.entries as u64, found.other_course.clone()), (from.last_seq().await.unwrap(), None));
    assert_eq!(shown(fresh).await, shown(from).await);
    assert_eq!(fresh.export().await.unwrap(), file, "texts and moments included");
    // The record goes on from there.
    fresh.start(StartForm::default()).await.unwrap();
    assert!(fresh.last_seq().await.unwrap() > from.last_seq().await.unwrap());
    let again = fresh.import(read()).await.unwrap_err();
    assert!(matches!(&again, DeskError::Question(says) if says.contains("entries already") && says.contains("--data")), "{again}");
}

#[tokio::test]
async fn a_fresh_instance_shows_the_same_beliefs_and_plan() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let from = started(folder.path()).await;
    lived(&from).await;
    moved_to(&desk(other.path()).await, &from).await;
}

#[test]
fn and_so_does_one_on_postgresql_and_back() {
    let Some(cluster) = Cluster::unless_without() else { return };
    let url = cluster.database("whole");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let from = started(folder.path()).await;
        lived(&from).await;
        let options = Options { allow_unsafe_durability: true };
        let store = Store::open(&url, &options).await.unwrap();
        let there = super::desk_on(store.clone());
        moved_to(&there, &from).await;
        moved_to(&desk(other.path()).await, &there).await;
        drop(there);
        store.close().await;
    });
}

#[tokio::test]
async fn a_file_with_a_fault_changes_nothing() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let from = started(folder.path()).await;
    lived(&from).await;
    let file = from.export().await.unwrap();
    let fresh = desk(other.path()).await;
    let lines: Vec<&str> = file.lines().collect();
    for cut in [0, 1, 2, lines.len() / 2, lines.len() - 1] {
        let error = fresh.import(Whole::from_lines(&lines[..cut].join("\n"))).await.unwrap_err();
        assert!(
            matches!(&error, DeskError::Question(says) if says.starts_with("Line ") && says.ends_with("Nothing was read in.")),
            "{error}"
        );
    }
    let empty = "{\"octo-record\":1,\"course\":\"c\",\"entries\":0,\"texts\":0}";
    assert!(matches!(fresh.import(Whole::from_lines(empty)).await, Err(DeskError::Question(says)) if says.contains("without entries")));
    assert_eq!((fresh.last_seq().await.unwrap(), fresh.learner().await.unwrap().seq()), (0, 0));
    assert_eq!(fresh.export().await.unwrap().lines().count(), 1, "an empty record is a file with its first line");
    fresh.import(Whole::from_lines(&file)).await.unwrap();
}

#[tokio::test]
async fn every_entry_is_a_statement_with_a_verb_of_the_registry() {
    let folder = tempfile::tempdir().unwrap();
    let from = started(folder.path()).await;
    lived(&from).await;
    let statements = from.export_xapi("https://octo.example.org/").await.unwrap();
    assert_eq!(statements, from.export_xapi("https://octo.example.org/").await.unwrap(), "the same each time");
    assert_eq!(statements.lines().count() as u64, from.last_seq().await.unwrap());
    let verbs = ["preferred", "responded", "initialized", "terminated", "answered", "asked", "completed", "commented", "passed"];
    let mut ids = std::collections::BTreeSet::new();
    for line in statements.lines() {
        let said: serde_json::Value = serde_json::from_str(line).unwrap();
        let verb = said["verb"]["id"].as_str().unwrap().strip_prefix("http://adlnet.gov/expapi/verbs/").unwrap();
        assert!(verbs.contains(&verb), "{line}");
        assert!(ids.insert(said["id"].as_str().unwrap().to_owned()) && said["id"].as_str().unwrap().len() == 36, "{line}");
        assert_eq!(said["actor"]["account"]["homePage"], "https://octo.example.org/");
        assert!(said["object"]["id"].as_str().unwrap().starts_with("urn:octo:"), "{line}");
        let time = said["timestamp"].as_str().unwrap();
        assert!(time.len() == 24 && time.ends_with('Z') && time.as_bytes()[19] == b'.', "{time}");
        assert!(said["result"]["score"]["scaled"].as_f64().is_none_or(|score| (0.0..=1.0).contains(&score)), "{line}");
        assert!(!line.contains("gaps"), "their own words stay here");
        assert_eq!(against_the_rules(&said, ""), [""; 0], "{line}");
    }
    let first = statements.lines().find(|line| line.contains("/answered\"")).unwrap();
    let said: serde_json::Value = serde_json::from_str(first).unwrap();
    assert!(said["result"]["success"].is_boolean() && said["result"]["response"].is_string(), "{said:#}");
}

/// What a statement has that xAPI 1.0.3 forbids anywhere in it: properties that it does not name, nulls
/// and empty objects outside of extensions, extensions not named by an address, languages unknown.
fn against_the_rules(value: &serde_json::Value, at: &str) -> Vec<String> {
    const KNOWN: &str = " id actor verb object result context timestamp objectType account homePage name display definition type \
        score scaled success completion response extensions platform language contextActivities grouping en-GB en-US ";
    let Some(object) = value.as_object() else { return if value.is_null() { vec![format!("{at} is null")] } else { Vec::new() } };
    let mut found = if object.is_empty() { vec![format!("{at} is empty")] } else { Vec::new() };
    for (key, value) in object {
        let here = format!("{at}/{key}");
        if !KNOWN.contains(&format!(" {key} ")) {
            found.push(format!("{here} is not of xAPI"));
        } else if key == "extensions" {
            let names = value.as_object().expect("extensions are an object").keys();
            found.extend(names.filter(|name| !name.starts_with("https://")).map(|name| format!("{here}/{name} is no address")));
        } else if let Some(list) = value.as_array() {
            found.extend(list.iter().flat_map(|value| against_the_rules(value, &here)));
        } else {
            found.extend(against_the_rules(value, &here));
        }
    }
    found
}

#[test]
fn what_xapi_forbids_is_found() {
    let found = |text: &str| against_the_rules(&serde_json::from_str(text).expect("it is JSON"), "").join(", ");
    assert_eq!(found(r#"{"id":"x","result":{"extensions":{"https://a.example/b":null}}}"#), "");
    assert_eq!(found(r#"{"result":{"response":null},"context":{}}"#), "/context is empty, /result/response is null");
    assert_eq!(found(r#"{"seq":1,"context":{"extensions":{"seq":1}}}"#), "/context/extensions/seq is no address, /seq is not of xAPI");
}

#[tokio::test]
async fn what_was_read_is_shown_corrected_and_stays_corrected() {
    let folder = tempfile::tempdir().unwrap();
    let desk = started(folder.path()).await;
    let words = async || {
        let learner = desk.learner().await.unwrap();
        learner.words.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(words().await, "stack:go stack:django");
    desk.correct(Correction::Remove("stack:django".into())).await.unwrap();
    let length = desk.last_seq().await.unwrap();
    for nothing in ["stack:django", "stack:<script>", "", "domain:health"] {
        desk.correct(Correction::Remove(nothing.into())).await.unwrap();
    }
    assert_eq!((words().await.as_str(), desk.last_seq().await.unwrap()), ("stack:go", length), "what is not there cannot be taken away");
    let form = |stacks: &[&str]| StartForm {
        role: "backend".into(),
        stacks: stacks.iter().map(|id| (*id).to_owned()).collect(),
        system: "A Python booking app".into(),
        ..StartForm::default()
    };
    desk.start(form(&["go"])).await.unwrap();
    assert_eq!(words().await, "stack:go", "the same text is read again, and the correction wins");
    desk.start(form(&["go", "django"])).await.unwrap();
    assert_eq!(words().await, "stack:go stack:django", "a tick takes it back");
    desk.correct(Correction::Add("and some python".into())).await.unwrap();
    assert_eq!(words().await, "stack:go stack:django", "the toy course knows no other tools");
    let refused = desk.correct(Correction::Add("<b>nonsense</b>".into())).await.unwrap_err();
    assert!(matches!(&refused, DeskError::Question(says) if says.contains("“<b>nonsense</b>” is no tool")), "{refused}");
    let learner = desk.learner().await.unwrap();
    let profile = learner.profile().unwrap();
    assert!(profile.system_text.is_some() && profile.texts.len() == 1);
    let before = profile.system_text.clone();
    desk.start(form(&["go"])).await.unwrap();
    assert_eq!(desk.learner().await.unwrap().profile().unwrap().system_text, before, "the same words are kept once");
}
