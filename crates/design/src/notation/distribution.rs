//! Distributions of times as text. Drawing from them is the business of `sim`.

use std::fmt;
use std::str::FromStr;

use units::{Duration, Share, UnitProblem};

use super::{Read, TIME_MAX, YEAR, above_one, incomplete, line, plain, shown};
use crate::Distribution;
use crate::nearest::did_you_mean;
use crate::pattern::Piece::{Part as P, Text as T};
use crate::pattern::{Notation, Part, Parts, Pattern, Piece, Slot};
use crate::setting::Form;

const STAGES_MAX: u64 = 1_000;
const SCV_MAX: Share = Share(1_000 * Share::ONE.0);
const POINTS_MAX: usize = 32;
/// How many mixtures and sums may be inside each other.
const NESTED_MAX: usize = 4;
const MIXTURE: &str = "90 % exp 1 ms else exp 10 ms";
/// Patterns that begin with a word of their own come after so many that do not.
const WORDLESS: usize = 4;

const fn dist(name: &'static str, pieces: &'static [Piece], example: &'static str) -> Pattern {
    Pattern { name, pieces, example }
}

impl Notation for Distribution {
    const TAG: &'static str = "dist";
    const PATTERNS: &'static [Pattern] = &[
        dist("constant", &[P("value", Slot::Time)], "5 ms"),
        dist(
            "two point",
            &[P("usual", Slot::Time), T(" or "), P("rare", Slot::Time), T(" "), P("probability", Slot::Share)],
            "10 ms or 1 s 1 %",
        ),
        dist(
            "mixture",
            &[P("share", Slot::Share), T(" "), P("first", Slot::Distribution), T(" else "), P("second", Slot::Distribution)],
            MIXTURE,
        ),
        dist("plus", &[P("fixed", Slot::Time), T(" plus "), P("random", Slot::Distribution)], "75 ms plus exp 3 ms"),
        dist("exp", &[T("exp "), P("mean", Slot::Time)], "exp 5 ms"),
        dist("lognormal", &[T("lognormal "), P("mean", Slot::Time), T(" scv "), P("scv", Slot::Factor)], "lognormal 6 ms scv 2"),
        dist("erlang", &[T("erlang "), P("stages", Slot::Count), T(" "), P("mean", Slot::Time)], "erlang 4 10 ms"),
        dist("hyper", &[T("hyper "), P("mean", Slot::Time), T(" scv "), P("scv", Slot::Factor)], "hyper 10 ms scv 4"),
        dist("uniform", &[T("uniform "), P("low", Slot::Time), T(".."), P("high", Slot::Time)], "uniform 5 ms..15 ms"),
        dist("normal", &[T("normal "), P("mean", Slot::Time), T(" sd "), P("sd", Slot::Time)], "normal 10 ms sd 2 ms"),
        dist("pareto", &[T("pareto "), P("least", Slot::Time), T(" shape "), P("shape", Slot::Factor)], "pareto 1.5 ms shape 3.8"),
        dist("quantiles", &[T("quantiles "), P("points", Slot::Points)], "quantiles 0 % 1 ms, 50 % 2 ms, 100 % 40 ms"),
    ];

    fn parts(&self) -> Parts {
        use Part::{Count, Factor, Points, Share, Time};
        let inner = |distribution: &Distribution| Part::Distribution(distribution.clone());
        match self {
            Self::Constant { value } => ("constant", vec![Time(*value)]),
            Self::Exponential { mean } => ("exp", vec![Time(*mean)]),
            Self::Lognormal { mean, scv } => ("lognormal", vec![Time(*mean), Factor(*scv)]),
            Self::Erlang { mean, stages } => ("erlang", vec![Count(*stages), Time(*mean)]),
            Self::Hyperexponential { mean, scv } => ("hyper", vec![Time(*mean), Factor(*scv)]),
            Self::TwoPoint { usual, rare, probability } => ("two point", vec![Time(*usual), Time(*rare), Share(*probability)]),
            Self::Uniform { low, high } => ("uniform", vec![Time(*low), Time(*high)]),
            Self::Normal { mean, sd } => ("normal", vec![Time(*mean), Time(*sd)]),
            Self::Pareto { least, shape } => ("pareto", vec![Time(*least), Factor(*shape)]),
            Self::Mixture { share, first, second } => ("mixture", vec![Share(*share), inner(first), inner(second)]),
            Self::Plus { fixed, random } => ("plus", vec![Time(*fixed), inner(random)]),
            Self::Quantiles { points } => ("quantiles", vec![Points(points.clone())]),
        }
    }

    fn build(name: &str, parts: &[Part]) -> Option<Self> {
        use Part::{Count, Distribution, Factor, Points, Share, Time};
        Some(match (name, parts) {
            ("constant", &[Time(value)]) => Self::Constant { value },
            ("exp", &[Time(mean)]) => Self::Exponential { mean },
            ("lognormal", &[Time(mean), Factor(scv)]) => Self::Lognormal { mean, scv },
            ("erlang", &[Count(stages), Time(mean)]) => Self::Erlang { mean, stages },
            ("hyper", &[Time(mean), Factor(scv)]) => Self::Hyperexponential { mean, scv },
            ("two point", &[Time(usual), Time(rare), Share(probability)]) => Self::TwoPoint { usual, rare, probability },
            ("uniform", &[Time(low), Time(high)]) => Self::Uniform { low, high },
            ("normal", &[Time(mean), Time(sd)]) => Self::Normal { mean, sd },
            ("pareto", &[Time(least), Factor(shape)]) => Self::Pareto { least, shape },
            ("mixture", [Share(share), Distribution(first), Distribution(second)]) => {
                Self::Mixture { share: *share, first: Box::new(first.clone()), second: Box::new(second.clone()) }
            }
            ("plus", [Time(fixed), Distribution(random)]) => Self::Plus { fixed: *fixed, random: Box::new(random.clone()) },
            ("quantiles", [Points(points)]) => Self::Quantiles { points: points.clone() },
            _ => return None,
        })
    }

    /// Refuses what no clock could show.
    fn checked(self) -> Read<Self> {
        self.check()?;
        let longest = self.longest();
        if longest > YEAR {
            return Err(UnitProblem::new(format!("{longest} is longer than a year.")).suggest("Check the unit."));
        }
        if self.nested() > NESTED_MAX {
            return Err(too_deep());
        }
        Ok(self)
    }
}

impl FromStr for Distribution {
    type Err = UnitProblem;

    fn from_str(text: &str) -> Read<Self> {
        let text = line(text)?;
        let mut rest = text;
        let distribution = begin(&mut rest, 0)?;
        if !rest.is_empty() {
            return Err(UnitProblem::new("“else” has no share before it.").suggest(format!("Write it as in “{MIXTURE}”.")));
        }
        distribution.checked()
    }
}

/// The distribution that a text begins with; every share takes the nearest "else" that is left.
fn begin(rest: &mut &str, depth: usize) -> Read<Distribution> {
    if depth > NESTED_MAX {
        return Err(too_deep());
    }
    if let Some((share, after)) = leading_share(rest) {
        let whole = *rest;
        *rest = after;
        let first = Box::new(begin(rest, depth + 1)?);
        *rest = rest.strip_prefix("else ").ok_or_else(|| incomplete(whole, MIXTURE))?.trim_start();
        return Ok(Distribution::Mixture { share, first, second: Box::new(begin(rest, depth + 1)?) });
    }
    let (text, after) = rest.split_at(rest.find(" else ").unwrap_or(rest.len()));
    if let Some((fixed, _)) = text.split_once(" plus ") {
        *rest = rest[fixed.len() + " plus ".len()..].trim_start();
        return Ok(Distribution::Plus { fixed: Duration::parse(fixed)?, random: Box::new(begin(rest, depth + 1)?) });
    }
    *rest = after.trim_start();
    single(text.trim())
}

/// "90 %" before a distribution.
fn leading_share(text: &str) -> Option<(Share, &str)> {
    let (share, after) = text.split_at(Slot::Share.length(text));
    if !share.ends_with('%') || after.trim().is_empty() {
        return None;
    }
    Some((Share::parse(share).ok()?, after.trim_start()))
}

fn single(text: &str) -> Read<Distribution> {
    let patterns = Distribution::PATTERNS;
    let patterns = match text.starts_with(char::is_alphabetic) {
        true => &patterns[WORDLESS..],
        false if text.contains(" or ") => &patterns[1..2],
        false => return Ok(Distribution::Constant { value: Duration::parse(text)? }),
    };
    let (name, parts) = crate::pattern::parse(patterns, text, unknown)?;
    let distribution = Distribution::build(name, &parts).ok_or_else(|| unknown(text))?;
    distribution.check().map(|()| distribution)
}

impl Distribution {
    /// What its own parts must be; those of others inside are checked with them.
    fn check(&self) -> Read<()> {
        match self {
            Self::Exponential { mean } | Self::Lognormal { mean, .. } | Self::Hyperexponential { mean, .. } | Self::Erlang { mean, .. }
                if *mean == Duration::ZERO =>
            {
                Err(UnitProblem::new("A mean of 0 s leaves nothing to draw.").suggest("Write “0 s” alone for no time at all."))
            }
            Self::Lognormal { scv, .. } => scv_within(*scv, Share(1), "lognormal", "more than 0"),
            Self::Hyperexponential { scv, .. } => scv_within(*scv, Share::ONE, "hyper", "at least 1"),
            Self::Erlang { stages, .. } if !(1..=STAGES_MAX).contains(&stages.0) => {
                Err(UnitProblem::new(format!("An Erlang distribution with {stages} stages is not drawn here."))
                    .suggest(format!("Write 1 to {STAGES_MAX} stages.")))
            }
            Self::TwoPoint { probability: share, .. } | Self::Mixture { share, .. } if *share > Share::ONE => Err(above_one(*share)),
            Self::Uniform { low, high } if low > high => Err(UnitProblem::new(format!("“uniform {low}..{high}” begins after its end."))
                .suggest(format!("Write “uniform {high}..{low}”."))),
            Self::Pareto { least: Duration::ZERO, .. } => {
                Err(UnitProblem::new("A Pareto distribution begins above 0 s.").suggest("Write it as in “pareto 1.5 ms shape 3.8”."))
            }
            Self::Pareto { shape, .. } if *shape == Share::ZERO || *shape > SCV_MAX => {
                Err(UnitProblem::new(format!("A shape of {} is out of range for pareto.", plain(*shape)))
                    .suggest("Write more than 0 and at most 1000; at most 1 has no mean."))
            }
            Self::Quantiles { points } => check_points(points),
            _ => Ok(()),
        }
    }

    /// The longest time that is written in it.
    pub(crate) fn longest(&self) -> Duration {
        let of = |part| match part {
            Part::Time(time) => time,
            Part::Distribution(inner) => inner.longest(),
            Part::Points(points) => points.last().map_or(Duration::ZERO, |(_, time)| *time),
            _ => Duration::ZERO,
        };
        self.parts().1.into_iter().map(of).max().unwrap_or_default()
    }

    /// The same where every time is another.
    pub(crate) fn map_times(&self, map: &dyn Fn(Duration) -> Duration) -> Self {
        let (name, mut parts) = self.parts();
        for part in &mut parts {
            match part {
                Part::Time(time) => *time = map(*time),
                Part::Distribution(inner) => *inner = inner.map_times(map),
                Part::Points(points) => points.iter_mut().for_each(|(_, time)| *time = map(*time)),
                _ => {}
            }
        }
        Self::build(name, &parts).unwrap_or_else(|| self.clone())
    }

    fn nested(&self) -> usize {
        match self {
            Self::Mixture { first, second, .. } => 1 + first.nested().max(second.nested()),
            Self::Plus { random, .. } => 1 + random.nested(),
            _ => 0,
        }
    }

    /// As a setting: nothing that one request goes through takes longer than a day.
    pub(crate) fn within_a_day(self) -> Read<Self> {
        let longest = self.longest();
        if longest > TIME_MAX {
            return Err(UnitProblem::new(format!("{longest} is longer than a day.")).suggest("Check the unit."));
        }
        Ok(self)
    }
}

fn check_points(points: &[(Share, Duration)]) -> Read<()> {
    let wrong = |message: String| {
        Err(UnitProblem::new(message)
            .suggest("Write shares from 0 % to 100 % that rise, as in “quantiles 0 % 1 ms, 50 % 2 ms, 100 % 40 ms”."))
    };
    if !(2..=POINTS_MAX).contains(&points.len()) {
        return wrong(format!("There are {} quantiles, not 2 to {POINTS_MAX}.", points.len()));
    }
    if let Some(pair) = points.windows(2).find(|pair| pair[0].0 >= pair[1].0 || pair[0].1 > pair[1].1) {
        return wrong(format!("After {} {} comes {} {}.", pair[0].0, pair[0].1, pair[1].0, pair[1].1));
    }
    if points[0].0 != Share::ZERO || points[points.len() - 1].0 != Share::ONE {
        return wrong("The quantiles do not go from 0 % to 100 %.".into());
    }
    Ok(())
}

fn scv_within(scv: Share, low: Share, name: &str, least: &str) -> Read<()> {
    if scv < low || scv > SCV_MAX {
        return Err(UnitProblem::new(format!("An scv of {} is out of range for {name}.", plain(scv)))
            .suggest(format!("Write {least} and at most 1000; exp has 1.")));
    }
    Ok(())
}

fn too_deep() -> UnitProblem {
    UnitProblem::new(format!("More than {NESTED_MAX} distributions are inside each other here."))
        .suggest("Write it with fewer parts, or as quantiles.")
}

fn unknown(text: &str) -> UnitProblem {
    let head = text.split_whitespace().next().unwrap_or("");
    let problem = UnitProblem::new(format!("“{}” is not a distribution known here.", shown(head)));
    let known = Distribution::PATTERNS[WORDLESS..].iter().map(|pattern| pattern.name);
    let long = [("exponential", "exp"), ("hyperexponential", "hyper"), ("log-normal", "lognormal"), ("gaussian", "normal")];
    let meant = long.iter().find(|(long, _)| *long == head).map(|(_, short)| format!("Write “{short}”."));
    match meant.or_else(|| did_you_mean(head, known.clone())) {
        Some(suggestion) => problem.suggest(suggestion),
        None => problem.suggest(format!("Write a time (“5 ms”), or one of {} before it.", known.collect::<Vec<_>>().join(", "))),
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.show(Form::Short))
    }
}
