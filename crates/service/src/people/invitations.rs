//! Invitations: the link that lets somebody in, its mail, and accepting it.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    audit::{AuditNote, Subject},
    ids::{CustomerId, JobId, UserId},
    mail::{Mail, Mailbox},
    people::{Invitation, Invitee, MemberRole, MembershipStatus, Password},
    text::Name,
};
use muster_store::{Acceptance, NewMail};
use serde_json::json;

use crate::{
    Context, Error, FieldError, Result,
    audit::Notes as _,
    boxed,
    mail::{Signature, compose, invitation_letter},
    secrets,
};

/// How long an invitation is good.
const LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A link that was drawn. It can be shown once: only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationLink {
    /// The address to open.
    pub url: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Somebody who has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Who.
    pub user_id: UserId,
    /// The address that they sign in with.
    pub email: String,
    /// The customer that they were invited to; none for the firm.
    pub customer: Option<CustomerId>,
    /// Whether they got their account with it.
    pub is_new: bool,
}

/// A secret that was drawn for a link, with the mail that carries it.
pub(crate) struct Drawn {
    pub(super) hash: [u8; 32],
    pub(super) expires_at: Timestamp,
    pub(super) mail: Mail,
    url: String,
}

impl Drawn {
    /// The link, for whoever has to hand it on: only where there is no mail server to do it.
    pub(super) fn handed_on(self, context: &Context) -> Option<InvitationLink> {
        (!context.has_mail_server()).then_some(InvitationLink { url: self.url, expires_at: self.expires_at })
    }
}

impl Context {
    /// Draws a link and writes its mail. `place` is what it invites to: a customer, or the firm.
    pub(super) async fn draw_invitation(&self, from: &str, to: &Invitee, place: &str, roles: &[MemberRole]) -> Result<Drawn> {
        let secret = secrets::draw();
        let expires_at = self.now().checked_add(LIFETIME).map_err(Error::internal)?;
        let url = self.link(&format!("/invitations/{secret}"));
        let firm = self.firm_name().await?;
        let letter = invitation_letter(from, place, roles, &url).map_err(Error::internal)?;
        let to = Mailbox { name: Some(to.name.clone()), address: to.email.clone() };
        let mail = compose(to, letter, Signature { name: from, firm: &firm }).map_err(Error::internal)?;
        Ok(Drawn { hash: secrets::hash(&secret), expires_at, mail, url })
    }

    /// The job that carries a mail with a secret.
    pub(crate) fn secret_mail<'a>(&self, id: JobId, message_id: &'a str, mail: &'a Mail) -> NewMail<'a> {
        NewMail { id, message_id, mail, task: None, is_secret: true }
    }

    /// The Message-ID of a job's mail.
    pub(crate) fn message_id(&self, job: JobId) -> String {
        format!("{job}@{}", self.mailer.as_ref().map_or("muster.localhost", |mailer| mailer.domain()))
    }

    /// What a link stands for, while it is good.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is unknown, used, or has run out: all told alike.
    #[boxed]
    pub async fn invitation(&self, secret: &str) -> Result<Invitation> {
        self.store.invitation(&secrets::hash(secret), self.now()).await?.ok_or(Error::NotFound)
    }

    /// Accepts an invitation. Whoever has no account yet needs a password; whoever has one keeps it,
    /// and has to be signed in with it: a link alone, which somebody else may have handed on or kept,
    /// never opens a customer to an account that its holder does not have.
    ///
    /// # Errors
    /// As for [`Context::invitation`]; [`Error::Invalid`] where the password is missing;
    /// [`Error::Unauthenticated`] where the account that is invited is not the one signed in.
    #[boxed]
    pub async fn accept_invitation(
        &self,
        secret: &str,
        name: Option<&Name>,
        password: Option<&Password>,
        signed_in: Option<UserId>,
    ) -> Result<Accepted> {
        let at = self.now();
        let token_hash = secrets::hash(secret);
        let mut invitation = self.store.invitation(&token_hash, at).await?.ok_or(Error::NotFound)?;
        let account = match (invitation.has_account, name, password) {
            (true, ..) if signed_in == Some(invitation.user_id) => None,
            (true, ..) => return Err(Error::Unauthenticated),
            (false, name, Some(password)) => {
                if let Some(name) = name {
                    name.as_str().clone_into(&mut invitation.name);
                }
                Some(self.hash_password(password).await?)
            }
            (false, _, None) => return Err(Error::field(FieldError::new("/password", "blank", "must not be blank"))),
        };
        let mut acceptance = self.store.accept_invitation(&token_hash, &invitation, at).await?.ok_or(Error::NotFound)?;
        if let Some(hash) = &account {
            acceptance.open_account(invitation.user_id, &invitation.name, hash, at).await?;
        }
        match acceptance {
            Acceptance::Customer(mut writer) => {
                writer.set_member_status(invitation.user_id, MembershipStatus::Active).await?;
                let member = writer.member(invitation.user_id).await?;
                writer.note_made("member.accepted", &member)?;
                writer.commit().await?;
            }
            Acceptance::Firm(mut writer) => {
                let subject = Subject { kind: "user".to_owned(), id: invitation.user_id.to_string(), title: invitation.name.clone() };
                writer.note(AuditNote::made("user.accepted", subject, json!({ "email": invitation.email })));
                writer.commit().await?;
            }
        }
        Ok(Accepted { user_id: invitation.user_id, email: invitation.email, customer: invitation.customer, is_new: account.is_some() })
    }
}
