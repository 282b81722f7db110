//! What a visitor sees when something cannot be done: what happened, what is safe, where to go.
//!
//! | the failure | the page |
//! |---|---|
//! | the address names nothing | 404, with the way back |
//! | a question back (`DeskError::Question`) | the page it came from shows it; elsewhere 422 |
//! | something must come first (`NotYet`) | 409, with the way there |
//! | the record or a run failed | 503, and that nothing was lost |
//! | our own mistake | 500; the process goes on |

use std::any::Any;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use desk::DeskError;

use crate::App;
use crate::chrome::{Chrome, Theme};

#[derive(Template)]
#[template(path = "error.html")]
struct Mishap<'a> {
    chrome: Chrome,
    code: u16,
    what: &'a str,
    next: &'a str,
    asked: String,
}

/// A page for a refusal, made without the desk: it must work when nothing else does.
pub(crate) fn refuse(status: StatusCode, what: &str, next: &str) -> Response {
    page(status, what, next, String::new(), Theme::Auto, false)
}

fn mishap(status: StatusCode, what: &str, next: &str, asked: String, theme: Theme) -> Response {
    page(status, what, next, asked, theme, true)
}

/// `started`: the way back leads to the learner's own course.
fn page(status: StatusCode, what: &str, next: &str, asked: String, theme: Theme, started: bool) -> Response {
    let chrome =
        Chrome { title: what.to_owned(), theme, path: "/".into(), here: "", started, problems: 0, course_title: "Octo".into(), due: 0 };
    let page = Mishap { chrome, code: status.as_u16(), what, next, asked };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => (status, what.to_owned()).into_response(),
    }
}

pub(crate) async fn not_found(State(_app): State<Arc<App>>, request: Request) -> Response {
    let asked: String = request.uri().path().chars().take(120).collect();
    mishap(
        StatusCode::NOT_FOUND,
        "There is nothing at this address",
        "It may have been mistyped. Your record is unchanged.",
        asked,
        Theme::of(request.headers()),
    )
}

pub(crate) async fn wrong_method(headers: HeaderMap) -> Response {
    mishap(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address is used in another way",
        "Nothing was changed. Open the page and use its buttons.",
        String::new(),
        Theme::of(&headers),
    )
}

pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!(panic = what, "A page panicked; the server goes on");
    refuse(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Octo made a mistake",
        "What was saved before is safe. Go back and try again; if it happens again, please report it.",
    )
}

/// A failed use case as a page.
#[derive(Debug)]
pub(crate) struct WebError(DeskError);

impl From<DeskError> for WebError {
    fn from(error: DeskError) -> Self {
        Self(error)
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let said = self.0.to_string();
        let (status, next) = match &self.0 {
            DeskError::NoSuch { .. } => {
                (StatusCode::NOT_FOUND, "It may have been mistyped, or belong to another version of the course. Your record is unchanged.")
            }
            DeskError::Question(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Nothing was recorded. Go back and answer again."),
            DeskError::NotYet(_) => (StatusCode::CONFLICT, "Your course says what comes first."),
            DeskError::Run(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Your record is unchanged. The author of the course can find the fault with octo pack check.",
            ),
            DeskError::Busy | DeskError::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "What was acknowledged before is safe."),
        };
        if status.is_server_error() {
            tracing::error!(error = %said, "A page failed");
        }
        mishap(status, &said, next, String::new(), Theme::Auto)
    }
}

/// A template as a page.
pub(crate) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "A template failed");
            refuse(StatusCode::INTERNAL_SERVER_ERROR, "Octo could not draw this page", "Your record is unchanged. Please report it.")
        }
    }
}
