//! What is offered next: records in; step, question and reason out.

use expect_test::{Expect, expect};
use record::{Moment, Treatment, What};
use tutor::{Ahead, Curriculum, ItemCard, Mode, Priors, Step, ahead, cards, next_step};

use crate::setup::{NOW, Record, curriculum, five, record, skill};

const DAY: i64 = 86_400_000;

fn next(curriculum: &Curriculum, record: &Record, variations: u64, day: i64) -> Ahead {
    let priors = Priors::default();
    let cards = cards(curriculum, &priors, &record.entries);
    let variations = vec![variations; curriculum.items.len()];
    ahead(curriculum, &priors, &record.entries, (&cards, &variations), Mode::Certified, Moment(NOW.0 + day * DAY))
}

fn told(curriculum: &Curriculum, ahead: &Ahead) -> String {
    let name = |at: usize| &curriculum.skills[at].name;
    let step = match ahead.step {
        Step::Probe(at) => format!("question on {}", name(at)),
        Step::Lesson(at) => format!("lesson {}", name(at)),
        Step::Practise(at) => format!("practice of {}", name(at)),
        Step::Review(at) => format!("review of {}", name(at)),
        Step::Done => "done".into(),
    };
    let asks = ahead.question.map(|asked| format!(" [{}/{}]", curriculum.items[asked.item].id, asked.variation)).unwrap_or_default();
    format!("{step}{asks}: {}", ahead.sentence(curriculum))
}

fn check(text: &str, expected: Expect) {
    let curriculum = five();
    let record = record(&curriculum, text);
    expected.assert_eq(&told(&curriculum, &next(&curriculum, &record, 4, 0)));
}

#[test]
fn what_may_be_known_is_asked_about_before_its_lesson() {
    check(
        "",
        expect![
            "question on A [a.c1/0]: You may know this already (68% likely). A right answer can save you the lesson; a wrong one costs nothing."
        ],
    );
    check(
        "a.n1 probe wrong",
        expect![
            "question on A [a.c1/0]: You may know this already (36% likely). A right answer can save you the lesson; a wrong one costs nothing."
        ],
    );
    check(
        "a.n1 probe wrong\n taught a",
        expect!["practice of A [a.c1/0]: Three more right answers in a row without help, two of them to questions that are hard to guess."],
    );
    check(
        "a.n1 probe right\n a.n2 probe right\n a.c1 probe right",
        expect![
            "question on B [b.c1/0]: You may know this already (62% likely). A right answer can save you the lesson; a wrong one costs nothing."
        ],
    );
}

#[test]
fn who_chose_how_to_take_a_module_is_not_asked_first() {
    let curriculum = five();
    let mut chosen = Record::default();
    chosen.add(What::Overruled { skill: "a".into(), treatment: Some(Treatment::Standard) });
    expect!["lesson A: Full length: you chose it, and the plan agrees."].assert_eq(&told(&curriculum, &next(&curriculum, &chosen, 4, 0)));
}

#[test]
fn a_skill_without_questions_goes_to_its_lesson() {
    let skills = vec![skill("a", -2.0, &[]), skill("b", 0.0, &[0])];
    let items = vec![ItemCard { id: "b.n1".into(), skill: 1, guess: 0.05, slip: 0.1, hard: true, placement: false }];
    let curriculum = Curriculum::new(skills, items).unwrap();
    expect!["lesson A: Compressed: your role and years suggest that much of it is familiar."]
        .assert_eq(&told(&curriculum, &next(&curriculum, &Record::default(), 4, 0)));
}

#[test]
fn it_is_what_the_engine_says_unless_a_review_has_its_turn() {
    let curriculum = five();
    let text = "taught e\n e.n1 practice right\n e.n2 practice right\n e.c1 practice right\n a.n1 probe wrong";
    let mut record = record(&curriculum, text);
    let engine = next_step(&curriculum, &Priors::default(), &record.entries, Mode::Certified);
    assert_eq!(next(&curriculum, &record, 4, 0).step, engine);
    assert_eq!(next(&curriculum, &record, 4, 1).step, engine, "nothing is due yet");
    // The items of these skills are all for the placement, so a review has nothing fresh to ask.
    assert_eq!(next(&curriculum, &record, 4, 2).step, engine);
    let curriculum = drilled(&curriculum);
    expect!["review of E [e.c2/0]: Last answered two days ago. One question with new numbers tells whether it is still there."]
        .assert_eq(&told(&curriculum, &next(&curriculum, &record, 4, 2)));
    record.say(&curriculum, "e.n2 review right seed=1");
    record.entries.last_mut().unwrap().at = Moment(NOW.0 + 2 * DAY);
    assert_eq!(next(&curriculum, &record, 4, 40).step, engine, "the last question was a review");
    for answer in ["a.n1", "a.n2", "a.c1", "a.c2"] {
        record.say(&curriculum, &format!("{answer} practice right"));
    }
    expect!["review of A [a.n1/1]: Last answered 40 days ago. One question with new numbers tells whether it is still there."]
        .assert_eq(&told(&curriculum, &next(&curriculum, &record, 4, 40)));
}

#[test]
fn before_the_capstone_all_that_it_needs_comes_back() {
    let skills = vec![skill("a", 0.0, &[]), skill("b", 0.0, &[0]), skill("c", 0.0, &[1]), skill("d", 0.0, &[])];
    let plain = drilled(&curriculum(skills));
    let learned =
        |skill: &str| format!("taught {skill}\n {skill}.n1 practice right\n {skill}.n2 practice right\n {skill}.c1 practice right\n");
    let record = record(&plain, &(learned("a") + &learned("b") + &learned("d")));
    let due = |curriculum: &Curriculum, day: i64| {
        let (priors, now) = (Priors::default(), Moment(NOW.0 + day * DAY));
        let due = tutor::review(curriculum, &priors, &record.entries, now);
        due.iter().map(|card| curriculum.skills[card.skill].name.as_str()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(due(&plain, 1), "");
    let capstone = plain.clone().with_capstone(&[2]);
    assert_eq!(due(&capstone, 0), "", "what was answered today is fresh");
    assert_eq!(due(&capstone, 1), "A B", "and d is none of its business");
    expect!["review of A [a.c2/0]: Last answered yesterday. The capstone uses it, so it is asked about before that begins."]
        .assert_eq(&told(&capstone, &next(&capstone, &record, 4, 1)));
}

#[test]
fn at_the_end_only_reviews_are_left() {
    let curriculum = drilled(&curriculum(vec![skill("a", 0.0, &[])]));
    let mut record = record(&curriculum, "taught a\n a.n1 practice right\n a.n2 practice right\n a.c1 practice right");
    expect!["done: Nothing is open."].assert_eq(&told(&curriculum, &next(&curriculum, &record, 4, 0)));
    record.say(&curriculum, "a.n1 review right seed=1");
    assert!(matches!(next(&curriculum, &record, 4, 30).step, Step::Review(0)), "even one after another");
}

#[test]
fn what_was_sure_and_wrong_comes_back_before_anything_else() {
    let check = |text: &str, variations: u64, expected: Expect| {
        let curriculum = drilled(&five());
        let record = record(&curriculum, text);
        expected.assert_eq(&told(&curriculum, &next(&curriculum, &record, variations, 0)));
    };
    check(
        "taught e\n e.c2 lesson wrong sure=.95",
        4,
        expect![
            "practice of E [e.c2/1]: You were sure of an answer here that was wrong. Such mistakes are soonest mended while they surprise, so it is asked again first, with other numbers."
        ],
    );
    // Not for a doubtful answer, a second try, or a placement that says nothing of right and wrong.
    check(
        "taught e\n e.c2 lesson wrong sure=.75",
        4,
        expect!["practice of E [e.c1/0]: Three more right answers in a row without help, two of them to questions that are hard to guess."],
    );
    check(
        "taught e\n e.c2 lesson wrong\n e.c2 lesson wrong attempt=2 sure=.95",
        4,
        expect!["practice of E [e.c1/0]: Three more right answers in a row without help, two of them to questions that are hard to guess."],
    );
    check(
        "e.c2 placement wrong sure=.95\n taught e",
        4,
        expect!["practice of E [e.c1/0]: Three more right answers in a row without help, two of them to questions that are hard to guess."],
    );
    // Before the lesson there is nothing to correct it by; afterwards it comes first.
    check(
        "e.c2 probe wrong sure=.95",
        4,
        expect![
            "question on A [a.c1/0]: You may know this already (54% likely). A right answer can save you the lesson; a wrong one costs nothing."
        ],
    );
    check(
        "e.c2 probe wrong sure=.95\n taught e",
        4,
        expect![
            "practice of E [e.c2/1]: You were sure of an answer here that was wrong. Such mistakes are soonest mended while they surprise, so it is asked again first, with other numbers."
        ],
    );
    // It comes before other modules and before other questions, and once it was asked again it is over.
    check(
        "taught e\n e.c2 practice wrong sure=.95\n taught a\n a.n1 practice right",
        4,
        expect![
            "practice of E [e.c2/1]: You were sure of an answer here that was wrong. Such mistakes are soonest mended while they surprise, so it is asked again first, with other numbers."
        ],
    );
    check(
        "taught e\n e.c2 practice wrong sure=.95\n e.c2 practice right seed=1",
        4,
        expect!["practice of E [e.n1/0]: Two more right answers in a row without help, both to questions that are hard to guess."],
    );
    check(
        "taught e\n e.c2 practice wrong sure=.95\n e.c2 practice wrong seed=1 sure=.75",
        4,
        expect!["practice of E [e.c1/0]: Three more right answers in a row without help, two of them to questions that are hard to guess."],
    );
    // A fixed question is not asked twice in a row.
    check(
        "taught e\n e.c2 practice wrong sure=.95",
        1,
        expect!["practice of E [e.c1/0]: Three more right answers in a row without help, two of them to questions that are hard to guess."],
    );
    check(
        "taught e\n e.c2 practice wrong sure=.95\n e.n1 practice right",
        1,
        expect![
            "practice of E [e.c2/0]: You were sure of an answer here that was wrong. Such mistakes are soonest mended while they surprise, so it is asked again first."
        ],
    );
}

#[test]
fn who_is_sure_of_everything_and_always_wrong_gets_on() {
    let curriculum = drilled(&five());
    let mut record = record(&curriculum, "taught e");
    let mut asked = std::collections::BTreeMap::new();
    for _ in 0..60 {
        let ahead = next(&curriculum, &record, 1000, 0);
        let Some(question) = ahead.question else {
            let Some(skill) = ahead.skill() else { break };
            record.say(&curriculum, &format!("taught {}", curriculum.skills[skill].id));
            continue;
        };
        let item = curriculum.items[question.item].id.clone();
        record.say(&curriculum, &format!("{item} practice wrong seed={} sure=.95", question.variation));
        *asked.entry(item).or_insert(0) += 1;
    }
    // Nothing is asked without end: no item is more than a sixth of what came.
    assert!(asked.len() >= 8 && asked.values().all(|times| *times <= 10), "{asked:?}");
}

/// The same curriculum, whose items are for drill and not for the placement.
pub(crate) fn drilled(curriculum: &Curriculum) -> Curriculum {
    let items = curriculum.items.iter().cloned().map(|item| ItemCard { placement: false, ..item }).collect();
    Curriculum::new(curriculum.skills.clone(), items).expect("it was sound")
}
