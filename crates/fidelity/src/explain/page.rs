//! The score of explanations for people, in Markdown. The same seeds give the same text.

use std::fmt::Write as _;

use super::Told;

/// As a person would make it again.
pub const COMMAND: &str = "cargo xtask fidelity explain";

pub fn page(told: &[Told], from: u64) -> String {
    let right = told.iter().filter(|told| told.is_right).count();
    let mut seeds: Vec<u64> = told.iter().map(|told| told.scene.seed).collect();
    seeds.dedup();
    let last = seeds.last().copied().unwrap_or(from);
    let kinds = told.len() / seeds.len().max(1);
    let mut out = format!(
        "\
## Explanations

How often `octo sim` names the planted cause in its first sentence: {right} of {all} ({share:.1} %).
{kinds} kinds of trouble, each drawn with other numbers, names and surroundings by the seeds {from} to {last}.
Scenes and rules were made together, with other seeds than these: so this says that the rules hold for other numbers, names and surroundings, and not that they know every kind of trouble.
Right is a first sentence that is about the planted component, names it, and has one of the words for the mechanism that stand beside the scene in `crates/fidelity/src/explain/scenes`; of a healthy design, that all is well.

| scenario | right | first sentence, seed {from} |
|---|---|---|
",
        all = told.len(),
        share = 100.0 * right as f64 / told.len().max(1) as f64,
    );
    for first in told.iter().filter(|told| told.scene.seed == from) {
        let same: Vec<&Told> = told.iter().filter(|told| told.scene.name == first.scene.name).collect();
        let good = same.iter().filter(|told| told.is_right).count();
        let shown = if first.is_right { first.first.clone() } else { format!("**wrong**: {}", first.first) };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "| {} | {good} of {} | {} |", first.scene.name, same.len(), shown.replace('|', "\\|"));
    }
    out
}
