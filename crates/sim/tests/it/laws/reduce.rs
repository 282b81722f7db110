//! Making a document that breaks a law small: everything that can be left out is, as long as what
//! is left breaks the same law.

use design::{Call, CallMode, Document, Setting};
use units::{Count, Share};

/// The smallest document found for which `fails` still holds.
pub(super) fn reduce(mut document: Document, fails: impl Fn(&Document) -> bool) -> Document {
    loop {
        let Some(smaller) = smaller(&document).into_iter().find(|document| fails(document)) else { return document };
        document = smaller;
    }
}

/// Documents with one thing less, the large things first.
fn smaller(document: &Document) -> Vec<Document> {
    let mut all = Vec::new();
    let mut with = |change: &dyn Fn(&mut Document)| {
        let mut smaller = document.clone();
        change(&mut smaller);
        if smaller != *document {
            all.push(smaller);
        }
    };
    for name in document.workload.classes.keys() {
        with(&|document| {
            document.workload.classes.remove(name);
            document.calls.remove(name);
        });
    }
    (0..document.faults.len()).for_each(|at| with(&|document| drop(document.faults.remove(at))));
    with(&|document| document.faults.clear());
    with(&|document| document.network.clear());
    with(&|document| document.workload.arrivals = None);
    for (name, calls) in &document.calls {
        for at in 0..size(calls) {
            for change in CHANGES {
                with(&|document| {
                    let mut left = at;
                    change_at(document.calls.get_mut(name).expect("the plan"), &mut left, *change);
                });
            }
        }
    }
    document.links.keys().for_each(|name| with(&|document| drop(document.links.remove(name))));
    for (name, link) in &document.links {
        each(&link.settings, &mut |change| with(&|document| change(&mut document.links.get_mut(name).expect("a link").settings)));
    }
    document.components.keys().for_each(|name| with(&|document| drop(document.components.remove(name))));
    for (name, component) in &document.components {
        with(&|document| document.components.get_mut(name).expect("a component").settings.clear());
        each(&component.settings, &mut |change| {
            with(&|document| change(&mut document.components.get_mut(name).expect("a component").settings));
        });
    }
    document.data.keys().for_each(|name| with(&|document| drop(document.data.remove(name))));
    document.data.keys().for_each(|name| with(&|document| document.data.get_mut(name).expect("data").settings.clear()));
    for (name, class) in &document.workload.classes {
        each(&class.settings, &mut |change| {
            with(&|document| change(&mut document.workload.classes.get_mut(name).expect("a class").settings));
        });
    }
    with(&|document| document.traces.clear());
    with(&|document| document.workload.warmup = None);
    all
}

type Settings = std::collections::BTreeMap<String, Setting>;

type Change<'a> = &'a dyn Fn(&mut Settings);

/// Without one of them, and for tables without one of what they hold.
fn each(settings: &Settings, with: &mut dyn FnMut(Change)) {
    for (key, setting) in settings {
        with(&|settings| drop(settings.remove(key)));
        let Setting::Table(table) = setting else { continue };
        for inner in table.keys() {
            with(&|settings| {
                if let Some(Setting::Table(table)) = settings.get_mut(key) {
                    table.remove(inner);
                }
            });
        }
    }
}

fn size(calls: &[Call]) -> usize {
    calls.iter().map(|call| 1 + size(&call.then) + size(&call.miss)).sum()
}

type Cut = fn(&mut Vec<Call>, usize);

const CHANGES: &[Cut] = &[
    |calls, at| drop(calls.remove(at)),
    |calls, at| {
        // What it called is called in its place.
        let call = calls.remove(at);
        calls.splice(at..at, call.then);
    },
    |calls, at| calls[at].then.clear(),
    |calls, at| calls[at].miss.clear(),
    |calls, at| calls[at].times = Count(1),
    |calls, at| calls[at].times = Count((calls[at].times.0 / 2).max(1)),
    |calls, at| calls[at].probability = Share::ONE,
    |calls, at| calls[at].optional = false,
    |calls, at| (calls[at].mode, calls[at].wait, calls[at].cancel) = (CallMode::Sequence, None, false),
    |calls, at| calls[at].cancel = false,
    |calls, at| (calls[at].operation, calls[at].data, calls[at].modifiers) = (String::new(), None, Vec::new()),
    |calls, at| calls[at].modifiers.clear(),
    |calls, at| drop(calls[at].statements.pop()),
];

/// Changes the call that is number `left` from here, counting each before those it makes.
fn change_at(calls: &mut Vec<Call>, left: &mut usize, change: Cut) -> bool {
    for at in 0..calls.len() {
        if *left == 0 {
            change(calls, at);
            return true;
        }
        *left -= 1;
        if change_at(&mut calls[at].then, left, change) || change_at(&mut calls[at].miss, left, change) {
            return true;
        }
    }
    false
}
