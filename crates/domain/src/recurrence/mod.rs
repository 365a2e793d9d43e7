//! What comes back: how often, and on which day the next time falls.
//!
//! A pattern is one of three words, `monthly`, `quarterly` and `yearly`, or a recurrence rule of
//! [RFC 5545, section 3.3.10](https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10), of which a part is
//! taken that can be told in one sentence and reckoned without surprises:
//!
//! | part | taken |
//! |---|---|
//! | `FREQ` | `DAILY`, `WEEKLY`, `MONTHLY`, `YEARLY`; has to be there |
//! | `INTERVAL` | 1 (unless given) to 366 days, 104 weeks, 120 months, 10 years |
//! | `BYDAY` | with `WEEKLY` days such as `MO,TH`; with `MONTHLY`, or `YEARLY` and `BYMONTH`, one day with its number such as `1MO`, `-1FR` |
//! | `BYMONTHDAY` | with `MONTHLY`, or `YEARLY` and `BYMONTH`: one of 1 to 31, or -1 for the last day |
//! | `BYMONTH` | with `YEARLY`: months such as `3,9` |
//! | `UNTIL` | a day, `YYYYMMDD`, after which it does not come back |
//! | `WKST` | `MO` only, as without it |
//!
//! All else is refused: `COUNT`, because a task knows what comes next and not how often it came;
//! times of day, because tasks have none; `BYSETPOS`, `BYWEEKNO` and `BYYEARDAY`, because nobody could
//! read them back.
//!
//! A rule follows the standard to the letter: `FREQ=MONTHLY` from 31 January skips the months that have
//! no 31st. The words do what people mean by them: they fall on the last day of a month that is too
//! short, and on the 31st again in one that is not ([`Recurrence::next`]).

mod next;
mod parse;
#[cfg(test)]
mod tests;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

pub use self::{next::NextTime, parse::RecurrenceError};

/// How often something comes back. As text, and as it is stored, it is a word or a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Recurrence {
    /// Each month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Each year.
    Yearly,
    /// By a rule of RFC 5545.
    Rule(RecurrenceRule),
}

/// A rule of the part that is taken. Only parsing makes one, so its parts fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecurrenceRule {
    pub(super) every: Every,
    /// The last day on which it may fall.
    pub(super) until: Option<Date>,
}

/// The unit of a rule, with how many of them lie between two times, and the days within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Every {
    /// Days.
    Days(u16),
    /// Weeks, beginning on Monday; the days in them, Monday first, or the weekday that it falls on.
    Weeks(u16, Vec<Weekday>),
    /// Months.
    Months(u16, DayOfMonth),
    /// Years; the months in them, or the month that it falls in.
    Years(u16, Vec<i8>, DayOfMonth),
}

/// The day in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOfMonth {
    /// That which it falls on.
    Same,
    /// This one, 1 to 31; a month without it is skipped.
    Numbered(i8),
    /// The last.
    Last,
    /// The so-many-th weekday, from the end where negative: -5 to 5 without 0.
    Weekday(i8, Weekday),
}

impl RecurrenceRule {
    /// The unit, with the days within it.
    pub const fn every(&self) -> &Every {
        &self.every
    }

    /// The last day on which it may fall.
    pub const fn until(&self) -> Option<Date> {
        self.until
    }
}
