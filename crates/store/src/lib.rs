//! Keeping: entries, learners' texts, certificates and a few facts about the instance, in SQLite
//! or PostgreSQL with the same queries. What an entry means is in `record`; what follows from the
//! entries is worked out elsewhere, from nothing, each time.

mod certificates;
mod entries;
mod error;
mod meta;
mod open;
mod texts;

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::sync::Arc;

use sqlx::AnyPool;

pub use certificates::{Certificate, Revocation};
pub use error::StoreError;

/// A handle to the database; clones share it. All methods may be called from many tasks at once.
///
/// A write that returned `Ok` is on disk. After `Unavailable` a write may have happened or not:
/// read before repeating it.
#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    engine: Engine,
    warnings: Arc<[String]>,
    /// Holds the folder of a SQLite database until the last clone is gone.
    _lock: Option<Arc<File>>,
    #[cfg(test)]
    switches: Switches,
}

/// What the operator may decide.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Accept a database that can lose acknowledged writes in a power cut, with a warning instead
    /// of an error. For throwaway test databases.
    pub allow_unsafe_durability: bool,
    #[cfg(test)]
    pub(crate) switches: Switches,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Faults that only this crate's tests can switch on.
#[cfg(test)]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Switches {
    /// Say "kept" first and commit a little later.
    pub(crate) acknowledge_early: bool,
    /// The disk is full at this many pages.
    pub(crate) max_pages: Option<u32>,
}

impl Store {
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// What the operator should know and was not refused, in sentences.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Asks the database for nothing, to learn whether it answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let asked = sqlx::query("select 1").execute(&self.pool).await;
        asked.map(drop).map_err(|error| StoreError::from_sqlx("asking whether it answers", error))
    }

    /// Waits for what is under way and closes; the folder is free when the last clone is dropped.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

impl fmt::Debug for Store {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("engine", &self.engine).finish_non_exhaustive()
    }
}

/// What every text for the database must satisfy: PostgreSQL keeps no NUL, and nothing is endless.
fn check_text(what: &'static str, text: &str, most_bytes: usize) -> Result<(), StoreError> {
    if text.len() > most_bytes {
        return Err(StoreError::Unfit { what, why: format!("it has {} bytes and may have {most_bytes}", text.len()) });
    }
    if text.contains('\0') {
        return Err(StoreError::Unfit { what, why: "it holds the character NUL".to_string() });
    }
    Ok(())
}

/// Ids are short, printable and not empty.
fn check_id(what: &'static str, id: &str) -> Result<(), StoreError> {
    const MAX_ID_BYTES: usize = 200;
    check_text(what, id, MAX_ID_BYTES)?;
    match id.is_empty() || id.chars().any(char::is_control) {
        true => Err(StoreError::Unfit { what, why: "it is empty or not printable".to_string() }),
        false => Ok(()),
    }
}
