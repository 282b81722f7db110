//! Files that come with the binary: style, fonts, scripts, the engine for the browser.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::encode::Encoding;

pub(crate) async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = assets::find(&path) else {
        return (StatusCode::NOT_FOUND, "There is no such file. Reload the page; its files may have changed.").into_response();
    };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == asset.etag.as_bytes());
    let (bytes, encoding) = match (Encoding::of(&headers), asset.br, asset.gz) {
        (Encoding::Brotli, Some(br), _) => (br, Some("br")),
        (Encoding::Brotli | Encoding::Gzip, _, Some(gz)) => (gz, Some("gzip")),
        _ => (asset.bytes, None),
    };
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(Body::from(bytes)) };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    out.insert(header::ETAG, HeaderValue::from_static(asset.etag));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" }),
    );
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

pub(crate) async fn favicon() -> Response {
    match assets::url("mark.svg") {
        Some(url) => Redirect::permanent(url).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The page of the course may be found; a learner's pages and certificates may not.
pub(crate) async fn robots() -> &'static str {
    "User-agent: *\nAllow: /$\nDisallow: /\n"
}
