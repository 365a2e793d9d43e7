//! Customers.

use muster_domain::{
    access::{Action, Actor},
    customers::{Customer, CustomerDetails},
    ids::CustomerId,
    people::Person,
    plans::IgnoredItem,
    tasks::{Task, TaskPlace},
};
use muster_store::{CustomerFilter, Page, Slice};
use serde::{Deserialize, Serialize};

use crate::{
    Context, Created, Once, Result,
    audit::Notes as _,
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
    pub async fn customers(&self, actor: &Actor, filter: &CustomerFilter, slice: Slice) -> Result<Page<Customer>> {
        Ok(self.store.portfolio(actor, self.now()).await?.customers(filter, slice).await?)
    }

    /// A customer.
    pub async fn customer(&self, actor: &Actor, id: CustomerId) -> Result<Customer> {
        Ok(self.store.reader(actor, id, Action::ReadWorkspace, self.now()).await?.customer().await?)
    }

    /// Creates a customer, with the customer-level tasks that the rules ask for.
    pub async fn create_customer(&self, actor: &Actor, details: &CustomerDetails, once: &Once) -> Result<Created<CustomerCreated>> {
        let mut writer = self.store.new_customer_writer(actor, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        writer.insert_customer(details).await?;
        let place = Place { place: TaskPlace::Customer, standard: None, template: None };
        let generated_tasks = generate(&mut writer, &*self.ids, place, &[]).await?;
        let customer = writer.customer().await?;
        writer.note_made_with_tasks("customer.created", &customer, &generated_tasks)?;
        let created = Created { value: CustomerCreated { customer, generated_tasks }, is_new: true };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Replaces a customer's data, if nobody changed it since `expected`.
    pub async fn update_customer(&self, actor: &Actor, id: CustomerId, details: &CustomerDetails, expected: i32) -> Result<Customer> {
        let mut writer = self.store.writer(actor, id, Action::EditCustomer, self.now()).await?;
        let before = writer.customer().await?;
        writer.update_customer(details, expected).await?;
        let customer = writer.customer().await?;
        writer.note_changed("customer.changed", &before, &customer)?;
        writer.commit().await?;
        Ok(customer)
    }

    /// The people who can be given work of a customer.
    pub async fn assignable_people(&self, actor: &Actor, id: CustomerId) -> Result<Vec<Person>> {
        Ok(self.store.reader(actor, id, Action::ReadWorkspace, self.now()).await?.assignable_people().await?)
    }

    /// Everything of a customer that is ignored, the latest first.
    pub async fn ignored_items(&self, actor: &Actor, id: CustomerId) -> Result<Vec<IgnoredItem>> {
        Ok(self.store.reader(actor, id, Action::ReadWorkspace, self.now()).await?.ignored_items().await?)
    }
}
