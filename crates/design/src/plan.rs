//! Call plans as text, both ways: what a class of requests makes the design do.
//!
//! ```text
//! lb > web
//!   cache get link
//!     miss: db read link; cache put link
//!   leaf x100              # all at once, and wait for all
//!   auth 3 times           # one after the other
//!   together: a; b         # at once
//!   leaf x5 wait 3         # three answers are enough
//!   together wait 1 cancel: a; b   # the first answer, and the other is called back
//!   50 %: search           # sometimes
//!   try: rank              # goes on when it fails
//!   async: clicks append   # not waited for
//!   db insert order once   # sent again, it does nothing
//!   db insert order outbox # what is below is committed with it, and sent later by a relay
//!   transaction: db read stock locked; db write stock
//! ```
//! Indented lines are made by the last call of the line above. The object form is in `read`.

mod print;

use units::{Count, Share};

use crate::notation::{is_free_name, is_name, shown};
use crate::{Call, CallMode};

pub(crate) use print::print;

pub(crate) const CALLS_MAX: usize = 1_000;
pub(crate) const TIMES_MAX: u64 = 100_000;
/// How many calls one request may lead to.
pub(crate) const FAN_OUT_MAX: u64 = 1_000_000;
pub(crate) const DEPTH_MAX: usize = 32;
pub(crate) const MODIFIERS_MAX: usize = 8;

/// A plan as far as it could be understood.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub calls: Vec<Call>,
    pub slips: Vec<Slip>,
    /// Where each call begins: its path below the plan ("0.then.1") and its byte in the text.
    pub places: Vec<(String, usize)>,
}

/// Something in the text that is not a plan, and where [byte].
#[derive(Debug)]
pub(crate) struct Slip {
    pub at: usize,
    pub message: String,
    pub suggestion: Option<String>,
}

pub(crate) fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let lines = lines(text, &mut parsed.slips);
    let mut parser = Parser { lines, next: 0, made: 0, parsed };
    let mut calls = parser.block(0, 0, None, Prefix::default());
    if parser.made > CALLS_MAX {
        parser.slip(0, format!("This plan makes more than {CALLS_MAX} calls."), Some("Write repeated calls as “leaf x100”.".into()));
        calls.clear();
    }
    note_places(&calls, "", &mut parser.parsed.places);
    parser.parsed.calls = calls.into_iter().map(Placed::into_call).collect();
    parser.parsed
}

/// One line that says something: its indentation, where its text begins, and the text.
struct Line<'a> {
    indent: usize,
    at: usize,
    text: &'a str,
}

/// A call with the byte at which it is written.
struct Placed {
    at: usize,
    call: Call,
    then: Vec<Placed>,
    miss: Vec<Placed>,
    statements: Vec<Placed>,
}

impl Placed {
    fn into_call(self) -> Call {
        let inner = |calls: Vec<Placed>| calls.into_iter().map(Placed::into_call).collect();
        Call { then: inner(self.then), miss: inner(self.miss), statements: inner(self.statements), ..self.call }
    }
}

/// What stands before a call: "50 %:", "async:", "together wait 2:", "try:", "transaction:", "miss:".
#[derive(Clone, Copy)]
struct Prefix {
    mode: CallMode,
    wait: Option<Count>,
    cancel: bool,
    probability: Share,
    optional: bool,
    miss: bool,
    /// What follows are the statements of one transaction.
    transaction: bool,
    /// Written on a line of its own, so that the calls are the lines below it.
    stated: bool,
}

impl Default for Prefix {
    fn default() -> Self {
        Self {
            mode: CallMode::Sequence,
            wait: None,
            cancel: false,
            probability: Share::ONE,
            optional: false,
            miss: false,
            transaction: false,
            stated: false,
        }
    }
}

fn lines<'a>(text: &'a str, slips: &mut Vec<Slip>) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for full in text.split_inclusive('\n') {
        let code = full.split('#').next().unwrap_or("").trim_end();
        let body = code.trim_start();
        let indent = code.len() - body.len();
        if !body.is_empty() {
            if code[..indent].contains(|c| c != ' ') {
                slips.push(Slip {
                    at: start,
                    message: "This line is indented with something other than spaces.".into(),
                    suggestion: Some("Indent with spaces.".into()),
                });
            }
            lines.push(Line { indent, at: start + indent, text: body });
        }
        start += full.len();
    }
    lines
}

struct Parser<'a> {
    lines: Vec<Line<'a>>,
    next: usize,
    made: usize,
    parsed: Parsed,
}

impl Parser<'_> {
    fn slip(&mut self, at: usize, message: impl Into<String>, suggestion: Option<String>) {
        self.parsed.slips.push(Slip { at, message: message.into(), suggestion });
    }

    /// Reads the lines that are indented by at least `least`. Where a line says "miss:", its
    /// calls go to `misses`.
    fn block(&mut self, least: usize, depth: usize, mut misses: Option<&mut Vec<Placed>>, inherited: Prefix) -> Vec<Placed> {
        let mut calls: Vec<Placed> = Vec::new();
        let mut own_indent = None;
        while let Some(line) = self.lines.get(self.next).filter(|line| line.indent >= least) {
            let (indent, at, text) = (line.indent, line.at, line.text);
            if *own_indent.get_or_insert(indent) != indent {
                self.slip(
                    at,
                    "This line is indented like none of the lines above.",
                    Some("Align it with the line that makes this call, or with its neighbours.".into()),
                );
            }
            self.next += 1;
            if depth >= DEPTH_MAX {
                self.slip(at, format!("Calls are nested deeper than {DEPTH_MAX}."), None);
                self.skip_below(indent);
                return calls;
            }
            let (prefix, rest, rest_at) = self.prefixes(text, at, inherited);
            // What is said of a transaction is not said of its statements.
            let inner = if prefix.transaction { Prefix::default() } else { Prefix { miss: false, stated: false, ..prefix } };
            let mut made = self.items(rest, rest_at, inner, depth);
            if made.is_empty() && prefix.stated {
                made = self.block(indent + 1, depth + 1, None, inner);
            } else if let Some(last) = made.last_mut().map(deepest) {
                let mut below = Vec::new();
                let then = self.block(indent + 1, depth + 1, Some(&mut below), Prefix::default());
                last.then.extend(then);
                last.miss.extend(below);
            } else {
                self.skip_below(indent);
            }
            if prefix.transaction {
                made = self.transaction(at, prefix, made);
            }
            if prefix.mode != CallMode::Parallel {
                let before = if prefix.miss { None } else { calls.last() };
                self.refuse_chance_neighbours(before, &made);
            }
            match (&mut misses, prefix.miss) {
                (Some(misses), true) => misses.extend(made),
                (None, true) => self.slip(at, "Nothing above can miss.", Some("Indent “miss:” below the call of a cache.".into())),
                (_, false) => calls.extend(made),
            }
        }
        calls
    }

    /// Statements as one call of the database that they are for.
    fn transaction(&mut self, at: usize, prefix: Prefix, statements: Vec<Placed>) -> Vec<Placed> {
        let Some(first) = statements.first() else {
            self.slip(
                at,
                "This transaction has no statement.",
                Some("Write it as in “transaction: db read stock; db write stock”.".into()),
            );
            return Vec::new();
        };
        self.made += 1;
        let Prefix { mode, wait, cancel, probability, optional, .. } = prefix;
        let call = Call { to: first.call.to.clone(), mode, wait, cancel, probability, optional, ..Call::default() };
        vec![Placed { at, call, then: Vec::new(), miss: Vec::new(), statements }]
    }

    /// Neighbours that go out at once go out together, which nobody would guess who did not
    /// write "together:".
    fn refuse_chance_neighbours(&mut self, before: Option<&Placed>, made: &[Placed]) {
        let at_once = |placed: &&Placed| placed.call.mode == CallMode::Parallel;
        let mut before = before.filter(at_once);
        for placed in made {
            let here = Some(placed).filter(at_once);
            if before.is_some() && here.is_some() {
                self.slip(
                    placed.at,
                    "This call and the one before would go out together.",
                    Some("Write both on one line, as in “together: a x100; b x100”.".into()),
                );
            }
            before = here;
        }
    }

    fn skip_below(&mut self, indent: usize) {
        while self.lines.get(self.next).is_some_and(|line| line.indent > indent) {
            self.next += 1;
        }
    }

    fn prefixes<'t>(&mut self, text: &'t str, at: usize, inherited: Prefix) -> (Prefix, &'t str, usize) {
        let mut prefix = inherited;
        let mut rest = text;
        while let Some((head, tail)) = rest.split_once(':') {
            let here = at + (text.len() - rest.len());
            match head.trim() {
                "miss" => prefix.miss = true,
                "together" => prefix.mode = CallMode::Parallel,
                "async" => prefix.mode = CallMode::Async,
                "try" => prefix.optional = true,
                "transaction" => prefix.transaction = true,
                head if head.starts_with("together ") => {
                    prefix.mode = CallMode::Parallel;
                    let mut words: Vec<&str> = head.split_whitespace().collect();
                    if let Some((wait, cancel)) = self.take_wait(&mut words, here) {
                        (prefix.wait, prefix.cancel) = (wait, cancel);
                    }
                    if words.len() > 1 {
                        self.slip(
                            here,
                            format!("“{}:” is not a word of a plan.", shown(head)),
                            Some("Write “together:”, “together wait 2:” or “together wait 2 cancel:”.".into()),
                        );
                    }
                }
                head => match Share::parse(head) {
                    Ok(share) if share > Share::ONE => {
                        self.slip(here, format!("{share} is more than the whole."), Some("Write 0 % to 100 %.".into()))
                    }
                    Ok(share) => prefix.probability = share,
                    Err(_) => self.slip(
                        here,
                        format!("“{}:” is not a word of a plan.", shown(head)),
                        Some("Write miss:, together:, async:, try:, transaction: or a share such as 50 %:".into()),
                    ),
                },
            }
            prefix.stated = true;
            rest = tail.trim_start();
        }
        (prefix, rest, at + (text.len() - rest.len()))
    }

    /// "a > b; c": chains, each beginning at the caller.
    fn items(&mut self, text: &str, at: usize, prefix: Prefix, depth: usize) -> Vec<Placed> {
        let mut made = Vec::new();
        let mut offset = at;
        for chain in text.split(';') {
            if !chain.trim().is_empty() {
                made.extend(self.chain(chain, offset, prefix, depth));
            }
            offset += chain.len() + 1;
        }
        made
    }

    /// "a > b op": each is called by the one before.
    fn chain(&mut self, text: &str, at: usize, prefix: Prefix, depth: usize) -> Option<Placed> {
        let mut offset = at;
        let mut placed: Vec<Placed> = Vec::new();
        for part in text.split('>') {
            let here = offset + (part.len() - part.trim_start().len());
            let first = placed.is_empty();
            let call = self.call(part.trim(), here, if first { prefix } else { Prefix::default() })?;
            placed.push(Placed { at: here, call, then: Vec::new(), miss: Vec::new(), statements: Vec::new() });
            offset += part.len() + 1;
        }
        if depth + placed.len() > DEPTH_MAX {
            self.slip(at, format!("Calls are nested deeper than {DEPTH_MAX}."), None);
            return None;
        }
        let mut chain = placed.pop()?;
        while let Some(mut caller) = placed.pop() {
            caller.then.push(chain);
            chain = caller;
        }
        Some(chain)
    }

    /// "leaf get link once x100".
    fn call(&mut self, text: &str, at: usize, prefix: Prefix) -> Option<Call> {
        self.made += 1;
        if self.made > CALLS_MAX {
            return None;
        }
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let mut call = Call {
            mode: prefix.mode,
            wait: prefix.wait,
            cancel: prefix.cancel,
            probability: prefix.probability,
            optional: prefix.optional,
            ..Call::default()
        };
        if words.is_empty() {
            self.slip(at, "A call is missing here.", Some("Write the name of a component.".into()));
            return None;
        }
        if let Some((wait, cancel)) = self.take_wait(&mut words, at) {
            (call.wait, call.cancel) = (wait, cancel);
        }
        if let Some((times, at_once)) = take_times(&mut words) {
            match Count::parse(times) {
                Ok(times) if (1..=TIMES_MAX).contains(&times.0) => call.times = times,
                _ => self.slip(
                    at,
                    format!("“{}” is not how often a call can be made.", shown(times)),
                    Some(format!("Write a whole number from 1 to {TIMES_MAX}.")),
                ),
            }
            if at_once && call.mode == CallMode::Sequence {
                call.mode = CallMode::Parallel;
            }
        }
        if let Some(bad) = words.iter().enumerate().find(|(i, word)| if *i == 0 { !is_name(word) } else { !is_free_name(word) }) {
            self.slip(
                at,
                format!("“{}” is not a name.", shown(bad.1)),
                Some("Write letters, digits, - and _, beginning with a letter.".into()),
            );
            return None;
        }
        if words.len() > 3 + MODIFIERS_MAX {
            self.slip(
                at,
                format!("“{}” has too many words.", shown(text)),
                Some("Write “component operation data”, and at most a few words after it.".into()),
            );
            return None;
        }
        let mut words = words.into_iter().map(str::to_owned);
        call.to = words.next().unwrap_or_default();
        call.operation = words.next().unwrap_or_default();
        call.data = words.next();
        call.modifiers = words.collect();
        Some(call)
    }
}

impl Parser<'_> {
    /// Takes "wait 3" or "wait 3 cancel" off the end of a call or of "together".
    fn take_wait(&mut self, words: &mut Vec<&str>, at: usize) -> Option<(Option<Count>, bool)> {
        let (rest, wait, cancel) = match words.as_slice() {
            [rest @ .., "wait", wait, "cancel"] => (rest.len(), *wait, true),
            [rest @ .., "wait", wait] => (rest.len(), *wait, false),
            _ => return None,
        };
        if rest == 0 || !wait.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        words.truncate(rest);
        match Count::parse(wait) {
            Ok(wait) if (1..=FAN_OUT_MAX).contains(&wait.0) => Some((Some(wait), cancel)),
            _ => {
                self.slip(
                    at,
                    format!("“{}” is not how many answers can be waited for.", shown(wait)),
                    Some("Write a whole number, at least 1.".into()),
                );
                None
            }
        }
    }
}

/// Takes "x100" or "3 times" off the end; the flag says that all go out at once.
fn take_times<'t>(words: &mut Vec<&'t str>) -> Option<(&'t str, bool)> {
    let digits = words.last().filter(|_| words.len() >= 2).and_then(|word| word.strip_prefix('x'));
    if let Some(times) = digits.filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit())) {
        words.pop();
        return Some((times, true));
    }
    if words.len() >= 2 && matches!(words.last(), Some(&("times" | "time"))) {
        words.pop();
        return words.pop().map(|times| (times, false));
    }
    None
}

fn deepest(placed: &mut Placed) -> &mut Placed {
    let mut last = placed;
    while !last.then.is_empty() {
        let at = last.then.len() - 1;
        last = &mut last.then[at];
    }
    last
}

fn note_places(calls: &[Placed], path: &str, places: &mut Vec<(String, usize)>) {
    for (i, placed) in calls.iter().enumerate() {
        let path = format!("{path}{i}");
        note_places(&placed.then, &format!("{path}.then."), places);
        note_places(&placed.miss, &format!("{path}.miss."), places);
        note_places(&placed.statements, &format!("{path}.transaction."), places);
        places.push((path, placed.at));
    }
}
