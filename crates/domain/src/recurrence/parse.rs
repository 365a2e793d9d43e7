//! Reading patterns, and writing them in one way.

use std::{fmt, str::FromStr};

use jiff::civil::{Date, Weekday};

use super::{DayOfMonth, Every, Recurrence, RecurrenceRule};

/// The days of the week as RFC 5545 writes them, Monday first.
const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

/// The longest text that is looked at.
const LONGEST: usize = 200;

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecurrenceError {
    /// Neither a word nor a rule.
    #[error("must be monthly, quarterly, yearly or a recurrence rule such as FREQ=WEEKLY;BYDAY=MO")]
    Unknown,
    /// A part that is not taken, or not together with the others.
    #[error("{0} cannot be used here")]
    Part(String),
    /// A part that stands there twice.
    #[error("{0} stands there twice")]
    Twice(String),
    /// A part with a value that it cannot have.
    #[error("{0} has a value that it cannot have")]
    Value(&'static str),
}

impl FromStr for Recurrence {
    type Err = RecurrenceError;

    fn from_str(text: &str) -> Result<Self, RecurrenceError> {
        let text = text.trim();
        if text.len() > LONGEST || !text.is_ascii() {
            return Err(RecurrenceError::Unknown);
        }
        match text.to_ascii_lowercase().as_str() {
            "monthly" => Ok(Self::Monthly),
            "quarterly" => Ok(Self::Quarterly),
            "yearly" => Ok(Self::Yearly),
            _ => text.to_ascii_uppercase().parse().map(Self::Rule),
        }
    }
}

impl TryFrom<String> for Recurrence {
    type Error = RecurrenceError;

    fn try_from(text: String) -> Result<Self, RecurrenceError> {
        text.parse()
    }
}

impl From<Recurrence> for String {
    fn from(recurrence: Recurrence) -> Self {
        recurrence.to_string()
    }
}

/// The parts of a rule as they were written.
#[derive(Default)]
struct Parts<'a> {
    frequency: Option<&'a str>,
    interval: Option<&'a str>,
    by_day: Option<&'a str>,
    by_month_day: Option<&'a str>,
    by_month: Option<&'a str>,
    until: Option<&'a str>,
    week_start: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, RecurrenceError> {
        let mut parts = Self::default();
        for part in text.strip_prefix("RRULE:").unwrap_or(text).split(';') {
            let (name, value) = part.split_once('=').ok_or(RecurrenceError::Unknown)?;
            let place = match name {
                "FREQ" => &mut parts.frequency,
                "INTERVAL" => &mut parts.interval,
                "BYDAY" => &mut parts.by_day,
                "BYMONTHDAY" => &mut parts.by_month_day,
                "BYMONTH" => &mut parts.by_month,
                "UNTIL" => &mut parts.until,
                "WKST" => &mut parts.week_start,
                _ => return Err(RecurrenceError::Part(name.chars().take(20).collect())),
            };
            if place.replace(value).is_some() {
                return Err(RecurrenceError::Twice(name.to_owned()));
            }
        }
        Ok(parts)
    }

    /// How many units lie between, up to `most`.
    fn interval(&self, most: u16) -> Result<u16, RecurrenceError> {
        let read = self.interval.map_or(Ok(1), |text| number(text, "INTERVAL"))?;
        if (1..=most).contains(&read) { Ok(read) } else { Err(RecurrenceError::Value("INTERVAL")) }
    }

    fn none_of(&self, named: &[(&str, Option<&str>)]) -> Result<(), RecurrenceError> {
        match named.iter().find(|(_, value)| value.is_some()) {
            Some((name, _)) => Err(RecurrenceError::Part((*name).to_owned())),
            None => Ok(()),
        }
    }

    fn day_of_month(&self) -> Result<DayOfMonth, RecurrenceError> {
        match (self.by_month_day, self.by_day) {
            (Some(_), Some(_)) => Err(RecurrenceError::Part("BYDAY".to_owned())),
            (Some("-1"), None) => Ok(DayOfMonth::Last),
            (Some(text), None) => match number::<i8>(text, "BYMONTHDAY")? {
                day @ 1..=31 => Ok(DayOfMonth::Numbered(day)),
                _ => Err(RecurrenceError::Value("BYMONTHDAY")),
            },
            (None, Some(text)) => numbered_weekday(text).ok_or(RecurrenceError::Value("BYDAY")),
            (None, None) => Ok(DayOfMonth::Same),
        }
    }

    fn every(&self) -> Result<Every, RecurrenceError> {
        let by = [("BYDAY", self.by_day), ("BYMONTHDAY", self.by_month_day), ("BYMONTH", self.by_month)];
        match self.frequency {
            Some("DAILY") => self.none_of(&by).and_then(|()| Ok(Every::Days(self.interval(366)?))),
            Some("WEEKLY") => {
                self.none_of(&by[1..])?;
                Ok(Every::Weeks(self.interval(104)?, weekdays(self.by_day)?))
            }
            Some("MONTHLY") => {
                self.none_of(&by[2..])?;
                Ok(Every::Months(self.interval(120)?, self.day_of_month()?))
            }
            Some("YEARLY") => {
                // Without a month, these would mean days of every month, or of the whole year.
                if self.by_month.is_none() {
                    self.none_of(&by[..2])?;
                }
                Ok(Every::Years(self.interval(10)?, months(self.by_month)?, self.day_of_month()?))
            }
            Some(_) => Err(RecurrenceError::Value("FREQ")),
            None => Err(RecurrenceError::Unknown),
        }
    }
}

impl FromStr for RecurrenceRule {
    type Err = RecurrenceError;

    fn from_str(text: &str) -> Result<Self, RecurrenceError> {
        let parts = Parts::of(text)?;
        if parts.week_start.is_some_and(|day| day != "MO") {
            return Err(RecurrenceError::Value("WKST"));
        }
        let until = parts.until.map(|text| day(text).ok_or(RecurrenceError::Value("UNTIL"))).transpose()?;
        Ok(Self { every: parts.every()?, until })
    }
}

fn number<T: FromStr>(text: &str, name: &'static str) -> Result<T, RecurrenceError> {
    let is_plain = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain).ok_or(RecurrenceError::Value(name))
}

fn day(text: &str) -> Option<Date> {
    let is_plain = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
    let (year, month, day) = (part(0..4).filter(|_| is_plain)?, part(4..6)?, part(6..8)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1900..=2200).contains(&date.year()).then_some(date)
}

fn weekday(text: &str) -> Option<Weekday> {
    DAYS.iter().find(|(word, _)| *word == text).map(|(_, day)| *day)
}

fn weekdays(text: Option<&str>) -> Result<Vec<Weekday>, RecurrenceError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let mut days = text.split(',').map(weekday).collect::<Option<Vec<_>>>().ok_or(RecurrenceError::Value("BYDAY"))?;
    days.sort_unstable_by_key(|day| day.to_monday_zero_offset());
    days.dedup();
    Ok(days)
}

fn months(text: Option<&str>) -> Result<Vec<i8>, RecurrenceError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let mut months = text.split(',').map(|one| number::<i8>(one, "BYMONTH")).collect::<Result<Vec<_>, _>>()?;
    if months.iter().any(|month| !(1..=12).contains(month)) {
        return Err(RecurrenceError::Value("BYMONTH"));
    }
    months.sort_unstable();
    months.dedup();
    Ok(months)
}

/// A weekday with its number, such as `1MO` or `-1FR`.
fn numbered_weekday(text: &str) -> Option<DayOfMonth> {
    let (number, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let number = match number.as_bytes() {
        [digit @ b'1'..=b'5'] | [b'+', digit @ b'1'..=b'5'] => i8::try_from(digit - b'0').ok()?,
        [b'-', digit @ b'1'..=b'5'] => -i8::try_from(digit - b'0').ok()?,
        _ => return None,
    };
    Some(DayOfMonth::Weekday(number, weekday(day)?))
}

fn word_of(day: Weekday) -> &'static str {
    DAYS.iter().find(|(_, one)| *one == day).map_or("MO", |(word, _)| word)
}

impl fmt::Display for Recurrence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Monthly => formatter.write_str("monthly"),
            Self::Quarterly => formatter.write_str("quarterly"),
            Self::Yearly => formatter.write_str("yearly"),
            Self::Rule(rule) => rule.fmt(formatter),
        }
    }
}

impl fmt::Display for RecurrenceRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (frequency, interval) = match &self.every {
            Every::Days(interval) => ("DAILY", interval),
            Every::Weeks(interval, _) => ("WEEKLY", interval),
            Every::Months(interval, _) => ("MONTHLY", interval),
            Every::Years(interval, ..) => ("YEARLY", interval),
        };
        write!(formatter, "FREQ={frequency}")?;
        if *interval != 1 {
            write!(formatter, ";INTERVAL={interval}")?;
        }
        match &self.every {
            Every::Weeks(_, days) if !days.is_empty() => {
                write!(formatter, ";BYDAY={}", days.iter().map(|day| word_of(*day)).collect::<Vec<_>>().join(","))?;
            }
            Every::Months(_, day) => write_day(formatter, *day)?,
            Every::Years(_, months, day) => {
                if !months.is_empty() {
                    write!(formatter, ";BYMONTH={}", months.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))?;
                }
                write_day(formatter, *day)?;
            }
            Every::Days(_) | Every::Weeks(..) => {}
        }
        match self.until {
            Some(day) => write!(formatter, ";UNTIL={}", day.strftime("%Y%m%d")),
            None => Ok(()),
        }
    }
}

fn write_day(formatter: &mut fmt::Formatter<'_>, day: DayOfMonth) -> fmt::Result {
    match day {
        DayOfMonth::Same => Ok(()),
        DayOfMonth::Numbered(day) => write!(formatter, ";BYMONTHDAY={day}"),
        DayOfMonth::Last => formatter.write_str(";BYMONTHDAY=-1"),
        DayOfMonth::Weekday(number, day) => write!(formatter, ";BYDAY={number}{}", word_of(day)),
    }
}
