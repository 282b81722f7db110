//! Review: a sitting of any length over what is due, one question at a time, and what came of it.
//! Where a sitting began is the number of the entry before it; it travels in the addresses.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use desk::{DeskError, ItemView, Learner};
use record::{Outcome, Setting};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::{Fields, segment};
use crate::item::{ItemBlock, Notice, Place};
use crate::pages::onward::{Onward, onward};
use crate::pages::plan::{Banner, banner};
use crate::pages::{chrome, go};

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    chrome: Chrome,
    /// Due still, without the question on the page.
    left: usize,
    /// Answered in this sitting.
    asked: u32,
    since: u64,
    banner: Option<Banner>,
    /// The module of the question, named once it is answered.
    module: Option<(String, String)>,
    item: String,
    answered: bool,
}

#[derive(Template)]
#[template(path = "reviewed.html")]
struct ReviewedPage {
    chrome: Chrome,
    /// What the sitting came to; `None` where there was none.
    count: Option<String>,
    moved: String,
    /// Nothing was ever learned, so nothing can fade.
    empty: bool,
    left: usize,
    onward: Onward,
}

type Queried = Query<BTreeMap<String, String>>;

fn since(query: &BTreeMap<String, String>, learner: &Learner) -> u64 {
    query.get("since").and_then(|seq| seq.parse().ok()).unwrap_or_else(|| learner.seq()).min(learner.seq())
}

/// The next question that is due, or the end of the sitting.
pub(crate) async fn show(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap, Query(query): Queried) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    match app.desk.review(&learner)? {
        Some(view) => page(&app, &learner, (&uri, &headers), view, since(&query, &learner), None, None),
        None => end(&app, &learner, &uri, &headers, query.get("since").map(|_| since(&query, &learner))),
    }
}

/// A question of the sitting with what was answered to it.
pub(crate) async fn again(
    State(app): State<Arc<App>>,
    Path((item, seed)): Path<(String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    Query(query): Queried,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let view = app.desk.questioned(&learner, &item, seed, Setting::Review).await?;
    let changed = query.get("changed").and_then(|seq| seq.parse().ok());
    page(&app, &learner, (&uri, &headers), view, since(&query, &learner), changed, None)
}

pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Path((item, seed)): Path<(String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    match app.desk.answer(&item, seed, Setting::Review, &fields.0).await {
        Ok(answered) => Ok(go(&format!("{}&changed={}", address(&item, seed, sent_since(&fields)), answered.seq))),
        Err(DeskError::Question(question)) => asked_back(&app, &item, seed, (&uri, &headers), question, fields).await,
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn hint(
    State(app): State<Arc<App>>,
    Path((item, seed)): Path<(String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    match app.desk.hint(&item, seed, Setting::Review).await {
        Ok(_) => Ok(go(&address(&item, seed, sent_since(&fields)))),
        Err(DeskError::NotYet(question)) => asked_back(&app, &item, seed, (&uri, &headers), question, fields).await,
        Err(error) => Err(error.into()),
    }
}

/// Enough for now.
pub(crate) async fn done(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap, Query(query): Queried) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    end(&app, &learner, &uri, &headers, Some(since(&query, &learner)))
}

async fn asked_back(
    app: &App,
    item: &str,
    seed: u64,
    place: (&Uri, &HeaderMap),
    question: String,
    fields: Fields,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    let view = app.desk.questioned(&learner, item, seed, Setting::Review).await?;
    let since = sent_since(&fields).min(learner.seq());
    page(app, &learner, place, view, since, None, Some(Notice { question, fields: fields.0 }))
}

fn sent_since(fields: &Fields) -> u64 {
    fields.one("since").parse().unwrap_or(u64::MAX)
}

fn address(item: &str, seed: u64, since: u64) -> String {
    format!("/review/{}/{seed}?since={since}", segment(item))
}

fn page(
    app: &App,
    learner: &Learner,
    (uri, headers): (&Uri, &HeaderMap),
    view: ItemView,
    since: u64,
    changed: Option<u64>,
    notice: Option<Notice>,
) -> Result<Response, WebError> {
    let answered = view.last.is_some();
    let status = if notice.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut page_chrome = chrome(app, learner, headers, uri, "review", "Review");
    if status != StatusCode::OK {
        page_chrome.path = "/review".into();
    }
    let sat = learner.sat(since, app.desk.now());
    let skill = view.item.skill.clone();
    let own = learner.due(app.desk.now()).iter().any(|due| learner.shelf.curriculum.skills[due.card.skill].id == skill);
    let right = view.last.as_ref().is_some_and(|last| last.verdict.outcome == Outcome::Right);
    let row = learner.shelf.course.skill(&skill).filter(|_| answered);
    let page = ReviewPage {
        chrome: page_chrome,
        left: sat.left - usize::from(own),
        asked: sat.asked,
        since,
        banner: changed.and_then(|seq| banner(learner, seq)),
        module: row.map(|row| {
            let lesson = learner.shelf.course.lessons.contains_key(&skill) && !right;
            (row.title.clone(), if lesson { format!("/learn/{}", segment(&skill)) } else { String::new() })
        }),
        item: block(learner, &view, since, notice),
        answered,
    };
    Ok(html(status, &page))
}

fn block(learner: &Learner, view: &ItemView, since: u64, notice: Option<Notice>) -> String {
    let action = format!("/review/{}/{}", segment(&view.item.id), view.seed);
    let place = Place { hint: format!("{action}/hint"), action, label: String::new(), confidence: true, silent: false, notice };
    let block = ItemBlock::new(&learner.shelf.course, view, place).render().unwrap_or_default();
    block.replace("<!--depth-->", &format!("<input type=\"hidden\" name=\"since\" value=\"{since}\">"))
}

fn end(app: &App, learner: &Learner, uri: &Uri, headers: &HeaderMap, since: Option<u64>) -> Result<Response, WebError> {
    let now = app.desk.now();
    let sitting = learner.sat(since.unwrap_or_else(|| learner.seq()), now);
    let page = ReviewedPage {
        chrome: chrome(app, learner, headers, uri, "review", "Review"),
        count: since.filter(|_| sitting.asked > 0).map(|_| sitting.count()),
        moved: sitting.sentence(&learner.shelf.curriculum),
        empty: learner.cards.is_empty(),
        left: sitting.left,
        onward: onward(learner, now),
    };
    Ok(html(StatusCode::OK, &page))
}
