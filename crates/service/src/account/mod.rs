//! A person's own account: profile, password, sessions; two-step sign-in and the resetting of a
//! password in files of their own.

mod resets;
mod totp;

use muster_domain::{
    access::Actor,
    account::{Profile, ProfileDetails, Session},
    audit::AuditNote,
    ids::SessionId,
    people::Password,
    text::TextError,
};
use muster_store::AccountWriter;
use serde_json::json;

pub use self::{
    resets::{RESET_LIFETIME, ResetLink},
    totp::{Enrolment, TotpState},
};
use crate::{
    Context, Error, FieldError, Result,
    audit::{Audited, Notes},
    boxed,
    sessions::SESSION_IDLE,
};

/// What somebody shows to be who they are, although they are signed in.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// Their password.
    Password(&'a str),
    /// The code of their two-step sign-in.
    Code(&'a str),
}

impl Context {
    /// The actor's own profile.
    #[boxed]
    pub async fn profile(&self, actor: &Actor) -> Result<Profile> {
        Ok(self.store.profile(actor).await?)
    }

    /// Replaces what the actor may change of their profile, if nobody changed it since `expected`.
    #[boxed]
    pub async fn update_profile(&self, actor: &Actor, details: &ProfileDetails, expected: i32) -> Result<Profile> {
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        let before = writer.profile().await?;
        if !writer.knows_time_zone(details.time_zone.as_str()).await? {
            let expected = TextError::Malformed { expected: "the name of a time zone, such as Europe/Vienna" };
            return Err(Error::field(FieldError::text("/time_zone", expected)));
        }
        writer.update_profile(details, expected).await?;
        let profile = writer.profile().await?;
        writer.note_changed("account.changed", &before, &profile)?;
        writer.commit().await?;
        Ok(profile)
    }

    /// Gives the actor a new password. Their other sessions end.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `/current_password` where that is wrong; [`Error::TooManyAttempts`].
    #[boxed]
    pub async fn change_password(&self, actor: &Actor, current: &str, new: &Password) -> Result<()> {
        self.require_password(actor, current, "/current_password").await?;
        let hash = self.hash_password(new).await?;
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        writer.set_password(&hash).await?;
        note(&mut writer, "account.password_changed").await?;
        Ok(writer.commit().await?)
    }

    /// The actor's sessions that are in force, the one used last first. The present one is
    /// [`Actor::session`].
    #[boxed]
    pub async fn own_sessions(&self, actor: &Actor) -> Result<Vec<Session>> {
        Ok(self.store.own_sessions(actor, self.now(), SESSION_IDLE).await?)
    }

    /// Ends one of the actor's sessions.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is none of theirs.
    #[boxed]
    pub async fn end_own_session(&self, actor: &Actor, id: SessionId) -> Result<()> {
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        writer.end_session(id).await?;
        note(&mut writer, "account.session_ended").await?;
        Ok(writer.commit().await?)
    }

    /// Ends all of the actor's sessions but the present one, and gives how many these were.
    #[boxed]
    pub async fn end_other_sessions(&self, actor: &Actor) -> Result<u64> {
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        let ended = writer.end_other_sessions().await?;
        if ended > 0 {
            note(&mut writer, "account.sessions_ended").await?;
        }
        writer.commit().await?;
        Ok(ended)
    }

    /// Makes sure that it is still this person who sits there, before something that needs it, such
    /// as an approval: they give their password, or the code of their two-step sign-in. That they did
    /// is kept with the session ([`Actor::confirmed_at`] of the requests that follow).
    ///
    /// # Errors
    /// [`Error::Invalid`] at `/password` or `/totp` where it is wrong; wrong ones count like wrong
    /// sign-ins, so [`Error::TooManyAttempts`].
    pub async fn confirm_person(&self, actor: &Actor, proof: Proof<'_>) -> Result<()> {
        match proof {
            Proof::Password(password) => self.require_password(actor, password, "/password").await?,
            Proof::Code(code) => self.require_code(actor, code, "/totp").await?,
        }
        if let Some(session) = actor.session() {
            let mut writer = self.store.account_writer(actor, self.now()).await?;
            writer.confirm_session(session).await?;
            writer.commit().await?;
        }
        Ok(())
    }

    async fn require_password(&self, actor: &Actor, given: &str, pointer: &str) -> Result<()> {
        let guess = self.guess(actor.email(), None).await?;
        let known = self.store.credentials(actor.email()).await?.filter(|known| known.user_id == actor.user_id());
        if self.is_password(given, known.and_then(|known| known.password_hash).as_deref()).await? {
            return Ok(());
        }
        guess.wrong(Some(actor.user_id())).await?;
        Err(Error::field(FieldError::new(pointer, "wrong", "is not right")))
    }

    async fn require_code(&self, actor: &Actor, given: &str, pointer: &str) -> Result<()> {
        let guess = self.guess(actor.email(), None).await?;
        if self.take_code(actor.user_id(), given, self.now()).await? {
            return Ok(());
        }
        guess.wrong(Some(actor.user_id())).await?;
        Err(Error::field(FieldError::new(pointer, "wrong", "is not right, or has been used")))
    }
}

/// Notes something that leaves no value to write down.
pub(crate) async fn note(writer: &mut AccountWriter, action: &'static str) -> Result<()> {
    let profile = writer.profile().await?;
    writer.note(AuditNote::made(action, profile.subject(), json!({})));
    Ok(())
}

impl Audited for Profile {
    fn subject(&self) -> muster_domain::audit::Subject {
        muster_domain::audit::Subject { kind: "user".to_owned(), id: self.id.to_string(), title: self.name.clone() }
    }
}

impl Notes for AccountWriter {
    fn keep(&mut self, note: AuditNote) {
        self.note(note);
    }
}
