//! The catalogue: which kinds of component there are, which words each understands, what a word
//! takes and what holds when it is not written. Data only; a new word is a new line here, and
//! reading, printing, checking and the schema follow. What an engine does with it is in `sim`.

mod kinds;
mod notations;
pub mod prices;
mod words;

use units::{Bytes, Duration, Rate, Share};

pub use kinds::KINDS;
pub use notations::{Way, notations};
pub use words::{CLASS, DATA, LINK, WORD_IGNORES};

/// A kind of component.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    pub doc: &'static str,
    /// What follows from an arrow that leaves it, when no call plan is written.
    pub arrows: Arrows,
    /// Shown beside results: what the model leaves out, and which way the error goes.
    pub ignores: &'static [&'static str],
    /// In the order in which they are printed; use [`Kind::words`].
    groups: &'static [&'static [Word]],
}

/// How a default call plan reads the arrows that leave a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrows {
    /// The request goes on over the one arrow: at once, on a miss (cdn), or when the consumer at its
    /// end takes it (log, queue).
    Forward,
    /// Every target is called, in name order; a cache is asked before a store.
    Call,
    /// Keeps records: a cache before it is asked first; arrows that leave it are not calls.
    Store,
    /// Answers from memory: asked before the stores beside it. Its own arrows are called when it
    /// has no answer.
    Cache,
    /// Arrows that leave it are not calls.
    End,
}

/// A key that may be written, and what it takes.
#[derive(Debug)]
pub struct Word {
    pub key: &'static str,
    /// Another spelling, read as `key`.
    pub synonym: Option<&'static str>,
    pub takes: Takes,
    /// What holds when it is not written, in short notation.
    pub default: Option<&'static str>,
    /// Words beside which, if one of them is written, there is no default.
    pub unless: &'static [&'static str],
    pub runs: Runs,
    /// Empty without the feature `docs`.
    pub doc: &'static str,
}

/// What this engine does with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    Now,
    /// Kept and shown, without influence on a run; writing it is no problem.
    Kept,
}

/// What a word takes. Limits are part of the meaning: beyond them a value is a slip of the pen.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    Count {
        min: u64,
        max: u64,
    },
    /// A count, or the word "unlimited".
    CountOrUnlimited {
        min: u64,
        max: u64,
    },
    Duration {
        min: Duration,
        max: Duration,
    },
    Rate {
        max: Rate,
    },
    Bytes {
        max: Bytes,
    },
    /// Data per time, or the word "unlimited".
    Bandwidth,
    Share {
        max: Share,
    },
    Flag,
    Word(&'static [&'static str]),
    /// One name of the author's choice.
    Name,
    /// The name of a component.
    Component,
    /// A list of names.
    Names,
    /// A list of counts.
    Counts,
    /// One line of text, kept as written.
    Text,
    Distribution,
    /// The notation of [`crate::Keys`].
    Keys,
    /// The notation of [`crate::Backoff`].
    Backoff,
    /// The notation of [`crate::Shed`].
    Shed,
    Table(&'static [Word]),
}

impl Kind {
    /// Whether requests begin here; nothing calls it.
    pub fn sends(&self) -> bool {
        matches!(self.name, "clients" | "scheduler")
    }

    pub fn words(&self) -> impl Iterator<Item = &'static Word> + Clone + use<> {
        self.groups.iter().flat_map(|group| group.iter())
    }

    /// Finds a word by its key or its synonym.
    pub fn word(&self, key: &str) -> Option<&'static Word> {
        find(self.words(), key)
    }
}

/// Finds a kind by its name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// Finds a word by its key or its synonym.
pub fn find(mut words: impl Iterator<Item = &'static Word>, key: &str) -> Option<&'static Word> {
    words.find(|word| word.key == key || word.synonym == Some(key))
}

/// The word that a text is given to: "size" is what is bought, but of a cache people also say it of
/// its memory ("2 GiB").
pub(crate) fn meant(word: &'static Word, text: &str, find: impl FnOnce(&str) -> Option<&'static Word>) -> &'static Word {
    match find("memory") {
        Some(memory) if word.key == "size" && text.parse::<units::Bytes>().is_ok() => memory,
        _ => word,
    }
}

impl Takes {
    /// What to write, in a few words: "a time such as 5 ms".
    pub fn expected(self) -> String {
        match self {
            Self::Count { min, max } => format!("a whole number from {min} to {max}"),
            Self::CountOrUnlimited { min, max } => format!("a whole number from {min} to {max}, or \"unlimited\""),
            Self::Duration { .. } => "a time such as \"5 ms\"".into(),
            Self::Rate { .. } => "a rate such as \"90/s\"".into(),
            Self::Bytes { .. } => "an amount of data such as \"64 KiB\"".into(),
            Self::Bandwidth => "data per time such as \"1 Gbit/s\", or \"unlimited\"".into(),
            Self::Share { .. } => "a share such as \"80 %\"".into(),
            Self::Flag => "true or false".into(),
            Self::Word(words) => format!("one of {}", listed(words)),
            Self::Name => "a name such as \"us-east\"".into(),
            Self::Component => "the name of a component".into(),
            Self::Names => "a list of names such as [\"us-east-a\", \"us-east-b\"]".into(),
            Self::Counts => "a list of whole numbers such as [3, 1]".into(),
            Self::Text => "a line of text".into(),
            Self::Distribution => "a distribution of times such as \"exp 5 ms\"".into(),
            Self::Keys => "which keys are asked for, such as \"zipf 0.99 of 10000; hot 30 %\"".into(),
            Self::Backoff => "how long to wait, such as \"full jitter 20 ms..1 s\"".into(),
            Self::Shed => "\"late\", or \"codel 5 ms 100 ms\"".into(),
            Self::Table(words) => match words.first() {
                Some(word) => format!("a table such as {{ {} = ... }}", word.key),
                None => "a table".into(),
            },
        }
    }
}

pub(crate) fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}
