//! A cell of a task's row as a small form: until when, and who does it. Rows of long lists stay lean, so a row has
//! none until somebody opens one.

use askama::Template;

use super::{Choice, Field};
use crate::{filters, text::Text};

/// What a cell of a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Until when.
    Due,
    /// Who does it.
    Assignee,
}

impl CellKind {
    /// Names the cell in its row, and in the address that opens it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Assignee => "assignee",
        }
    }

    /// The field of the task that its form sends.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Due => "due_date",
            Self::Assignee => "assigned_to",
        }
    }
}

/// A cell that stands open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Id of the task.
    pub id: String,
    /// Its title, by which the form is told from those of other rows.
    pub title: String,
    /// The version that is changed, so that nobody overwrites somebody else.
    pub version: i32,
    /// What stood there when it was opened, so that a change of something else can be told from one of this.
    pub was: String,
    /// What it is about.
    pub kind: CellKind,
    /// What stands in it, and why that was refused.
    pub field: Field,
    /// People to choose from, nobody first; none where it is about a date.
    pub people: Vec<Choice>,
    /// It was refused because somebody else was faster.
    pub is_clash: bool,
}

/// An open cell as HTML.
#[derive(Debug, Template)]
#[template(path = "parts/cell.html")]
pub(crate) struct CellHtml<'a> {
    one: &'a Cell,
    t: &'a Text,
}

impl Cell {
    pub(crate) const fn html<'a>(&'a self, t: &'a Text) -> CellHtml<'a> {
        CellHtml { one: self, t }
    }

    /// The id of its control. Several rows may have a cell open, so it names the task.
    fn control_id(&self) -> String {
        format!("cell-{}-{}", self.kind.key(), self.id)
    }
}
