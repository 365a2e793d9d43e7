//! Invitation links: kept as hashes, good once and for a while.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    audit::AuditActor,
    ids::{CustomerId, UserId},
    people::{FirmRole, Invitation},
};
use sqlx::PgConnection;

use super::PeopleWriter;
use crate::{CustomerReader, CustomerWriter, Error, Result, Store, db::Mode, scope::customer_settings};

/// What an invitation lets somebody into.
pub(super) enum Place {
    /// A customer.
    Customer(CustomerId),
    /// The firm, with what they become there.
    Firm(FirmRole),
}

/// An invitation that is being accepted, held until its transaction ends.
#[derive(Debug)]
pub enum Acceptance {
    /// To a customer.
    Customer(CustomerWriter),
    /// To the firm.
    Firm(PeopleWriter),
}

pub(super) async fn replace(
    connection: &mut PgConnection,
    user: UserId,
    place: Place,
    by: UserId,
    token_hash: &[u8; 32],
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    let (customer, role) = match place {
        Place::Customer(id) => (Some(id), None),
        Place::Firm(role) => (None, Some(role)),
    };
    end(connection, user, customer, at).await?;
    sqlx::query!(
        r#"INSERT INTO auth.invitations (token_hash, user_id, customer_id, firm_role, invited_by, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
        &token_hash[..],
        user.0,
        customer.map(|id| id.0),
        role.map(FirmRole::as_str),
        by.0,
        at.to_sqlx(),
        expires_at.to_sqlx()
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn end(connection: &mut PgConnection, user: UserId, customer: Option<CustomerId>, at: Timestamp) -> Result<()> {
    sqlx::query!(
        "UPDATE auth.invitations SET ended_at = $3 WHERE user_id = $1 AND customer_id IS NOT DISTINCT FROM $2 AND used_at IS NULL AND ended_at IS NULL",
        user.0,
        customer.map(|id| id.0),
        at.to_sqlx()
    )
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// What a link stands for, while it is good. The holder of the link is whoever is asked for.
    pub async fn invitation(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<Option<Invitation>> {
        let row = sqlx::query!(
            r#"SELECT i.user_id, i.customer_id, u.email, u.full_name,
                      (u.password_hash IS NOT NULL OR EXISTS (SELECT FROM auth.identities l WHERE l.user_id = u.id)) AS "has_account!"
               FROM auth.invitations i JOIN auth.users u ON u.id = i.user_id
               WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.ended_at IS NULL AND i.expires_at > $2 AND u.is_active"#,
            &token_hash[..],
            at.to_sqlx()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let mut invitation = Invitation {
            user_id: UserId(row.user_id),
            email: row.email,
            name: row.full_name,
            customer: row.customer_id.map(CustomerId),
            customer_name: None,
            has_account: row.has_account,
        };
        if let Some(customer) = invitation.customer {
            let mut reader = self.invited_reader(Mode::Read, customer, invitation.user_id, at).await?;
            invitation.customer_name = Some(reader.customer().await?.name);
        }
        Ok(Some(invitation))
    }

    /// Uses a link up, in the transaction that lets its holder in. None where it is not good any
    /// more: of two who use it at once, one is let in.
    pub async fn accept_invitation(&self, token_hash: &[u8; 32], invitation: &Invitation, at: Timestamp) -> Result<Option<Acceptance>> {
        let by = AuditActor { id: Some(invitation.user_id), name: invitation.name.clone(), email: invitation.email.clone() };
        let mut acceptance = match invitation.customer {
            Some(customer) => {
                let reader = self.invited_reader(Mode::Write, customer, invitation.user_id, at).await?;
                Acceptance::Customer(CustomerWriter::for_guest(reader, by))
            }
            None => Acceptance::Firm(PeopleWriter::for_guest(self.begin(Mode::Write, "").await?, invitation.user_id, by, at)),
        };
        let used = sqlx::query!(
            r#"UPDATE auth.invitations SET used_at = $2
               WHERE token_hash = $1 AND used_at IS NULL AND ended_at IS NULL AND expires_at > $2 RETURNING firm_role"#,
            &token_hash[..],
            at.to_sqlx()
        )
        .fetch_optional(acceptance.connection())
        .await?;
        let Some(used) = used else { return Ok(None) };
        if let (Acceptance::Firm(writer), Some(role)) = (&mut acceptance, used.firm_role) {
            writer.set_person(invitation.user_id, Some(role.parse()?), true, None).await?;
        }
        Ok(Some(acceptance))
    }

    /// The scope of the customer that a link names, as the person who holds it.
    async fn invited_reader(&self, mode: Mode, customer: CustomerId, user: UserId, at: Timestamp) -> Result<CustomerReader> {
        let tx = self.begin(mode, &customer_settings(customer, user)).await?;
        Ok(self.scope_of_customer(tx, customer, user, at))
    }
}

impl Acceptance {
    fn connection(&mut self) -> &mut PgConnection {
        match self {
            Self::Customer(writer) => writer.connection(),
            Self::Firm(writer) => writer.connection(),
        }
    }

    /// Gives somebody who could not sign in so far their name and password.
    ///
    /// # Errors
    /// [`Error::NotFound`] where they have one already: a link never replaces a password.
    pub async fn open_account(&mut self, user: UserId, name: &str, password_hash: &str, at: Timestamp) -> Result<()> {
        let opened = sqlx::query!(
            r#"UPDATE auth.users SET full_name = $2, password_hash = $3, updated_at = $4, version = version + 1
               WHERE id = $1 AND password_hash IS NULL"#,
            user.0,
            name,
            password_hash,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        if opened.rows_affected() == 0 { Err(Error::NotFound) } else { Ok(()) }
    }
}
