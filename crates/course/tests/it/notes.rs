//! What of a lesson differs from reader to reader: notes on what a system is for, and numbers that
//! follow from how large it is. Notes on tools are told with the page itself, in `main`.

use course::{About, BlockKind, Course, Part, System, Whose, load};
use expect_test::{Expect, expect};
use record::Depth;

use super::told;
use super::toy::files as toy;

const BACKGROUND: &str = r#"
[[domains]]
id = "health"
name = "Health"
heading = "In a clinic"
words = ["clinic"]

[[domains]]
id = "commerce"
name = "Shops"
heading = "In a shop"
words = ["shop"]

[[domains]]
id = "games"
name = "Games"
words = ["game"]

[[measures]]
id = "rate"
shown = "requests/s"
napkin = "/s"
words = ["rps"]

[[measures]]
id = "users"
shown = "users"
words = ["users"]

[[measures]]
id = "data"
shown = "GB"
napkin = " GB"
larger = { TB = 1000.0 }
words = ["gb"]
"#;

const NOTES: &str = r#"
::: domain health, games
Nobody is seen twice.
:::

::: domain commerce
Stock is counted.
:::

```scale load
measure = "rate"
lesson  = "90 requests/s"
from    = "1 requests/s"
to      = "50,000 requests/s"
or      = [ { given = "users", value = "users * 20 / 86400 s", say = "{load.users} users, {free 20 requests} each a day." } ]
sums    = """
inside = rate * 50 ms
"""
```

::: scale load
At {load.rate}, {load.inside} are inside.
:::
"#;

/// The toy course with a background, after one change in it and one in the notes of its first lesson.
fn course(background: [&str; 2], notes: [&str; 2]) -> (Course, Vec<String>) {
    let mut files = toy();
    for ([from, to], text) in [(background, BACKGROUND), (notes, NOTES)] {
        assert!(text.contains(from), "{from:?} is not there to change");
        let text = text.replacen(from, to, 1);
        if text.starts_with("\n[[") {
            files.insert("background.toml".into(), text.replace("words = [\"game\"]", "words = [\"game\"]\nheading = \"In a game\""));
        } else {
            files.get_mut("01-a/a.one.md").expect("the lesson").push_str(&text);
        }
    }
    let loaded = load(&files);
    let problems = told(&loaded.problems);
    (loaded.course, problems)
}

fn refused(background: [&str; 2], notes: [&str; 2], problems: Expect) {
    problems.assert_eq(&course(background, notes).1.join("\n"));
}

/// What a reader with these words and sizes sees of the notes.
fn seen(domains: &[&str], scales: &[&str]) -> String {
    let (course, problems) = course(["", ""], ["", ""]);
    assert_eq!(problems, [""; 0]);
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let system = System { domains: owned(domains), scales: owned(scales) };
    let sizes = course.background.sizes(&system);
    let pieces = course.lessons["a.one"].page(Depth::Standard, About { words: &system.domains, sizes: &sizes });
    let notes = pieces.iter().filter(|piece| matches!(piece.kind, BlockKind::Domain | BlockKind::Scale));
    let line = |piece: &course::Piece| {
        let heading = match &piece.whose {
            None => course.background.heading(&piece.words, &system.domains),
            Some(Whose::Reader { shown }) => format!("theirs, {shown}"),
            Some(Whose::Lesson { shown }) => format!("the lesson's, {shown}"),
            Some(Whose::Outside { shown, yours }) => format!("the lesson's, {shown}, not {yours}"),
        };
        let html: String = piece.parts.iter().map(|part| if let Part::Prose(html) = part { html.trim() } else { "?" }).collect();
        format!("{heading}: {}", html.replace("<span class=\"n\">", "").replace("</span>", ""))
    };
    notes.map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_note_is_for_those_who_work_on_it_and_says_so_in_the_words_of_the_pack() {
    expect!["the lesson's, 90 requests/s: <p>At 90 requests/s, 4.5 are inside.</p>"].assert_eq(&seen(&[], &[]));
    expect![[r#"
        In a clinic: <p>Nobody is seen twice.</p>
        the lesson's, 90 requests/s: <p>At 90 requests/s, 4.5 are inside.</p>"#]]
    .assert_eq(&seen(&["health"], &[]));
    expect![[r#"
        In a clinic and in a game: <p>Nobody is seen twice.</p>
        In a shop: <p>Stock is counted.</p>
        the lesson's, 90 requests/s: <p>At 90 requests/s, 4.5 are inside.</p>"#]]
    .assert_eq(&seen(&["health", "commerce", "games"], &[]));
}

#[test]
fn numbers_are_worked_out_for_the_size_that_was_given() {
    expect!["theirs, 300 requests/s: <p>At 300 requests/s, 15 are inside.</p>"].assert_eq(&seen(&[], &["300 requests/s"]));
    expect!["theirs, 12,000 requests/s: <p>At 12,000 requests/s, 600 are inside.</p>"].assert_eq(&seen(&[], &["12,000 requests/s"]));
    expect!["theirs, 2 million users: <p>2 million users users, 20 requests each a day.</p><p>At 463 requests/s, 23.1 are inside.</p>"]
        .assert_eq(&seen(&[], &["2 million users"]));
    // The rate itself is nearer than what follows from users, in whatever order they were named.
    expect!["theirs, 300 requests/s: <p>At 300 requests/s, 15 are inside.</p>"]
        .assert_eq(&seen(&[], &["2 million users", "300 requests/s"]));
}

#[test]
fn what_no_sum_is_made_for_leaves_the_lessons_own_number() {
    expect!["the lesson's, 90 requests/s, not 3 million requests/s: <p>At 90 requests/s, 4.5 are inside.</p>"]
        .assert_eq(&seen(&[], &["3 million requests/s"]));
    expect!["the lesson's, 90 requests/s, not 50 users: <p>At 90 requests/s, 4.5 are inside.</p>"].assert_eq(&seen(&[], &["50 users"]));
    for strange in
        ["requests/s", "-4 requests/s", "0 requests/s", "NaN requests/s", "1e999 requests/s", "many users", "5 TB", "{load.rate}", ""]
    {
        assert_eq!(seen(&["nobody"], &[strange]), seen(&[], &[]), "{strange}");
    }
}

#[test]
fn a_note_names_a_domain_that_has_a_heading() {
    refused(
        ["", ""],
        ["domain commerce", "domain comerce"],
        expect!["01-a/a.one.md: “comerce” is no domain of this pack. Add it to background.toml."],
    );
    refused(
        ["heading = \"In a shop\"\n", ""],
        ["", ""],
        expect![
            "01-a/a.one.md: A note is for “commerce”, which has no heading. Give its domain in background.toml a heading: “In a clinic”."
        ],
    );
    refused(
        ["", ""],
        ["::: domain commerce", "::: stack commerce"],
        expect!["01-a/a.one.md: “commerce” is no stack of this pack. Write ::: domain for a note on what a system is for."],
    );
}

#[test]
fn a_scale_is_tried_from_end_to_end() {
    let refused = |from, to, problems| refused(["", ""], [from, to], problems);
    refused(
        "measure = \"rate\"",
        "measure = \"rates\"",
        expect![
            "01-a/a.one.md:158: The scale “load” is computed from “rates”, which background.toml does not measure. Known are: rate, users, data."
        ],
    );
    refused(
        "\"90 requests/s\"",
        "\"90/s\"",
        expect![
            "01-a/a.one.md:158: “90/s” is not a size in requests/s. Write it as learners see it: “300 requests/s”, “2 million requests/s”."
        ],
    );
    refused(
        "\"1 requests/s\"",
        "\"100 requests/s\"",
        expect!["01-a/a.one.md:158: The scale “load” has the lesson's size 90 requests/s outside of 100 requests/s to 50,000 requests/s."],
    );
    refused(
        "given = \"users\"",
        "given = \"bytes\"",
        expect![
            "01-a/a.one.md:158: The scale “load” is computed from “bytes”, which background.toml does not measure. Known are: rate, users, data."
        ],
    );
    refused(
        "users * 20 / 86400 s",
        "users * 20",
        expect!["01-a/a.one.md:158: In the scale “load”: “users * 20” comes to a plain number, and a rate is wanted."],
    );
    refused(
        "rate * 50 ms",
        "rate * 50 ms + 1 s",
        expect![
            "01-a/a.one.md:158: In the scale “load”: line 1 of its sums: This adds a time to a plain number. Bring both into one unit first, or multiply."
        ],
    );
    refused(
        "rate * 50 ms",
        "50 - rate * 1 s",
        expect!["01-a/a.one.md:158: In the scale “load”: inside comes to -7.82 at 57.82 requests/s."],
    );
    refused(
        "{load.inside}",
        "{load.outside}",
        expect!["01-a/a.one.md:170: {load.outside} has no value here. Known are: load.inside, load.rate."],
    );
    refused(
        "{load.users}",
        "{load.user}",
        expect!["01-a/a.one.md:158: {load.user} has no value here. Known are: load.inside, load.rate, load.users."],
    );
    refused(
        "inside.\n",
        "inside, within 50 ms.\n",
        expect!["01-a/a.one.md:170: “50 ms” comes from nowhere. Take it from a claim or a sum, or write {free …} or {quote …, source}."],
    );
    refused(
        "::: scale load",
        "::: scale loud",
        expect![[r#"
        01-a/a.one.md:158: No text shows the scale “load”. Write a block ::: scale load.
        01-a/a.one.md:170: There is no scale “loud” for this text. Write a fence ```scale loud."#]],
    );
}
