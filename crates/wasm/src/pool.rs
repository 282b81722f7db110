//! Several runs of one design taken together, and what they mean: verdicts and an explanation. One
//! run says what happened; only several say how sure that is.

use design::Document;
use judge::explain::explain;
use serde_json::{Value, json};
use sim::Report;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Run;
use crate::json::error;

/// Runs of one design with different seeds.
#[wasm_bindgen]
#[derive(Default)]
pub struct Pool {
    document: Option<Document>,
    reports: Vec<Report>,
}

#[wasm_bindgen]
impl Pool {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Pool {
        Pool::default()
    }

    /// Takes what a run has measured; the run may be thrown away then. All must be of one design, with
    /// different seeds.
    pub fn add(&mut self, run: &Run) -> Result<(), String> {
        let document = run.run.experiment().document.document();
        if self.document.as_ref().is_some_and(|known| known != document) {
            return Err(error("", "This run is of another design than those before it: begin a new pool.".into()));
        }
        let report = run.run.report();
        if self.reports.iter().any(|known| known.seeds == report.seeds) {
            return Err(error("seed", "A run with this seed is here already: take another seed for each.".into()));
        }
        self.document.get_or_insert_with(|| document.clone());
        self.reports.push(report);
        Ok(())
    }

    /// The report of all runs together, as that of one; of several with `intervals`: how sure each
    /// number is.
    pub fn report(&self) -> Result<String, String> {
        Ok(self.pooled()?.1.to_json().to_string())
    }

    /// What the runs say of what the design requires:
    ///
    /// ```json
    /// {
    ///   "verdicts": { "fast": { "required": "p99 < 100 ms", "verdict": "met" | "missed" | "undecided" | "not judged",
    ///                           "says": "met with 12 ms to spare: 88 ms ± 2 ms",
    ///                           "measured_e9", "half_e9", "margin_e9", "by_e9", "unit", "why", "story": [...] } },
    ///   "more": 4                          // so many more runs would settle what is undecided; null if none would
    /// }
    /// ```
    pub fn verdicts(&self) -> Result<String, String> {
        let (document, report) = self.pooled()?;
        let (requirements, _) = judge::require::read(document);
        let verdicts = judge::require::judge(&requirements, &report);
        let mut told = judge::json::verdicts(&requirements, &verdicts, &report.watched);
        for (id, verdict) in &verdicts {
            told[id.as_str()]["says"] = verdict.to_string().into();
        }
        Ok(json!({ "verdicts": told, "more": judge::require::next(&verdicts, self.reports.len()) }).to_string())
    }

    /// Why it went as it did, the cause first:
    ///
    /// ```json
    /// [{ "role": "cause" | "effect" | "note" | "well", "kind": "overload", "text": "…", "component": "db",
    ///    "components": ["db", "web"],     // all that the sentence speaks of
    ///    "links": ["web -> db"],          // those between two of them
    ///    "figures": [{ "name": "db.utilisation", "value_e9", "unit" }] }]
    /// ```
    pub fn explain(&self) -> Result<String, String> {
        let (document, report) = self.pooled()?;
        let (requirements, _) = judge::require::read(document);
        let verdicts = judge::require::judge(&requirements, &report);
        let explained = explain(document, &report, Some(&verdicts));
        let mut told = judge::json::explanation(&explained);
        for (finding, value) in explained.findings.iter().zip(told.as_array_mut().into_iter().flatten()) {
            let figures = finding.figures.iter().map(|figure| figure.name.as_str());
            let names = spoken_of(document, finding.subject.as_deref().into_iter().chain([finding.sentence.as_str()]).chain(figures));
            let is_spoken_of = |name: &str| names.contains(&name);
            let links = document.links.keys().filter(|link| is_spoken_of(&link.from) && is_spoken_of(&link.to));
            value["links"] = links.map(|link| Value::from(format!("{} -> {}", link.from, link.to))).collect();
            value["components"] = names.as_slice().into();
        }
        Ok(told.to_string())
    }

    /// How many runs there are.
    pub fn count(&self) -> usize {
        self.reports.len()
    }
}

impl Pool {
    fn pooled(&self) -> Result<(&Document, Report), String> {
        let nothing = || error("", "There is no run yet: add one first.".into());
        let document = self.document.as_ref().ok_or_else(nothing)?;
        let report = if let [only] = self.reports.as_slice() { Some(only.clone()) } else { sim::pool(&self.reports) };
        Ok((document, report.ok_or_else(nothing)?))
    }
}

/// Components whose names stand in one of these texts, as whole words.
fn spoken_of<'d, 't>(document: &'d Document, texts: impl Iterator<Item = &'t str>) -> Vec<&'d str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let words: Vec<&str> = texts.flat_map(|text| text.split(move |c| !is_part(c))).collect();
    document.components.keys().map(String::as_str).filter(|name| words.contains(name)).collect()
}
