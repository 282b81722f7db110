//! What posts leave in the record, and pages that follow it: once sent is once recorded, a stale
//! page changes nothing, and a page that was kept is not shown after the record has grown.

use axum::http::StatusCode;

use crate::course::Site;

#[tokio::test]
async fn the_same_thing_sent_twice_is_one_entry() {
    let site = Site::started().await;
    for (path, form) in [
        ("/course/one.count", "treatment=slow"),
        ("/learn/one.count/items/one.count.01", "seed=0&option=1"),
        ("/learn/one.count/items/one.count.02", "seed=0&number=7"),
        ("/practice/one.count/one.count.02/1", "number=4.5"),
        ("/learn/one.count/figures/load", "g0=50"),
        ("/learn/one.count/read", "depth=standard"),
    ] {
        let before = site.entries().await;
        for _ in 0..3 {
            assert_eq!(site.post(path, form).await.status, StatusCode::SEE_OTHER, "{path}");
        }
        assert_eq!(site.entries().await, before + 1, "{path}");
    }
}

#[tokio::test]
async fn a_prediction_once_committed_stays() {
    let site = Site::started().await;
    assert_eq!(site.post("/learn/one.count/figures/load", "g0=50").await.status, StatusCode::SEE_OTHER);
    let before = site.entries().await;
    assert_eq!(site.post("/learn/one.count/figures/load", "g0=20").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.entries().await, before);
    let page = site.get("/learn/one.count").await;
    assert!(page.text.contains("You committed, and then it ran") && page.text.contains("50 ms"));
}

#[tokio::test]
async fn a_stale_placement_page_records_nothing_and_shows_what_is_asked_now() {
    let site = Site::new().await;
    assert_eq!(site.post("/start", "role=backend").await.header("location"), "/placement");
    let first = site.get("/placement").await;
    let form = |page: &crate::course::Page| {
        format!("item={}&seed={}&unknown=1", page.after("name=\"item\" value=\""), page.after("name=\"seed\" value=\""))
    };
    let stale = form(&first);
    site.post("/placement", stale.clone()).await;
    let after = site.entries().await;
    let second = site.get("/placement").await;
    assert_ne!(stale, form(&second), "the next question is another one");
    // The first page was still open in another tab; or somebody makes a question up.
    for sent in [stale.as_str(), "item=one.count.03&seed=0&text=idle", "item=none&seed=99999999999999999999", "option=1"] {
        let page = site.post("/placement", sent.to_owned()).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/placement"), "{sent}");
        assert_eq!(site.entries().await, after, "{sent}");
    }
    assert_eq!(site.get("/placement").await.text, second.text);
}

#[tokio::test]
async fn the_placement_gives_no_verdict_before_its_end() {
    let site = Site::new().await;
    site.post("/start", "role=backend").await;
    let page = site.get("/placement").await;
    let (item, seed) = (page.after("name=\"item\" value=\"").to_owned(), page.after("name=\"seed\" value=\"").to_owned());
    site.post("/placement", format!("item={item}&seed={seed}&option=1&number=1")).await;
    let next = site.get("/placement").await;
    assert!(!next.text.contains("is-right") && !next.text.contains("is-wrong") && !next.text.contains("Not this one"));
}

#[tokio::test]
async fn a_page_that_was_kept_is_made_anew_after_a_new_entry() {
    let site = Site::started().await;
    let (lesson, plan) = (site.get("/learn/one.count").await.text, site.get("/course").await.text);
    assert!(!lesson.contains("That is about transistors."));
    assert_eq!(site.get("/learn/one.count").await.text, lesson, "the same record gives the same page");
    site.post("/learn/one.count/items/one.count.01", "seed=0&option=1").await;
    let after = site.get("/learn/one.count").await.text;
    assert!(after.contains("That is about transistors.") && after.contains("Try again"));
    assert_ne!(site.get("/course").await.text, plan, "the plan counts one answer more");
    site.post("/course/one.count", "treatment=slow").await;
    assert!(site.get("/course").await.text.contains("Slow"));
}

#[tokio::test]
async fn a_learner_who_has_not_started_is_led_to_the_start() {
    let site = Site::new().await;
    for path in ["/course", "/learn/one.count", "/practice/one.count", "/placement"] {
        let page = site.get(path).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/start"), "{path}");
    }
    assert_eq!(site.entries().await, 0, "looking leaves no trace");
}

#[tokio::test]
async fn a_hint_waits_for_an_attempt() {
    let site = Site::started().await;
    let hint = "/learn/one.count/items/one.count.01/hint";
    assert_eq!(site.post(hint, "seed=0").await.status, StatusCode::SEE_OTHER);
    let early = site.post(hint, "seed=0").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("Try once more before the next hint"));
    let before = site.entries().await;
    site.post("/learn/one.count/items/one.count.01", "seed=0&option=1").await;
    assert_eq!(site.post(hint, "seed=0").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.entries().await, before + 2);
}
