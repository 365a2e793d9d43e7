//! The firm's board: the tasks and files that somebody of the firm has to look at today.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::ids::{CustomerId, DocumentId, EvidenceId, TaskId};

use crate::{PortfolioReader, Result};

/// A task on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardTask {
    /// The task.
    pub id: TaskId,
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// The title.
    pub title: String,
    /// The standard of its plan.
    pub iso_code: Option<String>,
    /// The document that it is about.
    pub document: Option<(DocumentId, String)>,
    /// By when.
    pub due_date: Option<Date>,
    /// The day it is at the customer's.
    pub today: Date,
    /// Who has it.
    pub assigned_to: Option<String>,
}

/// Which tasks of the board are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardTasks {
    /// Past their due date.
    Overdue,
    /// Due today.
    Today,
    /// That review or approve a document, due or not.
    Reviews,
}

impl BoardTasks {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::Reviews => "reviews",
        }
    }
}

/// Evidence on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardEvidence {
    /// The file.
    pub id: EvidenceId,
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// The name of the file.
    pub filename: String,
    /// When it came.
    pub received_at: Timestamp,
}

impl PortfolioReader {
    /// Open tasks of some customers whose next step is the firm's. The earliest due first.
    pub async fn board_tasks(&mut self, customers: &[CustomerId], which: BoardTasks, at: Timestamp, most: i64) -> Result<Vec<BoardTask>> {
        let ids: Vec<i32> = customers.iter().map(|id| id.0).collect();
        let rows = sqlx::query!(
            r#"SELECT t.id AS "id!", t.customer_id AS "customer_id!", c.name AS customer_name, t.title AS "title!", s.code AS "iso_code?",
                      t.document_id, d.document_name AS "document_name?", t.due_date, ($3::timestamptz AT TIME ZONE c.time_zone)::date AS "today!",
                      u.full_name AS "assigned_to?"
               FROM dna_app.visible_open_tasks t
               JOIN dna_app.customers c ON c.id = t.customer_id
               LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
               LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               LEFT JOIN dna_app.customer_documents d ON d.customer_id = t.customer_id AND d.id = t.document_id
               LEFT JOIN auth.users u ON u.id = t.assigned_to
               WHERE t.customer_id = ANY($1) AND NOT t.waits_on_customer
                 AND CASE $2::text WHEN 'reviews' THEN t.task_type IN ('approve_document', 'review_document') AND t.document_id IS NOT NULL
                          WHEN 'today' THEN t.due_date = ($3::timestamptz AT TIME ZONE c.time_zone)::date
                          ELSE t.due_date < ($3::timestamptz AT TIME ZONE c.time_zone)::date END
               ORDER BY t.due_date NULLS LAST, lower(c.name), t.position, t.id LIMIT $4"#,
            &ids,
            which.as_str(),
            at.to_sqlx(),
            most
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| BoardTask {
                id: TaskId(row.id),
                customer_id: CustomerId(row.customer_id),
                customer_name: row.customer_name,
                title: row.title,
                iso_code: row.iso_code,
                document: row.document_id.map(DocumentId).zip(row.document_name),
                due_date: row.due_date.map(jiff_sqlx::Date::to_jiff),
                today: row.today.to_jiff(),
                assigned_to: row.assigned_to,
            })
            .collect())
    }

    /// Evidence of some customers that nobody has decided about, the longest waiting first.
    pub async fn board_evidence(&mut self, customers: &[CustomerId], most: i64) -> Result<Vec<BoardEvidence>> {
        let ids: Vec<i32> = customers.iter().map(|id| id.0).collect();
        let rows = sqlx::query!(
            r#"SELECT e.id, e.customer_id, c.name AS customer_name, e.filename, e.received_at
               FROM dna_app.customer_evidence e JOIN dna_app.customers c ON c.id = e.customer_id
               WHERE e.customer_id = ANY($1) AND e.status = 'pending' AND e.replaced_by IS NULL
               ORDER BY e.received_at, e.id LIMIT $2"#,
            &ids,
            most
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| BoardEvidence {
                id: EvidenceId(row.id),
                customer_id: CustomerId(row.customer_id),
                customer_name: row.customer_name,
                filename: row.filename,
                received_at: row.received_at.to_jiff(),
            })
            .collect())
    }
}
