//! The muster program.

mod commands;
mod config;
mod database;
mod sealing;
mod server;
mod signing;

use std::process::ExitCode;

use clap::Parser;

/// The customer workspace for ISO compliance programmes.
#[derive(Debug, Parser)]
#[command(name = "muster", version, arg_required_else_help = true)]
struct Program {
    #[command(subcommand)]
    command: commands::Command,
}

/// A failure with words for the person who started the program. Exit code 1; wrong usage is 2, as
/// the command line's reader has it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String);

impl Failure {
    /// A failure in words.
    pub fn new(words: impl std::fmt::Display) -> Self {
        Self(words.to_string())
    }
}

/// Makes a [`Failure`] of any error whose words can be shown.
pub fn in_words(error: impl std::fmt::Display) -> Failure {
    Failure::new(error)
}

fn main() -> ExitCode {
    let program = Program::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(in_words).and_then(|runtime| {
        let outcome = runtime.block_on(program.command.run());
        // Work that was left behind must not keep the program from ending.
        runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            #[expect(clippy::print_stderr, reason = "the person who started the program reads it here")]
            {
                eprintln!("{failure}");
            }
            ExitCode::FAILURE
        }
    }
}
