//! From people as they are stored to what their pages show.

use muster_domain::{
    ids::UserId,
    people::{FirmPerson, FirmRole, Member, MemberRole, MembershipStatus},
    plans::Plan,
};
use muster_service::InvitationLink;

use super::{InviteForm, NewLink, PersonRow, RoleChoice, TermsForm};
use crate::{
    format,
    input::people::NewMember,
    pages::{
        field_errors::FieldErrors,
        visit::{Form, Visit},
    },
    parts::{Choice, Field},
    text::Text,
};

/// The roles that somebody of a customer can be given by invitation.
pub(super) const ROLES: [MemberRole; 4] = [MemberRole::Manager, MemberRole::Contributor, MemberRole::Approver, MemberRole::Auditor];

/// The word for a role.
pub(super) fn role_word(role: MemberRole, t: &Text) -> &'static str {
    match role {
        MemberRole::Consultant => t.names.consultant,
        MemberRole::Manager => t.names.manager,
        MemberRole::Contributor => t.names.contributor,
        MemberRole::Approver => t.names.approver,
        MemberRole::Auditor => t.names.auditor,
    }
}

fn role_about(role: MemberRole, t: &Text) -> &'static str {
    match role {
        MemberRole::Consultant => t.people.consultant_does,
        MemberRole::Manager => t.people.manager_does,
        MemberRole::Contributor => t.people.contributor_does,
        MemberRole::Approver => t.people.approver_does,
        MemberRole::Auditor => t.people.auditor_does,
    }
}

fn standing(status: MembershipStatus, is_expired: bool, t: &Text) -> (&'static str, &'static str) {
    match status {
        MembershipStatus::Invited => (t.people.invited, "info"),
        MembershipStatus::Suspended | MembershipStatus::Removed => (t.people.suspended, "warn"),
        MembershipStatus::Active if is_expired => (t.people.expired, "mute"),
        MembershipStatus::Active => (t.people.active, "ok"),
    }
}

fn invitation(until: Option<jiff::Timestamp>, visit: &Visit) -> String {
    let t = visit.t;
    match until {
        Some(until) => t.people.invited_until.with(format::moment(until, &visit.zone(), t).text),
        None => t.people.invitation_over.to_owned(),
    }
}

/// Somebody of a customer; `href` leads to their page, for those who may change them.
pub(super) fn member_row(member: &Member, visit: &Visit, href: Option<String>) -> PersonRow {
    let t = visit.t;
    let (word, tone) = standing(member.status, member.is_expired(visit.today()), t);
    let mut details = Vec::new();
    if member.status == MembershipStatus::Invited {
        details.push(invitation(member.invited_until, visit));
    }
    details.extend(member.expires_on.map(|date| t.people.until.with(format::full(date, t))));
    if member.roles.contains(&MemberRole::Approver) {
        details.push(match member.approval_steps.as_slice() {
            [] => t.people.no_steps.to_owned(),
            steps => t.people.steps_named.with(steps.join(", ")),
        });
    }
    details.extend(member.plan_ids.as_ref().map(|plans| t.people.limited.n(plans.len())));
    PersonRow {
        name: member.name.clone(),
        email: member.email.clone(),
        firm: member.is_firm,
        roles: member.roles.iter().map(|role| role_word(*role, t)).collect::<Vec<_>>().join(", "),
        standing: word,
        tone,
        details,
        open_tasks: member.open_tasks,
        customers: 0,
        last_seen: None,
        href,
    }
}

/// Somebody of the firm.
pub(super) fn firm_row(person: &FirmPerson, visit: &Visit, href: Option<String>) -> PersonRow {
    let t = visit.t;
    let (word, tone) = standing(person.status, false, t);
    PersonRow {
        name: person.name.clone(),
        email: person.email.clone(),
        firm: true,
        roles: firm_role_word(person.role, t).to_owned(),
        standing: word,
        tone,
        details: if person.status == MembershipStatus::Invited { vec![invitation(person.invited_until, visit)] } else { Vec::new() },
        open_tasks: person.open_tasks,
        customers: person.customers,
        last_seen: person.last_login.map(|at| format::moment(at, &visit.zone(), t).text),
        href,
    }
}

fn firm_role_word(role: FirmRole, t: &Text) -> &'static str {
    match role {
        FirmRole::Admin => t.names.admin,
        FirmRole::Consultant => t.names.consultant,
    }
}

/// The link to hand on.
pub(super) fn new_link(name: &str, link: InvitationLink, visit: &Visit) -> NewLink {
    NewLink { name: name.to_owned(), url: link.url, until: format::moment(link.expires_at, &visit.zone(), visit.t).text }
}

/// The fields of what somebody of a customer may do, as they were sent or are stored.
pub(super) struct Chosen {
    pub(super) roles: Vec<String>,
    pub(super) expires_on: String,
    pub(super) steps: Vec<String>,
    pub(super) plans: Vec<String>,
}

impl Chosen {
    pub(super) fn sent(form: &Form) -> Self {
        let all = |name: &str| form.all(name).map(ToOwned::to_owned).collect();
        Self { roles: all("roles"), expires_on: form.text("expires_on"), steps: all("approval_steps"), plans: all("plan_ids") }
    }

    pub(super) fn stored(member: &Member) -> Self {
        Self {
            roles: member.roles.iter().map(ToString::to_string).collect(),
            expires_on: member.expires_on.map(|date| date.to_string()).unwrap_or_default(),
            steps: member.approval_steps.clone(),
            plans: member.plan_ids.iter().flatten().map(ToString::to_string).collect(),
        }
    }

    pub(super) fn nothing() -> Self {
        Self { roles: Vec::new(), expires_on: String::new(), steps: Vec::new(), plans: Vec::new() }
    }
}

/// The form of what somebody of a customer may do.
pub(super) fn terms_form(chosen: &Chosen, steps: &[String], plans: &[Plan], refused: &FieldErrors, t: &Text) -> TermsForm {
    let is_consultant = chosen.roles.iter().any(|role| role == MemberRole::Consultant.as_str());
    let roles: &[MemberRole] = if is_consultant { &[MemberRole::Consultant] } else { &ROLES };
    let ticked = |value: &str, label: &str, among: &[String]| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: among.iter().any(|one| one == value),
    };
    let mut all_steps: Vec<&String> = steps.iter().chain(&chosen.steps).collect();
    all_steps.sort_unstable();
    all_steps.dedup();
    let error = |name: &str| refused.field(name, "", t);
    TermsForm {
        roles: roles
            .iter()
            .map(|role| RoleChoice {
                value: role.as_str(),
                label: role_word(*role, t),
                about: role_about(*role, t),
                chosen: chosen.roles.iter().any(|one| one == role.as_str()),
            })
            .collect(),
        roles_error: refused
            .word("roles", t)
            .or_else(|| refused.word("role", t))
            .map_or_else(Field::default, |word| Field::refused("", word)),
        single: is_consultant,
        expires_on: Some(refused.field("expires_on", chosen.expires_on.as_str(), t)),
        steps: if is_consultant { Vec::new() } else { all_steps.into_iter().map(|step| ticked(step, step, &chosen.steps)).collect() },
        steps_error: error("approval_steps"),
        plans: if is_consultant {
            Vec::new()
        } else {
            plans.iter().map(|plan| ticked(&plan.id.to_string(), &plan.iso_code, &chosen.plans)).collect()
        },
        plans_error: error("plan_ids"),
    }
}

/// The form of what somebody of the firm is.
pub(super) fn firm_terms(current: &str, refused: &FieldErrors, t: &Text) -> TermsForm {
    let role = |role: FirmRole, about| RoleChoice {
        value: role.as_str(),
        label: firm_role_word(role, t),
        about,
        chosen: current == role.as_str(),
    };
    TermsForm {
        roles: vec![role(FirmRole::Admin, t.people.admin_does), role(FirmRole::Consultant, t.people.consultant_firm_does)],
        roles_error: refused.field("role", "", t),
        single: true,
        ..TermsForm::default()
    }
}

/// The form to invite somebody, with what was typed.
pub(super) fn invite_form(form: Option<&Form>, terms: TermsForm, refused: &FieldErrors, t: &Text) -> InviteForm {
    let field = |name: &str| refused.field(name, form.map(|form| form.text(name)).unwrap_or_default(), t);
    InviteForm { name: field("name"), email: field("email"), terms, unfolded: form.is_some() }
}

/// What was sent of somebody to be invited.
pub(super) fn new_member(form: &Form) -> NewMember {
    let text = |name: &str| form.get(name).map(ToOwned::to_owned);
    let plans: Vec<_> = form.all("plan_ids").filter_map(|id| id.parse().ok()).collect();
    NewMember {
        email: text("email"),
        name: text("name"),
        user_id: None,
        role: None,
        roles: Some(form.all("roles").map(ToOwned::to_owned).collect()),
        expires_on: text("expires_on"),
        approval_steps: Some(form.all("approval_steps").map(ToOwned::to_owned).collect()),
        plan_ids: (!plans.is_empty()).then_some(plans),
    }
}

/// Whom tasks go to, as a form sends it.
pub(super) fn heir(form: &Form) -> Option<UserId> {
    form.get("transfer_to").and_then(|id| id.trim().parse().ok())
}

/// Whom tasks can go to.
pub(super) fn heirs(people: impl Iterator<Item = (UserId, String)>, t: &Text) -> Vec<Choice> {
    let nobody = Choice::new("", t.people.back_to_role, "");
    std::iter::once(nobody).chain(people.map(|(id, name)| Choice::new(id.to_string(), name, ""))).collect()
}
