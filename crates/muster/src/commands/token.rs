//! `muster token`: API tokens, from the command line.

use clap::{Args, Subcommand};
use muster_domain::{
    ids::CustomerId,
    text::{Email, Name},
    tokens::{TokenLifetime, TokenRight},
};
use muster_service::{Error, TokenMade, TokenRequest};
use serde_json::json;

use super::say;
use crate::{
    Failure,
    config::Options,
    database::{Database, explain},
};

/// API tokens, from the command line.
#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make an API token for a person, and print it this once
    Add(Add),
}

/// Make an API token for a person, and print it this once.
#[derive(Debug, Args)]
pub struct Add {
    /// The address of the person; the token never does more than they may do at the time
    #[arg(long)]
    email: String,
    /// What the token is for
    #[arg(long)]
    name: String,
    /// For how many days it is good
    #[arg(long, value_parser = clap::value_parser!(i32).range(1..=i64::from(TokenLifetime::MAX)))]
    days: i32,
    /// A customer that it is for; may be repeated; without one it is for all that the person may see
    #[arg(long)]
    customer: Vec<CustomerId>,
    /// What it may be used for: read, work, shape, people, library or audit; may be repeated
    #[arg(long, required = true)]
    right: Vec<TokenRight>,
    /// Print one JSON object instead of the token alone
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    options: Options,
}

impl Token {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        let Self::Add(add) = self;
        let email = Email::parse(&add.email).map_err(|error| Failure::new(format!("The e-mail address {error}.")))?;
        let name = Name::parse(&add.name).map_err(|error| Failure::new(format!("The name {error}.")))?;
        let lifetime = TokenLifetime::parse(add.days).ok_or_else(|| Failure::new("A token is good for 1 to 365 days."))?;
        let mut rights = add.right;
        rights.sort_unstable();
        rights.dedup();
        let request = TokenRequest { name, rights, customers: (!add.customer.is_empty()).then_some(add.customer), lifetime };
        let config = add.options.resolve("installation")?;
        let database = Database::open(&config).await?;
        let made = database.context().add_token(email.as_str(), &request).await;
        database.close().await?;
        match made {
            Ok(TokenMade { token, details }) if add.json => say(&json!({
                "token": token.expose(),
                "id": details.id,
                "expires_at": details.expires_at,
            })
            .to_string()),
            Ok(TokenMade { token, .. }) => say(token.expose()),
            Err(Error::NotFound) => {
                return Err(Failure::new(format!("Nobody signs in with {email}. Add the person first, or check the address.")));
            }
            Err(other) => return Err(explain(other)),
        }
        Ok(())
    }
}
