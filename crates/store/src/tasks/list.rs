//! Lists of tasks: filtered, sorted and cut into pages by the database, in a customer's scope and
//! in the portfolio scope alike.
//!
//! What a list shows of its tasks is read for the page that is asked for only; which these are says
//! [`super::filtered`].

use jiff::Timestamp;
use muster_domain::{
    access::Taking,
    ids::{CustomerId, DocumentId, PlanId, TaskId, TemplateId},
    tasks::{Task, TaskCounts, TaskFilter, TaskPlace, TaskSort, TaskType},
    workspace::{ListedTask, WorkspaceTask},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    TaskRow,
    filtered::{CustomerCounts, Looking, counts, counts_by_customer, page_of_ids},
    question_key, recurrence, select_tasks,
};
use crate::{CustomerReader, Error, Page, PortfolioReader, Result, Slice, answers::person};

/// Tasks in full, in the order of their ids.
async fn whole(connection: &mut PgConnection, looking: &Looking<'_>, ids: &[Uuid]) -> Result<Vec<Task>> {
    let rows = select_tasks!(
        "($1::integer[] IS NULL OR t.customer_id = ANY($1)) AND t.id = ANY($2) ORDER BY array_position($2, t.id)",
        looking.customers.as_deref(),
        ids
    );
    rows.fetch_all(connection).await?.into_iter().map(Task::try_from).collect()
}

/// Tasks as the rows of a list, in the order of their ids.
async fn narrow(connection: &mut PgConnection, customers: Option<&[i32]>, ids: &[Uuid]) -> Result<Vec<ListedTask>> {
    let rows = sqlx::query!(
        r#"SELECT t.id, t.customer_id, c.name AS customer_name, c.time_zone, t.plan_id, s.code AS "iso_code?", t.template_id,
                  e.name AS "template_name?", t.document_id, d.document_name AS "document_name?", t.title, t.status, t.priority, t.due_date,
                  t.recurrence, t.task_type, t.requires_evidence, t.evidence_uploaded, t.assigned_to, u.full_name AS "assigned_to_name?",
                  (u.role <> 'member') AS "assigned_to_is_firm?", t.assignee_role, t.generation_source, t.approval_step, t.version
           FROM dna_app.customer_tasks t
           JOIN dna_app.customers c ON c.id = t.customer_id
           LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
           LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
           LEFT JOIN dna_app.templates e ON e.id = t.template_id
           LEFT JOIN dna_app.customer_documents d ON d.customer_id = t.customer_id AND d.id = t.document_id
           LEFT JOIN auth.users u ON u.id = t.assigned_to
           WHERE ($1::integer[] IS NULL OR t.customer_id = ANY($1)) AND t.id = ANY($2)
           ORDER BY array_position($2, t.id)"#,
        customers,
        ids
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let (plan, template) = (row.plan_id.map(PlanId), row.template_id.map(TemplateId));
            let place = TaskPlace::from_links(plan, template, row.document_id.map(DocumentId), None);
            Ok(ListedTask {
                customer_id: CustomerId(row.customer_id),
                customer_name: row.customer_name,
                time_zone: row.time_zone,
                place: place.map_err(|_| Error::Corrupt("a task without its links".to_owned()))?,
                path: [row.iso_code, row.template_name, row.document_name].into_iter().flatten().collect(),
                approval_step: row.approval_step,
                task: WorkspaceTask {
                    id: TaskId(row.id),
                    title: row.title,
                    status: row.status.parse()?,
                    priority: row.priority.parse()?,
                    due_date: row.due_date.map(jiff_sqlx::Date::to_jiff),
                    recurrence: row.recurrence.as_deref().map(recurrence).transpose()?,
                    task_type: TaskType::stored(row.task_type),
                    requires_evidence: row.requires_evidence,
                    evidence_uploaded: row.evidence_uploaded,
                    assigned_to: person(row.assigned_to, row.assigned_to_name, row.assigned_to_is_firm),
                    assignee_role: row.assignee_role.map(|role| role.parse()).transpose()?,
                    question_key: row.generation_source.as_deref().and_then(question_key).map(ToOwned::to_owned),
                    version: row.version,
                },
            })
        })
        .collect()
}

impl CustomerReader {
    fn looking<'a>(&self, taking: &'a Taking) -> Looking<'a> {
        Looking {
            customers: Some(vec![self.customer.0]),
            is_of_one_customer: true,
            with_archived: true,
            actor: self.actor.0,
            at: self.at,
            taking,
        }
    }

    /// One page of the customer's tasks that a filter asks for; ignored and hidden ones never.
    pub async fn tasks(&mut self, filter: &TaskFilter, taking: &Taking, sort: TaskSort, slice: Slice) -> Result<Page<Task>> {
        let looking = self.looking(taking);
        let page = page_of_ids(self.connection(), &looking, filter, sort, slice).await?;
        Ok(Page { items: whole(self.connection(), &looking, &page.items).await?, total: page.total })
    }

    /// The same as rows of a list.
    pub async fn listed_tasks(&mut self, filter: &TaskFilter, taking: &Taking, sort: TaskSort, slice: Slice) -> Result<Page<ListedTask>> {
        let looking = self.looking(taking);
        let page = page_of_ids(self.connection(), &looking, filter, sort, slice).await?;
        Ok(Page { items: narrow(self.connection(), looking.customers.as_deref(), &page.items).await?, total: page.total })
    }

    /// One task as the row of a list, ignored or not.
    pub async fn listed_task(&mut self, id: TaskId) -> Result<ListedTask> {
        let customer = self.customer.0;
        narrow(self.connection(), Some(&[customer]), &[id.0]).await?.pop().ok_or(Error::NotFound)
    }

    /// How many of the customer's tasks a filter leaves.
    pub async fn count_tasks(&mut self, filter: &TaskFilter, taking: &Taking) -> Result<TaskCounts> {
        let looking = self.looking(taking);
        counts(self.connection(), &looking, filter).await
    }
}

impl PortfolioReader {
    fn looking<'a>(&self, filter: &TaskFilter, taking: &'a Taking, at: Timestamp) -> Looking<'a> {
        let named = filter.customer.map(|id| vec![id.0]);
        let customers = match (named, &self.customers) {
            // Who asks for a customer beyond their own sees none.
            (Some(named), Some(own)) => Some(named.into_iter().filter(|id| own.contains(id)).collect()),
            (named, own) => named.or_else(|| own.clone()),
        };
        Looking { customers, is_of_one_customer: false, with_archived: false, actor: self.actor.0, at, taking }
    }

    /// One page of the tasks of all the actor's customers that a filter asks for.
    pub async fn tasks(&mut self, filter: &TaskFilter, taking: &Taking, at: Timestamp, sort: TaskSort, slice: Slice) -> Result<Page<Task>> {
        let looking = self.looking(filter, taking, at);
        let page = page_of_ids(self.connection(), &looking, filter, sort, slice).await?;
        Ok(Page { items: whole(self.connection(), &looking, &page.items).await?, total: page.total })
    }

    /// The same as rows of a list.
    pub async fn listed_tasks(
        &mut self,
        filter: &TaskFilter,
        taking: &Taking,
        at: Timestamp,
        sort: TaskSort,
        slice: Slice,
    ) -> Result<Page<ListedTask>> {
        let looking = self.looking(filter, taking, at);
        let page = page_of_ids(self.connection(), &looking, filter, sort, slice).await?;
        Ok(Page { items: narrow(self.connection(), looking.customers.as_deref(), &page.items).await?, total: page.total })
    }

    /// How many tasks of all the actor's customers a filter leaves.
    pub async fn count_tasks(&mut self, filter: &TaskFilter, taking: &Taking, at: Timestamp) -> Result<TaskCounts> {
        let looking = self.looking(filter, taking, at);
        counts(self.connection(), &looking, filter).await
    }

    /// The same for each customer, by name.
    pub async fn count_tasks_by_customer(&mut self, filter: &TaskFilter, taking: &Taking, at: Timestamp) -> Result<Vec<CustomerCounts>> {
        let looking = self.looking(filter, taking, at);
        counts_by_customer(self.connection(), &looking, filter).await
    }
}

/// A plan of a customer with its templates, as a filter offers them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterPlan {
    /// The plan.
    pub id: PlanId,
    /// The standard's code.
    pub code: String,
    /// Its templates, by name.
    pub templates: Vec<(TemplateId, String)>,
}

impl CustomerReader {
    /// The plans and templates that tasks can be of; ignored ones have none that a list shows.
    pub async fn filter_plans(&mut self) -> Result<Vec<FilterPlan>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT p.id, s.code, e.id AS "template_id?", e.name AS "template_name?"
               FROM dna_app.customer_iso_plans p
               JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               LEFT JOIN dna_app.customer_iso_plan_templates a ON a.customer_id = p.customer_id AND a.plan_id = p.id AND NOT a.is_ignored
               LEFT JOIN dna_app.templates e ON e.id = a.template_id
               WHERE p.customer_id = $1 AND NOT p.is_ignored ORDER BY s.code, p.id, lower(e.name), e.id"#,
            customer
        )
        .fetch_all(self.connection())
        .await?;
        let mut plans: Vec<FilterPlan> = Vec::new();
        for row in rows {
            if plans.last().is_none_or(|plan| plan.id.0 != row.id) {
                plans.push(FilterPlan { id: PlanId(row.id), code: row.code, templates: Vec::new() });
            }
            if let (Some(plan), Some(id), Some(name)) = (plans.last_mut(), row.template_id, row.template_name) {
                plan.templates.push((TemplateId(id), name));
            }
        }
        Ok(plans)
    }
}
