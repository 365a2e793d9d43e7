//! Why a file cannot be used, and where in it that shows.

use std::fmt;

/// Where something stands in a Word file, as somebody can find it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A paragraph outside tables.
    Paragraph {
        /// Its number, counted from 1, empty paragraphs included.
        number: usize,
        /// How it begins.
        text: String,
    },
    /// A row of a table.
    Row {
        /// The number of the table, counted from 1.
        table: usize,
        /// The number of its row, counted from 1.
        row: usize,
        /// How the row begins.
        text: String,
    },
    /// The page header or footer.
    Margin {
        /// How it begins.
        text: String,
    },
}

/// The beginning of a text, as a message quotes it.
pub(crate) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN { line } else { line.chars().take(SHOWN).chain(['…']).collect() }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Paragraph { number, text } => {
                write!(formatter, "Paragraph {number}")?;
                text
            }
            Self::Row { table, row, text } => {
                write!(formatter, "Table {table}, row {row}")?;
                text
            }
            Self::Margin { text } => {
                write!(formatter, "Page header or footer")?;
                text
            }
        };
        if text.is_empty() { Ok(()) } else { write!(formatter, " (“{text}”)") }
    }
}

/// What is wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A placeholder of which nothing but punctuation remains, or that is too long for a key.
    #[error("the placeholder `{0}` has no key: write 1 to 80 letters, digits or underscores")]
    NoKey(String),
    /// A word where a type or a rule was expected.
    #[error("`{word}` in the placeholder `{key}` is no type of question and no rule that is known")]
    UnknownWord {
        /// The key.
        key: String,
        /// The word.
        word: String,
    },
    /// A type where it cannot be.
    #[error("the placeholder `{key}` cannot be of the type `{kind}` here")]
    KindMisplaced {
        /// The key.
        key: String,
        /// The type.
        kind: &'static str,
    },
    /// A rule that needs a value, or a value that does not fit it.
    #[error("`{rule}` in the placeholder `{key}` needs {needs}")]
    Value {
        /// The key.
        key: String,
        /// The rule.
        rule: String,
        /// What it needs.
        needs: &'static str,
    },
    /// A placeholder that begins and does not end in the same paragraph.
    #[error("a placeholder begins with `{{{{` and does not end in the same paragraph")]
    Unclosed,
    /// A key that is asked in two ways.
    #[error("the placeholder `{key}` says something else here than where it stood before")]
    Contradiction {
        /// The key.
        key: String,
    },
    /// A cell outside a row of a table.
    #[error("`{key}.{column}` is one cell of a table, and stands in a row of a table only")]
    CellOutside {
        /// The key of the table.
        key: String,
        /// The column.
        column: String,
    },
    /// A row with cells of two tables.
    #[error("a row of a table takes the cells of one table question, here are `{one}` and `{other}`")]
    TwoTables {
        /// One of them.
        one: String,
        /// The other.
        other: String,
    },
    /// A table question beside other text.
    #[error("the table `{key}` has to stand alone in its paragraph")]
    TableInLine {
        /// The key.
        key: String,
    },
    /// The mark of an optional section beside other text.
    #[error("the mark of an optional section has to stand alone in its paragraph")]
    MarkInLine,
    /// A mark of an optional section that cannot be understood.
    #[error("`{0}` begins an optional section with a condition that cannot be understood")]
    MarkMalformed(String),
    /// Something that would have to be fetched from elsewhere.
    #[error("{0} refers to a file outside this one; nothing is fetched from elsewhere, so put its content here")]
    External(&'static str),
}

/// Something wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}.")]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// Why a file cannot be used as a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordError {
    /// More bytes than are read.
    #[error("The file is larger than {} MB.", limit / (1024 * 1024))]
    TooLarge {
        /// The most bytes.
        limit: usize,
    },
    /// Not a ZIP archive, so no `.docx` either.
    #[error("This is no Word file of the kind .docx.")]
    NotWord,
    /// The binary format of older versions, or a file that needs a password.
    #[error("This is an older Word file (.doc), or one that needs a password. Save it as .docx without a password.")]
    OldOrEncrypted,
    /// It can run something.
    #[error("The file holds macros ({entry}). Save it as .docx, which has none.")]
    Macros {
        /// Where they are.
        entry: String,
    },
    /// More inside than is unpacked.
    #[error("The file would unpack to far more than a document holds ({what}), so it was not unpacked.")]
    Bomb {
        /// What is too large.
        what: String,
    },
    /// A part that cannot be read.
    #[error("The file is broken: its part {part}{} cannot be read, {problem}.", at(*.line))]
    Broken {
        /// The part.
        part: String,
        /// The line of the part, where there is one.
        line: Option<u32>,
        /// What is wrong.
        problem: String,
    },
    /// Places that cannot be understood, in the order of the file.
    #[error("{}", list(.0))]
    Faults(Vec<Fault>),
}

fn at(line: Option<u32>) -> String {
    line.map(|line| format!(", line {line},")).unwrap_or_default()
}

fn list(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
