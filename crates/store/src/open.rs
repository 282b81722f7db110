//! Opening: the folder's lock, the tables, and the settings without which an acknowledged write
//! could be lost. Every setting is read back, because a database may refuse one silently.

use std::fs::{DirBuilder, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, ConnectOptions as _, Connection as _};

use crate::{Engine, Options, Store, StoreError};

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Within a data folder, beside the database.
const LOCK: &str = "octo.lock";
const OPENING: &str = "opening it";
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// SQLite has one writer at a time; more connections only wait for each other.
const SQLITE_CONNECTIONS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 8;

impl Store {
    /// Opens `sqlite:PATH` (made, with its folder, when missing) or `postgres://...`, and brings
    /// the tables up to date. A SQLite folder is held alone: a second process gets `InUse`.
    pub async fn open(url: &str, options: &Options) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        match url.split_once(':') {
            Some(("sqlite", rest)) => {
                let path = sqlite_path(rest)?;
                let lock = hold_folder(&path)?;
                Self::open_engine(Engine::Sqlite, &sqlite_url(&path), Some(lock), options).await
            }
            Some(("postgres" | "postgresql", _)) => Self::open_engine(Engine::Postgres, url, None, options).await,
            _ => Err(StoreError::BadUrl { why: "it starts with neither sqlite: nor postgres:".to_string() }),
        }
    }

    async fn open_engine(engine: Engine, url: &str, lock: Option<File>, options: &Options) -> Result<Self, StoreError> {
        let connect: AnyConnectOptions = url.parse().map_err(|error| StoreError::from_sqlx(OPENING, error))?;
        // A pool would retry a refused connection until its time is up and then only say so; the
        // first connection is made alone, to hear the reason.
        let mut first = connect_once(&connect).await?;
        let warnings = match engine {
            Engine::Sqlite => prepare_sqlite(&mut first).await?,
            Engine::Postgres => check_postgres(&mut first, options).await?,
        };
        migrate(&mut first).await?;
        first.close().await.map_err(|error| StoreError::from_sqlx(OPENING, error))?;
        let store = Self {
            pool: pool(engine, connect, options),
            engine,
            warnings: warnings.into(),
            _lock: lock.map(Arc::new),
            #[cfg(test)]
            switches: options.switches,
        };
        store.name_instance().await?;
        Ok(store)
    }
}

fn sqlite_path(rest: &str) -> Result<PathBuf, StoreError> {
    let bad = |why: &str| StoreError::BadUrl { why: why.to_string() };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path.ends_with('/') {
        return Err(bad("it names no file"));
    }
    if path.contains("memory:") {
        return Err(bad("a database in memory keeps nothing"));
    }
    if path.contains(['?', '\0']) {
        return Err(bad("the path of a SQLite file takes no parameters"));
    }
    std::path::absolute(path).map_err(|error| bad(&error.to_string()))
}

/// Every byte that could mean something in an address is escaped; SQLite sees the path unescaped.
fn sqlite_url(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    let mut url = "sqlite://".to_string();
    for &byte in path.as_os_str().as_encoded_bytes() {
        match plain(byte) {
            true => url.push(char::from(byte)),
            false => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url + "?mode=rwc"
}

/// The lock goes when the process goes, however it goes.
fn hold_folder(path: &Path) -> Result<File, StoreError> {
    let folder = path.parent().unwrap_or(path);
    let unavailable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { doing: OPENING },
        std::io::ErrorKind::StorageFull => StoreError::Full { doing: OPENING },
        _ => StoreError::Unavailable { doing: OPENING, source: error.into() },
    };
    make_folder(folder).map_err(unavailable)?;
    let file = File::options().write(true).create(true).truncate(false).open(folder.join(LOCK)).map_err(unavailable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { folder: folder.to_path_buf() }),
        Err(TryLockError::Error(error)) => Err(unavailable(error)),
    }
}

/// Learners' records are nobody else's business.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

async fn connect_once(connect: &AnyConnectOptions) -> Result<AnyConnection, StoreError> {
    match tokio::time::timeout(CONNECT_WITHIN, connect.connect()).await {
        Ok(connected) => connected.map_err(|error| StoreError::from_sqlx(OPENING, error)),
        Err(late) => Err(StoreError::Unavailable { doing: OPENING, source: late.into() }),
    }
}

fn pool(engine: Engine, connect: AnyConnectOptions, options: &Options) -> sqlx::AnyPool {
    let most = match engine {
        Engine::Sqlite => SQLITE_CONNECTIONS,
        Engine::Postgres => POSTGRES_CONNECTIONS,
    };
    #[cfg(test)]
    let max_pages = options.switches.max_pages;
    #[cfg(not(test))]
    let _ = options;
    AnyPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(CONNECT_WITHIN)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if engine == Engine::Sqlite {
                    set_pragmas(connection).await?;
                    #[cfg(test)]
                    if let Some(pages) = max_pages {
                        let limit = sqlx::AssertSqlSafe(format!("pragma max_page_count = {pages}"));
                        sqlx::query(limit).execute(connection).await?;
                    }
                }
                Ok(())
            })
        })
        .connect_lazy_with(connect)
}

async fn migrate(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    MIGRATIONS.run(connection).await.map_err(|error| StoreError::from_migrate(error, newest))
}

/// The waiting time comes first: going over to WAL may have to wait as well.
async fn set_pragmas(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for pragma in [
        "pragma busy_timeout = 5000",
        "pragma journal_mode = wal",
        "pragma synchronous = full",
        "pragma foreign_keys = on",
        // Deleted words are overwritten, not only forgotten.
        "pragma secure_delete = on",
    ] {
        sqlx::query(pragma).fetch_optional(&mut *connection).await?;
    }
    Ok(())
}

async fn prepare_sqlite(connection: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    let failed = |error| StoreError::from_sqlx(OPENING, error);
    const REMEDY: &str = "keep the data folder on a local disk, not on a network or shared folder";
    set_pragmas(connection).await.map_err(failed)?;
    let (mode,): (String,) = sqlx::query_as("pragma journal_mode").fetch_one(&mut *connection).await.map_err(failed)?;
    let (synchronous,): (i64,) = sqlx::query_as("pragma synchronous").fetch_one(&mut *connection).await.map_err(failed)?;
    let (keys,): (i64,) = sqlx::query_as("pragma foreign_keys").fetch_one(&mut *connection).await.map_err(failed)?;
    let found = [("journal_mode", mode, "wal"), ("synchronous", synchronous.to_string(), "2"), ("foreign_keys", keys.to_string(), "1")];
    match found.into_iter().find(|(_, found, wanted)| found != wanted) {
        Some((setting, found, wanted)) => {
            Err(StoreError::Unsafe { setting: setting.to_string(), found, wanted: wanted.to_string(), remedy: REMEDY })
        }
        None => Ok(Vec::new()),
    }
}

async fn check_postgres(connection: &mut AnyConnection, options: &Options) -> Result<Vec<String>, StoreError> {
    const REMEDY: &str = "set it in postgresql.conf and reload the server";
    let mut warnings = Vec::new();
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let (found,): (String,) = sqlx::query_as("select current_setting($1)")
            .bind(setting)
            .fetch_one(&mut *connection)
            .await
            .map_err(|error| StoreError::from_sqlx(OPENING, error))?;
        if found != "off" {
            continue;
        }
        let error = StoreError::Unsafe { setting: setting.to_string(), found, wanted: "on".to_string(), remedy: REMEDY };
        match options.allow_unsafe_durability {
            true => warnings.push(error.to_string()),
            false => return Err(error),
        }
    }
    Ok(warnings)
}
