//! One document on disk: its text, what `design` understood of it, where in it a slip stands, and
//! the traces that it names as files. What is done with it is in `asked`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use design::{Document, Format, Problem, Severity, Trace};
use toml::de::{DeTable, DeValue};

/// More than `design` reads, so that its own sentence is what a person sees.
const MAX: u64 = 64 * 1024 * 1024;
/// As many lines as a trace may have, and then some.
const TRACE_MAX: u64 = 16 * 1024 * 1024;

/// A document and everything that is wrong with it by itself.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) document: Document,
    pub(crate) problems: Vec<Problem>,
    text: String,
}

impl File {
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = text(path, MAX, "a design is a few kilobytes")?;
        let loaded = design::read(&text, Format::Guess);
        let mut file = Self { path: path.to_owned(), document: loaded.document, problems: loaded.problems, text };
        file.read_traces()?;
        Ok(file)
    }

    pub(crate) fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error)
    }

    pub(crate) fn notes(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity < Severity::Error)
    }

    /// "shop.toml:12:8: components.web.workers: ..."; the place is looked up where the problem has
    /// none, because it was found after the text was read.
    pub(crate) fn place(&self, problem: &Problem) -> String {
        let found = problem.line.map(|line| (line, problem.column)).or_else(|| self.find(&problem.path));
        let mut text = self.path.display().to_string();
        if let Some((line, column)) = found {
            text.push_str(&format!(":{line}"));
            text.extend(column.map(|column| format!(":{column}")));
        }
        format!("{text}: {}", sentence(problem))
    }

    /// The line and column of the deepest key on the way to a path that this text has.
    fn find(&self, path: &str) -> Option<(usize, Option<usize>)> {
        if path.is_empty() || self.is_broken() {
            return None;
        }
        let table = self.toml()?;
        let mut at = None;
        let mut here = Some(Here::Table(&table));
        for key in path.split('.') {
            let Some((found, next)) = here.and_then(|here| here.step(key)) else { break };
            (at, here) = (Some(found), next);
        }
        let before = self.text.get(..at?)?;
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Some((before.matches('\n').count() + 1, Some(before[line_start..].chars().count() + 1)))
    }

    /// Whether the text is no document at all; then its keys are not looked at here either.
    fn is_broken(&self) -> bool {
        self.errors().any(|problem| problem.path.is_empty())
    }

    fn is_json(&self) -> bool {
        self.text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('{')
    }

    fn toml(&self) -> Option<DeTable<'_>> {
        if self.is_json() { None } else { DeTable::parse(&self.text).ok().map(toml::Spanned::into_inner) }
    }

    /// Reads the traces that are written as `launch = { file = "launch.csv" }`. `design` knows no
    /// files, so it has found these traces, and whoever names them, to be wrong.
    fn read_traces(&mut self) -> anyhow::Result<()> {
        let is_of_trace = |problem: &Problem| problem.severity == Severity::Error && problem.path.starts_with("traces.");
        if self.is_broken() {
            // Nothing can be said of them before the text can be read.
            self.problems.retain(|problem| !is_of_trace(problem));
            return Ok(());
        }
        if !self.problems.iter().any(is_of_trace) {
            return Ok(());
        }
        let before = complaints(&self.document);
        for (name, file) in self.trace_files() {
            let path = self.path.parent().unwrap_or(Path::new("")).join(&file);
            let text = text(&path, TRACE_MAX, "a trace of 200,000 lines is a few million")
                .with_context(|| format!("{}: the trace “{name}”", self.path.display()))?;
            let trace: Trace = text.parse().map_err(|problem| anyhow::anyhow!("{}: {problem}", path.display()))?;
            self.document.traces.insert(name.clone(), trace);
            self.problems.retain(|problem| problem.path != format!("traces.{name}"));
        }
        for problem in self.problems.iter_mut().filter(|problem| is_of_trace(problem)) {
            problem.suggestion.get_or_insert_default().push_str(" Or name a file of such lines: { file = \"launch.csv\" }.");
        }
        // What was only wrong because the trace was missing is right now.
        let after = complaints(&self.document);
        let mended = |problem: &Problem| before.iter().any(|was| same(was, problem)) && !after.iter().any(|is| same(is, problem));
        self.problems.retain(|problem| !mended(problem));
        Ok(())
    }

    /// The names of traces, and of the files that they are in.
    fn trace_files(&self) -> Vec<(String, String)> {
        let value: Option<serde_json::Value> =
            if self.is_json() { serde_json::from_str(&self.text).ok() } else { toml::from_str(&self.text).ok() };
        let traces = value.as_ref().and_then(|value| value.get("traces")?.as_object());
        let file = |(name, trace): (&String, &serde_json::Value)| Some((name.clone(), trace.get("file")?.as_str()?.to_owned()));
        traces.into_iter().flatten().filter_map(file).collect()
    }
}

/// Somewhere in a document, on the way to a key.
enum Here<'a> {
    Table(&'a DeTable<'a>),
    List(&'a [toml::Spanned<DeValue<'a>>]),
}

impl<'a> Here<'a> {
    /// Where the key begins, and what is below it.
    fn step(self, key: &str) -> Option<(usize, Option<Here<'a>>)> {
        let (at, value) = match self {
            Self::Table(table) => {
                let (found, value) = table.iter().find(|(name, _)| name.get_ref() == key)?;
                (found.span().start, value)
            }
            Self::List(list) => {
                let value = list.get(key.parse::<usize>().ok()?)?;
                (value.span().start, value)
            }
        };
        let below = match value.get_ref() {
            DeValue::Table(table) => Some(Self::Table(table)),
            DeValue::Array(list) => Some(Self::List(list)),
            _ => None,
        };
        Some((at, below))
    }
}

/// What speaks against a run of a document as it is.
pub(crate) fn complaints(document: &Document) -> Vec<Problem> {
    design::resolve(document).err().unwrap_or_default()
}

/// Whether two problems are one, wherever they were found.
pub(crate) fn same(a: &Problem, b: &Problem) -> bool {
    a.path == b.path && a.message == b.message
}

/// Path, message and suggestion, without a place.
pub(crate) fn sentence(problem: &Problem) -> String {
    let suggestion = problem.suggestion.as_ref().map(|suggestion| format!(" {suggestion}")).unwrap_or_default();
    let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
    format!("{path}{}{suggestion}", problem.message)
}

fn text(path: &Path, max: u64, usual: &str) -> anyhow::Result<String> {
    let size = fs::metadata(path).with_context(|| format!("reading {}", path.display()))?.len();
    anyhow::ensure!(size <= max, "{} has {size} bytes; {usual}.", path.display());
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    String::from_utf8(bytes).ok().with_context(|| format!("{} is not text", path.display()))
}
