//! `/profile/totp`: setting up two-step sign-in, and turning it off.

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Crumb, Field};

/// `GET /profile/totp`, and the answer to its forms when they are refused.
#[derive(Debug, Clone, Template)]
#[template(path = "profile/totp.html")]
pub struct TotpPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// It has to be set up before anything else.
    pub required: bool,
    /// How far it has come.
    pub step: SecondStep,
}

/// How far two-step sign-in has come, with what its forms need.
#[derive(Debug, Clone)]
pub enum SecondStep {
    /// Not set up.
    Off {
        /// Why the password was refused.
        password: Field,
    },
    /// A secret waits for its first code.
    Begun {
        /// The secret, in groups.
        secret: String,
        /// The same as a picture: an SVG of ours.
        picture: String,
        /// Why the code was refused.
        code: Field,
    },
    /// On.
    On {
        /// Recovery codes that have not been used.
        codes_left: u32,
        /// Password and code for new recovery codes.
        renew: (Field, Field),
        /// Password and code for turning it off.
        remove: (Field, Field),
    },
}

/// The recovery codes, shown once.
#[derive(Debug, Clone, Template)]
#[template(path = "profile/codes.html")]
pub struct RecoveryCodesPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The codes.
    pub codes: Vec<String>,
}
