//! A design in words: enough to draw it again without having seen it. One fact per line; nothing
//! here depends on the picture.

use sorted::BTreeMap;

use design::{Call, Document, Setting, Trace};

use crate::words;

const MAX_CALL_DEPTH: usize = 64;

/// Components with their settings, links, distances, data, call plans, workload, faults and
/// requirements.
pub fn text(document: &Document) -> String {
    let mut out = String::new();
    let title = document.title.trim();
    out.push_str(if title.is_empty() { "A system" } else { title });
    out.push('\n');
    section(
        &mut out,
        "Components",
        document.components.iter().map(|(name, component)| format!("{name}: {}{}", component.kind, with(&component.settings))),
    );
    section(
        &mut out,
        "Links",
        document.links.iter().map(|(link, settings)| format!("{} to {}{}", link.from, link.to, with(&settings.settings))),
    );
    section(&mut out, "Distances", document.network.iter().map(|(places, time)| format!("{}: {time}", distance(places))));
    section(&mut out, "Data", document.data.iter().map(|(name, data)| format!("{name}{}", with(&data.settings))));
    section(&mut out, "Calls", document.calls.iter().map(|(class, plan)| plan_words(document, class, plan)));
    section(&mut out, "Workload", workload(document).into_iter());
    section(&mut out, "Faults", document.faults.iter().map(fault));
    section(&mut out, "Required", document.require.iter().map(|(id, text)| format!("{id}: {text}")));
    out
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    for (i, line) in lines.enumerate() {
        if i == 0 {
            out.push_str(&format!("\n{title}\n"));
        }
        out.push_str(&format!("- {line}\n"));
    }
}

/// ", replicas 3, time exp 4 ms".
fn with(settings: &BTreeMap<String, Setting>) -> String {
    settings.iter().map(|(key, value)| format!(", {key} {}", words::setting(value))).collect()
}

fn plan_words(document: &Document, class: &str, plan: &[Call]) -> String {
    let from = document.workload.classes.get(class).map_or("its clients", |class| class.from.as_str());
    let mut out = format!("{class}:");
    calls(&mut out, from, plan, "", 1);
    out
}

fn calls(out: &mut String, from: &str, plan: &[Call], when: &str, depth: usize) {
    for call in plan {
        out.push_str(&format!("\n{}- {when}{from} calls {}", "  ".repeat(depth), call.to));
        for word in words::manner(call) {
            out.push_str(&format!(", {word}"));
        }
        if depth == MAX_CALL_DEPTH {
            out.push_str(", and so on");
            continue;
        }
        calls(out, &call.to, &call.then, "", depth + 1);
        calls(out, from, &call.miss, "on a miss ", depth + 1);
        calls(out, from, &call.statements, "in one transaction ", depth + 1);
    }
}

fn workload(document: &Document) -> Vec<String> {
    let workload = &document.workload;
    let mut lines: Vec<String> = workload
        .classes
        .iter()
        .map(|(name, class)| format!("{name}: from {}, {}{}", class.from, words::arrivals(document, class), with(&class.settings)))
        .collect();
    lines.extend(workload.arrivals.as_ref().map(|arrivals| format!("all: {arrivals}")));
    lines.extend(document.traces.iter().map(|(name, trace)| recorded(name, trace)));
    lines.extend(workload.lasts.map(|lasts| format!("lasts {lasts}")));
    lines.extend(workload.warmup.map(|warmup| format!("the first {warmup} are not counted")));
    lines
}

/// "between zones", "between eu-west and us-east".
fn distance(places: &str) -> String {
    format!("between {}", places.replace(" -- ", " and "))
}

fn recorded(name: &str, trace: &Trace) -> String {
    let last = trace.rows.last().map(|(at, _)| format!(", the last after {at}")).unwrap_or_default();
    format!("trace {name}: {} requests{last}", trace.rows.len())
}

/// "at 6 min: crash db, for 10 s, again exp 5 min after its end".
fn fault(fault: &design::Fault) -> String {
    let lasts = fault.lasts.as_ref().map_or_else(String::new, |lasts| format!(", for {lasts}"));
    let every = fault.every.as_ref().map_or_else(String::new, |every| format!(", again {every} after its end"));
    format!("at {}: {}{lasts}{every}", fault.at, fault.what)
}
