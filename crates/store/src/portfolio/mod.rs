//! The portfolio: many customers at a glance. The figures of a customer in `figures`, counting them in
//! `counting`, the firm's board in `board`.

mod board;
mod counting;
mod figures;

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::ids::{CustomerId, PlanId, StandardId, TaskId};

pub use self::{
    board::{BoardEvidence, BoardTask, BoardTasks},
    figures::{CustomerFigures, PlanFigures, TrendWeek},
};
use crate::{PortfolioReader, Result};

/// A customer of the portfolio, and what its figures depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCustomer {
    /// The customer.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// Counts the changes of anything that the figures are made from.
    pub workspace_version: i64,
    /// The day it is at the customer's.
    pub today: Date,
}

/// What a page of the portfolio shows besides figures.
#[derive(Debug, Clone, Default)]
pub struct PortfolioDetails {
    /// The consultants assigned to a customer, by name.
    pub consultants: HashMap<CustomerId, Vec<String>>,
    /// The titles of tasks.
    pub titles: HashMap<TaskId, String>,
    /// The codes of the standards that plans follow.
    pub codes: HashMap<PlanId, String>,
}

impl PortfolioReader {
    /// Whether the reader sees of some customers only some plans: then what is counted is theirs alone.
    pub const fn is_limited(&self) -> bool {
        self.is_limited
    }

    /// All customers that the actor may see and that are not put away, by name, with the version of
    /// the people: who belongs to the firm decides whom a task waits for.
    pub async fn listed_customers(&mut self, at: Timestamp) -> Result<(i64, Vec<ListedCustomer>)> {
        let visible = self.customers.clone();
        let people = sqlx::query_scalar!("SELECT people_version FROM dna_app.firm WHERE id = 1").fetch_one(self.connection()).await?;
        let rows = sqlx::query!(
            r#"SELECT c.id, c.name, c.description, c.workspace_version, ($2::timestamptz AT TIME ZONE c.time_zone)::date AS "today!"
               FROM dna_app.customers c
               WHERE ($1::integer[] IS NULL OR c.id = ANY($1)) AND c.status <> 'archived' ORDER BY lower(c.name), c.id"#,
            visible.as_deref(),
            at.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        let listed = rows.into_iter().map(|row| ListedCustomer {
            id: CustomerId(row.id),
            name: row.name,
            description: row.description,
            workspace_version: row.workspace_version,
            today: row.today.to_jiff(),
        });
        Ok((people, listed.collect()))
    }

    /// What a page of the portfolio shows of these customers, tasks and plans.
    pub async fn portfolio_details(&mut self, customers: &[CustomerId], tasks: &[TaskId], plans: &[PlanId]) -> Result<PortfolioDetails> {
        let customers: Vec<i32> = customers.iter().map(|id| id.0).collect();
        let consultants = sqlx::query!(
            r#"SELECT m.customer_id, array_agg(u.full_name::text ORDER BY u.full_name) AS "names!"
               FROM dna_app.customer_members m JOIN auth.users u ON u.id = m.user_id
               WHERE m.customer_id = ANY($1) AND m.role = 'consultant' AND m.status = 'active' GROUP BY 1"#,
            &customers
        )
        .fetch_all(self.connection())
        .await?;
        let titles = sqlx::query!(
            "SELECT id, title FROM dna_app.customer_tasks WHERE customer_id = ANY($1) AND id = ANY($2)",
            &customers,
            &tasks.iter().map(|id| id.0).collect::<Vec<_>>()
        )
        .fetch_all(self.connection())
        .await?;
        let codes = sqlx::query!(
            r#"SELECT p.id, s.code FROM dna_app.customer_iso_plans p JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               WHERE p.customer_id = ANY($1) AND p.id = ANY($2)"#,
            &customers,
            &plans.iter().map(|id| id.0).collect::<Vec<_>>()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(PortfolioDetails {
            consultants: consultants.into_iter().map(|row| (CustomerId(row.customer_id), row.names)).collect(),
            titles: titles.into_iter().map(|row| (TaskId(row.id), row.title)).collect(),
            codes: codes.into_iter().map(|row| (PlanId(row.id), row.code)).collect(),
        })
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
}
