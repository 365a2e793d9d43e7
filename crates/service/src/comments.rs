//! Comments on tasks, and the history that stands beside them.

use muster_domain::{
    access::{Action, Actor},
    audit::{AuditEntry, AuditNote},
    comments::{Comment, with_mentions},
    evidence::Evidence,
    ids::{CommentId, TaskId},
    people::Person,
    tasks::Task,
    text::Prose,
};
use muster_store::{CustomerReader, CustomerWriter, Page, Slice};
use serde_json::json;

use crate::{Context, Created, Once, Result, audit::Audited as _, boxed};

/// The most comments and entries that stand beside a task.
const BESIDE: Slice = Slice { limit: 200, offset: 0 };
/// The most entries of the log that stand beside a task.
const HISTORY: i64 = 40;

/// What was said and done about a task.
#[derive(Debug, Clone, Default)]
pub struct TaskTalk {
    /// What was said, the first first.
    pub comments: Vec<Comment>,
    /// What was done with it and with its evidence, the latest first.
    pub history: Vec<AuditEntry>,
}

/// What was said and done about a task. Its history stands beside it for everybody who sees the
/// task; the log as a whole is for those who may read it.
pub(crate) async fn talk_about(reader: &mut CustomerReader, task: &Task, evidence: &[Evidence]) -> Result<TaskTalk> {
    let mut subjects = vec![("task", task.id.to_string())];
    subjects.extend(evidence.iter().map(|one| ("evidence", one.id.to_string())));
    Ok(TaskTalk { comments: reader.comments(task.id, BESIDE).await?.items, history: reader.history_of(&subjects, HISTORY).await? })
}

impl Context {
    /// One page of what was said about a task, the first comment first.
    #[boxed]
    pub async fn comments(&self, actor: &Actor, task: TaskId, slice: Slice) -> Result<Page<Comment>> {
        let (customer, _) = self.store.locator(actor, self.now()).await?.customer_of_task(task).await?;
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        reader.task(task).await?;
        Ok(reader.comments(task, slice).await?)
    }

    /// Says something about a task. People of the customer and of the firm who are named in it, as
    /// `@Name`, are told.
    #[boxed]
    pub async fn add_comment(&self, actor: &Actor, task: TaskId, body: &Prose, once: &Once) -> Result<Created<Comment>> {
        let (customer, _) = self.store.locator(actor, self.now()).await?.customer_of_task(task).await?;
        let mut writer = self.store.writer(actor, customer, Action::Comment, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        let task = writer.task(task).await?;
        let people = writer.assignable_people().await?;
        let (stored, named) = with_mentions(body.as_str(), &people);
        let comment = Comment {
            id: CommentId(self.ids.next()),
            task_id: task.id,
            author: Person { id: actor.user_id(), name: actor.name().to_owned(), is_firm: actor.is_firm() },
            written_at: writer.at(),
            stored,
            mentions: people.into_iter().filter(|person| named.contains(&person.id)).collect(),
        };
        writer.insert_comment(comment.id, task.id, &comment.stored, &named).await?;
        let said = json!({ "comment": comment.text(), "mentions": comment.mentions });
        writer.note(AuditNote::made("task.commented", task.subject(), said));
        self.tell_mentioned(&mut writer, actor, &task, &comment).await?;
        let created = Created { value: comment, is_new: true };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Tells everybody whom a comment names, in the transaction that keeps it; whoever names
    /// themselves knows already. This is the one place where a mention becomes a message.
    async fn tell_mentioned(&self, writer: &mut CustomerWriter, actor: &Actor, task: &Task, comment: &Comment) -> Result<()> {
        let named: Vec<_> = comment.mentions.iter().map(|person| person.id).filter(|id| *id != comment.author.id).collect();
        self.remind_mentioned(writer, actor, task, (comment.id.0, &comment.text()), &named).await
    }
}
