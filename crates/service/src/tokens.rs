//! API tokens of people and of the firm's integrations.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    access::{Action, Actor, may_hand_on},
    ids::{CustomerId, TokenId},
    text::Name,
    tokens::{ApiToken, TokenDetails, TokenLifetime, TokenOwner, TokenRight},
};
use muster_store::{NewApiToken, TokenWriter};

use crate::{Context, Error, FieldError, Result, audit::Notes as _, boxed, secrets};

/// From which unknown token on a network address has to wait; an office shares one.
const FREE_UNKNOWN_TOKENS: i32 = 100;

/// A token to be made.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    /// What it is for; an integration's name.
    pub name: Name,
    /// The rights.
    pub rights: Vec<TokenRight>,
    /// The customers; none: all that the issuer reaches.
    pub customers: Option<Vec<CustomerId>>,
    /// For how long it is good.
    pub lifetime: TokenLifetime,
}

/// A token that has just been made.
#[derive(Debug)]
pub struct TokenMade {
    /// The token itself; handed out here and never again.
    pub token: ApiToken,
    /// What is known of it from now on.
    pub details: TokenDetails,
}

impl Context {
    /// Who acts with a token. `network` is the address that the request came from.
    ///
    /// # Errors
    /// [`Error::BadToken`] for whatever is not a token in force, and nothing tells which it is;
    /// [`Error::TooManyAttempts`] after a hundred unknown ones from one network. Tokens in force
    /// from the same network are let in all the same.
    #[boxed]
    pub async fn token_actor(&self, text: &str, network: &str) -> Result<Actor> {
        let at = self.now();
        // A mistyped one is seen without a look-up.
        let token = ApiToken::parse(text).map_err(|_| Error::BadToken)?;
        if let Some(actor) = self.store.open_token(&secrets::hash(token.expose()), at).await? {
            return Ok(actor);
        }
        let subjects = [format!("token-network {network}")];
        self.refuse_blocked(&subjects, at).await?;
        self.store.count_sign_in_attempt(&subjects[0], FREE_UNKNOWN_TOKENS, at).await?;
        Err(Error::BadToken)
    }

    /// The tokens of an owner that are not revoked, the latest first.
    #[boxed]
    pub async fn tokens(&self, actor: &Actor, owner: TokenOwner) -> Result<Vec<TokenDetails>> {
        let mut writer = self.store.token_writer(actor, owner, self.now()).await?;
        let tokens = writer.tokens().await?;
        writer.leave().await?;
        Ok(tokens)
    }

    /// Makes a token. Nobody hands on what they do not have.
    ///
    /// # Errors
    /// [`Error::Invalid`] for customers that the actor may not read and rights that they have at
    /// none of these customers.
    #[boxed]
    pub async fn create_token(&self, actor: &Actor, owner: TokenOwner, request: &TokenRequest) -> Result<TokenMade> {
        let at = self.now();
        let writer = self.store.token_writer(actor, owner, at).await?;
        self.refuse_what_is_not_theirs(actor, request, at).await?;
        self.keep_token(writer, request, at).await
    }

    /// Makes a token of a person, from the machine itself. What is beyond their rights has no
    /// effect in it, as with every token.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nobody with this address may sign in.
    #[boxed]
    pub async fn add_token(&self, email: &str, request: &TokenRequest) -> Result<TokenMade> {
        let at = self.now();
        let person = self.store.firm_actor(email).await?.ok_or(Error::NotFound)?;
        let writer = self.store.token_writer(&person, TokenOwner::Person, at).await?;
        self.keep_token(writer, request, at).await
    }

    /// Ends a token at once and for good.
    #[boxed]
    pub async fn revoke_token(&self, actor: &Actor, owner: TokenOwner, id: TokenId) -> Result<()> {
        let at = self.now();
        let mut writer = self.store.token_writer(actor, owner, at).await?;
        let token = writer.tokens().await?.into_iter().find(|token| token.id == id).ok_or(Error::NotFound)?;
        if !writer.revoke_token(id).await? {
            return Err(Error::NotFound);
        }
        let after = TokenDetails { revoked_at: Some(at), ..token.clone() };
        writer.note_changed("token.revoked", &token, &after)?;
        Ok(writer.commit().await?)
    }

    async fn refuse_what_is_not_theirs(&self, actor: &Actor, request: &TokenRequest, at: Timestamp) -> Result<()> {
        let mut refused = Vec::new();
        for (place, customer) in request.customers.iter().flatten().enumerate() {
            match self.store.reader(actor, *customer, Action::ReadWorkspace, at).await {
                Ok(_) => {}
                Err(muster_store::Error::NotFound | muster_store::Error::Forbidden(_)) => {
                    refused.push(FieldError::unknown_reference(format!("/customer_ids/{place}")));
                }
                Err(other) => return Err(other.into()),
            }
        }
        let today = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        for (place, right) in request.rights.iter().enumerate() {
            if !may_hand_on(actor, *right, request.customers.as_deref(), today) {
                refused.push(FieldError::new(format!("/rights/{place}"), "not-yours", "is not one of your own rights there"));
            }
        }
        if refused.is_empty() { Ok(()) } else { Err(Error::Invalid(refused)) }
    }

    async fn keep_token(&self, mut writer: TokenWriter, request: &TokenRequest, at: Timestamp) -> Result<TokenMade> {
        let token = ApiToken::of_secret(&secrets::draw()).map_err(Error::internal)?;
        let lifetime = SignedDuration::from_hours(24 * i64::from(request.lifetime.days()));
        let id = TokenId(self.ids.next());
        let new = NewApiToken {
            id,
            hash: &secrets::hash(token.expose()),
            prefix: token.prefix(),
            name: request.name.as_str(),
            rights: &request.rights,
            customers: request.customers.as_deref(),
            expires_at: at.checked_add(lifetime).map_err(Error::internal)?,
        };
        writer.insert_token(&new).await?;
        let details = writer.tokens().await?.into_iter().find(|token| token.id == id).ok_or(Error::NotFound)?;
        writer.note_made("token.created", &details)?;
        writer.commit().await?;
        Ok(TokenMade { token, details })
    }
}
