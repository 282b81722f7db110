//! `octo certificate verify`: accepted, refused after one changed character, and withdrawn.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use certificate::{Chapter, Course, Id, Keys, Module, SELF_ISSUED, Statement, Subject, VERSION, sign};
use tempfile::TempDir;

use crate::process::{Ended, octo};

/// A data folder with a key, and a certificate that it signed.
fn issued() -> (TempDir, String) {
    let data = tempfile::tempdir().unwrap();
    let keys = Keys::generate([7; 32], "first").unwrap();
    let file = data.path().join("keys.toml");
    fs::write(&file, keys.to_text().as_bytes()).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let module = Module {
        skill: "read.queueing".into(),
        title: "Little's law".into(),
        passed: true,
        score: 985_000,
        graded_by: vec!["numeric".into()],
        answers: 4,
        unaided: 4,
        hints_used: 0,
        last_at: None,
    };
    let statement = Statement {
        version: VERSION,
        id: Id([9; 16]),
        issuer: "an Octo on the learner's own machine".into(),
        issuer_note: SELF_ISSUED.into(),
        kid: "first".into(),
        subject: Subject { name: "Ada Lovelace".into() },
        course: Course { id: "system-design".into(), title: "System design".into(), version: "0.1".into(), digest: "00".into() },
        chapters: vec![Chapter { id: "read".into(), title: "How to read a system".into(), modules: vec![module] }],
        runs: Vec::new(),
        rule: "Three in a row.".into(),
        checked: "By a program.".into(),
        help: "None.".into(),
        issued_at: "2026-01-02T03:04:05Z".parse().unwrap(),
    };
    let text = sign(&statement, &keys).unwrap().to_text();
    (data, text)
}

fn verify(data: &TempDir, text: &str) -> Ended {
    let file = data.path().join("certificate.json");
    fs::write(&file, text).unwrap();
    octo(&["certificate", "verify", file.to_str().unwrap(), "--data", data.path().to_str().unwrap()])
}

#[test]
fn a_certificate_is_accepted_as_it_was_issued() {
    let (data, text) = issued();
    let ended = verify(&data, &text);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains(SELF_ISSUED) && ended.out.contains("Ada Lovelace") && ended.out.contains("98.5 %"), "{}", ended.out);
}

#[test]
fn one_changed_character_is_enough_to_be_refused() {
    let (data, text) = issued();
    for (before, after) in [("Ada", "Ade"), ("985000", "995000"), ("\"passed\": true", "\"passed\": false"), ("first", "worst")] {
        assert!(text.contains(before), "{before} in {text}");
        let ended = verify(&data, &text.replacen(before, after, 1));
        assert_eq!(ended.code, Some(1), "{before} -> {after}: {ended:?}");
        assert!(!ended.out.contains("Ade") && !ended.out.contains("995"), "nothing of a forgery is repeated: {}", ended.out);
    }
}

#[test]
fn what_is_no_certificate_is_refused_and_what_is_no_file_is_asked_wrongly() {
    let (data, _) = issued();
    for text in ["", "{}", "<script>alert(1)</script>", "[[[[[[[[[[[[[[[[[[", "{\"statement\":null,\"tag\":\"\"}"] {
        assert_eq!(verify(&data, text).code, Some(1), "{text}");
    }
    let huge = verify(&data, &"x".repeat(10_000_000));
    assert!(huge.code == Some(2) && huge.err.contains("a certificate has at most"), "{huge:?}");
    let none = octo(&["certificate", "verify", "no-such-file.json", "--data", data.path().to_str().unwrap()]);
    assert!(none.code == Some(2) && none.err.contains("no-such-file.json"), "{none:?}");
}

#[test]
fn another_instances_certificate_is_refused() {
    let (_, text) = issued();
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(verify(&elsewhere, &text).code, Some(1));
}

#[test]
fn a_rotated_key_still_verifies_what_it_signed() {
    let (data, text) = issued();
    let rotated = octo(&["certificate", "rotate", "--data", data.path().to_str().unwrap()]);
    assert_eq!(rotated.code, Some(0), "{rotated:?}");
    assert_eq!(verify(&data, &text).code, Some(0));
    let none =
        octo(&["certificate", "revoke", "09090909090909090909090909090909", "--reason", "a test", "--data", data.path().to_str().unwrap()]);
    assert!(none.code == Some(2) && none.err.contains("There is no certificate"), "{none:?}");
}
