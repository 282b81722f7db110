//! Issued certificates and which of them were revoked. Whether one is genuine is for `certificate`
//! to say; here it is only kept.

use record::{LearnerId, Moment};

use crate::{Store, StoreError, check_id, check_text};

const READING: &str = "reading a certificate";
const KEEPING: &str = "keeping a certificate";
const REVOKING: &str = "revoking a certificate";
const MAX_STATEMENT_BYTES: usize = 64 * 1024;
const MAX_REASON_BYTES: usize = 2000;

/// A certificate in the parts from which its file is put together again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub id: String,
    pub learner: LearnerId,
    /// The very text that was signed.
    pub statement: String,
    pub kid: String,
    pub tag: String,
    pub issued_at: Moment,
}

/// That a certificate was withdrawn. It stays kept, and shows as revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The id of the certificate.
    pub certificate: String,
    pub reason: String,
    pub at: Moment,
    /// The id of the certificate that takes its place.
    pub superseded_by: Option<String>,
}

impl Store {
    /// Keeps a certificate for good; `Exists` when the id is taken.
    pub async fn put_certificate(&self, certificate: &Certificate) -> Result<(), StoreError> {
        check_id("certificate's id", &certificate.id)?;
        check_id("learner's id", &certificate.learner.0)?;
        check_id("key's id", &certificate.kid)?;
        check_id("tag", &certificate.tag)?;
        check_text("statement", &certificate.statement, MAX_STATEMENT_BYTES)?;
        let kept = sqlx::query(
            "insert into certificate (id, learner, statement, kid, tag, issued_at_ms)
             values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing",
        )
        .bind(&certificate.id)
        .bind(&certificate.learner.0)
        .bind(&certificate.statement)
        .bind(&certificate.kid)
        .bind(&certificate.tag)
        .bind(certificate.issued_at.0)
        .execute(&self.pool)
        .await
        .map_err(|error| StoreError::from_sqlx(KEEPING, error))?;
        match kept.rows_affected() {
            0 => Err(StoreError::Exists { what: "certificate", id: certificate.id.clone() }),
            _ => Ok(()),
        }
    }

    /// The certificate, revoked or not.
    pub async fn certificate(&self, id: &str) -> Result<Option<Certificate>, StoreError> {
        if check_id("certificate's id", id).is_err() {
            return Ok(None);
        }
        let row: Option<Row> = sqlx::query_as("select id, learner, statement, kid, tag, issued_at_ms from certificate where id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| StoreError::from_sqlx(READING, error))?;
        Ok(row.map(from_row))
    }

    /// A learner's certificates, oldest first.
    pub async fn certificates(&self, learner: &LearnerId) -> Result<Vec<Certificate>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, learner, statement, kid, tag, issued_at_ms from certificate
             where learner = $1 order by issued_at_ms, id",
        )
        .bind(&learner.0)
        .fetch_all(&self.pool)
        .await
        .map_err(|error| StoreError::from_sqlx(READING, error))?;
        Ok(rows.into_iter().map(from_row).collect())
    }

    /// Withdraws a certificate for good. The first revocation stands: a second one gets `Exists`,
    /// and a certificate that was never kept `Missing`.
    pub async fn revoke(&self, revocation: &Revocation) -> Result<(), StoreError> {
        check_text("reason", &revocation.reason, MAX_REASON_BYTES)?;
        if let Some(id) = &revocation.superseded_by {
            check_id("certificate's id", id)?;
        }
        if self.certificate(&revocation.certificate).await?.is_none() {
            return Err(StoreError::Missing { what: "certificate", id: revocation.certificate.clone() });
        }
        let revoked = sqlx::query(
            "insert into revocation (certificate, reason, at_ms, superseded_by)
             values ($1, $2, $3, $4) on conflict (certificate) do nothing",
        )
        .bind(&revocation.certificate)
        .bind(&revocation.reason)
        .bind(revocation.at.0)
        .bind(revocation.superseded_by.clone())
        .execute(&self.pool)
        .await
        .map_err(|error| StoreError::from_sqlx(REVOKING, error))?;
        match revoked.rows_affected() {
            0 => Err(StoreError::Exists { what: "revocation", id: revocation.certificate.clone() }),
            _ => Ok(()),
        }
    }

    /// `None`: it stands, as far as this store knows.
    pub async fn revocation(&self, id: &str) -> Result<Option<Revocation>, StoreError> {
        if check_id("certificate's id", id).is_err() {
            return Ok(None);
        }
        let row: Option<(String, i64, Option<String>)> =
            sqlx::query_as("select reason, at_ms, superseded_by from revocation where certificate = $1")
                .bind(id)
                .fetch_optional(&self.pool)
                .await
                .map_err(|error| StoreError::from_sqlx(READING, error))?;
        Ok(row.map(|(reason, at, superseded_by)| Revocation { certificate: id.to_string(), reason, at: Moment(at), superseded_by }))
    }
}

type Row = (String, String, String, String, String, i64);

fn from_row((id, learner, statement, kid, tag, issued_at): Row) -> Certificate {
    Certificate { id, learner: LearnerId(learner), statement, kid, tag, issued_at: Moment(issued_at) }
}
