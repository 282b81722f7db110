//! Pages and how they are served. What a learner may do is decided in `desk`; how a page looks is
//! in `templates/` and in the style sheets of `islands/`.

mod cache;
mod chrome;
mod encode;
mod error;
mod figure;
mod form;
mod guard;
mod item;
mod pages;
mod picked;
mod routes;
mod statics;
mod upload;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use desk::Desk;

pub use guard::HostList;
pub use routes::router;

/// What every handler can reach.
pub struct App {
    pub desk: Arc<Desk>,
    pub hosts: HostList,
    /// Where strangers reach this instance ("https://octo.example.org"); none: only this machine.
    pub public_url: Option<String>,
    /// Whether the pack is a working copy whose problems are shown in the pages.
    pub authoring: bool,
    cache: cache::Cache,
}

impl App {
    pub fn new(desk: Arc<Desk>, hosts: HostList, public_url: Option<String>, authoring: bool) -> Self {
        Self { desk, hosts, public_url, authoring, cache: cache::Cache::default() }
    }
}

/// Host names that lead here from this very machine.
pub fn local_names(address: SocketAddr) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).into();
    names.insert(match address {
        SocketAddr::V4(v4) => v4.ip().to_string(),
        SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    });
    names
}

/// Serves until `stop` completes; requests under way are finished first.
pub async fn serve(
    app: Arc<App>,
    listener: tokio::net::TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
