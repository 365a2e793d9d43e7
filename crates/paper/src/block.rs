//! The model: blocks of runs.

use serde::Serialize;

use crate::printable::printable;

/// A whole text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Paper {
    /// The title, one line.
    pub title: Vec<Run>,
    /// What follows it.
    pub blocks: Vec<Block>,
}

/// Something that stands on lines of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// A heading.
    Heading {
        /// From 1 to 6. The highest heading of a text is always 1.
        level: u8,
        /// Its words.
        runs: Vec<Run>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        runs: Vec<Run>,
    },
    /// A list.
    List(List),
    /// A table.
    Table(Table),
    /// Lines that stand as they are written.
    Code {
        /// The lines, separated by `\n`.
        runs: Vec<Run>,
    },
    /// Quoted blocks.
    Quote {
        /// What is quoted.
        blocks: Vec<Block>,
    },
    /// A line between parts.
    Rule,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct List {
    /// The number of the first item; none where the items are not numbered.
    pub start: Option<u64>,
    /// Whether its items follow each other without a gap.
    pub is_tight: bool,
    /// The blocks of each item.
    pub items: Vec<Vec<Block>>,
}

/// A table. All rows have as many cells as there are headings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Table {
    /// The cells of the row that stands on top, on every page.
    pub headings: Row,
    /// The rows below it.
    pub rows: Vec<Row>,
}

/// The cells of a row, each of them runs.
pub type Row = Vec<Vec<Run>>;

/// Words of one kind and one look.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Run {
    /// The words. `\n` is a line break.
    pub text: String,
    /// Where they come from.
    #[serde(flatten)]
    pub kind: RunKind,
    /// Set in bold.
    pub bold: bool,
    /// Set in italics.
    pub italic: bool,
    /// Set in the letters of code.
    pub code: bool,
    /// The address that they lead to: `https:`, `http:` or `mailto:`, nothing else.
    pub link: Option<String>,
}

/// Where the words of a run come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunKind {
    /// They are written in the text.
    #[default]
    Text,
    /// They answer a question.
    Answer {
        /// The question's key.
        key: String,
    },
    /// They mark a question without an answer.
    Gap {
        /// The question's key.
        key: String,
    },
    /// A placeholder without a question, as it is written.
    Literal,
}

impl Run {
    /// The same look with other words.
    pub(crate) fn like(&self, text: impl Into<String>, kind: RunKind) -> Self {
        Self { text: printable(&text.into()).into_owned(), kind, ..self.clone() }
    }

    /// Whether the words of both can stand in one run.
    fn looks_like(&self, other: &Self) -> bool {
        self.kind == RunKind::Text
            && other.kind == RunKind::Text
            && (self.bold, self.italic, self.code, &self.link) == (other.bold, other.italic, other.code, &other.link)
    }
}

/// Adds a run, to the last one where both look the same.
pub(crate) fn push(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if last.looks_like(&run) => last.text.push_str(&run.text),
        _ if run.text.is_empty() => {}
        _ => runs.push(run),
    }
}
