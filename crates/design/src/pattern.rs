//! Notation as data: a pattern lists the words and the parts of a value in the order of its
//! text, and from it follow reading and printing, in short and in object form, and the schema.
//!
//! What the parts mean together is with each type that has patterns.

use serde_json::{Map, Value as Json};
use units::{Count, Duration, Rate, Share, UnitProblem};

use crate::notation::{Read, incomplete, is_free_name, is_name, line, shown};
use crate::setting::Form;
use crate::{Distribution, Target};

/// One way of writing a value.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// The value of the first field of the object form. Two patterns may share it when they
    /// differ in the number of their parts.
    pub name: &'static str,
    pub pieces: &'static [Piece],
    pub example: &'static str,
}

/// Words, or a part with its key in the object form.
#[derive(Debug)]
pub(crate) enum Piece {
    Text(&'static str),
    Part(&'static str, Slot),
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Time,
    Rate,
    Share,
    /// A share that people write as a plain decimal.
    Factor,
    Count,
    /// A count with the word "users".
    Users,
    /// A name in the design.
    Name,
    /// A name outside the design, or that of a place.
    Place,
    Target,
    Distribution,
    Points,
    Steps,
}

#[derive(Debug, Clone)]
pub(crate) enum Part {
    Time(Duration),
    Rate(Rate),
    Share(Share),
    Factor(Share),
    Count(Count),
    Users(Count),
    Name(String),
    Target(Target),
    Distribution(Distribution),
    Points(Vec<(Share, Duration)>),
    Steps(Vec<(Duration, Rate)>),
}

pub(crate) type Parts = (&'static str, Vec<Part>);

/// A type whose notation is given by patterns.
pub(crate) trait Notation: Sized {
    /// The key of the object form that says which pattern it is.
    const TAG: &'static str;
    const PATTERNS: &'static [Pattern];

    fn parts(&self) -> Parts;
    /// The way back of `parts`; `None` where no pattern has these parts.
    fn build(name: &str, parts: &[Part]) -> Option<Self>;
    /// Refuses what has no meaning.
    fn checked(self) -> Read<Self>;

    fn show(&self, form: Form) -> String {
        show(Self::PATTERNS, &self.parts(), form)
    }

    fn object(&self, form: Form) -> Json {
        object(Self::TAG, Self::PATTERNS, &self.parts(), form).into()
    }

    /// The value of a text, which must have one of the patterns.
    fn read(text: &str, unknown: fn(&str) -> UnitProblem) -> Read<Self> {
        let (name, parts) = parse(Self::PATTERNS, text, unknown)?;
        Self::build(name, &parts).ok_or_else(|| unknown(text))?.checked()
    }
}

impl Pattern {
    /// The keys and kinds of its parts.
    pub(crate) fn slots(&self) -> impl Iterator<Item = (&'static str, Slot)> + use<> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Part(key, slot) => Some((*key, *slot)),
            Piece::Text(_) => None,
        })
    }
}

/// The parts of a text by the first pattern that it has.
pub(crate) fn parse(patterns: &'static [Pattern], text: &str, unknown: fn(&str) -> UnitProblem) -> Read<Parts> {
    let text = line(text)?;
    let mut problem = None;
    let mut begun = None;
    for pattern in patterns {
        match split(pattern, text) {
            Split::Other => {}
            Split::Begun => begun = begun.or(Some(pattern.example)),
            Split::Texts(texts) => match texts.into_iter().map(|(slot, text)| slot.read(text)).collect() {
                Ok(parts) => return Ok((pattern.name, parts)),
                Err(wrong) => problem = problem.or(Some(wrong)),
            },
        }
    }
    Err(problem.unwrap_or_else(|| begun.map_or_else(|| unknown(text), |example| incomplete(text, example))))
}

enum Split<'t> {
    /// It does not even begin like the pattern.
    Other,
    Begun,
    Texts(Vec<(Slot, &'t str)>),
}

/// The texts of the parts. The last part has all the rest; another is as long as its kind is written.
fn split<'t>(pattern: &'static Pattern, text: &'t str) -> Split<'t> {
    let mut texts = Vec::new();
    let mut rest = text;
    for (at, piece) in pattern.pieces.iter().enumerate() {
        rest = rest.trim_start();
        match piece {
            Piece::Text(words) => match rest.strip_prefix(words.trim()).filter(|after| may_follow(words, after)) {
                Some(after) => rest = after,
                None if at == 0 => return Split::Other,
                None => return Split::Begun,
            },
            Piece::Part(_, slot) => {
                let length = if at + 1 == pattern.pieces.len() { rest.len() } else { slot.length(rest) };
                let (part, after) = rest.split_at(length);
                if !slot.may_begin(part) {
                    return if at == 0 { Split::Other } else { Split::Begun };
                }
                texts.push((*slot, part.trim_end()));
                rest = after;
            }
        }
    }
    if rest.trim().is_empty() { Split::Texts(texts) } else { Split::Begun }
}

/// A word ends where it says so; a mark may be followed by anything.
fn may_follow(words: &str, after: &str) -> bool {
    let is_word = words.ends_with(' ') && words.trim_end().ends_with(|c: char| c.is_ascii_alphanumeric());
    !is_word || after.is_empty() || after.starts_with([' ', '\t'])
}

/// The length of the word that a text begins with.
pub(crate) fn word_length(text: &str) -> usize {
    let marks = ["..", "->", ",", ";"].into_iter().filter_map(|mark| text.find(mark));
    text.find(char::is_whitespace).into_iter().chain(marks).min().unwrap_or(text.len())
}

impl Slot {
    fn is_quantity(self) -> bool {
        !matches!(self, Self::Name | Self::Place | Self::Target | Self::Distribution)
    }

    /// A quantity begins with a digit, or a sign that deserves a better message.
    fn may_begin(self, text: &str) -> bool {
        if self.is_quantity() { text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) } else { !text.is_empty() }
    }

    /// How much of the text is this part: a word, and its unit.
    pub(crate) fn length(self, text: &str) -> usize {
        let number = word_length(text);
        let after = text[number..].trim_start();
        let has_unit = match self {
            Self::Time | Self::Rate => text[..number].ends_with(|c: char| c.is_ascii_digit()) && after.len() < text.len() - number,
            Self::Share => after.starts_with('%'),
            Self::Users => after.starts_with("user"),
            _ => false,
        };
        if has_unit { text.len() - after.len() + word_length(after) } else { number }
    }

    /// What to write, in a few words.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::Time => "a time such as \"5 ms\"",
            Self::Rate => "a rate such as \"90/s\"",
            Self::Share => "a share such as \"80 %\"",
            Self::Factor => "a number such as 2",
            Self::Count | Self::Users => "a whole number",
            Self::Name => "a name such as \"web\"",
            Self::Place => "a name such as \"us-east\"",
            Self::Target => "a component or one of its replicas, such as \"web.2\"",
            Self::Distribution => "a distribution of times such as \"exp 5 ms\"",
            Self::Points => "a list such as [[\"0 %\", \"1 ms\"], [\"100 %\", \"40 ms\"]]",
            Self::Steps => "a list such as [[\"0 s\", \"500/s\"], [\"2 min\", \"1000/s\"]]",
        }
    }

    pub(crate) fn read(self, text: &str) -> Read<Part> {
        match self {
            Self::Time => Duration::parse(text).map(Part::Time),
            Self::Rate => Rate::parse(text).map(Part::Rate),
            Self::Share => Share::parse(text).map(Part::Share),
            Self::Factor => Share::parse(text).map(Part::Factor),
            Self::Count => Count::parse(text).map(Part::Count),
            Self::Users => {
                let number = text.strip_suffix("users").or(text.strip_suffix("user")).unwrap_or(text);
                Count::parse(number).map(Part::Users)
            }
            Self::Name if is_name(text) => Ok(Part::Name(text.to_owned())),
            Self::Place if is_free_name(text) => Ok(Part::Name(text.to_owned())),
            Self::Name | Self::Place => Err(UnitProblem::new(format!("“{}” is not a name.", shown(text)))
                .suggest("Write letters, digits, - and _, beginning with a letter.")),
            Self::Target => text.parse().map(Part::Target),
            Self::Distribution => text.parse().map(Part::Distribution),
            Self::Points => text.split(',').map(point).collect::<Read<_>>().map(Part::Points),
            Self::Steps => text.split(',').enumerate().map(step).collect::<Read<_>>().map(Part::Steps),
        }
    }
}

/// "50 % 2 ms"
fn point(text: &str) -> Read<(Share, Duration)> {
    let (share, time) = text.trim().split_at(Slot::Share.length(text.trim()));
    Ok((Share::parse(share)?, Duration::parse(time.trim())?))
}

/// "500/s" first, then "1000/s from 2 min"
fn step((at, text): (usize, &str)) -> Read<(Duration, Rate)> {
    match text.split_once(" from ") {
        Some((rate, from)) => Ok((Duration::parse(from)?, Rate::parse(rate)?)),
        None if at == 0 => Ok((Duration::ZERO, Rate::parse(text)?)),
        None => Err(incomplete(text.trim(), "1000/s from 2 min")),
    }
}

impl Part {
    fn text(&self, form: Form) -> String {
        match self {
            Self::Time(time) => form.duration(*time),
            Self::Rate(rate) => form.rate(*rate),
            Self::Share(share) => form.share(*share),
            Self::Factor(share) => form.factor(*share),
            Self::Count(count) => count.to_string(),
            Self::Users(count) => format!("{count} {}", if count.0 == 1 { "user" } else { "users" }),
            Self::Name(name) => name.clone(),
            Self::Target(target) => target.to_string(),
            Self::Distribution(distribution) => distribution.to_string(),
            Self::Points(points) => joined(points.iter().map(|(share, time)| format!("{} {}", form.share(*share), form.duration(*time)))),
            Self::Steps(steps) => joined(steps.iter().enumerate().map(|(at, (from, rate))| match at {
                0 => form.rate(*rate),
                _ => format!("{} from {}", form.rate(*rate), form.duration(*from)),
            })),
        }
    }

    fn json(&self, form: Form) -> Json {
        match self {
            Self::Count(count) | Self::Users(count) => count.0.into(),
            Self::Distribution(distribution) => form.distribution(distribution),
            Self::Points(points) => points.iter().map(|(share, time)| Json::from(vec![form.share(*share), form.duration(*time)])).collect(),
            Self::Steps(steps) => steps.iter().map(|(from, rate)| Json::from(vec![form.duration(*from), form.rate(*rate)])).collect(),
            _ => self.text(form).into(),
        }
    }
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

fn of(patterns: &'static [Pattern], (name, parts): &Parts) -> Option<&'static Pattern> {
    patterns.iter().find(|pattern| pattern.name == *name && pattern.slots().count() == parts.len())
}

pub(crate) fn show(patterns: &'static [Pattern], value: &Parts, form: Form) -> String {
    let mut out = String::new();
    let mut parts = value.1.iter();
    for piece in of(patterns, value).map_or(&[] as &[Piece], |pattern| pattern.pieces) {
        match piece {
            Piece::Text(words) => out.push_str(words),
            Piece::Part(..) => out.extend(parts.next().map(|part| part.text(form))),
        }
    }
    out
}

pub(crate) fn object(tag: &str, patterns: &'static [Pattern], value: &Parts, form: Form) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert(tag.into(), value.0.into());
    let slots = of(patterns, value).into_iter().flat_map(Pattern::slots);
    map.extend(slots.zip(&value.1).map(|((key, _), part)| (key.to_owned(), part.json(form))));
    map
}
