//! Practice: one fresh question at a time until the module is proved.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use desk::{DeskError, ItemView, Learner};
use record::{Outcome, Setting};
use tutor::State as LineState;

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::{Fields, segment};
use crate::item::{ItemBlock, Notice, Place};
use crate::pages::plan::{Banner, banner};
use crate::pages::{chrome, go, next_module};

#[derive(Template)]
#[template(path = "practice.html")]
struct PracticePage {
    chrome: Chrome,
    skill: String,
    number: String,
    title: String,
    banner: Option<Banner>,
    item: Option<String>,
    /// The question on the page is settled: there is a next one.
    settled: bool,
    in_a_row: u8,
    missing: String,
    proved: bool,
    taught: bool,
    next: Option<(String, String)>,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Path(skill): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let view = app.desk.practice(&learner, &skill).await?.view;
    page(&app, &learner, &skill, &uri, &headers, view, None, None).await
}

/// A question with what was answered to it; also where a question comes back to.
pub(crate) async fn again(
    State(app): State<Arc<App>>,
    Path((skill, item, seed)): Path<(String, String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    let view = app.desk.practised(&learner, &item, seed).await?;
    let changed = query.get("changed").and_then(|seq| seq.parse().ok());
    page(&app, &learner, &skill, &uri, &headers, Some(view), changed, None).await
}

pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    Path((skill, item, seed)): Path<(String, String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    match app.desk.answer(&item, seed, Setting::Practice, &fields.0).await {
        Ok(answered) => Ok(go(&format!("{}?changed={}", address(&skill, &item, seed), answered.seq))),
        Err(DeskError::Question(question)) => asked_back(&app, &skill, &item, seed, &uri, &headers, question, fields).await,
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn hint(
    State(app): State<Arc<App>>,
    Path((skill, item, seed)): Path<(String, String, u64)>,
    uri: Uri,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, WebError> {
    match app.desk.hint(&item, seed, Setting::Practice).await {
        Ok(_) => Ok(go(&address(&skill, &item, seed))),
        Err(DeskError::NotYet(question)) => asked_back(&app, &skill, &item, seed, &uri, &headers, question, fields).await,
        Err(error) => Err(error.into()),
    }
}

#[allow(clippy::too_many_arguments)]
async fn asked_back(
    app: &App,
    skill: &str,
    item: &str,
    seed: u64,
    uri: &Uri,
    headers: &HeaderMap,
    question: String,
    fields: Fields,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    let view = app.desk.practised(&learner, item, seed).await?;
    page(app, &learner, skill, uri, headers, Some(view), None, Some(Notice { question, fields: fields.0 })).await
}

fn address(skill: &str, item: &str, seed: u64) -> String {
    format!("/practice/{}/{}/{seed}", segment(skill), segment(item))
}

#[allow(clippy::too_many_arguments)]
async fn page(
    app: &App,
    learner: &Learner,
    skill: &str,
    uri: &Uri,
    headers: &HeaderMap,
    view: Option<ItemView>,
    changed: Option<u64>,
    notice: Option<Notice>,
) -> Result<Response, WebError> {
    let course = &learner.shelf.course;
    let row = course.skill(skill).ok_or_else(|| DeskError::NoSuch { what: "module", name: skill.chars().take(80).collect() })?;
    let line = learner.line(skill);
    let settled = view.as_ref().and_then(|view| view.last.as_ref()).is_some_and(|last| last.verdict.outcome != Outcome::Wrong);
    let status = if notice.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let item = view.map(|view| {
        let action = address(skill, &view.item.id, view.seed);
        let place = Place {
            hint: format!("{action}/hint"),
            action,
            label: String::new(),
            confidence: view.item.id.len() % 3 == 0,
            silent: false,
            notice,
        };
        ItemBlock::new(course, &view, place).render().unwrap_or_default().replace("<!--depth-->", "")
    });
    let proved = line.is_some_and(|line| line.state == LineState::Proved);
    let numbers = learner.shelf.numbers();
    let mut page_chrome = chrome(app, learner, headers, uri, "course", format!("Practice: {}", row.title));
    if status != StatusCode::OK {
        page_chrome.path = format!("/practice/{}", segment(skill));
    }
    let page = PracticePage {
        chrome: page_chrome,
        skill: skill.to_owned(),
        number: numbers.get(skill).cloned().unwrap_or_default(),
        title: row.title.clone(),
        banner: changed.and_then(|seq| banner(learner, seq)),
        item,
        settled,
        in_a_row: line.map_or(0, |line| line.proof.unaided_right_in_a_row.min(3)),
        missing: line.and_then(|line| line.proof.missing()).unwrap_or_default(),
        proved,
        taught: learner.was_taught(skill),
        next: next_module(learner, skill),
    };
    Ok(html(status, &page))
}
