//! What an import is to make, written down before anything is made: names are looked up, ids are drawn.

use muster_domain::spreadsheets::{DateOrder, RowValues};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A row with everything looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlannedRow {
    /// Its number in the file.
    pub(super) line: u32,
    /// Its cells, as they are read again when it is made.
    pub(super) values: RowValues,
    /// The id of its item, and of its task.
    pub(super) id: Uuid,
    /// The plan and the template that a task stands under.
    pub(super) place: Option<(Uuid, Option<Uuid>)>,
    /// Who has a task; or who of the firm is assigned.
    pub(super) person: Option<i32>,
}

/// One customer's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) customer: i32,
    pub(super) rows: Vec<PlannedRow>,
}

/// All parts, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) order: DateOrder,
    pub(super) parts: Vec<Part>,
}
