//! Tables for others: CSV and `.xlsx` with the same columns and rows.

use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// The most characters of a cell in a workbook.
const CELL: usize = 32_767;

/// A column of an output.
#[derive(Debug, Clone)]
pub struct Column {
    /// What stands above it.
    pub header: String,
    /// How wide it is in a workbook, in characters.
    pub width: u16,
}

/// What stands in a cell of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// A text, never a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day: year, month, day.
    Day(i16, i8, i8),
}

impl Value {
    /// A text, or nothing.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }
}

/// A table to be written.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// The name of the sheet.
    pub name: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each as long as there are columns.
    pub rows: Vec<Vec<Value>>,
}

/// Whether a spreadsheet could take a text for a formula: by its first sign, blanks aside. The wide
/// forms of these signs are taken for them by East Asian versions.
pub fn is_formula_like(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'])
}

impl Output {
    /// As CSV: commas, lines ended as RFC 4180 has it, and the mark by which Excel knows UTF-8. A
    /// text that could be taken for a formula gets an apostrophe before it, which makes it a text.
    ///
    /// # Errors
    /// Never for memory that there is.
    pub fn to_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::from(b"\xEF\xBB\xBF".as_slice()));
        writer.write_record(self.columns.iter().map(|column| safe(&column.header)))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|value| match value {
                Value::Empty => String::new(),
                Value::Text(text) => safe(text),
                Value::Number(number) => number.to_string(),
                Value::Day(year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
            }))?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }

    /// As a workbook. Every text is a cell of the type text; one that could be taken for a formula
    /// also bears the mark that Excel gives to what was typed after an apostrophe, so that it stays a
    /// text when somebody edits it.
    ///
    /// # Errors
    /// [`XlsxError`] for a name that no sheet can have, or more rows than a sheet takes.
    pub fn to_workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name(&self.name)?;
        let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        let looks = Looks {
            plain: Format::new().set_align(FormatAlign::Top),
            quoted: Format::new().set_align(FormatAlign::Top).set_quote_prefix(),
            day: Format::new().set_align(FormatAlign::Top).set_num_format("yyyy-mm-dd"),
        };
        for (at, column) in (0..).zip(&self.columns) {
            sheet.set_column_width(at, column.width)?;
            sheet.write_string_with_format(0, at, &column.header, &head)?;
        }
        for (at, row) in (1..).zip(&self.rows) {
            for (column, value) in (0..).zip(row) {
                write(sheet, (at, column), value, &looks)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        if let (Some(last), false) = (u16::try_from(self.columns.len()).ok().and_then(|count| count.checked_sub(1)), self.rows.is_empty()) {
            sheet.autofilter(0, 0, u32::try_from(self.rows.len()).unwrap_or(u32::MAX), last)?;
        }
        workbook.save_to_buffer()
    }
}

/// How cells look.
struct Looks {
    plain: Format,
    quoted: Format,
    day: Format,
}

fn write(sheet: &mut Worksheet, (row, column): (u32, u16), value: &Value, looks: &Looks) -> Result<(), XlsxError> {
    match value {
        Value::Empty => {}
        Value::Text(text) => {
            let format = if is_formula_like(text) { &looks.quoted } else { &looks.plain };
            let text: String = text.chars().take(CELL).collect();
            sheet.write_string_with_format(row, column, text, format)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "a workbook has no other numbers")]
        Value::Number(number) => {
            sheet.write_number_with_format(row, column, *number as f64, &looks.plain)?;
        }
        Value::Day(year, month, day) => match day_of(*year, *month, *day) {
            Some(date) => {
                sheet.write_datetime_with_format(row, column, date, &looks.day)?;
            }
            // Before 1900 a workbook knows no days.
            None => {
                sheet.write_string_with_format(row, column, format!("{year:04}-{month:02}-{day:02}"), &looks.plain)?;
            }
        },
    }
    Ok(())
}

fn day_of(year: i16, month: i8, day: i8) -> Option<ExcelDateTime> {
    ExcelDateTime::from_ymd(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    if is_formula_like(text) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use proptest::prelude::*;

    use super::*;
    use crate::{Cell, Encoding, Limits, Separator, read_delimited, read_workbook};

    const LIMITS: Limits = Limits { rows: 1000, columns: 10, characters: 100, unpacked: 4 << 20 };
    const DANGEROUS: [&str; 8] = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\u{FF1D}1"];

    fn output(texts: &[&str]) -> Output {
        let columns = ["Name", "=Due"].map(|header| Column { header: header.into(), width: 20 });
        let rows = texts.iter().map(|text| vec![Value::Text((*text).into()), Value::Day(2026, 3, 17)]).collect();
        Output { name: "Tasks".into(), columns: columns.into(), rows }
    }

    #[test]
    fn no_text_becomes_a_formula_in_csv() {
        let bytes = output(&DANGEROUS).to_csv().unwrap();
        assert!(bytes.starts_with(b"\xEF\xBB\xBFName,'=Due\r\n"));
        let rows = read_delimited(&bytes, Encoding::Utf8, Separator::Comma, &LIMITS).unwrap();
        for (row, text) in rows[1..].iter().zip(DANGEROUS) {
            assert_eq!(row.cells[0], Cell::Text(format!("'{text}")));
            assert_eq!(row.cells[1], Cell::Text("2026-03-17".into()));
        }
    }

    #[test]
    fn no_text_becomes_a_formula_in_a_workbook() {
        let bytes = output(&DANGEROUS).to_workbook().unwrap();
        let (_, rows) = read_workbook(&bytes, None, &LIMITS).unwrap();
        assert_eq!(rows[1].cells, [Cell::Text("=1+1".into()), Cell::Text("2026-03-17".into())]);
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let sheet = part("xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{sheet}");
        assert!(part("xl/styles.xml").contains("quotePrefix=\"1\""));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(texts in prop::collection::vec("[a-zA-Z0-9äöü=+@ ,;\"\n-]{1,20}", 1..20)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let written = output(&texts);
            let (_, rows) = read_workbook(&written.to_workbook().unwrap(), None, &LIMITS).unwrap();
            for (row, text) in rows[1..].iter().zip(&texts) {
                prop_assert_eq!(&row.cells[0], &Cell::Text((*text).to_owned()));
            }
            let rows = read_delimited(&written.to_csv().unwrap(), Encoding::Utf8, Separator::Comma, &LIMITS).unwrap();
            for (row, text) in rows[1..].iter().zip(&texts) {
                let Cell::Text(read) = &row.cells[0] else { panic!("a text") };
                prop_assert_eq!(read.strip_prefix('\'').unwrap_or(read), *text);
                prop_assert!(!is_formula_like(read));
            }
        }
    }
}
