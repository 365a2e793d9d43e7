//! Time comes in from outside.
//!
//! A use case reads the clock once, at its start, and passes the instant down; nothing else asks
//! for the time (`clippy.toml` bans the raw calls).

use jiff::{
    Timestamp,
    civil::Date,
    tz::{self, TimeZone},
};

/// Where the present comes from: the system's clock in production, a fixed one in tests.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The calendar day of an instant in a time zone named as in the IANA database.
///
/// An unknown zone counts as UTC: a zone is checked when it is stored, and a date must be told
/// even if the machine's zone database is older than the one that knew the name.
pub fn day_in(instant: Timestamp, zone: &str) -> Date {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    instant.to_zoned(zone).date()
}

/// The day of an instant where it is latest: no zone is further ahead than that of Kiritimati.
pub fn latest_day(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::fixed(tz::offset(14))).date()
}

/// Whether the machine knows a time zone of this name.
pub fn is_known_zone(zone: &str) -> bool {
    TimeZone::get(zone).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_depends_on_the_zone() {
        let instant: Timestamp = "2026-03-17T23:30:00Z".parse().unwrap();
        assert_eq!(day_in(instant, "UTC").to_string(), "2026-03-17");
        assert_eq!(day_in(instant, "Europe/Vienna").to_string(), "2026-03-18");
        assert_eq!(day_in(instant, "Nowhere/AtAll").to_string(), "2026-03-17");
    }

    #[test]
    fn the_latest_day_is_that_of_the_zone_furthest_ahead() {
        for instant in ["2026-03-17T09:59:59Z", "2026-03-17T10:00:00Z", "2026-12-31T23:59:59Z"] {
            let instant: Timestamp = instant.parse().unwrap();
            assert_eq!(latest_day(instant), day_in(instant, "Pacific/Kiritimati"));
            let ahead_of_all = tz::db().available().filter_map(|zone| TimeZone::get(zone.as_str()).ok());
            assert_eq!(ahead_of_all.map(|zone| instant.to_zoned(zone).date()).max(), Some(latest_day(instant)));
        }
    }
}
