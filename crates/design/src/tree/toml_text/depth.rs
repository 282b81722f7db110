//! Where a TOML text nests too deeply, found before it is parsed: the parser bounds brackets and
//! dotted keys each by itself, and their product overflows the stack when the tree is dropped.

/// The byte at which one expression goes deeper than `most`, counting brackets and the dots of
/// keys. A dot in a number counts too; nothing sensible has so many.
pub(super) fn too_deep(text: &str, most: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut open, mut sum, mut dots) = (Vec::new(), 0, 0);
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at += line_rest(&bytes[at..]),
            b'"' | b'\'' => {
                at += string(&bytes[at..]);
                continue;
            }
            b'[' | b'{' => {
                open.push(dots + 1);
                sum += dots + 1;
                dots = 0;
            }
            b']' | b'}' => {
                sum -= open.pop().unwrap_or(0);
                dots = 0;
            }
            b',' => dots = 0,
            b'\n' if open.is_empty() => dots = 0,
            b'.' => dots += 1,
            _ => {}
        }
        if sum + dots > most {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn line_rest(bytes: &[u8]) -> usize {
    // The newline itself is looked at by the caller.
    bytes.iter().position(|b| *b == b'\n').map_or(bytes.len(), |end| end - 1)
}

/// The length of the string that begins here. One that is not closed ends with its line.
fn string(bytes: &[u8]) -> usize {
    let quote = bytes[0];
    let long = bytes.starts_with(&[quote; 3]);
    let mut at = if long { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            b'\n' if !long => return at,
            b if b == quote && !long => return at + 1,
            b if b == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
