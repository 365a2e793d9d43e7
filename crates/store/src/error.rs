//! What can go wrong between Muster and its database.

use muster_domain::access::Denial;

/// Why a statement or a scope was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or the actor may not know that it does.
    #[error("not found")]
    NotFound,
    /// The actor may know that it exists, but not do this.
    #[error("not allowed: {0:?}")]
    Forbidden(Denial),
    /// The row has been changed since it was read.
    #[error("changed meanwhile; it is now at version {current}")]
    Stale {
        /// The version that it has now.
        current: i32,
    },
    /// The customer is archived: nothing of it changes.
    #[error("the customer is archived")]
    Archived,
    /// A constraint of the schema refused the rows.
    #[error("refused by the constraint {constraint}")]
    Constraint {
        /// The constraint's name.
        constraint: String,
    },
    /// The database cannot be reached or has no connection to spare; trying again may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Something that should not happen.
    #[error("database error")]
    Unexpected(#[source] sqlx::Error),
    /// A stored value that no type of ours stands for.
    #[error("stored value not understood: {0}")]
    Corrupt(String),
}

impl Error {
    /// Whether a constraint of this name refused the rows.
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint { constraint } if constraint == name)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            let code = database.code().unwrap_or_default().into_owned();
            // Class 23: integrity constraints. 57P01..57P03, 53xxx, 08xxx: the server is stopping,
            // starting, full or gone. 55P03, 40001, 40P01: another transaction was in the way.
            if code.starts_with("23") {
                return Self::Constraint { constraint: database.constraint().unwrap_or("unnamed").to_owned() };
            }
            if code.starts_with("57P0")
                || code.starts_with("53")
                || code.starts_with("08")
                || matches!(code.as_str(), "55P03" | "40001" | "40P01" | "25006")
            {
                return Self::Unavailable(database.message().to_owned());
            }
        }
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error.to_string())
            }
            // A connection that broke while BEGIN was under way reports itself like this.
            sqlx::Error::BeginFailed => Self::Unavailable(error.to_string()),
            other => Self::Unexpected(other),
        }
    }
}

impl From<muster_domain::UnknownWord> for Error {
    fn from(error: muster_domain::UnknownWord) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// Why Muster cannot use a database at all. Shown at start, one paragraph each.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address is not one of PostgreSQL.
    #[error(
        "The database address cannot be read: {0}. It has the form postgres://USER:PASSWORD@HOST:PORT/DATABASE; \
         give it with --database or DATABASE_URL."
    )]
    Address(String),
    /// Nothing answers there, or it refuses the sign-in.
    #[error(
        "The database cannot be reached: {0}. Check that PostgreSQL is running, that the address given with --database or \
         DATABASE_URL is right, and that the role may sign in."
    )]
    Unreachable(String),
    /// PostgreSQL older than 15.
    #[error("The database server is PostgreSQL {0}; Muster needs version 15 or newer.")]
    TooOld(String),
    /// The server may forget what it has acknowledged.
    #[error(
        "The database server runs with {0}=off, so it may lose what it has acknowledged. Muster does not start on it: \
         set {0}=on in postgresql.conf and restart PostgreSQL."
    )]
    NotDurable(&'static str),
    /// A database of another encoding cannot hold every text, and cuts none into words.
    #[error(
        "The database is encoded in {0}; Muster needs UTF8. Create one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, \
         take over what is in this one with pg_dump and pg_restore, and give the address of the new one."
    )]
    Encoding(String),
}
