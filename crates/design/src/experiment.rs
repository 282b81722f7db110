//! An experiment: a resolved document with a seed and an engine version. Its digest names the
//! run wherever the run is quoted. Running it is the business of `sim`.

use std::fmt;
use std::str::FromStr;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::Resolved;
use crate::canonical::canonical;

/// Everything that a run depends on: the same experiment gives the same report, byte for byte.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    pub document: Resolved,
    pub seed: u64,
    /// The version of the meaning of results, as the engine states it.
    pub engine: String,
}

impl Experiment {
    /// SHA-256 of "octo-experiment-v1\n" and the RFC 8785 form of document, seed and engine.
    ///
    /// The seed is written as text: RFC 8785 holds integers exactly only up to 2^53.
    pub fn digest(&self) -> [u8; 32] {
        let value = json!({
            "document": crate::to_json(self.document.document()),
            "engine": self.engine,
            "seed": self.seed.to_string(),
        });
        Sha256::new().chain_update("octo-experiment-v1\n").chain_update(canonical(&value)).finalize().into()
    }

    pub fn run_id(&self) -> RunId {
        let digest = self.digest();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        RunId(id)
    }
}

/// The name of a run, quoted everywhere: "r-" and the first 16 bytes of the digest in hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub [u8; 16]);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("r-")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not "r-" followed by 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunIdProblem;

impl fmt::Display for RunIdProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("A run id is “r-” and 32 digits or letters from a to f. Copy it whole from the report.")
    }
}

impl std::error::Error for RunIdProblem {}

impl FromStr for RunId {
    type Err = RunIdProblem;

    fn from_str(text: &str) -> Result<Self, RunIdProblem> {
        let digits = text.strip_prefix("r-").filter(|digits| digits.len() == 32).ok_or(RunIdProblem)?.as_bytes();
        let digit = |c: u8| match c {
            b'0'..=b'9' => Ok(c - b'0'),
            b'a'..=b'f' => Ok(c - b'a' + 10),
            _ => Err(RunIdProblem),
        };
        let mut id = [0; 16];
        for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? * 16 + digit(pair[1])?;
        }
        Ok(Self(id))
    }
}
