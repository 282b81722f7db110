//! The pages: a file each, with its handlers and the struct that its template shows.

pub(crate) mod belief_test;
pub(crate) mod beliefs;
pub(crate) mod certificate;
pub(crate) mod course;
pub(crate) mod foresight;
pub(crate) mod lesson;
pub(crate) mod onward;
pub(crate) mod placement;
pub(crate) mod plan;
pub(crate) mod practice;
pub(crate) mod record;
pub(crate) mod review;
pub(crate) mod start;
pub(crate) mod studio;
pub(crate) mod sure;
pub(crate) mod theme;
pub(crate) mod verify;
pub(crate) mod way;
pub(crate) mod words;

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use desk::Learner;

use crate::App;
use crate::chrome::{Chrome, Theme};

/// Whether a request comes from this very machine, directly.
pub(crate) fn is_local(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    // A proxy on this machine speaks for others; it says so.
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].iter().any(|name| request.headers().contains_key(*name));
    peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback()) && !forwarded
}

/// What stands around a learner's page.
pub(crate) fn chrome(app: &App, learner: &Learner, headers: &HeaderMap, uri: &Uri, here: &'static str, title: impl Into<String>) -> Chrome {
    Chrome {
        title: title.into(),
        theme: Theme::of(headers),
        path: uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        here,
        started: learner.has_started(),
        problems: if app.authoring { learner.shelf.problems.len() } else { 0 },
        course_title: learner.shelf.course.text.title.clone(),
        due: learner.due(app.desk.now()).len(),
    }
}

/// "See other": a form was taken, and here is the page that shows it.
///
/// An address may hold what somebody typed; what does not belong into a header is escaped, so that
/// no text can end the header or the request.
pub(crate) fn go(to: &str) -> Response {
    let mut address = String::with_capacity(to.len());
    for byte in to.bytes() {
        match byte {
            b'!'..=b'~' => address.push(byte as char),
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    Redirect::to(&address).into_response()
}

/// Markdown without claims, for the texts of the course page.
pub(crate) fn markdown(text: &str) -> String {
    let (values, vars) = Default::default();
    course_text(text, &values, &vars)
}

fn course_text(text: &str, values: &std::collections::BTreeMap<String, String>, vars: &::course::Vars) -> String {
    ::course::html(text, ::course::Context { values, sources: &[], vars })
}
