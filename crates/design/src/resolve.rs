//! From what the author wrote to what an engine runs: every default written in, every plan
//! explicit. A default that is changed in the catalogue later alters no experiment made before.

use std::collections::BTreeMap;
use std::ops::Deref;

use units::{Duration, Share};

use crate::arrows::default_plan;
use crate::catalogue::{self, Word};
use crate::check::{check, error};
use crate::{Call, Document, LinkName, Problem, Setting, Severity, setting};

const LASTS: Duration = Duration::from_secs(60);
const WARMUP: Share = Share(50_000_000);

/// A document that an engine runs. It has every default of its kinds, a link for every call, a
/// plan for every class and for no other, `lasts` and `warmup`; no layout and no unknown keys,
/// since neither changes a run. Only [`resolve`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved(Document);

impl Resolved {
    pub fn document(&self) -> &Document {
        &self.0
    }

    pub fn into_document(self) -> Document {
        self.0
    }
}

impl Deref for Resolved {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.0
    }
}

/// Writes in what the author left out, or says everything that speaks against a run.
pub fn resolve(document: &Document) -> Result<Resolved, Vec<Problem>> {
    let mut problems = check(document);
    problems.retain(|problem| problem.severity == Severity::Error);
    if document.workload.classes.is_empty() {
        problems.push(error(
            "workload",
            "Nothing is sent: the workload has no class.",
            "Add one under [workload], as in buy = { from = \"users\", arrivals = \"poisson 90/s\" }.",
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut resolved = document.clone();
    resolved.layout.clear();
    resolved.unknown.clear();
    resolved.workload.lasts.get_or_insert(LASTS);
    resolved.workload.warmup.get_or_insert(WARMUP);
    resolved.calls.clear();
    for (name, class) in &document.workload.classes {
        let calls = match document.calls.get(name) {
            Some(calls) => calls.clone(),
            None => default_plan(document, name).map_err(|problem| vec![problem])?,
        };
        add_links(&mut resolved, &class.from, &calls);
        resolved.calls.insert(name.clone(), calls);
    }
    for component in resolved.components.values_mut() {
        if let Some(kind) = catalogue::kind(&component.kind) {
            add_defaults(&mut component.settings, kind.words());
        }
    }
    for link in resolved.links.values_mut() {
        add_defaults(&mut link.settings, catalogue::LINK.iter());
    }
    for class in resolved.workload.classes.values_mut() {
        add_defaults(&mut class.settings, catalogue::CLASS.iter());
    }
    Ok(Resolved(resolved))
}

fn add_links(document: &mut Document, caller: &str, calls: &[Call]) {
    for call in calls {
        document.links.entry(LinkName { from: caller.to_owned(), to: call.to.clone() }).or_default();
        add_links(document, &call.to, &call.then);
        add_links(document, caller, &call.miss);
    }
}

fn add_defaults(settings: &mut BTreeMap<String, Setting>, words: impl Iterator<Item = &'static Word>) {
    for word in words.filter(|word| !settings.contains_key(word.key)).collect::<Vec<_>>() {
        if let Some(default) = word.default {
            let default = setting::from_text(word.takes, default).expect("a default of the catalogue is a value of its word");
            settings.insert(word.key.to_owned(), default);
        }
    }
}
