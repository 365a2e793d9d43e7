//! The people of a customer: its members, and those of the firm who look after it.

mod firm;
mod invitations;
mod members;

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::UserId,
    people::{Invitee, MemberRole, Person},
};
use sqlx::PgConnection;

pub use self::{firm::PeopleWriter, invitations::Acceptance};
use crate::{CustomerReader, CustomerWriter, Result};

/// A membership to be added.
#[derive(Debug, Clone)]
pub struct NewMember<'a> {
    /// The person.
    pub user_id: UserId,
    /// The role.
    pub role: MemberRole,
    /// The last day on which it holds.
    pub expires_on: Option<Date>,
    /// The approval steps of an approver.
    pub approval_steps: &'a [String],
}

impl CustomerReader {
    /// The people who can be given work here: members in force, and the firm's admins.
    pub async fn assignable_people(&mut self) -> Result<Vec<Person>> {
        let (customer, today) = (self.customer.0, self.at.to_zoned(jiff::tz::TimeZone::UTC).date());
        let rows = sqlx::query!(
            r#"SELECT u.id, u.full_name, u.role <> 'member' AS "is_firm!"
               FROM auth.users u
               WHERE u.is_active AND (u.role = 'admin' OR EXISTS (
                   SELECT FROM dna_app.customer_members m
                   WHERE m.customer_id = $1 AND m.user_id = u.id AND m.status = 'active' AND m.role <> 'auditor'
                     AND (m.expires_on IS NULL OR m.expires_on >= $2)))
               ORDER BY (u.role <> 'member'), lower(u.full_name), u.id"#,
            customer,
            today.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| Person { id: UserId(row.id), name: row.full_name, is_firm: row.is_firm }).collect())
    }
}

impl CustomerWriter {
    /// Adds a member; one who has the role already keeps it as it is.
    pub async fn add_member(&mut self, member: &NewMember<'_>) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_members (customer_id, user_id, role, expires_on, approval_steps, created_at)
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (customer_id, user_id, role) DO NOTHING"#,
            customer,
            member.user_id.0,
            member.role.as_str(),
            member.expires_on.map(ToSqlx::to_sqlx),
            member.approval_steps,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

/// Whoever has this address; made, without a way to sign in yet, where there is nobody: then `true`.
async fn find_or_add(connection: &mut PgConnection, invitee: &Invitee, role: &str, at: Timestamp) -> Result<(UserId, bool)> {
    // Held against somebody who invites the same person at the same moment.
    sqlx::query!(
        r#"SELECT true AS "held!" FROM pg_advisory_xact_lock(hashtextextended('muster person ' || $1, 0))"#,
        invitee.email.as_str()
    )
    .fetch_one(&mut *connection)
    .await?;
    let found = sqlx::query_scalar!("SELECT id FROM auth.users WHERE lower(email) = lower($1)", invitee.email.as_str());
    if let Some(id) = found.fetch_optional(&mut *connection).await? {
        return Ok((UserId(id), false));
    }
    let id = sqlx::query_scalar!(
        "INSERT INTO auth.users (email, full_name, role, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) RETURNING id",
        invitee.email.as_str(),
        invitee.name.as_str(),
        role,
        at.to_sqlx()
    );
    Ok((UserId(id.fetch_one(connection).await?), true))
}
