//! The first admin of a new installation, and people added at the machine itself.

use jiff::SignedDuration;
use muster_domain::{
    ids::UserId,
    people::Password,
    text::{Email, Name},
};
use muster_store::NewUser;

use crate::{Context, Error, FieldError, Result, boxed, secrets};

/// How long a setup link is good.
const SETUP_LINK_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

impl Context {
    /// A new one-time link's secret, if nobody can sign in yet. Links given out before end.
    #[boxed]
    pub async fn setup_secret(&self) -> Result<Option<String>> {
        if !self.store.has_no_people().await? {
            return Ok(None);
        }
        let secret = secrets::draw();
        self.store.replace_setup_link(&secrets::hash(&secret), self.now()).await?;
        Ok(Some(secret))
    }

    /// Whether a setup link is still good.
    #[boxed]
    pub async fn is_setup_secret(&self, secret: &str) -> Result<bool> {
        Ok(self.store.is_setup_link(&secrets::hash(secret), self.now(), SETUP_LINK_LIFETIME).await?)
    }

    /// Makes the first admin. The link is used up by it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the link is not good any more.
    #[boxed]
    pub async fn create_first_admin(&self, secret: &str, name: &Name, email: &Email, password: &Password) -> Result<UserId> {
        if !self.is_setup_secret(secret).await? {
            return Err(Error::NotFound);
        }
        let hash = self.hash_password(password).await?;
        let user = NewUser { email: email.as_str(), name: name.as_str(), role: "admin", password_hash: &hash };
        self.store.create_first_admin(&secrets::hash(secret), &user, self.now()).await?.ok_or(Error::NotFound)
    }

    /// Adds a person; only for commands run at the machine itself. `role` is `admin`,
    /// `consultant` or `member`.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the address is taken.
    #[boxed]
    pub async fn add_user(&self, name: &Name, email: &Email, role: &str, password: &Password) -> Result<UserId> {
        let hash = self.hash_password(password).await?;
        let user = NewUser { email: email.as_str(), name: name.as_str(), role, password_hash: &hash };
        self.store.create_user(&user, self.now()).await.map_err(|error| {
            if error.is_constraint("users_email_key") {
                Error::field(FieldError::new("/email", "taken", "belongs to somebody already"))
            } else {
                error.into()
            }
        })
    }
}
