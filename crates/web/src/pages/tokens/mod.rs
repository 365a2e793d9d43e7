//! API tokens: one's own, and those of the firm's integrations.

mod handlers;
mod view;
pub(crate) use handlers::routes;
#[cfg(any(test, feature = "samples"))]
mod samples;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Field, Moment};
use crate::text::Tokens;

/// `GET /profile/tokens` and `GET /people/integrations`, and the answer to making one there.
#[derive(Debug, Clone, Template)]
#[template(path = "tokens/page.html")]
pub struct TokensPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The firm's integrations, rather than a person's own tokens.
    pub integrations: bool,
    /// The token that has just been made. Shown this once.
    pub made: Option<MadeToken>,
    /// The form for a new one.
    pub form: TokenForm,
    /// Those that are there.
    pub rows: Vec<TokenRow>,
}

/// A token that has just been made.
#[derive(Debug, Clone)]
pub struct MadeToken {
    /// What it is for.
    pub name: String,
    /// The token.
    pub token: String,
}

/// What is asked of a new token.
#[derive(Debug, Clone, Default)]
pub struct TokenForm {
    /// What it is for.
    pub name: Field,
    /// The rights to choose from, each with what it means.
    pub rights: Vec<(Choice, &'static str)>,
    /// Why the rights were refused.
    pub rights_error: Option<String>,
    /// It is for some customers only.
    pub only_some: bool,
    /// The customers to choose from.
    pub customers: Vec<Choice>,
    /// Why the customers were refused.
    pub customers_error: Option<String>,
    /// For how long.
    pub days: Vec<Choice>,
    /// Why that was refused.
    pub days_error: Option<String>,
    /// How many fields were refused.
    pub refused: usize,
}

/// A token in the list.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Its beginning.
    pub prefix: String,
    /// The rights, in words.
    pub rights: String,
    /// The names of its customers; none: all.
    pub customers: Option<String>,
    /// Who made it.
    pub by: String,
    /// When it ends.
    pub expires: Moment,
    /// It has ended.
    pub ended: bool,
    /// When it was last used.
    pub used: Option<Moment>,
}

impl MadeToken {
    /// As much of it as tells which one it is.
    fn prefix(&self) -> &str {
        self.token.get(..8).unwrap_or_default()
    }
}

impl TokensPage {
    /// Where the forms of this page are sent.
    fn base(&self) -> &'static str {
        if self.integrations { "/people/integrations" } else { "/profile/tokens" }
    }

    fn words(&self) -> &'static Tokens {
        &self.layout.t.tokens
    }
}
