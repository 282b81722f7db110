//! Which failure it was, said to the one who can act on it. The library's own error stays behind
//! as the source; whether to try again is the caller's decision.

use std::path::PathBuf;

use record::LearnerId;
use sqlx::migrate::MigrateError;

/// Why the store could not do it. Each `Display` is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("The database address cannot be used because {why}; give sqlite:PATH or postgres://USER@HOST/NAME.")]
    BadUrl { why: String },
    #[error("Another Octo is using the data folder {}; stop that one, or give this one a folder of its own.", folder.display())]
    InUse { folder: PathBuf },
    #[error("The database was written by a newer Octo (migration {version}); start that version, or restore a backup from before it.")]
    Newer { version: i64 },
    #[error("The database could lose what it acknowledged because {setting} is {found} where {wanted} is needed; {remedy}.")]
    Unsafe { setting: String, found: String, wanted: String, remedy: &'static str },
    #[error("The database may not be written while {doing}; give Octo's user the right to write its file and folder, or its tables.")]
    ReadOnly { doing: &'static str },
    /// May succeed later. A write may have happened or not.
    #[error("The database could not be reached while {doing}; check that it runs and can be opened by Octo's user, then try again.")]
    Unavailable { doing: &'static str, source: Box<dyn std::error::Error + Send + Sync> },
    /// Nothing was written; may succeed at once.
    #[error("The database was too busy while {doing}; try again in a moment.")]
    Busy { doing: &'static str },
    /// Nothing was written.
    #[error("The database's disk is full, so nothing was kept while {doing}; free some space, then try again.")]
    Full { doing: &'static str },
    #[error("The database is damaged ({what}); stop Octo, keep a copy of the database, and restore a backup.")]
    Corrupt { what: String },
    /// Nothing was written: another append came first.
    #[error("The record of {} ends at entry {found}, not {expected}; read the entries since {expected} and decide again.", learner.0)]
    Conflict { learner: LearnerId, expected: u64, found: u64 },
    #[error("There is a {what} with the id {id} already; choose another id.")]
    Exists { what: &'static str, id: String },
    #[error("There is no {what} with the id {id}; check the id.")]
    Missing { what: &'static str, id: String },
    #[error("The {what} cannot be kept because {why}; shorten or correct it.")]
    Unfit { what: &'static str, why: String },
    #[error("The database refused a query while {doing}; this is a mistake in Octo, please report it.")]
    Refused { doing: &'static str, source: Box<dyn std::error::Error + Send + Sync> },
}

impl StoreError {
    /// What the database said, sorted by what can be done about it.
    pub(crate) fn from_sqlx(doing: &'static str, error: sqlx::Error) -> Self {
        use sqlx::Error;
        match error {
            Error::Database(said) => {
                let code = said.code().unwrap_or_default().into_owned();
                let message = said.message().to_string();
                Self::from_code(doing, &code, &message).unwrap_or(Self::Refused { doing, source: said.into() })
            }
            Error::PoolTimedOut => Self::Busy { doing },
            Error::Configuration(source) => Self::BadUrl { why: source.to_string() },
            Error::ColumnDecode { index, source } => Self::Corrupt { what: format!("column {index}: {source}") },
            Error::Decode(source) => Self::Corrupt { what: source.to_string() },
            Error::Migrate(error) => Self::from_migrate(*error, i64::MAX),
            error @ (Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::PoolClosed | Error::WorkerCrashed) => {
                Self::Unavailable { doing, source: error.into() }
            }
            error => Self::Refused { doing, source: error.into() },
        }
    }

    /// `newest` is the last migration that this program knows.
    pub(crate) fn from_migrate(error: MigrateError, newest: i64) -> Self {
        const DOING: &str = "bringing its tables up to date";
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => Self::from_sqlx(DOING, error),
            MigrateError::VersionMissing(version) if version > newest => Self::Newer { version },
            MigrateError::VersionMissing(version) => Self::Corrupt { what: format!("its migration {version} is unknown") },
            MigrateError::VersionMismatch(version) => {
                Self::Corrupt { what: format!("its migration {version} is not the one this program has") }
            }
            MigrateError::Dirty(version) => Self::Corrupt { what: format!("its migration {version} stopped halfway") },
            error => Self::Refused { doing: DOING, source: error.into() },
        }
    }

    /// SQLSTATE has five characters; SQLite's extended codes never have.
    fn from_code(doing: &'static str, code: &str, message: &str) -> Option<Self> {
        let unavailable = || Self::Unavailable { doing, source: message.into() };
        let corrupt = || Self::Corrupt { what: message.to_string() };
        if code.len() == 5 {
            return match code {
                "53100" => Some(Self::Full { doing }),
                // Too many clients, lock not available, serialisation, deadlock, cancelled.
                "53300" | "55P03" | "40001" | "40P01" | "57014" => Some(Self::Busy { doing }),
                // A read-only server or transaction, and missing rights.
                "25006" | "42501" => Some(Self::ReadOnly { doing }),
                "XX001" | "XX002" => Some(corrupt()),
                // No such database.
                "3D000" => Some(unavailable()),
                // Connection, authorisation, resources, shutdown, system.
                _ if ["08", "28", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => Some(unavailable()),
                _ => None,
            };
        }
        // The low byte is the primary code: https://www.sqlite.org/rescode.html
        match code.parse::<u32>().ok()? & 0xff {
            5 | 6 => Some(Self::Busy { doing }),
            8 => Some(Self::ReadOnly { doing }),
            10 | 14 => Some(unavailable()),
            11 | 26 => Some(corrupt()),
            13 => Some(Self::Full { doing }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_either_engine_says_which_failure_it_was() {
        for (code, start) in [
            ("13", "The database's disk is full"),
            ("53100", "The database's disk is full"),
            ("5", "The database was too busy"),
            ("517", "The database was too busy"),
            ("40P01", "The database was too busy"),
            ("8", "The database may not be written"),
            ("1032", "The database may not be written"),
            ("42501", "The database may not be written"),
            ("25006", "The database may not be written"),
            ("11", "The database is damaged"),
            ("26", "The database is damaged"),
            ("XX001", "The database is damaged"),
            ("14", "The database could not be reached"),
            ("522", "The database could not be reached"),
            ("57P01", "The database could not be reached"),
            ("08006", "The database could not be reached"),
            ("28P01", "The database could not be reached"),
        ] {
            let error = StoreError::from_code("trying", code, "said").unwrap().to_string();
            assert!(error.starts_with(start), "{code}: {error}");
        }
        for code in ["", "1", "2067", "42601", "x", "é", "aé12", "99999999999"] {
            assert!(StoreError::from_code("trying", code, "said").is_none(), "{code}");
        }
    }
}
