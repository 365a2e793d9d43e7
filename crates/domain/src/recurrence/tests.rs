use jiff::{Span, civil::Weekday};
use proptest::prelude::*;

use super::{next::NextTime, *};

fn rule(text: &str) -> Recurrence {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn days(text: &str, from: &str, count: usize) -> Vec<String> {
    let pattern = rule(text);
    let first = Some(NextTime { day: day(from), counted_by: None });
    let times = std::iter::successors(first, |time| pattern.next(time.day, time.counted_by));
    times.skip(1).take(count).map(|time| time.day.to_string()).collect()
}

#[test]
fn words_fall_on_the_last_day_of_a_short_month_and_on_their_own_again() {
    assert_eq!(days("monthly", "2027-01-31", 4), ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]);
    assert_eq!(days("quarterly", "2026-11-30", 3), ["2027-02-28", "2027-05-30", "2027-08-30"]);
    assert_eq!(days("yearly", "2028-02-29", 4), ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]);
    assert_eq!(days("monthly", "2026-12-15", 2), ["2027-01-15", "2027-02-15"]);
    // Somebody moved it: it counts from where it is now.
    let moved = Recurrence::Monthly.next(day("2027-02-20"), Some(31)).unwrap();
    assert_eq!(moved, NextTime { day: day("2027-03-20"), counted_by: None });
}

#[test]
fn rules_follow_the_standard() {
    assert_eq!(days("FREQ=MONTHLY", "2027-01-31", 2), ["2027-03-31", "2027-05-31"]);
    assert_eq!(days("FREQ=YEARLY", "2028-02-29", 1), ["2032-02-29"]);
    assert_eq!(days("FREQ=DAILY;INTERVAL=10", "2026-12-25", 2), ["2027-01-04", "2027-01-14"]);
    assert_eq!(days("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,MO", "2026-03-16", 3), ["2026-03-19", "2026-03-30", "2026-04-02"]);
    assert_eq!(days("FREQ=WEEKLY", "2026-03-18", 2), ["2026-03-25", "2026-04-01"]);
    assert_eq!(days("FREQ=MONTHLY;BYDAY=-1FR", "2026-03-01", 2), ["2026-03-27", "2026-04-24"]);
    assert_eq!(days("FREQ=MONTHLY;BYDAY=5MO", "2026-03-01", 2), ["2026-03-30", "2026-06-29"]);
    assert_eq!(days("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "2026-01-10", 3), ["2026-01-31", "2026-04-30", "2026-07-31"]);
    assert_eq!(days("FREQ=YEARLY;BYMONTH=9,3;BYMONTHDAY=15", "2026-03-15", 3), ["2026-09-15", "2027-03-15", "2027-09-15"]);
    assert_eq!(days("FREQ=DAILY;UNTIL=20260318", "2026-03-16", 9), ["2026-03-17", "2026-03-18"]);
    assert_eq!(days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-03-16", 1), [""; 0]);
    assert_eq!(days("yearly", "2200-06-01", 1), [""; 0]);
}

#[test]
fn they_are_written_in_one_way() {
    for (given, kept) in [
        (" Monthly ", "monthly"),
        ("rrule:freq=weekly;byday=fr,mo,fr;interval=1", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("FREQ=MONTHLY;WKST=MO;BYDAY=+2TU", "FREQ=MONTHLY;BYDAY=2TU"),
        ("UNTIL=20301231;FREQ=YEARLY;BYMONTH=9,3", "FREQ=YEARLY;BYMONTH=3,9;UNTIL=20301231"),
    ] {
        assert_eq!(rule(given).to_string(), kept);
    }
}

#[test]
fn what_is_not_of_the_part_is_refused() {
    for text in [
        "",
        "weekly",
        "FREQ",
        "FREQ=",
        "FREQ=HOURLY",
        "INTERVAL=2",
        "FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=367",
        "FREQ=DAILY;INTERVAL=99999999999",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;WKST=SU",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=1,2",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTHDAY=3",
        "FREQ=YEARLY;BYDAY=1MO",
        "FREQ=DAILY;UNTIL=20261301",
        "FREQ=DAILY;UNTIL=20260101T000000Z",
        "FREQ=DAILY;",
        "FREQ=DAILY;\u{fc}",
    ] {
        assert!(text.parse::<Recurrence>().is_err(), "{text}");
    }
}

/// Whether a rule names a day, by looking at the day alone: written from the standard, without the
/// steps that [`Recurrence::next`] takes.
fn names(every: &Every, from: Date, day: Date) -> bool {
    let months = |interval: u16| {
        let apart = (i32::from(day.year()) - i32::from(from.year())) * 12 + i32::from(day.month()) - i32::from(from.month());
        apart % i32::from(interval) == 0
    };
    let in_month = |one: DayOfMonth| match one {
        DayOfMonth::Same => day.day() == from.day(),
        DayOfMonth::Numbered(number) => day.day() == number,
        DayOfMonth::Last => day.day() == day.days_in_month(),
        DayOfMonth::Weekday(number, weekday) => {
            let from_start = (day.day() - 1) / 7 + 1;
            let from_end = (day.days_in_month() - day.day()) / 7 + 1;
            day.weekday() == weekday && (from_start == number || -from_end == number)
        }
    };
    match every {
        Every::Days(interval) => (day - from).get_days() % i32::from(*interval) == 0,
        Every::Weeks(interval, list) => {
            let monday = |date: Date| date - Span::new().days(i64::from(date.weekday().to_monday_zero_offset()));
            let weeks = (monday(day) - monday(from)).get_days() / 7;
            let listed = if list.is_empty() { day.weekday() == from.weekday() } else { list.contains(&day.weekday()) };
            weeks % i32::from(*interval) == 0 && listed
        }
        Every::Months(interval, one) => months(*interval) && in_month(*one),
        Every::Years(interval, list, one) => {
            let years = (i32::from(day.year()) - i32::from(from.year())) % i32::from(*interval) == 0;
            let listed = if list.is_empty() { day.month() == from.month() } else { list.contains(&day.month()) };
            years && listed && in_month(*one)
        }
    }
}

fn weekday() -> impl Strategy<Value = Weekday> {
    (0_i8..7).prop_map(|offset| Weekday::from_monday_zero_offset(offset).unwrap())
}

fn day_of_month() -> impl Strategy<Value = DayOfMonth> {
    prop_oneof![
        Just(DayOfMonth::Same),
        (1_i8..=31).prop_map(DayOfMonth::Numbered),
        Just(DayOfMonth::Last),
        (prop_oneof![1_i8..=5, -5_i8..=-1], weekday()).prop_map(|(number, day)| DayOfMonth::Weekday(number, day)),
    ]
}

fn every() -> impl Strategy<Value = Every> {
    let sorted_days = prop::collection::btree_set(0_i8..7, 0..4)
        .prop_map(|set| set.into_iter().map(|offset| Weekday::from_monday_zero_offset(offset).unwrap()).collect::<Vec<_>>());
    let months = prop::collection::btree_set(1_i8..=12, 1..4).prop_map(|set| set.into_iter().collect::<Vec<_>>());
    prop_oneof![
        (1_u16..=366).prop_map(Every::Days),
        (1_u16..=104, sorted_days).prop_map(|(interval, days)| Every::Weeks(interval, days)),
        (1_u16..=120, day_of_month()).prop_map(|(interval, day)| Every::Months(interval, day)),
        (1_u16..=10).prop_map(|interval| Every::Years(interval, Vec::new(), DayOfMonth::Same)),
        (1_u16..=10, months, day_of_month()).prop_map(|(interval, months, day)| Every::Years(interval, months, day)),
    ]
}

fn some_day() -> impl Strategy<Value = Date> {
    (0_i64..50_000).prop_map(|days| jiff::civil::date(1990, 1, 1) + Span::new().days(days))
}

proptest! {
    #[test]
    fn reading_what_is_written_gives_the_same(every in every(), until in prop::option::of(some_day())) {
        let pattern = Recurrence::Rule(RecurrenceRule { every, until });
        let text = pattern.to_string();
        prop_assert!(text.len() <= 200);
        prop_assert_eq!(text.parse::<Recurrence>().unwrap(), pattern);
    }

    #[test]
    fn no_text_does_harm(text in "(?s).{0,60}", parts in "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY))(;(INTERVAL|BYDAY|BYMONTHDAY|BYMONTH|UNTIL|WKST|COUNT)=[-0-9A-Z,]{0,8}){0,3}") {
        for text in [text, parts] {
            if let Ok(pattern) = text.parse::<Recurrence>() {
                let _ = pattern.next(jiff::civil::date(2026, 3, 17), None);
                prop_assert_eq!(pattern.to_string().parse::<Recurrence>().unwrap(), pattern);
            }
        }
    }

    /// The next day is named by the rule, and no day before it is.
    #[test]
    fn the_next_day_is_the_first_that_the_rule_names(every in every(), from in some_day()) {
        let pattern = Recurrence::Rule(RecurrenceRule { every: every.clone(), until: None });
        let last = from + Span::new().days(4000);
        let first = from.series(Span::new().days(1)).skip(1).take_while(|day| *day <= last).find(|day| names(&every, from, *day));
        match pattern.next(from, None) {
            Some(found) if found.day <= last => prop_assert_eq!(Some(found.day), first),
            _ => prop_assert_eq!(first, None),
        }
    }

    #[test]
    fn words_keep_their_day(from in some_day(), steps in 1_usize..60) {
        for pattern in [Recurrence::Monthly, Recurrence::Quarterly, Recurrence::Yearly] {
            let mut time = NextTime { day: from, counted_by: None };
            for _ in 0..steps {
                let Some(next) = pattern.next(time.day, time.counted_by) else { break };
                prop_assert!(next.day > time.day);
                prop_assert_eq!(next.day.day(), from.day().min(next.day.days_in_month()));
                time = next;
            }
        }
    }
}
