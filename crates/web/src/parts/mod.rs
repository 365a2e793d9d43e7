//! Pieces that several pages are made of. Plain values: what they mean was decided before they came here.

mod cell;
mod form;
mod state;
mod task;

use crate::text::{Text, grouped};

pub use cell::{Cell, CellKind};
pub use form::{Choice, Field, Paging};
pub use state::{DocumentStatus, Level, PlanStatus, Priority, Status, Tone};
pub use task::{Action, TaskRow, Tasks};

/// A date as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// "4 days late", "Tomorrow", "Thu 19 Mar".
    pub text: String,
    /// The date for `datetime`.
    pub iso: String,
    /// [`Tone::Bad`] when late, [`Tone::Warn`] when near, nothing otherwise.
    pub tone: Option<Tone>,
}

impl Due {
    /// The icon that stands before the words, so that colour is not alone.
    #[must_use]
    pub fn icon(&self) -> Option<&'static str> {
        match self.tone {
            Some(Tone::Bad) => Some("late"),
            Some(Tone::Warn) => Some("clock"),
            _ => None,
        }
    }
}

/// A moment as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// "13 Mar 2026, 09:10".
    pub text: String,
    /// The instant for `datetime`.
    pub iso: String,
}

/// A person, shown by their letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// Two letters.
    pub initials: String,
    /// Of the firm (round) or of the customer (square).
    pub firm: bool,
}

impl Person {
    /// A person with the letters taken from the name.
    #[must_use]
    pub fn new(name: impl Into<String>, firm: bool) -> Self {
        let name = name.into();
        Self { initials: initials(&name), name, firm }
    }
}

/// The first letters of the first and the last word of a name.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// How much is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Finished tasks.
    pub done: u32,
    /// All tasks that count.
    pub total: u32,
    /// Per cent, rounded down.
    pub percent: u32,
}

impl Progress {
    /// Progress with the per cent worked out; nothing of nothing is 0.
    #[must_use]
    pub fn new(done: u32, total: u32) -> Self {
        let percent = (u64::from(done) * 100).checked_div(u64::from(total)).unwrap_or(0);
        Self { done, total, percent: u32::try_from(percent).unwrap_or(100) }
    }

    /// "1,279 of 1,983".
    #[must_use]
    pub fn of(&self, t: &Text) -> String {
        t.common.of.with2(grouped(self.done.into()), grouped(self.total.into()))
    }

    /// Everything is done.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.total > 0 && self.done == self.total
    }
}

/// A step of the way to this page.
#[derive(Debug, Clone)]
pub struct Crumb {
    /// What it is called.
    pub label: String,
    /// Where it leads; the page itself has none.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that leads somewhere.
    #[must_use]
    pub fn to(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: Some(href.into()) }
    }

    /// The page itself.
    #[must_use]
    pub fn here(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_from_the_first_and_the_last_name() {
        assert_eq!(initials("Mara Lindqvist"), "ML");
        assert_eq!(initials("Ana María de la Cruz"), "AC");
        assert_eq!(initials("Björk"), "B");
        assert_eq!(initials("  "), "");
    }

    #[test]
    fn per_cent_is_rounded_down() {
        assert_eq!(Progress::new(1, 6).percent, 16);
        assert_eq!(Progress::new(0, 0).percent, 0);
        assert_eq!(Progress::new(7, 7).percent, 100);
    }
}
