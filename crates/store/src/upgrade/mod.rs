//! Looking at an older database that is to move to Muster (docs/UPGRADING.md).
//!
//! The statements here are not checked at compile time, because older databases differ in their
//! columns: rows are read as JSON, which has whatever columns there are. Each statement is run by a
//! test on databases of those shapes.

mod contradictions;
mod rows;
mod shape;
mod tables;

use sqlx::{ConnectOptions as _, Executor as _, PgConnection};

pub use self::{contradictions::Contradiction, rows::TemplateStructures, shape::Shape};
use crate::{ConnectError, Error, Result, db::parse_address};

/// An older database in one snapshot that changes nothing.
#[derive(Debug)]
pub struct OlderDatabase {
    connection: PgConnection,
    shape: Shape,
}

/// Why an older database could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum OlderDatabaseError {
    /// It cannot be reached, or the address is none.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// It is none, or one of another shape.
    #[error("This database does not have the shape that Muster can take over. Missing: {}.", .missing.join(", "))]
    OtherShape {
        /// Tables and columns that are not there.
        missing: Vec<String>,
    },
    /// It is one of Muster's already.
    #[error("This database is Muster's already: there is nothing to move over.")]
    Ours,
    /// A statement failed.
    #[error("The database could not be read: {0}")]
    Unreadable(#[source] Error),
}

impl<E: Into<Error>> From<E> for OlderDatabaseError {
    fn from(error: E) -> Self {
        Self::Unreadable(error.into())
    }
}

impl OlderDatabase {
    /// Opens the database at `url` in a transaction that reads one snapshot and cannot write.
    pub async fn look(url: &str) -> Result<Self, OlderDatabaseError> {
        let options = parse_address(url)?.disable_statement_logging();
        let mut connection = options.connect().await.map_err(|error| ConnectError::Unreachable(error.to_string()))?;
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        // Everything is named with its schema; what a database's own search path says does not matter.
        connection.execute("SET LOCAL search_path = pg_catalog; SET LOCAL row_security = off").await?;
        if shape::is_ours(&mut connection).await? {
            return Err(OlderDatabaseError::Ours);
        }
        let shape = shape::detect(&mut connection).await?;
        if shape.missing.is_empty() {
            Ok(Self { connection, shape })
        } else {
            Err(OlderDatabaseError::OtherShape { missing: shape.missing })
        }
    }

    /// What it has.
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }
}
