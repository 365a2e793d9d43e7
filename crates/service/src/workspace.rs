//! The customer workspace.

use muster_domain::{
    access::{Action, Actor},
    customers::Customer,
    evidence::Evidence,
    ids::{CustomerId, TaskId},
    mail::MailState,
    people::{MemberRole, Person},
    plans::IgnoredItem,
    tasks::Task,
    workspace::Workspace,
};

use crate::{
    Context, Result,
    comments::{TaskTalk, talk_about},
};

/// A workspace with all that its page shows around it, read in one snapshot.
#[derive(Debug, Clone)]
pub struct WorkspaceView {
    /// The customer.
    pub customer: Customer,
    /// Everything there is to do.
    pub workspace: Workspace,
    /// Everything that is ignored, the latest first.
    pub ignored: Vec<IgnoredItem>,
    /// The people who can be given work.
    pub people: Vec<Person>,
    /// The roles that somebody has here: a task of another role waits for a member.
    pub roles_held: Vec<MemberRole>,
    /// The task that was asked for.
    pub task: Option<Task>,
    /// Where that task's mail stands.
    pub task_mail: Option<MailState>,
    /// That task's evidence, the first that came in first.
    pub task_evidence: Vec<Evidence>,
    /// What was said and done about that task.
    pub task_talk: TaskTalk,
}

/// One task with what its page shows around it, without the rest of the workspace.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// The customer.
    pub customer: Customer,
    /// The people who can be given work.
    pub people: Vec<Person>,
    /// The task.
    pub task: Task,
    /// Where its mail stands.
    pub task_mail: Option<MailState>,
    /// Its evidence, the first that came in first.
    pub task_evidence: Vec<Evidence>,
    /// What was said and done about it.
    pub task_talk: TaskTalk,
}

impl Context {
    /// The whole workspace of a customer, from one statement.
    pub async fn workspace(&self, actor: &Actor, customer: CustomerId) -> Result<Workspace> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        Ok(reader.workspace().await?)
    }

    /// The workspace with all that its page shows, and one of its tasks in full.
    pub async fn workspace_view(&self, actor: &Actor, customer: CustomerId, task: Option<TaskId>) -> Result<WorkspaceView> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        let task = match task {
            Some(id) => Some(reader.task(id).await?),
            None => None,
        };
        let mail = match &task {
            Some(task) if task.task_type.is_mail() => reader.task_mail(task.id).await?,
            _ => None,
        };
        let task_evidence = match &task {
            Some(task) => reader.evidence_serving(&[task.id]).await?,
            None => Vec::new(),
        };
        let task_talk = match &task {
            Some(task) => talk_about(&mut reader, task, &task_evidence).await?,
            None => TaskTalk::default(),
        };
        Ok(WorkspaceView {
            task_evidence,
            task_talk,
            task_mail: mail.map(|mail| self.mail_state(&mail)),
            customer: reader.customer().await?,
            workspace: reader.workspace().await?,
            ignored: reader.ignored_items().await?,
            people: reader.assignable_people().await?,
            roles_held: reader.roles_held().await?,
            task,
        })
    }

    /// One task of a customer as the workspace shows it.
    pub async fn task_view(&self, actor: &Actor, customer: CustomerId, task: TaskId) -> Result<TaskView> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        let task = reader.task(task).await?;
        let mail = if task.task_type.is_mail() { reader.task_mail(task.id).await? } else { None };
        let task_evidence = reader.evidence_serving(&[task.id]).await?;
        Ok(TaskView {
            task_talk: talk_about(&mut reader, &task, &task_evidence).await?,
            task_evidence,
            task_mail: mail.map(|mail| self.mail_state(&mail)),
            customer: reader.customer().await?,
            people: reader.assignable_people().await?,
            task,
        })
    }
}
