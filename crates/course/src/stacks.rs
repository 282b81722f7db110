//! The stacks of the pack, and how they are recognised in a learner's own words.

use std::collections::BTreeSet;

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
    /// Whether the start page offers it as a tick.
    #[serde(default)]
    pub ticked: bool,
}

impl Stacks {
    pub fn find(&self, id: &str) -> Option<&Stack> {
        self.stacks.iter().find(|stack| stack.id == id)
    }

    /// The stacks that a free text names, in the order of the pack. Whole words only, so that
    /// "go" is not found in "good"; at most 4,000 characters are read.
    pub fn recognise(&self, text: &str) -> Vec<String> {
        let lower: String = text.chars().take(4_000).flat_map(char::to_lowercase).collect();
        let tokens: Vec<&str> = lower
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '#' | '+')))
            .map(|word| word.trim_matches('.'))
            .filter(|word| !word.is_empty())
            .collect();
        let mut phrases: BTreeSet<String> = BTreeSet::new();
        for width in 1..=3 {
            phrases.extend(tokens.windows(width).map(|window| window.join(" ")));
        }
        self.stacks
            .iter()
            .filter(|stack| {
                phrases.contains(&stack.id)
                    || phrases.contains(&stack.name.to_lowercase())
                    || stack.words.iter().any(|word| phrases.contains(word))
            })
            .map(|stack| stack.id.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stacks() -> Stacks {
        let stack = |id: &str, name: &str, words: &[&str]| Stack {
            id: id.into(),
            name: name.into(),
            group: String::new(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            ticked: false,
        };
        Stacks {
            stacks: vec![
                stack("django", "Django", &[]),
                stack("postgresql", "PostgreSQL", &["postgres", "pg"]),
                stack("go", "Go", &["golang"]),
                stack("dotnet", ".NET", &["c#", "asp.net core"]),
            ],
        }
    }

    #[test]
    fn stacks_are_found_in_free_text() {
        let found = |text: &str| stacks().recognise(text).join(" ");
        assert_eq!(found("I run a Django clinic-booking app on Heroku with Postgres and Celery"), "django postgresql");
        assert_eq!(found("good googling, ASP.NET Core"), "dotnet");
        assert_eq!(found("Go, mostly; some C#"), "go dotnet");
        assert_eq!(found("<script>alert('go')</script>"), "go");
    }
}
