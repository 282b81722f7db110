//! Lines of a text, by the place of a byte in it.

use std::ops::Range;

/// The line of a byte, from 1.
pub(crate) fn line(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|&byte| byte == b'\n').count()
}

/// The line on which the content of a TOML string begins, whose literal is at this range: one
/// with three quotes drops a line break right after them.
pub(crate) fn content(text: &str, literal: &Range<usize>) -> usize {
    let begin = text.get(literal.clone()).unwrap_or("");
    let opened = begin.strip_prefix("\"\"\"").or_else(|| begin.strip_prefix("'''"));
    line(text, literal.start) + usize::from(opened.is_some_and(|rest| rest.starts_with('\n') || rest.starts_with("\r\n")))
}
