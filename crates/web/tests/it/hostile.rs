//! What people and programs put into forms: HTML, far too much, bytes that are no text, numbers
//! that can be read in two ways. Nothing is executed, nothing falls over, nothing is recorded twice.

use axum::body::Body;
use axum::http::StatusCode;

use crate::course::{HERE, Page, Site, request};

const SCRIPT: &str = "%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E";

fn assert_escaped(path: &str, page: &Page) {
    for mark in ["<script>alert", "<img src=x"] {
        assert!(!page.text.contains(mark), "{path} shows {mark} as HTML");
    }
    assert!(!page.status.is_server_error(), "{path}: {}", page.status);
}

#[tokio::test]
async fn html_in_every_field_of_every_form_is_shown_as_text() {
    let site = Site::started().await;
    let lesson = site.get("/learn/one.count").await;
    let why = lesson.after("action=\"/learn/one.count/why/").to_owned();
    let why = format!("/learn/one.count/why/{why}");
    for (path, fields) in [
        ("/start", "role years stack stack_text goal hours system claim then"),
        ("/placement", "item seed option number text"),
        ("/course/one.count", "treatment back"),
        ("/learn/one.count/items/one.count.01", "seed option depth sure unknown"),
        ("/learn/one.count/items/one.count.02", "seed number depth sure"),
        ("/learn/one.count/items/one.count.03", "seed text depth sure"),
        ("/learn/one.count/items/one.count.01/hint", "seed depth"),
        ("/learn/one.count/figures/load", "g0 depth"),
        (why.as_str(), "text depth"),
        ("/learn/one.count/read", "depth"),
        ("/practice/one.count/one.count.02/1", "number sure"),
        ("/probe/one.count/one.count.04/1", "number sure"),
        ("/probe/one.count/one.count.04/1/hint", "seed"),
        ("/review/one.count.04/2", "number sure since"),
        ("/review/one.count.04/2/hint", "since"),
        ("/certificate", "chapter name"),
        ("/verify", "certificate"),
        ("/theme", "theme path"),
    ] {
        let all: Vec<String> = fields.split(' ').map(|field| format!("{field}={SCRIPT}")).collect();
        assert_escaped(path, &site.post(path, all.join("&")).await);
        for field in fields.split(' ') {
            assert_escaped(path, &site.post(path, format!("{field}={SCRIPT}")).await);
        }
    }
    for path in
        ["/", "/start", "/course", "/learn/one.count", "/practice/one.count", "/probe/one.count", "/review", "/certificate", "/verify"]
    {
        assert_escaped(path, &site.get(path).await);
    }
    // What was kept is shown again, so it was there to be escaped.
    assert!(site.get("/learn/one.count").await.text.contains("&#60;script&#62;alert"), "the why-answer is shown as text");
}

#[tokio::test]
async fn html_in_addresses_and_queries_is_shown_as_text() {
    let site = Site::started().await;
    for path in [
        "/learn/{}",
        "/practice/{}",
        "/verify/{}",
        "/verify/{}/file",
        "/learn/one.count?depth={}",
        "/learn/one.count?changed={}",
        "/course?changed={}",
        "/{}",
    ] {
        let path = path.replace("{}", SCRIPT);
        assert_escaped(&path, &site.get(&path).await);
    }
}

#[tokio::test]
async fn a_redirect_takes_any_text_that_somebody_typed() {
    let site = Site::started().await;
    for typed in ["%C3%A9", "%00", "%7F", "%0D%0Aset-cookie:b", "a%20b", "%F0%9F%90%99"] {
        for (path, fields) in [
            ("/theme".to_owned(), format!("theme=dark&path=/{typed}")),
            ("/course/one.count".to_owned(), format!("treatment=slow&back=/learn/{typed}")),
            (format!("/learn/one.count/why/{typed}"), "text=because+gaps+are+lost".to_owned()),
            (format!("/learn/{typed}/read"), "depth=slow".to_owned()),
        ] {
            let page = site.post(&path, fields).await;
            assert!(!page.status.is_server_error(), "{path} with {typed}: {}", page.status);
        }
    }
}

#[tokio::test]
async fn a_redirect_never_leaves_the_site() {
    let site = Site::started().await;
    for path in ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/a%0d%0aset-cookie:b"] {
        let page = site.post("/theme", format!("theme=dark&path={path}")).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/"), "{path}");
        let page = site.post("/course/one.count", format!("treatment=slow&back={path}")).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/course"), "{path}");
    }
}

#[tokio::test]
async fn a_megabyte_is_refused_and_nothing_is_recorded() {
    let site = Site::started().await;
    let before = site.entries().await;
    let huge = format!("text={}", "x".repeat(1 << 20));
    for path in ["/start", "/learn/one.count/items/one.count.03", "/verify", "/theme", "/placement"] {
        let page = site.post(path, huge.clone()).await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(page.text.contains("Nothing was changed"), "{path}: {}", page.text);
    }
    let fields = site.post("/start", "a=1&".repeat(30_000)).await;
    assert_eq!(fields.status, StatusCode::BAD_REQUEST);
    assert_eq!(site.entries().await, before);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_taken_as_replacement_characters() {
    let site = Site::started().await;
    let page = site
        .post(
            "/learn/one.count/items/one.count.03",
            Body::from(b"seed=0&text=What is left idle %ff\xfe%00 shrinks as the load grows.".to_vec()),
        )
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(site.get("/learn/one.count").await.text.contains("idle \u{fffd}\u{fffd} shrinks"));
}

#[tokio::test]
async fn what_is_not_a_form_is_refused() {
    let site = Site::started().await;
    for mime in ["application/json", "multipart/form-data; boundary=x", "text/plain"] {
        let page = site.send(request("POST", "/course/one.count", HERE).header("content-type", mime).body("{}".into()).unwrap()).await;
        assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{mime}");
    }
}

#[tokio::test]
async fn a_number_that_can_be_read_in_two_ways_gets_a_question_and_no_mark() {
    let site = Site::started().await;
    let before = site.entries().await;
    for number in [
        "3,5",
        "1.234,5",
        "1,234",
        "3.5.1",
        "three",
        "",
        "3,5 ms",
        "1e999",
        "NaN",
        "--3",
        "999999999999999999999999999999999999999999999999999999999999999999",
    ] {
        for path in ["/learn/one.count/items/one.count.02", "/practice/one.count/one.count.02/0"] {
            let page = site.post(path, format!("seed=0&number={number}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}, {number:?}");
            assert!(page.text.contains("A question first."), "{path}, {number:?}");
        }
        let page = site.post("/learn/one.count/figures/load", format!("g0={number}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "the figure, {number:?}");
    }
    assert!(
        site.post("/learn/one.count/items/one.count.02", "seed=0&number=3,5").await.text.contains("value=\"3,5\""),
        "what was typed is still there"
    );
    assert_eq!(site.entries().await, before);
    assert_eq!(site.post("/learn/one.count/items/one.count.02", "seed=0&number=3.5").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.entries().await, before + 1);
}

#[tokio::test]
async fn years_that_do_not_read_as_a_number_get_a_question_and_keep_the_form() {
    let site = Site::new().await;
    let page = site.post("/start", "role=backend&years=-3&system=a+shop+in+python").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("One answer needs a change.") && page.text.contains("a shop in python"), "{}", page.text);
    assert_eq!(site.entries().await, 0);
}
