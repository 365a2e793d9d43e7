//! The customer workspace.

mod ready;

pub(crate) use ready::ReadyAnswers;
pub use ready::{ReadyAnswer, ReadyFigures};

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

use muster_store::{Purpose, WorkspacePass};

use crate::{
    Context, Error, Result, Watcher, boxed,
    comments::{TaskTalk, talk_about},
    secrets,
    sessions::SESSION_IDLE,
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
    /// Lets whoever holds a session or a token see a customer's workspace. Of a session it is noted that it is used.
    ///
    /// # Errors
    /// As for [`Context::actor`], [`Context::token_actor`], and for reading the workspace.
    #[boxed]
    pub async fn open_workspace(&self, holder: &Watcher, customer: CustomerId) -> Result<WorkspacePass> {
        match holder {
            Watcher::Session(token) => {
                let (actor, pass) = self.open_workspace_in_session(token, customer, Purpose::Other).await?;
                if self.is_held_back(&actor) { Err(Error::TotpRequired) } else { pass }
            }
            Watcher::Token { text, network } => {
                let actor = self.token_actor(text, network).await?;
                self.workspace_pass(&actor, customer).await
            }
        }
    }

    /// Who holds a session, and whether they may see a customer's workspace: in one round trip. Whether they are
    /// held back is still to be asked.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] as for [`Context::actor`].
    #[boxed]
    pub async fn open_workspace_in_session(
        &self,
        token: &str,
        customer: CustomerId,
        purpose: Purpose,
    ) -> Result<(Actor, Result<WorkspacePass>)> {
        let opened = self.store.open_workspace(&secrets::hash(token), customer, purpose, self.now(), SESSION_IDLE).await?;
        let (actor, pass) = opened.ok_or(Error::Unauthenticated)?;
        Ok((actor, pass.map_err(Error::from)))
    }

    /// Lets somebody who is known already see a customer's workspace.
    ///
    /// # Errors
    /// As for reading the workspace.
    #[boxed]
    pub async fn workspace_pass(&self, actor: &Actor, customer: CustomerId) -> Result<WorkspacePass> {
        Ok(self.store.workspace_pass(actor, customer, self.now()).await?)
    }

    /// The whole workspace of a customer, as it is now.
    #[boxed]
    pub async fn workspace(&self, actor: &Actor, customer: CustomerId) -> Result<Workspace> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        Ok(reader.workspace().await?)
    }

    /// The workspace with all that its page shows, and one of its tasks in full.
    #[boxed]
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
    #[boxed]
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
