//! Which encoding a client takes, and pages in that encoding.

use std::io::Write as _;

use axum::http::{HeaderMap, header};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The best that the client takes; `q=0` means "not this one".
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
        let takes = |name: &str| {
            accepts.split(',').any(|part| {
                let mut words = part.split(';').map(str::trim);
                words.next() == Some(name) && !words.any(|word| matches!(word, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
            })
        };
        if takes("br") {
            Self::Brotli
        } else if takes("gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }

    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }

    /// Compresses a page: hard enough to be small, quick enough to wait for.
    pub(crate) fn encode(self, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Plain => body.to_vec(),
            Self::Gzip => {
                let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(body.len() / 3), flate2::Compression::new(6));
                // Writing to memory does not fail.
                writer.write_all(body).and_then(|()| writer.finish()).unwrap_or_else(|_| body.to_vec())
            }
            Self::Brotli => {
                let mut out = Vec::with_capacity(body.len() / 3);
                {
                    let mut writer = brotli::CompressorWriter::new(&mut out, 16 * 1024, 5, 20);
                    drop(writer.write_all(body));
                    drop(writer.flush());
                }
                out
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(accepts: &'static str) -> Encoding {
        Encoding::of(&[(header::ACCEPT_ENCODING, axum::http::HeaderValue::from_static(accepts))].into_iter().collect())
    }

    #[test]
    fn the_best_that_is_taken_is_given() {
        assert_eq!(best("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(best("gzip;q=1.0, br;q=0"), Encoding::Gzip);
        assert_eq!(best("identity"), Encoding::Plain);
        assert_eq!(Encoding::of(&HeaderMap::new()), Encoding::Plain);
    }
}
