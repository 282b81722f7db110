//! Who may see what: names, other sites, other machines, and what every answer carries.

use axum::body::Body;
use axum::http::StatusCode;

use crate::course::{ELSEWHERE, HERE, Site, request};

#[tokio::test]
async fn only_our_own_names_are_answered() {
    let site = Site::new().await;
    for (host, expected) in [
        ("localhost", StatusCode::OK),
        ("LOCALHOST:8017", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("localhost.evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("", StatusCode::MISDIRECTED_REQUEST),
        ("<script>alert(1)</script>", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let mut request = request("GET", "/", HERE).body(Body::empty()).unwrap();
        request.headers_mut().insert("host", host.parse().unwrap());
        let page = site.send(request).await;
        assert_eq!(page.status, expected, "{host}");
        assert!(!page.text.contains("<script>alert"), "{}", page.text);
    }
}

#[tokio::test]
async fn what_another_site_posts_is_refused_and_not_recorded() {
    let site = Site::started().await;
    let before = site.entries().await;
    for (header, value, expected) in [
        ("sec-fetch-site", "cross-site", StatusCode::FORBIDDEN),
        ("sec-fetch-site", "same-site", StatusCode::FORBIDDEN),
        ("origin", "https://evil.example", StatusCode::FORBIDDEN),
        ("origin", "null", StatusCode::FORBIDDEN),
        ("referer", "https://evil.example/localhost:8017/", StatusCode::FORBIDDEN),
        ("sec-fetch-site", "same-origin", StatusCode::SEE_OTHER),
    ] {
        let form =
            request("POST", "/course/one.count", HERE).header("content-type", "application/x-www-form-urlencoded").header(header, value);
        let page = site.send(form.body("treatment=slow".into()).unwrap()).await;
        assert_eq!(page.status, expected, "{header}: {value}");
        let recorded = u64::from(expected == StatusCode::SEE_OTHER);
        assert_eq!(site.entries().await, before + recorded, "{header}: {value}");
    }
}

#[tokio::test]
async fn other_machines_see_the_course_and_the_check_and_nothing_else() {
    let site = Site::started().await;
    for (method, path, expected) in [
        ("GET", "/", StatusCode::OK),
        ("GET", "/studio", StatusCode::OK),
        ("GET", "/verify", StatusCode::OK),
        ("GET", "/verify/00000000000000000000000000000000", StatusCode::OK),
        ("GET", "/robots.txt", StatusCode::OK),
        ("GET", "/start", StatusCode::FORBIDDEN),
        ("GET", "/placement", StatusCode::FORBIDDEN),
        ("GET", "/course", StatusCode::FORBIDDEN),
        ("GET", "/beliefs", StatusCode::FORBIDDEN),
        ("GET", "/beliefs/one.count", StatusCode::FORBIDDEN),
        ("GET", "/record", StatusCode::FORBIDDEN),
        ("GET", "/record/octo.jsonl", StatusCode::FORBIDDEN),
        ("GET", "/record/xapi.jsonl", StatusCode::FORBIDDEN),
        ("POST", "/record/import", StatusCode::FORBIDDEN),
        ("GET", "/review", StatusCode::FORBIDDEN),
        ("GET", "/review/done", StatusCode::FORBIDDEN),
        ("GET", "/probe/one.count", StatusCode::FORBIDDEN),
        ("GET", "/learn/one.count", StatusCode::FORBIDDEN),
        ("GET", "/practice/one.count", StatusCode::FORBIDDEN),
        ("GET", "/certificate", StatusCode::FORBIDDEN),
        ("POST", "/course/one.count", StatusCode::FORBIDDEN),
        ("POST", "/start", StatusCode::FORBIDDEN),
    ] {
        let page = site.send(request(method, path, ELSEWHERE).header("content-length", "0").body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_page_made_for_this_machine_is_not_given_to_another_or_to_a_proxy() {
    /// The link that only a learner who has begun is shown.
    const GO_ON: &str = "href=\"/course\"";
    let site = Site::started().await;
    for path in ["/", "/course", "/learn/one.count"] {
        // Twice, so that the second would come from the pages that are kept.
        for _ in 0..2 {
            let own = site.get(path).await;
            assert!(own.status == StatusCode::OK && own.text.contains(GO_ON), "{path}: {}", own.text);
        }
        let direct = site.send(request("GET", path, ELSEWHERE).body(Body::empty()).unwrap()).await;
        let proxied = site.send(request("GET", path, HERE).header("x-forwarded-for", "192.0.2.7").body(Body::empty()).unwrap()).await;
        for page in [direct, proxied] {
            assert_eq!(page.status, if path == "/" { StatusCode::OK } else { StatusCode::FORBIDDEN }, "{path}");
            assert!(path != "/" || !page.text.contains(GO_ON), "a stranger is offered to go on with the learner's course");
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_policy_and_what_goes_with_it() {
    let site = Site::started().await;
    let mut pages = Vec::new();
    for path in ["/", "/course", "/learn/one.count", "/learn/one.count", "/verify", "/nowhere", "/learn/nothing", "/assets/none.js"] {
        pages.push((path, site.get(path).await));
    }
    pages.push(("a refusal", site.send(request("GET", "/course", ELSEWHERE).body(Body::empty()).unwrap()).await));
    for (path, page) in pages {
        let policy = page.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval';",
            "worker-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"), ("cross-origin-opener-policy", "same-origin")]
        {
            assert_eq!(page.header(name), value, "{path}");
        }
        assert!(page.header("cache-control").contains("private"), "{path}: {}", page.header("cache-control"));
        assert!(
            !page.text.contains(" style=\"") && !page.text.contains(" onclick="),
            "{path} has inline style or script, which the policy blocks"
        );
    }
}

#[tokio::test]
async fn an_address_that_names_nothing_says_so_with_a_way_back() {
    let site = Site::started().await;
    for path in [
        "/nowhere",
        "/learn/nothing",
        "/learn/one.more",
        "/practice/nothing",
        "/learn/..%2f..%2fetc%2fpasswd",
        "/assets/..%2f..%2fCargo.toml",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/assets/%00",
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!page.text.contains("<script>alert"), "{path}: {}", page.text);
        assert!(page.text.contains("href=\"/\"") || path.starts_with("/assets/"), "{path} leads nowhere: {}", page.text);
    }
    assert_eq!(site.send(request("DELETE", "/course", HERE).body(Body::empty()).unwrap()).await.status, StatusCode::METHOD_NOT_ALLOWED);
}
