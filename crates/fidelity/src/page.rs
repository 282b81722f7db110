//! The page for people, in Markdown: a table of checks for each family, what could not be
//! expressed and why, and facts for lessons. The same checks and engine give the same text.

use std::fmt::Write as _;

use crate::read::number;
use crate::{Check, Form, Row};

/// The families of the list, and the number of the first check of each.
const FAMILIES: [(u32, &str); 11] = [
    (1, "Single stations"),
    (19, "Networks, closed loops, scalability"),
    (29, "Load balancing, fan-out, redundancy"),
    (47, "Caching, content delivery, hashing"),
    (57, "Load generation and measurement"),
    (60, "Quorums, replication, availability"),
    (71, "Resilience policies"),
    (89, "Queues, logs, autoscaling"),
    (97, "Network"),
    (102, "Money"),
    (u32::MAX, ""),
];

/// The whole page.
pub fn page(told: &[(Check, Vec<Row>)], form: Form) -> String {
    let mut out = head(told, form);
    for pair in FAMILIES.windows(2) {
        let [(first, name), (next, _)] = pair else { continue };
        let family: Vec<&(Check, Vec<Row>)> = told.iter().filter(|(check, _)| (*first..*next).contains(&number(&check.id))).collect();
        if !family.is_empty() {
            out.push_str(&section(name, &family));
        }
    }
    out.push_str(&list("What could not be expressed", told, |check| &check.cannot));
    out.push_str(&list("Facts for lessons", told, |check| &check.facts));
    out
}

fn head(told: &[(Check, Vec<Row>)], form: Form) -> String {
    let command = match form {
        Form::Full => "cargo xtask fidelity",
        Form::Quick => "cargo xtask fidelity --quick",
    };
    let rows: Vec<&Row> = told.iter().flat_map(|(_, rows)| rows).collect();
    let good = rows.iter().filter(|row| row.verdict.is_good()).count();
    let wide = match form {
        Form::Full => "ten seeds for each run, bands as the sources of the checks give them",
        Form::Quick => "four seeds and an eighth of the time for each run, four times the bands of the full form",
    };
    format!(
        "\
# Fidelity

<!-- Made by `{command}`; do not edit. -->

What theory, papers and independent simulations say, beside what the engine measures.
Made by `{command}`: engine {engine}, {form} form ({wide}).
The checks are design documents in `fidelity/`, which can be opened and run one by one: `cargo run --release -p fidelity -- --only D12`.

{checks} checks with {all} expected values: {good} good, {off} not.
An error is told in the terms of its band; bounds and exact values have none.
",
        engine = sim::ENGINE,
        checks = told.len(),
        all = rows.len(),
        off = rows.len() - good,
    )
}

fn section(name: &str, family: &[&(Check, Vec<Row>)]) -> String {
    let mut out = format!("\n## {name}\n\n| check | what it says | kind | source |\n|---|---|---|---|\n");
    for (check, _) in family {
        let Check { id, title, says, source, class, .. } = check;
        line(&mut out, &[id, &format!("**{}**. {}", title.trim_end_matches('.'), says.trim()), &class.to_string(), source.trim()]);
    }
    if family.iter().all(|(_, rows)| rows.is_empty()) {
        return out;
    }
    out.push_str("\n| check | case | measure | expected | measured | error | band | verdict |\n|---|---|---|---|---|---|---|---|\n");
    for row in family.iter().flat_map(|(_, rows)| rows) {
        let verdict = if row.verdict.is_good() { row.verdict.name().to_owned() } else { format!("**{}**", row.verdict.name()) };
        let measured = match &row.note {
            Some(note) if row.measured.is_empty() => note.clone(),
            Some(note) => format!("{} ({note})", row.measured),
            None => row.measured.clone(),
        };
        line(&mut out, &[&row.check, &row.case, &row.measure, &row.expected, &measured, &row.error, &row.tolerance, &verdict]);
    }
    out
}

/// A line of a table; what would end a cell is written otherwise.
fn line(out: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn list(title: &str, told: &[(Check, Vec<Row>)], texts: impl Fn(&Check) -> &Vec<String>) -> String {
    let mut out = String::new();
    for (check, _) in told {
        for text in texts(check) {
            let _ = writeln!(out, "* **{}** {}", check.id, text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    if out.is_empty() { out } else { format!("\n## {title}\n\n{out}") }
}
