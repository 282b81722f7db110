//! Two policies that are more than a number: how long to wait before trying again, and which
//! calls are turned away. Applying them is the business of `sim`.

use std::fmt;
use std::str::FromStr;

use units::{Duration, UnitProblem};

use crate::nearest::did_you_mean;
use crate::notation::{Read, TIME_MAX, shown};
use crate::pattern::Piece::{Part as P, Text as T};
use crate::pattern::{Notation, Part, Parts, Pattern, Slot};
use crate::setting::Form;

/// How long a caller waits before attempt k, counted from 0 for the first retry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backoff {
    /// "20 ms"
    Constant { wait: Duration },
    /// "exponential 20 ms..1 s": `min(cap, base * 2^k)`
    Exponential { base: Duration, cap: Duration },
    /// "full jitter 20 ms..1 s": uniform between 0 and the exponential wait
    FullJitter { base: Duration, cap: Duration },
    /// "equal jitter 20 ms..1 s": half of the exponential wait, and uniform up to the other half
    EqualJitter { base: Duration, cap: Duration },
    /// "decorrelated 20 ms..1 s": uniform between `base` and three times the last wait, at most `cap`
    Decorrelated { base: Duration, cap: Duration },
}

/// Which waiting calls a station turns away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shed {
    /// "late": those whose caller has given up, or whose deadline has passed, when they would begin
    Late,
    /// "codel 5 ms 100 ms": some of them, once all have waited longer than `target` for an `interval`
    CoDel { target: Duration, interval: Duration },
}

const fn range(name: &'static str, pieces: &'static [crate::pattern::Piece], example: &'static str) -> Pattern {
    Pattern { name, pieces, example }
}

impl Notation for Backoff {
    const TAG: &'static str = "backoff";
    const PATTERNS: &'static [Pattern] = &[
        range("constant", &[P("wait", Slot::Time)], "20 ms"),
        range("exponential", &[T("exponential "), P("base", Slot::Time), T(".."), P("cap", Slot::Time)], "exponential 20 ms..1 s"),
        range("full jitter", &[T("full jitter "), P("base", Slot::Time), T(".."), P("cap", Slot::Time)], "full jitter 20 ms..1 s"),
        range("equal jitter", &[T("equal jitter "), P("base", Slot::Time), T(".."), P("cap", Slot::Time)], "equal jitter 20 ms..1 s"),
        range("decorrelated", &[T("decorrelated "), P("base", Slot::Time), T(".."), P("cap", Slot::Time)], "decorrelated 20 ms..1 s"),
    ];

    fn parts(&self) -> Parts {
        let (name, base, cap) = match self {
            Self::Constant { wait } => return ("constant", vec![Part::Time(*wait)]),
            Self::Exponential { base, cap } => ("exponential", base, cap),
            Self::FullJitter { base, cap } => ("full jitter", base, cap),
            Self::EqualJitter { base, cap } => ("equal jitter", base, cap),
            Self::Decorrelated { base, cap } => ("decorrelated", base, cap),
        };
        (name, vec![Part::Time(*base), Part::Time(*cap)])
    }

    fn build(name: &str, parts: &[Part]) -> Option<Self> {
        Some(match (name, parts) {
            ("constant", [Part::Time(wait)]) => Self::Constant { wait: *wait },
            ("exponential", &[Part::Time(base), Part::Time(cap)]) => Self::Exponential { base, cap },
            ("full jitter", &[Part::Time(base), Part::Time(cap)]) => Self::FullJitter { base, cap },
            ("equal jitter", &[Part::Time(base), Part::Time(cap)]) => Self::EqualJitter { base, cap },
            ("decorrelated", &[Part::Time(base), Part::Time(cap)]) => Self::Decorrelated { base, cap },
            _ => return None,
        })
    }

    fn checked(self) -> Read<Self> {
        let rises = match &self {
            Self::Constant { wait } => *wait <= TIME_MAX,
            Self::Exponential { base, cap }
            | Self::FullJitter { base, cap }
            | Self::EqualJitter { base, cap }
            | Self::Decorrelated { base, cap } => Duration::ZERO < *base && base <= cap && *cap <= TIME_MAX,
        };
        if !rises {
            return Err(UnitProblem::new(format!("“{self}” does not go from more than nothing up to at most a day."))
                .suggest("Write it as in “full jitter 20 ms..1 s”."));
        }
        Ok(self)
    }
}

impl FromStr for Backoff {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        <Self as Notation>::read(text, |text| {
            let known = Self::PATTERNS.iter().skip(1).map(|pattern| pattern.name);
            let head = text.split(|c: char| c.is_ascii_digit()).next().unwrap_or("").trim();
            let suggestion = did_you_mean(head, known).unwrap_or_else(|| "Write it as in “20 ms” or “full jitter 20 ms..1 s”.".into());
            UnitProblem::new(format!("“{}” is not a way of waiting before the next attempt.", shown(text))).suggest(suggestion)
        })
    }
}

impl fmt::Display for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show(Form::Short))
    }
}

impl Notation for Shed {
    const TAG: &'static str = "shed";
    const PATTERNS: &'static [Pattern] = &[
        Pattern { name: "late", pieces: &[T("late")], example: "late" },
        Pattern {
            name: "codel",
            pieces: &[T("codel "), P("target", Slot::Time), T(" "), P("interval", Slot::Time)],
            example: "codel 5 ms 100 ms",
        },
    ];

    fn parts(&self) -> Parts {
        match self {
            Self::Late => ("late", Vec::new()),
            Self::CoDel { target, interval } => ("codel", vec![Part::Time(*target), Part::Time(*interval)]),
        }
    }

    fn build(name: &str, parts: &[Part]) -> Option<Self> {
        match (name, parts) {
            ("late", []) => Some(Self::Late),
            ("codel", &[Part::Time(target), Part::Time(interval)]) => Some(Self::CoDel { target, interval }),
            _ => None,
        }
    }

    fn checked(self) -> Read<Self> {
        match &self {
            Self::CoDel { target, interval } if *target == Duration::ZERO || *interval < *target || *interval > TIME_MAX => {
                Err(UnitProblem::new(format!("“{self}” does not wait longer than its target before it turns calls away."))
                    .suggest("Write the target first, then an interval that is longer, as in “codel 5 ms 100 ms”."))
            }
            _ => Ok(self),
        }
    }
}

impl FromStr for Shed {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        <Self as Notation>::read(text, |text| {
            UnitProblem::new(format!("“{}” does not say which calls are turned away.", shown(text)))
                .suggest("Write “late” or “codel 5 ms 100 ms”.")
        })
    }
}

impl fmt::Display for Shed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show(Form::Short))
    }
}
