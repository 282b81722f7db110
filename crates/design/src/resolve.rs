//! From what the author wrote to what an engine runs: every default written in, every plan
//! explicit. A default that is changed in the catalogue later alters no experiment made before.

use sorted::BTreeMap;
use std::ops::Deref;

use units::{Count, Duration, Share};

use crate::arrows::default_plan;
use crate::catalogue::{self, Takes, Word};
use crate::check::{check, error};
use crate::{Arrivals, Call, Document, Keys, LinkName, Problem, Setting, Severity, setting};

pub(crate) const LASTS: Duration = Duration::from_secs(60);
const WARMUP: Share = Share(50_000_000);
/// How many keys there are where nothing says so.
const KEYS: Count = Count(1_000_000);

/// A document that an engine runs. It has every default of its kinds, a link for every call, a
/// plan for every class and for no other, how many keys there are, `lasts` and `warmup`; no
/// layout, no unknown keys and no traces that nobody replays, since none changes a run. Only
/// [`resolve`] makes one.
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
            add_defaults(&mut component.settings, &mut kind.words());
        }
    }
    for link in resolved.links.values_mut() {
        add_defaults(&mut link.settings, &mut catalogue::LINK.iter());
    }
    for data in resolved.data.values_mut() {
        add_defaults(&mut data.settings, &mut catalogue::DATA.iter());
    }
    for (name, class) in &mut resolved.workload.classes {
        add_keys(&mut class.settings, document, &resolved.calls[name]);
        add_defaults(&mut class.settings, &mut catalogue::CLASS.iter());
    }
    drop_traces(&mut resolved);
    Ok(Resolved(resolved))
}

fn add_links(document: &mut Document, caller: &str, calls: &[Call]) {
    for call in calls {
        document.links.entry(LinkName { from: caller.to_owned(), to: call.to.clone() }).or_default();
        add_links(document, &call.to, &call.then);
        add_links(document, caller, &call.miss);
        // Those of a transaction may leave something in an outbox.
        call.statements.iter().for_each(|statement| add_links(document, &statement.to, &statement.then));
    }
}

/// How many keys there are is said; a class that touches data and says nothing asks for each alike.
fn add_keys(settings: &mut BTreeMap<String, Setting>, document: &Document, calls: &[Call]) {
    let of = population(document, calls);
    let keys = match settings.get("keys") {
        Some(Setting::Word(text)) => text.parse::<Keys>().ok().map(|keys| Keys { of: keys.of.or(Some(of)), ..keys }),
        _ => first_data(calls).map(|_| Keys::uniform_of(of)),
    };
    settings.extend(keys.map(|keys| ("keys".to_owned(), Setting::Word(keys.to_string()))));
}

/// The rows of the first data that a plan names.
pub(crate) fn population(document: &Document, calls: &[Call]) -> Count {
    let data = first_data(calls).and_then(|name| document.data.get(name));
    match data.and_then(|data| data.settings.get("rows")) {
        Some(Setting::Count(rows)) => Count(rows.0.max(1)),
        _ => KEYS,
    }
}

fn first_data(calls: &[Call]) -> Option<&str> {
    calls.iter().find_map(|call| {
        let below = [&call.statements, &call.then, &call.miss];
        call.data.as_deref().or_else(|| below.into_iter().find_map(|calls| first_data(calls)))
    })
}

fn drop_traces(document: &mut Document) {
    let workload = &document.workload;
    let all = workload.classes.values().filter_map(|class| class.arrivals.as_ref()).chain(&workload.arrivals);
    let is_used = |name: &String| all.clone().any(|arrivals| matches!(arrivals, Arrivals::Trace { name: used } if used == name));
    let mut kept = BTreeMap::new();
    for (name, trace) in document.traces.iter().filter(|(name, _)| is_used(name)) {
        kept.insert(name.clone(), trace.clone());
    }
    document.traces = kept;
}

fn add_defaults(settings: &mut BTreeMap<String, Setting>, words: &mut dyn Iterator<Item = &'static Word>) {
    for word in words {
        if let (Takes::Table(inner), Some(Setting::Table(table))) = (word.takes, settings.get_mut(word.key)) {
            add_defaults(table, &mut inner.iter());
        }
        let stands = settings.contains_key(word.key) || word.unless.iter().any(|other| settings.contains_key(*other));
        if let Some(default) = word.default.filter(|_| !stands) {
            let default = setting::from_text(word.takes, default).expect("a default of the catalogue is a value of its word");
            settings.insert(word.key.to_owned(), default);
        }
    }
}
