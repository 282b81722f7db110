//! The record: entries are appended and read, never changed.

use record::{Entry, LearnerId, Moment, TextId, What};

use crate::texts::MAX_TEXT_BYTES;
use crate::{Store, StoreError, check_id, check_text};

const APPENDING: &str = "appending to a record";
const READING: &str = "reading a record";
const MAX_ENTRY_BYTES: usize = 256 * 1024;
const MAX_APPENDED: usize = 1000;

impl Store {
    /// Appends in one piece after entry `after` (0: the record is empty), numbers the entries
    /// from there, and returns them as they were kept. `Conflict` when the record ends elsewhere.
    pub async fn append(&self, learner: &LearnerId, after: u64, what: Vec<(Moment, What)>) -> Result<Vec<Entry>, StoreError> {
        check_id("learner's id", &learner.0)?;
        let entries = number(learner, after, what)?;
        let bodies = entries.iter().map(body).collect::<Result<Vec<_>, _>>()?;
        let (Some(last), Some(before)) = (entries.last(), signed(after)) else {
            return Ok(entries);
        };
        let failed = |error| StoreError::from_sqlx(APPENDING, error);
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        // A write comes first on purpose: SQLite then waits for its turn here instead of failing
        // later, and PostgreSQL locks the learner's row.
        sqlx::query("insert into learner (id, last_seq) values ($1, 0) on conflict (id) do nothing")
            .bind(&learner.0)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        let moved = sqlx::query("update learner set last_seq = $3 where id = $1 and last_seq = $2")
            .bind(&learner.0)
            .bind(before)
            .bind(signed(last.seq))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        if moved.rows_affected() == 0 {
            transaction.rollback().await.map_err(failed)?;
            let found = self.last_seq(learner).await?;
            return Err(StoreError::Conflict { learner: learner.clone(), expected: after, found });
        }
        for (entry, body) in entries.iter().zip(bodies) {
            sqlx::query("insert into entry (learner, seq, at_ms, what) values ($1, $2, $3, $4)")
                .bind(&learner.0)
                .bind(signed(entry.seq))
                .bind(entry.at.0)
                .bind(body)
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        #[cfg(test)]
        if self.switches.acknowledge_early {
            tokio::spawn(async move {
                tokio::time::sleep(std::time::Duration::from_millis(3)).await;
                drop(transaction.commit().await);
            });
            return Ok(entries);
        }
        transaction.commit().await.map_err(failed)?;
        Ok(entries)
    }

    /// Puts a whole record and the texts that it names where there is none, in one piece: all of it is
    /// kept or nothing. `Conflict` when the learner has entries already. Returns how many there are.
    pub async fn restore(&self, learner: &LearnerId, what: Vec<(Moment, What)>, texts: &[(TextId, String)]) -> Result<u64, StoreError> {
        const RESTORING: &str = "reading in a record";
        check_id("learner's id", &learner.0)?;
        for (id, words) in texts {
            check_id("text's id", &id.0)?;
            check_text("text", words, MAX_TEXT_BYTES)?;
        }
        let last = signed(what.len() as u64).unwrap_or(i64::MAX);
        let failed = |error| StoreError::from_sqlx(RESTORING, error);
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        // As in `append`: the write comes first, and it is what keeps two of them apart.
        sqlx::query("insert into learner (id, last_seq) values ($1, 0) on conflict (id) do nothing")
            .bind(&learner.0)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        let moved = sqlx::query("update learner set last_seq = $2 where id = $1 and last_seq = 0")
            .bind(&learner.0)
            .bind(last)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        if moved.rows_affected() == 0 {
            transaction.rollback().await.map_err(failed)?;
            let found = self.last_seq(learner).await?;
            return Err(StoreError::Conflict { learner: learner.clone(), expected: 0, found });
        }
        for (seq, (at, what)) in (1_i64..).zip(what) {
            let entry = Entry { learner: learner.clone(), seq: seq.unsigned_abs(), at, what };
            sqlx::query("insert into entry (learner, seq, at_ms, what) values ($1, $2, $3, $4)")
                .bind(&learner.0)
                .bind(seq)
                .bind(at.0)
                .bind(body(&entry)?)
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
        for (id, words) in texts {
            let kept = "insert into free_text (id, learner, words) values ($1, $2, $3) \
                        on conflict (id) do update set words = excluded.words where free_text.learner = excluded.learner";
            let kept = sqlx::query(kept).bind(&id.0).bind(&learner.0).bind(words).execute(&mut *transaction).await.map_err(failed)?;
            if kept.rows_affected() == 0 {
                transaction.rollback().await.map_err(failed)?;
                return Err(StoreError::Exists { what: "text", id: id.0.clone() });
            }
        }
        transaction.commit().await.map_err(failed)?;
        Ok(last.unsigned_abs())
    }

    /// The whole record, in order. Empty for an unknown learner.
    pub async fn entries(&self, learner: &LearnerId) -> Result<Vec<Entry>, StoreError> {
        self.entries_since(learner, 0).await
    }

    /// The entries after entry `seq`, in order.
    pub async fn entries_since(&self, learner: &LearnerId, seq: u64) -> Result<Vec<Entry>, StoreError> {
        let Some(seq) = signed(seq) else { return Ok(Vec::new()) };
        let rows: Vec<(i64, i64, String)> =
            sqlx::query_as("select seq, at_ms, what from entry where learner = $1 and seq > $2 order by seq")
                .bind(&learner.0)
                .bind(seq)
                .fetch_all(&self.pool)
                .await
                .map_err(|error| StoreError::from_sqlx(READING, error))?;
        let mut entries = Vec::with_capacity(rows.len());
        for (expected, (found, at, what)) in (seq + 1..).zip(rows) {
            if found != expected {
                return Err(corrupt(learner, expected, "it is missing"));
            }
            let what = serde_json::from_str(&what).map_err(|error| corrupt(learner, found, &error.to_string()))?;
            entries.push(Entry { learner: learner.clone(), seq: found.unsigned_abs(), at: Moment(at), what });
        }
        Ok(entries)
    }

    /// The number of the last entry; 0 for an unknown learner.
    pub async fn last_seq(&self, learner: &LearnerId) -> Result<u64, StoreError> {
        let row: Option<(i64,)> = sqlx::query_as("select last_seq from learner where id = $1")
            .bind(&learner.0)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::from_sqlx(READING, error))?;
        Ok(row.map_or(0, |(seq,)| seq.unsigned_abs()))
    }

    /// Everyone who has a record, by id.
    pub async fn learners(&self) -> Result<Vec<LearnerId>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as("select id from learner")
            .fetch_all(&self.pool)
            .await
            .map_err(|error| StoreError::from_sqlx("listing the learners", error))?;
        // Sorted here: the databases disagree about the order of texts.
        let mut learners: Vec<_> = rows.into_iter().map(|(id,)| LearnerId(id)).collect();
        learners.sort();
        Ok(learners)
    }
}

fn number(learner: &LearnerId, after: u64, what: Vec<(Moment, What)>) -> Result<Vec<Entry>, StoreError> {
    let unfit = |why: &str| Err(StoreError::Unfit { what: "group of entries", why: why.to_string() });
    if what.len() > MAX_APPENDED {
        return unfit("it has more than 1000 entries");
    }
    if after > u64::MAX / 4 {
        return unfit("no record is that long");
    }
    let numbered = (after + 1..).zip(what);
    Ok(numbered.map(|(seq, (at, what))| Entry { learner: learner.clone(), seq, at, what }).collect())
}

fn body(entry: &Entry) -> Result<String, StoreError> {
    let body = serde_json::to_string(&entry.what).map_err(|error| StoreError::Unfit { what: "entry", why: error.to_string() })?;
    check_text("entry", &body, MAX_ENTRY_BYTES)?;
    Ok(body)
}

/// The databases count in signed numbers; a number beyond them is beyond any record.
fn signed(seq: u64) -> Option<i64> {
    i64::try_from(seq).ok()
}

fn corrupt(learner: &LearnerId, seq: i64, why: &str) -> StoreError {
    StoreError::Corrupt { what: format!("entry {seq} of learner {}: {why}", learner.0) }
}
