//! Signing: a statement and the active key become a certificate. Judging one is in `verify`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;

use crate::MAX_BYTES;
use crate::keys::Keys;
use crate::statement::{Statement, VERSION};
use crate::strict;

/// Keeps these tags apart from any other use of the key. Part of every certificate: never changes.
const DOMAIN: &[u8] = b"octo-certificate-v1\n";
const MAX_NAME: usize = 200;

/// Why a statement was not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error("The statement has version {0}, and this program signs version {VERSION}.")]
    Version(u32),
    #[error("The statement names key \"{named}\", and \"{active}\" is the key that signs now.")]
    Kid { named: String, active: String },
    #[error("A certificate needs a name of 1 to {MAX_NAME} characters. Enter it as it should be read.")]
    Name,
    #[error("{0} holds characters that cannot be seen (control or writing-direction marks). Type it again without them.")]
    Invisible(&'static str),
    #[error("The certificate would be longer than 64 KiB. List fewer runs.")]
    TooLong,
}

/// Signs with the active key. Refuses what would be misread and what `verify` would refuse.
pub fn sign(statement: &Statement, keys: &Keys) -> Result<Signed, SignError> {
    check(statement, keys)?;
    let value = serde_json::to_value(statement).expect("a statement is texts, integers and flags");
    let canonical = strict::canonical(&value).expect("a JSON value has a canonical form");
    let (key, _) = keys.signing_key(&statement.kid);
    let tag = mac(key.as_slice(), &canonical).finalize().into_bytes().into();
    let signed = Signed { statement: statement.clone(), canonical, tag };
    if signed.to_text().len() > MAX_BYTES { Err(SignError::TooLong) } else { Ok(signed) }
}

/// A statement with its tag. The only way to get one is to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    statement: Statement,
    canonical: String,
    tag: [u8; 32],
}

impl Signed {
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// The canonical JSON of the statement (RFC 8785): the very bytes that are signed.
    pub fn statement_text(&self) -> &str {
        &self.canonical
    }

    /// All 256 bits of the tag, in base64url without padding.
    pub fn tag(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.tag)
    }

    /// The first 128 bits of the tag in eight groups, for paper.
    pub fn short_code(&self) -> String {
        let groups = self.tag[..16].chunks_exact(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1]));
        groups.collect::<Vec<_>>().join("-")
    }

    /// The certificate file, laid out for people; `verify` reads it.
    pub fn to_text(&self) -> String {
        #[derive(Serialize)]
        struct File<'a> {
            statement: &'a Statement,
            kid: &'a str,
            tag: String,
        }
        let file = File { statement: &self.statement, kid: &self.statement.kid, tag: self.tag() };
        let mut text = serde_json::to_string_pretty(&file).expect("a statement is texts, integers and flags");
        text.push('\n');
        text
    }
}

/// The certificate file from the parts that were kept: [`Signed::statement_text`], the kid and
/// [`Signed::tag`]. Joins texts and proves nothing: show the result to `verify`.
pub fn file(statement_text: &str, kid: &str, tag: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    format!("{{\"statement\":{statement_text},\"kid\":{},\"tag\":{}}}\n", quoted(kid), quoted(tag))
}

/// The tag in the making; the caller finalises it or compares it in constant time.
pub(crate) fn mac(key: &[u8], canonical: &str) -> Hmac<Sha256> {
    let mut mac = hmac(key);
    mac.update(DOMAIN);
    mac.update(canonical.as_bytes());
    mac
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn check(statement: &Statement, keys: &Keys) -> Result<(), SignError> {
    if statement.version != VERSION {
        return Err(SignError::Version(statement.version));
    }
    if statement.kid != keys.active() {
        let (named, active) = (statement.kid.clone(), keys.active().to_string());
        return Err(SignError::Kid { named, active });
    }
    let name = &statement.subject.name;
    if name.trim().is_empty() || name.chars().count() > MAX_NAME {
        return Err(SignError::Name);
    }
    let visible = [
        ("The name", name),
        ("The issuer", &statement.issuer),
        ("The issuer's note", &statement.issuer_note),
        ("The course title", &statement.course.title),
    ];
    match visible.into_iter().find(|(_, text)| text.chars().any(invisible)) {
        Some((place, _)) => Err(SignError::Invisible(place)),
        None => Ok(()),
    }
}

/// Marks that can make a name read as another one. Joiners stay: some scripts need them.
fn invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::tests::{keys, statement};

    #[test]
    fn hmac_gives_the_tags_of_rfc_4231() {
        let ascending: Vec<u8> = (1..=25).collect();
        let larger: &[u8] = b"This is a test using a larger than block-size key and a larger than block-size data. \
            The key needs to be hashed before being used by the HMAC algorithm.";
        let vectors: [(&[u8], &[u8], &str); 7] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (&ascending, &[0xcd; 50], "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
            // The RFC prints half of this one.
            (&[0x0c; 20], b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (&[0xaa; 131], larger, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        ];
        for (key, data, tag) in vectors {
            let got = hmac(key).chain_update(data).finalize().into_bytes();
            let hex: String = got.iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(hex.starts_with(tag), "{hex} is not {tag}");
        }
    }

    /// Issued certificates stay valid only while these bytes stay the same.
    #[test]
    fn the_tag_of_a_statement_never_changes() {
        let signed = sign(&statement(), &keys()).unwrap();
        expect_test::expect!["LEFJPYsk_OtPia7uREsUxXcui8MEk4kgI0CvCQKdO5s"].assert_eq(&signed.tag());
        expect_test::expect!["2c41-493d-8b24-fceb-4f89-aeee-444b-14c5"].assert_eq(&signed.short_code());
        expect_test::expect![[r#"
            {
              "statement": {
                "version": 1,
                "id": "abababababababababababababababab",
                "issuer": "Octo on Ada's laptop",
                "issuer_note": "Issued by the learner's own machine: rerun it, do not trust it.",
                "kid": "2026-a",
                "subject": {
                  "name": "Ada Løvelace 🐙"
                },
                "course": {
                  "id": "octo",
                  "title": "System design",
                  "version": "0.1.0",
                  "digest": "sha256:5e1f"
                },
                "chapters": [
                  {
                    "id": "caches",
                    "title": "Caches",
                    "modules": [
                      {
                        "skill": "cache-aside",
                        "title": "Cache aside",
                        "passed": true,
                        "score": 981000,
                        "graded_by": [
                          "choice",
                          "run"
                        ],
                        "answers": 7,
                        "unaided": 5,
                        "hints_used": 1,
                        "last_at": "2026-11-21T09:30:00Z"
                      }
                    ]
                  }
                ],
                "runs": [
                  {
                    "id": "r-77",
                    "what": "p99 of 48 ms at 95/s"
                  }
                ],
                "rule": "Mastery of 98%.",
                "checked": "Every answer was graded by a program; nobody watched.",
                "help": "Hints, counted above.",
                "issued_at": "2026-11-22T10:00:00Z"
              },
              "kid": "2026-a",
              "tag": "LEFJPYsk_OtPia7uREsUxXcui8MEk4kgI0CvCQKdO5s"
            }
        "#]]
        .assert_eq(&signed.to_text());
    }

    #[test]
    fn what_could_be_misread_is_not_signed() {
        let refused = |change: fn(&mut Statement)| {
            let mut changed = statement();
            change(&mut changed);
            sign(&changed, &keys()).unwrap_err().to_string()
        };
        expect_test::expect![[r#"
            The statement has version 2, and this program signs version 1.
            The statement names key "2025-a", and "2026-a" is the key that signs now.
            A certificate needs a name of 1 to 200 characters. Enter it as it should be read.
            A certificate needs a name of 1 to 200 characters. Enter it as it should be read.
            The name holds characters that cannot be seen (control or writing-direction marks). Type it again without them.
            The issuer holds characters that cannot be seen (control or writing-direction marks). Type it again without them.
            The certificate would be longer than 64 KiB. List fewer runs."#]]
        .assert_eq(
            &[
                refused(|s| s.version = 2),
                refused(|s| s.kid = "2025-a".to_string()),
                refused(|s| s.subject.name = " \n".to_string()),
                refused(|s| s.subject.name = "x".repeat(201)),
                refused(|s| s.subject.name = "Ada \u{202e}ecalevoL".to_string()),
                refused(|s| s.issuer = "Octo\0".to_string()),
                refused(|s| s.help = "x".repeat(64 * 1024)),
            ]
            .join("\n"),
        );
    }
}
