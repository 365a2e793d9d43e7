//! Calendars: the links that give them out, and the days that are in them.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, UserId},
    people::AssigneeRole,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{AccountWriter, CustomerReader, CustomerWriter, PortfolioReader, Result, Store};

/// Whose calendar a link gives out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarLink {
    /// Who made it, and whose rights it has.
    pub user: UserId,
    /// The customer that it is for; none where it is for what is the person's own.
    pub customer: Option<CustomerId>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A new link. It takes the place of the one that the person had for the same.
#[derive(Debug, Clone, Copy)]
pub struct NewCalendarLink<'a> {
    /// The id.
    pub id: Uuid,
    /// The hash of its secret.
    pub secret_hash: &'a [u8; 32],
}

/// Why a day is in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// A task is due.
    Task,
    /// A document has to be read again.
    Review,
    /// Evidence is valid for the last time.
    Expiry,
}

/// A day in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// Why it is there.
    pub kind: DayKind,
    /// The task, document or evidence.
    pub id: Uuid,
    /// The customer.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// Its title or name.
    pub title: String,
    /// The standard's code and the template's name, as far as there are any.
    pub path: Vec<String>,
    /// The day.
    pub day: Date,
    /// Who has the task.
    pub assignee: Option<String>,
    /// Who it falls to while nobody has it.
    pub role: Option<AssigneeRole>,
    /// Counts the changes.
    pub version: i32,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// Which days are wanted.
#[derive(Debug, Clone, Copy)]
pub struct DaysWanted {
    /// From this day.
    pub from: Date,
    /// To this day.
    pub to: Date,
    /// At most so many, the earliest first.
    pub limit: i64,
}

impl Store {
    /// Whose calendar the link with this secret gives out.
    pub async fn calendar_link(&self, secret_hash: &[u8; 32]) -> Result<Option<CalendarLink>> {
        let row = sqlx::query!("SELECT user_id, customer_id, created_at FROM auth.calendar_links WHERE secret_hash = $1", &secret_hash[..])
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| CalendarLink {
            user: UserId(row.user_id),
            customer: row.customer_id.map(CustomerId),
            created_at: row.created_at.to_jiff(),
        }))
    }
}

async fn put(
    connection: &mut PgConnection,
    user: UserId,
    customer: Option<CustomerId>,
    new: NewCalendarLink<'_>,
    at: Timestamp,
) -> Result<()> {
    sqlx::query!(
        r#"INSERT INTO auth.calendar_links (id, user_id, customer_id, secret_hash, created_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT ON CONSTRAINT calendar_links_one
           DO UPDATE SET id = excluded.id, secret_hash = excluded.secret_hash, created_at = excluded.created_at"#,
        new.id,
        user.0,
        customer.map(|id| id.0),
        &new.secret_hash[..],
        at.to_sqlx()
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn remove(connection: &mut PgConnection, user: UserId, customer: Option<CustomerId>) -> Result<bool> {
    let gone = sqlx::query!(
        "DELETE FROM auth.calendar_links WHERE user_id = $1 AND customer_id IS NOT DISTINCT FROM $2",
        user.0,
        customer.map(|id| id.0)
    );
    Ok(gone.execute(connection).await?.rows_affected() > 0)
}

async fn made_at(connection: &mut PgConnection, user: UserId, customer: Option<CustomerId>) -> Result<Option<Timestamp>> {
    let at = sqlx::query_scalar!(
        "SELECT created_at FROM auth.calendar_links WHERE user_id = $1 AND customer_id IS NOT DISTINCT FROM $2",
        user.0,
        customer.map(|id| id.0)
    );
    Ok(at.fetch_optional(connection).await?.map(jiff_sqlx::Timestamp::to_jiff))
}

impl AccountWriter {
    /// Gives the person a new link to what is their own; the one before ends.
    pub async fn put_calendar_link(&mut self, new: NewCalendarLink<'_>) -> Result<()> {
        let (user, at) = (self.user_id(), self.at());
        put(self.connection(), user, None, new, at).await
    }

    /// Ends the person's link. `false`: there was none.
    pub async fn remove_calendar_link(&mut self) -> Result<bool> {
        let user = self.user_id();
        remove(self.connection(), user, None).await
    }

    /// When the person's link was made, if there is one.
    pub async fn calendar_link_made_at(&mut self) -> Result<Option<Timestamp>> {
        let user = self.user_id();
        made_at(self.connection(), user, None).await
    }
}

impl CustomerWriter {
    /// Gives the actor a new link to the customer's calendar; the one before ends.
    pub async fn put_calendar_link(&mut self, new: NewCalendarLink<'_>) -> Result<()> {
        let (user, customer, at) = (self.actor, self.customer, self.at);
        put(self.connection(), user, Some(customer), new, at).await
    }

    /// Ends the actor's link to the customer's calendar. `false`: there was none.
    pub async fn remove_calendar_link(&mut self) -> Result<bool> {
        let (user, customer) = (self.actor, self.customer);
        remove(self.connection(), user, Some(customer)).await
    }
}

impl CustomerReader {
    /// When the actor's link to the customer's calendar was made, if there is one.
    pub async fn calendar_link_made_at(&mut self) -> Result<Option<Timestamp>> {
        let (user, customer) = (self.actor, self.customer);
        made_at(self.connection(), user, Some(customer)).await
    }

    /// The days of all the customer's open tasks, documents and evidence.
    pub async fn calendar_days(&mut self, wanted: DaysWanted) -> Result<Vec<CalendarDay>> {
        let customer = self.customer.0;
        days(self.connection(), Some(&[customer]), None, wanted).await
    }
}

impl PortfolioReader {
    /// The days of the actor's own open tasks, and of the documents and the evidence of all the
    /// customers that they may see.
    pub async fn calendar_days(&mut self, wanted: DaysWanted) -> Result<Vec<CalendarDay>> {
        let (visible, actor) = (self.customers.clone(), self.actor.0);
        days(self.connection(), visible.as_deref(), Some(actor), wanted).await
    }
}

/// What lies in the scope of the connection: a document has one day at the most, either its reading or
/// the task that was made for it.
async fn days(
    connection: &mut PgConnection,
    visible: Option<&[i32]>,
    assigned: Option<i32>,
    wanted: DaysWanted,
) -> Result<Vec<CalendarDay>> {
    let rows = sqlx::query!(
        r#"SELECT kind AS "kind!", n.id AS "id!", n.customer_id AS "customer_id!", c.name AS customer_name, title AS "title!", iso_code, template_name,
                  day AS "day!", assignee, role, n.version AS "version!", changed_at AS "changed_at!"
           FROM (
               SELECT 0 AS kind, t.id, t.customer_id, t.title, s.code AS iso_code, e.name AS template_name, t.due_date AS day,
                      u.full_name AS assignee, t.assignee_role AS role, t.version, t.updated_at AS changed_at
               FROM dna_app.visible_open_tasks t
               LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
               LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               LEFT JOIN dna_app.templates e ON e.id = t.template_id
               LEFT JOIN auth.users u ON u.id = t.assigned_to
               WHERE ($1::integer[] IS NULL OR t.customer_id = ANY($1)) AND ($2::integer IS NULL OR t.assigned_to = $2)
                 AND t.due_date BETWEEN $3 AND $4
               UNION ALL
               SELECT 1, d.id, d.customer_id, d.document_name, s.code, e.name, d.next_review_on, NULL, NULL, d.version, d.updated_at
               FROM dna_app.customer_documents d
               JOIN dna_app.customers v ON v.id = d.customer_id AND v.status <> 'archived'
               JOIN dna_app.customer_iso_plans p ON p.customer_id = d.customer_id AND p.id = d.plan_id AND NOT p.is_ignored
               JOIN dna_app.customer_iso_plan_templates a
                   ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id AND a.template_id = d.template_id AND NOT a.is_ignored
               JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               JOIN dna_app.templates e ON e.id = d.template_id
               WHERE ($1::integer[] IS NULL OR d.customer_id = ANY($1)) AND d.next_review_on BETWEEN $3 AND $4
                 AND EXISTS (SELECT FROM dna_app.customer_document_versions k
                             WHERE k.customer_id = d.customer_id AND k.document_id = d.id AND k.status = 'approved')
                 AND NOT EXISTS (SELECT FROM dna_app.visible_open_tasks t
                                 WHERE t.customer_id = d.customer_id AND t.document_id = d.id AND t.generation_source = 'document:reread'
                                   AND t.due_date = d.next_review_on AND ($2::integer IS NULL OR t.assigned_to = $2))
               UNION ALL
               SELECT 2, f.id, f.customer_id, f.filename, NULL, NULL, f.valid_until, NULL, NULL, f.version, coalesce(f.decided_at, f.received_at)
               FROM dna_app.customer_evidence f
               JOIN dna_app.customers v ON v.id = f.customer_id AND v.status <> 'archived'
               WHERE ($1::integer[] IS NULL OR f.customer_id = ANY($1)) AND f.valid_until BETWEEN $3 AND $4
                 AND f.status <> 'rejected' AND f.replaced_by IS NULL
           ) n
           JOIN dna_app.customers c ON c.id = n.customer_id
           ORDER BY n.day, n.kind, n.customer_id, n.id LIMIT $5"#,
        visible,
        assigned,
        wanted.from.to_sqlx() as jiff_sqlx::Date,
        wanted.to.to_sqlx() as jiff_sqlx::Date,
        wanted.limit
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(CalendarDay {
                kind: match row.kind {
                    0 => DayKind::Task,
                    1 => DayKind::Review,
                    _ => DayKind::Expiry,
                },
                id: row.id,
                customer_id: CustomerId(row.customer_id),
                customer_name: row.customer_name,
                title: row.title,
                path: [row.iso_code, row.template_name].into_iter().flatten().collect(),
                day: row.day.to_jiff(),
                assignee: row.assignee,
                role: row.role.map(|role| role.parse()).transpose()?,
                version: row.version,
                changed_at: row.changed_at.to_jiff(),
            })
        })
        .collect()
}
