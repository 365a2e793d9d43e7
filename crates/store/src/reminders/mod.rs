//! Reminders: whom they reach, and queueing them. What each day brings is in `days`.

mod days;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{Actor, Identity},
    account::{Locale, Notification, QuietHours},
    ids::{JobId, UserId},
    mail::Mail,
    people::Membership,
    reminders::Cause,
};

pub use self::days::{DueDay, RemindedTask, WeekFigures};
use crate::{CustomerReader, CustomerWriter, Result, Store, account::quiet_hours, jobs::wake};

/// Somebody who wants to be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Who it is.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// How dates are told to them.
    pub locale: Locale,
}

/// A person as they are now, for what the program does towards them.
#[derive(Debug, Clone)]
pub struct PersonNow {
    /// Who they are and what they may do.
    pub actor: Actor,
    /// What they want to be written to about.
    pub notifications: Vec<Notification>,
    /// When they are not written to.
    pub quiet_hours: Option<QuietHours>,
}

/// A reminder to be sent once this transaction is kept.
#[derive(Debug, Clone)]
pub struct NewReminder<'a> {
    /// The job's id.
    pub id: JobId,
    /// Its Message-ID, without the angle brackets.
    pub message_id: &'a str,
    /// The mail.
    pub mail: &'a Mail,
    /// Who gets it.
    pub to: UserId,
    /// What brought it about.
    pub cause: Cause,
}

impl Store {
    /// A person as they are now; none where they have left.
    pub async fn person_now(&self, user: UserId) -> Result<Option<PersonNow>> {
        let row = sqlx::query!(
            r#"SELECT email AS "email!", full_name AS "full_name!", role AS "role!", locale AS "locale!", time_zone AS "time_zone!",
                      notifications AS "notifications!", quiet_from, quiet_to, memberships AS "memberships!"
               FROM auth.look_at_person($1)"#,
            user.0
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let memberships: Vec<Membership> = serde_json::from_value(row.memberships)?;
        // Nobody acts here: what is read is what this person may see, to be given to themselves.
        #[allow(clippy::disallowed_methods)]
        let actor = Actor::verified(Identity {
            firm_role: row.role.parse().ok(),
            memberships,
            time_zone: row.time_zone,
            locale: row.locale.parse()?,
            ..Identity::new(user, row.full_name, row.email)
        });
        let notifications = row.notifications.iter().map(|word| word.parse()).collect::<Result<_, _>>()?;
        let quiet_hours = quiet_hours(row.quiet_from.map(jiff_sqlx::Time::to_jiff), row.quiet_to.map(jiff_sqlx::Time::to_jiff));
        Ok(Some(PersonNow { actor, notifications, quiet_hours }))
    }
}

impl CustomerReader {
    /// Those of some people who want to be written to about this. Never the one who acts: nobody is
    /// told of what they did themselves.
    pub async fn who_wants(&mut self, people: &[UserId], kind: Notification) -> Result<Vec<Recipient>> {
        let (people, actor): (Vec<i32>, i32) = (people.iter().map(|id| id.0).collect(), self.actor.0);
        let rows = sqlx::query!(
            r#"SELECT id, full_name, email, locale FROM auth.users
               WHERE id = ANY($1) AND id <> $2 AND is_active AND $3 = ANY(notifications) ORDER BY id"#,
            &people,
            actor,
            kind.as_str()
        )
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| Ok(Recipient { id: UserId(row.id), name: row.full_name, email: row.email, locale: row.locale.parse()? }))
            .collect()
    }

    /// The name of the firm, which its mails are signed with.
    pub async fn firm_name(&mut self) -> Result<String> {
        Ok(sqlx::query_scalar!("SELECT name FROM dna_app.firm").fetch_one(self.connection()).await?)
    }

    /// Who is named for an approval step, while that is in force.
    pub async fn holders_of_step(&mut self, step: &str) -> Result<Vec<UserId>> {
        let (customer, at) = (self.customer.0, self.at);
        let ids = sqlx::query_scalar!(
            r#"SELECT user_id FROM dna_app.customer_members
               WHERE customer_id = $1 AND role = 'approver' AND status = 'active' AND $2 = ANY(approval_steps)
                 AND (expires_on IS NULL OR expires_on >= ($3::timestamptz AT TIME ZONE 'UTC')::date)
               ORDER BY user_id"#,
            customer,
            step,
            at.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(ids.into_iter().map(UserId).collect())
    }

    /// The managers of the customer, while they are that.
    pub async fn managers(&mut self) -> Result<Vec<UserId>> {
        let (customer, at) = (self.customer.0, self.at);
        let ids = sqlx::query_scalar!(
            r#"SELECT user_id FROM dna_app.customer_members
               WHERE customer_id = $1 AND role = 'manager' AND status = 'active'
                 AND (expires_on IS NULL OR expires_on >= ($2::timestamptz AT TIME ZONE 'UTC')::date)
               ORDER BY user_id"#,
            customer,
            at.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(ids.into_iter().map(UserId).collect())
    }
}

impl CustomerWriter {
    /// Queues a reminder in this transaction. `false`: this person has been reminded of this cause.
    pub async fn queue_reminder(&mut self, new: &NewReminder<'_>) -> Result<bool> {
        let (customer, actor, at): (i32, i32, Timestamp) = (self.customer.0, self.actor.0, self.at);
        let queued = sqlx::query!(
            r#"INSERT INTO dna_app.jobs (id, kind, customer_id, requested_by, once_key, message_id, payload, run_at, created_at, recipient,
                                         notification, about)
               VALUES ($1, 'mail', $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)
               ON CONFLICT (once_key) DO NOTHING"#,
            new.id.0,
            customer,
            actor,
            new.cause.key(new.to),
            new.message_id,
            serde_json::to_value(new.mail)?,
            at.to_sqlx(),
            new.to.0,
            new.cause.notification().as_str(),
            new.cause.about()
        )
        .execute(self.connection())
        .await?;
        wake(self.connection()).await?;
        Ok(queued.rows_affected() > 0)
    }
}
