//! A task as a row of a list, and the places where tasks are done.

use jiff::civil::Date;
use muster_domain::{
    ids::TaskId,
    people::MemberRole,
    tasks::{CompletedBy, TaskMove, TaskPlace, TaskType},
    workspace::WorkspaceTask,
};

use crate::{
    format,
    pages::surroundings::{person, priority, role_word, status},
    parts::{Action, TaskRow},
    recurrence,
    text::Text,
};

/// What a row needs to know besides its task.
pub(crate) struct Eyes<'a> {
    /// The words of the reader's language.
    pub(crate) t: &'static Text,
    /// The customer's day.
    pub(crate) today: Date,
    /// The reader belongs to the firm, and sees what waits on the customer.
    pub(crate) is_firm: bool,
    /// The reader may change tasks.
    pub(crate) may_change: bool,
    /// What a task's address begins with, such as `?mine=1&` or `/customers/5?`.
    pub(crate) base: &'a str,
    /// The task beside the tree.
    pub(crate) current: Option<TaskId>,
    /// The roles that somebody has at this customer, where a task of another role is to say so.
    pub(crate) roles_held: Option<&'a [MemberRole]>,
}

impl Eyes<'_> {
    /// The row of a task.
    pub(crate) fn row(&self, place: TaskPlace, task: &WorkspaceTask) -> TaskRow {
        let href = format!("{}task={}#task", self.base, task.id);
        TaskRow {
            id: task.id.to_string(),
            title: task.title.clone(),
            status: status(task.status, self.is_firm && task.waits_on_customer()),
            priority: priority(task.priority),
            needs_evidence: task.lacks_evidence(),
            assignee: task.assigned_to.as_ref().map(person),
            due: task.due_date.map(|due| format::due(due, self.today, task.status.is_open(), self.t)),
            recurs: task.recurrence.as_ref().filter(|_| task.status.is_open()).map(|pattern| recurrence::comes_back(pattern, self.t)),
            note: self.waits_for_member(task),
            place: None,
            action: self.action(place, task, &href),
            href,
            current: self.current == Some(task.id),
            pick: false,
            cell: None,
        }
    }

    /// A task of a role that nobody has yet waits for a member.
    fn waits_for_member(&self, task: &WorkspaceTask) -> Option<String> {
        let (held, role) = self.roles_held.zip(task.assignee_role)?;
        let waits = task.assigned_to.is_none() && task.status.is_open() && !role.is_held(held);
        waits.then(|| self.t.workspace.waits_for_member.with(role_word(role, self.t)))
    }

    /// What the status button does: the way to where the task is done, or the move that people
    /// mostly want. What lacks evidence opens instead of failing.
    fn action(&self, place: TaskPlace, task: &WorkspaceTask, href: &str) -> Action {
        if let Some(at) = done_at(place, &task.task_type, task.question_key.as_deref()) {
            return Action::Go(at);
        }
        if !self.may_change {
            return Action::None;
        }
        if task.lacks_evidence() {
            return Action::Go(href.to_owned());
        }
        let wanted = [TaskMove::Complete, TaskMove::Reopen, TaskMove::Start];
        wanted.iter().find(|one| one.apply(task.status).is_some()).map_or(Action::None, |one| Action::Move(one.as_str()))
    }
}

/// Where a task is done, if that is somewhere else: at its question, at the document to be reviewed,
/// approved, revised or read again.
pub(crate) fn done_at(place: TaskPlace, task_type: &TaskType, question_key: Option<&str>) -> Option<String> {
    const AT_DOCUMENT: [&str; 3] = [TaskType::REVIEW_DOCUMENT, TaskType::REVISE_DOCUMENT, TaskType::REREAD_DOCUMENT];
    if let Some(document) = place.document().filter(|_| AT_DOCUMENT.contains(&task_type.as_str())) {
        return Some(format!("/documents/{document}"));
    }
    match task_type.completed_by() {
        CompletedBy::Answer => {
            let (plan, template, key) = (place.plan()?, place.template()?, question_key?);
            Some(format!("/plans/{plan}/templates/{template}/questionnaire#q-{key}"))
        }
        CompletedBy::Approval => Some(format!("/documents/{}", place.document()?)),
        CompletedBy::Person | CompletedBy::Evidence => None,
    }
}
