//! What gives an answer away, or asks for reading instead of knowing: the rules of item writing for
//! the words of one item (learning note 4.1). What shows only over many items is in `grade`.

use units::Quantity;

use super::{Form, Item, OptionText};
use crate::problem::Reporter;

/// Options that say nothing of their own.
const EMPTY: &[&str] = &[
    "all of the above",
    "none of the above",
    "all of these",
    "none of these",
    "any of these",
    "both of these",
    "all answers",
    "no answer",
];
/// Words that make an option false without any knowledge of the matter.
const ABSOLUTE: &[&str] = &["always", "never", "impossible", "guaranteed", "under all circumstances", "in every case", "in no case"];
/// Questions that are answered by reading the options, not the question.
const BLANK: &[&str] =
    &["which of the following is true", "which of these is true", "which statement is", "what is true", "which is correct"];
/// A question that asks for the odd one out.
const NEGATIVE: &[&str] = &[" is not", " are not", " does not", " do not", " cannot", " except", " is false", " is wrong", " least likely"];

/// An option this much longer than another stands out; short ones do not [characters].
const LENGTHS: f64 = 2.5;
const SHORT: usize = 24;

/// `plain` is a text as a reader sees it.
pub(crate) fn lint(item: &Item, plain: &dyn Fn(&str) -> String, report: &mut Reporter<'_>) {
    let (Form::Choice { options } | Form::Several { options }) = &item.form else { return };
    let texts: Vec<String> = options.iter().map(|option| plain(&option.text)).collect();
    for (at, text) in texts.iter().enumerate() {
        let lower = text.to_lowercase();
        if let Some(word) = EMPTY.iter().find(|word| lower.starts_with(**word)) {
            report.error(item.line, format!("Option {} of {} says “{word}”, which tests nothing.", at + 1, item.id));
        }
        if let Some(word) = ABSOLUTE.iter().find(|word| says(&lower, word)) {
            report.suggest(
                item.line,
                format!("Option {} of {} says “{word}”, and readers know that this is hardly true of anything.", at + 1, item.id),
                "Say it of this case.",
            );
        }
        if texts[..at].contains(text) {
            report.error(item.line, format!("Option {} of {} stands twice.", at + 1, item.id));
        }
    }
    check_ask(item, &plain(&item.ask).to_lowercase(), report);
    check_feedback(item, options, report);
    if matches!(item.form, Form::Choice { .. }) {
        check_lengths(item, &texts, report);
    }
    check_order(item, &texts, report);
}

/// Whether a text has these words as words.
fn says(text: &str, words: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(at, _)| !inside(text[..at].chars().next_back()) && !inside(text[at + words.len()..].chars().next()))
}

/// Whether the question can be answered with the options covered, as far as words tell.
fn check_ask(item: &Item, ask: &str, report: &mut Reporter<'_>) {
    let id = &item.id;
    if !(ask.contains('?') || ask.trim_end().ends_with(['…', ':'])) {
        report.suggest(item.line, format!("Item {id} asks nothing."), "End it with a question, or with … where an option goes on.");
    }
    if let Some(words) = BLANK.iter().find(|words| says(ask, words)) {
        report.suggest(
            item.line,
            format!("Item {id} asks “{words}”, which cannot be answered with the options covered."),
            "Ask for one thing.",
        );
    }
    let last = ask.rsplit_once(['.', '!']).map_or(ask, |(before, last)| if last.trim().is_empty() { before } else { last });
    let asks_which = last.contains("which") || last.contains("what");
    if matches!(item.form, Form::Choice { .. })
        && asks_which
        && let Some(words) = NEGATIVE.iter().find(|words| says(last, words.trim()))
    {
        report.suggest(
            item.line,
            format!("Item {id} asks for what “{}”, and a reader in a hurry overlooks that.", words.trim()),
            "Ask for what is so.",
        );
    }
}

fn check_feedback(item: &Item, options: &[OptionText], report: &mut Reporter<'_>) {
    for (at, option) in options.iter().enumerate() {
        if options[..at].iter().any(|earlier| earlier.say == option.say && !option.say.is_empty()) {
            report.error(item.line, format!("Option {} of {} has the feedback of another.", at + 1, item.id));
        }
    }
}

fn check_lengths(item: &Item, texts: &[String], report: &mut Reporter<'_>) {
    let lengths = || texts.iter().map(|text| text.chars().count());
    let (Some(shortest), Some(longest)) = (lengths().min(), lengths().max()) else { return };
    if longest > SHORT && longest as f64 > LENGTHS * shortest.max(1) as f64 {
        report.suggest(
            item.line,
            format!("The options of {} are {shortest} to {longest} characters long; one stands out.", item.id),
            "Make them alike.",
        );
    }
}

/// Numbers stand in their order, or their place says something.
fn check_order(item: &Item, texts: &[String], report: &mut Reporter<'_>) {
    let number = |text: &String| Quantity::parse(&text.replace([',', '\u{a0}'], "").replace('≈', "")).ok();
    let numbers: Option<Vec<Quantity>> = texts.iter().map(number).collect();
    let Some(numbers) = numbers else { return };
    if numbers.windows(2).any(|pair| pair[0].dimension != pair[1].dimension) {
        return;
    }
    let rises = numbers.windows(2).all(|pair| pair[0].value < pair[1].value);
    let falls = numbers.windows(2).all(|pair| pair[0].value > pair[1].value);
    if !rises && !falls {
        report.suggest(item.line, format!("The options of {} are numbers and not in their order.", item.id), "Sort them.");
    }
}
