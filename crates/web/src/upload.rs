//! A posted form that carries a file (`multipart/form-data`), read without surprises: the whole of it
//! is in memory and bounded by the route, and of each part only its name and its bytes count.

/// One field: its name, and what was sent.
pub(crate) type Part<'a> = (String, &'a [u8]);

/// The boundary that a content type names.
pub(crate) fn boundary(mime: &str) -> Option<&str> {
    let (kind, rest) = mime.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = rest.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    (!value.is_empty() && value.len() <= 70).then_some(value)
}

/// The parts, at most so many as a form here has; `None` if it is no such form, or was cut.
pub(crate) fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    const MOST: usize = 8;
    let line = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(line.as_bytes())?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        if parts.len() >= MOST {
            return None;
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, b"\r\n\r\n")?;
        let name = name(&rest[..end])?;
        rest = &rest[end + 4..];
        let end = find(rest, between.as_bytes())?;
        parts.push((name, &rest[..end]));
        rest = &rest[end + between.len()..];
    }
    Some(parts)
}

/// `Content-Disposition: form-data; name="file"; filename="x"` -> file.
fn name(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let line = head.split("\r\n").find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let (_, rest) = line.split_once(" name=\"")?;
    rest.split_once('"').map(|(name, _)| name.to_owned())
}

/// Where `what` first stands. Looks for its first byte, so that a file of megabytes takes milliseconds.
fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| *byte == first) {
        at += next;
        if bytes[at..].starts_with(what) {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "--x1\r\nContent-Disposition: form-data; name=\"then\"\r\n\r\ncheck\r\n--x1\r\n\
                        content-disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\nContent-Type: text/plain\r\n\r\none\r\n--x\r\n\r\n--x1--\r\n";

    #[test]
    fn a_file_is_read_as_browsers_send_it() {
        let mime = "multipart/form-data; boundary=x1";
        let parts = parts(FORM.as_bytes(), boundary(mime).unwrap()).unwrap();
        assert_eq!(parts, [("then".to_owned(), b"check".as_slice()), ("file".to_owned(), b"one\r\n--x\r\n".as_slice())]);
    }

    #[test]
    fn what_is_no_form_or_was_cut_is_nothing() {
        for mime in ["text/plain", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x1"] {
            assert_eq!(boundary(mime), None, "{mime}");
        }
        for cut in 0..FORM.len() - 4 {
            assert_eq!(parts(&FORM.as_bytes()[..cut], "x1"), None, "{cut}");
        }
        let many = format!("{}--x1--", "--x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n".repeat(9));
        assert_eq!(parts(many.as_bytes(), "x1"), None);
    }
}
