//! Documents: the latest version here, what was handed in and decided in `versions`, those that
//! have to be read again in `rereading`, the files that are kept of them in `exports`, reading all of them for the machine's own check in
//! `verification`.

mod exports;
mod rereading;
mod verification;
mod versions;

use jiff_sqlx::ToSqlx;
use muster_domain::{
    documents::{Document, DocumentContent, InForce},
    ids::{CustomerId, DocumentId, PlanId, ReleaseId, TemplateId, UserId},
};

pub use self::{
    exports::{ExportPlace, KeptExport},
    rereading::DueReading,
    verification::KeptVersion,
    versions::{NewDecision, NewVersion, StoredVersion, VersionSummary},
};

use crate::{CustomerReader, CustomerWriter, Error, Locator, Result, answers::person};

/// A document to be saved.
#[derive(Debug, Clone)]
pub struct NewDocument<'a> {
    /// Its id.
    pub id: DocumentId,
    /// The plan.
    pub plan_id: PlanId,
    /// The template.
    pub template_id: TemplateId,
    /// The release that was filled.
    pub release_id: ReleaseId,
    /// The name.
    pub name: &'a str,
    /// The filled text.
    pub content: &'a DocumentContent,
}

impl Locator {
    /// The customer that a document belongs to, among those the actor may know of.
    pub async fn customer_of_document(&mut self, document: DocumentId) -> Result<CustomerId> {
        let visible = self.customers();
        sqlx::query_scalar!(
            "SELECT customer_id FROM dna_app.customer_documents WHERE ($1::integer[] IS NULL OR customer_id = ANY($1)) AND id = $2",
            visible.as_deref(),
            document.0
        )
        .fetch_optional(self.connection())
        .await?
        .map(CustomerId)
        .ok_or(Error::NotFound)
    }
}

impl CustomerReader {
    /// A document with its content.
    pub async fn document(&mut self, id: DocumentId) -> Result<Document> {
        self.documents_where(Some(id), None).await?.pop().ok_or(Error::NotFound)
    }

    /// The documents made from a template of a plan, the latest first.
    pub async fn documents(&mut self, plan: PlanId, template: TemplateId) -> Result<Vec<Document>> {
        self.documents_where(None, Some((plan, template))).await
    }

    async fn documents_where(&mut self, id: Option<DocumentId>, of: Option<(PlanId, TemplateId)>) -> Result<Vec<Document>> {
        let customer = self.customer;
        let rows = sqlx::query!(
            r#"SELECT d.id, c.name AS customer_name, d.plan_id, s.code, d.template_id, t.name AS template_name, d.release_id, r.number,
                      d.document_name, d.document_number, d.classification, d.status, d.document_version, d.review_round, d.content,
                      d.version_note, d.version_authors, d.version_created_at, d.version_created_by, w.full_name AS "written_by_name?",
                      (w.role <> 'member') AS "written_by_is_firm?", d.created_by, u.full_name AS "created_by_name?",
                      (u.role <> 'member') AS "is_firm?", d.created_at, d.updated_at, d.version, d.review_interval_months, d.next_review_on,
                      NOT d.content ? 'file' AND d.content ->> 'body' <> r.body AS "deviates!",
                      f.number AS "in_force?", f.round AS "in_force_round?", f.decided_at AS "in_force_since?",
                      v.completion_percentage AS "completion_percentage!",
                      -- An answer given, changed or taken back since: it says something else than the document does.
                      NOT d.content ? 'file' AND EXISTS (
                          SELECT FROM dna_app.template_questions q
                          LEFT JOIN dna_app.customer_answers a ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id
                              AND a.template_id = d.template_id AND a.question_key = q.key AND a.withdrawn_at IS NULL
                          WHERE q.release_id = d.release_id
                            AND (a.value, a.not_applicable_reason) IS DISTINCT FROM (
                                d.content #> ARRAY['answers', q.key, 'value'],
                                d.content #>> ARRAY['answers', q.key, 'not_applicable_reason'])) AS "out_of_date!"
               FROM dna_app.customer_documents d
               JOIN dna_app.customers c ON c.id = d.customer_id
               JOIN dna_app.customer_iso_plans p ON p.customer_id = d.customer_id AND p.id = d.plan_id
               JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               JOIN dna_app.templates t ON t.id = d.template_id
               JOIN dna_app.template_releases r ON r.id = d.release_id
               LEFT JOIN auth.users u ON u.id = d.created_by
               LEFT JOIN auth.users w ON w.id = d.version_created_by
               LEFT JOIN dna_app.customer_document_versions f
                   ON f.customer_id = d.customer_id AND f.document_id = d.id AND f.status = 'approved'
               CROSS JOIN LATERAL (
                   SELECT (100 * count(a.id) / greatest(count(*), 1))::integer AS completion_percentage
                   FROM dna_app.template_questions q
                   LEFT JOIN dna_app.customer_answers a ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id
                       AND a.template_id = d.template_id AND a.question_key = q.key AND a.withdrawn_at IS NULL
                   WHERE q.release_id = d.release_id) v
               WHERE d.customer_id = $1 AND ($2::uuid IS NULL OR d.id = $2) AND ($3::uuid IS NULL OR (d.plan_id = $3 AND d.template_id = $4))
               ORDER BY d.created_at DESC, d.id"#,
            customer.0,
            id.map(|id| id.0),
            of.map(|of| of.0.0),
            of.map(|of| of.1.0)
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| {
                let in_force = row.in_force.zip(row.in_force_round).zip(row.in_force_since);
                Ok(Document {
                    id: DocumentId(row.id),
                    customer_id: customer,
                    customer_name: row.customer_name,
                    plan_id: PlanId(row.plan_id),
                    iso_code: row.code,
                    template_id: TemplateId(row.template_id),
                    template_name: row.template_name,
                    release_id: ReleaseId(row.release_id),
                    release_number: row.number,
                    name: row.document_name,
                    document_number: row.document_number,
                    classification: row.classification.parse()?,
                    status: row.status.parse()?,
                    document_version: row.document_version,
                    round: row.review_round,
                    in_force: in_force.map(|((number, round), since)| InForce { number, round, approved_at: since.to_jiff() }),
                    note: row.version_note,
                    deviates: row.deviates,
                    completion_percentage: row.completion_percentage,
                    out_of_date: row.out_of_date,
                    review_interval_months: row.review_interval_months,
                    next_review_on: row.next_review_on.map(jiff_sqlx::Date::to_jiff),
                    content: serde_json::from_value(row.content)?,
                    author_ids: row.version_authors.into_iter().map(UserId).collect(),
                    written_by: person(row.version_created_by, row.written_by_name, row.written_by_is_firm),
                    written_at: row.version_created_at.to_jiff(),
                    created_by: person(row.created_by, row.created_by_name, row.is_firm),
                    created_at: row.created_at.to_jiff(),
                    updated_at: row.updated_at.to_jiff(),
                    version: row.version,
                })
            })
            .collect()
    }
}

impl CustomerWriter {
    /// Saves the filled template as a document. `false`: it has been saved already.
    pub async fn insert_document(&mut self, document: &NewDocument<'_>) -> Result<bool> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let content = serde_json::to_value(document.content)?;
        let made = sqlx::query!(
            r#"INSERT INTO dna_app.customer_documents (id, customer_id, plan_id, template_id, release_id, document_name, document_number, content,
                   generation_source, created_by, updated_by, created_at, updated_at, version_created_by, version_created_at, version_authors)
               VALUES ($1, $2, $3, $4, $5, $6, (SELECT t.reference FROM dna_app.templates t WHERE t.id = $4), $7, $10, $8, $8, $9, $9, $8, $9,
                       ARRAY[$8::integer])
               ON CONFLICT (customer_id, plan_id, template_id, generation_source) WHERE generation_source IS NOT NULL DO NOTHING"#,
            document.id.0,
            customer,
            document.plan_id.0,
            document.template_id.0,
            document.release_id.0,
            document.name,
            content,
            actor,
            at.to_sqlx(),
            document.content.file.is_none().then_some("questionnaire")
        )
        .execute(self.connection())
        .await?;
        Ok(made.rows_affected() > 0)
    }

    /// A document, held until the transaction ends, so that what is decided on it still holds when
    /// it is written. Whoever holds tasks of it as well takes the document first.
    pub async fn lock_document(&mut self, id: DocumentId) -> Result<Document> {
        let customer = self.customer.0;
        sqlx::query!("SELECT id FROM dna_app.customer_documents WHERE customer_id = $1 AND id = $2 FOR NO KEY UPDATE", customer, id.0)
            .fetch_optional(self.connection())
            .await?
            .ok_or(Error::NotFound)?;
        self.document(id).await
    }

    /// Writes a locked document as it stands in `document`: everything that can change of it.
    pub async fn update_document(&mut self, document: &Document) -> Result<()> {
        let (customer, author, at) = (self.customer.0, self.author(), self.at);
        let content = serde_json::to_value(&document.content)?;
        let authors: Vec<i32> = document.author_ids.iter().map(|id| id.0).collect();
        sqlx::query!(
            r#"UPDATE dna_app.customer_documents
               SET release_id = $3, document_name = $4, document_number = $5, classification = $6, status = $7, document_version = $8,
                   review_round = $9, version_note = $10, version_authors = $11, version_created_by = $12, version_created_at = $13,
                   review_interval_months = $14, next_review_on = $15, content = $16, updated_by = coalesce($17, updated_by), updated_at = $18,
                   version = version + 1
               WHERE customer_id = $1 AND id = $2"#,
            customer,
            document.id.0,
            document.release_id.0,
            document.name,
            document.document_number,
            document.classification.as_str(),
            document.status.as_str(),
            document.document_version,
            document.round,
            document.note,
            &authors,
            document.written_by.as_ref().map(|person| person.id.0),
            document.written_at.to_sqlx(),
            document.review_interval_months,
            document.next_review_on.map(ToSqlx::to_sqlx) as Option<jiff_sqlx::Date>,
            content,
            author,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
