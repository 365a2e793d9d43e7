//! Two-step sign-in by codes (RFC 6238): six digits, every thirty seconds.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    access::Actor,
    account::TotpRequirements,
    audit::{AuditNote, Subject},
    ids::UserId,
};
use muster_store::AccountWriter;
use qrcode::{QrCode, render::svg};
use totp_rs::{Builder, Secret, Totp};

use super::note;
use crate::{Conflict, Context, Error, FieldError, Result, boxed, secrets};

/// How many recovery codes a person gets.
const RECOVERY_CODES: usize = 10;
/// How long a new secret waits for its first code.
const BEGUN_LIFETIME: SignedDuration = SignedDuration::from_mins(15);
/// By how many steps a person's clock may differ.
const SKEW: u16 = 1;

/// How a person's two-step sign-in stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TotpState {
    /// Whether they sign in with a code.
    pub is_on: bool,
    /// Whether the firm requires it of them, and it is not on.
    pub is_required: bool,
    /// How many recovery codes are left.
    pub recovery_codes_left: i64,
}

/// A secret to be put into an app that makes codes.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret, to be typed.
    pub secret: String,
    /// The secret and all that belongs to it, as apps read it.
    pub url: String,
    /// The same as a picture for a camera: an SVG.
    pub qr_svg: String,
}

impl Context {
    /// How the actor's two-step sign-in stands.
    #[boxed]
    pub async fn totp_state(&self, actor: &Actor) -> Result<TotpState> {
        let totp = self.store.totp(actor.user_id()).await?;
        let is_on = totp.as_ref().is_some_and(|totp| totp.is_on);
        Ok(TotpState { is_on, is_required: self.is_held_back(actor), recovery_codes_left: totp.map_or(0, |totp| totp.recovery_codes_left) })
    }

    /// Begins to set up two-step sign-in, with a new secret. It asks for nothing until a first code
    /// has been right.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `/password` where that is wrong; [`Conflict::TotpIsOn`].
    #[boxed]
    pub async fn begin_totp(&self, actor: &Actor, password: &str) -> Result<Enrolment> {
        self.require_password(actor, password, "/password").await?;
        let secret: [u8; 20] = secrets::bytes();
        let sealed = self.sealing.seal(&owner(actor.user_id()), &secret)?;
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        if !writer.begin_totp(&sealed).await? {
            return Err(Error::Conflict(Conflict::TotpIsOn));
        }
        writer.commit().await?;
        self.enrolment(actor, &secret).await
    }

    /// The secret that waits for its first code.
    #[boxed]
    pub async fn begun_totp(&self, actor: &Actor) -> Result<Option<Enrolment>> {
        let Some(totp) = self.store.totp(actor.user_id()).await?.filter(|totp| is_waiting(totp, self.now())) else { return Ok(None) };
        match self.sealing.open(&owner(actor.user_id()), &totp.sealed_secret) {
            Some(secret) => self.enrolment(actor, &secret).await.map(Some),
            // Sealed with another key: begun before the key was lost.
            None => Ok(None),
        }
    }

    /// Turns two-step sign-in on with a first code, and gives the recovery codes: they are shown this
    /// once. The actor's other sessions end.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `/code` where that is wrong; [`Conflict::TotpIsOn`], [`Conflict::TotpIsOff`].
    #[boxed]
    pub async fn confirm_totp(&self, actor: &Actor, code: &str) -> Result<Vec<String>> {
        let at = self.now();
        let totp = self.store.totp(actor.user_id()).await?.ok_or(Error::Conflict(Conflict::TotpIsOff))?;
        if totp.is_on {
            return Err(Error::Conflict(Conflict::TotpIsOn));
        }
        if !is_waiting(&totp, at) {
            return Err(Error::Conflict(Conflict::TotpIsOff));
        }
        let guess = self.guess(actor.email(), None).await?;
        let Some(step) = self.matching_step(actor.user_id(), &totp.sealed_secret, code, at) else {
            guess.wrong(Some(actor.user_id())).await?;
            return Err(Error::field(FieldError::new("/code", "wrong", "is not right, or has been used")));
        };
        let mut writer = self.store.account_writer(actor, at).await?;
        if !writer.confirm_totp(&totp.sealed_secret, step).await? {
            return Err(Error::Conflict(Conflict::TotpIsOn));
        }
        let codes = replace_recovery_codes(&mut writer).await?;
        writer.end_other_sessions().await?;
        note(&mut writer, "account.totp_on").await?;
        writer.commit().await?;
        Ok(codes)
    }

    /// Makes new recovery codes; those from before end.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `/password` or `/code`; [`Conflict::TotpIsOff`].
    #[boxed]
    pub async fn renew_recovery_codes(&self, actor: &Actor, password: &str, code: &str) -> Result<Vec<String>> {
        self.require_both(actor, password, code).await?;
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        let codes = replace_recovery_codes(&mut writer).await?;
        note(&mut writer, "account.recovery_codes_made").await?;
        writer.commit().await?;
        Ok(codes)
    }

    /// Turns two-step sign-in off. The actor's other sessions end.
    ///
    /// # Errors
    /// As for [`Context::renew_recovery_codes`].
    #[boxed]
    pub async fn remove_totp(&self, actor: &Actor, password: &str, code: &str) -> Result<()> {
        self.require_both(actor, password, code).await?;
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        writer.remove_totp().await?;
        writer.end_other_sessions().await?;
        note(&mut writer, "account.totp_off").await?;
        Ok(writer.commit().await?)
    }

    /// For whom the firm requires two-step sign-in.
    #[boxed]
    pub async fn totp_requirements(&self) -> Result<TotpRequirements> {
        Ok(self.store.totp_requirements().await?)
    }

    /// Says for whom the firm requires two-step sign-in.
    #[boxed]
    pub async fn set_totp_requirements(&self, actor: &Actor, wanted: TotpRequirements) -> Result<()> {
        let before = self.store.totp_requirements().await?;
        let subject = Subject { kind: "firm".to_owned(), id: "1".to_owned(), title: self.firm_name().await? };
        let value = |one| serde_json::to_value(one).map_err(Error::internal);
        let note = AuditNote::changed("firm.totp_required", subject, value(before)?, value(wanted)?);
        Ok(self.store.set_totp_requirements(actor, wanted, note, self.now()).await?)
    }

    /// Takes the code of a two-step sign-in, or a recovery code: each is good once. `false`: it is wrong,
    /// or has been used.
    pub(crate) async fn take_code(&self, user: UserId, code: &str, at: Timestamp) -> Result<bool> {
        let Some(totp) = self.store.totp(user).await?.filter(|totp| totp.is_on) else { return Ok(false) };
        if let Some(step) = self.matching_step(user, &totp.sealed_secret, code, at) {
            return Ok(self.store.take_totp_step(user, step).await?);
        }
        Ok(self.store.take_recovery_code(user, &secrets::hash_of_typed(code)).await?)
    }

    /// The step that a code belongs to, where it is the present one or one beside it.
    fn matching_step(&self, user: UserId, sealed: &[u8], code: &str, at: Timestamp) -> Option<i64> {
        let secret = self.sealing.open(&owner(user), sealed)?;
        let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
        let step = generator(&secret, "", "").ok()?.check(&code, u64::try_from(at.as_second()).ok()?)?;
        i64::try_from(step).ok()
    }

    async fn require_both(&self, actor: &Actor, password: &str, code: &str) -> Result<()> {
        if !self.totp_state(actor).await?.is_on {
            return Err(Error::Conflict(Conflict::TotpIsOff));
        }
        self.require_password(actor, password, "/password").await?;
        self.require_code(actor, code, "/code").await
    }

    async fn enrolment(&self, actor: &Actor, secret: &[u8]) -> Result<Enrolment> {
        let url = generator(secret, &self.firm_name().await?, actor.email())?.to_url().map_err(Error::internal)?;
        let picture = QrCode::new(url.as_bytes()).map_err(Error::internal)?;
        let qr_svg = picture.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
        // Alone it needs a declaration, within a page it must not have one.
        let qr_svg = qr_svg.find("<svg").map(|begin| qr_svg[begin..].to_owned()).unwrap_or(qr_svg);
        Ok(Enrolment { secret: Secret::from(secret.to_vec()).to_base32(), url, qr_svg })
    }
}

/// Whether a secret may still be confirmed: one that was left behind is not there for the next comer.
fn is_waiting(totp: &muster_store::Totp, at: Timestamp) -> bool {
    !totp.is_on && at.duration_since(totp.created_at) < BEGUN_LIFETIME
}

async fn replace_recovery_codes(writer: &mut AccountWriter) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| secrets::draw_code()).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| secrets::hash_of_typed(code).to_vec()).collect();
    writer.replace_recovery_codes(&hashes).await?;
    Ok(codes)
}

fn generator(secret: &[u8], issuer: &str, account: &str) -> Result<Totp> {
    // Apps read both up to a colon.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(secret.to_vec())
        .with_skew(SKEW)
        .with_issuer(Some(plain(issuer)))
        .with_account_name(plain(account))
        .build()
        .map_err(Error::internal)
}

fn owner(user: UserId) -> String {
    format!("totp {user}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = generator(b"12345678901234567890", "A firm: with a colon", "a@b.example").unwrap();
        assert_eq!(totp.check("287082", 59), Some(1));
        assert_eq!(totp.check("081804", 1_111_111_109), Some(37_037_036));
        assert_eq!(totp.check("287082", 59 + 30), Some(1), "a step late");
        assert_eq!(totp.check("287082", 59 + 60), None);
        assert_eq!(totp.check("28708", 59), None);
        assert!(totp.to_url().unwrap().starts_with("otpauth://totp/A%20firm%20%20with%20a%20colon:a%40b.example?"));
    }
}
