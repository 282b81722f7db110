//! `cargo xtask bench SUITE [--json] [--rounds N]`: figures with their targets, measured on this machine. A
//! figure that misses its target is said so; the command fails then, and prints the others too.

mod http;
mod instance;
mod nginx;
mod pace;
mod sim;
mod studio;
mod tutor;
mod web;
mod weight;

use anyhow::{Context as _, bail};
use serde::Serialize;

/// One measured figure.
#[derive(Debug, Serialize)]
struct Figure {
    name: String,
    /// None where nothing could be measured.
    value: Option<f64>,
    unit: &'static str,
    /// "<= 60"; none: for information.
    target: Option<String>,
    pass: Option<bool>,
    #[serde(flatten)]
    beside: Option<Beside>,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// What a ratio is made of: the middle paces of both sides, and how far the rounds went.
#[derive(Debug, Serialize)]
struct Beside {
    ours: f64,
    theirs: f64,
    least: f64,
    most: f64,
}

impl Figure {
    /// Over the lines of a suite that tells ratios.
    const HEADING: &str = "what                                      ours    theirs     ratio  min..max       target     met";

    fn new(name: impl Into<String>, value: Option<f64>, unit: &'static str, target: Option<String>, pass: Option<bool>) -> Self {
        Self { name: name.into(), value: value.map(rounded), unit, target, pass, beside: None, why: None }
    }

    fn at_most(name: impl Into<String>, value: f64, unit: &'static str, most: f64) -> Self {
        Self::new(name, Some(value), unit, Some(format!("<= {most}")), Some(value <= most))
    }

    fn at_least(name: impl Into<String>, value: f64, unit: &'static str, least: f64) -> Self {
        Self::new(name, Some(value), unit, Some(format!(">= {least}")), Some(value >= least))
    }

    fn told(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self::new(name, Some(value), unit, None, None)
    }

    /// Two paces, one divided by the other; without `least`, for information.
    fn ratio(name: impl Into<String>, value: f64, least: Option<f64>, beside: Beside) -> Self {
        let figure = match least {
            Some(least) => Self::at_least(name, value, "times", least),
            None => Self::told(name, value, "times"),
        };
        Self { beside: Some(beside), ..figure }
    }

    /// What could not be measured misses its target.
    fn refused(name: impl Into<String>, unit: &'static str, least: Option<f64>, why: String) -> Self {
        Self { why: Some(why), ..Self::new(name, None, unit, least.map(|least| format!(">= {least}")), Some(false)) }
    }

    fn line(&self) -> String {
        let (name, target) = (&self.name, self.target.as_deref().unwrap_or(""));
        let pass = self.pass.map_or("", |pass| if pass { "pass" } else { "MISS" });
        let line = match (self.value, &self.beside) {
            (Some(ratio), Some(Beside { ours, theirs, least, most })) => {
                let range = format!("{least:.2}..{most:.2}");
                format!("{name:<36} {:>9} {:>9} {ratio:>9.2}  {range:<14} {target:<10} {pass}", pace(*ours), pace(*theirs))
            }
            (Some(value), None) => format!("{name:<58} {value:>10} {:<12} {target:<10} {pass}", self.unit),
            (None, _) => format!("{name:<58} {:>10} {:<12} {target:<10} {pass}: {}", "-", "", self.why.as_deref().unwrap_or("")),
        };
        line.trim_end().to_owned()
    }
}

/// "9.31 M/s"
fn pace(per_second: f64) -> String {
    if per_second >= 1e6 { format!("{:.2} M/s", per_second / 1e6) } else { format!("{:.1} k/s", per_second / 1e3) }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

struct Options {
    json: bool,
    /// How often each comparison is made, where a suite lets one choose.
    rounds: Option<usize>,
}

/// A suite measures and hands each figure over as it is known.
type Suite = fn(&Options, &mut dyn FnMut(Figure)) -> anyhow::Result<()>;

const SUITES: [(&str, Suite); 4] = [
    ("web", |_, tell| web::measure(tell)),
    ("sim", sim::measure),
    ("studio", |_, tell| studio::measure(tell)),
    ("tutor", |_, tell| tutor::measure(tell)),
];

pub(crate) fn run(words: &[&str]) -> anyhow::Result<bool> {
    let (options, named) = read(words)?;
    let known = || SUITES.map(|(name, _)| name).join(", ");
    let [name] = named.as_slice() else { bail!("name one suite; there are: {}", known()) };
    let Some((_, suite)) = SUITES.iter().find(|(suite, _)| suite == name) else {
        bail!("there is no suite {name:?}; there are: {}", known())
    };
    let mut fine = true;
    suite(&options, &mut |figure| {
        fine &= figure.pass != Some(false);
        // A figure is made of texts and finite numbers.
        println!("{}", if options.json { serde_json::to_string(&figure).unwrap_or_default() } else { figure.line() });
    })?;
    Ok(fine)
}

/// The options, and the other words.
fn read<'a>(words: &[&'a str]) -> anyhow::Result<(Options, Vec<&'a str>)> {
    let mut options = Options { json: false, rounds: None };
    let mut others = Vec::new();
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        match word {
            "--json" => options.json = true,
            "--rounds" => {
                let rounds = words.next().and_then(|rounds| rounds.parse().ok()).filter(|&rounds| rounds > 0);
                options.rounds = Some(rounds.context("--rounds takes a number, as in --rounds 7")?);
            }
            _ => others.push(word),
        }
    }
    Ok((options, others))
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_whether_it_is_within_its_target() {
        let met = Figure::at_most("page", 59.9994, "kB", 60.0);
        assert_eq!(serde_json::to_string(&met).unwrap(), r#"{"name":"page","value":59.999,"unit":"kB","target":"<= 60","pass":true}"#);
        assert_eq!(Figure::at_least("pace", 0.39, "of nginx", 0.4).pass, Some(false));
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }

    #[test]
    fn a_ratio_shows_both_sides_and_one_that_is_refused_says_why() {
        let beside = || Beside { ours: 9.3e6, theirs: 61_500.0, least: 140.0, most: 160.0 };
        let line = Figure::ratio("W2: a / b", 151.0, Some(130.0), beside()).line();
        assert_eq!(line.split_whitespace().collect::<Vec<_>>().join(" "), "W2: a / b 9.30 M/s 61.5 k/s 151.00 140.00..160.00 >= 130 pass");
        let refused = Figure::refused("W3: a / b", "times", Some(2.0), "they differ".into());
        assert!(refused.line().ends_with("MISS: they differ"), "{}", refused.line());
        assert_eq!(
            serde_json::to_string(&refused).unwrap(),
            r#"{"name":"W3: a / b","value":null,"unit":"times","target":">= 2","pass":false,"why":"they differ"}"#
        );
    }

    #[test]
    fn options_stand_anywhere() {
        let (options, others) = read(&["--rounds", "3", "sim", "--json"]).unwrap();
        assert_eq!((options.json, options.rounds, others), (true, Some(3), vec!["sim"]));
        assert!(read(&["sim", "--rounds", "none"]).is_err());
    }
}
