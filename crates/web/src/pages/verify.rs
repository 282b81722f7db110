//! The public check of certificates: by number, or by the text of the file.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use certificate::{Statement, Verdict};
use desk::Checked;

use crate::App;
use crate::chrome::{Chrome, Theme};
use crate::error::{WebError, html};
use crate::form::Fields;

#[derive(Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    chrome: Chrome,
    /// Nothing was asked yet.
    fresh: bool,
    state: &'static str,
    headline: &'static str,
    sentence: String,
    statement: Option<Statement>,
    issued: String,
    modules: Vec<ModuleRow>,
    passed: usize,
    /// Where this certificate can be checked.
    address: String,
    text: String,
}

struct ModuleRow {
    title: String,
    passed: bool,
    score: String,
    graded_by: String,
    answers: String,
    hints: u32,
}

pub(crate) async fn ask(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Response {
    page(&app, &uri, &headers, None, String::new())
}

pub(crate) async fn show(State(app): State<Arc<App>>, Path(id): Path<String>, uri: Uri, headers: HeaderMap) -> Result<Response, WebError> {
    let checked = app.desk.check_id(&id).await?;
    Ok(page(&app, &uri, &headers, Some(&checked), String::new()))
}

pub(crate) async fn check(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap, fields: Fields) -> Result<Response, WebError> {
    let text = fields.one("certificate").trim().to_owned();
    if text.is_empty() {
        return Ok(page(&app, &uri, &headers, None, String::new()));
    }
    // A number, or the end of a link, is looked up; anything else is judged as a file.
    let last = text.rsplit('/').next().unwrap_or("");
    let checked =
        if !text.starts_with('{') && last.len() == 32 { app.desk.check_id(last).await? } else { app.desk.check_text(&text).await? };
    Ok(page(&app, &uri, &headers, Some(&checked), text))
}

/// The certificate as a file, to keep and to send.
pub(crate) async fn file(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response, WebError> {
    let checked = app.desk.check_id(&id).await?;
    if checked.text.is_empty() {
        return Ok((StatusCode::NOT_FOUND, "No certificate with this number was issued here.").into_response());
    }
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_DISPOSITION, "attachment; filename=\"octo-certificate.json\"")];
    Ok((headers, checked.text).into_response())
}

fn page(app: &App, uri: &Uri, headers: &HeaderMap, checked: Option<&Checked>, text: String) -> Response {
    let shelf = app.desk.shelf();
    let chrome = Chrome {
        title: "Check a certificate".into(),
        theme: Theme::of(headers),
        path: uri.path().to_owned(),
        here: "verify",
        started: false,
        problems: 0,
        course_title: shelf.course.text.title.clone(),
        due: 0,
    };
    let (state, headline) = match checked.map(|checked| &checked.verdict) {
        Some(Verdict::Genuine(_)) => ("is-accepted", "Accepted"),
        Some(Verdict::Revoked { .. }) => ("is-revoked", "Revoked"),
        Some(Verdict::KeyEnded { .. }) => ("is-revoked", "Its key has ended"),
        Some(Verdict::NotGenuine | Verdict::Unreadable { .. }) => ("is-refused", "Refused"),
        None => ("", ""),
    };
    let statement = checked.and_then(|checked| checked.verdict.statement()).cloned();
    let modules: Vec<ModuleRow> =
        statement.iter().flat_map(|statement| &statement.chapters).flat_map(|chapter| &chapter.modules).map(row).collect();
    let base = app.public_url.clone().unwrap_or_else(|| {
        headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(|host| format!("http://{host}")).unwrap_or_default()
    });
    let page = VerifyPage {
        chrome,
        fresh: checked.is_none(),
        state,
        headline,
        sentence: checked.map(|checked| checked.verdict.to_string()).unwrap_or_default(),
        issued: statement.as_ref().map(|statement| statement.issued_at.date().to_owned()).unwrap_or_default(),
        address: statement.as_ref().map(|statement| format!("{base}/verify/{}", statement.id)).unwrap_or_default(),
        statement,
        passed: modules.iter().filter(|module| module.passed).count(),
        modules,
        text,
    };
    // One status for an unknown number and for a changed text: the answer is a page either way.
    html(StatusCode::OK, &page)
}

fn row(module: &certificate::Module) -> ModuleRow {
    ModuleRow {
        title: module.title.clone(),
        passed: module.passed,
        score: format!("{:.1}%", f64::from(module.score) / 1e4),
        graded_by: module.graded_by.join(", "),
        answers: format!("{} ({} unaided)", module.answers, module.unaided),
        hints: module.hints_used,
    }
}
