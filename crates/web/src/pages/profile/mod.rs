//! One's own account: data, password, sessions, two-step sign-in.

mod handlers;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod totp;
mod totp_handlers;
mod view;

pub(crate) use handlers::routes;

use askama::Template;

pub use self::totp::{RecoveryCodesPage, SecondStep, TotpPage};
use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Field, Moment};

/// `GET /profile`, and the answer to its forms when they are refused.
#[derive(Debug, Clone, Template)]
#[template(path = "profile/page.html")]
pub struct ProfilePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The version that the form was made for.
    pub version: i32,
    /// The address that the person signs in with.
    pub email: String,
    /// The person's data.
    pub form: ProfileForm,
    /// The form that changes the password.
    pub password: PasswordForm,
    /// How two-step sign-in stands.
    pub totp: TotpSummary,
    /// Where they are signed in, the present session included.
    pub sessions: Vec<SessionRow>,
    /// Whether they are linked to the firm's identity provider; none where there is none.
    pub linked: Option<bool>,
}

/// What a person may change of their data.
#[derive(Debug, Clone, Default)]
pub struct ProfileForm {
    /// Full name.
    pub name: Field,
    /// How dates are told.
    pub locales: Vec<Choice>,
    /// Why the zone was refused.
    pub time_zone: Field,
    /// The zones to choose from.
    pub time_zones: Vec<Choice>,
    /// What to be written to about.
    pub notifications: Vec<Choice>,
    /// When the quiet hours begin.
    pub quiet_from: Field,
    /// When they are over.
    pub quiet_to: Field,
}

/// A password for another. What was typed is never sent back.
#[derive(Debug, Clone, Default)]
pub struct PasswordForm {
    /// The present one.
    pub current: Field,
    /// The new one.
    pub new: Field,
    /// The new one once more.
    pub again: Field,
}

/// How two-step sign-in stands, in a line.
#[derive(Debug, Clone, Copy)]
pub struct TotpSummary {
    /// It is on.
    pub on: bool,
    /// It has to be set up before anything else.
    pub required: bool,
    /// Recovery codes that have not been used.
    pub codes_left: u32,
}

/// A session.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// "Firefox on Linux".
    pub browser: String,
    /// The network address that it began from.
    pub network: String,
    /// When it began.
    pub begun: Moment,
    /// When it was last used.
    pub seen: Moment,
    /// The one that this page was asked for with.
    pub current: bool,
}

impl ProfilePage {
    fn refused(&self) -> usize {
        [&self.form.name, &self.form.time_zone, &self.form.quiet_to].into_iter().filter(|field| field.error.is_some()).count()
    }

    fn others(&self) -> bool {
        self.sessions.iter().any(|one| !one.current)
    }

    fn totp_text(&self) -> String {
        let t = &self.layout.t.account;
        if self.totp.on { t.totp_is_on.n(self.totp.codes_left) } else { t.totp_is_off.to_owned() }
    }
}
