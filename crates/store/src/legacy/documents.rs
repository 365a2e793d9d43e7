//! Documents with their history, laid out as documents with versions.

use muster_domain::documents::{Branding, DocumentContent, Sha256};
use serde_json::Value;
use sqlx::{Executor as _, Row as _};
use uuid::Uuid;

use super::{LegacyDatabase, Result, columns::with_lookups, layout::next, tables::Schema};

/// A document of the older database.
#[derive(Debug, Clone)]
pub struct OriginalDocument {
    /// Its id; kept.
    pub id: Uuid,
    /// Its plan, if that is one of the same customer.
    pub plan_id: Option<Uuid>,
    /// Its template.
    pub template_id: Option<Uuid>,
    /// The original row.
    pub row: Value,
    /// The rows of its history, the earliest first.
    pub history: Vec<Value>,
}

/// A document to be laid out. Who made and changed it, and when, is read from the original row.
#[derive(Debug, Clone)]
pub struct PlacedDocument {
    /// Its id.
    pub id: Uuid,
    /// Its plan.
    pub plan_id: Uuid,
    /// Its template.
    pub template_id: Uuid,
    /// The release of the template.
    pub release_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its status here.
    pub status: &'static str,
    /// The number of the latest version.
    pub number: i32,
    /// How often the latest version has been handed in.
    pub round: i32,
    /// What it says.
    pub content: DocumentContent,
    /// What the older program knew besides, in words; the note of the latest version.
    pub note: Option<String>,
}

/// An earlier version of a document, or the approved one, to be laid out.
#[derive(Debug, Clone)]
pub struct LegacyVersion<'a> {
    /// The document.
    pub document: &'a PlacedDocument,
    /// The number of its release.
    pub release_number: i32,
    /// The number.
    pub number: i32,
    /// Which time it was handed in.
    pub round: i32,
    /// What it says.
    pub content: &'a DocumentContent,
    /// Whose document it is.
    pub branding: &'a Branding,
    /// SHA-256 of the canonical content.
    pub sha256: Sha256,
    /// Who wrote it, as the older program numbers people.
    pub author: Option<i64>,
    /// When it was written, as the older program wrote it.
    pub written_at: Option<String>,
    /// What was new in it.
    pub note: Option<String>,
    /// Who approved it and when, where it is the approved one.
    pub approval: Option<LegacyApproval>,
}

/// An approval of the older program.
#[derive(Debug, Clone)]
pub struct LegacyApproval {
    /// Who, as the older program numbers people.
    pub by: Option<i64>,
    /// When, as the older program wrote it.
    pub at: Option<String>,
    /// The steps as they are kept with a version: one, which this approval passes.
    pub steps: Value,
    /// The name of that step.
    pub step: &'static str,
    /// The remark that stands with it.
    pub remark: String,
}

impl LegacyDatabase {
    /// The documents of a customer with their history.
    pub async fn original_documents(&mut self, customer: i32) -> Result<Vec<OriginalDocument>> {
        let statement = format!(
            "SELECT (d.j ->> 'id')::uuid, (p.j ->> 'id')::uuid, (d.j ->> 'template_id')::uuid, d.j,
                    coalesce((SELECT jsonb_agg(h.j ORDER BY (h.j ->> 'version')::integer, h.j ->> 'changed_at', h.j ->> 'id')
                              FROM {history} h WHERE h.j ->> 'document_id' = d.j ->> 'id'), '[]')
             FROM {documents} d
             LEFT JOIN {plans} p ON p.j ->> 'id' = d.j ->> 'plan_id' AND p.j ->> 'customer_id' = d.j ->> 'customer_id'
             ORDER BY 1",
            history = self.rows("customer_document_history", Some(customer)),
            documents = self.rows("customer_documents", Some(customer)),
            plans = self.rows("customer_iso_plans", Some(customer)),
        );
        let rows = self.connection.fetch_all(with_lookups(&statement)).await?;
        rows.into_iter()
            .map(|row| {
                let history: Value = row.get(4);
                Ok(OriginalDocument {
                    id: row.get(0),
                    plan_id: row.get(1),
                    template_id: row.get(2),
                    row: row.get(3),
                    history: serde_json::from_value(history)?,
                })
            })
            .collect()
    }

    /// The names that stand on a customer's documents.
    pub async fn branding(&mut self, customer: i32) -> Result<Branding> {
        let app = next(Schema::App);
        let statement =
            format!("SELECT f.name, c.name, encode(sha256(f.logo), 'hex') FROM {app}.firm f, {app}.customers c WHERE c.id = $1");
        let row = sqlx::query(with_lookups(&statement)).bind(customer).fetch_one(&mut self.connection).await?;
        Ok(Branding { firm_name: row.get(0), customer_name: row.get(1), logo_sha256: row.get(2) })
    }

    /// Lays out a document.
    pub async fn lay_out_document(&mut self, customer: i32, document: &PlacedDocument) -> Result<()> {
        let statement = format!(
            "INSERT INTO {app}.customer_documents (id, customer_id, plan_id, template_id, release_id, document_name, status, document_version, content,
                 review_round, version_note, created_by, updated_by, created_at, updated_at, version_created_by, version_created_at, version_authors)
             SELECT $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, muster_upgrade.person(r.created_by), muster_upgrade.person(r.updated_by), m.made, m.changed,
                    muster_upgrade.person(coalesce(r.updated_by, r.created_by)), m.changed,
                    ARRAY(SELECT DISTINCT a FROM unnest(ARRAY[muster_upgrade.person(r.created_by), muster_upgrade.person(r.updated_by)]) AS a WHERE a IS NOT NULL)
             FROM muster_upgrade.original_rows o
             CROSS JOIN LATERAL jsonb_to_record(o.original) AS r (created_by integer, updated_by integer, created_at text, updated_at text)
             CROSS JOIN LATERAL (SELECT coalesce(muster_upgrade.moment(r.created_at), muster_upgrade.began()) AS made,
                                        coalesce(muster_upgrade.moment(r.updated_at), muster_upgrade.moment(r.created_at), muster_upgrade.began()) AS changed) m
             WHERE o.table_name = 'customer_documents' AND o.row_key = $2::text",
            app = next(Schema::App)
        );
        sqlx::query(with_lookups(&statement))
            .bind(customer)
            .bind(document.id)
            .bind(document.plan_id)
            .bind(document.template_id)
            .bind(document.release_id)
            .bind(&document.name)
            .bind(document.status)
            .bind(document.number)
            .bind(serde_json::to_value(&document.content)?)
            .bind(document.round)
            .bind(&document.note)
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Lays out a version. Gives the moment of its approval, in microseconds, with who approved it,
    /// where it has one.
    pub async fn lay_out_version(&mut self, customer: i32, version: &LegacyVersion<'_>) -> Result<Option<(i64, i32, String)>> {
        let (app, auth) = (next(Schema::App), next(Schema::Auth));
        let steps = version.approval.as_ref().map_or_else(|| Value::Array(Vec::new()), |approval| approval.steps.clone());
        let id = Uuid::new_v5(&version.document.id, format!("{}.{}", version.number, version.round).as_bytes());
        let at = version.approval.as_ref().and_then(|approval| approval.at.clone());
        let statement = format!(
            "INSERT INTO {app}.customer_document_versions (customer_id, id, plan_id, template_id, document_id, number, round, release_id, release_number,
                 document_name, classification, content, branding, content_sha256, steps, author_ids, author_name, note, written_at, submitted_at,
                 submitted_by, status, decided_at)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'internal', $11, $12, $13, $14,
                    array_remove(ARRAY[muster_upgrade.person($15)], NULL),
                    coalesce((SELECT u.full_name FROM {auth}.users u WHERE u.id = coalesce(muster_upgrade.person($15), muster_upgrade.older_program())), ''),
                    $16, m.written, m.written, muster_upgrade.person($15), CASE WHEN $17 THEN 'approved' ELSE 'draft' END,
                    CASE WHEN $17 THEN coalesce(muster_upgrade.moment($19), m.written) ELSE m.written END
             FROM (SELECT coalesce(muster_upgrade.moment($18), muster_upgrade.began()) AS written) m
             RETURNING (extract(epoch FROM decided_at) * 1000000)::bigint"
        );
        let decided: i64 = sqlx::query(with_lookups(&statement))
            .bind(customer)
            .bind(id)
            .bind(version.document.plan_id)
            .bind(version.document.template_id)
            .bind(version.document.id)
            .bind(version.number)
            .bind(version.round)
            .bind(version.document.release_id)
            .bind(version.release_number)
            .bind(&version.document.name)
            .bind(serde_json::to_value(version.content)?)
            .bind(serde_json::to_value(version.branding)?)
            .bind(&version.sha256.0[..])
            .bind(steps)
            .bind(version.author.and_then(|id| i32::try_from(id).ok()))
            .bind(&version.note)
            .bind(version.approval.is_some())
            .bind(&version.written_at)
            .bind(at)
            .fetch_one(&mut self.connection)
            .await?
            .get(0);
        let Some(approval) = &version.approval else { return Ok(None) };
        let statement = format!(
            "INSERT INTO {app}.customer_document_approvals (customer_id, plan_id, version_id, position, step, decision, user_id, user_name, at, content_sha256, remark)
             SELECT $1, $2, $3, 1, $4, 'approved', u.id, u.full_name, 'epoch'::timestamptz + $5 * interval '1 microsecond', $6, $7
             FROM {auth}.users u WHERE u.id = coalesce(muster_upgrade.person($8), muster_upgrade.older_program())
             RETURNING user_id, user_name"
        );
        let row = sqlx::query(with_lookups(&statement))
            .bind(customer)
            .bind(version.document.plan_id)
            .bind(id)
            .bind(approval.step)
            .bind(decided)
            .bind(&version.sha256.0[..])
            .bind(&approval.remark)
            .bind(approval.by.and_then(|id| i32::try_from(id).ok()))
            .fetch_one(&mut self.connection)
            .await?;
        Ok(Some((decided, row.get(0), row.get(1))))
    }
}
