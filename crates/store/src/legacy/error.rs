//! Why an older database could not be moved over, in words for whoever runs it.

use super::Phase;
use crate::{ConnectError, InstallError};

/// Why it stopped. What was done before is kept: running it again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum LegacyError {
    /// It cannot be reached, or the address is none.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Roles or schemas cannot be made.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// It is none, or one of another shape.
    #[error("This database does not have the shape that Muster can take over. Missing: {}.", .missing.join(", "))]
    OtherShape {
        /// Tables and columns that are not there.
        missing: Vec<String>,
    },
    /// It is one of Muster's, and was never another.
    #[error("This database is Muster's already and has no older one beside it: there is nothing to move.")]
    Ours,
    /// The step does not fit how far the upgrade has come.
    #[error("This cannot be done now: {}.", .0.sentence())]
    Phase(Phase),
    /// Another process is at it.
    #[error("Another `muster upgrade` is working on this database. Wait until it is done.")]
    Busy,
    /// The role of the address may not do this.
    #[error(
        "The role of this address may not move the database over: {0}. Give an address of a superuser, or of the role that owns the schemas `auth` and `dna_app` with all their tables."
    )]
    NotOwner(String),
    /// A zone that the database does not know.
    #[error("The database knows no time zone `{0}`. Give one such as `Europe/Vienna` with --time-zone.")]
    UnknownZone(String),
    /// The older program holds a table without pause.
    #[error(
        "The older program holds the table {0} without pause, so the lock on it was given up. End its longest transaction and run this again; it goes on where it stopped."
    )]
    Held(String),
    /// What was laid out is not what was there.
    #[error("{0} of the checks found a difference, so nothing was cut over. `muster upgrade verify` lists them.")]
    Differs(usize),
    /// Something that Muster does not know refers to the older tables.
    #[error(
        "Something that Muster does not know still refers to the older tables, so they stay: {0}. Drop that first, or let it refer to Muster's tables."
    )]
    InUse(String),
    /// A statement failed.
    #[error("The database refused a step: {0}. Nothing of that step was kept; run the command again once the cause is gone.")]
    Failed(#[source] sqlx::Error),
    /// Laying a customer out broke off.
    #[error("Laying a customer out broke off: {0}. Run the command again; it goes on where it stopped.")]
    Stopped(String),
    /// A stored value that no type of ours stands for.
    #[error("A stored value was not understood: {0}")]
    Corrupt(String),
}

impl From<sqlx::Error> for LegacyError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(|database| database.code()).as_deref() {
            Some("42501") => Self::NotOwner(error.as_database_error().map_or_else(String::new, |database| database.message().to_owned())),
            Some("2BP01") => Self::InUse(error.as_database_error().map_or_else(String::new, in_use)),
            _ => Self::Failed(error),
        }
    }
}

impl From<serde_json::Error> for LegacyError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl From<muster_domain::UnknownWord> for LegacyError {
    fn from(error: muster_domain::UnknownWord) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// What refers to what, as the database says it.
fn in_use(error: &dyn sqlx::error::DatabaseError) -> String {
    let detail = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().and_then(sqlx::postgres::PgDatabaseError::detail);
    detail.unwrap_or(error.message()).to_owned()
}
