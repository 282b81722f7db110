//! The outline: the page of the course, its chapters and projects, and every skill with what it
//! needs. Lessons hang below the skills; skills without a lesson yet are still planned.

use serde::Deserialize;

/// `course.toml`. Texts are Markdown unless they are titles.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourseText {
    pub id: String,
    pub version: String,
    pub title: String,
    pub headline: String,
    pub lead: String,
    pub overview: String,
    pub why: String,
    pub able: Vec<Able>,
    pub for_whom: Vec<String>,
    pub prerequisites: Vec<String>,
    pub chapters_note: String,
    pub projects_note: String,
    pub tools_note: String,
    pub leads_to: Vec<String>,
    pub chapters: Vec<Chapter>,
    pub projects: Vec<Project>,
    pub capstone: Capstone,
    pub questions: Vec<Question>,
    /// The rule by which a module is passed, as the certificate quotes it.
    pub pass_rule: String,
}

/// Something the learner will be able to do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Able {
    pub title: String,
    pub about: String,
    pub example: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    pub id: String,
    pub title: String,
    pub about: String,
    /// What the "I know this" tick of the start page says; none where no tick makes sense.
    #[serde(default)]
    pub claim: Option<String>,
    /// Here the other chapters are used together, so what they taught is brought back before.
    #[serde(default)]
    pub capstone: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    pub title: String,
    pub about: String,
    pub graded: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capstone {
    pub title: String,
    pub steps: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub ask: String,
    pub answer: String,
}

/// One row of `skills.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    pub id: String,
    pub title: String,
    pub chapter: String,
    #[serde(default)]
    pub needs: Vec<String>,
    /// Expert guess [logits]; 0 is what a mid-level engineer knows half of the time.
    pub difficulty: f64,
    pub minutes: u32,
    /// The experiment the lesson is built around.
    pub run: String,
    /// The belief it must undo.
    pub trap: String,
    /// Named tools and concepts that this module owns.
    #[serde(default)]
    pub owns: Vec<String>,
    /// Skills whose problems look like those of this one: practice mixes them. Said on one side only.
    #[serde(default)]
    pub confused_with: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SkillFile {
    pub(crate) skills: Vec<Skill>,
}
