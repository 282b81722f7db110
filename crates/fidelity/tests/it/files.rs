//! Check files: what is wrong with one is said with its line.

use expect_test::{Expect, expect};

const HEAD: &str = r#"id = "D01"
title = "A title"
says = "A statement."
source = "A book."
class = "closed form"
"#;

const CASE: &str = r#"[[case]]
name = "half busy"
design = """
octo = 1
[components]
users  = { kind = "clients" }
worker = { kind = "service", workers = 1, time = "exp 10 ms" }
[links]
"users -> worker" = {}
[workload]
lasts = "10 s"
buy   = { from = "users", arrivals = "poisson 50/s" }
"""
expect = { "mean" = "20 ms +- 20 %" }
"#;

fn problems(rest: &str, wanted: Expect) {
    let (_, problems) = fidelity::read("D01.toml", &format!("{HEAD}{rest}"));
    wanted.assert_eq(&problems.iter().map(|problem| format!("{problem}\n")).collect::<String>());
}

#[test]
fn a_whole_file_has_no_problems() {
    problems(CASE, expect![[""]]);
}

#[test]
fn a_file_that_is_not_toml_is_said_so() {
    problems(
        "[[case]]\nname = half busy\n",
        expect![[r#"
        D01.toml:7: string values must be quoted, expected literal string
    "#]],
    );
}

#[test]
fn unknown_keys_and_missing_parts() {
    problems(
        &format!("{CASE}quik = {{ seeds = 4 }}\n"),
        expect![[r#"
        D01.toml:20: unknown field `quik`, expected one of `name`, `design`, `like`, `set`, `full`, `quick`, `expect`, `order`, `ratio`, `law`
    "#]],
    );
    problems(
        "[[case]]\nname = \"a case\"\n",
        expect![[r#"
        D01.toml:7: Case “a case” must have one of `design`, `like`, `order`, `ratio` and `law`.
    "#]],
    );
}

#[test]
fn the_line_of_a_problem_in_a_design_is_that_in_the_file() {
    problems(
        &CASE.replace("exp 10 ms", "exponential 10 ms"),
        expect![[r#"
        D01.toml:12: components.worker.time: “exponential” is not a distribution known here. Write “exp”.
    "#]],
    );
    problems(
        &CASE.replace("workers = 1", "wrokers = 1"),
        expect![[r#"
        D01.toml:12: components.worker.wrokers: “wrokers” is not a key that is known here. Did you mean “workers”?
    "#]],
    );
}

#[test]
fn settings_that_cannot_be_made() {
    let like = "[[case]]\nname = \"another\"\nlike = \"half busy\"\n";
    problems(
        &format!("{CASE}{like}set = {{ \"worker.wrokers\" = \"2\" }}\n"),
        expect![[r#"
        D01.toml:23: worker.wrokers: “wrokers” is not a key that can be set here. Did you mean “workers”?
    "#]],
    );
    problems(
        &format!("{CASE}{like}quick = {{ lasts = \"ten\" }}\n"),
        expect![[r#"
        D01.toml:23: “ten” does not begin with a number. Write it as in “5 ms”.
    "#]],
    );
    problems(
        &format!("{CASE}{}", like.replace("half busy", "half bussy")),
        expect![[r#"
        D01.toml:22: No case before this one is called “half bussy”.
    "#]],
    );
    problems(
        &format!("{CASE}{}", like.replace("another", "half busy")),
        expect![[r#"
        D01.toml:21: There are two cases called “half busy”. Call one of them otherwise.
    "#]],
    );
    problems(
        &format!("{CASE}{}", like.replace("another", "a dot.ted")),
        expect![[r#"
        D01.toml:21: “a dot.ted” cannot name a case. Use words without a dot, which ends the name in comparisons.
    "#]],
    );
}

#[test]
fn bands_that_cannot_be_read() {
    problems(
        &CASE.replace("20 ms +- 20 %", "20 ms"),
        expect![[r#"
        D01.toml:19: “20 ms” has no band. Write “50 ms +- 2 %”, “>= 10”, “<= 5 s”, “= 67” or “never”.
    "#]],
    );
    problems(
        &CASE.replace(r#"{ "mean" = "20 ms +- 20 %" }"#, r#""20 ms +- 20 %""#),
        expect![[r#"
        D01.toml:7: Case “half busy” has many measures. Write `expect` as a table, a measure before each value.
    "#]],
    );
}

#[test]
fn comparisons_that_name_nothing() {
    let order = "[[case]]\nname = \"an order\"\norder = [\"half busy.mean\", \"fully busy.mean\", \"mean\"]\n";
    problems(
        &format!("{CASE}{order}"),
        expect![[r#"
        D01.toml:22: No case before this one that runs is called “fully busy”.
    "#]],
    );
    let law = "[[case]]\nname = \"a law\"\nlaw = \"{half busy.mean} * 2\"\n";
    problems(
        &format!("{CASE}{law}"),
        expect![[r#"
        D01.toml:22: A law is compared with one value. Write `expect = "1 +- 0.5 %"`.
    "#]],
    );
    problems(
        &format!("{CASE}{}expect = \"1 +- 1 %\"\n", law.replace("mean}", "mean")),
        expect![[r#"
        D01.toml:22: A brace is not closed. Write {case.measure}.
    "#]],
    );
}

#[test]
fn a_fault_at_a_time_needs_the_length_of_the_quick_form() {
    let fault = "[[faults]]\nat = \"6 s\"\nlasts = \"1 s\"\nwhat = \"freeze worker\"\n\"\"\"\nexpect";
    let case = CASE.replace("\"\"\"\nexpect", fault);
    problems(
        &case,
        expect![[r#"
        D01.toml:7: Case “half busy” has a fault at a time, which an eighth of the run may not reach. Write `quick.lasts`.
    "#]],
    );
    problems(&format!("{case}quick = {{ lasts = \"10 s\" }}\n"), expect![[""]]);
}

#[test]
fn a_check_has_the_name_of_its_file() {
    let (check, problems) = fidelity::read("D02.toml", HEAD);
    assert!(check.is_some());
    expect!["D02.toml:1: The check is called D01, and its file D02.toml. Give both the same name."].assert_eq(&problems[0].to_string());
}
