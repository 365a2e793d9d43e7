//! Accepted evidence that comes to its last day: what has to be renewed, and the tasks that it is no
//! longer enough for.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::ids::{CustomerId, EvidenceId, TaskId, UserId};

use crate::{CustomerReader, CustomerWriter, Result, Store, db::Mode, scope::customer_settings};

/// Accepted evidence that ends soon and has no task for its renewal yet. Only
/// [`Store::due_renewals`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRenewal {
    customer: CustomerId,
    evidence: EvidenceId,
}

impl DueRenewal {
    /// The evidence.
    pub const fn evidence(&self) -> EvidenceId {
        self.evidence
    }
}

/// A task that is open and whose accepted evidence has all come to its last day. Only
/// [`Store::expired_tasks`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiredTask {
    customer: CustomerId,
    task: TaskId,
}

impl ExpiredTask {
    /// The task.
    pub const fn task(&self) -> TaskId {
        self.task
    }
}

impl Store {
    /// Accepted evidence of all customers that nothing came in the place of, that ends within `days`
    /// days, and that has no task for its renewal: at most `limit` pieces. Days are those of the
    /// customer's zone. Evidence that serves only what is ignored is left out.
    pub async fn due_renewals(&self, days: i32, at: Timestamp, limit: i64) -> Result<Vec<DueRenewal>> {
        let mut tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        let rows = sqlx::query!(
            r#"SELECT e.customer_id, e.id
               FROM dna_app.customer_evidence e
               JOIN dna_app.customers c ON c.id = e.customer_id AND c.status <> 'archived'
               WHERE e.status = 'accepted' AND e.replaced_by IS NULL AND e.valid_until IS NOT NULL
                 AND e.valid_until <= ($1::timestamptz AT TIME ZONE c.time_zone)::date + $2::integer
                 AND NOT EXISTS (SELECT FROM dna_app.customer_tasks r
                     WHERE r.customer_id = e.customer_id AND r.generation_source LIKE 'evidence:%' AND r.generation_source = 'evidence:' || e.id)
                 AND (NOT EXISTS (SELECT FROM dna_app.customer_evidence_tasks l
                          WHERE l.customer_id = e.customer_id AND l.evidence_id = e.id AND l.unlinked_at IS NULL)
                      OR EXISTS (SELECT FROM dna_app.customer_evidence_tasks l
                          JOIN dna_app.customer_tasks t ON t.customer_id = l.customer_id AND t.id = l.task_id AND NOT t.is_ignored
                          LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
                          LEFT JOIN dna_app.customer_iso_plan_templates a
                              ON a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
                          WHERE l.customer_id = e.customer_id AND l.evidence_id = e.id AND l.unlinked_at IS NULL
                            AND NOT coalesce(p.is_ignored, false) AND NOT coalesce(a.is_ignored, false)))
               ORDER BY e.valid_until, e.id LIMIT $3"#,
            at.to_sqlx() as jiff_sqlx::Timestamp,
            days,
            limit
        )
        .fetch_all(&mut *tx)
        .await?;
        let due = |(customer, id)| DueRenewal { customer: CustomerId(customer), evidence: EvidenceId(id) };
        Ok(rows.into_iter().map(|row| due((row.customer_id, row.id))).collect())
    }

    /// Tasks of all customers that are open, count as having accepted evidence, and whose accepted
    /// evidence has all come to its last day: at most `limit` of them.
    pub async fn expired_tasks(&self, at: Timestamp, limit: i64) -> Result<Vec<ExpiredTask>> {
        let mut tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        let rows = sqlx::query!(
            r#"SELECT DISTINCT t.customer_id, t.id
               FROM dna_app.customer_evidence e
               JOIN dna_app.customers c ON c.id = e.customer_id AND c.status <> 'archived'
               JOIN dna_app.customer_evidence_tasks l ON l.customer_id = e.customer_id AND l.evidence_id = e.id AND l.unlinked_at IS NULL
               JOIN dna_app.customer_tasks t ON t.customer_id = l.customer_id AND t.id = l.task_id
               WHERE e.status = 'accepted' AND e.valid_until IS NOT NULL AND e.valid_until < ($1::timestamptz AT TIME ZONE c.time_zone)::date
                 AND t.evidence_uploaded AND t.status NOT IN ('completed', 'cancelled')
                 AND NOT EXISTS (SELECT FROM dna_app.customer_evidence v
                     JOIN dna_app.customer_evidence_tasks k ON k.customer_id = v.customer_id AND k.evidence_id = v.id AND k.unlinked_at IS NULL
                     WHERE k.customer_id = t.customer_id AND k.task_id = t.id AND v.status = 'accepted'
                       AND (v.valid_until IS NULL OR v.valid_until >= ($1::timestamptz AT TIME ZONE c.time_zone)::date))
               LIMIT $2"#,
            at.to_sqlx() as jiff_sqlx::Timestamp,
            limit
        )
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows.into_iter().map(|row| ExpiredTask { customer: CustomerId(row.customer_id), task: TaskId(row.id) }).collect())
    }

    /// The scope in which the program makes the task of a renewal: its customer's, as nobody.
    pub async fn renewal_writer(&self, renewal: &DueRenewal, at: Timestamp) -> Result<CustomerWriter> {
        self.writer_of_nobody(renewal.customer, at).await
    }

    /// The scope in which the program notes that a task's evidence has ended: its customer's, as nobody.
    pub async fn expiry_writer(&self, expired: &ExpiredTask, at: Timestamp) -> Result<CustomerWriter> {
        self.writer_of_nobody(expired.customer, at).await
    }

    async fn writer_of_nobody(&self, customer: CustomerId, at: Timestamp) -> Result<CustomerWriter> {
        let actor = UserId(0);
        let tx = self.begin(Mode::Write, &customer_settings(customer, actor)).await?;
        Ok(CustomerWriter::for_job(self.scope_of_customer(tx, customer, actor, at)))
    }
}

impl CustomerReader {
    /// The tasks for the renewal of a piece of evidence, wherever they stand; those that may still take
    /// evidence only, if `is_open`.
    pub async fn renewal_tasks(&mut self, evidence: EvidenceId, is_open: bool) -> Result<Vec<TaskId>> {
        let customer = self.customer.0;
        let rows = sqlx::query_scalar!(
            r#"SELECT t.id FROM dna_app.customer_tasks t
               LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
               LEFT JOIN dna_app.customer_iso_plan_templates a
                   ON a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
               WHERE t.customer_id = $1 AND t.generation_source LIKE 'evidence:%' AND t.generation_source = 'evidence:' || $2::uuid
                 AND (NOT $3 OR (t.status NOT IN ('completed', 'cancelled') AND NOT t.is_ignored AND NOT coalesce(p.is_ignored, false)
                      AND NOT coalesce(a.is_ignored, false)))
               ORDER BY t.id"#,
            customer,
            evidence.0,
            is_open
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(TaskId).collect())
    }

    /// The evidence that any of these tasks are there to renew, in the order of its ids.
    pub async fn renewed_by(&mut self, tasks: &[TaskId]) -> Result<Vec<EvidenceId>> {
        let (customer, tasks) = (self.customer.0, tasks.iter().map(|id| id.0).collect::<Vec<_>>());
        let rows = sqlx::query_scalar!(
            r#"SELECT DISTINCT substr(generation_source, length('evidence:') + 1)::uuid AS "evidence!" FROM dna_app.customer_tasks
               WHERE customer_id = $1 AND id = ANY($2) AND generation_source LIKE 'evidence:%' ORDER BY 1"#,
            customer,
            &tasks
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(EvidenceId).collect())
    }
}
