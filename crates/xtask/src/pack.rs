//! Proof that `octo pack check` sees a wrong number: a copy of the pack in which one expected
//! number was changed must be refused with file, line and both numbers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

/// One expected value of a claim, changed.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    text: String,
    /// From 1.
    line: usize,
    measure: String,
    before: String,
    after: String,
}

pub(crate) fn changed_number_is_found(octo: &Path, pack: &Path) -> anyhow::Result<()> {
    let copy = tempfile::tempdir()?;
    copy_folder(pack, copy.path())?;
    let (file, change) = lessons(copy.path())?
        .into_iter()
        .find_map(|path| {
            let changed = change(&fs::read_to_string(&path).ok()?)?;
            Some((path, changed))
        })
        .context("no lesson of the pack has a claim that expects a number")?;
    fs::write(&file, &change.text)?;
    let name = file.strip_prefix(copy.path())?.to_string_lossy().into_owned();
    let output = Command::new(octo).args(["pack", "check", "--only", &name]).arg(copy.path()).output().context("octo pack check")?;
    // Numbers are printed with spaces that do not break.
    let said = String::from_utf8_lossy(&output.stdout).replace(['\u{a0}', '\u{202f}'], " ");
    ensure!(output.status.code() == Some(1), "a pack with a changed number must give exit code 1, not {}; it said:\n{said}", output.status);
    // "01-read/read.queueing.md:11: claim half: resize.mean expected 60 ms (...), measured 20 ms"
    let place = format!("{name}:{}: ", change.line);
    let expected = change.after.split(" +-").next().unwrap_or(&change.after);
    let tells = |line: &&str| {
        line.starts_with(&place) && line.contains(&format!("{} expected {expected} ", change.measure)) && line.contains("measured ")
    };
    match said.lines().find(tells) {
        Some(line) => println!("A changed number ({} to {}) is found:\n  {line}", change.before, change.after),
        None => bail!("no line names {place}with {} and the measured number; it said:\n{said}", change.after),
    }
    Ok(())
}

/// Triples the first number that a claim expects.
fn change(lesson: &str) -> Option<Change> {
    let mut inside = false;
    for (at, line) in lesson.lines().enumerate() {
        inside = if line.starts_with("```") { line.starts_with("```claim") } else { inside };
        let Some((_, expected)) = line.split_once("expect").filter(|_| inside) else { continue };
        // expect = { "resize.mean" = "20 ms +- 2 %", ... }
        let quoted: Vec<&str> = expected.split('"').collect();
        let [_, measure, _, value, ..] = quoted.as_slice() else { continue };
        let digits: String = value.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let Some(number) = digits.parse::<f64>().ok().filter(|number| *number > 0.0) else { continue };
        let tripled = format!("{}{}", number * 3.0, &value[digits.len()..]);
        let changed = line.replacen(&format!("\"{value}\""), &format!("\"{tripled}\""), 1);
        let text = lesson
            .lines()
            .enumerate()
            .map(|(other, line)| if other == at { format!("{changed}\n") } else { format!("{line}\n") })
            .collect();
        return Some(Change { text, line: at + 1, measure: (*measure).to_owned(), before: (*value).to_owned(), after: tripled });
    }
    None
}

/// Every Markdown file one folder down, in order.
fn lessons(pack: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for chapter in fs::read_dir(pack)? {
        let chapter = chapter?.path();
        if chapter.is_dir() {
            found.extend(
                fs::read_dir(chapter)?
                    .filter_map(|entry| Some(entry.ok()?.path()))
                    .filter(|path| path.extension().is_some_and(|end| end == "md")),
            );
        }
    }
    found.sort();
    Ok(found)
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_expected_number_of_a_claim_is_tripled_and_nothing_else() {
        let lesson =
            "expect = 5 ms\n```claim half\nrun = \"a\"\nexpect = { \"web.mean\" = \"20 ms +- 2 %\", \"web.p99\" = \"92 ms\" }\n```\n";
        let changed = change(lesson).expect("there is a claim");
        assert_eq!((changed.line, changed.measure.as_str(), changed.after.as_str()), (4, "web.mean", "60 ms +- 2 %"));
        assert_eq!(changed.text, lesson.replace("\"20 ms +- 2 %\"", "\"60 ms +- 2 %\""));
        assert_eq!(change("```claim name\nexpect = { \"bottleneck\" = \"web\" }\n```\n"), None);
    }
}
