//! The people of the firm: adding, changing, suspending and removing them.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{Actor, FirmAction, decide_firm},
    audit::{AuditActor, AuditNote},
    ids::{CustomerId, UserId},
    people::{FirmPerson, FirmRole, Invitee, MembershipStatus},
};
use sqlx::{PgConnection, Postgres, Transaction};

use super::invitations::Place;
use crate::{Error, Result, Store, account::end_sessions, audit::Notebook, db::Mode, scope::allow};

/// Changes people, in one transaction, with a note of it in the firm's log. Nothing is kept unless
/// [`PeopleWriter::commit`] is called.
#[derive(Debug)]
pub struct PeopleWriter {
    tx: Transaction<'static, Postgres>,
    notebook: Notebook,
    pub(crate) actor: UserId,
    pub(crate) at: Timestamp,
}

struct FirmRow {
    user_id: i32,
    name: String,
    email: String,
    role: String,
    is_active: bool,
    belongs: bool,
    customers: i64,
    open_tasks: i64,
    last_login: Option<jiff_sqlx::Timestamp>,
    invited_until: Option<jiff_sqlx::Timestamp>,
    version: i32,
}

impl TryFrom<FirmRow> for FirmPerson {
    type Error = Error;

    fn try_from(row: FirmRow) -> Result<Self> {
        let status = match (row.belongs, row.is_active) {
            (false, _) => MembershipStatus::Invited,
            (true, false) => MembershipStatus::Suspended,
            (true, true) => MembershipStatus::Active,
        };
        Ok(Self {
            user_id: UserId(row.user_id),
            name: row.name,
            email: row.email,
            role: row.role.parse()?,
            status,
            customers: row.customers,
            open_tasks: row.open_tasks,
            last_login: row.last_login.map(jiff_sqlx::Timestamp::to_jiff),
            invited_until: row.invited_until.map(jiff_sqlx::Timestamp::to_jiff),
            version: row.version,
        })
    }
}

/// The firm's people, or one of them. Open tasks and customers are counted over all customers.
async fn people(connection: &mut PgConnection, user: Option<UserId>, at: Timestamp) -> Result<Vec<FirmPerson>> {
    let rows = sqlx::query_as!(
        FirmRow,
        r#"SELECT u.id AS user_id, u.full_name AS name, u.email, CASE WHEN u.role <> 'member' THEN u.role ELSE i.firm_role END AS "role!",
                  u.is_active, u.role <> 'member' AS "belongs!",
                  (SELECT count(DISTINCT m.customer_id) FROM dna_app.customer_members m
                   WHERE m.user_id = u.id AND m.role = 'consultant' AND m.status = 'active') AS "customers!",
                  (SELECT count(*) FROM dna_app.visible_open_tasks t WHERE t.assigned_to = u.id) AS "open_tasks!",
                  u.last_login AS "last_login: jiff_sqlx::Timestamp",
                  CASE WHEN i.expires_at > $2 THEN i.expires_at END AS "invited_until: jiff_sqlx::Timestamp", u.version
           FROM auth.users u
           LEFT JOIN auth.invitations i ON i.user_id = u.id AND i.customer_id IS NULL AND i.used_at IS NULL AND i.ended_at IS NULL
           WHERE (u.role <> 'member' OR i.firm_role IS NOT NULL) AND ($1::integer IS NULL OR u.id = $1)
           ORDER BY lower(u.full_name), u.id"#,
        user.map(|id| id.0),
        at.to_sqlx()
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(FirmPerson::try_from).collect()
}

impl Store {
    /// The people of the firm, by name.
    pub async fn firm_people(&self, actor: &Actor, at: Timestamp) -> Result<Vec<FirmPerson>> {
        allow(decide_firm(actor, FirmAction::ManagePeople))?;
        let mut tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        people(&mut tx, None, at).await
    }

    /// A writer of the firm's people, for those who may change them.
    pub async fn people_writer(&self, actor: &Actor, at: Timestamp) -> Result<PeopleWriter> {
        allow(decide_firm(actor, FirmAction::ManagePeople))?;
        // Their tasks are counted across customers; nothing of a customer is changed here.
        let tx = self.begin(Mode::Write, &format!("SET LOCAL app.actor = '{}'; SET LOCAL app.portfolio = 'all'", actor.user_id())).await?;
        Ok(PeopleWriter { tx, notebook: Notebook::of(actor, at), actor: actor.user_id(), at })
    }

    /// The customers in which somebody is a consultant or has open tasks.
    pub async fn customers_of_firm_person(&self, actor: &Actor, user: UserId) -> Result<Vec<CustomerId>> {
        allow(decide_firm(actor, FirmAction::ManagePeople))?;
        let mut tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        let ids = sqlx::query_scalar!(
            r#"SELECT c.id FROM dna_app.customers c
               WHERE EXISTS (SELECT FROM dna_app.customer_members m WHERE m.customer_id = c.id AND m.user_id = $1 AND m.status <> 'removed')
                  OR EXISTS (SELECT FROM dna_app.customer_tasks t
                             WHERE t.customer_id = c.id AND t.assigned_to = $1 AND t.status NOT IN ('completed', 'cancelled'))
               ORDER BY c.id"#,
            user.0
        );
        Ok(ids.fetch_all(&mut *tx).await?.into_iter().map(CustomerId).collect())
    }
}

impl PeopleWriter {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// A writer for somebody who was let in by a link.
    pub(super) fn for_guest(tx: Transaction<'static, Postgres>, actor: UserId, by: AuditActor, at: Timestamp) -> Self {
        Self { tx, notebook: Notebook::by(by, at), actor, at }
    }

    /// One of the firm's people, held until the end of the transaction.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the person does not belong to the firm.
    pub async fn lock_person(&mut self, user: UserId) -> Result<FirmPerson> {
        // All admins are held with them, so that two who step down at once do not leave nobody.
        sqlx::query!("SELECT id FROM auth.users WHERE id = $1 OR role = 'admin' ORDER BY id FOR UPDATE", user.0)
            .fetch_all(self.connection())
            .await?;
        self.person(user).await
    }

    /// One of the firm's people.
    pub async fn person(&mut self, user: UserId) -> Result<FirmPerson> {
        let at = self.at;
        people(self.connection(), Some(user), at).await?.pop().ok_or(Error::NotFound)
    }

    /// How many others run the firm and can sign in.
    pub async fn other_admins(&mut self, user: UserId) -> Result<i64> {
        let others = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM auth.users WHERE role = 'admin' AND is_active AND password_hash IS NOT NULL AND id <> $1"#,
            user.0
        );
        Ok(others.fetch_one(self.connection()).await?)
    }

    /// Whoever is to be invited to the firm; made, without a way to sign in yet, where nobody has the
    /// address. They belong to the firm once they accept.
    ///
    /// # Errors
    /// [`Error::Constraint`] `users_email_key` where the person belongs to the firm, or is invited to
    /// it, already.
    pub async fn add_person(&mut self, invitee: &Invitee) -> Result<UserId> {
        let at = self.at;
        let (id, _) = super::find_or_add(self.connection(), invitee, "member", at).await?;
        if self.person(id).await.is_ok() {
            return Err(Error::Constraint { constraint: "users_email_key".to_owned() });
        }
        // Somebody who left the firm and comes back.
        sqlx::query!("UPDATE auth.users SET is_active = true WHERE id = $1 AND NOT is_active", id.0).execute(self.connection()).await?;
        Ok(id)
    }

    /// Changes what somebody becomes who has not accepted yet, if nobody changed them since `expected`.
    pub async fn set_invited_role(&mut self, user: UserId, role: FirmRole, expected: i32) -> Result<()> {
        let changed = sqlx::query!("UPDATE auth.users SET version = version + 1 WHERE id = $1 AND version = $2", user.0, expected);
        if changed.execute(self.connection()).await?.rows_affected() == 0 {
            return Err(Error::Stale { current: self.person(user).await?.version });
        }
        sqlx::query!(
            "UPDATE auth.invitations SET firm_role = $2 WHERE user_id = $1 AND customer_id IS NULL AND used_at IS NULL AND ended_at IS NULL",
            user.0,
            role.as_str()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Changes role and whether they may sign in, if nobody changed them since `expected`; none
    /// for the role: they leave the firm. Their sessions end: the next one begins with what they
    /// are then.
    pub async fn set_person(&mut self, user: UserId, role: Option<FirmRole>, is_active: bool, expected: Option<i32>) -> Result<()> {
        let at = self.at;
        let changed = sqlx::query!(
            r#"UPDATE auth.users SET role = $2, is_active = $3, updated_at = $4, version = version + 1
               WHERE id = $1 AND ($5::integer IS NULL OR version = $5)"#,
            user.0,
            role.map_or("member", FirmRole::as_str),
            is_active,
            at.to_sqlx(),
            expected
        )
        .execute(self.connection())
        .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::Stale { current: self.person(user).await?.version });
        }
        end_sessions(self.connection(), user, None).await?;
        Ok(())
    }

    /// Keeps the hash of a new invitation link to the firm. Earlier ones end.
    pub async fn add_invitation(&mut self, user: UserId, role: FirmRole, token_hash: &[u8; 32], expires_at: Timestamp) -> Result<()> {
        let (actor, at) = (self.actor, self.at);
        super::invitations::replace(self.connection(), user, Place::Firm(role), actor, token_hash, at, expires_at).await
    }

    /// Ends the invitations of a person to the firm.
    pub async fn end_invitations(&mut self, user: UserId) -> Result<()> {
        let at = self.at;
        super::invitations::end(self.connection(), user, None, at).await
    }

    /// Ends without having changed anything.
    pub async fn leave(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }

    /// Notes what has been done: an entry of the firm's audit log, if the writer commits.
    pub fn note(&mut self, note: AuditNote) {
        self.notebook.add(note);
    }

    /// Keeps everything written, and adds what was noted to the firm's audit log.
    pub async fn commit(mut self) -> Result<()> {
        sqlx::query!("UPDATE dna_app.firm SET people_version = people_version + 1").execute(&mut *self.tx).await?;
        self.notebook.write_for_firm(&mut self.tx).await?;
        Ok(self.tx.commit().await?)
    }
}
