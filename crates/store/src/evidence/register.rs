//! The register of a customer's evidence, its gaps, and the versions of one piece.

use jiff::{Span, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    evidence::{Evidence, EvidenceFilter, EvidenceKind, EvidenceSort, EvidenceState, EvidenceStatus, EvidenceValidity},
    ids::{EvidenceId, PlanId, TaskId, TemplateId},
};

use super::select_evidence;
use crate::{CustomerReader, Error, Page, Result, Slice};

impl CustomerReader {
    /// One page of the evidence that a filter asks for. What ends at most `soon` days from `today` is
    /// expiring.
    pub async fn evidence_list(
        &mut self,
        filter: &EvidenceFilter,
        sort: EvidenceSort,
        (today, soon): (Date, i32),
        slice: Slice,
    ) -> Result<Page<Evidence>> {
        let customer = self.customer.0;
        let (task, plan, template) = (filter.task_id.map(|id| id.0), filter.plan_id.map(|id| id.0), filter.template_id.map(|id| id.0));
        let status = filter.status.or_else(|| filter.state.and_then(of_state)).map(EvidenceStatus::as_str);
        let is_replaced = filter.state == Some(EvidenceState::Replaced);
        let is_current = filter.is_current || (filter.state.is_some() && !is_replaced) || filter.validity.is_some();
        let kind = filter.kind.map(EvidenceKind::as_str);
        let (first, last) = days(filter.validity, today, soon)?;
        let is_limited = filter.validity.is_some();
        let rows = select_evidence!(
            r#"e.customer_id = $1 AND ($2::text IS NULL OR e.status = $2) AND (NOT $3 OR e.replaced_by IS NULL) AND (NOT $4 OR e.replaced_by IS NOT NULL)
               AND ($5::text IS NULL OR e.kind = $5)
               AND (NOT $6 OR (e.status <> 'rejected' AND e.valid_until BETWEEN $7 AND $8))
               AND ($9::text IS NULL OR strpos(lower(e.filename || ' ' || coalesce(e.note, '') || ' ' || coalesce(e.url, '')), lower($9)) > 0)
               AND (($10::uuid IS NULL AND $11::uuid IS NULL AND $12::uuid IS NULL) OR EXISTS (
                    SELECT FROM dna_app.customer_evidence_tasks k
                    JOIN dna_app.customer_tasks t ON t.customer_id = k.customer_id AND t.id = k.task_id
                    WHERE k.customer_id = e.customer_id AND k.evidence_id = e.id AND k.unlinked_at IS NULL
                      AND ($10 IS NULL OR t.id = $10) AND ($11 IS NULL OR t.plan_id = $11) AND ($12 IS NULL OR t.template_id = $12)))
               ORDER BY CASE WHEN $13 = 'name' THEN lower(e.filename) END, CASE WHEN $13 = 'valid_until' THEN e.valid_until END NULLS LAST,
                        e.received_at DESC, e.id DESC
               LIMIT $14 OFFSET $15"#,
            customer,
            status,
            is_current,
            is_replaced,
            kind,
            is_limited,
            first.to_sqlx() as jiff_sqlx::Date,
            last.to_sqlx() as jiff_sqlx::Date,
            filter.words,
            task,
            plan,
            template,
            sort.as_str(),
            slice.limit,
            slice.offset
        )
        .fetch_all(self.connection())
        .await?;
        let total = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM dna_app.customer_evidence e
               WHERE e.customer_id = $1 AND ($2::text IS NULL OR e.status = $2) AND (NOT $3 OR e.replaced_by IS NULL) AND (NOT $4 OR e.replaced_by IS NOT NULL)
               AND ($5::text IS NULL OR e.kind = $5)
               AND (NOT $6 OR (e.status <> 'rejected' AND e.valid_until BETWEEN $7 AND $8))
               AND ($9::text IS NULL OR strpos(lower(e.filename || ' ' || coalesce(e.note, '') || ' ' || coalesce(e.url, '')), lower($9)) > 0)
               AND (($10::uuid IS NULL AND $11::uuid IS NULL AND $12::uuid IS NULL) OR EXISTS (
                    SELECT FROM dna_app.customer_evidence_tasks k
                    JOIN dna_app.customer_tasks t ON t.customer_id = k.customer_id AND t.id = k.task_id
                    WHERE k.customer_id = e.customer_id AND k.evidence_id = e.id AND k.unlinked_at IS NULL
                      AND ($10 IS NULL OR t.id = $10) AND ($11 IS NULL OR t.plan_id = $11) AND ($12 IS NULL OR t.template_id = $12)))"#,
            customer,
            status,
            is_current,
            is_replaced,
            kind,
            is_limited,
            first.to_sqlx() as jiff_sqlx::Date,
            last.to_sqlx() as jiff_sqlx::Date,
            filter.words,
            task,
            plan,
            template
        )
        .fetch_one(self.connection())
        .await?;
        Ok(Page { items: rows.into_iter().map(Evidence::try_from).collect::<Result<_>>()?, total })
    }

    /// One page of the tasks that need evidence and have none that is accepted and still valid on
    /// `today`, in the order of their ids' making. Without what is ignored or cancelled, questions that do
    /// not apply, and renewals that are done: what they renewed counts for itself.
    pub async fn evidence_gaps(
        &mut self,
        (plan, template): (Option<PlanId>, Option<TemplateId>),
        today: Date,
        slice: Slice,
    ) -> Result<Page<TaskId>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT t.id, count(*) OVER () AS "total!"
               FROM dna_app.customer_tasks t
               LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
               LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               LEFT JOIN dna_app.customer_iso_plan_templates a
                   ON a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
               LEFT JOIN dna_app.templates e ON e.id = t.template_id
               WHERE t.customer_id = $1 AND (t.requires_evidence OR t.task_type = 'provide_evidence') AND t.status <> 'cancelled'
                 AND NOT t.is_ignored AND NOT coalesce(p.is_ignored, false) AND NOT coalesce(a.is_ignored, false)
                 AND ($2::uuid IS NULL OR t.plan_id = $2) AND ($3::uuid IS NULL OR t.template_id = $3)
                 AND NOT (t.status = 'completed' AND coalesce(t.generation_source, '') LIKE 'evidence:%')
                 AND NOT EXISTS (SELECT FROM dna_app.customer_answers q
                     WHERE t.document_id IS NULL AND q.customer_id = t.customer_id AND q.plan_id = t.plan_id AND q.template_id = t.template_id
                       AND 'question:' || q.question_key = t.generation_source AND q.not_applicable_reason IS NOT NULL AND q.withdrawn_at IS NULL)
                 AND CASE WHEN NOT t.evidence_uploaded THEN true
                     ELSE (SELECT bool_and(v.valid_until < $4) AND bool_and(v.valid_until IS NOT NULL)
                           FROM dna_app.customer_evidence v
                           JOIN dna_app.customer_evidence_tasks l ON l.customer_id = v.customer_id AND l.evidence_id = v.id AND l.unlinked_at IS NULL
                           WHERE l.customer_id = t.customer_id AND l.task_id = t.id AND v.status = 'accepted') END
               ORDER BY array_position(ARRAY['customer', 'plan', 'template', 'document'], t.task_scope::text), s.code, lower(e.name), t.position,
                        t.created_at, t.id
               LIMIT $5 OFFSET $6"#,
            customer,
            plan.map(|id| id.0),
            template.map(|id| id.0),
            today.to_sqlx() as jiff_sqlx::Date,
            slice.limit,
            slice.offset
        )
        .fetch_all(self.connection())
        .await?;
        let total = rows.first().map_or(0, |row| row.total);
        Ok(Page { items: rows.into_iter().map(|row| TaskId(row.id)).collect(), total })
    }

    /// All evidence that serves any of these tasks, also what was replaced.
    pub async fn evidence_of_tasks(&mut self, tasks: &[TaskId]) -> Result<Vec<Evidence>> {
        let (customer, tasks) = (self.customer.0, tasks.iter().map(|id| id.0).collect::<Vec<_>>());
        let rows = select_evidence!(
            r#"e.customer_id = $1 AND EXISTS (SELECT FROM dna_app.customer_evidence_tasks k
                   WHERE k.customer_id = e.customer_id AND k.evidence_id = e.id AND k.task_id = ANY($2) AND k.unlinked_at IS NULL)
               ORDER BY e.received_at, e.id"#,
            customer,
            &tasks
        );
        rows.fetch_all(self.connection()).await?.into_iter().map(Evidence::try_from).collect()
    }

    /// All versions of a piece of evidence, the latest first: what came in its place, what it came in the
    /// place of, and so on, as far as whoever reads may see them.
    pub async fn evidence_versions(&mut self, id: EvidenceId) -> Result<Vec<Evidence>> {
        let customer = self.customer.0;
        let rows = select_evidence!(
            r#"e.customer_id = $1 AND e.id IN (
                   WITH RECURSIVE chain AS (
                       SELECT id, replaced_by FROM dna_app.customer_evidence WHERE customer_id = $1 AND id = $2
                       UNION
                       SELECT o.id, o.replaced_by FROM dna_app.customer_evidence o
                       JOIN chain c ON o.replaced_by = c.id OR o.id = c.replaced_by
                       WHERE o.customer_id = $1)
                   SELECT id FROM chain)
               ORDER BY e.received_at DESC, e.id DESC"#,
            customer,
            id.0
        );
        rows.fetch_all(self.connection()).await?.into_iter().map(Evidence::try_from).collect()
    }
}

/// The stored status of a state; what was replaced has any.
const fn of_state(state: EvidenceState) -> Option<EvidenceStatus> {
    match state {
        EvidenceState::Waiting => Some(EvidenceStatus::Pending),
        EvidenceState::Accepted => Some(EvidenceStatus::Accepted),
        EvidenceState::SentBack => Some(EvidenceStatus::Rejected),
        EvidenceState::Replaced => None,
    }
}

/// The first and the last of the last days that are asked for.
fn days(validity: Option<EvidenceValidity>, today: Date, soon: i32) -> Result<(Date, Date)> {
    let beyond = |error: jiff::Error| Error::Corrupt(error.to_string());
    Ok(match validity {
        None => (today, today),
        Some(EvidenceValidity::Expired) => (Date::constant(1900, 1, 1), today.yesterday().map_err(beyond)?),
        Some(EvidenceValidity::Expiring) => (today, today.checked_add(Span::new().days(soon)).map_err(beyond)?),
    })
}
