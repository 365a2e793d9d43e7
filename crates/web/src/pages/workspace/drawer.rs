//! One task, beside the tree.

use askama::Template;

use crate::filters;
use crate::pages::audit::{Entry, Piece};
use crate::pages::evidence::Block;
use crate::parts::{Choice, Due, Field, Level, Moment, Person, Priority, Status};
use crate::text::Text;

/// The task as HTML.
#[derive(Debug, Template)]
#[template(path = "workspace/drawer.html")]
pub(crate) struct DrawerHtml<'a> {
    one: &'a Drawer,
    t: &'a Text,
}

/// Its form as HTML.
#[derive(Debug, Template)]
#[template(path = "workspace/edit.html")]
pub(crate) struct EditHtml<'a> {
    one: &'a Drawer,
    edit: &'a EditForm,
    t: &'a Text,
}

impl Drawer {
    pub(crate) const fn html<'a>(&'a self, t: &'a Text) -> DrawerHtml<'a> {
        DrawerHtml { one: self, t }
    }
}

impl EditForm {
    const fn html<'a>(&'a self, one: &'a Drawer, t: &'a Text) -> EditHtml<'a> {
        EditHtml { one, edit: self, t }
    }
}

/// One task with everything about it.
#[derive(Debug, Clone)]
pub struct Drawer {
    /// Id of the task.
    pub id: String,
    /// Version, so that nobody overwrites somebody else.
    pub version: i64,
    /// Its level.
    pub level: Level,
    /// It asks a question of a template.
    pub question: bool,
    /// Where it belongs, from the plan down.
    pub path: Vec<Place>,
    /// Title.
    pub title: String,
    /// What is to be done.
    pub description: Option<String>,
    /// State.
    pub status: Status,
    /// Who does it.
    pub assignee: Option<Person>,
    /// The role it waits for, while nobody took it.
    pub role: Option<String>,
    /// The reader may take it.
    pub may_take: bool,
    /// Due date.
    pub due: Option<Due>,
    /// How often it comes back, in words.
    pub recurs: Option<String>,
    /// Priority.
    pub priority: Priority,
    /// Notes.
    pub notes: Option<String>,
    /// What was handed in for it, and what still has to be.
    pub evidence: Option<Block>,
    /// Who completed it, and when.
    pub completed: Option<(String, String)>,
    /// Who ignored it, when and why.
    pub ignored: Option<Ignored>,
    /// "24 Feb 2026, 09:00".
    pub created: String,
    /// Where the task is done: the question, the document.
    pub done_at: Option<String>,
    /// What being done there does to the task.
    pub done_hint: Option<&'static str>,
    /// The mail that completes it.
    pub mail: Option<TaskMail>,
    /// Moves that are allowed now; the first is the most natural.
    pub moves: Vec<Move>,
    /// The form, for those who may change the task.
    pub edit: Option<EditForm>,
    /// The reader may ignore it.
    pub may_ignore: bool,
    /// The reader may restore it.
    pub may_restore: bool,
    /// What was said about it.
    pub talk: Talk,
    /// What was done with it, the latest first.
    pub history: Vec<Entry>,
    /// What else it belongs to.
    pub links: Vec<Link>,
    /// Back to the workspace without the task.
    pub close: String,
    /// This task in the workspace, to come back to after a form.
    pub here: String,
}

/// The mail of a task.
#[derive(Debug, Clone)]
pub struct TaskMail {
    /// Where it stands, and how much that presses; none before it was sent.
    pub state: Option<(&'static str, &'static str)>,
    /// The page to write and send it, for those who may.
    pub page: Option<String>,
}

/// A step of the path.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its name.
    pub label: String,
    /// Its node in the tree.
    pub href: String,
}

/// What was said about a task, and the form to say more.
#[derive(Debug, Clone, Default)]
pub struct Talk {
    /// The comments, the first first.
    pub comments: Vec<SaidHere>,
    /// The reader may say something.
    pub may: bool,
    /// What was typed, and what was wrong with it.
    pub body: Field,
    /// People to name, nobody first.
    pub people: Vec<Choice>,
}

/// A comment.
#[derive(Debug, Clone)]
pub struct SaidHere {
    /// Who said it.
    pub author: Person,
    /// When.
    pub at: Moment,
    /// What it says: words, and whether they name somebody.
    pub pieces: Vec<(String, bool)>,
}

/// Something that a task belongs to.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its icon.
    pub icon: &'static str,
    /// What it is.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// Who ignored a task, when and why.
#[derive(Debug, Clone)]
pub struct Ignored {
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// A move of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// Begin.
    Start,
    /// Ask for review.
    Submit,
    /// Mark done.
    Complete,
    /// Take up again.
    Reopen,
    /// Put on hold.
    Hold,
    /// Mark blocked.
    Block,
    /// Give up.
    Cancel,
}

impl Move {
    /// The value of the field `move`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Submit => "submit",
            Self::Complete => "complete",
            Self::Reopen => "reopen",
            Self::Hold => "hold",
            Self::Block => "block",
            Self::Cancel => "cancel",
        }
    }

    /// The word on its button.
    #[must_use]
    pub fn word(self, t: &Text) -> &'static str {
        t.task.move_word(self.key())
    }

    /// The icon on its button.
    #[must_use]
    pub fn icon(self) -> &'static str {
        match self {
            Self::Start => "progress",
            Self::Submit => "review",
            Self::Complete => "check",
            Self::Reopen => "restore",
            Self::Hold => "hold",
            Self::Block => "blocked",
            Self::Cancel => "cancelled",
        }
    }
}

/// The form that changes a task.
#[derive(Debug, Clone, Default)]
pub struct EditForm {
    /// Title.
    pub title: Field,
    /// Description.
    pub description: Field,
    /// People to choose from; the first is nobody.
    pub assignees: Vec<Choice>,
    /// What was wrong with the person.
    pub assignee: Field,
    /// Due date.
    pub due_date: Field,
    /// The due date as it is stored.
    pub stored_due: String,
    /// How often it may come back; nothing where it may not.
    pub recurrences: Vec<Choice>,
    /// Why that was refused.
    pub recurrence: Field,
    /// Priorities to choose from.
    pub priorities: Vec<Choice>,
    /// Notes.
    pub notes: Field,
    /// Title and description stay as the template has them.
    pub fixed_words: bool,
    /// Open, because something in it was refused.
    pub unfolded: bool,
}

impl EditForm {
    /// How many fields were refused.
    #[must_use]
    pub fn refused(&self) -> u32 {
        let fields = [&self.title, &self.description, &self.assignee, &self.due_date, &self.notes, &self.recurrence];
        u32::try_from(fields.iter().filter(|field| field.error.is_some()).count()).unwrap_or(u32::MAX)
    }
}
