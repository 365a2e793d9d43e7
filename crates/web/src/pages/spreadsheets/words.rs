//! Words for kinds, fields and states of imports.

use muster_domain::spreadsheets::{ImportField, ImportKind, ImportState};

use crate::{parts::Tone, text::Text};

/// The word for a kind.
pub(super) const fn kind(kind: ImportKind, t: &Text) -> &'static str {
    match kind {
        ImportKind::Customers => t.spreadsheets.customers,
        ImportKind::People => t.spreadsheets.people,
        ImportKind::Tasks => t.spreadsheets.tasks,
    }
}

/// The word for a state, how it is shown, and its icon.
pub(super) const fn state(state: ImportState, t: &Text) -> (&'static str, Tone, &'static str) {
    let w = &t.spreadsheets;
    match state {
        ImportState::Draft => (w.state_draft, Tone::Mute, "edit"),
        ImportState::Running => (w.state_running, Tone::Info, "progress"),
        ImportState::Done => (w.state_done, Tone::Ok, "done"),
        ImportState::TakingBack => (w.state_taking_back, Tone::Warn, "progress"),
        ImportState::Refused => (w.state_refused, Tone::Bad, "late"),
        ImportState::Undoing => (w.state_undoing, Tone::Info, "progress"),
        ImportState::Undone => (w.state_undone, Tone::Mute, "restore"),
    }
}

/// The word for what a column holds.
pub(super) const fn field(field: ImportField, t: &Text) -> &'static str {
    let w = &t.spreadsheets;
    match field {
        ImportField::Customer => w.f_customer,
        ImportField::Name => w.f_name,
        ImportField::Email => w.f_email,
        ImportField::ContactPerson => w.f_contact_person,
        ImportField::Phone => w.f_phone,
        ImportField::Address => w.f_address,
        ImportField::Website => w.f_website,
        ImportField::Description => w.f_description,
        ImportField::TimeZone => w.f_time_zone,
        ImportField::Role => w.f_role,
        ImportField::ExpiresOn => w.f_expires_on,
        ImportField::ApprovalSteps => w.f_approval_steps,
        ImportField::Plan => w.f_plan,
        ImportField::Template => w.f_template,
        ImportField::Title => w.f_title,
        ImportField::DueDate => w.f_due_date,
        ImportField::Priority => w.f_priority,
        ImportField::Assignee => w.f_assignee,
        ImportField::AssigneeRole => w.f_assignee_role,
        ImportField::RequiresEvidence => w.f_requires_evidence,
        ImportField::EvidenceDescription => w.f_evidence_description,
        ImportField::Notes => w.f_notes,
        ImportField::TaskType => w.f_task_type,
    }
}
