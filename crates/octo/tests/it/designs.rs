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
    refused(&GOOD.replace("workers = 1", "workers = = 1"), expect![""]);
}

#[test]
fn a_misspelt_word_is_refused_with_a_suggestion() {
    refused(&GOOD.replace("kind = \"service\"", "kind = \"servise\""), expect![""]);
}

#[test]
fn calls_in_a_circle_are_refused() {
    let circle = GOOD.replace("\"users -> worker\" = {}", "\"users -> worker\" = {}\n\"worker -> other\" = {}\n\"other -> worker\" = {}");
    let circle = circle.replace("[links]", "other  = { kind = \"service\", workers = 1, time = \"1 ms\" }\n\n[links]");
    refused(&circle, expect![""]);
}

#[test]
fn absurd_rates_and_negative_times_are_refused() {
    refused(&GOOD.replace("poisson 50/s", "poisson 1e18/s"), expect![""]);
    refused(&GOOD.replace("exp 10 ms", "exp -10 ms"), expect![""]);
    refused(&GOOD.replace("\"60 s\"", "\"1e12 days\""), expect![""]);
}

#[test]
fn fifty_megabytes_are_refused_in_few_words() {
    let mut huge = GOOD.to_owned();
    let line = "# padding, padding, padding, padding, padding, padding, padding\n";
    huge.push_str(&line.repeat(50 * 1024 * 1024 / line.len()));
    refused(&huge, expect![""]);
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
