//! The placement: one question, no feedback, stop at any time.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use desk::{DeskError, ItemView, Placement};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::Fields;
use crate::item::{ItemBlock, Notice, Place};
use crate::pages::{chrome, go};

#[derive(Template)]
#[template(path = "placement.html")]
struct PlacementPage {
    chrome: Chrome,
    /// The question's number, from 1.
    number: usize,
    item: String,

    /// 30 marks: done, now, or perhaps.
    steps: Vec<&'static str>,
}

const LEAST: usize = 8;
const MOST: usize = 30;

pub(crate) async fn begin(State(app): State<Arc<App>>) -> Result<Response, WebError> {
    app.desk.begin_placement().await?;
    Ok(go("/placement"))
}

pub(crate) async fn show(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, WebError> {
    page(&app, &uri, &headers, None).await
}

pub(crate) async fn answer(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap, fields: Fields) -> Result<Response, WebError> {
    let seed = fields.one("seed").parse().unwrap_or(0);
    match app.desk.answer_placement(fields.one("item"), seed, &fields.0).await {
        Ok(Placement::Over) => Ok(go("/course?placed=1")),
        Ok(Placement::Ask { .. }) => Ok(go("/placement")),
        Err(DeskError::Question(question)) => page(&app, &uri, &headers, Some(Notice { question, fields: fields.0 })).await,
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn stop(State(app): State<Arc<App>>) -> Result<Response, WebError> {
    app.desk.stop_placement().await?;
    Ok(go("/course?placed=1"))
}

async fn page(app: &App, uri: &Uri, headers: &HeaderMap, notice: Option<Notice>) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let Placement::Ask { item, seed, asked } = learner.placement() else { return Ok(go("/course")) };
    let status = if notice.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let place = Place {
        action: "/placement".into(),
        hint: String::new(),
        label: format!("Question {}", asked + 1),
        confidence: false,
        silent: true,
        notice,
    };
    let view = ItemView { item, seed, last: None, hints: 0, attempts: 0 };
    let block = ItemBlock::new(&learner.shelf.course, &view, place);
    let page = PlacementPage {
        chrome: chrome(app, &learner, headers, uri, "course", "Placement"),
        number: asked + 1,
        item: block.render().unwrap_or_default(),

        steps: (0..MOST)
            .map(|at| {
                if at < asked {
                    "is-done"
                } else if at == asked {
                    "is-now"
                } else if at < LEAST {
                    ""
                } else {
                    "is-maybe"
                }
            })
            .collect(),
    };
    Ok(html(status, &page))
}
