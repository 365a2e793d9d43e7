//! A document as a Word file (Office Open XML, ECMA-376, WordprocessingML).
//!
//! The file is written part by part: nothing in it depends on the clock, on chance or on the
//! machine, so the same sheet gives the same bytes. Text reaches the XML through [`xml::Xml`] only,
//! which escapes it.

mod body;
mod frame;
mod lists;
mod package;
mod picture;
mod styles;
mod text;
mod xml;

use muster_paper::Sheet;

pub use package::Error;

/// Makes the file.
///
/// # Errors
/// When the file would be larger than a ZIP can be.
pub fn docx(sheet: &Sheet) -> Result<Vec<u8>, Error> {
    let body = body::write(sheet);
    package::write(sheet, &body)
}

#[cfg(test)]
mod tests;
