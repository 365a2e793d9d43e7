//! Sign-in: accounts, sessions, and the counting of wrong attempts.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{Actor, Identity},
    audit::{AuditActor, AuditNote, Subject},
    ids::{SessionId, UserId},
};
use serde_json::json;

use crate::{Result, Store, audit::note_for_firm};

/// What a sign-in is checked against.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The person.
    pub user_id: UserId,
    /// The hash of their password, if they have one.
    pub password_hash: Option<String>,
    /// Whether they may sign in at all.
    pub is_active: bool,
    /// Whether they give a code besides the password.
    pub has_totp: bool,
}

/// A session that begins.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// Stands for it where its holder sees it.
    pub id: SessionId,
    /// Who holds it.
    pub user: UserId,
    /// The hash of its token.
    pub token_hash: &'a [u8; 32],
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The network address that it begins from.
    pub network: &'a str,
    /// The browser, by its own account.
    pub user_agent: &'a str,
}

/// A sign-in whose password was right and whose code is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingSignIn {
    /// The person.
    pub user_id: UserId,
    /// The address that they sign in with.
    pub email: String,
}

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    /// Their address.
    pub email: &'a str,
    /// Their name.
    pub name: &'a str,
    /// `admin`, `consultant` or `member`.
    pub role: &'a str,
    /// The hash of their password.
    pub password_hash: &'a str,
}

impl NewUser<'_> {
    /// What the audit log says of them.
    pub(crate) fn state(&self) -> serde_json::Value {
        json!({ "name": self.name, "email": self.email, "role": self.role })
    }
}

/// A person as the subject of an entry.
pub(crate) fn subject_of(user: UserId, name: &str) -> Subject {
    Subject { kind: "user".to_owned(), id: user.to_string(), title: name.to_owned() }
}

/// A subject that has to wait before it may try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInBlock {
    /// The instant from which it may.
    pub until: Timestamp,
}

impl Store {
    /// Begins a session and notes the sign-in. Sessions of the same person that have run out go.
    pub async fn create_session(&self, new: &NewSession<'_>, at: Timestamp) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        sqlx::query!(
            r#"INSERT INTO auth.session_tokens (token_hash, user_id, created_at, last_seen_at, expires_at, id, network, user_agent)
               VALUES ($1, $2, $3, $3, $4, $5, $6, $7)"#,
            &new.token_hash[..],
            new.user.0,
            at.to_sqlx(),
            new.expires_at.to_sqlx(),
            new.id.0,
            new.network,
            new.user_agent
        )
        .execute(&mut *tx)
        .await?;
        let person =
            sqlx::query!("UPDATE auth.users SET last_login = $2 WHERE id = $1 RETURNING full_name, email", new.user.0, at.to_sqlx())
                .fetch_one(&mut *tx)
                .await?;
        sqlx::query!("DELETE FROM auth.session_tokens WHERE user_id = $1 AND expires_at < $2", new.user.0, at.to_sqlx())
            .execute(&mut *tx)
            .await?;
        let by = AuditActor { id: Some(new.user), name: person.full_name, email: person.email };
        let note = AuditNote::read("user.signed_in", subject_of(new.user, &by.name));
        note_for_firm(&mut tx, by, at, note).await?;
        Ok(tx.commit().await?)
    }

    /// Keeps a sign-in that waits for its code; those that have run out go.
    pub async fn begin_pending_sign_in(&self, user: UserId, token_hash: &[u8; 32], at: Timestamp, expires_at: Timestamp) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        sqlx::query!("DELETE FROM auth.pending_sign_ins WHERE expires_at <= $1", at.to_sqlx()).execute(&mut *tx).await?;
        sqlx::query!(
            "INSERT INTO auth.pending_sign_ins (token_hash, user_id, expires_at) VALUES ($1, $2, $3)",
            &token_hash[..],
            user.0,
            expires_at.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// A sign-in that waits for its code.
    pub async fn pending_sign_in(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<Option<PendingSignIn>> {
        let row = sqlx::query!(
            r#"SELECT u.id, u.email FROM auth.pending_sign_ins p JOIN auth.users u ON u.id = p.user_id
               WHERE p.token_hash = $1 AND p.expires_at > $2 AND u.is_active"#,
            &token_hash[..],
            at.to_sqlx()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| PendingSignIn { user_id: UserId(row.id), email: row.email }))
    }

    /// Ends a sign-in that waited for its code. `false`: it has ended already.
    pub async fn end_pending_sign_in(&self, token_hash: &[u8; 32]) -> Result<bool> {
        let ended = sqlx::query!("DELETE FROM auth.pending_sign_ins WHERE token_hash = $1", &token_hash[..]);
        Ok(ended.execute(&self.pool).await?.rows_affected() > 0)
    }

    /// Ends a session, and notes that its holder signed out; one that is not there is ended already.
    pub async fn delete_session(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        let ended = sqlx::query!(
            r#"DELETE FROM auth.session_tokens s USING auth.users u WHERE s.token_hash = $1 AND u.id = s.user_id
               RETURNING u.id AS "id!", u.full_name AS "full_name!", u.email AS "email!""#,
            &token_hash[..]
        )
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(person) = ended {
            let by = AuditActor { id: Some(UserId(person.id)), name: person.full_name, email: person.email };
            let note = AuditNote::read("user.signed_out", subject_of(UserId(person.id), &by.name));
            note_for_firm(&mut tx, by, at, note).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Notes a sign-in that failed, and where it came from. Of an address that nobody has, nothing
    /// is kept: people type passwords into the wrong field.
    pub async fn note_failed_sign_in(&self, user: Option<UserId>, network: &str, at: Timestamp) -> Result<()> {
        let name = match user {
            Some(user) => sqlx::query_scalar!("SELECT full_name FROM auth.users WHERE id = $1", user.0).fetch_optional(&self.pool).await?,
            None => None,
        };
        let from = json!({ "network": network });
        let note = match user.zip(name) {
            Some((user, name)) => AuditNote::made("user.sign_in_failed", subject_of(user, &name), from),
            None => {
                let nobody = Subject { kind: "user".to_owned(), id: String::new(), title: String::new() };
                AuditNote::made("user.sign_in_unknown", nobody, from)
            }
        };
        self.firm_note(AuditActor::unknown(), note, at).await
    }

    /// What a sign-in with this address is checked against.
    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>> {
        let row = sqlx::query!(
            r#"SELECT id, password_hash, is_active,
                      EXISTS (SELECT FROM auth.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS "has_totp!"
               FROM auth.users u WHERE lower(email) = lower($1) OR lower(sign_in_name) = lower($1)
               ORDER BY lower(email) = lower($1) DESC LIMIT 1"#,
            email
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| Credentials {
            user_id: UserId(row.id),
            password_hash: row.password_hash,
            is_active: row.is_active,
            has_totp: row.has_totp,
        }))
    }

    /// Replaces the hash of a password by another of the same password, if it is still the one that
    /// was looked at.
    pub async fn renew_password_hash(&self, user: UserId, before: &str, after: &str, at: Timestamp) -> Result<()> {
        sqlx::query!(
            "UPDATE auth.users SET password_hash = $3, updated_at = $4 WHERE id = $1 AND password_hash = $2",
            user.0,
            before,
            after,
            at.to_sqlx()
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Whether one of the subjects (account, network) has to wait; the longest wait counts.
    pub async fn sign_in_block(&self, subjects: &[String], at: Timestamp) -> Result<Option<SignInBlock>> {
        let until = sqlx::query_scalar!(
            r#"SELECT max(blocked_until) AS "until" FROM auth.sign_in_failures WHERE subject = ANY($1) AND blocked_until > $2"#,
            subjects,
            at.to_sqlx()
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(until.map(|until| SignInBlock { until: until.to_jiff() }))
    }

    /// Counts a wrong attempt. `false`: the subject has to wait already.
    ///
    /// From the `free`-th attempt on, each further one makes the subject wait twice as long, from
    /// 30 seconds up to 15 minutes; a quiet day forgets everything.
    pub async fn count_sign_in_attempt(&self, subject: &str, free: i32, at: Timestamp) -> Result<bool> {
        let counted = sqlx::query_scalar!(
            r#"INSERT INTO auth.sign_in_failures AS f (subject, failures, last_failure_at) VALUES ($1, 1, $3)
               ON CONFLICT (subject) DO UPDATE SET
                   failures = CASE WHEN f.last_failure_at < $3 - interval '1 day' THEN 1 ELSE f.failures + 1 END,
                   last_failure_at = $3,
                   blocked_until = CASE
                       WHEN f.last_failure_at >= $3 - interval '1 day' AND f.failures + 1 >= $2
                       THEN $3 + make_interval(secs => least(900, 30 * power(2, least(f.failures + 1 - $2, 10))))
                   END
               WHERE f.blocked_until IS NULL OR f.blocked_until <= $3
               RETURNING failures"#,
            subject,
            free,
            at.to_sqlx()
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(counted.is_some())
    }

    /// Forgets the wrong attempts of a subject.
    pub async fn clear_sign_in_failures(&self, subject: &str) -> Result<()> {
        sqlx::query!("DELETE FROM auth.sign_in_failures WHERE subject = $1", subject).execute(&self.pool).await?;
        Ok(())
    }

    /// Adds a person. It is the program that does, on behalf of whoever is at the machine itself.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] `users_email_key` where the address is taken.
    pub async fn create_user(&self, user: &NewUser<'_>, at: Timestamp) -> Result<UserId> {
        let mut tx = self.begin_plain().await?;
        let id = sqlx::query_scalar!(
            "INSERT INTO auth.users (email, full_name, role, password_hash, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5) RETURNING id",
            user.email,
            user.name,
            user.role,
            user.password_hash,
            at.to_sqlx()
        )
        .fetch_one(&mut *tx)
        .await?;
        let note = AuditNote::made("user.added", subject_of(UserId(id), user.name), user.state());
        note_for_firm(&mut tx, AuditActor::program(), at, note).await?;
        tx.commit().await?;
        Ok(UserId(id))
    }

    /// Gives a person a new password, for the program itself. All their sessions end.
    pub async fn set_password(&self, user: UserId, password_hash: &str, at: Timestamp) -> Result<()> {
        let mut tx = self.begin_plain().await?;
        let name = sqlx::query_scalar!(
            "UPDATE auth.users SET password_hash = $2, updated_at = $3, version = version + 1 WHERE id = $1 RETURNING full_name",
            user.0,
            password_hash,
            at.to_sqlx()
        )
        .fetch_one(&mut *tx)
        .await?;
        sqlx::query!("DELETE FROM auth.session_tokens WHERE user_id = $1", user.0).execute(&mut *tx).await?;
        let note = AuditNote::read("password.replaced", subject_of(user, &name));
        note_for_firm(&mut tx, AuditActor::program(), at, note).await?;
        Ok(tx.commit().await?)
    }

    /// A firm person as an actor, for commands run at the machine itself, which need no session.
    pub async fn firm_actor(&self, email: &str) -> Result<Option<Actor>> {
        let row = sqlx::query!("SELECT id, email, full_name, role FROM auth.users WHERE lower(email) = lower($1) AND is_active", email)
            .fetch_optional(&self.pool)
            .await?;
        // The one place where a command becomes an actor; memberships are not read, admins need none.
        #[allow(clippy::disallowed_methods)]
        let actor = row.map(|row| {
            let firm_role = row.role.parse().ok();
            Actor::verified(Identity { firm_role, ..Identity::new(UserId(row.id), row.full_name, row.email) })
        });
        Ok(actor)
    }
}
