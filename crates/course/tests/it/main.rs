//! The pack as text: what is understood, and every way to be wrong with its blessed message.

// The tests read the toy course; the crate reads nothing.
#![allow(clippy::disallowed_methods)]

use course::{About, First, Loaded, Part, Problem, Showing, load};
use expect_test::{Expect, expect};
use record::Depth;

mod background;
mod notes;
mod toy;
use toy::files as toy;

/// Loads the toy course after changing one text in one file, and lists its problems.
fn check(file: &str, from: &str, to: &str, problems: Expect) {
    problems.assert_eq(&told(&problems_with(file, from, to)).join("\n"));
}

/// What is wrong with the toy course after one change in a file.
fn problems_with(file: &str, from: &str, to: &str) -> Vec<Problem> {
    let mut files = toy();
    let text = files.get_mut(file).expect("the file to change");
    assert!(text.contains(from), "{from} is in {file}");
    *text = text.replacen(from, to, 1);
    load(&files).problems
}

fn told(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

/// What is said with each change alone, one after the other; each is found.
fn told_with_each(file: &str, changes: &[(&str, &str)]) -> String {
    let mut all = Vec::new();
    for (from, to) in changes {
        let found = problems_with(file, from, to);
        assert_ne!(found, [], "{to}");
        all.extend(told(&found));
    }
    all.join("\n")
}

const ONE: &str = "01-a/a.one.md";

#[test]
fn the_toy_course_is_understood_whole() {
    let Loaded { course, problems } = load(&toy());
    assert_eq!(problems, []);
    assert_eq!((course.skills.len(), course.lessons.len(), course.items.len(), course.designs.len()), (3, 2, 9, 2));
}

/// The page of a depth as one line a piece.
fn page(depth: Depth, stacks: &[&str]) -> String {
    let course = load(&toy()).course;
    let stacks: Vec<String> = stacks.iter().map(|stack| (*stack).to_owned()).collect();
    let lines = course.lessons["a.one"].page(depth, About { words: &stacks, sizes: &[] }).into_iter().map(|piece| {
        let parts: Vec<String> = piece
            .parts
            .iter()
            .map(|part| match part {
                Part::Prose(html) => html.trim().to_owned(),
                Part::Figure(id) => format!("[figure {id}]"),
                Part::Item(id) => format!("[item {id}]"),
            })
            .collect();
        let how = match piece.showing {
            Showing::Folded => "folded ",
            Showing::Lead => "lead ",
            _ => "",
        };
        format!("{} {how}{}{}", piece.id, piece.lead.map(|lead| format!("{} ", lead.trim())).unwrap_or_default(), parts.join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn brief_puts_the_figure_on_top_and_leads_with_leads() {
    expect![[r##"
        depth-1 [figure load]
        saw-1 lead <p>It bends.</p> <p>It bends upward: <span class="n">20 ms</span> at half load.</p>
        why-1 folded <p>Because. See <code>10 ms</code> in code and <span class="n">30 s</span><sup class="cite"><a href="#source-book">1</a></sup>.</p>
        stack-2 <p>For Go.</p>
        summary-1 <p>All of it.</p>
        depth-2 [item a.one.01]"##]]
    .assert_eq(&page(Depth::Brief, &["go"]));
}

#[test]
fn standard_shows_one_analogy_and_the_first_note_where_no_stack_is_known() {
    expect![[r##"
        open-1 <p>Work takes <span class="n">10 ms</span> and the mean time is <span class="n">20 ms</span>.</p>
        depth-1 [figure load]
        saw-1 <p>It bends upward: <span class="n">20 ms</span> at half load.</p>
        why-1 <p>Because. See <code>10 ms</code> in code and <span class="n">30 s</span><sup class="cite"><a href="#source-book">1</a></sup>.</p>
        analogy-1 <p>A train.</p>
        ask-1 <p>Why does it bend?</p>
        answer-1 folded <p>Because gaps are lost.</p>
        stack-1 <p>For Django.</p>
        summary-1 <p>All of it.</p>
        depth-2 [item a.one.01] [item a.one.02]"##]]
    .assert_eq(&page(Depth::Standard, &[]));
}

#[test]
fn slow_begins_by_hand_and_shows_both_analogies() {
    let page = page(Depth::Slow, &["django"]);
    assert!(page.starts_with("steps-1 <p>By hand: <span class=\"n\">0.5</span> of a second.</p>"), "{page}");
    assert!(page.contains("A train.") && page.contains("A hotel."));
    assert!(page.contains("[item a.one.03]") && !page.contains("[item a.one.02]"));
}

#[test]
fn a_bare_number_is_named_with_its_line() {
    check(
        ONE,
        "{free 10 ms}",
        "10 ms",
        expect!["01-a/a.one.md:8: “10 ms” comes from nowhere. Take it from a claim or a sum, or write {free …} or {quote …, source}."],
    );
}

#[test]
fn a_value_that_no_claim_has_is_named() {
    check(
        ONE,
        "{half.buy.mean} at half load",
        "{half.buy.max} at half load",
        expect!["01-a/a.one.md:37: {half.buy.max} has no value here. Known are: half.bottleneck, half.buy.mean, half.worker.utilisation."],
    );
}

#[test]
fn a_claim_needs_a_band_and_a_design() {
    check(
        ONE,
        "20 ms +- 4 %",
        "20 ms",
        expect![[r#"
        01-a/a.one.md:8: {half.buy.mean} has no value here. Known are: half.bottleneck, half.worker.utilisation.
        01-a/a.one.md:37: {half.buy.mean} has no value here. Known are: half.bottleneck, half.worker.utilisation.
        01-a/a.one.md:79: “20 ms”: A number needs a band that its run length justifies: write “50 ms +- 2 %”."#]],
    );
    check(
        ONE,
        "run    = \"designs/worker.toml\"",
        "run = \"designs/none.toml\"",
        expect!["01-a/a.one.md:76: There is no design “01-a/designs/none.toml” in the pack."],
    );
}

#[test]
fn a_misspelt_key_is_found_in_its_fence() {
    check(
        ONE,
        "seeds  = 4",
        "seed = 4",
        expect![[r#"
        01-a/a.one.md:8: {half.buy.mean} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.one.md:37: {half.buy.mean} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.one.md:78: unknown field `seed`, expected one of `run`, `like`, `set`, `seeds`, `expect`."#]],
    );
}

#[test]
fn blocks_that_do_not_close_or_do_not_exist_are_named() {
    check(
        ONE,
        "::: summary\nAll of it.\n:::",
        "::: summary\nAll of it.\n",
        expect!["01-a/a.one.md:146: A block begins inside another. Close the first one with a line ::: before it."],
    );
    check(
        ONE,
        "::: why\n",
        "::: because\n",
        expect![
            "01-a/a.one.md:40: “because” is not a kind of block. Known are: open, steps, saw, trap, rule, why, again, analogy, example, faded, bare, answer, counter, sceptic, ask, rest, depth, numbers, stack, domain, scale, summary, margin."
        ],
    );
}

#[test]
fn items_keep_the_rules_of_item_writing() {
    check(ONE, "right = true, ", "", expect!["01-a/a.one.md:86: Item a.one.01 has 0 right options; a choice has exactly one."]);
    check(
        ONE,
        "say = \"The rate is the load.\"",
        "say = \"\"",
        expect!["01-a/a.one.md:86: Option 3 of a.one.01 has no feedback of its own."],
    );
    check(
        ONE,
        "hints = [\"one\", \"two\", \"three\", \"four\"]",
        "hints = [\"one\"]",
        expect!["01-a/a.one.md:86: Item a.one.01 has 1 hints. Give four: the goal, the section, the next step, a worked sibling."],
    );
    check(
        ONE,
        "solve = \"rate * stay * 1000\"",
        "solve = \"stay * rate\"",
        expect![[
            r#"01-a/a.one.md:99: Item a.one.02 with {"rate": "100/s", "stay": "50\u{a0}ms"}: the slip “stay * rate” comes to 5, which is taken for the answer 5."#
        ]],
    );
    check(
        ONE,
        "solve = \"rate * stay\"\n",
        "solve = \"rate * stray\"\n",
        expect![[
            r#"01-a/a.one.md:99: Item a.one.02 with {"rate": "100/s", "stay": "50\u{a0}ms"}: solve “rate * stray” cannot be computed: line 4, column 8: “stray” is not the name of a step above. Did you mean “stay”?"#
        ]],
    );
}

#[test]
fn a_skill_that_needs_nothing_known_is_named() {
    check(
        "skills.toml",
        "needs = [\"a.one\"]",
        "needs = [\"a.none\"]",
        expect!["skills.toml: The skill a.two needs “a.none”, which does not exist."],
    );
}

#[test]
fn a_missing_or_broken_file_leaves_the_rest() {
    let mut files = toy();
    files.remove("stacks.toml");
    files.insert("course.toml".into(), "title = ".into());
    let Loaded { course, problems } = load(&files);
    assert_eq!(course.lessons.len(), 2);
    assert!(problems.len() >= 2, "{problems:?}");
}

#[test]
fn hostile_text_is_shown_as_text() {
    let mut files = toy();
    let text = files.get_mut(ONE).expect("the lesson");
    *text = text.replace("A train.", "<script>alert(1)</script> [x](javascript:alert(1)) ![y](http://evil.example/z.png)");
    let page = load(&files).course.lessons["a.one"].page(Depth::Standard, About::default());
    let html: String =
        page.iter().flat_map(|piece| &piece.parts).map(|part| if let Part::Prose(html) = part { html.as_str() } else { "" }).collect();
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn variations_come_round_and_neighbours_differ() {
    let course = load(&toy()).course;
    let item = &course.items["a.one.02"];
    assert_eq!(item.variations(), 12);
    let all: std::collections::BTreeSet<_> = (0..12).map(|seed| format!("{:?}", item.vars(seed))).collect();
    assert_eq!(all.len(), 12);
    assert_eq!(item.vars(0), item.vars(12));
    assert_ne!(item.vars(0)["rate"], item.vars(1)["rate"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_stops_the_reader(text in "[ -~\\n+:`{}]{0,400}") {
        let mut files = toy();
        files.insert("01-a/x.md".into(), text);
        let loaded = load(&files);
        proptest::prop_assert_eq!(loaded.course.lessons.len(), 2);
    }
}

#[test]
fn a_generated_item_asks_its_questions_once_each() {
    let course = load(&toy()).course;
    let item = &course.items["a.two.03"];
    let all: std::collections::BTreeSet<_> = (0..item.variations()).map(|seed| format!("{:?}", item.vars(seed))).collect();
    assert_eq!(all.len() as u64, item.variations(), "no two seeds are the same question");
    for seed in 0..item.variations() {
        let rate = item.solve("people * each / span", seed).expect("it computes").value;
        assert!((2.0..=200.0).contains(&rate), "{rate} is kept out");
        assert_eq!(format!("{rate:.0e}").parse::<f64>().ok().map(|round| (round - rate).abs() < 1e-9), Some(true), "{rate} has one digit");
    }
    expect![[r#"50 {"all": "2\u{a0}million", "each": "10", "people": "200,000", "span": "27.8\u{a0}h"}"#]].assert_eq(&format!(
        "{} {:?}",
        item.variations(),
        item.vars(7)
    ));
}

#[test]
fn what_varies_is_told_where_it_makes_no_sense() {
    let all = told_with_each(
        "01-a/a.two.md",
        &[
            ("{ from = \"1\", to = \"40\", digits = 1 }", "{ from = \"1\", to = \"40\" }"),
            ("{ from = \"1\", to = \"40\", digits = 1 }", "[\"1\", \"2\", \"1\"]"),
            ("{ from = \"1\", to = \"40\", digits = 1 }", "7"),
            ("keep  = [\"2/s <= people * each / span <= 200/s\"]", "keep = [\"2 GB <= people * each / span\"]"),
            ("keep  = [\"2/s <= people * each / span <= 200/s\"]", "keep = [\"2/s\"]"),
            ("keep  = [\"2/s <= people * each / span <= 200/s\"]", "keep = [\"2000/s <= people * each / span\"]"),
            ("keep  = [\"2/s <= people * each / span <= 200/s\"]", "keep = [\"2/s <= persons\"]"),
            ("step = \"100000\"", "step = \"100\""),
            ("span = 100000 s", "span = 100000 seconds of days"),
            ("scale = \"estimate\"", "within = \"2 %\""),
            ("unit  = \"/s\"", "unit  = \"ms\""),
        ],
    );
    expect![[r#"
        01-a/a.two.md:38: In keep of item a.two.03: “each” is not the name of a step above. It reads “2/s … people * each / span … 200/s … people * each / span”.
        01-a/a.two.md:38: In vary of item a.two.03, each: a range takes a step, or digits = 1 to 3.
        01-a/a.two.md:38: Item a.two.03 with {"people": "100,000"}: solve “people * each / span” cannot be computed: line 3, column 16: “each” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: No combination of a.two.03 keeps its conditions. Widen keep, or the ranges of vary.
        01-a/a.two.md:38: sums of item a.two.03 cannot be computed with {"people": "100,000"}: line 3, column 16: “each” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: {all} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: {each} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: {span} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: In keep of item a.two.03: “each” is not the name of a step above. It reads “2/s … people * each / span … 200/s … people * each / span”.
        01-a/a.two.md:38: In vary of item a.two.03, each: 1 stands twice, and a drill would repeat itself.
        01-a/a.two.md:38: Item a.two.03 with {"people": "100,000"}: solve “people * each / span” cannot be computed: line 3, column 16: “each” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: No combination of a.two.03 keeps its conditions. Widen keep, or the ranges of vary.
        01-a/a.two.md:38: sums of item a.two.03 cannot be computed with {"people": "100,000"}: line 3, column 16: “each” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: {all} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: {each} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: {span} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: In keep of item a.two.03: “each” is not the name of a step above. It reads “2/s … people * each / span … 200/s … people * each / span”.
        01-a/a.two.md:38: In vary of item a.two.03, each: it is neither a list nor a range; write ["2 ms", "5 ms"] or { from = "2 ms", to = "20 ms", step = "2 ms" }.
        01-a/a.two.md:38: Item a.two.03 with {"people": "100,000"}: solve “people * each / span” cannot be computed: line 3, column 16: “each” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: No combination of a.two.03 keeps its conditions. Widen keep, or the ranges of vary.
        01-a/a.two.md:38: sums of item a.two.03 cannot be computed with {"people": "100,000"}: line 3, column 16: “each” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: {all} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: {each} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: {span} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: In keep of item a.two.03: “2 GB <= people * each / span” compares an amount of data with a rate.
        01-a/a.two.md:38: No combination of a.two.03 keeps its conditions. Widen keep, or the ranges of vary.
        01-a/a.two.md:38: In keep of item a.two.03: “2/s” compares nothing; write 30 % <= rate * work <= 90 %.
        01-a/a.two.md:38: No combination of a.two.03 keeps its conditions. Widen keep, or the ranges of vary.
        01-a/a.two.md:38: No combination of a.two.03 keeps its conditions. Widen keep, or the ranges of vary.
        01-a/a.two.md:38: In keep of item a.two.03: “persons” is not the name of a step above. It reads “2/s … persons … people * each / span”.
        01-a/a.two.md:38: No combination of a.two.03 keeps its conditions. Widen keep, or the ranges of vary.
        01-a/a.two.md:38: In keep of item a.two.03: “people” is not the name of a step above. It reads “2/s … people * each / span … 200/s … people * each / span”.
        01-a/a.two.md:38: In vary of item a.two.03, people: it has more than 1000 values; take a larger step.
        01-a/a.two.md:38: Item a.two.03 with {"each": "1"}: solve “people * each / span” cannot be computed: line 3, column 7: “people” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: No combination of a.two.03 keeps its conditions. Widen keep, or the ranges of vary.
        01-a/a.two.md:38: sums of item a.two.03 cannot be computed with {"each": "1"}: line 3, column 7: “people” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: {all} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: {people} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: {span} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: In keep of item a.two.03: “days” is not the name of a step above. It reads “2/s … people * each / span … 200/s … people * each / span”.
        01-a/a.two.md:38: Item a.two.03 with {"each": "1", "people": "100,000"}: solve “people * each / span” cannot be computed: line 3, column 26: “days” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: No combination of a.two.03 keeps its conditions. Widen keep, or the ranges of vary.
        01-a/a.two.md:38: sums of item a.two.03 cannot be computed with {"each": "1", "people": "100,000"}: line 3, column 26: “days” is not the name of a step above. To count things, put a number before them, as in “1 request”.
        01-a/a.two.md:38: {all} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: {span} has no value here. Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.
        01-a/a.two.md:38: Item a.two.03 asks for a band or a range and is a sum. Write scale = "estimate".
        01-a/a.two.md:38: Item a.two.03 with {"all": "200,000", "each": "2", "people": "100,000", "span": "27.8\u{a0}h"}: the answer 2/s is not in ms."#]].assert_eq(&all);
}

#[test]
fn an_item_about_a_design_is_checked_against_it() {
    let all = told_with_each(
        "01-a/a.two.md",
        &[
            ("first = \"db\"", "first = \"cache\""),
            ("say   = { web = ", "say   = { users = "),
            ("design = \"designs/pair.toml\"\nset", "design = \"designs/none.toml\"\nset"),
            ("\"workload.buy.rate\" = \"400/s\"", "\"workload.bye.rate\" = \"400/s\""),
            ("own   = \"db.workers = 4\"", "own   = \"db.workers = 5\""),
            ("own   = \"db.workers = 4\"", "own   = \"db.workers = 3\""),
            ("meets = [\"4\"]", "meets = [\"5\"]"),
            ("\"exp 5 ms\", \"exp 20 ms\"], meets = [\"exp 5 ms\"]", "\"exp 5 kg\"]"),
            ("to = [\"16\", \"32\"], say", "to = [\"16\", \"32\"], meets = [\"16\", \"32\"], say"),
            ("to = [\"16\", \"32\"], say = \"It waits elsewhere.\"", "to = [\"16\", \"32\"], say = \"\""),
            ("require = { fast = \"buy p99 < 100 ms\" }", ""),
        ],
    );
    expect![[r#"
        01-a/a.two.md:59: Item a.two.04 speaks of a box “cache”, which cannot be chosen. It has: db, web.
        01-a/a.two.md:59: Item a.two.04 speaks of a box “users”, which cannot be chosen. It has: db, web.
        01-a/a.two.md:59: Item a.two.04 speaks of a box “db”, which cannot be chosen. It has: .
        01-a/a.two.md:59: Item a.two.04 speaks of a box “web”, which cannot be chosen. It has: .
        01-a/a.two.md:59: There is no design “01-a/designs/none.toml” in the pack.
        01-a/a.two.md:59: In item a.two.04, workload.bye.rate = 400/s: No class is called “bye”.
        01-a/a.two.md:71: The author's own repair of a.two.05, “db.workers = 5”, is not among its changes. Offer it, or mend own.
        01-a/a.two.md:71: The author's own repair of a.two.05 is not said to meet what it must within the budget.
        01-a/a.two.md:71: Item a.two.05 says of db.workers = 5 what it does, and does not offer it.
        01-a/a.two.md:71: The author's own repair of a.two.05 is not said to meet what it must within the budget.
        01-a/a.two.md:71: In item a.two.05, db.time = exp 5 kg: “kg” is not a unit known here.
        01-a/a.two.md:71: In item a.two.05, 4 of 7 changes do: too many for a choice that says something.
        01-a/a.two.md:71: Changes of web.workers in a.two.05 have no feedback of their own.
        01-a/a.two.md:71: Item a.two.05 requires nothing. Add require = { fast = "page p99 < 300 ms" }."#]]
    .assert_eq(&all);
}

#[test]
fn the_words_of_options_are_looked_at() {
    let mut all = Vec::new();
    for (from, to) in [
        ("text = \"The cost\"", "text = \"All of the above\""),
        ("text = \"The cost\"", "text = \"The cost, always\""),
        ("text = \"The cost\"", "text = \"The rate\""),
        ("text = \"The cost\"", "text = \"The cost of all that the machines take while they wait for each other\""),
        ("say = \"It grows in step.\"", "say = \"The rate is the load.\""),
        ("Which grows faster than the load?", "Think."),
        ("Which grows faster than the load?", "Which statement is the right one?"),
        ("Which grows faster than the load?", "Load grows. Which does not grow faster?"),
    ] {
        let problems = problems_with(ONE, from, to);
        all.extend(problems.iter().filter(|problem| problem.severity == course::Severity::Error).map(ToString::to_string));
    }
    expect![[r#"
        01-a/a.one.md:86: Option 1 of a.one.01 says “all of the above”, which tests nothing.
        01-a/a.one.md:86: Option 1 of a.one.01 says “always”, and readers know that this is hardly true of anything. Say it of this case.
        01-a/a.one.md:86: Option 3 of a.one.01 stands twice.
        01-a/a.one.md:86: The options of a.one.01 are 8 to 69 characters long; one stands out. Make them alike.
        01-a/a.one.md:86: Option 3 of a.one.01 has the feedback of another.
        01-a/a.one.md:86: Item a.one.01 asks nothing. End it with a question, or with … where an option goes on.
        01-a/a.one.md:86: Item a.one.01 asks “which statement is”, which cannot be answered with the options covered. Ask for one thing.
        01-a/a.one.md:86: Item a.one.01 asks for what “does not”, and a reader in a hurry overlooks that. Ask for what is so."#]]
    .assert_eq(&all.join("\n"));
    check(
        ONE,
        "text = \"The cost\", say = \"It grows in step.\" },\n  { text = \"The wait\", right = true, say = \"Yes: the idle share shrinks.\" },\n  { text = \"The rate\"",
        "text = \"200\", say = \"It grows in step.\" },\n  { text = \"100\", right = true, say = \"Yes: the idle share shrinks.\" },\n  { text = \"300\"",
        expect!["01-a/a.one.md:86: The options of a.one.01 are numbers and not in their order. Sort them."],
    );
}

/// The kinds of block on a page, in order; in brackets what is folded.
fn order(depth: Depth, first: First) -> String {
    let course = load(&toy()).course;
    let pieces = course.lessons["a.one"].page_with(depth, About::default(), first);
    let word = |piece: &course::Piece| match piece.showing {
        Showing::Folded => format!("({})", piece.id),
        _ => piece.id.clone(),
    };
    pieces.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn something_else_comes_first_for_those_who_need_it() {
    let usual = "open-1 depth-1 saw-1 why-1 analogy-1 ask-1 (answer-1) stack-1 summary-1 depth-2";
    assert_eq!(order(Depth::Standard, First::Written), usual);
    assert_eq!(order(Depth::Standard, First::Example), format!("steps-1 {usual}"));
    assert_eq!(order(Depth::Standard, First::Again), format!("again-1 {usual}"));
    let folded = usual.replace("why-1", "(why-1)").replace("analogy-1", "(analogy-1)");
    assert_eq!(order(Depth::Standard, First::Problem), folded, "the figure follows the situation already");
    assert_eq!(order(Depth::Slow, First::Example), order(Depth::Slow, First::Written), "slow begins by hand anyway");
    assert!(order(Depth::Brief, First::Example).starts_with("steps-1 depth-1 "));
}

#[test]
fn a_bare_problem_is_lifted_with_its_answer() {
    let mut files = toy();
    let one = files.get_mut(ONE).expect("the lesson");
    *one = one.replace("::: stack django", "::: bare\nFive a second?\n:::\n\n::: answer\nFive.\n:::\n\n::: stack django");
    let pieces = load(&files).course.lessons["a.one"].page_with(Depth::Standard, About::default(), First::Problem);
    let ids: Vec<&str> = pieces.iter().take(5).map(|piece| piece.id.as_str()).collect();
    assert_eq!(ids, ["open-1", "depth-1", "bare-1", "answer-2", "saw-1"]);
}

#[test]
fn a_lesson_has_one_second_explanation_of_some_length() {
    check(
        ONE,
        "::: again From the other side",
        "::: why More",
        expect![
            "01-a/a.one.md: This lesson has no second explanation, for whoever misses several answers in a row. Write a block ::: again of 80 to 150 words that comes at the idea from another side."
        ],
    );
    check(
        ONE,
        "Look at the gaps this time. Between two requests the worker stands idle, and a gap that passes unused is gone.",
        "Look.",
        expect!["01-a/a.one.md: The second explanation (::: again) has 69 words; between 80 and 150 are read at a sitting."],
    );
    check(
        ONE,
        "::: analogy\nA train.",
        "::: again\nA train.\n:::\n\n::: analogy\nA train.",
        expect!["01-a/a.one.md: This lesson has several second explanations. Keep one block ::: again; it is shown on its own."],
    );
}

#[test]
fn who_is_confused_with_nobody_known_is_named() {
    check(
        "skills.toml",
        "needs = [\"a.one\"]",
        "needs = [\"a.one\"]\nconfused_with = [\"a.none\", \"a.two\"]",
        expect![[r#"
        skills.toml: The skill a.two is said to be confused with “a.none”. Name the id of another skill of this file.
        skills.toml: The skill a.two is said to be confused with “a.two”. Name the id of another skill of this file."#]],
    );
}
