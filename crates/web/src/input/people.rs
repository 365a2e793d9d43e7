//! People: members of a customer, people of the firm, and accepting an invitation.

use muster_domain::{
    ids::{PlanId, UserId},
    people::{FirmRole, Invitee, MemberRole, MemberTerms, Password},
    text::{Code, Email, Name},
};
use muster_service::{Error, FieldError, FirmPersonChange, MemberChange, Newcomer};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Check;
use crate::request::sent;

/// Somebody to be added to a customer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// The address that the invitation goes to.
    #[schema(format = Email, example = "ada@acme.example")]
    pub email: Option<String>,
    /// Their name; they can correct it when they accept.
    #[schema(example = "Ada Novak")]
    pub name: Option<String>,
    /// A consultant of the firm, who is assigned instead of invited.
    pub user_id: Option<i32>,
    /// One role: consultant, manager, contributor, approver or auditor.
    #[schema(example = "contributor")]
    pub role: Option<String>,
    /// Several roles.
    pub roles: Option<Vec<String>>,
    /// The last day of their access; auditors get a year unless it is given.
    #[schema(format = Date)]
    pub expires_on: Option<String>,
    /// The approval steps that an approver is named for.
    #[schema(example = json!(["ciso"]))]
    pub approval_steps: Option<Vec<String>>,
    /// The plans that an auditor is limited to; all unless given.
    pub plan_ids: Option<Vec<Uuid>>,
}

/// A change of a member: what is not sent stays as it is, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    /// The one role that they have from now on.
    pub role: Option<String>,
    /// The roles that they have from now on, all of them.
    pub roles: Option<Vec<String>>,
    /// The last day of their access.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, format = Date)]
    pub expires_on: Option<Option<String>>,
    /// The approval steps that an approver is named for.
    pub approval_steps: Option<Vec<String>>,
    /// The plans that an auditor is limited to; null for all.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<Vec<Uuid>>)]
    pub plan_ids: Option<Option<Vec<Uuid>>>,
    /// active or suspended.
    pub status: Option<String>,
}

/// Somebody to be invited to the firm.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFirmPerson {
    /// The address that the invitation goes to.
    #[schema(required, format = Email, example = "jo@firm.example")]
    pub email: Option<String>,
    /// Their name.
    #[schema(required, example = "Jo Weidner")]
    pub name: Option<String>,
    /// admin or consultant.
    #[schema(required, example = "consultant")]
    pub role: Option<String>,
}

/// A change of somebody of the firm.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirmPersonPatch {
    /// admin or consultant.
    pub role: Option<String>,
    /// active or suspended.
    pub status: Option<String>,
}

/// Whom the open tasks of somebody go to.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// The person; back to the role that they were for unless given.
    pub transfer_to: Option<i32>,
}

/// What somebody without an account says when they accept.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Their name; as the invitation has it unless given.
    pub name: Option<String>,
    /// The password that they sign in with from now on.
    #[schema(format = Password)]
    pub password: Option<String>,
}

fn roles(check: &mut Check, one: Option<&String>, several: Option<&Vec<String>>) -> Option<Vec<MemberRole>> {
    let pointer = if one.is_some() { "/role" } else { "/roles" };
    let words = several.into_iter().flatten().chain(one);
    let mut roles: Vec<MemberRole> = words.filter_map(|word| check.required_word(pointer, word)).collect();
    roles.sort_unstable();
    roles.dedup();
    (one.is_some() || several.is_some()).then_some(roles)
}

fn steps(check: &mut Check, given: Option<&Vec<String>>) -> Option<Vec<Code>> {
    given.map(|steps| {
        steps.iter().filter(|step| !step.trim().is_empty()).filter_map(|step| check.text("/approval_steps", Code::parse(step))).collect()
    })
}

fn suspended(check: &mut Check, status: Option<&str>) -> Option<bool> {
    match status {
        None => None,
        Some("suspended") => Some(true),
        Some("active") => Some(false),
        Some(_) => {
            check.refuse("/status", "not-an-option", "must be active or suspended");
            None
        }
    }
}

fn plan_ids(given: Vec<Uuid>) -> Vec<PlanId> {
    let mut ids: Vec<PlanId> = given.into_iter().map(PlanId).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl NewMember {
    /// Parses the fields.
    pub fn parse(&self) -> Result<(Newcomer, MemberTerms), Error> {
        let mut check = Check::default();
        let who = match self.user_id {
            Some(id) => {
                if self.email.is_some() {
                    check.refuse("/email", "misplaced", "must not be given together with user_id");
                }
                Some(Newcomer::Colleague(UserId(id)))
            }
            None => {
                let email = check.required("/email", self.email.as_deref(), Email::parse);
                let name = check.required("/name", self.name.as_deref(), Name::parse);
                email.zip(name).map(|(email, name)| Newcomer::Invitee(Invitee { email, name }))
            }
        };
        let roles = roles(&mut check, self.role.as_ref(), self.roles.as_ref()).unwrap_or_default();
        if roles.is_empty() && self.role.is_none() {
            check.refuse("/roles", "blank", "must name at least one role");
        }
        let terms = MemberTerms {
            roles,
            expires_on: check.date("/expires_on", self.expires_on.as_deref()),
            approval_steps: steps(&mut check, self.approval_steps.as_ref()).unwrap_or_default(),
            plan_ids: self.plan_ids.clone().map(plan_ids),
        };
        check.finish(who.map(|who| (who, terms)))
    }
}

impl MemberPatch {
    /// Parses the fields.
    pub fn parse(&self) -> Result<MemberChange, Error> {
        let mut check = Check::default();
        let change = MemberChange {
            roles: roles(&mut check, self.role.as_ref(), self.roles.as_ref()),
            expires_on: self.expires_on.as_ref().map(|date| check.date("/expires_on", date.as_deref())),
            approval_steps: steps(&mut check, self.approval_steps.as_ref()),
            plan_ids: self.plan_ids.clone().map(|ids| ids.map(plan_ids)),
            is_suspended: suspended(&mut check, self.status.as_deref()),
        };
        check.finish(Some(change))
    }
}

impl NewFirmPerson {
    /// Parses the fields.
    pub fn parse(&self) -> Result<(Invitee, FirmRole), Error> {
        let mut check = Check::default();
        let email = check.required("/email", self.email.as_deref(), Email::parse);
        let name = check.required("/name", self.name.as_deref(), Name::parse);
        let role = check.required_word("/role", self.role.as_deref().unwrap_or_default());
        let parsed = (|| Some((Invitee { email: email?, name: name? }, role?)))();
        check.finish(parsed)
    }
}

impl FirmPersonPatch {
    /// Parses the fields.
    pub fn parse(&self) -> Result<FirmPersonChange, Error> {
        let mut check = Check::default();
        let role = check.word("/role", self.role.as_deref());
        let change = FirmPersonChange { role, is_suspended: suspended(&mut check, self.status.as_deref()) };
        check.finish(Some(change))
    }
}

impl NewAccount {
    /// Parses the fields. Without a password it is somebody who has an account.
    pub fn parse(&self) -> Result<(Option<Name>, Option<Password>), Error> {
        let mut check = Check::default();
        let name = check.text("/name", Name::parse_optional(self.name.as_deref()));
        let password = self.password.as_deref().map(Password::parse).transpose();
        let password = password.map_err(|error| {
            let error = FieldError::password("/password", error);
            check.refuse(&error.pointer, error.code, error.message);
        });
        check.finish(name.zip(password.ok()))
    }
}
