//! A learner's record, to take along and to read in.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use certificate::Utc;
use desk::{Brought, DeskError};
use record::file::{Fault, Whole};

use crate::App;
use crate::chrome::Chrome;
use crate::error::{WebError, html};
use crate::pages::{chrome, go};
use crate::upload::{boundary, parts};

/// The largest upload \[bytes\]; longer records are read in on the command line.
pub(crate) const UPLOAD_MOST: usize = 16 << 20;

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    chrome: Chrome,
    entries: u64,
    /// What went wrong, or what was found.
    problem: Option<String>,
    found: Option<String>,
    imported: bool,
}

pub(crate) async fn show(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    Query(query): Query<std::collections::BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    page(&app, &uri, &headers, StatusCode::OK, None, None, query.contains_key("imported")).await
}

pub(crate) async fn file(State(app): State<Arc<App>>) -> Result<Response, WebError> {
    Ok(download("octo-record.jsonl", app.desk.export().await?))
}

pub(crate) async fn statements(State(app): State<Arc<App>>) -> Result<Response, WebError> {
    let home = app.public_url.as_ref().map_or_else(|| "http://localhost/".to_owned(), |url| format!("{url}/"));
    Ok(download("octo-xapi.jsonl", app.desk.export_xapi(&home).await?))
}

fn download(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, "application/jsonl; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)], text)
        .into_response()
}

/// An uploaded file: checked to its end, and read in if that was asked for.
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, WebError> {
    let sent =
        body.map_err(|_| format!("This is more than the {} MiB that an upload may have. Read it in with octo import.", UPLOAD_MOST >> 20));
    let read = sent.and_then(|body| sent_file(&headers, &body));
    let (read, check) = match read {
        Ok(read) => read,
        Err(problem) => return page(&app, &uri, &headers, StatusCode::UNPROCESSABLE_ENTITY, Some(problem), None, false).await,
    };
    let done = if check { app.desk.check_import(&read).await } else { app.desk.import(read).await };
    match done {
        Ok(found) if check => page(&app, &uri, &headers, StatusCode::OK, None, Some(told(&found)), false).await,
        Ok(_) => Ok(go("/record?imported=1")),
        Err(DeskError::Question(says)) => page(&app, &uri, &headers, StatusCode::UNPROCESSABLE_ENTITY, Some(says), None, false).await,
        Err(error) => Err(error.into()),
    }
}

/// The record that was sent, and whether it is only to be checked.
fn sent_file(headers: &HeaderMap, body: &[u8]) -> Result<(Result<Whole, Fault>, bool), String> {
    const NO_FORM: &str = "The file did not arrive whole. Choose it and send it again.";
    let mime = headers.get(header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or("");
    let parts = boundary(mime).and_then(|boundary| parts(body, boundary)).ok_or(NO_FORM)?;
    let part = |name: &str| parts.iter().find(|(key, _)| key == name).map(|(_, bytes)| *bytes);
    let file = part("file").ok_or(NO_FORM)?;
    if file.is_empty() {
        return Err("No file was chosen, or it is empty. Choose the file that you took along.".into());
    }
    let check = part("then") != Some(b"import");
    let read = match std::str::from_utf8(file) {
        Ok(text) => Whole::from_lines(text),
        Err(error) => {
            let line = file[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(Fault { line, says: "It is no text in UTF-8. Choose the file that Octo wrote, unchanged.".into() })
        }
    };
    Ok((read, check))
}

fn told(found: &Brought) -> String {
    let date = |at: Option<record::Moment>| at.map_or_else(String::new, |at| Utc::from_unix_ms(at.0).date().to_owned());
    let course = if found.other_course.is_some() {
        " It was made with another course; what this one does not have is kept and plays no part."
    } else {
        ""
    };
    format!("{} entries from {} to {}, and {} texts.{course}", found.entries, date(found.from), date(found.to), found.texts)
}

async fn page(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    status: StatusCode,
    problem: Option<String>,
    found: Option<String>,
    imported: bool,
) -> Result<Response, WebError> {
    let learner = app.desk.learner().await?;
    let mut page_chrome = chrome(app, &learner, headers, uri, "beliefs", "Your record");
    page_chrome.path = "/record".into();
    let page = RecordPage { chrome: page_chrome, entries: learner.seq(), problem, found, imported };
    Ok(html(status, &page))
}
