//! The stacks of the pack. How they are recognised in a learner's own words is in `reader`.

use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stacks {
    pub stacks: Vec<Stack>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stack {
    pub id: String,
    pub name: String,
    /// "Languages and frameworks", "Stores", "Caches", "Brokers", "Edge and hosting".
    pub group: String,
    /// Other words that give it away, in lower case.
    #[serde(default)]
    pub words: Vec<String>,
    /// Those of its words that are plain English too: they count only where they stand as a name.
    #[serde(default)]
    pub plain: Vec<String>,
    /// Whether the start page offers it as a tick.
    #[serde(default)]
    pub ticked: bool,
}

impl Stacks {
    pub fn find(&self, id: &str) -> Option<&Stack> {
        self.stacks.iter().find(|stack| stack.id == id)
    }
}
