//! Dates and moments in words.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::parts::{Due, Moment, Tone};
use crate::text::Text;

/// How far away a date may be and still be called by its day of the week.
const WEEKDAY_WITHIN: i32 = 90;

/// A due date seen from today. An open task is late, today, tomorrow or on a date; a closed one only has its date.
#[must_use]
pub fn due(date: Date, today: Date, open: bool, t: &Text) -> Due {
    let days = distance(today, date);
    let (text, tone) = match days {
        _ if !open => (short(date, today, t), None),
        days if days < 0 => (t.dates.late.n(u64::from(days.unsigned_abs())), Some(Tone::Bad)),
        0 => (t.dates.today.to_owned(), Some(Tone::Warn)),
        1 => (t.dates.tomorrow.to_owned(), Some(Tone::Warn)),
        days if days <= WEEKDAY_WITHIN => (weekday(date, t), None),
        _ => (short(date, today, t), None),
    };
    Due { text, iso: date.to_string(), tone }
}

/// "20 Feb", with the year when it is not this year's.
#[must_use]
pub fn short(date: Date, today: Date, t: &Text) -> String {
    if date.year() == today.year() { day_month(date, t) } else { full(date, t) }
}

/// "20 Feb", whatever the year.
#[must_use]
pub fn day_month(date: Date, t: &Text) -> String {
    t.dates.day_month.with2(date.day(), month(date, t))
}

/// "980 bytes", "34 kB", "1.2 MB": the size of a file, in powers of a thousand.
#[must_use]
pub fn size(bytes: u64, t: &Text) -> String {
    let tenths = |unit: u64| (bytes + unit / 20) / (unit / 10);
    let told = |tenths: u64, unit: &str| match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} {unit}"),
        (whole, _) if whole >= 10 => format!("{} {unit}", (tenths + 5) / 10),
        (whole, part) => format!("{whole}.{part} {unit}"),
    };
    match bytes {
        0..1_000 => t.common.bytes.n(bytes),
        1_000..1_000_000 => told(tenths(1_000), "kB"),
        1_000_000..1_000_000_000 => told(tenths(1_000_000), "MB"),
        _ => told(tenths(1_000_000_000), "GB"),
    }
}

/// "20 Feb 2026".
#[must_use]
pub fn full(date: Date, t: &Text) -> String {
    t.dates.day_month_year.with3(date.day(), month(date, t), date.year())
}

/// "March": the month of a day.
#[must_use]
pub fn month_long(date: Date, t: &Text) -> &'static str {
    let d = &t.dates;
    let names = [
        d.january_long,
        d.february_long,
        d.march_long,
        d.april_long,
        d.may_long,
        d.june_long,
        d.july_long,
        d.august_long,
        d.september_long,
        d.october_long,
        d.november_long,
        d.december_long,
    ];
    month_name(date, names)
}

/// "Thu 19 Mar".
#[must_use]
pub fn weekday(date: Date, t: &Text) -> String {
    let d = &t.dates;
    let names = [d.monday, d.tuesday, d.wednesday, d.thursday, d.friday, d.saturday, d.sunday];
    d.weekday_day_month.with3(weekday_name(date, names), date.day(), month(date, t))
}

/// "Tuesday 17 March".
#[must_use]
pub fn long(date: Date, t: &Text) -> String {
    let d = &t.dates;
    let days = [d.monday_long, d.tuesday_long, d.wednesday_long, d.thursday_long, d.friday_long, d.saturday_long, d.sunday_long];
    d.weekday_day_month.with3(weekday_name(date, days), date.day(), month_long(date, t))
}

/// "13 Mar 2026, 09:10" in the reader's zone.
#[must_use]
pub fn moment(instant: Timestamp, zone: &TimeZone, t: &Text) -> Moment {
    let local = instant.to_zoned(zone.clone());
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    Moment { text: t.dates.at.with2(full(local.date(), t), time), iso: instant.to_string() }
}

/// A moment seen from today: "today, 10:42", "yesterday, 09:10", "3 Mar", "3 Mar 2025".
#[must_use]
pub fn recent(instant: Timestamp, today: Date, zone: &TimeZone, t: &Text) -> Moment {
    let local = instant.to_zoned(zone.clone());
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    let text = match distance(today, local.date()) {
        0 => t.dates.today_at.with(time),
        -1 => t.dates.yesterday_at.with(time),
        _ => short(local.date(), today, t),
    };
    Moment { text, iso: instant.to_string() }
}

/// Where a due date falls in a person's list of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Before today.
    Overdue,
    /// Today.
    Today,
    /// Until the coming Sunday.
    ThisWeek,
    /// After that.
    Later,
    /// Without a date.
    Undated,
}

/// Where a due date falls, seen from today.
#[must_use]
pub fn when(date: Option<Date>, today: Date) -> When {
    let Some(date) = date else {
        return When::Undated;
    };
    let to_sunday = Weekday::Sunday.since(today.weekday());
    let sunday = today.checked_add(i64::from(to_sunday).days()).unwrap_or(today);
    if date < today {
        When::Overdue
    } else if date == today {
        When::Today
    } else if date <= sunday {
        When::ThisWeek
    } else {
        When::Later
    }
}

fn distance(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

fn weekday_name(date: Date, names: [&'static str; 7]) -> &'static str {
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    names.get(index).copied().unwrap_or_default()
}

fn month(date: Date, t: &Text) -> &'static str {
    let d = &t.dates;
    let names = [d.january, d.february, d.march, d.april, d.may, d.june, d.july, d.august, d.september, d.october, d.november, d.december];
    month_name(date, names)
}

fn month_name(date: Date, names: [&'static str; 12]) -> &'static str {
    let index = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
    names.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::text::ENGLISH;

    /// A Tuesday.
    const TODAY: Date = date(2026, 3, 17);

    fn words(day: Date) -> (String, Option<Tone>) {
        let due = due(day, TODAY, true, &ENGLISH);
        (due.text, due.tone)
    }

    #[test]
    fn a_due_date_is_told_by_its_distance() {
        assert_eq!(words(date(2026, 3, 13)), ("4 days late".into(), Some(Tone::Bad)));
        assert_eq!(words(date(2026, 3, 16)), ("1 day late".into(), Some(Tone::Bad)));
        assert_eq!(words(TODAY), ("Today".into(), Some(Tone::Warn)));
        assert_eq!(words(date(2026, 3, 18)), ("Tomorrow".into(), Some(Tone::Warn)));
        assert_eq!(words(date(2026, 3, 19)), ("Thu 19 Mar".into(), None));
        assert_eq!(words(date(2026, 9, 8)), ("8 Sep".into(), None));
        assert_eq!(words(date(2027, 1, 2)), ("2 Jan 2027".into(), None));
        assert_eq!(words(date(2024, 3, 17)), ("730 days late".into(), Some(Tone::Bad)));
    }

    #[test]
    fn a_closed_task_is_never_late() {
        let due = due(date(2026, 2, 20), TODAY, false, &ENGLISH);
        assert_eq!((due.text.as_str(), due.tone, due.iso.as_str()), ("20 Feb", None, "2026-02-20"));
    }

    #[test]
    fn work_is_grouped_by_when_it_is_due() {
        let cases = [
            (Some(date(2026, 3, 16)), When::Overdue),
            (Some(TODAY), When::Today),
            (Some(date(2026, 3, 18)), When::ThisWeek),
            (Some(date(2026, 3, 22)), When::ThisWeek),
            (Some(date(2026, 3, 23)), When::Later),
            (None, When::Undated),
        ];
        for (day, expected) in cases {
            assert_eq!(when(day, TODAY), expected, "{day:?}");
        }
        assert_eq!(when(Some(date(2026, 3, 23)), date(2026, 3, 22)), When::Later);
    }

    #[test]
    fn moments_are_told_in_the_readers_zone() {
        let instant: Timestamp = "2026-03-17T09:42:00Z".parse().unwrap();
        let vienna = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(moment(instant, &vienna, &ENGLISH).text, "17 Mar 2026, 10:42");
        assert_eq!(recent(instant, TODAY, &vienna, &ENGLISH).text, "today, 10:42");
        assert_eq!(recent(instant, date(2026, 3, 18), &vienna, &ENGLISH).text, "yesterday, 10:42");
        assert_eq!(recent(instant, date(2026, 4, 1), &vienna, &ENGLISH).text, "17 Mar");
    }

    #[test]
    fn sizes_are_told_in_powers_of_a_thousand() {
        let told = [0, 1, 999, 1_000, 1_001, 34_200, 999_999, 1_200_000, 200_000_000, 3_000_000_000].map(|bytes| size(bytes, &ENGLISH));
        let expected = ["0 bytes", "one byte", "999 bytes", "1 kB", "1 kB", "34 kB", "1000 kB", "1.2 MB", "200 MB", "3 GB"];
        assert_eq!(told, expected);
    }

    #[test]
    fn the_long_form_names_day_and_month() {
        assert_eq!(long(TODAY, &ENGLISH), "Tuesday 17 March");
    }
}
