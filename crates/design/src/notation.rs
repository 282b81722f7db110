//! Short notation, both ways: distributions, arrivals, links, bandwidth, prices.
//!
//! `Display` writes what `FromStr` reads back as the same value. Object forms are in `setting`;
//! call plans in `plan`.

use std::fmt;
use std::str::FromStr;

use units::{Bytes, Count, Duration, Money, Rate, Share, UnitProblem, find_unit};

use crate::nearest::did_you_mean;
use crate::{Arrivals, Distribution, LinkName, Per, Price};

/// The longest time that anything in a run may take by itself.
pub(crate) const TIME_MAX: Duration = Duration::from_secs(86_400);
/// More requests per second than any one system on Earth receives.
pub(crate) const RATE_MAX: Rate = Rate::per_second(1_000_000_000);
const USERS_MAX: u64 = 1_000_000;
const STAGES_MAX: u64 = 1_000;
const SCV_MAX: Share = Share(1_000 * 1_000_000_000);
/// Arrivals that the notation knows and this engine does not run.
pub(crate) const OTHER_ARRIVALS: &[&str] = &["flash", "diurnal", "bursty", "trace"];
pub(crate) const DISTRIBUTIONS: &[&str] = &["constant", "exp", "lognormal", "erlang", "hyper", "two point", "uniform"];
const NOTATION_MAX: usize = 200;

type Read<T> = Result<T, UnitProblem>;

/// `[A-Za-z][A-Za-z0-9_-]{0,63}`: safe in paths, pages and pictures without quoting.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// A name of the author's own choice outside the design ("us-east-1a", "m7i.large").
pub(crate) fn is_free_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'))
}

/// A text as it may be shown in a message: short, and without control characters.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

impl FromStr for Distribution {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        let text = line(text)?;
        let (head, rest) = text.split_once(char::is_whitespace).map_or((text, ""), |(head, rest)| (head, rest.trim()));
        let distribution = match head {
            "exp" if rest.is_empty() => return Err(incomplete(text, "exp 5 ms")),
            "exp" => Self::Exponential { mean: Duration::parse(rest)? },
            "lognormal" => with_scv(text, rest, "lognormal 6 ms scv 2").map(|(mean, scv)| Self::Lognormal { mean, scv })?,
            "hyper" => with_scv(text, rest, "hyper 10 ms scv 4").map(|(mean, scv)| Self::Hyperexponential { mean, scv })?,
            "erlang" => {
                let stages_and_mean =
                    rest.split_once(char::is_whitespace).filter(|(_, mean)| mean.trim_start().starts_with(|c: char| c.is_ascii_digit()));
                let (stages, mean) = stages_and_mean.ok_or_else(|| incomplete(text, "erlang 4 10 ms"))?;
                Self::Erlang { stages: Count::parse(stages)?, mean: Duration::parse(mean)? }
            }
            "uniform" => {
                let (low, high) = rest.split_once("..").ok_or_else(|| incomplete(text, "uniform 5 ms..15 ms"))?;
                Self::Uniform { low: Duration::parse(low)?, high: Duration::parse(high)? }
            }
            _ if head.starts_with(|c: char| c.is_alphabetic()) => return Err(unknown_distribution(head)),
            _ => match text.split_once(" or ") {
                Some((usual, rare)) => {
                    let (rare, probability) = rare_value(rare).ok_or_else(|| incomplete(text, "10 ms or 1 s 1 %"))?;
                    Self::TwoPoint { usual: Duration::parse(usual)?, rare, probability }
                }
                None => Self::Constant { value: Duration::parse(text)? },
            },
        };
        distribution.checked()
    }
}

impl Distribution {
    /// Refuses what no clock could show.
    pub(crate) fn checked(self) -> Read<Self> {
        match &self {
            Self::Constant { value } => at_most_a_day(*value)?,
            Self::Exponential { mean } => positive(*mean)?,
            Self::Lognormal { mean, scv } => {
                positive(*mean)?;
                scv_within(*scv, Share(1), "lognormal", "more than 0")?;
            }
            Self::Hyperexponential { mean, scv } => {
                positive(*mean)?;
                scv_within(*scv, Share::ONE, "hyper", "at least 1")?;
            }
            Self::Erlang { mean, stages } => {
                positive(*mean)?;
                if !(1..=STAGES_MAX).contains(&stages.0) {
                    return Err(UnitProblem::new(format!("An Erlang distribution with {stages} stages is not drawn here."))
                        .suggest(format!("Write 1 to {STAGES_MAX} stages.")));
                }
            }
            Self::TwoPoint { usual, rare, probability } => {
                at_most_a_day(*usual)?;
                at_most_a_day(*rare)?;
                if *probability > Share::ONE {
                    return Err(above_one(*probability));
                }
            }
            Self::Uniform { low, high } => {
                at_most_a_day(*high)?;
                if low > high {
                    return Err(UnitProblem::new(format!("“uniform {low}..{high}” begins after its end."))
                        .suggest(format!("Write “uniform {high}..{low}”.")));
                }
            }
        }
        Ok(self)
    }
}

fn with_scv(text: &str, rest: &str, example: &str) -> Read<(Duration, Share)> {
    let (mean, scv) = rest.split_once(" scv ").ok_or_else(|| incomplete(text, example))?;
    Ok((Duration::parse(mean)?, Share::parse(scv)?))
}

/// "1 s 1 %": the words are tried apart at every place, since both spellings "1 s" and "1s" are.
fn rare_value(text: &str) -> Option<(Duration, Share)> {
    let words: Vec<&str> = text.split_whitespace().take(8).collect();
    (1..words.len()).find_map(|at| Some((Duration::parse(&words[..at].join(" ")).ok()?, Share::parse(&words[at..].join(" ")).ok()?)))
}

fn unknown_distribution(head: &str) -> UnitProblem {
    let problem = UnitProblem::new(format!("“{}” is not a distribution known here.", shown(head)));
    let known = ["exp", "lognormal", "erlang", "hyper", "uniform"];
    let long = [("exponential", "exp"), ("hyperexponential", "hyper"), ("log-normal", "lognormal")];
    match long.iter().find(|(long, _)| *long == head).map(|(_, short)| format!("Write “{short}”.")).or_else(|| did_you_mean(head, known))
    {
        Some(suggestion) => problem.suggest(suggestion),
        None => problem.suggest("Write a time (“5 ms”), or one of exp, lognormal, erlang, hyper, uniform before it."),
    }
}

fn incomplete(text: &str, example: &str) -> UnitProblem {
    UnitProblem::new(format!("“{}” is not complete.", shown(text))).suggest(format!("Write it as in “{example}”."))
}

fn at_most_a_day(time: Duration) -> Read<()> {
    if time > TIME_MAX {
        return Err(UnitProblem::new(format!("{time} is longer than a day.")).suggest("Check the unit."));
    }
    Ok(())
}

fn positive(mean: Duration) -> Read<()> {
    if mean == Duration::ZERO {
        return Err(UnitProblem::new("A mean of 0 s leaves nothing to draw.").suggest("Write “0 s” alone for no time at all."));
    }
    at_most_a_day(mean)
}

fn scv_within(scv: Share, low: Share, name: &str, least: &str) -> Read<()> {
    if scv < low || scv > SCV_MAX {
        return Err(UnitProblem::new(format!("An scv of {} is out of range for {name}.", plain(scv)))
            .suggest(format!("Write {least} and at most 1000; exp has 1.")));
    }
    Ok(())
}

pub(crate) fn above_one(share: Share) -> UnitProblem {
    UnitProblem::new(format!("{share} is more than the whole.")).suggest("Write 0 % to 100 %.")
}

/// A factor as a plain decimal: 2, 0.5.
pub(crate) fn plain(share: Share) -> String {
    let (whole, rest) = (share.0 / 1_000_000_000, share.0 % 1_000_000_000);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:09}").trim_end_matches('0').to_owned() }
}

fn line(text: &str) -> Read<&str> {
    if text.len() > NOTATION_MAX || text.contains(char::is_control) {
        return Err(UnitProblem::new(format!("“{}” is too long, or has control characters.", shown(text)))
            .suggest(format!("Write one line of at most {NOTATION_MAX} characters.")));
    }
    Ok(text.trim())
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant { value } => write!(f, "{value}"),
            Self::Exponential { mean } => write!(f, "exp {mean}"),
            Self::Lognormal { mean, scv } => write!(f, "lognormal {mean} scv {}", plain(*scv)),
            Self::Erlang { mean, stages } => write!(f, "erlang {stages} {mean}"),
            Self::Hyperexponential { mean, scv } => write!(f, "hyper {mean} scv {}", plain(*scv)),
            Self::TwoPoint { usual, rare, probability } => write!(f, "{usual} or {rare} {probability}"),
            Self::Uniform { low, high } => write!(f, "uniform {low}..{high}"),
        }
    }
}

impl FromStr for Arrivals {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        let text = line(text)?;
        let (head, rest) = text.split_once(char::is_whitespace).map_or((text, ""), |(head, rest)| (head, rest.trim()));
        let arrivals = match head {
            "poisson" | "constant" if rest.is_empty() => return Err(incomplete(text, "poisson 90/s")),
            "poisson" => Self::Poisson { rate: Rate::parse(rest)? },
            "constant" => Self::Constant { rate: Rate::parse(rest)? },
            "closed" if !rest.starts_with(|c: char| c.is_ascii_digit()) => return Err(incomplete(text, "closed 50 users think exp 1 s")),
            "closed" => {
                let (users, think) = rest.split_once("think").map_or((rest, "0 s"), |(users, think)| (users.trim(), think.trim()));
                let users = users.strip_suffix("users").or(users.strip_suffix("user")).unwrap_or(users);
                Self::Closed { users: Count::parse(users)?, think: think.parse()? }
            }
            _ if OTHER_ARRIVALS.contains(&head) => Self::Other { text: text.to_owned() },
            _ => return Err(unknown_arrivals(text, head)),
        };
        arrivals.checked()
    }
}

impl Arrivals {
    pub(crate) fn checked(self) -> Read<Self> {
        match &self {
            Self::Poisson { rate } | Self::Constant { rate } if *rate == Rate::ZERO => {
                Err(UnitProblem::new("A rate of 0/s sends nothing.").suggest("Write a rate, or take the class out."))
            }
            Self::Poisson { rate } | Self::Constant { rate } if *rate > RATE_MAX => {
                Err(UnitProblem::new(format!("{rate} is more than {RATE_MAX}, the most that is accepted."))
                    .suggest("Check the power of ten."))
            }
            Self::Closed { users, .. } if !(1..=USERS_MAX).contains(&users.0) => {
                Err(UnitProblem::new(format!("A closed loop of {users} users is not run."))
                    .suggest(format!("Write 1 to {USERS_MAX} users.")))
            }
            Self::Other { text } if !OTHER_ARRIVALS.contains(&text.split_whitespace().next().unwrap_or("")) => {
                Err(unknown_arrivals(text, text))
            }
            _ => Ok(self),
        }
    }

    /// The same arrivals at another rate; an error where they have none.
    pub(crate) fn with_rate(&self, rate: Rate) -> Read<Self> {
        match self {
            Self::Poisson { .. } => Self::Poisson { rate }.checked(),
            Self::Constant { .. } => Self::Constant { rate }.checked(),
            Self::Closed { .. } | Self::Other { .. } => {
                Err(UnitProblem::new(format!("“{self}” has no single rate.")).suggest("Set `arrivals` as a whole, as in “poisson 90/s”."))
            }
        }
    }
}

fn unknown_arrivals(text: &str, head: &str) -> UnitProblem {
    if Rate::parse(text).is_ok() {
        return UnitProblem::new(format!("“{}” does not say how requests arrive.", shown(text)))
            .suggest(format!("Write “poisson {text}” or “constant {text}”."));
    }
    let problem = UnitProblem::new(format!("“{}” is not a way of arriving known here.", shown(head)));
    match did_you_mean(head, ["poisson", "constant", "closed"].into_iter().chain(OTHER_ARRIVALS.iter().copied())) {
        Some(suggestion) => problem.suggest(suggestion),
        None => problem.suggest("Write it as in “poisson 90/s”, “constant 90/s” or “closed 50 users think exp 1 s”."),
    }
}

impl fmt::Display for Arrivals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Poisson { rate } => write!(f, "poisson {rate}"),
            Self::Constant { rate } => write!(f, "constant {rate}"),
            Self::Closed { users, think } => write!(f, "closed {users} {} think {think}", if users.0 == 1 { "user" } else { "users" }),
            Self::Other { text } => f.write_str(text),
        }
    }
}

impl FromStr for LinkName {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        let bad = || {
            UnitProblem::new(format!("“{}” is not a link.", shown(text)))
                .suggest("Write it as in “web -> db”, with two names of components.")
        };
        let (from, to) = text.split_once("->").ok_or_else(bad)?;
        let (from, to) = (from.trim(), to.trim());
        if !is_name(from) || !is_name(to) {
            return Err(bad());
        }
        if from == to {
            return Err(UnitProblem::new(format!("“{text}” leads back to where it began."))
                .suggest("Take it out; what a component does with itself is its `time`."));
        }
        Ok(Self { from: from.to_owned(), to: to.to_owned() })
    }
}

impl fmt::Display for LinkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.from, self.to)
    }
}

/// Reads data per second: "1 Gbit/s", "125 MB/s".
pub(crate) fn parse_bandwidth(text: &str) -> Read<Bytes> {
    let bad = || UnitProblem::new(format!("“{}” is not data per time.", shown(text))).suggest("Write it as in “1 Gbit/s” or “125 MB/s”.");
    let (data, per) = text.rsplit_once('/').ok_or_else(bad)?;
    if find_unit(per.trim()).is_none_or(|unit| (unit.numerator, unit.denominator) != (1, 1) || unit.dimension != units::Dimension::TIME) {
        return Err(bad());
    }
    match Bytes::parse(data)? {
        Bytes::ZERO => Err(UnitProblem::new("A bandwidth of zero carries nothing.").suggest("Take the link out instead.")),
        bytes => Ok(bytes),
    }
}

/// The way back of [`parse_bandwidth`], in bits where that is exact.
pub(crate) fn show_bandwidth(bytes: Bytes) -> String {
    let bits = [(125_000_000, "Gbit/s"), (125_000, "Mbit/s"), (125, "kbit/s")];
    match bits.into_iter().find(|(size, _)| bytes.0.is_multiple_of(*size)) {
        Some((size, name)) => format!("{} {name}", bytes.0 / size),
        None => format!("{bytes}/s"),
    }
}

const PERS: &[(&str, Per)] = &[
    ("h", Per::Hour),
    ("month", Per::Month),
    ("GB", Per::Gigabyte),
    ("GB-month", Per::GigabyteMonth),
    ("M requests", Per::MillionRequests),
];

/// "0.1008 USD/h"; the source is written beside it.
impl FromStr for Price {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        let bad = || {
            UnitProblem::new(format!("“{}” is not a price.", shown(text)))
                .suggest("Write it as in “0.1 USD/h”; it may be per h, month, GB, GB-month or M requests.")
        };
        let (amount, per) = line(text)?.split_once('/').ok_or_else(bad)?;
        let per = PERS.iter().find(|(name, _)| *name == per.trim()).map(|(_, per)| *per).ok_or_else(bad)?;
        let amount = Money::parse(amount)?;
        if amount < Money::ZERO {
            return Err(UnitProblem::new(format!("“{}” is a negative price.", shown(text))).suggest("Write what it costs, or 0 USD/h."));
        }
        Ok(Self { amount, per, source: None })
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.amount, self.per)
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PERS.iter().find(|(_, per)| per == self).map_or("", |(name, _)| name))
    }
}
