//! Judging a certificate that someone brings: what was received is made canonical and compared
//! with our own tag. Whether it was revoked since is looked up by the caller and laid beside it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac as _;
use serde_json::Value;

use crate::MAX_BYTES;
use crate::keys::Keys;
use crate::sign::mac;
use crate::statement::{Id, Statement, VERSION};
use crate::strict;
use crate::utc::Utc;

/// What is true of a text that was brought as a certificate; `Display` says it in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Issued here and unchanged.
    Genuine(Box<Statement>),
    /// Issued here and unchanged, and withdrawn since.
    Revoked { statement: Box<Statement>, revocation: Revocation },
    /// The tag fits, and its key is no longer vouched for.
    KeyEnded { statement: Box<Statement>, not_after: Utc },
    /// A certificate in shape; not issued here, or changed. Which of the two is not told.
    NotGenuine,
    /// Not a certificate in shape.
    Unreadable { why: String },
}

/// That a certificate was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    pub reason: String,
    pub at: Utc,
    /// The certificate that takes its place.
    pub superseded_by: Option<Id>,
}

/// Judges the text of a certificate file at the moment `now`. Takes any text; the answer and the
/// time it takes are the same for an unknown key and for a wrong tag.
pub fn verify(text: &str, keys: &Keys, now: &Utc) -> Verdict {
    match read(text) {
        Ok(received) => judge(received, keys, now),
        Err(why) => Verdict::Unreadable { why },
    }
}

impl Verdict {
    /// The verdict beside what the table of revocations says about this certificate's id.
    pub fn with_revocation(self, revocation: Option<Revocation>) -> Self {
        match (self, revocation) {
            (Self::Genuine(statement) | Self::KeyEnded { statement, .. }, Some(revocation)) => Self::Revoked { statement, revocation },
            (verdict, _) => verdict,
        }
    }

    pub fn is_genuine(&self) -> bool {
        matches!(self, Self::Genuine(_))
    }

    /// What the certificate says; only when it was issued here and is unchanged.
    pub fn statement(&self) -> Option<&Statement> {
        match self {
            Self::Genuine(statement) | Self::Revoked { statement, .. } | Self::KeyEnded { statement, .. } => Some(statement),
            Self::NotGenuine | Self::Unreadable { .. } => None,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Genuine(statement) => {
                write!(f, "Issued by {} on {} and unchanged since.", statement.issuer, statement.issued_at.date())
            }
            Self::Revoked { revocation, .. } => {
                write!(f, "Issued here, and revoked on {}: {}", revocation.at.date(), revocation.reason)?;
                match revocation.superseded_by {
                    Some(id) => write!(f, " Certificate {id} takes its place."),
                    None => Ok(()),
                }
            }
            Self::KeyEnded { not_after, .. } => write!(
                f,
                "Signed with a key that this issuer vouched for until {} only; ask the holder for a certificate issued anew.",
                not_after.date()
            ),
            Self::NotGenuine => {
                f.write_str("This issuer did not issue this certificate, or it was changed since; ask the holder for the original file.")
            }
            Self::Unreadable { why } => write!(f, "This is not the text of a certificate ({why}); paste the whole file as it was issued."),
        }
    }
}

/// A certificate in shape, not yet believed.
struct Received {
    statement: Statement,
    canonical: String,
    tag: [u8; 32],
}

fn judge(received: Received, keys: &Keys, now: &Utc) -> Verdict {
    let (key, known) = keys.signing_key(&received.statement.kid);
    let fits = mac(key.as_slice(), &received.canonical).verify_slice(&received.tag).is_ok();
    if !(fits && known) {
        return Verdict::NotGenuine;
    }
    let statement = Box::new(received.statement);
    match keys.not_after(&statement.kid) {
        Some(not_after) if now > not_after => Verdict::KeyEnded { not_after: not_after.clone(), statement },
        _ => Verdict::Genuine(statement),
    }
}

fn read(text: &str) -> Result<Received, String> {
    if text.len() > MAX_BYTES {
        return Err("it is longer than 64 KiB".to_string());
    }
    let Value::Object(mut file) = strict::parse(text).map_err(|error| brief(&error))? else {
        return Err("it is not a JSON object".to_string());
    };
    let mut take = |name: &str| file.remove(name).ok_or_else(|| format!("\"{name}\" is missing"));
    let (body, kid, tag) = (take("statement")?, take("kid")?, take("tag")?);
    if !file.is_empty() {
        return Err("it holds more than \"statement\", \"kid\" and \"tag\"".to_string());
    }
    check_version(&body)?;
    let canonical = strict::canonical(&body).map_err(|error| brief(&error))?;
    let statement: Statement = serde_json::from_value(body).map_err(|error| brief(&error))?;
    if kid.as_str() != Some(&statement.kid) {
        return Err("\"kid\" is not the one that the statement names".to_string());
    }
    Ok(Received { statement, canonical, tag: read_tag(&tag)? })
}

/// Asked first: a newer shape would otherwise be reported as an unknown field.
fn check_version(body: &Value) -> Result<(), String> {
    match body.get("version").and_then(Value::as_u64) {
        Some(version) if version == u64::from(VERSION) => Ok(()),
        Some(version) => Err(format!("its version is {version}, and this program reads version {VERSION}")),
        None => Err("its statement has no version".to_string()),
    }
}

/// base64url has one spelling here: no padding, no stray bits at the end.
fn read_tag(tag: &Value) -> Result<[u8; 32], String> {
    let shape = || "\"tag\" is not 43 characters of base64url".to_string();
    let bytes = URL_SAFE_NO_PAD.decode(tag.as_str().ok_or_else(shape)?).map_err(|_| shape())?;
    bytes.try_into().map_err(|_| shape())
}

/// The library may quote what it met, and what it met may be huge.
fn brief(error: &serde_json::Error) -> String {
    const MOST: usize = 160;
    let text = error.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;
    use crate::statement::{Chapter, Course, Module, Run, SELF_ISSUED, Subject};
    use crate::{file, sign};

    pub(crate) fn keys() -> Keys {
        let end = "2036-01-01T00:00:00Z".parse().unwrap();
        Keys::generate([7; 32], "2025-a").unwrap().rotate([9; 32], "2026-a", end).unwrap()
    }

    pub(crate) fn statement() -> Statement {
        Statement {
            version: VERSION,
            id: Id([0xab; 16]),
            issuer: "Octo on Ada's laptop".to_string(),
            issuer_note: SELF_ISSUED.to_string(),
            kid: "2026-a".to_string(),
            subject: Subject { name: "Ada Løvelace 🐙".to_string() },
            course: Course {
                id: "octo".to_string(),
                title: "System design".to_string(),
                version: "0.1.0".to_string(),
                digest: "sha256:5e1f".to_string(),
            },
            chapters: vec![Chapter {
                id: "caches".to_string(),
                title: "Caches".to_string(),
                modules: vec![Module {
                    skill: "cache-aside".to_string(),
                    title: "Cache aside".to_string(),
                    passed: true,
                    score: 981_000,
                    graded_by: vec!["choice".to_string(), "run".to_string()],
                    answers: 7,
                    unaided: 5,
                    hints_used: 1,
                    last_at: Some("2026-11-21T09:30:00Z".parse().unwrap()),
                }],
            }],
            runs: vec![Run { id: "r-77".to_string(), what: "p99 of 48 ms at 95/s".to_string() }],
            rule: "Mastery of 98%.".to_string(),
            checked: "Every answer was graded by a program; nobody watched.".to_string(),
            help: "Hints, counted above.".to_string(),
            issued_at: "2026-11-22T10:00:00Z".parse().unwrap(),
        }
    }

    fn now() -> Utc {
        "2026-11-23T00:00:00Z".parse().unwrap()
    }

    fn text() -> String {
        sign(&statement(), &keys()).unwrap().to_text()
    }

    fn judged(text: &str) -> Verdict {
        verify(text, &keys(), &now())
    }

    #[test]
    fn a_signed_statement_is_genuine_in_any_layout() {
        let signed = sign(&statement(), &keys()).unwrap();
        let loose: Value = serde_json::from_str(&signed.to_text()).unwrap();
        let escaped = signed.to_text().replace("System design", "System\\u0020design");
        for text in [
            signed.to_text(),
            file(signed.statement_text(), "2026-a", &signed.tag()),
            loose.to_string(),
            escaped,
            format!("\r\n\t {} ", signed.to_text()),
        ] {
            assert_eq!(judged(&text), Verdict::Genuine(Box::new(statement())));
        }
        expect!["Issued by Octo on Ada's laptop on 2026-11-22 and unchanged since."].assert_eq(&judged(&signed.to_text()).to_string());
    }

    /// Exhaustive over places: each character dropped, doubled, and replaced by each of a few.
    #[test]
    fn no_single_character_changes_what_a_genuine_certificate_says() {
        let original = text();
        let (mut harmless, mut refused) = (0, 0);
        for (at, old) in original.char_indices() {
            let (head, tail) = (&original[..at], &original[at + old.len_utf8()..]);
            let replaced = "\"\\ \n09aZ-,}].e\0é".chars().map(String::from);
            for new in replaced.chain([String::new(), format!("{old}{old}"), format!("{old} ")]) {
                match judged(&format!("{head}{new}{tail}")) {
                    Verdict::Genuine(read) => {
                        assert_eq!(*read, statement(), "{new:?} at {at}");
                        harmless += 1;
                    }
                    _ => refused += 1,
                }
            }
        }
        assert!(harmless > 100 && refused > 10_000, "{harmless} harmless, {refused} refused");
    }

    #[test]
    fn a_bad_certificate_is_refused_in_a_sentence() {
        let swap = |from: &str, to: &str| {
            let changed = text().replacen(from, to, 1);
            assert_ne!(changed, text(), "{from} is in the certificate");
            judged(&changed).to_string()
        };
        let signed = sign(&statement(), &keys()).unwrap();
        let other_tag = |tag: &str| judged(&file(signed.statement_text(), "2026-a", tag)).to_string();
        expect![[r#"
            This is not the text of a certificate (EOF while parsing a value at line 1 column 0); paste the whole file as it was issued.
            This is not the text of a certificate (it is not a JSON object); paste the whole file as it was issued.
            This is not the text of a certificate ("statement" is missing); paste the whole file as it was issued.
            This is not the text of a certificate (recursion limit exceeded at line 1 column 128); paste the whole file as it was issued.
            This is not the text of a certificate (it is longer than 64 KiB); paste the whole file as it was issued.
            This is not the text of a certificate (the key "passed" is there twice at line 25 column 36); paste the whole file as it was issued.
            This is not the text of a certificate (unknown field `honours`, expected one of `skill`, `title`, `passed`, `score`, `graded_by`, `answers`, `unaided`, `hints_used`, `last_at`); paste the whole file as it was issued.
            This is not the text of a certificate (invalid type: null, expected a text, a whole number, true, false, a list or an object at line 25 column 26); paste the whole file as it was issued.
            This is not the text of a certificate (invalid type: integer `1`, expected a boolean); paste the whole file as it was issued.
            This is not the text of a certificate (missing field `passed`); paste the whole file as it was issued.
            This is not the text of a certificate (invalid type: floating point `981000.0`, expected a text, a whole number, true, false, a list or an object at line 26 column 29); paste the whole file as it was issued.
            This is not the text of a certificate (invalid type: floating point `981000.0`, expected a text, a whole number, true, false, a list or an object at line 26 column 26); paste the whole file as it was issued.
            This is not the text of a certificate (invalid type: integer `-981000`, expected a text, a whole number, true, false, a list or an object at line 26 column 28); paste the whole file as it was issued.
            This is not the text of a certificate (invalid value: integer `4294967296`, expected u32); paste the whole file as it was issued.
            This is not the text of a certificate (a number is larger than 2^53 - 1 at line 26 column 37); paste the whole file as it was issued.
            This is not the text of a certificate (invalid type: string "981000", expected u32); paste the whole file as it was issued.
            This issuer did not issue this certificate, or it was changed since; ask the holder for the original file.
            This is not the text of a certificate (its version is 2, and this program reads version 1); paste the whole file as it was issued.
            This is not the text of a certificate (its statement has no version); paste the whole file as it was issued.
            This is not the text of a certificate ("kid" is not the one that the statement names); paste the whole file as it was issued.
            This is not the text of a certificate (it holds more than "statement", "kid" and "tag"); paste the whole file as it was issued.
            This is not the text of a certificate (the key "tag" is there twice at line 51 column 7); paste the whole file as it was issued.
            This is not the text of a certificate (there is no such time in the calendar); paste the whole file as it was issued.
            This is not the text of a certificate (a certificate id is 32 lower-case hexadecimal digits); paste the whole file as it was issued.
            This is not the text of a certificate (invalid type: integer `7`, expected a string); paste the whole file as it was issued.
            This is not the text of a certificate ("tag" is not 43 characters of base64url); paste the whole file as it was issued.
            This is not the text of a certificate ("tag" is not 43 characters of base64url); paste the whole file as it was issued.
            This issuer did not issue this certificate, or it was changed since; ask the holder for the original file.
            This issuer did not issue this certificate, or it was changed since; ask the holder for the original file.
            This issuer did not issue this certificate, or it was changed since; ask the holder for the original file."#]].assert_eq(
            &[
                judged("").to_string(),
                judged("[]").to_string(),
                judged("{}").to_string(),
                judged(&"[".repeat(60_000)).to_string(),
                judged(&" ".repeat(MAX_BYTES + 1)).to_string(),
                swap("\"passed\": true", "\"passed\": true, \"passed\": true"),
                swap("\"passed\": true", "\"passed\": true, \"honours\": true"),
                swap("\"passed\": true", "\"passed\": null"),
                swap("\"passed\": true", "\"passed\": 1"),
                swap("\"passed\": true,", ""),
                swap("981000", "981000.0"),
                swap("981000", "981e3"),
                swap("981000", "-981000"),
                swap("981000", "4294967296"),
                swap("981000", "9007199254740993"),
                swap("981000", "\"981000\""),
                swap("981000", "981001"),
                swap("\"version\": 1", "\"version\": 2"),
                swap("\"version\": 1", "\"version\": \"1\""),
                swap("\"kid\": \"2026-a\"", "\"kid\": \"2025-a\""),
                swap("\"tag\"", "\"alg\": \"none\", \"tag\""),
                swap("{\n  \"statement\"", "{\n  \"tag\": \"\", \"statement\""),
                swap("2026-11-22T10:00:00Z", "2026-11-31T10:00:00Z"),
                swap(&"ab".repeat(16), &"AB".repeat(16)),
                swap("\"octo\"", "7"),
                other_tag(""),
                other_tag(&format!("{}=", signed.tag())),
                other_tag(&"A".repeat(43)),
                judged(&text().replace("2026-a", "2025-a")).to_string(),
                judged(&text().replace("2026-a", "1999-z")).to_string(),
            ]
            .join("\n"),
        );
    }

    /// The work done for an unknown key uses a key that anyone can work out.
    #[test]
    fn a_tag_made_with_the_stand_in_key_is_refused() {
        let mut forged = statement();
        forged.kid = "1999-z".to_string();
        let canonical = strict::canonical(&serde_json::to_value(&forged).unwrap()).unwrap();
        let (stand_in, known) = keys().signing_key("1999-z");
        let tag = URL_SAFE_NO_PAD.encode(mac(stand_in.as_slice(), &canonical).finalize().into_bytes());
        assert!(!known);
        assert_eq!(judged(&file(&canonical, "1999-z", &tag)), Verdict::NotGenuine);
    }

    /// A list of the values in order is not the object that was signed.
    #[test]
    fn an_object_is_not_its_values_in_a_list() {
        let signed = sign(&statement(), &keys()).unwrap();
        let text =
            file(&signed.statement_text().replace("{\"name\":\"Ada Løvelace 🐙\"}", "[\"Ada Løvelace 🐙\"]"), "2026-a", &signed.tag());
        assert!(text.contains("[\"Ada"));
        assert_eq!(judged(&text), Verdict::NotGenuine);
    }

    #[test]
    fn a_retired_key_verifies_until_its_end() {
        let end: Utc = "2036-01-01T00:00:00Z".parse().unwrap();
        let text = text();
        let keys = keys().rotate([11; 32], "2027-a", end.clone()).unwrap();
        assert!(verify(&text, &keys, &end).is_genuine());
        let late = verify(&text, &keys, &"2036-01-01T00:00:01Z".parse().unwrap());
        assert_eq!(late.statement(), Some(&statement()));
        expect!["Signed with a key that this issuer vouched for until 2036-01-01 only; ask the holder for a certificate issued anew."]
            .assert_eq(&late.to_string());
    }

    #[test]
    fn a_revoked_certificate_shows_as_revoked_not_as_absent() {
        let revocation = |superseded_by| Revocation { reason: "The name was misspelt.".to_string(), at: now(), superseded_by };
        let verdict = judged(&text()).with_revocation(Some(revocation(None)));
        assert!(!verdict.is_genuine());
        assert_eq!(verdict.statement(), Some(&statement()));
        expect!["Issued here, and revoked on 2026-11-23: The name was misspelt."].assert_eq(&verdict.to_string());
        let verdict = judged(&text()).with_revocation(Some(revocation(Some(Id([1; 16])))));
        expect![
            "Issued here, and revoked on 2026-11-23: The name was misspelt. Certificate 01010101010101010101010101010101 takes its place."
        ]
        .assert_eq(&verdict.to_string());
        assert!(judged(&text()).with_revocation(None).is_genuine());
        assert_eq!(judged("").with_revocation(Some(revocation(None))), judged(""));
    }

    proptest! {
        #[test]
        fn any_change_of_a_few_characters_is_refused_or_harmless(
            at in 0usize..4000, drop in 0usize..4, insert in "\\PC{0,3}|[ -~]{0,3}",
        ) {
            let original = text();
            let mut chars: Vec<char> = original.chars().collect();
            let from = at % chars.len();
            let to = (from + drop).min(chars.len());
            chars.splice(from..to, insert.chars());
            let changed: String = chars.into_iter().collect();
            if let Verdict::Genuine(read) = judged(&changed) {
                prop_assert_eq!(*read, statement());
            }
        }

        #[test]
        fn any_text_gets_a_short_sentence(text in "\\PC{0,400}|[\\[\\]{}\",:0-9a-z]{0,400}") {
            let verdict = judged(&text);
            prop_assert!(!verdict.is_genuine());
            prop_assert!(verdict.to_string().len() < 700);
        }

        #[test]
        fn any_statement_that_is_signed_is_genuine(
            name in ".{1,60}", what in ".{0,200}", score in any::<u32>(), id in any::<[u8; 16]>(),
        ) {
            let mut said = statement();
            said.subject.name = name;
            said.id = Id(id);
            said.runs[0].what = what;
            said.chapters[0].modules[0].score = score;
            said.chapters[0].modules[0].last_at = None;
            if let Ok(signed) = sign(&said, &keys()) {
                prop_assert_eq!(judged(&signed.to_text()), Verdict::Genuine(Box::new(said.clone())));
                let kept = file(signed.statement_text(), &said.kid, &signed.tag());
                prop_assert_eq!(judged(&kept), Verdict::Genuine(Box::new(said)));
            }
        }
    }
}
