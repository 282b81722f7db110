//! Dotted paths to places in a document: `components.web.time`, `links.web -> db.rtt`.
//!
//! A key that is not plain is quoted as JSON quotes it, so every path can be taken apart again.

/// The path of `key` below `path`.
pub(crate) fn join(path: &str, key: &str) -> String {
    let key = if is_plain(key) { key.to_owned() } else { serde_json::Value::from(key).to_string() };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

/// The keys of a path, from the root.
pub(crate) fn split(path: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (key, used) = match quoted(rest) {
            Some(found) => found,
            None => {
                let end = rest.find('.').unwrap_or(rest.len());
                (rest[..end].to_owned(), end)
            }
        };
        keys.push(key);
        rest = rest[used..].strip_prefix('.').unwrap_or("");
    }
    keys
}

/// The key that is quoted at the beginning of a text, and how long it is there.
fn quoted(text: &str) -> Option<(String, usize)> {
    let inside = text.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = inside.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })?;
    let literal = &text[..end + 2];
    match crate::tree::json(literal) {
        Ok(serde_json::Value::String(key)) => Some((key, literal.len())),
        _ => None,
    }
}

/// The path without its last key; empty at the root.
pub(crate) fn parent(path: &str) -> String {
    let mut keys = split(path);
    keys.pop();
    keys.iter().fold(String::new(), |path, key| join(&path, key))
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b' ' | b'>'))
}
