//! The README's own sample: the design that it prints gives the lines that it prints. The other
//! commands that it names are tested where they live.

use std::collections::BTreeSet;

use crate::runs::Desk;

const README: &str = include_str!("../../../../README.md");

/// The first block of code in this language.
fn block(language: &str) -> &'static str {
    let (_, from) = README.split_once(&format!("```{language}\n")).unwrap();
    from.split_once("```").unwrap().0
}

#[test]
fn a_newcomer_reads_what_the_readme_shows() {
    let ended = Desk::with(block("toml")).sim(&[]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let said: BTreeSet<&str> = ended.out.lines().collect();
    let missing: Vec<&str> = block("text").lines().filter(|line| !line.is_empty() && !said.contains(line)).collect();
    assert!(missing.is_empty(), "the README shows lines that `octo sim shop.toml` does not print: {missing:#?}\n{}", ended.out);
}
