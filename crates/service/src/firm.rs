//! The firm's settings.

use muster_domain::{
    access::{Actor, Decision, FirmAction, decide_firm},
    firm::{Firm, FirmDetails, Logo},
    mail::Mailbox,
};

use crate::{Context, Error, Result, audit::Notes as _, boxed};

impl Context {
    /// The settings, for those who may change them.
    #[boxed]
    pub async fn firm(&self, actor: &Actor) -> Result<Firm> {
        match decide_firm(actor, FirmAction::EditFirm) {
            Decision::Allow => Ok(self.store.firm().await?),
            Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
            Decision::Invisible => Err(Error::NotFound),
        }
    }

    /// The settings as the program needs them when it starts.
    #[boxed]
    pub async fn firm_settings(&self) -> Result<Firm> {
        Ok(self.store.firm().await?)
    }

    /// The firm's logo. Everybody may see it: it stands on the sign-in page.
    #[boxed]
    pub async fn firm_logo(&self) -> Result<Option<Logo>> {
        Ok(self.store.firm_logo().await?)
    }

    /// The firm's name and the version of its logo, where it has one: for the sign-in page.
    #[boxed]
    pub async fn firm_mark(&self) -> Result<Option<(String, i32)>> {
        let firm = self.store.firm().await?;
        Ok(firm.has_logo.then_some((firm.name, firm.version)))
    }

    /// Replaces the settings, if nobody changed them since `expected`.
    #[boxed]
    pub async fn update_firm(&self, actor: &Actor, details: &FirmDetails, expected: i32) -> Result<Firm> {
        let mut writer = self.store.firm_writer(actor, self.now()).await?;
        let before = writer.firm().await?;
        writer.update(details, expected).await?;
        let after = writer.firm().await?;
        writer.note_changed("firm.changed", &before, &after)?;
        writer.commit().await?;
        Ok(after)
    }

    /// Replaces the firm's logo, or takes it away.
    #[boxed]
    pub async fn set_firm_logo(&self, actor: &Actor, logo: Option<&Logo>) -> Result<Firm> {
        let mut writer = self.store.firm_writer(actor, self.now()).await?;
        let before = writer.firm().await?;
        writer.set_logo(logo).await?;
        let after = writer.firm().await?;
        writer.note_changed("firm.logo_changed", &before, &after)?;
        writer.commit().await?;
        Ok(after)
    }

    /// Whom mails come from, where the firm has set it.
    pub(crate) async fn mail_sender(&self) -> Result<Option<Mailbox>> {
        Ok(self.store.firm().await?.mail_from.as_deref().and_then(|text| Mailbox::parse(text).ok()))
    }
}
