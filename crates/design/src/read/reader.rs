//! What a reader carries along: where things stand in the text, what was wrong, what was not known.

use sorted::BTreeMap;

use serde_json::Value as Json;
use units::UnitProblem;

use crate::nearest::did_you_mean;
use crate::notation::shown;
use crate::path;
use crate::tree::{Entry, Node, Table, Value};
use crate::{Problem, Severity};

const PROBLEMS_MAX: usize = 200;
const KEY_MAX: usize = 200;

#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// The byte at which each part of the document was written.
    places: BTreeMap<String, usize>,
    /// With the byte that each is about, in that order.
    problems: Vec<(usize, Problem)>,
    pub(crate) unknown: BTreeMap<String, Json>,
}

impl Reader {
    pub(crate) fn mark(&mut self, path: &str, at: usize) {
        self.places.insert(path.to_owned(), at);
    }

    pub(crate) fn error(&mut self, at: usize, path: &str, message: impl Into<String>, suggestion: Option<String>) {
        self.problem(at, path, message.into(), suggestion, Severity::Error);
    }

    pub(crate) fn note(&mut self, at: usize, path: &str, message: impl Into<String>, suggestion: Option<String>) {
        self.problem(at, path, message.into(), suggestion, Severity::Note);
    }

    pub(crate) fn unit_problem(&mut self, at: usize, path: &str, problem: UnitProblem) {
        self.error(at, path, problem.message, problem.suggestion);
    }

    pub(crate) fn parsed<T>(&mut self, at: usize, path: &str, result: Result<T, UnitProblem>) -> Option<T> {
        result.map_err(|problem| self.unit_problem(at, path, problem)).ok()
    }

    fn problem(&mut self, at: usize, path: &str, message: String, suggestion: Option<String>, severity: Severity) {
        // One more than are shown, so that `finish` can say that there are more.
        if self.problems.len() <= PROBLEMS_MAX {
            let path = if path.len() > 2 * KEY_MAX { shown(path) } else { path.to_owned() };
            let behind = self.problems.partition_point(|(before, _)| *before <= at);
            self.problems.insert(behind, (at, Problem { severity, path, line: None, column: None, message, suggestion }));
        }
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.problems.iter().any(|(_, problem)| problem.severity == Severity::Error)
    }

    /// Problems that were found without the text: each is about the nearest place that is known.
    ///
    /// A part that could not be read is not also said to be missing.
    pub(crate) fn place_all(&mut self, found: Vec<Problem>) {
        let unread: Vec<String> = self
            .problems
            .iter()
            .filter(|(_, problem)| problem.severity == Severity::Error)
            .map(|(_, problem)| problem.path.clone())
            .collect();
        let is_unread =
            |path: &str| unread.iter().any(|unread| unread.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
        for problem in found {
            if !is_unread(&problem.path) {
                self.place(problem);
            }
        }
    }

    fn place(&mut self, problem: Problem) {
        let mut path = problem.path.clone();
        while !path.is_empty() && !self.places.contains_key(&path) {
            path = path::parent(&path);
        }
        let at = self.places.get(&path).copied().unwrap_or(0);
        self.problem(at, &problem.path, problem.message, problem.suggestion, problem.severity);
    }

    /// A key without a meaning: kept, and reported.
    pub(crate) fn unknown<'k>(
        &mut self,
        path: &str,
        key: &str,
        entry: &Entry,
        known: impl IntoIterator<Item = &'k str>,
        severity: Severity,
    ) {
        if key.len() > KEY_MAX {
            return self.error(entry.at, path, format!("A key of {} bytes is not kept.", key.len()), Some("Shorten it.".into()));
        }
        let suggestion = did_you_mean(key, known).or_else(|| Some("Correct it, or take it out; it is kept, but nothing heeds it.".into()));
        self.problem(entry.at, path, format!("“{}” is not a key that is known here.", shown(key)), suggestion, severity);
        self.unknown.insert(path.to_owned(), entry.node.to_json());
    }

    pub(crate) fn table<'n>(&mut self, path: &str, node: &'n Node) -> Option<&'n Table> {
        match &node.value {
            Value::Table(table) => Some(table),
            _ => {
                self.error(
                    node.at,
                    path,
                    format!("This is {}, but a table is needed.", node.noun()),
                    Some("Write it as in { key = \"value\" }.".into()),
                );
                None
            }
        }
    }

    pub(crate) fn text(&mut self, path: &str, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.error(
                    node.at,
                    path,
                    format!("This is {}, but a text is needed.", node.noun()),
                    Some("Put it in quotation marks.".into()),
                );
                None
            }
        }
    }

    /// All problems in the order of the text, with line and column where there is a text.
    pub(crate) fn finish(mut self, text: &str) -> Vec<Problem> {
        let more = self.problems.len() > PROBLEMS_MAX;
        self.problems.truncate(PROBLEMS_MAX);
        let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut problems: Vec<Problem> = Vec::with_capacity(self.problems.len() + 1);
        for (at, mut problem) in self.problems {
            if !text.is_empty() {
                let line = starts.partition_point(|start| *start <= at);
                let start = starts[line - 1];
                problem.line = Some(line);
                problem.column = Some(text.get(start..at).map_or(1, |before| before.chars().count() + 1));
            }
            problems.push(problem);
        }
        if more {
            let message = format!("There are more than {PROBLEMS_MAX} problems; the rest is not shown.");
            problems.push(Problem {
                severity: Severity::Error,
                path: String::new(),
                line: None,
                column: None,
                message,
                suggestion: Some("Mend these first.".into()),
            });
        }
        problems
    }
}
