//! A router over a fresh record and the toy course, and requests to it as a browser sends them.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use ::record::Moment;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::{Router, http};
use certificate::Keys;
use desk::{Desk, Shelf, World};
use store::{Options, Store};
use tempfile::TempDir;
use tower::ServiceExt as _;
use web::{App, HostList};

/// This machine, and another one.
pub(crate) const HERE: &str = "127.0.0.1:50000";
pub(crate) const ELSEWHERE: &str = "192.0.2.7:50000";

pub(crate) struct Site {
    desk: Arc<Desk>,
    router: Router,
    _data: TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// What stands between the first `before` and the next double quote.
    pub(crate) fn after(&self, before: &str) -> &str {
        self.text.split_once(before).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_else(|| panic!("no {before} in {}", self.text))
    }
}

impl Site {
    pub(crate) async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}", data.path().join("octo.db").display()), &Options::default()).await.unwrap();
        let keys = Keys::generate([7; 32], "first").unwrap();
        let loaded = ::course::load(&toy());
        assert!(loaded.passes(), "{:?}", loaded.problems);
        let world = World { now: || Moment(1_767_225_600_000 + DAYS.get() * 86_400_000), entropy };
        let desk = Arc::new(Desk::new(store, keys, "a test".into(), Shelf::new(loaded).unwrap(), world));
        let hosts = HostList(["localhost".to_owned()].into());
        let router = web::router(Arc::new(App::new(Arc::clone(&desk), hosts, None, false)));
        Self { desk, router, _data: data }
    }

    /// A learner who answered the six questions and left the placement.
    pub(crate) async fn started() -> Self {
        let site = Self::new().await;
        assert_eq!(site.post("/start", "role=backend&years=3&hours=4&then=course").await.status, StatusCode::SEE_OTHER);
        site
    }

    /// How many entries the record has.
    pub(crate) async fn entries(&self) -> u64 {
        self.desk.last_seq().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send(request("GET", path, HERE).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, form: impl Into<Body>) -> Page {
        self.send(request("POST", path, HERE).header("content-type", "application/x-www-form-urlencoded").body(form.into()).unwrap()).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Page {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, 16 << 20).await.unwrap();
        Page { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

/// A request from `peer` to the name that the site knows as its own.
pub(crate) fn request(method: &str, path: &str, peer: &str) -> http::request::Builder {
    let peer: SocketAddr = peer.parse().unwrap();
    Request::builder().method(method).uri(path).header("host", "localhost:8017").extension(ConnectInfo(peer))
}

thread_local! {
    /// Days that have passed. A test has a thread of its own, so none moves the clock of another.
    static DAYS: Cell<i64> = const { Cell::new(0) };
}

pub(crate) fn days_pass(days: i64) {
    DAYS.set(DAYS.get() + days);
}

/// Different each time, and the same in each run of the tests.
fn entropy() -> [u8; 32] {
    static DRAWN: AtomicU8 = AtomicU8::new(1);
    [DRAWN.fetch_add(1, Ordering::Relaxed); 32]
}

pub(crate) fn toy() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pack");
    let files = ["course.toml", "skills.toml", "stacks.toml", "background.toml", "one/count.md", "one/designs/worker.toml"];
    files.map(|file| (file.to_owned(), fs::read_to_string(root.join(file)).unwrap())).into()
}
