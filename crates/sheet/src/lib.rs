//! Tables in and out: CSV and Excel workbooks (`.xlsx`).
//!
//! Knows nothing of Muster. Reading never believes a file about its own size: bytes, rows, columns,
//! characters of a cell and what an archive unpacks to are all bounded by [`Limits`]. Writing never
//! lets a text become a formula, in either format.

mod delimited;
mod output;
mod workbook;

pub use self::{
    delimited::{Encoding, Separator, guess_encoding, guess_separator, read_delimited},
    output::{Column, Output, Value, is_formula_like},
    workbook::{is_workbook, read_workbook},
};

/// How much is read of a file.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows, empty ones and the headers aside.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Characters of a cell.
    pub characters: usize,
    /// Bytes that a workbook may unpack to, all parts together.
    pub unpacked: u64,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text; empty where nothing stands there. Numbers stand as people write them, days as
    /// `YYYY-MM-DD`, truths as `TRUE` and `FALSE`.
    Text(String),
    /// A formula that came to nothing, such as `#REF!`.
    Broken(String),
}

/// A row with its number in the file, counted from 1 as spreadsheets do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The number.
    pub number: u32,
    /// Its cells, the first column first. Rows may differ in length.
    pub cells: Vec<Cell>,
}

impl Row {
    /// Whether anything stands in it.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| matches!(cell, Cell::Text(text) if text.trim().is_empty()))
    }
}

/// Why a file cannot be read as a table.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReadError {
    /// Too many rows.
    #[error("has more than {limit} rows")]
    Rows {
        /// The most rows.
        limit: usize,
    },
    /// Too many columns.
    #[error("has more than {limit} columns (row {row})")]
    Columns {
        /// The row.
        row: u32,
        /// The most columns.
        limit: usize,
    },
    /// A cell with too much in it.
    #[error("has more than {limit} characters in one cell (row {row}, column {column})")]
    Characters {
        /// The row.
        row: u32,
        /// The column, counted from 1.
        column: usize,
        /// The most characters.
        limit: usize,
    },
    /// Bytes that are no text in the encoding chosen.
    #[error("is no text in this encoding; choose another one")]
    Encoding,
    /// No workbook.
    #[error("is no Excel workbook (.xlsx): {why}")]
    NoWorkbook {
        /// What is wrong.
        why: String,
    },
    /// A workbook of the binary format, or one with a password.
    #[error("is an old or a protected workbook; save it as .xlsx without a password")]
    OldOrProtected,
    /// An archive that unpacks to more than it should.
    #[error("unpacks to more than {} MB", limit >> 20)]
    Bomb {
        /// The most bytes.
        limit: u64,
    },
    /// No such sheet.
    #[error("has no sheet of this name")]
    NoSheet,
}

/// Takes a row in, within the limits. Rows in which nothing stands are left out.
pub(crate) fn keep(rows: &mut Vec<Row>, row: Row, limits: &Limits) -> Result<(), ReadError> {
    if row.is_empty() {
        return Ok(());
    }
    // One more for the headers.
    if rows.len() > limits.rows {
        return Err(ReadError::Rows { limit: limits.rows });
    }
    if row.cells.len() > limits.columns {
        return Err(ReadError::Columns { row: row.number, limit: limits.columns });
    }
    for (column, cell) in (1..).zip(&row.cells) {
        if matches!(cell, Cell::Text(text) if text.chars().count() > limits.characters) {
            return Err(ReadError::Characters { row: row.number, column, limit: limits.characters });
        }
    }
    rows.push(row);
    Ok(())
}
