//! Documents in force that have to be read again.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::ids::{CustomerId, DocumentId, UserId};

use crate::{CustomerWriter, Result, Store, db::Mode, scope::customer_settings};

/// A document that has to be read again soon, and has no task for it yet. Only
/// [`Store::due_readings`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueReading {
    customer: CustomerId,
    document: DocumentId,
    due: Date,
}

impl DueReading {
    /// The document.
    pub const fn document(&self) -> DocumentId {
        self.document
    }

    /// The day by which it has to be read.
    pub const fn due(&self) -> Date {
        self.due
    }

    /// The occurrence of its task: one for each day that a reading is due.
    pub fn occurrence(&self) -> String {
        self.due.to_string()
    }
}

impl Store {
    /// The documents in force, of all customers, that have to be read again on `until` at the
    /// latest and have no task for that day yet: at most `limit` of them.
    pub async fn due_readings(&self, until: Date, limit: i64) -> Result<Vec<DueReading>> {
        let mut tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        let rows = sqlx::query!(
            r#"SELECT d.customer_id, d.id, d.next_review_on AS "due!"
               FROM dna_app.customer_documents d
               JOIN dna_app.customers c ON c.id = d.customer_id AND c.status <> 'archived'
               JOIN dna_app.customer_iso_plans p ON p.customer_id = d.customer_id AND p.id = d.plan_id AND NOT p.is_ignored
               JOIN dna_app.customer_iso_plan_templates a
                   ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id AND a.template_id = d.template_id AND NOT a.is_ignored
               WHERE d.next_review_on <= $1
                 AND EXISTS (SELECT FROM dna_app.customer_document_versions v
                             WHERE v.customer_id = d.customer_id AND v.document_id = d.id AND v.status = 'approved')
                 AND NOT EXISTS (SELECT FROM dna_app.customer_tasks t
                                 WHERE t.customer_id = d.customer_id AND t.plan_id = d.plan_id AND t.template_id = d.template_id
                                   AND t.document_id = d.id AND t.generation_source = 'document:reread'
                                   AND t.occurrence = to_char(d.next_review_on, 'YYYY-MM-DD'))
               ORDER BY d.next_review_on, d.id LIMIT $2"#,
            until.to_sqlx() as jiff_sqlx::Date,
            limit
        )
        .fetch_all(&mut *tx)
        .await?;
        let due = |row: (i32, uuid::Uuid, Date)| DueReading { customer: CustomerId(row.0), document: DocumentId(row.1), due: row.2 };
        Ok(rows.into_iter().map(|row| due((row.customer_id, row.id, row.due.to_jiff()))).collect())
    }

    /// The scope in which the program makes the task of a reading: its customer's, as nobody.
    pub async fn reading_writer(&self, reading: &DueReading, at: Timestamp) -> Result<CustomerWriter> {
        let (customer, actor) = (reading.customer, UserId(0));
        let tx = self.begin(Mode::Write, &customer_settings(customer, actor)).await?;
        Ok(CustomerWriter::for_job(self.scope_of_customer(tx, customer, actor, at)))
    }
}
