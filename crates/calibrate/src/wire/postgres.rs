//! PostgreSQL's protocol, version 3: logging in, simple queries for setting up, and prepared
//! statements for the load. An answer is everything up to “ready for query”.

use anyhow::{Context as _, bail, ensure};

use super::Line;

/// The name of the one statement that a connection has.
const STATEMENT: &str = "asked";

pub(crate) fn log_in(line: &mut Line, user: &str, password: &str) -> anyhow::Result<()> {
    let mut startup = 196_608u32.to_be_bytes().to_vec();
    for text in ["user", user, "database", "postgres", ""] {
        push(&mut startup, text);
    }
    let length = (startup.len() as u32 + 4).to_be_bytes();
    // Asked for a password, the server says nothing more until it has it.
    let first = line.ask(&[length.as_slice(), &startup].concat())?;
    ensure!(first.starts_with(b"R") && wants_password(&first), "PostgreSQL does not ask for a password");
    let mut secret = Vec::new();
    push(&mut secret, password);
    line.ask(&message(b'p', &secret))?;
    Ok(())
}

pub(crate) fn query(sql: &str) -> Vec<u8> {
    let mut text = Vec::new();
    push(&mut text, sql);
    message(b'Q', &text)
}

/// The statement that later questions give numbers to.
pub(crate) fn prepare(sql: &str) -> Vec<u8> {
    let mut parse = Vec::new();
    push(&mut parse, STATEMENT);
    push(&mut parse, sql);
    parse.extend(0u16.to_be_bytes());
    [message(b'P', &parse), message(b'S', &[])].concat()
}

/// The prepared statement with these numbers, as text.
pub(crate) fn execute(numbers: &[i64]) -> Vec<u8> {
    let mut bind = Vec::new();
    push(&mut bind, "");
    push(&mut bind, STATEMENT);
    bind.extend(0u16.to_be_bytes());
    bind.extend((numbers.len() as u16).to_be_bytes());
    for number in numbers {
        let text = number.to_string();
        bind.extend((text.len() as u32).to_be_bytes());
        bind.extend(text.bytes());
    }
    bind.extend(0u16.to_be_bytes());
    // The unnamed portal, and all its rows.
    [message(b'B', &bind), message(b'E', &[0, 0, 0, 0, 0]), message(b'S', &[])].concat()
}

pub(crate) fn answer(bytes: &[u8]) -> anyhow::Result<Option<usize>> {
    let mut at = 0;
    while let Some((kind, body, next)) = one(bytes, at)? {
        match kind {
            b'E' => bail!("PostgreSQL says: {}", complaint(body)),
            b'Z' => return Ok(Some(next)),
            b'R' if wants_password(&bytes[at..next]) => return Ok(Some(next)),
            _ => at = next,
        }
    }
    Ok(None)
}

/// The first column of the first row.
pub(crate) fn value(answer: &[u8]) -> anyhow::Result<String> {
    let mut at = 0;
    while let Some((kind, body, next)) = one(answer, at)? {
        if kind == b'D' {
            let length = body.get(2..6).and_then(|length| length.try_into().ok()).map(u32::from_be_bytes).context("a row is cut short")?;
            let text = body.get(6..6 + length as usize).context("the first column has no value")?;
            return Ok(String::from_utf8(text.to_vec())?);
        }
        at = next;
    }
    bail!("there is no row")
}

/// The kind and body of the message that begins here, and where the next one does.
fn one(bytes: &[u8], at: usize) -> anyhow::Result<Option<(u8, &[u8], usize)>> {
    let Some(head) = bytes.get(at..at + 5) else { return Ok(None) };
    let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    ensure!(length >= 4, "a message of PostgreSQL has the length {length}");
    let next = at + 1 + length;
    Ok(bytes.get(at + 5..next).map(|body| (head[0], body, next)))
}

fn wants_password(message: &[u8]) -> bool {
    message.get(5..9) == Some(&[0, 0, 0, 3])
}

/// The sentence among the fields of an error.
fn complaint(body: &[u8]) -> String {
    let mut fields = body.split(|&byte| byte == 0).filter_map(|field| field.split_first());
    let said = fields.find(|(kind, _)| **kind == b'M').map(|(_, text)| String::from_utf8_lossy(text).into_owned());
    said.unwrap_or_else(|| "an error without a message".to_owned())
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.extend((body.len() as u32 + 4).to_be_bytes());
    bytes.extend_from_slice(body);
    bytes
}

fn push(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend(text.bytes());
    bytes.push(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_as_the_protocol_has_them() {
        assert_eq!(query("select 1"), b"Q\0\0\0\x0dselect 1\0");
        let bind: &[u8] = b"B\0\0\0\x17\0asked\0\0\0\0\x01\0\0\0\x0242\0\0";
        assert_eq!(execute(&[42]), [bind, b"E\0\0\0\x09\0\0\0\0\0", b"S\0\0\0\x04"].concat());
        assert_eq!(prepare("select $1"), b"P\0\0\0\x16asked\0select $1\0\0\0S\0\0\0\x04");
    }

    #[test]
    fn a_row_is_read_and_an_error_is_said_in_its_own_words() {
        let row = [message(b'2', &[]), message(b'D', b"\0\x01\0\0\0\x03777"), message(b'Z', b"I")].concat();
        assert_eq!((answer(&row).unwrap(), value(&row).unwrap()), (Some(row.len()), "777".to_owned()));
        assert!(value(&message(b'Z', b"I")).is_err());
        let error = message(b'E', b"SERROR\0C42P01\0Mrelation \"x\" does not exist\0\0");
        assert_eq!(answer(&error).unwrap_err().to_string(), "PostgreSQL says: relation \"x\" does not exist");
        assert!(answer(b"Z\0\0\0\0").is_err());
    }
}
