//! Which tasks evidence serves, and the traces of that on tasks.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use muster_domain::ids::{EvidenceId, TaskId};

use crate::{CustomerWriter, Result};

impl CustomerWriter {
    /// Lets evidence serve a task. `false`: it does already.
    pub async fn link_evidence(&mut self, evidence: EvidenceId, task: TaskId) -> Result<bool> {
        let (customer, at) = (self.customer.0, self.at);
        let made = sqlx::query!(
            r#"INSERT INTO dna_app.customer_evidence_tasks AS l (customer_id, evidence_id, task_id, linked_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (customer_id, evidence_id, task_id) DO UPDATE SET linked_at = excluded.linked_at, unlinked_at = NULL
               WHERE l.unlinked_at IS NOT NULL"#,
            customer,
            evidence.0,
            task.0,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(made.rows_affected() > 0)
    }

    /// Takes evidence off a task. `false`: it does not serve it.
    pub async fn unlink_evidence(&mut self, evidence: EvidenceId, task: TaskId) -> Result<bool> {
        let (customer, at) = (self.customer.0, self.at);
        let taken = sqlx::query!(
            r#"UPDATE dna_app.customer_evidence_tasks SET unlinked_at = $4
               WHERE customer_id = $1 AND evidence_id = $2 AND task_id = $3 AND unlinked_at IS NULL"#,
            customer,
            evidence.0,
            task.0,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(taken.rows_affected() > 0)
    }

    /// Brings `evidence_uploaded` and `evidence_files` of a held task up to what the records say:
    /// whether accepted evidence serves it, and what was handed in for it, without what was sent back or
    /// replaced. For a task that is not completed only evidence counts whose last day has not passed.
    /// Files of before, which have no record, stay listed.
    pub async fn refresh_evidence_of_task(&mut self, task: TaskId, today: Date) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        sqlx::query!(
            r#"WITH serving AS (
                   SELECT e.* FROM dna_app.customer_evidence e
                   JOIN dna_app.customer_evidence_tasks l ON l.customer_id = e.customer_id AND l.evidence_id = e.id AND l.unlinked_at IS NULL
                   WHERE l.customer_id = $1 AND l.task_id = $2),
               files AS (
                   SELECT jsonb_agg(jsonb_build_object('evidence_id', s.id, 'filename', s.filename, 'status', s.status, 'uploaded_at', s.received_at,
                       'uploaded_by', s.uploaded_by) || CASE WHEN s.url IS NOT NULL THEN jsonb_build_object('url', s.url)
                       ELSE jsonb_build_object('size', s.size, 'sha256', encode(s.sha256, 'hex'),
                           'storage_path', 'kept/' || s.customer_id || '/' || left(encode(s.sha256, 'hex'), 2) || '/' || encode(s.sha256, 'hex')) END
                       ORDER BY s.received_at, s.id) AS list
                   FROM serving s WHERE s.status <> 'rejected' AND s.replaced_by IS NULL),
               now_known AS (
                   SELECT EXISTS (SELECT FROM serving s WHERE s.status = 'accepted') AS is_accepted,
                          EXISTS (SELECT FROM serving s WHERE s.status = 'accepted' AND (s.valid_until IS NULL OR s.valid_until >= $4)) AS is_valid)
               UPDATE dna_app.customer_tasks t
               SET evidence_uploaded = CASE t.status WHEN 'completed' THEN n.is_accepted ELSE n.is_valid END,
                   evidence_files = nullif(
                       coalesce(jsonb_path_query_array(t.evidence_files, '$[*] ? (!exists(@.evidence_id))'), '[]') || coalesce(f.list, '[]'), '[]'),
                   version = t.version + (t.evidence_uploaded <> CASE t.status WHEN 'completed' THEN n.is_accepted ELSE n.is_valid END)::integer,
                   updated_at = $3
               FROM now_known n, files f
               WHERE t.customer_id = $1 AND t.id = $2"#,
            customer,
            task.0,
            at.to_sqlx(),
            today.to_sqlx() as jiff_sqlx::Date
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Notes on a held task that is not completed that all accepted evidence for it has come to its last
    /// day, if it has. `false`: it has not, or that is noted already.
    pub async fn expire_evidence_of_task(&mut self, task: TaskId, today: Date) -> Result<bool> {
        let (customer, at) = (self.customer.0, self.at);
        let expired = sqlx::query!(
            r#"UPDATE dna_app.customer_tasks t SET evidence_uploaded = false, version = t.version + 1, updated_at = $3
               WHERE t.customer_id = $1 AND t.id = $2 AND t.evidence_uploaded AND t.status <> 'completed'
                 AND (SELECT bool_and(e.valid_until < $4) AND bool_and(e.valid_until IS NOT NULL)
                      FROM dna_app.customer_evidence e
                      JOIN dna_app.customer_evidence_tasks l ON l.customer_id = e.customer_id AND l.evidence_id = e.id AND l.unlinked_at IS NULL
                      WHERE l.customer_id = $1 AND l.task_id = $2 AND e.status = 'accepted')"#,
            customer,
            task.0,
            at.to_sqlx(),
            today.to_sqlx() as jiff_sqlx::Date
        )
        .execute(self.connection())
        .await?;
        Ok(expired.rows_affected() > 0)
    }
}
