//! What was just done, carried to the next page and said there.

use crate::{
    layout::{Toast, Undo},
    text::Text,
};

/// Something that was just done, said on the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// The task with this id was ignored.
    TaskIgnored(String),
    /// The plan with this id was ignored.
    PlanIgnored(String),
    /// The template with the second id was ignored in the plan with the first.
    TemplateIgnored(String, String),
    /// Something was restored.
    Restored,
    /// Something was saved.
    Saved,
    /// A draft was discarded.
    DraftDiscarded,
    /// A template was released.
    Released,
    /// The password is another.
    PasswordChanged,
    /// A session has ended.
    SessionEnded,
    /// All other sessions have ended.
    SessionsEnded,
    /// Two-step sign-in is off.
    TotpOff,
    /// A plan has a release of a template now.
    Upgraded(i32),
    /// So many tasks were made.
    TasksMade(usize),
    /// So many tasks went to somebody else.
    TasksTransferred(usize),
    /// So many tasks of the older database were put where they belong.
    LegacyPlaced(usize),
    /// A mail goes out.
    MailQueued,
    /// A mail waits for a mail server.
    MailHeld,
    /// A token was revoked.
    TokenRevoked,
    /// Somebody was asked to answer.
    Asked,
    /// The links of a respondent were revoked.
    LinkRevoked,
    /// A file was handed in.
    HandedIn,
    /// Evidence was accepted.
    EvidenceAccepted,
    /// Evidence was sent back.
    EvidenceSentBack,
    /// A document was handed in.
    DocumentSubmitted,
    /// A document was taken back.
    DocumentWithdrawn,
    /// A review was completed.
    DocumentReviewed,
    /// A document was approved, and others decide next.
    DocumentApproved,
    /// A document was approved by everybody.
    DocumentInForce,
    /// A document was sent back.
    DocumentSentBack,
    /// So many tasks were changed together; the id takes it back.
    TasksChanged(String, usize),
    /// So many tasks are as they were before.
    TasksPutBack(usize),
    /// No task was picked.
    NothingPicked,
    /// Somebody keeps as many views as they may.
    TooManyViews,
}

impl Said {
    pub(super) fn write(&self) -> String {
        match self {
            Self::TaskIgnored(id) => format!("task-ignored.{id}"),
            Self::PlanIgnored(id) => format!("plan-ignored.{id}"),
            Self::TemplateIgnored(plan, template) => format!("template-ignored.{plan}.{template}"),
            Self::Restored => "restored".to_owned(),
            Self::Saved => "saved".to_owned(),
            Self::DraftDiscarded => "draft-discarded".to_owned(),
            Self::Released => "released".to_owned(),
            Self::MailQueued => "mail-queued".to_owned(),
            Self::MailHeld => "mail-held".to_owned(),
            Self::PasswordChanged => "password-changed".to_owned(),
            Self::SessionEnded => "session-ended".to_owned(),
            Self::SessionsEnded => "sessions-ended".to_owned(),
            Self::TotpOff => "totp-off".to_owned(),
            Self::TokenRevoked => "token-revoked".to_owned(),
            Self::Asked => "asked".to_owned(),
            Self::LinkRevoked => "link-revoked".to_owned(),
            Self::Upgraded(release) => format!("upgraded.{release}"),
            Self::HandedIn => "handed-in".to_owned(),
            Self::EvidenceAccepted => "evidence-accepted".to_owned(),
            Self::EvidenceSentBack => "evidence-sent-back".to_owned(),
            Self::DocumentSubmitted => "document-submitted".to_owned(),
            Self::DocumentWithdrawn => "document-withdrawn".to_owned(),
            Self::DocumentReviewed => "document-reviewed".to_owned(),
            Self::DocumentApproved => "document-approved".to_owned(),
            Self::DocumentInForce => "document-in-force".to_owned(),
            Self::DocumentSentBack => "document-sent-back".to_owned(),
            Self::TasksChanged(batch, count) => format!("tasks-changed.{batch}.{count}"),
            Self::TasksPutBack(count) => format!("tasks-put-back.{count}"),
            Self::NothingPicked => "nothing-picked".to_owned(),
            Self::TooManyViews => "too-many-views".to_owned(),
            Self::TasksMade(count) => format!("tasks-made.{count}"),
            Self::TasksTransferred(count) => format!("tasks-transferred.{count}"),
            Self::LegacyPlaced(count) => format!("legacy-placed.{count}"),
        }
    }

    /// Reads a message back. Only ids and numbers are taken: the cookie could hold anything.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let kind = parts.next()?;
        let mut id = || parts.next().and_then(|part| uuid::Uuid::try_parse(part).ok()).map(|id| id.to_string());
        Some(match kind {
            "task-ignored" => Self::TaskIgnored(id()?),
            "plan-ignored" => Self::PlanIgnored(id()?),
            "template-ignored" => Self::TemplateIgnored(id()?, id()?),
            "tasks-changed" => Self::TasksChanged(id()?, text.split('.').nth(2)?.parse().ok()?),
            "tasks-put-back" => Self::TasksPutBack(text.split('.').nth(1)?.parse().ok()?),
            "nothing-picked" => Self::NothingPicked,
            "too-many-views" => Self::TooManyViews,
            "restored" => Self::Restored,
            "saved" => Self::Saved,
            "draft-discarded" => Self::DraftDiscarded,
            "released" => Self::Released,
            "mail-queued" => Self::MailQueued,
            "mail-held" => Self::MailHeld,
            "password-changed" => Self::PasswordChanged,
            "session-ended" => Self::SessionEnded,
            "sessions-ended" => Self::SessionsEnded,
            "totp-off" => Self::TotpOff,
            "token-revoked" => Self::TokenRevoked,
            "asked" => Self::Asked,
            "link-revoked" => Self::LinkRevoked,
            "handed-in" => Self::HandedIn,
            "evidence-accepted" => Self::EvidenceAccepted,
            "evidence-sent-back" => Self::EvidenceSentBack,
            "document-submitted" => Self::DocumentSubmitted,
            "document-withdrawn" => Self::DocumentWithdrawn,
            "document-reviewed" => Self::DocumentReviewed,
            "document-approved" => Self::DocumentApproved,
            "document-in-force" => Self::DocumentInForce,
            "document-sent-back" => Self::DocumentSentBack,
            "tasks-transferred" => Self::TasksTransferred(text.split('.').nth(1)?.parse().ok()?),
            "legacy-placed" => Self::LegacyPlaced(text.split('.').nth(1)?.parse().ok()?),
            "upgraded" => Self::Upgraded(text.split('.').nth(1)?.parse().ok()?),
            "tasks-made" => Self::TasksMade(text.split('.').nth(1)?.parse().ok()?),
            _ => return None,
        })
    }

    pub(super) fn toast(&self, t: &Text) -> Toast {
        let undo = |action: String| Some(Undo { action, fields: Vec::new() });
        match self {
            Self::TaskIgnored(id) => Toast { text: t.said.task_ignored.to_owned(), undo: undo(format!("/tasks/{id}/restore")) },
            Self::PlanIgnored(id) => Toast { text: t.said.plan_ignored.to_owned(), undo: undo(format!("/plans/{id}/restore")) },
            Self::TemplateIgnored(plan, template) => {
                Toast { text: t.said.template_ignored.to_owned(), undo: undo(format!("/plans/{plan}/templates/{template}/restore")) }
            }
            Self::TasksChanged(_, 0) => Toast { text: t.bulk.nothing_changed.to_owned(), undo: None },
            Self::TasksChanged(batch, count) => Toast { text: t.bulk.changed.n(*count), undo: undo(format!("/tasks/bulk/{batch}/undo")) },
            Self::TasksPutBack(count) => Toast { text: t.bulk.put_back.n(*count), undo: None },
            Self::NothingPicked => Toast { text: t.bulk.nothing_picked.to_owned(), undo: None },
            Self::TooManyViews => Toast { text: t.views.too_many.to_owned(), undo: None },
            Self::Restored => Toast { text: t.said.restored.to_owned(), undo: None },
            Self::Saved => Toast { text: t.said.saved.to_owned(), undo: None },
            Self::DraftDiscarded => Toast { text: t.said.draft_discarded.to_owned(), undo: None },
            Self::Released => Toast { text: t.said.released.to_owned(), undo: None },
            Self::MailQueued => Toast { text: t.said.mail_queued.to_owned(), undo: None },
            Self::Asked => Toast { text: t.said.asked.to_owned(), undo: None },
            Self::LinkRevoked => Toast { text: t.said.link_revoked.to_owned(), undo: None },
            Self::HandedIn => Toast { text: t.said.handed_in.to_owned(), undo: None },
            Self::EvidenceAccepted => Toast { text: t.said.evidence_accepted.to_owned(), undo: None },
            Self::EvidenceSentBack => Toast { text: t.said.evidence_sent_back.to_owned(), undo: None },
            Self::DocumentSubmitted => Toast { text: t.said.document_submitted.to_owned(), undo: None },
            Self::DocumentWithdrawn => Toast { text: t.said.document_withdrawn.to_owned(), undo: None },
            Self::DocumentReviewed => Toast { text: t.said.document_reviewed.to_owned(), undo: None },
            Self::DocumentApproved => Toast { text: t.said.document_approved.to_owned(), undo: None },
            Self::DocumentInForce => Toast { text: t.said.document_in_force.to_owned(), undo: None },
            Self::DocumentSentBack => Toast { text: t.said.document_sent_back.to_owned(), undo: None },
            Self::TokenRevoked => Toast { text: t.said.token_revoked.to_owned(), undo: None },
            Self::MailHeld => Toast { text: t.said.mail_held.to_owned(), undo: None },
            Self::PasswordChanged => Toast { text: t.said.password_changed.to_owned(), undo: None },
            Self::SessionEnded => Toast { text: t.said.session_ended.to_owned(), undo: None },
            Self::SessionsEnded => Toast { text: t.said.sessions_ended.to_owned(), undo: None },
            Self::TotpOff => Toast { text: t.said.totp_off.to_owned(), undo: None },
            Self::TasksTransferred(count) => Toast { text: t.said.tasks_transferred.n(*count), undo: None },
            Self::LegacyPlaced(count) => Toast { text: t.legacy.saved.n(*count), undo: None },
            Self::Upgraded(release) => Toast { text: t.upgrade.done.with(release), undo: None },
            Self::TasksMade(count) => Toast { text: t.said.tasks_made.n(u64::try_from(*count).unwrap_or_default()), undo: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_as_they_were() {
        let id = || "0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11".to_owned();
        for said in
            [Said::TaskIgnored(id()), Said::TemplateIgnored(id(), id()), Said::Saved, Said::TasksMade(7), Said::TasksChanged(id(), 3)]
        {
            assert_eq!(Said::read(&said.write()), Some(said));
        }
        assert_eq!(Said::read("task-ignored.<script>"), None);
        assert_eq!(Said::read("anything"), None);
    }
}
