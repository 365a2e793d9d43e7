//! How single cells are read.

use jiff::civil::Date;

use super::DateOrder;

/// The years that a day may lie in.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// Reads a day: `2026-03-17` always, with or without a time behind it; otherwise three numbers in the
/// order given, with dots, slashes, hyphens or blanks between them. A year of two digits is one of this century.
pub fn read_date(text: &str, order: DateOrder) -> Option<Date> {
    let text = text.trim();
    let (numbers, _) = numbers(text)?;
    let [first, second, third] = numbers;
    let (year, month, day) = match order {
        _ if first.1 == 4 => (first.0, second.0, third.0),
        DateOrder::DayFirst => (century(third)?, second.0, first.0),
        DateOrder::MonthFirst => (century(third)?, first.0, second.0),
    };
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    YEARS.contains(&date.year()).then_some(date)
}

/// A year that was written with two or four digits.
const fn century((number, digits): (u32, usize)) -> Option<u32> {
    match digits {
        2 => Some(2000 + number),
        4 => Some(number),
        _ => None,
    }
}

/// The three numbers of a day, each with its digits, and the sign between them. A time may follow.
fn numbers(text: &str) -> Option<([(u32, usize); 3], char)> {
    let date = match text.find(['T', ' ']) {
        // `2026-03-17T00:00` and `17.03.2026 08:00`; but `17 3 2026` has its blanks inside.
        Some(at) if text[..at].len() >= 6 => is_time(text[at + 1..].trim()).then_some(&text[..at])?,
        _ => text,
    };
    let sign = date.chars().find(|sign| !sign.is_ascii_digit())?;
    if !matches!(sign, '.' | '/' | '-' | ' ') {
        return None;
    }
    let mut parts = date.split(sign).map(str::trim);
    let mut number = || {
        let part = parts.next()?;
        let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { Some((part.parse::<u32>().ok()?, part.len())) } else { None }
    };
    let found = [number()?, number()?, number()?];
    parts.next().is_none().then_some((found, sign))
}

fn is_time(text: &str) -> bool {
    text.starts_with(|sign: char| sign.is_ascii_digit()) && text.contains(':')
}

/// The order in which most of some days make sense; day first where nothing speaks against it.
pub fn guess_date_order<'a>(days: impl Iterator<Item = &'a str>) -> DateOrder {
    let (mut day_first, mut month_first) = (0, 0);
    for text in days {
        match numbers(text.trim()) {
            Some(([(_, 4), ..], _)) | None => {}
            Some(([(first, _), (second, _), _], _)) if first > 12 && second <= 12 => day_first += 1,
            Some(([(first, _), (second, _), _], _)) if second > 12 && first <= 12 => month_first += 1,
            Some(_) => {}
        }
    }
    if month_first > day_first { DateOrder::MonthFirst } else { DateOrder::DayFirst }
}

/// Reads yes or no; blank is no.
pub fn read_yes_no(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" | "ja" | "j" | "wahr" | "oui" | "sí" | "si" => Some(true),
        "" | "no" | "n" | "false" | "0" | "nein" | "falsch" | "non" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_as_people_write_them() {
        let expected = Some(date(2026, 3, 7));
        for text in [
            "2026-03-07",
            "2026-03-07T00:00:00",
            "7.3.2026",
            "07.03.26",
            "7/3/2026",
            "07-03-2026",
            " 7.3.2026 08:30 ",
            "7 3 2026",
            "2026/3/7",
        ] {
            assert_eq!(read_date(text, DateOrder::DayFirst), expected, "{text}");
        }
        for text in ["2026-03-07", "3/7/2026", "03/07/26"] {
            assert_eq!(read_date(text, DateOrder::MonthFirst), expected, "{text}");
        }
        for text in [
            "",
            "soon",
            "31.2.2026",
            "2026-02-30",
            "17/13/2026",
            "1.1.1899",
            "1.1.300000",
            "7.3",
            "7.3.2026.1",
            "20260307",
            "7.3.2026 soon",
            "7,3,2026",
            "1.1.202",
        ] {
            assert_eq!(read_date(text, DateOrder::DayFirst), None, "{text}");
        }
    }

    #[test]
    fn the_order_is_what_makes_sense_of_the_days() {
        let guess = |days: &[&str]| guess_date_order(days.iter().copied());
        assert_eq!(guess(&["1/2/2026", "17/3/2026"]), DateOrder::DayFirst);
        assert_eq!(guess(&["1/2/2026", "3/17/2026", "soon"]), DateOrder::MonthFirst);
        assert_eq!(guess(&["2026-03-17", ""]), DateOrder::DayFirst);
    }

    proptest! {
        /// Every day comes back from every way in which spreadsheets write it.
        #[test]
        fn days_come_back(days in 0_i32..109_000, sign in prop::sample::select(vec!['.', '/', '-']), padded: bool, time: bool) {
            let day = date(1900, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let (year, month, number) = (day.year(), day.month(), day.day());
            let pair = |first: i8, second: i8| if padded { format!("{first:02}{sign}{second:02}{sign}{year}") } else { format!("{first}{sign}{second}{sign}{year}") };
            let after = if time { " 13:45:00" } else { "" };
            prop_assert_eq!(read_date(&format!("{day}{after}"), DateOrder::MonthFirst), Some(day));
            prop_assert_eq!(read_date(&format!("{}{after}", pair(number, month)), DateOrder::DayFirst), Some(day));
            prop_assert_eq!(read_date(&format!("{}{after}", pair(month, number)), DateOrder::MonthFirst), Some(day));
        }

        #[test]
        fn nothing_makes_it_fall_over(text in ".{0,30}") {
            for order in DateOrder::ALL {
                if let Some(day) = read_date(&text, *order) {
                    prop_assert!(YEARS.contains(&day.year()));
                }
            }
            let _ = (read_yes_no(&text), guess_date_order([text.as_str()].into_iter()));
        }
    }
}
