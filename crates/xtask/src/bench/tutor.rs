//! How fast plans are made: those of 10,000 learners with 300 entries each, on one core.

use anyhow::{Context as _, bail};

use super::Figure;

const MOST: f64 = 60.0;

pub(crate) fn measure(tell: &mut dyn FnMut(Figure)) -> anyhow::Result<()> {
    let output = crate::tutor::command(&["plans"]).output().context("starting cargo")?;
    if !output.status.success() {
        bail!("the plans could not be timed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let seconds = String::from_utf8_lossy(&output.stdout).trim().parse().context("reading the seconds")?;
    tell(Figure::at_most("plans of 10,000 learners with 300 entries", seconds, "s", MOST));
    Ok(())
}
