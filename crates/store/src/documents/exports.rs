//! The files of approved versions, kept since they were made first.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    documents::{ExportFormat, Sha256, VersionNumber},
    ids::{CustomerId, DocumentId, PlanId, UserId},
};
use uuid::Uuid;

use super::{StoredVersion, versions::sha256};
use crate::{CustomerReader, CustomerWriter, Result, Store, db::Mode, scope::customer_settings};

/// A file as it was kept. Whoever gives it out compares its hashes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptExport {
    /// SHA-256 of the content that it was made from.
    pub content_sha256: Sha256,
    /// SHA-256 of the file, as it was when it was kept.
    pub sha256: Sha256,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Where the files of an approved version are kept. Only a scope in which the version was read makes
/// one, and [`Store::missing_exports`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportPlace {
    customer: CustomerId,
    plan: PlanId,
    document: DocumentId,
    version: Uuid,
    which: VersionNumber,
}

impl ExportPlace {
    /// The document.
    pub const fn document(&self) -> DocumentId {
        self.document
    }

    /// The version.
    pub const fn which(&self) -> VersionNumber {
        self.which
    }
}

impl CustomerReader {
    /// Where the files of a version of this customer are kept.
    pub fn export_place(&self, version: &StoredVersion) -> ExportPlace {
        let StoredVersion { id, version } = version;
        ExportPlace { customer: self.customer, plan: version.plan_id, document: version.document_id, version: *id, which: version.which }
    }

    /// The file of a version, if it is kept.
    pub async fn kept_export(&mut self, place: &ExportPlace, format: ExportFormat) -> Result<Option<KeptExport>> {
        let customer = self.customer.0;
        let row = sqlx::query!(
            "SELECT content_sha256, sha256, bytes FROM dna_app.customer_document_exports
             WHERE customer_id = $1 AND version_id = $2 AND format = $3",
            customer,
            place.version,
            format.as_str()
        )
        .fetch_optional(self.connection())
        .await?;
        row.map(|row| Ok(KeptExport { content_sha256: sha256(&row.content_sha256)?, sha256: sha256(&row.sha256)?, bytes: row.bytes }))
            .transpose()
    }

    /// The documents of a plan, in the order in which its workspace shows them.
    pub async fn documents_of_plan(&mut self, plan: PlanId) -> Result<Vec<DocumentId>> {
        let customer = self.customer.0;
        let ids = sqlx::query_scalar!(
            "SELECT d.id FROM dna_app.customer_documents d
             JOIN dna_app.customer_iso_plan_templates a
                 ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id AND a.template_id = d.template_id
             WHERE d.customer_id = $1 AND d.plan_id = $2 AND NOT a.is_ignored
             ORDER BY lower(coalesce(d.document_number, '')), lower(d.document_name), d.id",
            customer,
            plan.0
        )
        .fetch_all(self.connection())
        .await?;
        Ok(ids.into_iter().map(DocumentId).collect())
    }
}

impl CustomerWriter {
    /// Keeps the file of a version. `false`: one is kept already, and stays.
    pub async fn keep_export(&mut self, place: &ExportPlace, format: ExportFormat, content: Sha256, bytes: &[u8]) -> Result<bool> {
        let (customer, at, sha256) = (self.customer.0, self.at, Sha256::of(bytes));
        let kept = sqlx::query!(
            "INSERT INTO dna_app.customer_document_exports (customer_id, plan_id, version_id, format, content_sha256, sha256, bytes, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (customer_id, version_id, format) DO NOTHING",
            customer,
            place.plan.0,
            place.version,
            format.as_str(),
            content.0.as_slice(),
            sha256.0.as_slice(),
            bytes,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(kept.rows_affected() > 0)
    }
}

impl Store {
    /// The versions in force, of all customers, whose file of a format is not kept yet: at most
    /// `limit`, the latest approved first. Uploaded documents are files themselves.
    pub async fn missing_exports(&self, format: ExportFormat, limit: i64) -> Result<Vec<ExportPlace>> {
        let mut tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        let rows = sqlx::query!(
            r#"SELECT v.customer_id, v.plan_id, v.document_id, v.id, v.number, v.round
               FROM dna_app.customer_document_versions v
               WHERE v.status = 'approved' AND NOT v.content ? 'file'
                 AND NOT EXISTS (SELECT FROM dna_app.customer_document_exports e
                                 WHERE e.customer_id = v.customer_id AND e.version_id = v.id AND e.format = $1)
               ORDER BY v.decided_at DESC, v.id LIMIT $2"#,
            format.as_str(),
            limit
        )
        .fetch_all(&mut *tx)
        .await?;
        let places = rows.into_iter().map(|row| ExportPlace {
            customer: CustomerId(row.customer_id),
            plan: PlanId(row.plan_id),
            document: DocumentId(row.document_id),
            version: row.id,
            which: VersionNumber { number: row.number, round: row.round },
        });
        Ok(places.collect())
    }

    /// The scope in which the program itself makes and keeps the files of a version: its
    /// customer's, as nobody.
    pub async fn export_writer(&self, place: &ExportPlace, at: Timestamp) -> Result<CustomerWriter> {
        let (customer, actor) = (place.customer, UserId(0));
        let tx = self.begin(Mode::Write, &customer_settings(customer, actor)).await?;
        Ok(CustomerWriter::for_job(self.scope_of_customer(tx, customer, actor, at)))
    }
}
