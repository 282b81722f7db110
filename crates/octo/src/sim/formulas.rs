//! What formulas say of a design, without a run or beside one. They are those of `judge`.

use design::Resolved;
use judge::instant::{ClassEstimate, ComponentEstimate, Estimate, Number, Reason, estimate};
use serde_json::{Map, Value, json};
use units::{Dimension, Quantity};

use crate::sim::sheet::{Sheet, Table, Tone};

/// The names of what is told of a class, as measures call them.
fn of_class(class: &ClassEstimate) -> [(&'static str, Option<Number>, Dimension); 8] {
    [
        ("mean", class.mean, Dimension::TIME),
        ("sd", class.sd, Dimension::TIME),
        ("p50", class.p50, Dimension::TIME),
        ("p95", class.p95, Dimension::TIME),
        ("p99", class.p99, Dimension::TIME),
        ("rate", class.rate, Dimension::RATE),
        ("answered", class.answered, Dimension::NONE),
        ("most", class.most, Dimension::RATE),
    ]
}

fn of_component(component: &ComponentEstimate) -> [(&'static str, Option<Number>, Dimension); 5] {
    [
        ("utilisation", component.utilisation, Dimension::NONE),
        ("rate", component.rate, Dimension::RATE),
        ("wait", component.wait, Dimension::TIME),
        ("time", component.time, Dimension::TIME),
        ("rejected", component.rejected, Dimension::NONE),
    ]
}

/// The whole answer, in place of a report.
pub(crate) fn write(sheet: &mut Sheet, title: &str, document: &Resolved) {
    sheet.heading(title);
    sheet.paragraph("By formulas, without a run: the mean course of a design to which nothing happens.", Tone::Plain);
    let reasons = match estimate(document) {
        Ok(told) => {
            numbers(sheet, &told);
            limits(sheet, &told);
            told.reasons
        }
        Err(reasons) => reasons,
    };
    why_not(sheet, &reasons);
}

/// Every number with its formula, the classes first.
fn all(told: &Estimate) -> Vec<(String, Number, Dimension)> {
    let classes = told.classes.iter().flat_map(|(name, class)| of_class(class).map(|(what, number, unit)| (name, what, number, unit)));
    let components =
        told.components.iter().flat_map(|(name, part)| of_component(part).map(|(what, number, unit)| (name, what, number, unit)));
    let told = classes.chain(components).filter_map(|(name, what, number, unit)| {
        let number = number.filter(|number| number.value != 0.0)?;
        Some((format!("{name}.{what}"), number, unit))
    });
    told.collect()
}

fn shown(name: &str, value: f64, unit: Dimension) -> String {
    let is_share = ["utilisation", "answered", "rejected"].iter().any(|word| name.ends_with(word));
    if is_share { crate::sim::figures::share(value) } else { Quantity::new(value, unit).to_string() }
}

fn numbers(sheet: &mut Sheet, told: &Estimate) {
    let mut table = Table::new(3, &["measure", "formula", "how sure", "value"]);
    for (name, number, unit) in all(told) {
        let value = shown(&name, number.value, unit);
        table.row(vec![name.into(), number.form.name.into(), number.sureness.name().into(), value.into()]);
    }
    if let Some(first) = &told.first {
        let text = format!("{} x the load", units::significant(first.factor.value));
        let (form, sureness) = (first.factor.form, first.factor.sureness);
        table.row(vec![format!("{} is full at", first.component).into(), form.name.into(), sureness.name().into(), text.into()]);
    }
    sheet.blank();
    sheet.table(&table);
}

/// What each formula in use takes for granted, once.
fn limits(sheet: &mut Sheet, told: &Estimate) {
    let mut seen: Vec<&str> = Vec::new();
    sheet.heading("The formulas, and where each stops being true");
    let all = all(told);
    let forms = all.iter().map(|(_, number, _)| number.form).chain(told.first.iter().map(|first| first.factor.form));
    for form in forms {
        if !seen.contains(&form.name) {
            seen.push(form.name);
            sheet.paragraph(&format!("{}: {}", form.name, form.formula), Tone::Plain);
            sheet.paragraph(&format!("{} ({})", form.limits, form.source), Tone::Quiet);
        }
    }
}

fn why_not(sheet: &mut Sheet, reasons: &[Reason]) {
    if reasons.is_empty() {
        return;
    }
    sheet.heading("What they do not say");
    reasons.iter().for_each(|reason| sheet.paragraph(&reason.to_string(), Tone::Plain));
}

/// A line for each class beside what a run measured: "buy  mean 50 ms, p99 230 ms (M/M/c, exact)".
pub(crate) fn beside(sheet: &mut Sheet, document: &Resolved) {
    let Ok(told) = estimate(document) else { return };
    let left_out = if document.faults.is_empty() { "" } else { ", without faults" };
    let lines = told.classes.iter().filter_map(|(name, class)| {
        let mean = class.mean?;
        let p99 = class.p99.map_or_else(String::new, |p99| format!(", p99 {}", Quantity::new(p99.value, Dimension::TIME)));
        let how = format!("{}, {}", mean.form.name, mean.sureness.name());
        Some(format!("By formula{left_out}: {name} mean {}{p99} ({how}).", Quantity::new(mean.value, Dimension::TIME)))
    });
    lines.for_each(|line| sheet.paragraph(&line, Tone::Quiet));
}

pub(crate) fn json(document: &Resolved) -> Value {
    let reason = |reason: &Reason| json!({ "subject": reason.subject, "why": reason.why, "text": reason.to_string() });
    match estimate(document) {
        Err(reasons) => json!({ "numbers": {}, "reasons": reasons.iter().map(reason).collect::<Vec<_>>() }),
        Ok(told) => {
            let numbers = all(&told).into_iter().map(|(name, number, unit)| {
                let mut fields = Map::new();
                judge::json::in_billionths(&mut fields, Quantity::new(number.value, unit));
                fields.insert("formula".into(), number.form.name.into());
                fields.insert("source".into(), number.form.source.into());
                fields.insert("limits".into(), number.form.limits.into());
                fields.insert("sureness".into(), number.sureness.name().into());
                (name, Value::Object(fields))
            });
            let first = told
                .first
                .as_ref()
                .map(|first| json!({ "component": first.component, "factor_e9": (first.factor.value * 1e9).round() as i64 }));
            json!({
                "numbers": numbers.collect::<Map<_, _>>(),
                "first_saturated": first,
                "reasons": told.reasons.iter().map(reason).collect::<Vec<_>>(),
            })
        }
    }
}
