//! A few named facts about the instance: small texts, the last one counts. Not for learners' data.

use crate::open::MIGRATIONS;
use crate::{Store, StoreError, check_id, check_text};

const INSTANCE: &str = "instance";
const MAX_VALUE_BYTES: usize = 64 * 1024;

impl Store {
    /// Names this database; made when it was first opened, and the same ever since.
    pub async fn instance_id(&self) -> Result<String, StoreError> {
        let kept = self.meta(INSTANCE).await?;
        kept.ok_or_else(|| StoreError::Missing { what: "fact", id: INSTANCE.to_string() })
    }

    /// The number of the last migration, which the open database has.
    pub fn schema_version(&self) -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    pub async fn meta(&self, name: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("select value from meta where name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::from_sqlx("reading a fact about the instance", error))?;
        Ok(row.map(|(value,)| value))
    }

    pub async fn put_meta(&self, name: &str, value: &str) -> Result<(), StoreError> {
        check_id("fact's name", name)?;
        check_text("fact", value, MAX_VALUE_BYTES)?;
        let kept = "insert into meta (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value";
        self.write_meta(kept, name, value).await
    }

    /// Two processes may open a new database at once; the first name stays.
    pub(crate) async fn name_instance(&self) -> Result<(), StoreError> {
        let kept = "insert into meta (name, value) values ($1, $2) on conflict (name) do nothing";
        self.write_meta(kept, INSTANCE, &uuid::Uuid::now_v7().to_string()).await
    }

    async fn write_meta(&self, query: &'static str, name: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query(query)
            .bind(name)
            .bind(value)
            .execute(&self.pool)
            .await
            .map(drop)
            .map_err(|error| StoreError::from_sqlx("keeping a fact about the instance", error))
    }
}
