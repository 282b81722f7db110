//! Reviews as pages: nothing is said while nothing is due, a sitting of any length, and its end.

use axum::http::StatusCode;

use crate::course::{Page, Site, days_pass};

/// Reads the lesson and practises until nothing is left to prove.
async fn learned() -> Site {
    let site = Site::started().await;
    site.post("/learn/one.count/read", "depth=standard").await;
    assert_eq!(
        site.post("/practice/one.count/one.count.03/0", "text=The+idle+share+of+the+worker+shrinks,+so+less+of+each+second+is+left+free.")
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    for seed in 0..4 {
        let page = site.post(&format!("/practice/one.count/one.count.04/{seed}"), format!("number={}", right(seed))).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        let shown = site.get(page.header("location")).await.text;
        assert!(shown.contains("Right."), "variation {seed}: {shown}");
    }
    site
}

/// The answer to a variation of the item that there is for drill.
fn right(seed: u64) -> String {
    let course = ::course::load(&crate::course::toy()).course;
    grade::key(&course.items["one.count.04"], seed).unwrap()
}

fn question(page: &Page) -> String {
    page.after("<form class=\"item\" id=\"one-count-04\" method=\"post\" action=\"").to_owned()
}

#[tokio::test]
async fn nothing_is_said_until_something_is_due() {
    let site = Site::started().await;
    let empty = site.get("/review").await;
    assert!(empty.text.contains("Nothing is due") && empty.text.contains("So far there is none."), "{}", empty.text);
    drop(site);
    let site = learned().await;
    let course = site.get("/course").await.text;
    assert!(!course.contains("href=\"/review\"") && course.contains("next review in 2 days"), "{course}");
    assert!(site.get("/review").await.text.contains("The next is due in two days."));
    days_pass(2);
    // The record is as long as before, and the page that was kept is of another day.
    let course = site.get("/course").await.text;
    assert!(course.contains("<a href=\"/review\">Review <span class=\"count\">1"), "{course}");
    assert!(course.contains("Next: a review") && course.contains("Last answered two days ago."), "{course}");
}

#[tokio::test]
async fn a_sitting_asks_new_numbers_and_ends_with_what_moved() {
    let site = learned().await;
    days_pass(2);
    let page = site.get("/review").await;
    assert!(page.text.contains("One question is due.") && page.text.contains("Enough for now"));
    let action = question(&page);
    assert_eq!(action, "/review/one.count.04/4", "a variation that was never asked");
    let since = page.after("name=\"since\" value=\"").to_owned();
    let asked_back = site.post(&action, format!("number=1,5&since={since}")).await;
    assert_eq!(asked_back.status, StatusCode::UNPROCESSABLE_ENTITY);
    let before = site.entries().await;
    for _ in 0..2 {
        let sent = site.post(&action, format!("number={}&since={since}&sure=sure", right(4))).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(site.entries().await, before + 1, "once");
        let answered = site.get(sent.header("location")).await.text;
        assert!(answered.contains("Right.") && answered.contains("1 answered") && !answered.contains("Next question"), "{answered}");
    }
    let end = site.get(&format!("/review/done?since={since}")).await.text;
    assert!(end.contains("One question, and it was right."), "{end}");
    assert!(end.contains("“Counting” keeps for") && end.contains("instead of two"), "{end}");
    assert!(!site.get("/course").await.text.contains("<span class=\"count\">"));
}

#[tokio::test]
async fn addresses_that_nobody_was_given_do_no_harm() {
    let site = learned().await;
    for path in
        ["/review?since=none", "/review?since=18446744073709551615", "/review/done", "/review/done?since=-1", "/review/one.count.04/99999"]
    {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
    }
    assert_eq!(site.get("/review/none/0").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post("/review/none/0", "number=1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(Site::new().await.get("/review").await.header("location"), "/start");
}
