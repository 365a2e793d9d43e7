//! The program's commands, one file each.

mod audit;
mod demo;
mod library;
mod migrate;
mod openapi;
mod serve;
mod token;
mod upgrade;
mod user;

use clap::Subcommand;

use crate::Failure;

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try Muster: database, starter library and demo customers in one command
    Demo(demo::Demo),
    /// Serve an installation
    Serve(serve::Serve),
    /// Bring a database to this version's schema
    Migrate(migrate::Migrate),
    /// Manage people from the command line
    #[command(subcommand)]
    User(user::User),
    /// Make API tokens from the command line
    #[command(subcommand)]
    Token(token::Token),
    /// Import standards, templates and task rules
    #[command(subcommand)]
    Library(library::LibraryCommand),
    /// Verify the audit log, and sign where it stands
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Move an older database over
    #[command(subcommand)]
    Upgrade(upgrade::Upgrade),
    /// Print the OpenAPI document
    Openapi,
}

impl Command {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        start_log();
        match self {
            Self::Demo(demo) => demo.run().await,
            Self::Serve(serve) => serve.run().await,
            Self::Migrate(migrate) => migrate.run().await,
            Self::User(user) => user.run().await,
            Self::Token(token) => token.run().await,
            Self::Library(library) => library.run().await,
            Self::Audit(audit) => audit.run().await,
            Self::Upgrade(upgrade) => upgrade.run().await,
            Self::Openapi => {
                openapi::run();
                Ok(())
            }
        }
    }
}

/// The log goes to standard error; what a program would read goes to standard output.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MUSTER_LOG").unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// Prints a line that a person or a program reads.
fn say(line: &str) {
    #[expect(clippy::print_stdout, reason = "this is the command's answer")]
    {
        println!("{line}");
    }
    // A reader waiting at the other end of a pipe gets it at once.
    let _ = std::io::Write::flush(&mut std::io::stdout());
}
