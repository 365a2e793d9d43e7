//! A task as a row of a list.

use askama::Template;

use super::{Cell, Due, Level, Person, Priority, Status};
use crate::{filters, text::Text};

/// What the status button of a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Makes this move (`complete`, `reopen`, ...) through the form named `moves`.
    Move(&'static str),
    /// Leads to the place where the task is done: a question, a document, the evidence in the drawer.
    Go(String),
    /// Takes a task that waits for somebody of a role. What is done elsewhere, such as a decision on a
    /// document, can also be done without: it leads there.
    Take(Option<String>),
    /// Brings an ignored task back.
    Restore,
    /// Nothing: the reader may only look.
    None,
}

/// A task as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Id of the task.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub status: Status,
    /// How much it presses.
    pub priority: Priority,
    /// It cannot be completed without evidence, and has none.
    pub needs_evidence: bool,
    /// Who does it.
    pub assignee: Option<Person>,
    /// Until when.
    pub due: Option<Due>,
    /// How often it comes back once it is done: "Comes back every month".
    pub recurs: Option<String>,
    /// A second line: the reason of an ignored task, where an answer came from.
    pub note: Option<String>,
    /// Where it belongs, for lists without a tree: the level, and the path in words.
    pub place: Option<(Level, String)>,
    /// What the status button does.
    pub action: Action,
    /// Where the title leads.
    pub href: String,
    /// It is the one in the drawer.
    pub current: bool,
    /// It can be picked, to be changed with others, and who does it and when can be changed in it.
    pub pick: bool,
    /// The one of these two that stands open, as a form.
    pub cell: Option<Box<Cell>>,
}

/// A row as HTML. It is a template of its own, as all pieces are that stand on a page often or on many pages: the
/// compiler takes far longer for one long template than for two short ones.
#[derive(Debug, Template)]
#[template(path = "parts/task_row.html")]
pub(crate) struct RowHtml<'a> {
    one: &'a TaskRow,
    t: &'a Text,
}

impl TaskRow {
    pub(crate) const fn html<'a>(&'a self, t: &'a Text) -> RowHtml<'a> {
        RowHtml { one: self, t }
    }

    /// What stands open at a cell, named by its key.
    fn cell_at(&self, key: &str) -> Option<&Cell> {
        self.cell.as_deref().filter(|cell| cell.kind.key() == key)
    }
}

/// The tasks of one place in the tree: what is to be done, what is done, what does not apply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tasks {
    /// Rows that stand open.
    pub open: Vec<TaskRow>,
    /// Rows folded away as done.
    pub done: Vec<TaskRow>,
    /// Rows folded away as ignored.
    pub ignored: Vec<TaskRow>,
}

impl Tasks {
    /// Sorts rows into what stands open and what is folded. A single finished row stays where it is: folding one line
    /// behind another line helps nobody.
    #[must_use]
    pub fn sort(rows: Vec<TaskRow>) -> Self {
        let mut tasks = Self::default();
        for row in rows {
            match row.status {
                Status::Ignored => tasks.ignored.push(row),
                Status::Done | Status::Cancelled => tasks.done.push(row),
                _ => tasks.open.push(row),
            }
        }
        if tasks.done.len() == 1 && !tasks.open.is_empty() {
            tasks.open.append(&mut tasks.done);
        }
        tasks
    }

    /// There is no task at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.done.is_empty() && self.ignored.is_empty()
    }
}
