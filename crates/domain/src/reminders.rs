//! Reminders: who is written to about what, and for which cause.

use jiff::civil::{Date, Weekday};

use crate::{
    account::Notification,
    ids::{CustomerId, EvidenceId, TaskId, UserId},
};

/// So many days before a task is due, whoever has it is reminded.
pub const DUE_SOON_DAYS: i32 = 3;
/// What has been overdue for longer when it is first looked at is an old story.
pub const OVERDUE_DAYS: i32 = 14;
/// The hour of the customer's day from which the reminders of that day are written.
pub const DAY_BEGINS: i8 = 6;

/// What brought a reminder about. Each cause reminds each person once, whatever is repeated and
/// whoever else is at it: its key is kept with the mail, and is there once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A task was given to somebody; the version that it had from then on.
    Assigned(TaskId, i32),
    /// Somebody was named in a comment on a task; the comment's id.
    Mentioned(TaskId, uuid::Uuid),
    /// Evidence was sent back; the version that it had from then on.
    SentBack(EvidenceId, i32),
    /// A step of a document waits for somebody; the step's task and the version that this had.
    Approval(TaskId, i32),
    /// Tasks that are due soon, on one day of a customer.
    DueSoon(CustomerId, Date),
    /// Tasks that have become overdue, on one day of a customer.
    Overdue(CustomerId, Date),
    /// A week of a customer, by the Monday after it.
    Week(CustomerId, Date),
}

impl Cause {
    /// What kind of mail it is.
    pub const fn notification(self) -> Notification {
        match self {
            Self::Assigned(..) => Notification::Assignment,
            Self::Mentioned(..) => Notification::Mention,
            Self::SentBack(..) => Notification::EvidenceSentBack,
            Self::Approval(..) => Notification::ApprovalWanted,
            Self::DueSoon(..) => Notification::DueSoon,
            Self::Overdue(..) => Notification::Overdue,
            Self::Week(..) => Notification::WeeklyDigest,
        }
    }

    /// What the mail is about, where that is one thing: it is looked at once more before the mail goes out.
    pub fn about(self) -> Option<uuid::Uuid> {
        match self {
            Self::Assigned(task, _) | Self::Mentioned(task, _) | Self::Approval(task, _) => Some(task.0),
            Self::SentBack(evidence, _) => Some(evidence.0),
            Self::DueSoon(..) | Self::Overdue(..) | Self::Week(..) => None,
        }
    }

    /// The key under which one person is reminded of it once.
    pub fn key(self, person: UserId) -> String {
        let kind = self.notification();
        match self {
            Self::Assigned(task, version) | Self::Approval(task, version) => format!("reminder:{kind}:{task}:{version}:{person}"),
            Self::Mentioned(task, comment) => format!("reminder:{kind}:{task}:{comment}:{person}"),
            Self::SentBack(evidence, version) => format!("reminder:{kind}:{evidence}:{version}:{person}"),
            Self::DueSoon(customer, day) | Self::Overdue(customer, day) | Self::Week(customer, day) => {
                format!("reminder:{kind}:{customer}:{day}:{person}")
            }
        }
    }
}

/// The Monday whose digest falls into the days after `last` up to `today`; none where that is told
/// already. Somebody who begins with reminders in the middle of a week begins with the next one.
pub fn week_to_tell(last: Option<Date>, today: Date) -> Option<Date> {
    let monday = today.nth_weekday(-1, Weekday::Monday).ok()?;
    let monday = if today.weekday() == Weekday::Monday { today } else { monday };
    match last {
        Some(last) => (monday > last).then_some(monday),
        None => (monday == today).then_some(monday),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_is_told_once() {
        let monday = date(2026, 3, 16);
        assert_eq!(week_to_tell(None, monday), Some(monday));
        assert_eq!(week_to_tell(None, date(2026, 3, 17)), None);
        assert_eq!(week_to_tell(Some(date(2026, 3, 15)), monday), Some(monday));
        assert_eq!(week_to_tell(Some(monday), monday), None);
        // Nobody was there on Monday: it is told later in the week.
        assert_eq!(week_to_tell(Some(date(2026, 3, 14)), date(2026, 3, 18)), Some(monday));
        assert_eq!(week_to_tell(Some(monday), date(2026, 3, 18)), None);
    }

    #[test]
    fn keys_fit_and_differ() {
        let id = uuid::Uuid::from_u128(u128::MAX);
        let (task, day, customer) = (TaskId(id), date(2026, 3, 16), CustomerId(i32::MAX));
        let causes = [
            Cause::Assigned(task, i32::MAX),
            Cause::Mentioned(task, id),
            Cause::SentBack(EvidenceId(id), i32::MAX),
            Cause::Approval(task, i32::MAX),
            Cause::DueSoon(customer, day),
            Cause::Overdue(customer, day),
            Cause::Week(customer, day),
        ];
        let mut keys: Vec<String> = causes.iter().flat_map(|cause| [cause.key(UserId(1)), cause.key(UserId(i32::MAX))]).collect();
        assert!(keys.iter().all(|key| key.len() <= 200));
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 14);
    }
}
