//! Evidence: what is known of files and links, the tasks that they serve (`links`), the register
//! (`register`), and evidence that comes to its last day (`renewal`).

mod links;
mod register;
mod renewal;

use jiff_sqlx::ToSqlx;
use muster_domain::{
    audit::hex,
    evidence::{Evidence, EvidenceContent, EvidenceDetails, EvidenceFile},
    ids::{CustomerId, EvidenceId, PlanId, RespondentId, TaskId, TemplateId},
    respondents::RespondentName,
};
use uuid::Uuid;

pub use self::renewal::{DueRenewal, ExpiredTask};
use crate::{CustomerReader, CustomerWriter, Error, Locator, Result, answers::person};

/// Evidence to be noted. Its file, if it is one, is kept already.
#[derive(Debug, Clone)]
pub struct NewEvidence<'a> {
    /// The id.
    pub id: EvidenceId,
    /// The name of the file, or the label of the link.
    pub filename: &'a str,
    /// The file, or where the link leads.
    pub content: NewContent<'a>,
    /// What was said about it.
    pub details: &'a EvidenceDetails,
}

/// What evidence to be noted is made of.
#[derive(Debug, Clone, Copy)]
pub enum NewContent<'a> {
    /// A file.
    File {
        /// The SHA-256 of its content.
        sha256: &'a [u8; 32],
        /// Its size in bytes.
        size: i64,
        /// What kind of file it is.
        media_type: &'a str,
    },
    /// A link to this address.
    Link(&'a str),
}

pub(crate) struct EvidenceRow {
    id: Uuid,
    customer_id: i32,
    filename: String,
    sha256: Option<Vec<u8>>,
    size: Option<i64>,
    media_type: Option<String>,
    url: Option<String>,
    kind: String,
    status: String,
    covers_from: Option<jiff_sqlx::Date>,
    covers_to: Option<jiff_sqlx::Date>,
    valid_until: Option<jiff_sqlx::Date>,
    note: Option<String>,
    received_at: jiff_sqlx::Timestamp,
    uploaded_by: Option<i32>,
    uploaded_by_name: Option<String>,
    uploaded_by_is_firm: Option<bool>,
    respondent_id: Option<Uuid>,
    respondent_name: Option<String>,
    decided_by: Option<i32>,
    decided_by_name: Option<String>,
    decided_by_is_firm: Option<bool>,
    decided_at: Option<jiff_sqlx::Timestamp>,
    decision_reason: Option<String>,
    replaced_by: Option<Uuid>,
    task_ids: Vec<Uuid>,
    source_path: Option<String>,
    version: i32,
}

impl TryFrom<EvidenceRow> for Evidence {
    type Error = Error;

    fn try_from(row: EvidenceRow) -> Result<Self> {
        Ok(Self {
            id: EvidenceId(row.id),
            customer_id: CustomerId(row.customer_id),
            filename: row.filename,
            content: content(row.url, row.sha256.as_deref(), row.size, row.media_type)?,
            status: row.status.parse()?,
            details: EvidenceDetails {
                kind: row.kind.parse()?,
                covers_from: row.covers_from.map(jiff_sqlx::Date::to_jiff),
                covers_to: row.covers_to.map(jiff_sqlx::Date::to_jiff),
                valid_until: row.valid_until.map(jiff_sqlx::Date::to_jiff),
                note: row.note,
            },
            received_at: row.received_at.to_jiff(),
            uploaded_by: person(row.uploaded_by, row.uploaded_by_name, row.uploaded_by_is_firm),
            respondent: row.respondent_id.zip(row.respondent_name).map(|(id, name)| RespondentName { id: RespondentId(id), name }),
            decided_by: person(row.decided_by, row.decided_by_name, row.decided_by_is_firm),
            decided_at: row.decided_at.map(jiff_sqlx::Timestamp::to_jiff),
            decision_reason: row.decision_reason,
            replaced_by: row.replaced_by.map(EvidenceId),
            task_ids: row.task_ids.into_iter().map(TaskId).collect(),
            source_path: row.source_path,
            version: row.version,
        })
    }
}

/// The database keeps evidence one or the other.
fn content(url: Option<String>, sha256: Option<&[u8]>, size: Option<i64>, media_type: Option<String>) -> Result<EvidenceContent> {
    match (url, sha256, size, media_type) {
        (Some(url), ..) => Ok(EvidenceContent::Link { url }),
        (None, Some(sha256), Some(size), Some(media_type)) => {
            Ok(EvidenceContent::File(EvidenceFile { sha256: hex(sha256), size, media_type }))
        }
        _ => Err(Error::Corrupt("evidence is neither a file nor a link".to_owned())),
    }
}

/// Runs a checked statement over evidence with the names around it; `$rest` says which, in which order.
macro_rules! select_evidence {
    ($rest:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            $crate::evidence::EvidenceRow,
            r#"SELECT e.id, e.customer_id, e.filename, e.sha256, e.size, e.media_type, e.url, e.kind, e.status, e.covers_from, e.covers_to, e.valid_until, e.note,
                      e.received_at, e.uploaded_by, uu.full_name AS "uploaded_by_name?", (uu.role <> 'member') AS "uploaded_by_is_firm?",
                      e.respondent_id, r.name AS "respondent_name?",
                      e.decided_by, ud.full_name AS "decided_by_name?", (ud.role <> 'member') AS "decided_by_is_firm?",
                      e.decided_at, e.decision_reason, e.replaced_by, e.source_path, e.version,
                      ARRAY(SELECT l.task_id FROM dna_app.customer_evidence_tasks l
                            WHERE l.customer_id = e.customer_id AND l.evidence_id = e.id AND l.unlinked_at IS NULL
                            ORDER BY l.linked_at, l.task_id) AS "task_ids!"
               FROM dna_app.customer_evidence e
               LEFT JOIN auth.users uu ON uu.id = e.uploaded_by
               LEFT JOIN auth.users ud ON ud.id = e.decided_by
               LEFT JOIN dna_app.customer_respondents r ON r.customer_id = e.customer_id AND r.id = e.respondent_id
               WHERE "# + $rest,
            $($argument),+
        )
    };
}
use select_evidence;

impl Locator {
    /// The customer that evidence belongs to, among those the actor may know of.
    pub async fn customer_of_evidence(&mut self, evidence: EvidenceId) -> Result<CustomerId> {
        let visible = self.customers();
        sqlx::query_scalar!(
            "SELECT customer_id FROM dna_app.customer_evidence WHERE ($1::integer[] IS NULL OR customer_id = ANY($1)) AND id = $2",
            visible.as_deref(),
            evidence.0
        )
        .fetch_optional(self.connection())
        .await?
        .map(CustomerId)
        .ok_or(Error::NotFound)
    }
}

impl CustomerReader {
    /// One piece of evidence.
    pub async fn evidence(&mut self, id: EvidenceId) -> Result<Evidence> {
        let customer = self.customer.0;
        select_evidence!("e.customer_id = $1 AND e.id = $2", customer, id.0)
            .fetch_optional(self.connection())
            .await?
            .ok_or(Error::NotFound)?
            .try_into()
    }

    /// The evidence that serves any of these tasks, the first that came in first; without what
    /// something else came in the place of.
    pub async fn evidence_serving(&mut self, tasks: &[TaskId]) -> Result<Vec<Evidence>> {
        let (customer, tasks) = (self.customer.0, tasks.iter().map(|id| id.0).collect::<Vec<_>>());
        let rows = select_evidence!(
            r#"e.customer_id = $1 AND e.replaced_by IS NULL
               AND EXISTS (SELECT FROM dna_app.customer_evidence_tasks k
                           WHERE k.customer_id = e.customer_id AND k.evidence_id = e.id AND k.task_id = ANY($2) AND k.unlinked_at IS NULL)
               ORDER BY e.received_at, e.id"#,
            customer,
            &tasks
        );
        rows.fetch_all(self.connection()).await?.into_iter().map(Evidence::try_from).collect()
    }

    /// The keys of the questions of a template of a plan that wait for evidence: their tasks need
    /// some, and none has been accepted. What is ignored, and what does not apply, needs none.
    pub async fn questions_lacking_evidence(&mut self, plan: PlanId, template: TemplateId) -> Result<Vec<String>> {
        let customer = self.customer.0;
        Ok(sqlx::query_scalar!(
            r#"SELECT substr(t.generation_source, length('question:') + 1) AS "key!"
               FROM dna_app.customer_tasks t
               WHERE t.customer_id = $1 AND t.plan_id = $2 AND t.template_id = $3 AND t.document_id IS NULL
                 AND t.generation_source LIKE 'question:%' AND t.requires_evidence AND NOT t.evidence_uploaded AND NOT t.is_ignored
                 AND NOT EXISTS (SELECT FROM dna_app.customer_answers a
                     WHERE a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
                       AND 'question:' || a.question_key = t.generation_source AND a.not_applicable_reason IS NOT NULL
                       AND a.withdrawn_at IS NULL)"#,
            customer,
            plan.0,
            template.0
        )
        .fetch_all(self.connection())
        .await?)
    }
}

impl CustomerWriter {
    /// Notes evidence: its file, if it is one, is kept already.
    pub async fn insert_evidence(&mut self, new: &NewEvidence<'_>) -> Result<()> {
        let (customer, author, at) = (self.customer.0, self.author(), self.at);
        let respondent = self.respondent.map(|id| id.0);
        let (sha256, size, media_type, url) = match new.content {
            NewContent::File { sha256, size, media_type } => (Some(&sha256[..]), Some(size), Some(media_type), None),
            NewContent::Link(url) => (None, None, None, Some(url)),
        };
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_evidence (id, customer_id, filename, sha256, size, media_type, url, kind, covers_from, covers_to,
                   valid_until, note, received_at, uploaded_by, respondent_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"#,
            new.id.0,
            customer,
            new.filename,
            sha256,
            size,
            media_type,
            url,
            new.details.kind.as_str(),
            new.details.covers_from.map(ToSqlx::to_sqlx),
            new.details.covers_to.map(ToSqlx::to_sqlx),
            new.details.valid_until.map(ToSqlx::to_sqlx),
            new.details.note.as_deref(),
            at.to_sqlx(),
            author,
            respondent
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Evidence, held until the transaction ends, so that what is decided on it still holds when it
    /// is written.
    pub async fn lock_evidence(&mut self, id: EvidenceId) -> Result<Evidence> {
        let customer = self.customer.0;
        sqlx::query!("SELECT id FROM dna_app.customer_evidence WHERE customer_id = $1 AND id = $2 FOR NO KEY UPDATE", customer, id.0)
            .fetch_optional(self.connection())
            .await?
            .ok_or(Error::NotFound)?;
        self.evidence(id).await
    }

    /// Accepts held evidence (no reason) or sends it back with a reason.
    pub async fn decide_evidence(&mut self, id: EvidenceId, rejected_because: Option<&str>) -> Result<()> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        sqlx::query!(
            r#"UPDATE dna_app.customer_evidence
               SET status = CASE WHEN $3::text IS NULL THEN 'accepted' ELSE 'rejected' END, decision_reason = $3, decided_by = $4, decided_at = $5,
                   version = version + 1
               WHERE customer_id = $1 AND id = $2"#,
            customer,
            id.0,
            rejected_because,
            actor,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Notes that something else came in the place of held evidence.
    pub async fn replace_evidence(&mut self, id: EvidenceId, by: EvidenceId) -> Result<()> {
        let customer = self.customer.0;
        sqlx::query!(
            "UPDATE dna_app.customer_evidence SET replaced_by = $3, version = version + 1 WHERE customer_id = $1 AND id = $2",
            customer,
            id.0,
            by.0
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
