//! Samples of the pages of one's own account.

use super::{PasswordForm, ProfileForm, ProfilePage, RecoveryCodesPage, SecondStep, SessionRow, TotpPage, TotpSummary};
use crate::{
    layout::Nav,
    parts::{Choice, Crumb, Field, Moment},
    samples::{Sampled, consultant, member},
    text::ENGLISH,
};

fn session(id: &str, browser: &str, current: bool) -> SessionRow {
    let moment = |text: &str, iso: &str| Moment { text: text.into(), iso: iso.into() };
    SessionRow {
        id: id.into(),
        browser: browser.into(),
        network: "192.0.2.7".into(),
        begun: moment("today, 08:02", "2026-03-17T07:02:00Z"),
        seen: moment("today, 10:42", "2026-03-17T09:42:00Z"),
        current,
    }
}

impl Sampled for ProfilePage {
    const NAME: &'static str = "profile";

    fn samples() -> Vec<(&'static str, Self)> {
        let t = &ENGLISH;
        let tick = |value: &str, label: &str, chosen| Choice { value: value.into(), label: label.into(), chosen };
        let plain = Self {
            layout: consultant(t.account.title, Nav::Elsewhere),
            version: 3,
            email: "mara.lindqvist@nordlicht.example".into(),
            form: ProfileForm {
                name: Field::of("Mara Lindqvist"),
                locales: vec![tick("en-GB", "British: 17 Mar 2026", true), tick("en-US", "American: Mar 17, 2026", false)],
                time_zone: Field::of("Europe/Vienna"),
                time_zones: vec![tick("UTC", "UTC", false), tick("Europe/Vienna", "Europe/Vienna", true)],
                notifications: vec![
                    tick("assignment", t.account.assignment, true),
                    tick("overdue", t.account.overdue, true),
                    tick("weekly_digest", t.account.weekly_digest, false),
                ],
                quiet_from: Field::of("22:00"),
                quiet_to: Field::of("07:00"),
            },
            password: PasswordForm::default(),
            totp: TotpSummary { on: true, required: false, codes_left: 9 },
            sessions: vec![session("a1", "Firefox on Linux", true), session("a2", "Safari on iPhone", false)],
            linked: Some(false),
        };
        let refused = Self {
            form: ProfileForm {
                name: Field::refused(" ", t.fields.blank),
                quiet_to: Field::refused("", t.account.quiet_refused),
                ..plain.form.clone()
            },
            password: PasswordForm {
                current: Field::refused("", t.fields.wrong),
                new: Field::refused("", t.fields.short),
                again: Field::refused("", t.fields.again),
            },
            ..plain.clone()
        };
        let held_back = Self {
            layout: member(t.account.title, Nav::Elsewhere),
            totp: TotpSummary { on: false, required: true, codes_left: 0 },
            sessions: vec![session("a1", "Firefox on Linux", true)],
            linked: Some(true),
            ..plain.clone()
        };
        vec![("plain", plain), ("refused", refused), ("held-back", held_back)]
    }
}

impl Sampled for TotpPage {
    const NAME: &'static str = "profile-totp";

    fn samples() -> Vec<(&'static str, Self)> {
        let t = &ENGLISH;
        let page = |step| Self {
            layout: consultant(t.account.totp, Nav::Elsewhere),
            crumbs: vec![Crumb::to(t.account.title, "/profile"), Crumb::here(t.account.totp)],
            required: false,
            step,
        };
        let wrong = || Field::refused("", t.sign_in.code_wrong);
        let begun = |code| SecondStep::Begun {
            secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
            picture: "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 2 2\"><rect width=\"2\" height=\"2\" fill=\"#fff\"/></svg>"
                .into(),
            code,
        };
        let on = |pair: (Field, Field)| SecondStep::On { codes_left: 9, renew: (Field::default(), Field::default()), remove: pair };
        let required = Self { required: true, ..page(SecondStep::Off { password: Field::default() }) };
        vec![
            ("off", page(SecondStep::Off { password: Field::default() })),
            ("required", required),
            ("begun", page(begun(Field::default()))),
            ("refused", page(begun(wrong()))),
            ("on", page(on((Field::default(), Field::default())))),
            ("not-off", page(on((Field::refused("", t.fields.wrong), wrong())))),
        ]
    }
}

impl Sampled for RecoveryCodesPage {
    const NAME: &'static str = "profile-codes";

    fn samples() -> Vec<(&'static str, Self)> {
        let t = &ENGLISH;
        let codes = (0..10).map(|index| format!("abcd-efgh-jkmn-pq{index}s")).collect();
        let crumbs = vec![Crumb::to(t.account.title, "/profile"), Crumb::here(t.account.codes_title)];
        vec![("plain", Self { layout: consultant(t.account.codes_title, Nav::Elsewhere), crumbs, codes })]
    }
}
