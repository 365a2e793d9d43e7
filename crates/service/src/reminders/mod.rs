//! Reminders: mails that the work itself brings about (`causes`), those that a day brings (`days`), and
//! what is looked at once more when one is sent (`sending`). Who wants which, people choose themselves
//! (`choices`).

mod causes;
mod choices;
mod days;
mod sending;
mod words;

use muster_domain::{
    account::Notification,
    ids::JobId,
    mail::{Mail, Mailbox},
    reminders::Cause,
    text::{Email, Name, TextError},
};
use muster_store::{CustomerWriter, NewReminder, Recipient};

pub use self::choices::Unsubscription;
pub(crate) use self::sending::{Verdict, readdressed};
use crate::{
    Context, Error, Result,
    mail::{Letter, Signature, compose_with_foot},
};

impl Context {
    /// Queues a reminder to each of some people, who are asked for only once.
    pub(crate) async fn remind(
        &self,
        writer: &mut CustomerWriter,
        to: &[Recipient],
        cause: Cause,
        letter: impl Fn(&Recipient) -> std::result::Result<Letter, TextError>,
    ) -> Result<()> {
        if to.is_empty() {
            return Ok(());
        }
        let firm = writer.firm_name().await?;
        for person in to {
            let letter = letter(person).map_err(Error::internal)?;
            let mail = self.reminder_mail(person, letter, &firm, cause.notification()).map_err(Error::internal)?;
            let id = JobId(self.ids.next());
            let new = NewReminder { id, message_id: &self.message_id(id), mail: &mail, to: person.id, cause };
            writer.queue_reminder(&new).await?;
        }
        Ok(())
    }

    fn reminder_mail(&self, to: &Recipient, letter: Letter, firm: &str, kind: Notification) -> std::result::Result<Mail, TextError> {
        let mailbox = Mailbox { name: Name::parse(&to.name).ok(), address: Email::parse(&to.email)? };
        let foot = words::FOOT.replace("{url}", &self.link("/profile#mails")).replace("{firm}", firm);
        let mail = compose_with_foot(mailbox, letter, Signature { name: firm, firm }, &foot)?;
        // A digest comes by itself, so it can be ended without signing in.
        let unsubscribe = (kind == Notification::WeeklyDigest).then(|| self.unsubscribe_link(to.id, kind));
        Ok(Mail { unsubscribe, ..mail })
    }
}
