//! What a document consists of, as far as a template needs it.

use std::rc::Rc;

use crate::{Place, error::excerpt};

/// How characters look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) bold: bool,
    pub(crate) italic: bool,
}

/// Characters that look alike. Word cuts a line into such pieces wherever it likes, also within a
/// placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The characters; `\n` is a line break.
    pub(crate) text: String,
    pub(crate) format: Format,
    /// Where it leads, if it is a link.
    pub(crate) link: Option<Rc<str>>,
}

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Ordinary text.
    Text,
    /// The document's title.
    Title,
    /// A heading, counted from 1 to 6.
    Heading(usize),
    /// An item of a list.
    Item {
        /// How deep it stands, counted from 0.
        level: usize,
        /// Its number, where the list is numbered.
        number: Option<u32>,
    },
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paragraph {
    pub(crate) place: Place,
    pub(crate) role: Role,
    pub(crate) segments: Vec<Segment>,
}

impl Paragraph {
    /// Its characters.
    pub(crate) fn text(&self) -> String {
        self.segments.iter().map(|segment| segment.text.as_str()).collect()
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) place: Place,
    /// The paragraphs of each cell.
    pub(crate) cells: Vec<Vec<Paragraph>>,
}

impl Row {
    pub(crate) fn new(table: usize, row: usize, cells: Vec<Vec<Paragraph>>) -> Self {
        let words = cells.iter().flatten().map(Paragraph::text).collect::<Vec<_>>().join(" ");
        Self { place: Place::Row { table, row, text: excerpt(&words) }, cells }
    }
}

/// A part of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph(Paragraph),
    Table(Vec<Row>),
}
