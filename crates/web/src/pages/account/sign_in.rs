//! `GET /sign-in`, `POST /sign-in`.

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Theme};
use crate::parts::Field;
use crate::text::Text;

/// The sign-in page.
#[derive(Debug, Clone, Template)]
#[template(path = "account/sign_in.html")]
pub struct SignInPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The firm's name and the version of its logo, where it has one.
    pub logo: Option<(String, i32)>,
    /// What was typed as address.
    pub email: Field,
    /// Why the password was refused.
    pub password: Field,
    /// Where to go afterwards; a path of this site.
    pub next: String,
    /// Why the person is here.
    pub note: Option<SignInNote>,
    /// Seconds until the next attempt, when there were too many.
    pub wait_seconds: Option<u32>,
    /// What the button to the organisation's sign-in says, where there is one.
    pub organisation: Option<String>,
    /// Why a sign-in there did not come about.
    pub trouble: Option<String>,
}

/// Why a person sees the sign-in page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInNote {
    /// The session ran out.
    Ended,
    /// They signed out.
    SignedOut,
    /// They changed the password.
    PasswordChanged,
    /// They just made their account.
    SetUp,
}

impl SignInPage {
    fn note_text(&self) -> Option<&'static str> {
        let t = &self.layout.t.sign_in;
        self.note.map(|note| match note {
            SignInNote::Ended => t.ended,
            SignInNote::SignedOut => t.signed_out,
            SignInNote::PasswordChanged => t.password_changed,
            SignInNote::SetUp => t.set_up,
        })
    }

    /// "Try again in 2 minutes": rounded up, so that the next attempt is not refused once more.
    fn wait_text(&self) -> Option<String> {
        self.wait_seconds.map(|seconds| self.layout.t.sign_in.throttled.with(wait(seconds, self.layout.t)))
    }
}

/// "2 minutes".
pub(super) fn wait(seconds: u32, t: &Text) -> String {
    if seconds < 60 { t.sign_in.seconds.n(seconds) } else { t.sign_in.minutes.n(seconds.div_ceil(60)) }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for SignInPage {
    const NAME: &'static str = "sign-in";

    fn samples() -> Vec<(&'static str, Self)> {
        let t = &crate::text::ENGLISH.sign_in;
        let plain = Self {
            layout: Layout::public(t.title),
            logo: Some(("Nordlicht Compliance".into(), 3)),
            email: Field::default(),
            password: Field::default(),
            next: "/".into(),
            note: None,
            wait_seconds: None,
            organisation: None,
            trouble: None,
        };
        let organisation = Self { organisation: Some(t.organisation.with("Nordlicht")), ..plain.clone() };
        let trouble = Some(crate::text::ENGLISH.refusals.identity_unknown.to_owned());
        let refused = Self { email: Field::of("mara.lindqvist@nordlicht.example"), password: Field::refused("", t.wrong), ..plain.clone() };
        vec![
            ("plain", plain.clone()),
            ("organisation", organisation.clone()),
            ("organisation-refused", Self { trouble, ..organisation }),
            ("ended", Self { note: Some(SignInNote::Ended), next: "/customers/5?overdue=1".into(), ..plain }),
            ("throttled", Self { wait_seconds: Some(90), password: Field::default(), ..refused.clone() }),
            ("refused", refused),
        ]
    }
}
