//! Moving an older database over: looking at it first, changing nothing (docs/UPGRADING.md).

use std::collections::{BTreeMap, HashMap};

use muster_domain::{
    tasks::TaskScope,
    upgrade::{
        Destination, LegacyDocument, LegacyPlan, LegacyTask, Placement, PlacementRule, PlanTemplate, Sections, classify_customer,
        sections_of,
    },
};
use muster_store::{Contradiction, OlderDatabase, OlderDatabaseError, Shape, TemplateStructures};
use serde::Serialize;
use uuid::Uuid;

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
}

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

impl From<Contradiction> for ContradictionReport {
    fn from(found: Contradiction) -> Self {
        Self { table: found.table.to_owned(), row: found.row, task_id: found.task_id, why: found.why }
    }
}

/// Looks at the older database at `url`, in one snapshot that cannot write.
///
/// # Errors
/// [`OlderDatabaseError::OtherShape`] with everything that is missing where it is no such database.
pub async fn inspect(url: &str) -> Result<Inspection, OlderDatabaseError> {
    let mut database = OlderDatabase::look(url).await?;
    let sections: HashMap<Uuid, (Sections, Sections)> = database.template_structures().await?.iter().map(sections_of_template).collect();
    let mut inspection = Inspection {
        shape: database.shape().clone(),
        tasks: TaskCounts::default(),
        ambiguous: Vec::new(),
        contradictions: database.contradictions().await?.into_iter().map(Into::into).collect(),
        untouched: database.shape().untouched.clone(),
    };
    let documents = database.documents().await?;
    let plans: HashMap<i32, Vec<LegacyPlan>> = database
        .plans()
        .await?
        .into_iter()
        .map(|(customer, plans)| (customer, plans.into_iter().map(|plan| with_sections(plan, &sections)).collect()))
        .collect();
    database.begin_tasks().await?;
    let mut waiting: Vec<(i32, LegacyTask)> = Vec::new();
    loop {
        let next = database.next_tasks().await?;
        let is_end = next.is_empty();
        waiting.extend(next);
        // The last customer's tasks may go on in the next part.
        let last = waiting.last().map(|(customer, _)| *customer).filter(|_| !is_end);
        let whole = waiting.partition_point(|(customer, _)| Some(*customer) != last);
        let rest = waiting.split_off(whole);
        for group in waiting.chunk_by(|one, other| one.0 == other.0) {
            let customer = group.first().map_or(0, |(customer, _)| *customer);
            let tasks: Vec<LegacyTask> = group.iter().map(|(_, task)| task.clone()).collect();
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

fn sections_of_template(template: &TemplateStructures) -> (Uuid, (Sections, Sections)) {
    let mut earlier = Sections::default();
    for structure in &template.earlier {
        earlier.add(sections_of(structure));
    }
    (template.id, (sections_of(&template.present), earlier))
}

fn with_sections((id, templates): (Uuid, Vec<(Uuid, i64)>), sections: &HashMap<Uuid, (Sections, Sections)>) -> LegacyPlan {
    let template = |(id, assigned_at)| {
        let (present, earlier) = sections.get(&id).cloned().unwrap_or_default();
        PlanTemplate { id, assigned_at, sections: present, earlier_sections: earlier }
    };
    LegacyPlan { id, templates: templates.into_iter().map(template).collect() }
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
        let is_contradiction = placement.rule == PlacementRule::Contradiction;
        match placement.why {
            Some(why) if is_contradiction => self.contradictions.push(ContradictionReport {
                table: "dna_app.customer_tasks".to_owned(),
                row: task.id.to_string(),
                task_id: Some(task.id),
                why,
            }),
            Some(why) => self.ambiguous.push(AmbiguousTask {
                task_id: task.id,
                customer_id: customer,
                title: task.title.clone(),
                chosen: placement.chosen,
                candidates: placement.candidates.into_iter().collect(),
                why,
            }),
            None => {}
        }
    }
}
