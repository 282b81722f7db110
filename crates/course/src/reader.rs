//! Reads words of the pack in a learner's own words: whole words only, with small slips of the pen,
//! denials ("no Kubernetes") and numbers ("2 million users"). Rules and no guesses: what is not sure is
//! left out, and what is read is shown for correction.

use std::collections::{BTreeMap, BTreeSet};

use crate::background::{Background, Measure, Word};
use crate::stacks::Stacks;

/// No more of a text is read \[characters\], and no more sizes are kept.
const MOST: usize = 4_000;
const SIZES: usize = 6;
/// A phrase of the pack has at most so many words.
const PHRASE: usize = 4;
/// A denial reaches so many words further, and begins anew at each word it denies.
const REACH: usize = 4;
/// Shorter words are never taken for misspelled ones; shorter than `SWAP` not even with letters swapped.
const LETTERS: usize = 6;
const SWAP: usize = 5;
/// Words that make a plain English word the name of a tool: before it, and after it.
const BEFORE: [&str; 5] = ["using", "use", "uses", "with", "and"];
/// "written in go", but not "in spring".
const IN: [&str; 8] = ["written", "built", "coded", "developed", "programmed", "service", "services", "code"];
/// After a word that was denied, these deny the next one too.
const ALSO: [&str; 7] = ["or", "nor", "oder", "noch", "ou", "ni", "o"];
const AFTER: [&str; 15] = [
    "app",
    "apps",
    "service",
    "services",
    "microservices",
    "backend",
    "backends",
    "api",
    "apis",
    "code",
    "developer",
    "stack",
    "server",
    "servers",
    "monolith",
];

pub(crate) struct Reader<'a> {
    background: &'a Background,
    /// Phrase in lower case -> the word, for stacks and domains.
    phrases: BTreeMap<String, Word>,
    /// Stacks' words of one token, for slips of the pen.
    names: Vec<(Vec<char>, Word)>,
    plain: BTreeSet<&'a str>,
    order: Vec<Word>,
}

/// One token of a text.
#[derive(Debug)]
struct Token {
    lower: String,
    capital: bool,
    /// A sentence, a clause or a list item begins here.
    first: bool,
    clause: bool,
    /// Something that is no letter follows: the end of an item.
    last: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(background: &'a Background, stacks: &'a Stacks) -> Self {
        let mut reader = Self { background, phrases: BTreeMap::new(), names: Vec::new(), plain: BTreeSet::new(), order: Vec::new() };
        for domain in &background.domains {
            let word = Word::Domain(domain.id.clone());
            reader.phrases.extend(domain.words.iter().map(|phrase| (normal(phrase), word.clone())));
        }
        for stack in &stacks.stacks {
            let word = Word::Stack(stack.id.clone());
            reader.order.push(word.clone());
            reader.plain.extend(stack.plain.iter().map(String::as_str));
            for phrase in stack.words.iter().chain([&stack.id, &stack.name]).map(|phrase| normal(phrase)) {
                if !phrase.contains(' ') {
                    reader.names.push((phrase.chars().collect(), word.clone()));
                }
                reader.phrases.insert(phrase, word.clone());
            }
        }
        reader.order.extend(background.domains.iter().map(|domain| Word::Domain(domain.id.clone())));
        reader
    }

    pub(crate) fn read(&self, text: &str) -> Vec<Word> {
        let tokens = self.taken_apart(tokens(text));
        let mut named = BTreeSet::new();
        let mut denied = 0;
        let mut at = 0;
        while at < tokens.len() {
            if tokens[at].clause {
                denied = 0;
            }
            if let Some(width) = self.denial(&tokens[at..]) {
                denied = REACH + 1;
                at += width;
                continue;
            }
            match self.named(&tokens, at) {
                Some((word, width)) => {
                    at += width;
                    if denied > 0 {
                        // "no Redis or Kafka" goes on; "moved off MongoDB to PostgreSQL" does not.
                        let goes_on = tokens.get(at).is_some_and(|next| ALSO.contains(&next.lower.as_str()));
                        denied = if goes_on { REACH + 1 } else { 0 };
                    } else {
                        named.insert(word);
                    }
                }
                None => at += 1,
            }
            denied = denied.saturating_sub(1);
        }
        let mut words: Vec<Word> = self.order.iter().filter(|word| named.contains(word)).cloned().collect();
        words.extend(self.sizes(&tokens));
        words
    }

    /// "clinic-booking" and "postgres/redis" are two words each, unless the pack has them as one.
    fn taken_apart(&self, tokens: Vec<Token>) -> Vec<Token> {
        let measured = |word: &str| self.background.measures.iter().any(|measure| measure.words.iter().any(|known| known == word));
        let whole =
            |word: &str| self.phrases.contains_key(word) || measured(word) || self.background.denials.iter().any(|denial| denial == word);
        let mut apart = Vec::with_capacity(tokens.len());
        for token in tokens {
            let parts: Vec<&str> = token.lower.split(['-', '/']).filter(|part| !part.is_empty()).collect();
            if parts.len() < 2 || whole(&token.lower) || parts.iter().any(|part| part.chars().count() < 3) {
                apart.push(token);
                continue;
            }
            let last = parts.len() - 1;
            // Items of a list are clauses of their own; a compound is one.
            let listed = token.lower.contains('/');
            apart.extend(parts.into_iter().enumerate().map(|(at, part)| Token {
                lower: part.to_owned(),
                capital: token.capital,
                first: listed || (at == 0 && token.first),
                clause: (at == 0 && token.clause) || (at > 0 && listed),
                last: listed || (at == last && token.last),
            }));
        }
        apart
    }

    fn denial(&self, rest: &[Token]) -> Option<usize> {
        let denies = |width: &usize| self.background.denials.iter().any(|denial| *denial == phrase(&rest[..*width]));
        (1..=3.min(rest.len())).rev().find(denies)
    }

    /// The longest phrase of the pack that begins here.
    fn named(&self, tokens: &[Token], at: usize) -> Option<(Word, usize)> {
        let longest = PHRASE.min(tokens.len() - at);
        for width in (1..=longest).rev() {
            // A phrase does not reach over a comma.
            if tokens[at + 1..at + width].iter().any(|token| token.clause) {
                continue;
            }
            let phrase = phrase(&tokens[at..at + width]);
            if let Some(word) = self.phrases.get(&phrase)
                && (!self.plain.contains(phrase.as_str()) || is_name(tokens, at))
            {
                return Some((word.clone(), width));
            }
        }
        self.misspelled(&tokens[at].lower).map(|word| (word, 1))
    }

    fn misspelled(&self, token: &str) -> Option<Word> {
        let letters: Vec<char> = token.chars().collect();
        let known = || self.background.never.iter().any(|never| never == token) || self.phrases.contains_key(token);
        if letters.len() < SWAP || known() {
            return None;
        }
        let near = |(name, _): &&(Vec<char>, Word)| {
            let long = name.len() >= LETTERS && letters.len() >= LETTERS;
            (swapped(name, &letters) && name.len() >= SWAP) || (long && name[0] == letters[0] && one_apart(name, &letters))
        };
        self.names.iter().find(near).map(|(_, word)| word.clone())
    }

    /// The largest size of each kind, in the order in which the kinds are first named.
    fn sizes(&self, tokens: &[Token]) -> Vec<Word> {
        let mut found: Vec<(&Measure, f64)> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let Some((value, width)) = self.number(tokens, at) else {
                at += 1;
                continue;
            };
            at += width;
            let Some(measure) = self.measure(&tokens[at..]) else { continue };
            let value = value * measure.factor;
            match found.iter_mut().find(|(other, _)| other.id == measure.id) {
                Some((_, largest)) => *largest = largest.max(value),
                None => found.push((measure, value)),
            }
        }
        found.truncate(SIZES);
        found.iter().filter_map(|(measure, value)| measure.size(*value)).collect()
    }

    /// "300", "2 million", "1.5k", "half a million", and how many tokens it took.
    fn number(&self, tokens: &[Token], at: usize) -> Option<(f64, usize)> {
        let (mut value, mut width) = match figures(&tokens[at].lower) {
            Some((value, "")) => (value, 1),
            Some((value, unit)) => match self.background.multipliers.get(unit) {
                Some(factor) => (value * factor, 1),
                // "40GB": the unit is read by the caller, from the same token.
                None => return None,
            },
            None => (*self.background.numbers.get(&tokens[at].lower)?, 1),
        };
        // "half a million"
        if tokens.get(at + width).is_some_and(|token| token.lower == "a") && value < 1.0 {
            width += 1;
        }
        while let Some(factor) = tokens.get(at + width).and_then(|token| self.background.multipliers.get(&token.lower)) {
            value *= factor;
            width += 1;
        }
        Some((value, width))
    }

    /// The measure whose word follows, perhaps after one other word ("2 million happy users").
    fn measure(&self, rest: &[Token]) -> Option<&'a Measure> {
        let begins = |rest: &[Token]| {
            (1..=PHRASE.min(rest.len())).rev().find_map(|width| {
                let phrase = phrase(&rest[..width]);
                self.background.measures.iter().find(|measure| measure.words.contains(&phrase))
            })
        };
        let clause = |at: usize| rest.get(at).is_none_or(|token| token.clause);
        if clause(0) {
            return None;
        }
        begins(rest).or_else(|| if clause(1) { None } else { begins(&rest[1..]) })
    }
}

fn normal(phrase: &str) -> String {
    self::phrase(&tokens(phrase))
}

fn phrase(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.lower.as_str()).collect::<Vec<_>>().join(" ")
}

/// Words with the signs that tools and units have in their names. A unit that clings to its number
/// ("40GB") is a token of its own.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut word, mut clause) = (String::new(), true);
    let text: String = text.chars().take(MOST).map(|c| if c == '’' { '\'' } else { c }).collect();
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric()
            || matches!(c, '.' | '#' | '+' | '\'' | '/' | '-')
            || (c == ',' && word.ends_with(|c: char| c.is_ascii_digit()))
        {
            word.push(c);
            continue;
        }
        let ended = word.ends_with(['.', ',']);
        push(&mut tokens, &word, clause);
        if !word.is_empty() {
            clause = ended;
        }
        clause |= !c.is_whitespace() || c == '\n';
        if let Some(last) = tokens.last_mut().filter(|_| clause) {
            last.last = true;
        }
        word.clear();
    }
    if let Some(last) = tokens.last_mut() {
        last.last = true;
    }
    tokens
}

fn push(tokens: &mut Vec<Token>, word: &str, clause: bool) {
    // Nothing is of a size below nothing.
    if word.starts_with('-') && word[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return;
    }
    // A point inside belongs to a name; at the beginning only where a letter follows (".NET").
    let word = word.trim_matches(['\'', '-', '/', ',']).trim_end_matches('.');
    let word = if word.trim_start_matches('.').len() + 1 == word.len() { word } else { word.trim_start_matches('.') };
    if word.is_empty() {
        return;
    }
    let lower: String = word.chars().flat_map(char::to_lowercase).collect();
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let breaks = matches!(lower.as_str(), "but" | "and" | "only" | "und" | "aber" | "et" | "mais" | "y" | "pero");
    let token = |lower: String, clause| Token { lower, capital, first: clause, clause: clause || breaks, last: false };
    match figures(&lower) {
        Some((_, unit)) if unit.chars().count() > 1 && unit.chars().all(char::is_alphabetic) => {
            let number = lower[..lower.len() - unit.len()].to_owned();
            tokens.push(token(number, clause));
            tokens.push(token(unit.to_owned(), false));
        }
        _ => tokens.push(token(lower, clause)),
    }
}

/// The number that a token begins with, and the rest: "10,000" and "10.000" are ten thousand.
fn figures(token: &str) -> Option<(f64, &str)> {
    let end = token.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(token.len());
    let (digits, rest) = token.split_at(end);
    let parts: Vec<&str> = digits.split(['.', ',']).collect();
    let grouped = parts.len() > 1 && parts[1..].iter().all(|part| part.len() == 3) && (1..=3).contains(&parts[0].len()) && parts[0] != "0";
    let plain = if grouped { parts.concat() } else { digits.replace(',', ".") };
    let value: f64 = plain.parse().ok().filter(|value: &f64| value.is_finite())?;
    Some((value, rest.trim_start_matches(['+', '-'])))
}

impl Measure {
    /// "300 requests/s", "5 TB".
    pub(crate) fn size(&self, value: f64) -> Option<Word> {
        let larger = self.larger.iter().filter(|(_, factor)| value >= **factor).max_by(|(_, a), (_, b)| a.total_cmp(b));
        let (unit, factor) = larger.map_or((self.shown.as_str(), 1.0), |(unit, factor)| (unit.as_str(), *factor));
        Some(Word::Scale(format!("{} {unit}", shown(value / factor)?)))
    }
}

/// "300", "2 million", "1.5 billion"; nothing for what is no size.
fn shown(value: f64) -> Option<String> {
    if !(value > 0.0 && value < 1e13) {
        return None;
    }
    let (value, word) = match value {
        v if v >= 1e9 => (v / 1e9, " billion"),
        v if v >= 1e6 => (v / 1e6, " million"),
        v => (v, ""),
    };
    let text = if value >= 100.0 { format!("{value:.0}") } else { format!("{}", (value * 100.0).round() / 100.0) };
    let text = if word.is_empty() && value >= 10_000.0 { format!("{},{}", &text[..text.len() - 3], &text[text.len() - 3..]) } else { text };
    Some(format!("{text}{word}"))
}

/// Whether a plain English word stands here as a name.
fn is_name(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let before = at.checked_sub(1).map(|before| tokens[before].lower.as_str());
    let written_in = before == Some("in") && at.checked_sub(2).is_some_and(|verb| IN.contains(&tokens[verb].lower.as_str()));
    let after = tokens.get(at + 1).filter(|after| !after.first).map(|after| after.lower.as_str());
    let listed = token.first || before.is_some_and(|before| BEFORE.contains(&before));
    (token.capital && !token.first)
        || (token.last && listed)
        || (!token.first && written_in)
        || after.is_some_and(|after| AFTER.contains(&after))
}

/// Whether two words differ by two letters that changed places.
fn swapped(a: &[char], b: &[char]) -> bool {
    let differing: Vec<usize> = if a.len() == b.len() { (0..a.len()).filter(|&at| a[at] != b[at]).collect() } else { return false };
    matches!(differing[..], [x, y] if y == x + 1 && a[x] == b[y] && a[y] == b[x])
}

/// Whether one letter is missing, too many, or another one.
fn one_apart(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    match long.len() - short.len() {
        0 => short[same..].len() > 1 && short[same + 1..] == long[same + 1..] || short.len() == same + 1,
        1 => short[same..] == long[same + 1..],
        _ => false,
    }
}
