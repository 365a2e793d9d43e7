//! What an import would make, row by row, for people to look at before anything is made.

use muster_domain::spreadsheets::{CellRefusal, ImportField};

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewColumn {
    /// Its header.
    pub header: String,
    /// The first cells in it that hold something; three at most.
    pub examples: Vec<String>,
    /// What it holds, if it is not passed over.
    pub field: Option<ImportField>,
}

/// What a row is a duplicate of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DuplicateOf {
    /// Of something that is there already.
    There,
    /// Of an earlier row of the file.
    Line(u32),
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOutcome {
    /// It is made.
    Made,
    /// It is made although it is there already.
    MadeAgain(DuplicateOf),
    /// It is passed over, because it is there already.
    Skipped(DuplicateOf),
    /// Some of its cells are refused, so nothing of the file is made.
    Refused,
}

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    /// Its number in the file.
    pub line: u32,
    /// Its cells, in the order of the kind's fields; days as `YYYY-MM-DD` where they could be read.
    pub cells: Vec<(ImportField, String)>,
    /// What is refused of it.
    pub refusals: Vec<CellRefusal>,
    /// What becomes of it.
    pub outcome: RowOutcome,
}

/// What an import would make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Why the file cannot be read as it is set.
    pub unreadable: Option<String>,
    /// The sheets of a workbook; empty for a text file.
    pub sheets: Vec<String>,
    /// The columns.
    pub columns: Vec<PreviewColumn>,
    /// Columns that are needed and not named.
    pub missing: Vec<ImportField>,
    /// The rows, in the order of the file.
    pub rows: Vec<PreviewRow>,
    /// The customers that rows can be said to belong to, by name.
    pub customers: Vec<(i32, String)>,
}

impl Preview {
    /// How many rows are made.
    pub fn made(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.outcome, RowOutcome::Made | RowOutcome::MadeAgain(_))).count()
    }

    /// How many rows are there already, whatever becomes of them.
    pub fn duplicates(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.outcome, RowOutcome::Skipped(_) | RowOutcome::MadeAgain(_))).count()
    }

    /// How many rows have a refused cell.
    pub fn refused(&self) -> usize {
        self.rows.iter().filter(|row| row.outcome == RowOutcome::Refused).count()
    }

    /// Whether nothing stands in the way.
    pub fn is_clean(&self) -> bool {
        self.unreadable.is_none() && self.missing.is_empty() && self.refused() == 0
    }
}
