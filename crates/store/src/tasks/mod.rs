//! Tasks: one of them here, lists of them in `list`, changes of several in `changes`, writing in `write`.

mod changes;
mod filtered;
mod list;
mod write;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{self, Actor},
    clock,
    ids::{CustomerId, DocumentId, PlanId, TaskId, TemplateId},
    recurrence::{Recurrence, RecurrenceError},
    tasks::{Task, TaskType},
};
use uuid::Uuid;

pub use self::{
    changes::{NewTaskChange, TaskBefore},
    filtered::CustomerCounts,
    list::FilterPlan,
};
use crate::{
    CustomerReader, Error, Locator, Result, Store,
    answers::person,
    db::persistently,
    plans::ignored,
    scope::{allow, day, portfolio_setting},
};

struct TaskRow {
    id: Uuid,
    customer_id: i32,
    customer_name: String,
    task_scope: String,
    plan_id: Option<Uuid>,
    iso_code: Option<String>,
    template_id: Option<Uuid>,
    template_name: Option<String>,
    document_id: Option<Uuid>,
    document_name: Option<String>,
    task_type: String,
    title: String,
    description: Option<String>,
    status: String,
    priority: String,
    requires_evidence: bool,
    evidence_description: Option<String>,
    evidence_uploaded: bool,
    assigned_to: Option<i32>,
    assigned_to_name: Option<String>,
    assigned_to_is_firm: Option<bool>,
    assignee_role: Option<String>,
    due_date: Option<jiff_sqlx::Date>,
    recurrence: Option<String>,
    counted_by: Option<i16>,
    completed_at: Option<jiff_sqlx::Timestamp>,
    completed_by: Option<i32>,
    completed_by_name: Option<String>,
    completed_by_is_firm: Option<bool>,
    notes: Option<String>,
    auto_generated: bool,
    generation_source: Option<String>,
    is_answered: bool,
    is_not_applicable: bool,
    approval_step: Option<String>,
    is_ignored: bool,
    ignored_at: Option<jiff_sqlx::Timestamp>,
    ignored_by_name: Option<String>,
    ignore_reason: Option<String>,
    is_hidden: bool,
    version: i32,
    created_at: jiff_sqlx::Timestamp,
    created_by: Option<i32>,
    created_by_name: Option<String>,
    created_by_is_firm: Option<bool>,
    updated_at: jiff_sqlx::Timestamp,
}

impl TryFrom<TaskRow> for Task {
    type Error = Error;

    fn try_from(row: TaskRow) -> Result<Self> {
        Ok(Self {
            id: TaskId(row.id),
            customer_id: CustomerId(row.customer_id),
            customer_name: row.customer_name,
            scope: row.task_scope.parse()?,
            plan_id: row.plan_id.map(PlanId),
            iso_code: row.iso_code,
            template_id: row.template_id.map(TemplateId),
            template_name: row.template_name,
            document_id: row.document_id.map(DocumentId),
            document_name: row.document_name,
            task_type: TaskType::stored(row.task_type),
            title: row.title,
            description: row.description,
            status: row.status.parse()?,
            priority: row.priority.parse()?,
            requires_evidence: row.requires_evidence,
            evidence_description: row.evidence_description,
            evidence_uploaded: row.evidence_uploaded,
            assigned_to: person(row.assigned_to, row.assigned_to_name, row.assigned_to_is_firm),
            assignee_role: row.assignee_role.map(|role| role.parse()).transpose()?,
            due_date: row.due_date.map(jiff_sqlx::Date::to_jiff),
            recurrence: row.recurrence.as_deref().map(recurrence).transpose()?,
            counted_by: row.counted_by.and_then(|day| i8::try_from(day).ok()),
            completed_at: row.completed_at.map(jiff_sqlx::Timestamp::to_jiff),
            completed_by: person(row.completed_by, row.completed_by_name, row.completed_by_is_firm),
            notes: row.notes,
            auto_generated: row.auto_generated,
            question_key: row.generation_source.as_deref().and_then(question_key).map(ToOwned::to_owned),
            is_answered: row.is_answered,
            is_not_applicable: row.is_not_applicable,
            approval_step: row.approval_step,
            ignored: if row.is_ignored { ignored(row.ignored_at, row.ignored_by_name, row.ignore_reason) } else { None },
            is_hidden: row.is_hidden,
            version: row.version,
            created_at: row.created_at.to_jiff(),
            created_by: person(row.created_by, row.created_by_name, row.created_by_is_firm),
            updated_at: row.updated_at.to_jiff(),
        })
    }
}

/// A stored pattern. What a later version of the program may have stored is no reason to guess.
pub(crate) fn recurrence(stored: &str) -> Result<Recurrence> {
    stored.parse().map_err(|error: RecurrenceError| Error::Corrupt(error.to_string()))
}

/// The key of the question that generated a task.
pub(crate) fn question_key(generation_source: &str) -> Option<&str> {
    generation_source.strip_prefix("question:")
}

/// Runs a checked statement over tasks with the names around them; `$rest` says which tasks, in
/// which order. One text for one task, for lists and for people's own work, so that a task looks
/// the same wherever it is read.
macro_rules! select_tasks {
    ($rest:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            TaskRow,
            r#"SELECT t.id, t.customer_id, c.name AS customer_name, t.task_scope, t.plan_id, s.code AS "iso_code?", t.template_id,
                      e.name AS "template_name?", t.document_id, d.document_name AS "document_name?", t.task_type, t.title, t.description,
                      t.status, t.priority, t.requires_evidence, t.evidence_description, t.evidence_uploaded,
                      t.assigned_to, ua.full_name AS "assigned_to_name?", (ua.role <> 'member') AS "assigned_to_is_firm?", t.assignee_role,
                      t.due_date, t.recurrence, t.counted_by, t.completed_at, t.completed_by, uc.full_name AS "completed_by_name?",
                      (uc.role <> 'member') AS "completed_by_is_firm?", t.notes, t.auto_generated, t.generation_source,
                      EXISTS (SELECT FROM dna_app.customer_answers w
                              WHERE w.customer_id = t.customer_id AND w.plan_id = t.plan_id AND w.template_id = t.template_id
                                AND w.question_key = substr(t.generation_source, 10) AND t.generation_source LIKE 'question:%'
                                AND w.withdrawn_at IS NULL) AS "is_answered!",
                      EXISTS (SELECT FROM dna_app.customer_answers w
                              WHERE w.customer_id = t.customer_id AND w.plan_id = t.plan_id AND w.template_id = t.template_id
                                AND w.question_key = substr(t.generation_source, 10) AND t.generation_source LIKE 'question:%'
                                AND w.not_applicable_reason IS NOT NULL AND w.withdrawn_at IS NULL) AS "is_not_applicable!",
                      t.approval_step, t.is_ignored, t.ignored_at, ui.full_name AS "ignored_by_name?", t.ignore_reason,
                      (coalesce(p.is_ignored, false) OR coalesce(a.is_ignored, false)) AS "is_hidden!",
                      t.version, t.created_at, t.created_by, um.full_name AS "created_by_name?", (um.role <> 'member') AS "created_by_is_firm?",
                      t.updated_at
               FROM dna_app.customer_tasks t
               JOIN dna_app.customers c ON c.id = t.customer_id
               LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
               LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               LEFT JOIN dna_app.customer_iso_plan_templates a
                   ON a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
               LEFT JOIN dna_app.templates e ON e.id = t.template_id
               LEFT JOIN dna_app.customer_documents d ON d.customer_id = t.customer_id AND d.id = t.document_id
               LEFT JOIN auth.users ua ON ua.id = t.assigned_to
               LEFT JOIN auth.users uc ON uc.id = t.completed_by
               LEFT JOIN auth.users ui ON ui.id = t.ignored_by
               LEFT JOIN auth.users um ON um.id = t.created_by
               WHERE "# + $rest,
            $($argument),+
        )
    };
}
use select_tasks;

impl Store {
    /// How many open tasks assigned to the actor are past their due date, counted up to `most`; one round trip, or none
    /// where it is known of them that nothing can be.
    pub async fn my_overdue_count(&self, actor: &Actor, at: Timestamp, most: i32) -> Result<i64> {
        allow(access::decide_across(actor))?;
        if actor.has_nothing_due_before(clock::latest_day(at)) {
            return Ok(0);
        }
        let (portfolio, limits) = &portfolio_setting(actor, &actor.visible_customers(day(at)), day(at));
        persistently(self.lookups.pool(), || async move {
            let count = sqlx::query_scalar!(
                r#"SELECT dna_app.my_overdue_count($1, $2, $3, $4, $5, $6) AS "count!""#,
                portfolio,
                limits.customers,
                limits.plans,
                actor.user_id().0,
                at.to_sqlx(),
                most
            );
            let mut lookup = self.lookups.turn().await?;
            let found = count.fetch_one(&mut *lookup).await?;
            lookup.done();
            Ok(found)
        })
        .await
    }
}

impl Locator {
    /// The customer that a task belongs to, among those the actor may know of, and the task's approval
    /// step: what has to be known before it can be said whether the actor may change it.
    pub async fn customer_of_task(&mut self, task: TaskId) -> Result<(CustomerId, Option<String>)> {
        let visible = self.customers();
        let row = sqlx::query!(
            "SELECT customer_id, approval_step FROM dna_app.customer_tasks WHERE ($1::integer[] IS NULL OR customer_id = ANY($1)) AND id = $2",
            visible.as_deref(),
            task.0
        )
        .fetch_optional(self.connection())
        .await?
        .ok_or(Error::NotFound)?;
        Ok((CustomerId(row.customer_id), row.approval_step))
    }
}

impl CustomerReader {
    /// A task, ignored or not.
    pub async fn task(&mut self, id: TaskId) -> Result<Task> {
        let customer = self.customer.0;
        select_tasks!("t.customer_id = $1 AND t.id = $2", customer, id.0)
            .fetch_optional(self.connection())
            .await?
            .ok_or(Error::NotFound)?
            .try_into()
    }

    /// The task of a question. None where it was never generated.
    pub async fn question_task(&mut self, plan: PlanId, template: TemplateId, key: &str) -> Result<Option<Task>> {
        let customer = self.customer.0;
        select_tasks!(
            r#"t.customer_id = $1 AND t.plan_id = $2 AND t.template_id = $3 AND t.document_id IS NULL
               AND t.generation_source = 'question:' || $4::text AND t.occurrence = ''"#,
            customer,
            plan.0,
            template.0,
            key
        )
        .fetch_optional(self.connection())
        .await?
        .map(Task::try_from)
        .transpose()
    }

    /// Several tasks, in the order of the hierarchy.
    pub async fn tasks_by_ids(&mut self, ids: &[TaskId]) -> Result<Vec<Task>> {
        let (customer, ids) = (self.customer.0, ids.iter().map(|id| id.0).collect::<Vec<_>>());
        let rows = select_tasks!(
            r#"t.customer_id = $1 AND t.id = ANY($2)
               ORDER BY array_position(ARRAY['customer', 'plan', 'template', 'document'], t.task_scope::text), s.code, lower(e.name), e.id, t.position, t.id"#,
            customer,
            &ids
        );
        rows.fetch_all(self.connection()).await?.into_iter().map(Task::try_from).collect()
    }
}
