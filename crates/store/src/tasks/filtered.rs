//! The tasks that a filter leaves: a page of their ids, how many there are, whose they are.
//!
//! One text says which tasks a filter means ([`filtered`]).

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::Taking,
    ids::CustomerId,
    tasks::{AssigneeFilter, DueFilter, TaskCounts, TaskFilter, TaskScope, TaskSort},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Page, Result, Slice};

/// Whose rows, and who looks at them.
pub(super) struct Looking<'a> {
    /// The customers, or none for all that the scope shows.
    pub(super) customers: Option<Vec<i32>>,
    /// It is the scope of one customer.
    pub(super) is_of_one_customer: bool,
    /// Archived customers, too: in their own lists, not across customers.
    pub(super) with_archived: bool,
    pub(super) actor: i32,
    pub(super) at: Timestamp,
    pub(super) taking: &'a Taking,
}

/// How many tasks of a customer a filter leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerCounts {
    /// The customer.
    pub id: CustomerId,
    /// The customer's name.
    pub name: String,
    /// How many.
    pub counts: TaskCounts,
}

/// What a statement finds its rows by.
enum Whose {
    Template,
    Customer,
    Customers,
}

impl Looking<'_> {
    fn whose(&self, filter: &TaskFilter) -> Whose {
        match self.is_of_one_customer {
            true if filter.plan_id.is_some() && filter.template_id.is_some() => Whose::Template,
            true => Whose::Customer,
            false => Whose::Customers,
        }
    }
}

/// Runs a checked statement over the tasks that a filter leaves, as `listed`; `$rest` says what of
/// them, with further arguments from `$22` on. In the scope of one customer its text names the customer
/// plainly, and the template where the filter has one, so that a plan made once finds the rows by these.
macro_rules! filtered {
    (of_customers, $($rest:tt)*) => {
        filtered!(@ "($1::integer[] IS NULL OR t.customer_id = ANY($1))", $($rest)*)
    };
    (of_one, $($rest:tt)*) => {
        filtered!(@ "t.customer_id = ($1::integer[])[1] AND c.id = ($1::integer[])[1]", $($rest)*)
    };
    (of_template, $($rest:tt)*) => {
        filtered!(@ "t.customer_id = ($1::integer[])[1] AND c.id = ($1::integer[])[1] AND t.plan_id = $9 AND t.template_id = $10", $($rest)*)
    };
    (@ $whose:literal, $looking:expr, $filter:expr, $rest:literal $(+ $more:literal)* $(, $argument:expr)* $(,)?) => {{
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
                     -- What follows after it says the same exactly; this alone is plain enough for an index.
                     AND ($12 NOT IN ('mine', 'roles') OR ($12 = 'mine' AND t.assigned_to = $2::integer)
                          OR (t.assigned_to IS NULL AND t.assignee_role = ANY ($4::text[])))
                     AND ($12 NOT IN ('mine', 'roles') OR t.assigned_to IS NOT NULL
                          OR (o.is_open
                              AND ((t.customer_id, t.assignee_role) IN (
                                       SELECT held.customer_id, held.role FROM unnest($3::integer[], $4) AS held (customer_id, role)
                                       WHERE held.customer_id IS NOT NULL)
                                   OR t.assignee_role IN (
                                       SELECT held.role FROM unnest($3, $4) AS held (customer_id, role) WHERE held.customer_id IS NULL))
                              AND ((t.customer_id, '*') IN (
                                       SELECT reach.customer_id, reach.step FROM unnest($5::integer[], $6::text[]) AS reach (customer_id, step)
                                       WHERE reach.customer_id IS NOT NULL)
                                   OR (t.customer_id, coalesce(t.approval_step, '')) IN (
                                       SELECT reach.customer_id, reach.step FROM unnest($5, $6) AS reach (customer_id, step)
                                       WHERE reach.customer_id IS NOT NULL)
                                   OR EXISTS (SELECT FROM unnest($5, $6) AS reach (customer_id, step)
                                              WHERE reach.customer_id IS NULL AND reach.step IN ('*', coalesce(t.approval_step, ''))))))
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
               "# + $rest $(+ $more)*,
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
pub(super) async fn page_of_ids(
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
    let rows = match looking.whose(filter) {
        Whose::Template => page!(of_template).fetch_all(&mut *connection).await?,
        Whose::Customer => page!(of_one).fetch_all(&mut *connection).await?,
        Whose::Customers => page!(of_customers).fetch_all(&mut *connection).await?,
    };
    let total = match rows.first() {
        Some((_, total)) => *total,
        // Behind the last page nothing says how many there are.
        None if slice.offset > 0 => counts(connection, looking, filter).await?.total,
        None => 0,
    };
    Ok(Page { items: rows.into_iter().map(|(id, _)| id).collect(), total })
}

/// Runs a checked statement that counts what a filter leaves; before and after the counts stand `$more` and `$rest`.
macro_rules! counted {
    ($whose:ident, $looking:expr, $filter:expr, $more:literal, $rest:literal) => {
        filtered!(
            $whose,
            $looking,
            $filter,
            "SELECT " + $more + r#"count(*) AS "total!", count(*) FILTER (WHERE l.assigned_to IS NULL) AS "untaken!",
                      count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date < l.today) AS "overdue!",
                      count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date = l.today) AS "today!",
                      count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date > l.today AND l.due_date <= l.sunday) AS "this_week!",
                      count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date > l.sunday) AS "later!",
                      count(*) FILTER (WHERE l.assigned_to IS NOT NULL AND l.due_date IS NULL) AS "undated!",
                      count(*) FILTER (WHERE l.is_open AND l.due_date < l.today) AS "late!",
                      count(*) FILTER (WHERE l.lacks_evidence) AS "need_evidence!", count(*) FILTER (WHERE l.waits_on_customer) AS "wait_on_customer!",
                      count(*) FILTER (WHERE l.is_approval) AS "approvals!"
               FROM listed l"# + $rest
        )
    };
}

/// The counts in a row of [`counted`].
macro_rules! counts_in {
    ($row:ident) => {
        TaskCounts {
            total: $row.total,
            untaken: $row.untaken,
            overdue: $row.overdue,
            today: $row.today,
            this_week: $row.this_week,
            later: $row.later,
            undated: $row.undated,
            late: $row.late,
            need_evidence: $row.need_evidence,
            wait_on_customer: $row.wait_on_customer,
            approvals: $row.approvals,
        }
    };
}

pub(super) async fn counts(connection: &mut PgConnection, looking: &Looking<'_>, filter: &TaskFilter) -> Result<TaskCounts> {
    macro_rules! all {
        ($whose:ident) => {
            counted!($whose, looking, filter, "", "").map(|row| counts_in!(row)).fetch_one(connection).await?
        };
    }
    Ok(match looking.whose(filter) {
        Whose::Template => all!(of_template),
        Whose::Customer => all!(of_one),
        Whose::Customers => all!(of_customers),
    })
}

/// The same for each customer that the tasks are of, by name.
pub(super) async fn counts_by_customer(
    connection: &mut PgConnection,
    looking: &Looking<'_>,
    filter: &TaskFilter,
) -> Result<Vec<CustomerCounts>> {
    let rows = counted!(
        of_customers,
        looking,
        filter,
        r#"l.customer_id AS "id!", l.customer_name AS "name!", "#,
        " GROUP BY l.customer_id, l.customer_name ORDER BY lower(l.customer_name), l.customer_id"
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| CustomerCounts { id: CustomerId(row.id), counts: counts_in!(row), name: row.name }).collect())
}
