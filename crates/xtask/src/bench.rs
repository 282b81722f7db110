//! `cargo xtask bench SUITE [--json]`: figures with their targets, measured on this machine. A
//! figure that misses its target is said so; the command fails then, and prints the others too.

mod http;
mod instance;
mod nginx;
mod pace;
mod web;
mod weight;

use anyhow::bail;
use serde::Serialize;

/// One measured figure.
#[derive(Debug, Serialize)]
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    /// "<= 60"; none: for information.
    target: Option<String>,
    pass: Option<bool>,
}

impl Figure {
    fn at_most(name: impl Into<String>, value: f64, unit: &'static str, most: f64) -> Self {
        Self { name: name.into(), value: rounded(value), unit, target: Some(format!("<= {most}")), pass: Some(value <= most) }
    }

    fn at_least(name: impl Into<String>, value: f64, unit: &'static str, least: f64) -> Self {
        Self { name: name.into(), value: rounded(value), unit, target: Some(format!(">= {least}")), pass: Some(value >= least) }
    }

    fn told(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value: rounded(value), unit, target: None, pass: None }
    }

    fn line(&self) -> String {
        let target = self.target.as_deref().unwrap_or("");
        let pass = self.pass.map_or("", |pass| if pass { "pass" } else { "MISS" });
        format!("{:<58} {:>10} {:<12} {target:<10} {pass}", self.name, self.value, self.unit).trim_end().to_owned()
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A suite measures and hands each figure over as it is known.
type Suite = fn(&mut dyn FnMut(Figure)) -> anyhow::Result<()>;

const SUITES: [(&str, Suite); 1] = [("web", web::measure)];

pub(crate) fn run(words: &[&str]) -> anyhow::Result<bool> {
    let json = words.contains(&"--json");
    let named: Vec<&str> = words.iter().copied().filter(|word| *word != "--json").collect();
    let known = || SUITES.map(|(name, _)| name).join(", ");
    let [name] = named.as_slice() else { bail!("name one suite; there are: {}", known()) };
    let Some((_, suite)) = SUITES.iter().find(|(suite, _)| suite == name) else {
        bail!("there is no suite {name:?}; there are: {}", known())
    };
    let mut fine = true;
    suite(&mut |figure| {
        fine &= figure.pass != Some(false);
        // A figure is made of texts and finite numbers.
        println!("{}", if json { serde_json::to_string(&figure).unwrap_or_default() } else { figure.line() });
    })?;
    Ok(fine)
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
}
