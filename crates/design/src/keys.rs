//! Which keys a class of requests asks for. Drawing them is the business of `sim`.

use std::fmt;
use std::str::FromStr;

use serde_json::Value as Json;
use units::{Count, Duration, Share, UnitProblem};

use crate::nearest::did_you_mean;
use crate::notation::{Read, YEAR, above_one, plain, shown};
use crate::pattern::Piece::{Part as P, Text as T};
use crate::pattern::{Notation, Part, Parts, Pattern, Slot};
use crate::setting::Form;

const EXPONENT_MAX: Share = Share(10 * Share::ONE.0);
const KEYS_MAX: u64 = 1_000_000_000_000_000;

/// "zipf 0.99 of 10000; hot 30 % on 100 keys, moves every 1 min"
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    pub spread: Spread,
    /// How many keys there are; [`crate::resolve`] always writes it.
    pub of: Option<Count>,
    pub hot: Option<Hot>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spread {
    /// Each key as often as every other.
    Uniform,
    /// The k-th key in proportion to `k^-exponent`.
    Zipf { exponent: Share },
    /// A key that was never asked for before.
    Fresh,
}

/// Some keys take this share of the requests, on top of the spread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hot {
    pub share: Share,
    pub keys: Count,
    /// Other keys take their place so often.
    pub moves: Option<Duration>,
}

impl Keys {
    /// The keys of a class whose author wrote none.
    pub(crate) fn uniform_of(of: Count) -> Self {
        Self { spread: Spread::Uniform, of: Some(of), hot: None }
    }

    pub(crate) fn show(&self, form: Form) -> String {
        let spread = Notation::show(&(self.spread.clone(), self.of), form);
        match &self.hot {
            Some(hot) => format!("{spread}; {}", Notation::show(hot, form)),
            None => spread,
        }
    }

    pub(crate) fn object(&self, form: Form) -> Json {
        let mut object = (self.spread.clone(), self.of).object(form);
        if let Some(hot) = &self.hot {
            object["hot"] = hot.object(form);
        }
        object
    }

    /// From what `object` writes: the spread and the number of keys, and what is hot.
    pub(crate) fn join((spread, of): Population, hot: Option<Hot>) -> Read<Self> {
        Self { spread, of, hot }.checked()
    }

    fn checked(self) -> Read<Self> {
        if let (Some(hot), Some(of)) = (&self.hot, self.of)
            && hot.keys > of
        {
            return Err(UnitProblem::new(format!("{} keys cannot be hot where there are {of}.", hot.keys))
                .suggest(format!("Write at most {of}, or more keys in all.")));
        }
        Ok(self)
    }
}

pub(crate) type Population = (Spread, Option<Count>);

impl Notation for Population {
    const TAG: &'static str = "keys";
    const PATTERNS: &'static [Pattern] = &[
        Pattern { name: "uniform", pieces: &[T("uniform of "), P("of", Slot::Count)], example: "uniform of 10000" },
        Pattern { name: "uniform", pieces: &[T("uniform")], example: "uniform" },
        Pattern {
            name: "zipf",
            pieces: &[T("zipf "), P("exponent", Slot::Factor), T(" of "), P("of", Slot::Count)],
            example: "zipf 0.99 of 10000",
        },
        Pattern { name: "zipf", pieces: &[T("zipf "), P("exponent", Slot::Factor)], example: "zipf 0.99" },
        Pattern { name: "fresh", pieces: &[T("fresh of "), P("of", Slot::Count)], example: "fresh of 10000" },
        Pattern { name: "fresh", pieces: &[T("fresh")], example: "fresh" },
    ];

    fn parts(&self) -> Parts {
        let (name, first) = match &self.0 {
            Spread::Uniform => ("uniform", None),
            Spread::Zipf { exponent } => ("zipf", Some(Part::Factor(*exponent))),
            Spread::Fresh => ("fresh", None),
        };
        (name, first.into_iter().chain(self.1.map(Part::Count)).collect())
    }

    fn build(name: &str, parts: &[Part]) -> Option<Self> {
        let (spread, rest) = match (name, parts) {
            ("uniform", rest) => (Spread::Uniform, rest),
            ("zipf", [Part::Factor(exponent), rest @ ..]) => (Spread::Zipf { exponent: *exponent }, rest),
            ("fresh", rest) => (Spread::Fresh, rest),
            _ => return None,
        };
        match rest {
            [] => Some((spread, None)),
            [Part::Count(of)] => Some((spread, Some(*of))),
            _ => None,
        }
    }

    fn checked(self) -> Read<Self> {
        match self {
            (Spread::Zipf { exponent }, _) if exponent == Share::ZERO || exponent > EXPONENT_MAX => {
                Err(UnitProblem::new(format!("An exponent of {} is out of range for zipf.", plain(exponent)))
                    .suggest("Write more than 0 and at most 10; web requests are near 1, and “uniform” has none."))
            }
            (_, Some(of)) if !(1..=KEYS_MAX).contains(&of.0) => {
                Err(UnitProblem::new(format!("{of} keys cannot be asked for.")).suggest("Write 1 to 1000000000000000."))
            }
            _ => Ok(self),
        }
    }
}

impl Notation for Hot {
    const TAG: &'static str = "hot";
    const PATTERNS: &'static [Pattern] = &[
        Pattern {
            name: "keys",
            pieces: &[
                T("hot "),
                P("share", Slot::Share),
                T(" on "),
                P("keys", Slot::Count),
                T(" keys"),
                T(", moves every "),
                P("moves", Slot::Time),
            ],
            example: "hot 30 % on 100 keys, moves every 1 min",
        },
        Pattern {
            name: "keys",
            pieces: &[T("hot "), P("share", Slot::Share), T(" on "), P("keys", Slot::Count), T(" keys")],
            example: "hot 30 % on 100 keys",
        },
        Pattern {
            name: "key",
            pieces: &[T("hot "), P("share", Slot::Share), T(", moves every "), P("moves", Slot::Time)],
            example: "hot 30 %, moves every 1 min",
        },
        Pattern { name: "key", pieces: &[T("hot "), P("share", Slot::Share)], example: "hot 30 %" },
    ];

    fn parts(&self) -> Parts {
        let (name, keys) = if self.keys == Count(1) { ("key", None) } else { ("keys", Some(Part::Count(self.keys))) };
        let parts = [Some(Part::Share(self.share)), keys, self.moves.map(Part::Time)];
        (name, parts.into_iter().flatten().collect())
    }

    fn build(name: &str, parts: &[Part]) -> Option<Self> {
        let (share, keys, rest) = match (name, parts) {
            ("key", [Part::Share(share), rest @ ..]) => (share, Count(1), rest),
            ("keys", [Part::Share(share), Part::Count(keys), rest @ ..]) => (share, *keys, rest),
            _ => return None,
        };
        let moves = match rest {
            [Part::Time(moves)] => Some(*moves),
            _ => None,
        };
        Some(Self { share: *share, keys, moves })
    }

    fn checked(self) -> Read<Self> {
        if self.share > Share::ONE {
            return Err(above_one(self.share));
        }
        if !(1..=KEYS_MAX).contains(&self.keys.0) {
            return Err(UnitProblem::new(format!("{} keys cannot be hot.", self.keys)).suggest("Write at least 1."));
        }
        if self.moves.is_some_and(|moves| moves == Duration::ZERO || moves > YEAR) {
            return Err(UnitProblem::new("Hot keys move after more than nothing and at most a year.").suggest("Write it as in “1 min”."));
        }
        Ok(self)
    }
}

impl FromStr for Keys {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        let (spread, hot) = match text.split_once(';') {
            Some((spread, hot)) => (spread, Some(hot.parse()?)),
            None => (text, None),
        };
        Self::join(Population::read(spread, unknown_spread)?, hot)
    }
}

impl FromStr for Hot {
    type Err = UnitProblem;

    /// "hot 30 % on 100 keys"
    fn from_str(text: &str) -> Read<Self> {
        <Self as Notation>::read(text, unknown_hot)
    }
}

fn unknown_spread(text: &str) -> UnitProblem {
    let head = text.split_whitespace().next().unwrap_or("");
    let suggestion = did_you_mean(head, ["uniform", "zipf", "fresh"])
        .unwrap_or_else(|| "Write it as in “uniform”, “zipf 0.99 of 10000; hot 30 %” or “fresh”.".into());
    UnitProblem::new(format!("“{}” does not say which keys are asked for.", shown(text))).suggest(suggestion)
}

fn unknown_hot(text: &str) -> UnitProblem {
    UnitProblem::new(format!("“{}” does not say which keys are hot.", shown(text.trim())))
        .suggest("Write it as in “zipf 0.99; hot 30 % on 100 keys, moves every 1 min”.")
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show(Form::Short))
    }
}
