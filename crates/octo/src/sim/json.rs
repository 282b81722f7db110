//! The report as JSON: the engine's own, and what to be careful about.

use serde_json::Value;
use sim::Report;

pub(crate) fn report(report: &Report, cautions: &[String]) -> Value {
    let mut value = report.to_json();
    if let Value::Object(fields) = &mut value {
        fields.insert("cautions".into(), cautions.into());
    }
    value
}

/// Indented, but a list of numbers or words on one line: a column of the time series has 240.
pub(crate) fn text(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text.push('\n');
    text
}

fn write(text: &mut String, value: &Value, depth: usize) {
    let line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    };
    let is_nested = |value: &Value| value.is_array() || value.is_object();
    match value {
        Value::Array(values) if values.iter().any(is_nested) => {
            text.push('[');
            for (at, value) in values.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                line(text, depth + 1);
                write(text, value, depth + 1);
            }
            line(text, depth);
            text.push(']');
        }
        Value::Object(fields) if !fields.is_empty() => {
            text.push('{');
            for (at, (name, value)) in fields.iter().enumerate() {
                text.push_str(if at > 0 { "," } else { "" });
                line(text, depth + 1);
                text.push_str(&format!("{}: ", Value::from(name.as_str())));
                write(text, value, depth + 1);
            }
            line(text, depth);
            text.push('}');
        }
        _ => text.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn columns_stand_on_one_line_and_nothing_is_lost() {
        let value = json!({ "a\"b": [1, null, 3], "empty": {}, "none": [], "rows": [{ "x": "y" }, [[1], []]] });
        let text = super::text(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        expect_test::expect![[r#"
            {
              "a\"b": [1,null,3],
              "empty": {},
              "none": [],
              "rows": [
                {
                  "x": "y"
                },
                [
                  [1],
                  []
                ]
              ]
            }
        "#]]
        .assert_eq(&text);
    }
}
