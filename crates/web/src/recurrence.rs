//! How often something comes back, in words, and as a choice.

use jiff::civil::Weekday;
use muster_domain::recurrence::{DayOfMonth, Every, Recurrence, RecurrenceRule};

use crate::{format, parts::Choice, text::Text};

/// What a person chooses from: the words, and the rules that are asked for most.
const OFFERED: [&str; 5] = ["FREQ=WEEKLY", "monthly", "quarterly", "FREQ=MONTHLY;INTERVAL=6", "yearly"];

/// "every quarter", "every 2 weeks on Monday and Thursday, until 31 Dec 2027".
#[must_use]
pub fn words(pattern: &Recurrence, t: &Text) -> String {
    let w = &t.recurs;
    match pattern {
        Recurrence::Monthly => w.monthly.to_owned(),
        Recurrence::Quarterly => w.quarterly.to_owned(),
        Recurrence::Yearly => w.yearly.to_owned(),
        Recurrence::Rule(rule) => {
            let told = rule_words(rule, t);
            match rule.until() {
                Some(day) => w.until.with2(told, format::full(day, t)),
                None => told,
            }
        }
    }
}

/// "Comes back every quarter".
#[must_use]
pub fn comes_back(pattern: &Recurrence, t: &Text) -> String {
    t.recurs.comes_back.with(words(pattern, t))
}

fn rule_words(rule: &RecurrenceRule, t: &Text) -> String {
    let w = &t.recurs;
    match rule.every() {
        Every::Days(interval) => w.days.n(u32::from(*interval)),
        Every::Weeks(interval, days) => {
            let told = w.weeks.n(u32::from(*interval));
            if days.is_empty() { told } else { w.on_days.with2(told, list(days.iter().map(|day| weekday(*day, t)), t)) }
        }
        Every::Months(6, DayOfMonth::Same) => w.half_yearly.to_owned(),
        Every::Months(interval, day) => on_day(w.months.n(u32::from(*interval)), *day, t),
        Every::Years(interval, months, day) => {
            let told = w.years.n(u32::from(*interval));
            let told = if months.is_empty() {
                told
            } else {
                let names = months.iter().filter_map(|month| jiff::civil::Date::new(2000, *month, 1).ok());
                w.in_months.with2(told, list(names.map(|first| format::month_long(first, t).to_owned()), t))
            };
            on_day(told, *day, t)
        }
    }
}

fn on_day(told: String, day: DayOfMonth, t: &Text) -> String {
    let w = &t.recurs;
    match day {
        DayOfMonth::Same => told,
        DayOfMonth::Numbered(day) => w.on_the.with2(told, ordinal(day)),
        DayOfMonth::Last => w.on_last_day.with(told),
        DayOfMonth::Weekday(number, day) => {
            let number = match number {
                -1 => w.last.to_owned(),
                number if number < 0 => w.before_last.with(ordinal(-number)),
                number => ordinal(number),
            };
            w.on_the.with2(told, w.weekday_of.with2(number, weekday(day, t)))
        }
    }
}

fn list(items: impl Iterator<Item = String>, t: &Text) -> String {
    let items: Vec<String> = items.collect();
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}{}{last}", rest.join(", "), t.recurs.and),
        _ => items.concat(),
    }
}

fn weekday(day: Weekday, t: &Text) -> String {
    let d = &t.dates;
    let names = [d.monday_long, d.tuesday_long, d.wednesday_long, d.thursday_long, d.friday_long, d.saturday_long, d.sunday_long];
    let place = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
    names.get(place).copied().unwrap_or_default().to_owned()
}

/// "1st", "22nd": as English counts.
fn ordinal(number: i8) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

/// The choices of a form, that it does not come back first. A pattern that a program set is among them.
pub(crate) fn choices(given: &str, t: &Text) -> Vec<Choice> {
    let current = given.parse::<Recurrence>().map(|pattern| pattern.to_string()).unwrap_or_default();
    let own = (!current.is_empty() && !OFFERED.contains(&current.as_str())).then_some(current.as_str());
    let told = |text: &str| text.parse::<Recurrence>().map(|pattern| words(&pattern, t)).unwrap_or_default();
    let each = OFFERED.into_iter().chain(own).map(|text| Choice::new(text, capital(&told(text)), &current));
    std::iter::once(Choice::new("", t.recurs.never, &current)).chain(each).collect()
}

fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::ENGLISH;

    #[test]
    fn patterns_are_told_as_people_say_them() {
        for (pattern, told) in [
            ("quarterly", "every quarter"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "every 2 weeks on Monday and Thursday"),
            ("FREQ=DAILY", "every day"),
            ("FREQ=MONTHLY;INTERVAL=6", "every six months"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
            ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231", "every month on the last Friday, until 31 Dec 2027"),
            ("FREQ=MONTHLY;BYDAY=-2FR", "every month on the 2nd last Friday"),
            ("FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=22", "every year in March and September on the 22nd"),
        ] {
            assert_eq!(words(&pattern.parse().unwrap(), &ENGLISH), told);
        }
        assert_eq!(comes_back(&Recurrence::Monthly, &ENGLISH), "Comes back every month");
        let choices = choices("freq=daily", &ENGLISH);
        let chosen: Vec<&str> = choices.iter().filter(|one| one.chosen).map(|one| one.label.as_str()).collect();
        assert_eq!((choices.len(), chosen), (7, vec!["Every day"]));
    }
}
