//! Short ways to write sample tasks.

use jiff::civil::{Date, date};

use crate::format;
use crate::parts::{Action, Due, Person, Priority, Status, TaskRow};
use crate::text::ENGLISH;

/// The day on which all samples are looked at, a Tuesday.
pub const TODAY: Date = date(2026, 3, 17);

/// A due date of an open task.
#[must_use]
pub fn due(month: i8, day: i8) -> Due {
    format::due(date(2026, month, day), TODAY, true, &ENGLISH)
}

/// A row that stands open.
#[must_use]
pub fn row(id: &str, title: &str, status: Status) -> TaskRow {
    let action = match status {
        Status::Ignored => Action::Restore,
        Status::Done | Status::Cancelled => Action::Move("reopen"),
        _ => Action::Move("complete"),
    };
    TaskRow {
        id: id.to_owned(),
        title: title.to_owned(),
        status,
        priority: Priority::Medium,
        needs_evidence: false,
        assignee: None,
        due: None,
        recurs: None,
        note: None,
        place: None,
        action,
        href: format!("?task={id}#task"),
        current: false,
        pick: false,
        cell: None,
    }
}

impl TaskRow {
    /// With somebody of the firm.
    #[must_use]
    pub fn by_firm(self, name: &str) -> Self {
        Self { assignee: Some(Person::new(name, true)), ..self }
    }

    /// With somebody of the customer.
    #[must_use]
    pub fn by_customer(self, name: &str) -> Self {
        Self { assignee: Some(Person::new(name, false)), ..self }
    }

    /// Due on a day of the samples' year.
    #[must_use]
    pub fn on(self, month: i8, day: i8) -> Self {
        let due = format::due(date(2026, month, day), TODAY, !self.status.closed(), &ENGLISH);
        Self { due: Some(due), ..self }
    }

    /// Coming back once it is done.
    #[must_use]
    pub fn coming_back(self, how_often: &str) -> Self {
        Self { recurs: Some(ENGLISH.recurs.comes_back.with(how_often)), ..self }
    }

    /// With another status button.
    #[must_use]
    pub fn doing(self, action: Action) -> Self {
        Self { action, ..self }
    }

    /// With a second line.
    #[must_use]
    pub fn noted(self, note: &str) -> Self {
        Self { note: Some(note.to_owned()), ..self }
    }
}
