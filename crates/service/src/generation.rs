//! The one place where tasks are made by the system, at all four levels.
//!
//! What is made follows from the firm's task rules and from the questions of the pinned release.
//! Exactly once: the store's unique key lets the same source make one task at one place, whatever
//! is retried or done by two people at once.

use jiff::{Span, civil::Date};
use muster_domain::{
    clock,
    documents::VersionNumber,
    ids::{IdSource, StandardId, TaskId, TemplateId},
    rules::TaskRule,
    tasks::{Priority, Task, TaskPlace, TaskScope, TaskType},
    templates::Question,
};
use muster_store::{CustomerWriter, GeneratedTask, GenerationSource};

use crate::{Result, error::Error};

/// What a place needs to be known by for its rules.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Where the tasks go.
    pub(crate) place: TaskPlace,
    /// The plan's standard.
    pub(crate) standard: Option<StandardId>,
    /// The template, at template and document level.
    pub(crate) template: Option<TemplateId>,
    /// The version of the document and the time that it is handed in; none elsewhere.
    pub(crate) version: Option<VersionNumber>,
}

/// Which time a rule's task comes at a place. Elsewhere than at documents it comes once. Reviews and
/// approvals come anew each time a document is handed in, everything else with each version; the
/// first of all has no name.
pub(crate) fn occurrence(rule: &TaskRule, version: Option<VersionNumber>) -> String {
    let decides = [TaskType::REVIEW_DOCUMENT, TaskType::APPROVE_DOCUMENT].contains(&rule.task_type.as_str());
    match version {
        Some(VersionNumber { number, round }) if decides && (number, round) > (1, 1) => format!("{number}.{round}"),
        Some(VersionNumber { number, .. }) if number > 1 => number.to_string(),
        _ => String::new(),
    }
}

/// Makes the tasks of a place: those of its questions, in their order, and those of the rules
/// that apply there. Gives the tasks that were not there before, in the order of the hierarchy.
pub(crate) async fn generate(writer: &mut CustomerWriter, ids: &dyn IdSource, at: Place, questions: &[Question]) -> Result<Vec<Task>> {
    let today = clock::day_in(writer.at(), &writer.customer().await?.time_zone);
    let rules = writer.applicable_rules(at.place.scope(), at.standard, at.template).await?;
    let mut tasks: Vec<GeneratedTask> = Vec::with_capacity(questions.len() + rules.len());
    for (position, question) in (1..).zip(questions) {
        tasks.push(from_question(question, at.place, position, TaskId(ids.next())));
    }
    // Tasks of rules come after all questions.
    let after = if at.place.scope() == TaskScope::Template { 500_000 } else { 0 };
    for rule in &rules {
        let task = from_rule(rule, at.place, after, today, TaskId(ids.next()))?;
        tasks.push(GeneratedTask { occurrence: occurrence(rule, at.version), ..task });
    }
    let made = writer.insert_generated_tasks(&tasks).await?;
    if made.is_empty() { Ok(Vec::new()) } else { Ok(writer.tasks_by_ids(&made).await?) }
}

/// Makes the tasks of single questions at the places that they have in their release, where they are
/// not there yet: those that a newer release brings.
pub(crate) async fn generate_for_questions(
    writer: &mut CustomerWriter,
    ids: &dyn IdSource,
    place: TaskPlace,
    questions: &[(i32, &Question)],
) -> Result<Vec<Task>> {
    let tasks: Vec<GeneratedTask> =
        questions.iter().map(|(position, question)| from_question(question, place, *position, TaskId(ids.next()))).collect();
    let made = writer.insert_generated_tasks(&tasks).await?;
    if made.is_empty() { Ok(Vec::new()) } else { Ok(writer.tasks_by_ids(&made).await?) }
}

/// Makes the task of one rule at one place, where it is not there yet.
pub(crate) async fn generate_for_rule(writer: &mut CustomerWriter, ids: &dyn IdSource, rule: &TaskRule, place: TaskPlace) -> Result<usize> {
    let today = clock::day_in(writer.at(), &writer.customer().await?.time_zone);
    let after = if place.scope() == TaskScope::Template { 500_000 } else { 0 };
    let task = from_rule(rule, place, after, today, TaskId(ids.next()))?;
    let version = match place.document() {
        Some(document) => Some(writer.document(document).await?.upcoming()),
        None => None,
    };
    let task = GeneratedTask { occurrence: occurrence(rule, version), ..task };
    Ok(writer.insert_generated_tasks(&[task]).await?.len())
}

/// Makes the task for the renewal of evidence, where it is not there yet.
pub(crate) async fn generate_renewal(writer: &mut CustomerWriter, task: GeneratedTask) -> Result<Vec<Task>> {
    let made = writer.insert_generated_tasks(&[task]).await?;
    if made.is_empty() { Ok(Vec::new()) } else { Ok(writer.tasks_by_ids(&made).await?) }
}

fn from_question(question: &Question, place: TaskPlace, position: i32, id: TaskId) -> GeneratedTask {
    GeneratedTask {
        id,
        place,
        source: GenerationSource::Question(question.key.clone()),
        title: question.label.clone(),
        description: question.help.clone(),
        task_type: TaskType::stored(TaskType::ANSWER_QUESTION),
        priority: Priority::Medium,
        requires_evidence: question.requires_evidence,
        evidence_description: question.evidence_description.clone(),
        occurrence: String::new(),
        due_date: None,
        assigned_to: None,
        assignee_role: Some(muster_domain::people::AssigneeRole::Contributor),
        approval_step: None,
        position,
    }
}

fn from_rule(rule: &TaskRule, place: TaskPlace, after: i32, today: Date, id: TaskId) -> Result<GeneratedTask> {
    let due = |days: i32| today.checked_add(Span::new().days(days)).map_err(Error::internal);
    Ok(GeneratedTask {
        id,
        place,
        source: GenerationSource::Rule(rule.id),
        title: rule.title.clone(),
        description: rule.description.clone(),
        task_type: rule.task_type.clone(),
        priority: rule.priority,
        requires_evidence: rule.requires_evidence,
        evidence_description: rule.evidence_description.clone(),
        occurrence: String::new(),
        due_date: rule.due_offset_days.map(due).transpose()?,
        assigned_to: None,
        assignee_role: rule.assignee_role,
        approval_step: rule.approval_step.clone(),
        position: after + rule.position,
    })
}
