//! Lists of tasks: filtered, sorted and cut into pages by the database, in a customer's scope and
//! in the portfolio scope alike.
//!
//! One text says which tasks a filter means ([`filtered`]); one statement gives the ids of a page,
//! one counts, and what a list shows of its tasks is read for that page only.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::Taking,
    ids::{CustomerId, DocumentId, PlanId, TaskId, TemplateId},
    tasks::{AssigneeFilter, DueFilter, Task, TaskCounts, TaskFilter, TaskPlace, TaskScope, TaskSort, TaskType},
    workspace::{ListedTask, WorkspaceTask},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{TaskRow, question_key, recurrence, select_tasks};
use crate::{CustomerReader, Error, Page, PortfolioReader, Result, Slice, answers::person};

/// Whose rows, and who looks at them.
struct Looking<'a> {
    /// The customers, or none for all that the scope shows.
    customers: Option<Vec<i32>>,
    /// It is the scope of one customer.
    of_one_customer: bool,
    /// Archived customers, too: in their own lists, not across customers.
    with_archived: bool,
    actor: i32,
    at: Timestamp,
    taking: &'a Taking,
}

/// Runs a checked statement over the tasks that a filter leaves, as `listed`; `$rest` says what of
/// them, with further arguments from `$22` on. In the scope of one customer its text names the customer
/// plainly, so that the one plan that it has there finds the rows by the customer.
macro_rules! filtered {
    (of_customers, $($rest:tt)*) => {
        filtered!(@ "($1::integer[] IS NULL OR t.customer_id = ANY($1))", $($rest)*)
    };
    (of_one, $($rest:tt)*) => {
        filtered!(@ "t.customer_id = ANY($1) AND c.id = ANY($1)", $($rest)*)
    };
    (@ $whose:literal, $looking:expr, $filter:expr, $rest:literal $(, $argument:expr)* $(,)?) => {{
        let (looking, filter): (&Looking<'_>, &TaskFilter) = ($looking, $filter);
        let role_customers: Vec<Option<i32>> = looking.taking.roles.iter().map(|one| one.0.map(|id| id.0)).collect();
        let role_names: Vec<String> = looking.taking.roles.iter().map(|one| one.1.to_owned()).collect();
        let reach_customers: Vec<Option<i32>> = looking.taking.reach.iter().map(|one| one.0.map(|id| id.0)).collect();
        let reach_steps: Vec<String> = looking.taking.reach.iter().map(|one| one.1.clone()).collect();
        let (assignee, named) = assignee_words(filter.assignee);
        let (due, from, until) = due_words(filter.due);
        sqlx::query!(
            r#"WITH listed AS (
                   SELECT t.id, t.customer_id, t.task_scope, t.template_id, t.document_id, t.title, t.priority, t.assigned_to, t.due_date,
                          t.position, t.created_at, t.updated_at, c.name AS customer_name, s.code, e.name AS template_name,
                          d.created_at AS document_made, day.today, day.sunday, o.is_open, o.lacks_evidence, o.waits_on_customer,
                          t.task_type = 'approve_document' AS is_approval
                   FROM dna_app.customer_tasks t
                   JOIN dna_app.customers c ON c.id = t.customer_id
                   CROSS JOIN LATERAL (SELECT n.today, n.today + (7 - extract(isodow FROM n.today)::integer) AS sunday
                                       FROM (SELECT ($7::timestamptz AT TIME ZONE c.time_zone)::date AS today) n) day
                   LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
                   LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
                   LEFT JOIN dna_app.customer_iso_plan_templates a
                       ON a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
                   LEFT JOIN dna_app.templates e ON e.id = t.template_id
                   LEFT JOIN dna_app.customer_documents d ON d.customer_id = t.customer_id AND d.id = t.document_id
                   LEFT JOIN auth.users u ON u.id = t.assigned_to
                   CROSS JOIN LATERAL (
                       SELECT t.status NOT IN ('completed', 'cancelled') AS is_open,
                              t.status NOT IN ('completed', 'cancelled') AND NOT t.evidence_uploaded
                                  AND (t.requires_evidence OR t.task_type = 'provide_evidence') AS lacks_evidence,
                              t.status NOT IN ('completed', 'cancelled')
                                  AND coalesce(u.role = 'member', t.assignee_role IN ('manager', 'contributor', 'approver'), false) AS waits_on_customer) o
                   WHERE "# + $whose + r#" AND NOT t.is_ignored AND NOT coalesce(p.is_ignored, false)
                     AND NOT coalesce(a.is_ignored, false) AND ($21 OR c.status <> 'archived')
                     AND ($8::text IS NULL OR t.task_scope = $8) AND ($9::uuid IS NULL OR t.plan_id = $9)
                     AND ($10::uuid IS NULL OR t.template_id = $10)
                     AND CASE $11::text WHEN 'any' THEN true WHEN 'open' THEN o.is_open WHEN 'closed' THEN NOT o.is_open ELSE t.status = $11 END
                     AND ($12::text NOT IN ('me', 'person') OR t.assigned_to = $13::integer)
                     AND ($12 <> 'nobody' OR t.assigned_to IS NULL)
                     AND ($12 NOT IN ('mine', 'roles')
                          OR ($12 = 'mine' AND t.assigned_to = $2::integer)
                          OR (t.assigned_to IS NULL AND o.is_open
                              AND EXISTS (SELECT FROM unnest($3::integer[], $4::text[]) AS held (customer_id, role)
                                          WHERE held.role = t.assignee_role AND (held.customer_id IS NULL OR held.customer_id = t.customer_id))
                              AND EXISTS (SELECT FROM unnest($5::integer[], $6::text[]) AS reach (customer_id, step)
                                          WHERE reach.step IN ('*', coalesce(t.approval_step, ''))
                                            AND (reach.customer_id IS NULL OR reach.customer_id = t.customer_id))))
                     AND CASE $14::text
                         WHEN 'whenever' THEN true
                         WHEN 'overdue' THEN t.due_date < day.today AND o.is_open
                         WHEN 'today' THEN t.due_date = day.today
                         WHEN 'this_week' THEN t.due_date BETWEEN day.today AND day.sunday
                         WHEN 'later' THEN t.due_date > day.sunday
                         WHEN 'undated' THEN t.due_date IS NULL
                         ELSE t.due_date IS NOT NULL AND ($15::date IS NULL OR t.due_date >= $15) AND ($16::date IS NULL OR t.due_date <= $16)
                         END
                     AND (NOT $17 OR o.lacks_evidence) AND (NOT $18 OR o.waits_on_customer) AND (NOT $19 OR t.task_type = 'approve_document')
                     AND ($20::text IS NULL OR strpos(lower(t.title || ' ' || coalesce(t.description, '')), lower($20)) > 0)
               )
               "# + $rest,
            looking.customers.as_deref(),
            looking.actor,
            &role_customers as &[Option<i32>],
            &role_names,
            &reach_customers as &[Option<i32>],
            &reach_steps,
            looking.at.to_sqlx(),
            filter.scope.map(TaskScope::as_str),
            filter.plan_id.map(|id| id.0),
            filter.template_id.map(|id| id.0),
            filter.status.as_str(),
            assignee,
            named.map(|id| if id == 0 { looking.actor } else { id }),
            due,
            from as Option<jiff_sqlx::Date>,
            until as Option<jiff_sqlx::Date>,
            filter.needs_evidence,
            filter.waits_on_customer,
            filter.is_approval,
            filter.words,
            looking.with_archived,
            $($argument),*
        )
    }};
}

/// The word for whose tasks are wanted, and the person; 0 stands for who looks.
const fn assignee_words(filter: AssigneeFilter) -> (&'static str, Option<i32>) {
    match filter {
        AssigneeFilter::Anybody => ("anybody", None),
        AssigneeFilter::Me => ("me", Some(0)),
        AssigneeFilter::MyRoles => ("roles", None),
        AssigneeFilter::Mine => ("mine", None),
        AssigneeFilter::Nobody => ("nobody", None),
        AssigneeFilter::Person(id) => ("person", Some(id.0)),
    }
}

type Days = (Option<jiff_sqlx::Date>, Option<jiff_sqlx::Date>);

fn due_words(filter: DueFilter) -> (&'static str, Option<jiff_sqlx::Date>, Option<jiff_sqlx::Date>) {
    let days = |from: Option<jiff::civil::Date>, until: Option<jiff::civil::Date>| -> Days {
        (from.map(ToSqlx::to_sqlx), until.map(ToSqlx::to_sqlx))
    };
    match filter {
        DueFilter::Whenever => ("whenever", None, None),
        DueFilter::Overdue => ("overdue", None, None),
        DueFilter::Today => ("today", None, None),
        DueFilter::ThisWeek => ("this_week", None, None),
        DueFilter::Later => ("later", None, None),
        DueFilter::Undated => ("undated", None, None),
        DueFilter::Between(from, until) => {
            let (from, until) = days(from, until);
            ("between", from, until)
        }
    }
}

/// The ids of one page, in order, and how many tasks there are in all.
async fn page_of_ids(
    connection: &mut PgConnection,
    looking: &Looking<'_>,
    filter: &TaskFilter,
    sort: TaskSort,
    slice: Slice,
) -> Result<Page<Uuid>> {
    macro_rules! page {
        ($whose:ident) => {
            filtered!(
                $whose,
                looking,
                filter,
                r#"SELECT l.id AS "id!", count(*) OVER () AS "total!"
                   FROM listed l
                   ORDER BY CASE WHEN $22::text = 'due_date' AND $12 = 'mine' THEN l.assigned_to IS NULL END,
                            CASE WHEN $22 = 'due_date' THEN l.due_date END NULLS LAST,
                            CASE WHEN $22 = 'title' THEN lower(l.title) END,
                            CASE WHEN $22 IN ('priority', 'due_date') THEN array_position(ARRAY['urgent', 'high', 'medium', 'low'], l.priority::text) END,
                            CASE WHEN $22 = 'updated' THEN l.updated_at END DESC NULLS LAST,
                            l.customer_name, array_position(ARRAY['customer', 'plan', 'template', 'document'], l.task_scope::text), l.code,
                            lower(l.template_name), l.template_id, l.document_made, l.position, l.created_at, l.id
                   LIMIT $23 OFFSET $24"#,
                sort.as_str(),
                slice.limit,
                slice.offset,
            )
            .map(|row| (row.id, row.total))
        };
    }
    let rows = match looking.of_one_customer {
        true => page!(of_one).fetch_all(&mut *connection).await?,
        false => page!(of_customers).fetch_all(&mut *connection).await?,
    };
    let total = match rows.first() {
        Some((_, total)) => *total,
        // Behind the last page nothing says how many there are.
        None if slice.offset > 0 => counts(connection, looking, filter).await?.total,
        None => 0,
    };
    Ok(Page { items: rows.into_iter().map(|(id, _)| id).collect(), total })
}

async fn counts(connection: &mut PgConnection, looking: &Looking<'_>, filter: &TaskFilter) -> Result<TaskCounts> {
    macro_rules! counted {
        ($whose:ident) => {
            filtered!(
                $whose,
                looking,
                filter,
                r#"SELECT count(*) AS "total!", count(DISTINCT l.customer_id) AS "customers!", count(*) FILTER (WHERE l.assigned_to IS NULL) AS "untaken!",
                          count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date < l.today) AS "overdue!",
                          count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date = l.today) AS "today!",
                          count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date > l.today AND l.due_date <= l.sunday) AS "this_week!",
                          count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date > l.sunday) AS "later!",
                          count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date IS NULL) AS "undated!",
                          count(*) FILTER (WHERE l.is_open AND l.due_date < l.today) AS "late!",
                          count(*) FILTER (WHERE l.lacks_evidence) AS "need_evidence!", count(*) FILTER (WHERE l.waits_on_customer) AS "wait_on_customer!",
                          count(*) FILTER (WHERE l.is_approval) AS "approvals!"
                   FROM listed l"#
            )
            .map(|row| TaskCounts {
                total: row.total,
                customers: row.customers,
                untaken: row.untaken,
                overdue: row.overdue,
                today: row.today,
                this_week: row.this_week,
                later: row.later,
                undated: row.undated,
                late: row.late,
                need_evidence: row.need_evidence,
                wait_on_customer: row.wait_on_customer,
                approvals: row.approvals,
            })
        };
    }
    Ok(match looking.of_one_customer {
        true => counted!(of_one).fetch_one(connection).await?,
        false => counted!(of_customers).fetch_one(connection).await?,
    })
}

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
            of_one_customer: true,
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
        Looking { customers, of_one_customer: false, with_archived: false, actor: self.actor.0, at, taking }
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

    /// The customers that tasks of a filter are of, by name.
    pub async fn customers_of_tasks(&mut self, filter: &TaskFilter, taking: &Taking, at: Timestamp) -> Result<Vec<(CustomerId, String)>> {
        let looking = self.looking(filter, taking, at);
        let rows = filtered!(
            of_customers,
            &looking,
            filter,
            r#"SELECT DISTINCT l.customer_id AS "id!", l.customer_name AS "name!", lower(l.customer_name) AS "sort_name"
               FROM listed l ORDER BY 3, 1"#,
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| (CustomerId(row.id), row.name)).collect())
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
