//! A client for the measurements: one request per connection, whole answers, nothing hidden.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    /// As sent, still encoded.
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// `encoding` is what is accepted: "br", "gzip" or "identity".
pub(super) fn get(at: SocketAddr, path: &str, encoding: &str) -> anyhow::Result<Answer> {
    let answer = send(at, &format!("GET {path} HTTP/1.1\r\nHost: {at}\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n"), path)?;
    ensure!(answer.status == 200, "GET {path} answered {}", answer.status);
    Ok(answer)
}

/// A form as a browser sends it; the fields are plain words.
pub(super) fn post(at: SocketAddr, path: &str, form: &str) -> anyhow::Result<Answer> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {at}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        form.len()
    );
    send(at, &(head + form), path)
}

fn send(at: SocketAddr, request: &str, path: &str) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&at, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).with_context(|| format!("reading the answer to {path}"))?;
    parse(&bytes).with_context(|| format!("reading the answer to {path}"))
}

fn parse(bytes: &[u8]) -> anyhow::Result<Answer> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { bail!("the answer has no end of its head") };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split_whitespace().nth(1).and_then(|code| code.parse().ok()).context("the answer has no status")?;
    let mut answer = Answer { status, head, body: bytes[end + 4..].to_vec() };
    if answer.header("transfer-encoding").is_some_and(|how| how.eq_ignore_ascii_case("chunked")) {
        answer.body = unchunked(&answer.body)?;
    }
    Ok(answer)
}

fn unchunked(mut bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = bytes.windows(2).position(|two| two == b"\r\n").context("a chunk has no length")?;
        let length = usize::from_str_radix(std::str::from_utf8(&bytes[..line])?.trim(), 16)?;
        let begin = line + 2;
        if length == 0 {
            return Ok(body);
        }
        body.extend_from_slice(bytes.get(begin..begin + length).context("a chunk is cut short")?);
        bytes = bytes.get(begin + length + 2..).context("a chunk is cut short")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_with_a_length_and_in_chunks() {
        let whole = parse(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nhello").unwrap();
        assert_eq!((whole.status, whole.header("content-encoding"), whole.text().as_str()), (200, Some("br"), "hello"));
        let chunks = parse(b"HTTP/1.1 404 No\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n").unwrap();
        assert_eq!((chunks.status, chunks.text().as_str()), (404, "hello"));
        assert!(parse(b"HTTP/1.1 200 OK\r\n").is_err());
    }
}
