//! What stands around every page: head, top bar, account menu, messages.

use crate::text::{ENGLISH, Text};

/// The frame of a page, handed to the base template.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The words of the reader's language.
    pub t: &'static Text,
    /// What the page is about; the product's name is added in the browser's title.
    pub title: String,
    /// The signed-in person; without one the top bar shows only the product.
    pub viewer: Option<Viewer>,
    /// The item of the main navigation that the page belongs to.
    pub nav: Nav,
    /// The customer that the page belongs to: where the search of the top bar looks.
    pub customer: Option<i32>,
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// Path and query of this page, so that a form can come back to it.
    pub here: String,
    /// What was just done, said once.
    pub toast: Option<Toast>,
}

/// The signed-in person, as the frame shows them.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Full name.
    pub name: String,
    /// Two letters for the avatar.
    pub initials: String,
    /// Role and place of work in one line.
    pub role: String,
    /// Address that they sign in with.
    pub email: String,
    /// Belongs to the firm: sees the portfolio and the library.
    pub firm: bool,
    /// Runs the firm: sees the outbox.
    pub admin: bool,
    /// May bring in spreadsheets.
    pub imports: bool,
    /// Number of their overdue tasks, counted a little further than it is shown.
    pub overdue: u32,
    /// Workspaces to offer instead of the portfolio, for a customer's people.
    pub workspaces: Vec<WorkspaceLink>,
}

impl Viewer {
    /// So many overdue tasks are told as a number, more as "more than that".
    pub(crate) const MOST_OVERDUE: i32 = 99;

    /// The number of overdue tasks in a few signs.
    pub fn overdue_shown(&self) -> String {
        if i64::from(self.overdue) > i64::from(Self::MOST_OVERDUE) { format!("{}+", Self::MOST_OVERDUE) } else { self.overdue.to_string() }
    }
}

/// A workspace in the main navigation.
#[derive(Debug, Clone)]
pub struct WorkspaceLink {
    /// Id of the customer.
    pub customer_id: i32,
    /// Name of the customer.
    pub name: String,
    /// The page belongs to this workspace.
    pub current: bool,
}

/// An item of the main navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    /// What needs the firm today.
    Today,
    /// The firm's customers, their workspaces included.
    Portfolio,
    /// Tasks of the signed-in person.
    MyWork,
    /// Standards, templates, task rules.
    Library,
    /// The workspace of the person's own customer.
    Workspace,
    /// None of them.
    Elsewhere,
}

/// The reader's choice of appearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The value in forms and in `data-theme`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads a stored or sent value; anything unknown is [`Theme::Auto`].
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        match key {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// A message about a finished action.
#[derive(Debug, Clone)]
pub struct Toast {
    /// What happened.
    pub text: String,
    /// How to take it back, where that is possible.
    pub undo: Option<Undo>,
}

/// A form that takes an action back.
#[derive(Debug, Clone)]
pub struct Undo {
    /// Where the form is sent.
    pub action: String,
    /// Its hidden fields.
    pub fields: Vec<(String, String)>,
}

impl Layout {
    /// The frame of a page for nobody in particular: sign-in, setup, errors before sign-in.
    #[must_use]
    pub fn public(title: impl Into<String>) -> Self {
        Self {
            t: &ENGLISH,
            title: title.into(),
            viewer: None,
            nav: Nav::Elsewhere,
            customer: None,
            theme: Theme::Auto,
            here: "/".into(),
            toast: None,
        }
    }

    /// The frame of a page for a signed-in person.
    #[must_use]
    pub fn signed_in(title: impl Into<String>, viewer: Viewer, nav: Nav) -> Self {
        Self { viewer: Some(viewer), nav, ..Self::public(title) }
    }

    /// For templates: whether this is the current item of the navigation.
    #[must_use]
    pub fn at(&self, nav: Nav) -> bool {
        self.nav == nav
    }
}
