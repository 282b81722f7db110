//! What is wrong with a pack, told to the one who wrote it.

use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub file: String,
    /// From 1; 0 when the whole file is meant.
    pub line: usize,
    pub severity: Severity,
    pub message: String,
    pub suggestion: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; the pack passes.
    Note,
    /// The pack does not pass.
    Error,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(suggestion) = &self.suggestion {
            write!(f, " {suggestion}")?;
        }
        Ok(())
    }
}

/// Collects the problems of one file.
#[derive(Debug)]
pub(crate) struct Reporter<'a> {
    file: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(file: &'a str, problems: &'a mut Vec<Problem>) -> Self {
        Self { file, problems }
    }

    pub(crate) fn file(&self) -> &str {
        self.file
    }

    /// How many there are so far, of all files.
    pub(crate) fn count(&self) -> usize {
        self.problems.len()
    }

    pub(crate) fn error(&mut self, line: usize, message: impl Into<String>) {
        self.push(line, Severity::Error, message.into(), None);
    }

    pub(crate) fn suggest(&mut self, line: usize, message: impl Into<String>, suggestion: impl Into<String>) {
        self.push(line, Severity::Error, message.into(), Some(suggestion.into()));
    }

    pub(crate) fn note(&mut self, line: usize, message: impl Into<String>) {
        self.push(line, Severity::Note, message.into(), None);
    }

    fn push(&mut self, line: usize, severity: Severity, message: String, suggestion: Option<String>) {
        self.problems.push(Problem { file: self.file.to_owned(), line, severity, message, suggestion });
    }
}

/// Reads a piece of TOML that begins after `line` of its file; a fault is reported there.
pub(crate) fn read_toml<T: serde::de::DeserializeOwned>(text: &str, line: usize, report: &mut Reporter<'_>) -> Option<T> {
    match toml::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let offset = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            report.error(line + offset, format!("{}.", error.message().trim_end_matches('.')));
            None
        }
    }
}
