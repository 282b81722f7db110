//! `cargo xtask fidelity [--quick] [--only D12,D13]`: the fidelity checks, and docs/fidelity.md from
//! what all of them say in full. `cargo xtask fidelity large` and the other parts make their part of
//! the same page. Reading, running and judging is in the crate `fidelity`.

use anyhow::{Context as _, bail};

use crate::steps;

const PAGE: &str = "docs/fidelity.md";
/// Scores of their own, beside the checks.
const PARTS: [&str; 2] = ["large", "explain"];

/// True if everything is as expected.
pub(crate) fn run(words: &[&str]) -> anyhow::Result<bool> {
    let options = read(words)?;
    let mut checks = steps::cargo();
    checks.args(["run", "--quiet", "--release", "--locked", "-p", "fidelity", "--"]).args(&options);
    let status = checks.status().context("starting cargo")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => bail!("the checks could not be run ({status})"),
    }
}

/// The words for the checks. A part of them makes no page.
fn read(words: &[&str]) -> anyhow::Result<Vec<String>> {
    if words.first().is_some_and(|word| PARTS.contains(word)) {
        let mut options: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        // A part of the scenes makes no page.
        if !words.contains(&"--only") {
            options.extend(["--write".into(), PAGE.into()]);
        }
        return Ok(options);
    }
    let mut options = vec!["--full".to_owned()];
    if let ["breaks", rest @ ..] = words {
        return Ok(breaks(rest));
    }
    let mut words = words.iter();
    let mut only = None;
    while let Some(&word) = words.next() {
        match word {
            "--quick" => options.clear(),
            "--only" => only = Some(words.next().context("--only takes the ids of checks, as in --only D12,D13")?),
            _ => bail!("{word:?} is not known here; there are --quick and --only D12,D13"),
        }
    }
    match only {
        Some(ids) => options.extend(["--only".into(), (*ids).into()]),
        None if options.is_empty() => {}
        None => options.extend(["--write".into(), PAGE.into()]),
    }
    Ok(options)
}

/// How well planted weaknesses are found; its part of the page, unless only some are asked for.
fn breaks(words: &[&str]) -> Vec<String> {
    let part = if words.is_empty() { vec!["--write", PAGE] } else { Vec::new() };
    ["breaks"].iter().chain(words).chain(&part).map(|&word| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_checks_in_full_make_the_page() {
        assert_eq!(read(&[]).unwrap().join(" "), "--full --write docs/fidelity.md");
        assert_eq!(read(&["--quick"]).unwrap().join(" "), "");
        assert_eq!(read(&["--only", "D12"]).unwrap().join(" "), "--full --only D12");
        assert_eq!(read(&["--only", "D12", "--quick"]).unwrap().join(" "), "--only D12");
        assert_eq!(read(&["explain", "--seeds", "2"]).unwrap().join(" "), "explain --seeds 2 --write docs/fidelity.md");
        assert_eq!(read(&["explain", "--only", "cache"]).unwrap().join(" "), "explain --only cache");
        assert!(read(&["--fast"]).is_err());
        assert_eq!(read(&["breaks"]).unwrap().join(" "), "breaks --write docs/fidelity.md");
        assert_eq!(read(&["breaks", "--from", "7"]).unwrap().join(" "), "breaks --from 7");
    }
}
