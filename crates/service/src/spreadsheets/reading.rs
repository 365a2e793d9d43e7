//! From bytes to rows, apart from requests: only so many files are read at once.

use std::{collections::BTreeMap, time::Duration};

use muster_domain::spreadsheets::{
    CELL_CHARACTERS, COLUMNS, DateOrder, ImportField, ImportKind, ImportSettings, TextEncoding, TextSeparator, UNPACKED_BYTES,
    guess_columns, guess_date_order,
};
use muster_sheet::{Cell, Encoding, Limits, ReadError, Row, Separator};

use crate::{Context, Error, FieldError, Result};

/// How long a file waits for others to be read.
const PATIENCE: Duration = Duration::from_secs(10);

/// A file that was read: its sheets, where it is a workbook, and its rows, the headers first.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) sheets: Vec<String>,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// The headers, as texts.
    pub(super) fn headers(&self) -> Vec<String> {
        let row = self.rows.first();
        row.map(|row| row.cells.iter().map(|cell| text(cell).trim().to_owned()).collect()).unwrap_or_default()
    }

    /// The rows below the headers.
    pub(super) fn body(&self) -> &[Row] {
        self.rows.get(1..).unwrap_or_default()
    }
}

/// What a cell says.
pub(super) fn text(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text) | Cell::Broken(text) => text,
    }
}

fn limits(holds: ImportKind) -> Limits {
    Limits { rows: holds.most_rows(), columns: COLUMNS, characters: CELL_CHARACTERS, unpacked: UNPACKED_BYTES }
}

const fn encoding(word: TextEncoding) -> Encoding {
    match word {
        TextEncoding::Utf8 => Encoding::Utf8,
        TextEncoding::Windows1252 => Encoding::Windows1252,
        TextEncoding::Utf16 => Encoding::Utf16,
    }
}

const fn separator(word: TextSeparator) -> Separator {
    match word {
        TextSeparator::Comma => Separator::Comma,
        TextSeparator::Semicolon => Separator::Semicolon,
        TextSeparator::Tab => Separator::Tab,
    }
}

/// How a file seems to be meant.
fn guess(bytes: &[u8], holds: ImportKind) -> Result<ImportSettings, ReadError> {
    let found = muster_sheet::guess_encoding(bytes);
    let settings = ImportSettings {
        encoding: match found {
            Encoding::Utf8 => TextEncoding::Utf8,
            Encoding::Windows1252 => TextEncoding::Windows1252,
            Encoding::Utf16 => TextEncoding::Utf16,
        },
        separator: match muster_sheet::guess_separator(bytes, found) {
            Separator::Comma => TextSeparator::Comma,
            Separator::Semicolon => TextSeparator::Semicolon,
            Separator::Tab => TextSeparator::Tab,
        },
        sheet: None,
        date_order: DateOrder::DayFirst,
        columns: BTreeMap::new(),
        customer: None,
        skip_duplicates: true,
    };
    let table = read(bytes, holds, &settings)?;
    let columns = guess_columns(holds, &table.headers());
    let days = [ImportField::DueDate, ImportField::ExpiresOn].into_iter().filter_map(|field| columns.get(&field)).flat_map(|at| {
        let cells = table.body().iter().filter_map(|row| row.cells.get(*at));
        cells.map(text)
    });
    Ok(ImportSettings { date_order: guess_date_order(days), columns, ..settings })
}

/// Reads a file as somebody says.
fn read(bytes: &[u8], holds: ImportKind, settings: &ImportSettings) -> Result<Table, ReadError> {
    let limits = limits(holds);
    if muster_sheet::is_workbook(bytes) {
        let (sheets, rows) = muster_sheet::read_workbook(bytes, settings.sheet.as_deref(), &limits)?;
        return Ok(Table { sheets, rows });
    }
    let rows = muster_sheet::read_delimited(bytes, encoding(settings.encoding), separator(settings.separator), &limits)?;
    Ok(Table { sheets: Vec::new(), rows })
}

/// The refusal of a file.
fn refused(error: &ReadError) -> Error {
    let code = match error {
        ReadError::Rows { .. } => "too-many-rows",
        ReadError::Columns { .. } => "too-many-columns",
        ReadError::Characters { .. } => "too-long",
        ReadError::Encoding => "encoding",
        ReadError::NoWorkbook { .. } => "no-workbook",
        ReadError::OldOrProtected => "old-workbook",
        ReadError::Bomb { .. } => "zip-bomb",
        ReadError::NoSheet => "unknown-reference",
    };
    Error::field(FieldError::new("/file", code, error.to_string()))
}

impl Context {
    /// How a file seems to be meant; the file is given back.
    pub(super) async fn guess_settings(&self, bytes: Vec<u8>, holds: ImportKind) -> Result<(Vec<u8>, ImportSettings)> {
        if bytes.is_empty() {
            return Err(Error::field(FieldError::new("/file", "blank", "must not be empty")));
        }
        let (bytes, guessed) = self.read_apart(move || (guess(&bytes, holds), bytes)).await.map(|(guessed, bytes)| (bytes, guessed))?;
        Ok((bytes, guessed.map_err(|error| refused(&error))?))
    }

    /// What the columns seem to hold where a file is read so; none where it cannot be.
    pub(super) async fn guess_columns(
        &self,
        bytes: Vec<u8>,
        holds: ImportKind,
        settings: &ImportSettings,
    ) -> Result<std::result::Result<BTreeMap<ImportField, usize>, String>> {
        let table = self.read_table(bytes, holds, settings).await?;
        Ok(table.map(|table| guess_columns(holds, &table.headers())))
    }

    /// The rows of a file, or in words why it cannot be read so.
    pub(super) async fn read_table(
        &self,
        bytes: Vec<u8>,
        holds: ImportKind,
        settings: &ImportSettings,
    ) -> Result<std::result::Result<Table, String>> {
        let settings = settings.clone();
        self.read_apart(move || read(&bytes, holds, &settings).map_err(|error| error.to_string())).await
    }

    async fn read_apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(PATIENCE, self.reading.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Error::Unavailable("too many files are being read".to_owned()))?.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_understood_by_its_headers_and_days() {
        let file = "Kunde;Aufgabe;F\u{e4}llig\nAcme;Pr\u{fc}fen;03/17/2026\n";
        let bytes: Vec<u8> = file.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect();
        let settings = guess(&bytes, ImportKind::Tasks).unwrap();
        assert_eq!(
            (settings.encoding, settings.separator, settings.date_order),
            (TextEncoding::Windows1252, TextSeparator::Semicolon, DateOrder::MonthFirst)
        );
        let columns: Vec<_> = settings.columns.into_iter().collect();
        assert_eq!(columns, [(ImportField::Customer, 0), (ImportField::Title, 1), (ImportField::DueDate, 2)]);
    }

    #[test]
    fn too_many_rows_are_refused_for_what_they_are() {
        let bytes = "Name\n".to_owned() + &"A\n".repeat(1_001);
        assert!(matches!(guess(bytes.as_bytes(), ImportKind::Customers), Err(ReadError::Rows { limit: 1_000 })));
        assert!(guess(bytes.as_bytes(), ImportKind::Tasks).is_ok());
    }
}
