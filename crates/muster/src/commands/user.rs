//! `muster user`: people, from the command line.

use std::io::Read as _;

use clap::{Args, Subcommand, ValueEnum};
use muster_domain::{
    people::Password,
    text::{Email, Name},
};

use super::say;
use crate::{
    Failure,
    config::Options,
    database::{Database, explain},
    in_words,
};

/// People, from the command line.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person of the firm
    Add(Add),
    /// Print a link that sets a new password for somebody
    ResetPassword(ResetPassword),
}

/// A role in the firm.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Role {
    Admin,
    Consultant,
}

/// Add a person of the firm.
#[derive(Debug, Args)]
pub struct Add {
    /// The e-mail address to sign in with
    #[arg(long)]
    email: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// What the person is in the firm
    #[arg(long, value_enum)]
    role: Role,
    /// Read the password from standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    options: Options,
}

/// Print a link that sets a new password for somebody: for the administrator who has lost theirs.
#[derive(Debug, Args)]
pub struct ResetPassword {
    /// The e-mail address that they sign in with
    #[arg(long)]
    email: String,
    #[command(flatten)]
    options: Options,
}

impl User {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add(add) => add.run().await,
            Self::ResetPassword(reset) => reset.run().await,
        }
    }
}

impl ResetPassword {
    async fn run(self) -> Result<(), Failure> {
        let email = Email::parse(&self.email).map_err(|error| Failure::new(format!("The e-mail address {error}.")))?;
        let config = self.options.resolve("installation")?;
        let database = Database::open(&config).await?;
        let link = database.context().with_public_url(&config.told_url()).make_reset_link_at_machine(&email).await;
        database.close().await?;
        let link = link.map_err(|error| match error {
            muster_service::Error::NotFound => Failure::new(format!("Nobody who may sign in has the address {email}.")),
            other => explain(other),
        })?;
        say(&format!("Open this link once, until {}, to set a new password:\n  {}", link.expires_at, link.url));
        Ok(())
    }
}

impl Add {
    async fn run(self) -> Result<(), Failure> {
        let email = Email::parse(&self.email).map_err(|error| Failure::new(format!("The e-mail address {error}.")))?;
        let name = Name::parse(&self.name).map_err(|error| Failure::new(format!("The name {error}.")))?;
        let password = read_password()?;
        let config = self.options.resolve("installation")?;
        let role = match self.role {
            Role::Admin => "admin",
            Role::Consultant => "consultant",
        };
        let database = Database::open(&config).await?;
        let added = database.context().add_user(&name, &email, role, &password).await.map_err(explain);
        database.close().await?;
        say(&format!("Added {email} (number {}).", added?));
        Ok(())
    }
}

fn read_password() -> Result<Password, Failure> {
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text).map_err(in_words)?;
    Password::parse(text.trim_end_matches(['\r', '\n'])).map_err(|error| Failure::new(format!("The password {error}.")))
}
