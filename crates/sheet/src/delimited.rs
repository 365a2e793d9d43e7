//! Text tables: values with a sign between them, as spreadsheets write and read CSV.

use crate::{Cell, Limits, ReadError, Row, keep};

/// How the characters of a file are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without the mark at its beginning.
    Utf8,
    /// What Excel writes in western Europe and America.
    Windows1252,
    /// What Excel calls Unicode text; the mark at its beginning says which of the two.
    Utf16,
}

/// What stands between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`, where the comma is the decimal sign.
    Semicolon,
    /// A tab.
    Tab,
}

impl Separator {
    /// All of them, the most common first.
    pub const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// How many records are looked at to guess the separator.
const LOOKED_AT: usize = 50;

/// The encoding that the bytes speak for: their mark, or that they are valid UTF-8.
pub fn guess_encoding(bytes: &[u8]) -> Encoding {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        Encoding::Utf16
    } else if std::str::from_utf8(bytes).is_ok() {
        Encoding::Utf8
    } else {
        Encoding::Windows1252
    }
}

/// The text of the bytes, without the mark at its beginning.
fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, ReadError> {
    let decoder = match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
        Encoding::Utf16 if bytes.starts_with(&[0xFE, 0xFF]) => encoding_rs::UTF_16BE,
        Encoding::Utf16 => encoding_rs::UTF_16LE,
    };
    let (text, has_errors) = decoder.decode_with_bom_removal(bytes);
    if has_errors { Err(ReadError::Encoding) } else { Ok(text.into_owned()) }
}

/// The separator by which most of the first records fall into as many values as the first one.
pub fn guess_separator(bytes: &[u8], encoding: Encoding) -> Separator {
    let Ok(text) = decode(bytes, encoding) else { return Separator::Comma };
    let score = |separator: Separator| {
        let mut reader = reader(text.as_bytes(), separator);
        let lengths: Vec<usize> = reader.byte_records().take(LOOKED_AT).map_while(Result::ok).map(|record| record.len()).collect();
        match lengths.first() {
            Some(first) if *first > 1 => lengths.iter().filter(|length| *length == first).count() * 100 / lengths.len() * 100 + first,
            _ => 0,
        }
    };
    let best = Separator::ALL.into_iter().rev().max_by_key(|separator| score(*separator));
    best.filter(|separator| score(*separator) > 0).unwrap_or(Separator::Comma)
}

fn reader(bytes: &[u8], separator: Separator) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator.byte()).from_reader(bytes)
}

/// Reads a text table, the row of headers included.
///
/// # Errors
/// [`ReadError`] where the bytes are no text in this encoding, or there is more than the limits allow.
pub fn read_delimited(bytes: &[u8], encoding: Encoding, separator: Separator, limits: &Limits) -> Result<Vec<Row>, ReadError> {
    let text = decode(bytes, encoding)?;
    let mut rows = Vec::new();
    // Records are counted as spreadsheets show them: a value of several lines is one row there.
    let mut number = 0;
    let mut blank_lines = BlankLines::new(&text);
    for record in reader(text.as_bytes(), separator).records() {
        // The text is valid and lengths may differ, so only a broken reader could fail here.
        let record = record.map_err(|_| ReadError::Encoding)?;
        number += 1 + record.position().map_or(0, |at| blank_lines.before(at.byte()));
        let cells = record.iter().map(|value| Cell::Text(value.to_owned())).collect();
        keep(&mut rows, Row { number, cells }, limits)?;
    }
    Ok(rows)
}

/// Counts empty lines, which the reader passes over and spreadsheets show as rows.
struct BlankLines<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> BlankLines<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0 }
    }

    /// How many empty lines stand just before a record that begins at this byte.
    fn before(&mut self, byte: u64) -> u32 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let mut start = byte;
        // The reader may say that a record begins before the empty lines that precede it.
        let skipped = self.text[byte..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let end = byte + skipped;
        while start > self.at && matches!(self.text[start - 1], b'\r' | b'\n') {
            start -= 1;
        }
        self.at = end;
        let ends = self.text[start..end].iter().filter(|byte| **byte == b'\n').count();
        // The first of them ends the record before.
        let own = usize::from(start > 0);
        u32::try_from(ends.saturating_sub(own)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits { rows: 100, columns: 10, characters: 50, unpacked: 1 << 20 };

    fn texts(rows: &[Row]) -> Vec<Vec<&str>> {
        rows.iter()
            .map(|row| {
                row.cells
                    .iter()
                    .map(|cell| match cell {
                        Cell::Text(text) | Cell::Broken(text) => text.as_str(),
                    })
                    .collect()
            })
            .collect()
    }

    fn guessed(bytes: &[u8]) -> Vec<Row> {
        let encoding = guess_encoding(bytes);
        read_delimited(bytes, encoding, guess_separator(bytes, encoding), &LIMITS).unwrap()
    }

    #[test]
    fn what_excel_writes_is_read_without_asking() {
        let expected = [["Name", "Ort"], ["Müller; Söhne", "Köln"]];
        for separator in [",", ";", "\t"] {
            let text = format!("Name{separator}Ort\r\n\"Müller; Söhne\"{separator}Köln\r\n");
            let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
            let windows = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
            for bytes in [text.as_bytes().to_vec(), [b"\xEF\xBB\xBF", text.as_bytes()].concat(), windows, utf16] {
                assert_eq!(texts(&guessed(&bytes)), expected, "{separator:?}");
            }
        }
    }

    #[test]
    fn rows_have_the_numbers_that_a_spreadsheet_shows() {
        let rows = guessed(b"\na,b\n\n1,\"x\ny\"\n2,z\n\n\n3,w");
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4, 5, 8]);
        let rows = guessed(b"a;b\r\n;\r\n1;2\r\n");
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn too_much_is_refused_with_its_place() {
        let read = |text: &str| read_delimited(text.as_bytes(), Encoding::Utf8, Separator::Comma, &LIMITS);
        assert_eq!(read(&"a\n".repeat(101)).map(|rows| rows.len()), Ok(101));
        assert_eq!(read(&"a\n".repeat(102)), Err(ReadError::Rows { limit: 100 }));
        assert_eq!(read(&"a,".repeat(10)), Err(ReadError::Columns { row: 1, limit: 10 }));
        assert_eq!(read(&format!("a\nb,{}", "é".repeat(51))), Err(ReadError::Characters { row: 2, column: 2, limit: 50 }));
        assert_eq!(read_delimited(b"\xE4", Encoding::Utf8, Separator::Comma, &LIMITS), Err(ReadError::Encoding));
    }

    proptest! {
        /// Whatever stands in cells comes back as it was, through a writer that is not ours.
        #[test]
        fn cells_come_back(cells in prop::collection::vec(prop::collection::vec("[^\\x00\\r\u{FEFF}]{0,12}", 2..5), 1..8), at in 0_usize..3) {
            let separator = Separator::ALL[at];
            let mut writer = csv::WriterBuilder::new().delimiter(separator.byte()).flexible(true).from_writer(Vec::new());
            for row in &cells {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let bytes = [b"\xEF\xBB\xBF".as_slice(), &bytes].concat();
            let rows = read_delimited(&bytes, Encoding::Utf8, separator, &LIMITS).unwrap();
            let expected: Vec<Vec<&str>> = cells.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))
                .map(|row| row.iter().map(String::as_str).collect()).collect();
            prop_assert_eq!(texts(&rows), expected);
        }

        #[test]
        fn no_bytes_make_it_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let encoding = guess_encoding(&bytes);
            let separator = guess_separator(&bytes, encoding);
            if let Ok(rows) = read_delimited(&bytes, encoding, separator, &LIMITS) {
                prop_assert!(rows.len() <= LIMITS.rows + 1 && rows.iter().all(|row| row.cells.len() <= LIMITS.columns));
                prop_assert!(rows.windows(2).all(|pair| pair[0].number < pair[1].number));
            }
        }
    }
}
