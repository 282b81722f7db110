//! One list or table as TOML writes it on one line: `["a", "b"]`, `{ attempts = 3 }`. A value
//! that is set by its path is read here, in a browser and elsewhere alike, so that a figure
//! needs no reader of whole texts. Dates, long texts, dotted keys and comments are not known.

use sorted::btree_map;

use super::{DEPTH_MAX, Entry, Node, Table, Value};
use crate::notation::shown;

/// The one value that the text holds, or what is wrong with it in a sentence.
pub(crate) fn parse_inline(text: &str) -> Result<Node, String> {
    let mut cursor = Cursor { text, at: 0 };
    let node = cursor.value(1)?;
    if cursor.next().is_some() {
        return Err("This is more than one value.".into());
    }
    Ok(node)
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character that is not white space.
    fn next(&mut self) -> Option<char> {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
        self.rest().chars().next()
    }

    /// Steps over this character if it comes next.
    fn eat(&mut self, wanted: char) -> bool {
        let found = self.next() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Node, String> {
        let next = self.next();
        let at = self.at;
        let value = match next {
            Some('[' | '{') if depth >= DEPTH_MAX => return Err(format!("This is nested deeper than {DEPTH_MAX}.")),
            Some('[') => Value::List(self.list(depth)?),
            Some('{') => Value::Table(self.table(depth)?),
            Some(quote @ ('"' | '\'')) => Value::Text(self.quoted(quote)?),
            _ => self.word()?,
        };
        Ok(Node { value, at, inner: None })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        self.eat('[');
        while !self.eat(']') {
            nodes.push(self.value(depth + 1)?);
            self.comma(']')?;
        }
        Ok(nodes)
    }

    fn table(&mut self, depth: usize) -> Result<Table, String> {
        let mut table = Table::new();
        self.eat('{');
        while !self.eat('}') {
            let (at, key) = self.key()?;
            if !self.eat('=') {
                return Err(format!("After the key “{}” there is no “=”.", shown(&key)));
            }
            let node = self.value(depth + 1)?;
            match table.entry(key) {
                btree_map::Entry::Occupied(entry) => return Err(format!("“{}” is written twice in the same table.", shown(entry.key()))),
                btree_map::Entry::Vacant(place) => place.insert(Entry { at, node }),
            };
            self.comma('}')?;
        }
        Ok(table)
    }

    /// A comma, unless the list or table ends here.
    fn comma(&mut self, end: char) -> Result<(), String> {
        let ends = self.next() == Some(end);
        if ends || self.eat(',') { Ok(()) } else { Err(format!("{} there should be “,” or “{end}”.", self.place())) }
    }

    fn key(&mut self) -> Result<(usize, String), String> {
        let next = self.next();
        let at = self.at;
        let key = match next {
            Some(quote @ ('"' | '\'')) => self.quoted(quote)?,
            _ => self.run(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).to_owned(),
        };
        // An empty key is one only in quotation marks.
        if self.at == at { Err(format!("{} there should be a key.", self.place())) } else { Ok((at, key)) }
    }

    /// A number, `true` or `false`.
    fn word(&mut self) -> Result<Value, String> {
        let word = self.run(|c| !c.is_whitespace() && !matches!(c, ',' | '[' | ']' | '{' | '}' | '=' | '"' | '\'' | '#'));
        match word {
            "" => return Err(format!("{} there should be a value.", self.place())),
            "true" => return Ok(Value::Flag(true)),
            "false" => return Ok(Value::Flag(false)),
            _ => {}
        }
        if !is_number(word) {
            return Err(format!("“{}” is not a number: a text stands in quotation marks.", shown(word)));
        }
        let held = match word.contains(['.', 'e', 'E']) {
            true => units::float(word).map(Value::Float),
            false => word.parse().ok().map(Value::Integer),
        };
        held.ok_or_else(|| format!("“{}” is not a number that can be held.", shown(word)))
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let run = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
        self.at += run.len();
        run
    }

    /// A text in quotation marks of either sort; only the double ones know escapes.
    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        let mut chars = self.rest().chars();
        chars.next();
        loop {
            match chars.next() {
                Some(c) if c == quote => break,
                Some('\\') if quote == '"' => text.push(escape(&mut chars)?),
                Some(c) if c != '\t' && c.is_ascii_control() => return Err("A text has a control character or a line end in it.".into()),
                Some(c) => text.push(c),
                None => return Err("A text is not closed by its quotation mark.".into()),
            }
        }
        self.at = self.text.len() - chars.as_str().len();
        Ok(text)
    }

    fn place(&self) -> String {
        match self.rest() {
            "" => "At the end".into(),
            rest => format!("Before “{}”", shown(rest)),
        }
    }
}

/// The character that an escape stands for; the backslash is behind.
fn escape(chars: &mut std::str::Chars<'_>) -> Result<char, String> {
    let letter = chars.next();
    let digits = match letter {
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        _ => 0,
    };
    let found = match letter {
        Some(same @ ('"' | '\\')) => Some(same),
        Some('b') => Some('\u{8}'),
        Some('t') => Some('\t'),
        Some('n') => Some('\n'),
        Some('f') => Some('\u{c}'),
        Some('r') => Some('\r'),
        Some('e') => Some('\u{1b}'),
        _ => {
            let code: String = chars.by_ref().take(digits).collect();
            let whole = code.len() == digits && code.bytes().all(|b| b.is_ascii_hexdigit());
            u32::from_str_radix(&code, 16).ok().filter(|_| whole).and_then(char::from_u32)
        }
    };
    found.ok_or_else(|| "A text has an escape that is not known: write a backslash twice.".into())
}

/// As TOML has them in decimal: a sign, no zeros before other digits, digits around a point.
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    let (mantissa, power) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(mantissa, power)| (mantissa, Some(power)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let leading = whole.len() > 1 && whole.starts_with('0');
    digits(whole)
        && !leading
        && fraction.is_none_or(digits)
        && power.is_none_or(|power| digits(power.strip_prefix(['+', '-']).unwrap_or(power)))
}

#[cfg(all(test, feature = "toml"))]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};
    use serde_json::Value as Json;

    use super::*;

    fn check(text: &str, expected: Expect) {
        let told = parse_inline(text).map_or_else(|message| message, |node| node.to_json().to_string());
        expected.assert_eq(&told);
    }

    #[test]
    fn lists_and_tables_may_run_over_lines_and_end_in_a_comma() {
        check(" [ 'a',\r\n\t\"b\", ] ", expect![[r#"["a","b"]"#]]);
        check("{ dist = \"exp\",\n mean = \"5 ms\" }", expect![[r#"{"dist":"exp","mean":"5 ms"}"#]]);
        check("[[], {}, [{ a = [] }]]", expect![[r#"[[],{},[{"a":[]}]]"#]]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        check("[\"a\"", expect!["At the end there should be “,” or “]”."]);
        check("[\"a\" \"b\"]", expect!["Before “\"b\"]” there should be “,” or “]”."]);
        check("[a, b]", expect!["“a” is not a number: a text stands in quotation marks."]);
        check("[,]", expect!["Before “,]” there should be a value."]);
        check("{ attempts: 3 }", expect!["After the key “attempts” there is no “=”."]);
        check("{ = 3 }", expect!["Before “= 3 }” there should be a key."]);
        check("{ a = 1, a = 2 }", expect!["“a” is written twice in the same table."]);
        check("{ a = \"b }", expect!["A text is not closed by its quotation mark."]);
        check("[\"a\nb\"]", expect!["A text has a control character or a line end in it."]);
        check("[\"C:\\dir\"]", expect!["A text has an escape that is not known: write a backslash twice."]);
        check("[99999999999999999999]", expect!["“99999999999999999999” is not a number that can be held."]);
        check("[1] [2]", expect!["This is more than one value."]);
        check(&"[".repeat(10_000), expect!["This is nested deeper than 64."]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_value_is_read_as_the_toml_library_reads_it(tokens in tokens(), flaw in option::of((any::<Index>(), token()))) {
            let mut tokens = tokens;
            if let Some((at, token)) = flaw {
                let at = at.index(tokens.len());
                tokens[at] = token;
            }
            // Dotted keys are TOML, but not known here.
            prop_assume!(!tokens.windows(2).any(|pair| pair[1] == "=" && pair[0].contains('.') && !pair[0].starts_with(['"', '\''])));
            let text = tokens.join(" ");
            prop_assert_eq!(parse_inline(&text).ok().map(|node| node.to_json()), by_library(&text), "{}", text);
        }

        #[test]
        fn no_text_brings_the_reader_down(text in "[\\[{\\]},='\"\\\\ua1.é\n -]{0,30}") {
            let _ = parse_inline(&text);
        }
    }

    fn by_library(text: &str) -> Option<Json> {
        let (mut table, slips) = crate::tree::parse_toml(&format!("value = {text}"));
        let value = table.remove("value")?;
        (slips.is_empty() && table.is_empty()).then(|| value.node.to_json())
    }

    fn token() -> impl Strategy<Value = String> {
        prop_oneof![select(vec!["[", "]", "{", "}", ",", "=", "", "a"]).prop_map(str::to_owned), single()]
    }

    fn single() -> impl Strategy<Value = String> {
        let odd = select(vec![
            "true",
            "false",
            "yes",
            "+1",
            "-0",
            "01",
            "1.",
            ".5",
            "1.5e+3",
            "1E5",
            "1e",
            "1e400",
            "-0.5",
            "9223372036854775808",
            "''",
            r"'\'",
            r#""\t\n\"\\""#,
            r#""\u00e9\U0001F600""#,
            r#""\x41\e""#,
            r#""\q""#,
            r#""\ud800""#,
            r#""\u12""#,
        ]);
        prop_oneof![odd.prop_map(str::to_owned), any::<i64>().prop_map(|n| n.to_string()), "\"[ !#-\\[\\]-~é→]{0,6}\"", "'[ -&(-~é]{0,6}'"]
    }

    /// The tokens of a right value.
    fn tokens() -> impl Strategy<Value = Vec<String>> {
        let key = prop_oneof!["[a-z0-9_-]{1,4}", "\"[ a-z.]{0,4}\""];
        let leaf = prop_oneof![
            any::<i64>().prop_map(|n| n.to_string()),
            (-1e30..1e30f64).prop_map(|float| format!("{float:?}")),
            "\"[ a-z]{0,4}\""
        ];
        let value = leaf.prop_map(|token| vec![token]).prop_recursive(3, 12, 3, move |inner| {
            let entry = (key.clone(), inner.clone()).prop_map(|(key, value)| [vec![key, "=".to_owned()], value].concat());
            prop_oneof![
                vec(inner, 0..3).prop_map(|items| between("[", items, "]")),
                vec(entry, 0..3).prop_map(|items| between("{", items, "}"))
            ]
        });
        vec(value, 0..3).prop_map(|items| between("[", items, "]"))
    }

    fn between(open: &str, items: Vec<Vec<String>>, close: &str) -> Vec<String> {
        let inner = items.join(&",".to_owned());
        [vec![open.to_owned()], inner, vec![close.to_owned()]].concat()
    }
}
