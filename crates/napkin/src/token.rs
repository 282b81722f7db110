//! A step cut into tokens. Numbers are read by `units`; what tokens mean together is not known here.

use std::ops::Range;

use units::{NumberProblem, number_length, parse_number, quoted};

use crate::fault::Fault;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Token<'a> {
    Number(f64),
    Word(&'a str),
    /// One of `+ - * / ^ ( ) , = $`, or `>` for "->".
    Sign(char),
}

#[derive(Debug, Clone)]
pub(crate) struct Placed<'a> {
    pub token: Token<'a>,
    /// Bytes within the step.
    pub at: Range<usize>,
}

pub(crate) fn tokens(step: &str) -> Result<Vec<Placed<'_>>, Fault> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = step[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = token(&step[at..], first).map_err(|(length, fault)| {
            let inside = found.iter().any(|placed: &Placed<'_>| placed.token == Token::Sign('('));
            let fault = if inside && step[at..at + length].contains(',') { fault.suggest(BETWEEN_ARGUMENTS) } else { fault };
            fault.at(at..at + length)
        })?;
        found.push(Placed { token, at: at..at + length });
        at += length;
    }
    Ok(found)
}

const BETWEEN_ARGUMENTS: &str = "Between two arguments put a comma and a space, as in min(1, 2).";

fn token(text: &str, first: char) -> Result<(Token<'_>, usize), (usize, Fault)> {
    if first.is_ascii_digit() || first == '.' {
        return number(text);
    }
    if text.starts_with("->") {
        return Ok((Token::Sign('>'), 2));
    }
    let sign = match first {
        '+' | '-' | '*' | '/' | '^' | '(' | ')' | ',' | '=' | '$' => Some(first),
        '×' | '·' => Some('*'),
        '÷' => Some('/'),
        '−' => Some('-'),
        '→' => Some('>'),
        _ => None,
    };
    if let Some(sign) = sign {
        return Ok((Token::Sign(sign), first.len_utf8()));
    }
    let length = match first {
        '%' => 1,
        _ => text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len()),
    };
    match &text[..length] {
        "" => Err((first.len_utf8(), Fault::new(format!("{} has no meaning here.", quoted(&first.to_string()))))),
        word => Ok((Token::Word(word), length)),
    }
}

fn number(text: &str) -> Result<(Token<'_>, usize), (usize, Fault)> {
    let length = number_length(text);
    match parse_number(&text[..length]) {
        Ok((number, _)) if number.to_f64().is_finite() => Ok((Token::Number(number.to_f64()), length)),
        Ok(_) => Err((length, Fault::new("This number is larger than can be held.").suggest("Check the power of ten."))),
        Err(NumberProblem::Missing) => Err((1, Fault::new("“.” is not a number."))),
        Err(problem) => Err((length, Fault::new(problem.to_string()))),
    }
}
