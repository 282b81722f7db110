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
        let mut quoted = serde_json::Deserializer::from_str(rest).into_iter::<String>();
        let (key, used) = match rest.starts_with('"').then(|| quoted.next()).flatten() {
            Some(Ok(key)) => (key, quoted.byte_offset()),
            _ => {
                let end = rest.find('.').unwrap_or(rest.len());
                (rest[..end].to_owned(), end)
            }
        };
        keys.push(key);
        rest = rest[used..].strip_prefix('.').unwrap_or("");
    }
    keys
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
