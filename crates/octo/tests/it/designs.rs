//! `octo sim` with designs that are huge, broken, circular or absurd: exit code 2, the place, and
//! soon; and with a good one.

use std::fs;
use std::time::{Duration, Instant};

use expect_test::{Expect, expect};

use crate::process::octo;

const GOOD: &str = r#"octo  = 1
title = "One worker"

[components]
users  = { kind = "clients" }
worker = { kind = "service", workers = 1, queue = "unlimited", time = "exp 10 ms" }

[links]
"users -> worker" = {}

[workload]
lasts = "60 s"
buy   = { from = "users", arrivals = "poisson 50/s" }
"#;

fn refused(design: &str, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.toml");
    fs::write(&file, design).unwrap();
    let begun = Instant::now();
    let ended = octo(&["sim", file.to_str().unwrap()]);
    assert!(begun.elapsed() < Duration::from_secs(30), "refused soon, not after {:?}", begun.elapsed());
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{}", ended.err);
    assert!(ended.err.len() < 4_000, "{} bytes of complaint", ended.err.len());
    expected.assert_eq(&ended.err.replace(&folder.path().display().to_string(), "FOLDER"));
}

#[test]
fn a_good_design_gives_the_same_report_twice() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.toml");
    fs::write(&file, GOOD).unwrap();
    let run = |seed: &str| octo(&["sim", file.to_str().unwrap(), "--seed", seed, "--json"]);
    let first = run("1");
    assert_eq!((first.code, first.err.as_str()), (Some(0), ""));
    assert!(first.out == run("1").out && first.out != run("2").out);
}

#[test]
fn malformed_text_is_refused_with_its_line() {
    refused(
        &GOOD.replace("workers = 1", "workers = = 1"),
        expect![[r#"
        octo: this design cannot be run
        FOLDER/shop.toml:6:40: This is not TOML: extra assignment between key-value pairs, expected value.
    "#]],
    );
}

#[test]
fn a_misspelt_word_is_refused_with_a_suggestion() {
    refused(
        &GOOD.replace("kind = \"service\"", "kind = \"servise\""),
        expect![[r#"
        octo: this design cannot be run
        FOLDER/shop.toml:6:19: components.worker.kind: “servise” is not a kind of component. Did you mean “service”?
    "#]],
    );
}

#[test]
fn calls_in_a_circle_are_refused() {
    let circle = GOOD.replace("\"users -> worker\" = {}", "\"users -> worker\" = {}\n\"worker -> other\" = {}\n\"other -> worker\" = {}");
    let circle = circle.replace("[links]", "other  = { kind = \"service\", workers = 1, time = \"1 ms\" }\n\n[links]");
    refused(
        &circle,
        expect![[r#"
        octo: this design cannot be run
        FOLDER/shop.toml:17:1: workload.buy: The arrows run in a circle: worker -> other -> worker. Write under [calls] what class “buy” does, as in buy = "lb > web > db".
    "#]],
    );
}

#[test]
fn absurd_rates_and_negative_times_are_refused() {
    refused(
        &GOOD.replace("poisson 50/s", "poisson 1e18/s"),
        expect![[r#"
        octo: this design cannot be run
        FOLDER/shop.toml:13:38: workload.buy.arrivals: “1e18/s” is larger than can be held. Check the power of ten.
    "#]],
    );
    refused(
        &GOOD.replace("exp 10 ms", "exp -10 ms"),
        expect![[r#"
        octo: this design cannot be run
        FOLDER/shop.toml:6:71: components.worker.time: “-10 ms” is negative; only zero or more makes sense here.
    "#]],
    );
    refused(
        &GOOD.replace("\"60 s\"", "\"1e12 days\""),
        expect![[r#"
        octo: this design cannot be run
        FOLDER/shop.toml:12:9: workload.lasts: “1e12 days” is larger than can be held. Check the power of ten.
    "#]],
    );
}

#[test]
fn fifty_megabytes_are_refused_in_few_words() {
    let mut huge = GOOD.to_owned();
    let line = "# padding, padding, padding, padding, padding, padding, padding\n";
    huge.push_str(&line.repeat(50 * 1024 * 1024 / line.len()));
    refused(
        &huge,
        expect![[r#"
        octo: this design cannot be run
        FOLDER/shop.toml: This design is larger than 1 MiB. Take the parts out that are not design, or split it.
    "#]],
    );
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.toml");
    fs::write(&file, [0xff; 100]).unwrap();
    let ended = octo(&["sim", file.to_str().unwrap()]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("shop.toml is not text"), "{}", ended.err);
}
