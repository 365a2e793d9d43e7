//! A calendar of days, as other programs read it: iCalendar, RFC 5545.

use std::fmt::Write as _;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// How many bytes a line has at most, without its end (RFC 5545, section 3.1).
const LINE: usize = 75;

/// Something that falls on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    /// What it is known by: the same whatever changes about it.
    pub uid: String,
    /// The day.
    pub day: Date,
    /// What it is.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Where it stands in Muster.
    pub url: String,
    /// A word by which programs group and colour entries.
    pub category: &'static str,
    /// How often it has changed.
    pub sequence: i32,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// A calendar with its entries, as text. It follows from what it is made of alone, so that the same
/// calendar is the same text.
pub fn calendar(name: &str, entries: &[CalendarEntry]) -> String {
    let mut text = String::with_capacity(400 * (entries.len() + 1));
    line(&mut text, "BEGIN:VCALENDAR");
    line(&mut text, "VERSION:2.0");
    line(&mut text, "PRODID:-//Muster//Calendar//EN");
    line(&mut text, "CALSCALE:GREGORIAN");
    line(&mut text, "METHOD:PUBLISH");
    // The name as RFC 7986 has it, and as programs had it before.
    line(&mut text, &format!("NAME:{}", escaped(name)));
    line(&mut text, &format!("X-WR-CALNAME:{}", escaped(name)));
    line(&mut text, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    line(&mut text, "X-PUBLISHED-TTL:PT1H");
    for one in entries {
        entry(&mut text, one);
    }
    line(&mut text, "END:VCALENDAR");
    text
}

fn entry(text: &mut String, one: &CalendarEntry) {
    let changed = one.changed_at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    line(text, "BEGIN:VEVENT");
    line(text, &format!("UID:{}", escaped(&one.uid)));
    // When this copy was made would be another moment each time, and the text another one.
    line(text, &format!("DTSTAMP:{changed}"));
    line(text, &format!("LAST-MODIFIED:{changed}"));
    line(text, &format!("SEQUENCE:{}", one.sequence.max(0)));
    line(text, &format!("DTSTART;VALUE=DATE:{}", one.day.strftime("%Y%m%d")));
    if let Ok(next) = one.day.tomorrow() {
        line(text, &format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")));
    }
    line(text, &format!("SUMMARY:{}", escaped(&one.summary)));
    if !one.description.is_empty() {
        line(text, &format!("DESCRIPTION:{}", escaped(&one.description)));
    }
    line(text, &format!("URL:{}", one.url.chars().filter(|sign| !sign.is_control()).collect::<String>()));
    line(text, &format!("CATEGORIES:{}", escaped(one.category)));
    // A deadline leaves the day as free as it was.
    line(text, "TRANSP:TRANSPARENT");
    line(text, "END:VEVENT");
}

/// A text as the value of a property (RFC 5545, section 3.3.11). Other control characters have no
/// place there.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for sign in text.replace("\r\n", "\n").chars() {
        match sign {
            '\\' | ';' | ',' => escaped.extend(['\\', sign]),
            '\n' | '\r' => escaped.push_str("\\n"),
            sign if sign.is_control() => {}
            sign => escaped.push(sign),
        }
    }
    escaped
}

/// Writes a line, folded where it is longer than a line may be, and never within a character.
fn line(text: &mut String, content: &str) {
    let mut room = LINE;
    for sign in content.chars() {
        if sign.len_utf8() > room {
            text.push_str("\r\n ");
            room = LINE - 1;
        }
        room -= sign.len_utf8();
        let _ = text.write_char(sign);
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample(summary: &str) -> CalendarEntry {
        CalendarEntry {
            uid: "1.task@muster".to_owned(),
            day: jiff::civil::date(2026, 12, 31),
            summary: summary.to_owned(),
            description: String::new(),
            url: "https://muster.example/x".to_owned(),
            category: "Task",
            sequence: 2,
            changed_at: "2026-03-17T09:00:00Z".parse().unwrap(),
        }
    }

    /// The lines of a calendar as a program reads them: unfolded.
    fn lines(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split("\r\n").map(ToOwned::to_owned).collect()
    }

    #[test]
    fn a_day_is_a_day() {
        let text = calendar("Mine", &[sample("A; b, c\\d\nE")]);
        for part in [
            "DTSTART;VALUE=DATE:20261231",
            "DTEND;VALUE=DATE:20270101",
            "SUMMARY:A\\; b\\, c\\\\d\\nE",
            "DTSTAMP:20260317T090000Z",
            "SEQUENCE:2",
        ] {
            assert!(lines(&text).iter().any(|line| line == part), "{part}: {text}");
        }
        assert!(text.ends_with("END:VCALENDAR\r\n"));
    }

    proptest! {
        #[test]
        fn no_text_begins_a_line_of_its_own(summary in "(?s).{0,300}") {
            let text = calendar(&summary, &[sample(&summary)]);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
            let (with, without) = (lines(&text), lines(&calendar("", &[sample("")])));
            prop_assert_eq!(with.len(), without.len());
            let name = |line: &String| line.split([':', ';']).next().unwrap_or_default().to_owned();
            prop_assert_eq!(with.iter().map(name).collect::<Vec<_>>(), without.iter().map(name).collect::<Vec<_>>());
        }
    }
}
