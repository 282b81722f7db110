//! The background of a learner, as the six questions gave it. Free text is not here: only the
//! words that were recognised in it, and the id under which the text is kept.

use serde::{Deserialize, Serialize};

use crate::TextId;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// The name that a certificate will carry; may be empty until then.
    #[serde(default)]
    pub name: String,
    pub role: Role,
    /// Years of work with software.
    pub years: u8,
    /// Words of the pack's list of stacks: "django", "postgresql".
    pub stack: Vec<String>,
    pub goal: Goal,
    /// Hours a week that they have for this.
    pub hours: u8,
    /// Words recognised in the description of the system they work on: domain and scale.
    #[serde(default)]
    pub system_words: Vec<String>,
    /// Their own words, kept apart so that they can be deleted.
    #[serde(default)]
    pub texts: Vec<TextId>,
    /// Which of them says what they work with, and which describes their system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack_text: Option<TextId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_text: Option<TextId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    #[default]
    Backend,
    FullStack,
    Frontend,
    Data,
    Operations,
    Lead,
    Student,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// A promotion ahead.
    Promotion,
    /// Interviews ahead.
    Interviews,
    /// Designs to be defended at work.
    Work,
    #[default]
    Understanding,
}
