//! `octo tutor` as a caller meets it: lines in, lines out, and how it ends. What the decisions are
//! worth is measured in `learners`.

use tutor::session::Session;
use tutor::session::wire::{Start, refusal};

use crate::process::octo_told;

const START: &str = r#"{"op":"start","skills":[{"id":0,"name":"a","area":0,"difficulty":0.4,"prereqs":[]}],"items":[{"id":"0.0","skill":0,"guess":0.05,"slip":0.1}],"self_report":[1],"cost":{"lesson":6,"item":1},"mode":"certified"}"#;

/// What the session says to these lines, as its own tests show it in full.
fn expected(lines: &[&str]) -> String {
    let Some(first) = lines.first() else { return String::new() };
    let start = match Start::read(first) {
        Ok(start) => start,
        Err(error) => return refusal(&error) + "\n",
    };
    let mut session = Session::begin(&start.setup);
    let mut said = session.told(&start) + "\n";
    for line in &lines[1..] {
        match session.line(&start, line) {
            Ok(told) => said += &(told + "\n"),
            Err(error) => return said + &refusal(&error) + "\n",
        }
    }
    said
}

/// The output, after the exit code and the silence of the other stream were checked.
fn check(lines: &[&str], code: i32) -> String {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let ended = octo_told(&["tutor"], &input);
    assert_eq!((ended.code, ended.err.as_str()), (Some(code), ""), "{}", ended.out);
    assert_eq!(ended.out, expected(lines));
    assert_eq!(octo_told(&["tutor"], &input).out, ended.out, "the same lines, the same bytes");
    ended.out
}

#[test]
fn a_course_ends_with_0() {
    let (no, ok, fresh) = (r#"{"op":"answer","right":false}"#, r#"{"op":"ok"}"#, r#"{"op":"answer","right":true,"guess":0.05}"#);
    let said = check(&[START, no, ok, ok, fresh, fresh, fresh], 0);
    let done: Vec<&str> = said.lines().map(|line| line.split([',', '}']).next().unwrap_or(line)).collect();
    let (item, practice) = ("{\"do\":\"item\"", "{\"do\":\"practice\"");
    assert_eq!(done, [item, "{\"do\":\"placed\"", "{\"do\":\"lesson\"", practice, practice, practice, "{\"do\":\"done\""]);
    assert_eq!(check(&[], 0), "");
}

#[test]
fn a_line_that_cannot_be_taken_ends_with_2_and_says_why() {
    for lines in [&["hello"][..], &[START, r#"{"op":"ok"}"#, r#"{"op":"ok"}"#], &[START, ""]] {
        let said = check(lines, 2);
        let last = said.lines().last().unwrap_or("");
        assert!(last.starts_with("{\"error\":\"") && last.ends_with(".\"}"), "{last}");
    }
}
