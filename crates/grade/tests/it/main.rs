//! Verdicts on the toy course: answers of every kind, figures, claims.

// The tests read the toy course; the crate reads nothing.
#![allow(clippy::disallowed_methods)]

use course::{Course, load};
use expect_test::{Expect, expect};
use grade::{Bet, Judged, Response, check_claim, judge, run_now};
use units::Quantity;

#[path = "../../../course/tests/it/toy.rs"]
mod toy;

fn toy() -> Course {
    load(&toy::files()).course
}

/// Judges posted fields and shows what comes out, in one line.
fn check(item: &str, seed: u64, fields: &[(&str, &str)], expected: Expect) {
    let course = toy();
    let item = &course.items[item];
    let fields: Vec<(String, String)> = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let shown = match Response::from_fields(item, &fields) {
        Err(question) => format!("asked back: {question}"),
        Ok(response) => {
            let written = if let Response::Written(text) = &response { Some(text.clone()) } else { None };
            assert_eq!(
                Response::parse(item, &response.to_text(), written.as_deref()),
                Some(response.clone()),
                "what the record keeps reads back"
            );
            match judge(&course, item, seed, &response, &mut |experiment| run_now(experiment)).expect("no run fails") {
                Judged::Question(question) => format!("asked back: {question}"),
                Judged::Verdict(verdict) => format!(
                    "{:?} {:.2}: {}",
                    verdict.outcome,
                    verdict.score,
                    verdict.say.iter().map(|say| say.html.replace('\n', "")).collect::<Vec<_>>().join(" ")
                ),
            }
        }
    };
    expected.assert_eq(&shown);
}

#[test]
fn a_choice_speaks_about_the_chosen_option() {
    check("a.one.01", 0, &[("option", "1")], expect!["Right 1.00: <p>Yes: the idle share shrinks.</p>"]);
    check("a.one.01", 0, &[("option", "0")], expect!["Wrong 0.00: <p>It grows in step.</p>"]);
    check("a.one.01", 0, &[("unknown", "1")], expect!["Unknown 0.00: "]);
    check("a.one.01", 0, &[], expect!["asked back: Choose an option, or say that you don't know."]);
    check("a.one.01", 0, &[("option", "99")], expect!["asked back: Choose an option, or say that you don't know."]);
}

#[test]
fn a_number_is_read_with_its_unit_and_known_slips_are_named() {
    // Variation 0 is 100/s and 50 ms: 5 inside.
    check("a.one.02", 0, &[("number", "5")], expect!["Right 1.00: <p>Rate times time inside.</p>"]);
    check("a.one.02", 0, &[("number", "5.1 requests")], expect!["Right 1.00: <p>Rate times time inside.</p>"]);
    check("a.one.02", 0, &[("number", "5000")], expect!["Wrong 0.00: <p>That mixes seconds and milliseconds.</p>"]);
    check("a.one.02", 0, &[("number", "7")], expect!["Wrong 0.00: <p>Multiply the rate by the time inside.</p>"]);
    check("a.one.02", 0, &[("number", "5 ms")], expect!["asked back: The answer is a count."]);
}

#[test]
fn a_text_that_can_be_read_in_two_ways_is_asked_about() {
    check(
        "a.one.02",
        0,
        &[("number", "5,0")],
        expect!["asked back: Did you mean 5.0 by “5,0”? Write the digits without separators and with a point."],
    );
    check(
        "a.one.02",
        0,
        &[("number", "5,000")],
        expect!["asked back: Did you mean 5000 or 5.000 by “5,000”? Write the digits without separators and with a point."],
    );
    check("a.one.02", 0, &[("number", "five")], expect!["asked back: There is no number here."]);
    check("a.one.02", 0, &[("number", "<script>")], expect!["asked back: There is no number here."]);
    check(
        "a.two.01",
        0,
        &[("number", "1e999 ms")],
        expect!["asked back: This number has more digits or a larger power than can be held. Write it with a power of ten, as in 5e9."],
    );
}

#[test]
fn a_bare_number_is_taken_in_the_unit_beside_the_field() {
    // Variation 0 is 5 ms at 50 %: 10 ms.
    check("a.two.01", 0, &[("number", "10")], expect!["Right 1.00: <p>Work over the idle share.</p>"]);
    check("a.two.01", 0, &[("number", "0.01 s")], expect!["Right 1.00: <p>Work over the idle share.</p>"]);
    check("a.two.01", 0, &[("number", "10 s")], expect!["Wrong 0.00: <p>Divide by the idle share.</p>"]);
}

#[test]
fn an_order_names_the_pair_that_is_wrong() {
    check("a.one.03", 0, &[("place0", "1"), ("place1", "2"), ("place2", "3")], expect!["Right 1.00: <p>Yes.</p>"]);
    check("a.one.03", 0, &[("place0", "3"), ("place1", "2"), ("place2", "1")], expect!["Wrong 0.00: <p>Large is not small.</p>"]);
    check("a.one.03", 0, &[("place0", "1"), ("place1", "1"), ("place2", "2")], expect!["asked back: Place 1 is taken twice."]);
    check("a.one.03", 0, &[("place0", "9"), ("place1", "1"), ("place2", "2")], expect!["asked back: Give every line a place from 1 to 3."]);
}

#[test]
fn a_written_answer_needs_its_ideas_and_a_number() {
    check(
        "a.one.04",
        0,
        &[("text", "The idle share halves from 20 to 10, and a gap cannot be kept.")],
        expect!["Right 1.00: <p>Good.</p>"],
    );
    check("a.one.04", 0, &[("text", "The idle share halves, and a gap cannot be kept.")], expect!["Wrong 0.90: <p>Give a number.</p>"]);
    check(
        "a.one.04",
        0,
        &[("text", "It becomes slower and slower at 90.")],
        expect!["Wrong 0.00: <p>Say what shrinks.</p> <p>Say what cannot be saved.</p>"],
    );
    check(
        "a.one.04",
        0,
        &[("text", "idle")],
        expect!["asked back: That is very short. Write a sentence or two, so that the idea can be seen."],
    );
}

#[test]
fn a_prediction_is_decided_by_two_runs() {
    check(
        "a.two.02",
        0,
        &[("direction", "down"), ("factor", "0.53"), ("bottleneck", "worker")],
        expect![[
            r#"Right 1.00: <p>The runs: <span class="n">20.7 ms</span> before, <span class="n">10.8 ms</span> after, a factor of <span class="n">0.52</span>; busiest afterwards: <strong>worker</strong>.</p> <p>Yes.</p>"#
        ]],
    );
    check(
        "a.two.02",
        0,
        &[("direction", "up"), ("factor", "10"), ("bottleneck", "users")],
        expect![[
            r#"Wrong 0.00: <p>The runs: <span class="n">20.7 ms</span> before, <span class="n">10.8 ms</span> after, a factor of <span class="n">0.52</span>; busiest afterwards: <strong>worker</strong>.</p> <p>It falls.</p> <p>By about a third.</p> <p>The worker is the one box.</p> <p>Look at the idle share.</p>"#
        ]],
    );
    check("a.two.02", 0, &[("factor", "2")], expect!["asked back: Say whether it goes up, stays or goes down."]);
    check(
        "a.two.02",
        0,
        &[("direction", "down"), ("factor", "0,5"), ("bottleneck", "worker")],
        expect!["asked back: Did you mean 0.5 by “0,5”? Write the digits without separators and with a point."],
    );
}

#[test]
fn claims_hold_or_say_both_numbers() {
    let course = toy();
    let mut claim = course.lessons["a.one"].claims["half"].clone();
    let findings = check_claim(&course, &claim, &mut |experiment| run_now(experiment)).expect("it runs");
    assert!(findings.iter().all(|finding| finding.holds), "{findings:?}");
    let expected = claim.expect.get_mut("buy.mean").expect("the claim expects a mean");
    let wrong = |text: &str| Quantity::parse(text).expect("a quantity");
    expected.text = "25 ms".into();
    expected.band = course::Band::Within { low: wrong("24 ms"), high: wrong("26 ms") };
    let findings = check_claim(&course, &claim, &mut |experiment| run_now(experiment)).expect("it runs");
    let failed: Vec<&str> = findings.iter().filter(|finding| !finding.holds).map(|finding| finding.sentence.as_str()).collect();
    assert_eq!(failed.len(), 1);
    assert!(failed[0].starts_with("expected 25 ms (24 ms to 26 ms), measured 20"), "{failed:?}");
}

#[test]
fn a_bet_is_scored_against_the_run_it_names() {
    let course = toy();
    let figure = &course.lessons["a.one"].figures["load"];
    let bets = [Bet::Quantity(Quantity::parse("32 ms").unwrap(), "32 ms".into()), Bet::Name("worker".into())];
    let verdicts = grade::predict(&course, figure, &bets, &mut |experiment| run_now(experiment)).expect("it runs");
    // The trap's 32 ms for 50 ms scores .93 (learning note 4.2).
    assert!((0.90..0.96).contains(&verdicts[0].score), "{}", verdicts[0].score);
    assert_eq!(verdicts[1].score, 1.0);
    let again = grade::predict(&course, figure, &bets, &mut |experiment| run_now(experiment)).expect("it runs");
    assert_eq!(verdicts[0].run, again[0].run, "the same experiment has the same id");
}

#[test]
fn the_sweep_has_every_point_and_the_trap_beside_it() {
    let course = toy();
    let figure = &course.lessons["a.one"].figures["load"];
    let runs = grade::sweep(&course, figure, &mut |experiment| run_now(experiment)).expect("it runs");
    assert_eq!(runs.curves[0].points.iter().map(|(x, _)| *x).collect::<Vec<_>>(), [10.0, 50.0, 80.0]);
    let at_80 = runs.trap.iter().find(|(x, _)| *x == 80.0).map(|(_, quantity)| quantity.value).expect("the trap at 80");
    assert!((0.030..0.034).contains(&at_80), "in step with 20 ms at 50/s: {at_80}");
}

#[test]
fn shuffled_lines_are_never_in_the_right_order() {
    let course = toy();
    let item = &course.items["a.one.03"];
    for seed in 0..200 {
        let order = grade::shuffled(item, seed, 3);
        assert_ne!(order, [0, 1, 2]);
        assert_eq!(order, grade::shuffled(item, seed, 3));
    }
}

#[test]
fn an_estimate_comes_with_a_range_that_is_scored_beside_it() {
    // Variation 0 is 100,000 people with one request each: 1/s is too few, so it is another.
    let course = toy();
    assert_eq!(grade::key(&course.items["a.two.03"], 0).as_deref(), Some("2/s"));
    check(
        "a.two.03",
        0,
        &[("number", "2"), ("low", "1"), ("high", "4/s")],
        expect![[
            r#"Right 1.00: <p>Requests over seconds.</p> <p>Your range goes from <span class="n">1/s</span> to <span class="n">4/s</span>, a factor of 4. It holds the answer.</p>"#
        ]],
    );
    check(
        "a.two.03",
        0,
        &[("number", "2.9"), ("low", "2.5"), ("high", "3.5")],
        expect![[
            r#"Right 0.98: <p>Requests over seconds.</p> <p>Your range goes from <span class="n">2.5/s</span> to <span class="n">3.5/s</span>, a factor of 1.4. The answer lies below it.</p>"#
        ]],
    );
    check(
        "a.two.03",
        0,
        &[("number", "120"), ("low", "100"), ("high", "200")],
        expect![[
            r#"Wrong 0.00: <p>That is a rate a minute.</p> <p>Your range goes from <span class="n">100/s</span> to <span class="n">200/s</span>, a factor of 2. The answer lies below it.</p>"#
        ]],
    );
    check(
        "a.two.03",
        0,
        &[("number", "2 ms"), ("low", "1"), ("high", "4")],
        expect!["asked back: The answer is a rate: 2 requests each, in 27.8 h."],
    );
    check(
        "a.two.03",
        0,
        &[("number", "2"), ("low", "1 GB"), ("high", "4")],
        expect!["asked back: The answer is a rate: 2 requests each, in 27.8 h."],
    );
    check(
        "a.two.03",
        0,
        &[("number", "2"), ("low", "4"), ("high", "1")],
        expect!["asked back: The range begins above its end. Write the smaller number first."],
    );
    check(
        "a.two.03",
        0,
        &[("number", "2"), ("low", "3"), ("high", "4")],
        expect!["asked back: Your best value lies outside your own range. Which of the two do you believe?"],
    );
    check(
        "a.two.03",
        0,
        &[("number", "2"), ("low", "0"), ("high", "4")],
        expect!["asked back: Both ends of the range are above nothing. Which did you mean?"],
    );
    check(
        "a.two.03",
        0,
        &[("number", "2"), ("low", "1"), ("high", "")],
        expect!["asked back: Give both ends of the range that you would bet on, four times in five."],
    );
    check(
        "a.two.03",
        0,
        &[("number", "2"), ("low", "1|1"), ("high", "3")],
        expect!["asked back: There is a stroke in a number. Write digits and a unit."],
    );
}

#[test]
fn the_record_gets_the_range_beside_the_truth() {
    let course = toy();
    let response = Response::Range { value: "120/min".into(), low: "1".into(), high: "9000/h".into() };
    let judged = judge(&course, &course.items["a.two.03"], 0, &response, &mut |_| panic!("nothing is run"));
    let Ok(Judged::Verdict(verdict)) = judged else { panic!("the value lies outside its range: {judged:?}") };
    expect![[r#"Some(Interval { level: Ppm(800000), low: "1/s", high: "2.5/s", truth: "2/s", held: true, score: 398 })"#]]
        .assert_eq(&format!("{:?}", verdict.interval));
}

#[test]
fn a_box_is_chosen_and_a_run_decides() {
    check(
        "a.two.04",
        0,
        &[("option", "0")],
        expect![[
            r#"Right 1.00: <p>The run: <strong>db</strong> reaches its limit before any other, <span class="n">100%</span> busy.</p> <p>The smaller one.</p>"#
        ]],
    );
    check(
        "a.two.04",
        0,
        &[("option", "1")],
        expect![[
            r#"Wrong 0.00: <p>The run: <strong>web</strong> is <span class="n">49.5%</span> busy, and another box, <span class="n">100%</span> busy, reaches its limit before it.</p> <p>It has more workers than it needs.</p> <p>Divide the rate by what each can do.</p>"#
        ]],
    );
    check(
        "a.two.04",
        0,
        &[("unknown", "1")],
        expect![[
            r#"Unknown 0.00: <p>The run: <strong>db</strong> reaches its limit before any other, <span class="n">100%</span> busy.</p>"#
        ]],
    );
    check("a.two.04", 0, &[("option", "2")], expect!["asked back: Choose a box, or say that you don't know."]);
    check("a.two.04", 0, &[("option", "-1")], expect!["asked back: Choose a box, or say that you don't know."]);
}

#[test]
fn a_repair_is_one_change_within_the_budget() {
    check(
        "a.two.05",
        0,
        &[("change1", "1")],
        expect![[
            r#"Right 1.00: <ul class="met"><li><code>buy p99 &lt; 100 ms</code> met with 26 ms to spare: 74 ms ± 3 ms</li><li>cost: 230 USD/month</li></ul> <p>The box that is full got more room.</p>"#
        ]],
    );
    check(
        "a.two.05",
        0,
        &[("change2", "0"), ("change0", "")],
        expect![[
            r#"Right 1.00: <ul class="met"><li><code>buy p99 &lt; 100 ms</code> met with 36.5 ms to spare: 63.5 ms ± 2.88 ms</li><li>cost: 230 USD/month</li></ul> <p>The box that is full got more room.</p> <p>Its author chose <code>db.workers = 4</code>. Both do.</p>"#
        ]],
    );
    check(
        "a.two.05",
        0,
        &[("change0", "0")],
        expect![[
            r#"Wrong 0.00: <ul class="met"><li><code>buy p99 &lt; 100 ms</code> missed by 532 ms: 632 ms ± 10.7 ms</li><li>cost: 230 USD/month</li></ul> <p>It waits elsewhere.</p>"#
        ]],
    );
    check(
        "a.two.05",
        0,
        &[("change3", "1")],
        expect![
            "asked back: With this change the design costs 1,630 USD/month; the budget is 600 USD/month. Choose a change that it allows."
        ],
    );
    check(
        "a.two.05",
        0,
        &[("change0", "0"), ("change1", "1")],
        expect!["asked back: One change is allowed, and these are 2: web.workers, db.workers. Put all but one back."],
    );
    check("a.two.05", 0, &[("change0", "")], expect!["asked back: Change one setting, or say that you don't know."]);
    check("a.two.05", 0, &[("change0", "7")], expect!["asked back: This value is not offered. Choose one from the list."]);
    check(
        "a.two.05",
        0,
        &[("unknown", "1")],
        expect![[
            r#"Unknown 0.00: <p>Its author’s repair: <code>db.workers = 4</code>.</p><ul class="met"><li><code>buy p99 &lt; 100 ms</code> met with 26 ms to spare: 74 ms ± 3 ms</li><li>cost: 230 USD/month</li></ul>"#
        ]],
    );
}

/// What the runs of an item say after one text of the toy course was changed.
fn proved(from: &str, to: &str) -> String {
    let mut files = toy::files();
    let text = files.get_mut("01-a/a.two.md").expect("the second lesson");
    assert!(text.contains(from), "{from} is in the second lesson");
    *text = text.replacen(from, to, 1);
    let course = load(&files).course;
    let mut told: Vec<String> = Vec::new();
    for id in ["a.two.02", "a.two.04", "a.two.05"] {
        match grade::check_item(&course, &course.items[id], &mut |experiment| run_now(experiment)) {
            Ok(problems) => told.extend(problems.iter().map(ToString::to_string)),
            Err(fault) => told.push(format!("{id}: {fault}")),
        }
    }
    told.join("\n")
}

#[test]
fn the_pack_check_runs_what_items_say() {
    expect![[r#""#]].assert_eq(&proved("right", "right"));
    expect!["01-a/a.two.md:59: Item a.two.04 says that web saturates first; the run says db."]
        .assert_eq(&proved("first = \"db\"", "first = \"web\""));
    expect![[r#"
        01-a/a.two.md:71: Item a.two.05 offers db.workers = 3, which is said to do and does not: buy p99 < 100 ms: missed by 80.5 ms: 180 ms ± 53.3 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers db.workers = 4, which does, and is not said to: buy p99 < 100 ms: met with 26 ms to spare: 74 ms ± 3 ms; 230 USD/month."#]].assert_eq(&proved("meets = [\"4\"]", "meets = [\"3\"]"));
    expect![[r#"
        01-a/a.two.md:71: Item a.two.05 offers web.replicas = 2, which is said to be over the budget and is not: buy p99 < 100 ms: missed by 532 ms: 632 ms ± 10.7 ms; 304 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers web.replicas = 20, which is over the budget: buy p99 < 100 ms: missed by 532 ms: 632 ms ± 10.7 ms; 1,630 USD/month."#]].assert_eq(&proved("over = [\"20\"]", "over = [\"2\"]"));
    expect![[r#"
        01-a/a.two.md:71: Item a.two.05 needs no repair: buy p99 < 6000 ms: met with 5.37 s to spare: 632 ms ± 10.7 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers web.workers = 16, which does, and is not said to: buy p99 < 6000 ms: met with 5.37 s to spare: 632 ms ± 10.7 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers web.workers = 32, which does, and is not said to: buy p99 < 6000 ms: met with 5.37 s to spare: 632 ms ± 10.7 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers db.workers = 3, which does, and is not said to: buy p99 < 6000 ms: met with 5.82 s to spare: 180 ms ± 53.3 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers db.time = exp 20 ms, which does, and is not said to: buy p99 < 6000 ms: met with 4.74 s to spare: 1.26 s ± 39.1 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers web.replicas = 2, which does, and is not said to: buy p99 < 6000 ms: met with 5.37 s to spare: 632 ms ± 10.7 ms; 304 USD/month."#]].assert_eq(&proved("p99 < 100 ms", "p99 < 6000 ms"));
    expect!["a.two.05: require.fast: At “100 kg”: “buy p99” is a time, and “100 kg” is a plain number."]
        .assert_eq(&proved("buy p99 < 100 ms", "buy p99 < 100 kg"));
    expect![[r#"
        01-a/a.two.md:71: Item a.two.05 offers web.workers = 16, which is over the budget: buy p99 < 100 ms: missed by 532 ms: 632 ms ± 10.7 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers web.workers = 32, which is over the budget: buy p99 < 100 ms: missed by 532 ms: 632 ms ± 10.7 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers db.workers = 3, which is over the budget: buy p99 < 100 ms: missed by 80.5 ms: 180 ms ± 53.3 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers db.workers = 4, which is over the budget: buy p99 < 100 ms: met with 26 ms to spare: 74 ms ± 3 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers db.time = exp 5 ms, which is over the budget: buy p99 < 100 ms: met with 36.5 ms to spare: 63.5 ms ± 2.88 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers db.time = exp 20 ms, which is over the budget: buy p99 < 100 ms: missed by 1.16 s: 1.26 s ± 39.1 ms; 230 USD/month.
        01-a/a.two.md:71: Item a.two.05 offers web.replicas = 2, which is over the budget: buy p99 < 100 ms: missed by 532 ms: 632 ms ± 10.7 ms; 304 USD/month."#]].assert_eq(&proved("600 USD/month", "100 USD/month"));
}

proptest::proptest! {
    #[test]
    fn any_text_in_any_field_gets_an_answer(item in 0usize..9, text in ".{0,80}", seed in 0u64..40) {
        let course = toy();
        let item = course.items.values().nth(item).expect("nine items");
        let fields: Vec<(String, String)> = ["option", "number", "low", "high", "change0", "change1", "place0", "place1", "place2", "text", "direction", "factor", "bottleneck"].map(|name| (name.to_owned(), text.clone())).into();
        if let Ok(response) = Response::from_fields(item, &fields) {
            let mut no_runs = |_: &design::Experiment| Err(grade::RunProblem("not in this test".into()));
            drop(judge(&course, item, seed, &response, &mut no_runs));
        }
    }
}

/// Forty learners answer a choice and two numbers; `chooses` says which option the nth takes.
fn records(chooses: &dyn Fn(u32) -> usize) -> Vec<record::Entry> {
    let mut entries = Vec::new();
    for learner in 0..40u32 {
        // The later ones know more.
        let answers =
            [("a.one.01", chooses(learner) == 1, chooses(learner)), ("a.one.02", learner >= 10, 0), ("a.two.01", learner >= 20, 0)];
        for (at, (item, right, place)) in answers.into_iter().enumerate() {
            let json = format!(
                r#"{{"learner":"l{learner}","seq":{},"at":0,"what":{{"kind":"answered","skill":"a.one","item":"{item}","version":1,"seed":0,"setting":"practice","outcome":"{}","score":0,"guess":0,"slip":0,"hard":false,"form":"choice","attempt":1,"hints":0,"response":"{place}"}}}}"#,
                at + 1,
                if right { "right" } else { "wrong" }
            );
            entries.push(record::Entry::from_json(&json).expect("an entry"));
        }
    }
    entries
}

fn told(chooses: &dyn Fn(u32) -> usize) -> String {
    let stats = &grade::item_stats(&toy(), &records(chooses))["a.one.01"];
    format!(
        "{} answers, {:.2} right, r {:.2}, {:?}: {}",
        stats.answers,
        stats.right,
        stats.biserial.unwrap_or(f64::NAN),
        stats.chosen,
        stats.concerns.join("; ")
    )
}

#[test]
fn items_are_told_apart_that_tell_learners_apart() {
    expect!["40 answers, 0.62 right, r 0.86, [8, 25, 7]: "]
        .assert_eq(&told(&|learner| if learner >= 15 { 1 } else { 2 * (learner as usize % 2) }));
    expect![
        "40 answers, 0.62 right, r -0.70, [7, 25, 8]: those who are right elsewhere are hardly right here more often (point-biserial -0.70)"
    ]
    .assert_eq(&told(&|learner| if learner < 25 { 1 } else { 2 * (learner as usize % 2) }));
    expect!["40 answers, 0.97 right, r 0.24, [1, 39, 0]: 98 % are right: too easy to tell anything; option 1 (“The cost”) tempts 2 %; option 3 (“The rate”) tempts 0 %"].assert_eq(&told(&|learner| if learner == 0 { 0 } else { 1 }));
    expect!["40 answers, 0.00 right, r NaN, [40, 0, 0]: 0 % are right: too hard, or its key is wrong; option 3 (“The rate”) tempts 0 %"]
        .assert_eq(&told(&|_| 0));
}
