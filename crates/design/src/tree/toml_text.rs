//! A whole text of TOML as a tree. What is wrong in one place is a slip, and the rest is read.

mod depth;

use toml::de::{DeTable, DeValue};

use super::{DEPTH_MAX, Entry, Node, Slip, Table, Tree, Value, slip};

pub(crate) fn parse_toml(text: &str) -> (Table, Vec<Slip>) {
    if let Some(at) = depth::too_deep(text, DEPTH_MAX) {
        return (Table::new(), vec![slip(at, format!("This is nested deeper than {DEPTH_MAX}."), None)]);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let slips = errors.iter().take(50).map(|error| {
        let at = error.span().map_or(0, |span| span.start);
        slip(at, format!("This is not TOML: {}.", error.message().trim_end_matches('.')), None)
    });
    let mut tree = Tree { text, slips: slips.collect() };
    let table = tree.toml_table(table.into_inner(), 1);
    (table, tree.slips)
}

impl Tree<'_> {
    fn toml_table(&mut self, table: DeTable<'_>, depth: usize) -> Table {
        let mut out = Table::new();
        for (key, value) in table {
            let at = key.span().start;
            if let Some(node) = self.toml_node(value, at, depth) {
                out.insert(key.into_inner().into_owned(), Entry { at, node });
            }
        }
        out
    }

    fn toml_node(&mut self, value: toml::Spanned<DeValue<'_>>, key_at: usize, depth: usize) -> Option<Node> {
        let span = value.span();
        let mut inner = None;
        let value = match value.into_inner() {
            DeValue::String(text) => {
                inner = self.inner(span.clone(), &text);
                Value::Text(text.into_owned())
            }
            DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(integer) => Value::Integer(integer),
                Err(_) => {
                    self.slip(span.start, "This number is larger than can be held.", Some("Check it, or write it as a text."));
                    return None;
                }
            },
            DeValue::Float(float) => Value::Float(self.float(float.as_str(), span.start)?),
            DeValue::Boolean(flag) => Value::Flag(flag),
            DeValue::Datetime(time) => Value::Text(time.to_string()),
            DeValue::Array(_) | DeValue::Table(_) if depth >= DEPTH_MAX => {
                self.slip(span.start, format!("This is nested deeper than {DEPTH_MAX}."), None);
                return None;
            }
            DeValue::Array(nodes) => {
                let nodes = nodes.into_iter().filter_map(|node| {
                    let at = node.span().start;
                    self.toml_node(node, at, depth + 1)
                });
                Value::List(nodes.collect())
            }
            DeValue::Table(table) => Value::Table(self.toml_table(table, depth + 1)),
        };
        // A table written by its dotted children has no place of its own.
        let at = if span.is_empty() { key_at } else { span.start };
        Some(Node { value, at, inner })
    }
}
