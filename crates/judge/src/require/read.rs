//! The text of one requirement, read without its design: a measure, a sign and a bound; or data and
//! what must be true of it. Whether its names exist is for `check` to say.

use std::str::FromStr;

use units::{Quantity, quoted};

use crate::require::{Comparison, Objective, Requirement, Slip, known};

/// Longer signs first.
const SIGNS: [(&str, Comparison); 8] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("==", Comparison::Equal),
    ("≤", Comparison::AtMost),
    ("≥", Comparison::AtLeast),
    ("<", Comparison::Less),
    (">", Comparison::More),
    ("=", Comparison::Equal),
];

const FORM: &str = "Write a measure, a sign and a bound, as in “buy p99 < 100 ms”, “buy good >= 99.9 %” or “cost < 400 USD/month”.";

impl FromStr for Requirement {
    type Err = Slip;

    fn from_str(text: &str) -> Result<Self, Slip> {
        if let Some((data, what)) = invariant(text) {
            return match (data, what) {
                ("", _) | (_, "") => {
                    Err(slip(0, format!("{} names no data, or nothing that must be true of it.", quoted(text)), FORM_OF_DATA))
                }
                _ => {
                    let at = text.len() - text.trim_end().len();
                    let at = text.len() - at - what.len();
                    Ok(Self::Invariant { data: data.into(), what: super::invariant::parse(&words(what), at)? })
                }
            };
        }
        let Some((at, sign, comparison)) = sign(text) else {
            return Err(slip(0, format!("{} compares nothing.", quoted(text)), FORM));
        };
        let (measure, bound) = (&text[..at], &text[at + sign.len()..]);
        if measure.trim().is_empty() {
            return Err(slip(0, format!("Before “{sign}” there is nothing that could be measured."), FORM));
        }
        let written = words(bound);
        let at = at + sign.len() + (bound.len() - bound.trim_start().len());
        if written.is_empty() {
            return Err(slip(at, format!("After “{sign}” there is no bound."), FORM));
        }
        let bound = Quantity::parse(&written).map_err(|problem| Slip {
            at,
            message: problem.message,
            suggestion: problem.suggestion.or_else(|| Some(FORM.into())),
        })?;
        let objective = Objective { measure: canonical(&words(measure)), comparison, bound, written };
        if !reads_back(&objective) {
            return Err(slip(0, format!("{} names no measure.", quoted(measure.trim())), FORM));
        }
        Ok(Self::Objective(objective))
    }
}

/// Stray dots and colons make something of a measure that would be read as something else.
fn reads_back(objective: &Objective) -> bool {
    let text = objective.to_string();
    let measure = sign(&text).map(|(at, ..)| canonical(&words(&text[..at])));
    invariant(&text).is_none() && measure.as_ref() == Some(&objective.measure)
}

const FORM_OF_DATA: &str = "Write it as in “link: no lost write”.";

fn slip(at: usize, message: String, suggestion: &str) -> Slip {
    Slip { at, message, suggestion: Some(suggestion.into()) }
}

/// What has a colon after its first word is about data.
fn invariant(text: &str) -> Option<(&str, &str)> {
    let (data, what) = text.split_once(':')?;
    let data = data.trim();
    let is_word = !data.contains(char::is_whitespace) && !data.contains(['<', '>', '=', '≤', '≥', '.']);
    is_word.then(|| (data, what.trim()))
}

/// The first sign; the arrow of a link is none.
fn sign(text: &str) -> Option<(usize, &'static str, Comparison)> {
    text.char_indices().find_map(|(at, _)| {
        let (sign, comparison) = SIGNS.iter().find(|(sign, _)| text[at..].starts_with(sign))?;
        (!text[..at].ends_with('-')).then_some((at, *sign, *comparison))
    })
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What people say, as `sim` calls it: "buy p99" -> "buy.p99".
pub(crate) fn canonical(text: &str) -> String {
    match text {
        "cost per thousand" | "cost per thousand requests" | "cost per 1000 requests" => return "cost per 1000".into(),
        _ if known::of_whole(text).is_some() || known::of_class(text).is_some() => return text.into(),
        _ => {}
    }
    if let Some((when, what)) = text.strip_prefix("at ").and_then(moment) {
        return format!("at {when}.{}", canonical(what));
    }
    if let Some((from, rest)) = text.split_once("->") {
        let rest = rest.trim();
        let end = rest.find([' ', '.']).unwrap_or(rest.len());
        let what = rest[end..].trim_start_matches([' ', '.']);
        return format!("{} -> {}.{what}", from.trim(), &rest[..end]);
    }
    let Some(end) = text.find([' ', '.']) else { return text.into() };
    let (of, what) = (&text[..end], text[end + 1..].trim());
    match (of, what) {
        (class, "network") => format!("network.{class}"),
        _ => format!("{of}.{what}"),
    }
}

/// "70 s goodput" and "70 s.goodput" -> ("70 s", "goodput").
pub(crate) fn moment(text: &str) -> Option<(&str, &str)> {
    let number = units::number_length(text);
    let unit = text[number..].trim_start();
    let start = text.len() - unit.len();
    let end = start + unit.find([' ', '.'])?;
    let when = &text[..end];
    when.parse::<units::Duration>().is_ok().then(|| (when, text[end + 1..].trim()))
}

/// The other way: "buy.p99" -> "buy p99".
pub(crate) fn spoken(measure: &str) -> String {
    if known::of_whole(measure).is_some() || known::of_class(measure).is_some() {
        return measure.into();
    }
    if let Some((when, what)) = measure.strip_prefix("at ").and_then(moment) {
        return format!("at {when} {}", spoken(what));
    }
    measure.replacen('.', " ", 1)
}
