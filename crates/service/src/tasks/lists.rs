//! Lists of tasks: a customer's, and a person's own across customers.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use muster_domain::{
    access::{Action, Actor},
    customers::Customer,
    ids::{CustomerId, TaskId},
    people::Person,
    tasks::{AssigneeFilter, StatusFilter, Task, TaskCounts, TaskFilter, TaskSort},
    workspace::ListedTask,
};
use muster_store::{CustomerReader, FilterPlan, Page, Planned, Slice};

use crate::{Context, Result, boxed};

/// A customer's tasks with what their list shows around them, read in one snapshot.
#[derive(Debug, Clone)]
pub struct TaskList {
    /// The customer.
    pub customer: Customer,
    /// One page of what the filter leaves.
    pub page: Page<ListedTask>,
    /// All open tasks.
    pub open: TaskCounts,
    /// The plans and templates to choose from.
    pub plans: Vec<FilterPlan>,
    /// The people who can be given work.
    pub people: Vec<Person>,
    /// The version of the customer's work that was read.
    pub version: i64,
}

/// A person's own work with what its list shows around it, read in one snapshot.
#[derive(Debug, Clone)]
pub struct WorkList {
    /// One page of what the filter leaves.
    pub page: Page<ListedTask>,
    /// All that the filter leaves.
    pub left: TaskCounts,
    /// The open tasks that are assigned to the person.
    pub assigned: AssignedWork,
    /// All of the person's own open work, untaken tasks of their roles included.
    pub open: TaskCounts,
    /// The customers whose tasks these are, by name.
    pub customers: Vec<(CustomerId, String)>,
}

/// Open tasks that are assigned to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignedWork {
    /// All of them.
    pub total: i64,
    /// Of how many customers.
    pub customers: i64,
    /// Those past their due date.
    pub late: i64,
}

/// A person's own work as it stands open.
fn own_work(assignee: AssigneeFilter) -> TaskFilter {
    TaskFilter { assignee, status: StatusFilter::Open, ..TaskFilter::default() }
}

/// The day by which memberships are judged.
fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

impl Context {
    /// A reader for lists of a customer's tasks.
    async fn list_reader(&self, actor: &Actor, customer: CustomerId, at: Timestamp) -> Result<CustomerReader> {
        let planned = if self.figures.has_many_tasks(customer) { Planned::Anew } else { Planned::Once };
        Ok(self.store.reader_planned(planned, actor, customer, Action::ReadWorkspace, at).await?)
    }

    /// One page of a customer's tasks.
    #[boxed]
    pub async fn tasks(
        &self,
        actor: &Actor,
        customer: CustomerId,
        filter: &TaskFilter,
        sort: TaskSort,
        slice: Slice,
    ) -> Result<Page<Task>> {
        let at = self.now();
        let mut reader = self.list_reader(actor, customer, at).await?;
        Ok(reader.tasks(filter, &actor.taking(day(at)), sort, slice).await?)
    }

    /// The same with what the page of the list shows around them.
    #[boxed]
    pub async fn task_list(
        &self,
        actor: &Actor,
        customer: CustomerId,
        filter: &TaskFilter,
        sort: TaskSort,
        slice: Slice,
    ) -> Result<TaskList> {
        let at = self.now();
        let mut reader = self.list_reader(actor, customer, at).await?;
        let (taking, open) = (actor.taking(day(at)), TaskFilter { status: StatusFilter::Open, ..TaskFilter::default() });
        Ok(TaskList {
            version: reader.workspace_version().await?.0,
            customer: reader.customer().await?,
            page: reader.listed_tasks(filter, &taking, sort, slice).await?,
            open: reader.count_tasks(&open, &taking).await?,
            plans: reader.filter_plans().await?,
            people: reader.assignable_people().await?,
        })
    }

    /// A task as the row of a list, for a list that shows it already.
    #[boxed]
    pub async fn listed_task(&self, actor: &Actor, id: TaskId) -> Result<ListedTask> {
        let at = self.now();
        let (customer, _) = self.store.locator(actor, at).await?.customer_of_task(id).await?;
        Ok(self.store.reader_planned(Planned::Once, actor, customer, Action::ReadWorkspace, at).await?.listed_task(id).await?)
    }

    /// One page of tasks across the actor's customers.
    #[boxed]
    pub async fn my_tasks(&self, actor: &Actor, filter: &TaskFilter, sort: TaskSort, slice: Slice) -> Result<Page<Task>> {
        let at = self.now();
        let mut reader = self.store.portfolio_planned(Planned::Anew, actor, at).await?;
        Ok(reader.tasks(filter, &actor.taking(day(at)), at, sort, slice).await?)
    }

    /// The same with what the page of the person's own work shows around them.
    #[boxed]
    pub async fn my_work(&self, actor: &Actor, filter: &TaskFilter, sort: TaskSort, slice: Slice) -> Result<WorkList> {
        let at = self.now();
        let mut reader = self.store.portfolio_planned(Planned::Anew, actor, at).await?;
        let taking = actor.taking(day(at));
        let page = reader.listed_tasks(filter, &taking, at, sort, slice).await?;
        let mine = own_work(AssigneeFilter::Mine);
        let by_customer = reader.count_tasks_by_customer(&mine, &taking, at).await?;
        let open: TaskCounts = by_customer.iter().map(|one| one.counts).sum();
        // Of somebody's own work, what is taken is assigned to them; the rest waits for one of their roles.
        let assigned = AssignedWork {
            total: open.total - open.untaken,
            customers: by_customer.iter().map(|one| i64::from(one.counts.total > one.counts.untaken)).sum(),
            late: open.overdue,
        };
        // What the page shows first is all of it; somebody may have thousands, and they are counted once.
        let left = if *filter == mine { open } else { reader.count_tasks(filter, &taking, at).await? };
        let customers = by_customer.into_iter().map(|one| (one.id, one.name)).collect();
        Ok(WorkList { page, left, assigned, open, customers })
    }

    /// How many of the actor's own tasks are past their due date, counted up to `most`.
    #[boxed]
    pub async fn my_overdue_count(&self, actor: &Actor, most: i32) -> Result<i64> {
        Ok(self.store.my_overdue_count(actor, self.now(), most).await?)
    }
}
