//! Moving an older database over (docs/UPGRADING.md).
//!
//! Muster's tables are laid out beside the older ones and filled from them, while the older program
//! works on; at the cutover the schemas change names. So an upgraded database has exactly the schema
//! of a fresh one, and going back is giving the names back.
//!
//! The statements here are not checked at compile time, because older databases differ in their
//! columns: rows are read as JSON, which has whatever columns there are. Each statement is run by a
//! test on databases of those shapes.

mod answers;
mod checks;
mod columns;
mod contradictions;
mod customers;
mod cut_over;
mod database;
mod decisions;
mod documents;
mod error;
mod evidence;
mod flushing;
mod layout;
mod library;
mod new_work;
mod notes;
mod people;
mod reading;
mod shape;
mod staging;
mod sums;
mod tables;
mod tasks;
mod views;
mod watch;

pub use self::{
    answers::NewAnswer,
    checks::{Check, Difference},
    contradictions::Contradiction,
    database::{Changed, LegacyDatabase},
    decisions::{UpgradeDecision, UpgradeState, WaitingTask},
    documents::{LegacyApproval, LegacyVersion, OriginalDocument, PlacedDocument},
    error::LegacyError,
    evidence::{FoundFile, NamedFile},
    flushing::Flushing,
    library::{LegacyRelease, LegacyTemplate},
    new_work::NewWork,
    notes::{Phase, Remark},
    reading::{PlanTemplates, TaskOrigin},
    shape::Shape,
    tasks::PlacedTask,
};

/// A result of moving a database over.
pub type Result<T, E = LegacyError> = std::result::Result<T, E>;
