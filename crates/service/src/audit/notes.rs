//! What use cases note in the audit log.

use muster_domain::{
    answers::Answer,
    audit::{AuditNote, Subject, hex},
    customers::Customer,
    documents::Document,
    evidence::Evidence,
    firm::Firm,
    ids::{JobId, TaskId, UserId},
    people::{FirmPerson, Member},
    plans::{Assignment, Plan},
    respondents::RespondentDetails,
    rules::TaskRule,
    tasks::Task,
    templates::{ReleaseContent, Standard, Template},
    tokens::TokenDetails,
};
use muster_store::{CustomerWriter, FirmWriter, LibraryWriter, PeopleWriter, TokenWriter};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Error, Result, secrets};

/// Something whose changes are noted.
pub(crate) trait Audited: Serialize {
    /// What it is called in the log.
    fn subject(&self) -> Subject;

    /// What is written down of it.
    fn state(&self) -> Result<Value> {
        serde_json::to_value(self).map_err(Error::internal)
    }
}

fn subject(kind: &str, id: impl ToString, title: &str) -> Subject {
    Subject { kind: kind.to_owned(), id: id.to_string(), title: title.to_owned() }
}

impl Audited for Customer {
    fn subject(&self) -> Subject {
        subject("customer", self.id, &self.name)
    }
}

impl Audited for Plan {
    fn subject(&self) -> Subject {
        subject("plan", self.id, &self.iso_code)
    }
}

impl Audited for Assignment {
    fn subject(&self) -> Subject {
        subject("template", format_args!("{}/{}", self.plan_id, self.template_id), &self.template_name)
    }
}

impl Audited for Task {
    fn subject(&self) -> Subject {
        subject("task", self.id, &self.title)
    }
}

impl Audited for Document {
    fn subject(&self) -> Subject {
        subject("document", self.id, &self.name)
    }

    /// The answers are in the log already, and the text is in the release.
    fn state(&self) -> Result<Value> {
        let mut state = serde_json::to_value(self).map_err(Error::internal)?;
        let content = state.as_object_mut().and_then(|fields| fields.remove("content"));
        if let (Some(content), Some(fields)) = (content, state.as_object_mut()) {
            fields.insert("content_sha256".to_owned(), hex(&secrets::hash(&content.to_string())).into());
        }
        Ok(state)
    }
}

impl Audited for Evidence {
    fn subject(&self) -> Subject {
        subject("evidence", self.id, &self.filename)
    }
}

/// A document with what has just been decided on it.
#[derive(Serialize)]
pub(crate) struct DecidedDocument<'a> {
    #[serde(skip)]
    pub(crate) document: &'a Document,
    /// Further fields of the entry: the step, the reason, the hash of what was approved.
    #[serde(skip)]
    pub(crate) facts: &'a [(&'static str, Value)],
}

impl Audited for DecidedDocument<'_> {
    fn subject(&self) -> Subject {
        self.document.subject()
    }

    fn state(&self) -> Result<Value> {
        let mut state = self.document.state()?;
        if let Some(fields) = state.as_object_mut() {
            fields.extend(self.facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        }
        Ok(state)
    }
}

impl Audited for TaskRule {
    fn subject(&self) -> Subject {
        subject("task_rule", self.id, &self.title)
    }
}

impl Audited for Template {
    fn subject(&self) -> Subject {
        subject("template", self.id, &self.name)
    }
}

/// A draft as it was saved: its content by its hash.
pub(crate) struct DraftedTemplate<'a> {
    pub(crate) template: &'a Template,
    pub(crate) content: &'a ReleaseContent,
}

impl Serialize for DraftedTemplate<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        use sha2::Digest as _;
        let canonical = serde_json::to_vec(self.content).map_err(serde::ser::Error::custom)?;
        let sha256 = hex(&sha2::Sha256::digest(canonical));
        json!({ "version": self.template.version, "question_count": self.content.questions.len(), "content_sha256": sha256 })
            .serialize(serializer)
    }
}

impl Audited for DraftedTemplate<'_> {
    fn subject(&self) -> Subject {
        self.template.subject()
    }
}

impl Audited for Standard {
    fn subject(&self) -> Subject {
        subject("standard", self.id, &self.code)
    }
}

impl Audited for TokenDetails {
    fn subject(&self) -> Subject {
        subject("api_token", self.id, &self.name)
    }
}

impl Audited for Member {
    fn subject(&self) -> Subject {
        subject("member", self.user_id, &self.name)
    }
}

impl Audited for Firm {
    fn subject(&self) -> Subject {
        subject("firm", 1, &self.name)
    }
}

impl Audited for FirmPerson {
    fn subject(&self) -> Subject {
        subject("user", self.user_id, &self.name)
    }
}

/// Open tasks that went from one person to another, or back to their role.
#[derive(Serialize)]
pub(crate) struct TransferredTasks<'a> {
    #[serde(skip)]
    pub(crate) from: &'a Member,
    #[serde(rename = "transferred_to")]
    pub(crate) to: Option<UserId>,
    #[serde(rename = "transferred_tasks")]
    pub(crate) tasks: u64,
}

impl Audited for TransferredTasks<'_> {
    fn subject(&self) -> Subject {
        self.from.subject()
    }
}

/// An answer is known by the plan and the template that it stands in.
#[derive(Serialize)]
pub(crate) struct AnswerIn<'a> {
    #[serde(skip)]
    pub(crate) place: &'a Assignment,
    #[serde(flatten)]
    pub(crate) answer: &'a Answer,
}

impl Audited for AnswerIn<'_> {
    fn subject(&self) -> Subject {
        let id = format_args!("{}/{}/{}", self.place.plan_id, self.place.template_id, self.answer.question_key).to_string();
        subject("answer", id, &format!("{}: {}", self.place.template_name, self.answer.question_key))
    }
}

/// A question that was delegated to somebody without an account.
#[derive(Serialize)]
pub(crate) struct DelegatedQuestion<'a> {
    #[serde(skip)]
    pub(crate) place: &'a Assignment,
    #[serde(skip)]
    pub(crate) key: &'a str,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    pub(crate) until: jiff::Timestamp,
}

impl Audited for DelegatedQuestion<'_> {
    fn subject(&self) -> Subject {
        let id = format!("{}/{}/{}", self.place.plan_id, self.place.template_id, self.key);
        subject("answer", id, &format!("{}: {}", self.place.template_name, self.key))
    }
}

impl Audited for RespondentDetails {
    fn subject(&self) -> Subject {
        subject("respondent", self.id, &self.name)
    }
}

/// A rule that was applied to a customer's plans, templates or documents.
#[derive(Serialize)]
pub(crate) struct AppliedRule<'a> {
    #[serde(skip)]
    pub(crate) rule: &'a TaskRule,
    pub(crate) tasks: usize,
}

impl Audited for AppliedRule<'_> {
    fn subject(&self) -> Subject {
        self.rule.subject()
    }
}

/// A template of a plan that was brought to a newer release.
#[derive(Serialize)]
pub(crate) struct UpgradedTemplate<'a> {
    #[serde(flatten)]
    pub(crate) assignment: &'a Assignment,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tasks_made: Vec<TaskId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tasks_restored: Vec<TaskId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tasks_ignored: Vec<TaskId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tasks_reopened: Vec<TaskId>,
    /// The keys of answers that have to be given again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) answers_to_give_again: Vec<String>,
}

impl<'a> UpgradedTemplate<'a> {
    /// The assignment with nothing done to its tasks.
    pub(crate) const fn of(assignment: &'a Assignment) -> Self {
        Self {
            assignment,
            tasks_made: Vec::new(),
            tasks_restored: Vec::new(),
            tasks_ignored: Vec::new(),
            tasks_reopened: Vec::new(),
            answers_to_give_again: Vec::new(),
        }
    }
}

impl Audited for UpgradedTemplate<'_> {
    fn subject(&self) -> Subject {
        self.assignment.subject()
    }
}

/// The mail of a task in the outbox.
#[derive(Serialize)]
pub(crate) struct QueuedMail<'a> {
    #[serde(skip)]
    pub(crate) id: JobId,
    #[serde(skip)]
    pub(crate) subject: &'a str,
    pub(crate) to: &'a str,
    pub(crate) text: &'a str,
    pub(crate) task_id: TaskId,
}

impl Audited for QueuedMail<'_> {
    fn subject(&self) -> Subject {
        subject("mail", self.id, self.subject)
    }
}

/// A writer in which a use case notes what it does.
pub(crate) trait Notes {
    /// Keeps a note until the commit.
    fn keep(&mut self, note: AuditNote);

    /// Notes that something is there now.
    fn note_made(&mut self, action: &'static str, made: &impl Audited) -> Result<()> {
        self.keep(AuditNote::made(action, made.subject(), made.state()?));
        Ok(())
    }

    /// Notes that something is there now, and the tasks that came with it.
    fn note_made_with_tasks(&mut self, action: &'static str, made: &impl Audited, tasks: &[Task]) -> Result<()> {
        let mut state = made.state()?;
        if let Some(fields) = state.as_object_mut() {
            let tasks: Vec<Value> = tasks.iter().map(|task| json!({ "id": task.id, "title": task.title })).collect();
            fields.insert("generated_tasks".to_owned(), tasks.into());
        }
        self.keep(AuditNote::made(action, made.subject(), state));
        Ok(())
    }

    /// Notes that something was read or taken out.
    fn note_read(&mut self, action: &'static str, read: &impl Audited) {
        self.keep(AuditNote::read(action, read.subject()));
    }

    /// Notes that something has changed.
    fn note_changed<T: Audited>(&mut self, action: &'static str, before: &T, after: &T) -> Result<()> {
        self.keep(AuditNote::changed(action, after.subject(), before.state()?, after.state()?));
        Ok(())
    }
}

impl Notes for CustomerWriter {
    fn keep(&mut self, note: AuditNote) {
        self.note(note);
    }
}

impl Notes for FirmWriter {
    fn keep(&mut self, note: AuditNote) {
        self.note(note);
    }
}

impl Notes for PeopleWriter {
    fn keep(&mut self, note: AuditNote) {
        self.note(note);
    }
}

impl Notes for LibraryWriter {
    fn keep(&mut self, note: AuditNote) {
        self.note(note);
    }
}

impl Notes for TokenWriter {
    fn keep(&mut self, note: AuditNote) {
        self.note(note);
    }
}
