//! The choice of colours, kept in a cookie that holds nothing else.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::chrome::Theme;
use crate::form::Fields;
use crate::pages::go;

pub(crate) async fn choose(fields: Fields) -> Response {
    let theme = Theme::named(fields.one("theme"));
    // Back to a page of this site only: a path that begins with one slash.
    let path = fields.one("path");
    let safe = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r']) && path.len() < 500;
    let mut response = go(if safe { path } else { "/" });
    let cookie = match theme {
        Theme::Auto => "theme=; Path=/; Max-Age=0; SameSite=Strict".to_owned(),
        chosen => format!("theme={}; Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly", chosen.word()),
    };
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
