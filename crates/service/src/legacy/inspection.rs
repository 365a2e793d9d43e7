//! Moving an older database over: looking at it first, changing nothing (docs/UPGRADING.md).

use std::collections::{BTreeMap, HashMap};

use muster_domain::{
    legacy::{Destination, LegacyDocument, LegacyPlan, LegacyTask, Placement, PlacementRule, Sections, classify_customer},
    tasks::TaskScope,
};
use muster_store::{Contradiction, LegacyDatabase, LegacyError, Phase, Shape, TaskOrigin};
use serde::Serialize;
use uuid::Uuid;

use super::{
    customers::{is_contradiction, with_sections},
    library::sections_of_template,
};

/// What there is to know of an older database before it moves.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// What it has.
    pub shape: Shape,
    /// Its tasks, counted.
    pub tasks: TaskCounts,
    /// The tasks whose place a person should look at.
    pub ambiguous: Vec<AmbiguousTask>,
    /// Rows that contradict themselves or others.
    pub contradictions: Vec<ContradictionReport>,
    /// Tables, views and columns that are left as they are.
    pub untouched: Vec<String>,
    /// How far a move of it has come.
    pub phase: Phase,
    /// About how long preparing will take, in seconds, as on the machine that it was measured on.
    pub expected_seconds: i64,
}

/// How many rows are taken and laid out in a second, measured by `make bench-upgrade`.
const ROWS_A_SECOND: i64 = 4_000;

/// Tasks, counted by where they come from and where they go.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TaskCounts {
    /// All of them.
    pub total: usize,
    /// By scope and type as they were written, with a slash between.
    pub by_origin: BTreeMap<String, usize>,
    /// By the level that they go to.
    pub by_scope: BTreeMap<TaskScope, usize>,
    /// By the rule that placed them.
    pub by_rule: BTreeMap<PlacementRule, usize>,
    /// By scope and template, for those that go to a template.
    pub by_template: BTreeMap<Uuid, usize>,
}

/// A task whose place a person should look at.
#[derive(Debug, Clone, Serialize)]
pub struct AmbiguousTask {
    /// The task.
    pub task_id: Uuid,
    /// Its customer.
    pub customer_id: i32,
    /// Its title.
    pub title: String,
    /// Where it goes unless a person decides otherwise.
    pub chosen: Destination,
    /// Where it could go, the chosen place among them.
    pub candidates: Vec<Destination>,
    /// What a person should know who decides.
    pub why: String,
}

/// A row that contradicts itself or another.
#[derive(Debug, Clone, Serialize)]
pub struct ContradictionReport {
    /// The table, with its schema.
    pub table: String,
    /// The row's key.
    pub row: String,
    /// The task, where it is one.
    pub task_id: Option<Uuid>,
    /// What is wrong, as a sentence.
    pub why: String,
}

impl AmbiguousTask {
    /// Of a task that was placed.
    pub(super) fn of(customer: i32, title: String, placement: Placement) -> Self {
        Self {
            task_id: placement.task_id,
            customer_id: customer,
            title,
            chosen: placement.chosen,
            candidates: placement.candidates.into_iter().collect(),
            why: placement.why.unwrap_or_default(),
        }
    }
}

impl ContradictionReport {
    /// Of a task that names what is not its customer's.
    pub(super) fn of(placement: &Placement) -> Self {
        Self {
            table: "dna_app.customer_tasks".to_owned(),
            row: placement.task_id.to_string(),
            task_id: Some(placement.task_id),
            why: placement.why.clone().unwrap_or_default(),
        }
    }
}

impl From<Contradiction> for ContradictionReport {
    fn from(found: Contradiction) -> Self {
        Self { table: found.table.to_owned(), row: found.row, task_id: found.task_id, why: found.why }
    }
}

/// Looks at the older database at `url`, in one snapshot that cannot write.
///
/// # Errors
/// [`LegacyError::OtherShape`] with everything that is missing where it is no such database;
/// [`LegacyError::Phase`] where Muster has taken it over already.
pub async fn inspect(url: &str) -> Result<Inspection, LegacyError> {
    let mut database = LegacyDatabase::look(url).await?;
    if matches!(database.phase(), Phase::CutOver | Phase::Finished) {
        return Err(LegacyError::Phase(database.phase()));
    }
    let sections: HashMap<Uuid, (Sections, Sections)> =
        database.legacy_templates().await?.iter().map(|template| (template.id, sections_of_template(template))).collect();
    let mut inspection = Inspection {
        shape: database.shape().clone(),
        tasks: TaskCounts::default(),
        ambiguous: Vec::new(),
        contradictions: database.contradictions().await?.into_iter().map(Into::into).collect(),
        untouched: database.shape().untouched.clone(),
        phase: database.phase(),
        expected_seconds: database.shape().rows.values().sum::<i64>() / ROWS_A_SECOND + 1,
    };
    let mut documents = database.legacy_documents(None).await?;
    // Each of these will stand under a template of its own kind.
    for document in documents.values_mut().flatten().filter(|document| document.template_id.is_none()) {
        document.template_id = Some(Uuid::nil());
    }
    let plans: HashMap<i32, Vec<LegacyPlan>> = database
        .legacy_plans(None)
        .await?
        .into_iter()
        .map(|(customer, plans)| (customer, plans.into_iter().map(|plan| with_sections(plan, &sections)).collect()))
        .collect();
    database.begin_tasks().await?;
    let mut waiting: Vec<TaskOrigin> = Vec::new();
    loop {
        let next = database.next_tasks().await?;
        let is_end = next.is_empty();
        waiting.extend(next);
        // The last customer's tasks may go on in the next part.
        let last = waiting.last().map(|task| task.customer_id).filter(|_| !is_end);
        let whole = waiting.partition_point(|task| Some(task.customer_id) != last);
        let rest = waiting.split_off(whole);
        for group in waiting.chunk_by(|one, other| one.customer_id == other.customer_id) {
            let customer = group.first().map_or(0, |task| task.customer_id);
            let tasks: Vec<LegacyTask> = group.iter().map(|origin| origin.task.clone()).collect();
            inspection.place(customer, &tasks, plans.get(&customer), documents.get(&customer));
        }
        waiting = rest;
        if is_end {
            break;
        }
    }
    inspection.ambiguous.sort_by_key(|task| (task.customer_id, task.task_id));
    Ok(inspection)
}

impl Inspection {
    fn place(&mut self, customer: i32, tasks: &[LegacyTask], plans: Option<&Vec<LegacyPlan>>, documents: Option<&Vec<LegacyDocument>>) {
        let by_id: HashMap<Uuid, &LegacyTask> = tasks.iter().map(|task| (task.id, task)).collect();
        let (plans, documents) = (plans.map_or(&[][..], Vec::as_slice), documents.map_or(&[][..], Vec::as_slice));
        for placement in classify_customer(tasks, plans, documents) {
            if let Some(task) = by_id.get(&placement.task_id) {
                self.take(customer, task, placement);
            }
        }
    }

    fn take(&mut self, customer: i32, task: &LegacyTask, placement: Placement) {
        let counts = &mut self.tasks;
        counts.total += 1;
        *counts.by_origin.entry(format!("{}/{}", task.scope, task.task_type)).or_default() += 1;
        *counts.by_scope.entry(placement.chosen.task_scope).or_default() += 1;
        *counts.by_rule.entry(placement.rule).or_default() += 1;
        if let (TaskScope::Template, Some(template)) = (placement.chosen.task_scope, placement.chosen.template_id) {
            *counts.by_template.entry(template).or_default() += 1;
        }
        if is_contradiction(&placement) {
            self.contradictions.push(ContradictionReport::of(&placement));
        } else if placement.why.is_some() {
            self.ambiguous.push(AmbiguousTask::of(customer, task.title.clone(), placement));
        }
    }
}
