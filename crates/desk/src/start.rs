//! Starting: the six background questions and the claims, as a person filled them in.

use record::{Goal, Profile, Role, TextId, What};

use crate::{Desk, DeskError};

/// The form as it was sent. Free text is accepted everywhere it makes sense; what cannot be
/// understood is kept as text and asked about, never refused.
#[derive(Debug, Clone, Default)]
pub struct StartForm {
    pub role: String,
    pub years: String,
    /// Ticked stacks.
    pub stacks: Vec<String>,
    /// "Anything else?", in their own words.
    pub stack_text: String,
    pub goal: String,
    pub hours: String,
    /// The system they work on, in their own words.
    pub system: String,
    /// Ids of chapters they claim to know.
    pub claims: Vec<String>,
}

/// The most that is kept of one free text [characters].
const MAX_TEXT: usize = 2_000;

impl Desk {
    /// Keeps the background. `Err(Question)` names the field that cannot be read.
    pub async fn start(&self, form: StartForm) -> Result<u64, DeskError> {
        let shelf = self.shelf();
        let years = number(&form.years, "years of work", 60)?;
        let hours = number(&form.hours, "hours a week", 100)?;
        let mut stack: Vec<String> = form.stacks.iter().filter(|id| shelf.course.stacks.find(id).is_some()).cloned().collect();
        for text in [&form.stack_text, &form.system] {
            stack.extend(shelf.course.stacks.recognise(text));
        }
        let mut seen = std::collections::BTreeSet::new();
        stack.retain(|id| seen.insert(id.clone()));
        let mut texts = Vec::new();
        for text in [&form.stack_text, &form.system] {
            texts.extend(self.keep_text(text, MAX_TEXT).await?);
        }
        let claimed = |chapter: &str| form.claims.iter().any(|claim| claim == chapter);
        let skills = shelf.course.skills.iter().filter(|skill| claimed(&skill.chapter)).map(|skill| skill.id.clone()).collect();
        let profile = Profile {
            name: String::new(),
            role: role(&form.role),
            years,
            stack,
            goal: goal(&form.goal),
            hours,
            system_words: Vec::new(),
            texts,
        };
        self.append(vec![What::Profiled(profile), What::Claimed { skills }]).await
    }

    /// Puts a learner's words where they can be deleted; `None` for an empty text.
    pub(crate) async fn keep_text(&self, text: &str, most: usize) -> Result<Option<TextId>, DeskError> {
        let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').take(most).collect();
        if text.trim().is_empty() {
            return Ok(None);
        }
        let id = TextId(self.fresh_id());
        self.store.put_text(&self.learner, &id, text.trim()).await?;
        Ok(Some(id))
    }

    /// Deletes everything the learner wrote in their own words; the record stays whole. Returns
    /// how many texts went.
    pub async fn delete_texts(&self) -> Result<usize, DeskError> {
        let learner = self.learner().await?;
        let mut gone = 0;
        for entry in &learner.entries {
            let texts: Vec<&TextId> = match &entry.what {
                What::Profiled(profile) => profile.texts.iter().collect(),
                What::Answered(answer) => answer.text.iter().collect(),
                What::Wrote { text, .. } => vec![text],
                _ => Vec::new(),
            };
            for id in texts {
                gone += usize::from(self.store.delete_text(&self.learner, id).await?);
            }
        }
        Ok(gone)
    }

    pub async fn text(&self, id: &TextId) -> Result<Option<String>, DeskError> {
        Ok(self.store.text(&self.learner, id).await?)
    }
}

/// "3", "about 3 years", "2-5": the first whole number of the text; empty is 0.
fn number(text: &str, what: &str, most: u8) -> Result<u8, DeskError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    match digits.parse::<u32>() {
        Ok(n) if n <= u32::from(most) && !text.starts_with('-') => Ok(n as u8),
        _ => Err(DeskError::Question(format!(
            "“{}” does not read as {what}. Write a number from 0 to {most}.",
            text.chars().take(40).collect::<String>()
        ))),
    }
}

fn role(text: &str) -> Role {
    match text {
        "backend" => Role::Backend,
        "full-stack" => Role::FullStack,
        "frontend" => Role::Frontend,
        "data" => Role::Data,
        "operations" => Role::Operations,
        "lead" => Role::Lead,
        "student" => Role::Student,
        _ => Role::Other,
    }
}

fn goal(text: &str) -> Goal {
    match text {
        "promotion" => Goal::Promotion,
        "interviews" => Goal::Interviews,
        "work" => Goal::Work,
        _ => Goal::Understanding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_read_from_what_people_write() {
        let read = |text: &str| number(text, "years", 60).ok();
        assert_eq!(
            [read("3"), read("about 4 years"), read("2-5"), read(""), read("-3"), read("many"), read("1e9999")],
            [Some(3), Some(4), Some(2), Some(0), None, None, Some(1)]
        );
    }
}
