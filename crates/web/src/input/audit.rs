//! What is asked of an audit log.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use muster_service::{AuditFilter, Error};

use super::Check;
use crate::request::Parameters;

/// Reads the filter of a log. Days are those of a zone.
pub fn audit_filter(parameters: &Parameters, zone: &TimeZone) -> Result<AuditFilter, Error> {
    let mut check = Check::default();
    let begin = |day: Date| day.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
    let from: Option<Timestamp> = check.date("/from", parameters.get("from")).and_then(begin);
    let until = check.date("/to", parameters.get("to")).and_then(|day| day.checked_add(1.day()).ok()).and_then(begin);
    let text = |name: &str| parameters.get(name).map(ToOwned::to_owned);
    let filter = AuditFilter { actor: text("actor"), action: text("action"), subject: text("subject"), from, until };
    check.finish(Some(filter))
}
