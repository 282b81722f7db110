//! As much of three protocols as a load generator needs: questions as bytes, and where an answer
//! ends. Whoever is asked runs on loopback and was started by us, so an answer that is not
//! understood is an error, never a guess.

pub(crate) mod http;
pub(crate) mod postgres;
pub(crate) mod redis;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, ensure};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http,
    Redis,
    Postgres,
}

impl Protocol {
    /// The length of the first answer in these bytes, or none while it is not whole. An answer
    /// that refuses is an error.
    pub(crate) fn answer(self, bytes: &[u8]) -> anyhow::Result<Option<usize>> {
        match self {
            Self::Http => http::answer(bytes),
            Self::Redis => redis::answer(bytes),
            Self::Postgres => postgres::answer(bytes),
        }
    }
}

/// A connection on which each question waits for its answer.
pub(crate) struct Line {
    stream: TcpStream,
    protocol: Protocol,
    bytes: Vec<u8>,
}

impl Line {
    pub(crate) fn open(at: SocketAddr, protocol: Protocol) -> anyhow::Result<Self> {
        let stream = TcpStream::connect_timeout(&at, Duration::from_secs(2)).with_context(|| format!("connecting to {at}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { stream, protocol, bytes: Vec::new() })
    }

    pub(crate) fn ask(&mut self, question: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.stream.write_all(question)?;
        loop {
            if let Some(length) = self.protocol.answer(&self.bytes)? {
                return Ok(self.bytes.drain(..length).collect());
            }
            let mut more = [0; 16 * 1024];
            let read = self.stream.read(&mut more).context("waiting for an answer")?;
            ensure!(read > 0, "the server closed the connection");
            self.bytes.extend_from_slice(&more[..read]);
        }
    }

    /// For a generator that goes on with the same connection.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }
}

/// Where the first line ends, its break not counted.
fn line_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|two| two == b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HTTP: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
    const REDIS: &[u8] = b"*2\r\n$3\r\nabc\r\n:7\r\n";
    const POSTGRES: &[u8] = b"2\0\0\0\x04D\0\0\0\x0b\0\x01\0\0\0\x017C\0\0\0\x0dSELECT 1\0Z\0\0\0\x05I";

    /// Whatever arrives with an answer or after it, its end is found where it is, and not before.
    #[test]
    fn an_answer_ends_where_it_ends_however_it_arrives() {
        for (protocol, whole) in [(Protocol::Http, HTTP), (Protocol::Redis, REDIS), (Protocol::Postgres, POSTGRES)] {
            for cut in 0..whole.len() {
                assert_eq!(protocol.answer(&whole[..cut]).unwrap(), None, "{protocol:?} cut at {cut}");
            }
            assert_eq!(protocol.answer(whole).unwrap(), Some(whole.len()), "{protocol:?}");
            assert_eq!(protocol.answer(&[whole, whole].concat()).unwrap(), Some(whole.len()), "{protocol:?} twice");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic_or_read_beyond_them(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..40, start in 0usize..3) {
            let starts = [HTTP, REDIS, POSTGRES];
            let mut bytes = bytes;
            bytes.splice(0..0, starts[start][..at.min(starts[start].len())].iter().copied());
            for protocol in [Protocol::Http, Protocol::Redis, Protocol::Postgres] {
                if let Ok(Some(length)) = protocol.answer(&bytes) {
                    prop_assert!(length <= bytes.len());
                }
            }
        }
    }
}
