//! Writing generated tasks: one statement, and what is there already stays as it is.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{DocumentId, EvidenceId, PlanId, RuleId, TaskId, TemplateId, UserId},
    people::AssigneeRole,
    recurrence::Recurrence,
    tasks::{Priority, TaskPlace, TaskType},
};

use crate::{CustomerWriter, Result};

/// What generated a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GenerationSource {
    /// A task rule.
    Rule(RuleId),
    /// A question of a template.
    Question(String),
    /// A document that was sent back to its author.
    Revision,
    /// A document that has to be read again.
    Rereading,
    /// Evidence that comes to its last day.
    Renewal(EvidenceId),
    /// A task that a person added and that comes back.
    HandMade(TaskId),
    /// That of a task before it, as it is stored.
    AsBefore(String),
}

impl std::fmt::Display for GenerationSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rule(id) => write!(formatter, "rule:{id}"),
            Self::Question(key) => write!(formatter, "question:{key}"),
            Self::Revision => formatter.write_str("document:revise"),
            Self::Rereading => formatter.write_str("document:reread"),
            Self::Renewal(id) => write!(formatter, "evidence:{id}"),
            Self::HandMade(id) => write!(formatter, "task:{id}"),
            Self::AsBefore(source) => formatter.write_str(source),
        }
    }
}

/// A task to be generated.
#[derive(Debug, Clone)]
pub struct GeneratedTask {
    /// Its id.
    pub id: TaskId,
    /// Where it stands.
    pub place: TaskPlace,
    /// What generated it.
    pub source: GenerationSource,
    /// Which time it comes: empty for the first, or what tells this time from the others.
    pub occurrence: String,
    /// The title.
    pub title: String,
    /// The description.
    pub description: Option<String>,
    /// What it is about.
    pub task_type: TaskType,
    /// How much it presses.
    pub priority: Priority,
    /// Whether it needs evidence.
    pub requires_evidence: bool,
    /// What evidence.
    pub evidence_description: Option<String>,
    /// The day by which it shall be done.
    pub due_date: Option<Date>,
    /// How often it comes back once it is done.
    pub recurrence: Option<Recurrence>,
    /// The day of the month that it is counted by, where the month is too short for that.
    pub counted_by: Option<i8>,
    /// Who does it, where that is one person.
    pub assigned_to: Option<UserId>,
    /// Who it falls to.
    pub assignee_role: Option<AssigneeRole>,
    /// The step of an approval.
    pub approval_step: Option<String>,
    /// The question's place in the template, or the rule's among its level.
    pub position: i32,
}

impl CustomerWriter {
    /// Adds generated tasks and gives the ids of those that were not there before. Its unique
    /// index makes the same source at the same place collide, whoever comes second.
    pub async fn insert_generated_tasks(&mut self, tasks: &[GeneratedTask]) -> Result<Vec<TaskId>> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        let (customer, at) = (self.customer.0, self.at);
        let column = |value: &dyn Fn(&GeneratedTask) -> Option<String>| tasks.iter().map(value).collect::<Vec<_>>();
        let ids = tasks.iter().map(|task| task.id.0).collect::<Vec<_>>();
        let plans = tasks.iter().map(|task| task.place.plan().map(|id: PlanId| id.0)).collect::<Vec<_>>();
        let templates = tasks.iter().map(|task| task.place.template().map(|id: TemplateId| id.0)).collect::<Vec<_>>();
        let documents = tasks.iter().map(|task| task.place.document().map(|id| id.0)).collect::<Vec<_>>();
        let rows = sqlx::query_scalar!(
            r#"INSERT INTO dna_app.customer_tasks (customer_id, id, plan_id, template_id, document_id, task_scope, generation_source, title,
                   description, task_type, priority, requires_evidence, evidence_description, due_date, assignee_role, approval_step, position,
                   occurrence, assigned_to, recurrence, counted_by, auto_generated, created_at, updated_at)
               SELECT $1, g.*, true, $18, $18
               FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                           $11::text[], $12::boolean[], $13::text[], $14::date[], $15::text[], $16::text[], $17::integer[],
                           $19::text[], $20::integer[], $21::text[], $22::smallint[]) AS g
               ON CONFLICT (customer_id, plan_id, template_id, document_id, generation_source, occurrence) WHERE generation_source IS NOT NULL
               DO NOTHING
               RETURNING id"#,
            customer,
            &ids,
            &plans as &[Option<uuid::Uuid>],
            &templates as &[Option<uuid::Uuid>],
            &documents as &[Option<uuid::Uuid>],
            &column(&|task| Some(task.place.scope().to_string())) as &[Option<String>],
            &column(&|task| Some(task.source.to_string())) as &[Option<String>],
            &column(&|task| Some(task.title.clone())) as &[Option<String>],
            &column(&|task| task.description.clone()) as &[Option<String>],
            &column(&|task| Some(task.task_type.as_str().to_owned())) as &[Option<String>],
            &column(&|task| Some(task.priority.to_string())) as &[Option<String>],
            &tasks.iter().map(|task| task.requires_evidence).collect::<Vec<_>>(),
            &column(&|task| task.evidence_description.clone()) as &[Option<String>],
            &tasks.iter().map(|task| task.due_date.map(ToSqlx::to_sqlx)).collect::<Vec<_>>() as &[Option<jiff_sqlx::Date>],
            &column(&|task| task.assignee_role.map(|role| role.to_string())) as &[Option<String>],
            &column(&|task| task.approval_step.clone()) as &[Option<String>],
            &tasks.iter().map(|task| task.position).collect::<Vec<_>>(),
            at.to_sqlx(),
            &column(&|task| Some(task.occurrence.clone())) as &[Option<String>],
            &tasks.iter().map(|task| task.assigned_to.map(|id| id.0)).collect::<Vec<_>>() as &[Option<i32>],
            &column(&|task| task.recurrence.as_ref().map(ToString::to_string)) as &[Option<String>],
            &tasks.iter().map(|task| task.counted_by.map(i16::from)).collect::<Vec<_>>() as &[Option<i16>]
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(TaskId).collect())
    }

    /// What made a task, if the system did: a rule that is on (`Some(true)`), one that is off, or anything
    /// else (`None`); the source as it is stored, and the task's place in the order.
    pub async fn source_of_task(&mut self, id: TaskId) -> Result<(Option<String>, Option<bool>, i32)> {
        let customer = self.customer.0;
        let row = sqlx::query!(
            r#"SELECT t.generation_source, t.position AS "position!", r.is_active AS "is_active?" FROM dna_app.customer_tasks t
               LEFT JOIN dna_app.task_rules r ON t.generation_source LIKE 'rule:%' AND r.id::text = substr(t.generation_source, 6)
               WHERE t.customer_id = $1 AND t.id = $2"#,
            customer,
            id.0
        )
        .fetch_one(self.connection())
        .await?;
        Ok((row.generation_source, row.is_active, row.position))
    }

    /// The tasks that rules made for a document at one occurrence, with their rules.
    pub async fn document_rule_tasks(&mut self, document: DocumentId, occurrence: &str) -> Result<Vec<(RuleId, TaskId)>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT id, substr(generation_source, 6)::uuid AS "rule!" FROM dna_app.customer_tasks
               WHERE customer_id = $1 AND document_id = $2 AND generation_source LIKE 'rule:%' AND occurrence = $3"#,
            customer,
            document.0,
            occurrence
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| (RuleId(row.rule), TaskId(row.id))).collect())
    }

    /// The open tasks of a document of some types.
    pub async fn open_document_tasks(&mut self, document: DocumentId, types: &[&str]) -> Result<Vec<TaskId>> {
        let customer = self.customer.0;
        let types: Vec<String> = types.iter().map(|one| (*one).to_owned()).collect();
        let rows = sqlx::query_scalar!(
            r#"SELECT id FROM dna_app.customer_tasks
               WHERE customer_id = $1 AND document_id = $2 AND task_type = ANY($3) AND status NOT IN ('completed', 'cancelled')
               ORDER BY position, id"#,
            customer,
            document.0,
            &types
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(TaskId).collect())
    }
}
