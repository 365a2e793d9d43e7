//! From tokens to what the page shows.

use jiff::{Timestamp, tz::TimeZone};
use muster_domain::{
    customers::Customer,
    tokens::{TokenDetails, TokenRight},
};

use super::{TokenForm, TokenRow};
use crate::{format, input::tokens::NewToken, pages::field_errors::FieldErrors, parts::Choice, text::Text};

/// For how many days a token may be good, to choose from.
const DAYS: [i32; 3] = [30, 90, 365];

/// A right in a word, and what it means.
fn words(right: TokenRight, t: &Text) -> (&'static str, &'static str) {
    let w = &t.tokens;
    match right {
        TokenRight::Read => (w.read, w.read_hint),
        TokenRight::Work => (w.work, w.work_hint),
        TokenRight::Shape => (w.shape, w.shape_hint),
        TokenRight::People => (w.people, w.people_hint),
        TokenRight::Library => (w.library, w.library_hint),
        TokenRight::Audit => (w.audit, w.audit_hint),
    }
}

/// The form with what was chosen, and what was wrong with it.
pub(super) fn form(chosen: &NewToken, customers: &[Customer], refused: &FieldErrors, t: &Text) -> TokenForm {
    let w = &t.tokens;
    let rights = TokenRight::ALL.iter().map(|right| {
        let (label, hint) = words(*right, t);
        let is_chosen = chosen.rights.iter().flatten().any(|word| word == right.as_str());
        (Choice { value: right.to_string(), label: label.to_owned(), chosen: is_chosen }, hint)
    });
    let customer = |one: &Customer| Choice {
        value: one.id.to_string(),
        label: one.name.clone(),
        chosen: chosen.customer_ids.iter().flatten().any(|id| *id == one.id.0),
    };
    let days = chosen.expires_in_days.unwrap_or_default().to_string();
    let day = |count: &i32| Choice::new(count.to_string(), w.day_count.n(u64::from(count.unsigned_abs())), &days);
    let told = |name: &str, words: &dyn Fn(&str) -> &'static str| refused.get(name).map(|error| words(error.code).to_owned());
    let name = refused.field("name", chosen.name.clone().unwrap_or_default(), t);
    let rights_error = told("rights", &|code| if code == "not-yours" { w.not_yours } else { w.choose_right });
    let customers_error = told("customer_ids", &|code| if code == "unknown-reference" { w.not_these } else { w.choose_customer });
    let days_error = told("expires_in_days", &|_| w.how_long);
    let errors = [&name.error, &rights_error, &customers_error, &days_error];
    TokenForm {
        refused: errors.into_iter().flatten().count(),
        rights: rights.collect(),
        only_some: chosen.customer_ids.is_some(),
        customers: customers.iter().map(customer).collect(),
        days: DAYS.iter().map(day).collect(),
        name,
        rights_error,
        customers_error,
        days_error,
    }
}

/// A token of the list.
pub(super) fn row(token: TokenDetails, customers: &[Customer], now: Timestamp, t: &Text) -> TokenRow {
    let moment = |at| format::moment(at, &TimeZone::UTC, t);
    let name = |id: &muster_domain::ids::CustomerId| {
        customers.iter().find(|one| one.id == *id).map_or_else(|| id.to_string(), |one| one.name.clone())
    };
    TokenRow {
        id: token.id.to_string(),
        prefix: format!("{}…", token.prefix),
        rights: token.rights.iter().map(|right| words(*right, t).0).collect::<Vec<_>>().join(", "),
        customers: token.customer_ids.map(|ids| ids.iter().map(name).collect::<Vec<_>>().join(", ")),
        by: token.issuer_name,
        expires: moment(token.expires_at),
        ended: token.expires_at <= now,
        used: token.last_used_at.map(moment),
        name: token.name,
    }
}
