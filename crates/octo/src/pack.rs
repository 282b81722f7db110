//! Packs on disk and in the binary, and `octo pack check`.

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context as _, bail};
use course::{Files, Loaded, Problem, Severity};

use crate::Answer;
use crate::cli::PackCheckArgs;

/// The pack that comes with the program.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../pack"]
struct Inside;

/// A pack is text; one that is larger than this is not a pack.
const MAX_FILES: usize = 5_000;
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// The files of the pack inside the program.
pub(crate) fn inside() -> Files {
    Inside::iter()
        .filter(|path| is_pack_file(path))
        .filter_map(|path| Some((path.to_string(), String::from_utf8(Inside::get(&path)?.data.into_owned()).ok()?)))
        .collect()
}

/// The files of a pack in a folder. Links are not followed: a pack holds its own files.
pub(crate) fn read(dir: &Path) -> anyhow::Result<Files> {
    if !dir.is_dir() {
        bail!("There is no folder {}; name the folder that holds course.toml.", dir.display());
    }
    let mut files = Files::new();
    read_folder(dir, "", 0, &mut files)?;
    Ok(files)
}

fn read_folder(dir: &Path, prefix: &str, depth: usize, files: &mut Files) -> anyhow::Result<()> {
    if depth > 8 {
        bail!("The pack is nested deeper than 8 folders at {}.", dir.display());
    }
    let entries = fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))?;
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() && !name.starts_with('.') {
            read_folder(&entry.path(), &path, depth + 1, files)?;
        } else if kind.is_file() && is_pack_file(&path) {
            if entry.metadata()?.len() > MAX_FILE || files.len() >= MAX_FILES {
                bail!("{} is larger than a pack should be (4 MiB a file, {MAX_FILES} files).", entry.path().display());
            }
            let text = fs::read_to_string(entry.path()).with_context(|| format!("reading {} as text", entry.path().display()))?;
            files.insert(path, text);
        }
    }
    Ok(())
}

fn is_pack_file(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with(".toml")
}

/// `octo pack check [DIR]`: 0 when every claim holds and nothing else is wrong, else 1.
pub(crate) fn check(args: &PackCheckArgs) -> anyhow::Result<Answer> {
    let files = match &args.dir {
        Some(dir) => read(dir)?,
        None => inside(),
    };
    let Loaded { course, problems } = course::load(&files);
    if let Some(only) = &args.only
        && !files.keys().any(|file| file.contains(only.as_str()))
    {
        bail!("No file of this pack has “{only}” in its path; paths begin at the pack, as in 01-read/read.tail.md.");
    }
    let only = |file: &str| args.only.as_ref().is_none_or(|only| file.contains(only.as_str()));
    let mut problems: Vec<Problem> = problems.into_iter().filter(|problem| only(&problem.file)).collect();
    problems.extend(grade::check_lint(&course));
    let (claims, items, wrong) = prove(&course, &only);
    problems.extend(wrong);
    for problem in &problems {
        println!("{}{problem}", if problem.severity == Severity::Note { "note: " } else { "" });
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    println!(
        "{} lessons, {} items, {claims} claims and {items} items executed: {}",
        course.lessons.len(),
        course.items.len(),
        counted(errors)
    );
    Ok(if errors == 0 { Answer::Fine } else { Answer::No })
}

fn counted(errors: usize) -> String {
    match errors {
        0 => "nothing is wrong".into(),
        1 => "1 problem".into(),
        n => format!("{n} problems"),
    }
}

/// What runs can prove or refute.
enum Work<'a> {
    Claim(&'a course::Lesson, &'a course::Claim),
    Item(&'a course::Item),
}

impl Work<'_> {
    /// What does not hold.
    fn prove(&self, course: &course::Course) -> Vec<Problem> {
        match self {
            Self::Claim(lesson, claim) => {
                let problem = |line, message| problem(&lesson.file, line, message);
                match grade::check_claim(course, claim, &mut |experiment| grade::run_now(experiment)) {
                    Ok(findings) => {
                        let wrong = findings.into_iter().filter(|finding| !finding.holds);
                        wrong.map(|it| problem(it.line, format!("claim {}: {} {}", it.claim, it.measure, it.sentence))).collect()
                    }
                    Err(fault) => vec![problem(claim.line, format!("claim {} cannot be run: {fault}", claim.id))],
                }
            }
            Self::Item(item) => match grade::check_item(course, item, &mut |experiment| grade::run_now(experiment)) {
                Ok(problems) => problems,
                Err(fault) => vec![problem(&item.file, item.line, format!("item {} cannot be run: {fault}", item.id))],
            },
        }
    }
}

fn problem(file: &str, line: usize, message: String) -> Problem {
    Problem { file: file.to_owned(), line, severity: Severity::Error, message, suggestion: None }
}

/// Runs every claim and every item that runs decide, on all cores; returns how many of each, and
/// what does not hold.
fn prove(course: &course::Course, only: &(dyn Fn(&str) -> bool + Sync)) -> (usize, usize, Vec<Problem>) {
    let lessons = course.lessons.values().filter(|lesson| only(&lesson.file));
    let mut work: Vec<Work<'_>> = lessons.flat_map(|lesson| lesson.claims.values().map(move |claim| Work::Claim(lesson, claim))).collect();
    let claims = work.len();
    work.extend(course.items.values().filter(|item| item.needs_runs() && only(&item.file)).map(Work::Item));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(work) = work.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(work.prove(course));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort();
    (claims, work.len() - claims, found)
}
