//! The pages about what is believed: a reader can add the lines up, be tested without JavaScript,
//! correct what was read, and take the record along and read it in.

use axum::body::Body;
use axum::http::StatusCode;

use crate::course::{HERE, Page, Site, request};

/// All weights in cells of a class, in hundredths: "+2.89", "−0.77", "0.00".
fn weights(page: &str, class: &str) -> Vec<i64> {
    let cell = format!("class=\"{class}\">");
    let cells = page.split(&cell).skip(1);
    let number = |cell: &str| {
        let text = cell.split('<').next().unwrap();
        let (sign, size) = match text.chars().next() {
            Some('−') => (-1, text.trim_start_matches('−')),
            _ => (1, text.trim_start_matches('+')),
        };
        let (whole, hundredths) = size.split_once('.').unwrap_or_else(|| panic!("{text} is no weight"));
        assert_eq!(hundredths.len(), 2, "{text}");
        sign * (whole.parse::<i64>().unwrap() * 100 + hundredths.parse::<i64>().unwrap())
    };
    cells.map(number).collect()
}

/// Adds up what a page of one belief shows, as a reader would.
fn adds_up(page: &Page) {
    let lines: i64 = weights(&page.text, "n weight").into_iter().sum();
    let sums: i64 = weights(&page.text, "n subtotal").into_iter().sum();
    let total = weights(&page.text, "num total");
    assert_eq!((lines, sums), (total[0], total[0]), "{}", page.text);
    let p = 1.0 / (1.0 + (-(total[0] as f64) / 100.0).exp());
    assert!(page.text.contains(&format!("which is {}.", tutor::percent(p))), "{p} {}", page.text);
}

#[tokio::test]
async fn the_lines_on_a_page_add_up_to_the_belief_that_it_shows() {
    let site = Site::started().await;
    adds_up(&site.get("/beliefs/one.count").await);
    adds_up(&site.get("/beliefs/one.more").await);
    for (path, form) in [
        ("/learn/one.count/items/one.count.01", "seed=0&option=1"),
        ("/learn/one.count/items/one.count.02", "seed=0&number=7"),
        ("/learn/one.count/read", "depth=standard"),
        ("/practice/one.count/one.count.02/1", "number=4.5"),
        ("/start", "role=lead&years=9&hours=2&claim=one&then=course"),
    ] {
        site.post(path, form).await;
        for skill in ["one.count", "one.more"] {
            adds_up(&site.get(&format!("/beliefs/{skill}")).await);
        }
    }
    let page = site.get("/beliefs/one.count").await.text;
    for shown in [
        "You read the lesson.",
        "You answered a question on this wrongly",
        "What it means for your plan",
        "What one answer here would move",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert_eq!(site.get("/beliefs/none").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/beliefs/%3Cscript%3E").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_picture_and_the_list_say_the_same() {
    let site = Site::started().await;
    site.post("/learn/one.count/items/one.count.01", "seed=0&option=1").await;
    let page = site.get("/beliefs").await.text;
    let (picture, list) = page.split_once("id=\"as-list\"").expect("a list after the picture");
    for text in ["href=\"/beliefs/one.count\"", "href=\"/beliefs/one.more\""] {
        assert!(picture.contains(text) && list.contains(text), "{text}");
    }
    let percent = picture.split(" % </text>").next().and_then(|before| before.rsplit('>').next()).unwrap();
    assert!(list.contains(&format!("<b>{percent}%</b>")), "{percent} {page}");
    assert!(list.contains("one answer of yours on it") && list.contains("inferred, no answer on it yet") && list.contains("rests on"));
    assert_eq!(picture.matches("class=\"map-arrow\"").count(), 1);
    assert!(list.contains("10 more until this says something"));
}

#[tokio::test]
async fn a_doubted_belief_is_tested_until_it_is_sure() {
    let site = Site::started().await;
    let test = "/beliefs/one.count/test";
    assert_eq!(site.get(test).await.header("location"), "/beliefs/one.count", "nobody asked for a test yet");
    let before = site.entries().await;
    for _ in 0..2 {
        assert_eq!(site.post(test, "").await.header("location"), test);
    }
    assert_eq!(site.entries().await, before + 1, "one test at a time");
    let mut asked = Vec::new();
    for _ in 0..9 {
        let page = site.get(test).await;
        if page.text.contains("back to the evidence") && !page.text.contains("<form class=\"item") {
            break;
        }
        assert!(!page.text.contains("/hint"), "there is no help here");
        let action = page.after("<form class=\"item\" id=\"").len();
        assert!(action > 0);
        let action = page.text.split("action=\"/beliefs/one.count/test/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(!asked.contains(&action), "each question is new");
        let answered = site.post(&format!("{test}/{action}"), "unknown=1").await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER);
        let feedback = site.get(answered.header("location")).await.text;
        assert!(feedback.contains("Believed known when you asked") && feedback.contains("is-settled"), "{feedback}");
        asked.push(action);
    }
    assert!((2..=4).contains(&asked.len()), "{asked:?}");
    let over = site.get(test).await.text;
    assert!(over.contains("not known yet") || over.contains("no question left"), "{over}");
    assert!(site.get("/beliefs/one.count").await.text.contains("That is wrong, test me"), "it can be doubted again");
}

#[tokio::test]
async fn what_a_number_cannot_be_is_asked_back_in_a_test_too() {
    let site = Site::started().await;
    site.post("/beliefs/one.count/test", "").await;
    let before = site.entries().await;
    let page = site.post("/beliefs/one.count/test/one.count.02/3", "number=%3Cb%3E").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("A question first.") && !page.text.contains("<b>\""), "{}", page.text);
    assert_eq!(site.entries().await, before);
}

#[tokio::test]
async fn the_plan_says_what_is_left_as_a_range() {
    let site = Site::started().await;
    let page = site.get("/course").await.text;
    assert!(page.contains("more minutes; at 4 hours a week") && page.contains("What this rests on"), "{page}");
    site.post("/start", "role=backend&hours=0&then=course").await;
    assert!(site.get("/course").await.text.contains("Say how many hours a week you have"));
}

#[tokio::test]
async fn words_that_were_read_are_chips_to_correct() {
    let site = Site::new().await;
    let sent = site.post("/start", "role=backend&system=We+run+Python+%3Cscript%3E+at+night").await;
    assert_eq!(sent.header("location"), "/start/words");
    let page = site.get("/start/words").await.text;
    assert!(page.contains("Django") && page.contains("value=\"stack:django\""), "{page}");
    site.post("/start/words", "remove=stack:django").await;
    assert!(!site.get("/start/words").await.text.contains("stack:django"));
    let refused = site.post("/start/words", "add=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("is no tool") && !refused.text.contains("<script>alert"), "{}", refused.text);
    site.post("/start/words", "add=some+django").await;
    assert!(site.get("/start/words").await.text.contains("stack:django"));
    let form = site.get("/start").await.text;
    assert!(form.contains("We run Python &#60;script&#62; at night") || form.contains("We run Python &lt;script&gt; at night"), "{form}");
}

#[tokio::test]
async fn a_lesson_speaks_of_their_field_and_works_numbers_out_for_their_size() {
    let site = Site::started().await;
    let page = site.get("/learn/one.count").await.text;
    assert!(!page.contains("In a cloakroom") && page.contains("At a scale of 8 requests/s"), "{page}");
    assert!(page.contains("<a href=\"/start/words\">Say how large your system is</a>"), "{page}");
    site.post("/start/words", "add=a+cloakroom").await;
    site.post("/start/words", "add=300+requests+a+second").await;
    let page = site.get("/learn/one.count").await.text;
    assert!(page.contains("<h2>In a cloakroom</h2>") && page.contains("A coat is a request that hangs."), "{page}");
    assert!(page.contains("<h2>At your scale: 300 requests/s</h2>") && !page.contains("Say how large your system is"), "{page}");
    assert!(page.contains("<span class=\"n\">150</span> hang."), "{page}");
    let words = site.get("/start/words").await.text;
    assert!(
        words.contains("One lesson has notes for your tools or your field") && words.contains("One lesson works out numbers"),
        "{words}"
    );
    site.post("/start/words", "remove=scale:300+requests/s").await;
    site.post("/start/words", "add=4000+requests+a+second").await;
    let page = site.get("/learn/one.count").await.text;
    assert!(
        page.contains("Yours, 4000 requests/s, is outside of what this sum is good for") && page.contains("At a scale of 8 requests/s"),
        "{page}"
    );
}

#[tokio::test]
async fn what_was_sure_and_wrong_is_asked_again_and_says_so() {
    let site = Site::started().await;
    site.post("/learn/one.count/read", "depth=standard").await;
    site.post("/practice/one.count/one.count.02/0", "number=7&sure=sure").await;
    let page = site.get("/practice/one.count").await.text;
    assert!(page.contains("You were sure of an answer here that was wrong") && page.contains("name=\"seed\" value=\"1\""), "{page}");
    assert!(site.get("/course").await.text.contains("You were sure of an answer here that was wrong"));
    site.post("/practice/one.count/one.count.02/1", "number=4.5").await;
    assert!(!site.get("/practice/one.count").await.text.contains("You were sure"));
}

/// An upload as a browser sends it.
async fn upload(site: &Site, file: &[u8], then: &str) -> Page {
    let mut body = b"--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.jsonl\"\r\n\r\n".to_vec();
    body.extend(file);
    body.extend(format!("\r\n--b1\r\nContent-Disposition: form-data; name=\"then\"\r\n\r\n{then}\r\n--b1--\r\n").bytes());
    let request = request("POST", "/record/import", HERE).header("content-type", "multipart/form-data; boundary=b1");
    site.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_record_is_downloaded_checked_and_read_in() {
    let from = Site::started().await;
    from.post("/learn/one.count/items/one.count.01", "seed=0&option=1").await;
    from.post("/course/one.count", "treatment=slow").await;
    let file = from.get("/record/octo.jsonl").await;
    assert!(file.header("content-disposition").contains("octo-record.jsonl"));
    assert!(from.get("/record/xapi.jsonl").await.text.contains("adlnet.gov/expapi/verbs/answered"));

    let fresh = Site::new().await;
    let checked = upload(&fresh, file.text.as_bytes(), "check").await;
    assert!(checked.status == StatusCode::OK && checked.text.contains("This file is whole."), "{}", checked.text);
    assert_eq!(fresh.entries().await, 0);
    let cut = &file.text[..file.text.len() - 30];
    for (bytes, says) in [
        (cut.as_bytes(), "Line 6: It is cut short."),
        (b"".as_slice(), "No file was chosen"),
        (b"{}\n", "Line 1: This is not a record of Octo"),
        (b"\xff\xfe\x00", "Line 1: It is no text in UTF-8."),
        (b"<script>alert(1)</script>", "Line 1: This is not a record of Octo"),
    ] {
        let refused = upload(&fresh, bytes, "import").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(refused.text.contains(says) && !refused.text.contains("<script>alert"), "{says} in {}", refused.text);
    }
    let huge = upload(&fresh, &vec![b'x'; 17 << 20], "import").await;
    assert!(huge.status == StatusCode::UNPROCESSABLE_ENTITY && huge.text.contains("octo import"), "{}", huge.text);
    assert_eq!(fresh.entries().await, 0);
    assert_eq!(upload(&fresh, file.text.as_bytes(), "import").await.header("location"), "/record?imported=1");
    for path in ["/course", "/beliefs", "/beliefs/one.count", "/beliefs/one.more", "/record/octo.jsonl"] {
        assert_eq!(fresh.get(path).await.text, from.get(path).await.text, "{path}");
    }
    let again = upload(&fresh, file.text.as_bytes(), "import").await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.text.contains("never written over"), "{}", again.text);
    assert!(!fresh.get("/record").await.text.contains("type=\"file\""));
}
