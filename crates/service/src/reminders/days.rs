//! What a day brings to each customer's people, once for each day, however many servers look.

use jiff::civil::Date;
use muster_domain::{
    account::Notification,
    ids::UserId,
    reminders::{Cause, week_to_tell},
};
use muster_store::{CustomerWriter, DueDay, RemindedTask};

use super::words;
use crate::{Context, Result, boxed};

/// So many customers are looked after in one go.
const BATCH: i64 = 100;

impl Context {
    /// Writes the reminders of each customer whose day has begun, in the customer's zone, and gives how
    /// many customers that were. For the program itself, which does it regularly; each customer is a
    /// transaction of its own, and a day is taken once.
    ///
    /// # Errors
    /// Whatever the database refuses; what has been written by then stays.
    #[boxed]
    pub async fn remind_of_days(&self) -> Result<usize> {
        let mut done = 0;
        loop {
            let due = self.store.due_days(self.now(), BATCH).await?;
            for one in &due {
                done += usize::from(self.remind_of_day(one).await?);
            }
            if i64::try_from(due.len()).unwrap_or(i64::MAX) < BATCH {
                return Ok(done);
            }
        }
    }

    async fn remind_of_day(&self, due: &DueDay) -> Result<bool> {
        let mut writer = self.store.day_writer(due, self.now()).await?;
        let Some(last) = writer.take_day(due).await? else {
            writer.leave().await?;
            return Ok(false);
        };
        let customer = writer.customer().await?;
        let tasks = writer.tasks_to_tell(due.day()).await?;
        for same in tasks.chunk_by(|one, next| (one.to.id, one.kind) == (next.to.id, next.kind)) {
            self.remind_of_dates(&mut writer, due.day(), same, &customer.name).await?;
        }
        if let Some(monday) = week_to_tell(last, due.day()) {
            self.remind_of_week(&mut writer, monday, due.day(), &customer.name).await?;
        }
        writer.commit_unseen().await?;
        Ok(true)
    }

    /// One mail for all the tasks of one person and one kind.
    async fn remind_of_dates(&self, writer: &mut CustomerWriter, day: Date, tasks: &[RemindedTask], customer: &str) -> Result<()> {
        let Some(first) = tasks.first() else { return Ok(()) };
        let id = writer.customer_id();
        let is_overdue = first.kind == Notification::Overdue;
        let cause = if is_overdue { Cause::Overdue(id, day) } else { Cause::DueSoon(id, day) };
        let tasks: Vec<&RemindedTask> = tasks.iter().collect();
        let one = self.link(&format!("/customers/{id}?task={}#task", first.id));
        let all = self.link("/my-work");
        let letter = |_: &muster_store::Recipient| words::dates(&tasks, is_overdue, customer, (one.clone(), all.clone()));
        self.remind(writer, std::slice::from_ref(&first.to), cause, letter).await
    }

    async fn remind_of_week(&self, writer: &mut CustomerWriter, monday: Date, today: Date, customer: &str) -> Result<()> {
        let id = writer.customer_id();
        let managers: Vec<UserId> = writer.managers().await?;
        let to = writer.who_wants(&managers, Notification::WeeklyDigest).await?;
        if to.is_empty() {
            return Ok(());
        }
        let figures = writer.week_figures(today).await?;
        let url = self.link(&format!("/customers/{id}"));
        let letter = |_: &muster_store::Recipient| words::week(&figures, customer, url.clone());
        self.remind(writer, &to, Cause::Week(id, monday), letter).await
    }
}
