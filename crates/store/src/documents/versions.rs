//! Versions as they were handed in, and what people decided on them. Rows are added once; only how
//! a version stands changes.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    documents::{
        Branding, Classification, Decision, DecisionKind, Document, DocumentContent, DocumentStatus, DocumentVersion, Round, Sha256, Step,
        VersionNumber,
    },
    ids::{CustomerId, DocumentId, PlanId, ReleaseId, TemplateId, UserId},
    people::Person,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{CustomerReader, CustomerWriter, Error, Result, answers::person};

/// A version that is handed in.
#[derive(Debug, Clone)]
pub struct NewVersion<'a> {
    /// The id of its row.
    pub id: Uuid,
    /// The document as it stands; its `round` is the one that begins.
    pub document: &'a Document,
    /// Names and logo as they stand.
    pub branding: &'a Branding,
    /// SHA-256 of the canonical content.
    pub content_sha256: Sha256,
    /// The steps that it has to pass.
    pub steps: &'a [Step],
}

/// A decision to be recorded.
#[derive(Debug, Clone)]
pub struct NewDecision<'a> {
    /// The id of its row.
    pub id: Uuid,
    /// The version's row.
    pub version: &'a StoredVersion,
    /// The step.
    pub step: &'a Step,
    /// What is decided.
    pub kind: DecisionKind,
    /// Who decides, by name.
    pub user_name: &'a str,
    /// Why it is sent back, or what is said with the approval.
    pub remark: Option<&'a str>,
}

/// A version with the id of its row.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredVersion {
    /// The id of the row.
    pub id: Uuid,
    /// The version.
    pub version: DocumentVersion,
}

/// A version without its content, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionSummary {
    /// Which it is.
    pub which: VersionNumber,
    /// Where it stands; `draft` where it was taken back.
    pub status: DocumentStatus,
    /// What is new.
    pub note: Option<String>,
    /// Who began it, by name.
    pub written_by: String,
    /// When it was handed in.
    pub submitted_at: Timestamp,
    /// By whom.
    pub submitted_by: Option<Person>,
    /// When it was approved, sent back or taken back.
    pub decided_at: Option<Timestamp>,
    /// When a newer version took its place.
    pub superseded_at: Option<Timestamp>,
    /// SHA-256 of its canonical content.
    pub content_sha256: Sha256,
}

pub(crate) struct VersionRow {
    pub(crate) id: Uuid,
    pub(crate) customer_id: i32,
    pub(crate) plan_id: Uuid,
    pub(crate) template_id: Uuid,
    pub(crate) document_id: Uuid,
    pub(crate) number: i32,
    pub(crate) round: i32,
    pub(crate) release_id: Uuid,
    pub(crate) release_number: i32,
    pub(crate) document_name: String,
    pub(crate) document_number: Option<String>,
    pub(crate) classification: String,
    pub(crate) content: Value,
    pub(crate) branding: Value,
    pub(crate) content_sha256: Vec<u8>,
    pub(crate) steps: Value,
    pub(crate) author_name: String,
    pub(crate) note: Option<String>,
    pub(crate) written_at: jiff_sqlx::Timestamp,
    pub(crate) submitted_at: jiff_sqlx::Timestamp,
    pub(crate) submitted_by: Option<i32>,
    pub(crate) submitted_by_name: Option<String>,
    pub(crate) submitted_by_is_firm: Option<bool>,
    pub(crate) status: String,
    pub(crate) decided_at: Option<jiff_sqlx::Timestamp>,
    pub(crate) superseded_at: Option<jiff_sqlx::Timestamp>,
    /// The decisions, as JSON.
    pub(crate) decisions: Value,
}

pub(super) fn sha256(bytes: &[u8]) -> Result<Sha256> {
    bytes.try_into().map(Sha256).map_err(|_| Error::Corrupt("a hash that is not 32 bytes long".to_owned()))
}

impl TryFrom<VersionRow> for StoredVersion {
    type Error = Error;

    fn try_from(row: VersionRow) -> Result<Self> {
        let version = DocumentVersion {
            document_id: DocumentId(row.document_id),
            customer_id: CustomerId(row.customer_id),
            plan_id: PlanId(row.plan_id),
            template_id: TemplateId(row.template_id),
            which: VersionNumber { number: row.number, round: row.round },
            release_id: ReleaseId(row.release_id),
            release_number: row.release_number,
            name: row.document_name,
            document_number: row.document_number,
            classification: row.classification.parse::<Classification>()?,
            content: serde_json::from_value::<DocumentContent>(row.content)?,
            branding: serde_json::from_value::<Branding>(row.branding)?,
            content_sha256: sha256(&row.content_sha256)?,
            written_by: row.author_name,
            written_at: row.written_at.to_jiff(),
            note: row.note,
            submitted_by: person(row.submitted_by, row.submitted_by_name, row.submitted_by_is_firm),
            submitted_at: row.submitted_at.to_jiff(),
            status: row.status.parse()?,
            decided_at: row.decided_at.map(jiff_sqlx::Timestamp::to_jiff),
            superseded_at: row.superseded_at.map(jiff_sqlx::Timestamp::to_jiff),
            round: Round {
                steps: serde_json::from_value::<Vec<Step>>(row.steps)?,
                decisions: serde_json::from_value::<Vec<Decision>>(row.decisions)?,
            },
        };
        Ok(Self { id: row.id, version })
    }
}

impl CustomerReader {
    /// A version as it was handed in, with what was decided on it; of several times, the given one
    /// or the latest.
    pub async fn document_version(&mut self, document: DocumentId, number: i32, round: Option<i32>) -> Result<StoredVersion> {
        let customer = self.customer.0;
        let row = sqlx::query_as!(
            VersionRow,
            r#"SELECT v.id, v.customer_id, v.plan_id, v.template_id, v.document_id, v.number, v.round, v.release_id, v.release_number,
                      v.document_name, v.document_number, v.classification, v.content, v.branding, v.content_sha256, v.steps, v.author_name,
                      v.note, v.written_at, v.submitted_at, v.submitted_by, u.full_name AS "submitted_by_name?",
                      (u.role <> 'member') AS "submitted_by_is_firm?", v.status, v.decided_at, v.superseded_at,
                      coalesce((SELECT jsonb_agg(jsonb_build_object('position', a.position, 'step', a.step, 'kind', a.decision,
                                    'user_id', a.user_id, 'user_name', a.user_name, 'at', a.at,
                                    'content_sha256', encode(a.content_sha256, 'hex'), 'remark', a.remark) ORDER BY a.at, a.position)
                                FROM dna_app.customer_document_approvals a
                                WHERE a.customer_id = v.customer_id AND a.version_id = v.id), '[]') AS "decisions!"
               FROM dna_app.customer_document_versions v
               LEFT JOIN auth.users u ON u.id = v.submitted_by
               WHERE v.customer_id = $1 AND v.document_id = $2 AND v.number = $3 AND ($4::integer IS NULL OR v.round = $4)
               ORDER BY v.round DESC LIMIT 1"#,
            customer,
            document.0,
            number,
            round
        )
        .fetch_optional(self.connection())
        .await?;
        row.ok_or(Error::NotFound)?.try_into()
    }

    /// The firm's and the customer's name and the hash of the logo, as they are now.
    pub async fn branding(&mut self) -> Result<Branding> {
        let customer = self.customer.0;
        Ok(sqlx::query_as!(
            Branding,
            r#"SELECT f.name AS firm_name, c.name AS customer_name, encode(sha256(f.logo), 'hex') AS logo_sha256
               FROM dna_app.firm f, dna_app.customers c WHERE c.id = $1"#,
            customer
        )
        .fetch_one(self.connection())
        .await?)
    }

    /// The approvers in force, each with the steps that they are named for.
    pub async fn approvers(&mut self) -> Result<Vec<(Person, Vec<String>)>> {
        let (customer, today) = (self.customer.0, self.at.to_zoned(jiff::tz::TimeZone::UTC).date());
        let rows = sqlx::query!(
            r#"SELECT u.id, u.full_name, m.approval_steps
               FROM dna_app.customer_members m JOIN auth.users u ON u.id = m.user_id
               WHERE m.customer_id = $1 AND m.role = 'approver' AND m.status = 'active' AND u.is_active AND u.role = 'member'
                 AND (m.expires_on IS NULL OR m.expires_on >= $2)
               ORDER BY lower(u.full_name), u.id"#,
            customer,
            today.to_sqlx() as jiff_sqlx::Date
        )
        .fetch_all(self.connection())
        .await?;
        let person = |id, name| Person { id: UserId(id), name, is_firm: false };
        Ok(rows.into_iter().map(|row| (person(row.id, row.full_name), row.approval_steps)).collect())
    }

    /// Everything of a document that was handed in, the latest first.
    pub async fn document_versions(&mut self, document: DocumentId) -> Result<Vec<VersionSummary>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT v.number, v.round, v.status, v.note, v.author_name, v.submitted_at, v.submitted_by, u.full_name AS "name?",
                      (u.role <> 'member') AS "is_firm?", v.decided_at, v.superseded_at, v.content_sha256
               FROM dna_app.customer_document_versions v
               LEFT JOIN auth.users u ON u.id = v.submitted_by
               WHERE v.customer_id = $1 AND v.document_id = $2
               ORDER BY v.number DESC, v.round DESC"#,
            customer,
            document.0
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(VersionSummary {
                    which: VersionNumber { number: row.number, round: row.round },
                    status: row.status.parse()?,
                    note: row.note,
                    written_by: row.author_name,
                    submitted_at: row.submitted_at.to_jiff(),
                    submitted_by: person(row.submitted_by, row.name, row.is_firm),
                    decided_at: row.decided_at.map(jiff_sqlx::Timestamp::to_jiff),
                    superseded_at: row.superseded_at.map(jiff_sqlx::Timestamp::to_jiff),
                    content_sha256: sha256(&row.content_sha256)?,
                })
            })
            .collect()
    }
}

impl CustomerWriter {
    /// Keeps a version as it is handed in.
    pub async fn insert_document_version(&mut self, new: &NewVersion<'_>) -> Result<()> {
        let (customer, author, at, document) = (self.customer.0, self.author(), self.at, new.document);
        let authors: Vec<i32> = document.author_ids.iter().map(|id: &UserId| id.0).collect();
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_document_versions (customer_id, id, plan_id, template_id, document_id, number, round, release_id,
                   release_number, document_name, document_number, classification, content, branding, content_sha256, steps, author_ids,
                   author_name, note, written_at, submitted_at, submitted_by)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)"#,
            customer,
            new.id,
            document.plan_id.0,
            document.template_id.0,
            document.id.0,
            document.document_version,
            document.round,
            document.release_id.0,
            document.release_number,
            document.name,
            document.document_number,
            document.classification.as_str(),
            serde_json::to_value(&document.content)?,
            serde_json::to_value(new.branding)?,
            &new.content_sha256.0[..],
            serde_json::to_value(new.steps)?,
            &authors,
            document.written_by.as_ref().map_or("", |person| person.name.as_str()),
            document.note,
            document.written_at.to_sqlx(),
            at.to_sqlx(),
            author
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Says how the version in review ends: approved, sent back, or taken back (`draft`).
    pub async fn decide_document_version(&mut self, version: &StoredVersion, status: DocumentStatus) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        sqlx::query!(
            r#"UPDATE dna_app.customer_document_versions SET status = $3, decided_at = $4
               WHERE customer_id = $1 AND id = $2 AND status = 'in_review'"#,
            customer,
            version.id,
            status.as_str(),
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Takes the version in force out of force, because a newer one is approved.
    pub async fn supersede_document_version(&mut self, document: DocumentId) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        sqlx::query!(
            r#"UPDATE dna_app.customer_document_versions SET status = 'superseded', superseded_at = $3
               WHERE customer_id = $1 AND document_id = $2 AND status = 'approved'"#,
            customer,
            document.0,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Records what somebody decided.
    pub async fn insert_document_decision(&mut self, new: &NewDecision<'_>) -> Result<()> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_document_approvals (customer_id, id, plan_id, version_id, position, step, decision, user_id, user_name,
                   at, content_sha256, remark)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#,
            customer,
            new.id,
            new.version.version.plan_id.0,
            new.version.id,
            new.step.position,
            new.step.step,
            new.kind.as_str(),
            actor,
            new.user_name,
            at.to_sqlx(),
            &new.version.version.content_sha256.0[..],
            new.remark
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
