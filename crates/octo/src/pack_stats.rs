//! `octo pack stats`: how the items of a pack have done with learners, from exported records.
//! What the numbers are and when they are a concern is decided in `grade`.

use std::fs;

use anyhow::{Context as _, bail};
use record::Entry;

use crate::Answer;
use crate::cli::PackStatsArgs;
use crate::pack;

/// A record is text; one that is larger is something else.
const MAX_FILE: u64 = 512 * 1024 * 1024;

/// Prints a line for each item that was answered, with what an author should look at below it.
pub(crate) fn stats(args: &PackStatsArgs) -> anyhow::Result<Answer> {
    let files = match &args.pack {
        Some(dir) => pack::read(dir)?,
        None => pack::inside(),
    };
    let course = course::load(&files).course;
    let mut entries: Vec<Entry> = Vec::new();
    for file in &args.records {
        let name = file.display();
        if fs::metadata(file).with_context(|| format!("reading {name}"))?.len() > MAX_FILE {
            bail!("{name} is larger than a record should be (512 MiB).");
        }
        let text = fs::read_to_string(file).with_context(|| format!("reading {name} as text"))?;
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            entries.push(Entry::from_json(line).map_err(|why| anyhow::anyhow!("{name}:{}: {why}", at + 1))?);
        }
    }
    let stats = grade::item_stats(&course, &entries);
    println!("{:<24} {:>7} {:>7} {:>6}", "item", "answers", "right", "r");
    for (id, stats) in &stats {
        let biserial = stats.biserial.map_or_else(|| "–".into(), |biserial| format!("{biserial:.2}"));
        println!("{id:<24} {:>7} {:>5.0} % {biserial:>6}", stats.answers, stats.right * 100.0);
        for concern in &stats.concerns {
            println!("    {concern}");
        }
    }
    let few = stats.values().filter(|stats| stats.answers < grade::FEWEST).count();
    println!("{} items were answered, {few} of them fewer than {} times, which is too few to judge.", stats.len(), grade::FEWEST);
    Ok(Answer::Fine)
}
