//! The account as its pages show it.

use muster_domain::account::{Locale, Notification, Profile, Session};
use muster_service::TotpState;

use super::{ProfileForm, SecondStep, SessionRow, TotpSummary};
use crate::{
    format,
    input::account::ProfileFields,
    layout::Layout,
    pages::{
        conflict::{ConflictPage, Versions},
        field_errors::FieldErrors,
        surroundings::{count, zone_choices},
        visit::{Form, Visit},
    },
    parts::{Choice, Crumb, Field},
    text::Text,
};

/// The fields as they were sent. The conflict page sends what was ticked as one.
pub(super) fn given(form: &Form) -> ProfileFields {
    let text = |name: &str| form.get(name).map(ToOwned::to_owned);
    let ticked = form.all("notifications").flat_map(|value| value.split(',')).filter(|word| !word.is_empty());
    ProfileFields {
        name: text("name"),
        locale: text("locale"),
        time_zone: text("time_zone"),
        notifications: ticked.map(ToOwned::to_owned).collect(),
        quiet: quiet_given(form),
    }
}

/// The quiet hours as they were sent. The conflict page sends them as one.
fn quiet_given(form: &Form) -> (String, String) {
    match form.get("quiet_hours").map(|both| both.split_once('-').unwrap_or_default()) {
        Some((from, to)) => (from.to_owned(), to.to_owned()),
        None => (form.text("quiet_from").trim().to_owned(), form.text("quiet_to").trim().to_owned()),
    }
}

pub(super) fn form(visit: &Visit, given: &ProfileFields, refused: &FieldErrors) -> ProfileForm {
    let t = visit.t;
    let locale = |one: &Locale| Choice::new(one.as_str(), locale_word(visit, *one), given.locale.as_deref().unwrap_or_default());
    let notification = |one: &Notification| Choice {
        value: one.to_string(),
        label: notification_word(*one, t).to_owned(),
        chosen: given.notifications.iter().any(|word| word == one.as_str()),
    };
    ProfileForm {
        name: refused.field("name", given.name.clone().unwrap_or_default(), t),
        locales: Locale::ALL.iter().map(locale).collect(),
        time_zone: refused.field("time_zone", given.time_zone.clone().unwrap_or_default(), t),
        time_zones: zone_choices(given.time_zone.as_deref()),
        notifications: Notification::ALL.iter().map(notification).collect(),
        quiet_from: Field::of(given.quiet.0.clone()),
        // The two are one choice, and it is told beside the second what is wrong with them.
        quiet_to: Field { value: given.quiet.1.clone(), error: refused.get("quiet_hours").map(|_| t.account.quiet_refused.to_owned()) },
    }
}

/// A locale by how it writes today.
fn locale_word(visit: &Visit, locale: Locale) -> String {
    let today = format::full(visit.today(), Text::of(locale));
    match locale {
        Locale::British => visit.t.account.locale_british.with(today),
        Locale::American => visit.t.account.locale_american.with(today),
    }
}

fn notification_word(one: Notification, t: &Text) -> &'static str {
    let words = &t.account;
    match one {
        Notification::Assignment => words.assignment,
        Notification::Mention => words.mention,
        Notification::DueSoon => words.due_soon,
        Notification::Overdue => words.overdue,
        Notification::EvidenceSentBack => words.evidence_sent_back,
        Notification::ApprovalWanted => words.approval_wanted,
        Notification::WeeklyDigest => words.weekly_digest,
    }
}

/// What the visitor sent beside what is saved.
pub(super) fn conflict(visit: &Visit, layout: Layout, yours: &ProfileFields, theirs: &Profile) -> ConflictPage {
    let words = &visit.t.account;
    let saved = ProfileFields::of(theirs);
    let versions = |name: &str, label: &str, yours: String, yours_shown: String, theirs_shown: String| Versions {
        name: name.to_owned(),
        label: label.to_owned(),
        yours,
        yours_shown: yours_shown.trim().to_owned(),
        theirs_shown,
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let plain =
        |name, label, yours: &Option<String>, theirs: &Option<String>| versions(name, label, text(yours), text(yours), text(theirs));
    let locale = |value: &Option<String>| text(value).parse().map_or_else(|_| text(value), |locale| locale_word(visit, locale));
    let ticked = |fields: &ProfileFields| {
        let chosen = Notification::ALL.iter().filter(|one| fields.notifications.iter().any(|word| word == one.as_str()));
        chosen.map(|one| notification_word(*one, visit.t)).collect::<Vec<_>>().join("\n")
    };
    let quiet = |fields: &ProfileFields| match (fields.quiet.0.as_str(), fields.quiet.1.as_str()) {
        ("", "") => words.quiet_none.to_owned(),
        (from, to) => words.quiet_hours.with2(from, to),
    };
    let fields = vec![
        plain("name", words.name, &yours.name, &saved.name),
        versions("locale", words.locale, text(&yours.locale), locale(&yours.locale), locale(&saved.locale)),
        plain("time_zone", words.time_zone, &yours.time_zone, &saved.time_zone),
        versions("notifications", words.notifications, yours.notifications.join(","), ticked(yours), ticked(&saved)),
        versions("quiet_hours", words.quiet, format!("{}-{}", yours.quiet.0, yours.quiet.1), quiet(yours), quiet(&saved)),
    ];
    ConflictPage {
        layout,
        crumbs: vec![Crumb::to(words.title, "/profile"), Crumb::here(visit.t.conflict.title)],
        name: theirs.name.clone(),
        by: None,
        at: Some(format::moment(theirs.updated_at, &visit.zone(), visit.t)),
        fields,
        action: "/profile".to_owned(),
        version: theirs.version.into(),
        next: "/profile".to_owned(),
    }
}

pub(super) fn totp(state: TotpState) -> TotpSummary {
    TotpSummary { on: state.is_on, required: state.is_required, codes_left: count(state.recovery_codes_left) }
}

pub(super) fn on(state: TotpState) -> SecondStep {
    let empty = || (Field::default(), Field::default());
    SecondStep::On { codes_left: count(state.recovery_codes_left), renew: empty(), remove: empty() }
}

pub(super) fn session(visit: &Visit, session: Session) -> SessionRow {
    let moment = |at| format::recent(at, visit.today(), &visit.zone(), visit.t);
    SessionRow {
        id: session.id.to_string(),
        browser: browser(&session.user_agent, visit.t),
        network: session.network,
        begun: moment(session.created_at),
        seen: moment(session.last_seen_at),
        current: visit.actor.session() == Some(session.id),
    }
}

/// A key in groups of four, to be typed.
pub(super) fn grouped(key: &str) -> String {
    let signs: Vec<char> = key.chars().collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// What a browser says of itself, as people call it. The first that fits counts: browsers name
/// those that they want to be taken for as well.
fn browser(user_agent: &str, t: &Text) -> String {
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"), ("Linux", "Linux")];
    let named = |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => t.account.on_system.with2(browser, system),
        (Some(name), None) => name.to_owned(),
        // A program: its own name is the best there is.
        _ => user_agent.split(['/', ' ']).next().filter(|name| !name.is_empty()).unwrap_or(t.account.unknown_browser).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::ENGLISH;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        for (user_agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1", "Safari on iPhone"),
            ("curl/8.5.0", "curl"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(browser(user_agent, &ENGLISH), name);
        }
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
