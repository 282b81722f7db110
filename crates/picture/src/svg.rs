//! The little that is needed to write SVG: escaping, numbers, ids, and the colours by role.

pub(crate) const INK: &str = "var(--ink, #1e1b17)";
pub(crate) const QUIET: &str = "var(--ink-2, #544d44)";
pub(crate) const PAPER: &str = "var(--paper, #f6f2e8)";
pub(crate) const GROUND: &str = "var(--sheet, #fdfaf3)";
pub(crate) const RULE: &str = "var(--rule, #d9d0be)";
pub(crate) const LINE: &str = "var(--line, #857b6c)";
pub(crate) const ACCENT: &str = "var(--accent, #0b4a5e)";
pub(crate) const DANGER: &str = "var(--danger, #a32a1c)";
pub(crate) const SANS: &str = "var(--sans, system-ui, sans-serif)";

/// Above this share a worker's queue is mostly waiting, and every picture says so in words.
pub(crate) const BUSY: f64 = 0.8;

/// Text for content and attributes; control characters, which XML forbids, are dropped.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}

/// A coordinate with at most one decimal.
pub(crate) fn n(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".into() } else { text.into() }
}

/// What is left of a text as the beginning of ids.
pub(crate) fn prefix(text: &str) -> String {
    let kept: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(64).collect();
    if kept.starts_with(|c: char| c.is_ascii_alphabetic()) { kept } else { format!("picture{kept}") }
}

/// The opening tag with its name for those who do not see it.
pub(crate) fn open(class: &str, id: &str, size: (f64, f64), data: &str, title: &str, description: &str) -> String {
    let (width, height) = (n(size.0), n(size.1));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{SANS}\"{data}>\
         <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>\n",
        escape(title),
        escape(description)
    )
}

/// The hatch that marks what is over 80 % busy, also without colour.
pub(crate) fn hatch(id: &str) -> String {
    format!(
        "<defs><pattern id=\"{id}-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <path class=\"hatch\" d=\"M1.5 0V6\" stroke=\"{DANGER}\" stroke-width=\"2.5\"/></pattern></defs>\n"
    )
}

/// A share of time for people: "93 %".
pub(crate) fn percent(share: f64) -> String {
    if share > 9.99 { "over 999 %".into() } else { units::Quantity::plain(libm::round(share * 1000.0) / 1000.0).percent() }
}

/// How wide a text will be [px]; real fonts differ by a few per cent, so this is a little wide.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.27,
        't' | 'f' | 'r' | '(' | ')' | '-' | '/' => 0.36,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.84,
        'A'..='Z' => 0.62,
        ' '..='~' => 0.53,
        _ => 0.6,
    };
    text.chars().map(em).sum::<f64>() * size * 1.04
}

/// A text cut with "…" to a width.
pub(crate) fn cut(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        short.push(c);
        if width(&short, size) + size > most {
            break;
        }
    }
    short.push('…');
    short
}
