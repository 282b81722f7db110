//! The shapes that cross into JavaScript: problems, measures, the steps of an estimate and what formulas
//! tell.

use design::{Problem, Severity};
#[cfg(feature = "studio")]
use serde_json::Map;
use serde_json::{Value, json};

/// A measure that a figure shows.
pub(crate) struct Wanted {
    name: String,
    unit: Option<String>,
}

/// A list of measures; none if the text is something else.
pub(crate) fn wanted(text: &str) -> Option<Vec<Wanted>> {
    let list = design::json(text).ok()?;
    let one = |value: &Value| {
        let unit = match &value["unit"] {
            Value::Null => None,
            unit => Some(unit.as_str()?.to_owned()),
        };
        Some(Wanted { name: value["name"].as_str()?.to_owned(), unit })
    };
    list.as_array()?.iter().map(one).collect()
}

/// An object of texts; none if the text is something else.
pub(crate) fn texts(text: &str) -> Option<Vec<(String, String)>> {
    let Value::Object(map) = design::json(text).ok()? else { return None };
    map.into_iter().map(|(key, value)| Some((key, value.as_str()?.to_owned()))).collect()
}

pub(crate) fn problem(problem: &Problem) -> Value {
    json!({
        "severity": match problem.severity { Severity::Note => "note", Severity::Error => "error" },
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "suggestion": problem.suggestion,
    })
}

pub(crate) fn problems(list: &[Problem]) -> String {
    Value::Array(list.iter().map(problem).collect()).to_string()
}

/// A list with one error that concerns no line.
pub(crate) fn error(path: &str, message: String) -> String {
    json!([{ "severity": "error", "path": path, "line": null, "column": null, "message": message, "suggestion": null }]).to_string()
}

/// A plain number is shown as a percentage where the page asks for one.
pub(crate) fn measure(report: &sim::Report, wanted: &Wanted) -> Result<Value, String> {
    let Wanted { name, unit } = wanted;
    let (shown, value) = match report.measure(name) {
        Some(sim::Measure::Quantity(quantity)) => {
            let shown = if unit.as_deref() == Some("%") { quantity.percent() } else { quantity.to_string() };
            (shown, Some(in_unit(quantity.value, unit.as_deref())?))
        }
        Some(sim::Measure::Text(text)) => (text, None),
        None => ("not measured".to_owned(), None),
    };
    Ok(json!({ "name": name, "shown": shown, "value": value }))
}

/// A value in base units, in a unit such as "ms", "%" or "requests/s".
fn in_unit(value: f64, unit: Option<&str>) -> Result<f64, String> {
    let Some(unit) = unit else { return Ok(value) };
    let one = units::Quantity::parse(&format!("1 {unit}")).map_err(|wrong| error("measures", wrong.to_string()))?;
    Ok(value / one.value)
}

#[cfg(feature = "studio")]
pub(crate) fn steps(sheet: &napkin::Sheet) -> String {
    let steps = sheet.steps.iter().map(|step| {
        let quantity = step.value.quantity();
        json!({ "name": step.name, "text": step.text, "shown": step.shown, "value": quantity.value, "unit": quantity.dimension.noun() })
    });
    Value::Array(steps.collect()).to_string()
}

#[cfg(feature = "studio")]
pub(crate) fn napkin_problems(list: &[napkin::Problem]) -> String {
    let problems = list.iter().map(|problem| {
        json!({
            "severity": "error",
            "path": "",
            "line": problem.line,
            "column": problem.columns.start,
            "message": problem.message,
            "suggestion": problem.suggestion,
        })
    });
    Value::Array(problems.collect()).to_string()
}

#[cfg(feature = "studio")]
pub(crate) fn instant(told: &Result<judge::instant::Estimate, Vec<judge::instant::Reason>>) -> String {
    use units::Dimension as D;
    let mut numbers = Map::new();
    let mut put = |of: &str, what: &str, number: Option<judge::instant::Number>, unit: D| {
        let Some(number) = number else { return };
        let shown = units::Quantity::new(number.value, unit).to_string();
        let (form, sureness) = (number.form, number.sureness.name());
        let value = json!({ "value": number.value, "shown": shown, "formula": form.name, "limits": form.limits, "sureness": sureness });
        numbers.insert(format!("{of}.{what}"), value);
    };
    let mut first = Value::Null;
    let reasons = match told {
        Err(reasons) => reasons,
        Ok(told) => {
            for (name, class) in &told.classes {
                for (what, number) in [("mean", class.mean), ("p50", class.p50), ("p95", class.p95), ("p99", class.p99)] {
                    put(name, what, number, D::TIME);
                }
                put(name, "rate", class.rate, D::RATE);
                put(name, "most", class.most, D::RATE);
                put(name, "answered", class.answered, D::NONE);
            }
            for (name, part) in &told.components {
                put(name, "utilisation", part.utilisation, D::NONE);
                put(name, "rate", part.rate, D::RATE);
                put(name, "wait", part.wait, D::TIME);
                put(name, "time", part.time, D::TIME);
            }
            if let Some(found) = &told.first {
                first = json!({ "component": found.component, "factor": found.factor.value });
            }
            &told.reasons
        }
    };
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    json!({ "numbers": numbers, "first": first, "reasons": reasons }).to_string()
}
