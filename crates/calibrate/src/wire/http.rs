//! HTTP/1.1: GET on connections that stay open, and answers with a length or in chunks.

use anyhow::{Context as _, bail};

use super::line_end;

/// Heads of our servers have a few hundred bytes.
const HEAD_MAX: usize = 16 * 1024;

pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n").into_bytes()
}

/// What the path of a whole question is, and how long the question; none while it is not whole.
pub(crate) fn question(bytes: &[u8]) -> anyhow::Result<Option<(String, usize)>> {
    let Some((head, length)) = head(bytes)? else { return Ok(None) };
    let path = head.strip_prefix("GET ").and_then(|rest| rest.split(' ').next()).context("only GET is understood here")?;
    Ok(Some((path.to_owned(), length)))
}

pub(crate) fn answer(bytes: &[u8]) -> anyhow::Result<Option<usize>> {
    let Some((head, begin)) = head(bytes)? else { return Ok(None) };
    if !head.starts_with("HTTP/1.1 200 ") {
        bail!("the answer is “{}”", head.lines().next().unwrap_or(""));
    }
    if header(head, "transfer-encoding").is_some_and(|how| how.eq_ignore_ascii_case("chunked")) {
        return chunks(bytes, begin);
    }
    let length: usize = header(head, "content-length").context("the answer has no length")?.parse().context("reading a length")?;
    let end = begin.checked_add(length).context("reading a length")?;
    Ok((bytes.len() >= end).then_some(end))
}

pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    fields.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

/// The head, and where the body begins.
pub(crate) fn head(bytes: &[u8]) -> anyhow::Result<Option<(&str, usize)>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        if bytes.len() > HEAD_MAX {
            bail!("a head does not end");
        }
        return Ok(None);
    };
    Ok(Some((std::str::from_utf8(&bytes[..end]).context("a head is no text")?, end + 4)))
}

/// The end of a body in chunks that begins here.
fn chunks(bytes: &[u8], mut at: usize) -> anyhow::Result<Option<usize>> {
    loop {
        let Some(line) = bytes.get(at..).and_then(line_end) else { return Ok(None) };
        let length = std::str::from_utf8(&bytes[at..at + line])?.trim();
        let length = usize::from_str_radix(length, 16).context("reading the length of a chunk")?;
        at = (at + line + 2).checked_add(length).and_then(|at| at.checked_add(2)).context("reading the length of a chunk")?;
        if at > bytes.len() {
            return Ok(None);
        }
        if length == 0 {
            return Ok(Some(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_a_length_and_anything_but_200_is_an_error() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(answer(whole).unwrap(), Some(whole.len()));
        assert_eq!(answer(&whole[..whole.len() - 1]).unwrap(), None);
        let refused = answer(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").unwrap_err();
        assert_eq!(refused.to_string(), "the answer is “HTTP/1.1 502 Bad Gateway”");
        assert!(answer(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(answer(b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n").is_err());
        assert!(answer(&[b'a'; HEAD_MAX + 1]).is_err());
    }

    #[test]
    fn questions_are_read_one_by_one() {
        let two = [get("/7"), get("/8")].concat();
        let (path, length) = question(&two).unwrap().unwrap();
        assert_eq!((path.as_str(), question(&two[length..]).unwrap().unwrap().0.as_str()), ("/7", "/8"));
        assert!(question(b"POST / HTTP/1.1\r\n\r\n").is_err());
    }
}
