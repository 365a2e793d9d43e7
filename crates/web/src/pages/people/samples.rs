//! Samples of the pages of people.

use muster_domain::people::MembershipStatus;

use super::view::{ROLES, role_word};
use super::*;
use crate::samples::{Sampled, consultant, member};
use crate::text::ENGLISH;

fn row(name: &str, roles: &str, status: MembershipStatus, details: &[&str]) -> PersonRow {
    let (standing, tone) = match status {
        MembershipStatus::Invited => (ENGLISH.people.invited, "info"),
        MembershipStatus::Active => (ENGLISH.people.active, "ok"),
        _ => (ENGLISH.people.suspended, "warn"),
    };
    PersonRow {
        name: name.into(),
        email: "elena.brandt@acme.example".into(),
        firm: false,
        roles: roles.into(),
        standing,
        tone,
        details: details.iter().map(|line| (*line).to_owned()).collect(),
        open_tasks: 3,
        customers: 2,
        last_seen: None,
        href: Some("/customers/5/people/7".into()),
    }
}

fn terms(single: bool) -> TermsForm {
    TermsForm {
        roles: ROLES
            .iter()
            .map(|role| RoleChoice { value: role.as_str(), label: role_word(*role, &ENGLISH), about: "Reads, until a date", chosen: false })
            .collect(),
        roles_error: Field::default(),
        single,
        expires_on: (!single).then(Field::default),
        steps: vec![Choice::new("ciso", "ciso", "ciso"), Choice::new("manager", "manager", "ciso")],
        steps_error: Field::default(),
        plans: vec![Choice::new("p1", "ISO 27001:2022", "")],
        plans_error: Field::default(),
    }
}

impl Sampled for PeoplePage {
    const NAME: &'static str = "people";

    fn samples() -> Vec<(&'static str, Self)> {
        let full = Self {
            layout: consultant("People", Nav::Portfolio),
            crumbs: vec![Crumb::to("Portfolio", "/"), Crumb::to("Acme Corp", "/customers/5"), Crumb::here("People")],
            title: "People of Acme Corp".into(),
            about: ENGLISH.people.about,
            base: "/customers/5/people".into(),
            rows: vec![
                row("Sophie Martens", "Manager", MembershipStatus::Active, &[]),
                row("Elena Brandt", "Approver", MembershipStatus::Active, &["approves: manager, ciso"]),
                row("ليلى حداد", "Contributor", MembershipStatus::Invited, &["invitation good until 24 Mar 2026, 10:00"]),
                row("Tomasz Zieliński", "Auditor", MembershipStatus::Suspended, &["until 31 Dec 2026", "sees one plan"]),
            ],
            of_firm: false,
            invite: Some(InviteForm { terms: terms(false), ..InviteForm::default() }),
            consultants: Some(vec![Choice::new("2", "Jonas Weidner", "")]),
            link: None,
            held: true,
        };
        let refused = InviteForm {
            email: Field::refused("elena", "Enter an address like name@example.org."),
            terms: TermsForm { roles_error: Field::refused("", "Choose one of the options."), ..terms(false) },
            unfolded: true,
            ..InviteForm::default()
        };
        let link = NewLink {
            name: "Elena Brandt".into(),
            url: "https://muster.example/invitations/0af3".into(),
            until: "24 Mar 2026, 10:00".into(),
        };
        let reader = Self {
            layout: member("People", Nav::Workspace),
            rows: full.rows.iter().cloned().map(|row| PersonRow { href: None, ..row }).collect(),
            invite: None,
            consultants: None,
            held: false,
            ..full.clone()
        };
        let firm = Self {
            crumbs: vec![Crumb::here("People of the firm")],
            title: "People of the firm".into(),
            base: "/people".into(),
            of_firm: true,
            invite: Some(InviteForm { terms: TermsForm { steps: Vec::new(), plans: Vec::new(), ..terms(true) }, ..InviteForm::default() }),
            consultants: None,
            ..full.clone()
        };
        vec![
            ("refused", Self { invite: Some(refused), ..full.clone() }),
            ("link", Self { link: Some(link), ..full.clone() }),
            ("empty", Self { rows: Vec::new(), consultants: Some(Vec::new()), ..full.clone() }),
            ("reader", reader),
            ("firm", firm),
            ("full", full),
        ]
    }
}

impl Sampled for PersonPage {
    const NAME: &'static str = "person";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            layout: consultant("Elena Brandt", Nav::Portfolio),
            crumbs: vec![Crumb::to("Acme Corp", "/customers/5"), Crumb::to("People", "/customers/5/people"), Crumb::here("Elena Brandt")],
            base: "/customers/5/people/7".into(),
            back: "/customers/5/people".into(),
            person: row("Elena Brandt", "Approver", MembershipStatus::Active, &[]),
            version: 2,
            terms: Some(terms(false)),
            stale: false,
            suspended: false,
            invited: false,
            may_transfer: true,
            may_reset: true,
            heirs: vec![Choice::new("", ENGLISH.people.back_to_role, ""), Choice::new("3", "Sophie Martens", "")],
            suspend_about: ENGLISH.people.suspend_about,
            remove_about: ENGLISH.people.remove_about,
            link: None,
        };
        let invited = Self { invited: true, stale: true, ..plain.clone() };
        let suspended = Self { suspended: true, may_transfer: false, ..plain.clone() };
        let oneself = Self { terms: None, ..plain.clone() };
        vec![("plain", plain), ("invited", invited), ("suspended", suspended), ("oneself", oneself)]
    }
}
