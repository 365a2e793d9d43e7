//! Ending a kind of mail by the link in it, without signing in (RFC 8058).

use muster_domain::{account::Notification, ids::UserId};

use crate::{Context, Error, Result, account::note, boxed, secrets};

/// What a link in a mail ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsubscription {
    /// Whose mails.
    pub user: UserId,
    /// Which kind of them.
    pub kind: Notification,
}

impl Context {
    /// The link that ends a kind of mail for somebody. It is signed, so that nobody ends other
    /// people's, and is good for as long as the installation keeps its key.
    pub(crate) fn unsubscribe_link(&self, user: UserId, kind: Notification) -> String {
        let what = format!("{user}.{kind}");
        let signature = self.sealing.sign(&format!("unsubscribe {what}"));
        self.link(&format!("/unsubscribe/{what}.{signature}"))
    }

    /// What the end of such a link asks for.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whatever has not been signed here.
    pub fn read_unsubscribe_link(&self, text: &str) -> Result<Unsubscription> {
        let (what, signature) = text.rsplit_once('.').ok_or(Error::NotFound)?;
        let (user, kind) = what.split_once('.').ok_or(Error::NotFound)?;
        let expected = self.sealing.sign(&format!("unsubscribe {what}"));
        if !secrets::are_equal(&expected, signature) {
            return Err(Error::NotFound);
        }
        let user = user.parse().map(UserId).map_err(|_| Error::NotFound)?;
        Ok(Unsubscription { user, kind: kind.parse().map_err(|_| Error::NotFound)? })
    }

    /// Ends that kind of mail. Ending it again changes nothing, nor does ending it for somebody who has
    /// left.
    #[boxed]
    pub async fn unsubscribe(&self, asked: Unsubscription) -> Result<()> {
        let mut writer = self.store.account_writer_by_link(asked.user, self.now()).await?;
        if writer.unsubscribe(asked.kind).await? {
            note(&mut writer, "account.unsubscribed").await?;
        }
        Ok(writer.commit().await?)
    }
}
