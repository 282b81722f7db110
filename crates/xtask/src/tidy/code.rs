//! The code of a Rust file without its comments and texts, and without the tests at its foot.
//! Not a parser: enough to find a word that stands as code, line by line.

/// The text with comments and literals blanked; lines stay where they were.
pub(crate) fn bare(text: &str) -> String {
    filled(text, |_| Some(' '))
}

/// The text with literals marked out, so that what ends a line in them is not taken for code.
pub(crate) fn without_literals(text: &str) -> String {
    filled(text, |first| (first != '/').then_some('_'))
}

/// Replaces comments and literals by what `fill` says of their first character, if anything.
fn filled(text: &str, fill: impl Fn(char) -> Option<char>) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skipped(&chars, at);
        if end > at {
            let filling = fill(chars[at]);
            out.extend(chars[at..end].iter().map(|c| filling.filter(|_| *c != '\n').unwrap_or(*c)));
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that begins here ends; `at` when none does.
fn skipped(chars: &[char], at: usize) -> usize {
    let next = |offset: usize| chars.get(at + offset).copied();
    match chars[at] {
        '/' if next(1) == Some('/') => chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |length| at + length),
        '/' if next(1) == Some('*') => after_block(chars, at),
        '"' => after_text(chars, at + 1),
        'r' if !follows_word(chars, at) => after_raw(chars, at),
        '\'' if next(1) == Some('\\') => chars[at + 3..].iter().position(|c| *c == '\'').map_or(chars.len(), |length| at + 3 + length + 1),
        '\'' if next(2) == Some('\'') => at + 3,
        _ => at,
    }
}

fn follows_word(chars: &[char], at: usize) -> bool {
    // b"..." and br"..." begin with a letter of their own.
    at > 0 && (chars[at - 1].is_alphanumeric() && chars[at - 1] != 'b' || chars[at - 1] == '_')
}

fn after_block(chars: &[char], at: usize) -> usize {
    let mut depth = 0usize;
    let mut here = at;
    while here < chars.len() {
        match (chars[here], chars.get(here + 1)) {
            ('/', Some('*')) => (depth, here) = (depth + 1, here + 2),
            ('*', Some('/')) => (depth, here) = (depth - 1, here + 2),
            _ => here += 1,
        }
        if depth == 0 {
            return here;
        }
    }
    here
}

fn after_text(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// r"..." and r#"..."#; an identifier that begins with r is none of them.
fn after_raw(chars: &[char], at: usize) -> usize {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    let open = at + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return at;
    }
    let mut here = open + 1;
    while here < chars.len() {
        if chars[here] == '"' && chars[here + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return here + 1 + hashes;
        }
        here += 1;
    }
    here
}

/// The part of bare code before the tests at its foot.
pub(crate) fn before_tests(bare: &str) -> &str {
    let foot = bare.match_indices("#[cfg(test)]").find(|(at, mark)| {
        let rest = bare[at + mark.len()..].trim_start();
        rest.starts_with("mod ") && rest.lines().next().is_some_and(|line| line.trim_end().ends_with('{'))
    });
    foot.map_or(bare, |(at, _)| &bare[..at])
}

/// Lines (from 1) on which `word` stands as a whole word.
pub(crate) fn lines_with(code: &str, word: &str) -> Vec<usize> {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let whole = |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let runs_on_before = word.starts_with(inside) && line[..at].ends_with(inside);
            let runs_on_after = word.ends_with(inside) && line[at + word.len()..].starts_with(inside);
            !runs_on_before && !runs_on_after
        })
    };
    code.lines().enumerate().filter(|(_, line)| whole(line)).map(|(at, _)| at + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_blanked_and_lines_stay() {
        let text = "a // todo!\n/* x /* y */ todo! */ b\n\"todo!\\\" todo!\" c\nr#\"todo!\" todo!\"# d\n'\"' e '\\'' f\n&'a str\n";
        let bare = bare(text);
        assert!(!bare.contains("todo"), "{bare}");
        assert_eq!(bare.lines().count(), text.lines().count());
        assert_eq!(bare.split_whitespace().collect::<Vec<_>>(), ["a", "b", "c", "d", "e", "f", "&'a", "str"]);
    }

    #[test]
    fn the_tests_at_the_foot_are_left_out_and_other_test_marks_are_not() {
        assert_eq!(before_tests("a\n#[cfg(test)]\nmod tests;\nb\n#[cfg(test)]\nmod tests {\nc }"), "a\n#[cfg(test)]\nmod tests;\nb\n");
    }

    #[test]
    fn a_word_is_found_whole() {
        assert_eq!(lines_with("Instant\nInstantly\nan_Instant\nx::Instant;", "Instant"), [1, 4]);
        assert_eq!(lines_with("x.ln()\nx.ln_1p()\ny.ln(2)", ".ln("), [1, 3]);
    }
}
