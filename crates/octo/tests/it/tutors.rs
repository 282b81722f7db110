//! `octo tutor` as a caller meets it: lines in, lines out, and how it ends. What the decisions are
//! worth is measured in `learners`.

use expect_test::{Expect, expect};

use crate::process::octo_told;

const START: &str = r#"{"op":"start","skills":[{"id":0,"name":"a","area":0,"difficulty":0.4,"prereqs":[]}],"items":[{"id":"0.0","skill":0,"guess":0.05,"slip":0.1}],"self_report":[1],"cost":{"lesson":6,"item":1},"mode":"certified"}"#;

fn check(lines: &[&str], code: i32, expected: Expect) {
    let ended = octo_told(&["tutor"], &lines.join("\n"));
    assert_eq!((ended.code, ended.err.as_str()), (Some(code), ""));
    expected.assert_eq(&ended.out);
    assert_eq!(octo_told(&["tutor"], &lines.join("\n")).out, ended.out, "the same lines, the same bytes");
}

#[test]
fn a_course_ends_with_0() {
    let (ok, fresh) = (r#"{"op":"ok"}"#, r#"{"op":"answer","right":true,"guess":0.05}"#);
    check(&[START, r#"{"op":"answer","right":false}"#, ok, ok, fresh, fresh, fresh], 0, expect![[""]]);
    check(&[], 0, expect![[""]]);
}

#[test]
fn a_line_that_cannot_be_taken_ends_with_2_and_says_why() {
    check(&["hello"], 2, expect![[""]]);
    check(&[START, r#"{"op":"ok"}"#, r#"{"op":"ok"}"#], 2, expect![[""]]);
    check(&[START, ""], 2, expect![[""]]);
}
