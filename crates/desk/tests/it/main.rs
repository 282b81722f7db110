//! The use cases as a story, on a database that is closed and opened again in the middle.

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use certificate::{Keys, Verdict};
use course::load;
use desk::{Desk, DeskError, Placement, Shelf, StartForm, World};
use record::{Depth, Moment, Setting, Treatment, What};
use store::{Options, Store};
use tutor::State;

#[allow(dead_code, reason = "the store's own tests need more of it")]
#[path = "../../../store/src/tests/postgres.rs"]
mod postgres;

mod both;
mod placements;
mod reviews;

#[path = "../../../course/tests/it/toy.rs"]
mod toy;
use toy::files as toy_files;

mod whole;

/// A clock that moves by a second each time it is read, and bytes that never repeat.
fn world() -> World {
    static NOW: AtomicI64 = AtomicI64::new(1_790_000_000_000);
    static DRAWN: AtomicU8 = AtomicU8::new(1);
    World {
        now: || Moment(NOW.fetch_add(1000, Ordering::Relaxed)),
        entropy: || std::array::from_fn(|at| DRAWN.fetch_add(1, Ordering::Relaxed).wrapping_mul(31).wrapping_add(at as u8)),
    }
}

async fn desk(folder: &Path) -> Desk {
    let store =
        Store::open(&format!("sqlite:{}", folder.join("octo.db").display()), &Options::default()).await.expect("the database opens");
    desk_on(store)
}

fn desk_on(store: Store) -> Desk {
    let keys = Keys::generate([7; 32], "test").expect("a key");
    Desk::new(store, keys, "a test".into(), Shelf::new(load(&toy_files())).expect("the toy can be taught"), world())
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

async fn started(folder: &Path) -> Desk {
    let desk = desk(folder).await;
    let form = StartForm {
        role: "backend".into(),
        years: "3".into(),
        stacks: vec!["go".into()],
        system: "A Python booking app".into(),
        hours: "5".into(),
        ..StartForm::default()
    };
    desk.start(form).await.expect("the form is read");
    desk
}

/// The right answer to a variation of the toy's numeric items.
fn right(desk: &Desk, item: &str, seed: u64) -> String {
    let shelf = desk.shelf();
    grade::key(&shelf.course.items[item], seed).expect("a numeric item")
}

/// Practises a skill with right answers until it is proved.
async fn prove(desk: &Desk, skill: &str) {
    for _ in 0..30 {
        let learner = desk.learner().await.expect("the record is read");
        if learner.line(skill).is_some_and(|line| line.state == State::Proved) {
            return;
        }
        let view = desk.practice(&learner, skill).await.expect("there is practice").view.expect("there is a fresh question");
        let answer = match view.item.id.as_str() {
            "a.one.01" => fields(&[("option", "1")]),
            "a.one.03" => fields(&[("place0", "1"), ("place1", "2"), ("place2", "3")]),
            "a.one.04" => fields(&[("text", "The idle share halves from 20 to 10, and a gap cannot be kept.")]),
            "a.two.02" => fields(&[("direction", "down"), ("factor", "0.52"), ("bottleneck", "worker")]),
            "a.two.03" => {
                let key = right(desk, "a.two.03", view.seed);
                fields(&[("number", &key), ("low", &key), ("high", &key)])
            }
            "a.two.04" => fields(&[("option", "0")]),
            "a.two.05" => fields(&[("change1", "1")]),
            numeric => fields(&[("number", &right(desk, numeric, view.seed))]),
        };
        desk.answer(&view.item.id, view.seed, Setting::Practice, &answer).await.expect("it is judged");
    }
    panic!("{skill} was not proved by thirty right answers");
}

#[tokio::test]
async fn from_the_first_question_to_a_checked_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = started(folder.path()).await;
    let learner = first.learner().await.expect("a learner");
    assert_eq!(learner.stacks(), ["go", "django"], "ticked, and recognised in their own words");

    first.begin_placement().await.expect("it begins");
    let mut asked = 0;
    while let Placement::Ask { item, seed, .. } = first.learner().await.expect("a learner").placement() {
        first.answer_placement(&item.id, seed, &fields(&[("unknown", "1")])).await.expect("it is recorded");
        asked += 1;
        assert!(asked <= 30);
    }
    let learner = first.learner().await.expect("a learner");
    assert!(learner.is_placed());
    assert_eq!(learner.plan.lines.len(), 3);
    assert!(learner.plan.lines.iter().all(|line| !line.reason.sentence(&learner.shelf.curriculum).is_empty()));

    first.predict("a.one", "load", &fields(&[("g0", "32"), ("g1", "worker")])).await.expect("it is run");
    first.taught("a.one", Depth::Standard).await.expect("it is kept");
    assert!(matches!(first.certify("a", "Ana").await, Err(DeskError::NotYet(_))));
    prove(&first, "a.one").await;
    let before = first.learner().await.expect("a learner");
    drop(before);
    drop(first);

    // Another process, the same folder: they go on where they were.
    let second = desk(folder.path()).await;
    let learner = second.learner().await.expect("a learner");
    assert_eq!(learner.line("a.one").expect("its line").state, State::Proved);
    assert!(learner.prediction("a.one", "load").is_some());
    prove(&second, "a.two").await;
    let issued = second.certify("a", "  Ana \n Kovačević ").await.expect("all is proved");
    let checked = second.check_id(&issued.id).await.expect("it is looked up");
    let Verdict::Genuine(statement) = &checked.verdict else { panic!("{}", checked.verdict) };
    assert_eq!(statement.subject.name, "Ana Kovačević");
    assert!(statement.issuer_note.starts_with("Issued by the learner's own machine"));
    assert_eq!(statement.runs.len(), 1);

    let mut changed = issued.text.clone();
    let at = changed.find("Ana").expect("the name");
    changed.replace_range(at..=at, "B");
    assert!(matches!(second.check_text(&changed).await.expect("it is judged").verdict, Verdict::NotGenuine));
    assert!(matches!(second.check_id("00000000000000000000000000000000").await.expect("it is looked up").verdict, Verdict::NotGenuine));
    second.revoke(&issued.id, "a test").await.expect("it is kept");
    assert!(matches!(second.check_id(&issued.id).await.expect("it is looked up").verdict, Verdict::Revoked { .. }));
}

#[tokio::test]
async fn what_cannot_be_read_is_asked_about_and_not_recorded() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = started(folder.path()).await;
    let seq = desk.last_seq().await.expect("a length");
    for (item, answer) in [
        ("a.one.02", vec![("number", "5,5")]),
        ("a.one.02", vec![("number", "")]),
        ("a.one.01", vec![]),
        ("a.one.04", vec![("text", "idle")]),
    ] {
        let asked = desk.answer(item, 0, Setting::Lesson, &fields(&answer)).await;
        assert!(matches!(asked, Err(DeskError::Question(_))), "{item}: {asked:?}");
    }
    let asked = desk.predict("a.one", "load", &fields(&[("g0", "32,5"), ("g1", "worker")])).await;
    assert!(matches!(asked, Err(DeskError::Question(_))), "{asked:?}");
    assert_eq!(desk.last_seq().await.expect("a length"), seq);
}

#[tokio::test]
async fn the_same_answer_sent_twice_is_one_entry() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = started(folder.path()).await;
    let once = desk.answer("a.one.01", 0, Setting::Lesson, &fields(&[("option", "0")])).await.expect("it is judged");
    let twice = desk.answer("a.one.01", 0, Setting::Lesson, &fields(&[("option", "0")])).await.expect("it is judged");
    assert_eq!(once.seq, twice.seq);
    let committed = desk.predict("a.one", "load", &fields(&[("unknown", "1")])).await.expect("it is run");
    let again = desk.predict("a.one", "load", &fields(&[("g0", "50"), ("g1", "worker")])).await.expect("it is run");
    assert_eq!(committed.seq, again.seq, "only the first commit counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_is_one_answer_and_many_tabs_all_get_their_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = std::sync::Arc::new(started(folder.path()).await);
    let begun = desk.last_seq().await.expect("a length");
    let tabs: Vec<_> = (0..8)
        .map(|_| {
            let desk = std::sync::Arc::clone(&desk);
            tokio::spawn(async move { desk.answer("a.one.01", 0, Setting::Lesson, &fields(&[("option", "0")])).await })
        })
        .collect();
    for tab in tabs {
        assert_eq!(tab.await.expect("it ends").expect("it is judged").seq, begun + 1);
    }
}

#[tokio::test]
async fn a_hint_after_the_first_needs_another_try() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = started(folder.path()).await;
    desk.hint("a.one.01", 0, Setting::Lesson).await.expect("the first is free");
    assert!(matches!(desk.hint("a.one.01", 0, Setting::Lesson).await, Err(DeskError::NotYet(_))));
    desk.answer("a.one.01", 0, Setting::Lesson, &fields(&[("option", "0")])).await.expect("it is judged");
    desk.hint("a.one.01", 0, Setting::Lesson).await.expect("a try earns the second");
    let learner = desk.learner().await.expect("a learner");
    assert_eq!(learner.hints("a.one.01", 0), 2);
}

#[tokio::test]
async fn the_learner_overrules_and_gives_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = started(folder.path()).await;
    desk.overrule("a.two", Some(Treatment::Skip)).await.expect("it is kept");
    assert_eq!(desk.learner().await.expect("a learner").line("a.two").expect("a line").state, State::Skipped);
    desk.overrule("a.two", None).await.expect("it is kept");
    assert_ne!(desk.learner().await.expect("a learner").line("a.two").expect("a line").state, State::Skipped);
    assert!(matches!(desk.overrule("../../etc", Some(Treatment::Skip)).await, Err(DeskError::NoSuch { .. })));
}

#[tokio::test]
async fn an_upgraded_course_keeps_the_old_record_valid() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = started(folder.path()).await;
    desk.answer("a.one.01", 0, Setting::Lesson, &fields(&[("option", "1")])).await.expect("it is judged");
    desk.answer("a.two.01", 0, Setting::Practice, &fields(&[("number", "10 ms")])).await.expect("it is judged");
    let before = desk.learner().await.expect("a learner");
    // The next edition drops a lesson with its items, and rewrites an option list.
    let mut files = toy_files();
    files.remove("01-a/a.two.md");
    let one = files.get_mut("01-a/a.one.md").expect("the lesson");
    *one = one.replace(
        "  { text = \"The cost\", say = \"It grows in step.\" },\n",
        "  { text = \"The bill\", say = \"In step.\" },\n  { text = \"The heat\", say = \"In step.\" },\n",
    );
    desk.reshelve(Shelf::new(load(&files)).expect("it can be taught"));
    let after = desk.learner().await.expect("a learner");
    assert_eq!(after.entries, before.entries);
    assert_eq!(after.plan.lines.len(), 3);
    desk.lesson_item(&after, "a.one.01").await.expect("its page can be shown");
    assert!(desk.answer("a.two.01", 0, Setting::Practice, &fields(&[("number", "10 ms")])).await.is_err(), "the item is gone");
}

#[tokio::test]
async fn own_words_can_be_deleted_and_the_record_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = started(folder.path()).await;
    desk.wrote("a.one", "ask-1", "Because gaps are lost.").await.expect("it is kept");
    let learner = desk.learner().await.expect("a learner");
    let id = learner.wrote("a.one", "ask-1").expect("an id").clone();
    assert_eq!(desk.text(&id).await.expect("it is read").as_deref(), Some("Because gaps are lost."));
    assert_eq!(desk.delete_texts().await.expect("they go"), 2);
    assert_eq!(desk.text(&id).await.expect("it is read"), None);
    assert_eq!(desk.learner().await.expect("a learner").entries, learner.entries);
}

#[tokio::test]
async fn hostile_words_are_kept_as_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path()).await;
    let nasty = "<script>alert(1)</script>'; drop table entry; --\0 ../../etc/passwd {{7*7}} django";
    let form = StartForm {
        role: nasty.into(),
        years: "3".into(),
        stacks: vec![nasty.into()],
        stack_text: nasty.into(),
        goal: nasty.into(),
        hours: "2".into(),
        system: "x".repeat(1_000_000),
        claims: vec![nasty.into()],
    };
    desk.start(form).await.expect("it is read");
    let learner = desk.learner().await.expect("a learner");
    assert_eq!(learner.stacks(), ["django"]);
    let asked = desk.start(StartForm { years: "-1".into(), ..StartForm::default() }).await;
    assert!(matches!(asked, Err(DeskError::Question(_))));
    assert!(learner.entries.iter().any(|entry| matches!(&entry.what, What::Claimed { skills } if skills.is_empty())));
}

/// A design as the studio sends it.
const SHOP: &str = r#"{"octo":1,"components":{"users":{"kind":"clients"},"web":{"kind":"service","workers":4,"time":"exp 10 ms"}},
    "links":{"users -> web":{}},"workload":{"lasts":"20 s","buy":{"from":"users","arrivals":"poisson 320/s"}}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_expected_of_a_design_is_kept_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = started(folder.path()).await;
    let expected = |guess: &str| vec![grade::Expected { ask: "buy.p99".into(), guess: guess.into(), confidence: 0.75 }];
    let first = desk.foresee(SHOP, 1, expected("300 ms")).await.expect("it is run and scored");
    let again = desk.foresee(SHOP, 2, expected("60 ms")).await.expect("it is run and scored");
    assert_eq!(first.design, again.design, "whatever the seed");
    assert!(first.score < again.score);
    let kept: Vec<_> =
        desk.learner().await.unwrap().entries.iter().filter(|entry| matches!(entry.what, What::Foresaw(_))).cloned().collect();
    assert_eq!(kept.len(), 1, "afterwards the answer is known");
    assert_eq!(kept[0].what, What::Foresaw(first));

    for (design, expected) in [("{}", expected("1 s")), (SHOP, Vec::new()), (SHOP, expected("soon"))] {
        let refused = desk.foresee(design, 1, expected).await;
        assert!(matches!(refused, Err(DeskError::Question(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_range_is_kept_beside_the_truth_and_a_refusal_is_not_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = started(folder.path()).await;
    let before = desk.learner().await.expect("the record is read").seq();
    let outside = desk.answer("a.two.03", 0, Setting::Practice, &fields(&[("number", "2"), ("low", "5"), ("high", "9")])).await;
    assert!(matches!(outside, Err(DeskError::Question(_))), "{outside:?}");
    let dear = desk.answer("a.two.05", 0, Setting::Practice, &fields(&[("change3", "1")])).await;
    assert!(matches!(&dear, Err(DeskError::Question(why)) if why.contains("budget")), "{dear:?}");
    let two = desk.answer("a.two.05", 0, Setting::Practice, &fields(&[("change0", "0"), ("change1", "0")])).await;
    assert!(matches!(&two, Err(DeskError::Question(why)) if why.contains("One change")), "{two:?}");
    assert_eq!(desk.learner().await.expect("the record is read").seq(), before, "what is asked back is not recorded");

    desk.answer("a.two.03", 0, Setting::Practice, &fields(&[("number", "3"), ("low", "1"), ("high", "10/s")])).await.expect("it is judged");
    let learner = desk.learner().await.expect("the record is read");
    let answer = learner.entries.last().and_then(record::Entry::answer).expect("an answer");
    let interval = answer.interval.as_ref().expect("a range");
    assert_eq!((interval.held, interval.low.as_str(), interval.high.as_str(), interval.truth.as_str()), (true, "1/s", "10/s", "2/s"));
    assert_eq!(interval.score, 1000, "one power of ten wide");
    let ranges = tutor::ranges(&learner.entries);
    assert_eq!((ranges.held, ranges.given), (1, 1), "a range that held is counted");
}

#[tokio::test]
async fn a_drill_does_not_repeat_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = started(folder.path()).await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..120 {
        let learner = desk.learner().await.expect("the record is read");
        let view = desk.practice(&learner, "a.two").await.expect("there is practice").view.expect("there is a question");
        if view.item.variations() < 50 {
            let unknown = desk.answer(&view.item.id, view.seed, Setting::Practice, &fields(&[("unknown", "1")])).await;
            unknown.expect("it may be given up");
            continue;
        }
        assert!(seen.insert(format!("{:?}", view.item.vars(view.seed))), "the numbers of {} come again", view.item.id);
        let key = right(&desk, &view.item.id, view.seed);
        let answer = fields(&[("number", &key), ("low", &key), ("high", &key)]);
        desk.answer(&view.item.id, view.seed, Setting::Practice, &answer).await.expect("it is judged");
        if seen.len() as u64 == view.item.variations() {
            return;
        }
    }
    assert!(seen.len() > 20, "{} questions were asked", seen.len());
}
