//! Excel workbooks (`.xlsx`): one sheet, cell by cell.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx};
use zip::ZipArchive;

use crate::{Cell, Limits, ReadError, Row, keep};

/// What every file of the binary format, and every protected workbook, begins with.
const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The most files in the archive.
const ENTRIES: usize = 2_000;

/// Whether the bytes are meant as a workbook rather than as text.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(&COMPOUND_FILE)
}

/// Reads one sheet of a workbook, the first one unless named, with the names of all. The row of
/// headers is included.
///
/// # Errors
/// [`ReadError`] where it is no workbook, or there is more than the limits allow.
pub fn read_workbook(bytes: &[u8], sheet: Option<&str>, limits: &Limits) -> Result<(Vec<String>, Vec<Row>), ReadError> {
    if bytes.starts_with(&COMPOUND_FILE) {
        return Err(ReadError::OldOrProtected);
    }
    refuse_bombs(bytes, limits)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let names = workbook.sheet_names();
    let name = match sheet {
        Some(sheet) => names.iter().find(|name| *name == sheet),
        None => names.first(),
    };
    let name = name.ok_or(ReadError::NoSheet)?.clone();
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| broken(&error))?;
    let mut rows = Vec::new();
    let mut row = Row { number: 1, cells: Vec::new() };
    // Cells come row by row, and only those that hold something: what a sheet says of its size is not believed.
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let (at, column) = cell.get_position();
        let (number, column) = (at.saturating_add(1), usize::try_from(column).unwrap_or(usize::MAX));
        let value = read_cell(cell.get_value());
        if matches!(&value, Cell::Text(text) if text.is_empty()) {
            continue;
        }
        if number != row.number {
            keep(&mut rows, std::mem::replace(&mut row, Row { number, cells: Vec::new() }), limits)?;
        }
        if column >= limits.columns {
            return Err(ReadError::Columns { row: number, limit: limits.columns });
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Cell::Text(String::new()));
        }
        row.cells[column] = value;
    }
    keep(&mut rows, row, limits)?;
    // Nothing says that a file has its rows in order.
    if rows.windows(2).any(|pair| pair[0].number >= pair[1].number) {
        return Err(ReadError::NoWorkbook { why: "its rows are out of order".to_owned() });
    }
    Ok((names, rows))
}

/// Unpacks everything once, and throws it away: only what was unpacked says how much it is.
fn refuse_bombs(bytes: &[u8], limits: &Limits) -> Result<(), ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let bomb = || ReadError::Bomb { limit: limits.unpacked };
    if archive.len() > ENTRIES {
        return Err(bomb());
    }
    let mut left = limits.unpacked;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| broken(&error))?;
        let read = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|error| broken(&error))?;
        left = left.checked_sub(read).ok_or_else(bomb)?;
    }
    Ok(())
}

fn read_cell(value: &DataRef<'_>) -> Cell {
    Cell::Text(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => plain(*number),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(duration) => plain(duration.as_f64()),
        // `2026-03-17T00:00:00`: the day is what is asked for.
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => return Cell::Broken(error.to_string()),
    })
}

/// A number as people write it: 42 rather than 42.0.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

fn broken(error: &dyn std::fmt::Display) -> ReadError {
    ReadError::NoWorkbook { why: error.to_string().chars().take(200).collect() }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

    use super::*;

    const LIMITS: Limits = Limits { rows: 50, columns: 10, characters: 100, unpacked: 4 << 20 };

    #[test]
    fn a_workbook_is_read_as_it_is_seen() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().set_name("Notes").unwrap();
        let sheet = workbook.add_worksheet().set_name("Tasks").unwrap();
        sheet.write_string(0, 0, "Title").unwrap();
        sheet.write_string(0, 2, "Due").unwrap();
        sheet.write_string(3, 0, "Überprüfen").unwrap();
        sheet.write_number(3, 1, 42.0).unwrap();
        let day = Format::new().set_num_format("dd.mm.yyyy");
        sheet.write_datetime_with_format(3, 2, ExcelDateTime::from_ymd(2026, 3, 17).unwrap(), &day).unwrap();
        sheet.write_boolean(3, 3, true).unwrap();
        sheet.write_formula(3, 4, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        let bytes = workbook.save_to_buffer().unwrap();
        let (names, rows) = read_workbook(&bytes, Some("Tasks"), &LIMITS).unwrap();
        assert_eq!(names, ["Notes", "Tasks"]);
        assert_eq!(rows[0].number, 1);
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(rows[0].cells, [text("Title"), text(""), text("Due")]);
        assert_eq!((rows[1].number, &rows[1].cells[..4]), (4, &[text("Überprüfen"), text("42"), text("2026-03-17"), text("TRUE")][..]));
        assert!(matches!(&rows[1].cells[4], Cell::Broken(_) | Cell::Text(_)));
        assert_eq!(read_workbook(&bytes, Some("Other"), &LIMITS), Err(ReadError::NoSheet));
        assert_eq!(read_workbook(&bytes, None, &LIMITS).unwrap().1, []);
    }

    /// A sheet that says that it reaches to its farthest cell costs no more than what stands in it.
    #[test]
    fn a_cell_far_out_is_refused_and_not_reserved_for() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.write_string(0, 0, "a").unwrap();
        sheet.write_string(1_048_575, 3, "b").unwrap();
        let (_, rows) = read_workbook(&workbook.save_to_buffer().unwrap(), None, &LIMITS).unwrap();
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 1_048_576]);
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write_string(0, 16_383, "b").unwrap();
        let refused = read_workbook(&workbook.save_to_buffer().unwrap(), None, &LIMITS);
        assert_eq!(refused, Err(ReadError::Columns { row: 1, limit: 10 }));
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..6 {
            archive.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 100_000);
        assert_eq!(read_workbook(&bytes, None, &LIMITS), Err(ReadError::Bomb { limit: LIMITS.unpacked }));
    }

    #[test]
    fn other_files_are_told_apart() {
        assert_eq!(read_workbook(&COMPOUND_FILE, None, &LIMITS), Err(ReadError::OldOrProtected));
        assert!(matches!(read_workbook(b"PK nonsense", None, &LIMITS), Err(ReadError::NoWorkbook { .. })));
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert!(matches!(read_workbook(&bytes, None, &LIMITS), Err(ReadError::NoWorkbook { .. })));
    }
}
