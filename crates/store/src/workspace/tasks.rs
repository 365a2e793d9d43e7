//! The tasks of a workspace, narrow: nothing of what stands above them is repeated.

use std::collections::HashMap;

use muster_domain::{
    ids::{DocumentId, PlanId, TaskId, TemplateId},
    tasks::{TaskPlace, TaskType},
    workspace::WorkspaceTask,
};
use uuid::Uuid;

use super::names::Named;
use crate::{
    CustomerReader, Error, Result,
    answers::person,
    tasks::{question_key, recurrence},
};

struct Row {
    id: Uuid,
    plan_id: Option<Uuid>,
    template_id: Option<Uuid>,
    document_id: Option<Uuid>,
    title: String,
    generation_source: Option<String>,
    status: String,
    priority: String,
    due_date: Option<jiff_sqlx::Date>,
    recurrence: Option<String>,
    task_type: String,
    assignee_role: Option<String>,
    assigned_to: Option<i32>,
    requires_evidence: bool,
    evidence_uploaded: bool,
    version: i32,
    position: i32,
    created_at: jiff_sqlx::Timestamp,
}

impl CustomerReader {
    /// All tasks that are not ignored, with their places, in the order in which they are shown.
    pub(super) async fn workspace_tasks(&mut self, people_version: i64) -> Result<Vec<(TaskPlace, WorkspaceTask)>> {
        let customer = self.customer.0;
        let mut rows = sqlx::query_as!(
            Row,
            r#"SELECT id, plan_id, template_id, document_id, title, generation_source, status, priority, due_date, recurrence, task_type,
                    assignee_role, assigned_to, requires_evidence, evidence_uploaded, version, position, created_at
             FROM dna_app.customer_tasks WHERE customer_id = $1 AND NOT is_ignored"#,
            customer
        )
        .fetch_all(self.connection())
        .await?;
        // Question tasks and document tasks stand in their own order, not in that of creation.
        rows.sort_by_cached_key(|row| (row.template_id.is_none().then(|| row.created_at.to_jiff()), row.position, row.id));
        let mut assigned: Vec<i32> = rows.iter().filter_map(|row| row.assigned_to).collect();
        assigned.sort_unstable();
        assigned.dedup();
        let people = self.named(&assigned, people_version).await?;
        rows.into_iter().map(|row| read(row, &people)).collect()
    }
}

fn read(row: Row, people: &HashMap<i32, Named>) -> Result<(TaskPlace, WorkspaceTask)> {
    let (plan, template, document) = (row.plan_id.map(PlanId), row.template_id.map(TemplateId), row.document_id.map(DocumentId));
    let place = TaskPlace::from_links(plan, template, document, None)
        .map_err(|_| Error::Corrupt("a workspace row without its links".to_owned()))?;
    let named = row.assigned_to.and_then(|id| people.get(&id));
    let task = WorkspaceTask {
        id: TaskId(row.id),
        title: row.title,
        status: row.status.parse()?,
        priority: row.priority.parse()?,
        due_date: row.due_date.map(jiff_sqlx::Date::to_jiff),
        recurrence: row.recurrence.as_deref().map(recurrence).transpose()?,
        task_type: TaskType::stored(row.task_type),
        requires_evidence: row.requires_evidence,
        evidence_uploaded: row.evidence_uploaded,
        assigned_to: person(row.assigned_to, named.map(|named| named.name.clone()), named.map(|named| named.is_firm)),
        assignee_role: row.assignee_role.map(|role| role.parse()).transpose()?,
        question_key: row.generation_source.as_deref().and_then(question_key).map(ToOwned::to_owned),
        version: row.version,
    };
    Ok((place, task))
}
