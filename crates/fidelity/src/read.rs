//! Reading check files. Reading never stops halfway: what was understood comes with a list of
//! problems, each with its file and line.

mod text;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use design::{Document, Format, Severity};
use toml::Spanned;
use units::Duration;

use crate::check::{Case, Check, Of, Problem, Sum, What};
use crate::place::{content, line};
use crate::read::text::{CaseText, FileText, LengthText, RatioText};
use crate::{Expected, Length};

/// Every check of a folder, in the order of their numbers.
pub fn read_folder(folder: &Path) -> io::Result<(Vec<Check>, Vec<Problem>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    files.sort();
    let (mut checks, mut problems) = (Vec::new(), Vec::new());
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (check, found) = read(&name, &fs::read_to_string(&path)?);
        checks.extend(check);
        problems.extend(found);
    }
    checks.sort_by_key(|check| number(&check.id));
    Ok((checks, problems))
}

/// D12 is the twelfth.
pub(crate) fn number(id: &str) -> u32 {
    id.trim_start_matches('D').parse().unwrap_or(u32::MAX)
}

/// One file: its check, unless it is not TOML at all, and what is wrong with it.
pub fn read(file: &str, text: &str) -> (Option<Check>, Vec<Problem>) {
    let parsed: FileText = match toml::from_str(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let line = error.span().map_or(0, |span| line(text, span.start));
            return (None, vec![Problem { file: file.into(), line, message: error.message().trim().replace('\n', "; ") }]);
        }
    };
    let mut reader = Reader { file, text, runs: BTreeMap::new(), problems: Vec::new() };
    let id = parsed.id.get_ref();
    if format!("{id}.toml") != file {
        reader.problem(&parsed.id.span(), format!("The check is called {id}, and its file {file}. Give both the same name."));
    }
    let cases = parsed.case.iter().filter_map(|case| reader.case(case)).collect();
    let sums = parsed.pure.iter().filter_map(|sum| {
        let expect = reader.expected(&sum.expect)?;
        Some(Sum { name: sum.name.clone(), sheet: sum.napkin.clone(), expect })
    });
    let check = Check {
        id: id.clone(),
        title: parsed.title,
        says: parsed.says,
        source: parsed.source,
        class: parsed.class,
        sums: sums.collect(),
        cases,
        facts: parsed.facts.into_iter().map(|fact| fact.text).collect(),
        cannot: parsed.cannot.into_iter().map(|cannot| cannot.reason).collect(),
    };
    (Some(check), reader.problems)
}

/// A case that ran, for those that are like it.
#[derive(Clone)]
struct Ran {
    document: Document,
    full: Length,
    quick: Length,
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    /// By name; none where the design is refused.
    runs: BTreeMap<String, Option<Ran>>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, span: &Range<usize>, message: String) {
        self.problem_on(line(self.text, span.start), message);
    }

    fn problem_on(&mut self, line: usize, message: String) {
        self.problems.push(Problem { file: self.file.into(), line, message });
    }

    fn case(&mut self, case: &CaseText) -> Option<Case> {
        let name = case.name.get_ref().clone();
        if name.contains('.') || name.trim().is_empty() {
            self.problem(
                &case.name.span(),
                format!("“{name}” cannot name a case. Use words without a dot, which ends the name in comparisons."),
            );
        }
        if self.runs.contains_key(&name) {
            self.problem(&case.name.span(), format!("There are two cases called “{name}”. Call one of them otherwise."));
            return None;
        }
        let kinds = [case.design.is_some() || case.like.is_some(), case.order.is_some(), case.ratio.is_some(), case.law.is_some()];
        if kinds.iter().filter(|&&is| is).count() != 1 {
            let message = format!("Case “{name}” must have one of `design`, `like`, `order`, `ratio` and `law`.");
            self.problem(&case.name.span(), message);
            return None;
        }
        let what = match (&case.order, &case.ratio, &case.law) {
            (Some(order), ..) => What::Order(order.iter().map(|of| self.of(of)).collect::<Option<_>>()?),
            (_, Some(ratio), _) => self.ratio(ratio)?,
            (.., Some(law)) => self.law(case, law)?,
            _ => {
                let ran = self.ran(case);
                self.runs.insert(name.clone(), ran.clone());
                self.mind_the_length(case, ran.as_ref());
                let expect = case.expect.iter().flat_map(|expect| &expect.measures);
                let expect = expect.filter_map(|(measure, text)| Some((measure.clone(), self.expected(text)?))).collect();
                let Ran { document, full, quick } = ran?;
                What::Run { document: Box::new(document), full, quick, expect }
            }
        };
        Some(Case { name, what })
    }

    /// What would be wrong without being noticed.
    fn mind_the_length(&mut self, case: &CaseText, ran: Option<&Ran>) {
        let name = case.name.get_ref();
        if case.expect.as_ref().is_some_and(|expect| expect.alone.is_some()) {
            self.problem(
                &case.name.span(),
                format!("Case “{name}” has many measures. Write `expect` as a table, a measure before each value."),
            );
        }
        let at_a_time = |fault: &design::Fault| fault.at.base() > 0 && fault.every.is_none();
        let shortened = |ran: &Ran| ran.quick.lasts.is_none() && ran.document.faults.iter().any(at_a_time);
        if ran.is_some_and(shortened) {
            let message = format!("Case “{name}” has a fault at a time, which an eighth of the run may not reach. Write `quick.lasts`.");
            self.problem(&case.name.span(), message);
        }
    }

    fn ran(&mut self, case: &CaseText) -> Option<Ran> {
        let mut ran = match (&case.design, &case.like) {
            (Some(design), None) => Ran { document: self.design(design)?, full: Length::default(), quick: Length::default() },
            (None, Some(like)) => match self.runs.get(like.get_ref()) {
                Some(ran) => ran.clone()?,
                None => {
                    self.problem(&like.span(), format!("No case before this one is called “{}”.", like.get_ref()));
                    return None;
                }
            },
            _ => {
                self.problem(&case.name.span(), "A case has a `design`, or is `like` another, and not both.".into());
                return None;
            }
        };
        ran.full = self.length(&case.full).or(ran.full);
        ran.quick = self.length(&case.quick).or(ran.quick);
        let before = self.problems.len();
        for (path, value) in &case.set {
            if let Err(problem) = design::set(&mut ran.document, path, value.get_ref()) {
                self.problem(&value.span(), told(&problem));
            }
        }
        if let Err(problems) = design::resolve(&ran.document) {
            let at = case.design.as_ref().map_or_else(|| case.name.span(), Spanned::span);
            for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
                self.problem(&at, told(problem));
            }
        }
        (self.problems.len() == before).then_some(ran)
    }

    fn design(&mut self, design: &Spanned<String>) -> Option<Document> {
        let loaded = design::read(design.get_ref(), Format::Toml);
        let begins = content(self.text, &design.span());
        for problem in &loaded.problems {
            self.problem_on(begins + problem.line.unwrap_or(1) - 1, told(problem));
        }
        loaded.is_runnable().then_some(loaded.document)
    }

    fn length(&mut self, text: &LengthText) -> Length {
        let lasts = text.lasts.as_ref().and_then(|lasts| match Duration::parse(lasts.get_ref()) {
            Ok(lasts) => Some(lasts),
            Err(problem) => {
                self.problem(&lasts.span(), problem.to_string());
                None
            }
        });
        Length { seeds: text.seeds, lasts }
    }

    fn ratio(&mut self, ratio: &RatioText) -> Option<What> {
        let (of, to, expect) = (self.of(&ratio.of), self.of(&ratio.to), self.expected(&ratio.expect));
        Some(What::Ratio { of: of?, to: to?, expect: expect? })
    }

    fn law(&mut self, case: &CaseText, law: &Spanned<String>) -> Option<What> {
        let Some(expect) = case.expect.as_ref().and_then(|expect| expect.alone.clone()) else {
            self.problem(&law.span(), "A law is compared with one value. Write `expect = \"1 +- 0.5 %\"`.".into());
            return None;
        };
        for part in law.get_ref().split('{').skip(1) {
            let Some((of, _)) = part.split_once('}') else {
                self.problem(&law.span(), "A brace is not closed. Write {case.measure}.".into());
                return None;
            };
            self.refer(of, &law.span())?;
        }
        let expect = match Expected::parse(&expect) {
            Ok(expect) => expect,
            Err(problem) => {
                self.problem(&law.span(), problem.to_string());
                return None;
            }
        };
        Some(What::Law { sheet: law.get_ref().clone(), expect })
    }

    fn of(&mut self, text: &Spanned<String>) -> Option<Of> {
        self.refer(text.get_ref(), &text.span())
    }

    fn refer(&mut self, text: &str, at: &Range<usize>) -> Option<Of> {
        let Some(of) = Of::parse(text) else {
            self.problem(at, format!("“{text}” is not a measure of a case. Write it as in “80 % busy.worker.wait”."));
            return None;
        };
        if !self.runs.contains_key(&of.case) {
            self.problem(at, format!("No case before this one that runs is called “{}”.", of.case));
            return None;
        }
        Some(of)
    }

    fn expected(&mut self, text: &Spanned<String>) -> Option<Expected> {
        match Expected::parse(text.get_ref()) {
            Ok(expected) => Some(expected),
            Err(problem) => {
                self.problem(&text.span(), problem.to_string());
                None
            }
        }
    }
}

impl Of {
    /// The name of a case has no dot.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (case, measure) = text.split_once('.')?;
        let (case, measure) = (case.trim(), measure.trim());
        (!case.is_empty() && !measure.is_empty()).then(|| Self { case: case.into(), measure: measure.into() })
    }
}

fn told(problem: &design::Problem) -> String {
    let suggestion = problem.suggestion.as_ref().map(|suggestion| format!(" {suggestion}")).unwrap_or_default();
    let path = if problem.path.is_empty() { String::new() } else { format!("{}: ", problem.path) };
    format!("{path}{}{suggestion}", problem.message)
}
