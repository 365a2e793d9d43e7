//! The people of a customer: its members, and those of the firm who look after it.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::UserId,
    people::{MemberRole, Person},
};

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
