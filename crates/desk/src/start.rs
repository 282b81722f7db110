//! Starting: the six background questions and the claims, as a person filled them in.

use std::collections::{BTreeMap, BTreeSet};

use course::Word;
use record::{Entry, Goal, Profile, Role, TextId, What};

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

/// A correction of what was read.
#[derive(Debug, Clone)]
pub enum Correction {
    /// "stack:django"
    Remove(String),
    /// In their own words.
    Add(String),
}

/// The most that is kept of one free text [characters].
const MAX_TEXT: usize = 2_000;

impl Desk {
    /// Keeps the background. `Err(Question)` names the field that cannot be read.
    pub async fn start(&self, form: StartForm) -> Result<u64, DeskError> {
        let shelf = self.shelf();
        let years = number(&form.years, "years of work", 60)?;
        let hours = number(&form.hours, "hours a week", 100)?;
        let known = |id: &&String| shelf.course.stacks.find(id).is_some();
        let mut words: Vec<Word> = form.stacks.iter().filter(known).cloned().map(Word::Stack).collect();
        for text in [&form.stack_text, &form.system] {
            words.extend(shelf.course.background.read(&shelf.course.stacks, text));
        }
        let mut seen = BTreeSet::new();
        words.retain(|word| seen.insert(word.clone()));
        let turn = self.turn().await;
        let learner = self.learner().await?;
        let before = |text: fn(&Profile) -> &Option<TextId>| learner.profile().and_then(|profile| text(profile).clone());
        let stack_text = self.keep_anew(&form.stack_text, before(|profile| &profile.stack_text)).await?;
        let system_text = self.keep_anew(&form.system, before(|profile| &profile.system_text)).await?;
        let claimed = |chapter: &str| form.claims.iter().any(|claim| claim == chapter);
        let skills = shelf.course.skills.iter().filter(|skill| claimed(&skill.chapter)).map(|skill| skill.id.clone()).collect();
        let mut stack = Vec::new();
        let mut system_words = Vec::new();
        for word in &words {
            match word {
                Word::Stack(id) => stack.push(id.clone()),
                other => system_words.push(other.to_string()),
            }
        }
        let profile = Profile {
            name: String::new(),
            role: role(&form.role),
            years,
            stack,
            goal: goal(&form.goal),
            hours,
            system_words,
            texts: [&stack_text, &system_text].into_iter().flatten().cloned().collect(),
            stack_text,
            system_text,
        };
        let mut what = vec![What::Profiled(profile), What::Claimed { skills }];
        what.extend(ticked(&form.stacks, &corrections(&learner.entries)));
        self.append_in(&turn, what).await
    }

    /// What was read in their words is shown, and corrected: a word is taken away, or others are added in
    /// their own words. A correction stays, whatever the same text is read as later.
    pub async fn correct(&self, correction: Correction) -> Result<u64, DeskError> {
        let turn = self.turn().await;
        let learner = self.learner().await?;
        if !learner.has_started() {
            return Err(DeskError::NotYet("Answer the six questions first; they take two minutes.".into()));
        }
        let course = &learner.shelf.course;
        let (words, holds) = match &correction {
            Correction::Remove(word) => (Word::parse(word).into_iter().filter(|word| learner.words.contains(word)).collect(), false),
            Correction::Add(text) => {
                let words = course.background.read(&course.stacks, text);
                if words.is_empty() {
                    let text: String = text.trim().chars().take(40).collect();
                    return Err(DeskError::Question(format!(
                        "“{text}” is no tool, domain or size that this course knows. Write a tool, what the system is for, or a size such as 300 requests a second."
                    )));
                }
                (words, true)
            }
        };
        let holding = |word: &Word| learner.words.contains(word) == holds;
        let what: Vec<What> =
            words.into_iter().filter(|word: &Word| !holding(word)).map(|word| What::Corrected { word: word.to_string(), holds }).collect();
        if what.is_empty() { Ok(learner.seq()) } else { self.append_in(&turn, what).await }
    }

    /// Keeps words, under the id they have if they are the same as before.
    async fn keep_anew(&self, text: &str, before: Option<TextId>) -> Result<Option<TextId>, DeskError> {
        if let Some(id) = before
            && self.text(&id).await?.is_some_and(|kept| kept == tidy(text, MAX_TEXT))
        {
            return Ok(Some(id));
        }
        self.keep_text(text, MAX_TEXT).await
    }

    /// Puts a learner's words where they can be deleted; `None` for an empty text.
    pub(crate) async fn keep_text(&self, text: &str, most: usize) -> Result<Option<TextId>, DeskError> {
        let text = tidy(text, most);
        if text.is_empty() {
            return Ok(None);
        }
        let id = TextId(self.fresh_id());
        self.store.put_text(&self.learner, &id, &text).await?;
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

/// What is kept of a text.
fn tidy(text: &str, most: usize) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || *c == '\n').take(most).collect();
    text.trim().to_owned()
}

/// The last correction of each word.
pub(crate) fn corrections(entries: &[Entry]) -> BTreeMap<String, bool> {
    let correction = |entry: &Entry| match &entry.what {
        What::Corrected { word, holds } => Some((word.clone(), *holds)),
        _ => None,
    };
    entries.iter().filter_map(correction).collect()
}

/// A tick is as good as a correction: it takes back an earlier one that says otherwise.
fn ticked(stacks: &[String], corrections: &BTreeMap<String, bool>) -> Vec<What> {
    let mut what = Vec::new();
    for (word, holds) in corrections {
        if let Some(Word::Stack(id)) = Word::parse(word)
            && stacks.contains(&id) != *holds
        {
            what.push(What::Corrected { word: word.clone(), holds: !holds });
        }
    }
    what
}

/// The words of a profile with all corrections; a size that was added by hand takes the place of one of
/// its kind that was read.
pub(crate) fn corrected(profile: &Profile, corrections: &BTreeMap<String, bool>) -> Vec<Word> {
    let mut words: Vec<Word> = profile.stack.iter().cloned().map(Word::Stack).collect();
    words.extend(profile.system_words.iter().filter_map(|word| Word::parse(word)));
    words.retain(|word| corrections.get(&word.to_string()) != Some(&false));
    for word in corrections.iter().filter(|(_, holds)| **holds).filter_map(|(word, _)| Word::parse(word)) {
        if !words.contains(&word) {
            words.retain(|read| unit(read).is_none_or(|of| unit(&word) != Some(of)) || corrections.contains_key(&read.to_string()));
            words.push(word);
        }
    }
    words
}

/// Of a size, what it is a number of: "requests/s" of "2 million requests/s".
fn unit(word: &Word) -> Option<&str> {
    let Word::Scale(text) = word else { return None };
    Some(
        text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '))
            .trim_start_matches("million ")
            .trim_start_matches("billion "),
    )
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
