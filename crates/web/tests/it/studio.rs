//! The page of the studio: who may see it, and what it brings to its island.

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::Value;

use crate::course::{ELSEWHERE, Page, Site, request};

const TEMPLATE: &str = "/studio/templates/one/designs/worker.toml";

async fn elsewhere(site: &Site, path: &str) -> Page {
    site.send(request("GET", path, ELSEWHERE).body(Body::empty()).unwrap()).await
}

/// The JSON that stands in the page.
fn data(page: &Page) -> Value {
    let (_, rest) = page.text.split_once("<script type=\"application/json\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    assert!(!json.contains('<'), "nothing in the data can end its element");
    serde_json::from_str(json).unwrap()
}

#[tokio::test]
async fn anybody_may_draw_and_take_a_design_of_the_course() {
    let site = Site::new().await;
    let page = elsewhere(&site, "/studio").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("data-island=\"studio\"") && page.text.contains(TEMPLATE), "{}", page.text);
    let template = elsewhere(&site, TEMPLATE).await;
    assert_eq!((template.status, template.header("content-type")), (StatusCode::OK, "text/plain; charset=utf-8"));
    let read = design::read(&template.text, design::Format::Toml);
    assert!(read.problems.is_empty() && !read.document.components.is_empty(), "{:?}", read.problems);
    assert_eq!(data(&page)["templates"][0]["text"], template.text.as_str());
    assert_eq!(site.entries().await, 0, "looking at it records nothing");
}

#[tokio::test]
async fn a_design_that_is_not_there_is_not_found() {
    let site = Site::new().await;
    for path in ["one/designs/nothing.toml", "..%2Fcourse.toml", "%3Cscript%3E"] {
        let page = site.get(&format!("/studio/templates/{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!page.text.contains("<script>"), "{}", page.text);
    }
}

#[tokio::test]
async fn the_island_gets_every_kind_and_word_of_the_catalogue() {
    let site = Site::new().await;
    let data = data(&site.get("/studio").await);
    let catalogue = &data["catalogue"];
    let words = catalogue["words"].as_array().unwrap();
    let keys = |list: &Value| -> Vec<String> {
        let at = |word: &Value| words[word.as_u64().unwrap() as usize]["key"].as_str().unwrap().to_owned();
        list.as_array().unwrap().iter().map(at).collect()
    };
    let kinds = catalogue["kinds"].as_array().unwrap();
    assert_eq!(kinds.len(), design::catalogue::KINDS.len());
    for (told, kind) in kinds.iter().zip(design::catalogue::KINDS) {
        assert_eq!(told["name"], kind.name);
        assert!(told["icon"].as_str().unwrap().starts_with('M'), "{} has a drawing", kind.name);
        assert_eq!(keys(&told["words"]), kind.words().map(|word| word.key).collect::<Vec<_>>(), "{}", kind.name);
    }
    for (name, list) in [("link", design::catalogue::LINK), ("data", design::catalogue::DATA), ("class", design::catalogue::CLASS)] {
        assert_eq!(keys(&catalogue[name]), list.iter().map(|word| word.key).collect::<Vec<_>>(), "{name}");
    }
    let retry = words.iter().find(|word| word["key"] == "retry").unwrap();
    assert_eq!((&retry["takes"], keys(&retry["words"])), (&"table".into(), ["attempts", "backoff", "budget"].map(str::to_owned).into()));
}
