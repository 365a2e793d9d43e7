//! Calendars that other programs read, by a secret link: a person's own, and a customer's.

use jiff::{Span, Timestamp, civil::Date};
use muster_domain::{
    access::{Action, Actor},
    audit::{AuditNote, Subject},
    calendar::{CalendarEntry, calendar},
    ids::CustomerId,
};
use muster_store::{CalendarDay, DayKind, DaysWanted, NewCalendarLink};
use serde_json::json;
use uuid::Uuid;

use crate::{Context, Error, Result, account::note, audit::Notes as _, boxed, secrets};

/// Days that lie back further are in no calendar.
const BACK: i64 = 92;
/// Nor are those that are further away.
const AHEAD: i64 = 3 * 366;
/// The most days of one calendar.
const MOST: i64 = 2000;

/// A calendar as it is given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFile {
    /// The calendar, as RFC 5545 has it.
    pub text: String,
    /// Stands for just this text.
    pub tag: String,
}

impl Context {
    /// Gives the actor a new link to the calendar of what is their own, and ends the one before. The
    /// link is told here and never again.
    #[boxed]
    pub async fn make_calendar_link(&self, actor: &Actor) -> Result<String> {
        let (secret, id) = (secrets::draw(), self.ids.next());
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        writer.put_calendar_link(NewCalendarLink { id, secret_hash: &secrets::hash(&secret) }).await?;
        note(&mut writer, "account.calendar_made").await?;
        writer.commit().await?;
        Ok(self.calendar_address(&secret))
    }

    /// Ends the actor's link. Where there is none, nothing changes.
    #[boxed]
    pub async fn revoke_calendar_link(&self, actor: &Actor) -> Result<()> {
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        if writer.remove_calendar_link().await? {
            note(&mut writer, "account.calendar_revoked").await?;
        }
        Ok(writer.commit().await?)
    }

    /// When the actor's link was made, if they have one.
    #[boxed]
    pub async fn calendar_link_made_at(&self, actor: &Actor) -> Result<Option<Timestamp>> {
        let mut writer = self.store.account_writer(actor, self.now()).await?;
        Ok(writer.calendar_link_made_at().await?)
    }

    /// Gives the actor a new link to a customer's calendar, and ends the one that they had before. It is
    /// as good as the actor's own right to it: whoever has the link sees what the actor may see.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for whoever may not share it, and for tokens.
    #[boxed]
    pub async fn make_customer_calendar_link(&self, actor: &Actor, customer: CustomerId) -> Result<String> {
        let (secret, id) = (secrets::draw(), self.ids.next());
        let mut writer = self.store.writer(actor, customer, Action::ShareCalendar, self.now()).await?;
        writer.put_calendar_link(NewCalendarLink { id, secret_hash: &secrets::hash(&secret) }).await?;
        let name = writer.customer().await?.name;
        writer.keep(AuditNote::made("customer.calendar_made", subject(customer, name), json!({})));
        writer.commit().await?;
        Ok(self.calendar_address(&secret))
    }

    /// Ends the actor's link to a customer's calendar. Where there is none, nothing changes.
    #[boxed]
    pub async fn revoke_customer_calendar_link(&self, actor: &Actor, customer: CustomerId) -> Result<()> {
        let mut writer = self.store.writer(actor, customer, Action::ShareCalendar, self.now()).await?;
        if !writer.remove_calendar_link().await? {
            writer.leave().await?;
            return Ok(());
        }
        let name = writer.customer().await?.name;
        writer.keep(AuditNote::made("customer.calendar_revoked", subject(customer, name), json!({})));
        Ok(writer.commit().await?)
    }

    /// When the actor's link to a customer's calendar was made, if they have one.
    #[boxed]
    pub async fn customer_calendar_link_made_at(&self, actor: &Actor, customer: CustomerId) -> Result<Option<Timestamp>> {
        Ok(self.store.reader(actor, customer, Action::ShareCalendar, self.now()).await?.calendar_link_made_at().await?)
    }

    /// The calendar that a link with this secret gives out, with the rights that whoever made it has now.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a secret that is none, for people who have left, and where the customer is
    /// not theirs to share any more: nothing tells which.
    #[boxed]
    pub async fn calendar(&self, secret: &str) -> Result<CalendarFile> {
        let at = self.now();
        let link = self.store.calendar_link(&secrets::hash(secret)).await?.ok_or(Error::NotFound)?;
        let actor = self.store.person_now(link.user).await?.ok_or(Error::NotFound)?.actor;
        let today = at.to_zoned(actor.time_zone()).date();
        let wanted = wanted(today)?;
        let (name, days) = match link.customer {
            None => (format!("{} (Muster)", actor.name()), self.store.portfolio(&actor, at).await?.calendar_days(wanted).await?),
            Some(customer) => {
                let reader = self.store.reader(&actor, customer, Action::ShareCalendar, at).await;
                let mut reader = reader.map_err(|error| match error {
                    muster_store::Error::Forbidden(_) => Error::NotFound,
                    other => other.into(),
                })?;
                (format!("{} (Muster)", reader.customer().await?.name), reader.calendar_days(wanted).await?)
            }
        };
        let entries: Vec<CalendarEntry> = days.into_iter().map(|day| self.entry(day)).collect();
        let text = calendar(&name, &entries);
        let tag = muster_domain::audit::hex(&secrets::hash(&text));
        Ok(CalendarFile { text, tag })
    }

    fn calendar_address(&self, secret: &str) -> String {
        self.link(&format!("/calendar/{secret}.ics"))
    }

    fn entry(&self, day: CalendarDay) -> CalendarEntry {
        let (category, word, url) = match day.kind {
            DayKind::Task => ("Task", "", format!("/customers/{}?task={}#task", day.customer_id, day.id)),
            DayKind::Review => ("Review", "Review due: ", format!("/documents/{}", day.id)),
            DayKind::Expiry => ("Evidence", "Valid until today: ", format!("/evidence/{}", day.id)),
        };
        let who = day.assignee.or_else(|| day.role.map(|role| format!("any {role}")));
        let about = std::iter::once(day.customer_name).chain([day.path.join(", ")]).chain(who);
        CalendarEntry {
            uid: uid(day.id, category),
            day: day.day,
            summary: format!("{word}{}", day.title),
            description: about.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
            url: self.link(&url),
            category,
            sequence: day.version,
            changed_at: day.changed_at,
        }
    }
}

/// The same for as long as the thing is there, whatever the installation is called.
fn uid(id: Uuid, category: &str) -> String {
    format!("{id}.{}@muster", category.to_lowercase())
}

fn wanted(today: Date) -> Result<DaysWanted> {
    let from = today.checked_sub(Span::new().days(BACK)).map_err(Error::internal)?;
    let to = today.checked_add(Span::new().days(AHEAD)).map_err(Error::internal)?;
    Ok(DaysWanted { from, to, limit: MOST })
}

fn subject(customer: CustomerId, name: String) -> Subject {
    Subject { kind: "customer".to_owned(), id: customer.to_string(), title: name }
}
