//! Word files as templates: text with `{{key}}` placeholders becomes Markdown and questions.
//!
//! The reader only reads. It fetches nothing, runs nothing, resolves no entities and unpacks no
//! more than [`Limits`] allow, so that a file from anywhere can be handed to it. What it cannot
//! use it refuses with the place where it stands in the file: the number of the paragraph, or of
//! the table and its row, and the words there.
//!
//! The grammar of placeholders is written down for authors in `docs/TEMPLATES.md`; `placeholder`
//! is the one place in the code that knows it.

mod blocks;
mod document;
mod error;
mod inline;
mod limits;
mod lines;
mod markdown;
mod numbering;
mod package;
mod placeholder;
mod questions;
mod styles;
mod template;
mod xml;

pub use self::{
    error::{Fault, Place, Problem, WordError},
    limits::Limits,
    placeholder::{key_of, label_of},
    template::{Notice, WordTemplate},
};

/// Reads a Word file (`.docx`) as a template.
///
/// # Errors
/// [`WordError`] where the file is no Word file, is broken, holds macros or refers to other files,
/// is larger than the limits, or has placeholders that cannot be understood.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<WordTemplate, WordError> {
    let package = package::Package::open(bytes, limits)?;
    let document = document::read(&package)?;
    template::assemble(document)
}
