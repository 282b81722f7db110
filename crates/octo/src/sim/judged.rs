//! What the design requires, beside what came of it: a table in the report, a field in its JSON.
//! The verdicts are those of `judge`.

use std::collections::BTreeMap;

use design::Resolved;
use judge::json::first_violation;
use judge::require::{Requirements, Verdict};
use serde_json::Value;
use sim::{Violation, Watched};

use crate::sim::asked::Asked;
use crate::sim::sheet::{Cell, Sheet, Table};

/// Requirements and their verdicts, by the same ids.
#[derive(Clone, Copy)]
pub(crate) struct Judged<'a> {
    pub(crate) requirements: &'a Requirements,
    pub(crate) verdicts: &'a BTreeMap<String, Verdict>,
    /// What runs found of invariants.
    pub(crate) watched: &'a [Watched],
}

/// All requirements, or a refusal: what cannot be measured is not to pass unseen.
pub(crate) fn requirements(asked: &Asked, document: &Resolved) -> anyhow::Result<Requirements> {
    let (requirements, problems) = judge::require::read(document);
    if problems.is_empty() { Ok(requirements) } else { Err(asked.refuse(&problems)) }
}

/// The same, where without any there is nothing to do.
pub(crate) fn required(asked: &Asked, document: &Resolved, what: &str) -> anyhow::Result<Requirements> {
    let requirements = requirements(asked, document)?;
    anyhow::ensure!(
        !requirements.is_empty(),
        "{what} needs to know what the design must meet, and it requires nothing.\nAdd [require], as in fast = \"p99 < 100 ms\" and good = \"good >= 99.9 %\"."
    );
    Ok(requirements)
}

impl Judged<'_> {
    pub(crate) fn is_any_missed(&self) -> bool {
        self.verdicts.values().any(|verdict| matches!(verdict, Verdict::Missed { .. }))
    }

    pub(crate) fn write(&self, sheet: &mut Sheet) {
        if self.requirements.is_empty() {
            return;
        }
        sheet.heading("Requirements");
        let mut table = Table::new(4, &["id", "required", "verdict", "measured"]);
        for (id, requirement) in self.requirements {
            let Some(verdict) = self.verdicts.get(id) else { continue };
            table.row(vec![id.as_str().into(), requirement.to_string().into(), cell(verdict), measured(verdict).into()]);
        }
        sheet.table(&table);
        let room = self.requirements.keys().map(|id| id.chars().count()).max().unwrap_or(0);
        for (id, verdict) in self.verdicts {
            if let Some(why) = why(verdict) {
                sheet.labelled(id, room, why);
            }
            if let Some(violation) = self.requirements.get(id).and_then(|requirement| first_violation(requirement, self.watched)) {
                story(violation, room, sheet);
            }
        }
    }

    pub(crate) fn add_to(&self, report: &mut Value) {
        if let Some(fields) = report.as_object_mut().filter(|_| !self.requirements.is_empty()) {
            let verdicts = judge::json::verdicts(self.requirements, self.verdicts, self.watched);
            fields.insert("requirements".into(), verdicts);
        }
    }
}

/// Who did what when, a line for each, in columns.
fn story(violation: &Violation, room: usize, sheet: &mut Sheet) {
    let rows: Vec<[String; 4]> = violation
        .story
        .iter()
        .map(|scene| {
            let session = scene.session.map_or_else(String::new, |session| format!(", session {}", session & u64::from(u32::MAX)));
            let who = if scene.request == 0 { String::new() } else { format!("request {}{session}", scene.request) };
            [format!("{:.6} s", scene.at as f64 / 1e9), who, scene.component.clone(), scene.did.clone()]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second, third) = (width(0), width(1), width(2));
    for row in &rows {
        let [when, who, component, did] = row;
        let label = format!("{:room$}  {when:>first$}  {who:<second$}  {component:<third$}", "");
        sheet.labelled(&label, 0, did);
    }
}

fn cell(verdict: &Verdict) -> Cell {
    match verdict {
        Verdict::Met { measured, .. } if measured.of.is_some() => "met".into(),
        Verdict::Missed { measured: Some(measured), .. } if measured.of.is_some() => Cell::alarm("missed"),
        Verdict::Met { measured, margin } if *margin > 0.0 => format!("met, {} to spare", measured.shown(*margin)).into(),
        Verdict::Missed { measured: Some(measured), by: Some(by), .. } => Cell::alarm(format!("missed by {}", measured.shown(*by))),
        Verdict::Missed { .. } => Cell::alarm("missed"),
        other => other.name().into(),
    }
}

fn measured(verdict: &Verdict) -> String {
    verdict.measured().map(ToString::to_string).unwrap_or_default()
}

fn why(verdict: &Verdict) -> Option<&str> {
    match verdict {
        Verdict::Met { .. } => None,
        Verdict::Missed { why, .. } => why.as_deref(),
        Verdict::Undecided { why, .. } | Verdict::NotJudged { why } => Some(why),
    }
}
