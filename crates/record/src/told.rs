//! `docs/record-file.md` is true: every example in it is read, and every kind of entry has one. And what
//! comes of files that are cut, hostile or not ours.

use std::collections::BTreeSet;

use expect_test::expect;
use proptest::prelude::*;

use crate::file::{FILE_MOST, LINE_MOST, Text, Whole, texts_of};
use crate::*;

const DOCS: &str = include_str!("../../../docs/record-file.md");

/// Every kind there is; a new variant does not compile here until it is named.
fn kind(what: &What) -> &'static str {
    match what {
        What::Profiled(_) => "profiled",
        What::Claimed { .. } => "claimed",
        What::PlacementBegan => "placement-began",
        What::PlacementEnded { .. } => "placement-ended",
        What::Answered(_) => "answered",
        What::Hinted { .. } => "hinted",
        What::Predicted(_) => "predicted",
        What::Foresaw(_) => "foresaw",
        What::Taught { .. } => "taught",
        What::Wrote { .. } => "wrote",
        What::Overruled { .. } => "overruled",
        What::Certified { .. } => "certified",
        What::Doubted { .. } => "doubted",
        What::Corrected { .. } => "corrected",
    }
}
const KINDS: usize = 14;

/// The first block of JSON lines in the page is a whole file.
fn example() -> &'static str {
    let (_, rest) = DOCS.split_once("```jsonl\n").expect("an example");
    rest.split_once("```").expect("its end").0
}

#[test]
fn the_example_of_the_page_is_read_and_has_every_kind_of_entry() {
    let whole = Whole::from_lines(example()).unwrap_or_else(|fault| panic!("{fault}"));
    let kinds: BTreeSet<&str> = whole.entries.iter().map(|entry| kind(&entry.what)).collect();
    assert_eq!(kinds.len(), KINDS, "{kinds:?}");
    for entry in &whole.entries {
        let kind = kind(&entry.what);
        assert!(entry.to_json().contains(&format!("\"kind\":\"{kind}\"")), "{kind}");
        assert!(DOCS.contains(&format!("| `{kind}` |")), "the table says what {kind} means");
    }
    assert_eq!(whole.to_lines(), example(), "and is what would be written");
    let named = texts_of(&whole.entries);
    assert!(whole.texts.iter().all(|text| named.contains(&text.id)) && !whole.texts.is_empty());
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line() {
    let lines: Vec<&str> = example().lines().collect();
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().join("\n");
    let with = |at: usize, line: &str| [&lines[..at], &[line], &lines[at + 1..]].concat().join("\n");
    let long = "x".repeat(LINE_MOST + 1);
    let last = lines.len() - 1;
    let twice = [&lines[..], &lines[last..]].concat().join("\n");
    let files = [
        String::new(),
        "\n\n".into(),
        "hello".into(),
        "{\"statements\":[]}".into(),
        with(0, "{\"octo-record\":2,\"course\":\"c\",\"entries\":1,\"texts\":0}"),
        with(0, "{\"octo-record\":1,\"course\":\"c\",\"entries\":9999999,\"texts\":0}"),
        lines[..last].join("\n"),
        format!("{}\n{}", lines[..last].join("\n"), &lines[last][..40]),
        without(4),
        twice,
        with(3, lines[2]),
        with(3, ""),
        with(3, &long),
        with(1, "{\"text\":\"\",\"words\":\"w\"}"),
        with(1, "{\"text\":\"t\",\"words\":\"a\\u0000b\"}"),
        lines[last].replace("\"seq\":", "\"seq\":7"),
        with(last, &lines[last].replace("\"learner\":\"me\"", "\"learner\":\"you\"")),
        with(last, &lines[last].replace("\"at\":1", "\"at\":-1")),
        with(last, "{\"learner\":\"me\",\"seq\":1,\"at\":1,\"what\":{\"kind\":\"dreamt\"}}"),
    ];
    let told = files.map(|file| Whole::from_lines(&file).map(|_| "read".to_owned()).unwrap_or_else(|fault| fault.to_string()));
    expect![[r#"
        Line 1: The file is empty. Choose the file that “Take your record along” gave you.
        Line 1: This is not a record of Octo: its first line must begin with {"octo-record":1. Choose the file that “Take your record along” gave you.
        Line 1: This is not a record of Octo: its first line must begin with {"octo-record":1. Choose the file that “Take your record along” gave you.
        Line 1: This is not a record of Octo: its first line must begin with {"octo-record":1. Choose the file that “Take your record along” gave you.
        Line 1: The file has the form 2 and this Octo reads 1; bring this one up to date.
        Line 1: It speaks of 9999999 entries and 0 texts; at most 50000 and 10000 are read.
        Line 17: The file ends here, with 14 of 15 entries and 2 of 2 texts. It was cut short; export it again.
        Line 18: It is cut short. Export the file again.
        Line 5: This entry has the number 3, where 2 must come. A line is missing or stands twice; export the file again.
        Line 19: There are more entries than the 15 that the first line speaks of. Export the file again.
        Line 4: There are more texts than the 2 that the first line speaks of. Export the file again.
        Line 4: It is empty; every line holds a text or an entry. Export the file again.
        Line 4: It is 262145 bytes long; a line has at most 262144. This is not a file that Octo wrote.
        Line 2: The id of this text is empty, too long or not printable. Export the file again.
        Line 2: This text holds the character NUL, which cannot be kept. Remove it.
        Line 1: This is not a record of Octo: its first line must begin with {"octo-record":1. Choose the file that “Take your record along” gave you.
        Line 18: This entry is of another learner than the one before. A file holds one record; export it again.
        Line 18: This entry is dated -1790000900000 ms after 1970, which is no time that can be. Export the file again.
        Line 18: This is not an entry that this version can read: unknown variant `dreamt`, expected one of `profiled`, `claimed`, `placement-began`, `placement-ended`, `answered`, `hinted`, `predicted`, `foresaw`, `taught`, `wrote`, `overruled`, `certified`, `doubted`, `corrected` at line 1 column 54. If the file comes from a newer Octo, bring this one up to date."#]].assert_eq(&told.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_record_comes_back_as_it_was(ids in prop::collection::vec("[a-z\"\\\\\u{2028}é]{1,9}", 0..12), course: String) {
        let entries = ids.iter().enumerate().map(|(at, id)| Entry {
            learner: LearnerId("me".into()),
            seq: at as u64 + 1,
            at: Moment(at as i64),
            what: What::Wrote { skill: id.clone(), prompt: "ask-1".into(), text: TextId(format!("t{at}")) },
        });
        let entries: Vec<Entry> = entries.collect();
        let texts = texts_of(&entries).into_iter().map(|id| Text { id, words: "a\nb\u{85}".into() }).collect();
        let whole = Whole { course, texts, entries };
        prop_assert_eq!(Whole::from_lines(&whole.to_lines()), Ok(whole));
    }

    #[test]
    fn no_file_makes_reading_panic(cut in 0..4_000_usize, flip: u8, at in 0..4_000_usize) {
        let mut bytes = example().as_bytes()[..cut.min(example().len())].to_vec();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = flip;
        }
        let _ = Whole::from_lines(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn what_a_file_may_hold_fits_into_what_a_file_may_be() {
    assert!(example().lines().all(|line| line.len() < LINE_MOST) && example().len() < FILE_MOST);
}
