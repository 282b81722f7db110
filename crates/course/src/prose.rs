//! Prose: Markdown with executed numbers, to HTML.
//!
//! `{claim.measure}`, `{sum.step}`, `{free 10 ms}`, `{quote 30 s, source}` and `{name}` (a value
//! that varies) are replaced in text, never in code. Raw HTML is shown as text. A digit with a
//! unit that comes from none of these is a problem.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset};

use crate::item::Vars;

/// What substitutions may refer to.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// "busy.buy.mean" -> "50 ms".
    pub values: &'a BTreeMap<String, String>,
    /// Ids of sources, in the order of their marks.
    pub sources: &'a [String],
    pub vars: &'a Vars,
}

/// A fault in a prose text; `line` counts from 0 within the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProseProblem {
    pub(crate) line: usize,
    pub(crate) message: String,
    pub(crate) suggestion: Option<String>,
}

/// `\{` becomes this until the Markdown is done, so that it is not taken for a substitution.
const LITERAL_BRACE: char = '\u{e010}';

/// Markdown to HTML. Faults are left out of the page as `[?]`; the pack check names them.
pub fn html(text: &str, context: Context<'_>) -> String {
    render(text, context).0
}

/// The same without markup, for titles, table cells and read-aloud texts.
pub fn plain(text: &str, context: Context<'_>) -> String {
    let mut out = String::new();
    for event in Parser::new_ext(&text.replace("\\{", &LITERAL_BRACE.to_string()), options()) {
        match event {
            Event::Text(piece) => out.push_str(&substitute(&piece, context, &mut Vec::new(), 0).plain),
            Event::Code(piece) => out.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) => out.push(' '),
            _ => {}
        }
    }
    out.trim().replace(LITERAL_BRACE, "{")
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_SMART_PUNCTUATION | Options::ENABLE_STRIKETHROUGH
}

pub(crate) fn render(text: &str, context: Context<'_>) -> (String, Vec<ProseProblem>) {
    let text = text.replace("\\{", &LITERAL_BRACE.to_string());
    let mut problems = Vec::new();
    // The plain text of the current paragraph, in which bare numbers are looked for: emphasis
    // must not hide the unit behind "**30** s".
    let mut paragraph = String::new();
    let mut paragraph_line = 0;
    let mut in_code = false;
    let mut events = Vec::new();
    for (event, range) in TextMergeWithOffset::new(Parser::new_ext(&text, options()).into_offset_iter()) {
        let line = text[..range.start].matches('\n').count();
        if paragraph.is_empty() {
            paragraph_line = line;
        }
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                in_code = true;
                events.push(event);
            }
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                events.push(event);
            }
            Event::Text(piece) if !in_code => {
                let done = substitute(&piece, context, &mut problems, line);
                paragraph.push_str(&done.lint);
                events.push(Event::InlineHtml(CowStr::from(done.html)));
            }
            Event::Html(raw) | Event::InlineHtml(raw) => {
                problems.push(ProseProblem {
                    line,
                    message: format!("Raw HTML is shown as text here: {}", raw.trim()),
                    suggestion: Some("Write Markdown.".into()),
                });
                events.push(Event::Text(raw));
            }
            Event::Code(_) => {
                paragraph.push('\u{fffc}');
                events.push(event);
            }
            Event::SoftBreak | Event::HardBreak => {
                paragraph.push(' ');
                events.push(event);
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::Heading(_)) => {
                lint(&std::mem::take(&mut paragraph), paragraph_line, &mut problems);
                events.push(event);
            }
            other => events.push(other),
        }
    }
    lint(&paragraph, paragraph_line, &mut problems);
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, events.into_iter());
    // A wide table scrolls in a box of its own, by keyboard too.
    let out = out.replace("<table>", "<div class=\"table-box\" tabindex=\"0\"><table>").replace("</table>", "</table></div>");
    (out.replace(LITERAL_BRACE, "{"), problems)
}

/// One text in three forms: for the page, for reading aloud, and with a mark in place of every
/// number that is accounted for.
#[derive(Default)]
struct Substituted {
    html: String,
    plain: String,
    lint: String,
}

fn substitute(text: &str, context: Context<'_>, problems: &mut Vec<ProseProblem>, line: usize) -> Substituted {
    let mut out = Substituted::default();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
        let before = &rest[..open];
        out.html.push_str(&escape(before));
        out.plain.push_str(before);
        out.lint.push_str(before);
        let inner = rest[open + 1..close].trim();
        match resolve(inner, context) {
            Ok((value, mark)) => {
                let _ = write!(out.html, "<span class=\"n\">{}</span>{mark}", escape(&value));
                out.plain.push_str(&value);
                out.lint.push('\u{fffc}');
            }
            Err(problem) => {
                out.html.push_str("[?]");
                out.plain.push_str("[?]");
                problems.push(ProseProblem { line: line + text[..text.len() - rest.len()].matches('\n').count(), ..problem });
            }
        }
        rest = &rest[close + 1..];
    }
    out.html.push_str(&escape(rest));
    out.plain.push_str(rest);
    out.lint.push_str(rest);
    out
}

/// The value behind `{...}` and the HTML that follows it (the mark of a source).
fn resolve(inner: &str, context: Context<'_>) -> Result<(String, String), ProseProblem> {
    let problem = |message: String, suggestion: &str| ProseProblem { line: 0, message, suggestion: Some(suggestion.to_owned()) };
    if let Some(value) = inner.strip_prefix("free ") {
        return Ok((crate::claim::shown(value.trim()), String::new()));
    }
    if let Some(quoted) = inner.strip_prefix("quote ") {
        let Some((value, source)) = quoted.rsplit_once(',') else {
            return Err(problem(format!("{{{inner}}} names no source."), "Write {quote 30 s, source-id}."));
        };
        let source = source.trim();
        let Some(at) = context.sources.iter().position(|id| id == source) else {
            return Err(problem(format!("There is no source “{source}” in this lesson."), "Add a source fence with this id."));
        };
        let mark = format!("<sup class=\"cite\"><a href=\"#source-{}\">{}</a></sup>", escape(source), at + 1);
        return Ok((crate::claim::shown(value.trim()), mark));
    }
    if let Some(value) = context.vars.get(inner).or_else(|| context.values.get(inner)) {
        return Ok((value.clone(), String::new()));
    }
    let near: Vec<_> = context
        .values
        .keys()
        .filter(|key| inner.split('.').next().is_some_and(|head| key.starts_with(head)))
        .map(String::as_str)
        .take(6)
        .collect();
    let suggestion = if near.is_empty() {
        "Name a claim, a sum or a varied value; or write {free …} or {quote …, source}.".to_owned()
    } else {
        format!("Known are: {}.", near.join(", "))
    };
    Err(ProseProblem { line: 0, message: format!("{{{inner}}} has no value here."), suggestion: Some(suggestion) })
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// Reports digits that carry a unit and come from nowhere.
fn lint(text: &str, line: usize, problems: &mut Vec<ProseProblem>) {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() || (at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')) {
            at += 1;
            continue;
        }
        let start = at;
        while at < chars.len()
            && (chars[at].is_ascii_digit() || (matches!(chars[at], '.' | ',') && chars.get(at + 1).is_some_and(char::is_ascii_digit)))
        {
            at += 1;
        }
        let money = start > 0 && chars[start - 1] == '$';
        if let Some(unit) = unit_after(&chars[at..]).or_else(|| money.then(|| "$".to_owned())) {
            let number: String = chars[start..at].iter().collect();
            problems.push(ProseProblem {
                line,
                message: format!("“{number} {unit}” comes from nowhere."),
                suggestion: Some("Take it from a claim or a sum, or write {free …} or {quote …, source}.".into()),
            });
        }
    }
}

/// The unit that follows a number, if it is one: "ms", "%", "requests/s".
fn unit_after(rest: &[char]) -> Option<String> {
    let skip = usize::from(matches!(rest.first(), Some(' ' | '\u{a0}' | '\u{202f}' | '-')));
    if rest.get(skip) == Some(&'%') {
        return Some("%".into());
    }
    let word: String = rest[skip..].iter().take_while(|c| c.is_alphabetic() || matches!(c, 'µ' | 'μ')).collect();
    let after = rest.get(skip + word.chars().count());
    if after == Some(&'/') {
        let per: String = rest[skip + word.chars().count() + 1..].iter().take_while(|c| c.is_alphabetic()).collect();
        if units::find_unit(&per).is_some() {
            return Some(format!("{word}/{per}"));
        }
    }
    // "d", "h" and "B" alone are too short to tell from words and labels unless they touch the number's space.
    units::find_unit(&word).filter(|unit| !word.is_empty() && unit.name != "d").map(|_| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, problems: &[&str]) {
        let values = BTreeMap::from([("busy.buy.mean".to_owned(), "50 ms".to_owned())]);
        let vars = Vars::from([("rate".to_owned(), "80/s".to_owned())]);
        let (html, found) = render(text, Context { values: &values, sources: &["gunicorn".to_owned()], vars: &vars });
        assert_eq!(html.trim(), expected);
        assert_eq!(found.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>(), problems);
    }

    #[test]
    fn a_claim_and_a_varied_value_are_shown() {
        check(
            "At {rate} it takes {busy.buy.mean}.",
            "<p>At <span class=\"n\">80/s</span> it takes <span class=\"n\">50 ms</span>.</p>",
            &[],
        );
    }

    #[test]
    fn a_quotation_carries_the_mark_of_its_source() {
        check(
            "{quote 30 s, gunicorn}",
            "<p><span class=\"n\">30\u{a0}s</span><sup class=\"cite\"><a href=\"#source-gunicorn\">1</a></sup></p>",
            &[],
        );
    }

    #[test]
    fn a_bare_number_with_a_unit_is_a_problem() {
        check("It takes 10 ms.", "<p>It takes 10 ms.</p>", &["“10 ms” comes from nowhere."]);
        check("It is **80**% busy.", "<p>It is <strong>80</strong>% busy.</p>", &["“80 %” comes from nowhere."]);
        check("At 90 requests/s.", "<p>At 90 requests/s.</p>", &["“90 requests/s” comes from nowhere."]);
        check("It costs $5.", "<p>It costs $5.</p>", &["“5 $” comes from nowhere."]);
    }

    #[test]
    fn counts_names_and_code_are_free() {
        check("3 replicas, TLS 1.3, `10 ms`, p99.", "<p>3 replicas, TLS 1.3, <code>10 ms</code>, p99.</p>", &[]);
    }

    #[test]
    fn html_is_shown_as_text_and_reported() {
        check(
            "a <b>c</b>",
            "<p>a &lt;b&gt;c&lt;/b&gt;</p>",
            &["Raw HTML is shown as text here: <b>", "Raw HTML is shown as text here: </b>"],
        );
    }

    #[test]
    fn an_unknown_name_says_what_is_known() {
        check("{busy.buy.max}", "<p>[?]</p>", &["{busy.buy.max} has no value here."]);
    }

    #[test]
    fn an_escaped_brace_is_a_brace() {
        check("\\{x}", "<p>{x}</p>", &[]);
    }
}
