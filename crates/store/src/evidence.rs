//! Evidence: what is known of files, the tasks that they serve, and the traces of both on tasks.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    audit::hex,
    evidence::{Evidence, EvidenceDetails, EvidenceFilter, EvidenceStatus},
    ids::{CustomerId, EvidenceId, PlanId, RespondentId, TaskId, TemplateId},
    respondents::RespondentName,
};
use uuid::Uuid;

use crate::{CustomerReader, CustomerWriter, Error, Locator, Page, Result, Slice, answers::person};

/// Evidence to be noted. Its file is kept already.
#[derive(Debug, Clone)]
pub struct NewEvidence<'a> {
    /// The id.
    pub id: EvidenceId,
    /// The name of the file.
    pub filename: &'a str,
    /// The SHA-256 of its content.
    pub sha256: &'a [u8; 32],
    /// Its size in bytes.
    pub size: i64,
    /// What kind of file it is.
    pub media_type: &'a str,
    /// What was said about it.
    pub details: &'a EvidenceDetails,
}

struct EvidenceRow {
    id: Uuid,
    customer_id: i32,
    filename: String,
    sha256: Vec<u8>,
    size: i64,
    media_type: String,
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
            sha256: hex(&row.sha256),
            size: row.size,
            media_type: row.media_type,
            status: row.status.parse()?,
            details: EvidenceDetails {
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

/// Runs a checked statement over evidence with the names around it; `$rest` says which, in which order.
macro_rules! select_evidence {
    ($rest:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            EvidenceRow,
            r#"SELECT e.id, e.customer_id, e.filename, e.sha256, e.size, e.media_type, e.status, e.covers_from, e.covers_to, e.valid_until, e.note,
                      e.received_at, e.uploaded_by, uu.full_name AS "uploaded_by_name?", (uu.role <> 'member') AS "uploaded_by_is_firm?",
                      e.respondent_id, r.name AS "respondent_name?",
                      e.decided_by, ud.full_name AS "decided_by_name?", (ud.role <> 'member') AS "decided_by_is_firm?",
                      e.decided_at, e.decision_reason, e.replaced_by, e.source_path, e.version,
                      ARRAY(SELECT l.task_id FROM dna_app.customer_evidence_tasks l
                            WHERE l.customer_id = e.customer_id AND l.evidence_id = e.id ORDER BY l.linked_at, l.task_id) AS "task_ids!"
               FROM dna_app.customer_evidence e
               LEFT JOIN auth.users uu ON uu.id = e.uploaded_by
               LEFT JOIN auth.users ud ON ud.id = e.decided_by
               LEFT JOIN dna_app.customer_respondents r ON r.customer_id = e.customer_id AND r.id = e.respondent_id
               WHERE "# + $rest,
            $($argument),+
        )
    };
}

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

    /// One page of the evidence that a filter asks for, the latest first.
    pub async fn evidence_list(&mut self, filter: &EvidenceFilter, slice: Slice) -> Result<Page<Evidence>> {
        let customer = self.customer.0;
        let (task, status) = (filter.task_id.map(|id| id.0), filter.status.map(EvidenceStatus::as_str));
        let rows = select_evidence!(
            r#"e.customer_id = $1 AND ($2::text IS NULL OR e.status = $2) AND (NOT $3 OR e.replaced_by IS NULL)
               AND ($4::uuid IS NULL OR EXISTS (SELECT FROM dna_app.customer_evidence_tasks k
                    WHERE k.customer_id = e.customer_id AND k.evidence_id = e.id AND k.task_id = $4))
               ORDER BY e.received_at DESC, e.id DESC LIMIT $5 OFFSET $6"#,
            customer,
            status,
            filter.is_current,
            task,
            slice.limit,
            slice.offset
        )
        .fetch_all(self.connection())
        .await?;
        let total = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM dna_app.customer_evidence e
               WHERE e.customer_id = $1 AND ($2::text IS NULL OR e.status = $2) AND (NOT $3 OR e.replaced_by IS NULL)
                 AND ($4::uuid IS NULL OR EXISTS (SELECT FROM dna_app.customer_evidence_tasks k
                      WHERE k.customer_id = e.customer_id AND k.evidence_id = e.id AND k.task_id = $4))"#,
            customer,
            status,
            filter.is_current,
            task
        )
        .fetch_one(self.connection())
        .await?;
        Ok(Page { items: rows.into_iter().map(Evidence::try_from).collect::<Result<_>>()?, total })
    }

    /// The evidence that serves any of these tasks, the first that came in first; without what
    /// something else came in the place of.
    pub async fn evidence_serving(&mut self, tasks: &[TaskId]) -> Result<Vec<Evidence>> {
        let (customer, tasks) = (self.customer.0, tasks.iter().map(|id| id.0).collect::<Vec<_>>());
        let rows = select_evidence!(
            r#"e.customer_id = $1 AND e.replaced_by IS NULL
               AND EXISTS (SELECT FROM dna_app.customer_evidence_tasks k
                           WHERE k.customer_id = e.customer_id AND k.evidence_id = e.id AND k.task_id = ANY($2))
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
    /// Notes evidence: its file is kept already.
    pub async fn insert_evidence(&mut self, new: &NewEvidence<'_>) -> Result<()> {
        let (customer, author, at) = (self.customer.0, self.author(), self.at);
        let respondent = self.respondent.map(|id| id.0);
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_evidence (id, customer_id, filename, sha256, size, media_type, covers_from, covers_to, valid_until, note,
                   received_at, uploaded_by, respondent_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"#,
            new.id.0,
            customer,
            new.filename,
            &new.sha256[..],
            new.size,
            new.media_type,
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

    /// Lets evidence serve a task. `false`: it does already.
    pub async fn link_evidence(&mut self, evidence: EvidenceId, task: TaskId) -> Result<bool> {
        let (customer, at) = (self.customer.0, self.at);
        let made = sqlx::query!(
            r#"INSERT INTO dna_app.customer_evidence_tasks (customer_id, evidence_id, task_id, linked_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (customer_id, evidence_id, task_id) DO NOTHING"#,
            customer,
            evidence.0,
            task.0,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(made.rows_affected() > 0)
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

    /// Brings `evidence_uploaded` and `evidence_files` of a held task up to what the records say:
    /// whether accepted evidence serves it, and the files handed in for it, without those sent back or
    /// replaced. Files of before, which have no record, stay listed.
    pub async fn refresh_evidence_of_task(&mut self, task: TaskId) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        sqlx::query!(
            r#"WITH serving AS (
                   SELECT e.* FROM dna_app.customer_evidence e
                   JOIN dna_app.customer_evidence_tasks l ON l.customer_id = e.customer_id AND l.evidence_id = e.id
                   WHERE l.customer_id = $1 AND l.task_id = $2),
               files AS (
                   SELECT jsonb_agg(jsonb_build_object('evidence_id', s.id, 'filename', s.filename, 'size', s.size, 'status', s.status,
                       'sha256', encode(s.sha256, 'hex'), 'uploaded_at', s.received_at, 'uploaded_by', s.uploaded_by,
                       'storage_path', 'kept/' || s.customer_id || '/' || left(encode(s.sha256, 'hex'), 2) || '/' || encode(s.sha256, 'hex'))
                       ORDER BY s.received_at, s.id) AS list
                   FROM serving s WHERE s.status <> 'rejected' AND s.replaced_by IS NULL),
               now_known AS (SELECT EXISTS (SELECT FROM serving s WHERE s.status = 'accepted') AS is_accepted)
               UPDATE dna_app.customer_tasks t
               SET evidence_uploaded = n.is_accepted,
                   evidence_files = nullif(
                       coalesce(jsonb_path_query_array(t.evidence_files, '$[*] ? (!exists(@.evidence_id))'), '[]') || coalesce(f.list, '[]'), '[]'),
                   version = t.version + (t.evidence_uploaded <> n.is_accepted)::integer, updated_at = $3
               FROM now_known n, files f
               WHERE t.customer_id = $1 AND t.id = $2"#,
            customer,
            task.0,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
