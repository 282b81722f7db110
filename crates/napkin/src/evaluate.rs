//! The grammar, evaluated as it is read: no tree is built, so depth is a counter and the work is
//! at most a constant per token.
//!
//! ```text
//! step   = [name "="] sum [("->" | "in") units]
//! sum    = product {("+" | "-") product}
//! product = factor {("*" | "of" | "/" | "per") factor}
//! factor = {"-"} atom ["^" whole number] [units]
//! atom   = number | name | function "(" sum {"," sum} ")" | "(" sum ")" | "$" number
//! units  = ["million"] word {"/" word}
//! ```
//! Units directly after a number belong to it: `100 GB / 8 GB/day` is 12.5 days.

use sorted::BTreeMap;
use std::ops::Range;

use units::{Dimension, find_unit, is_thing, large_number, meant, quoted};

use crate::fault::Fault;
use crate::function::{FUNCTIONS, apply};
use crate::token::{Placed, Token, tokens};
use crate::value::Units;
use crate::words::{nearly, singular};
use crate::{MAX_DEPTH, MAX_STEPS, MAX_TEXT, Problem, Sheet, Step, Value};

const MAX_POWER: f64 = 16.0;

pub(crate) fn sheet(text: &str) -> Result<Sheet, Vec<Problem>> {
    let whole = |message: String, suggestion: &str| vec![Problem { line: 1, columns: 1..2, message, suggestion: Some(suggestion.into()) }];
    if text.len() > MAX_TEXT {
        return Err(whole(format!("This is longer than the {MAX_TEXT} bytes of a napkin."), "Keep the steps that lead to the answer."));
    }
    let mut steps = Vec::new();
    let mut problems = Vec::new();
    let mut known = BTreeMap::new();
    for source in sources(text) {
        if steps.len() + problems.len() == MAX_STEPS {
            problems.push(
                source.problem(Fault::new(format!("A napkin holds {MAX_STEPS} steps; this is one more.")).suggest("Join some steps.")),
            );
            break;
        }
        match step(&source, &mut known) {
            Ok(step) => steps.push(step),
            Err(fault) if fault.echo => {}
            Err(fault) => problems.push(source.problem(fault)),
        }
    }
    match (steps.is_empty(), problems.is_empty()) {
        (_, false) => Err(problems),
        (true, true) => Err(whole("There is no step here.".into(), "Write one, as in “120 requests/s * 50 ms”.")),
        (false, true) => Ok(Sheet { steps }),
    }
}

/// The text of one step and where it stands.
struct Source<'a> {
    line: usize,
    /// Characters before it on its line.
    before: usize,
    text: &'a str,
}

impl Source<'_> {
    fn problem(&self, fault: Fault) -> Problem {
        let at = fault.at.unwrap_or(0..self.text.len());
        let column = |byte: usize| self.before + 1 + self.text.get(..byte).unwrap_or(self.text).chars().count();
        let (start, end) = (column(at.start), column(at.end));
        Problem { line: self.line, columns: start..end.max(start + 1), message: fault.message, suggestion: fault.suggestion }
    }
}

fn sources(text: &str) -> impl Iterator<Item = Source<'_>> {
    text.split('\n').enumerate().flat_map(|(i, line)| {
        let line = line.split('#').next().unwrap_or("");
        let mut before = 0;
        line.split(';').filter_map(move |part| {
            let blank = part.len() - part.trim_start().len();
            let source = Source { line: i + 1, before: before + part[..blank].chars().count(), text: part.trim() };
            before += part.chars().count() + 1;
            (!source.text.is_empty()).then_some(source)
        })
    })
}

/// The steps so far by name; `None` for one that has a problem.
type Known = BTreeMap<String, Option<Value>>;

fn step(source: &Source<'_>, known: &mut Known) -> Result<Step, Fault> {
    let tokens = tokens(source.text).inspect_err(|_| {
        // The name still counts as known, so that later steps are not blamed.
        if let Some((name, _)) = source.text.split_once('=') {
            known.entry(name.trim().to_owned()).or_insert(None);
        }
    })?;
    let (name, first) = match tokens.as_slice() {
        [Placed { token: Token::Word(name), at }, Placed { token: Token::Sign('='), .. }, ..] => {
            new_name(name, known).map_err(|fault| fault.at(at.clone()))?;
            (Some((*name).to_owned()), 2)
        }
        _ => (None, 0),
    };
    let mut reader = Reader { tokens: &tokens, next: first, known, depth: 0, end: source.text.len() };
    let found = reader.whole();
    if let Some(name) = &name {
        known.insert(name.clone(), found.as_ref().ok().map(|(value, _)| value.clone()));
    }
    let (value, units) = found?;
    let shown = units.map_or_else(|| value.shown(), |units| units.show(value.number));
    Ok(Step { name, text: source.text.to_owned(), value, shown })
}

fn new_name(name: &str, known: &Known) -> Result<(), Fault> {
    let taken = |what: &str| Err(Fault::new(format!("{} is {what}.", quoted(name))).suggest("Give the step another name."));
    match name {
        _ if known.contains_key(name) => taken("the name of an earlier step"),
        "in" | "per" | "of" => taken("a word of the notation"),
        _ if large_number(name).0 > 1.0 => taken("a number"),
        _ if FUNCTIONS.contains(&name) => taken("a function"),
        _ if find_unit(name).is_some() => taken("a unit"),
        _ if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') => taken("no name: it begins with a digit"),
        _ if name.chars().count() > 40 => taken("longer than 40 letters"),
        _ => Ok(()),
    }
}

struct Reader<'a> {
    tokens: &'a [Placed<'a>],
    next: usize,
    known: &'a Known,
    depth: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    /// A step after its name: the value, and the units it asks to be shown in.
    fn whole(&mut self) -> Result<(Value, Option<Units>), Fault> {
        let value = self.sum()?;
        let units = if self.take_sign('>') || self.take_word("in") { Some(self.shown_in(&value)?) } else { None };
        match self.tokens.get(self.next) {
            None => Ok((value, units)),
            Some(_) => Err(self.unexpected()),
        }
    }

    fn sum(&mut self) -> Result<Value, Fault> {
        let mut total = self.product()?;
        loop {
            let start = self.next;
            let sign = match self.peek() {
                Some(Token::Sign('+')) => 1.0,
                Some(Token::Sign('-')) => -1.0,
                _ => return Ok(total),
            };
            self.next += 1;
            let term = self.product()?;
            if !total.is_like(&term) {
                return Err(unlike(&total, &term, if sign > 0.0 { "adds" } else { "subtracts" }).at(self.from(start)));
            }
            total.number += sign * term.number;
            total = total.finite().map_err(|fault| fault.at(self.from(start)))?;
        }
    }

    fn product(&mut self) -> Result<Value, Fault> {
        let mut total = self.factor()?;
        loop {
            let start = self.next;
            let power = match self.peek() {
                Some(Token::Sign('*') | Token::Word("of")) => 1,
                Some(Token::Sign('/') | Token::Word("per")) => -1,
                _ => return Ok(total),
            };
            self.next += 1;
            let factor = if power < 0 { self.divisor()? } else { self.factor()? };
            total = total.times(&factor, power).map_err(|fault| fault.at(self.from(start)))?;
        }
    }

    /// After a "/" a unit or a counted thing may stand alone: "total / day".
    fn divisor(&mut self) -> Result<Value, Fault> {
        match self.peek() {
            Some(Token::Word(word)) if !self.known.contains_key(word) && !self.calls(word) => self.unit(),
            _ => self.factor(),
        }
    }

    fn factor(&mut self) -> Result<Value, Fault> {
        let mut sign = 1.0;
        while self.take_sign('-') {
            sign = -sign;
        }
        let start = self.next;
        let mut value = self.atom()?;
        if self.take_sign('^') {
            let power = self.exponent()?;
            value = value.power(power).map_err(|fault| fault.at(self.from(start)))?;
        }
        let counts = matches!(self.tokens[start].token, Token::Number(_) | Token::Sign('('));
        if counts && matches!(self.peek(), Some(Token::Word(word)) if !matches!(word, "in" | "per" | "of")) {
            value = self.units(value)?;
        }
        value.number *= sign;
        Ok(value)
    }

    fn exponent(&mut self) -> Result<i8, Fault> {
        let start = self.next;
        let sign = if self.take_sign('-') { -1 } else { 1 };
        match self.peek() {
            Some(Token::Number(power)) if power.fract() == 0.0 && power <= MAX_POWER => {
                self.next += 1;
                Ok(sign * power as i8)
            }
            _ => {
                self.next = (self.next + 1).min(self.tokens.len());
                Err(Fault::new(format!("A power is a whole number up to {MAX_POWER}."))
                    .suggest("For large numbers write 5e9.")
                    .at(self.from(start)))
            }
        }
    }

    fn atom(&mut self) -> Result<Value, Fault> {
        let start = self.next;
        match self.peek() {
            Some(Token::Number(number)) => {
                self.next += 1;
                Ok(Value::plain(number))
            }
            Some(Token::Sign('$')) => {
                self.next += 1;
                match self.peek() {
                    Some(Token::Number(_)) => self.dollars(),
                    _ => Err(self.unexpected()),
                }
            }
            Some(Token::Sign('(')) => self.nested(|reader| {
                reader.next += 1;
                let value = reader.sum()?;
                reader.close(start)?;
                Ok(value)
            }),
            Some(Token::Word(word)) if self.calls(word) => self.nested(|reader| reader.call(word)),
            Some(Token::Word(word)) => match self.known.get(word) {
                Some(Some(value)) => {
                    self.next += 1;
                    Ok(value.clone())
                }
                Some(None) => Err(Fault::echo()),
                None => Err(self.unknown(word)),
            },
            _ => Err(self.unexpected()),
        }
    }

    fn dollars(&mut self) -> Result<Value, Fault> {
        let mut value = self.atom()?;
        value.dimension = Dimension::MONEY;
        if let Some(Token::Word(word)) = self.peek() {
            let factor = large_number(word).0;
            self.next += usize::from(factor > 1.0);
            value.number *= factor;
        }
        value.finite()
    }

    fn calls(&self, word: &str) -> bool {
        FUNCTIONS.contains(&word) && matches!(self.tokens.get(self.next + 1), Some(Placed { token: Token::Sign('('), .. }))
    }

    fn call(&mut self, function: &str) -> Result<Value, Fault> {
        let start = self.next;
        self.next += 2;
        let mut arguments = vec![self.sum()?];
        while self.take_sign(',') {
            arguments.push(self.sum()?);
        }
        self.close(start + 1)?;
        apply(function, arguments).map_err(|fault| fault.at(self.from(start)))
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Value, Fault>) -> Result<Value, Fault> {
        if self.depth == MAX_DEPTH {
            let fault =
                Fault::new(format!("Parentheses are nested deeper than {MAX_DEPTH}.")).suggest("Give inner parts a name in a step above.");
            return Err(fault.at(self.here()));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn close(&mut self, opened: usize) -> Result<(), Fault> {
        if self.take_sign(')') {
            return Ok(());
        }
        match self.peek() {
            None => Err(Fault::new("This “(” is never closed.").suggest("Add a “)”.").at(self.tokens[opened].at.clone())),
            Some(_) => Err(self.unexpected()),
        }
    }

    /// "million requests/user/day" after a number.
    fn units(&mut self, mut value: Value) -> Result<Value, Fault> {
        let start = self.next;
        if let Some(Token::Word(word)) = self.peek() {
            let factor = large_number(word).0;
            self.next += usize::from(factor > 1.0);
            value.number *= factor;
        }
        if matches!(self.peek(), Some(Token::Word(word)) if !matches!(word, "in" | "per" | "of")) {
            value = value.times(&self.unit()?, 1)?;
        }
        while let (Some(Token::Sign('/')), Some(Placed { token: Token::Word(word), .. })) = (self.peek(), self.tokens.get(self.next + 1)) {
            if self.known.contains_key(*word) || FUNCTIONS.contains(word) {
                break;
            }
            self.next += 1;
            value = value.times(&self.unit()?, -1).map_err(|fault| fault.at(self.from(start)))?;
        }
        value.finite().map_err(|fault| fault.at(self.from(start)))
    }

    /// One word that is a unit or a counted thing.
    fn unit(&mut self) -> Result<Value, Fault> {
        let Some(Token::Word(word)) = self.peek() else { return Err(self.unexpected()) };
        if let Some(name) = self.known.keys().find(|name| nearly(name, word) && singular(name) != singular(word)) {
            return Err(Fault::new(format!("{} is not the name of a step.", quoted(word)))
                .suggest(format!("Did you mean “{name}”?"))
                .at(self.here()));
        }
        let thing = match word {
            "rps" => Some("request"),
            "qps" => Some("query"),
            _ => None,
        };
        let value = match find_unit(word) {
            Some(unit) => {
                let things = thing.map(Value::thing).map_or_else(BTreeMap::new, |thing| thing.things);
                Value { number: unit.numerator as f64 / unit.denominator as f64, dimension: unit.dimension, things }
            }
            None if is_thing(word) => Value::thing(word),
            None => {
                let fault = Fault::new(format!("{} is not a unit known here.", quoted(word)));
                return Err(match meant(word) {
                    Some(question) => fault.suggest(question),
                    None => fault.suggest("Counted things are words of letters, as in “8 requests”."),
                }
                .at(self.here()));
            }
        };
        self.next += 1;
        if let Some(Token::Word(second)) = self.peek().filter(|_| thing.is_none() && find_unit(word).is_none())
            && !matches!(second, "in" | "per" | "of")
        {
            return Err(Fault::new(format!("“{word} {second}” is two words; a counted thing is one."))
                .suggest("Leave one of them out.")
                .at(self.here()));
        }
        Ok(value)
    }

    /// The units after "->"; counted things may be left out.
    fn shown_in(&mut self, value: &Value) -> Result<Units, Fault> {
        let start = self.next;
        let mut target = Value::plain(1.0);
        let (mut above, mut below) = (Vec::new(), Vec::new());
        let mut power = 1;
        if self.take_sign('/') {
            power = -1;
        }
        loop {
            let Some(Token::Word(word)) = self.peek() else { return Err(self.unexpected()) };
            target = target.times(&self.unit()?, power)?;
            if power > 0 { &mut above } else { &mut below }.push(word.to_owned());
            power = match self.peek() {
                Some(Token::Sign('/') | Token::Word("per")) => -1,
                Some(Token::Sign('*')) => 1,
                _ => break,
            };
            self.next += 1;
        }
        let bare = target.things.is_empty();
        if target.dimension != value.dimension || !(bare || target.things == value.things) {
            let fault = Fault::new(format!("This is {} and cannot be shown in “{}”.", value.kind(), self.written(start)));
            return Err(fault.suggest("Look for a factor that is missing or upside down.").at(self.from(start)));
        }
        let units = Units { size: target.number, above, below };
        Ok(if bare { units.with_things(&value.things) } else { units })
    }

    /// The text from a token to the one before the next, without blanks.
    fn written(&self, start: usize) -> String {
        let words = self.tokens[start..self.next].iter().map(|placed| match placed.token {
            Token::Word(word) => word.to_owned(),
            Token::Sign(sign) => sign.to_string(),
            Token::Number(number) => number.to_string(),
        });
        words.collect()
    }

    fn unknown(&self, word: &str) -> Fault {
        if FUNCTIONS.contains(&word) {
            return Fault::new(format!("“{word}” is a function."))
                .suggest(format!("Put parentheses after it, as in “{word}(9)”."))
                .at(self.here());
        }
        let close = self.known.keys().find(|name| nearly(name, word) || singular(name) == singular(word));
        let fault = Fault::new(format!("{} is not the name of a step above.", quoted(word))).at(self.here());
        match close {
            Some(name) => fault.suggest(format!("Did you mean “{name}”?")),
            None => fault.suggest("To count things, put a number before them, as in “1 request”."),
        }
    }

    fn unexpected(&self) -> Fault {
        let fault = match self.peek() {
            None => Fault::new("Something is missing at the end.").suggest("Finish the step, as in “users * 8”."),
            Some(Token::Number(_)) => Fault::new("There is no sign before this number.").suggest("Write *, /, + or -."),
            Some(Token::Word(word)) => {
                Fault::new(format!("{} is not expected here.", quoted(word))).suggest("Write *, /, + or - before it.")
            }
            Some(Token::Sign('>')) => Fault::new("“->” is not expected here.").suggest("It stands once, at the end of a step."),
            Some(Token::Sign('=')) => Fault::new("“=” is not expected here.").suggest("It stands once, after the name of a step."),
            Some(Token::Sign('^')) => {
                Fault::new("“^” is not expected here.").suggest("Put what is raised in parentheses, as in “(4 users)^2”.")
            }
            Some(Token::Sign(sign)) => Fault::new(format!("“{sign}” is not expected here.")),
        };
        fault.at(self.here())
    }

    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).map(|placed| placed.token)
    }

    fn take_sign(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(Token::Sign(sign));
        self.next += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(Token::Word(word));
        self.next += usize::from(found);
        found
    }

    fn here(&self) -> Range<usize> {
        self.tokens.get(self.next).map_or(self.end..self.end + 1, |placed| placed.at.clone())
    }

    /// From a token to the one before the next.
    fn from(&self, start: usize) -> Range<usize> {
        let begin = self.tokens.get(start).map_or(self.end, |placed| placed.at.start);
        let end = self.next.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(self.end, |placed| placed.at.end);
        begin..end.max(begin)
    }
}

fn unlike(left: &Value, right: &Value, verb: &str) -> Fault {
    let (left, right) = (left.kind(), right.kind());
    let message = if verb == "adds" { format!("This adds {right} to {left}.") } else { format!("This {verb} {right} from {left}.") };
    Fault::new(message).suggest("Bring both into one unit first, or multiply.")
}
