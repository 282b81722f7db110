//! Pages that were made, until the record or the course changes.
//!
//! A page depends on its address, the theme, the course, the record and the day; course and record are
//! named by digest and length. So a page that was made once is the same bytes until one of them moves, and
//! compressing it is worth the while. Nothing here is state: the cache may be emptied at any time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::App;
use crate::chrome::Theme;
use crate::encode::Encoding;

/// Pages kept, and the largest that is.
const KEPT: usize = 256;
const DAY: i64 = 24 * 60 * 60 * 1000;
const MAX_PAGE: usize = 2 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    path: String,
    theme: Theme,
    encoding: Encoding,
    /// The page of the course offers to start on this machine alone.
    local: bool,
}

#[derive(Default)]
pub(crate) struct Cache {
    pages: Mutex<Pages>,
}

/// Length of the record, digest of the course, and the day: what is due for review changes with it.
type StateOfCourse = (u64, String, i64);

/// All pages here belong to one state of course and record.
#[derive(Default)]
struct Pages {
    state: StateOfCourse,
    made: BTreeMap<Key, Bytes>,
}

impl Cache {
    fn find(&self, state: &StateOfCourse, key: &Key) -> Option<Bytes> {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.state == *state { pages.made.get(key).cloned() } else { None }
    }

    fn keep(&self, state: StateOfCourse, key: Key, page: Bytes) {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.state != state || pages.made.len() >= KEPT {
            pages.made.clear();
            pages.state = state;
        }
        pages.made.insert(key, page);
    }
}

/// Answers a page from the cache, or makes it and keeps it. Everything but a page that was found
/// (`200`, HTML, asked for by GET) passes through, compressed where that is worth it.
pub(crate) async fn pages(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let get = *request.method() == Method::GET;
    let encoding = Encoding::of(request.headers());
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    // A check of a certificate looks at the store each time, and names the host it was asked by.
    if !get || app.authoring || ["/assets/", "/verify"].iter().any(|prefix| path.starts_with(prefix)) {
        return encoded(next.run(request).await, encoding).await;
    }
    let key = Key { path, theme: Theme::of(request.headers()), encoding, local: crate::pages::is_local(&request) };
    let Ok(seq) = app.desk.last_seq().await else { return next.run(request).await };
    let state = (seq, app.desk.shelf().course.digest.clone(), app.desk.now().0.div_euclid(DAY));
    // Pages that only this machine may see are never answered from here to another one: the guard
    // that refuses them stands behind this layer.
    let open = key.path == "/" || key.local;
    if let Some(body) = open.then(|| app.cache.find(&state, &key)).flatten() {
        return page(body, encoding);
    }
    let response = encoded(next.run(request).await, encoding).await;
    if response.status() != StatusCode::OK || !is_html(&response) || response.headers().contains_key(header::SET_COOKIE) || !open {
        return response;
    }
    let (parts, body) = response.into_parts();
    match to_bytes(body, MAX_PAGE).await {
        Ok(body) => {
            app.cache.keep(state, key, body.clone());
            Response::from_parts(parts, Body::from(body))
        }
        Err(_) => Response::from_parts(parts, Body::empty()),
    }
}

fn page(body: Bytes, encoding: Encoding) -> Response {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
    if let Some(name) = encoding.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

fn is_html(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|mime| mime.as_bytes().starts_with(b"text/html"))
}

/// Compresses an HTML answer.
async fn encoded(response: Response, encoding: Encoding) -> Response {
    if !is_html(&response) || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, 16 * MAX_PAGE).await else { return Response::from_parts(parts, Body::empty()) };
    parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
    parts.headers.remove(header::CONTENT_LENGTH);
    match encoding.name() {
        Some(name) if body.len() > 512 => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            Response::from_parts(parts, Body::from(encoding.encode(&body)))
        }
        _ => Response::from_parts(parts, Body::from(body)),
    }
}
