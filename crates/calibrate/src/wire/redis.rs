//! Redis: commands as arrays of texts, and replies of every form of RESP 2.

use anyhow::{Context as _, bail, ensure};

use super::line_end;

/// Arrays inside arrays; our commands get none.
const DEPTH_MAX: usize = 4;

pub(crate) fn command(words: &[&str]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        bytes.extend(format!("${}\r\n{word}\r\n", word.len()).bytes());
    }
    bytes
}

pub(crate) fn answer(bytes: &[u8]) -> anyhow::Result<Option<usize>> {
    end(bytes, 0, 0)
}

/// The text of a reply to GET; none where there is no such key.
pub(crate) fn text(reply: &[u8]) -> anyhow::Result<Option<String>> {
    let line = line_end(reply).context("a reply does not end")?;
    ensure!(reply[0] == b'$', "a reply is no text");
    match std::str::from_utf8(&reply[1..line])?.parse::<i64>()? {
        -1 => Ok(None),
        length => {
            let end = line + 2 + usize::try_from(length)?;
            Ok(Some(String::from_utf8(reply.get(line + 2..end).context("a reply is cut short")?.to_vec())?))
        }
    }
}

fn end(bytes: &[u8], at: usize, depth: usize) -> anyhow::Result<Option<usize>> {
    let Some(line) = bytes.get(at..).and_then(line_end) else { return Ok(None) };
    if line == 0 {
        bail!("a reply is empty");
    }
    let text = String::from_utf8_lossy(&bytes[at + 1..at + line]);
    let next = at + line + 2;
    let count = || text.parse::<i64>().context("reading the length of a reply");
    match bytes[at] {
        b'+' | b':' => Ok(Some(next)),
        b'-' => bail!("Redis says: {text}"),
        b'$' => match usize::try_from(count()?) {
            Ok(length) => {
                let end = next.checked_add(length).and_then(|end| end.checked_add(2)).context("reading the length of a reply")?;
                Ok((bytes.len() >= end).then_some(end))
            }
            Err(_) => Ok(Some(next)),
        },
        b'*' => {
            ensure!(depth < DEPTH_MAX, "a reply has arrays inside arrays inside arrays");
            let mut at = next;
            for _ in 0..count()?.max(0) {
                match end(bytes, at, depth + 1)? {
                    Some(next) => at = next,
                    None => return Ok(None),
                }
            }
            Ok(Some(at))
        }
        other => bail!("a reply begins with {:?}", char::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_replies_are_as_the_protocol_has_them() {
        assert_eq!(command(&["GET", "item:7"]), b"*2\r\n$3\r\nGET\r\n$6\r\nitem:7\r\n");
        for reply in ["+OK\r\n", ":12\r\n", "$-1\r\n", "*-1\r\n", "*0\r\n", "$0\r\n\r\n", "*2\r\n*1\r\n:1\r\n$2\r\nok\r\n"] {
            assert_eq!(answer(reply.as_bytes()).unwrap(), Some(reply.len()), "{reply:?}");
        }
        assert_eq!(answer(b"-NOAUTH Authentication required.\r\n").unwrap_err().to_string(), "Redis says: NOAUTH Authentication required.");
        assert_eq!((text(b"$5\r\nhello\r\n").unwrap().as_deref(), text(b"$-1\r\n").unwrap()), (Some("hello"), None));
        assert!(answer("*1\r\n".repeat(50).as_bytes()).is_err());
    }
}
