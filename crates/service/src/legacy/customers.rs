//! Laying out one customer: the unit of the move. All of it is kept, or nothing.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::Path,
};

use muster_domain::{
    ids::CustomerId,
    legacy::{Destination, LegacyDocument, LegacyPlan, Placement, PlacementRule, PlanTemplate, classify_customer, priority, task_status},
    tasks::TaskScope,
};
use muster_store::{LegacyDatabase, LegacyError, PlacedTask, Remark, TaskOrigin};
use uuid::Uuid;

use super::{
    answers, documents, evidence,
    library::{Library, remark},
};

/// Types of tasks that ask a question and are done by answering it.
const QUESTIONS: [&str; 3] = ["answer_question", "fillable_section", "question"];

/// Lays out a customer anew.
pub(super) async fn lay_out(db: &mut LegacyDatabase, library: &Library, files: Option<&Path>, customer: i32) -> Result<(), LegacyError> {
    db.begin_step().await?;
    db.lay_out_customer(customer).await?;
    let origins = db.legacy_tasks(customer).await?;
    let plans = plans(db, library, customer).await?;
    let mut legacy_documents = db.legacy_documents(Some(customer)).await?.remove(&customer).unwrap_or_default();
    for document in legacy_documents.iter_mut().filter(|document| document.template_id.is_none()) {
        document.template_id = Some(library.template_of_none);
    }
    let tasks = place(db, library, customer, &origins, &plans, &legacy_documents).await?;
    let mut remarks = Vec::new();
    for (plan, template) in add_assignments(db, customer, &tasks, &legacy_documents).await? {
        let text = "The plan used this template without saying so, as plans with all templates did. It is assigned now.".to_owned();
        remarks.push(remark("customer_iso_plan_templates", &format!("{plan}/{template}"), "derived_assignment", text));
    }
    let approvals = documents::lay_out(db, library, customer, &mut remarks).await?;
    db.lay_out_tasks(customer, &tasks).await?;
    let resolutions = answers::lay_out(db, library, customer, &tasks, &mut remarks).await?;
    evidence::lay_out(db, files, customer, &mut remarks).await?;
    answers::lay_out_log(db, CustomerId(customer), resolutions, approvals).await?;
    remarks.extend(unknown_words(&origins));
    db.note_remarks(Some(customer), &remarks).await?;
    db.note_laid_out(customer).await?;
    db.end_step().await
}

/// The customer's plans, with the sections of their templates put in.
async fn plans(db: &mut LegacyDatabase, library: &Library, customer: i32) -> Result<Vec<LegacyPlan>, LegacyError> {
    let sections = library.sections();
    let plans = db.legacy_plans(Some(customer)).await?.remove(&customer).unwrap_or_default();
    Ok(plans.into_iter().map(|plan| with_sections(plan, &sections)).collect())
}

/// A plan with the sections of its templates put in.
pub(super) fn with_sections(
    (id, templates): (Uuid, Vec<(Uuid, i64)>),
    sections: &HashMap<Uuid, (muster_domain::legacy::Sections, muster_domain::legacy::Sections)>,
) -> LegacyPlan {
    let template = |(id, assigned_at)| {
        let (present, earlier) = sections.get(&id).cloned().unwrap_or_default();
        PlanTemplate { id, assigned_at, sections: present, earlier_sections: earlier }
    };
    LegacyPlan { id, templates: templates.into_iter().map(template).collect() }
}

/// Says where each task goes, what people decided included, and which question it asks there. Each
/// question is asked by one task.
async fn place(
    db: &mut LegacyDatabase,
    library: &Library,
    customer: i32,
    origins: &[TaskOrigin],
    plans: &[LegacyPlan],
    documents: &[LegacyDocument],
) -> Result<Vec<PlacedTask>, LegacyError> {
    let decisions = db.decisions(customer).await?;
    let tasks: Vec<_> = origins.iter().map(|origin| origin.task.clone()).collect();
    let mut placements: HashMap<Uuid, Placement> =
        classify_customer(&tasks, plans, documents).into_iter().map(|placement| (placement.task_id, placement)).collect();
    let mut ordered: Vec<&TaskOrigin> = origins.iter().collect();
    ordered.sort_by_key(|origin| (QUESTIONS.iter().position(|one| *one == origin.task.task_type), origin.task.created_at, origin.task.id));
    let (mut asked, mut placed) = (HashSet::new(), Vec::with_capacity(origins.len()));
    for origin in ordered {
        let Some(placement) = placements.remove(&origin.task.id) else { continue };
        let place = decisions.get(&origin.task.id).copied().unwrap_or(placement.chosen);
        let question = question_of(library, origin, place).filter(|(_, key)| asked.insert((place.plan_id, place.template_id, key.clone())));
        placed.push(PlacedTask {
            placement,
            place,
            status: task_status(origin.status.as_deref()).0.as_str(),
            priority: priority(origin.priority.as_deref()).0.as_str(),
            position: question.as_ref().map(|(position, _)| *position),
            question_key: question.map(|(_, key)| key),
        });
    }
    Ok(placed)
}

fn question_of(library: &Library, origin: &TaskOrigin, place: Destination) -> Option<(i32, String)> {
    if place.task_scope != TaskScope::Template || !QUESTIONS.contains(&origin.task.task_type.as_str()) {
        return None;
    }
    let template = library.template(place.template_id?)?;
    let (position, question) = template.question_of(origin.task.section_id.as_deref(), &origin.task.title)?;
    Some((position, question.key.clone()))
}

/// Assigns what tasks and documents need. Gives what was not assigned before.
async fn add_assignments(
    db: &mut LegacyDatabase,
    customer: i32,
    tasks: &[PlacedTask],
    documents: &[LegacyDocument],
) -> Result<Vec<(Uuid, Uuid)>, LegacyError> {
    let of_tasks = tasks.iter().filter_map(|task| task.place.plan_id.zip(task.place.template_id));
    let of_documents = documents.iter().filter_map(|document| document.plan_id.zip(document.template_id));
    let needed: BTreeSet<(Uuid, Uuid)> = of_tasks.chain(of_documents).collect();
    db.add_assignments(customer, &needed.into_iter().collect::<Vec<_>>()).await
}

fn unknown_words(origins: &[TaskOrigin]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for origin in origins {
        let row = origin.task.id.to_string();
        let (status, is_known) = task_status(origin.status.as_deref());
        if !is_known {
            let word = origin.status.as_deref().unwrap_or_default();
            remarks.push(remark(
                "customer_tasks",
                &row,
                "unknown_word",
                format!("The status `{word}` is not on the list; it becomes {status}."),
            ));
        }
        let (priority, is_known) = priority(origin.priority.as_deref());
        if !is_known {
            let word = origin.priority.as_deref().unwrap_or_default();
            remarks.push(remark(
                "customer_tasks",
                &row,
                "unknown_word",
                format!("The priority `{word}` is not on the list; it becomes {priority}."),
            ));
        }
    }
    remarks
}

/// Whether a placement is one that a person should look at, and not merely be told of.
pub(super) fn is_contradiction(placement: &Placement) -> bool {
    placement.rule == PlacementRule::Contradiction
}
