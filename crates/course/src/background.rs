//! The background of a learner as the pack can read it: which words are known, and what is read in a
//! learner's own words by rules. What follows for their course is decided elsewhere.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::outline::Skill;
use crate::pack::Course;
use crate::problem::{Problem, Reporter};
use crate::reader::Reader;
use crate::stacks::Stacks;

/// `background.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Background {
    /// Words that deny what follows them.
    #[serde(default)]
    pub denials: Vec<String>,
    /// Words that are never a misspelled tool.
    #[serde(default)]
    pub never: Vec<String>,
    #[serde(default)]
    pub domains: Vec<Domain>,
    #[serde(default)]
    pub measures: Vec<Measure>,
    #[serde(default)]
    pub numbers: BTreeMap<String, f64>,
    #[serde(default)]
    pub multipliers: BTreeMap<String, f64>,
}

/// What a system is for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    pub id: String,
    pub name: String,
    pub words: Vec<String>,
    /// Skills and chapters that are worth more to those who work on it.
    #[serde(default)]
    pub raises: Vec<String>,
    /// How the brief of a capstone begins.
    #[serde(default)]
    pub brief: String,
    /// Stands over the notes of lessons that are for it: "In a clinic".
    #[serde(default)]
    pub heading: String,
}

/// Words that make the number before them a size.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Of one kind, only the largest that is named counts.
    pub id: String,
    /// "requests/s"
    pub shown: String,
    pub words: Vec<String>,
    #[serde(default = "one")]
    pub factor: f64,
    /// What follows the number in sums of lessons: "/s"; nothing for a count.
    #[serde(default)]
    pub napkin: String,
    /// Larger units, for what is so many times as large.
    #[serde(default)]
    pub larger: BTreeMap<String, f64>,
}

fn one() -> f64 {
    1.0
}

/// A word of the background, as the record keeps it: "stack:django", "domain:health",
/// "scale:300 requests/s".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    Stack(String),
    Domain(String),
    Scale(String),
}

impl Word {
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        match kind {
            "stack" => Some(Self::Stack(id.to_owned())),
            "domain" => Some(Self::Domain(id.to_owned())),
            "scale" => Some(Self::Scale(id.to_owned())),
            _ => None,
        }
    }
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stack(id) => write!(f, "stack:{id}"),
            Self::Domain(id) => write!(f, "domain:{id}"),
            Self::Scale(text) => write!(f, "scale:{text}"),
        }
    }
}

/// What is believed of the system that a learner works on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct System {
    pub domains: Vec<String>,
    pub scales: Vec<String>,
}

impl Background {
    pub fn domain(&self, id: &str) -> Option<&Domain> {
        self.domains.iter().find(|domain| domain.id == id)
    }

    /// The words that a free text names and does not deny: stacks and domains in the order of the pack,
    /// then sizes in the order of the text. At most 4,000 characters are read.
    pub fn read(&self, stacks: &Stacks, text: &str) -> Vec<Word> {
        Reader::new(self, stacks).read(text)
    }

    /// How much a skill is worth to somebody with these domains: 1 is ordinary.
    pub fn need(&self, skill: &Skill, domains: &[String]) -> f64 {
        const RAISED: f64 = 2.0;
        let raised = domains.iter().filter_map(|id| self.domain(id)).any(|domain| {
            let names = |word: &String| *word == skill.id || *word == skill.chapter;
            domain.raises.iter().any(names)
        });
        if raised { RAISED } else { 1.0 }
    }

    /// What stands over a note for these domains, of which some are a reader's: "In a clinic and in a shop".
    pub fn heading(&self, of_note: &[String], own: &[String]) -> String {
        let headings = own.iter().filter(|id| of_note.contains(id)).filter_map(|id| self.domain(id)).map(|domain| domain.heading.as_str());
        headings.filter(|heading| !heading.is_empty()).fold(String::new(), |joined, heading| match joined.as_str() {
            "" => heading.to_owned(),
            _ => format!("{joined} and {}", lower(heading)),
        })
    }

    /// How a capstone for this system would begin; empty when nothing is known of it.
    pub fn brief(&self, system: &System) -> String {
        let Some(domain) = system.domains.iter().find_map(|id| self.domain(id)).filter(|domain| !domain.brief.is_empty()) else {
            return String::new();
        };
        match system.scales.as_slice() {
            [] => domain.brief.clone(),
            scales => format!("{} It is as large as yours: {}.", domain.brief, scales.join(", ")),
        }
    }
}

/// "In a shop" -> "in a shop".
fn lower(heading: &str) -> String {
    let mut letters = heading.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What the background names must exist, and one id must not mean two things.
pub(crate) fn check(course: &Course, problems: &mut Vec<Problem>) {
    let mut report = Reporter::new("background.toml", problems);
    for (at, domain) in course.background.domains.iter().enumerate() {
        let twice = course.background.domains[..at].iter().any(|other| other.id == domain.id) || course.stacks.find(&domain.id).is_some();
        if twice {
            report.error(0, format!("The id “{}” stands twice, among domains or stacks.", domain.id));
        }
        let known = |word: &&String| course.skill(word).is_some() || course.text.chapters.iter().any(|chapter| chapter.id == **word);
        for word in domain.raises.iter().filter(|word| !known(word)) {
            report.error(0, format!("The domain {} raises “{word}”, which is neither a skill nor a chapter.", domain.id));
        }
    }
    for measure in course.background.measures.iter().filter(|measure| !(measure.factor.is_finite() && measure.factor > 0.0)) {
        report.error(0, format!("A measure “{}” has the factor {}; give a number above 0.", measure.id, measure.factor));
    }
}
