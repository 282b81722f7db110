//! What is refused before a page is asked for, and what every answer carries.
//!
//! There are no accounts yet, so whoever reaches a page is the learner. That is right on this
//! machine and nowhere else: names are checked (DNS rebinding), other sites' requests refused,
//! and beyond loopback only the course page, the studio and verification are served.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::App;
use crate::error::refuse;

/// Names under which this instance may be asked for, without ports.
#[derive(Debug, Clone, Default)]
pub struct HostList(pub BTreeSet<String>);

impl HostList {
    fn allows(&self, host: &str) -> bool {
        self.0.contains(&without_port(host).to_ascii_lowercase())
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Refuses names that are not ours: a page of another site could otherwise point its own name here.
pub(crate) async fn known_host(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).or_else(|| request.uri().host()).unwrap_or("");
    if app.hosts.allows(host) {
        return next.run(request).await;
    }
    let host: String = host.chars().take(80).collect();
    refuse(
        StatusCode::MISDIRECTED_REQUEST,
        "This name does not lead to Octo",
        &format!("The request asks for “{host}”. If that is yours, start Octo with --public-url."),
    )
}

/// Refuses what another site sends on a visitor's behalf.
pub(crate) async fn same_site(request: Request, next: Next) -> Response {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD);
    if harmless || from_here(request.headers()) {
        return next.run(request).await;
    }
    refuse(StatusCode::FORBIDDEN, "This request came from another site", "Nothing was changed. Open the page here and send it again.")
}

fn from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Every current browser says where a request comes from; older ones send Origin or Referer.
    // A client that sends none of the three is not a browser acting for somebody else's page.
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let host = text("host").unwrap_or("");
    match text("origin").or_else(|| text("referer")) {
        Some("null") => false,
        Some(from) => from.split_once("://").is_some_and(|(_, rest)| rest.split('/').next() == Some(host)),
        None => true,
    }
}

/// Serves the learner's own pages to this machine alone.
pub(crate) async fn only_here(request: Request, next: Next) -> Response {
    if crate::pages::is_local(&request) {
        return next.run(request).await;
    }
    refuse(
        StatusCode::FORBIDDEN,
        "This page is for the learner's own machine",
        "There are no accounts yet, so beyond it only the page of the course, the studio and the check of certificates are served.",
    )
}

/// What every answer carries.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; \
                          img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put("content-security-policy", POLICY);
    put("x-content-type-options", "nosniff");
    put("referrer-policy", "same-origin");
    put("cross-origin-opener-policy", "same-origin");
    put("cross-origin-resource-policy", "same-origin");
    put("permissions-policy", "camera=(), geolocation=(), microphone=()");
    put("cache-control", "no-cache, private");
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn names_are_compared_without_port_and_case() {
        let hosts = HostList(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).into());
        let allowed: Vec<bool> =
            ["localhost:8080", "LOCALHOST", "127.0.0.1:1", "[::1]:8080", "evil.example", "localhost.evil.example", "", "localhost:evil"]
                .map(|host| hosts.allows(host))
                .into();
        assert_eq!(allowed, [true, true, true, true, false, false, false, false]);
    }

    #[test]
    fn another_sites_form_is_told_by_what_the_browser_says() {
        assert!(from_here(&asked(&[("sec-fetch-site", "same-origin")])));
        assert!(!from_here(&asked(&[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:1"), ("host", "localhost:1")])));
        assert!(!from_here(&asked(&[("sec-fetch-site", "same-site")])));
        assert!(from_here(&asked(&[("origin", "http://localhost:1"), ("host", "localhost:1")])));
        assert!(!from_here(&asked(&[("origin", "http://localhost:2"), ("host", "localhost:1")])));
        assert!(!from_here(&asked(&[("origin", "null"), ("host", "localhost:1")])));
        assert!(from_here(&asked(&[("host", "localhost:1")])));
    }
}
