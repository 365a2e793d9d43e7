//! Setting a new password by a link, for somebody who has lost theirs.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    access::Actor,
    ids::{JobId, UserId},
    mail::Mailbox,
    people::Password,
    text::{Email, Name},
};
use muster_store::{AccountWriter, NewMail, ResetRequest};

use super::note;
use crate::{
    Conflict, Context, Error, Result, boxed,
    mail::{Signature, compose, password_reset},
    secrets,
    sessions::plain_address,
};

/// How long a link is good.
pub const RESET_LIFETIME: SignedDuration = SignedDuration::from_hours(1);
/// From which request on an address has to wait.
const FREE_ADDRESS_REQUESTS: i32 = 5;
/// From which request on a network address has to wait.
const FREE_NETWORK_REQUESTS: i32 = 50;

/// A link that sets a new password, once.
#[derive(Debug)]
pub struct ResetLink {
    /// Where it leads.
    pub url: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Context {
    /// Sends a link to an address, if somebody who may sign in has it. The answer and the time it
    /// takes are the same if nobody has.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`] after a few requests for an address, whether somebody has it or
    /// not, and after many from a network.
    #[boxed]
    pub async fn request_password_reset(&self, typed: &str, network: &str) -> Result<()> {
        let at = self.now();
        let address = plain_address(typed);
        let subjects = [format!("reset {address}"), format!("reset network {network}")];
        self.refuse_blocked(&subjects, at).await?;
        self.store.count_sign_in_attempt(&subjects[0], FREE_ADDRESS_REQUESTS, at).await?;
        self.store.count_sign_in_attempt(&subjects[1], FREE_NETWORK_REQUESTS, at).await?;
        // What is no address is nobody's.
        let Ok(email) = Email::parse(&address) else { return Ok(()) };
        let firm = self.firm_name().await?;
        let name = self.store.active_name(email.as_str()).await?.and_then(|name| Name::parse(&name).ok());
        let (secret, link) = self.new_reset(at)?;
        let to = Mailbox { name, address: email.clone() };
        let letter = password_reset(&firm, &link.url).map_err(Error::internal)?;
        let mail = compose(to, letter, Signature { name: &firm, firm: &firm }).map_err(Error::internal)?;
        let job = JobId(self.ids.next());
        let domain = self.mailer.as_ref().map_or("muster.localhost", |mailer| mailer.domain());
        let new = NewMail { id: job, message_id: &format!("{job}@{domain}"), mail: &mail, task: None, is_secret: true };
        let (token_hash, expires_at) = (&secrets::hash(&secret), link.expires_at);
        let request = ResetRequest { email: email.as_str(), token_hash, expires_at, mail: &new };
        Ok(self.store.request_password_reset(&request, at).await?)
    }

    /// Whether a link is still good.
    #[boxed]
    pub async fn is_reset_secret(&self, secret: &str) -> Result<bool> {
        Ok(self.store.is_password_reset(&secrets::hash(secret), self.now()).await?)
    }

    /// Sets a new password by a link, which is used up. All sessions of the person end, and so do all
    /// their other links.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the link is not good any more.
    #[boxed]
    pub async fn reset_password(&self, secret: &str, new: &Password) -> Result<()> {
        if !self.is_reset_secret(secret).await? {
            return Err(Error::NotFound);
        }
        let hash = self.hash_password(new).await?;
        let writer = self.store.password_reset_writer(&secrets::hash(secret), self.now()).await?;
        let mut writer = writer.ok_or(Error::NotFound)?;
        writer.set_password(&hash).await?;
        note(&mut writer, "account.password_reset").await?;
        Ok(writer.commit().await?)
    }

    /// Makes a link for somebody, to be handed to them where no mail goes out.
    ///
    /// # Errors
    /// [`Conflict::MailsGoOut`] where there is a mail server: then they ask for it themselves.
    #[boxed]
    pub async fn make_reset_link(&self, actor: &Actor, user: UserId) -> Result<ResetLink> {
        let writer = self.store.account_writer_of(actor, user, self.now()).await?;
        if self.has_mail_server() {
            return Err(Error::Conflict(Conflict::MailsGoOut));
        }
        self.keep_reset_link(writer).await
    }

    /// Makes a link for the person with an address; only for commands run at the machine itself.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nobody who may sign in has it.
    #[boxed]
    pub async fn make_reset_link_at_machine(&self, email: &Email) -> Result<ResetLink> {
        let writer = self.store.account_writer_at_machine(email.as_str(), self.now()).await?;
        self.keep_reset_link(writer).await
    }

    async fn keep_reset_link(&self, mut writer: AccountWriter) -> Result<ResetLink> {
        let (secret, link) = self.new_reset(self.now())?;
        writer.add_password_reset(&secrets::hash(&secret), link.expires_at).await?;
        note(&mut writer, "account.reset_link_made").await?;
        writer.commit().await?;
        Ok(link)
    }

    fn new_reset(&self, at: Timestamp) -> Result<(String, ResetLink)> {
        let secret = secrets::draw();
        let expires_at = at.checked_add(RESET_LIFETIME).map_err(Error::internal)?;
        let url = self.link(&format!("/password-reset/{secret}"));
        Ok((secret, ResetLink { url, expires_at }))
    }
}
