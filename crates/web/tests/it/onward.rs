//! What pages offer next, and how a lesson is shown: as the tutor says, and the other way on demand.

use axum::http::StatusCode;

use crate::course::Site;

#[tokio::test]
async fn the_course_and_the_lesson_offer_the_question_that_the_tutor_would_ask() {
    let site = Site::new().await;
    site.post("/start", "role=backend&years=3&claim=one&then=course").await;
    for path in ["/course", "/learn/one.count"] {
        let page = site.get(path).await.text;
        assert!(page.contains("href=\"/probe/one.count\"") && page.contains("You may know this already"), "{path}: {page}");
    }
    let page = site.get("/probe/one.count").await;
    let action = page.after("method=\"post\" action=\"/probe").to_owned();
    assert!(!page.text.contains("unaided right in a row"), "it is no practice yet");
    let sent = site.post(&format!("/probe{action}"), "unknown=1").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let shown = site.get(sent.header("location")).await.text;
    assert!(shown.contains("Not known yet, and that is worth knowing.") && shown.contains("To the lesson without the question"), "{shown}");
    let course = site.get("/course").await.text;
    assert!(!course.contains(">begun<") && !course.contains("Next: practice"), "a question before the lesson does not begin it: {course}");
    site.post("/learn/one.count/read", "depth=standard").await;
    assert_eq!(site.get("/probe/one.count").await.header("location"), "/practice/one.count", "now it is practice");
    assert_eq!(site.get("/probe/none").await.status, StatusCode::NOT_FOUND);
    assert!(site.get("/course").await.text.contains("Next: practice"));
}

#[tokio::test]
async fn the_placement_is_resumed_and_taken_again_from_the_course() {
    let site = Site::new().await;
    site.post("/start", "role=backend&years=3").await;
    assert!(site.get("/course").await.text.contains("Your placement is under way: 0 answered so far."));
    let page = site.get("/placement").await;
    let form = format!("item={}&seed={}&unknown=1", page.after("name=\"item\" value=\""), page.after("name=\"seed\" value=\""));
    site.post("/placement", form).await;
    assert!(site.get("/course").await.text.contains("Your placement is under way: 1 answered so far."));
    let before = site.entries().await;
    assert_eq!(site.post("/placement/begin", "").await.header("location"), "/placement");
    assert_eq!(site.entries().await, before, "to go on is no new beginning");
    site.post("/placement/stop", "").await;
    let course = site.get("/course").await.text;
    assert!(course.contains("Take the placement again") && !course.contains("under way"), "{course}");
    site.post("/placement/begin", "").await;
    assert!(site.get("/course").await.text.contains("0 answered so far"));
}

#[tokio::test]
async fn a_lesson_says_how_it_is_shown_and_can_be_had_the_other_way() {
    let site = Site::started().await;
    let place = |page: &str, what: &str| page.find(what).unwrap_or_else(|| panic!("no {what} in {page}"));
    let usual = site.get("/learn/one.count?way=written").await.text;
    let problem = site.get("/learn/one.count?way=problem").await.text;
    assert!(place(&usual, "Whatever comes in") < place(&usual, "How many?"), "the reason comes before the problem");
    assert!(place(&problem, "How many?") < place(&problem, "Whatever comes in"), "and after it");
    assert!(problem.contains("name=\"way\" value=\"problem\""), "its forms come back to it");
    let again = site.get("/learn/one.count?way=again").await.text;
    assert!(place(&again, "Stand at the door for a while") < place(&again, "How many?"));
    assert!(place(&usual, "Explained another way") > place(&usual, "Sidekick"), "else it waits in the margin");
    let other = site.get("/learn/one.count?way=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.text;
    assert!(!other.contains("<script>alert"));

    site.post("/learn/one.count/read", "depth=standard").await;
    site.post("/practice/one.count/one.count.04/0", "number=1").await;
    let missed = site.get("/learn/one.count").await.text;
    assert!(missed.contains("Another example comes first, because the last answer on this was missed."), "{missed}");
    assert!(place(&missed, "six hundred coats") < place(&missed, "How many?"));
    let practice = site.get("/practice/one.count/one.count.04/0").await.text;
    assert!(practice.contains("six hundred coats"), "and under the question that was missed");
    site.post("/practice/one.count/one.count.04/1", "unknown=1").await;
    let twice = site.get("/learn/one.count").await.text;
    assert!(twice.contains("Explained a second way, because the last two answers on this were missed."), "{twice}");
    assert!(site.get("/practice/one.count/one.count.04/1").await.text.contains("Stand at the door for a while"));
}
