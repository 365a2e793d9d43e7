//! ID tokens: what a provider signs about somebody who has just signed in there, and the checks
//! that OpenID Connect Core 1.0 (3.1.3.7) asks for.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::keys::{Algorithm, Key};

/// How far the provider's clock may be from ours, in seconds.
const LEEWAY: i64 = 60;

/// What a token has to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) at: Timestamp,
}

/// Why a token is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// It was signed with a key that we have not seen: the provider may have a new one.
    UnknownKey,
    /// It cannot be believed; why, for the log.
    Wrong(&'static str),
}

/// What a token says of the person.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Claims {
    iss: String,
    /// Their name at the provider.
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    /// Their address.
    pub(super) email: Option<String>,
    /// Whether the provider has made sure that the address is theirs.
    #[serde(default, deserialize_with = "truth")]
    pub(super) email_verified: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that a reader has to understand; we understand none.
    crit: Option<serde_json::Value>,
}

/// `true`, also where it is written as text, as some providers do.
pub(super) fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value == serde_json::Value::Bool(true) || value.as_str() == Some("true"))
}

/// Checks a token and gives what it says.
pub(super) fn verify(token: &str, keys: &[Key], expected: Expected<'_>) -> Result<Claims, NotTaken> {
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(NotTaken::Wrong("it is no signed token"));
    };
    let message = &token[..header.len() + 1 + payload.len()];
    let header: Header = part(header)?;
    if header.crit.is_some() {
        return Err(NotTaken::Wrong("it needs an extension"));
    }
    let algorithm = Algorithm::parse(&header.alg).ok_or(NotTaken::Wrong("it is not signed in a way that is taken"))?;
    let key = key_for(keys, algorithm, header.kid.as_deref())?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| NotTaken::Wrong("its signature cannot be read"))?;
    if !key.has_signed(message.as_bytes(), &signature) {
        return Err(NotTaken::Wrong("its signature is wrong"));
    }
    let claims: Claims = part(payload)?;
    claims.check(expected)?;
    Ok(claims)
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, NotTaken> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotTaken::Wrong("it cannot be read"))?;
    serde_json::from_slice(&bytes).map_err(|_| NotTaken::Wrong("it lacks something, or says it twice"))
}

/// The key that a token names, or the only one that it can mean where it names none.
fn key_for<'a>(keys: &'a [Key], algorithm: Algorithm, kid: Option<&str>) -> Result<&'a Key, NotTaken> {
    let mut fitting = keys.iter().filter(|key| key.algorithm == algorithm && (kid.is_none() || key.kid.as_deref() == kid));
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => Ok(key),
        (None, _) => Err(NotTaken::UnknownKey),
        (Some(_), Some(_)) => Err(NotTaken::Wrong("it does not say which key it was signed with")),
    }
}

impl Claims {
    fn check(&self, expected: Expected<'_>) -> Result<(), NotTaken> {
        let now = expected.at.as_second();
        let is_for_us = match &self.aud {
            Audience::One(audience) => audience == expected.client_id,
            Audience::Many(all) => all.iter().any(|one| one == expected.client_id) && (all.len() == 1 || self.azp.is_some()),
        };
        let checks = [
            (self.iss == expected.issuer, "it comes from another provider"),
            (is_for_us, "it is meant for another program"),
            (self.azp.as_deref().is_none_or(|party| party == expected.client_id), "it was made for another program"),
            (self.exp > now.saturating_sub(LEEWAY), "it has run out"),
            (self.iat < now.saturating_add(LEEWAY), "it was made in the future"),
            (self.nbf.is_none_or(|from| from < now.saturating_add(LEEWAY)), "it does not count yet"),
            (self.nonce.as_deref() == Some(expected.nonce), "it belongs to another sign-in"),
            (is_name(&self.sub), "it does not say who it is"),
        ];
        match checks.iter().find(|(holds, _)| !holds) {
            None => Ok(()),
            Some((_, why)) => Err(NotTaken::Wrong(why)),
        }
    }
}

/// Whether a subject is one as the standard has it: some visible characters, 255 at most.
fn is_name(subject: &str) -> bool {
    !subject.trim().is_empty() && subject.chars().count() <= 255 && !subject.chars().any(char::is_control)
}
