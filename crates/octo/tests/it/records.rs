//! `octo export` and `octo import` as a person meets them: a file that goes from one folder to another.

use std::fs;

use expect_test::expect;

use crate::process::{octo, octo_told};

const FILE: &str = r#"{"octo-record":1,"course":"system-design-fundamentals","entries":2,"texts":0}
{"learner":"me","seq":1,"at":1790000000000,"what":{"kind":"profiled","name":"","role":"backend","years":4,"stack":["django"],"goal":"work","hours":3,"system_words":["domain:health"],"texts":[]}}
{"learner":"me","seq":2,"at":1790000100000,"what":{"kind":"taught","skill":"read.queueing","depth":"brief"}}
"#;

#[test]
fn a_record_goes_from_one_folder_to_another() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (here, there) = (here.path().to_str().unwrap(), there.path().to_str().unwrap());
    let checked = octo_told(&["import", "-", "--check", "--data", here], FILE);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    let read = octo_told(&["import", "-", "--data", here], FILE);
    expect![[r#"
        2 entries from 2026-09-21 to 2026-09-21, and 0 texts. It can be read in; nothing was changed.
        2 entries from 2026-09-21 to 2026-09-21, and 0 texts. All of it was read in.
    "#]]
    .assert_eq(&format!("{}{}", checked.out, read.out));
    let out = format!("{there}/record.jsonl");
    assert_eq!(octo(&["export", "--data", here, "--output", &out]).code, Some(0));
    assert_eq!(fs::read_to_string(&out).unwrap(), FILE);
    assert_eq!(octo(&["import", &out, "--data", there]).code, Some(0));
    assert_eq!(octo(&["export", "--data", there]).out, FILE);
    let statements = octo(&["export", "--xapi", "--home", "https://octo.example.org/", "--data", there]).out;
    assert_eq!(statements.matches("https://octo.example.org/").count(), 2, "{statements}");
}

#[test]
fn what_cannot_be_read_in_is_said_with_its_line_and_the_way_out() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let import = |text: &str| octo_told(&["import", "-", "--data", folder], text);
    let cut: Vec<&str> = FILE.lines().collect();
    let huge = format!("{FILE}{}", "x".repeat(300_000));
    let mut said = Vec::new();
    for text in ["", "hello", &cut[..2].join("\n"), &FILE[..FILE.len() - 9], &huge] {
        let ended = import(text);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{ended:?}");
        said.push(ended.err);
    }
    assert_eq!(octo(&["export", "--data", folder]).out.lines().count(), 1, "nothing was kept");
    assert_eq!(import(FILE).code, Some(0));
    said.push(import(FILE).err);
    said.push(octo(&["import", "/nowhere/record.jsonl", "--data", folder]).err);
    expect![[r#"
        octo: Line 1: The file is empty. Choose the file that “Take your record along” gave you. Nothing was read in.
        octo: Line 1: This is not a record of Octo: its first line must begin with {"octo-record":1. Choose the file that “Take your record along” gave you. Nothing was read in.
        octo: Line 2: The file ends here, with 1 of 2 entries and 0 of 0 texts. It was cut short; export it again. Nothing was read in.
        octo: Line 3: It is cut short. Export the file again. Nothing was read in.
        octo: Line 4: It is 262146 bytes long; a line has at most 262144. This is not a file that Octo wrote. Nothing was read in.
        octo: This Octo has a record of 2 entries already, and a record is never written over. Start Octo with another data folder (octo --data FOLDER) and read the file in there. Nothing was read in.
        octo: reading /nowhere/record.jsonl: No such file or directory (os error 2)
    "#]].assert_eq(&said.concat());
}
