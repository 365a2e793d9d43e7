//! The day on which something comes back.

use jiff::{
    Span,
    civil::{Date, Weekday},
};

use super::{DayOfMonth, Every, Recurrence, RecurrenceRule};

/// The last day that a task may be due on.
const LAST_YEAR: i16 = 2200;

/// When something comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextTime {
    /// The day.
    pub day: Date,
    /// The day of the month that it is counted by, where the month is too short for that: 29 to 31.
    pub counted_by: Option<i8>,
}

impl Recurrence {
    /// The first day after `from` on which it comes back; none where it has come to its end.
    ///
    /// `counted_by` is what [`NextTime::counted_by`] was for `from`, if it was anything: a month that
    /// is too short must not make all later ones short. It counts for nothing where `from` is no last
    /// day of a month any more, because somebody moved it.
    pub fn next(&self, from: Date, counted_by: Option<i8>) -> Option<NextTime> {
        let months = match self {
            Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::Yearly => 12,
            Self::Rule(rule) => return rule.next(from).map(|day| NextTime { day, counted_by: None }),
        };
        let wanted = counted_by.filter(|day| *day > from.day() && from == from.last_of_month()).unwrap_or(from.day());
        let first = from.first_of_month().checked_add(Span::new().months(months)).ok()?;
        let day = first.with().day(wanted.min(first.days_in_month())).build().ok().filter(|day| day.year() <= LAST_YEAR)?;
        Some(NextTime { day, counted_by: (wanted > day.day()).then_some(wanted) })
    }
}

impl RecurrenceRule {
    fn next(&self, from: Date) -> Option<Date> {
        let day = match &self.every {
            Every::Days(interval) => from.checked_add(Span::new().days(i64::from(*interval))).ok(),
            Every::Weeks(interval, days) => next_in_weeks(from, *interval, days),
            Every::Months(interval, day) => {
                let months = std::iter::successors(Some(from.first_of_month()), |month| later(*month, *interval));
                first_after(from, *day, months)
            }
            Every::Years(interval, months, day) => {
                let own = [from.month()];
                let months: &[i8] = if months.is_empty() { &own } else { months };
                let years = std::iter::successors(Some(from.year()), |year| year.checked_add(i16::try_from(*interval).ok()?));
                let firsts = years.take_while(|year| *year <= LAST_YEAR).flat_map(|year| months.iter().map(move |month| (year, *month)));
                first_after(from, *day, firsts.filter_map(|(year, month)| Date::new(year, month, 1).ok()))
            }
        };
        day.filter(|day| day.year() <= LAST_YEAR && self.until.is_none_or(|until| *day <= until))
    }
}

fn later(month: Date, interval: u16) -> Option<Date> {
    month.checked_add(Span::new().months(i64::from(interval))).ok().filter(|month| month.year() <= LAST_YEAR)
}

/// A listed day later in the same week, or the first listed one of the week after so many.
fn next_in_weeks(from: Date, interval: u16, days: &[Weekday]) -> Option<Date> {
    let monday = from.checked_sub(Span::new().days(i64::from(from.weekday().to_monday_zero_offset()))).ok()?;
    let in_week = |monday: Date, day: Weekday| monday.checked_add(Span::new().days(i64::from(day.to_monday_zero_offset()))).ok();
    let own = [from.weekday()];
    let days = if days.is_empty() { &own } else { days };
    let this_week = days.iter().filter_map(|day| in_week(monday, *day)).find(|day| *day > from);
    this_week.or_else(|| in_week(monday.checked_add(Span::new().weeks(i64::from(interval))).ok()?, *days.first()?))
}

/// The first day after `from` that some months, in their order, have.
fn first_after(from: Date, day: DayOfMonth, months: impl Iterator<Item = Date>) -> Option<Date> {
    months.filter_map(|month| day.in_month(month, from.day())).find(|day| *day > from)
}

impl DayOfMonth {
    /// The day in the month that begins on `first`; none where that month has no such day.
    fn in_month(self, first: Date, same: i8) -> Option<Date> {
        match self {
            Self::Same => first.with().day(same).build().ok(),
            Self::Numbered(day) => first.with().day(day).build().ok(),
            Self::Last => Some(first.last_of_month()),
            Self::Weekday(number, day) => first.nth_weekday_of_month(number, day).ok(),
        }
    }
}
