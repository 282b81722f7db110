//! `cargo xtask calibrate [--quick] [--only nginx,chain] [--write]`: designs beside real servers,
//! and their part of docs/fidelity.md. Starting, loading and judging them is in the crate `calibrate`.

use anyhow::{Context as _, bail};

use crate::steps;

const PAGE: &str = "docs/fidelity.md";

/// True if it could be measured; how far predictions are off is told, and never a failure.
pub(crate) fn run(words: &[&str]) -> anyhow::Result<bool> {
    let options = read(words)?;
    let mut calibrate = steps::cargo();
    calibrate.args(["run", "--quiet", "--release", "--locked", "-p", "calibrate", "--"]).args(&options);
    let status = calibrate.status().context("starting cargo")?;
    if !status.success() {
        bail!("nothing was calibrated ({status})");
    }
    Ok(true)
}

fn read(words: &[&str]) -> anyhow::Result<Vec<String>> {
    let mut options = Vec::new();
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        match word {
            "--quick" => options.push(word.to_owned()),
            "--only" => {
                let ids = words.next().context("--only takes the names of cases, as in --only nginx,chain")?;
                options.extend([word.to_owned(), (*ids).to_owned()]);
            }
            "--write" => options.extend([word.to_owned(), PAGE.to_owned()]),
            _ => bail!("{word:?} is not known here; there are --quick, --only nginx,chain and --write"),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_written_when_it_is_asked_for() {
        assert_eq!(read(&[]).unwrap().join(" "), "");
        assert_eq!(read(&["--write"]).unwrap().join(" "), "--write docs/fidelity.md");
        assert_eq!(read(&["--quick", "--only", "nginx,chain"]).unwrap().join(" "), "--quick --only nginx,chain");
        assert!(read(&["--only"]).is_err() && read(&["--fast"]).is_err());
    }
}
