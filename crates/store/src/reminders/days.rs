//! What a day brings: tasks that are due soon or have become overdue, and the week that is over.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    account::{Locale, Notification},
    ids::{CustomerId, TaskId, UserId},
    reminders::{DAY_BEGINS, DUE_SOON_DAYS, OVERDUE_DAYS},
};

use super::Recipient;
use crate::{CustomerWriter, Result, Store, db::Mode, scope::customer_settings};

/// A customer whose day has begun and whose reminders of that day are still to be written. Only
/// [`Store::due_days`] makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDay {
    customer: CustomerId,
    day: Date,
}

impl DueDay {
    /// The day, in the customer's zone.
    pub const fn day(&self) -> Date {
        self.day
    }
}

/// A task of which somebody is reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemindedTask {
    /// The task.
    pub id: TaskId,
    /// Its title.
    pub title: String,
    /// The standard's code and the template's name, as far as there are any.
    pub path: Vec<String>,
    /// When it is due.
    pub due_date: Date,
    /// Due soon or overdue.
    pub kind: Notification,
    /// Who has it.
    pub to: Recipient,
}

/// What became of a customer's work in a week, and what comes next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WeekFigures {
    /// Tasks completed in the seven days before.
    pub completed: i64,
    /// Open tasks.
    pub open: i64,
    /// Of these past their due date.
    pub overdue: i64,
    /// Of these due within the next seven days.
    pub due: i64,
    /// Documents that wait for review or approval.
    pub to_approve: i64,
    /// Evidence that is valid for 30 days more at the longest.
    pub expiring: i64,
}

impl Store {
    /// The customers whose day has begun, and whose reminders of it are still to be written: at most
    /// `limit` of them.
    pub async fn due_days(&self, at: Timestamp, limit: i64) -> Result<Vec<DueDay>> {
        let mut tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        let rows = sqlx::query!(
            r#"SELECT c.id, ($1::timestamptz AT TIME ZONE c.time_zone)::date AS "day!"
               FROM dna_app.customers c
               WHERE c.status <> 'archived' AND extract(hour FROM $1::timestamptz AT TIME ZONE c.time_zone)::integer >= $2
                 AND (c.reminded_on IS NULL OR c.reminded_on < ($1::timestamptz AT TIME ZONE c.time_zone)::date)
               ORDER BY c.id LIMIT $3"#,
            at.to_sqlx(),
            i32::from(DAY_BEGINS),
            limit
        )
        .fetch_all(&mut *tx)
        .await?;
        Ok(rows.into_iter().map(|row| DueDay { customer: CustomerId(row.id), day: row.day.to_jiff() }).collect())
    }

    /// The scope in which the program writes the reminders of a day: its customer's, as nobody.
    pub async fn day_writer(&self, due: &DueDay, at: Timestamp) -> Result<CustomerWriter> {
        let (customer, actor) = (due.customer, UserId(0));
        let tx = self.begin(Mode::Write, &customer_settings(customer, actor)).await?;
        Ok(CustomerWriter::for_job(self.scope_of_customer(tx, customer, actor, at)))
    }
}

impl CustomerWriter {
    /// Takes a day of the customer, which is held until the transaction ends, and gives the last one
    /// that was taken before. None where somebody else has taken this one, or the customer is archived.
    pub async fn take_day(&mut self, due: &DueDay) -> Result<Option<Option<Date>>> {
        let customer = self.customer.0;
        let last =
            sqlx::query_scalar!("SELECT reminded_on FROM dna_app.customers WHERE id = $1 AND status <> 'archived' FOR UPDATE", customer)
                .fetch_optional(self.connection())
                .await?;
        let Some(last) = last.map(|day| day.map(jiff_sqlx::Date::to_jiff)) else { return Ok(None) };
        if last.is_some_and(|last| last >= due.day) {
            return Ok(None);
        }
        sqlx::query!("UPDATE dna_app.customers SET reminded_on = $2 WHERE id = $1", customer, due.day.to_sqlx() as jiff_sqlx::Date)
            .execute(self.connection())
            .await?;
        Ok(Some(last))
    }

    /// The tasks of which people are to be reminded on a day and have not been, marked as told: by
    /// person, kind and due date.
    pub async fn tasks_to_tell(&mut self, day: Date) -> Result<Vec<RemindedTask>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"WITH told AS (
                   INSERT INTO dna_app.customer_task_reminders (customer_id, task_id, user_id, kind, due_date, reminded_on)
                   SELECT t.customer_id, t.id, u.id, k.kind, t.due_date, $2
                   FROM dna_app.visible_open_tasks t
                   CROSS JOIN LATERAL (SELECT CASE WHEN t.due_date < $2 THEN 'overdue' ELSE 'due_soon' END AS kind) k
                   JOIN auth.users u ON u.id = t.assigned_to AND u.is_active AND k.kind = ANY(u.notifications)
                   WHERE t.customer_id = $1 AND t.due_date BETWEEN $2::date - $3::integer AND $2::date + $4::integer
                   ON CONFLICT DO NOTHING
                   RETURNING task_id, user_id, kind, due_date)
               SELECT o.task_id AS "task_id!", o.user_id AS "user_id!", o.kind AS "kind!", o.due_date AS "due_date!", t.title,
                      s.code AS "iso_code?", e.name AS "template_name?", u.full_name, u.email, u.locale
               FROM told o
               JOIN dna_app.customer_tasks t ON t.customer_id = $1 AND t.id = o.task_id
               JOIN auth.users u ON u.id = o.user_id
               LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
               LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               LEFT JOIN dna_app.templates e ON e.id = t.template_id
               ORDER BY o.user_id, o.kind, o.due_date, t.title, t.id"#,
            customer,
            day.to_sqlx() as jiff_sqlx::Date,
            OVERDUE_DAYS,
            DUE_SOON_DAYS
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| {
                let locale: Locale = row.locale.parse()?;
                Ok(RemindedTask {
                    id: TaskId(row.task_id),
                    title: row.title,
                    path: [row.iso_code, row.template_name].into_iter().flatten().collect(),
                    due_date: row.due_date.to_jiff(),
                    kind: row.kind.parse()?,
                    to: Recipient { id: UserId(row.user_id), name: row.full_name, email: row.email, locale },
                })
            })
            .collect()
    }

    /// The figures of the week that ends before `monday`, seen on `today`.
    pub async fn week_figures(&mut self, today: Date) -> Result<WeekFigures> {
        let (customer, at) = (self.customer.0, self.at);
        let tasks = sqlx::query!(
            r#"SELECT count(*) AS "open!", count(*) FILTER (WHERE due_date < $2) AS "overdue!",
                      count(*) FILTER (WHERE due_date BETWEEN $2 AND $2::date + 7) AS "due!"
               FROM dna_app.visible_open_tasks WHERE customer_id = $1"#,
            customer,
            today.to_sqlx() as jiff_sqlx::Date
        )
        .fetch_one(self.connection())
        .await?;
        let others = sqlx::query!(
            r#"SELECT (SELECT count(*) FROM dna_app.customer_tasks
                       WHERE customer_id = $1 AND status = 'completed' AND NOT is_ignored
                         AND completed_at > $3::timestamptz - interval '7 days') AS "completed!",
                      (SELECT count(*) FROM dna_app.customer_documents d
                       JOIN dna_app.customer_iso_plan_templates a ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id
                           AND a.template_id = d.template_id AND NOT a.is_ignored
                       JOIN dna_app.customer_iso_plans p ON p.customer_id = d.customer_id AND p.id = d.plan_id AND NOT p.is_ignored
                       WHERE d.customer_id = $1 AND d.status = 'in_review') AS "to_approve!",
                      (SELECT count(*) FROM dna_app.customer_evidence
                       WHERE customer_id = $1 AND status <> 'rejected' AND replaced_by IS NULL
                         AND valid_until BETWEEN $2 AND $2::date + 30) AS "expiring!""#,
            customer,
            today.to_sqlx() as jiff_sqlx::Date,
            at.to_sqlx()
        )
        .fetch_one(self.connection())
        .await?;
        Ok(WeekFigures {
            completed: others.completed,
            open: tasks.open,
            overdue: tasks.overdue,
            due: tasks.due,
            to_approve: others.to_approve,
            expiring: others.expiring,
        })
    }

    /// Keeps what nobody sees in the workspace, such as mails that were queued: its version and its log
    /// stay as they are.
    pub async fn commit_unseen(self) -> Result<()> {
        self.keep_quietly().await
    }
}
