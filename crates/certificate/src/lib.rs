//! Certificates: what a statement says, signing it, and judging a certificate that someone brings.
//!
//! A tag (HMAC-SHA-256) proves issuance only to whoever holds the key, so a certificate is checked
//! on the issuer's page. Time and randomness are passed in; storing, pages and the rerunning of
//! runs are elsewhere.

mod keys;
mod sign;
mod statement;
mod strict;
mod utc;
mod verify;

pub use keys::{KeyError, Keys};
pub use sign::{SignError, Signed, file, sign};
pub use statement::{Chapter, Course, Id, Module, Run, SELF_ISSUED, Statement, Subject, VERSION};
pub use utc::Utc;
pub use verify::{Revocation, Verdict, verify};

/// The longest certificate file that is read or issued \[bytes\].
pub const MAX_BYTES: usize = 64 * 1024;
