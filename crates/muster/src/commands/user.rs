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

impl User {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        let Self::Add(add) = self;
        let email = Email::parse(&add.email).map_err(|error| Failure::new(format!("The e-mail address {error}.")))?;
        let name = Name::parse(&add.name).map_err(|error| Failure::new(format!("The name {error}.")))?;
        let password = read_password()?;
        let config = add.options.resolve("installation")?;
        let role = match add.role {
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
