//! Posted forms, read without surprises: every field as text, repeated ones in order.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;

use crate::error::refuse;

/// The fields of a posted form.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(pub(crate) Vec<(String, String)>);

const MAX_FIELDS: usize = 400;

impl Fields {
    pub(crate) fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|found| found == value)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|mime| mime.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
        let empty = request.headers().get(header::CONTENT_LENGTH).is_some_and(|length| length == "0");
        if !form && !empty {
            return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "This is not a form", "Nothing was changed. Send it from the page."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                "That is more than a form here may hold",
                "Nothing was changed. Shorten your text, then send it again.",
            )
        })?;
        parse(&bytes)
            .ok_or_else(|| refuse(StatusCode::BAD_REQUEST, "This form cannot be read", "Nothing was changed. Send it from the page."))
    }
}

/// Reads `a=1&b=two+words`. Bytes that are no text are replaced, never refused.
fn parse(bytes: &[u8]) -> Option<Fields> {
    let mut fields = Vec::new();
    for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        fields.push((decode(&pair[..at]), decode(pair.get(at + 1..).unwrap_or(&[]))));
        if fields.len() > MAX_FIELDS {
            return None;
        }
    }
    Some(Fields(fields))
}

fn decode(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|byte| (*byte as char).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'+', ..) => out.push(b' '),
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (byte, ..) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).replace('\0', "").replace("\r\n", "\n")
}

/// A path segment for a link, made safe whatever it holds.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => out.push(byte as char),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let fields = parse(b"a=1&b=two+words%21&c=%C3%A9&a=2&d&=x&e=%zz").expect("few fields");
        assert_eq!(fields.one("b"), "two words!");
        assert_eq!(fields.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((fields.one("c"), fields.one("d"), fields.one("e")), ("é", "", "%zz"));
    }

    #[test]
    fn a_form_of_a_million_fields_is_refused() {
        assert!(parse("a=1&".repeat(1_000_000).as_bytes()).is_none());
    }

    #[test]
    fn a_segment_keeps_nothing_that_could_leave_its_place() {
        assert_eq!(segment("../a b"), "..%2Fa%20b");
    }
}
