//! Documents.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    documents::{Document, DocumentContent},
    ids::{CustomerId, DocumentId, PlanId, ReleaseId, TemplateId},
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
            r#"SELECT d.id, c.name AS customer_name, d.plan_id, s.code, d.template_id, t.name AS template_name, r.number, d.document_name,
                      d.status, d.document_version, d.content, d.created_by, u.full_name AS "created_by_name?", (u.role <> 'member') AS "is_firm?",
                      d.created_at, d.updated_at, d.version, v.completion_percentage AS "completion_percentage!",
                      -- An answer given, changed or taken back since: its version is not the one the document holds.
                      EXISTS (SELECT FROM dna_app.customer_answers a
                              WHERE a.customer_id = d.customer_id AND a.plan_id = d.plan_id AND a.template_id = d.template_id
                                AND a.version IS DISTINCT FROM (d.content #>> ARRAY['answers', a.question_key, 'version'])::integer
                                AND (a.withdrawn_at IS NULL OR d.content #> ARRAY['answers', a.question_key] IS NOT NULL)
                                AND EXISTS (SELECT FROM dna_app.template_questions q WHERE q.release_id = d.release_id AND q.key = a.question_key)
                             ) AS "out_of_date!"
               FROM dna_app.customer_documents d
               JOIN dna_app.customers c ON c.id = d.customer_id
               JOIN dna_app.customer_iso_plans p ON p.customer_id = d.customer_id AND p.id = d.plan_id
               JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               JOIN dna_app.templates t ON t.id = d.template_id
               JOIN dna_app.template_releases r ON r.id = d.release_id
               LEFT JOIN auth.users u ON u.id = d.created_by
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
                Ok(Document {
                    id: DocumentId(row.id),
                    customer_id: customer,
                    customer_name: row.customer_name,
                    plan_id: PlanId(row.plan_id),
                    iso_code: row.code,
                    template_id: TemplateId(row.template_id),
                    template_name: row.template_name,
                    release_number: row.number,
                    name: row.document_name,
                    status: row.status.parse()?,
                    document_version: row.document_version,
                    completion_percentage: row.completion_percentage,
                    out_of_date: row.out_of_date,
                    content: serde_json::from_value(row.content)?,
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
            r#"INSERT INTO dna_app.customer_documents (id, customer_id, plan_id, template_id, release_id, document_name, content,
                   generation_source, created_by, updated_by, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, 'questionnaire', $8, $8, $9, $9)
               ON CONFLICT (customer_id, plan_id, template_id, generation_source) WHERE generation_source IS NOT NULL DO NOTHING"#,
            document.id.0,
            customer,
            document.plan_id.0,
            document.template_id.0,
            document.release_id.0,
            document.name,
            content,
            actor,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(made.rows_affected() > 0)
    }
}
