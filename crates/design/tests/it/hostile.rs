//! Texts meant to hurt: huge, deep, circular, absurd. Each is refused fast and in few words.

// A test may look at the clock; the crate may not.
#![allow(clippy::disallowed_methods)]

use std::time::{Duration, Instant};

use design::{Format, Severity, read, resolve};
use expect_test::{Expect, expect};
use proptest::prelude::*;

use crate::{SHOP, told};

/// Reads within a time that only a text out of all bounds would need, even on a slow machine.
fn check(text: &str, expected: Expect) {
    let begin = Instant::now();
    let problems = read(text, Format::Guess).problems;
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    assert!(problems.len() <= 201);
    assert!(problems.iter().all(|problem| problem.message.len() < 500 && problem.path.len() < 500));
    let shown: Vec<_> = problems.into_iter().filter(|problem| problem.severity == Severity::Error).take(3).collect();
    expected.assert_eq(&told(&shown));
}

#[test]
fn fifty_megabytes_are_refused_unread() {
    check(
        &"a".repeat(50 << 20),
        expect![[r#"
        Error This design is larger than 1 MiB. Take the parts out that are not design, or split it.
    "#]],
    );
}

#[test]
fn deep_arrays_in_json() {
    check(
        &format!("{{\"a\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000)),
        expect![[r#"
        1:516 Error This is not JSON: Maximum nesting depth exceeded.
    "#]],
    );
    check(
        &format!("{{\"a\":{}{}}}", "[".repeat(100), "]".repeat(100)),
        expect![[r#"
        1:69 Error This is nested deeper than 64.
    "#]],
    );
}

#[test]
fn deep_arrays_in_toml() {
    check(
        &format!("a = {}{}", "[".repeat(200_000), "]".repeat(200_000)),
        expect![[r#"
        1:69 Error This is nested deeper than 64.
    "#]],
    );
}

#[test]
fn deep_tables_in_toml() {
    check(
        &format!("{}a = 1", "a.".repeat(300_000)),
        expect![[r#"
        1:130 Error This is nested deeper than 64.
    "#]],
    );
    check(
        &format!("[{}a]\nb = 1", "a.".repeat(300_000)),
        expect![[r#"
        1:129 Error This is nested deeper than 64.
    "#]],
    );
    let nested =
        format!("[{k}]\n{k} = {}1{}", format!("{{ {} = ", ["a"; 70].join(".")).repeat(70), " }".repeat(70), k = ["a"; 70].join("."));
    check(
        &nested,
        expect![[r#"
        1:129 Error This is nested deeper than 64.
    "#]],
    );
}

#[test]
fn calls_nested_too_deeply() {
    let plan: String = (0..200).map(|depth| format!("{}lb\n{}web\n", " ".repeat(2 * depth), " ".repeat(2 * depth + 1))).collect();
    check(
        &SHOP.replace("[workload]", &format!("[calls]\nbuy = \"\"\"\n{plan}\"\"\"\n[workload]")),
        expect![[r#"
        51:32 Error calls.buy.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then: Calls are nested deeper than 32. Make the chain shorter.
        51:32 Error calls.buy.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.then.0.miss: Calls are nested deeper than 32. Make the chain shorter.
        52:33 Error calls.buy: Calls are nested deeper than 32.
    "#]],
    );
    let chain = ["lb", "web"].repeat(5_000).join(" > ");
    check(
        &SHOP.replace("[workload]", &format!("[calls]\nbuy = \"{chain}\"\n[workload]")),
        expect![[r#"
            19:8 Error calls.buy: This plan makes more than 1000 calls. Write repeated calls as “leaf x100”.
        "#]],
    );
}

#[test]
fn more_calls_than_a_plan_may_make() {
    let plan = "lb;".repeat(100_000);
    check(
        &SHOP.replace("[workload]", &format!("[calls]\nbuy = \"{plan}\"\n[workload]")),
        expect![[r#"
            19:8 Error calls.buy: This plan makes more than 1000 calls. Write repeated calls as “leaf x100”.
        "#]],
    );
}

#[test]
fn arrows_whose_paths_are_without_number() {
    let mut text = String::from(
        "octo = 1\n[workload]\nbuy = { from = \"users\", arrivals = \"poisson 1/s\" }\n[components]\nusers = { kind = \"clients\" }\n",
    );
    let service = |layer: usize, side: char| format!("s{layer}{side}");
    for layer in 0..30 {
        text.extend(['a', 'b'].map(|side| format!("{} = {{ kind = \"service\" }}\n", service(layer, side))));
    }
    text.push_str("[links]\n\"users -> s0a\" = {}\n");
    for layer in 1..30 {
        text.extend(
            "aabb"
                .chars()
                .zip("abab".chars())
                .map(|(from, to)| format!("\"{} -> {}\" = {{}}\n", service(layer - 1, from), service(layer, to))),
        );
    }
    check(
        &text,
        expect![[r#"
        3:1 Error workload.buy: Following the arrows makes more than 1000 calls. Write under [calls] what class “buy” does, as in buy = "lb > web > db".
    "#]],
    );
}

#[test]
fn twenty_thousand_components() {
    let components: String = (0..20_000).map(|i| format!("c{i}={{kind=\"service\"}}\n")).collect();
    check(
        &format!("octo = 1\n[components]\n{components}"),
        expect![[r#"
        19002:1 Error components.c18999: More than 10000 components are not read. Write many alike as replicas.
    "#]],
    );
}

#[test]
fn ten_thousand_components_of_ten_thousand_replicas() {
    let components: String = (0..10_000).map(|i| format!("c{i}={{kind=\"service\",replicas=10000}}\n")).collect();
    check(
        &format!("octo = 1\n[components]\n{components}"),
        expect![[r#"
        2:2 Error components: There are 100000000 replicas in all. Write at most 100000: a smaller system under the same load per replica behaves alike.
    "#]],
    );
}

#[test]
fn names_that_are_nearly_those_of_three_thousand_components() {
    let components: String = (0..3_000).map(|i| format!("c{i:04}={{kind=\"cdn\",zones=[\"z{i:04}\"]}}\n")).collect();
    let text =
        |more: String| format!("octo = 1\n[workload]\nx={{from=\"c\",arrivals=\"poisson 1/s\"}}\n{more}\n[components]\n{components}");
    check(
        &text(format!("[links]\n{}", (0..6_000).map(|i| format!("\"c{i:04}x -> d{i:04}\"={{}}\n")).collect::<String>())),
        expect![[r#"
            5:1 Error links.c0000x -> d0000: No component is called “c0000x”. Did you mean “c0000”?
            5:1 Error links.c0000x -> d0000: No component is called “d0000”. Did you mean “c0000”?
            6:1 Error links.c0001x -> d0001: No component is called “c0001x”. Did you mean “c0001”?
        "#]],
    );
    check(
        &text((0..3_000).map(|i| format!("[[faults]]\nat=\"0 s\"\nwhat=\"lose zone z{i:04}x\"\n")).collect()),
        expect![[r#"
            3:9 Error workload.x.from: No component is called “c”. Add c = { kind = "service" } under [components], or correct the name.
            6:1 Error faults.0.what: No component stands in “z0000x”. Did you mean “z0000”?
            9:1 Error faults.1.what: No component stands in “z0001x”. Did you mean “z0001”?
        "#]],
    );
    check(
        &text(format!("[network]\n{}", (0..6_000).map(|i| format!("\"z{i:04} -- y{i:04}\"=\"1 s\"\n")).collect::<String>())),
        expect![[r#"
            Error There are more than 200 problems; the rest is not shown. Mend these first.
        "#]],
    );
}

#[test]
fn a_trace_of_more_lines_than_are_replayed() {
    check(
        &format!("octo = 1\n[traces]\nx = \"\"\"\n{}\"\"\"\n", "1\n".repeat(300_000)),
        expect![[r#"
        1:1 Error components: There are no components. Add [components] and a line such as web = { kind = "service" }.
        3:5 Error traces.x: A trace of more than 200000 lines is not replayed. Cut it, or write what is like it.
    "#]],
    );
}

#[test]
fn a_megabyte_of_wrong_lines() {
    check(
        &"x y z\n".repeat(170_000),
        expect![[r#"
        1:3 Error This is not TOML: key with no value, expected `=`.
        2:3 Error This is not TOML: key with no value, expected `=`.
        3:3 Error This is not TOML: key with no value, expected `=`.
    "#]],
    );
    check(
        &format!("octo = 1\n[components]\n{}", (0..60_000).map(|i| format!("\"<{i}>\" = 1\n")).collect::<String>()),
        expect![[r#"
        3:1 Error components."<0>": “<0>” is not a name. Write at most 64 letters, digits, - and _, beginning with a letter.
        103:1 Error components."<100>": “<100>” is not a name. Write at most 64 letters, digits, - and _, beginning with a letter.
        1003:1 Error components."<1000>": “<1000>” is not a name. Write at most 64 letters, digits, - and _, beginning with a letter.
    "#]],
    );
}

#[test]
fn numbers_beyond_all_bounds() {
    let numbers = ["1e18", "1e400", "-1e18", "9223372036854775808", "nan", "inf", "0.0000000001", "1979-05-27", "0xffffffffffffffff"];
    let lines: String = numbers
        .iter()
        .enumerate()
        .map(|(i, number)| format!("c{i} = {{ kind = \"service\", queue = {number}, time = {number} }}\n"))
        .collect();
    let loaded = read(&format!("octo = 1\n[components]\n{lines}"), Format::Toml);
    expect![[r#"
        3:34 Error components.c0.queue: 1000000000000000000 is out of range. Write a whole number from 0 to 1000000000.
        3:47 Error components.c0.time: “1000000000000000000” has no unit. Write it as in “5 ms”.
        4:34 Error “1e400” is not a number that can be held. Write a finite number.
        4:48 Error “1e400” is not a number that can be held. Write a finite number.
        5:34 Error components.c2.queue: “-1000000000000000000” is negative; only zero or more makes sense here.
        5:48 Error components.c2.time: “-1000000000000000000” has no unit. Write it as in “5 ms”.
        6:34 Error This number is larger than can be held. Check it, or write it as a text.
        6:62 Error This number is larger than can be held. Check it, or write it as a text.
        7:34 Error “nan” is not a number that can be held. Write a finite number.
        7:46 Error “nan” is not a number that can be held. Write a finite number.
        8:34 Error “inf” is not a number that can be held. Write a finite number.
        8:46 Error “inf” is not a number that can be held. Write a finite number.
        9:34 Error components.c6.queue: “0.0000000001” should be a whole number without a unit. Write it as in “200”.
        9:55 Error components.c6.time: “0.0000000001” has no unit. Write it as in “5 ms”.
        10:34 Error components.c7.queue: “1979-05-27” should be a whole number without a unit. Write it as in “200”.
        10:53 Error components.c7.time: “-05-27” is not a unit known here. Write it as in “5 ms”.
        11:34 Error This number is larger than can be held. Check it, or write it as a text.
        11:61 Error This number is larger than can be held. Check it, or write it as a text.
    "#]]
    .assert_eq(&told(&loaded.problems));
}

#[test]
fn a_byte_order_mark_and_line_ends_of_another_system() {
    check(&format!("\u{feff}{}", SHOP.replace('\n', "\r\n")), expect![[r#""#]]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,200}") {
        read(&text, Format::Guess);
        read(&format!("{{{text}"), Format::Json);
    }

    #[test]
    fn any_text_in_place_of_a_value_is_read_or_refused(text in "[ -~]{0,40}", at in 0usize..6) {
        let right = ["\"exp 4 ms\"", "\"poisson 90/s\"", "\"two choices\"", "\"80 %\"", "\"0.5 ms\"", "[workload]"][at];
        let quoted = serde_json::Value::from(text).to_string();
        let wrong = if at == 5 { format!("[calls]\nbuy = {quoted}\n[workload]") } else { quoted };
        let loaded = read(&SHOP.replacen(right, &wrong, 1), Format::Toml);
        // What reads without an error can be resolved: the two agree on what a run is.
        if loaded.is_runnable() {
            prop_assert!(resolve(&loaded.document).is_ok());
        }
    }

    /// In the parts of the language that have a notation of their own.
    #[test]
    fn any_text_in_place_of_a_notation_is_read_or_refused(text in "[ -~]{0,30}", begins in 0usize..25, at in 0usize..6) {
        let begins = [
            "", "zipf ", "uniform of ", "fresh; hot ", "codel ", "full jitter ", "20 ms", "crash ", "cut a ", "skew db ", "load ", "90 % ",
            "5 ms plus ", "quantiles 0 % ", "normal ", "pareto ", "every ", "bursty ", "batches of ", "steps ", "flash 1/s..2/s in ",
            "together wait ", "try: ", "0.5,", "eu --",
        ][begins];
        let quoted = serde_json::Value::from(format!("{begins}{text}")).to_string();
        let extra = [
            format!("[network]\n{quoted} = \"1 ms\"\n"),
            format!("[traces]\nx = {quoted}\n"),
            format!("[[faults]]\nat = \"1 s\"\nevery = {quoted}\nlasts = {quoted}\nwhat = {quoted}\n"),
            format!("sell = {{ from = \"users\", arrivals = {quoted}, keys = {quoted} }}\n"),
            format!("[components.other]\nkind = \"service\"\ntime = {quoted}\nshed = {quoted}\n"),
            format!("[calls]\nbuy = {quoted}\n"),
        ];
        let loaded = read(&format!("{SHOP}{}", extra[at]), Format::Toml);
        prop_assert!(loaded.problems.iter().all(|problem| problem.message.len() < 500));
        if loaded.is_runnable() {
            prop_assert!(resolve(&loaded.document).is_ok());
            prop_assert_eq!(&read(&design::to_toml(&loaded.document), Format::Toml).document, &loaded.document);
        }
    }

    #[test]
    fn a_text_with_a_hole_in_it_is_still_read(at in 0usize..500, length in 1usize..40) {
        let text: String = SHOP.chars().enumerate().filter(|(i, _)| !(at..at + length).contains(i)).map(|(_, c)| c).collect();
        let loaded = read(&text, Format::Toml);
        if loaded.is_runnable() && !loaded.document.workload.classes.is_empty() {
            prop_assert!(resolve(&loaded.document).is_ok());
        }
    }
}
