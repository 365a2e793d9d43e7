//! The portfolio: many customers at a glance.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, PlanId, StandardId, TaskId},
    progress::Progress,
};
use serde::{Deserialize, Serialize};

use crate::{PortfolioReader, Result, Slice};

/// How the portfolio is ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortfolioSort {
    /// By name.
    #[default]
    Name,
    /// Most overdue tasks first.
    Overdue,
    /// Most tasks waiting on the customer first.
    Waiting,
    /// The earliest due date first.
    NextDue,
    /// The least progress first.
    Progress,
}

/// Which customers the portfolio shows. Archived ones never.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortfolioFilter {
    /// With these words in the name.
    pub words: Option<String>,
    /// With overdue tasks.
    pub is_overdue: bool,
    /// With tasks waiting on the customer.
    pub is_waiting: bool,
    /// With a plan that has no templates, or without a plan.
    pub has_no_templates: bool,
}

/// One customer in the portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioRow {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// How much of everything is done.
    pub progress: Progress,
    /// A plan of it has no templates, or it has no plan.
    pub without_templates: bool,
    /// Open tasks whose next step is the customer's.
    pub waiting: i64,
    /// The open task that is due first.
    pub next_due: Option<(TaskId, String, Date)>,
    /// The day it is at the customer's.
    pub today: Date,
    /// The consultants assigned.
    pub consultants: Vec<String>,
    /// The plans.
    pub plans: Vec<PortfolioPlan>,
}

/// One plan in the portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioPlan {
    /// The plan.
    pub id: PlanId,
    /// The standard's code.
    pub iso_code: String,
    /// Per cent done, rounded down.
    pub percentage: i32,
    /// Tasks that count.
    pub total: i64,
    /// Of these, done.
    pub completed: i64,
}

/// The sums over all customers the actor may see, whatever the filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortfolioTotals {
    /// Customers.
    pub customers: i64,
    /// Plans.
    pub plans: i64,
    /// Overdue tasks.
    pub overdue: i64,
    /// Open tasks waiting on customers.
    pub waiting: i64,
    /// Open tasks due from today to Sunday.
    pub due_this_week: i64,
    /// Open approval tasks.
    pub to_approve: i64,
    /// Customers with overdue tasks.
    pub customers_overdue: i64,
    /// Customers with waiting tasks.
    pub customers_waiting: i64,
    /// Customers with a plan that has no templates, or without a plan.
    pub customers_without_templates: i64,
    /// Customers that the filter lets through.
    pub matching: i64,
    /// Open tasks by the Monday of the week in which they are due; weeks before this one are late.
    pub by_week: Vec<(Date, i64)>,
}

impl PortfolioReader {
    /// One page of the portfolio.
    pub async fn portfolio(
        &mut self,
        filter: &PortfolioFilter,
        sort: PortfolioSort,
        slice: Slice,
        at: Timestamp,
    ) -> Result<Vec<PortfolioRow>> {
        let visible = self.customers.clone();
        let order = match sort {
            PortfolioSort::Name => "name",
            PortfolioSort::Overdue => "overdue",
            PortfolioSort::Waiting => "waiting",
            PortfolioSort::NextDue => "next_due",
            PortfolioSort::Progress => "progress",
        };
        let rows = sqlx::query!(
            r#"SELECT c.id, c.name, c.description, f.today AS "today!", f.total AS "total!", f.completed AS "completed!", f.overdue AS "overdue!",
                      f.waiting AS "waiting!", f.without_templates AS "without_templates!", n.id AS "next_id?", n.title AS "next_title?", n.due_date AS "next_due?",
                      coalesce((SELECT array_agg(u.full_name ORDER BY u.full_name) FROM dna_app.customer_members m JOIN auth.users u ON u.id = m.user_id
                                WHERE m.customer_id = c.id AND m.role = 'consultant' AND m.status = 'active'), '{}') AS "consultants!"
               FROM dna_app.customers c
               CROSS JOIN LATERAL dna_app.customer_figures(c.id, $7) f
               LEFT JOIN LATERAL (
                   SELECT t.id, t.title, t.due_date FROM dna_app.visible_open_tasks t
                   WHERE t.customer_id = c.id AND t.due_date IS NOT NULL
                   ORDER BY t.due_date, t.position, t.id LIMIT 1
               ) n ON true
               WHERE ($1::integer[] IS NULL OR c.id = ANY($1)) AND c.status <> 'archived'
                 AND ($2::text IS NULL OR strpos(lower(c.name), lower($2)) > 0)
                 AND (NOT $3 OR f.overdue > 0) AND (NOT $4 OR f.waiting > 0) AND (NOT $5 OR f.without_templates)
               ORDER BY CASE WHEN $6 = 'overdue' THEN f.overdue WHEN $6 = 'waiting' THEN f.waiting END DESC NULLS LAST,
                        CASE WHEN $6 = 'next_due' THEN n.due_date END NULLS LAST,
                        CASE WHEN $6 = 'progress' THEN coalesce(f.completed * 100 / nullif(f.total, 0), 0) END, lower(c.name), c.id
               LIMIT $8 OFFSET $9"#,
            visible.as_deref(),
            filter.words,
            filter.is_overdue,
            filter.is_waiting,
            filter.has_no_templates,
            order,
            at.to_sqlx(),
            slice.limit,
            slice.offset
        )
        .fetch_all(self.connection())
        .await?;
        let ids: Vec<i32> = rows.iter().map(|row| row.id).collect();
        let mut plans = self.plans_of(&ids).await?;
        Ok(rows
            .into_iter()
            .map(|row| PortfolioRow {
                customer_id: CustomerId(row.id),
                name: row.name,
                description: row.description,
                progress: Progress { total: row.total, completed: row.completed, overdue: row.overdue },
                without_templates: row.without_templates,
                waiting: row.waiting,
                next_due: row.next_id.zip(row.next_title).zip(row.next_due).map(|((id, title), due)| (TaskId(id), title, due.to_jiff())),
                today: row.today.to_jiff(),
                consultants: row.consultants,
                plans: plans.remove(&row.id).unwrap_or_default(),
            })
            .collect())
    }

    /// How many plans follow each standard, ignored ones aside.
    pub async fn plans_by_standard(&mut self) -> Result<HashMap<StandardId, i64>> {
        let visible = self.customers.clone();
        let rows = sqlx::query!(
            r#"SELECT iso_standard_id, count(*) AS "plans!" FROM dna_app.customer_iso_plans
               WHERE ($1::integer[] IS NULL OR customer_id = ANY($1)) AND NOT is_ignored GROUP BY iso_standard_id"#,
            visible.as_deref()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| (StandardId(row.iso_standard_id), row.plans)).collect())
    }

    async fn plans_of(&mut self, customers: &[i32]) -> Result<HashMap<i32, Vec<PortfolioPlan>>> {
        let rows = sqlx::query!(
            r#"SELECT customer_id AS "customer_id!", plan_id AS "plan_id!", iso_code AS "iso_code!", progress_percentage AS "percentage!",
                      total_tasks AS "total!", completed_tasks AS "completed!"
               FROM dna_app.v_plan_progress WHERE customer_id = ANY($1) ORDER BY iso_code"#,
            customers
        )
        .fetch_all(self.connection())
        .await?;
        let mut plans = HashMap::<i32, Vec<PortfolioPlan>>::new();
        for row in rows {
            let plan = PortfolioPlan {
                id: PlanId(row.plan_id),
                iso_code: row.iso_code,
                percentage: row.percentage,
                total: row.total,
                completed: row.completed,
            };
            plans.entry(row.customer_id).or_default().push(plan);
        }
        Ok(plans)
    }

    /// The sums over everything the actor may see.
    pub async fn portfolio_totals(&mut self, filter: &PortfolioFilter, at: Timestamp) -> Result<PortfolioTotals> {
        let visible = self.customers.clone();
        let row = sqlx::query!(
            r#"SELECT count(*) AS "customers!", coalesce(sum(f.plans), 0)::bigint AS "plans!", coalesce(sum(f.overdue), 0)::bigint AS "overdue!",
                      coalesce(sum(f.waiting), 0)::bigint AS "waiting!", coalesce(sum(f.due_this_week), 0)::bigint AS "due_this_week!",
                      coalesce(sum(f.to_approve), 0)::bigint AS "to_approve!",
                      count(*) FILTER (WHERE f.overdue > 0) AS "customers_overdue!", count(*) FILTER (WHERE f.waiting > 0) AS "customers_waiting!",
                      count(*) FILTER (WHERE f.without_templates) AS "customers_without_templates!",
                      count(*) FILTER (WHERE ($2::text IS NULL OR strpos(lower(c.name), lower($2)) > 0) AND (NOT $3 OR f.overdue > 0)
                                         AND (NOT $4 OR f.waiting > 0) AND (NOT $5 OR f.without_templates)) AS "matching!"
               FROM dna_app.customers c CROSS JOIN LATERAL dna_app.customer_figures(c.id, $6) f
               WHERE ($1::integer[] IS NULL OR c.id = ANY($1)) AND c.status <> 'archived'"#,
            visible.as_deref(),
            filter.words,
            filter.is_overdue,
            filter.is_waiting,
            filter.has_no_templates,
            at.to_sqlx()
        )
        .fetch_one(self.connection())
        .await?;
        let weeks = sqlx::query!(
            r#"SELECT date_trunc('week', t.due_date)::date AS "week!", count(*) AS "count!"
               FROM dna_app.visible_open_tasks t
               WHERE ($1::integer[] IS NULL OR t.customer_id = ANY($1)) AND t.due_date < ($2::timestamptz)::date + 56
               GROUP BY 1 ORDER BY 1"#,
            visible.as_deref(),
            at.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(PortfolioTotals {
            customers: row.customers,
            plans: row.plans,
            overdue: row.overdue,
            waiting: row.waiting,
            due_this_week: row.due_this_week,
            to_approve: row.to_approve,
            customers_overdue: row.customers_overdue,
            customers_waiting: row.customers_waiting,
            customers_without_templates: row.customers_without_templates,
            matching: row.matching,
            by_week: weeks.into_iter().map(|row| (row.week.to_jiff(), row.count)).collect(),
        })
    }
}
