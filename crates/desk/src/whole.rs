//! A learner's whole record: taken along as a file, and read in by an instance that has none. The form
//! of the file is in `record::file`; how a file or an upload is opened is the caller's business.

use record::file::{Fault, Text, Whole, as_of, texts_of};
use record::{Entry, Moment, What};
use store::StoreError;

use crate::{Desk, DeskError, xapi};

/// What a file holds, or what was read in from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    pub entries: usize,
    pub texts: usize,
    /// Of the first and of the last entry.
    pub from: Option<Moment>,
    pub to: Option<Moment>,
    /// The name of the course it was made with, if that is another one.
    pub other_course: Option<String>,
}

impl Desk {
    /// The record as JSON lines, words of their own included.
    pub async fn export(&self) -> Result<String, DeskError> {
        let learner = self.learner().await?;
        let mut texts = Vec::new();
        for id in texts_of(&learner.entries) {
            // What was deleted stays deleted.
            if let Some(words) = self.text(&id).await? {
                texts.push(Text { id, words });
            }
        }
        let whole = Whole { course: learner.shelf.course.text.id.clone(), texts, entries: learner.entries.clone() };
        Ok(whole.to_lines())
    }

    /// The record as xAPI statements, one a line. `home` is the address of this instance.
    pub async fn export_xapi(&self, home: &str) -> Result<String, DeskError> {
        let instance = self.store.instance_id().await?;
        let learner = self.learner().await?;
        Ok(xapi::statements(&learner, &instance, home))
    }

    /// What would be read in, and whether it could be.
    pub async fn check_import(&self, read: &Result<Whole, Fault>) -> Result<Brought, DeskError> {
        let seq = self.last_seq().await?;
        let whole = read.as_ref().map_err(|fault| DeskError::Question(format!("{fault} Nothing was read in.")))?;
        if seq > 0 {
            return Err(not_empty(seq));
        }
        if whole.entries.is_empty() {
            return Err(DeskError::Question("The file holds a record without entries, so there is nothing to read in.".into()));
        }
        let at = |entry: Option<&Entry>| entry.map(|entry| entry.at);
        let course = self.shelf().course.text.id.clone();
        Ok(Brought {
            entries: whole.entries.len(),
            texts: whole.texts.len(),
            from: at(whole.entries.first()),
            to: at(whole.entries.last()),
            other_course: (whole.course != course).then(|| whole.course.chars().take(80).collect()),
        })
    }

    /// Reads a record in, all of it or nothing; only where there is none yet.
    pub async fn import(&self, read: Result<Whole, Fault>) -> Result<Brought, DeskError> {
        let turn = self.turn().await;
        let brought = self.check_import(&read).await?;
        // Checked above; said again for whoever changes it.
        let whole = read.map_err(|fault| DeskError::Question(fault.to_string()))?;
        let entries = as_of(whole.entries, &self.learner);
        let what: Vec<(Moment, What)> = entries.into_iter().map(|entry| (entry.at, entry.what)).collect();
        let texts: Vec<_> = whole.texts.into_iter().map(|text| (text.id, text.words)).collect();
        match self.store.restore(&self.learner, what, &texts).await {
            Ok(seq) => self.remember_length(seq),
            Err(StoreError::Conflict { found, .. }) => return Err(not_empty(found)),
            Err(StoreError::Unfit { what, why }) => {
                return Err(DeskError::Question(format!("The {what} cannot be kept because {why}. Nothing was read in.")));
            }
            Err(error) => return Err(error.into()),
        }
        drop(turn);
        Ok(brought)
    }
}

fn not_empty(seq: u64) -> DeskError {
    DeskError::Question(format!(
        "This Octo has a record of {seq} entries already, and a record is never written over. Start Octo with another data folder (octo --data FOLDER) and read the file in there. Nothing was read in."
    ))
}
