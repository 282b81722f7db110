//! Invariants beside their design: whether the data is there, and whether anything in the plans
//! could violate what is required of it. A silent pass would be worse than a refusal.

use design::{Arrivals, Call, Document, Setting};
use sim::Invariant;
use units::quoted;

use crate::require::Slip;
use crate::require::check::Place;

/// A call that touches the data, and the kind of the component it goes to.
struct Use<'a> {
    kind: &'a str,
    class: &'a str,
    call: &'a Call,
}

impl Place<'_> {
    pub(super) fn invariant(&self, data: &str, what: Invariant) -> Result<(), Slip> {
        if !self.document.data.contains_key(data) {
            return Err(self.no_such_data(data));
        }
        // Plans that follow from arrows touch no data, and are not written in yet.
        let is_whole = self.document.workload.classes.keys().all(|class| self.document.calls.contains_key(class));
        let uses = uses(self.document, data);
        if uses.is_empty() && is_whole {
            let message = format!("No call touches {}, so nothing can be said of it.", quoted(data));
            return Err(self.slip(data, message, format!("Name it in a plan, as in “db write {data}”, or leave this requirement out.")));
        }
        if uses.is_empty() { Ok(()) } else { self.is_possible(data, what, &uses) }
    }

    fn no_such_data(&self, name: &str) -> Slip {
        let known: Vec<&str> = self.document.data.keys().map(String::as_str).collect();
        if self.document.components.contains_key(name) {
            let message = format!("{} is a component, and an invariant is about data.", quoted(name));
            let suggestion = match known.as_slice() {
                [] => "Name data under [data] and in the plans.".to_owned(),
                known => format!("Name the data: {}.", known.join(", ")),
            };
            return self.slip(name, message, suggestion);
        }
        self.unknown(name, format!("There is no data {} under [data].", quoted(name)), "Data here", known.into_iter())
    }

    /// Whether what is forbidden could happen at all.
    fn is_possible(&self, data: &str, what: Invariant, uses: &[Use<'_>]) -> Result<(), Slip> {
        let any = |test: &dyn Fn(&Use) -> bool| uses.iter().any(test);
        let store = |used: &Use| matches!(used.kind, "relational" | "keyvalue");
        let row = |used: &Use| store(used) || matches!(used.kind, "document" | "objects");
        let cache = |used: &Use| matches!(used.kind, "cache" | "cdn");
        let broker = |used: &Use| matches!(used.kind, "log" | "queue");
        let write = |used: &Use| !used.call.reads();
        let told = quoted(data);
        match what {
            Invariant::NoOversell if !self.document.data[data].settings.contains_key("value") => Err(self.slip(
                data,
                format!("{told} has no value, so there is no number that could be oversold."),
                format!("Write what each row begins with, as in {data} = {{ value = 500 }} under [data]."),
            )),
            Invariant::NoOversell if !any(&|used| row(used) && used.kind != "objects" && write(used) && !used.call.inserts()) => Err(self
                .slip(
                    data,
                    format!("Nothing takes from {told}."),
                    format!("Write a call that does, as in “db take {data}”, or leave this requirement out."),
                )),
            Invariant::OneEffect if !any(&|used| write(used) && !cache(used) && !broker(used)) => Err(self.slip(
                data,
                format!("Nothing is done with {told} that could be done twice: caches and queues are no effect."),
                format!("Write the call that has one, as in “db insert {data}”."),
            )),
            Invariant::NoLostUpdate if !self.is_read_and_written(uses, &row) => Err(self.slip(
                data,
                format!("No class reads {told} and then writes it, so no update can be lost."),
                format!("Ask for “{data}: no lost write”, or leave this requirement out."),
            )),
            Invariant::NoLostWrite if !any(&|used| store(used) && write(used)) => Err(self.slip(
                data,
                format!("No relational or keyvalue component is written with {told}, and only those can lose what they acknowledged."),
                format!("Write the call, as in “db write {data}”, or leave this requirement out."),
            )),
            Invariant::ReadYourWrites if !any(&|used| store(used) && write(used)) => Err(self.slip(
                data,
                format!("No relational or keyvalue component is written with {told}, so no session has writes to read."),
                format!("Write the call, as in “db write {data}”, or leave this requirement out."),
            )),
            Invariant::ReadYourWrites | Invariant::MonotonicReads if !self.has_sessions(uses) => Err(self.slip(
                data,
                format!("Each request that touches {told} is a session of its own, so it is never compared with another."),
                "Write sessions = 1000 in their classes, or let users come back (closed arrivals).",
            )),
            Invariant::StaleAtMost(_) | Invariant::ReadYourWrites | Invariant::MonotonicReads
                if !any(&|used| !write(used) && (store(used) || cache(used) && self.keeps_keys(used))) =>
            {
                Err(self.unread(data, uses))
            }
            Invariant::CacheStaleAtMost(_) if !any(&|used| !write(used) && cache(used) && self.keeps_keys(used)) => {
                Err(self.unread(data, uses))
            }
            Invariant::CacheStaleAtMost(_) if !any(&|used| store(used) && write(used)) => Err(self.slip(
                data,
                format!("No relational or keyvalue component is written with {told}, so what a cache has of it is never old."),
                format!("Write the call, as in “db write {data}”, or leave this requirement out."),
            )),
            Invariant::NoLostMessage | Invariant::OrderPerKey if !any(&|used| broker(used) && write(used)) => Err(self.slip(
                data,
                format!("No log or queue gets a message about {told}."),
                format!("Name it where a message is sent, as in “events append {data}”."),
            )),
            Invariant::OrderPerKey if !any(&|used| broker(used) && !used.call.then.is_empty()) => Err(self.slip(
                data,
                format!("Nobody deals with the messages about {told}, so they have no order."),
                "Indent below the append what its consumer does.",
            )),
            _ => Ok(()),
        }
    }

    /// Nothing with versions is read.
    fn unread(&self, data: &str, uses: &[Use<'_>]) -> Slip {
        let told = quoted(data);
        let assumes = uses.iter().find(|used| matches!(used.kind, "cache" | "cdn") && used.call.reads());
        if let Some(assumes) = assumes {
            let cache = &assumes.call.to;
            let message = format!("{} answers an assumed share of requests and keeps no keys, so nothing in it has an age.", quoted(cache));
            return self.slip(data, message, format!("Give {cache} entries or memory instead of hits."));
        }
        let message = format!("No store or cache that counts versions is read for {told}.");
        self.slip(data, message, format!("Write the call, as in “db read {data}”, or leave this requirement out."))
    }

    fn keeps_keys(&self, used: &Use<'_>) -> bool {
        let settings = self.document.components.get(&used.call.to).map(|component| &component.settings);
        settings.is_some_and(|settings| {
            let has = |key: &str| settings.contains_key(key);
            has("entries") || has("memory")
        })
    }

    fn is_read_and_written(&self, uses: &[Use<'_>], row: &dyn Fn(&Use) -> bool) -> bool {
        let writes = uses.iter().filter(|used| row(used) && !used.call.reads() && !used.call.inserts() && !used.call.takes());
        writes.into_iter().any(|write| uses.iter().any(|used| used.class == write.class && used.call.reads()))
    }

    fn has_sessions(&self, uses: &[Use<'_>]) -> bool {
        let classes = uses.iter().filter_map(|used| self.document.workload.classes.get(used.class));
        classes.into_iter().any(|class| {
            let shared = matches!(class.settings.get("sessions"), Some(Setting::Count(_)));
            shared || matches!(class.arrivals, Some(Arrivals::Closed { .. }))
        })
    }
}

fn uses<'a>(document: &'a Document, data: &str) -> Vec<Use<'a>> {
    fn collect<'a>(document: &'a Document, class: &'a str, calls: &'a [Call], data: &str, uses: &mut Vec<Use<'a>>) {
        for call in calls {
            if call.data.as_deref() == Some(data) {
                let kind = document.components.get(&call.to).map_or("", |component| component.kind.as_str());
                uses.push(Use { kind, class, call });
            }
            for below in [&call.statements, &call.then, &call.miss] {
                collect(document, class, below, data, uses);
            }
        }
    }
    let mut uses = Vec::new();
    let sent = document.calls.iter().filter(|(class, _)| document.workload.classes.contains_key(*class));
    sent.for_each(|(class, calls)| collect(document, class, calls, data, &mut uses));
    uses
}
