//! The audit log, in plain words: a customer's, and the firm's own.

mod details;
mod handlers;
#[cfg(any(test, feature = "samples"))]
mod samples;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use handlers::routes;
pub(crate) use view::entry_beside;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Crumb, Moment, Paging};

/// `GET /customers/{id}/audit` and `GET /audit`.
#[derive(Debug, Clone, Template)]
#[template(path = "audit/page.html")]
pub struct AuditPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here; none for the firm's log.
    pub crumbs: Vec<Crumb>,
    /// "Audit log".
    pub title: String,
    /// What stands in it.
    pub about: String,
    /// Its own address, without filters.
    pub action: String,
    /// Filters, as they are set.
    pub filters: LogFilters,
    /// One page of entries, the latest first.
    pub entries: Vec<Entry>,
    /// Where this page stands among all.
    pub paging: Paging,
    /// Entries of the whole log.
    pub total: u32,
    /// The last signed checkpoint: its entry, and when.
    pub signed: Option<(i64, Moment)>,
    /// Where the log is downloaded.
    pub export: String,
    /// Where checkpoints are downloaded; the firm's only.
    pub checkpoints: Option<&'static str>,
    /// The public key that checkpoints are signed with.
    pub key: Option<String>,
}

/// Filters of a log.
#[derive(Debug, Clone, Default)]
pub struct LogFilters {
    /// Words in the actor's name or address.
    pub actor: String,
    /// Every action.
    pub everything: Vec<Choice>,
    /// Actions to choose from, by group.
    pub actions: Vec<(&'static str, Vec<Choice>)>,
    /// Words in the subject's title.
    pub subject: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Any filter is set.
    pub any: bool,
}

/// An entry in plain words.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its place in the log.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// The icon of its group.
    pub icon: &'static str,
    /// The sentence.
    pub sentence: Vec<Piece>,
    /// What it was before and after.
    pub changes: Vec<Change>,
}

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words of ours.
    Words(&'static str),
    /// A name that people gave, and where it leads.
    Name(String, Option<String>),
}

/// A detail of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub name: String,
    /// What it was; none where there was nothing before.
    pub before: Option<String>,
    /// What it is since.
    pub after: Option<String>,
}

impl AuditPage {
    /// "312 entries · signed up to entry 310, 17 Mar 2026, 10:00".
    fn state(&self) -> String {
        let (t, w) = (self.layout.t, &self.layout.t.audit);
        let signed = match &self.signed {
            None => w.unsigned.to_owned(),
            Some((number, at)) => w.signed.with2(number, &at.text),
        };
        format!("{}{}{signed}", w.entries.n(self.total), t.common.separator)
    }
}

impl Entry {
    /// Something was there before.
    fn has_before(&self) -> bool {
        self.changes.iter().any(|change| change.before.is_some())
    }
}
