//! The worker of the outbox, the mail of a task, and the outbox itself.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    access::{Action, Actor},
    ids::{JobId, TaskId},
    mail::{Mail, MailState, Mailbox, Subject},
    tasks::{Task, TaskMove, TaskState, judge_move},
    text::{Email, Name, Prose},
};
use muster_store::{CustomerReader, JobListener, LeasedJob, NewMail, OutboxFilter, OutboxMail, Page, Slice, TaskMail};

use crate::{
    Conflict, Context, Error, Result,
    audit::{Notes as _, QueuedMail},
    boxed,
    evidence::without_expired_evidence,
    generation::come_back,
    mail::{Letter, Signature, compose, proposed},
    reminders::{Verdict, readdressed},
    tasks::refuse_ignored_task,
};

/// How long a worker may keep a job before another one takes it over.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// After so many attempts a mail is given up: about two days of trying.
pub const MAX_ATTEMPTS: i32 = 12;
/// How often it looks for documents that have to be read again, evidence that comes to its last day, and
/// whether a day has begun somewhere.
const LOOK_AT_DAYS: Duration = Duration::from_secs(5 * 60);
/// How often a worker looks for work that nobody told it of.
const LOOK: Duration = Duration::from_secs(5);

/// The mail of a task, and the task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailOfTask {
    /// The task.
    pub task: Task,
    /// The mail: as it was queued, or as it would be.
    pub mail: Mail,
    /// What was written between greeting and closing; none where the mail is queued already.
    pub body: Option<Prose>,
    /// Where it stands; none while it is only a preview.
    pub state: Option<MailState>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

/// What a person wrote instead of what is proposed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterChange {
    /// What it is about.
    pub subject: Option<Subject>,
    /// The text between greeting and closing.
    pub body: Option<Prose>,
}

impl Context {
    /// Whether mails go out, or are held until there is a mail server.
    pub fn has_mail_server(&self) -> bool {
        self.mailer.is_some()
    }

    /// The mail of a task as it was queued, or as it would be.
    #[boxed]
    pub async fn preview_task_mail(&self, actor: &Actor, id: TaskId, change: LetterChange) -> Result<MailOfTask> {
        let at = self.now();
        let (customer, _) = self.store.locator(actor, at).await?.customer_of_task(id).await?;
        let firm = self.firm_name().await?;
        let mut reader = self.store.reader(actor, customer, Action::SendMail, at).await?;
        let task = reader.task(id).await?;
        if let Some(mail) = reader.task_mail(id).await?.filter(|one| self.mail_state(one) != MailState::Failed) {
            return Ok(self.queued(task, mail));
        }
        let (mail, body) = self.write_mail(&mut reader, actor, &task, change, &firm).await?;
        Ok(MailOfTask { task, mail, body: Some(body), state: None, last_error: None })
    }

    /// Queues the mail of a task, once: asked again, it answers where that mail stands. One that
    /// was given up is written and queued anew.
    #[boxed]
    pub async fn send_task_mail(&self, actor: &Actor, id: TaskId, change: LetterChange) -> Result<MailOfTask> {
        let at = self.now();
        let (customer, _) = self.store.locator(actor, at).await?.customer_of_task(id).await?;
        let firm = self.firm_name().await?;
        let mut writer = self.store.writer(actor, customer, Action::SendMail, at).await?;
        let task = writer.lock_task(id).await?;
        if let Some(mail) = writer.task_mail(id).await?.filter(|one| self.mail_state(one) != MailState::Failed) {
            writer.leave().await?;
            return Ok(self.queued(task, mail));
        }
        let (mail, body) = self.write_mail(&mut writer, actor, &task, change, &firm).await?;
        let job = JobId(self.ids.next());
        let domain = self.mailer.as_ref().map_or("muster.localhost", |mailer| mailer.domain());
        let new = NewMail { id: job, message_id: &format!("{job}@{domain}"), mail: &mail, task: Some(id), is_secret: false };
        writer.queue_mail(&new).await?;
        let (subject, to) = (mail.subject.as_str(), mail.to.address.as_str());
        writer.note_made("mail.queued", &QueuedMail { id: job, subject, to, text: mail.text.as_str(), task_id: id })?;
        writer.commit().await?;
        let state = if self.has_mail_server() { MailState::Queued } else { MailState::Held };
        Ok(MailOfTask { task, mail, body: Some(body), state: Some(state), last_error: None })
    }

    /// Where the mail of a task stands, for whoever may read the task.
    #[boxed]
    pub async fn task_mail_state(&self, actor: &Actor, task: &Task) -> Result<Option<(MailState, Option<String>)>> {
        let mut reader = self.store.reader(actor, task.customer_id, Action::ReadWorkspace, self.now()).await?;
        Ok(reader.task_mail(task.id).await?.map(|mail| (self.mail_state(&mail), mail.last_error)))
    }

    /// One page of the outbox, the latest first.
    #[boxed]
    pub async fn outbox(&self, actor: &Actor, filter: OutboxFilter, slice: Slice) -> Result<Page<OutboxMail>> {
        Ok(self.store.outbox(actor, filter, slice).await?)
    }

    /// Has a mail that was given up tried again.
    #[boxed]
    pub async fn retry_mail(&self, actor: &Actor, id: JobId) -> Result<()> {
        Ok(self.store.retry_mail(actor, id, self.now()).await?)
    }

    pub(crate) fn mail_state(&self, mail: &TaskMail) -> MailState {
        MailState::of_job(mail.state, self.has_mail_server())
    }

    fn queued(&self, task: Task, mail: TaskMail) -> MailOfTask {
        let state = self.mail_state(&mail);
        MailOfTask { task, mail: mail.mail, body: None, state: Some(state), last_error: mail.last_error }
    }

    /// Writes the mail of a task to its customer, if the task is one that a mail completes.
    async fn write_mail(
        &self,
        reader: &mut CustomerReader,
        actor: &Actor,
        task: &Task,
        change: LetterChange,
        firm: &str,
    ) -> Result<(Mail, Prose)> {
        if !task.task_type.is_mail() {
            return Err(Error::Conflict(Conflict::NoMailTask));
        }
        refuse_ignored_task(task)?;
        // Evidence, if it is asked for, may also come after the mail.
        judge_move(&TaskState { requires_evidence: false, ..task.state() }, TaskMove::Complete)?;
        let customer = reader.customer().await?;
        let address = customer.email.as_deref().and_then(|email| Email::parse(email).ok());
        let address = address.ok_or(Error::Conflict(Conflict::NoMailAddress(task.customer_id)))?;
        let to = Mailbox { name: customer.contact_person.as_deref().and_then(|name| Name::parse(name).ok()), address };
        let proposal = proposed(task, firm).map_err(Error::internal)?;
        let letter = Letter { subject: change.subject.unwrap_or(proposal.subject), body: change.body.unwrap_or(proposal.body), link: None };
        let body = letter.body.clone();
        let mail = compose(to, letter, Signature { name: actor.name(), firm }).map_err(Error::internal)?;
        Ok((mail, body))
    }

    /// Does the next job that is due. `false`: there is none, or no mail server to do it with.
    ///
    /// Between the lease and its end lies no transaction, only the network. A worker that dies
    /// there leaves a job that another one does again.
    #[boxed]
    pub async fn run_one(&self) -> Result<bool> {
        let Some(mailer) = &self.mailer else { return Ok(false) };
        let Some(job) = self.store.lease_job(self.now(), LEASE).await? else { return Ok(false) };
        let to = match &job.reminder {
            None => None,
            Some(reminder) => match self.judge_reminder(reminder).await? {
                Verdict::Send(to) => to,
                Verdict::Wait(until) => return Ok(self.store.postpone_job(&job, until).await.map(|()| true)?),
                Verdict::Drop(why) => return Ok(self.store.drop_job(&job, why, self.now()).await.map(|()| true)?),
            },
        };
        let sent = match &job.mail {
            // Whoever took it the last time never came back, again and again.
            _ if job.attempts > MAX_ATTEMPTS => Err(("the worker stopped at it each time".to_owned(), true)),
            Ok(mail) => mailer
                .send(&readdressed(mail, to), &job.message_id, self.mail_sender().await?.as_ref())
                .await
                .map_err(|error| (error.why, error.is_final)),
            Err(error) => Err((error.clone(), true)),
        };
        match sent {
            Ok(()) => self.mark_sent(&job).await?,
            Err((why, is_final)) => {
                let at = self.now();
                let again = if is_final || job.attempts >= MAX_ATTEMPTS { None } else { Some(next_attempt(job.attempts, at)?) };
                self.store.fail_job(&job, &why, again, at).await?;
            }
        }
        Ok(true)
    }

    /// Notes that the server has the mail, and completes its task, in one transaction.
    async fn mark_sent(&self, job: &LeasedJob) -> Result<()> {
        let at = self.now();
        let Some(mut writer) = self.store.job_writer(job, at).await? else {
            self.store.finish_job(job, at).await?;
            return Ok(());
        };
        // The task is held first, as everywhere, so that nobody waits for the other the wrong way round.
        let task = match job.task {
            Some(id) => match writer.lock_task(id).await {
                // The mail is out, whatever became of the task.
                Err(muster_store::Error::NotFound) => None,
                found => Some(without_expired_evidence(&mut writer, found?).await?),
            },
            None => None,
        };
        if !writer.finish_job(job).await? {
            writer.leave().await?;
            return Ok(());
        }
        // A task that has meanwhile been cancelled, ignored or completed stays as people left it.
        if let Some(task) = task
            && let Ok(status) = judge_move(&task.state(), TaskMove::Complete)
        {
            writer.set_task_status(task.id, status).await?;
            come_back(&mut writer, &*self.ids, &task).await?;
            let after = writer.task(task.id).await?;
            writer.note_changed("task.completed", &task, &after)?;
        }
        writer.note(job.note("mail.sent"));
        Ok(writer.commit().await?)
    }

    /// Does what days bring: documents that have to be read again, evidence that ends, reminders.
    /// What goes wrong with one keeps nothing of the others back.
    async fn look_at_days(&self) -> Vec<Error> {
        let done = [self.raise_rereadings().await, self.raise_renewals().await, self.expire_evidence().await, self.remind_of_days().await];
        done.into_iter().filter_map(Result::err).collect()
    }

    /// Does jobs as they come, until dropped. It is told of new ones, and looks every few seconds
    /// besides. `report` gets what went wrong with the database; the next look may do better.
    pub async fn run_jobs(&self, report: impl Fn(&Error)) {
        let mut listener = None;
        let mut looked_at_days: Option<tokio::time::Instant> = None;
        loop {
            if looked_at_days.is_none_or(|at| at.elapsed() >= LOOK_AT_DAYS) {
                looked_at_days = Some(tokio::time::Instant::now());
                for error in self.look_at_days().await {
                    report(&error);
                }
            }
            match self.work_off_spreadsheets().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => report(&error),
            }
            match self.run_one().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => report(&error),
            }
            if listener.is_none() && self.has_mail_server() {
                listener = self.store.job_listener().await.ok();
            }
            if tokio::time::timeout(LOOK, heard(&mut listener)).await.is_ok_and(|is_alive| !is_alive) {
                listener = None;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Waits for a hint; without a listener for ever. `false`: the connection is gone.
async fn heard(listener: &mut Option<JobListener>) -> bool {
    match listener {
        Some(listener) => listener.heard().await.is_ok(),
        None => std::future::pending().await,
    }
}

/// Half a minute after the first attempt, four times as long after each further one, six hours at
/// most.
fn next_attempt(attempts: i32, at: Timestamp) -> Result<Timestamp> {
    let step = u32::try_from(attempts - 1).unwrap_or_default().min(6);
    let wait = SignedDuration::from_secs((30 * 4_i64.pow(step)).min(6 * 3600));
    at.checked_add(wait).map_err(Error::internal)
}
