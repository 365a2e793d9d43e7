//! Customers.

use muster_domain::{
    access::{Action, Actor},
    customers::{Customer, CustomerDetails, CustomerStatus},
    ids::CustomerId,
    people::Person,
    plans::IgnoredItem,
    tasks::{Task, TaskPlace},
    text::TextError,
};
use muster_store::{CustomerFilter, CustomerWriter, Page, Slice};
use serde::{Deserialize, Serialize};

use crate::{
    Context, Created, Error, FieldError, Once, Result,
    audit::Notes as _,
    boxed,
    generation::{Place, generate},
};

/// A customer that has just been created, with the tasks that came with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerCreated {
    /// The customer.
    pub customer: Customer,
    /// The customer-level tasks that the rules asked for.
    pub generated_tasks: Vec<Task>,
}

impl Context {
    /// One page of the customers the actor may see, by name.
    #[boxed]
    pub async fn customers(&self, actor: &Actor, filter: &CustomerFilter, slice: Slice) -> Result<Page<Customer>> {
        Ok(self.store.portfolio(actor, self.now()).await?.customers(filter, slice).await?)
    }

    /// A customer.
    #[boxed]
    pub async fn customer(&self, actor: &Actor, id: CustomerId) -> Result<Customer> {
        Ok(self.store.reader(actor, id, Action::ReadWorkspace, self.now()).await?.customer().await?)
    }

    /// Creates a customer, with the customer-level tasks that the rules ask for.
    #[boxed]
    pub async fn create_customer(&self, actor: &Actor, details: &CustomerDetails, once: &Once) -> Result<Created<CustomerCreated>> {
        let mut writer = self.store.new_customer_writer(actor, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        refuse_unknown_zone(&mut writer, details).await?;
        writer.insert_customer(details).await?;
        let place = Place { place: TaskPlace::Customer, standard: None, template: None, version: None };
        let generated_tasks = generate(&mut writer, &*self.ids, place, &[]).await?;
        let customer = writer.customer().await?;
        writer.note_made_with_tasks("customer.created", &customer, &generated_tasks)?;
        let created = Created { value: CustomerCreated { customer, generated_tasks }, is_new: true };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Replaces a customer's data, if nobody changed it since `expected`.
    #[boxed]
    pub async fn update_customer(&self, actor: &Actor, id: CustomerId, details: &CustomerDetails, expected: i32) -> Result<Customer> {
        let mut writer = self.store.writer(actor, id, Action::EditCustomer, self.now()).await?;
        let before = writer.customer().await?;
        refuse_unknown_zone(&mut writer, details).await?;
        writer.update_customer(details, expected).await?;
        let customer = writer.customer().await?;
        writer.note_changed("customer.changed", &before, &customer)?;
        writer.commit().await?;
        Ok(customer)
    }

    /// Puts a customer away: nothing of it changes any more, and lists leave it out unless asked.
    /// Archiving again changes nothing.
    #[boxed]
    pub async fn archive_customer(&self, actor: &Actor, id: CustomerId) -> Result<Customer> {
        self.set_customer_status(actor, id, CustomerStatus::Archived, "customer.archived").await
    }

    /// Takes up a customer that was put away.
    #[boxed]
    pub async fn unarchive_customer(&self, actor: &Actor, id: CustomerId) -> Result<Customer> {
        self.set_customer_status(actor, id, CustomerStatus::Active, "customer.unarchived").await
    }

    async fn set_customer_status(&self, actor: &Actor, id: CustomerId, status: CustomerStatus, noted: &'static str) -> Result<Customer> {
        let mut writer = self.store.writer(actor, id, Action::ArchiveCustomer, self.now()).await?;
        let before = writer.customer().await?;
        let is_there = (before.status == CustomerStatus::Archived) == (status == CustomerStatus::Archived);
        if is_there {
            writer.leave().await?;
            return Ok(before);
        }
        writer.set_customer_status(status).await?;
        let after = writer.customer().await?;
        writer.note_changed(noted, &before, &after)?;
        writer.commit().await?;
        Ok(after)
    }

    /// The people who can be given work of a customer.
    #[boxed]
    pub async fn assignable_people(&self, actor: &Actor, id: CustomerId) -> Result<Vec<Person>> {
        Ok(self.store.reader(actor, id, Action::ReadWorkspace, self.now()).await?.assignable_people().await?)
    }

    /// Everything of a customer that is ignored, the latest first.
    #[boxed]
    pub async fn ignored_items(&self, actor: &Actor, id: CustomerId) -> Result<Vec<IgnoredItem>> {
        Ok(self.store.reader(actor, id, Action::ReadWorkspace, self.now()).await?.ignored_items().await?)
    }
}

/// Due dates pass where the customer is: the database has to know the zone as well as this machine.
pub(crate) async fn refuse_unknown_zone(writer: &mut CustomerWriter, details: &CustomerDetails) -> Result<()> {
    if writer.knows_time_zone(details.time_zone.as_str()).await? {
        return Ok(());
    }
    let expected = TextError::Malformed { expected: "the name of a time zone, such as Europe/Vienna" };
    Err(Error::field(FieldError::text("/time_zone", expected)))
}
