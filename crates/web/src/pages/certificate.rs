//! The learner's certificates: what is missing, issuing, and those that were issued.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use desk::{DeskError, Standing};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::form::{Fields, segment};
use crate::pages::{chrome, go};

#[derive(Template)]
#[template(path = "certificates.html")]
struct CertificatesPage {
    chrome: Chrome,
    standings: Vec<Standing>,
    /// Number and day.
    issued: Vec<(String, String)>,
    rule: String,
    problem: Option<String>,
    name: String,
}

pub(crate) async fn show(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, WebError> {
    page(&app, &uri, &headers, None).await
}

pub(crate) async fn issue(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap, fields: Fields) -> Result<Response, WebError> {
    match app.desk.certify(fields.one("chapter"), fields.one("name")).await {
        Ok(issued) => Ok(go(&format!("/verify/{}", segment(&issued.id)))),
        Err(DeskError::Question(question) | DeskError::NotYet(question)) => page(&app, &uri, &headers, Some((question, fields))).await,
        Err(error) => Err(error.into()),
    }
}

async fn page(app: &App, uri: &Uri, headers: &HeaderMap, problem: Option<(String, Fields)>) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    if !learner.has_started() {
        return Ok(go("/start"));
    }
    let issued = app.desk.certificates().await?;
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = CertificatesPage {
        chrome: chrome(app, &learner, headers, uri, "certificate", "Your certificates"),
        standings: learner.standings(),
        issued: issued
            .into_iter()
            .map(|issued| (issued.id, ::certificate::Utc::from_unix_ms(issued.issued_at.0).date().to_owned()))
            .collect(),
        rule: learner.shelf.course.text.pass_rule.clone(),
        name: problem.as_ref().map(|(_, fields)| fields.one("name").to_owned()).unwrap_or_default(),
        problem: problem.map(|(question, _)| question),
    };
    Ok(html(status, &page))
}
