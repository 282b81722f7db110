//! Rules about single files: how a file opens, what a line may end with, what is never left in.

use crate::tidy::{File, code};

/// Rust code longer than this is named, so that somebody asks whether it is still one idea.
const LONG: usize = 700;

pub(crate) fn check(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    let path = &file.path;
    // An expectation of a test may end its lines as it must.
    let text = if file.path.ends_with(".rs") { code::without_literals(&file.text) } else { file.text.clone() };
    for (at, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
        if line.ends_with([' ', '\t', '\r']) {
            problems.push(format!("{path}:{at}: the line ends in white space; remove it."));
        }
    }
    for (at, line) in file.text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
        if line.contains('\t') {
            problems.push(format!("{path}:{at}: there is a tab; indent with spaces."));
        }
        if !file.is_test()
            && let Some(place) = machine_path(line)
        {
            problems.push(format!(
                "{path}:{at}: {place} is a place on one machine; write a path from the root of the repository, or ask the system."
            ));
        }
    }
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        problems.push(format!("{path}: the last line has no end; add a line break."));
    }
    problems.extend(check_lock(file));
    problems
}

/// A path that only one machine has, at the beginning of a word.
fn machine_path(line: &str) -> Option<&'static str> {
    // Put together here, or this file would break its own rule.
    const PLACES: [&str; 3] = [concat!("/", "work/"), concat!("/", "tmp/"), concat!("/", "root/")];
    let begins = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}' | ')' | ']' | '*'));
    PLACES.into_iter().find(|place| line.match_indices(place).any(|(at, _)| begins(at)))
}

/// Lock files name packages and their digests; where they were fetched from is each machine's affair.
fn check_lock(file: &File) -> Option<String> {
    const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let name = file.path.rsplit('/').next().unwrap_or("");
    let foreign = |line: &str| match name {
        "Cargo.lock" => line.starts_with("source = ") && line != CRATES_IO,
        "package-lock.json" => line.contains("\"resolved\""),
        _ => false,
    };
    let at = file.text.lines().position(foreign)? + 1;
    Some(match name {
        "Cargo.lock" => format!("{}:{at}: a package comes from elsewhere than crates.io; use a released version.", file.path),
        _ => format!(
            "{}:{at}: the lock names a registry's host; keep omit-lockfile-registry-resolved in .npmrc and make the lock again.",
            file.path
        ),
    })
}

pub(crate) fn check_rust(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    let path = &file.path;
    if !file.text.starts_with("//!") {
        problems.push(format!("{path}:1: the file does not say what it is; open it with a sentence after //!."));
    }
    let bare = code::bare(&file.text);
    for left in ["todo!", "unimplemented!", "dbg!"] {
        problems.extend(
            code::lines_with(&bare, left).into_iter().map(|at| format!("{path}:{at}: {left} was left in; finish it or take it out.")),
        );
    }
    problems
}

/// Generated tables and lessons may be as long as they are.
pub(crate) fn note_length(file: &File) -> Option<String> {
    let lines = file.text.lines().count();
    let code = [".rs", ".ts", ".mjs", ".css", ".html"].iter().any(|end| file.path.ends_with(end));
    (code && lines > LONG).then(|| format!("{} has {lines} lines (more than {LONG}); is it still one idea?", file.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[test]
    fn each_rule_finds_its_line() {
        let place = concat!("/", "work/");
        for (path, text, expected) in [
            ("a.md", "fine\nends \n", "a.md:2: the line ends in white space"),
            ("a.css", "a\n\tb\n", "a.css:2: there is a tab"),
            ("a.md", "no end", "a.md: the last line has no end"),
            ("a.md", &format!("see {place}x\n"), concat!("a.md:1: /", "work/ is a place")),
            ("Cargo.lock", "a\nsource = \"git+https://example.com\"\n", "Cargo.lock:2: a package comes from elsewhere"),
            (
                "e2e/package-lock.json",
                "{\n  \"resolved\": \"https://registry.example/a.tgz\"\n}\n",
                "e2e/package-lock.json:2: the lock names",
            ),
        ] {
            let problems = check(&file(path, text));
            assert!(problems.len() == 1 && problems[0].starts_with(expected), "{text:?}: {problems:?}");
        }
        for text in ["fine\n", "", &format!("https://example.com{place}x\n")] {
            assert_eq!(check(&file("a.md", text)), [""; 0]);
        }
    }

    #[test]
    fn rust_files_open_with_a_sentence_and_leave_nothing_in() {
        let said = check_rust(&file("a.rs", "fn a() {\n    todo!()\n}\n"));
        assert!(said[0].starts_with("a.rs:1: the file does not say") && said[1].starts_with("a.rs:2: todo! was left in"), "{said:?}");
        assert_eq!(check_rust(&file("a.rs", "//! All is well; never todo!().\nfn a() {}\n")), [""; 0]);
    }
}
