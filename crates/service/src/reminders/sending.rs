//! What is looked at once more when a reminder is sent: that may be hours after it was written.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    access::{Action, Actor},
    account::Notification,
    clock,
    evidence::EvidenceStatus,
    ids::{EvidenceId, TaskId},
    mail::{Mail, Mailbox},
    people::MemberRole,
    text::{Email, Name},
};
use muster_store::{CustomerReader, LeasedReminder, PersonNow};

use crate::{Context, Result};

/// What waited for longer, as while there was no mail server, is no news any more.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is to become of a reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes out, to the address that its reader has now.
    Send(Option<Mailbox>),
    /// It waits, because its reader wants quiet.
    Wait(Timestamp),
    /// It has lost its point.
    Drop(&'static str),
}

impl Context {
    /// Looks once more at a reminder: its reader has to be there, to want it, to be allowed to see what it
    /// is about, and this has to be as it was.
    pub(crate) async fn judge_reminder(&self, reminder: &LeasedReminder) -> Result<Verdict> {
        let at = self.now();
        if at.duration_since(reminder.queued_at) > LONGEST_WAIT {
            return Ok(Verdict::Drop("it waited too long to be news"));
        }
        let Some(person) = self.store.person_now(reminder.to).await? else { return Ok(Verdict::Drop("the person has left")) };
        if !person.notifications.contains(&reminder.kind) {
            return Ok(Verdict::Drop("the person does not want it"));
        }
        if let Some(why) = self.lost_point(&person.actor, reminder, at).await? {
            return Ok(Verdict::Drop(why));
        }
        let zone = person.actor.time_zone();
        match person.quiet_hours.and_then(|hours| hours.over_at(at, &zone)) {
            Some(over) => Ok(Verdict::Wait(over)),
            None => Ok(Verdict::Send(mailbox(&person))),
        }
    }

    /// Why nobody needs it any more; none where it is as it was.
    async fn lost_point(&self, actor: &Actor, reminder: &LeasedReminder, at: Timestamp) -> Result<Option<&'static str>> {
        const NO_ACCESS: &str = "the person may not see it";
        const CHANGED: &str = "it has changed since";
        let mut reader = match self.store.reader(actor, reminder.customer, Action::ReadWorkspace, at).await {
            Ok(reader) => reader,
            Err(muster_store::Error::NotFound | muster_store::Error::Forbidden(_)) => return Ok(Some(NO_ACCESS)),
            Err(error) => return Err(error.into()),
        };
        let today = clock::day_in(at, "UTC");
        let held = actor.roles_for(reminder.customer, today);
        let found = match reminder.kind {
            Notification::DueSoon | Notification::Overdue => Ok(true),
            Notification::WeeklyDigest => return Ok((!held.contains(&MemberRole::Manager)).then_some(NO_ACCESS)),
            Notification::EvidenceSentBack => sent_back(&mut reader, reminder).await,
            Notification::Assignment | Notification::Mention | Notification::ApprovalWanted => {
                is_as_it_was(&mut reader, actor, reminder, today).await
            }
        };
        match found {
            Ok(true) => Ok(None),
            Ok(false) => Ok(Some(CHANGED)),
            Err(muster_store::Error::NotFound) => Ok(Some(NO_ACCESS)),
            Err(error) => Err(error.into()),
        }
    }
}

fn mailbox(person: &PersonNow) -> Option<Mailbox> {
    let address = Email::parse(person.actor.email()).ok()?;
    Some(Mailbox { name: Name::parse(person.actor.name()).ok(), address })
}

async fn sent_back(reader: &mut CustomerReader, reminder: &LeasedReminder) -> muster_store::Result<bool> {
    let evidence = reader.evidence(EvidenceId(reminder.about.unwrap_or_default())).await?;
    Ok(evidence.status == EvidenceStatus::Rejected && evidence.replaced_by.is_none())
}

async fn is_as_it_was(
    reader: &mut CustomerReader,
    actor: &Actor,
    reminder: &LeasedReminder,
    today: jiff::civil::Date,
) -> muster_store::Result<bool> {
    let task = reader.task(TaskId(reminder.about.unwrap_or_default())).await?;
    let is_there = task.ignored.is_none() && !task.is_hidden;
    Ok(is_there
        && match reminder.kind {
            Notification::Assignment => {
                task.status.is_open() && task.assigned_to.as_ref().is_some_and(|person| person.id == actor.user_id())
            }
            Notification::ApprovalWanted => {
                let step = task.approval_step.as_deref().unwrap_or_default();
                task.status.is_open() && actor.holds_step(reminder.customer, today, step)
            }
            _ => true,
        })
}

/// The mail to the address that its reader has now.
pub(crate) fn readdressed(mail: &Mail, to: Option<Mailbox>) -> Mail {
    Mail { to: to.unwrap_or_else(|| mail.to.clone()), ..mail.clone() }
}
