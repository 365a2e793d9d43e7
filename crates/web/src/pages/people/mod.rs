//! The people of a customer, and of the firm: lists, inviting, and one person.

mod firm;
mod firm_person;
mod member;
mod members;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Crumb, Field};
use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/customers/{id}/people", get(members::list).post(members::invite))
        .route("/customers/{id}/people/assign", post(members::assign))
        .route("/customers/{id}/people/{user}", get(member::show).post(member::change))
        .route("/customers/{id}/people/{user}/invite", post(member::invite_again))
        .route("/customers/{id}/people/{user}/standing", post(member::set_standing))
        .route("/customers/{id}/people/{user}/transfer", post(member::transfer))
        .route("/customers/{id}/people/{user}/remove", post(member::remove))
        .route("/customers/{id}/people/{user}/password-reset", post(member::make_reset_link))
        .route("/people", get(firm::list).post(firm::invite))
        .route("/people/{user}", get(firm_person::show).post(firm_person::change))
        .route("/people/{user}/invite", post(firm_person::invite_again))
        .route("/people/{user}/standing", post(firm_person::set_standing))
        .route("/people/{user}/remove", post(firm_person::remove))
        .route("/people/{user}/password-reset", post(firm_person::make_reset_link))
}

/// A list of people: `/customers/{id}/people`, or `/people`.
#[derive(Debug, Clone, Template)]
#[template(path = "people/list.html")]
pub struct PeoplePage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Heading.
    pub title: String,
    /// What the list is about.
    pub about: &'static str,
    /// Where the forms are sent: `/people`, or that of a customer.
    pub base: String,
    /// The people, by name.
    pub rows: Vec<PersonRow>,
    /// The list is the firm's.
    pub of_firm: bool,
    /// The form to invite somebody, for those who may.
    pub invite: Option<InviteForm>,
    /// Consultants to assign, for those who may; the first is nobody.
    pub consultants: Option<Vec<Choice>>,
    /// A link to hand on, shown once.
    pub link: Option<NewLink>,
    /// There is no mail server.
    pub held: bool,
}

/// Somebody in a list.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Of the firm, or of the customer.
    pub firm: bool,
    /// Roles in words.
    pub roles: String,
    /// Standing in a word.
    pub standing: &'static str,
    /// How much it presses.
    pub tone: &'static str,
    /// Until when, for which steps and plans.
    pub details: Vec<String>,
    /// Open tasks.
    pub open_tasks: i64,
    /// Customers assigned, in the firm's list.
    pub customers: i64,
    /// When they last signed in, in the firm's list.
    pub last_seen: Option<String>,
    /// Their own page, for those who may change them.
    pub href: Option<String>,
}

/// A link to hand on.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// Whom it is for.
    pub name: String,
    /// The address.
    pub url: String,
    /// Until when it is good.
    pub until: String,
}

/// The form to invite somebody.
#[derive(Debug, Clone, Default)]
pub struct InviteForm {
    /// Name.
    pub name: Field,
    /// Address.
    pub email: Field,
    /// Roles, limits.
    pub terms: TermsForm,
    /// Open, because something in it was refused.
    pub unfolded: bool,
}

/// The fields of what somebody may do.
#[derive(Debug, Clone, Default)]
pub struct TermsForm {
    /// Roles, with what they may do.
    pub roles: Vec<RoleChoice>,
    /// What was wrong with the roles.
    pub roles_error: Field,
    /// One role only.
    pub single: bool,
    /// Last day; none in the firm.
    pub expires_on: Option<Field>,
    /// Approval steps to choose from.
    pub steps: Vec<Choice>,
    /// What was wrong with the steps.
    pub steps_error: Field,
    /// Plans to choose from.
    pub plans: Vec<Choice>,
    /// What was wrong with the plans.
    pub plans_error: Field,
}

/// A role to choose.
#[derive(Debug, Clone)]
pub struct RoleChoice {
    /// What is sent.
    pub value: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it may do.
    pub about: &'static str,
    /// Chosen now.
    pub chosen: bool,
}

/// One person: `/customers/{id}/people/{user}`, or `/people/{user}`.
#[derive(Debug, Clone, Template)]
#[template(path = "people/person.html")]
pub struct PersonPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Where the forms are sent.
    pub base: String,
    /// Back to the list.
    pub back: String,
    /// The person.
    pub person: PersonRow,
    /// Version, so that nobody overwrites somebody else.
    pub version: i32,
    /// The form; none for oneself.
    pub terms: Option<TermsForm>,
    /// Somebody was faster.
    pub stale: bool,
    /// Suspended.
    pub suspended: bool,
    /// Invited, and has not accepted.
    pub invited: bool,
    /// Their open tasks can be handed on without removing them.
    pub may_transfer: bool,
    /// Whom open tasks can go to; the first is nobody.
    pub heirs: Vec<Choice>,
    /// A link that sets a new password can be made: there is no mail server to ask for one.
    pub may_reset: bool,
    /// What suspending means here.
    pub suspend_about: &'static str,
    /// What removing means here.
    pub remove_about: &'static str,
    /// A link to hand on, shown once.
    pub link: Option<NewLink>,
}

impl InviteForm {
    fn refused(&self) -> u32 {
        let fields = [&self.name, &self.email];
        u32::try_from(fields.iter().filter(|field| field.error.is_some()).count()).unwrap_or_default() + self.terms.refused()
    }
}

impl TermsForm {
    fn refused(&self) -> u32 {
        let own = [&self.roles_error, &self.steps_error, &self.plans_error];
        let fields = own.into_iter().chain(self.expires_on.as_ref());
        u32::try_from(fields.filter(|field| field.error.is_some()).count()).unwrap_or_default()
    }
}

impl PeoplePage {
    fn invite_refused(&self) -> u32 {
        self.invite.as_ref().map_or(0, InviteForm::refused)
    }
}

impl PersonPage {
    fn terms_refused(&self) -> u32 {
        self.terms.as_ref().map_or(0, TermsForm::refused)
    }

    fn open_tasks(&self) -> u64 {
        self.person.open_tasks.unsigned_abs()
    }
}
