//! Learners' own words, which they can delete. Entries hold only the id.

use record::{LearnerId, TextId};

use crate::{Store, StoreError, check_id, check_text};

pub(crate) const MAX_TEXT_BYTES: usize = 1024 * 1024;

impl Store {
    /// Keeps words under a new id; `Exists` when the id was used before.
    pub async fn put_text(&self, learner: &LearnerId, id: &TextId, words: &str) -> Result<(), StoreError> {
        check_id("learner's id", &learner.0)?;
        check_id("text's id", &id.0)?;
        check_text("text", words, MAX_TEXT_BYTES)?;
        let kept = sqlx::query("insert into free_text (id, learner, words) values ($1, $2, $3) on conflict (id) do nothing")
            .bind(&id.0)
            .bind(&learner.0)
            .bind(words)
            .execute(&self.pool)
            .await
            .map_err(|error| StoreError::from_sqlx("keeping a text", error))?;
        match kept.rows_affected() {
            0 => Err(StoreError::Exists { what: "text", id: id.0.clone() }),
            _ => Ok(()),
        }
    }

    /// `None` when it was deleted, or is another learner's.
    pub async fn text(&self, learner: &LearnerId, id: &TextId) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("select words from free_text where id = $1 and learner = $2")
            .bind(&id.0)
            .bind(&learner.0)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::from_sqlx("reading a text", error))?;
        Ok(row.map(|(words,)| words))
    }

    /// Whether there was anything to delete. Backups and a server's own logs keep it for a while.
    pub async fn delete_text(&self, learner: &LearnerId, id: &TextId) -> Result<bool, StoreError> {
        let deleted = sqlx::query("delete from free_text where id = $1 and learner = $2")
            .bind(&id.0)
            .bind(&learner.0)
            .execute(&self.pool)
            .await
            .map_err(|error| StoreError::from_sqlx("deleting a text", error))?;
        Ok(deleted.rows_affected() > 0)
    }
}
