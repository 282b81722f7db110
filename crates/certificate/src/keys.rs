//! The signing keys: one signs, older ones only verify until their not-after. A secret leaves
//! here only in the text of the key file; where that file lies is the caller's business.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use serde::Deserialize;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::utc::Utc;

/// What the secret of a kid is stretched into; another purpose must have another name.
const PURPOSE: &[u8] = b"octo-certificate-v1 hmac-sha-256";
const MAX_KID: usize = 32;
const MAX_KEYS: usize = 100;
const MAX_FILE_BYTES: usize = 64 * 1024;

/// All keys of an instance, by kid. `Debug` shows the kids only.
pub struct Keys {
    active: String,
    keys: BTreeMap<String, Key>,
}

struct Key {
    secret: Zeroizing<[u8; 32]>,
    /// `None` for the active key.
    not_after: Option<Utc>,
}

/// Why keys were refused. Never quotes the file, which holds secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("A key id is 1 to 32 of a-z, 0-9 and '-'. Choose one such as \"2026-a\".")]
    BadKid,
    #[error("The key id \"{0}\" is there twice. Give every key an id of its own.")]
    Twice(String),
    #[error("The random bytes given for a key are all zero. Take 32 bytes from the system's random source.")]
    NoEntropy,
    #[error("The key file cannot be read{}. Restore it from the backup; its shape is: active = \"KID\", then for each key [[key]] with kid, secret and (unless active) not_after.", at_line(*.line))]
    Unreadable { line: Option<usize> },
    #[error("The key file is longer than 64 KiB or has more than 100 keys. Remove keys whose not_after has passed.")]
    TooLong,
    #[error("The secret of key \"{0}\" is not 32 bytes in base64url (43 characters). Restore the key file from the backup.")]
    BadSecret(String),
    #[error("The active key \"{0}\" is not in the key file. Set active to the kid of one of its keys.")]
    NoActive(String),
    #[error("The active key \"{0}\" has a not_after, so it could not sign for ever. Remove its not_after or make another key active.")]
    ActiveEnds(String),
    #[error(
        "The key \"{0}\" is not active and has no not_after. Say until when it verifies, such as not_after = \"2036-01-01T00:00:00Z\"."
    )]
    NoEnd(String),
    #[error("The not_after of key \"{0}\" is not a time. Write it like \"2036-01-01T00:00:00Z\".")]
    BadEnd(String),
}

impl Keys {
    /// A first key, from 32 bytes of the system's random source.
    pub fn generate(entropy: [u8; 32], kid: &str) -> Result<Self, KeyError> {
        let key = fresh(entropy)?;
        check_kid(kid)?;
        Ok(Self { active: kid.to_string(), keys: BTreeMap::from([(kid.to_string(), key)]) })
    }

    /// A new active key; the one before verifies its certificates until `not_after`.
    pub fn rotate(mut self, entropy: [u8; 32], kid: &str, not_after: Utc) -> Result<Self, KeyError> {
        let key = fresh(entropy)?;
        check_kid(kid)?;
        if self.keys.contains_key(kid) {
            return Err(KeyError::Twice(kid.to_string()));
        }
        if self.keys.len() >= MAX_KEYS {
            return Err(KeyError::TooLong);
        }
        if let Some(before) = self.keys.get_mut(&self.active) {
            before.not_after = Some(not_after);
        }
        self.keys.insert(kid.to_string(), key);
        self.active = kid.to_string();
        Ok(self)
    }

    /// Reads what [`Keys::to_text`] wrote.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        if text.len() > MAX_FILE_BYTES {
            return Err(KeyError::TooLong);
        }
        // The library's message may quote the value at fault, so only its line is kept.
        let file: File =
            toml::from_str(text).map_err(|error| KeyError::Unreadable { line: error.span().map(|span| line_of(text, span.start)) })?;
        let active = file.active;
        if file.key.len() > MAX_KEYS {
            return Err(KeyError::TooLong);
        }
        let mut keys = BTreeMap::new();
        for entry in file.key {
            check_kid(&entry.kid)?;
            let kid = entry.kid.clone();
            let key = read_key(entry, &active)?;
            if keys.insert(kid.clone(), key).is_some() {
                return Err(KeyError::Twice(kid));
            }
        }
        check_kid(&active)?;
        if keys.contains_key(&active) { Ok(Self { active, keys }) } else { Err(KeyError::NoActive(active)) }
    }

    /// The key file: the only way out for a secret.
    pub fn to_text(&self) -> Zeroizing<String> {
        // The room is taken first, so that growing leaves no copy behind.
        let mut text = Zeroizing::new(String::with_capacity(256 + 192 * self.keys.len()));
        text.push_str("# Whoever reads this file can issue certificates in this instance's name.\n");
        text.push_str("# Keep a copy of it with your backups, and keep both to yourself.\n");
        text.push_str(&format!("active = \"{}\"\n", self.active));
        for (kid, key) in &self.keys {
            text.push_str(&format!("\n[[key]]\nkid = \"{kid}\"\nsecret = \""));
            let secret = Zeroizing::new(URL_SAFE_NO_PAD.encode(key.secret.as_slice()));
            text.push_str(&secret);
            text.push_str("\"\n");
            if let Some(not_after) = &key.not_after {
                text.push_str(&format!("not_after = \"{not_after}\"\n"));
            }
        }
        text
    }

    /// The kid that a new statement must name.
    pub fn active(&self) -> &str {
        &self.active
    }

    /// Every kid, with the moment until which it verifies (`None`: it is the active one).
    pub fn kids(&self) -> impl Iterator<Item = (&str, Option<&Utc>)> {
        self.keys.iter().map(|(kid, key)| (kid.as_str(), key.not_after.as_ref()))
    }

    pub(crate) fn not_after(&self, kid: &str) -> Option<&Utc> {
        self.keys.get(kid).and_then(|key| key.not_after.as_ref())
    }

    /// The key for certificates under this kid, and whether the kid is known. An unknown kid gets
    /// a key too, at the same cost, so that the time tells nothing.
    pub(crate) fn signing_key(&self, kid: &str) -> (Zeroizing<[u8; 32]>, bool) {
        let known = self.keys.get(kid);
        let key = derive(known.map_or(&[0; 32], |key| &key.secret));
        (key, known.is_some())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("active", &self.active).field("kids", &self.keys.keys().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    active: String,
    key: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kid: String,
    secret: String,
    not_after: Option<String>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

fn read_key(entry: Entry, active: &str) -> Result<Key, KeyError> {
    let kid = || entry.kid.clone();
    let not_after = match &entry.not_after {
        Some(text) => Some(text.parse().map_err(|_| KeyError::BadEnd(kid()))?),
        None => None,
    };
    if entry.kid == active && not_after.is_some() {
        return Err(KeyError::ActiveEnds(kid()));
    }
    if entry.kid != active && not_after.is_none() {
        return Err(KeyError::NoEnd(kid()));
    }
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(&entry.secret).map_err(|_| KeyError::BadSecret(kid()))?);
    let mut secret = Zeroizing::new([0; 32]);
    if bytes.len() != secret.len() {
        return Err(KeyError::BadSecret(kid()));
    }
    secret.copy_from_slice(&bytes);
    check_entropy(&secret)?;
    Ok(Key { secret, not_after })
}

fn fresh(entropy: [u8; 32]) -> Result<Key, KeyError> {
    check_entropy(&entropy)?;
    Ok(Key { secret: Zeroizing::new(entropy), not_after: None })
}

fn check_entropy(secret: &[u8; 32]) -> Result<(), KeyError> {
    if secret.iter().all(|&byte| byte == 0) { Err(KeyError::NoEntropy) } else { Ok(()) }
}

fn check_kid(kid: &str) -> Result<(), KeyError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let good = (1..=MAX_KID).contains(&kid.len()) && kid.bytes().all(plain);
    if good { Ok(()) } else { Err(KeyError::BadKid) }
}

fn derive(secret: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, secret).expand(PURPOSE, key.as_mut_slice()).expect("32 bytes are within what HKDF-SHA-256 can give");
    key
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
}

fn at_line(line: Option<usize>) -> String {
    line.map(|line| format!(" at line {line}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn two() -> Keys {
        let end = "2036-01-01T00:00:00Z".parse().unwrap();
        Keys::generate([7; 32], "2025-a").unwrap().rotate([9; 32], "2026-a", end).unwrap()
    }

    #[test]
    fn a_key_file_reads_back_as_written() {
        let text = two().to_text();
        assert_eq!(*Keys::parse(&text).unwrap().to_text(), *text);
        expect![[r##"
            # Whoever reads this file can issue certificates in this instance's name.
            # Keep a copy of it with your backups, and keep both to yourself.
            active = "2026-a"

            [[key]]
            kid = "2025-a"
            secret = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc"
            not_after = "2036-01-01T00:00:00Z"

            [[key]]
            kid = "2026-a"
            secret = "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk"
        "##]]
        .assert_eq(&text);
    }

    #[test]
    fn the_purpose_key_is_that_of_rfc_5869() {
        // HKDF-SHA-256 of 32 bytes of 7 without salt, worked out by other code.
        let (key, known) = two().signing_key("2025-a");
        assert!(known);
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "8e506a43801d64ba9ed1ff23e92ace1dd7dc2662adc07ccd49f3ae8461481df2");
        assert_ne!(key, two().signing_key("2026-a").0);
        assert!(!two().signing_key("2024-a").1);
    }

    #[test]
    fn nothing_prints_a_secret_by_accident() {
        expect![[r#"Keys { active: "2026-a", kids: ["2025-a", "2026-a"], .. }"#]].assert_eq(&format!("{:?}", two()));
        let secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I";
        for text in [
            format!("active = \"a\"\n[[key]]\nkid = \"a\"\nsecret = [\"{secret}\"]\n"),
            format!("active = \"a\"\n[[key]]\nkid = \"a\"\n{secret} = 1\n"),
            format!("active = \"a\"\n[[key]]\nkid = \"a\"\nsecret = {secret}\n"),
            format!("active = \"a\"\n[[key]]\nkid = \"{secret}\"\nsecret = \"\"\n"),
            format!("active = \"a\"\n[[key]]\nkid = \"b\"\nsecret = \"x\"\nnot_after = \"{secret}\"\n"),
        ] {
            let error = Keys::parse(&text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("c2Vj"), "{error}");
        }
    }

    #[test]
    fn a_bad_key_file_says_what_to_do() {
        let secret = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
        let key = |kid: &str, rest: &str| format!("[[key]]\nkid = \"{kid}\"\nsecret = \"{secret}\"\n{rest}\n");
        let end = "not_after = \"2036-01-01T00:00:00Z\"";
        let texts = [
            String::new(),
            "active = \"a\"\nkey = 3".to_string(),
            format!("active = \"a\"\n{}", key("b", end)),
            format!("active = \"a\"\n{}", key("a", end)),
            format!("active = \"a\"\n{}{}", key("a", ""), key("b", "")),
            format!("active = \"a\"\n{}{}", key("a", ""), key("b", "not_after = \"soon\"")),
            format!("active = \"a\"\n{}{}", key("a", ""), key("a", "")),
            format!("active = \"A\"\n{}", key("A", "")),
            format!("active = \"a\"\n{}", key("a", "")).replace(secret, &secret[1..]),
            format!("active = \"a\"\n{}", key("a", "")).replace(secret, &"A".repeat(43)),
            format!("active = \"a\"\n{}", key("a", "colour = 1")),
            "#".repeat(MAX_FILE_BYTES + 1),
        ];
        let errors = texts.map(|text| Keys::parse(&text).unwrap_err().to_string());
        expect![[r#"
            The key file cannot be read at line 1. Restore it from the backup; its shape is: active = "KID", then for each key [[key]] with kid, secret and (unless active) not_after.
            The key file cannot be read at line 2. Restore it from the backup; its shape is: active = "KID", then for each key [[key]] with kid, secret and (unless active) not_after.
            The active key "a" is not in the key file. Set active to the kid of one of its keys.
            The active key "a" has a not_after, so it could not sign for ever. Remove its not_after or make another key active.
            The key "b" is not active and has no not_after. Say until when it verifies, such as not_after = "2036-01-01T00:00:00Z".
            The not_after of key "b" is not a time. Write it like "2036-01-01T00:00:00Z".
            The key id "a" is there twice. Give every key an id of its own.
            A key id is 1 to 32 of a-z, 0-9 and '-'. Choose one such as "2026-a".
            The secret of key "a" is not 32 bytes in base64url (43 characters). Restore the key file from the backup.
            The random bytes given for a key are all zero. Take 32 bytes from the system's random source.
            The key file cannot be read at line 5. Restore it from the backup; its shape is: active = "KID", then for each key [[key]] with kid, secret and (unless active) not_after.
            The key file is longer than 64 KiB or has more than 100 keys. Remove keys whose not_after has passed."#]].assert_eq(&errors.join("\n"));
    }

    #[test]
    fn a_key_is_made_from_real_entropy_under_a_new_plain_kid() {
        let end: Utc = "2036-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(Keys::generate([0; 32], "a").unwrap_err(), KeyError::NoEntropy);
        for kid in ["", "A", "a b", "a\"", "é", &"a".repeat(33)] {
            assert_eq!(Keys::generate([7; 32], kid).unwrap_err(), KeyError::BadKid);
        }
        assert_eq!(two().rotate([1; 32], "2025-a", end.clone()).unwrap_err(), KeyError::Twice("2025-a".to_string()));
        let mut keys = Keys::generate([7; 32], "0").unwrap();
        for n in 1..MAX_KEYS {
            keys = keys.rotate([7; 32], &n.to_string(), end.clone()).unwrap();
        }
        assert_eq!(keys.rotate([7; 32], "more", end).unwrap_err(), KeyError::TooLong);
    }
}
