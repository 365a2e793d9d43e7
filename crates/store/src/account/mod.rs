//! A person's account: the profile here, sessions, two-step sign-in and the resetting of a password
//! in files of their own.
//!
//! These rows belong to the person, not to a customer. They are reached as the actor themselves, or
//! for somebody else after the decision on [`FirmAction::ManagePeople`].

mod resets;
mod sessions;
mod totp;

use jiff::{Timestamp, civil::Time};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{Actor, FirmAction, Identity, decide_firm},
    account::{Notification, Profile, ProfileDetails, QuietHours},
    audit::AuditNote,
    ids::{SessionId, UserId},
};
use sqlx::{PgConnection, Postgres, Transaction};

pub(crate) use self::sessions::end_sessions;
pub use self::{resets::ResetRequest, totp::Totp};
use crate::{Error, Result, Store, audit::Notebook, db::Mode, scope::allow};

/// Reads and writes one person's account, in one transaction. Nothing is kept unless
/// [`AccountWriter::commit`] is called.
#[derive(Debug)]
pub struct AccountWriter {
    tx: Transaction<'static, Postgres>,
    notebook: Notebook,
    user: UserId,
    /// The session that stays when others end: the one that the change is made in.
    session: Option<SessionId>,
    at: Timestamp,
}

impl Store {
    /// The actor's own profile.
    pub async fn profile(&self, actor: &Actor) -> Result<Profile> {
        read_profile(&mut *self.pool.acquire().await?, actor.user_id()).await
    }

    /// A writer of the actor's own account.
    pub async fn account_writer(&self, actor: &Actor, at: Timestamp) -> Result<AccountWriter> {
        let tx = self.begin(Mode::Write, "").await?;
        Ok(AccountWriter { tx, notebook: Notebook::of(actor, at), user: actor.user_id(), session: actor.session(), at })
    }

    /// A writer of somebody's account, for those who manage people.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such person, or they have left.
    pub async fn account_writer_of(&self, actor: &Actor, user: UserId, at: Timestamp) -> Result<AccountWriter> {
        allow(decide_firm(actor, FirmAction::ManagePeople))?;
        let mut tx = self.begin(Mode::Write, "").await?;
        sqlx::query!("SELECT id FROM auth.users WHERE id = $1 AND is_active FOR NO KEY UPDATE", user.0).fetch_one(&mut *tx).await?;
        Ok(AccountWriter { tx, notebook: Notebook::of(actor, at), user, session: None, at })
    }

    /// A writer of an account for a command at the machine itself: its log says that it was the program.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nobody who is active has this address.
    pub async fn account_writer_at_machine(&self, email: &str, at: Timestamp) -> Result<AccountWriter> {
        let mut tx = self.begin(Mode::Write, "").await?;
        let id = sqlx::query_scalar!("SELECT id FROM auth.users WHERE lower(email) = lower($1) AND is_active FOR NO KEY UPDATE", email)
            .fetch_one(&mut *tx)
            .await?;
        Ok(AccountWriter { tx, notebook: Notebook::of_the_program(at), user: UserId(id), session: None, at })
    }
}

impl Store {
    /// A writer of an account for whoever holds a link that was signed for it: the log says that it was
    /// the person.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such person.
    pub async fn account_writer_by_link(&self, user: UserId, at: Timestamp) -> Result<AccountWriter> {
        let mut tx = self.begin(Mode::Write, "").await?;
        let row =
            sqlx::query!("SELECT full_name, email FROM auth.users WHERE id = $1 FOR NO KEY UPDATE", user.0).fetch_one(&mut *tx).await?;
        let holder = person(user.0, row.full_name, row.email);
        Ok(AccountWriter { tx, notebook: Notebook::of(&holder, at), user, session: None, at })
    }
}

impl AccountWriter {
    /// Whose account it is.
    pub const fn user_id(&self) -> UserId {
        self.user
    }

    /// The instant at which the use case began.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Notes what has been done: an entry of the firm's audit log, if the writer commits.
    pub fn note(&mut self, note: AuditNote) {
        self.notebook.add(note);
    }

    /// Keeps everything written, and adds what was noted to the firm's audit log.
    pub async fn commit(mut self) -> Result<()> {
        self.notebook.write_for_firm(&mut self.tx).await?;
        Ok(self.tx.commit().await?)
    }

    /// The profile.
    pub async fn profile(&mut self) -> Result<Profile> {
        let user = self.user;
        read_profile(self.connection(), user).await
    }

    /// Whether the database knows a time zone too.
    pub async fn knows_time_zone(&mut self, zone: &str) -> Result<bool> {
        let known = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1) AS "known!""#, zone);
        Ok(known.fetch_one(self.connection()).await?)
    }

    /// Replaces what a person may change of their profile, if nobody changed it since `expected`.
    pub async fn update_profile(&mut self, details: &ProfileDetails, expected: i32) -> Result<()> {
        let (user, at) = (self.user.0, self.at);
        let notifications: Vec<String> = details.notifications.iter().map(ToString::to_string).collect();
        let changed = sqlx::query!(
            r#"UPDATE auth.users SET full_name = $2, locale = $3, time_zone = $4, notifications = $5, updated_at = $6, version = version + 1,
                   quiet_from = $8, quiet_to = $9
               WHERE id = $1 AND version = $7"#,
            user,
            details.name.as_str(),
            details.locale.as_str(),
            details.time_zone.as_str(),
            &notifications,
            at.to_sqlx(),
            expected,
            details.quiet_hours.map(|hours| hours.from.to_sqlx()) as Option<jiff_sqlx::Time>,
            details.quiet_hours.map(|hours| hours.to.to_sqlx()) as Option<jiff_sqlx::Time>
        )
        .execute(self.connection())
        .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::Stale { current: self.profile().await?.version });
        }
        Ok(())
    }

    /// Takes one kind out of what the person is written to about. `false`: it was not among it, or they
    /// have left.
    pub async fn unsubscribe(&mut self, kind: Notification) -> Result<bool> {
        let (user, at) = (self.user.0, self.at);
        let changed = sqlx::query!(
            r#"UPDATE auth.users SET notifications = array_remove(notifications, $2), updated_at = $3, version = version + 1
               WHERE id = $1 AND is_active AND $2 = ANY(notifications)"#,
            user,
            kind.as_str(),
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Gives the person a new password. All their other sessions end, and so does every sign-in that
    /// waits for its code and every link that would set a password.
    pub async fn set_password(&mut self, password_hash: &str) -> Result<()> {
        let (user, at) = (self.user.0, self.at);
        sqlx::query!(
            "UPDATE auth.users SET password_hash = $2, updated_at = $3, version = version + 1 WHERE id = $1",
            user,
            password_hash,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        sqlx::query!("DELETE FROM auth.password_resets WHERE user_id = $1", user).execute(self.connection()).await?;
        self.end_other_sessions().await?;
        Ok(())
    }
}

async fn read_profile(connection: &mut PgConnection, user: UserId) -> Result<Profile> {
    let row = sqlx::query!(
        "SELECT full_name, email, locale, time_zone, notifications, quiet_from, quiet_to, version, updated_at FROM auth.users WHERE id = $1",
        user.0
    )
    .fetch_one(connection)
    .await?;
    let mut notifications = row.notifications.iter().map(|word| word.parse()).collect::<Result<Vec<_>, _>>()?;
    notifications.sort_unstable();
    Ok(Profile {
        id: user,
        name: row.full_name,
        email: row.email,
        locale: row.locale.parse()?,
        time_zone: row.time_zone,
        notifications,
        quiet_hours: quiet_hours(row.quiet_from.map(jiff_sqlx::Time::to_jiff), row.quiet_to.map(jiff_sqlx::Time::to_jiff)),
        version: row.version,
        updated_at: row.updated_at.to_jiff(),
    })
}

/// Quiet hours as they are stored: both moments or none, and never the same.
pub(crate) fn quiet_hours(from: Option<Time>, to: Option<Time>) -> Option<QuietHours> {
    from.zip(to).and_then(|(from, to)| QuietHours::new(from, to).ok())
}

/// Somebody of whom a row says who they are, for the log.
pub(crate) fn person(id: i32, name: String, email: String) -> Actor {
    // The holder of a link's secret, which has just been looked up.
    #[allow(clippy::disallowed_methods)]
    Actor::verified(Identity::new(UserId(id), name, email))
}
