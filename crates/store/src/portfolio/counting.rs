//! Counting customers: each statement reads the rows of many once.

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, PlanId, StandardId, TaskId},
    progress::Progress,
};
use uuid::Uuid;

use super::figures::{CustomerFigures, PlanFigures};
use crate::{PortfolioReader, Result};

/// So many customers are counted in one statement.
const AT_ONCE: usize = 500;

/// What decides which tasks count, and for whom they wait.
struct Places {
    /// The people of the firm.
    firm: Vec<i32>,
    /// The plans that are not ignored.
    plans: HashSet<Uuid>,
    /// The templates of plans that are.
    ignored: HashSet<(Uuid, Uuid)>,
}

impl Places {
    /// Whether nothing above a task of this place hides it.
    fn show(&self, plan: Option<Uuid>, template: Option<Uuid>) -> bool {
        plan.is_none_or(|plan| self.plans.contains(&plan) && template.is_none_or(|template| !self.ignored.contains(&(plan, template))))
    }
}

impl PortfolioReader {
    /// The figures of some customers, which have to be among those that the actor may see. `today` is
    /// the day it is at each of them.
    pub async fn customer_figures(
        &mut self,
        customers: &[(CustomerId, Date)],
        at: Timestamp,
    ) -> Result<HashMap<CustomerId, CustomerFigures>> {
        let mut all: HashMap<i32, CustomerFigures> = customers.iter().map(|(id, today)| (id.0, CustomerFigures::empty(*today))).collect();
        for part in customers.chunks(AT_ONCE) {
            let ids: Vec<i32> = part.iter().map(|(id, _)| id.0).collect();
            let places = self.count_plans(&ids, &mut all).await?;
            self.count_all_tasks(&ids, at, &places, &mut all).await?;
            self.count_weeks(&ids, at, &places, &mut all).await?;
            self.count_evidence(&ids, at, &mut all).await?;
            self.find_movement(&ids, &mut all).await?;
        }
        for figures in all.values_mut() {
            // The week is not over: what is overdue in it is what is overdue now.
            if let Some(this_week) = figures.trend.last_mut() {
                this_week.overdue = figures.progress.overdue;
            }
        }
        Ok(all.into_iter().map(|(id, figures)| (CustomerId(id), figures)).collect())
    }

    /// The plans, and what hides tasks: which template of which plan is ignored.
    async fn count_plans(&mut self, ids: &[i32], all: &mut HashMap<i32, CustomerFigures>) -> Result<Places> {
        let plans = sqlx::query!(
            r#"SELECT p.customer_id, p.id, p.iso_standard_id,
                      EXISTS (SELECT FROM dna_app.customer_iso_plan_templates a
                              WHERE a.customer_id = p.customer_id AND a.plan_id = p.id AND NOT a.is_ignored) AS "has_templates!"
               FROM dna_app.customer_iso_plans p WHERE p.customer_id = ANY($1) AND NOT p.is_ignored"#,
            ids
        )
        .fetch_all(self.connection())
        .await?;
        let ignored = sqlx::query!(
            "SELECT plan_id, template_id FROM dna_app.customer_iso_plan_templates WHERE customer_id = ANY($1) AND is_ignored",
            ids
        )
        .fetch_all(self.connection())
        .await?;
        let firm = sqlx::query_scalar!("SELECT id FROM auth.users WHERE role <> 'member' ORDER BY id").fetch_all(self.connection()).await?;
        let mut places =
            Places { firm, plans: HashSet::new(), ignored: ignored.into_iter().map(|row| (row.plan_id, row.template_id)).collect() };
        for row in plans {
            places.plans.insert(row.id);
            let Some(figures) = all.get_mut(&row.customer_id) else { continue };
            figures.without_templates = (figures.without_templates && !figures.plans.is_empty()) || !row.has_templates;
            figures.plans.push(PlanFigures {
                id: PlanId(row.id),
                standard: StandardId(row.iso_standard_id),
                progress: Progress::default(),
            });
        }
        Ok(places)
    }

    async fn count_all_tasks(
        &mut self,
        ids: &[i32],
        at: Timestamp,
        places: &Places,
        all: &mut HashMap<i32, CustomerFigures>,
    ) -> Result<()> {
        // Only the tasks are read, each once: what hides them is known already, and looking it up for each
        // would take longer than all the rest. The earliest due task is found by one comparable text: its
        // day, its place, its id.
        let rows = sqlx::query!(
            r#"SELECT t.customer_id, t.plan_id, t.template_id, count(*) FILTER (WHERE t.status <> 'cancelled') AS "total!",
                      count(*) FILTER (WHERE t.status = 'completed') AS "completed!",
                      count(*) FILTER (WHERE o.is_open AND t.due_date < d.today) AS "overdue!",
                      count(*) FILTER (WHERE o.is_open AND t.due_date < d.today AND NOT o.waits) AS "overdue_firm!",
                      count(*) FILTER (WHERE o.is_open AND t.due_date = d.today AND NOT o.waits) AS "due_today_firm!",
                      count(*) FILTER (WHERE o.is_open AND t.due_date BETWEEN d.today AND d.sunday) AS "due_this_week!",
                      count(*) FILTER (WHERE o.is_open AND o.waits) AS "waiting!",
                      count(*) FILTER (WHERE o.is_open AND o.waits AND t.task_type = 'answer_question') AS "answers_waiting!",
                      count(*) FILTER (WHERE o.is_open AND t.task_type = 'approve_document') AS "to_approve!",
                      count(*) FILTER (WHERE o.is_open AND NOT o.waits AND t.task_type IN ('approve_document', 'review_document') AND t.document_id IS NOT NULL) AS "to_review_firm!",
                      min((t.due_date::text || lpad(greatest(t.position, 0)::text, 10, '0') || t.id::text) COLLATE "C")
                          FILTER (WHERE o.is_open AND t.due_date IS NOT NULL) AS next_due
               FROM (SELECT c.id, x.today, x.today + (7 - extract(isodow FROM x.today)::integer) AS sunday
                     FROM dna_app.customers c
                     CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE c.time_zone)::date AS today OFFSET 0) x
                     WHERE c.id = ANY($1)) d
               JOIN dna_app.customer_tasks t ON t.customer_id = d.id AND NOT t.is_ignored
               CROSS JOIN LATERAL (SELECT t.status NOT IN ('completed', 'cancelled') AS is_open,
                   CASE WHEN t.assigned_to IS NULL THEN coalesce(t.assignee_role IN ('manager', 'contributor', 'approver'), false)
                        ELSE t.assigned_to <> ALL($3) END AS waits) o
               GROUP BY t.customer_id, t.plan_id, t.template_id"#,
            ids,
            at.to_sqlx(),
            &places.firm
        )
        .fetch_all(self.connection())
        .await?;
        let mut next = HashMap::<i32, String>::new();
        for row in rows.into_iter().filter(|row| places.show(row.plan_id, row.template_id)) {
            let Some(figures) = all.get_mut(&row.customer_id) else { continue };
            let progress = Progress { total: row.total, completed: row.completed, overdue: row.overdue };
            figures.progress.add(progress);
            figures.waiting += row.waiting;
            figures.answers_waiting += row.answers_waiting;
            figures.overdue_firm += row.overdue_firm;
            figures.due_today_firm += row.due_today_firm;
            figures.due_this_week += row.due_this_week;
            figures.to_approve += row.to_approve;
            figures.to_review_firm += row.to_review_firm;
            if let Some(plan) = figures.plans.iter_mut().find(|plan| Some(plan.id.0) == row.plan_id) {
                plan.progress.add(progress);
            }
            if let Some(found) = row.next_due {
                let least = next.entry(row.customer_id).or_insert_with(|| found.clone());
                if found < *least {
                    *least = found;
                }
            }
        }
        for (customer, packed) in next {
            let day = packed.get(..10).and_then(|day| day.parse().ok());
            let task = packed.get(20..).and_then(|id| id.parse().ok());
            if let Some(figures) = all.get_mut(&customer) {
                figures.next_due = task.map(TaskId).zip(day);
            }
        }
        Ok(())
    }

    async fn count_weeks(&mut self, ids: &[i32], at: Timestamp, places: &Places, all: &mut HashMap<i32, CustomerFigures>) -> Result<()> {
        let rows = sqlx::query!(
            r#"SELECT t.customer_id, t.plan_id, t.template_id, date_trunc('week', t.due_date::timestamp)::date AS due,
                      date_trunc('week', t.completed_at AT TIME ZONE d.time_zone)::date AS done, count(*) AS "count!"
               FROM (SELECT c.id, c.time_zone, x.today, date_trunc('week', x.today::timestamp)::date - 77 AS since
                     FROM dna_app.customers c
                     CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE c.time_zone)::date AS today OFFSET 0) x
                     WHERE c.id = ANY($1)) d
               JOIN dna_app.customer_tasks t ON t.customer_id = d.id AND NOT t.is_ignored
               WHERE CASE t.status WHEN 'cancelled' THEN false
                         WHEN 'completed' THEN (t.completed_at AT TIME ZONE d.time_zone)::date >= d.since
                         ELSE t.due_date < d.today + 56 END
               GROUP BY 1, 2, 3, 4, 5"#,
            ids,
            at.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        for row in rows.into_iter().filter(|row| places.show(row.plan_id, row.template_id)) {
            if let Some(figures) = all.get_mut(&row.customer_id) {
                figures.add_weeks(row.due.map(jiff_sqlx::Date::to_jiff), row.done.map(jiff_sqlx::Date::to_jiff), row.count);
            }
        }
        Ok(())
    }

    async fn count_evidence(&mut self, ids: &[i32], at: Timestamp, all: &mut HashMap<i32, CustomerFigures>) -> Result<()> {
        let rows = sqlx::query!(
            r#"SELECT e.customer_id, count(*) FILTER (WHERE e.status = 'accepted' AND e.valid_until < d.today) AS "expired!",
                      count(*) FILTER (WHERE e.status = 'accepted' AND e.valid_until BETWEEN d.today AND d.today + 30) AS "expiring!",
                      count(*) FILTER (WHERE e.status = 'pending') AS "pending!"
               FROM dna_app.customers c
               CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE c.time_zone)::date AS today) d
               JOIN dna_app.customer_evidence e ON e.customer_id = c.id AND e.replaced_by IS NULL
               WHERE c.id = ANY($1) AND (e.status = 'pending' OR (e.status = 'accepted' AND e.valid_until <= d.today + 30))
               GROUP BY 1"#,
            ids,
            at.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        for row in rows {
            if let Some(figures) = all.get_mut(&row.customer_id) {
                (figures.evidence_expired, figures.evidence_expiring, figures.evidence_pending) = (row.expired, row.expiring, row.pending);
            }
        }
        Ok(())
    }

    async fn find_movement(&mut self, ids: &[i32], all: &mut HashMap<i32, CustomerFigures>) -> Result<()> {
        let rows = sqlx::query!(
            r#"SELECT c.id, coalesce((SELECT l.at FROM dna_app.customer_audit_log l WHERE l.customer_id = c.id ORDER BY l.id DESC LIMIT 1), c.created_at) AS "at!"
               FROM dna_app.customers c WHERE c.id = ANY($1)"#,
            ids
        )
        .fetch_all(self.connection())
        .await?;
        for row in rows {
            if let Some(figures) = all.get_mut(&row.id) {
                figures.last_movement = row.at.to_jiff();
            }
        }
        Ok(())
    }
}
