//! Pure crates stay pure: outside tests they name no clock, file, socket, thread, environment or
//! process, no map without an order, and no function of floats whose last bit depends on the
//! platform. The same bans stand in each crate's `clippy.toml`, where the editor shows them.

use crate::tidy::{File, PURE, code};

/// The one text of the pure crates' `clippy.toml`.
const CLIPPY: &str = include_str!("pure.clippy.toml");

const MODULES: [&str; 5] = ["fs", "net", "thread", "env", "process"];
const NAMES: [&str; 4] = ["Instant", "SystemTime", "HashMap", "HashSet"];
/// `sqrt`, `abs`, rounding and the four operations are exact everywhere; these are not.
const FLOATS: [&str; 26] = [
    "ln", "log", "log2", "log10", "ln_1p", "exp", "exp2", "exp_m1", "powf", "powi", "sin", "cos", "tan", "sin_cos", "asin", "acos", "atan",
    "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "cbrt", "hypot",
];

pub(crate) fn check(file: &File) -> Vec<String> {
    let Some(name) = PURE.into_iter().find(|name| file.path.starts_with(&format!("crates/{name}/"))) else { return Vec::new() };
    if file.is_test() {
        return Vec::new();
    }
    let bare = code::bare(&file.text);
    let code = code::before_tests(&bare);
    let mut problems = Vec::new();
    let mut problem = |lines: Vec<usize>, what: String, instead: &str| {
        problems
            .extend(lines.into_iter().map(|at| format!("{}:{at}: {name} is a pure crate and may not use {what}; {instead}", file.path)));
    };
    for module in MODULES {
        let mut lines = code::lines_with(code, &format!("std::{module}"));
        lines.extend(grouped(code, module));
        problem(lines, format!("std::{module}"), "pass in what it would give, or do this in the crate above.");
    }
    for word in NAMES {
        let instead = if word.starts_with("Hash") {
            "use BTreeMap or BTreeSet, whose order is always the same."
        } else {
            "take the moment as an argument."
        };
        let mut found = code::lines_with(code, word);
        // One that says how it hashes does so everywhere alike; not to go through it is up to its owner.
        found.retain(|&at| !code.lines().nth(at - 1).is_some_and(|line| line.contains("BuildHasherDefault")));
        problem(found, word.to_owned(), instead);
    }
    for function in FLOATS {
        let mut lines = code::lines_with(code, &format!(".{function}("));
        lines.extend(code::lines_with(code, &format!("f64::{function}")));
        problem(lines, format!("{function} of the standard library"), "use libm, which gives the same bits natively and in the browser.");
    }
    problems
}

/// Lines on which `use std::{...}` names the module directly.
fn grouped(code: &str, module: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, open) in code.match_indices("std::{") {
        let mut depth = 1;
        let mut word = String::new();
        let mut fresh = true;
        for (offset, c) in code[at + open.len()..].char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if c.is_alphanumeric() || c == '_' {
                word.push(c);
                continue;
            }
            if fresh && depth <= 1 && word == module {
                found.push(code[..at + open.len() + offset].lines().count());
            }
            // After "a::" the next word is not a module of std.
            fresh = if c.is_whitespace() && word.is_empty() { fresh } else { c == ',' || c == '{' };
            word.clear();
            if depth == 0 {
                break;
            }
        }
    }
    found
}

pub(crate) fn check_clippy_files(files: &[File]) -> Vec<String> {
    let kept = |name: &str| files.iter().find(|file| file.path == format!("crates/{name}/clippy.toml"));
    let stale = PURE.into_iter().filter(|name| kept(name).is_none_or(|file| file.text != CLIPPY));
    stale
        .map(|name| {
            format!("crates/{name}/clippy.toml: not the text of all pure crates; copy crates/xtask/src/tidy/pure.clippy.toml there.")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<String> {
        let problems = check(&File { path: path.into(), text: text.into() });
        problems.iter().map(|problem| problem.strip_prefix(path).unwrap_or(problem).split(';').next().unwrap_or("").to_owned()).collect()
    }

    #[test]
    fn what_a_pure_crate_may_not_name_is_found() {
        for (code, what) in [
            ("use std::fs;", "std::fs"),
            ("use std::{\n    collections::BTreeMap,\n    thread,\n};", "std::thread"),
            ("let a = std::env::var(x);", "std::env"),
            ("use std::time::{Duration, Instant};", "Instant"),
            ("let m: HashMap<u8, u8>;", "HashMap"),
            ("x.powf(2.0)", "powf of the standard library"),
            ("values.map(f64::ln)", "ln of the standard library"),
        ] {
            let found = lines("crates/sim/src/a.rs", code);
            assert!(found.len() == 1 && found[0].ends_with(&format!("sim is a pure crate and may not use {what}")), "{code}: {found:?}");
        }
    }

    #[test]
    fn texts_comments_tests_and_other_crates_are_left_alone() {
        for (path, code) in [
            ("crates/sim/src/a.rs", "// std::fs\nlet a = \"std::fs\"; libm::log(x).sqrt(); use std::time::Duration; use std::fmt::{self};"),
            ("crates/sim/src/a.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}"),
            ("crates/sim/tests/it/main.rs", "use std::fs;"),
            ("crates/store/src/open.rs", "use std::fs;"),
        ] {
            assert_eq!(lines(path, code), [""; 0], "{code}");
        }
    }
}
