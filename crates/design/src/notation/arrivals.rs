//! How requests arrive, as text. Drawing them is the business of `sim`.

use std::fmt;
use std::str::FromStr;

use units::{Count, Duration, Rate, Share, UnitProblem};

use super::{RATE_MAX, Read, TIME_MAX, YEAR, shown};
use crate::nearest::did_you_mean;
use crate::pattern::Piece::{Part as P, Text as T};
use crate::pattern::{Notation, Part, Parts, Pattern, Piece, Slot};
use crate::setting::Form;
use crate::{Arrivals, Distribution};

const USERS_MAX: u64 = 1_000_000;
const BATCH_MAX: u64 = 100_000;
const STEPS_MAX: usize = 64;

const fn arrivals(name: &'static str, pieces: &'static [Piece], example: &'static str) -> Pattern {
    Pattern { name, pieces, example }
}

impl Notation for Arrivals {
    const TAG: &'static str = "arrivals";
    const PATTERNS: &'static [Pattern] = &[
        arrivals("poisson", &[T("poisson "), P("rate", Slot::Rate)], "poisson 90/s"),
        arrivals("constant", &[T("constant "), P("rate", Slot::Rate)], "constant 90/s"),
        arrivals(
            "closed",
            &[T("closed "), P("users", Slot::Users), T(" think "), P("think", Slot::Distribution)],
            "closed 50 users think exp 1 s",
        ),
        arrivals("closed", &[T("closed "), P("users", Slot::Users)], "closed 50 users think exp 1 s"),
        arrivals("renewal", &[T("every "), P("gap", Slot::Distribution)], "every erlang 2 12.5 ms"),
        arrivals(
            "bursty",
            &[
                T("bursty "),
                P("low", Slot::Rate),
                T(" for "),
                P("low_stay", Slot::Time),
                T(", "),
                P("high", Slot::Rate),
                T(" for "),
                P("high_stay", Slot::Time),
            ],
            "bursty 20/s for 1 s, 180/s for 1 s",
        ),
        arrivals(
            "geometric batches",
            &[T("batches of geometric "), P("size", Slot::Count), T(", poisson "), P("rate", Slot::Rate)],
            "batches of geometric 5, poisson 16/s",
        ),
        arrivals(
            "batches",
            &[T("batches of "), P("size", Slot::Count), T(", poisson "), P("rate", Slot::Rate)],
            "batches of 5, poisson 16/s",
        ),
        arrivals(
            "ramp",
            &[T("ramp "), P("from", Slot::Rate), T(".."), P("to", Slot::Rate), T(" in "), P("lasts", Slot::Time)],
            "ramp 100/s..3100/s in 5 min",
        ),
        arrivals("steps", &[T("steps "), P("steps", Slot::Steps)], "steps 500/s, 1000/s from 2 min"),
        arrivals(
            "diurnal",
            &[T("diurnal "), P("low", Slot::Rate), T(".."), P("high", Slot::Rate), T(" every "), P("period", Slot::Time)],
            "diurnal 50/s..150/s every 10 min",
        ),
        arrivals(
            "flash",
            &[
                T("flash "),
                P("base", Slot::Rate),
                T(".."),
                P("peak", Slot::Rate),
                T(" in "),
                P("rise", Slot::Time),
                T(", half-life "),
                P("half_life", Slot::Time),
                T(", at "),
                P("at", Slot::Time),
            ],
            "flash 200/s..600/s in 3 min, half-life 20 min",
        ),
        arrivals(
            "flash",
            &[
                T("flash "),
                P("base", Slot::Rate),
                T(".."),
                P("peak", Slot::Rate),
                T(" in "),
                P("rise", Slot::Time),
                T(", half-life "),
                P("half_life", Slot::Time),
            ],
            "flash 200/s..600/s in 3 min, half-life 20 min",
        ),
        arrivals("trace", &[T("trace "), P("name", Slot::Name)], "trace launch"),
    ];

    fn parts(&self) -> Parts {
        use Part::{Rate, Time};
        let inner = |distribution: &Distribution| Part::Distribution(distribution.clone());
        match self {
            Self::Poisson { rate } => ("poisson", vec![Rate(*rate)]),
            Self::Constant { rate } => ("constant", vec![Rate(*rate)]),
            Self::Closed { users, think } => ("closed", vec![Part::Users(*users), inner(think)]),
            Self::Renewal { gap } => ("renewal", vec![inner(gap)]),
            Self::Bursty { low, low_stay, high, high_stay } => ("bursty", vec![Rate(*low), Time(*low_stay), Rate(*high), Time(*high_stay)]),
            Self::Batches { size, geometric, rate } => {
                (if *geometric { "geometric batches" } else { "batches" }, vec![Part::Count(*size), Rate(*rate)])
            }
            Self::Ramp { from, to, lasts } => ("ramp", vec![Rate(*from), Rate(*to), Time(*lasts)]),
            Self::Steps { steps } => ("steps", vec![Part::Steps(steps.clone())]),
            Self::Diurnal { low, high, period } => ("diurnal", vec![Rate(*low), Rate(*high), Time(*period)]),
            Self::Flash { base, peak, rise, half_life, at } => {
                let at = Some(Time(*at)).filter(|_| *at > Duration::ZERO);
                ("flash", [Rate(*base), Rate(*peak), Time(*rise), Time(*half_life)].into_iter().chain(at).collect())
            }
            Self::Trace { name } => ("trace", vec![Part::Name(name.clone())]),
        }
    }

    fn build(name: &str, parts: &[Part]) -> Option<Self> {
        use Part::{Count, Rate, Time};
        Some(match (name, parts) {
            ("poisson", &[Rate(rate)]) => Self::Poisson { rate },
            ("constant", &[Rate(rate)]) => Self::Constant { rate },
            ("closed", [Part::Users(users), Part::Distribution(think)]) => Self::Closed { users: *users, think: think.clone() },
            ("closed", &[Part::Users(users)]) => Self::Closed { users, think: Distribution::Constant { value: Duration::ZERO } },
            ("renewal", [Part::Distribution(gap)]) => Self::Renewal { gap: gap.clone() },
            ("bursty", &[Rate(low), Time(low_stay), Rate(high), Time(high_stay)]) => Self::Bursty { low, low_stay, high, high_stay },
            ("batches", &[Count(size), Rate(rate)]) => Self::Batches { size, geometric: false, rate },
            ("geometric batches", &[Count(size), Rate(rate)]) => Self::Batches { size, geometric: true, rate },
            ("ramp", &[Rate(from), Rate(to), Time(lasts)]) => Self::Ramp { from, to, lasts },
            ("steps", [Part::Steps(steps)]) => Self::Steps { steps: steps.clone() },
            ("diurnal", &[Rate(low), Rate(high), Time(period)]) => Self::Diurnal { low, high, period },
            ("flash", &[Rate(base), Rate(peak), Time(rise), Time(half_life), ref rest @ ..]) => {
                let at = if let [Time(at)] = rest { *at } else { Duration::ZERO };
                Self::Flash { base, peak, rise, half_life, at }
            }
            ("trace", [Part::Name(name)]) => Self::Trace { name: name.clone() },
            _ => return None,
        })
    }

    fn checked(self) -> Read<Self> {
        self.check().map(|()| self)
    }
}

impl FromStr for Arrivals {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        <Self as Notation>::read(text, unknown)
    }
}

impl Arrivals {
    fn check(&self) -> Read<()> {
        let (most, longest) = self.extremes();
        if most == Some(Rate::ZERO) {
            return Err(UnitProblem::new("A rate of 0/s sends nothing.").suggest("Write a rate, or take the class out."));
        }
        if most.is_some_and(|most| most > RATE_MAX) {
            let most = most.unwrap_or_default();
            return Err(
                UnitProblem::new(format!("{most} is more than {RATE_MAX}, the most that is accepted.")).suggest("Check the power of ten.")
            );
        }
        if longest > YEAR {
            return Err(UnitProblem::new(format!("{longest} is longer than a year.")).suggest("Check the unit."));
        }
        self.check_shape()
    }

    fn check_shape(&self) -> Read<()> {
        let wrong = |message: String, suggestion: String| Err(UnitProblem::new(message).suggest(suggestion));
        match self {
            Self::Closed { users, .. } if !(1..=USERS_MAX).contains(&users.0) => {
                wrong(format!("A closed loop of {users} users is not run."), format!("Write 1 to {USERS_MAX} users."))
            }
            Self::Closed { think, .. } if think.longest() > TIME_MAX => {
                wrong(format!("{} is longer than a day.", think.longest()), "Check the unit.".into())
            }
            Self::Renewal { gap } if gap.longest() == Duration::ZERO => {
                wrong("Gaps of 0 s send everything at once.".into(), "Write a time between two requests, as in “every exp 10 ms”.".into())
            }
            Self::Bursty { low_stay, high_stay, .. } if Duration::ZERO == *low_stay.min(high_stay) => wrong(
                "A burst of 0 s is none.".into(),
                "Write how long each rate stays, as in “bursty 20/s for 1 s, 180/s for 1 s”.".into(),
            ),
            Self::Batches { size, .. } if !(1..=BATCH_MAX).contains(&size.0) => {
                wrong(format!("A batch of {size} is not sent."), format!("Write 1 to {BATCH_MAX}."))
            }
            Self::Diurnal { low, high, .. } if low > high => {
                wrong(format!("“{self}” begins after its end."), "Write the lower rate first.".into())
            }
            Self::Flash { base, peak, .. } if base > peak => {
                wrong(format!("“{self}” falls instead of rising."), "Write the lower rate first; “steps” can fall.".into())
            }
            Self::Diurnal { period: Duration::ZERO, .. } | Self::Flash { half_life: Duration::ZERO, .. } => {
                wrong(format!("“{self}” takes no time."), "Write a time that is more than nothing.".into())
            }
            Self::Steps { steps } => check_steps(steps),
            _ => Ok(()),
        }
    }

    /// The highest rate that is written, if any, and the longest time but that of thinking.
    fn extremes(&self) -> (Option<Rate>, Duration) {
        let (mut most, mut longest) = (None, Duration::ZERO);
        for part in self.parts().1 {
            match part {
                Part::Rate(rate) => most = most.max(Some(rate)),
                Part::Steps(steps) => {
                    most = steps.iter().map(|(_, rate)| *rate).max();
                    longest = steps.iter().map(|(from, _)| *from).max().unwrap_or_default();
                }
                Part::Time(time) => longest = longest.max(time),
                _ => {}
            }
        }
        (most, longest)
    }

    /// The same arrivals at another rate; an error where they have none, or more than one.
    pub(crate) fn with_rate(&self, rate: Rate) -> Read<Self> {
        match self {
            Self::Poisson { .. } => Self::Poisson { rate }.checked(),
            Self::Constant { .. } => Self::Constant { rate }.checked(),
            Self::Batches { size, geometric, .. } => Self::Batches { size: *size, geometric: *geometric, rate }.checked(),
            _ => Err(UnitProblem::new(format!("“{}” has no single rate.", shown(&self.to_string())))
                .suggest("Set `arrivals` as a whole, as in “poisson 90/s”.")),
        }
    }

    /// So many times as often: rates and users times the factor, gaps divided by it, at the same
    /// times. A trace has its own times and is as it was.
    pub fn scaled(&self, factor: Share) -> Self {
        let times = |value: u64| times(value, factor.0, Share::ONE.0);
        if let Self::Renewal { gap } = self {
            return Self::Renewal { gap: gap.map_times(&|time| Duration(self::times(time.0, Share::ONE.0, factor.0.max(1)))) };
        }
        let (name, mut parts) = self.parts();
        for part in &mut parts {
            match part {
                Part::Rate(rate) => *rate = Rate(times(rate.0)),
                Part::Users(users) => *users = Count(times(users.0)),
                Part::Steps(steps) => steps.iter_mut().for_each(|(_, rate)| *rate = Rate(times(rate.0))),
                _ => {}
            }
        }
        Self::build(name, &parts).unwrap_or_else(|| self.clone())
    }
}

/// `value * up / down`, to the nearest, as large as can be held.
fn times(value: u64, up: u64, down: u64) -> u64 {
    let product = (u128::from(value) * u128::from(up) + u128::from(down) / 2) / u128::from(down);
    u64::try_from(product).unwrap_or(u64::MAX)
}

fn check_steps(steps: &[(Duration, Rate)]) -> Read<()> {
    let example = "Write it as in “steps 500/s, 1000/s from 2 min, 0/s from 4 min”.";
    if !(1..=STEPS_MAX).contains(&steps.len()) {
        return Err(UnitProblem::new(format!("There are {} steps, not 1 to {STEPS_MAX}.", steps.len())).suggest(example));
    }
    if steps[0].0 > Duration::ZERO {
        return Err(UnitProblem::new(format!("Nothing says what arrives before {}.", steps[0].0)).suggest(example));
    }
    if let Some(pair) = steps.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
        return Err(UnitProblem::new(format!("The step from {} comes after the one from {}.", pair[1].0, pair[0].0)).suggest(example));
    }
    Ok(())
}

fn unknown(text: &str) -> UnitProblem {
    if Rate::parse(text).is_ok() {
        return UnitProblem::new(format!("“{}” does not say how requests arrive.", shown(text)))
            .suggest(format!("Write “poisson {text}” or “constant {text}”."));
    }
    let head = text.split_whitespace().next().unwrap_or("");
    let problem = UnitProblem::new(format!("“{}” is not a way of arriving known here.", shown(head)));
    let heads = Arrivals::PATTERNS.iter().map(|pattern| pattern.example.split(' ').next().unwrap_or(""));
    match did_you_mean(head, heads) {
        Some(suggestion) => problem.suggest(suggestion),
        None => problem.suggest("Write it as in “poisson 90/s”, “constant 90/s” or “closed 50 users think exp 1 s”."),
    }
}

impl fmt::Display for Arrivals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show(Form::Short))
    }
}
